/* A compiled template as a tree, between its compiler and its renderer. Private to them. */
#pragma once

#include "core/base/template.h"

#include <glib.h>
#include <stdbool.h>

typedef enum {
    NODE_TEXT,    /* literally */
    NODE_VALUE,   /* {{name}} */
    NODE_SECTION, /* {{#name}} */
    NODE_INVERSE, /* {{^name}} */
} NodeKind;

typedef struct {
    NodeKind kind;
    char *text;          /* what to write; NULL for the others */
    const char *name;    /* what to look up, interned; NULL for text */
    GPtrArray *children; /* TemplateNode *; sections only */
} TemplateNode;

struct Template {
    TemplateMode mode;
    GPtrArray *nodes; /* TemplateNode *; partials are already in their place */
};

/* What a set holds under a name. */
typedef struct {
    char *string;    /* NULL: a list */
    GPtrArray *list; /* TemplateData *; NULL: a string */
} TemplateValue;

/* NULL if the set does not hold the name, which must be interned (g_intern_string). */
const TemplateValue *template_data_lookup(const TemplateData *data, const char *interned);
