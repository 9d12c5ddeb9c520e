/* The data a template is rendered with: sets of names. Cannot fail. Setting a name again
 * replaces what it held; adding to a name that holds a string makes it a list.
 *
 * A set is an array, for most hold two or three names and one some tens; names are interned, so
 * that looking one up compares pointers. */
#include "core/base/template-tree.h"

typedef struct {
    const char *name; /* interned */
    TemplateValue value;
} Entry;

struct TemplateData {
    GArray *entries;
};

static void clear_value(TemplateValue *value)
{
    g_clear_pointer(&value->string, g_free);
    g_clear_pointer(&value->list, g_ptr_array_unref);
}

static void clear_entry(gpointer data)
{
    Entry *entry = data;
    clear_value(&entry->value);
}

static void free_item(gpointer data)
{
    template_data_free(data);
}

TemplateData *template_data_new(void)
{
    TemplateData *data = g_new0(TemplateData, 1);
    data->entries = g_array_new(FALSE, TRUE, sizeof(Entry));
    g_array_set_clear_func(data->entries, clear_entry);
    return data;
}

void template_data_free(TemplateData *data)
{
    if (data == NULL)
        return;
    g_array_unref(data->entries);
    g_free(data);
}

static Entry *find(const TemplateData *data, const char *interned)
{
    Entry *entries = (Entry *)data->entries->data;
    for (guint i = 0; i < data->entries->len; i++) {
        if (entries[i].name == interned)
            return &entries[i];
    }
    return NULL;
}

/* Where the name's value goes; what it held is gone. */
static TemplateValue *place(TemplateData *data, const char *name)
{
    const char *interned = g_intern_string(name);
    Entry *entry = find(data, interned);
    if (entry != NULL) {
        clear_value(&entry->value);
        return &entry->value;
    }
    g_array_set_size(data->entries, data->entries->len + 1);
    entry = &g_array_index(data->entries, Entry, data->entries->len - 1);
    entry->name = interned;
    return &entry->value;
}

void template_data_set(TemplateData *data, const char *name, const char *text)
{
    place(data, name)->string = g_strdup(text != NULL ? text : "");
}

void template_data_list(TemplateData *data, const char *name)
{
    place(data, name)->list = g_ptr_array_new_with_free_func(free_item);
}

TemplateData *template_data_add(TemplateData *data, const char *name)
{
    const char *interned = g_intern_string(name);
    const TemplateValue *value = template_data_lookup(data, interned);
    if (value == NULL || value->list == NULL) {
        template_data_list(data, name);
        value = template_data_lookup(data, interned);
    }
    TemplateData *item = template_data_new();
    g_ptr_array_add(value->list, item);
    return item;
}

const TemplateValue *template_data_lookup(const TemplateData *data, const char *interned)
{
    const Entry *entry = find(data, interned);
    return entry != NULL ? &entry->value : NULL;
}
