/* Compiling templates. Everything that can be wrong with one is found here, so that rendering,
 * which happens when a mail is already due, cannot fail.
 *
 * Partials are compiled into the place they are named in. Their depth and the number of nodes
 * are bounded: a template that names itself is an error, not a hang. So is a section inside
 * itself, which could only multiply its list; that also bounds how deep sections nest, by how
 * many names there are.
 *
 * Not here: the data (template-data.c) and rendering (template-render.c). */
#include "core/base/template-tree.h"

#include "core/base/error.h"
#include "core/base/utf8.h"

#include <string.h>

#define PARTIALS_MAX 16
#define NODES_MAX 20000

typedef struct {
    const char *const *names;
    TemplateLoader load;
    void *user;
    int n_nodes;
    GPtrArray *open; /* char *: "#name" or "^name" of the sections being compiled */
} Compiler;

/* One source being read: the template or a partial of it. */
typedef struct {
    Compiler *compiler;
    const char *name;
    const char *source, *at; /* `at`: behind what has been compiled */
    int depth;               /* of partials */
} Source;

/* "{{", a sign, a name, "}}". */
typedef struct {
    const char *start, *end; /* from the first brace to behind the last */
    char sign;               /* # ^ / > ! or 0 */
    char *name;
} Tag;

static bool compile_nodes(Source *source, const char *closing, GPtrArray *nodes,
                          GError **error);

/* --- errors ------------------------------------------------------------------------------ */

static int line_of(const Source *source, const char *at)
{
    int line = 1;
    for (const char *c = source->source; c < at; c++)
        line += *c == '\n';
    return line;
}

static bool refuse(const Source *source, const char *at, GError **error, const char *format,
                   ...) G_GNUC_PRINTF(4, 5);
static bool refuse(const Source *source, const char *at, GError **error, const char *format,
                   ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *why = g_strdup_vprintf(format, args);
    va_end(args);
    g_autofree char *clean = utf8_clean(why, strlen(why), TEXT_LINE);
    g_autofree char *brief = utf8_shorten(clean, 200);
    g_set_error(error, WICKET_ERROR, ERROR_CONFIG, "%s:%d: %s", source->name,
                line_of(source, at), brief);
    return false;
}

/* --- nodes ------------------------------------------------------------------------------- */

static void node_free(gpointer data)
{
    TemplateNode *node = data;
    g_free(node->text);
    g_clear_pointer(&node->children, g_ptr_array_unref);
    g_free(node);
}

static GPtrArray *nodes_new(void)
{
    return g_ptr_array_new_with_free_func(node_free);
}

/* Partials count too: a hundred of them in each of a few levels would keep us for ever. */
static bool count_node(Source *source, GError **error)
{
    return ++source->compiler->n_nodes <= NODES_MAX ||
           refuse(source, source->at, error, "too large with its partials");
}

/* `name`: NULL for text. NULL if there are too many. */
static TemplateNode *add_node(Source *source, GPtrArray *nodes, NodeKind kind, const char *name,
                              GError **error)
{
    if (!count_node(source, error))
        return NULL;
    TemplateNode *node = g_new0(TemplateNode, 1);
    node->kind = kind;
    node->name = g_intern_string(name);
    g_ptr_array_add(nodes, node);
    return node;
}

static bool add_text(Source *source, GPtrArray *nodes, const char *start, const char *end,
                     GError **error)
{
    if (end <= start)
        return true;
    TemplateNode *node = add_node(source, nodes, NODE_TEXT, NULL, error);
    if (node != NULL)
        node->text = g_strndup(start, (gsize)(end - start));
    return node != NULL;
}

/* --- tags -------------------------------------------------------------------------------- */

static bool is_known(const Compiler *compiler, const char *name)
{
    return *name != '\0' && g_strv_contains(compiler->names, name);
}

static bool read_tag(const Source *source, const char *start, Tag *tag, GError **error)
{
    const char *inner = start + 2;
    const char *end = strstr(inner, "}}");
    if (end == NULL)
        return refuse(source, start, error, "{{ without }}");
    tag->start = start;
    tag->end = end + 2;
    tag->sign = strchr("#^/>!", *inner) != NULL ? *inner++ : '\0';
    tag->name = g_strstrip(g_strndup(inner, (gsize)(end - inner)));
    return true;
}

static bool is_value(const Tag *tag)
{
    return tag->sign == '\0';
}

static const char *skip_blanks(const char *c)
{
    return c + strspn(c, " \t\r");
}

/* A tag that writes nothing itself and stands alone on its line takes the line with it. Moves
 * *text_end before the blanks in front of it and returns where to go on. */
static const char *leave_line(const Source *source, const Tag *tag, const char **text_end)
{
    const char *line = tag->start;
    while (line > source->source && (line[-1] == ' ' || line[-1] == '\t'))
        line--;
    const char *after = skip_blanks(tag->end);
    bool begins_line = line == source->source || line[-1] == '\n';
    bool ends_line = *after == '\n' || *after == '\0';
    if (is_value(tag) || !begins_line || !ends_line)
        return tag->end;
    *text_end = line;
    return *after == '\n' ? after + 1 : after;
}

