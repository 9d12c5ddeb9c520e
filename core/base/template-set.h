/* A set of templates by language and name, as text and as HTML: the words of what we send.
 *
 * The built-in ones are part of the program. A folder DIR/LANG/FILE replaces them file by file
 * and may add partials and languages. Everything is compiled and checked when the set is
 * loaded, so that a broken template stops a start or a reload and never a mail. */
#pragma once

#include "core/base/template.h"

#include <glib.h>
#include <stdbool.h>

typedef struct {
    const char *language; /* "fr" */
    const char *file;     /* "message.txt" */
    const char *source;
} BuiltinTemplate;
/* Those of notifier/templates, linked into the programs that write with them; ends with NULLs.
 */
extern const BuiltinTemplate builtin_templates[];

typedef struct Templates Templates;

/* `dir` may be NULL. `names`: what templates may use, as for template_compile. `mails`: the
 * templates that every language must have as text; HTML is optional. ERROR_CONFIG names file,
 * line and name. Everything given is needed only during the call, `builtin` excepted. */
bool templates_load(const BuiltinTemplate *builtin, const char *dir, const char *const *names,
                    const char *const *mails, Templates **ret, GError **error);
/* *ret_html is NULL where there is no HTML template. ERROR_CONFIG: no such text template. */
bool templates_render(const Templates *templates, const char *language, const char *name,
                      const TemplateData *data, char **ret_text, char **ret_html,
                      GError **error);
/* One that is HTML alone. ERROR_CONFIG: there is none. */
bool templates_render_html(const Templates *templates, const char *language, const char *name,
                           const TemplateData *data, char **ret, GError **error);
void templates_free(Templates *templates);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Templates, templates_free)
