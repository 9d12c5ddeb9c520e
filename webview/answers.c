/* HTTP answers and their headers.
 *
 * libmicrohttpd answers by itself what it cannot parse or hold (400, 413, 414, 431, 500, 501,
 * 505), and offers no way to add headers there. It queues those answers through its public
 * MHD_queue_response, and the dynamic linker finds ours first: so no answer leaves without our
 * headers. (A library linked statically or with -Bsymbolic would not see it; the tests would.)
 *
 * Not here: which answer is due (handle.c). If memory runs out GLib ends the process; the
 * service manager starts it again. */
#include "webview/answers.h"

#include "core/base/error.h"
#include "webview/page_status.h"
#include "webview/style.h"

#include <dlfcn.h>
#include <string.h>

#define CSP                                                                                    \
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'none'; "               \
    "frame-ancestors 'none'; base-uri 'none'"
#define CSP_FILE CSP "; sandbox"

#define NO_STORE "no-store, private"
#define FOR_EVER "public, max-age=31536000, immutable"

#define TYPE_HTML "text/html; charset=utf-8"
#define TYPE_TEXT "text/plain; charset=utf-8"

typedef enum MHD_Result (*QueueFunction)(struct MHD_Connection *, unsigned int,
                                         struct MHD_Response *);

static const unsigned int error_statuses[] = {
    MHD_HTTP_BAD_REQUEST,           MHD_HTTP_NOT_FOUND,
    MHD_HTTP_METHOD_NOT_ALLOWED,    MHD_HTTP_CONTENT_TOO_LARGE,
    MHD_HTTP_URI_TOO_LONG,          MHD_HTTP_REQUEST_HEADER_FIELDS_TOO_LARGE,
    MHD_HTTP_INTERNAL_SERVER_ERROR, MHD_HTTP_NOT_IMPLEMENTED,
    MHD_HTTP_SERVICE_UNAVAILABLE,   MHD_HTTP_HTTP_VERSION_NOT_SUPPORTED,
};
#define N_ERRORS G_N_ELEMENTS(error_statuses)

struct Answers {
    char *prefix;
    bool https;
    QueueFunction queue; /* the library's own */
    struct MHD_Response *errors[N_ERRORS];
    struct MHD_Response *style, *robots, *healthy;
    gint stopping; /* atomic */
};

/* What the library's own answers are made with. */
static Answers *current;

/* --- making responses -------------------------------------------------------------------- */

static void add(struct MHD_Response *response, const char *name, const char *value)
{
    if (MHD_add_response_header(response, name, value) != MHD_YES)
        g_error("cannot add the header %s", name);
}

/* Everything but the Content-Security-Policy and the Cache-Control, which differ. */
static void add_common(struct MHD_Response *response, const Answers *answers, const char *type)
{
    add(response, "Content-Type", type);
    add(response, "Referrer-Policy", "no-referrer");
    add(response, "X-Robots-Tag", "noindex, nofollow, noarchive");
    add(response, "X-Content-Type-Options", "nosniff");
    add(response, "Cross-Origin-Resource-Policy", "same-origin");
    if (answers->https)
        add(response, "Strict-Transport-Security", "max-age=31536000");
}

static struct MHD_Response *make(const Answers *answers, const char *type, const char *cache,
                                 gsize length, void *bytes, enum MHD_ResponseMemoryMode mode)
{
    struct MHD_Response *response = MHD_create_response_from_buffer(length, bytes, mode);
    g_assert(response);
    add_common(response, answers, type);
    add(response, "Content-Security-Policy", CSP);
    add(response, "Cache-Control", cache);
    return response;
}

static struct MHD_Response *make_error(const Answers *answers, unsigned int status)
{
    g_autoptr(GString) body = g_string_new(NULL);
    bool page = page_status(body, answers->prefix, status);
    if (!page)
        g_string_printf(body, "%u %s\n", status, MHD_get_reason_phrase_for(status));
    struct MHD_Response *response = make(answers, page ? TYPE_HTML : TYPE_TEXT, NO_STORE,
                                         body->len, body->str, MHD_RESPMEM_MUST_COPY);
    if (status == MHD_HTTP_METHOD_NOT_ALLOWED)
        add(response, "Allow", "GET, HEAD");
    if (status == MHD_HTTP_SERVICE_UNAVAILABLE)
        add(response, "Retry-After", "30");
    return response;
}

static struct MHD_Response *make_static(const Answers *answers, const char *text)
{
    return make(answers, TYPE_TEXT, NO_STORE, strlen(text), (void *)text,
                MHD_RESPMEM_PERSISTENT);
}

