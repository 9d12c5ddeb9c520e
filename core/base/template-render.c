/* Rendering a compiled template. Cannot fail: every name was checked when it was compiled, and
 * one the data does not hold is empty. Every value is escaped for the template's mode on its
 * way out; literal text is the template author's and is not. */
#include "core/base/template-tree.h"

#include <string.h>

/* The sets that names are looked up in, innermost first. */
typedef struct Scope Scope;
struct Scope {
    const TemplateData *data;
    const Scope *outer;
};

typedef struct {
    TemplateMode mode;
    GString *out;
} Renderer;

static void render_nodes(Renderer *renderer, const GPtrArray *nodes, const Scope *scope);

static const TemplateValue *lookup(const Scope *scope, const char *interned)
{
    for (; scope != NULL; scope = scope->outer) {
        const TemplateValue *value = template_data_lookup(scope->data, interned);
        if (value != NULL)
            return value;
    }
    return NULL;
}

static bool is_empty(const TemplateValue *value)
{
    if (value == NULL)
        return true;
    return value->list != NULL ? value->list->len == 0 : *value->string == '\0';
}

static const char *html_entity(char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

static void append_html(GString *out, const char *text)
{
    while (*text) {
        gsize n = strcspn(text, "&<>\"'");
        g_string_append_len(out, text, (gssize)n);
        text += n;
        if (*text)
            g_string_append(out, html_entity(*text++));
    }
}

static void render_value(Renderer *renderer, const TemplateValue *value)
{
    if (value == NULL || value->string == NULL)
        return;
    if (renderer->mode == TEMPLATE_HTML)
        append_html(renderer->out, value->string);
    else
        g_string_append(renderer->out, value->string);
}

static void render_section(Renderer *renderer, const TemplateNode *node, const Scope *scope)
{
    const TemplateValue *value = lookup(scope, node->name);
    if (is_empty(value))
        return;
    if (value->list == NULL) {
        render_nodes(renderer, node->children, scope);
        return;
    }
    for (guint i = 0; i < value->list->len; i++) {
        Scope inner = {.data = value->list->pdata[i], .outer = scope};
        render_nodes(renderer, node->children, &inner);
    }
}

static void render_node(Renderer *renderer, const TemplateNode *node, const Scope *scope)
{
    switch (node->kind) {
    case NODE_TEXT:
        g_string_append(renderer->out, node->text);
        break;
    case NODE_VALUE:
        render_value(renderer, lookup(scope, node->name));
        break;
    case NODE_SECTION:
        render_section(renderer, node, scope);
        break;
    case NODE_INVERSE:
        if (is_empty(lookup(scope, node->name)))
            render_nodes(renderer, node->children, scope);
        break;
    }
}

/* Recursion ends: the compiler bounds how deep sections nest. */
static void render_nodes(Renderer *renderer, const GPtrArray *nodes, const Scope *scope)
{
    for (guint i = 0; i < nodes->len; i++)
        render_node(renderer, nodes->pdata[i], scope);
}

char *template_render(const Template *template, const TemplateData *data)
{
    Renderer renderer = {.mode = template->mode, .out = g_string_new(NULL)};
    Scope scope = {.data = data};
    render_nodes(&renderer, template->nodes, &scope);
    return g_string_free(renderer.out, FALSE);
}
