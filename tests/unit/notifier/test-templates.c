/* The built-in mail templates: both languages say the same, nothing a sender wrote gets into a
 * brief acknowledgement, nothing is left unescaped, and the text twins read well. Run from the
 * root of the source tree. */
#include "core/base/template.h"
#include "core/desk/transcript.h"

#include <string.h>

#define FOLDER "notifier/templates"
#define EVIL "<script>alert('x')</script>"

static const char *const languages[] = {"fr", "en"};

static const char *const kinds[] = {"acknowledgement", "message",     "note",   "status",
                                    "resolved",        "assigned",    "ticket", "held",
                                    "confirm",         "undelivered", "answer"};

/* All that a template may use: strings, then flags, then lists and what is in them. */
static const char *const names[] = {
    "site_name",
    "ticket_id",
    "title",
    "status",
    "priority",
    "queue_name",
    "link",
    "reader_name",
    "author_name",
    "when",
    "text",
    "old_status",
    "new_status",
    "assignee",
    "requester_name",
    "held_reason",
    "held_id",
    "summary",
    "reply_goes_to",
    "mail_address",
    "failed_address",
    "failed_name",
    "failed_status",
    "failed_why",
    "staff",
    "brief",
    "unproven",
    "internal",
    "has_text",
    "encrypted",
    "from_desk",
    "cut",
    "paragraphs",
    "attachments",
    "images",
    "files",
    "buttons",
    "lines",
    "line",
    "more",
    "name",
    "size",
    "url",
    "cid",
    "label",
    "primary",
    "has_buttons",
    "refused",
    "returned",
    "ask_proof",
    "ask_destroys",
    "ask_stray",
    "ask_newer",
    "closed",
    "newer_author",
    "newer_text",
    "has_verbs",
    "commands",
    "written",
    "good",
    "answer",
    "verbs",
    "usage",
    "help",
    "undo",
    "desk_address",
    "list_title",
    "list_count",
    "rows",
    "id",
    "pressing",
    "requester",
    "assignees",
    "due",
    "late",
    "take",
    "find_words",
    "found",
    "shown",
    "history",
    "thread",
    "number",
    "author",
    "held",
    "words",
    "watchers",
    "tags",
    NULL,
};
#define STRINGS 24
#define FLAGS 7
#define LISTS 5

/* --- files ------------------------------------------------------------------------------- */

typedef struct {
    const char *language, *extension;
    GPtrArray *sources; /* owned here: the compiler borrows them */
} Folder;

static char *read_template(const char *language, const char *file)
{
    g_autofree char *path = g_build_filename(FOLDER, language, file, NULL);
    char *source = NULL;
    return g_file_get_contents(path, &source, NULL, NULL) ? source : NULL;
}

static const char *load(const char *name, void *user)
{
    Folder *folder = user;
    g_autofree char *file = g_strconcat(name, ".", folder->extension, NULL);
    char *source = read_template(folder->language, file);
    if (source)
        g_ptr_array_add(folder->sources, source);
    return source;
}

/* Those of mails, and those of the transcript. */
static const char *const *all_names(void)
{
    static GPtrArray *all;
    const char *const *sets[] = {names, transcript_template_names};
    if (all)
        return (const char *const *)all->pdata;
    all = g_ptr_array_new();
    for (gsize s = 0; s < G_N_ELEMENTS(sets); s++)
        for (const char *const *name = sets[s]; *name; name++)
            g_ptr_array_add(all, (char *)*name);
    g_ptr_array_add(all, NULL);
    return (const char *const *)all->pdata;
}

static Template *compile(const char *language, const char *kind, const char *extension)
{
    Folder folder = {language, extension, g_ptr_array_new_with_free_func(g_free)};
    const char *source = load(kind, &folder);
    g_assert_nonnull(source);
    g_autoptr(GError) error = NULL;
    Template *template = NULL;
    template_compile(kind, source,
                     g_str_equal(extension, "html") ? TEMPLATE_HTML : TEMPLATE_TEXT,
                     all_names(), load, &folder, &template, &error);
    g_assert_no_error(error);
    g_ptr_array_unref(folder.sources);
    return template;
}

static char *render(const char *language, const char *kind, const char *extension,
                    const TemplateData *data)
{
    g_autoptr(Template) template = compile(language, kind, extension);
    return template_render(template, data);
}

