/* Replies, signatures and quotes, and what is read of forwards. */
#include "core/mail/quote.h"

#include "tests/unit/mail/quote-cases.h"

#include <string.h>

/* Takes a case apart: the text, and the lines of each part. */
typedef struct {
    GString *text, *parts[3];
} Expected;

static Expected read_case(const char *lines)
{
    Expected expected = {g_string_new(NULL),
                         {g_string_new(NULL), g_string_new(NULL), g_string_new(NULL)}};
    while (*lines) {
        gsize part = *lines == 'R' ? 0 : *lines == 'S' ? 1 : 2, n = strcspn(++lines, "\n");
        n += lines[n] == '\n';
        g_string_append_len(expected.text, lines, (gssize)n);
        g_string_append_len(expected.parts[part], lines, (gssize)n);
        lines += n;
    }
    return expected;
}

static void check_case(const char *what, const char *lines)
{
    Expected expected = read_case(lines);
    QuoteParts parts;
    quote_split(expected.text->str, "Re: x", &parts);
    g_test_message("%s: %s", what, lines);
    g_assert_cmpstr(parts.reply, ==, expected.parts[0]->str);
    g_assert_cmpstr(parts.signature, ==, expected.parts[1]->str);
    g_assert_cmpstr(parts.quoted, ==, expected.parts[2]->str);
    quote_parts_clear(&parts);
    g_string_free(expected.text, TRUE);
    for (gsize i = 0; i < 3; i++)
        g_string_free(expected.parts[i], TRUE);
}

static void test_table(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(quote_cases); i++)
        check_case(quote_cases[i].what, quote_cases[i].lines);
}

static void test_attributions(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(attributions); i++) {
        g_autofree char *marked = g_strdup_printf("RAha.\nQ\nQ%s\nQ> Oho?\n", attributions[i]);
        g_autofree char *bare = g_strdup_printf("RAha.\nQ\nQ%s\nQ\nQOho?\n", attributions[i]);
        check_case("marked", marked);
        check_case("not marked", bare);
    }
}

static void test_headers(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(headers); i++) {
        const char *const *labels = headers[i];
        g_autofree char *lines =
            g_strdup_printf("RAha.\nQ\nQ%s: Ann\nQ%s: x\nQ%s: Paul\nQ%s: y\nQ\nQOho?\n",
                            labels[0], labels[1], labels[2], labels[3]);
        check_case(labels[0], lines);
    }
}

static void test_footers(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(footers); i++) {
        g_autofree char *lines = g_strdup_printf("RAha.\nS\nS%s\n", footers[i]);
        check_case("footer", lines);
    }
}

static void test_cuts(void)
{
    QuoteParts parts;
    quote_split("Hi.\n\n-- \nAnn\n\nLe 20/11/2026 à 09:12, Paul a écrit :\n> x\n", "", &parts);
    g_assert_cmpuint(parts.cuts->len, ==, 3);
    static const struct {
        guint32 line, lines;
        bool is_signature;
        const char *rule;
    } want[] = {
        {2, 3, true, "a signature below --"},
        {5, 2, false, "an attribution line, French"},
        {7, 1, false, "quoted with >"},
    };
    for (guint i = 0; i < 3; i++) {
        const MailCut *cut = parts.cuts->pdata[i];
        g_assert_cmpuint(cut->line, ==, want[i].line);
        g_assert_cmpuint(cut->lines, ==, want[i].lines);
        g_assert_cmpint(cut->is_signature, ==, want[i].is_signature);
        g_assert_cmpstr(cut->rule, ==, want[i].rule);
    }
    quote_parts_clear(&parts);
}

/* --- forwards ---------------------------------------------------------------------------- */

static const struct {
    const char *mail_subject, *text, *name, *address, *subject, *date;
} forwards[] = {
    {"Fwd: Imprimante",
     "Voilà.\n\n---------- Forwarded message ---------\nDe : Ann Example <ann@x.org>\n"
     "Date: ven. 20 nov. 2026 à 09:12\nSubject: Imprimante\nTo: <p@x.org>\n\nCassée.\n",
     "Ann Example", "ann@x.org", "Imprimante", "2026-11-20T09:12:00Z"},
    {"TR: Imprimante",
     "Pour toi.\n\nDe : Ann Example <ann@x.org>\nEnvoyé : vendredi 20 novembre 2026 09:12\n"
     "À : Paul\nObjet : Imprimante\n\nCassée.\n",
     "Ann Example", "ann@x.org", "Imprimante", "2026-11-20T09:12:00Z"},
    {"Fwd: Printer",
     "> Begin forwarded message:\n>\n> From: Ann <ann@x.org>\n> Subject: Printer\n"
     "> Date: 20 November 2026 at 9:12:30 PM GMT+1\n> To: p@x.org\n>\n> Broken.\n",
     "Ann", "ann@x.org", "Printer", "2026-11-20T20:12:30Z"},
    {"Fwd: Printer",
     "----- Forwarded Message ----- From: Ann <ann@x.org>To: \"p\" <p@x.org>Sent: Friday, "
     "November 20, 2026, 09:12:00 AM GMT+1Subject: Printer\nBroken.\n",
     "Ann", "ann@x.org", "Printer", "2026-11-20T08:12:00Z"},
    {"FW: Printer", "On 20/11/2026 9:12, \"Ann\" <ann@x.org> wrote:\n\n    Broken.\n", "Ann",
     "ann@x.org", "Printer", "2026-11-20T09:12:00Z"},
    {"WG: Drucker",
     "Von: Ann [mailto:ann@x.org]\nGesendet: einmal\nAn: Paul\nBetreff: Drucker\n\nKaputt.\n",
     "Ann", "ann@x.org", "Drucker", NULL},
};

