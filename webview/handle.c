/* What is asked for and what is given.
 *
 * Whatever opens nothing (a path we do not know, a link that is unknown, expired, revoked or
 * malformed, a file that is not its reader's) is the one 404. What cannot be read now is 503.
 * Nothing of a request is ever logged: paths are secrets. */
#include "webview/handle.h"

#include "core/base/timestamp.h"
#include "core/desk/view.h"
#include "schema/queues.h"
#include "webview/download.h"
#include "webview/file.h"
#include "webview/page_ticket.h"
#include "webview/reading.h"
#include "webview/route.h"
#include "webview/words.h"

#include <string.h>

/* Enough for most pages to be built without growing. */
#define PAGE_BYTES (24 * 1024)

/* --- the database comes and goes --------------------------------------------------------- */

static enum MHD_Result unavailable(Site *site, struct MHD_Connection *connection,
                                   const GError *error)
{
    reading_forget();
    if (g_atomic_int_compare_and_exchange(&site->failing, 0, 1))
        g_warning("the database cannot be read: %s", error->message);
    return answer_status(site->answers, connection, MHD_HTTP_SERVICE_UNAVAILABLE);
}

static void available(Site *site)
{
    if (g_atomic_int_compare_and_exchange(&site->failing, 1, 0))
        g_message("the database can be read again");
}

/* The view behind a link, read in one snapshot; *ret NULL when it opens nothing. */
static bool open_view(Site *site, Reading *reading, const char *hash, TicketView **ret,
                      GError **error)
{
    if (!store_begin_read(reading->store, error))
        return false;
    bool opened = view_open_page(reading->store, hash, ret, error);
    store_rollback(reading->store);
    return opened;
}

/* --- one function a route ---------------------------------------------------------------- */

static struct MHD_Response *make_page(Site *site, const PageRoute *route,
                                      const TicketView *view, const char *language,
                                      gsize *ret_bytes)
{
    if (!language)
        language = language_from_text(view->ticket->language);
    Page page = {
        .config = site->config,
        .prefix = answers_prefix(site->answers),
        .language = language ? language : "en",
        .hash = route->hash,
    };
    GString *body = g_string_sized_new(PAGE_BYTES);
    page_ticket(body, &page, view);
    *ret_bytes = body->len;
    return answers_make(site->answers, "text/html; charset=utf-8", body);
}

static enum MHD_Result give_page(Site *site, struct MHD_Connection *connection,
                                 const PageRoute *route, Reading *reading)
{
    const char *asked = MHD_lookup_connection_value(connection, MHD_GET_ARGUMENT_KIND, "lang");
    const char *language = language_from_text(asked);
    g_autofree char *key = g_strconcat(route->hash, language, NULL);
    g_autoptr(TicketView) view = NULL;
    g_autoptr(GError) error = NULL;
    gint64 version;
    gsize bytes;

    if (!store_data_version(reading->store, &version, &error))
        return unavailable(site, connection, error);
    page_cache_now(reading->pages, version, now_utc());
    struct MHD_Response *response = page_cache_find(reading->pages, key);
    if (response)
        return answer_with(site->answers, connection, response);
    if (!open_view(site, reading, route->hash, &view, &error))
        return unavailable(site, connection, error);
    available(site);
    if (!view)
        return answer_status(site->answers, connection, MHD_HTTP_NOT_FOUND);
    response = make_page(site, route, view, language, &bytes);
    page_cache_keep(reading->pages, key, response, bytes);
    return answer_with(site->answers, connection, response);
}

static enum MHD_Result give_json(Site *site, struct MHD_Connection *connection,
                                 const TicketView *view)
{
    JsonWriter json = {.out = g_string_sized_new(PAGE_BYTES)};
    view_json(view, &json);
    g_string_append_c(json.out, '\n');
    struct MHD_Response *response = answers_make(site->answers, "application/json", json.out);
    enum MHD_Result queued = answer_with(site->answers, connection, response);
    MHD_destroy_response(response);
    return queued;
}

