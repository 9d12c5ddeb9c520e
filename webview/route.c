/* The table of routes.
 *
 * A link that merely looks like one of ours (a suffix, a doubled slash, %2f) is not it: caches
 * in front of us decide by the path, and must see the same one as we do. */
#include "webview/route.h"

#include "webview/style.h"

#include <string.h>

/* In a pattern: ? is the hash of a link, # a file's number, * the rest if it is one segment. */
static const struct {
    const char *pattern; /* NULL: the stylesheet's own path */
    RouteTo to;
} routes[] = {
    {"/ticket/?", ROUTE_TICKET},        {"/ticket/?.json", ROUTE_JSON},
    {"/ticket/?/file/#/*", ROUTE_FILE}, {NULL, ROUTE_STYLE},
    {"/healthz", ROUTE_HEALTH},         {"/robots.txt", ROUTE_ROBOTS},
};

/* Crockford's alphabet in lower case: the one spelling that we send. */
static bool take_hash(const char **at, PageRoute *route)
{
    if (strspn(*at, "0123456789abcdefghjkmnpqrstvwxyz") < ROUTE_HASH_CHARS)
        return false;
    memcpy(route->hash, *at, ROUTE_HASH_CHARS);
    *at += ROUTE_HASH_CHARS;
    return true;
}

static bool take_number(const char **at, PageRoute *route)
{
    gsize length = strspn(*at, "0123456789.");
    if (length == 0 || length >= sizeof route->number)
        return false;
    memcpy(route->number, *at, length);
    *at += length;
    return true;
}

static bool take_segment(const char **at)
{
    gsize length = strlen(*at);
    if (length == 0 || memchr(*at, '/', length))
        return false;
    *at += length;
    return true;
}

static bool matches(const char *pattern, const char *path, PageRoute *route)
{
    for (; *pattern; pattern++) {
        bool taken = *pattern == '?'   ? take_hash(&path, route)
                     : *pattern == '#' ? take_number(&path, route)
                     : *pattern == '*' ? take_segment(&path)
                                       : *path == *pattern && *path++;
        if (!taken)
            return false;
    }
    return *path == '\0';
}

PageRoute route_find(const char *path)
{
    for (gsize i = 0; i < G_N_ELEMENTS(routes); i++) {
        PageRoute route = {.to = routes[i].to};
        if (matches(routes[i].pattern ? routes[i].pattern : style_path, path, &route))
            return route;
    }
    return (PageRoute){.to = ROUTE_NONE};
}
