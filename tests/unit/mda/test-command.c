/* Command lines of LMTP: what is understood, and what is answered where nothing is. */
#include "mda/command.h"

#include <string.h>

/* The command in words: "MAIL zoe@client.test size=12". */
static char *tell(const char *line)
{
    static const char *const verbs[] = {
        [COMMAND_LHLO] = "LHLO", [COMMAND_MAIL] = "MAIL",         [COMMAND_RCPT] = "RCPT",
        [COMMAND_DATA] = "DATA", [COMMAND_BDAT] = "BDAT",         [COMMAND_RSET] = "RSET",
        [COMMAND_NOOP] = "NOOP", [COMMAND_VRFY] = "VRFY",         [COMMAND_QUIT] = "QUIT",
        [COMMAND_WRONG] = "",    [COMMAND_XFORWARD] = "XFORWARD",
    };
    g_auto(Command) command = {0};
    command_parse(line, strlen(line), &command);
    if (command.verb == COMMAND_WRONG)
        return g_strndup(command.answer, 9);
    GString *out = g_string_new(verbs[command.verb]);
    if (command.address)
        g_string_append_printf(out, " <%s>", command.address);
    if (command.ident)
        g_string_append_printf(out, " %s", command.ident);
    if (command.size)
        g_string_append_printf(out, " %d", (int)command.size);
    g_string_append(out, command.last ? " last" : "");
    return g_string_free(out, FALSE);
}

static const struct {
    const char *what, *line, *expected;
} cases[] = {
    {"plain", "MAIL FROM:<zoe@client.test>", "MAIL <zoe@client.test>"},
    {"null-sender", "MAIL FROM:<>", "MAIL <>"},
    {"any-case", "mail from:<Zoe@Client.Test> size=12", "MAIL <Zoe@Client.Test> 12"},
    {"parameters", "MAIL FROM:<a@b.test> BODY=8BITMIME SIZE=42 SMTPUTF8", "MAIL <a@b.test> 42"},
    {"blank-before-path", "MAIL FROM: <a@b.test>", "MAIL <a@b.test>"},
    {"blanks-at-the-end", "RCPT TO:<a@b.test>  ", "RCPT <a@b.test>"},
    {"quoted-local-part", "RCPT TO:<\"a >b\"@c.test>", "RCPT <\"a >b\"@c.test>"},
    {"quoted-quote", "RCPT TO:<\"a\\\">b\"@c.test>", "RCPT <\"a\\\">b\"@c.test>"},
    {"source-route", "RCPT TO:<@r.test,@s.test:a@b.test>", "RCPT <a@b.test>"},
    {"utf8", "RCPT TO:<zoé@exemple.test>", "RCPT <zoé@exemple.test>"},
    {"no-domain", "RCPT TO:<postmaster>", "RCPT <postmaster>"},
    {"no-path", "MAIL FROM:zoe@client.test", "501 5.1.7"},
    {"open-path", "MAIL FROM:<zoe@client.test", "501 5.1.7"},
    {"two-paths", "RCPT TO:<a@b.test><c@d.test>", "501 5.1.3"},
    {"bracket-in-path", "RCPT TO:<a<b@c.test>", "501 5.1.3"},
    {"blank-in-path", "RCPT TO:<a b@c.test>", "501 5.1.3"},
    {"empty-recipient", "RCPT TO:<>", "501 5.1.3"},
    {"unknown-parameter", "MAIL FROM:<a@b.test> RET=HDRS", "555 5.5.4"},
    {"size-is-no-number", "MAIL FROM:<a@b.test> SIZE=ten", "555 5.5.4"},
    {"size-too-long", "MAIL FROM:<a@b.test> SIZE=9999999999999999999", "555 5.5.4"},
    {"recipient-parameter", "RCPT TO:<a@b.test> NOTIFY=NEVER", "555 5.5.4"},
    {"control-character", "MAIL FROM:<a@b.test>\rRSET", "500 5.5.2"},
    {"bare-line-feed", "MAIL FROM:<a@b.test>\nRCPT TO:<a@b.test>", "500 5.5.2"},
    {"chunk", "BDAT 1000", "BDAT 1000"},
    {"last-chunk", "bdat 0 last", "BDAT last"},
    {"chunk-without-size", "BDAT LAST", "501 5.5.4"},
    {"chunk-with-more", "BDAT 1 FIRST", "501 5.5.4"},
    {"ident", "XFORWARD IDENT=4Zk+2B1", "XFORWARD 4Zk+1"},
    {"no-ident", "XFORWARD IDENT=[UNAVAILABLE] SOURCE=LOCAL", "XFORWARD "},
    {"greeting", "LHLO mx.example", "LHLO"},
    {"greeting-without-name", "LHLO", "501 5.5.4"},
    {"smtp-greeting", "EHLO mx.example", "500 5.5.2"},
    {"data", "DATA", "DATA"},
    {"data-with-more", "DATA now", "501 5.5.4"},
    {"noop", "NOOP whatever", "NOOP"},
    {"empty", "", "500 5.5.2"},
    {"unknown", "TURN", "500 5.5.2"},
};

static void test_case(gconstpointer user)
{
    gsize i = GPOINTER_TO_SIZE(user);
    g_autofree char *got = tell(cases[i].line);
    g_assert_cmpstr(got, ==, cases[i].expected);
}

static void test_zero_byte(void)
{
    g_auto(Command) command = {0};
    command_parse("NOOP\0DATA", 9, &command);
    g_assert_cmpint(command.verb, ==, COMMAND_WRONG);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *path = g_strconcat("/command/", cases[i].what, NULL);
        g_test_add_data_func(path, GSIZE_TO_POINTER(i), test_case);
    }
    g_test_add_func("/command/zero-byte", test_zero_byte);
    return g_test_run();
}
