/* How one value of the configuration is read. Private to config.c. */
#pragma once

#include "core/base/config.h"

#include <glib.h>
#include <stdbool.h>

typedef struct ConfigField ConfigField;

/* Reads `value` (never empty) into `slot`, a pointer to the field's member of Config, which is
 * empty. On false *ret_why says what is wrong with it, for a person. */
typedef bool (*ConfigReader)(const ConfigField *field, const char *value, void *slot,
                             char **ret_why);

struct ConfigField {
    const char *group, *key;
    ConfigReader read;
    gsize offset; /* in Config */
    bool required;
    gint64 fallback, min, max; /* of numbers and sizes */
};

bool value_name(const ConfigField *field, const char *value, void *slot, char **ret_why);
bool value_domain(const ConfigField *field, const char *value, void *slot, char **ret_why);
bool value_url(const ConfigField *field, const char *value, void *slot, char **ret_why);
bool value_language(const ConfigField *field, const char *value, void *slot, char **ret_why);
bool value_zone(const ConfigField *field, const char *value, void *slot, char **ret_why);
bool value_path(const ConfigField *field, const char *value, void *slot, char **ret_why);
bool value_word(const ConfigField *field, const char *value, void *slot, char **ret_why);
/* `slot` is the whole Config: a transport is several of its members. */
bool value_transport(const ConfigField *field, const char *value, void *slot, char **ret_why);
bool value_tls(const ConfigField *field, const char *value, void *slot, char **ret_why);
bool value_yes_no(const ConfigField *field, const char *value, void *slot, char **ret_why);
bool value_header_pattern(const ConfigField *field, const char *value, void *slot,
                          char **ret_why);
bool value_relays(const ConfigField *field, const char *value, void *slot, char **ret_why);
bool value_number(const ConfigField *field, const char *value, void *slot, char **ret_why);
bool value_size(const ConfigField *field, const char *value, void *slot, char **ret_why);
