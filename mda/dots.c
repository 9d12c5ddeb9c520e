/* One state for each thing that a line can have begun with. A line's middle, which is nearly
 * all there is, goes by memchr and memcpy. */
#include "mda/dots.h"

#include <string.h>

/* Up to and with the next CR. */
static gsize take_line(Dots *dots, const char *in, gsize length, char *out)
{
    const char *cr = memchr(in, '\r', length);
    gsize n = cr ? (gsize)(cr - in) + 1 : length;
    memcpy(out, in, n);
    *dots = cr ? DOTS_CR : DOTS_LINE;
    return n;
}

gsize dots_take(Dots *dots, const char *in, gsize length, char *out, gsize *ret_out)
{
    gsize used = 0, made = 0;
    while (used < length && *dots != DOTS_ENDED) {
        char c = in[used];
        if (*dots == DOTS_START && c == '.') {
            *dots = DOTS_DOT;
            used++;
        } else if (*dots == DOTS_DOT && c == '\r') {
            *dots = DOTS_DOT_CR;
            used++;
        } else if (*dots == DOTS_DOT_CR && c == '\n') {
            *dots = DOTS_ENDED;
            used++;
        } else if (*dots == DOTS_DOT_CR) {
            out[made++] = '\r';
            *dots = DOTS_CR;
        } else if (*dots == DOTS_CR && c == '\n') {
            out[made++] = c;
            *dots = DOTS_START;
            used++;
        } else {
            gsize n = take_line(dots, in + used, length - used, out + made);
            used += n;
            made += n;
        }
    }
    *ret_out = made;
    return used;
}
