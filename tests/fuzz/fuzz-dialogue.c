/* A hostile SMTP server: whatever it answers, and however that is cut, a mail counts as sent
 * only after its final dot, the dot leaves only behind a whole mail, and what follows on a
 * connection that is kept cannot be taken for text. */
#include "notifier/dialogue.h"

#include <stdlib.h>
#include <string.h>

#define MAIL "Subject: x\r\n\r\n.a\r\nb\r\n"
#define ON_WIRE "Subject: x\r\n\r\n..a\r\nb\r\n.\r\n"

int LLVMFuzzerTestOneInput(const guint8 *data, size_t size);

static bool next(void *user, GBytes **ret, GError **error)
{
    const char **left = user;
    gsize part = MIN(strlen(*left), 9);
    *ret = part ? g_bytes_new(*left, part) : NULL;
    *left += part;
    return true;
}

static void listen_to(Dialogue *dialogue, GString *heard)
{
    gsize length;
    for (const guint8 *out; (out = dialogue_out(dialogue, &length)), length > 0;) {
        g_string_append_len(heard, (const char *)out, (gssize)length);
        dialogue_sent(dialogue, length);
    }
}

static void check(const Dialogue *dialogue, const GString *heard)
{
    g_autofree char *why = NULL;
    bool reset = false, whole = g_str_has_suffix(heard->str, ON_WIRE);
    SendResult result = dialogue_result(dialogue, "it broke", &why);
    bool clean = dialogue_is_clean(dialogue, &reset);
    if (result == SEND_SENT ? !whole : !why)
        abort();
    /* Nothing but whole mails and commands: the server waits for a command now. */
    if (clean && !whole && strstr(heard->str, "Subject"))
        abort();
    if (strstr(heard->str, "\r\n.\r\n") && !whole)
        abort();
    if (dialogue_is_unheard(dialogue) && strstr(heard->str, "Subject"))
        abort();
}

int LLVMFuzzerTestOneInput(const guint8 *data, size_t size)
{
    if (size < 2)
        return 0;
    const char *left = MAIL;
    SendMail mail = {.sender = "s@a.example", .recipient = "r@b.example", .next = next};
    mail.user = &left;
    SmtpOffers offers = {data[0] & 1, data[0] & 2};
    gsize step = 1 + data[1] % 64;
    Dialogue dialogue;
    g_autoptr(GString) heard = g_string_new(NULL);
    dialogue_init(&dialogue, &mail);
    dialogue_begin(&dialogue, &offers, data[0] & 4);
    listen_to(&dialogue, heard);
    for (gsize at = 2; at < size; at += step) {
        dialogue_in(&dialogue, (const char *)data + at, MIN(step, size - at));
        listen_to(&dialogue, heard);
    }
    check(&dialogue, heard);
    dialogue_clear(&dialogue);
    return 0;
}
