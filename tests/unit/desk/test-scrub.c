/* Secrets of ours in other people's words: taken out in every encoding, and nothing else is. */
#include "core/desk/change.h"
#include "core/desk/scrub.h"
#include "tests/unit/desk/site.h"

#include <sys/mman.h>

typedef struct {
    Site *site;
    char *extension; /* "r1.…" */
    char *hash;      /* of a page link */
} Secrets;

static void secrets_clear(Secrets *secrets)
{
    site_free(secrets->site);
    g_free(secrets->extension);
    g_free(secrets->hash);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Secrets, secrets_clear)

static Secrets secrets_new(void)
{
    Secrets secrets = {.site = site_new("")};
    g_autofree char *link = NULL;
    g_autoptr(GError) error = NULL;
    g_autoptr(Outcome) opened =
        site_send(secrets.site, JEAN, SUPPORT, "Panne", "", "elle est rouge");
    g_autofree char *address = site_secret(secrets.site, JEAN, "acknowledgement");
    change_mint_link(secrets.site->desk, "SUP-1", JEAN, &link, &error);
    g_assert_no_error(error);
    const char *plus = strchr(address, '+');
    secrets.extension = g_strndup(plus + 1, (gsize)(strchr(address, '@') - plus - 1));
    secrets.hash = g_strdup(strrchr(link, '/') + 1);
    return secrets;
}

/* `pattern` with EXT and HASH for our own. */
static char *fill(const Secrets *secrets, const char *pattern)
{
    g_autoptr(GString) out = g_string_new(pattern);
    g_string_replace(out, "EXT", secrets->extension, 0);
    g_string_replace(out, "HASH", secrets->hash, 0);
    return g_string_free(g_steal_pointer(&out), FALSE);
}

static char *scrubbed(const Secrets *secrets, const char *text)
{
    char *out = NULL;
    g_autoptr(GError) error = NULL;
    scrub_text(secrets->site->desk, text, &out, &error);
    g_assert_no_error(error);
    return out;
}

static void test_encodings(void)
{
    static const struct {
        const char *text, *expected;
    } cases[] = {
        {"support+EXT@desk.example", "support@desk.example"},
        {"mailto:support%2BEXT@desk.example", "mailto:support@desk.example"},
        {"support%2bEXT%40desk.example", "support%40desk.example"},
        {"support%252BEXT%2540desk", "support%2540desk"},
        {"support%25252BEXT", "support"},
        {"+EXT+EXT", ""},
        {"https://desk.example/ticket/HASH.", "https://desk.example/ticket/…."},
        {"?url=https%3A%2F%2Fdesk.example%2Fticket%2FHASH&data=05",
         "?url=https%3A%2F%2Fdesk.example%2Fticket%2F…&data=05"},
        {"%2fticket%2fHASH", "%2fticket%2f…"},
        {"%252Fticket%252FHASH", "%252Fticket%252F…"},
        {"%25252fticket/HASH", "%25252fticket/…"},
        {"/ticket%2FHASH", "/ticket%2F…"},
        {"%/ticket/HASH%2", "%/ticket/…%2"},
        {"/ticket/HASH/ticket/HASH", "/ticket/…/ticket/…"},
    };
    g_auto(Secrets) secrets = secrets_new();
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = fill(&secrets, cases[i].text);
        g_autofree char *out = scrubbed(&secrets, text);
        g_assert_cmpstr(out, ==, cases[i].expected);
    }
}

static void test_unchanged(void)
{
    static const char *const texts[] = {
        "",
        "Bonjour, 100 % d'accord : 1+1=2, et/ou a+b@client.example",
        "support+r1.aaaaaaaaaaaaaaaa@desk.example",
        "https://desk.example/ticket/aaaaaaaaaaaaaaaaaaaaaaaaaa",
        "https://other.example/ticket/42 %2Fticket%2F42",
        "/tickets/HASH /Ticket/HASH ticket/HASH %2GticketHASH",
        "%2Fticket%2",
        "%25",
        "%252",
        "%",
        "+",
        "+r1.",
        "/ticket/",
        "%2B",
        "élan+é1.éé",
    };
    g_auto(Secrets) secrets = secrets_new();
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autofree char *text = fill(&secrets, texts[i]);
        g_autofree char *out = scrubbed(&secrets, text);
        g_assert_cmpstr(out, ==, text);
    }
}

