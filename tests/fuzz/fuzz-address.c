/* Addresses: what is called safe is, and splitting and extending are each other's inverse. */
#include "core/base/address.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const guint8 *bytes, gsize length);

static void check_split(const char *address)
{
    g_autofree char *base = NULL;
    g_autofree char *extension = NULL;
    g_assert_true(address_split(address, &base, &extension));
    g_assert_true(address_is_safe(base));
    if (extension != NULL) {
        g_autofree char *same = address_extend(base, extension);
        g_assert_cmpstr(same, ==, address);
    }
}

int LLVMFuzzerTestOneInput(const guint8 *bytes, gsize length)
{
    g_autofree char *address = g_strndup((const char *)bytes, length);
    g_autofree char *key = address_key(address);
    g_assert_cmpint(address_is_safe(address), ==, key != NULL);
    address_domain(address);
    g_autofree char *extended = address_extend("support@example.org", address);
    g_assert_true(extended == NULL || address_is_safe(extended));
    if (key != NULL) {
        g_assert_cmpint(strlen(key), <=, 254);
        g_assert_null(strpbrk(key, " <>,;:\t\r\n"));
        g_assert_true(g_utf8_validate(key, -1, NULL));
        g_assert_cmpint(key[0], !=, '-');
        check_split(address);
    }
    return 0;
}
