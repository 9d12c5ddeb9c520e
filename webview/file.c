/* Names and types of attachments, which are whatever a stranger's mail said.
 *
 * Not here: their bytes (answer_file.c). */
#include "webview/file.h"

#include "webview/html.h"

#include <string.h>

#define NAME_BYTES 150
#define ENDING_BYTES 16
/* A larger picture is a link: thirty camera photographs would be a page of 200 MB. */
#define PICTURE_BYTES (4 * 1000 * 1000)

static const char *const picture_types[] = {"image/png", "image/jpeg", "image/gif",
                                            "image/webp", NULL};

bool file_is_picture(const Attachment *file)
{
    return g_strv_contains(picture_types, file->type) && file->size > 0 &&
           file->size <= PICTURE_BYTES;
}

const char *file_served_type(const Attachment *file)
{
    return file_is_picture(file) ? file->type : "application/octet-stream";
}

/* Cuts the middle out, so that ".pdf" stays. */
static char *shorten(char *name)
{
    gsize length = strlen(name);
    if (length <= NAME_BYTES)
        return name;
    const char *dot = strrchr(name, '.');
    gsize ending = dot ? length - (gsize)(dot - name) : 0;
    if (ending > ENDING_BYTES)
        ending = 0;
    const char *cut = g_utf8_find_prev_char(name, name + NAME_BYTES - ending + 1);
    char *shorter = g_strdup_printf("%.*s%s", (int)(cut - name), name, name + length - ending);
    g_free(name);
    return shorter;
}

char *file_display_name(const Attachment *file)
{
    char *name = g_utf8_make_valid(file->name, -1);
    for (char *p = name; *p; p++)
        if (strchr("/\\:*?\"<>|", *p) || g_ascii_iscntrl(*p))
            *p = '_';
    g_strstrip(name);
    /* No hidden files, no "..". */
    for (char *p = name; *p == '.'; p++)
        *p = '_';
    return shorten(name);
}

static char *served_name(const Attachment *file)
{
    g_autofree char *name = file_display_name(file);
    return *name ? g_steal_pointer(&name) : g_strdup_printf("%d.bin", file->n);
}

void file_append_path(GString *out, const char *prefix, const char *hash, gint64 message,
                      const Attachment *file)
{
    g_autofree char *name = served_name(file);
    g_string_append_printf(out, "%s/ticket/%s/file/%" G_GINT64_FORMAT ".%d/", prefix, hash,
                           message, file->n);
    url_segment(out, name);
}

char *file_disposition(const Attachment *file)
{
    g_autofree char *name = served_name(file);
    g_autoptr(GString) out = g_string_new(file_is_picture(file) ? "inline" : "attachment");

    /* For browsers that know no filename*: what is not plain ASCII becomes "_". */
    g_string_append(out, "; filename=\"");
    for (const char *p = name; *p; p = g_utf8_next_char(p)) {
        bool plain = g_ascii_isalnum(*p) || strchr("-._ ()", *p);
        g_string_append_c(out, plain ? *p : '_');
    }
    g_string_append(out, "\"; filename*=UTF-8''");
    url_segment(out, name);
    return g_string_free(g_steal_pointer(&out), FALSE);
}

/* A positive decimal number without sign, blanks or leading zero, ended by `end`. */
static bool read_number(const char **at, char end, gint64 *ret)
{
    gsize digits = strspn(*at, "0123456789");
    if (digits == 0 || digits > 15 || **at == '0' || (*at)[digits] != end)
        return false;
    *ret = g_ascii_strtoll(*at, NULL, 10);
    *at += digits + (end != '\0');
    return true;
}

static const Attachment *find_in(const Message *message, gint64 n)
{
    for (guint i = 0; i < message->attachments->len; i++) {
        const Attachment *file = g_ptr_array_index(message->attachments, i);
        if (file->n == n)
            return file;
    }
    return NULL;
}

bool file_find(const TicketView *view, const char *number, const Message **ret_message,
               const Attachment **ret_file)
{
    gint64 id, n;
    if (!read_number(&number, '.', &id) || !read_number(&number, '\0', &n))
        return false;
    for (guint i = 0; i < view->messages->len; i++) {
        const MessageView *shown = g_ptr_array_index(view->messages, i);
        if (shown->message->id != id)
            continue;
        *ret_message = shown->message;
        *ret_file = find_in(shown->message, n);
        return *ret_file != NULL;
    }
    return false;
}
