/* The configuration: defaults, every kind of value, and the exact words of refusal. */
#include "core/base/config.h"

#include "core/base/error.h"

#include <glib/gstdio.h>
#include <string.h>

#define SITE                                                                                   \
    "[site]\n"                                                                                 \
    "name = Support Exemple\n"                                                                 \
    "domain = example.org\n"                                                                   \
    "base_url = https://help.example.org\n"                                                    \
    "data_dir = /var/lib/mailwicket\n"                                                         \
    "key_file = /etc/mailwicket/key\n"
#define MAIL "[mail]\ntransport = smtp://mail.example.org:587\n"
#define WHOLE SITE MAIL /* what follows is line 9 */

static Config *parse(const char *text)
{
    Config *config = NULL;
    g_autoptr(GError) error = NULL;
    g_autofree char *exact = g_memdup2(text, strlen(text));
    config_parse("test.conf", exact, strlen(text), &config, &error);
    g_assert_no_error(error);
    return config;
}

static void test_defaults(void)
{
    g_autoptr(Config) config = parse(WHOLE);
    g_assert_cmpstr(config->file, ==, "test.conf");
    g_assert_cmpstr(config->site.name, ==, "Support Exemple");
    g_assert_cmpstr(config->site.language, ==, "en");
    g_assert_nonnull(config_zone(config));
    g_assert_cmpint(config->mail.tls, ==, TLS_REQUIRE);
    g_assert_null(config->mail.user);
    g_assert_null(config->mail.authserv_id);
    g_assert_null(config->mail.template_dir);
    g_assert_nonnull(config->mail.trusted_relays);
    g_assert_null(config->mail.trusted_relays[0]);
    g_assert_cmpint(config->limits.message_bytes, ==, 52428800);
    g_assert_cmpint(config->limits.header_bytes, ==, 262144);
    g_assert_cmpint(config->limits.header_fields, ==, 1000);
    g_assert_cmpint(config->limits.address_bytes, ==, 16384);
    g_assert_cmpint(config->limits.parts, ==, 500);
    g_assert_cmpint(config->limits.depth, ==, 20);
    g_assert_cmpint(config->limits.parser_memory_bytes, ==, 268435456);
    g_assert_cmpint(config->limits.parser_seconds, ==, 5);
    g_assert_cmpint(config->limits.acknowledgements_per_day, ==, 5);
    g_assert_cmpint(config->limits.acknowledgements_per_hour, ==, 10);
    g_assert_cmpint(config->limits.unproven_mails_per_ten_minutes, ==, 500);
    g_assert_cmpint(config->limits.outgoing_attachment_bytes, ==, 5242880);
    g_assert_cmpint(config->limits.link_days, ==, 0);
}

static void test_values(void)
{
    g_autoptr(Config) config = parse("\357\273\277# a comment\r\n"
                                     "\r\n"
                                     "  [ site ]  \r\n"
                                     "name=\tCafé #1  \r\n"
                                     "domain=Help.Example.ORG\r\n"
                                     "base_url=http://localhost:8080/tickets/\r\n"
                                     "language=fr\r\n"
                                     "timezone=Europe/Paris\r\n"
                                     "data_dir=/srv//mail/./wicket/\r\n"
                                     "key_file=/srv/mail/wicket-key\r\n"
                                     "[mail]\r\n"
                                     "transport=smtps://[2001:db8::1]\r\n"
                                     "user=robot@example.org\r\n"
                                     "password_file=/etc/p\r\n"
                                     "ca_file=/etc/ca\r\n"
                                     "tls=none\r\n"
                                     "authserv_id=mx.example.org\r\n"
                                     "trusted_relays = 192.0.2.1, 10.0.0.0/8 ;2001:db8::/32\r\n"
                                     "template_dir=/etc/t\r\n"
                                     "[limits]\r\n"
                                     "message_bytes=20M\r\n"
                                     "header_bytes=64K\r\n"
                                     "address_bytes=1000\r\n"
                                     "depth=1\r\n"
                                     "[site]\r\n"
                                     "# groups may come again\r\n");
    g_assert_cmpstr(config->site.name, ==, "Café #1");
    g_assert_cmpstr(config->site.domain, ==, "help.example.org");
    g_assert_cmpstr(config->site.base_url, ==, "http://localhost:8080/tickets");
    g_assert_cmpstr(config->site.language, ==, "fr");
    g_assert_cmpstr(g_time_zone_get_identifier(config_zone(config)), ==, "Europe/Paris");
    g_assert_cmpstr(config->site.data_dir, ==, "/srv/mail/wicket");
    g_assert_cmpstr(config->site.key_file, ==, "/srv/mail/wicket-key");
    g_assert_cmpint(config->mail.transport, ==, TRANSPORT_SMTPS);
    g_assert_cmpstr(config->mail.host, ==, "[2001:db8::1]");
    g_assert_cmpint(config->mail.port, ==, 465);
    g_assert_cmpstr(config->mail.user, ==, "robot@example.org");
    g_assert_cmpstr(config->mail.password_file, ==, "/etc/p");
    g_assert_cmpstr(config->mail.ca_file, ==, "/etc/ca");
    g_assert_cmpint(config->mail.tls, ==, TLS_NONE);
    g_assert_cmpstr(config->mail.authserv_id, ==, "mx.example.org");
    g_assert_cmpstr(config->mail.template_dir, ==, "/etc/t");
    const char *const relays[] = {"192.0.2.1", "10.0.0.0/8", "2001:db8::/32", NULL};
    g_assert_true(g_strv_equal((const char *const *)config->mail.trusted_relays, relays));
    g_assert_cmpint(config->limits.message_bytes, ==, 20 * 1024 * 1024);
    g_assert_cmpint(config->limits.header_bytes, ==, 65536);
    g_assert_cmpint(config->limits.address_bytes, ==, 1000);
    g_assert_cmpint(config->limits.depth, ==, 1);
}

