/* The end of DATA, and its stuffed dots (RFC 5321 sections 4.1.1.4 and 4.5.2).
 *
 * Only CR LF ends a line: the mail ends at CR LF . CR LF and nowhere else, and only a dot
 * behind CR LF was stuffed. A bare CR or LF is a byte of the mail, so that none can smuggle a
 * second mail in. */
#pragma once

#include <glib.h>
#include <stdbool.h>

typedef enum {
    DOTS_START,  /* of a line: how a mail begins */
    DOTS_DOT,    /* the line began with a dot, which is not part of the mail */
    DOTS_DOT_CR, /* … and went on with a CR, which may be */
    DOTS_LINE,
    DOTS_CR,
    DOTS_ENDED,
} Dots;

/* Unstuffs `length` bytes of `in` into `out`, which must have room for `length` + 1 and be
 * another place. Returns how many of `in` were used: all of them, until *dots is DOTS_ENDED;
 * what follows then are commands. */
gsize dots_take(Dots *dots, const char *in, gsize length, char *out, gsize *ret_out);
