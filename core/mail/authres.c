/* Authentication-Results, RFC 8601 section 2.2, by hand: a cursor over one header value.
 *
 * The grammar is kept where believing hangs on it (comments, quoted strings, authserv-id,
 * version, method=result) and lenient where servers are (unquoted signature fragments in
 * property values, properties without a type, a trailing semicolon). Anything else broken,
 * control bytes and invalid UTF-8 included, makes the whole header say nothing.
 *
 * Not here: finding the headers and their place among the Received fields (the parser does),
 * and what a proof allows (the desk does). Nothing is looked up in the DNS. */
#include "core/mail/authres.h"

#include <arpa/inet.h>
#include <string.h>

enum { COMMENT_DEPTH_MAX = 16, RAW_MAX = 16 * 1024 };

/* --- lexing ------------------------------------------------------------------------------ */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* token of RFC 2045 section 5.1, and UTF-8. */
static bool is_token(char c)
{
    return (guchar)c > ' ' && c != 0x7f && !strchr("()<>@,;:\\\"/[]?=", c);
}

/* What servers leave unquoted in a property's value. */
static bool is_loose(char c)
{
    return (guchar)c > ' ' && c != 0x7f && !strchr("();\\\"", c);
}

/* A comment with those nested in it; the cursor stands on its "(". */
static bool skip_comment(const char **cursor)
{
    int depth = 0;
    for (const char *p = *cursor; *p; p++) {
        if (*p == '\\') {
            if (*++p == '\0')
                return false;
        } else if (*p == '(') {
            if (++depth > COMMENT_DEPTH_MAX)
                return false;
        } else if (*p == ')' && --depth == 0) {
            *cursor = p + 1;
            return true;
        }
    }
    return false;
}

/* CFWS, possibly none. */
static bool skip_blanks(const char **cursor)
{
    for (;;) {
        while (is_blank(**cursor))
            ++*cursor;
        if (**cursor != '(')
            return true;
        if (!skip_comment(cursor))
            return false;
    }
}

/* Appends the contents of a quoted string; the cursor stands on its opening quote. */
static bool take_quoted(const char **cursor, GString *out)
{
    const char *p = *cursor + 1;
    for (; *p != '"'; p++) {
        if (*p == '\\')
            p++;
        if (*p == '\0')
            return false;
        if (*p != '\r' && *p != '\n')
            g_string_append_c(out, *p == '\t' ? ' ' : *p);
    }
    *cursor = p + 1;
    return true;
}

/* Appends bytes that `belongs` accepts and quoted strings, in any mixture; at least one. */
static bool take_value(const char **cursor, bool (*belongs)(char), GString *out)
{
    const char *start = *cursor;
    while (**cursor == '"' || (**cursor && belongs(**cursor))) {
        if (**cursor != '"')
            g_string_append_c(out, *(*cursor)++);
        else if (!take_quoted(cursor, out))
            return false;
    }
    return *cursor > start;
}

/* A keyword, lower case: letters, digits, "-", "_" and, in property names, ".". */
static char *take_keyword(const char **cursor)
{
    const char *start = *cursor;
    while (g_ascii_isalnum(**cursor) || **cursor == '-' || **cursor == '_')
        ++*cursor;
    return *cursor > start ? g_ascii_strdown(start, *cursor - start) : NULL;
}

static bool take_byte(const char **cursor, char c)
{
    if (!skip_blanks(cursor) || **cursor != c)
        return false;
    ++*cursor;
    return skip_blanks(cursor);
}

/* --- grammar ----------------------------------------------------------------------------- */

static void replace(char **where, char *value)
{
    g_free(*where);
    *where = value;
}

/* The property that says whom a method's result is about. */
static const char *identity_property(const char *method)
{
    static const char *const properties[][2] = {
        {"dmarc", "header.from"}, {"dkim", "header.d"}, {"auth", "smtp.auth"}};
    for (gsize i = 0; i < G_N_ELEMENTS(properties); i++)
        if (strcmp(method, properties[i][0]) == 0)
            return properties[i][1];
    return "";
}

/* propspec or reasonspec: ptype [CFWS] "." [CFWS] property [CFWS] "=" pvalue. Sets the name
 * ("header.d") and the value, lower case. */
