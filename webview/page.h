/* What every part of a page needs to know besides the ticket. */
#pragma once

#include "core/base/config.h"

typedef struct {
    const Config *config;
    const char *prefix;   /* path of base_url: "" or "/support" */
    const char *language; /* "fr" or "en" */
    const char *hash;     /* of the link that opened it */
} Page;
