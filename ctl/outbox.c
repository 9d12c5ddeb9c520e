/* mailwicket outbox …: what was written to whom, and how that went. */
#include "core/base/timestamp.h"
#include "ctl/ctl.h"
#include "schema/outbox.h"

#include <stdio.h>

static void write_json(const OutboxRow *row, const char *mail)
{
    g_autoptr(GString) line = g_string_new(NULL);
    JsonWriter json = {.out = line};
    json_object_begin(&json, NULL);
    json_integer(&json, "id", row->id);
    json_string(&json, "state", row->state);
    json_string(&json, "kind", row->kind);
    json_string(&json, "to", row->address);
    json_string(&json, "ticket", *row->ticket_name ? row->ticket_name : NULL);
    json_string(&json, "message_id", row->message_id);
    json_time(&json, "created", row->created);
    json_integer(&json, "tries", row->tries);
    json_time(&json, "next", row->done ? 0 : row->next);
    json_time(&json, "done", row->done);
    json_string(&json, "error", *row->error ? row->error : NULL);
    if (mail)
        json_string(&json, "mail", mail);
    json_object_end(&json);
    ctl_json_line(&json);
}

static bool print_json(const OutboxRow *row, void *user, GError **error)
{
    write_json(row, NULL);
    return true;
}

static bool print_line(const OutboxRow *row, void *user, GError **error)
{
    g_autofree char *at = timestamp_rfc3339(row->created);
    printf("%6" G_GINT64_FORMAT "  %s  %-7s %-15s %-8s %s%s%s\n", row->id, at, row->state,
           row->kind, row->ticket_name, row->address, *row->error ? "  " : "", row->error);
    return true;
}

int cmd_outbox_list(Ctl *ctl, int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    int status = 0;
    if (!ctl_open_list(ctl, argc, argv, &status))
        return status;
    bool done =
        outbox_each(ctl->desk->store, ctl->json ? print_json : print_line, NULL, &error);
    return ctl_result(done, &error);
}

/* The bytes as they leave, or left. */
static bool read_mail(Ctl *ctl, gint64 id, GByteArray *mail, GError **error)
{
    for (gint64 seq = 0;; seq++) {
        g_autoptr(GBytes) piece = NULL;
        if (!outbox_piece(ctl->desk->store, id, seq, &piece, error))
            return false;
        if (!piece)
            return true;
        g_byte_array_append(mail, g_bytes_get_data(piece, NULL),
                            (guint)g_bytes_get_size(piece));
    }
}

int cmd_outbox_show(Ctl *ctl, int argc, char **argv)
{
    gboolean as_json = FALSE;
    g_autofree char **words = NULL;
    g_autoptr(OutboxRow) row = NULL;
    g_autoptr(GByteArray) mail = g_byte_array_new();
    g_autoptr(GError) error = NULL;
    int status = 0;
    gint64 id = 0;
    const GOptionEntry entries[] = {
        {"json", 0, 0, G_OPTION_ARG_NONE, &as_json, "as one object", NULL},
        {NULL, 0, 0, 0, NULL, NULL, NULL}};
    if (!ctl_parse(ctl, entries, 1, 1, argc, argv, &words, &status))
        return status;
    if (!ctl_parse_id(words[0], &id))
        return STATUS_USAGE;
    if (!ctl_open_desk(ctl, &status))
        return status;
    if (!outbox_by_id(ctl->desk->store, id, &row, &error))
        return ctl_fail(error);
    if (!row) {
        fputs("mailwicket: no such mail: `mailwicket outbox list` shows those there are\n",
              stderr);
        return STATUS_REFUSED;
    }
    if (row->rendered && !read_mail(ctl, id, mail, &error))
        return ctl_fail(error);
    if (as_json) {
        g_autofree char *text =
            row->rendered ? g_utf8_make_valid((const char *)mail->data, (gssize)mail->len)
                          : NULL;
        write_json(row, text);
    } else if (row->rendered) {
        fwrite(mail->data, 1, mail->len, stdout);
    } else {
        print_line(row, NULL, NULL);
        puts("not rendered yet: the notifier does that when it first sends it");
    }
    return STATUS_DONE;
}
