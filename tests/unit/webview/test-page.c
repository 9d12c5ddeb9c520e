/* The page: what is shown to whom, and that nothing a stranger wrote becomes markup. */
#include "sample.h"

#include "webview/file.h"
#include "webview/page_ticket.h"
#include "webview/progress.h"

#include <string.h>

static char *render(const TicketView *view, const char *language)
{
    g_autoptr(Config) config = sample_config();
    Page page = {config, "/support", language, SAMPLE_HASH};
    GString *out = g_string_new("");
    page_ticket(out, &page, view);
    g_assert_true(g_utf8_validate(out->str, (gssize)out->len, NULL));
    return g_string_free(out, FALSE);
}

static gsize count(const char *text, const char *part)
{
    gsize n = 0;
    for (const char *p = strstr(text, part); p; p = strstr(p + strlen(part), part))
        n++;
    return n;
}

#define HAS(page, part)                                                                        \
    do {                                                                                       \
        if (!strstr(page, part))                                                               \
            g_test_message("%s", page);                                                        \
        g_assert_nonnull(strstr(page, part));                                                  \
    } while (0)
#define HAS_NOT(page, part) g_assert_null(strstr(page, part))

/* Every < that opens a tag is one of ours: no attribute or tag that runs or fetches anything.
 */
static void assert_harmless(const char *page)
{
    static const char *const forbidden[] = {
        "<script", "<iframe", "<svg",    "<object",  "<embed", "<style", "<form",
        "<base",   "<evil",   " onload", " onerror", "\nSet-", "style="};
    /* What is text stays readable, so look at tags only. */
    for (const char *p = strchr(page, '<'); p; p = strchr(p + 1, '<')) {
        const char *end = strchr(p, '>');
        g_assert_nonnull(end);
        g_autofree char *tag = g_strndup(p, (gsize)(end - p));
        for (gsize i = 0; i < G_N_ELEMENTS(forbidden); i++)
            g_assert_null(strstr(tag, forbidden[i]));
    }
}

#define HOSTILE "\"'><script>alert(1)</script><evil onload=x style=y>&\xFF"

static void test_hostile(void)
{
    g_autoptr(TicketView) view = sample_view();
    sample_set(&view->ticket->title, HOSTILE);
    sample_set(&view->ticket->type, HOSTILE);
    sample_set(&view->ticket->status, HOSTILE);
    sample_set(&view->ticket->prefix, HOSTILE);
    sample_set(&view->ticket->address, "a\"><evil@x.example");
    sample_set(&view->requester->name, HOSTILE);
    g_ptr_array_add(view->assignees, sample_person(2, HOSTILE, "m@example.org", ROLE_ADMIN));
    g_ptr_array_add(view->watchers, sample_person(3, "", HOSTILE "@x", ROLE_REQUESTER));
    for (int visibility = VISIBILITY_PUBLIC; visibility <= VISIBILITY_HELD; visibility++) {
        Message *message = sample_message(view, 0, HOSTILE, (Visibility)visibility, HOSTILE);
        sample_set(&message->author_address, HOSTILE);
        sample_set(&message->signature, HOSTILE);
        sample_set(&message->quoted, "https://x.example/" HOSTILE);
        sample_set(&message->held_reason, HOSTILE);
        sample_set(&message->unparsed, HOSTILE);
        sample_file(message, HOSTILE, HOSTILE, 1);
        sample_file(message, "../../" HOSTILE ".png", "image/png", 1);
    }
    sample_event(view, SAMPLE_TIME, HOSTILE, HOSTILE, HOSTILE, HOSTILE);
    sample_event(view, SAMPLE_TIME, HOSTILE, "status", HOSTILE, HOSTILE);
    sample_event(view, SAMPLE_TIME, HOSTILE, "priority", HOSTILE, HOSTILE);
    sample_event(view, SAMPLE_TIME, HOSTILE, "assigned", HOSTILE, "x" HOSTILE);
    sample_event(view, SAMPLE_TIME, HOSTILE, "delivery-failed", HOSTILE, HOSTILE);
    for (int staff = 0; staff <= 1; staff++) {
        view->staff = staff;
        g_autofree char *page = render(view, "fr");
        assert_harmless(page);
        HAS(page, "&lt;script&gt;alert(1)&lt;/script&gt;");
        HAS_NOT(page, "<script");
        HAS_NOT(page, "../");
    }
}

