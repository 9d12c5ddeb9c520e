/* Checking and converting line ends of a mail that is read in pieces. Cannot fail. */
#include "notifier/lines.h"

bool line_ends_are_crlf(LineEnds *ends, const guint8 *bytes, gsize length)
{
    for (gsize i = 0; i < length; i++) {
        if (ends->cr != (bytes[i] == '\n'))
            return false;
        ends->cr = bytes[i] == '\r';
    }
    return true;
}

void line_ends_to_lf(LineEnds *ends, const guint8 *bytes, gsize length, GByteArray *out)
{
    static const guint8 cr = '\r';
    for (gsize i = 0; i < length; i++) {
        if (ends->cr && bytes[i] != '\n')
            g_byte_array_append(out, &cr, 1);
        ends->cr = bytes[i] == '\r';
        if (!ends->cr)
            g_byte_array_append(out, &bytes[i], 1);
    }
}