static void test_forwards(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(forwards); i++) {
        QuoteParts parts;
        quote_split(forwards[i].text, forwards[i].mail_subject, &parts);
        g_test_message("%s", forwards[i].text);
        g_assert_cmpstr(parts.reply, ==, forwards[i].text);
        g_assert_nonnull(parts.forward);
        g_assert_cmpstr(parts.forward->name, ==, forwards[i].name);
        g_assert_cmpstr(parts.forward->address, ==, forwards[i].address);
        g_assert_cmpstr(parts.forward->subject, ==, forwards[i].subject);
        g_autoptr(GDateTime) when =
            forwards[i].date ? g_date_time_new_from_iso8601(forwards[i].date, NULL) : NULL;
        g_assert_cmpint(parts.forward->date, ==, when ? g_date_time_to_unix(when) : 0);
        quote_parts_clear(&parts);
    }
}

static void test_no_forward(void)
{
    QuoteParts parts;
    quote_split("Aha.\n\nFrom: Ann\nSent: Friday\nTo: Paul\nSubject: Fwd: x\n", "Re: Fwd: x",
                &parts);
    g_assert_null(parts.forward);
    g_assert_cmpstr(parts.reply, ==, "Aha.\n");
    quote_parts_clear(&parts);
}

/* --- any text ---------------------------------------------------------------------------- */

/* Every line in exactly one part, in order, as the cuts say. */
static void assert_lossless(const char *text)
{
    QuoteParts parts;
    quote_split(text, "Re: x", &parts);
    const char *at[] = {parts.reply, parts.signature, parts.quoted};
    guint32 n = 1;
    for (guint i = 0; *text; n++) {
        gsize length = strcspn(text, "\n");
        length += text[length] == '\n';
        const MailCut *cut = i < parts.cuts->len ? parts.cuts->pdata[i] : NULL;
        gsize part = !cut || n < cut->line ? 0 : cut->is_signature ? 1 : 2;
        g_assert_cmpint(strncmp(at[part], text, length), ==, 0);
        at[part] += length;
        text += length;
        i += cut && n + 1 == cut->line + cut->lines;
    }
    for (gsize i = 0; i < 3; i++)
        g_assert_cmpstr(at[i], ==, "");
    quote_parts_clear(&parts);
}

static void test_lossless(void)
{
    static const char *const lines[] = {
        "own\n",
        "\n",
        "> quote\n",
        "-- \n",
        "Sent from my x\n",
        "Le 20/11/2026 Ann a écrit :\n",
        "-----Original Message-----\n",
        "From: a\n",
        "Sent: b\n",
        "Subject: c\n",
        "Begin forwarded message:\n",
        "  \n",
    };
    GRand *random = g_rand_new_with_seed(20);
    for (int round = 0; round < 3000; round++) {
        g_autoptr(GString) text = g_string_new(NULL);
        for (int n = g_rand_int_range(random, 0, 12); n > 0; n--)
            g_string_append(text, lines[g_rand_int_range(random, 0, G_N_ELEMENTS(lines))]);
        assert_lossless(text->str);
    }
    g_rand_free(random);
}

static void test_bombs(void)
{
    static const char *const pieces[] = {
        "On 1 wrote ",      "Le 1 a écrit:\n",
        "<a@b>:\n",         "-",
        "-----\n",          ">",
        "De :\n",           "-- \n",
        "On 1\n",           " \n",
        "Sent from my ",    "<a@",
        "a@b <c@d> a@b:\n", "_\n",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(pieces); i++) {
        g_autoptr(GString) bomb = g_string_new(NULL);
        while (bomb->len < 256 * 1024)
            g_string_append(bomb, pieces[i]);
        QuoteParts parts;
        quote_split(bomb->str, "Fwd: x", &parts);
        g_assert_cmpuint(strlen(parts.reply) + strlen(parts.signature) + strlen(parts.quoted),
                         ==, bomb->len);
        quote_parts_clear(&parts);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/mail/quote/table", test_table);
    g_test_add_func("/mail/quote/attributions", test_attributions);
    g_test_add_func("/mail/quote/headers", test_headers);
    g_test_add_func("/mail/quote/footers", test_footers);
    g_test_add_func("/mail/quote/cuts", test_cuts);
    g_test_add_func("/mail/quote/forwards", test_forwards);
    g_test_add_func("/mail/quote/no-forward", test_no_forward);
    g_test_add_func("/mail/quote/lossless", test_lossless);
    g_test_add_func("/mail/quote/bombs", test_bombs);
    return g_test_run();
}
