/* Templates: a small mustache subset, compiled and checked before use.
 *
 *   {{name}}              the value, escaped for the template's mode
 *   {{#name}}…{{/name}}   the section, once if the value is a non-empty string, or once for
 *                         each item of a list
 *   {{^name}}…{{/name}}   the section if the value is empty or an empty list
 *   {{>name}}             another template of the same set and mode
 *   {{! comment}}
 *
 * In a section over a list, names are looked up in the item first, then around it. There is no
 * unescaped form. An unknown name, an unclosed section, a section inside itself or a partial
 * that nests deeper than 16 is an ERROR_CONFIG that names the template, its line and the name,
 * at compile time. A line holding only a section, comment or partial tag leaves no blank line.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

typedef enum {
    TEMPLATE_TEXT, /* nothing to escape */
    TEMPLATE_HTML, /* & < > " ' */
} TemplateMode;

/* A node of data: a set of names, each a string or a list of sets. */
typedef struct TemplateData TemplateData;

TemplateData *template_data_new(void);
void template_data_free(TemplateData *data);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TemplateData, template_data_free)
void template_data_set(TemplateData *data, const char *name, const char *value); /* NULL: "" */
/* Appends an empty set to the list `name` and returns it (owned by `data`). Called with the
 * list absent, makes it. */
TemplateData *template_data_add(TemplateData *data, const char *name);
/* An empty list, so that the name is known. */
void template_data_list(TemplateData *data, const char *name);

typedef struct Template Template;

/* Returns the source of a partial, or NULL if there is none. */
typedef const char *(*TemplateLoader)(const char *name, void *user);

/* `names`: every name the data and its lists may hold, NULL-terminated; any other is an error.
 * `load` may be NULL: no partials. Source and names need not outlive the call. */
bool template_compile(const char *name, const char *source, TemplateMode mode,
                      const char *const *names, TemplateLoader load, void *user, Template **ret,
                      GError **error);
char *template_render(const Template *template, const TemplateData *data);
void template_free(Template *template);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Template, template_free)
