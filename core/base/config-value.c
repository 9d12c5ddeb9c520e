/* The values of the configuration, one reader a type. Strict: a value is taken whole or refused
 * with a sentence that says what would do. Nothing here looks at the system but for the time
 * zone: whether a path exists or a host answers is for `mailwicket doctor`. */
#include "core/base/config-value.h"

#include "core/base/keyfile.h"
#include "core/base/utf8.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define NAME_MAX_CHARACTERS 100
#define URL_MAX 512
#define PORT_MAX 65535

static bool refuse(char **ret_why, const char *value, const char *why)
{
    g_autofree char *quoted = keyfile_quote(value);
    *ret_why = g_strdup_printf("%s %s", quoted, why);
    return false;
}

static bool keep(void *slot, const char *value)
{
    *(char **)slot = g_strdup(value);
    return true;
}

/* --- hosts ------------------------------------------------------------------------------- */

static bool is_label(const char *label)
{
    gsize length = strlen(label);
    if (length == 0 || length > 63 || label[0] == '-' || label[length - 1] == '-')
        return false;
    for (; *label; label++)
        if (!g_ascii_isalnum(*label) && *label != '-')
            return false;
    return true;
}

static bool is_domain(const char *domain)
{
    if (strlen(domain) > 253)
        return false;
    g_auto(GStrv) labels = g_strsplit(domain, ".", -1);
    for (int i = 0; labels[i] != NULL; i++)
        if (!is_label(labels[i]))
            return false;
    return labels[0] != NULL;
}

static bool is_ip(int family, const char *text)
{
    struct in6_addr address; /* large enough for both */
    return inet_pton(family, text, &address) == 1;
}

static bool is_host(const char *host)
{
    gsize length = strlen(host);
    if (host[0] != '[')
        return is_domain(host);
    if (host[length - 1] != ']')
        return false;
    g_autofree char *inner = g_strndup(host + 1, length - 2);
    return is_ip(AF_INET6, inner);
}

/* Digits only, up to `max`. */
static bool read_digits(const char *text, gint64 max, gint64 *ret)
{
    gint64 number = 0;
    if (*text == '\0')
        return false;
    for (; *text; text++) {
        if (!g_ascii_isdigit(*text))
            return false;
        number = number * 10 + (*text - '0');
        if (number > max)
            return false;
    }
    *ret = number;
    return true;
}

/* HOST or HOST:PORT. */
static bool split_host(const char *text, char **ret_host, int *ret_port)
{
    const char *bracket = strchr(text, ']');
    const char *colon = strchr(bracket != NULL ? bracket : text, ':');
    gint64 port = 0;
    if (colon != NULL && (!read_digits(colon + 1, PORT_MAX, &port) || port == 0))
        return false;
    g_autofree char *host =
        colon != NULL ? g_strndup(text, (gsize)(colon - text)) : g_strdup(text);
    if (!is_host(host))
        return false;
    *ret_host = g_steal_pointer(&host);
    if (colon != NULL)
        *ret_port = (int)port;
    return true;
}

/* --- [site] ------------------------------------------------------------------------------ */

bool value_name(const ConfigField *field, const char *value, void *slot, char **ret_why)
{
    g_autofree char *clean = utf8_clean(value, strlen(value), TEXT_LINE);
    if (g_utf8_strlen(clean, -1) > NAME_MAX_CHARACTERS)
        return refuse(ret_why, value, "is longer than 100 characters");
    if (*clean == '\0')
        return refuse(ret_why, value, "has nothing to show");
    return keep(slot, clean);
}

bool value_domain(const ConfigField *field, const char *value, void *slot, char **ret_why)
{
    if (!is_domain(value))
        return refuse(ret_why, value,
                      "is not a domain name such as example.org (letters, digits, dots and -)");
    *(char **)slot = g_ascii_strdown(value, -1);
    return true;
}

/* Unreserved characters of RFC 3986 and those a path needs: nothing that would have to be
 * escaped in a mail, a page or a header. */
static bool is_url_path(const char *path)
{
    for (const char *c = path; *c; c++)
        if (!g_ascii_isalnum(*c) && !strchr("-._~/%+,=", *c))
            return false;
    return strstr(path, "//") == NULL;
}

