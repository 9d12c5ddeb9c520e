/* Transcripts: what each reader finds in the file, and that nothing in it leads anywhere. */
#include "core/desk/change.h"
#include "core/desk/held.h"
#include "core/desk/notice_templates.h"
#include "core/desk/transcript.h"
#include "tests/unit/desk/site.h"

#define LUC "luc@client.example"
#define EVIL "<img src=x onerror=alert(1)> \"'& </p><script>alert(2)</script>"
#define PNG                                                                                    \
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+"                            \
    "M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="

static Site *desk_with_ticket(void)
{
    Site *site = site_new("");
    g_autoptr(Outcome) opened = site_send(site, "Jean Dupont <" JEAN ">", SUPPORT,
                                          "Imprimante " EVIL, "", "elle est rouge\n\n" EVIL);
    assert_verdict(opened, VERDICT_TICKET);
    return site;
}

static void answer_as(Site *site, const char *who, const char *kind, const char *body)
{
    g_autofree char *secret = site_secret(site, who, kind);
    g_autoptr(Outcome) outcome = site_send(site, who, secret, "Re: x", "", body);
    g_assert_cmpint(outcome->verdict, !=, VERDICT_HELD);
}

static gint64 person_id(Site *site, const char *address)
{
    g_autoptr(Person) person = NULL;
    if (!address)
        return 0;
    g_assert_true(people_by_address(site->desk->store, address, &person, NULL));
    return person->id;
}

static Transcript *load(Site *site, const char *reader, const char *language, guint64 max)
{
    Transcript *transcript = NULL;
    g_autoptr(GError) error = NULL;
    transcript_load(site->desk, 1, person_id(site, reader), language, max, &transcript, &error);
    g_assert_no_error(error);
    return transcript;
}

static char *render(Site *site, const Transcript *transcript)
{
    g_autoptr(Templates) templates = NULL;
    g_autoptr(GError) error = NULL;
    char *html = NULL;
    notice_templates_load(site->config, builtin_templates, &templates, &error);
    g_assert_no_error(error);
    templates_render_html(templates, transcript->language, TRANSCRIPT_TEMPLATE,
                          transcript->data, &html, &error);
    g_assert_no_error(error);
    return html;
}

/* The file for `reader` (NULL: the admin), without its style. */
static char *file_for(Site *site, const char *reader, const char *language)
{
    g_autoptr(Transcript) transcript = load(site, reader, language, G_MAXUINT64);
    g_autofree char *html = render(site, transcript);
    const char *body = strstr(html, "</style>");
    g_assert_nonnull(body);
    return g_strdup(body);
}

static void assert_has(const char *html, const char *words)
{
    if (!strstr(html, words))
        g_error("\"%s\" is missing in:\n%s", words, html);
}

static void assert_lacks(const char *html, const char *words)
{
    if (strstr(html, words))
        g_error("\"%s\" must not be in:\n%s", words, html);
}

/* --- what is seen ------------------------------------------------------------------------ */

static Site *desk_with_thread(void)
{
    Site *site = desk_with_ticket();
    answer_as(site, MARIE, "ticket",
              "Éteignez-la.\n\nLe 2 juin, X a écrit :\n> mot de famille");
    const TicketChange take = {.assign = PAUL};
    g_assert_true(change_ticket(site->desk, "SUP-1", &take, NULL));
    g_autofree char *stolen = site_secret(site, JEAN, "acknowledgement");
    g_autoptr(Outcome) held =
        site_send(site, "Eve <eve@evil.example>", stolen, "Re: x", "", "paroles retenues");
    assert_verdict(held, VERDICT_HELD);
    answer_as(site, PAUL, "held", "une note entre nous");
    return site;
}

