/* The data a template is rendered with: sets of names. Cannot fail. Setting a name again
 * replaces what it held; adding to a name that holds a string makes it a list. */
#include "core/base/template-tree.h"

struct TemplateData {
    GHashTable *values; /* char * → TemplateValue * */
};

static void value_free(gpointer data)
{
    TemplateValue *value = data;
    g_free(value->string);
    g_clear_pointer(&value->list, g_ptr_array_unref);
    g_free(value);
}

static void free_item(gpointer data)
{
    template_data_free(data);
}

TemplateData *template_data_new(void)
{
    TemplateData *data = g_new0(TemplateData, 1);
    data->values = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, value_free);
    return data;
}

void template_data_free(TemplateData *data)
{
    if (data == NULL)
        return;
    g_hash_table_unref(data->values);
    g_free(data);
}

void template_data_set(TemplateData *data, const char *name, const char *text)
{
    TemplateValue *value = g_new0(TemplateValue, 1);
    value->string = g_strdup(text != NULL ? text : "");
    g_hash_table_replace(data->values, g_strdup(name), value);
}

void template_data_list(TemplateData *data, const char *name)
{
    TemplateValue *value = g_new0(TemplateValue, 1);
    value->list = g_ptr_array_new_with_free_func(free_item);
    g_hash_table_replace(data->values, g_strdup(name), value);
}

TemplateData *template_data_add(TemplateData *data, const char *name)
{
    const TemplateValue *value = template_data_lookup(data, name);
    if (value == NULL || value->list == NULL) {
        template_data_list(data, name);
        value = template_data_lookup(data, name);
    }
    TemplateData *item = template_data_new();
    g_ptr_array_add(value->list, item);
    return item;
}

const TemplateValue *template_data_lookup(const TemplateData *data, const char *name)
{
    return g_hash_table_lookup(data->values, name);
}
