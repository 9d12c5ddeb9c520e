/* Header blocks and MIME structure for the scan: a state machine over lines.
 *
 * A mail is header blocks and bodies in turn. A block belongs to the mail itself, to a part (it
 * begins after a delimiter line) or to an embedded message (after the blank line of a part that
 * is message/rfc822). A blank line ends a block, and so does a line that is no field; after the
 * latter, fields are still held against the caps up to the next blank line ("stray"), for some
 * parsers read on.
 *
 * Nothing is decoded here. Once a cap is exceeded only the mail's own header is still read, for
 * routing; parts are not counted any more. */
#include "core/mail/structure.h"

#include <string.h>

enum { NAME_MAX_BYTES = 256 };

/* A multipart (with a boundary) or an embedded message (without). */
typedef struct {
    char *boundary;
    gsize length;
    bool digest; /* its parts are messages unless they say otherwise */
} Level;

static const char *const address_names[] = {
    "from",        "to",        "cc",        "bcc",        "sender",        "reply-to",
    "resent-from", "resent-to", "resent-cc", "resent-bcc", "resent-sender", "resent-reply-to",
};
#define N_ADDRESS_NAMES G_N_ELEMENTS(address_names)

struct Structure {
    ScanCaps caps;
    StructureField field;
    void *user;
    char *over;

    bool begun; /* a line was seen that is not skipped */
    bool own;   /* in the mail's own header */
    gsize own_bytes;
    bool in_header; /* in any header block */
    bool stray;     /* in a body's first lines, after a block ended without a blank line */
    LineRole role;  /* of the line in progress */
    gsize skip;     /* of the piece in progress: the field name's bytes */

    /* The block. */
    gint64 block_bytes, block_fields;
    gint64 all_fields;                     /* of all blocks */
    gint64 address_bytes[N_ADDRESS_NAMES]; /* of all fields of one name: parsers merge them */
    bool multipart, digest, message;
    char *boundary;

    /* The field in progress. */
    bool in_field;
    int address; /* index of address_names, or -1 */
    gint64 colons;
    GString *name, *value;

    GArray *levels; /* Level */
    gint64 parts;
};

/* Called for every field with every name: mostly the first letter tells. */
static bool is_name(const char *name, const char *wanted)
{
    return *name == *wanted && strcmp(name, wanted) == 0;
}

static void level_clear(gpointer data)
{
    Level *level = data;
    g_free(level->boundary);
}

static void G_GNUC_PRINTF(2, 3) exceed(Structure *s, const char *format, ...)
{
    va_list args;
    if (s->over)
        return;
    va_start(args, format);
    s->over = g_strdup_vprintf(format, args);
    va_end(args);
}

/* --- Content-Type ------------------------------------------------------------------------ */

/* Past a quoted string or a comment (nested), or one byte of anything else. */
static const char *skip_lexeme(const char *p)
{
    char close = *p == '"' ? '"' : *p == '(' ? ')' : '\0';
    int depth = 1;
    if (!close)
        return p + 1;
    for (p++; *p; p++) {
        if (*p == '\\' && p[1])
            p++;
        else if (*p == close && --depth == 0)
            return p + 1;
        else if (*p == '(' && close == ')')
            depth++;
    }
    return p;
}

static const char *skip_blanks(const char *p)
{
    while (g_ascii_isspace(*p) || *p == '(')
        p = *p == '(' ? skip_lexeme(p) : p + 1;
    return p;
}

static void append_value(const char *p, GString *out)
{
    if (*p != '"') {
        g_string_append_len(out, p, (gssize)strcspn(p, "; \t\r\n("));
        return;
    }
    for (p++; *p && *p != '"'; p++) {
        if (*p == '\\' && p[1])
            p++;
        if (*p != '\r' && *p != '\n')
            g_string_append_c(out, *p);
    }
}

/* Does "name", "name*" or "name*0*" stand here, and "=" after it? Then what follows that. */
static const char *match_parameter(const char *p, const char *name, bool *section)
{
    gsize length = strlen(name);
    if (g_ascii_strncasecmp(p, name, length) != 0)
        return NULL;
    p += length;
    *section = *p == '*';
    p += *section;
    while (*section && g_ascii_isdigit(*p))
        p++;
    p += *section && *p == '*';
    p = skip_blanks(p);
    return *p == '=' ? skip_blanks(p + 1) : NULL;
}