static void test_customer(void)
{
    g_autoptr(Site) site = desk_with_thread();
    g_autofree char *html = file_for(site, JEAN, NULL);
    assert_has(html, "elle est rouge");
    assert_has(html, "Éteignez-la.");
    assert_has(html, "État\u00A0: nouveau → <b><bdi>ouvert</bdi></b>");
    assert_has(html, "confié à <b><bdi>Paul Petit</bdi></b>");
    assert_lacks(html, "mot de famille");
    assert_lacks(html, "paroles retenues");
    assert_lacks(html, "une note entre nous");
    assert_lacks(html, "Note interne");
    assert_lacks(html, "notes internes");
    assert_lacks(html, "@");
}

static void test_desk(void)
{
    static const char *const readers[] = {MARIE, NULL};
    g_autoptr(Site) site = desk_with_thread();
    for (gsize i = 0; i < G_N_ELEMENTS(readers); i++) {
        g_autofree char *html = file_for(site, readers[i], NULL);
        assert_has(html, "mot de famille");
        assert_has(html, "paroles retenues");
        assert_has(html, "class=\"msg held\"");
        assert_has(html, "eve@evil.example");
        assert_has(html, "une note entre nous");
        assert_has(html, "class=\"msg desk note\"");
        assert_has(html, "<b>Note interne</b>");
    }
}

static void test_english(void)
{
    g_autoptr(Site) site = desk_with_thread();
    g_autofree char *html = file_for(site, NULL, "en");
    assert_has(html, "State: new → <b><bdi>open</bdi></b>");
    assert_has(html, "assigned to <b><bdi>Paul Petit</bdi></b>");
    assert_has(html, "<dt>Asked by</dt>");
    assert_lacks(html, "Demandé");
}

/* Who came later sees nothing of before, and learns no time that would tell of it. */
static void test_watcher(void)
{
    g_autoptr(Site) site = desk_with_ticket();
    answer_as(site, MARIE, "ticket", "avant Luc");
    g_autofree char *secret = site_secret(site, JEAN, "acknowledgement");
    g_autoptr(Outcome) copied =
        site_send(site, JEAN, secret, "Re: x", "Cc: " LUC "\n", "avec Luc");
    assert_verdict(copied, VERDICT_REPLY);
    answer_as(site, MARIE, "message", "après Luc");
    g_autofree char *html = file_for(site, LUC, NULL);
    assert_has(html, "avec Luc");
    assert_has(html, "après Luc");
    assert_lacks(html, "avant Luc");
    assert_lacks(html, "elle est rouge");
    assert_lacks(html, "Première réponse");
}

static void test_stranger(void)
{
    g_autoptr(Site) site = desk_with_ticket();
    g_autoptr(Outcome) other = site_send(site, LUC, SUPPORT, "autre chose", "", "x");
    assert_verdict(other, VERDICT_TICKET);
    Transcript *transcript = NULL;
    g_autoptr(GError) error = NULL;
    g_assert_false(transcript_load(site->desk, 1, person_id(site, LUC), NULL, G_MAXUINT64,
                                   &transcript, &error));
    g_assert_error(error, WICKET_ERROR, ERROR_REJECTED);
}

/* --- nothing leads anywhere -------------------------------------------------------------- */

static void test_hostile(void)
{
    g_autoptr(Site) site = desk_with_ticket();
    g_autoptr(Transcript) transcript = load(site, NULL, NULL, G_MAXUINT64);
    g_autofree char *html = render(site, transcript);
    assert_has(html, "&lt;img src=x onerror=alert(1)&gt; &quot;&#39;&amp; &lt;/p&gt;");
    assert_lacks(html, "<script");
    assert_lacks(html, "<img");
    assert_lacks(html, "<a ");
    assert_lacks(html, "href");
    assert_lacks(html, "url(");
    assert_has(html, "content=\"default-src 'none'; img-src data:;");
    g_assert_cmpstr(transcript->file_name, ==, "SUP-1.html");
}