static void test_customer(void)
{
    g_autoptr(TicketView) view = sample_view();
    g_ptr_array_add(view->watchers, sample_person(3, "", "zoe@secret.example", ROLE_REQUESTER));
    Message *asked = sample_message(view, 1, "Jean Dupont", VISIBILITY_PUBLIC, "Bonjour");
    sample_message(view, 2, "Marie Laurent", VISIBILITY_PUBLIC, "Une réponse");
    sample_set(&asked->signature, "Poste 4212");
    sample_set(&asked->quoted, "> avant");
    g_autofree char *page = render(view, "fr");
    HAS(page, "<html lang=\"fr\">");
    HAS(page, "<p class=\"id\">SUP-42</p>");
    HAS(page, "<h1 dir=\"auto\">Imprimante en panne au 2e étage</h1>");
    HAS(page, "class=\"msg them\"");
    HAS(page, "class=\"msg desk\"");
    HAS(page, "<bdi>Jean Dupont</bdi></b> <span>vous</span>");
    HAS(page, "<bdi>Marie Laurent</bdi></b> <span>Support Exemple</span>");
    HAS(page,
        "<time datetime=\"2026-11-20T08:12:00Z\">vendredi 20 novembre 2026, 9 h 12</time>");
    HAS(page, "<details><summary>Signature</summary>");
    HAS(page, "Poste 4212");
    HAS(page, "<details><summary>Message cité</summary>");
    HAS(page, "Personne pour l’instant");
    HAS(page, "mailto:support@example.org?subject=Re%3A%20%5BSUP-42-7kq2m9xw%5D%20Imprimante");
    HAS(page, "href=\"?lang=en\"");
    HAS(page, "href=\"/support/style-");
    /* Others in copy are names, not addresses to collect. */
    HAS(page, "<bdi>zoe</bdi>");
    HAS_NOT(page, "secret.example");
    HAS_NOT(page, "person1@example.com");
    HAS_NOT(page, "+r");
}

static void test_english(void)
{
    g_autoptr(TicketView) view = sample_view();
    sample_message(view, 1, "Jean Dupont", VISIBILITY_PUBLIC, "Bonjour");
    g_autofree char *page = render(view, "en");
    HAS(page, "<html lang=\"en\">");
    HAS(page, "Friday 20 November 2026, 9:12");
    HAS(page, "Reply by mail");
    HAS(page, "Nobody yet");
    HAS(page, "href=\"?lang=fr\"");
}

static void test_staff(void)
{
    g_autoptr(TicketView) view = sample_view();
    view->staff = true;
    view->reader->id = 2;
    sample_message(view, 2, "Marie Laurent", VISIBILITY_INTERNAL, "Entre nous");
    Message *held = sample_message(view, 0, "Inconnu", VISIBILITY_HELD, "Code 123456");
    Message *broken = sample_message(view, 1, "Jean", VISIBILITY_PUBLIC, "");
    sample_set(&held->held_reason, "not a participant");
    sample_set(&broken->unparsed, "the parser died");
    sample_event(view, SAMPLE_TIME, "", "delivery-failed", "jean@example.com", "550 no");
    g_autofree char *page = render(view, "en");
    HAS(page, "class=\"msg note\"");
    HAS(page, "<b>Internal note</b>");
    HAS(page, "Support Exemple, you</span>");
    HAS(page, "class=\"msg held\"");
    HAS(page, "<b>Held</b>");
    HAS(page, "not a participant");
    HAS(page, "person0@example.com");
    HAS(page, "the parser died");
    HAS(page, "mail not delivered to <b><bdi>jean@example.com</bdi></b>: 550 no");
    HAS(page, "shows internal notes too");
}

