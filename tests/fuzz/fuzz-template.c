/* Templates: any source compiles or is refused in one line, and what compiled renders; values
 * never reach HTML unescaped. Sources are divided by NUL; the second and later ones are the
 * partials a, b, c, … */
#include "core/base/template.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const guint8 *bytes, gsize length);

static const char *const names[] = {"a", "b", "c", "list", NULL};

/* Holds a byte that no source does, so that it can only come from the data. */
#define MARKED "\001<&\001"

static const char *load(const char *name, void *user)
{
    GPtrArray *sources = user;
    guint index = (guint)(guchar)name[0] - 'a' + 1;
    bool known = name[0] >= 'a' && name[1] == '\0' && index < sources->len;
    return known ? sources->pdata[index] : NULL;
}

static GPtrArray *split(const guint8 *bytes, gsize length)
{
    GPtrArray *sources = g_ptr_array_new_with_free_func(g_free);
    const char *at = (const char *)bytes, *end = at + length;
    while (at <= end && sources->len < 10) {
        const char *stop = at < end ? memchr(at, '\0', (gsize)(end - at)) : NULL;
        if (stop == NULL)
            stop = end;
        g_ptr_array_add(sources, g_strndup(at, (gsize)(stop - at)));
        at = stop + 1;
    }
    return sources;
}

static TemplateData *make_data(void)
{
    TemplateData *data = template_data_new();
    template_data_set(data, "a", MARKED);
    template_data_set(data, "b", "");
    template_data_set(template_data_add(data, "list"), "b", "x");
    template_data_set(template_data_add(data, "list"), "c", "y");
    return data;
}

static void compile_and_render(GPtrArray *sources, TemplateMode mode)
{
    g_autoptr(Template) template = NULL;
    g_autoptr(GError) error = NULL;
    if (!template_compile("t", sources->pdata[0], mode, names, load, sources, &template,
                          &error)) {
        g_assert_null(template);
        g_assert_null(strpbrk(error->message, "\r\n"));
        g_assert_true(g_utf8_validate(error->message, -1, NULL));
        return;
    }
    g_autoptr(TemplateData) data = make_data();
    g_autofree char *text = template_render(template, data);
    if (mode == TEMPLATE_HTML)
        g_assert_true(strstr(text, MARKED) == NULL);
}

int LLVMFuzzerTestOneInput(const guint8 *bytes, gsize length)
{
    if (memchr(bytes, MARKED[0], length) != NULL)
        return 0;
    g_autoptr(GPtrArray) sources = split(bytes, length);
    compile_and_render(sources, TEMPLATE_TEXT);
    compile_and_render(sources, TEMPLATE_HTML);
    return 0;
}
