/* The signs by which people and machines are told apart, for the rules of kind.c and
 * kind_body.c. Nothing is decided here but what a header value, a sender or a subject says. */
#include "core/mail/signs.h"

#include <string.h>

static bool is_word_byte(char c)
{
    return g_ascii_isalnum(c) || c == '-' || c == '_';
}

/* The next word of an unstructured value; comments in parentheses do not count. */
bool sign_next_word(const char **rest, const char **word, gsize *length)
{
    const char *p = *rest;
    int depth = 0;
    while (*p && (depth > 0 || !is_word_byte(*p))) {
        if (*p == '(' && depth < G_MAXINT)
            depth++;
        else if (*p == ')' && depth > 0)
            depth--;
        p++;
    }
    *word = p;
    while (is_word_byte(*p))
        p++;
    *length = (gsize)(p - *word);
    *rest = p;
    return *length > 0;
}

bool sign_word_is(const char *word, gsize length, const char *expected)
{
    return strlen(expected) == length && g_ascii_strncasecmp(word, expected, length) == 0;
}

/* Which of `vocabulary` (NULL-terminated) is a word of `value`; NULL if none. */
const char *sign_find_word(const char *value, const char *const *vocabulary)
{
    const char *word;
    gsize length;
    if (!value)
        return NULL;
    while (sign_next_word(&value, &word, &length))
        for (gsize i = 0; vocabulary[i]; i++)
            if (sign_word_is(word, length, vocabulary[i]))
                return vocabulary[i];
    return NULL;
}

/* Is the first word of `value` anything but "no" or "false"? */
bool sign_says_yes(const char *value)
{
    const char *word;
    gsize length;
    return value && sign_next_word(&value, &word, &length) &&
           !sign_word_is(word, length, "no") && !sign_word_is(word, length, "false");
}

const char *sign_look_up(const Evidence *evidence, const char *name)
{
    return evidence->lookup(name, evidence->user);
}

bool sign_decide(const Evidence *evidence, MailKind kind, const char *machine)
{
    evidence->mail->kind = kind;
    g_free(evidence->mail->machine);
    evidence->mail->machine = g_strdup(machine);
    return true;
}

/* The address between < and > of the Return-Path; NULL without one. "" is the null sender. */
char *sign_return_path(const Evidence *evidence)
{
    const char *path = sign_look_up(evidence, "Return-Path");
    const char *open = path ? strchr(path, '<') : NULL;
    const char *close = open ? strchr(open, '>') : NULL;
    return close ? g_strstrip(g_strndup(open + 1, (gsize)(close - open - 1))) : NULL;
}

bool sign_is_null_sender(const Evidence *evidence)
{
    g_autofree char *path = sign_return_path(evidence);
    return path && *path == '\0';
}

bool sign_has_no_author(const Mail *mail)
{
    for (guint i = 0; i < mail->from->len; i++)
        if (*((MailAddress *)mail->from->pdata[i])->name ||
            *((MailAddress *)mail->from->pdata[i])->address)
            return false;
    return true;
}

bool sign_local_part_is(const char *address, const char *const *locals)
{
    const char *at = strrchr(address, '@');
    gsize length = at ? (gsize)(at - address) : strlen(address);
    for (gsize i = 0; locals[i]; i++)
        if (sign_word_is(address, length, locals[i]))
            return true;
    return false;
}

bool sign_from_is(const Mail *mail, const char *const *locals)
{
    for (guint i = 0; i < mail->from->len; i++) {
        const MailAddress *from = mail->from->pdata[i];
        /* "MAILER-DAEMON <>" has the name for an address. */
        if (sign_local_part_is(*from->address ? from->address : from->name, locals))
            return true;
    }
    return false;
}