static int by_name(gconstpointer a, gconstpointer b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static GPtrArray *files_of(const char *language)
{
    g_autofree char *path = g_build_filename(FOLDER, language, NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(GDir) dir = g_dir_open(path, 0, &error);
    g_assert_no_error(error);
    GPtrArray *files = g_ptr_array_new_with_free_func(g_free);
    for (const char *name; (name = g_dir_read_name(dir));)
        g_ptr_array_add(files, g_strdup(name));
    g_ptr_array_sort(files, by_name);
    return files;
}

/* --- data -------------------------------------------------------------------------------- */

static TemplateData *no_data(void)
{
    TemplateData *data = template_data_new();
    for (gsize i = 0; i < STRINGS + FLAGS; i++)
        template_data_set(data, names[i], "");
    for (gsize i = 0; i < LISTS; i++)
        template_data_list(data, names[STRINGS + FLAGS + i]);
    return data;
}

static void add_file(TemplateData *data, const char *list, const char *name)
{
    TemplateData *file = template_data_add(data, list);
    template_data_set(file, "name", name);
    template_data_set(file, "size", "148 Ko");
    template_data_set(file, "url", "https://support.example.org/file");
    template_data_set(file, "cid", "cid-1@example.org");
}

/* Every string is its own name, so that a test can tell which ones were used. */
static TemplateData *full_data(void)
{
    TemplateData *data = no_data();
    for (gsize i = 0; i < STRINGS; i++) {
        g_autofree char *value = g_strdup_printf("<%s>", names[i]);
        template_data_set(data, names[i], value);
    }
    template_data_set(data, "text", "First line\nsecond line\n\nSecond paragraph " EVIL);
    template_data_set(data, "has_text", "1");
    TemplateData *first = template_data_add(data, "paragraphs");
    TemplateData *line = template_data_add(first, "lines");
    template_data_set(line, "line", "First line");
    template_data_set(line, "more", "1");
    line = template_data_add(first, "lines");
    template_data_set(line, "line", "second line");
    template_data_set(line, "more", "");
    TemplateData *second = template_data_add(data, "paragraphs");
    line = template_data_add(second, "lines");
    template_data_set(line, "line", "Second paragraph " EVIL);
    template_data_set(line, "more", "");
    add_file(data, "files", "attached.pdf");
    add_file(data, "images", "photo.png");
    add_file(data, "attachments", "linked.zip");
    return data;
}

static void assert_has(const char *rendered, const char *needle)
{
    if (!strstr(rendered, needle))
        g_error("\"%s\" is missing in:\n%s", needle, rendered);
}

static void assert_lacks(const char *rendered, const char *needle)
{
    if (strstr(rendered, needle))
        g_error("\"%s\" must not be in:\n%s", needle, rendered);
}

/* --- tests ------------------------------------------------------------------------------- */

static void test_same_files(void)
{
    g_autoptr(GPtrArray) french = files_of("fr");
    g_autoptr(GPtrArray) english = files_of("en");
    g_assert_cmpuint(french->len, ==, english->len);
    for (guint i = 0; i < french->len; i++)
        g_assert_cmpstr(french->pdata[i], ==, english->pdata[i]);
    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
        g_autofree char *html = g_strconcat(kinds[i], ".html", NULL);
        g_autofree char *text = g_strconcat(kinds[i], ".txt", NULL);
        g_assert_true(g_ptr_array_find_with_equal_func(french, html, g_str_equal, NULL));
        g_assert_true(g_ptr_array_find_with_equal_func(french, text, g_str_equal, NULL));
    }
}

/* The tags of a template without its words and comments. */
static char *tags_of(const char *source)
{
    GString *tags = g_string_new(NULL);
    for (const char *at = source; (at = strstr(at, "{{"));) {
        const char *end = strstr(at, "}}") + 2;
        if (at[2] != '!')
            g_string_append_len(tags, at, (gssize)(end - at));
        at = end;
    }
    return g_string_free(tags, FALSE);
}

/* Same tags in the same order: nobody is told more in one language. */
static void test_same_content(void)
{
    g_autoptr(GPtrArray) files = files_of("fr");
    for (guint i = 0; i < files->len; i++) {
        g_autofree char *french = read_template("fr", files->pdata[i]);
        g_autofree char *english = read_template("en", files->pdata[i]);
        g_autofree char *french_tags = tags_of(french);
        g_autofree char *english_tags = tags_of(english);
        g_assert_cmpstr(french_tags, ==, english_tags);
    }
}

/* Partials too, each on its own. */
static void test_all_compile(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(languages); i++) {
        g_autoptr(GPtrArray) files = files_of(languages[i]);
        for (guint j = 0; j < files->len; j++) {
            g_auto(GStrv) name = g_strsplit(files->pdata[j], ".", 2);
            template_free(compile(languages[i], name[0], name[1]));
        }
    }
}

