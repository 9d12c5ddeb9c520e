/* Templates: what they write, and what their compiler refuses. */
#include "core/base/template.h"

#include "core/base/error.h"

#include <string.h>

static const char *const names[] = {"name", "empty", "items", "none", "inner", "title", NULL};

static const struct {
    const char *name, *source;
} partials[] = {
    {"footer", "-- {{name}}\n"},
    {"self", "{{>self}}"},
    {"broken", "one\n{{#name}}"},
    {"item", "[{{title}}]"},
    {"titled", "{{#title}}{{title}}{{/title}}"},
};

static const char *load(const char *name, void *user)
{
    for (gsize i = 0; i < G_N_ELEMENTS(partials); i++)
        if (strcmp(partials[i].name, name) == 0)
            return partials[i].source;
    return NULL;
}

static TemplateData *make_data(void)
{
    TemplateData *data = template_data_new();
    template_data_set(data, "name", "<A&B> \"'");
    template_data_set(data, "title", "outer");
    template_data_set(data, "empty", NULL);
    template_data_list(data, "none");
    TemplateData *item = template_data_add(data, "items");
    template_data_set(item, "title", "one");
    template_data_set(template_data_add(item, "inner"), "name", "deep");
    template_data_add(data, "items"); /* without a title: the outer one shows */
    return data;
}

static void test_render(void)
{
    static const struct {
        TemplateMode mode;
        const char *source, *expected;
    } cases[] = {
        {TEMPLATE_TEXT, "", ""},
        {TEMPLATE_TEXT, "a {{name}} b", "a <A&B> \"' b"},
        {TEMPLATE_HTML, "<p>{{ name }}</p>", "<p>&lt;A&amp;B&gt; &quot;&#39;</p>"},
        {TEMPLATE_TEXT, "{{empty}}{{#empty}}no{{/empty}}{{^empty}}yes{{/empty}}", "yes"},
        {TEMPLATE_TEXT, "{{#name}}yes{{/name}}{{^name}}no{{/name}}", "yes"},
        {TEMPLATE_TEXT, "{{>titled}}{{>titled}}", "outerouter"},
        {TEMPLATE_TEXT, "{{#none}}no{{/none}}{{^none}}nothing{{/none}}", "nothing"},
        {TEMPLATE_TEXT, "{{items}}{{^items}}no{{/items}}", ""},
        {TEMPLATE_TEXT, "{{#items}}{{title}},{{/items}}", "one,outer,"},
        {TEMPLATE_TEXT, "{{#items}}{{#inner}}{{title}} {{name}}{{/inner}};{{/items}}",
         "one deep;;"},
        {TEMPLATE_TEXT, "{{#items}}{{>item}}{{/items}}", "[one][outer]"},
        {TEMPLATE_TEXT, "a{{! no\nbody }}b", "ab"},
        /* Lines of tags leave nothing behind, whatever stands around them. */
        {TEMPLATE_TEXT, "a\n  {{#name}}  \nb\n{{/name}}\nc\n", "a\nb\nc\n"},
        {TEMPLATE_TEXT, "a\r\n{{#name}}\r\nb\r\n{{/name}}\r\nc", "a\r\nb\r\nc"},
        {TEMPLATE_TEXT, "{{! top }}\na\n{{! end }}", "a\n"},
        {TEMPLATE_TEXT, "a\n{{>footer}}\nb", "a\n-- <A&B> \"'\nb"},
        {TEMPLATE_TEXT, "{{#items}}\n- {{title}}\n{{/items}}\nend", "- one\n- outer\nend"},
        {TEMPLATE_TEXT, "a\n{{#name}}x{{/name}}\nb", "a\nx\nb"},
        {TEMPLATE_TEXT, "a\n {{empty}}\nb", "a\n \nb"},
        {TEMPLATE_HTML, "p{color:red}}{ {", "p{color:red}}{ {"},
    };
    g_autoptr(TemplateData) data = make_data();
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Template) template = NULL;
        g_autoptr(GError) error = NULL;
        g_assert_true(template_compile("t", cases[i].source, cases[i].mode, names, load, NULL,
                                       &template, &error));
        g_assert_no_error(error);
        g_autofree char *text = template_render(template, data);
        g_assert_cmpstr(text, ==, cases[i].expected);
    }
}

