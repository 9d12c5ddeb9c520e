/* Collecting templates from the program and the admin's folder, compiling all of them, and
 * rendering one. What a template is: template.h. What its names mean: mailwicket-templates(5).
 *
 * Partials are compiled on their own, and before the mails that use them: then an error in one
 * is told with its own path. In the folder only NAME.txt and NAME.html count, so that what
 * editors and packages leave behind does no harm. */
#include "core/base/template-set.h"

#include "core/base/error.h"

#include <string.h>

#define FILE_MAX_BYTES (1024 * 1024)

typedef struct {
    char *language;
    char *file;  /* "message.txt" */
    char *name;  /* "message" */
    char *label; /* what errors call it: a path, or "built-in fr/message.txt" */
    char *text;
    TemplateMode mode;
    Template *compiled;
} Source;

struct Templates {
    GHashTable *sources; /* "fr/message.txt" → Source */
};

/* What a partial is looked up in: the set, the language and the mode of its user. */
typedef struct {
    const Templates *templates;
    const Source *source;
} Lookup;

static void source_free(Source *source)
{
    g_free(source->language);
    g_free(source->file);
    g_free(source->name);
    g_free(source->label);
    g_free(source->text);
    g_clear_pointer(&source->compiled, template_free);
    g_free(source);
}

void templates_free(Templates *templates)
{
    if (!templates)
        return;
    g_hash_table_unref(templates->sources);
    g_free(templates);
}

static const char *suffix_of(TemplateMode mode)
{
    return mode == TEMPLATE_HTML ? ".html" : ".txt";
}

static bool mode_of(const char *file, TemplateMode *ret)
{
    *ret = g_str_has_suffix(file, ".html") ? TEMPLATE_HTML : TEMPLATE_TEXT;
    return file[0] != '.' && g_str_has_suffix(file, suffix_of(*ret));
}

static Source *find(const Templates *templates, const char *language, const char *name,
                    TemplateMode mode)
{
    g_autofree char *key = g_strconcat(language, "/", name, suffix_of(mode), NULL);
    return g_hash_table_lookup(templates->sources, key);
}

/* Takes `label` and `text`; replaces what had the same language and file. */
static void add(Templates *templates, const char *language, const char *file, char *label,
                char *text)
{
    Source *source = g_new0(Source, 1);
    mode_of(file, &source->mode);
    source->language = g_strdup(language);
    source->file = g_strdup(file);
    source->name = g_strndup(file, strlen(file) - strlen(suffix_of(source->mode)));
    source->label = label;
    source->text = text;
    g_hash_table_replace(templates->sources, g_strconcat(language, "/", file, NULL), source);
}

static void add_builtin(Templates *templates, const BuiltinTemplate *builtin)
{
    for (; builtin->language; builtin++)
        add(templates, builtin->language, builtin->file,
            g_strconcat("built-in ", builtin->language, "/", builtin->file, NULL),
            g_strdup(builtin->source));
}

/* --- the admin's folder ------------------------------------------------------------------ */

static bool refuse(const char *path, const char *why, GError **error)
{
    g_set_error(error, WICKET_ERROR, ERROR_CONFIG, "%s: %s", path, why);
    return false;
}

static bool read_file(const char *path, char **ret, GError **error)
{
    g_autoptr(GError) problem = NULL;
    g_autofree char *text = NULL;
    gsize length;
    if (!g_file_test(path, G_FILE_TEST_IS_REGULAR))
        return refuse(path, "not a file", error);
    if (!g_file_get_contents(path, &text, &length, &problem))
        return refuse(path, problem->message, error);
    if (length > FILE_MAX_BYTES)
        return refuse(path, "larger than 1 MiB", error);
    if (!g_utf8_validate(text, (gssize)length, NULL))
        return refuse(path, "not valid UTF-8", error);
    g_autoptr(GString) lines = g_string_new(text);
    g_string_replace(lines, "\r\n", "\n", 0);
    *ret = g_string_free(g_steal_pointer(&lines), FALSE);
    return true;
}

static bool add_folder(Templates *templates, const char *dir, const char *language,
                       GError **error)
{
    g_autofree char *path = g_build_filename(dir, language, NULL);
    g_autoptr(GError) problem = NULL;
    g_autoptr(GDir) folder = g_dir_open(path, 0, &problem);
    if (!folder)
        return refuse(path, problem->message, error);
    for (const char *file; (file = g_dir_read_name(folder));) {
        TemplateMode mode;
        char *text = NULL;
        if (!mode_of(file, &mode))
            continue;
        g_autofree char *full = g_build_filename(path, file, NULL);
        if (!read_file(full, &text, error))
            return false;
        add(templates, language, file, g_steal_pointer(&full), text);
    }
    return true;
}

