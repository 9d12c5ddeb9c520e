/* The configuration: whatever is accepted keeps what config.h promises; a refusal is one line.
 */
#include "core/base/config.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const guint8 *bytes, gsize length);

static void check(const Config *config)
{
    g_assert_nonnull(config->site.name);
    g_assert_true(config->site.data_dir[0] == '/' && config->site.key_file[0] == '/');
    g_assert_null(strpbrk(config->site.base_url, " \"'<>\\\r\n"));
    g_assert_true((config->mail.host != NULL) != (config->mail.path != NULL));
    g_assert_true(config->mail.host == NULL ||
                  (config->mail.port > 0 && config->mail.port < 65536));
    g_assert_true((config->mail.user == NULL) == (config->mail.password_file == NULL));
    g_assert_true(config->limits.depth >= 1 && config->limits.depth <= 100);
    g_assert_true(config->limits.message_bytes > 0);
    g_assert_nonnull(config->mail.trusted_relays);
}

int LLVMFuzzerTestOneInput(const guint8 *bytes, gsize length)
{
    g_autoptr(Config) config = NULL;
    g_autoptr(GError) error = NULL;
    if (config_parse("fuzz.conf", (const char *)bytes, length, &config, &error)) {
        check(config);
    } else {
        g_assert_null(config);
        g_assert_true(g_str_has_prefix(error->message, "fuzz.conf"));
        g_assert_true(g_utf8_validate(error->message, -1, NULL));
        g_assert_null(strpbrk(error->message, "\r\n"));
    }
    return 0;
}
