/* Which page a path is for. Exact: no case folding, no decoding, no "..", no second slash. */
#pragma once

#include <glib.h>
#include <stdbool.h>

#define ROUTE_HASH_CHARS 26 /* 128 bits in base32 */

typedef enum {
    ROUTE_NONE, /* nothing there */
    ROUTE_TICKET,
    ROUTE_JSON,
    ROUTE_FILE,
    ROUTE_HEALTH,
    ROUTE_ROBOTS,
    ROUTE_STYLE,
} RouteTo;

typedef struct {
    RouteTo to;
    char hash[ROUTE_HASH_CHARS + 1]; /* ROUTE_TICKET, ROUTE_JSON, ROUTE_FILE; shape only */
    char number[32];                 /* ROUTE_FILE: "M.N", digits and one dot */
} PageRoute;

/* `path` as it stood in the request line, without the query. */
PageRoute route_find(const char *path);
