/* The configuration: which keys there are, and what must hold between them.
 *
 * The table below is the whole vocabulary; a key missing here is unknown. How a value is read
 * is in config-value.c, how a line is in keyfile.c. The first fault ends it, as one line that
 * names file, line and key: a half-understood configuration is not used. */
#include "core/base/config.h"

#include "core/base/config-value.h"
#include "core/base/error.h"
#include "core/base/keyfile.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <arpa/inet.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_MAX 65536
#define KIB ((gint64)1024)
#define MIB (1024 * KIB)

/* clang-format off */
#define SITE(member) "site", #member, .offset = offsetof(Config, site.member)
#define MAIL(member) "mail", #member, .offset = offsetof(Config, mail.member)
/* A limit: its default and the range it may have. */
#define LIMIT(member, reader, usual, least, most)                                              \
    {"limits", #member, .offset = offsetof(Config, limits.member), .read = (reader),           \
     .fallback = (usual), .min = (least), .max = (most)}
#define NUMBER(member, ...) LIMIT(member, value_number, __VA_ARGS__)
#define SIZE(member, ...) LIMIT(member, value_size, __VA_ARGS__)

static const ConfigField fields[] = {
    {SITE(name),     .read = value_name,   .required = true},
    {SITE(domain),   .read = value_domain, .required = true},
    {SITE(base_url), .read = value_url,    .required = true},
    {SITE(language), .read = value_language},
    {SITE(timezone), .read = value_zone},
    {SITE(data_dir), .read = value_path,   .required = true},
    {SITE(key_file), .read = value_path,   .required = true},

    {"mail", "transport", .offset = 0, .read = value_transport, .required = true},
    {MAIL(user),           .read = value_word},
    {MAIL(password_file),  .read = value_path},
    {MAIL(ca_file),        .read = value_path},
    {MAIL(tls),            .read = value_tls},
    {MAIL(authserv_id),    .read = value_word},
    {MAIL(trusted_relays), .read = value_relays},
    {MAIL(template_dir),   .read = value_path},
    {MAIL(ask_receipts),   .read = value_yes_no},
    {MAIL(spam_header),    .read = value_header_pattern},

    SIZE(message_bytes, 50 * MIB, KIB, 1024 * MIB),
    SIZE(header_bytes, 256 * KIB, KIB, 16 * MIB),
    NUMBER(header_fields, 1000, 10, 100000),
    SIZE(address_bytes, 16 * KIB, 256, MIB),
    NUMBER(parts, 500, 1, 10000),
    NUMBER(depth, 20, 1, 100),
    SIZE(parser_memory_bytes, 256 * MIB, 64 * MIB, 2048 * MIB),
    /* Two tries, each twice this by the wall clock, must end before the mail program's alarm. */
    NUMBER(parser_seconds, 5, 1, 10),
    NUMBER(acknowledgements_per_day, 5, 0, 1000),
    NUMBER(acknowledgements_per_hour, 10, 0, 1000),
    NUMBER(tickets_per_hour, 30, 1, 1000000),
    NUMBER(unproven_mails_per_ten_minutes, 500, 0, 100000),
    SIZE(outgoing_attachment_bytes, 5 * MIB, 0, 1024 * MIB),
    NUMBER(lmtp_connections, 64, 1, 1000),
    NUMBER(deliveries_per_commit, 32, 1, 1000),
    NUMBER(link_days, 0, 0, 36500),
};
/* clang-format on */

typedef struct {
    const char *path;
    GPtrArray *entries; /* KeyfileEntry * */
    Config *config;
} Loader;

static const KeyfileEntry *find_entry(const Loader *loader, const char *group, const char *key)
{
    for (guint i = 0; i < loader->entries->len; i++) {
        const KeyfileEntry *entry = loader->entries->pdata[i];
        if (strcmp(entry->group, group) == 0 && strcmp(entry->key, key) == 0)
            return entry;
    }
    return NULL;
}