static enum MHD_Result give_file(Site *site, struct MHD_Connection *connection,
                                 const PageRoute *route, const TicketView *view,
                                 Reading *reading)
{
    const Message *message = NULL;
    const Attachment *file = NULL;
    struct MHD_Response *response = NULL;
    g_autoptr(GError) error = NULL;
    if (!file_find(view, route->number, &message, &file))
        return answer_status(site->answers, connection, MHD_HTTP_NOT_FOUND);
    if (!download_new(reading, message->raw, file, &response, &error))
        return unavailable(site, connection, error);
    g_autofree char *disposition = file_disposition(file);
    return answer_download(site->answers, connection, response, file_served_type(file),
                           disposition);
}

static enum MHD_Result give_ticket(Site *site, struct MHD_Connection *connection,
                                   const PageRoute *route)
{
    Reading *reading = NULL;
    g_autoptr(TicketView) view = NULL;
    g_autoptr(GError) error = NULL;
    if (!reading_get(site->config->site.data_dir, &reading, &error))
        return unavailable(site, connection, error);
    if (route->to == ROUTE_TICKET)
        return give_page(site, connection, route, reading);
    if (!open_view(site, reading, route->hash, &view, &error))
        return unavailable(site, connection, error);
    available(site);
    if (!view)
        return answer_status(site->answers, connection, MHD_HTTP_NOT_FOUND);
    return route->to == ROUTE_JSON ? give_json(site, connection, view)
                                   : give_file(site, connection, route, view, reading);
}

static enum MHD_Result give_health(Site *site, struct MHD_Connection *connection)
{
    Reading *reading = NULL;
    g_autoptr(GPtrArray) queues = NULL;
    g_autoptr(GError) error = NULL;
    if (!reading_get(site->config->site.data_dir, &reading, &error) ||
        !queues_list(reading->store, &queues, &error))
        return unavailable(site, connection, error);
    available(site);
    return answer_healthy(site->answers, connection);
}

static enum MHD_Result give(Site *site, struct MHD_Connection *connection, const char *path)
{
    PageRoute route = route_find(path);
    switch (route.to) {
    case ROUTE_TICKET:
    case ROUTE_JSON:
    case ROUTE_FILE:
        return give_ticket(site, connection, &route);
    case ROUTE_HEALTH:
        return give_health(site, connection);
    case ROUTE_ROBOTS:
        return answer_robots(site->answers, connection);
    case ROUTE_STYLE:
        return answer_style(site->answers, connection);
    case ROUTE_NONE:
        break;
    }
    return answer_status(site->answers, connection, MHD_HTTP_NOT_FOUND);
}

/* --- what is a request we answer --------------------------------------------------------- */

static enum MHD_Result see_header(void *has_body, enum MHD_ValueKind kind, const char *name,
                                  const char *value)
{
    bool length = g_ascii_strcasecmp(name, "Content-Length") == 0;
    if (g_ascii_strcasecmp(name, "Transfer-Encoding") == 0 ||
        (length && g_strcmp0(value, "0") != 0))
        *(bool *)has_body = true;
    return MHD_YES;
}

/* The library takes a request with both a length and a transfer encoding; a proxy in front of
 * us may read it otherwise (request smuggling). We need no bodies at all. */
static bool has_body(struct MHD_Connection *connection)
{
    bool found = false;
    MHD_get_connection_values(connection, MHD_HEADER_KIND, see_header, &found);
    return found;
}

enum MHD_Result handle_request(void *data, struct MHD_Connection *connection, const char *path,
                               const char *method, const char *version, const char *upload,
                               size_t *upload_size, void **state)
{
    static char seen;
    Site *site = data;

    if (*state == &seen)
        return give(site, connection, path);
    *state = &seen;
    /* An answer this early makes the library close the connection without reading a body. */
    if (strcmp(method, MHD_HTTP_METHOD_GET) != 0 && strcmp(method, MHD_HTTP_METHOD_HEAD) != 0)
        return answer_status(site->answers, connection, MHD_HTTP_METHOD_NOT_ALLOWED);
    if (has_body(connection))
        return answer_status(site->answers, connection, MHD_HTTP_BAD_REQUEST);
    return MHD_YES;
}
