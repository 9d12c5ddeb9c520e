/* Mail addresses as keys. Not here: display names, groups, comments and encoded words, which
 * only occur in headers (core/mail/header.h). Nothing is repaired: an address that is not safe
 * as it stands is nobody's. */
#include "core/base/address.h"

#include <string.h>

#define ADDRESS_MAX 254
#define LOCAL_MAX 64

/* Bytes that end or begin something in a header or an SMTP command. */
static bool is_plain(char c)
{
    guchar byte = (guchar)c;
    return byte > 0x20 && byte != 0x7f && strchr("<>,;:", c) == NULL;
}

/* Dot-string of RFC 5321, dots anywhere: some providers hand out "a..b". */
static bool is_atom(const char *local, gsize length)
{
    for (gsize i = 0; i < length; i++)
        if (!is_plain(local[i]) || strchr("()[]\\\"@", local[i]) != NULL)
            return false;
    return true;
}

static bool is_quoted_string(const char *local, gsize length)
{
    if (length < 3 || local[0] != '"' || local[length - 1] != '"')
        return false;
    for (gsize i = 1; i < length - 1; i++) {
        if (local[i] == '\\')
            i++;
        else if (local[i] == '"')
            return false;
        if (i >= length - 1 || !is_plain(local[i]))
            return false;
    }
    return true;
}

static bool is_domain_literal(const char *domain)
{
    gsize length = strlen(domain);
    return length > 2 && domain[0] == '[' && domain[length - 1] == ']' &&
           strspn(domain + 1, "0123456789.") == length - 2;
}

static bool is_domain(const char *domain)
{
    if (is_domain_literal(domain))
        return true;
    if (*domain == '\0' || *domain == '.' || g_str_has_suffix(domain, ".") ||
        strstr(domain, "..") != NULL)
        return false;
    for (; *domain; domain++)
        if ((guchar)*domain < 0x80 && !g_ascii_isalnum(*domain) && !strchr("-._", *domain))
            return false;
    return true;
}

/* Non-ASCII (RFC 6531) as UTF-8, and no C1 control hidden in it. */
static bool is_text(const char *address)
{
    if (!g_utf8_validate(address, -1, NULL))
        return false;
    for (; *address; address = g_utf8_next_char(address))
        if (g_unichar_iscntrl(g_utf8_get_char(address)))
            return false;
    return true;
}

bool address_is_safe(const char *address)
{
    /* A quoted local part may hold @, a domain may not: the last one divides. */
    const char *at = strrchr(address, '@');
    if (at == NULL || at == address || strnlen(address, ADDRESS_MAX + 1) > ADDRESS_MAX)
        return false;
    gsize length = (gsize)(at - address);
    if (length > LOCAL_MAX || !is_text(address))
        return false;
    /* "-oX@…" reads as an option; Postfix refuses it as well. */
    if (address[0] == '-')
        return false;
    return (is_atom(address, length) || is_quoted_string(address, length)) && is_domain(at + 1);
}

char *address_key(const char *address)
{
    return address_is_safe(address) ? g_ascii_strdown(address, -1) : NULL;
}

bool address_split(const char *address, char **base, char **extension)
{
    if (!address_is_safe(address))
        return false;
    const char *at = strrchr(address, '@');
    /* The first delimiter divides, as in Postfix; at the very start it is part of the name. */
    const char *plus = memchr(address + 1, '+', (gsize)(at - address - 1));
    if (plus == NULL || address[0] == '"') {
        *base = g_strdup(address);
        *extension = NULL;
        return true;
    }
    *base = g_strdup_printf("%.*s%s", (int)(plus - address), address, at);
    *extension = at > plus + 1 ? g_strndup(plus + 1, (gsize)(at - plus - 1)) : NULL;
    return true;
}

const char *address_domain(const char *address)
{
    const char *at = strrchr(address, '@');
    return at != NULL && at[1] != '\0' ? at + 1 : NULL;
}

char *address_extend(const char *base, const char *extension)
{
    const char *at = strrchr(base, '@');
    if (at == NULL || base[0] == '"')
        return NULL;
    g_autofree char *address =
        g_strdup_printf("%.*s+%s%s", (int)(at - base), base, extension, at);
    return address_is_safe(address) ? g_steal_pointer(&address) : NULL;
}