static void test_thread_order(void)
{
    g_autoptr(TicketView) view = sample_view();
    sample_message(view, 1, "Jean", VISIBILITY_PUBLIC, "un");
    sample_message(view, 2, "Marie", VISIBILITY_PUBLIC, "deux");
    sample_event(view, SAMPLE_TIME, "", "created", "", "");
    sample_event(view, SAMPLE_TIME, "Jean", "priority", "normal", "high");
    sample_event(view, SAMPLE_TIME + 300, "Marie", "assigned", "", "Marie");
    sample_event(view, SAMPLE_TIME + 301, "Marie", "message", "", "");
    sample_event(view, SAMPLE_TIME + 900, "", "status", "new", "resolved");
    g_autofree char *page = render(view, "fr");
    static const char *const order[] = {
        ">un</p>", "normale → <b><bdi>haute</bdi></b>", "s’en occupe", ">deux</p>",
        "Support Exemple</bdi> · État\u00A0: nouveau → <b><bdi>résolu</bdi></b>"};
    const char *at = page;
    for (gsize i = 0; i < G_N_ELEMENTS(order); i++) {
        g_test_message("%s", order[i]);
        at = strstr(at, order[i]);
        g_assert_nonnull(at);
    }
    g_assert_cmpuint(count(page, "class=\"event\""), ==, 3);
}