static bool read_property(const char **cursor, char **ret_name, char **ret_value)
{
    g_autoptr(GString) value = g_string_new(NULL);
    g_autofree char *name = take_keyword(cursor);
    if (!name || !skip_blanks(cursor))
        return false;
    if (**cursor == '.') {
        g_autofree char *property = take_byte(cursor, '.') ? take_keyword(cursor) : NULL;
        if (!property)
            return false;
        replace(&name, g_strconcat(name, ".", property, NULL));
    }
    if (!take_byte(cursor, '=') || !take_value(cursor, is_loose, value) || !skip_blanks(cursor))
        return false;
    *ret_name = g_steal_pointer(&name);
    *ret_value = g_ascii_strdown(value->str, -1);
    return true;
}

/* methodspec: method [ "/" version ] "=" result. */
static bool read_method(const char **cursor, MailAuthResult *result)
{
    g_autofree char *method = take_keyword(cursor);
    if (!method || !skip_blanks(cursor))
        return false;
    if (**cursor == '/') {
        g_autofree char *version = take_byte(cursor, '/') ? take_keyword(cursor) : NULL;
        if (g_strcmp0(version, "1") != 0)
            return false;
    }
    g_autofree char *outcome = take_byte(cursor, '=') ? take_keyword(cursor) : NULL;
    if (!outcome || (**cursor && **cursor != ';' && **cursor != '(' && !is_blank(**cursor)))
        return false;
    replace(&result->method, g_steal_pointer(&method));
    replace(&result->result, g_steal_pointer(&outcome));
    return skip_blanks(cursor);
}

/* One resinfo after its ";". Two different identities in one result cancel each other. */
static bool read_result(const char **cursor, MailAuthResult *result)
{
    if (!read_method(cursor, result))
        return false;
    const char *wanted = identity_property(result->method);
    bool contradicted = false;
    while (**cursor && **cursor != ';') {
        g_autofree char *name = NULL;
        g_autofree char *value = NULL;
        if (!read_property(cursor, &name, &value))
            return false;
        if (strcmp(name, wanted) != 0)
            continue;
        contradicted |= *result->identity && strcmp(result->identity, value) != 0;
        replace(&result->identity, g_steal_pointer(&value));
    }
    if (contradicted)
        replace(&result->identity, g_strdup(""));
    return true;
}

/* [CFWS] authserv-id [CFWS version]; the cursor ends on ";" or the end. */
static bool read_server(const char **cursor, char **ret)
{
    g_autoptr(GString) server = g_string_new(NULL);
    if (!skip_blanks(cursor) || !take_value(cursor, is_token, server) || !skip_blanks(cursor))
        return false;
    if (**cursor && **cursor != ';') {
        g_autofree char *version = take_keyword(cursor);
        if (g_strcmp0(version, "1") != 0 || !skip_blanks(cursor))
            return false;
    }
    if (**cursor && **cursor != ';')
        return false;
    *ret = g_ascii_strdown(server->str, -1);
    return true;
}

/* no-result: "none" alone. */
static bool is_none(const char *cursor)
{
    g_autofree char *word = take_keyword(&cursor);
    return g_strcmp0(word, "none") == 0 && skip_blanks(&cursor) && *cursor == '\0';
}

static bool read_header(const char *raw, int hop, GPtrArray *found)
{
    g_autofree char *server = NULL;
    const char *cursor = raw;
    if (!read_server(&cursor, &server))
        return false;
    while (*cursor == ';') {
        cursor++;
        if (!skip_blanks(&cursor))
            return false;
        if (*cursor == '\0' || is_none(cursor))
            return true;
        MailAuthResult *result = mail_auth_result_new();
        result->hop = hop;
        replace(&result->server, g_strdup(server));
        g_ptr_array_add(found, result);
        if (!read_result(&cursor, result))
            return false;
    }
    return *cursor == '\0';
}

/* Is it UTF-8 of bearable length, without control characters but folding? */
static bool is_sound(const char *raw)
{
    if (strlen(raw) > RAW_MAX || !g_utf8_validate(raw, -1, NULL))
        return false;
    for (const char *p = raw; *p; p = g_utf8_next_char(p))
        if (g_unichar_iscntrl(g_utf8_get_char(p)) && !is_blank(*p))
            return false;
    return true;
}

void authres_read(const char *raw, int hop, GPtrArray *results)
{
    g_autoptr(GPtrArray) found =
        g_ptr_array_new_with_free_func((GDestroyNotify)mail_auth_result_free);
    if (!is_sound(raw) || !read_header(raw, hop, found))
        return;
    while (found->len > 0 && results->len < AUTHRES_MAX)
        g_ptr_array_add(results, g_ptr_array_steal_index(found, 0));
}