char *structure_parameter(const char *content_type, const char *name)
{
    g_autoptr(GString) value = g_string_new(NULL);
    bool found = false;
    for (const char *p = content_type; *p;) {
        if (*p != ';') {
            p = skip_lexeme(p);
            continue;
        }
        p = skip_blanks(p + 1);
        bool section = false;
        const char *start = match_parameter(p, name, &section);
        if (!start)
            continue;
        if (!section)
            g_string_truncate(value, 0);
        append_value(start, value);
        found = true;
    }
    return found ? g_strdup(value->str) : NULL;
}

static bool type_is(const char *value, const char *type)
{
    gsize length = strlen(type);
    return g_ascii_strncasecmp(value, type, length) == 0 &&
           (type[length - 1] == '/' || !g_ascii_isalnum(value[length]));
}

/* "boundary*=" or "boundary*0*=", wherever it stands. */
static bool has_encoded_boundary(const char *value)
{
    for (const char *p = strchr(value, '*'); p; p = strchr(p + 1, '*')) {
        gsize before = (gsize)(p - value);
        const char *q = p + 1 + strspn(p + 1, "0123456789");
        if (before < strlen("boundary") ||
            g_ascii_strncasecmp(p - strlen("boundary"), "boundary", strlen("boundary")) != 0)
            continue;
        if (q > p + 1 && *q == '*')
            return true;
        if (q == p + 1 && *skip_blanks(q) == '=')
            return true;
    }
    return false;
}

static void read_content_type(Structure *s)
{
    static const char *const messages[] = {"message/rfc822", "message/rfc2822",
                                           "message/global", "message/news"};
    const char *value = skip_blanks(s->value->str);
    s->multipart = type_is(value, "multipart/");
    s->digest = type_is(value, "multipart/digest");
    s->message = false;
    for (gsize i = 0; i < G_N_ELEMENTS(messages); i++)
        s->message |= type_is(value, messages[i]);
    g_free(s->boundary);
    /* RFC 2231 lets a boundary be percent-encoded; no mail program writes one so, and what
     * counts parts must not read it otherwise than the parser. */
    if (s->multipart && has_encoded_boundary(value))
        exceed(s, "a percent-encoded boundary");
    s->boundary = s->multipart ? structure_parameter(value, "boundary") : NULL;
    if (s->boundary)
        g_strchomp(s->boundary);
}

/* --- fields ------------------------------------------------------------------------------ */

/* Length of "Name:" or "Name :" at the start of a line; 0 if it is no field. */
static gsize field_name_length(const char *piece, gsize length)
{
    gsize name = 0;
    while (name < length && name < NAME_MAX_BYTES && piece[name] > ' ' && piece[name] < 0x7f &&
           piece[name] != ':')
        name++;
    gsize colon = name;
    while (colon < length && (piece[colon] == ' ' || piece[colon] == '\t'))
        colon++;
    return name > 0 && colon < length && piece[colon] == ':' ? colon + 1 : 0;
}

static void finish_field(Structure *s)
{
    if (!s->in_field)
        return;
    s->in_field = false;
    if (strcmp(s->name->str, "content-type") == 0)
        read_content_type(s);
    if (s->own)
        s->field(s->name->str, s->value->str, s->user);
}

static void begin_field(Structure *s, const char *piece, gsize name_bytes)
{
    finish_field(s);
    s->in_field = true;
    s->skip = name_bytes;
    gsize length = name_bytes - 1;
    while (piece[length - 1] == ' ' || piece[length - 1] == '\t')
        length--;
    g_string_truncate(s->name, 0);
    g_string_append_len(s->name, piece, (gssize)length);
    g_string_ascii_down(s->name);
    g_string_truncate(s->value, 0);
    s->colons = 0;
    s->address = -1;
    for (gsize i = 0; i < N_ADDRESS_NAMES; i++)
        if (is_name(s->name->str, address_names[i]))
            s->address = (int)i;
    if (++s->block_fields > s->caps.header_fields)
        exceed(s, "more than %" G_GINT64_FORMAT " header fields", s->caps.header_fields);
    if (++s->all_fields / STRUCTURE_FIELDS_FACTOR >= s->caps.header_fields)
        exceed(s, "more than %d times %" G_GINT64_FORMAT " header fields in all",
               STRUCTURE_FIELDS_FACTOR, s->caps.header_fields);
}

