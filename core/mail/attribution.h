/* The line by which a mail program says whose words follow: "On … wrote:" and its kin. */
#pragma once

#include "core/mail/quote_lines.h"

typedef struct {
    guint first, last; /* lines */
    bool sure;         /* it needs no quote marks below it to be one */
    const char *rule;  /* static: "an attribution line, French" */
} Attribution;

/* Reads the attribution that ends in line `i`, perhaps begun a few lines above it but not above
 * line `from`. *budget counts down with each look, so that no text costs more than its share:
 * at 0 nothing is found. */
bool attribution_ends_in(const GArray *lines, guint from, guint i, int *budget,
                         Attribution *ret);