/* --- compiling --------------------------------------------------------------------------- */

static bool compile_section(Source *source, const Tag *tag, GPtrArray *nodes, GError **error)
{
    if (!is_known(source->compiler, tag->name))
        return refuse(source, tag->start, error, "unknown name \"%s\"", tag->name);
    /* A list within itself would multiply; {{^name}} within {{#name}} is merely never shown,
     * and comes about when a partial is asked what its caller asked already. */
    g_autofree char *self = g_strdup_printf("%c%s", tag->sign, tag->name);
    if (g_ptr_array_find_with_equal_func(source->compiler->open, self, g_str_equal, NULL))
        return refuse(source, tag->start, error, "section \"%s\" is inside itself", tag->name);
    TemplateNode *node = add_node(source, nodes, tag->sign == '#' ? NODE_SECTION : NODE_INVERSE,
                                  tag->name, error);
    if (node == NULL)
        return false;
    node->children = nodes_new();
    g_ptr_array_add(source->compiler->open, g_steal_pointer(&self));
    GError *inner = NULL;
    if (!compile_nodes(source, tag->name, node->children, &inner)) {
        /* The end of the source is no place to look for an unclosed section: name its start. */
        if (inner == NULL)
            return refuse(source, tag->start, error, "section \"%s\" is not closed", tag->name);
        g_propagate_error(error, inner);
        return false;
    }
    g_ptr_array_set_size(source->compiler->open, (gint)source->compiler->open->len - 1);
    return true;
}

static bool compile_partial(Source *source, const Tag *tag, GPtrArray *nodes, GError **error)
{
    Compiler *compiler = source->compiler;
    const char *text =
        compiler->load != NULL ? compiler->load(tag->name, compiler->user) : NULL;
    if (text == NULL)
        return refuse(source, tag->start, error, "there is no template \"%s\"", tag->name);
    if (source->depth == PARTIALS_MAX)
        return refuse(source, tag->start, error, "\"%s\" nests deeper than %d", tag->name,
                      PARTIALS_MAX);
    if (!count_node(source, error))
        return false;
    Source partial = {.compiler = compiler,
                      .name = tag->name,
                      .source = text,
                      .at = text,
                      .depth = source->depth + 1};
    return compile_nodes(&partial, NULL, nodes, error);
}

static bool compile_value(Source *source, const Tag *tag, GPtrArray *nodes, GError **error)
{
    if (!is_known(source->compiler, tag->name))
        return refuse(source, tag->start, error, "unknown name \"%s\"", tag->name);
    return add_node(source, nodes, NODE_VALUE, tag->name, error) != NULL;
}

static bool compile_tag(Source *source, const Tag *tag, GPtrArray *nodes, GError **error)
{
    switch (tag->sign) {
    case '#':
    case '^':
        return compile_section(source, tag, nodes, error);
    case '>':
        return compile_partial(source, tag, nodes, error);
    case '!':
        return true;
    default:
        return compile_value(source, tag, nodes, error);
    }
}

/* Reads up to {{/closing}}, or to the end if `closing` is NULL. False without an error when the
 * end comes first. */
static bool compile_nodes(Source *source, const char *closing, GPtrArray *nodes, GError **error)
{
    for (;;) {
        const char *start = strstr(source->at, "{{");
        if (start == NULL) {
            const char *end = source->at + strlen(source->at);
            return add_text(source, nodes, source->at, end, error) && closing == NULL;
        }
        Tag tag = {0};
        if (!read_tag(source, start, &tag, error))
            return false;
        g_autofree char *name = tag.name;
        const char *text = source->at, *text_end = start;
        source->at = leave_line(source, &tag, &text_end);
        if (!add_text(source, nodes, text, text_end, error))
            return false;
        if (tag.sign == '/') {
            if (closing != NULL && strcmp(name, closing) == 0)
                return true;
            return refuse(source, start, error, "section \"%s\" is closed but not open", name);
        }
        if (!compile_tag(source, &tag, nodes, error))
            return false;
    }
}

bool template_compile(const char *name, const char *source, TemplateMode mode,
                      const char *const *names, TemplateLoader load, void *user, Template **ret,
                      GError **error)
{
    g_autoptr(GPtrArray) open = g_ptr_array_new_with_free_func(g_free);
    Compiler compiler = {.names = names, .load = load, .user = user, .open = open};
    Source whole = {.compiler = &compiler, .name = name, .source = source, .at = source};
    g_autoptr(Template) template = g_new0(Template, 1);
    template->mode = mode;
    template->nodes = nodes_new();
    if (!compile_nodes(&whole, NULL, template->nodes, error))
        return false;
    *ret = g_steal_pointer(&template);
    return true;
}

void template_free(Template *template)
{
    if (template == NULL)
        return;
    g_ptr_array_unref(template->nodes);
    g_free(template);
}
