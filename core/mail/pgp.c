/* One pass over lines. Armor that is quoted is history and no line of armor; a passage without
 * a signature below it is left as it is. A signature that breaks off goes to the end of the
 * text.
 */
#include "core/mail/pgp.h"

#include <glib.h>
#include <string.h>

static const char begin_signed[] = "-----BEGIN PGP SIGNED MESSAGE-----";
static const char begin_signature[] = "-----BEGIN PGP SIGNATURE-----";
static const char end_signature[] = "-----END PGP SIGNATURE-----";
static const char begin_message[] = "-----BEGIN PGP MESSAGE-----";

static const char *next_line(const char *line)
{
    const char *end = strchr(line, '\n');
    return end ? end + 1 : line + strlen(line);
}

/* White space behind it does not count. */
static bool line_is(const char *line, const char *armor)
{
    gsize length = strlen(armor);
    if (strncmp(line, armor, length) != 0)
        return false;
    line += length;
    line += strspn(line, " \t\r");
    return *line == '\n' || *line == '\0';
}

/* The first such line from `line` on, or NULL. */
static const char *find_line(const char *line, const char *armor)
{
    while (line && !line_is(line, armor)) {
        line = strstr(line, "\n-----");
        line = line ? line + 1 : NULL;
    }
    return line;
}

/* Past "Hash: …" and its kin and the blank line below them. */
static const char *skip_armor_header(const char *line)
{
    for (;;) {
        gsize name = strcspn(line, ": \t\n");
        if (line[strspn(line, " \t\r")] == '\n')
            return next_line(line);
        if (name == 0 || strncmp(line + name, ": ", 2) != 0)
            return line;
        line = next_line(line);
    }
}

static void append_passage(GString *out, const char *line, const char *end)
{
    while (line < end) {
        const char *next = MIN(next_line(line), end);
        if (line[0] == '-' && line[1] == ' ')
            line += 2;
        g_string_append_len(out, line, next - line);
        line = next;
    }
}

char *pgp_open_text(const char *text, PgpMarks *ret)
{
    *ret = (PgpMarks){.is_encrypted = find_line(text, begin_message) != NULL};
    const char *begin = find_line(text, begin_signed), *done = text;
    if (!begin)
        return NULL;
    g_autoptr(GString) out = g_string_new(NULL);
    while (begin) {
        const char *passage = skip_armor_header(next_line(begin));
        const char *signature = find_line(passage, begin_signature);
        if (!signature)
            break;
        g_string_append_len(out, done, begin - done);
        append_passage(out, passage, signature);
        const char *end = find_line(signature, end_signature);
        done = end ? next_line(end) : signature + strlen(signature);
        begin = find_line(done, begin_signed);
        ret->is_signed = true;
    }
    g_string_append(out, done);
    return ret->is_signed ? g_string_free(g_steal_pointer(&out), FALSE) : NULL;
}
