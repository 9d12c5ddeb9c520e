/* Checking and converting line ends of a mail that is read in pieces. Cannot fail. */
#include "notifier/lines.h"

#include <string.h>

/* Line by line, for all that leaves passes here: memchr is faster than a loop over bytes. */
bool line_ends_are_crlf(LineEnds *ends, const guint8 *bytes, gsize length)
{
    const guint8 *end = bytes + length;
    while (bytes < end) {
        if (ends->cr && *bytes != '\n')
            return false;
        bytes += ends->cr;
        const guint8 *cr = memchr(bytes, '\r', (gsize)(end - bytes));
        const guint8 *stop = cr ? cr : end;
        if (memchr(bytes, '\n', (gsize)(stop - bytes)))
            return false;
        ends->cr = cr != NULL;
        bytes = cr ? cr + 1 : end;
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
