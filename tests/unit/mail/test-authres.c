/* Authentication-Results: real headers of real servers, and the forgeries around them. */
#include "core/mail/authres.h"

#include <string.h>

static char *no_relays[] = {NULL};

/* Reads `raw` from a block of its exact size. */
static GPtrArray *read_raw(const char *raw)
{
    GPtrArray *results = g_ptr_array_new_with_free_func((GDestroyNotify)mail_auth_result_free);
    g_autofree char *block = g_strdup(raw);
    authres_read(block, 0, results);
    return results;
}

static char *describe(const GPtrArray *results)
{
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < results->len; i++) {
        const MailAuthResult *r = results->pdata[i];
        g_string_append_printf(out, "[%s %s=%s %s]", r->server, r->method, r->result,
                               r->identity);
    }
    return g_string_free(out, FALSE);
}

static const char *const values[][2] = {
    /* Each of RFC 8601 appendix B. */
    {" example.org 1; none", ""},
    {" example.com; spf=pass smtp.mailfrom=example.net", "[example.com spf=pass ]"},
    {" example.com;\r\n auth=pass (cram-md5) smtp.auth=Sender@example.net;\r\n"
     " spf=pass smtp.mailfrom=example.net",
     "[example.com auth=pass sender@example.net][example.com spf=pass ]"},
    {" example.com; iprev=pass policy.iprev=192.0.2.200", "[example.com iprev=pass ]"},
    {" example.com;\n dkim=pass (good signature) header.d=example.com",
     "[example.com dkim=pass example.com]"},
    {" foo.example.net (foobar) 1 (baz);\r\n"
     "    dkim (Because I like it) / 1 (One yay) = (wait for it) fail\r\n"
     "      policy (A dot can go here) . (like that) expired\r\n"
     "      (this surprised me) = (as I wasn't expecting it) 1362471462",
     "[foo.example.net dkim=fail ]"},

    /* OpenDKIM, OpenDMARC, Rspamd, Microsoft. */
    {" mx.tickets.example;\n\tdkim=pass (2048-bit key; unprotected) header.d=a.example "
     "header.i=@a.example header.a=rsa-sha256 header.s=s1 header.b=Ab+/c==;\n"
     "\tdkim-atps=neutral",
     "[mx.tickets.example dkim=pass a.example][mx.tickets.example dkim-atps=neutral ]"},
    {" mx.tickets.example; dmarc=pass (p=none dis=none) header.from=A.Example",
     "[mx.tickets.example dmarc=pass a.example]"},
    {"mx;dkim=pass header.d=a.example header.s=s header.b=\"Ab/ (;\";"
     "dmarc=fail reason=\"no policy; (really)\" header.from=a.example (policy=none);",
     "[mx dkim=pass a.example][mx dmarc=fail a.example]"},
    {"mx; dmarc=pass action=none header.from=a.example;compauth=pass reason=100",
     "[mx dmarc=pass a.example][mx compauth=pass ]"},

    /* Spellings of the authserv-id. */
    {"(c) (a (nested \\) one)) MX.Tickets.EXAMPLE 1 ; spf=none",
     "[mx.tickets.example spf=none ]"},
    {"\"mx.tickets.example\"; spf=none", "[mx.tickets.example spf=none ]"},

    /* Broken: nothing at all. */
    {"", ""},
    {"mx 2; dmarc=pass header.from=a.example", ""},
    {"mx x; dmarc=pass header.from=a.example", ""},
    {"mx 1 1; dmarc=pass header.from=a.example", ""},
    {"mx evil.example; dmarc=pass header.from=a.example", ""},
    {"mx, mx; dmarc=pass", ""},
    {"; dmarc=pass header.from=a.example", ""},
    {"mx; dmarc=pass header.from=a.example; (unclosed", ""},
    {"mx; dmarc=pass header.from=a.example; spf=\"unclosed", ""},
    {"mx; dmarc=pass header.from=", ""},
    {"mx; dmarc=pass header.", ""},
    {"mx; dmarc", ""},
    {"mx; dmarc=", ""},
    {"mx; =pass", ""},
    {"mx; dmarc=pass.fail", ""},
    {"mx; dkim/2=pass header.d=a.example", ""},
    {"mx; dmarc=pass header.from=a\x01.example", ""},
    {"mx; dmarc=pass header.from=a\xff.example", ""},
    {"mx; none; dmarc=pass header.from=a.example", ""},
    {"mx; dmarc=pass header.from=a.example\\", ""},

    /* Two identities in one result cancel each other. */
    {"mx; dkim=pass header.d=a.example header.d=b.example", "[mx dkim=pass ]"},
    {"mx; dkim=pass header.d=a.example header.d=A.example", "[mx dkim=pass a.example]"},
    /* What a sender chose, quoted by the server, stays a value. */
    {"mx; spf=fail smtp.mailfrom=\"; dmarc=pass header.from=a.example\"@evil.example",
     "[mx spf=fail ]"},
};

