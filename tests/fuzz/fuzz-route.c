/* Any path: where it leads has the shape that the handlers rely on. */
#include "webview/route.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    g_autofree char *path = g_strndup((const char *)data, size);
    PageRoute route = route_find(path);
    bool ticket = route.to == ROUTE_TICKET || route.to == ROUTE_JSON || route.to == ROUTE_FILE;
    if (ticket && strlen(route.hash) != ROUTE_HASH_CHARS)
        abort();
    if (ticket && !g_str_has_prefix(path, "/ticket/"))
        abort();
    if (route.to == ROUTE_FILE && strspn(route.number, "0123456789.") != strlen(route.number))
        abort();
    return 0;
}