/* "FILE:LINE: [group] key: why", without the line where there is none. */
static bool refuse(const Loader *loader, const char *group, const char *key, const char *why,
                   GError **error)
{
    const KeyfileEntry *entry = find_entry(loader, group, key);
    g_autofree char *line = entry != NULL ? g_strdup_printf(":%d", entry->line) : g_strdup("");
    g_set_error(error, WICKET_ERROR, ERROR_CONFIG, "%s%s: [%s]%s%s: %s", loader->path, line,
                group, *key != '\0' ? " " : "", key, why);
    return false;
}

static bool is_known_group(const char *group)
{
    for (gsize i = 0; i < G_N_ELEMENTS(fields); i++)
        if (strcmp(fields[i].group, group) == 0)
            return true;
    return false;
}

static bool check_known(const Loader *loader, const KeyfileEntry *entry, GError **error)
{
    const char *elsewhere = NULL;
    if (!is_known_group(entry->group))
        return refuse(loader, entry->group, entry->key,
                      "unknown group (there are site, mail and limits)", error);
    if (*entry->key == '\0')
        return true;
    for (gsize i = 0; i < G_N_ELEMENTS(fields); i++) {
        if (strcmp(fields[i].key, entry->key) != 0)
            continue;
        if (strcmp(fields[i].group, entry->group) == 0)
            return true;
        elsewhere = fields[i].group;
    }
    g_autofree char *why = elsewhere != NULL ? g_strdup_printf("belongs in [%s]", elsewhere)
                                             : g_strdup("unknown key");
    return refuse(loader, entry->group, entry->key, why, error);
}

static bool read_field(const Loader *loader, const ConfigField *field, GError **error)
{
    const KeyfileEntry *entry = find_entry(loader, field->group, field->key);
    void *slot = (char *)loader->config + field->offset;
    g_autofree char *why = NULL;
    if (entry == NULL) {
        if (field->required)
            return refuse(loader, field->group, field->key, "is missing", error);
        if (field->read == value_number || field->read == value_size)
            *(gint64 *)slot = field->fallback;
        return true;
    }
    if (*entry->value == '\0')
        return refuse(loader, field->group, field->key, "is empty", error);
    return field->read(field, entry->value, slot, &why) ||
           refuse(loader, field->group, field->key, why, error);
}

static void fill_defaults(Config *config)
{
    if (config->site.language == NULL)
        config->site.language = g_strdup("en");
    if (config->mail.trusted_relays == NULL)
        config->mail.trusted_relays = g_new0(char *, 1);
}

static bool is_within(const char *path, const char *folder)
{
    gsize length = strlen(folder);
    return strncmp(path, folder, length) == 0 &&
           (path[length] == '/' || path[length] == '\0' || folder[length - 1] == '/');
}

static bool is_loopback(const char *host)
{
    struct in_addr address;
    if (inet_pton(AF_INET, host, &address) == 1)
        return ntohl(address.s_addr) >> 24 == 127;
    return strcmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0;
}

static bool check_together(const Loader *loader, GError **error)
{
    const Config *config = loader->config;
    if (is_within(config->site.key_file, config->site.data_dir))
        return refuse(loader, "site", "key_file", "must not be inside data_dir", error);
    if (config->mail.user != NULL && config->mail.password_file == NULL)
        return refuse(loader, "mail", "user", "needs password_file too", error);
    if (config->mail.password_file != NULL && config->mail.user == NULL)
        return refuse(loader, "mail", "password_file", "needs user too", error);
    /* smtps is TLS from the first byte; with "try" its certificate would not be judged. */
    bool judged = config->mail.tls == TLS_REQUIRE ||
                  (config->mail.transport == TRANSPORT_SMTPS && config->mail.tls == TLS_NONE);
    if (config->mail.user != NULL && config->mail.host != NULL && !judged &&
        !is_loopback(config->mail.host))
        return refuse(loader, "mail", "tls",
                      "must be require where a password is sent to another host", error);
    return true;
}