/* Text was scrubbed when it was stored; names of people and files were not. */
static void test_secrets(void)
{
    g_autoptr(Site) site = desk_with_ticket();
    g_autofree char *secret = site_secret(site, JEAN, "acknowledgement");
    g_autofree char *stolen = site_secret(site, MARIE, "ticket");
    g_autofree char *mail = g_strdup_printf(
        "From: \"%s\" <" JEAN ">\nSubject: x\nMessage-ID: <s@client.example>\n"
        "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\n"
        "Content-Type: text/plain\n\nvoir %s\n--b\nContent-Type: application/pdf\n"
        "Content-Disposition: attachment; filename=\"%s.pdf\"\n\nx\n--b--\n",
        stolen, stolen, stolen);
    g_autoptr(Outcome) outcome = site_deliver(site, JEAN, secret, mail);
    assert_verdict(outcome, VERDICT_REPLY);
    g_autofree char *html = file_for(site, NULL, NULL);
    assert_has(html, ".pdf</bdi>");
    assert_has(html, SUPPORT);
    g_assert_null(strstr(html, "+r"));
    g_assert_false(g_regex_match_simple("[+]r[0-9]", html, 0, 0));
}

/* --- pictures ---------------------------------------------------------------------------- */

/* A mail with a picture so named and typed, of these bytes in base64. */
static void send_picture(Site *site, const char *name, const char *type, const char *base64)
{
    g_autofree char *mail = g_strdup_printf(
        "From: " JEAN "\nSubject: photo\nMessage-ID: <%s@client.example>\nMIME-Version: 1.0\n"
        "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nvoici\n"
        "--b\nContent-Type: %s; name=%s\nContent-Disposition: attachment\n"
        "Content-Transfer-Encoding: base64\n\n%s\n--b--\n",
        name, type, name, base64);
    g_autofree char *secret = site_secret(site, JEAN, "acknowledgement");
    g_autoptr(Outcome) outcome = site_deliver(site, JEAN, secret, mail);
    assert_verdict(outcome, VERDICT_REPLY);
}

/* A PNG by its first bytes, so long. */
static char *large_picture(gsize bytes)
{
    g_autofree guint8 *picture = g_malloc0(bytes);
    memcpy(picture, "\x89PNG\r\n\x1a\n", 8);
    g_autofree char *flat = g_base64_encode(picture, bytes);
    GString *lines = g_string_new(NULL);
    for (gsize i = 0; i < strlen(flat); i += 76)
        g_string_append_printf(lines, "%.76s\n", flat + i);
    return g_string_free(lines, FALSE);
}

static int count(const char *text, const char *needle)
{
    int n = 0;
    for (const char *at = text; (at = strstr(at, needle)); at++)
        n++;
    return n;
}

static void test_pictures(void)
{
    g_autoptr(Site) site = desk_with_ticket();
    g_autofree char *limit = large_picture(200 * 1000), *over = large_picture(200 * 1000 + 1);
    send_picture(site, "petite.png", "image/png", PNG);
    send_picture(site, "limite.png", "image/png", limit);
    send_picture(site, "grande.png", "image/png", over);
    send_picture(site, "gif.jpg", "image/jpeg", "R0lGODlhAQABAAAAACw=");
    send_picture(site, "faux.png", "image/png", "PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==");
    send_picture(site, "dessin.svg", "image/svg+xml", "PHN2Zy8+");
    g_autofree char *html = file_for(site, JEAN, NULL);
    assert_has(html, "<img src=\"data:image/png;base64," PNG "\" alt=\"\">");
    assert_has(html, "<img src=\"data:image/gif;base64,R0lGODlh");
    g_assert_cmpint(count(html, "<img "), ==, 3);
    assert_has(html, "<li><b><bdi>grande.png</bdi></b> · 200\u00A0Ko</li>");
    assert_has(html, "<li><b><bdi>faux.png</bdi></b>");
    assert_has(html, "<li><b><bdi>dessin.svg</bdi></b>");
}

