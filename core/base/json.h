/* A JSON writer (RFC 8259) that cannot produce broken JSON: commas and escapes are its own.
 *
 * Strings must be valid UTF-8; anything else is replaced by U+FFFD. `name` is NULL inside an
 * array. Output is one line. */
#pragma once

#include <glib.h>
#include <stdbool.h>

typedef struct {
    GString *out; /* owned by the caller */
    bool comma;   /* a comma is due before the next value */
} JsonWriter;

void json_object_begin(JsonWriter *json, const char *name);
void json_object_end(JsonWriter *json);
void json_array_begin(JsonWriter *json, const char *name);
void json_array_end(JsonWriter *json);
void json_string(JsonWriter *json, const char *name, const char *value); /* NULL: null */
void json_integer(JsonWriter *json, const char *name, gint64 value);
void json_bool(JsonWriter *json, const char *name, bool value);
void json_null(JsonWriter *json, const char *name);
/* RFC 3339 UTC; 0 is null. */
void json_time(JsonWriter *json, const char *name, gint64 at);