static void test_large(void)
{
    static const char *const fillers[] = {"+",   "/",   "%",        "%25", "25",
                                          "%2B", "%2F", "/ticket/", "+r1", "%2Fticket%2F0"};
    g_auto(Secrets) secrets = secrets_new();
    for (gsize i = 0; i < G_N_ELEMENTS(fillers); i++) {
        g_autoptr(GString) text = g_string_new("%");
        while (text->len < 1024 * 1024)
            g_string_append(text, fillers[i]);
        gint64 start = g_get_monotonic_time();
        g_autofree char *same = scrubbed(&secrets, text->str);
        g_assert_cmpstr(same, ==, text->str);
        g_autofree char *tail = fill(&secrets, " %2Fticket%2FHASH");
        g_string_append(text, tail);
        g_autofree char *out = scrubbed(&secrets, text->str);
        g_assert_true(g_str_has_suffix(out, " %2Fticket%2F…"));
        g_assert_cmpint(g_get_monotonic_time() - start, <, 10 * G_USEC_PER_SEC);
    }
}

/* --- attachments ------------------------------------------------------------------------- */

static bool attachment_holds(const Secrets *secrets, const char *type, const char *bytes)
{
    g_autofree char *name = NULL;
    g_autoptr(GError) error = NULL;
    gsize length = strlen(bytes);
    int fd = g_file_open_tmp("wicket-part-XXXXXX", &name, NULL);
    g_unlink(name);
    g_assert_cmpint(write(fd, bytes, length), ==, (gssize)length);
    char nothing[] = "", part_name[] = "x.bin";
    g_autofree char *part_type = g_strdup(type);
    const MailAttachment part = {
        .name = part_name,
        .type = part_type,
        .charset = nothing,
        .content_id = nothing,
        .size = length,
        .place.outer = {0, length, TRANSFER_IDENTITY},
    };
    bool holds = false;
    guint64 left = SCRUB_READ_BYTES;
    scrub_attachment_holds_secret(secrets->site->desk, fd, &part, &left, &holds, &error);
    g_assert_no_error(error);
    close(fd);
    return holds;
}

/* Files deep in others cost more to search than they weigh; past what may be spent on a mail
 * they are for the desk alone. */
static void test_search_is_bounded(void)
{
    g_autoptr(Site) site = site_new("");
    g_autoptr(GError) error = NULL;
    char name[] = "a.txt", type[] = "text/plain", nothing[] = "";
    const MailAttachment part = {
        .name = name,
        .type = type,
        .charset = nothing,
        .content_id = nothing,
        .place = {.outer = {0, 1000, TRANSFER_BASE64},
                  .inner = {700, 5, TRANSFER_IDENTITY},
                  .is_nested = true},
    };
    int fd = memfd_create("mail", MFD_CLOEXEC);
    guint64 left = 2500;
    bool holds[3] = {false};
    g_assert_cmpint(ftruncate(fd, 1000), ==, 0);
    for (int i = 0; i < 3; i++) {
        scrub_attachment_holds_secret(site->desk, fd, &part, &left, &holds[i], &error);
        g_assert_no_error(error);
    }
    close(fd);
    g_assert_false(holds[0]);
    g_assert_false(holds[1]);
    g_assert_true(holds[2]);
}

static void test_block_borders(void)
{
    static const char *const patterns[] = {"+EXT", "%2525252BEXT", "/ticket/HASH",
                                           "%2Fticket%2FHASH", "%2525252Fticket%2525252FHASH"};
    const gsize block = 64 * 1024;
    g_auto(Secrets) secrets = secrets_new();
    for (gsize i = 0; i < G_N_ELEMENTS(patterns); i++) {
        g_autofree char *secret = fill(&secrets, patterns[i]);
        for (gsize before = 0; before <= strlen(secret) + 1; before++) {
            g_autofree char *filler = g_strnfill(block - before, ' ');
            g_autofree char *bytes = g_strconcat(filler, secret, " and more", NULL);
            g_assert_true(attachment_holds(&secrets, "text/plain", bytes));
        }
    }
}

static void test_attachment_types(void)
{
    g_auto(Secrets) secrets = secrets_new();
    g_autofree char *bytes = fill(&secrets, "voir %2Fticket%2FHASH");
    g_assert_true(attachment_holds(&secrets, "message/rfc822", bytes));
    g_assert_false(attachment_holds(&secrets, "image/png", bytes));
    g_assert_false(
        attachment_holds(&secrets, "text/plain", "voir /ticket/42 et a+b@c.example"));
    g_assert_false(attachment_holds(&secrets, "text/plain", ""));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/scrub/encodings", test_encodings);
    g_test_add_func("/scrub/unchanged", test_unchanged);
    g_test_add_func("/scrub/large", test_large);
    g_test_add_func("/scrub/block-borders", test_block_borders);
    g_test_add_func("/scrub/attachment-types", test_attachment_types);
    g_test_add_func("/scrub/search-is-bounded", test_search_is_bounded);
    return g_test_run();
}