/* --- what may be believed ---------------------------------------------------------------- */

typedef struct {
    guint8 bytes[16]; /* IPv4 as ::ffff:a.b.c.d */
    bool v4;
} Address;

static bool parse_address(const char *text, Address *ret)
{
    static const guint8 mapped[12] = {[10] = 0xff, [11] = 0xff};
    if (g_ascii_strncasecmp(text, "IPv6:", 5) == 0)
        text += 5;
    memcpy(ret->bytes, mapped, sizeof mapped);
    ret->v4 = inet_pton(AF_INET, text, ret->bytes + 12) == 1;
    if (ret->v4)
        return true;
    if (inet_pton(AF_INET6, text, ret->bytes) != 1)
        return false;
    ret->v4 = memcmp(ret->bytes, mapped, sizeof mapped) == 0;
    return true;
}

/* Is `address` within `network`: an address, or address "/" prefix length? */
static bool is_within(const Address *address, const char *network)
{
    const char *slash = strchr(network, '/');
    g_autofree char *base = slash ? g_strndup(network, (gsize)(slash - network)) : NULL;
    Address net;
    if (!parse_address(base ? base : network, &net) || net.v4 != address->v4)
        return false;
    guint64 bits = net.v4 ? 32 : 128;
    if (slash && !g_ascii_string_to_unsigned(slash + 1, 10, 0, bits, &bits, NULL))
        return false;
    if (net.v4)
        bits += 96;
    gsize whole = bits / 8;
    guint8 mask = (guint8)(0xff00 >> (bits % 8));
    return memcmp(net.bytes, address->bytes, whole) == 0 &&
           (mask == 0 || ((net.bytes[whole] ^ address->bytes[whole]) & mask) == 0);
}

static bool is_relay(const char *client, char *const *relays)
{
    Address address;
    if (!parse_address(client, &address))
        return false;
    for (; *relays; relays++)
        if (is_within(&address, *relays))
            return true;
    return false;
}

int authres_trusted_hop(const Mail *mail, char *const *relays)
{
    guint hop = 0;
    while (hop < mail->received_from->len && is_relay(mail->received_from->pdata[hop], relays))
        hop++;
    return (int)hop;
}

/* Is `parent` the domain or above it, by whole labels, and not a bare top-level domain? */
static bool is_domain_or_parent(const char *parent, const char *domain)
{
    gsize parent_length = strlen(parent), length = strlen(domain);
    if (parent_length > length || !strchr(parent, '.') || *parent == '.')
        return false;
    const char *tail = domain + length - parent_length;
    return g_ascii_strcasecmp(tail, parent) == 0 && (tail == domain || tail[-1] == '.');
}

typedef struct {
    bool dmarc_pass, dmarc_fail, dkim_pass;
    const char *login; /* borrowed */
} Findings;

static void weigh(const MailAuthResult *result, const char *domain, Findings *findings)
{
    bool pass = strcmp(result->result, "pass") == 0;
    if (strcmp(result->method, "dmarc") == 0) {
        findings->dmarc_pass |= pass && g_ascii_strcasecmp(result->identity, domain) == 0;
        findings->dmarc_fail |= strcmp(result->result, "fail") == 0;
    } else if (strcmp(result->method, "dkim") == 0) {
        findings->dkim_pass |= pass && is_domain_or_parent(result->identity, domain);
    } else if (strcmp(result->method, "auth") == 0 && pass && *result->identity &&
               !findings->login) {
        findings->login = result->identity;
    }
}

bool authres_proves_domain(const Mail *mail, const char *authserv_id, char *const *relays,
                           const char *domain, char **ret_login)
{
    Findings findings = {0};
    *ret_login = NULL;
    if (!authserv_id)
        return false;
    int trusted = authres_trusted_hop(mail, relays);
    for (guint i = 0; i < mail->auth->len; i++) {
        const MailAuthResult *result = mail->auth->pdata[i];
        if (result->hop <= trusted && g_ascii_strcasecmp(result->server, authserv_id) == 0)
            weigh(result, domain, &findings);
    }
    *ret_login = g_strdup(findings.login);
    return *domain && (findings.dmarc_pass || (findings.dkim_pass && !findings.dmarc_fail));
}
