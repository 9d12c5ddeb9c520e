/* An SMTP dialogue without a server: what is said when, what answers mean, wherever the bytes
 * that come are cut. */
#include "notifier/dialogue.h"

#include "tests/unit/notifier/send-mail.h"

static const char text[] = "Subject: x\r\n\r\n.dot\r\n..\r\nfin\r\n";
static const char text_on_wire[] = "Subject: x\r\n\r\n..dot\r\n...\r\nfin\r\n.\r\n";

/* Everything it wants to say now. */
static char *said(Dialogue *dialogue)
{
    GString *all = g_string_new(NULL);
    gsize length;
    for (const guint8 *out; (out = dialogue_out(dialogue, &length)), length > 0;) {
        gsize part = MIN(length, 7);
        g_string_append_len(all, (const char *)out, (gssize)part);
        dialogue_sent(dialogue, part);
    }
    return g_string_free(all, FALSE);
}

static void expect_said(Dialogue *dialogue, const char *expected)
{
    g_autofree char *got = said(dialogue);
    g_assert_cmpstr(got, ==, expected);
}

/* In pieces of `step` bytes. */
static void hear(Dialogue *dialogue, const char *bytes, gsize step)
{
    for (gsize left = strlen(bytes); left > 0;) {
        gsize part = MIN(step, left);
        dialogue_in(dialogue, bytes, part);
        bytes += part;
        left -= part;
    }
}

typedef struct {
    SendMail mail;
    Pieces pieces;
    Dialogue dialogue;
} Talk;

static Dialogue *talk_begin(Talk *talk, const char *content, SmtpOffers offers, bool reset)
{
    talk->pieces = (Pieces){content, strlen(content), 5, 0};
    talk->mail = (SendMail){.sender = "support@example.org",
                            .recipient = "claire@example.net",
                            .next = pieces_next,
                            .user = &talk->pieces};
    dialogue_init(&talk->dialogue, &talk->mail);
    dialogue_begin(&talk->dialogue, &offers, reset);
    return &talk->dialogue;
}

/* Frees it. */
static void talk_end(Talk *talk, SendResult expected, const char *expected_why, bool clean,
                     bool reset)
{
    g_autofree char *why = NULL;
    bool got_reset;
    g_assert_cmpint(dialogue_result(&talk->dialogue, "it broke", &why), ==, expected);
    g_assert_cmpstr(why, ==, expected_why);
    g_assert_true(dialogue_is_clean(&talk->dialogue, &got_reset) == clean);
    if (clean)
        g_assert_true(got_reset == reset);
    dialogue_clear(&talk->dialogue);
}

static void test_one_by_one(void)
{
    Talk talk;
    Dialogue *dialogue = talk_begin(&talk, text, (SmtpOffers){false, false}, false);
    expect_said(dialogue, "MAIL FROM:<support@example.org>\r\n");
    g_assert_true(dialogue_is_unheard(dialogue));
    expect_said(dialogue, "");
    hear(dialogue, "250 ok\r\n", 100);
    g_assert_true(dialogue_is_inside(dialogue));
    g_assert_false(dialogue_is_unheard(dialogue));
    expect_said(dialogue, "RCPT TO:<claire@example.net>\r\n");
    hear(dialogue, "250 ok\r\n", 100);
    expect_said(dialogue, "DATA\r\n");
    hear(dialogue, "354 go\r\n", 100);
    expect_said(dialogue, text_on_wire);
    g_assert_cmpint(dialogue->step, ==, STEP_DOT);
    hear(dialogue, "250 2.0.0 taken\r\n", 100);
    g_assert_cmpint(dialogue->step, ==, STEP_OVER);
    talk_end(&talk, SEND_SENT, NULL, true, false);
}

static void test_in_a_group(void)
{
    for (gsize step = 1; step < 30; step++) {
        Talk talk;
        Dialogue *dialogue = talk_begin(&talk, text, (SmtpOffers){true, false}, true);
        expect_said(dialogue, "RSET\r\nMAIL FROM:<support@example.org>\r\n"
                              "RCPT TO:<claire@example.net>\r\nDATA\r\n");
        hear(dialogue, "250 ok\r\n250-yes\r\n250 yes\r\n250\r\n354 go\n", step);
        expect_said(dialogue, text_on_wire);
        hear(dialogue, "250-2.0.0 taken\r\n250 as 1234\r\n", step);
        talk_end(&talk, SEND_SENT, NULL, true, false);
    }
}