/* "https://example.org/support" → "/support". */
static char *path_of(const char *base_url)
{
    const char *host = strstr(base_url, "://");
    const char *path = strchr(host ? host + 3 : base_url, '/');
    char *prefix = g_strdup(path ? path : "");
    if (g_str_has_suffix(prefix, "/"))
        prefix[strlen(prefix) - 1] = '\0';
    return prefix;
}

bool answers_new(const Config *config, Answers **ret, GError **error)
{
    g_autoptr(Answers) answers = g_new0(Answers, 1);
    answers->prefix = path_of(config->site.base_url);
    answers->https = g_str_has_prefix(config->site.base_url, "https://");
    *(void **)&answers->queue = dlsym(RTLD_NEXT, "MHD_queue_response");
    if (!answers->queue) {
        g_set_error(error, WICKET_ERROR, ERROR_CONFIG, "libmicrohttpd is not usable: %s",
                    dlerror());
        return false;
    }
    for (gsize i = 0; i < N_ERRORS; i++)
        answers->errors[i] = make_error(answers, error_statuses[i]);
    answers->style = make(answers, "text/css; charset=utf-8", FOR_EVER, style_length,
                          (void *)style_bytes, MHD_RESPMEM_PERSISTENT);
    answers->robots = make_static(answers, "User-agent: *\nDisallow: /\n");
    answers->healthy = make_static(answers, "ok\n");
    current = answers;
    *ret = g_steal_pointer(&answers);
    return true;
}

static void drop(struct MHD_Response *response)
{
    if (response)
        MHD_destroy_response(response);
}

void answers_free(Answers *answers)
{
    if (!answers)
        return;
    if (current == answers)
        current = NULL;
    for (gsize i = 0; i < N_ERRORS; i++)
        drop(answers->errors[i]);
    drop(answers->style);
    drop(answers->robots);
    drop(answers->healthy);
    g_free(answers->prefix);
    g_free(answers);
}

void answers_stop(Answers *answers)
{
    g_atomic_int_set(&answers->stopping, 1);
}

const char *answers_prefix(const Answers *answers)
{
    return answers->prefix;
}

/* --- giving them ------------------------------------------------------------------------- */

/* The prepared one; for a status nobody foresaw, the one for 500. */
static struct MHD_Response *error_response(const Answers *answers, unsigned int *status)
{
    for (gsize i = 0; i < N_ERRORS; i++)
        if (error_statuses[i] == *status)
            return answers->errors[i];
    *status = MHD_HTTP_INTERNAL_SERVER_ERROR;
    return error_response(answers, status);
}

/* Called by libmicrohttpd alone, for answers of its own; all of ours go past it. */
enum MHD_Result MHD_queue_response(struct MHD_Connection *connection, unsigned int status,
                                   struct MHD_Response *response)
{
    struct MHD_Response *ours = error_response(current, &status);
    if (g_atomic_int_get(&current->stopping))
        return MHD_NO;
    return current->queue(connection, status, ours);
}

enum MHD_Result answer_status(const Answers *answers, struct MHD_Connection *connection,
                              unsigned int status)
{
    struct MHD_Response *response = error_response(answers, &status);
    return answers->queue(connection, status, response);
}

enum MHD_Result answer_style(const Answers *answers, struct MHD_Connection *connection)
{
    return answers->queue(connection, MHD_HTTP_OK, answers->style);
}

enum MHD_Result answer_robots(const Answers *answers, struct MHD_Connection *connection)
{
    return answers->queue(connection, MHD_HTTP_OK, answers->robots);
}

enum MHD_Result answer_healthy(const Answers *answers, struct MHD_Connection *connection)
{
    return answers->queue(connection, MHD_HTTP_OK, answers->healthy);
}

struct MHD_Response *answers_make(const Answers *answers, const char *type, GString *body)
{
    gsize length = body->len;
    return make(answers, type, NO_STORE, length, g_string_free(body, FALSE),
                MHD_RESPMEM_MUST_FREE);
}

enum MHD_Result answer_with(const Answers *answers, struct MHD_Connection *connection,
                            struct MHD_Response *response)
{
    return answers->queue(connection, MHD_HTTP_OK, response);
}

enum MHD_Result answer_download(const Answers *answers, struct MHD_Connection *connection,
                                struct MHD_Response *response, const char *type,
                                const char *disposition)
{
    add_common(response, answers, type);
    add(response, "Content-Security-Policy", CSP_FILE);
    add(response, "Cache-Control", NO_STORE);
    add(response, "Content-Disposition", disposition);
    enum MHD_Result queued = answers->queue(connection, MHD_HTTP_OK, response);
    MHD_destroy_response(response);
    return queued;
}
