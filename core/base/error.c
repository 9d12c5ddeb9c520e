/* The error domain of every room.
 *
 * Not here: turning an error into an exit status or a log line; that is for the programs. */
#include "core/base/error.h"

#include <stdarg.h>

/* clang-format off */
G_DEFINE_QUARK(wicket-error-quark, wicket_error)
/* clang-format on */

bool error_errno(GError **error, int saved, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *what = g_strdup_vprintf(format, args);
    va_end(args);
    g_set_error(error, WICKET_ERROR, ERROR_TRANSIENT, "%s: %s", what, g_strerror(saved));
    return false;
}