static void test_refused_in_a_group(void)
{
    static const struct {
        const char *replies;
        SendResult result;
        const char *why;
        bool clean;
    } table[] = {
        {"250 ok\r\n550-5.1.1 no\r\n550 5.1.1 one\r\n554 5.5.1 no recipients\r\n", SEND_NEVER,
         "550 5.1.1 no 5.1.1 one", true},
        {"451 4.7.1 later\r\n503 what\r\n503 what\r\n", SEND_LATER, "451 4.7.1 later", true},
        {"250 ok\r\n250 ok\r\n451 4.3.0 later\r\n", SEND_LATER, "451 4.3.0 later", true},
        {"553 5.1.8 you\r\n503 what\r\n503 what\r\n", SEND_LATER, "553 5.1.8 you", true},
        {"530 5.7.0 login\r\n503 what\r\n503 what\r\n", SEND_DOWN, "530 5.7.0 login", true},
        /* The server waits for the text all the same: what we say next would be that. */
        {"250 ok\r\n550 5.1.1 no\r\n354 go\r\n", SEND_NEVER, "550 5.1.1 no", false},
        /* It goes. */
        {"250 ok\r\n421 4.3.2 bye\r\n", SEND_LATER, "421 4.3.2 bye", false},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        Talk talk;
        Dialogue *dialogue = talk_begin(&talk, text, (SmtpOffers){true, false}, false);
        g_free(said(dialogue));
        hear(dialogue, table[i].replies, 9);
        g_assert_cmpint(dialogue->step, ==, STEP_OVER);
        expect_said(dialogue, "");
        talk_end(&talk, table[i].result, table[i].why, table[i].clean, true);
    }
}

static void test_dot_refused(void)
{
    Talk talk;
    Dialogue *dialogue = talk_begin(&talk, text, (SmtpOffers){true, false}, false);
    g_free(said(dialogue));
    hear(dialogue, "250 ok\r\n250 ok\r\n354 go\r\n", 100);
    g_free(said(dialogue));
    hear(dialogue, "554 5.6.0 content\r\n", 100);
    talk_end(&talk, SEND_NEVER, "554 5.6.0 content", true, false);
}

/* Without a word about the mail, on a kept connection: it was closed while we were idle. */
static void test_unheard(void)
{
    static const struct {
        const char *replies;
        bool reset, unheard;
    } table[] = {
        {"", false, true},
        {"421 idle\r\n", false, true},
        {"502 what\r\n", true, true},
        {"250 ok\r\n", true, true},
        {"250 ok\r\n", false, false},
        {"451 no\r\n", false, false},
        {"250 ok\r\n421 bye\r\n", false, false},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        Talk talk;
        Dialogue *dialogue =
            talk_begin(&talk, text, (SmtpOffers){false, false}, table[i].reset);
        g_free(said(dialogue));
        hear(dialogue, table[i].replies, 100);
        g_assert_true(dialogue_is_unheard(dialogue) == table[i].unheard);
        dialogue_clear(dialogue);
    }
}

static void test_broken_off(void)
{
    Talk talk;
    Dialogue *dialogue = talk_begin(&talk, text, (SmtpOffers){true, false}, false);
    talk_end(&talk, SEND_LATER, "it broke", false, false);
    dialogue = talk_begin(&talk, text, (SmtpOffers){true, false}, false);
    g_free(said(dialogue));
    hear(dialogue, "250 ok\r\n250 ok\r\n354 go\r\n", 100);
    g_free(said(dialogue));
    talk_end(&talk, SEND_LATER, "no answer to the final dot: it broke", false, false);
    /* Before there was a connection. */
    dialogue_init(&talk.dialogue, &talk.mail);
    talk_end(&talk, SEND_DOWN, "it broke", false, false);
    dialogue_init(&talk.dialogue, &talk.mail);
    g_assert_true(smtp_reply_line(&talk.dialogue.reply, "554 5.7.1 away\r\n", 16));
    talk_end(&talk, SEND_DOWN, "554 5.7.1 away", false, false);
}

static void test_out_of_turn(void)
{
    static const char *const early[] = {"250 ok\r\n250 ok\r\n354 go\r\n250 taken\r\n",
                                        "250 ok\r\nhello\r\n", "\r\n", "2505 ok\r\n"};
    for (gsize i = 0; i < G_N_ELEMENTS(early); i++) {
        Talk talk;
        Dialogue *dialogue = talk_begin(&talk, text, (SmtpOffers){true, false}, false);
        g_free(said(dialogue));
        hear(dialogue, early[i], 100);
        expect_said(dialogue, "");
        talk_end(&talk, SEND_LATER, "the server does not speak SMTP", false, false);
    }
    /* Refused while its text is on the way: that counts, but nobody knows what comes next. */
    Talk talk;
    Dialogue *dialogue = talk_begin(&talk, text, (SmtpOffers){true, false}, false);
    g_free(said(dialogue));
    hear(dialogue, "250 ok\r\n250 ok\r\n354 go\r\n552 5.3.4 too big\r\n", 100);
    expect_said(dialogue, "");
    talk_end(&talk, SEND_NEVER, "552 5.3.4 too big", false, false);
    /* It is ours no more, whatever is said then. */
    dialogue = talk_begin(&talk, text, (SmtpOffers){true, false}, false);
    g_free(said(dialogue));
    hear(dialogue, "250 ok\r\n250 ok\r\n354 go\r\n", 100);
    g_free(said(dialogue));
    hear(dialogue, "250 taken\r\n421 bye\r\n", 100);
    talk_end(&talk, SEND_SENT, NULL, false, false);
}

