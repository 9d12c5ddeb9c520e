/* Template sets: the built-in ones, an admin's folder over them, and what is told when one is
 * broken. */
#include "core/base/template-set.h"

#include "core/base/error.h"

#include <glib/gstdio.h>
#include <string.h>

static char *room;

static const BuiltinTemplate builtin[] = {
    {"fr", "hello.txt", "Bonjour {{who}}\n{{>foot}}\n"},
    {"fr", "hello.html", "<p>Bonjour {{who}}</p>\n{{>foot}}\n"},
    {"fr", "foot.txt", "-- \n{{site}}\n"},
    {"fr", "foot.html", "<hr>{{site}}\n"},
    {"en", "hello.txt", "Hello {{who}}\n"},
    {NULL, NULL, NULL}};
static const char *const names[] = {"who", "site", NULL};
static const char *const mails[] = {"hello", NULL};

/* A fresh folder with these files: "fr/hello.txt", content, …, NULL. */
static char *folder(const char *const *files)
{
    static int count;
    char *dir = g_strdup_printf("%s/%d", room, count++);
    g_mkdir(dir, 0700);
    for (; files && *files; files += 2) {
        g_autofree char *path = g_build_filename(dir, files[0], NULL);
        g_autofree char *parent = g_path_get_dirname(path);
        g_mkdir_with_parents(parent, 0700);
        g_assert_true(g_file_set_contents(path, files[1], -1, NULL));
    }
    return dir;
}

static Templates *load(const char *dir)
{
    Templates *templates = NULL;
    g_autoptr(GError) error = NULL;
    templates_load(builtin, dir, names, mails, &templates, &error);
    g_assert_no_error(error);
    return templates;
}

