/* Header values of any bytes: nothing overread, nothing but clean one-line text comes out. */
#include "core/mail/header.h"

#include <string.h>

#define EARLIEST (-2208988800) /* 1900 */

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

static void check_line(const char *text)
{
    g_assert_true(g_utf8_validate(text, -1, NULL));
    g_assert_null(strpbrk(text, "\r\n\t"));
}

static void check_addresses(const char *raw)
{
    g_autoptr(GPtrArray) list =
        g_ptr_array_new_with_free_func((GDestroyNotify)mail_address_free);
    header_decode_addresses(raw, list);
    g_assert_cmpuint(list->len, <=, HEADER_ADDRESSES_MAX);
    for (guint i = 0; i < list->len; i++) {
        const MailAddress *address = list->pdata[i];
        check_line(address->name);
        check_line(address->address);
    }
}

static void check_ids(const char *raw)
{
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(g_free);
    header_decode_ids(raw, list);
    for (guint i = 0; i < list->len; i++) {
        check_line(list->pdata[i]);
        g_assert_null(strpbrk(list->pdata[i], "<> "));
    }
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    g_autofree char *raw = g_strndup((const char *)data, size);
    g_autofree char *text = header_decode_text(raw);
    check_line(text);
    check_addresses(raw);
    check_ids(raw);
    g_assert_cmpint(header_decode_date(raw), >=, EARLIEST);
    g_autofree char *name = header_decode_parameter(raw, "name");
    if (name)
        check_line(name);
    return 0;
}
