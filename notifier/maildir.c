/* The transport maildir:/path : each mail becomes a file, as Maildir asks (tmp, then new).
 *
 * For demonstrations, tests and local reading. A file is in new/ only when it is whole and on
 * the disk. The envelope stands in front as Return-Path, Delivered-To and X-Original-To, where
 * local delivery agents put it. Whatever fails is a matter of the disk, not of the mail:
 * SEND_DOWN, with the operating system's words. */
#include "notifier/transport.h"

#include "core/base/error.h"
#include "core/base/secret.h"
#include "notifier/lines.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct {
    Transport base;
    char *path;
} Maildir;

static bool sync_folder(const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return false;
    bool ok = fsync(fd) == 0;
    close(fd);
    return ok;
}

/* Also called before each mail: a folder that was moved away comes back. */
static bool make_folders(const char *path)
{
    if (g_mkdir_with_parents(path, 0700) < 0)
        return false;
    bool made = false;
    for (const char *const *name = (const char *const[]){"tmp", "new", "cur", NULL}; *name;
         name++) {
        g_autofree char *folder = g_build_filename(path, *name, NULL);
        if (g_mkdir(folder, 0700) == 0)
            made = true;
        else if (errno != EEXIST)
            return false;
    }
    return !made || sync_folder(path);
}

/* No two deliveries share it, on this or any other host that writes to the same folder. */
static char *unique_name(void)
{
    guint8 random[8];
    random_bytes(random, sizeof random);
    g_autoptr(GString) name = g_string_new(NULL);
    gint64 now = g_get_real_time();
    g_string_printf(name, "%" G_GINT64_FORMAT ".M%" G_GINT64_FORMAT "P%ldR",
                    now / G_USEC_PER_SEC, now % G_USEC_PER_SEC, (long)getpid());
    for (gsize i = 0; i < sizeof random; i++)
        g_string_append_printf(name, "%02x", random[i]);
    g_string_append_c(name, '.');
    for (const char *c = g_get_host_name(); *c; c++) {
        if (*c == '/' || *c == ':')
            g_string_append_printf(name, "\\%03o", (unsigned)*c);
        else
            g_string_append_c(name, *c);
    }
    return g_string_free(g_steal_pointer(&name), FALSE);
}

static bool write_all(int fd, const guint8 *bytes, gsize length)
{
    while (length > 0) {
        ssize_t n = write(fd, bytes, length);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return false;
        bytes += n;
        length -= (gsize)n;
    }
    return true;
}

/* False with `error` set when the bytes could not be read, without when not written (errno). */
static bool write_mail(int fd, const SendMail *mail, GError **error)
{
    g_autofree char *trace = g_strdup_printf("Return-Path: <%s>\nX-Original-To: %s\n"
                                             "Delivered-To: %s\n",
                                             mail->sender, mail->recipient, mail->recipient);
    if (!write_all(fd, (const guint8 *)trace, strlen(trace)))
        return false;
    LineEnds ends = {false};
    g_autoptr(GByteArray) out = g_byte_array_new();
    for (;;) {
        g_autoptr(GBytes) piece = NULL;
        if (!mail->next(mail->user, &piece, error))
            return false;
        if (!piece)
            return fsync(fd) == 0;
        gsize length;
        const guint8 *bytes = g_bytes_get_data(piece, &length);
        g_byte_array_set_size(out, 0);
        line_ends_to_lf(&ends, bytes, length, out);
        if (!write_all(fd, out->data, out->len))
            return false;
    }
}

static SendResult maildir_send(Transport *transport, const SendMail *mail, char **ret_why)
{
    Maildir *maildir = (Maildir *)transport;
    g_autofree char *name = unique_name();
    g_autofree char *tmp = g_build_filename(maildir->path, "tmp", name, NULL);
    g_autofree char *folder = g_build_filename(maildir->path, "new", NULL);
    g_autofree char *done = g_build_filename(folder, name, NULL);
    int fd = make_folders(maildir->path)
                 ? open(tmp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)
                 : -1;
    if (fd < 0) {
        *ret_why = transport_why("%s: %s", maildir->path, g_strerror(errno));
        return SEND_DOWN;
    }
    g_autoptr(GError) error = NULL;
    bool written = write_mail(fd, mail, &error);
    int saved = errno;
    if (close(fd) < 0 && written) {
        written = false;
        saved = errno;
    }
    if (written && rename(tmp, done) == 0 && sync_folder(folder))
        return SEND_SENT;
    if (written)
        saved = errno;
    unlink(tmp);
    if (error) {
        *ret_why = transport_why("%s", error->message);
        return SEND_LATER;
    }
    *ret_why = transport_why("%s: %s", maildir->path, g_strerror(saved));
    return SEND_DOWN;
}

static void maildir_free(Transport *transport)
{
    Maildir *maildir = (Maildir *)transport;
    g_free(maildir->path);
    g_free(maildir);
}

bool transport_maildir(const Config *config, Transport **ret, GError **error)
{
    if (!make_folders(config->mail.path)) {
        g_set_error(error, WICKET_ERROR, ERROR_CONFIG,
                    "%s: [mail] transport: the Maildir %s cannot be used: %s", config->file,
                    config->mail.path, g_strerror(errno));
        return false;
    }
    Maildir *maildir = g_new0(Maildir, 1);
    maildir->base.send = maildir_send;
    maildir->base.free = maildir_free;
    maildir->path = g_strdup(config->mail.path);
    *ret = &maildir->base;
    return true;
}
