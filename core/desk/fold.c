/* Folding what people type. Nothing fails. */
#include "core/desk/fold.h"

#include <glib.h>

char *fold_letters(const char *text)
{
    g_autofree char *spread = g_utf8_normalize(text, -1, G_NORMALIZE_ALL);
    g_autoptr(GString) folded = g_string_new(NULL);
    for (const char *p = spread ? spread : ""; *p; p = g_utf8_next_char(p)) {
        gunichar c = g_unichar_tolower(g_utf8_get_char(p));
        if (g_unichar_ismark(c))
            continue;
        if (c == 0x2019 || c == 0x2018)
            c = '\'';
        g_string_append_unichar(folded, c);
    }
    return g_strstrip(g_string_free(g_steal_pointer(&folded), FALSE));
}

char *fold_text(const char *text)
{
    char *folded = fold_letters(text);
    return g_strdelimit(folded, "-_", ' ');
}