static void test_grammar(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(values); i++) {
        g_autoptr(GPtrArray) results = read_raw(values[i][0]);
        g_autofree char *got = describe(results);
        g_test_message("%s", values[i][0]);
        g_assert_cmpstr(got, ==, values[i][1]);
    }
}

static void test_bounds(void)
{
    g_autofree char *nest = g_strnfill(100000, '(');
    g_autofree char *deep = g_strconcat("mx ", nest, "; dmarc=pass", NULL);
    g_autoptr(GPtrArray) none = read_raw(deep);
    g_assert_cmpuint(none->len, ==, 0);

    g_autoptr(GString) many = g_string_new("mx");
    for (int i = 0; i < 1000; i++)
        g_string_append(many, "; spf=pass");
    g_autoptr(GPtrArray) capped = read_raw(many->str);
    g_assert_cmpuint(capped->len, ==, AUTHRES_MAX);
}

/* --- believing --------------------------------------------------------------------------- */

static Mail *mail_with(int hop, const char *value)
{
    Mail *mail = mail_new();
    authres_read(value, hop, mail->auth);
    return mail;
}

static bool proves(const Mail *mail, char *const *relays, const char *domain)
{
    g_autofree char *login = NULL;
    return authres_proves_domain(mail, "mx.Tickets.example", relays, domain, &login);
}

static void test_proof(void)
{
    static const struct {
        int hop;
        const char *value, *domain;
        bool proof;
    } cases[] = {
        {0, "mx.tickets.example; dmarc=pass header.from=a.example", "a.example", true},
        {0, "mx.tickets.example; dmarc=pass header.from=a.example", "A.EXAMPLE", true},
        {0, "mx.tickets.example; dmarc=pass header.from=b.example", "a.example", false},
        {0, "mx.tickets.example; dmarc=pass", "a.example", false},
        {0, "mx.tickets.example; dmarc=pass header.from=a.example", "x.a.example", false},
        {0, "mx.evil.example; dmarc=pass header.from=a.example", "a.example", false},
        {0, "mx.tickets.example; dmarc=none header.from=a.example", "a.example", false},
        {0, "mx.tickets.example; spf=pass smtp.mailfrom=a.example", "a.example", false},
        {0, "mx.tickets.example; none", "a.example", false},
        /* Below a Received: written by whoever sent it. */
        {1, "mx.tickets.example; dmarc=pass header.from=a.example", "a.example", false},
        {1, "MX.Tickets.EXAMPLE 1; dmarc=pass header.from=a.example", "a.example", false},
        {1, "(c) mx.tickets.example ; dmarc=pass header.from=a.example", "a.example", false},

        {0, "mx.tickets.example; dkim=pass header.d=a.example", "a.example", true},
        {0, "mx.tickets.example; dkim=pass header.d=a.example", "mail.a.example", true},
        {0, "mx.tickets.example; dkim=pass header.d=a.example", "evila.example", false},
        {0, "mx.tickets.example; dkim=pass header.d=mail.a.example", "a.example", false},
        {0, "mx.tickets.example; dkim=pass header.d=example", "a.example", false},
        {0, "mx.tickets.example; dkim=pass header.d=.example", "a.example", false},
        {0, "mx.tickets.example; dkim=pass header.d=\"\"", "a.example", false},
        {0, "mx.tickets.example; dkim=pass header.i=@a.example", "a.example", false},
        {0, "mx.tickets.example; dkim=fail header.d=a.example", "a.example", false},
        {0, "mx.tickets.example; dkim=pass header.d=evil.example; dkim=pass header.d=a.example",
         "a.example", true},
        {0,
         "mx.tickets.example; dkim=pass header.d=a.example; dmarc=fail header.from=a.example",
         "a.example", false},
        {0, "mx.tickets.example; dkim=pass header.d=a.example", "", false},
        {0, "mx.tickets.example; auth=pass smtp.auth=u@a.example", "a.example", false},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Mail) mail = mail_with(cases[i].hop, cases[i].value);
        g_test_message("%s for %s", cases[i].value, cases[i].domain);
        g_assert_cmpint(proves(mail, no_relays, cases[i].domain), ==, cases[i].proof);
    }
}

