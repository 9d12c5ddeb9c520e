/* mailwicket transcript: all that somebody may see of a ticket, as one HTML file.
 *
 * The file is opened before this process becomes the owner of the data, for it is to be where
 * its caller may write, and for them alone; it is cut only when there is something to put into
 * it. */
#include "core/base/error.h"
#include "core/desk/change.h"
#include "core/desk/notice_templates.h"
#include "core/desk/ticket.h"
#include "core/desk/transcript.h"
#include "ctl/ctl.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static bool load(Desk *desk, const char *name, const char *address, Transcript **ret,
                 GError **error)
{
    g_autoptr(Ticket) ticket = NULL;
    g_autoptr(Person) reader = NULL;
    return ticket_find(desk, name, &ticket, error) &&
           (!address || change_find_reader(desk, ticket, address, &reader, error)) &&
           transcript_load(desk, ticket->id, reader ? reader->id : 0, NULL, G_MAXUINT64, ret,
                           error);
}

/* As the ticket is at one moment. */
static bool make(Ctl *ctl, const char *name, const char *address, char **ret, GError **error)
{
    g_autoptr(Templates) templates = NULL;
    g_autoptr(Transcript) transcript = NULL;
    Store *store = ctl->desk->store;
    if (!notice_templates_load(ctl->config, builtin_templates, &templates, error) ||
        !store_begin_read(store, error))
        return false;
    bool loaded = load(ctl->desk, name, address, &transcript, error);
    store_rollback(store);
    return loaded && templates_render_html(templates, transcript->language, TRANSCRIPT_TEMPLATE,
                                           transcript->data, ret, error);
}

static bool write_all(int fd, const char *html, const char *path, GError **error)
{
    gsize left = strlen(html);
    if (path && ftruncate(fd, 0) < 0 && errno != EINVAL) /* a device has no length */
        return error_errno(error, errno, "cannot write %s", path);
    for (const char *at = html; left > 0;) {
        ssize_t written = write(fd, at, left);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return error_errno(error, errno, "cannot write %s", path ? path : "it");
        at += written;
        left -= (gsize)written;
    }
    return true;
}

/* *ret_new: it was not there before. */
static bool open_output(const char *path, int *ret, bool *ret_new, GError **error)
{
    *ret_new = path && access(path, F_OK) < 0;
    *ret = path ? open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600) : STDOUT_FILENO;
    return *ret >= 0 || error_errno(error, errno, "cannot open %s", path);
}

static bool run(Ctl *ctl, const char *name, const char *address, int fd, const char *path,
                GError **error)
{
    g_autofree char *html = NULL;
    if (!make(ctl, name, address, &html, error) || !write_all(fd, html, path, error))
        return false;
    return !path || close(fd) == 0 || error_errno(error, errno, "cannot write %s", path);
}

int cmd_transcript(Ctl *ctl, int argc, char **argv)
{
    g_autofree char *address = NULL, *output = NULL;
    g_autofree char **words = NULL;
    g_autoptr(GError) error = NULL;
    int status = 0, fd = -1;
    bool is_new = false;
    const GOptionEntry entries[] = {
        {"for", 0, 0, G_OPTION_ARG_FILENAME, &address, "what they may see; without: all",
         "ADDR"},
        {"output", 0, 0, G_OPTION_ARG_FILENAME, &output, "instead of standard output", "FILE"},
        {NULL, 0, 0, 0, NULL, NULL, NULL}};
    if (!ctl_parse(ctl, entries, 1, 1, argc, argv, &words, &status))
        return status;
    if (!open_output(output, &fd, &is_new, &error))
        return ctl_fail(error);
    if (!ctl_open_desk(ctl, &status))
        return status;
    bool done = run(ctl, words[0], address, fd, output, &error);
    if (!done && is_new)
        unlink(output);
    return ctl_result(done, &error);
}