static void weigh_address(Structure *s, const char *piece, gsize length)
{
    s->address_bytes[s->address] += (gint64)length;
    if (s->address_bytes[s->address] > s->caps.address_bytes)
        exceed(s, "an address field of more than %" G_GINT64_FORMAT " bytes",
               s->caps.address_bytes);
    for (const char *p = memchr(piece, ':', length); p && !s->over;
         p = memchr(p + 1, ':', (gsize)(piece + length - p - 1)))
        if (++s->colons > STRUCTURE_COLONS_MAX)
            exceed(s, "an address field with more than %d colons", STRUCTURE_COLONS_MAX);
}

/* NUL is left out: whoever reads the value reads a C string. */
static void append_without_nul(GString *value, const char *piece, gsize length)
{
    while (length > 0) {
        const char *nul = memchr(piece, '\0', length);
        gsize run = nul ? (gsize)(nul - piece) : length;
        g_string_append_len(value, piece, (gssize)run);
        run += nul != NULL;
        piece += run;
        length -= run;
    }
}

static void append_field(Structure *s, const char *piece, gsize length, bool last)
{
    gsize room = STRUCTURE_VALUE_MAX - MIN(s->value->len, (gsize)STRUCTURE_VALUE_MAX);
    append_without_nul(s->value, piece, MIN(room, length));
    if (last && length < room)
        g_string_append_c(s->value, '\n');
    if (s->address >= 0 && !s->over)
        weigh_address(s, piece, length);
}

/* --- blocks ------------------------------------------------------------------------------ */

static void begin_block(Structure *s, bool message_by_default)
{
    s->in_header = true;
    s->stray = false;
    s->block_bytes = s->block_fields = 0;
    memset(s->address_bytes, 0, sizeof s->address_bytes);
    s->multipart = s->digest = false;
    s->message = message_by_default;
    g_clear_pointer(&s->boundary, g_free);
}

static void add_level(Structure *s, char *boundary, bool digest)
{
    gint64 max = MIN(s->caps.depth, STRUCTURE_DEPTH_MAX);
    if (s->levels->len >= max) {
        exceed(s, "parts nested more than %" G_GINT64_FORMAT " deep", max);
        g_free(boundary);
        return;
    }
    Level level = {
        .boundary = boundary, .length = boundary ? strlen(boundary) : 0, .digest = digest};
    g_array_append_val(s->levels, level);
}

static void count_part(Structure *s)
{
    if (++s->parts > s->caps.parts)
        exceed(s, "more than %" G_GINT64_FORMAT " parts", s->caps.parts);
}

/* What comes after this block: a preamble, an embedded message, or a plain body. */
static void end_block(Structure *s)
{
    finish_field(s);
    s->own = false;
    s->in_header = false;
    if (s->over)
        return;
    if (s->message) {
        add_level(s, NULL, false);
        count_part(s);
        begin_block(s, false);
    } else if (s->boundary && *s->boundary) {
        add_level(s, g_steal_pointer(&s->boundary), s->digest);
    }
}

/* --- lines ------------------------------------------------------------------------------- */

/* A delimiter of an open level ends everything within it. */
static bool take_delimiter(Structure *s, const char *line, gsize length)
{
    while (length > 2 && g_ascii_isspace(line[length - 1]))
        length--;
    for (guint i = s->levels->len; i > 0; i--) {
        const Level *level = &g_array_index(s->levels, Level, i - 1);
        if (!level->boundary || length < level->length + 2 ||
            memcmp(line + 2, level->boundary, level->length) != 0)
            continue;
        gsize rest = length - 2 - level->length;
        bool closing = rest == 2 && memcmp(line + length - 2, "--", 2) == 0;
        if (rest != 0 && !closing)
            continue;
        finish_field(s);
        bool digest = level->digest;
        g_array_set_size(s->levels, closing ? i - 1 : i);
        s->in_header = s->stray = false;
        if (!closing) {
            count_part(s);
            begin_block(s, digest);
        }
        return true;
    }
    return false;
}

