/* A JSON writer. Names are the program's own and are escaped all the same. Not here: reading
 * JSON, pretty printing. */
#include "core/base/json.h"

#include "core/base/timestamp.h"

static void append_escape(GString *out, guchar c)
{
    static const char short_forms[] = "\bb\tt\nn\ff\rr\"\"\\\\";
    for (const char *pair = short_forms; *pair; pair += 2) {
        if ((guchar)pair[0] == c) {
            g_string_append_c(out, '\\');
            g_string_append_c(out, pair[1]);
            return;
        }
    }
    g_string_append_printf(out, "\\u%04x", c);
}

static bool needs_escape(guchar c)
{
    return c < 0x20 || c == '"' || c == '\\' || c == 0x7f;
}

static void append_quoted(GString *out, const char *text)
{
    g_autofree char *mended = NULL;
    if (!g_utf8_validate(text, -1, NULL))
        text = mended = g_utf8_make_valid(text, -1);
    g_string_append_c(out, '"');
    while (*text) {
        gsize n = 0;
        while (text[n] && !needs_escape((guchar)text[n]))
            n++;
        g_string_append_len(out, text, (gssize)n);
        text += n;
        if (*text)
            append_escape(out, (guchar)*text++);
    }
    g_string_append_c(out, '"');
}

/* What stands before every value: the comma that is due, and its name. */
static void begin_value(JsonWriter *json, const char *name)
{
    if (json->comma)
        g_string_append_c(json->out, ',');
    if (name != NULL) {
        append_quoted(json->out, name);
        g_string_append_c(json->out, ':');
    }
    json->comma = true;
}

static void begin_container(JsonWriter *json, const char *name, char bracket)
{
    begin_value(json, name);
    g_string_append_c(json->out, bracket);
    json->comma = false;
}

static void end_container(JsonWriter *json, char bracket)
{
    g_string_append_c(json->out, bracket);
    json->comma = true;
}

void json_object_begin(JsonWriter *json, const char *name)
{
    begin_container(json, name, '{');
}

void json_object_end(JsonWriter *json)
{
    end_container(json, '}');
}

void json_array_begin(JsonWriter *json, const char *name)
{
    begin_container(json, name, '[');
}

void json_array_end(JsonWriter *json)
{
    end_container(json, ']');
}

void json_string(JsonWriter *json, const char *name, const char *value)
{
    if (value == NULL) {
        json_null(json, name);
        return;
    }
    begin_value(json, name);
    append_quoted(json->out, value);
}

void json_integer(JsonWriter *json, const char *name, gint64 value)
{
    begin_value(json, name);
    g_string_append_printf(json->out, "%" G_GINT64_FORMAT, value);
}

void json_bool(JsonWriter *json, const char *name, bool value)
{
    begin_value(json, name);
    g_string_append(json->out, value ? "true" : "false");
}

void json_null(JsonWriter *json, const char *name)
{
    begin_value(json, name);
    g_string_append(json->out, "null");
}

void json_time(JsonWriter *json, const char *name, gint64 at)
{
    g_autofree char *text = at == 0 ? NULL : timestamp_rfc3339(at);
    json_string(json, name, text);
}