static bool load_entries(const Loader *loader, GError **error)
{
    for (guint i = 0; i < loader->entries->len; i++)
        if (!check_known(loader, loader->entries->pdata[i], error))
            return false;
    for (gsize i = 0; i < G_N_ELEMENTS(fields); i++)
        if (!read_field(loader, &fields[i], error))
            return false;
    fill_defaults(loader->config);
    return check_together(loader, error);
}

bool config_parse(const char *path, const char *text, gsize length, Config **ret,
                  GError **error)
{
    g_autoptr(GPtrArray) entries = NULL;
    if (!keyfile_parse(path, text, length, &entries, error))
        return false;
    g_autoptr(Config) config = g_new0(Config, 1);
    config->file = g_strdup(path);
    Loader loader = {.path = path, .entries = entries, .config = config};
    if (!load_entries(&loader, error))
        return false;
    *ret = g_steal_pointer(&config);
    return true;
}

static bool refuse_file(const char *path, const char *why, GError **error)
{
    g_set_error(error, WICKET_ERROR, ERROR_CONFIG, "%s: %s", path, why);
    return false;
}

static bool refuse_errno(const char *path, int saved, GError **error)
{
    if (saved == ENOENT || saved == ENOTDIR || saved == EACCES || saved == ELOOP)
        return refuse_file(path, g_strerror(saved), error);
    return error_errno(error, saved, "%s", path);
}

static bool read_file(int fd, const char *path, GString *text, GError **error)
{
    struct stat st;
    if (fstat(fd, &st) != 0)
        return refuse_errno(path, errno, error);
    if (!S_ISREG(st.st_mode))
        return refuse_file(path, "not a regular file", error);
    char piece[4096];
    for (;;) {
        ssize_t n = read(fd, piece, sizeof piece);
        if (n == 0)
            return true;
        if (n < 0 && errno != EINTR)
            return refuse_errno(path, errno, error);
        if (n > 0)
            g_string_append_len(text, piece, n);
        if (text->len > FILE_MAX)
            return refuse_file(path, "too long for a configuration", error);
    }
}

bool config_load(const char *path, Config **ret, GError **error)
{
    if (path == NULL)
        path = g_getenv("MAILWICKET_CONFIG");
    if (path == NULL || *path == '\0')
        path = CONFIG_DEFAULT_FILE;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return refuse_errno(path, errno, error);
    g_autoptr(GString) text = g_string_new(NULL);
    bool done = read_file(fd, path, text, error);
    close(fd);
    return done && config_parse(path, text->str, text->len, ret, error);
}

GTimeZone *config_zone(const Config *config)
{
    gsize *slot = (gsize *)&config->site.zone;
    if (g_once_init_enter(slot)) {
        const char *name = config->site.timezone;
        GTimeZone *zone = name != NULL ? g_time_zone_new_identifier(name) : NULL;
        g_once_init_leave(slot, (gsize)(zone != NULL ? zone : g_time_zone_new_local()));
    }
    return (GTimeZone *)config->site.zone;
}

void config_free(Config *config)
{
    if (config == NULL)
        return;
    g_free(config->file);
    g_free(config->site.name);
    g_free(config->site.domain);
    g_free(config->site.base_url);
    g_free(config->site.language);
    if (config->site.zone != 0)
        g_time_zone_unref((GTimeZone *)config->site.zone);
    g_free(config->site.timezone);
    g_free(config->site.data_dir);
    g_free(config->site.key_file);
    g_free(config->mail.host);
    g_free(config->mail.path);
    g_free(config->mail.user);
    g_free(config->mail.password_file);
    g_free(config->mail.ca_file);
    g_free(config->mail.authserv_id);
    g_strfreev(config->mail.trusted_relays);
    g_free(config->mail.spam_header);
    g_free(config->mail.template_dir);
    g_free(config);
}