static bool is_blank(const char *piece, gsize length)
{
    while (length > 0 && piece[length - 1] == '\r')
        length--;
    return length == 0;
}

static bool is_mbox_mark(const char *piece, gsize length)
{
    gsize quote = length > 0 && *piece == '>';
    return length >= quote + 5 && memcmp(piece + quote, "From ", 5) == 0;
}

/* The first piece of a line within a header block, or among strays. */
static LineRole begin_header_line(Structure *s, const char *piece, gsize length, bool last)
{
    bool own = s->own;
    if (last && is_blank(piece, length)) {
        if (s->in_header)
            end_block(s);
        finish_field(s);
        s->stray = false;
        return own ? LINE_BLANK : LINE_BODY;
    }
    if (s->in_field && length > 0 && (*piece == ' ' || *piece == '\t'))
        return own ? LINE_FOLDED : LINE_BODY;
    gsize name_bytes = field_name_length(piece, length);
    if (name_bytes > 0) {
        begin_field(s, piece, name_bytes);
        return own ? LINE_FIELD : LINE_BODY;
    }
    if (own && !s->begun && is_mbox_mark(piece, length))
        return LINE_SKIPPED;
    if (s->in_header)
        end_block(s);
    finish_field(s);
    s->in_header = false;
    s->stray = true;
    return LINE_BODY;
}

static void weigh_header(Structure *s, const char *piece, gsize length, bool last)
{
    s->block_bytes += (gint64)length + last;
    if (s->block_bytes > s->caps.header_bytes)
        exceed(s, "a header of more than %" G_GINT64_FORMAT " bytes", s->caps.header_bytes);
    if (s->in_field)
        append_field(s, piece + s->skip, length - s->skip, last);
    /* Counted without line ends, so that a copy with CRLF ends there too. */
    s->own_bytes += s->own ? length - (last && length > 0 && piece[length - 1] == '\r') : 0;
    if (s->over && s->own && s->own_bytes > STRUCTURE_ROUTING_MAX) {
        finish_field(s);
        s->own = false;
    }
}

LineRole structure_line(Structure *s, const char *piece, gsize length, bool first, bool last)
{
    if (s->over && !s->own)
        return s->role = first ? LINE_BODY : s->role;
    s->skip = 0;
    if (first) {
        s->role = LINE_BODY;
        bool dashes = length >= 2 && piece[0] == '-' && piece[1] == '-';
        if (dashes && last && s->levels->len > 0 && take_delimiter(s, piece, length))
            return s->role;
        if (s->in_header || s->stray)
            s->role = begin_header_line(s, piece, length, last);
        s->begun |= s->role != LINE_SKIPPED;
    }
    if ((s->in_header || s->stray) && s->role != LINE_SKIPPED)
        weigh_header(s, piece, length, last);
    return s->role;
}

const char *structure_field_name(const Structure *s, gsize *ret_skip)
{
    *ret_skip = s->skip;
    return s->name->str;
}

void structure_finish(Structure *s, const char **ret_over)
{
    finish_field(s);
    *ret_over = s->over;
}

Structure *structure_new(const ScanCaps *caps, StructureField field, void *user)
{
    Structure *s = g_new0(Structure, 1);
    s->caps = *caps;
    s->field = field;
    s->user = user;
    s->own = true;
    s->name = g_string_new(NULL);
    s->value = g_string_new(NULL);
    s->levels = g_array_new(FALSE, FALSE, sizeof(Level));
    g_array_set_clear_func(s->levels, level_clear);
    begin_block(s, false);
    return s;
}

void structure_free(Structure *s)
{
    if (!s)
        return;
    g_free(s->over);
    g_free(s->boundary);
    g_string_free(s->name, TRUE);
    g_string_free(s->value, TRUE);
    g_array_unref(s->levels);
    g_free(s);
}