static void test_room(void)
{
    g_autoptr(Site) site = desk_with_ticket();
    g_autofree char *picture = large_picture(150 * 1000);
    send_picture(site, "une.png", "image/png", picture);
    send_picture(site, "deux.png", "image/png", picture);
    static const struct {
        guint64 max;
        int pictures;
    } cases[] = {{100 * 1000, 0}, {300 * 1000, 1}, {500 * 1000, 2}};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Transcript) transcript = load(site, JEAN, NULL, cases[i].max);
        g_autofree char *html = render(site, transcript);
        g_assert_cmpint(count(html, "<img "), ==, cases[i].pictures);
        g_assert_cmpuint(strlen(html), <=, cases[i].max);
    }
    g_autoptr(Transcript) none = load(site, JEAN, NULL, 5000);
    g_assert_null(none->data);
}

/* All of them together: five million bytes. */
static void test_many_pictures(void)
{
    g_autoptr(Site) site = desk_with_ticket();
    g_autofree char *picture = large_picture(200 * 1000);
    g_autoptr(GString) mail =
        g_string_new("From: " JEAN "\nSubject: photos\nMessage-ID: <many@client.example>\n"
                     "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n");
    for (int i = 0; i < 30; i++)
        g_string_append_printf(mail,
                               "--b\nContent-Type: image/png; name=%d.png\n"
                               "Content-Transfer-Encoding: base64\n\n%s\n",
                               i, picture);
    g_string_append(mail, "--b--\n");
    g_autofree char *secret = site_secret(site, JEAN, "acknowledgement");
    g_autoptr(Outcome) outcome = site_deliver(site, JEAN, secret, mail->str);
    assert_verdict(outcome, VERDICT_REPLY);
    g_autofree char *html = file_for(site, JEAN, NULL);
    g_assert_cmpint(count(html, "<img "), ==, 25);
    g_assert_cmpint(count(html, ".png</bdi></b> · 200"), ==, 5);
}

/* --- times ------------------------------------------------------------------------------- */

static void test_times(void)
{
    g_autoptr(Site) site = desk_with_ticket();
    g_autofree char *fresh = file_for(site, JEAN, NULL);
    assert_has(fresh, "<dt>Ouvert</dt>");
    assert_lacks(fresh, "Première réponse");
    assert_lacks(fresh, "<dt>Résolu</dt>");
    answer_as(site, MARIE, "ticket", "fait");
    static const char *const ways[] = {"resolved", "open", "resolved", "closed"};
    for (gsize i = 0; i < G_N_ELEMENTS(ways); i++) {
        const TicketChange change = {.status = ways[i]};
        g_assert_true(change_ticket(site->desk, "SUP-1", &change, NULL));
        g_autofree char *html = file_for(site, JEAN, NULL);
        assert_has(html, "<dt>Première réponse</dt>");
        if (strcmp(ways[i], "open") == 0)
            assert_lacks(html, "<dt>Résolu</dt>");
        else
            assert_has(html, "<dt>Résolu</dt>");
    }
    g_autofree char *closed = file_for(site, JEAN, NULL);
    assert_has(closed, "SUP-1 · <b>fermé</b>");
    assert_has(closed, "<small>en moins d’une minute</small>");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/transcript/customer", test_customer);
    g_test_add_func("/transcript/desk", test_desk);
    g_test_add_func("/transcript/english", test_english);
    g_test_add_func("/transcript/watcher", test_watcher);
    g_test_add_func("/transcript/stranger", test_stranger);
    g_test_add_func("/transcript/hostile", test_hostile);
    g_test_add_func("/transcript/secrets", test_secrets);
    g_test_add_func("/transcript/pictures", test_pictures);
    g_test_add_func("/transcript/room", test_room);
    g_test_add_func("/transcript/many-pictures", test_many_pictures);
    g_test_add_func("/transcript/times", test_times);
    return g_test_run();
}
