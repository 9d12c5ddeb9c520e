/* Reading words. Linear; nothing fails. */
#include "core/desk/wording.h"

#include <stdbool.h>

Wording wording_new(void)
{
    return (Wording){.hashes = g_array_new(FALSE, FALSE, sizeof(guint64))};
}

void wording_clear(Wording *wording)
{
    g_clear_pointer(&wording->hashes, g_array_unref);
}

/* Marks belong to the letter before them. */
static bool is_word_char(gunichar c)
{
    return c < 0x80 ? g_ascii_isalnum((char)c) : g_unichar_isalnum(c) || g_unichar_ismark(c);
}

static bool is_invisible(gunichar c)
{
    return c >= 0x80 && g_unichar_type(c) == G_UNICODE_FORMAT; /* soft hyphen, joiners */
}

static void end_word(Wording *wording, guint64 *hash)
{
    if (*hash != WORDING_START)
        g_array_append_val(wording->hashes, *hash);
    *hash = WORDING_START;
}

void wording_read(Wording *wording, const char *text, gsize length)
{
    const char *end = text + length;
    guint64 hash = WORDING_START;
    for (const char *p = text; p < end; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        if (is_invisible(c))
            continue;
        bool alone = c >= 0x80 && g_unichar_iswide(c);
        if (alone || !is_word_char(c))
            end_word(wording, &hash);
        if (!is_word_char(c))
            continue;
        hash = (hash ^ g_unichar_tolower(c)) * WORDING_PRIME;
        wording->chars++;
        if (alone)
            end_word(wording, &hash);
    }
    end_word(wording, &hash);
}
