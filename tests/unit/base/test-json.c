/* The JSON writer: exact output, and that nothing given to it breaks it. */
#include "core/base/json.h"

#include <string.h>

static void test_shapes(void)
{
    g_autoptr(GString) out = g_string_new(NULL);
    JsonWriter json = {.out = out};
    json_object_begin(&json, NULL);
    json_string(&json, "text", "a");
    json_string(&json, "none", NULL);
    json_integer(&json, "least", G_MININT64);
    json_bool(&json, "yes", true);
    json_bool(&json, "no", false);
    json_null(&json, "null");
    json_array_begin(&json, "empty");
    json_array_end(&json);
    json_array_begin(&json, "list");
    json_string(&json, NULL, "x");
    json_integer(&json, NULL, 7);
    json_object_begin(&json, NULL);
    json_object_end(&json);
    json_object_begin(&json, NULL);
    json_bool(&json, "in", true);
    json_object_end(&json);
    json_array_end(&json);
    json_time(&json, "at", 1795162320);
    json_time(&json, "never", 0);
    json_object_end(&json);
    g_assert_cmpstr(
        out->str, ==,
        "{\"text\":\"a\",\"none\":null,\"least\":-9223372036854775808,\"yes\":true,"
        "\"no\":false,\"null\":null,\"empty\":[],\"list\":[\"x\",7,{},{\"in\":true}],"
        "\"at\":\"2026-11-20T08:12:00Z\",\"never\":null}");
}

static void test_strings(void)
{
    static const struct {
        const char *value, *expected;
    } cases[] = {
        {"", "\"\""},
        {"\"\\/", "\"\\\"\\\\/\""},
        {"a\nb\rc\td\be\ff", "\"a\\nb\\rc\\td\\be\\ff\""},
        {"\x01\x1f\x7f", "\"\\u0001\\u001f\\u007f\""},
        {"caf\303\251 \360\237\230\200", "\"caf\303\251 \360\237\230\200\""},
        {"caf\351!", "\"caf\357\277\275!\""},
        {"cut \303", "\"cut \357\277\275\""},
        {"\",\"admin\":true,\"", "\"\\\",\\\"admin\\\":true,\\\"\""},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GString) out = g_string_new(NULL);
        JsonWriter json = {.out = out};
        json_string(&json, NULL, cases[i].value);
        g_assert_cmpstr(out->str, ==, cases[i].expected);
        g_assert_null(strpbrk(out->str, "\r\n"));
    }
}

static void test_names(void)
{
    g_autoptr(GString) out = g_string_new(NULL);
    JsonWriter json = {.out = out};
    json_object_begin(&json, NULL);
    json_integer(&json, "a\"b", 1);
    json_object_end(&json);
    g_assert_cmpstr(out->str, ==, "{\"a\\\"b\":1}");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/json/shapes", test_shapes);
    g_test_add_func("/json/strings", test_strings);
    g_test_add_func("/json/names", test_names);
    return g_test_run();
}