static void test_transports(void)
{
    static const struct {
        const char *value;
        TransportKind kind;
        const char *host;
        int port;
        const char *path;
    } cases[] = {
        {"smtp://mail.example.org", TRANSPORT_SMTP, "mail.example.org", 25, NULL},
        {"smtp://127.0.0.1:2525", TRANSPORT_SMTP, "127.0.0.1", 2525, NULL},
        {"smtps://[::1]:1465", TRANSPORT_SMTPS, "[::1]", 1465, NULL},
        {"sendmail:/usr/sbin/sendmail", TRANSPORT_SENDMAIL, NULL, 0, "/usr/sbin/sendmail"},
        {"maildir:/srv/out/", TRANSPORT_MAILDIR, NULL, 0, "/srv/out"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = g_strconcat(SITE "[mail]\ntransport=", cases[i].value, NULL);
        g_autoptr(Config) config = parse(text);
        g_assert_cmpint(config->mail.transport, ==, cases[i].kind);
        g_assert_cmpstr(config->mail.host, ==, cases[i].host);
        g_assert_cmpint(config->mail.port, ==, cases[i].port);
        g_assert_cmpstr(config->mail.path, ==, cases[i].path);
    }
}

static void refuse(const char *text, gsize length, const char *message)
{
    Config *config = NULL;
    g_autoptr(GError) error = NULL;
    g_autofree char *exact = g_memdup2(text, length);
    g_assert_false(config_parse("test.conf", exact, length, &config, &error));
    g_assert_error(error, WICKET_ERROR, ERROR_CONFIG);
    g_assert_cmpstr(error->message, ==, message);
    g_assert_null(config);
}

static void test_refused(void)
{
    static const struct {
        const char *text, *message;
    } cases[] = {
        /* lines */
        {"name = x\n", "test.conf:1: name: stands before the first [group]"},
        {"\n[site\n", "test.conf:2: \"[site\" is not a [group] line"},
        {"[site] x\n", "test.conf:1: \"[site] x\" is not a [group] line"},
        {"[]\n", "test.conf:1: \"[]\" is not a [group] line"},
        {"[site]\nfoo\n", "test.conf:2: \"foo\" is neither [group], key = value nor # comment"},
        {"[site]\n= x\n", "test.conf:2: \"= x\" has no key before the ="},
        {"[site]\nname[fr] = x\n", "test.conf:2: \"name[fr] = x\" has no key before the ="},
        {"[site]\nname = a\nname = b\n",
         "test.conf:3: [site] name: given twice, first on line 2"},
        {"[site]\nname = a\rb\n", "test.conf:2: a control character"},
        {"[site]\nname = caf\351\n", "test.conf:2: not UTF-8 text"},
        /* vocabulary */
        {WHOLE "[foo]\n",
         "test.conf:9: [foo]: unknown group (there are site, mail and limits)"},
        {WHOLE "usr = x\n", "test.conf:9: [mail] usr: unknown key"},
        {WHOLE "Tls = try\n", "test.conf:9: [mail] Tls: unknown key"},
        {WHOLE "domain = x\n", "test.conf:9: [mail] domain: belongs in [site]"},
        {WHOLE "[limits]\nport = 1\n", "test.conf:10: [limits] port: unknown key"},
        {SITE, "test.conf: [mail] transport: is missing"},
        {MAIL, "test.conf: [site] name: is missing"},
        {"", "test.conf: [site] name: is missing"},
        {WHOLE "user =\n", "test.conf:9: [mail] user: is empty"},
        /* numbers and sizes */
        {WHOLE "[limits]\ndepth = abc\n",
         "test.conf:10: [limits] depth: \"abc\" is not a whole number from 1 to 100"},
        {WHOLE "[limits]\ndepth = 5 # five\n",
         "test.conf:10: [limits] depth: \"5 # five\" is not a whole number from 1 to 100"},
        {WHOLE "[limits]\ndepth = 0\n",
         "test.conf:10: [limits] depth: \"0\" is not a whole number from 1 to 100"},
        {WHOLE "[limits]\ndepth = 101\n",
         "test.conf:10: [limits] depth: \"101\" is not a whole number from 1 to 100"},
        {WHOLE "[limits]\ndepth = -1\n",
         "test.conf:10: [limits] depth: \"-1\" is not a whole number from 1 to 100"},
        {WHOLE "[limits]\ndepth = 1K\n",
         "test.conf:10: [limits] depth: \"1K\" is not a whole number from 1 to 100"},
        {WHOLE "[limits]\ndepth = 99999999999999999999999\n",
         "test.conf:10: [limits] depth: \"99999999999999999999999\" is not a whole number from "
         "1 "
         "to 100"},
        {WHOLE "[limits]\naddress_bytes = K\n", "test.conf:10: [limits] address_bytes: \"K\" "
                                                "is not a size (bytes, or with K or M) from "
                                                "256 to 1048576"},
        {WHOLE "[limits]\naddress_bytes = 2M\n",
         "test.conf:10: [limits] address_bytes: \"2M\" is not a size (bytes, or with K or M) "
         "from 256 to 1048576"},
        {WHOLE "[limits]\naddress_bytes = 18446744073709551615M\n",
         "test.conf:10: [limits] address_bytes: \"18446744073709551615M\" is not a size "
         "(bytes, "
         "or with K or M) from 256 to 1048576"},
        /* words */
        {WHOLE "tls = yes\n",
         "test.conf:9: [mail] tls: \"yes\" is none of require, try and none"},
        {WHOLE "authserv_id = mx (ours)\n",
         "test.conf:9: [mail] authserv_id: \"mx (ours)\" is not one plain word"},
        {WHOLE "ca_file = ca.pem\n",
         "test.conf:9: [mail] ca_file: \"ca.pem\" is not an absolute path"},
        {WHOLE "ca_file = /etc/../x\n",
         "test.conf:9: [mail] ca_file: \"/etc/../x\" is a path with .. in it"},
        {WHOLE "ca_file = /etc/x # ours\n", "test.conf:9: [mail] ca_file: \"/etc/x # ours\" "
                                            "ends in a comment; comments have lines "
                                            "of their own"},
        {WHOLE "trusted_relays = 10.0.0.0/33\n",
         "test.conf:9: [mail] trusted_relays: \"10.0.0.0/33\" is not an IP address or network "
         "(192.0.2.0/24)"},
        {WHOLE "trusted_relays = 10.0.0.1 relay.example.org\n",
         "test.conf:9: [mail] trusted_relays: \"relay.example.org\" is not an IP address or "
         "network (192.0.2.0/24)"},
        /* together */
        {WHOLE "user = x\n", "test.conf:9: [mail] user: needs password_file too"},
        {WHOLE "password_file = /x\n", "test.conf:9: [mail] password_file: needs user too"},
        {WHOLE "user = x\npassword_file = /x\ntls = try\n",
         "test.conf:11: [mail] tls: must be require where a password is sent to another host"},
        {SITE "[mail]\ntransport = smtps://mx.example.org:465\nuser = x\npassword_file = /x\n"
              "tls = try\n",
         "test.conf:11: [mail] tls: must be require where a password is sent to another host"},
        {SITE "[mail]\ntransport = smtp://127.evil.example:25\nuser = x\npassword_file = /x\n"
              "tls = none\n",
         "test.conf:11: [mail] tls: must be require where a password is sent to another host"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
        refuse(cases[i].text, strlen(cases[i].text), cases[i].message);
    refuse("[site]\nname = a\0b\n", 18, "test.conf:2: not UTF-8 text");
}

/* The whole with the line of `key` changed: the message must name that line and the key. */
static void refuse_line(const char *key, const char *value)
{
    g_autoptr(GString) text = g_string_new(NULL);
    g_auto(GStrv) lines = g_strsplit(WHOLE, "\n", -1);
    g_autofree char *prefix = g_strconcat(key, " =", NULL);
    int found = 0;
    for (int i = 0; lines[i] != NULL; i++) {
        if (g_str_has_prefix(lines[i], prefix)) {
            g_string_append_printf(text, "%s = %s\n", key, value);
            found = i + 1;
        } else {
            g_string_append_printf(text, "%s\n", lines[i]);
        }
    }
    g_assert_cmpint(found, !=, 0);
    Config *config = NULL;
    g_autoptr(GError) error = NULL;
    if (config_parse("test.conf", text->str, text->len, &config, &error))
        g_error("%s = %s was taken", key, value);
    g_autofree char *start = g_strdup_printf("test.conf:%d: [", found);
    g_assert_true(g_str_has_prefix(error->message, start));
    g_assert_nonnull(strstr(error->message, key));
    g_assert_null(strpbrk(error->message, "\r\n"));
}

static void test_refused_values(void)
{
    static const struct {
        const char *key, *values[20];
    } cases[] = {
        {"domain",
         {"a..b", ".a", "a.", "-a.b", "a-.b", "a_b", "a b", "\303\251.fr", "a@b", "a:25"}},
        {"base_url",
         {"help.example.org", "ftp://a", "https://", "https:///x", "https://a b", "https://a\"",
          "https://a'b", "https://a/<b>", "https://a/?x", "https://a/#x", "https://u@a",
          "https://a:0", "https://a:65536", "https://a:x", "https://a//", "https://[::1",
          "https://[zz]", "HTTPS://a", "https://a/\\"}},
        {"data_dir", {"var/lib", "~/x", "./x", "/a/..", "/a/../b"}},
        {"key_file",
         {"key", "/var/lib/mailwicket", "/var/lib/mailwicket/key",
          "/var/lib//mailwicket/./key"}},
        {"transport",
         {"smtp:", "smtp://", "smtp://:25", "smtp://a:", "smtp://a:99999", "smtp://a/x",
          "smtp://u@a", "lmtp://a", "sendmail:", "sendmail:sendmail", "maildir:out",
          "sendmail:/usr/sbin/sendmail # the usual"}},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
        for (gsize j = 0; cases[i].values[j] != NULL; j++)
            refuse_line(cases[i].key, cases[i].values[j]);
    static const char *const zones[] = {"Paris", "+01:00", "../../etc/passwd", "Europe/../UTC"};
    for (gsize i = 0; i < G_N_ELEMENTS(zones); i++) {
        g_autofree char *text = g_strdup_printf("%stimezone = %s\n" MAIL, SITE, zones[i]);
        g_autofree char *message =
            g_strdup_printf("test.conf:7: [site] timezone: \"%s\" is not a time zone of this "
                            "system such as Europe/Paris",
                            zones[i]);
        refuse(text, strlen(text), message);
    }
}

static void test_key_beside_data(void)
{
    g_autoptr(Config) config = parse(
        "[site]\nname=x\ndomain=x\nbase_url=http://x/\ndata_dir=/d\nkey_file=/d-key\n" MAIL);
    g_assert_cmpstr(config->site.base_url, ==, "http://x");
}

/* A password may go in the clear to this very machine. */
static void test_loopback_password(void)
{
    g_autoptr(Config) config = parse(
        SITE "[mail]\ntransport=smtp://127.0.0.1:2525\ntls=none\nuser=u\npassword_file=/p\n");
    g_assert_cmpint(config->mail.tls, ==, TLS_NONE);
}

static void test_load(void)
{
    g_autofree char *folder = g_dir_make_tmp("config-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(folder, "mailwicket.conf", NULL);
    g_autoptr(Config) config = NULL;
    g_autoptr(GError) missing = NULL;
    g_assert_false(config_load(path, &config, &missing));
    g_assert_error(missing, WICKET_ERROR, ERROR_CONFIG);
    g_assert_true(g_str_has_prefix(missing->message, path));

    g_autoptr(GError) is_folder = NULL;
    g_assert_false(config_load(folder, &config, &is_folder));
    g_assert_error(is_folder, WICKET_ERROR, ERROR_CONFIG);

    g_assert_true(g_file_set_contents(path, WHOLE, -1, NULL));
    g_assert_true(config_load(path, &config, NULL));
    g_assert_cmpstr(config->file, ==, path);

    g_autoptr(Config) other = NULL;
    g_setenv("MAILWICKET_CONFIG", path, TRUE);
    g_assert_true(config_load(NULL, &other, NULL));
    g_assert_cmpstr(other->file, ==, path);
    g_unsetenv("MAILWICKET_CONFIG");

    g_autofree char *filler = g_strnfill(70000, '#');
    g_autoptr(GError) too_long = NULL;
    Config *none = NULL;
    g_assert_true(g_file_set_contents(path, filler, -1, NULL));
    g_assert_false(config_load(path, &none, &too_long));
    g_assert_error(too_long, WICKET_ERROR, ERROR_CONFIG);
    g_unlink(path);
    g_rmdir(folder);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/config/defaults", test_defaults);
    g_test_add_func("/config/values", test_values);
    g_test_add_func("/config/transports", test_transports);
    g_test_add_func("/config/refused", test_refused);
    g_test_add_func("/config/refused-values", test_refused_values);
    g_test_add_func("/config/key-beside-data", test_key_beside_data);
    g_test_add_func("/config/loopback-password", test_loopback_password);
    g_test_add_func("/config/load", test_load);
    return g_test_run();
}
