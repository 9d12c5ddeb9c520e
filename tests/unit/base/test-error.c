/* Errors: the code says what to do, the message what and why. */
#include "core/base/error.h"

#include <errno.h>
#include <string.h>

static void test_errno(void)
{
    g_autoptr(GError) error = NULL;
    g_assert_false(error_errno(&error, ENOSPC, "%s:%d", "/spool", 7));
    g_assert_error(error, WICKET_ERROR, ERROR_TRANSIENT);
    g_assert_true(g_str_has_prefix(error->message, "/spool:7: "));
    g_assert_nonnull(strstr(error->message, g_strerror(ENOSPC)));
    g_assert_cmpstr(g_quark_to_string(WICKET_ERROR), ==, "wicket-error-quark");
}

static void test_nobody_asks(void)
{
    g_assert_false(error_errno(NULL, EIO, "ignored"));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/error/errno", test_errno);
    g_test_add_func("/error/nobody-asks", test_nobody_asks);
    return g_test_run();
}