static void test_refused(void)
{
    static const struct {
        const char *source, *message;
    } cases[] = {
        {"a\nb {{nmae}}", "t:2: unknown name \"nmae\""},
        {"{{#nmae}}{{/nmae}}", "t:1: unknown name \"nmae\""},
        {"{{}}", "t:1: unknown name \"\""},
        {"{{{name}}}", "t:1: unknown name \"{name\""},
        {"\n\n{{#name}}x", "t:3: section \"name\" is not closed"},
        {"{{#name}}{{^empty}}{{/name}}", "t:1: section \"name\" is closed but not open"},
        {"{{#name}}\n{{#items}}{{#name}}", "t:2: section \"name\" is inside itself"},
        {"{{#title}}{{>titled}}{{/title}}", "titled:1: section \"title\" is inside itself"},
        {"{{/name}}", "t:1: section \"name\" is closed but not open"},
        {"a\n{{name", "t:2: {{ without }}"},
        {"{{>nothing}}", "t:1: there is no template \"nothing\""},
        {"{{>self}}", "self:1: \"self\" nests deeper than 16"},
        {"{{>broken}}{{/name}}", "broken:2: section \"name\" is not closed"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        Template *template = NULL;
        g_autoptr(GError) error = NULL;
        g_assert_false(template_compile("t", cases[i].source, TEMPLATE_TEXT, names, load, NULL,
                                        &template, &error));
        g_assert_error(error, WICKET_ERROR, ERROR_CONFIG);
        g_assert_cmpstr(error->message, ==, cases[i].message);
        g_assert_null(template);
    }
}

static void refuse_repeated(const char *piece, int times, const char *complaint)
{
    g_autoptr(GString) source = g_string_new(NULL);
    for (int i = 0; i < times; i++)
        g_string_append(source, piece);
    Template *template = NULL;
    g_autoptr(GError) error = NULL;
    g_assert_false(template_compile("t", source->str, TEMPLATE_TEXT, names, load, NULL,
                                    &template, &error));
    g_assert_nonnull(strstr(error->message, complaint));
}

static const char *load_wide(const char *name, void *user)
{
    /* Ten levels, each naming the next a hundred times, and no text at all. */
    GPtrArray *sources = user;
    int level = name[0] - 'a';
    return level >= 0 && level < (int)sources->len ? sources->pdata[level] : NULL;
}

static void test_bounds(void)
{
    refuse_repeated("{{#name}}", 100000, "section \"name\" is inside itself");
    refuse_repeated("{{^name}}", 100000, "section \"name\" is inside itself");
    refuse_repeated("{{name}}", 100000, "too large");

    g_autoptr(GPtrArray) sources = g_ptr_array_new_with_free_func(g_free);
    for (int level = 0; level < 10; level++) {
        GString *source = g_string_new(NULL);
        for (int i = 0; i < 100 && level < 9; i++)
            g_string_append_printf(source, "{{>%c}}", 'a' + level + 1);
        g_ptr_array_add(sources, g_string_free(source, FALSE));
    }
    Template *template = NULL;
    g_autoptr(GError) error = NULL;
    g_assert_false(template_compile("t", "{{>a}}", TEMPLATE_TEXT, names, load_wide, sources,
                                    &template, &error));
    g_assert_nonnull(strstr(error->message, "too large"));
}

static void test_data(void)
{
    g_autoptr(TemplateData) data = template_data_new();
    g_autoptr(Template) template = NULL;
    g_assert_true(template_compile("t", "{{name}}{{#items}}{{name}}{{/items}}", TEMPLATE_TEXT,
                                   names, NULL, NULL, &template, NULL));
    g_autofree char *nothing = template_render(template, data);
    g_assert_cmpstr(nothing, ==, "");

    template_data_set(data, "name", "first");
    template_data_set(data, "name", "second");
    template_data_set(data, "items", "a string");
    template_data_add(data, "items"); /* now a list of one */
    g_autofree char *text = template_render(template, data);
    g_assert_cmpstr(text, ==, "secondsecond");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/template/render", test_render);
    g_test_add_func("/template/refused", test_refused);
    g_test_add_func("/template/bounds", test_bounds);
    g_test_add_func("/template/data", test_data);
    return g_test_run();
}