static void test_login(void)
{
    g_autoptr(Mail) mail = mail_with(0, "mx.tickets.example; auth=fail smtp.auth=x@a.example; "
                                        "auth=pass (plain) smtp.auth=Tech@a.example");
    g_autofree char *login = NULL;
    g_assert_false(
        authres_proves_domain(mail, "mx.tickets.example", no_relays, "a.example", &login));
    g_assert_cmpstr(login, ==, "tech@a.example");

    g_autofree char *nobody = NULL;
    g_assert_false(authres_proves_domain(mail, NULL, no_relays, "a.example", &nobody));
    g_assert_null(nobody);

    g_autoptr(Mail) forged =
        mail_with(1, "mx.tickets.example; auth=pass smtp.auth=t@a.example");
    g_assert_false(
        authres_proves_domain(forged, "mx.tickets.example", no_relays, "a.example", &nobody));
    g_assert_null(nobody);
}

static void test_relays(void)
{
    static const struct {
        const char *received[4];
        const char *relays[4];
        int hop;
    } cases[] = {
        {{"192.0.2.1"}, {NULL}, 0},
        {{"192.0.2.1"}, {"192.0.2.1"}, 1},
        {{"192.0.2.1"}, {"192.0.2.2"}, 0},
        {{"192.0.2.1", "192.0.2.1"}, {"192.0.2.1"}, 2},
        {{"192.0.2.1", "203.0.113.9", "192.0.2.1"}, {"192.0.2.1"}, 1},
        {{"203.0.113.9", "192.0.2.1"}, {"192.0.2.1"}, 0},
        {{"10.1.2.3"}, {"10.0.0.0/8"}, 1},
        {{"11.1.2.3"}, {"10.0.0.0/8"}, 0},
        {{"10.1.2.131"}, {"10.1.2.128/25"}, 1},
        {{"10.1.2.127"}, {"10.1.2.128/25"}, 0},
        {{"10.1.2.3"}, {"0.0.0.0/0"}, 1},
        {{"2001:db8::1"}, {"0.0.0.0/0"}, 0},
        {{"2001:DB8:0::1"}, {"2001:db8::/32"}, 1},
        {{"IPv6:2001:db8::1"}, {"2001:db8::1"}, 1},
        {{"::ffff:192.0.2.1"}, {"192.0.2.0/24"}, 1},
        {{"2001:db9::1"}, {"2001:db8::/32"}, 0},
        {{""}, {"0.0.0.0/0", "::/0"}, 0},
        {{"relay.example"}, {"0.0.0.0/0"}, 0},
        {{"192.0.2.1"}, {"192.0.2.0/33", "192.0.2.0/", "relay.example", "/24"}, 0},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Mail) mail = mail_new();
        char *relays[5] = {NULL};
        for (gsize r = 0; r < 4 && cases[i].received[r]; r++)
            g_ptr_array_add(mail->received_from, g_strdup(cases[i].received[r]));
        for (gsize r = 0; r < 4; r++)
            relays[r] = (char *)cases[i].relays[r];
        g_test_message("case %d", (int)i);
        g_assert_cmpint(authres_trusted_hop(mail, relays), ==, cases[i].hop);
    }
}

static void test_trusted_relay(void)
{
    char *relays[] = {(char *)"192.0.2.0/24", NULL};
    g_autoptr(Mail) mail = mail_with(1, "mx.tickets.example; dmarc=pass header.from=a.example");
    g_ptr_array_add(mail->received_from, g_strdup("192.0.2.7"));
    g_ptr_array_add(mail->received_from, g_strdup("203.0.113.9"));
    g_assert_true(proves(mail, relays, "a.example"));
    g_assert_false(proves(mail, no_relays, "a.example"));

    g_autoptr(Mail) below =
        mail_with(2, "mx.tickets.example; dmarc=pass header.from=a.example");
    g_ptr_array_add(below->received_from, g_strdup("192.0.2.7"));
    g_ptr_array_add(below->received_from, g_strdup("203.0.113.9"));
    g_assert_false(proves(below, relays, "a.example"));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/authres/grammar", test_grammar);
    g_test_add_func("/authres/bounds", test_bounds);
    g_test_add_func("/authres/proof", test_proof);
    g_test_add_func("/authres/login", test_login);
    g_test_add_func("/authres/relays", test_relays);
    g_test_add_func("/authres/trusted-relay", test_trusted_relay);
    return g_test_run();
}