bool value_url(const ConfigField *field, const char *value, void *slot, char **ret_why)
{
    static const char shape[] = "is not http://HOST/PATH or https://HOST/PATH";
    const char *host = g_str_has_prefix(value, "https://")  ? value + 8
                       : g_str_has_prefix(value, "http://") ? value + 7
                                                            : NULL;
    if (host == NULL || strlen(value) > URL_MAX)
        return refuse(ret_why, value, shape);
    gsize length = strcspn(host, "/");
    g_autofree char *authority = g_strndup(host, length);
    g_autofree char *name = NULL;
    int port = 0;
    if (!split_host(authority, &name, &port) || !is_url_path(host + length))
        return refuse(ret_why, value, shape);
    gsize whole = strlen(value);
    *(char **)slot = g_strndup(value, value[whole - 1] == '/' ? whole - 1 : whole);
    return true;
}

bool value_language(const ConfigField *field, const char *value, void *slot, char **ret_why)
{
    if (strcmp(value, "fr") != 0 && strcmp(value, "en") != 0)
        return refuse(ret_why, value, "is neither fr nor en");
    return keep(slot, value);
}

/* GLib would also take offsets and, by way of "..", any file. */
static bool is_zone_name(const char *name)
{
    for (const char *c = name; *c; c++)
        if (!g_ascii_isalnum(*c) && !strchr("_-+/", *c))
            return false;
    return g_ascii_isalpha(name[0]);
}

/* Is there such a file, and does it begin as tzfile(5) says? */
static bool is_zone_file(const char *name)
{
    const char *dir = g_getenv("TZDIR");
    g_autofree char *path =
        g_build_filename(dir != NULL ? dir : "/usr/share/zoneinfo", name, NULL);
    char head[4] = "";
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return false;
    bool whole = read(fd, head, sizeof head) == (ssize_t)sizeof head;
    close(fd);
    return whole && memcmp(head, "TZif", sizeof head) == 0;
}

bool value_zone(const ConfigField *field, const char *value, void *slot, char **ret_why)
{
    if (!is_zone_name(value) || !is_zone_file(value))
        return refuse(ret_why, value, "is not a time zone of this system such as Europe/Paris");
    *(char **)slot = g_strdup(value);
    return true;
}

/* --- paths and words --------------------------------------------------------------------- */

static bool read_path(const char *path, const char *value, char **ret, char **ret_why)
{
    if (path[0] != '/')
        return refuse(ret_why, value, "is not an absolute path");
    if (strstr(path, "/../") != NULL || g_str_has_suffix(path, "/.."))
        return refuse(ret_why, value, "is a path with .. in it");
    if (strstr(path, " #") != NULL)
        return refuse(ret_why, value, "ends in a comment; comments have lines of their own");
    *ret = g_canonicalize_filename(path, "/");
    return true;
}

bool value_path(const ConfigField *field, const char *value, void *slot, char **ret_why)
{
    return read_path(value, value, slot, ret_why);
}

bool value_word(const ConfigField *field, const char *value, void *slot, char **ret_why)
{
    for (const char *c = value; *c; c++)
        if (!g_ascii_isgraph(*c) || strchr("\"();<>", *c) != NULL)
            return refuse(ret_why, value, "is not one plain word");
    return keep(slot, value);
}

/* "NAME: PATTERN"; what the pattern is worth is its reader's to say. */
bool value_header_pattern(const ConfigField *field, const char *value, void *slot,
                          char **ret_why)
{
    gsize name = 0;
    while (g_ascii_isgraph(value[name]) && value[name] != ':')
        name++;
    const char *pattern = value + name + (value[name] == ':');
    if (name == 0 || value[name] != ':' || pattern[strspn(pattern, " \t")] == '\0')
        return refuse(ret_why, value,
                      "is not a header field and a pattern, as in X-Spam-Flag: ^YES");
    return keep(slot, value);
}

/* --- [mail] ------------------------------------------------------------------------------ */