/* French spaces before : ; ? ! » and after « never break, and nothing is fetched from afar. */
static void test_sources(void)
{
    g_autoptr(GRegex) loose = g_regex_new(" [:;?!»](?!important)|« ", 0, 0, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(languages); i++) {
        g_autoptr(GPtrArray) files = files_of(languages[i]);
        for (guint j = 0; j < files->len; j++) {
            g_autofree char *source = read_template(languages[i], files->pdata[j]);
            g_assert_true(g_utf8_validate(source, -1, NULL));
            if (g_regex_match(loose, source, 0, NULL))
                g_error("%s/%s: a space that may break before or after punctuation",
                        languages[i], (char *)files->pdata[j]);
            static const char *const foreign[] = {"http:", "https:", "<script", "@import",
                                                  "url("};
            for (gsize k = 0; k < G_N_ELEMENTS(foreign); k++)
                assert_lacks(source, foreign[k]);
        }
    }
}

/* Blank lines part, they do not gape; only the signature mark ends in a space. */
static void assert_reads_well(const char *text)
{
    assert_lacks(text, "\n\n\n");
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; *line; line++)
        if (g_str_has_suffix(*line, " "))
            g_assert_cmpstr(*line, ==, "-- ");
    g_assert_cmpint(*text, !=, '\n');
    g_assert_true(g_str_has_suffix(text, "\n"));
}

static void test_every_kind(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(languages); i++) {
        for (gsize j = 0; j < G_N_ELEMENTS(kinds); j++) {
            for (int staff = 0; staff < 2; staff++) {
                g_autoptr(TemplateData) data = full_data();
                template_data_set(data, "staff", staff ? "1" : "");
                g_autofree char *html = render(languages[i], kinds[j], "html", data);
                g_autofree char *text = render(languages[i], kinds[j], "txt", data);
                assert_reads_well(text);
                assert_has(html, "&lt;ticket_id&gt;");
                assert_has(html, "&lt;summary&gt;");
                assert_has(html, "href=\"&lt;link&gt;\"");
                assert_has(text, "<ticket_id>");
                assert_has(text, "<link>");
                assert_has(text, "<site_name> · <mail_address>");
                assert_has(text, "\n-- \n");
                assert_lacks(html, "<script");
                g_assert_true(g_str_has_suffix(html, "</html>\n"));
                g_assert_true(g_str_has_prefix(html, "<!doctype html>\n"));
            }
        }
    }
}

/* Who will read an answer is said wherever an answer goes to somebody. */
static void test_reply_goes_to(void)
{
    static const char *const answerable[] = {"acknowledgement", "message",  "note",  "status",
                                             "resolved",        "assigned", "ticket"};
    for (gsize i = 0; i < G_N_ELEMENTS(languages); i++) {
        for (gsize j = 0; j < G_N_ELEMENTS(answerable); j++) {
            g_autoptr(TemplateData) data = full_data();
            g_autofree char *html = render(languages[i], answerable[j], "html", data);
            g_autofree char *text = render(languages[i], answerable[j], "txt", data);
            assert_has(html, "&lt;reply_goes_to&gt;");
            assert_has(text, "<reply_goes_to>");
        }
    }
}

static void test_message_in_full(void)
{
    static const char *const telling[] = {"message",  "note",   "status", "resolved",
                                          "assigned", "ticket", "held",   "confirm"};
    for (gsize i = 0; i < G_N_ELEMENTS(languages); i++) {
        for (gsize j = 0; j < G_N_ELEMENTS(telling); j++) {
            g_autoptr(TemplateData) data = full_data();
            g_autofree char *html = render(languages[i], telling[j], "html", data);
            g_autofree char *text = render(languages[i], telling[j], "txt", data);
            assert_has(html, "First line<br>second line</p>");
            assert_has(html, "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;");
            assert_has(html, "&lt;author_name&gt;");
            assert_has(html, "&lt;when&gt;");
            assert_has(html, "src=\"cid:cid-1@example.org\"");
            assert_has(html, "attached.pdf");
            assert_has(html, "href=\"https://support.example.org/file\"");
            assert_has(text, "<author_name>, <when>");
            assert_has(text, "First line\nsecond line\n\nSecond paragraph " EVIL "\n");
            assert_has(text, "attached.pdf (148 Ko)");
            assert_has(text, "photo.png");
            assert_has(text, "linked.zip (148 Ko) https://support.example.org/file");
        }
    }
}