static void test_paragraphs(void)
{
    static const struct {
        const char *text, *html;
    } cases[] = {
        {"a", "<p dir=\"auto\">a</p>\n</div>"},
        {"a\nb", "<p dir=\"auto\">a\nb</p>\n</div>"},
        {"a\n\nb", "<p dir=\"auto\">a</p>\n<p dir=\"auto\">b</p>\n</div>"},
        {"a\n \t\n\n  b\n", "<p dir=\"auto\">a</p>\n<p dir=\"auto\">  b</p>\n</div>"},
        {"\n\na\n\n\n", "<p dir=\"auto\">a</p>\n</div>"},
        {"", "<p class=\"none\">Sans texte</p>"},
        {"\n\n", "<p class=\"none\">Sans texte</p>"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(TicketView) view = sample_view();
        sample_message(view, 1, "Jean", VISIBILITY_PUBLIC, cases[i].text);
        g_autofree char *page = render(view, "fr");
        HAS(page, cases[i].html);
    }
}

static void test_encrypted(void)
{
    g_autoptr(TicketView) view = sample_view();
    Message *message = sample_message(view, 1, "Jean", VISIBILITY_PUBLIC, "");
    sample_file(message, "smime.p7m", "application/pkcs7-mime", 900);
    g_autofree char *page = render(view, "fr");
    HAS(page, "Message chiffré");
    g_autofree char *english = render(view, "en");
    HAS(english, "Encrypted message");
}

static void test_empty(void)
{
    g_autoptr(TicketView) view = sample_view();
    sample_set(&view->ticket->title, "");
    g_autofree char *page = render(view, "fr");
    HAS(page, "Aucun message");
    HAS(page, "Sans objet</h1>");
}

/* 300 characters of three bytes each: nine encoded bytes a character. */
static void test_long_subject(void)
{
    g_autoptr(TicketView) view = sample_view();
    g_autoptr(GString) title = g_string_new("");
    for (int i = 0; i < 300; i++)
        g_string_append(title, "語");
    sample_set(&view->ticket->title, title->str);
    g_autofree char *page = render(view, "fr");
    HAS(page, title->str);
    const char *link = strstr(page, "mailto:");
    gsize length = strcspn(link, "\"");
    g_assert_cmpuint(length, <, 1800);
    g_assert_cmpuint(length, >, 1700);
    g_autofree char *href = g_strndup(link, length);
    g_assert_true(g_str_has_suffix(href, "%E8%AA%9E"));
}

static void test_many_files(void)
{
    g_autoptr(TicketView) view = sample_view();
    Message *message = sample_message(view, 1, "Jean", VISIBILITY_PUBLIC, "trente");
    for (int i = 0; i < 30; i++)
        sample_file(message, "a b.pdf", "application/pdf", 148000);
    sample_file(message, "photo.png", "image/png", 1000);
    sample_file(message, "page.svg", "image/svg+xml", 1000);
    g_autofree char *page = render(view, "fr");
    g_assert_cmpuint(count(page, "/support/ticket/" SAMPLE_HASH "/file/100."), ==, 32 + 1);
    HAS(page, "<img loading=\"lazy\" decoding=\"async\" alt=\"\" "
              "src=\"/support/ticket/" SAMPLE_HASH "/file/100.31/photo.png\">");
    HAS(page, "/file/100.1/a%20b.pdf\"");
    HAS(page, "26 autres pièces jointes");
    HAS(page, "PDF, 148\u00A0Ko");
}

/* --- names and types --------------------------------------------------------------------- */

static void test_file_names(void)
{
    g_autofree char *endless = g_strnfill(10000, 'a');
    g_autofree char *endless_pdf = g_strconcat(endless, ".pdf", NULL);
    const struct {
        const char *name, *type, *disposition;
    } cases[] = {
        {"a.pdf", "application/pdf", "attachment; filename=\"a.pdf\"; filename*=UTF-8''a.pdf"},
        {"é €.txt", "text/plain",
         "attachment; filename=\"_ _.txt\"; filename*=UTF-8''%C3%A9%20%E2%82%AC.txt"},
        {"a.png", "image/png", "inline; filename=\"a.png\"; filename*=UTF-8''a.png"},
        {"a.svg", "image/svg+xml", "attachment; filename=\"a.svg\"; filename*=UTF-8''a.svg"},
        {"../../etc/passwd", "text/html",
         "attachment; filename=\"___.._etc_passwd\"; filename*=UTF-8''___.._etc_passwd"},
        {".htaccess", "text/plain",
         "attachment; filename=\"_htaccess\"; filename*=UTF-8''_htaccess"},
        {"a\r\nSet-Cookie: x\";y", "x/y",
         "attachment; filename=\"a__Set-Cookie_ x__y\"; "
         "filename*=UTF-8''a__Set-Cookie_%20x_%3By"},
        {"", "x/y", "attachment; filename=\"1.bin\"; filename*=UTF-8''1.bin"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(TicketView) view = sample_view();
        Message *message = sample_message(view, 1, "Jean", VISIBILITY_PUBLIC, "");
        Attachment *file = sample_file(message, cases[i].name, cases[i].type, 10);
        g_autofree char *disposition = file_disposition(file);
        g_assert_cmpstr(disposition, ==, cases[i].disposition);
        g_assert_null(strpbrk(disposition, "\r\n/\\"));
    }
    g_autoptr(TicketView) view = sample_view();
    Message *message = sample_message(view, 1, "Jean", VISIBILITY_PUBLIC, "");
    g_autofree char *name = file_display_name(sample_file(message, endless_pdf, "x/y", 1));
    g_assert_cmpuint(strlen(name), <=, 150);
    g_assert_true(g_str_has_suffix(name, ".pdf"));
}

static void test_file_types(void)
{
    static const struct {
        const char *type;
        guint64 size;
        const char *served;
    } cases[] = {
        {"image/png", 1, "image/png"},
        {"image/jpeg", 1, "image/jpeg"},
        {"image/gif", 1, "image/gif"},
        {"image/webp", 1, "image/webp"},
        {"image/svg+xml", 1, "application/octet-stream"},
        {"text/html", 1, "application/octet-stream"},
        {"application/pdf", 1, "application/octet-stream"},
        {"image/png; charset=x", 1, "application/octet-stream"},
        {"image/png", 50 * 1000 * 1000, "application/octet-stream"},
        {"image/png", 0, "application/octet-stream"},
        {"", 1, "application/octet-stream"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(TicketView) view = sample_view();
        Message *message = sample_message(view, 1, "Jean", VISIBILITY_PUBLIC, "");
        Attachment *file = sample_file(message, "a", cases[i].type, cases[i].size);
        g_assert_cmpstr(file_served_type(file), ==, cases[i].served);
    }
}

static void test_file_find(void)
{
    g_autoptr(TicketView) view = sample_view();
    Message *message = sample_message(view, 1, "Jean", VISIBILITY_PUBLIC, "");
    const Attachment *second;
    sample_file(message, "a", "x/y", 1);
    second = sample_file(message, "b", "x/y", 1);
    const Message *found = NULL;
    const Attachment *file = NULL;
    g_assert_true(file_find(view, "100.2", &found, &file));
    g_assert_true(found == message && file == second);
    static const char *const wrong[] = {"100.3",
                                        "101.1",
                                        "100.0",
                                        "0.1",
                                        "100",
                                        "100.",
                                        ".1",
                                        "..",
                                        "100.1.",
                                        "100.01",
                                        "0100.1",
                                        "",
                                        "99999999999999999999.1",
                                        "100.99999999999999999999"};
    for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++)
        g_assert_false(file_find(view, wrong[i], &found, &file));
}

/* --- progress ---------------------------------------------------------------------------- */

static void test_progress(void)
{
    /* History as "status status …", the first from new; what the line shows, with the present
     * in brackets and what is ahead in parentheses. */
    static const struct {
        const char *history, *line;
    } cases[] = {
        {"", "[new] (in-progress) (resolved)"},
        {"open", "new [open] (in-progress) (resolved)"},
        {"open seen in-progress", "new seen [in-progress] (resolved)"},
        {"open in-progress", "new open [in-progress] (resolved)"},
        {"in-progress waiting", "new in-progress [waiting] (resolved)"},
        {"in-progress waiting in-progress", "new [in-progress] (resolved)"},
        {"in-progress waiting resolved", "new in-progress [resolved]"},
        {"in-progress resolved closed", "new in-progress resolved [closed]"},
        {"open seen in-progress resolved closed", "new seen in-progress resolved [closed]"},
        {"resolved open", "new [open] (in-progress) (resolved)"},
        {"cancelled", "new [cancelled]"},
        {"unheard-of", "new [unheard-of] (in-progress) (resolved)"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(TicketView) view = sample_view();
        g_auto(GStrv) statuses = g_strsplit(cases[i].history, " ", -1);
        for (int s = 0; statuses[s]; s++) {
            sample_event(view, SAMPLE_TIME + s, "", "status", view->ticket->status,
                         statuses[s]);
            sample_set(&view->ticket->status, statuses[s]);
        }
        static const char *const looks[] = {"%s", "[%s]", "(%s)"};
        Step steps[PROGRESS_STEPS];
        gsize n = progress_steps(view->ticket, view->events, steps);
        g_autoptr(GString) line = g_string_new("");
        for (gsize s = 0; s < n; s++) {
            if (s > 0)
                g_string_append_c(line, ' ');
            const char *const *look = &looks[steps[s].state];
            const char *mark = strchr(*look, '%');
            g_string_append_len(line, *look, mark - *look);
            g_string_append(line, steps[s].status);
            g_string_append(line, mark + 2);
            g_assert_cmpint(steps[s].at > 0, ==, steps[s].state != STEP_AHEAD);
        }
        g_assert_cmpstr(line->str, ==, cases[i].line);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/webview/page/hostile", test_hostile);
    g_test_add_func("/webview/page/customer", test_customer);
    g_test_add_func("/webview/page/english", test_english);
    g_test_add_func("/webview/page/staff", test_staff);
    g_test_add_func("/webview/page/thread-order", test_thread_order);
    g_test_add_func("/webview/page/paragraphs", test_paragraphs);
    g_test_add_func("/webview/page/encrypted", test_encrypted);
    g_test_add_func("/webview/page/empty", test_empty);
    g_test_add_func("/webview/page/long-subject", test_long_subject);
    g_test_add_func("/webview/page/many-files", test_many_files);
    g_test_add_func("/webview/file/names", test_file_names);
    g_test_add_func("/webview/file/types", test_file_types);
    g_test_add_func("/webview/file/find", test_file_find);
    g_test_add_func("/webview/progress", test_progress);
    return g_test_run();
}