static void expect(const Templates *templates, const char *language, const char *text,
                   const char *html)
{
    g_autoptr(TemplateData) data = template_data_new();
    template_data_set(data, "who", "A & B");
    template_data_set(data, "site", "Ici");
    g_autofree char *got_text = NULL, *got_html = NULL;
    g_autoptr(GError) error = NULL;
    templates_render(templates, language, "hello", data, &got_text, &got_html, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(got_text, ==, text);
    g_assert_cmpstr(got_html, ==, html);
}

static void test_builtin(void)
{
    g_autoptr(Templates) templates = load(NULL);
    expect(templates, "fr", "Bonjour A & B\n-- \nIci\n", "<p>Bonjour A &amp; B</p>\n<hr>Ici\n");
    expect(templates, "en", "Hello A & B\n", NULL);
}

/* One file replaced at a time, a partial in both its users, other files left alone. */
static void test_folder_overrides(void)
{
    g_autofree char *dir = folder((const char *const[]){
        "fr/foot.txt", "~ {{site}} ~\r\n", "en/hello.html", "<b>{{who}}</b>\n", "fr/hello.txt~",
        "{{broken", "fr/.hello.txt.swp", "{{broken", "fr/README", "{{broken", ".git/x.txt",
        "{{broken", "notes.txt", "{{broken", NULL});
    g_autoptr(Templates) templates = load(dir);
    expect(templates, "fr", "Bonjour A & B\n~ Ici ~\n", "<p>Bonjour A &amp; B</p>\n<hr>Ici\n");
    expect(templates, "en", "Hello A & B\n", "<b>A &amp; B</b>\n");
}

static void test_new_language(void)
{
    g_autofree char *dir = folder((const char *const[]){
        "de/hello.txt", "Hallo {{who}}\n{{>gruss}}", "de/gruss.txt", "{{site}}\n", NULL});
    g_autoptr(Templates) templates = load(dir);
    expect(templates, "de", "Hallo A & B\nIci\n", NULL);
}

static void test_broken(void)
{
    static const struct {
        const char *file, *content, *says;
    } table[] = {
        {"fr/hello.txt", "one\ntwo {{whom}}\n", "/fr/hello.txt:2: "},
        {"fr/hello.txt", "{{whom}}", "whom"},
        {"fr/hello.html", "{{#who}}\n", "/fr/hello.html:"},
        {"fr/foot.html", "\n\n{{nobody}}\n", "/fr/foot.html:3: "},
        {"fr/hello.txt", "{{>nowhere}}\n", "nowhere"},
        {"fr/hello.txt", "{{>../../secret}}\n", "/fr/hello.txt:1: "},
        {"fr/foot.txt", "{{>foot}}\n", "/fr/foot.txt: foot:1: "},
        {"fr/hello.txt", "caf\xe9\n", "/fr/hello.txt: not valid UTF-8"},
        {"de/foot.txt", "\n", "/de/hello.txt is missing"},
        {"de/hello.txt/x", "\n", "/de/hello.txt: not a file"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autofree char *dir =
            folder((const char *const[]){table[i].file, table[i].content, NULL});
        Templates *templates = NULL;
        g_autoptr(GError) error = NULL;
        g_assert_false(templates_load(builtin, dir, names, mails, &templates, &error));
        g_assert_error(error, WICKET_ERROR, ERROR_CONFIG);
        g_assert_null(templates);
        if (!strstr(error->message, table[i].says) || strchr(error->message, '\n'))
            g_error("case %" G_GSIZE_FORMAT ": %s", i, error->message);
    }
}

static void test_broken_builtin(void)
{
    static const BuiltinTemplate broken[] = {{"fr", "hello.txt", "{{x}}"}, {NULL, NULL, NULL}};
    Templates *templates = NULL;
    g_autoptr(GError) error = NULL;
    g_assert_false(templates_load(broken, NULL, names, mails, &templates, &error));
    g_assert_true(g_str_has_prefix(error->message, "built-in fr/hello.txt:1: "));
}

static void test_missing_folder(void)
{
    Templates *templates = NULL;
    g_autoptr(GError) error = NULL;
    g_assert_false(templates_load(builtin, "/nonexistent/x", names, mails, &templates, &error));
    g_assert_error(error, WICKET_ERROR, ERROR_CONFIG);
    g_assert_nonnull(strstr(error->message, "/nonexistent/x"));
}

static void test_unknown_mail(void)
{
    g_autoptr(Templates) templates = load(NULL);
    g_autoptr(TemplateData) data = template_data_new();
    static const struct {
        const char *language, *name;
    } table[] = {{"xx", "hello"}, {"fr", "nothing"}, {"fr", "../fr/hello"}, {"", ""}};
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autofree char *text = NULL, *html = NULL;
        g_autoptr(GError) error = NULL;
        g_assert_false(templates_render(templates, table[i].language, table[i].name, data,
                                        &text, &html, &error));
        g_assert_error(error, WICKET_ERROR, ERROR_CONFIG);
    }
}

/* What is no mail may be HTML alone. */
static void test_html_alone(void)
{
    g_autofree char *dir =
        folder((const char *const[]){"fr/page.html", "<p>{{who}}</p>\n", NULL});
    g_autoptr(Templates) templates = load(dir);
    g_autoptr(TemplateData) data = template_data_new();
    g_autofree char *page = NULL;
    char *none = NULL;
    g_autoptr(GError) error = NULL;
    template_data_set(data, "who", "<A>");
    g_assert_true(templates_render_html(templates, "fr", "page", data, &page, NULL));
    g_assert_cmpstr(page, ==, "<p>&lt;A&gt;</p>\n");
    g_assert_false(templates_render_html(templates, "en", "page", data, &none, &error));
    g_assert_error(error, WICKET_ERROR, ERROR_CONFIG);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    room = g_dir_make_tmp("test-render-XXXXXX", NULL);
    g_test_add_func("/render/builtin", test_builtin);
    g_test_add_func("/render/folder-overrides", test_folder_overrides);
    g_test_add_func("/render/new-language", test_new_language);
    g_test_add_func("/render/broken", test_broken);
    g_test_add_func("/render/broken-builtin", test_broken_builtin);
    g_test_add_func("/render/missing-folder", test_missing_folder);
    g_test_add_func("/render/unknown-mail", test_unknown_mail);
    g_test_add_func("/render/html-alone", test_html_alone);
    int result = g_test_run();
    g_autofree char *command = g_strdup_printf("rm -rf '%s'", room);
    if (system(command) != 0)
        g_printerr("%s is left\n", room);
    g_free(room);
    return result;
}