static bool add_dir(Templates *templates, const char *dir, GError **error)
{
    g_autoptr(GError) problem = NULL;
    g_autoptr(GDir) languages = g_dir_open(dir, 0, &problem);
    if (!languages)
        return refuse(dir, problem->message, error);
    for (const char *language; (language = g_dir_read_name(languages));) {
        g_autofree char *path = g_build_filename(dir, language, NULL);
        if (language[0] != '.' && g_file_test(path, G_FILE_TEST_IS_DIR) &&
            !add_folder(templates, dir, language, error))
            return false;
    }
    return true;
}

/* --- compiling --------------------------------------------------------------------------- */

static const char *load_partial(const char *name, void *user)
{
    const Lookup *lookup = user;
    const Source *partial =
        find(lookup->templates, lookup->source->language, name, lookup->source->mode);
    return partial ? partial->text : NULL;
}

static bool compile(const Templates *templates, Source *source, const char *const *names,
                    GError **error)
{
    Lookup lookup = {templates, source};
    if (template_compile(source->label, source->text, source->mode, names, load_partial,
                         &lookup, &source->compiled, error))
        return true;
    /* An error within a partial names the partial only. */
    if (error && !g_str_has_prefix((*error)->message, source->label))
        g_prefix_error(error, "%s: ", source->label);
    return false;
}

/* Those that are, or are not, mails; in the same order every time. */
static bool compile_some(const Templates *templates, bool mails_wanted,
                         const char *const *mails, const char *const *names, GError **error)
{
    g_autoptr(GList) keys = g_hash_table_get_keys(templates->sources);
    keys = g_list_sort(keys, (GCompareFunc)strcmp);
    for (GList *key = keys; key; key = key->next) {
        Source *source = g_hash_table_lookup(templates->sources, key->data);
        if (g_strv_contains(mails, source->name) == mails_wanted &&
            !compile(templates, source, names, error))
            return false;
    }
    return true;
}

static bool check_complete(const Templates *templates, const char *dir,
                           const char *const *mails, GError **error)
{
    GHashTableIter each;
    gpointer value;
    g_hash_table_iter_init(&each, templates->sources);
    while (g_hash_table_iter_next(&each, NULL, &value)) {
        const Source *source = value;
        for (gsize i = 0; mails[i]; i++) {
            if (find(templates, source->language, mails[i], TEMPLATE_TEXT))
                continue;
            g_set_error(error, WICKET_ERROR, ERROR_CONFIG, "%s/%s/%s.txt is missing",
                        dir ? dir : "built-in", source->language, mails[i]);
            return false;
        }
    }
    return true;
}

bool templates_load(const BuiltinTemplate *builtin, const char *dir, const char *const *names,
                    const char *const *mails, Templates **ret, GError **error)
{
    g_autoptr(Templates) templates = g_new0(Templates, 1);
    templates->sources =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)source_free);
    add_builtin(templates, builtin);
    if ((dir && !add_dir(templates, dir, error)) ||
        !check_complete(templates, dir, mails, error) ||
        !compile_some(templates, false, mails, names, error) ||
        !compile_some(templates, true, mails, names, error))
        return false;
    *ret = g_steal_pointer(&templates);
    return true;
}

bool templates_render(const Templates *templates, const char *language, const char *name,
                      const TemplateData *data, char **ret_text, char **ret_html,
                      GError **error)
{
    const Source *text = find(templates, language, name, TEMPLATE_TEXT);
    const Source *html = find(templates, language, name, TEMPLATE_HTML);
    if (!text) {
        g_set_error(error, WICKET_ERROR, ERROR_CONFIG, "there is no template %s/%s.txt",
                    language, name);
        return false;
    }
    *ret_text = template_render(text->compiled, data);
    *ret_html = html ? template_render(html->compiled, data) : NULL;
    return true;
}

bool templates_render_html(const Templates *templates, const char *language, const char *name,
                           const TemplateData *data, char **ret, GError **error)
{
    const Source *html = find(templates, language, name, TEMPLATE_HTML);
    if (!html) {
        g_set_error(error, WICKET_ERROR, ERROR_CONFIG, "there is no template %s/%s.html",
                    language, name);
        return false;
    }
    *ret = template_render(html->compiled, data);
    return true;
}