/* An acknowledgement to an unproven sender must not carry anybody's words to a stranger. */
static void test_brief_acknowledgement(void)
{
    static const char *const written_by_sender[] = {
        "title",  "text",       "summary",  "reader_name", "author_name", "requester_name",
        "script", "First line", "attached", "photo.png",   "linked",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(languages); i++) {
        g_autoptr(TemplateData) data = full_data();
        template_data_set(data, "title", "<title>" EVIL);
        template_data_set(data, "brief", "1");
        template_data_set(data, "unproven", "1");
        g_autofree char *html = render(languages[i], "acknowledgement", "html", data);
        g_autofree char *text = render(languages[i], "acknowledgement", "txt", data);
        for (gsize j = 0; j < G_N_ELEMENTS(written_by_sender); j++) {
            g_autofree char *escaped = g_strdup_printf("&lt;%s&gt;", written_by_sender[j]);
            assert_lacks(html, escaped);
            assert_lacks(text, written_by_sender[j]);
        }
        assert_lacks(html, "First line");
        assert_lacks(html, "attached.pdf");
        assert_has(text, "<ticket_id>");
        template_data_set(data, "brief", "");
        g_autofree char *whole = render(languages[i], "acknowledgement", "html", data);
        assert_has(whole, "&lt;title&gt;&lt;script&gt;");
    }
}

/* Only notes: a held mail is told to the team as well, but nobody wrote it as a note. */
static void test_notes_are_marked(void)
{
    static const char *const marks[] = {"Note interne", "Internal note"};
    for (gsize i = 0; i < G_N_ELEMENTS(languages); i++) {
        for (gsize j = 0; j < G_N_ELEMENTS(kinds); j++) {
            g_autoptr(TemplateData) data = full_data();
            template_data_set(data, "internal", "1");
            template_data_set(data, "staff", "1");
            g_autofree char *html = render(languages[i], kinds[j], "html", data);
            g_autofree char *text = render(languages[i], kinds[j], "txt", data);
            bool note = g_str_equal(kinds[j], "note");
            (note ? assert_has : assert_lacks)(html, marks[i]);
            (note ? assert_has : assert_lacks)(text, marks[i]);
        }
    }
}

static void test_held_says_how(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(languages); i++) {
        g_autoptr(TemplateData) data = full_data();
        template_data_set(data, "held_id", "17");
        template_data_set(data, "ticket_id", ""); /* held outside any ticket */
        g_autofree char *html = render(languages[i], "held", "html", data);
        g_autofree char *text = render(languages[i], "held", "txt", data);
        assert_has(html, ">mailwicket held accept 17<");
        assert_has(html, ">mailwicket held drop 17<");
        assert_has(html, "&lt;held_reason&gt;");
        assert_has(text, "    mailwicket held accept 17\n");
        assert_has(text, "    mailwicket held drop 17\n");
        assert_has(text, "<held_reason>");
    }
}

/* Buttons take the place of the link to the page, and their addresses are attributes. */
static void test_buttons(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(languages); i++) {
        g_autoptr(TemplateData) data = full_data();
        g_autofree char *without = render(languages[i], "message", "html", data);
        assert_has(without, "class=\"button fill\" href=\"&lt;link&gt;\"");
        TemplateData *button = template_data_add(data, "buttons");
        template_data_set(button, "label", "Résoudre");
        template_data_set(button, "url", "mailto:a@x?subject=\"&body=!r");
        template_data_set(button, "primary", "1");
        template_data_set(data, "has_buttons", "1");
        g_autofree char *with = render(languages[i], "message", "html", data);
        assert_lacks(with, "class=\"button fill\" href=\"&lt;link&gt;\"");
        assert_has(with, "href=\"mailto:a@x?subject=&quot;&amp;body=!r\"");
        assert_has(with, ">Résoudre</a>");
    }
}

/* With nothing known a mail is poor, but whole. */
static void test_empty(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(languages); i++) {
        for (gsize j = 0; j < G_N_ELEMENTS(kinds); j++) {
            g_autoptr(TemplateData) data = no_data();
            g_autofree char *html = render(languages[i], kinds[j], "html", data);
            g_autofree char *text = render(languages[i], kinds[j], "txt", data);
            assert_has(html, "</html>");
            assert_lacks(html, "href=\"\"");
            assert_has(text, "\n-- \n");
        }
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/templates/same-files", test_same_files);
    g_test_add_func("/templates/same-content", test_same_content);
    g_test_add_func("/templates/all-compile", test_all_compile);
    g_test_add_func("/templates/sources", test_sources);
    g_test_add_func("/templates/every-kind", test_every_kind);
    g_test_add_func("/templates/reply-goes-to", test_reply_goes_to);
    g_test_add_func("/templates/message-in-full", test_message_in_full);
    g_test_add_func("/templates/brief-acknowledgement", test_brief_acknowledgement);
    g_test_add_func("/templates/notes-are-marked", test_notes_are_marked);
    g_test_add_func("/templates/held-says-how", test_held_says_how);
    g_test_add_func("/templates/buttons", test_buttons);
    g_test_add_func("/templates/empty", test_empty);
    return g_test_run();
}