/* No dot behind what is not a whole mail. */
static void test_damaged(void)
{
    static const char *const bad[] = {"a\nb\r\n", "a\r\n.\n", "a\r.\r\n", "a\r\r\n", "a\r"};
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        Talk talk;
        Dialogue *dialogue = talk_begin(&talk, bad[i], (SmtpOffers){true, false}, false);
        g_free(said(dialogue));
        hear(dialogue, "250 ok\r\n250 ok\r\n354 go\r\n", 100);
        g_autofree char *got = said(dialogue);
        g_assert_null(strstr(got, "\r\n.\r\n"));
        g_assert_cmpint(dialogue->step, ==, STEP_OVER);
        talk_end(&talk, SEND_NEVER, "the stored mail is damaged: a line end that is not CRLF",
                 false, false);
    }
    Talk talk;
    Dialogue *dialogue = talk_begin(&talk, text, (SmtpOffers){true, false}, false);
    talk.pieces.fails = 8;
    g_free(said(dialogue));
    hear(dialogue, "250 ok\r\n250 ok\r\n354 go\r\n", 100);
    g_autofree char *got = said(dialogue);
    g_assert_null(strstr(got, "\r\n.\r\n"));
    talk_end(&talk, SEND_LATER, "the store is busy", false, false);
}

static void test_last_line_is_ended(void)
{
    static const char *const table[][2] = {
        {"", ".\r\n"}, {"x", "x\r\n.\r\n"}, {"x\r\n", "x\r\n.\r\n"}, {".", "..\r\n.\r\n"}};
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        Talk talk;
        Dialogue *dialogue = talk_begin(&talk, table[i][0], (SmtpOffers){true, false}, false);
        g_free(said(dialogue));
        hear(dialogue, "250 ok\r\n250 ok\r\n354 go\r\n", 100);
        expect_said(dialogue, table[i][1]);
        dialogue_clear(dialogue);
    }
}

static void test_addresses(void)
{
    static const struct {
        const char *sender, *recipient;
        bool utf8;
        const char *wanted;
    } table[] = {
        {"", "a@b.example", true, "MAIL FROM:<>\r\nRCPT TO:<a@b.example>\r\nDATA\r\n"},
        {"s@x.example", "zoe@exämple.net", false,
         "MAIL FROM:<s@x.example>\r\nRCPT TO:<zoe@xn--exmple-cua.net>\r\nDATA\r\n"},
        {"s@x.example", "zoé@example.net", true,
         "MAIL FROM:<s@x.example> SMTPUTF8\r\nRCPT TO:<zoé@example.net>\r\nDATA\r\n"},
        {"s@x.example", "zoé@example.net", false,
         "MAIL FROM:<s@x.example>\r\nRCPT TO:<zoé@example.net>\r\nDATA\r\n"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        SendMail mail = {.sender = table[i].sender, .recipient = table[i].recipient};
        SmtpOffers offers = {true, table[i].utf8};
        Dialogue dialogue;
        dialogue_init(&dialogue, &mail);
        dialogue_begin(&dialogue, &offers, false);
        expect_said(&dialogue, table[i].wanted);
        dialogue_clear(&dialogue);
    }
}

/* As libcurl tells it, line by line with their ends. */
static void test_offers(void)
{
    static const char *const lines[] = {
        "220 here ESMTP PIPELINING\r\n",
        "250-PIPELINING\r\n",
        "250-8BITMIME\r\n",
        "250-pipelining\r\n",
        "250 SMTPUTF8\r\n",
        "220 go on\r\n",
        "250-here SMTPUTF8\r\n",
        "250-PIPELININGS\r\n",
        "250 X PIPELINING\r\n",
    };
    SmtpReply reply;
    SmtpOffers offers = {false, false};
    smtp_reply_init(&reply);
    for (gsize i = 0; i < G_N_ELEMENTS(lines); i++) {
        gsize length = strlen(lines[i]);
        g_assert_true(smtp_reply_line(&reply, lines[i], length));
        smtp_offers_line(&offers, &reply, lines[i], length);
        bool both = i == 4;
        g_assert_true(offers.pipelining == (i == 3 || both));
        g_assert_true(offers.utf8 == both);
    }
    smtp_reply_clear(&reply);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/dialogue/one-by-one", test_one_by_one);
    g_test_add_func("/dialogue/in-a-group", test_in_a_group);
    g_test_add_func("/dialogue/refused-in-a-group", test_refused_in_a_group);
    g_test_add_func("/dialogue/dot-refused", test_dot_refused);
    g_test_add_func("/dialogue/unheard", test_unheard);
    g_test_add_func("/dialogue/broken-off", test_broken_off);
    g_test_add_func("/dialogue/out-of-turn", test_out_of_turn);
    g_test_add_func("/dialogue/damaged", test_damaged);
    g_test_add_func("/dialogue/last-line-is-ended", test_last_line_is_ended);
    g_test_add_func("/dialogue/addresses", test_addresses);
    g_test_add_func("/dialogue/offers", test_offers);
    return g_test_run();
}