bool value_transport(const ConfigField *field, const char *value, void *slot, char **ret_why)
{
    static const struct {
        const char *prefix;
        TransportKind kind;
        int port; /* 0: a path follows */
    } kinds[] = {
        {"smtp://", TRANSPORT_SMTP, 25},
        {"smtps://", TRANSPORT_SMTPS, 465},
        {"sendmail:", TRANSPORT_SENDMAIL, 0},
        {"maildir:", TRANSPORT_MAILDIR, 0},
    };
    Config *config = slot;
    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
        if (!g_str_has_prefix(value, kinds[i].prefix))
            continue;
        const char *rest = value + strlen(kinds[i].prefix);
        config->mail.transport = kinds[i].kind;
        config->mail.port = kinds[i].port;
        if (kinds[i].port == 0)
            return read_path(rest, value, &config->mail.path, ret_why);
        if (split_host(rest, &config->mail.host, &config->mail.port))
            return true;
        return refuse(ret_why, value, "does not end in HOST or HOST:PORT");
    }
    return refuse(ret_why, value,
                  "is none of smtp://HOST:PORT, smtps://HOST:PORT, sendmail:/PATH and "
                  "maildir:/PATH");
}

bool value_tls(const ConfigField *field, const char *value, void *slot, char **ret_why)
{
    static const char *const words[] = {"require", "try",
                                        "none"}; /* in the order of TlsPolicy */
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
        if (strcmp(value, words[i]) == 0) {
            *(TlsPolicy *)slot = (TlsPolicy)i;
            return true;
        }
    }
    return refuse(ret_why, value, "is none of require, try and none");
}

bool value_yes_no(const ConfigField *field, const char *value, void *slot, char **ret_why)
{
    bool yes = strcmp(value, "yes") == 0;
    if (!yes && strcmp(value, "no") != 0)
        return refuse(ret_why, value, "is neither yes nor no");
    *(bool *)slot = yes;
    return true;
}

/* ADDRESS or ADDRESS/BITS. */
static bool is_network(const char *text)
{
    const char *slash = strchr(text, '/');
    g_autofree char *address = slash != NULL ? g_strndup(text, (gsize)(slash - text)) : NULL;
    const char *ip = address != NULL ? address : text;
    gint64 bits = 0, most = is_ip(AF_INET, ip) ? 32 : is_ip(AF_INET6, ip) ? 128 : -1;
    return most > 0 && (slash == NULL || read_digits(slash + 1, most, &bits));
}

bool value_relays(const ConfigField *field, const char *value, void *slot, char **ret_why)
{
    g_autoptr(GStrvBuilder) relays = g_strv_builder_new();
    g_auto(GStrv) words = g_strsplit_set(value, " \t,;", -1);
    for (int i = 0; words[i] != NULL; i++) {
        if (*words[i] == '\0')
            continue;
        if (!is_network(words[i]))
            return refuse(ret_why, words[i], "is not an IP address or network (192.0.2.0/24)");
        g_strv_builder_add(relays, words[i]);
    }
    *(char ***)slot = g_strv_builder_end(relays);
    return true;
}

/* --- [limits] ---------------------------------------------------------------------------- */

static bool refuse_number(const ConfigField *field, const char *value, const char *what,
                          char **ret_why)
{
    g_autofree char *quoted = keyfile_quote(value);
    *ret_why = g_strdup_printf("%s is not %s from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT,
                               quoted, what, field->min, field->max);
    return false;
}

bool value_number(const ConfigField *field, const char *value, void *slot, char **ret_why)
{
    gint64 number = 0;
    if (!read_digits(value, field->max, &number) || number < field->min)
        return refuse_number(field, value, "a whole number", ret_why);
    *(gint64 *)slot = number;
    return true;
}

bool value_size(const ConfigField *field, const char *value, void *slot, char **ret_why)
{
    gsize length = strlen(value);
    gint64 unit = value[length - 1] == 'K' ? 1024 : value[length - 1] == 'M' ? 1024 * 1024 : 1;
    g_autofree char *digits = g_strndup(value, unit == 1 ? length : length - 1);
    gint64 number = 0;
    if (!read_digits(digits, field->max / unit, &number) || number * unit < field->min)
        return refuse_number(field, value, "a size (bytes, or with K or M)", ret_why);
    *(gint64 *)slot = number * unit;
    return true;
}
