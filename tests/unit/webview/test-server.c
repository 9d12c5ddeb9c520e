/* The server from outside: a child process serves a site, this one asks over HTTP. */
#include "http.h"

#include "core/base/error.h"
#include "webview/style.h"

#include <sys/un.h>

/* --- pages ------------------------------------------------------------------------------- */

static void test_page(Fixture *fixture, gconstpointer unused)
{
    g_autoptr(Reply) reply = get_ticket(fixture, fixture->site->link, "");
    g_assert_cmpint(reply->status, ==, 200);
    assert_private(reply->headers->str);
    assert_header(reply->headers->str, "Content-Type: text/html; charset=utf-8");
    assert_header(reply->headers->str, CSP);
    g_assert_nonnull(strstr(reply->body->str, "<html lang=\"fr\">"));
    g_assert_nonnull(strstr(reply->body->str, "Bonjour, &lt;b&gt;rien&lt;/b&gt; ne va plus."));
    g_assert_nonnull(strstr(reply->body->str, "On regarde."));
    g_assert_null(strstr(reply->body->str, "ENTRE NOUS"));
    g_assert_null(strstr(reply->body->str, "123456"));
    g_assert_null(strstr(reply->headers->str, "Strict-Transport-Security"));
}

static void test_staff(Fixture *fixture, gconstpointer unused)
{
    g_autoptr(Reply) reply = get_ticket(fixture, fixture->site->staff_link, "");
    g_assert_cmpint(reply->status, ==, 200);
    g_assert_nonnull(strstr(reply->body->str, "ENTRE NOUS"));
    g_assert_nonnull(strstr(reply->body->str, "CODE 123456"));
}

static void test_language(Fixture *fixture, gconstpointer unused)
{
    static const struct {
        const char *query, *language;
    } cases[] = {
        {"?lang=en", "en"},   {"?lang=fr", "fr"},     {"?lang=", "fr"},
        {"?lang=de", "fr"},   {"?lang=EN", "fr"},     {"?lang", "fr"},
        {"?", "fr"},          {"?x=y", "fr"},         {"?x=1&lang=en", "en"},
        {"?lang=e%6E", "fr"}, {"?lang=en\"><", "fr"}, {"?utm_source=mail", "fr"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *wanted = g_strdup_printf("<html lang=\"%s\">", cases[i].language);
        g_autoptr(Reply) reply = get_ticket(fixture, fixture->site->link, cases[i].query);
        g_test_message("%s", cases[i].query);
        g_assert_cmpint(reply->status, ==, 200);
        g_assert_nonnull(strstr(reply->body->str, wanted));
    }
}

static void test_json(Fixture *fixture, gconstpointer unused)
{
    g_autoptr(Reply) reply = get_ticket(fixture, fixture->site->link, ".json");
    g_assert_cmpint(reply->status, ==, 200);
    assert_private(reply->headers->str);
    assert_header(reply->headers->str, "Content-Type: application/json");
    g_assert_true(g_str_has_prefix(reply->body->str, "{\"id\":"));
    g_assert_true(g_str_has_suffix(reply->body->str, "}\n"));
    g_assert_null(strstr(reply->body->str, "ENTRE NOUS"));
}

static void test_head(Fixture *fixture, gconstpointer unused)
{
    g_autofree char *page = g_strconcat("/ticket/", fixture->site->link, NULL);
    const char *const paths[] = {page, "/healthz", "/nothing", style_path};
    for (gsize i = 0; i < G_N_ELEMENTS(paths); i++) {
        g_autoptr(Reply) whole = get(fixture, paths[i]);
        g_autoptr(Reply) head = ask(fixture, "HEAD", paths[i]);
        g_autofree char *length =
            g_strdup_printf("Content-Length: %" G_GSIZE_FORMAT, whole->body->len);
        g_assert_cmpint(head->status, ==, whole->status);
        g_assert_cmpuint(head->body->len, ==, 0);
        assert_header(head->headers->str, length);
    }
}

static void test_method(Fixture *fixture, gconstpointer unused)
{
    static const char *const methods[] = {"POST",  "PUT",     "DELETE", "PATCH",
                                          "TRACE", "OPTIONS", "get",    "PROPFIND"};
    for (gsize i = 0; i < G_N_ELEMENTS(methods); i++) {
        g_autofree char *path = g_strconcat("/ticket/", fixture->site->link, NULL);
        g_autoptr(Reply) reply = ask(fixture, methods[i], path);
        g_assert_cmpint(reply->status, ==, 405);
        assert_private(reply->headers->str);
        assert_header(reply->headers->str, "Allow: GET, HEAD");
    }
}

static void test_others(Fixture *fixture, gconstpointer unused)
{
    g_autoptr(Reply) health = get(fixture, "/healthz");
    g_assert_cmpint(health->status, ==, 200);
    g_assert_cmpstr(health->body->str, ==, "ok\n");
    assert_private(health->headers->str);

    g_autoptr(Reply) robots = get(fixture, "/robots.txt");
    g_assert_cmpstr(robots->body->str, ==, "User-agent: *\nDisallow: /\n");
    assert_private(robots->headers->str);

    g_autoptr(Reply) style = get(fixture, style_path);
    g_assert_cmpint(style->status, ==, 200);
    g_assert_cmpuint(style->body->len, ==, style_length);
    assert_header(style->headers->str, "Content-Type: text/css; charset=utf-8");
    assert_header(style->headers->str, "Cache-Control: public, max-age=31536000, immutable");
    assert_header(style->headers->str, "X-Content-Type-Options: nosniff");
}

static void test_https(Fixture *fixture, gconstpointer unused)
{
    g_autoptr(Reply) reply = get(fixture, "/nothing");
    assert_header(reply->headers->str, "Strict-Transport-Security: max-age=31536000");
    g_autofree char *href = g_strconcat("href=\"/support", style_path, "\"", NULL);
    g_assert_nonnull(strstr(reply->body->str, href));
}

/* --- what opens nothing ------------------------------------------------------------------ */

/* Without the one line that tells the time. */
static char *without_date(const char *headers)
{
    const char *date = strstr(headers, "Date: ");
    g_assert_nonnull(date);
    const char *end = strstr(date, "\r\n");
    return g_strdup_printf("%.*s%s", (int)(date - headers), headers, end);
}

static void test_not_found(Fixture *fixture, gconstpointer unused)
{
    TestSite *site = fixture->site;
    MUST(store_begin(site->store, &error));
    g_autofree char *expired = site_link(site, site->customer, 2, now_utc() - 1);
    gint64 stranger = site_person(site, "Eve", "eve@example.com", ROLE_REQUESTER);
    g_autofree char *stranger_link = site_link(site, stranger, 1, 0);
    gint64 gone = site_person(site, "Paul", "paul@example.com", ROLE_REQUESTER);
    site_participate(site, gone, PART_WATCHER);
    g_autofree char *revoked = site_link(site, gone, 1, 0);
    MUST(people_raise_epoch(site->store, gone, &error));
    MUST(store_commit(site->store, &error));

    g_autofree char *other = g_strdup(site->link);
    other[3] = other[3] == '0' ? '1' : '0';
    const char *const hashes[] = {
        expired, revoked, stranger_link, other, "00000000000000000000000000", "0", ""};
    g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
    for (gsize i = 0; i < G_N_ELEMENTS(hashes); i++) {
        g_ptr_array_add(paths, g_strdup_printf("/ticket/%s", hashes[i]));
        g_ptr_array_add(paths, g_strdup_printf("/ticket/%s.json", hashes[i]));
        g_ptr_array_add(paths,
                        g_strdup_printf("/ticket/%s/file/%d.1/x", hashes[i], (int)site->first));
    }
    static const char *const suffixes[] = {"/",      "//",        ".css",       "%2f",
                                           "%00",    ".json/",    "/file/",     "/file/1.9/x",
                                           "/../..", "/file/0/x", "/file/1.1/", "/x.css"};
    for (gsize i = 0; i < G_N_ELEMENTS(suffixes); i++)
        g_ptr_array_add(paths, g_strdup_printf("/ticket/%s%s", site->link, suffixes[i]));
    static const char *const others[] = {
        "/",          "/favicon.ico",        "/ticket",      "//healthz",        "/healthz/",
        "/%68ealthz", "/index.html?lang=en", "/.git/config", "/../../etc/passwd"};
    for (gsize i = 0; i < G_N_ELEMENTS(others); i++)
        g_ptr_array_add(paths, g_strdup(others[i]));
    g_autofree char *endless = g_strnfill(6000, 'a');
    g_ptr_array_add(paths, g_strconcat("/", endless, NULL));

    g_autoptr(Reply) first = get(fixture, "/nothing");
    g_autofree char *headers = without_date(first->headers->str);
    g_assert_cmpint(first->status, ==, 404);
    assert_private(first->headers->str);
    for (guint i = 0; i < paths->len; i++) {
        g_autoptr(Reply) reply = get(fixture, paths->pdata[i]);
        g_autofree char *same = without_date(reply->headers->str);
        g_test_message("%s", (const char *)paths->pdata[i]);
        g_assert_cmpint(reply->status, ==, 404);
        g_assert_cmpstr(same, ==, headers);
        g_assert_cmpstr(reply->body->str, ==, first->body->str);
    }
}

/* --- what is no request ------------------------------------------------------------------ */

static void test_malformed(Fixture *fixture, gconstpointer unused)
{
    g_autofree char *long_value = g_strnfill(100 * 1000, 'a');
    g_autofree char *long_header =
        g_strdup_printf("GET / HTTP/1.1\r\nHost: x\r\nX: %s\r\n\r\n", long_value);
    g_autofree char *long_path =
        g_strdup_printf("GET /%s HTTP/1.1\r\nHost: x\r\n\r\n", long_value);
    g_autoptr(GString) many = g_string_new("GET / HTTP/1.1\r\nHost: x\r\n");
    for (int i = 0; i < 2000; i++)
        g_string_append_printf(many, "X-%d: y\r\n", i);
    g_string_append(many, "\r\n");

    const struct {
        const char *request;
        const char *status;
    } cases[] = {
        {"GET / HTTP/1.1\r\n\r\n", "HTTP/1.1 400 "},
        {"GET / HTTP/1.1\r\nHost: x\r\nno colon\r\n\r\n", "HTTP/1.1 400 "},
        {"GET / HTTP/x\r\nHost: x\r\n\r\n", "HTTP/1.1 400 "},
        {"GET / HTTP/3.0\r\nHost: x\r\n\r\n", "HTTP/1.1 505 "},
        {"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n"
         "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
         "HTTP/1.1 400 "},
        {"GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: x\r\n\r\n", "HTTP/1.1 400 "},
        {"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nContent-Length: 7\r\n\r\n",
         "HTTP/1.1 400 "},
        {"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", "HTTP/1.1 400 "},
        {"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n",
         "HTTP/1.1 413 "},
        {long_header, "HTTP/1.1 431 "},
        {many->str, "HTTP/1.1 431 "},
        {long_path, "HTTP/1.1 414 "},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *answer = ask_raw(fixture, cases[i].request, strlen(cases[i].request));
        g_test_message("%.60s", cases[i].request);
        g_test_message("%s", answer);
        g_assert_true(g_str_has_prefix(answer, cases[i].status));
        assert_private(answer);
    }
}

static void throw_at(const Fixture *fixture, const void *bytes, gsize length)
{
    int fd = dial(fixture->where);
    g_assert_cmpint(send(fd, bytes, length, MSG_NOSIGNAL), ==, (gssize)length);
    close(fd);
}

/* Noise, half a request, more arguments than the library has room for: the server goes on. */
static void test_noise(Fixture *fixture, gconstpointer unused)
{
    for (guint i = 0; i < 300; i++) {
        g_autoptr(GByteArray) noise = site_noise(1 + i * 7, i);
        throw_at(fixture, noise->data, noise->len);
    }
    static const char half[] = "GET /ticket/";
    throw_at(fixture, half, strlen(half));
    g_autoptr(GString) arguments = g_string_new("GET /?");
    for (int i = 0; i < 4000; i++)
        g_string_append(arguments, "a&");
    g_string_append(arguments, " HTTP/1.1\r\nHost: x\r\n\r\n");
    throw_at(fixture, arguments->str, arguments->len);
    g_autoptr(Reply) health = get(fixture, "/healthz");
    g_assert_cmpint(health->status, ==, 200);
}

static void test_pipelined(Fixture *fixture, gconstpointer unused)
{
    static const char requests[] = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
                                   "GET /robots.txt HTTP/1.1\r\nHost: x\r\n\r\n"
                                   "GET /none HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    g_autofree char *answer = ask_raw(fixture, requests, strlen(requests));
    const char *ok = strstr(answer, "\r\n\r\nok\n");
    g_assert_nonnull(ok);
    const char *robots = strstr(ok, "Disallow: /\n");
    g_assert_nonnull(robots);
    g_assert_nonnull(strstr(robots, "HTTP/1.1 404 "));
}

/* --- files ------------------------------------------------------------------------------- */

static Reply *get_file(const Fixture *fixture, const char *method, int n, const char *name)
{
    g_autofree char *path = g_strdup_printf("/ticket/%s/file/%d.%d/%s", fixture->site->link,
                                            (int)fixture->site->first, n, name);
    return ask(fixture, method, path);
}

static void test_file(Fixture *fixture, gconstpointer unused)
{
    const GByteArray *report = fixture->site->report;
    g_autoptr(Reply) reply = get_file(fixture, "GET", 1, "whatever");
    g_assert_cmpint(reply->status, ==, 200);
    g_assert_cmpmem(reply->body->str, reply->body->len, report->data, report->len);
    assert_private(reply->headers->str);
    assert_header(reply->headers->str, CSP "; sandbox");
    assert_header(reply->headers->str, "Content-Type: application/octet-stream");
    assert_header(reply->headers->str, "Content-Length: 300001");
    assert_header(reply->headers->str, "Content-Disposition: attachment; "
                                       "filename=\"Bilan _t_.html\"; "
                                       "filename*=UTF-8''Bilan%20%C3%A9t%C3%A9.html");

    g_autoptr(Reply) head = get_file(fixture, "HEAD", 1, "whatever");
    assert_header(head->headers->str, "Content-Length: 300001");
    g_assert_cmpuint(head->body->len, ==, 0);
}

static void test_picture(Fixture *fixture, gconstpointer unused)
{
    const GByteArray *photo = fixture->site->photo;
    g_autoptr(Reply) reply = get_file(fixture, "GET", 2, "photo.png");
    g_assert_cmpint(reply->status, ==, 200);
    g_assert_cmpmem(reply->body->str, reply->body->len, photo->data, photo->len);
    assert_header(reply->headers->str, CSP "; sandbox");
    assert_header(reply->headers->str, "Content-Type: image/png");
    g_assert_nonnull(strstr(reply->headers->str, "Content-Disposition: inline; "));
}

/* A message the reader may not see has no files for them either. */
static void test_file_of_others(Fixture *fixture, gconstpointer unused)
{
    TestSite *site = fixture->site;
    MUST(store_begin(site->store, &error));
    g_autoptr(GString) mail = g_string_new("\r\n");
    g_autoptr(GPtrArray) files =
        g_ptr_array_new_with_free_func((GDestroyNotify)attachment_free);
    site_attach(files, mail, "secret.txt", "text/plain", site->photo);
    gint64 raw = site_raw(site, mail);
    gint64 note = site_message(site, site->agent, "Marie", VISIBILITY_INTERNAL, "", raw, files);
    MUST(store_commit(site->store, &error));

    g_autofree char *rest = g_strdup_printf("/file/%d.1/secret.txt", (int)note);
    g_autoptr(Reply) customer = get_ticket(fixture, site->link, rest);
    g_autoptr(Reply) staff = get_ticket(fixture, site->staff_link, rest);
    g_assert_cmpint(customer->status, ==, 404);
    g_assert_cmpint(staff->status, ==, 200);
}

/* A record that says more bytes than the mail has: cut, never padded or passed as whole. */
static void test_file_damaged(Fixture *fixture, gconstpointer unused)
{
    TestSite *site = fixture->site;
    MUST(store_begin(site->store, &error));
    g_autoptr(GString) mail = g_string_new("\r\n");
    g_autoptr(GPtrArray) files =
        g_ptr_array_new_with_free_func((GDestroyNotify)attachment_free);
    site_attach(files, mail, "a.bin", "x/y", site->photo);
    ((Attachment *)files->pdata[0])->size = 50 * 1000;
    gint64 raw = site_raw(site, mail);
    gint64 id = site_message(site, site->customer, "Jean", VISIBILITY_PUBLIC, "", raw, files);
    MUST(store_commit(site->store, &error));

    g_autofree char *request = g_strdup_printf(
        "GET /ticket/%s/file/%d.1/a HTTP/1.1\r\nHost: x\r\n\r\n", site->link, (int)id);
    g_autofree char *answer = ask_raw(fixture, request, strlen(request));
    g_assert_nonnull(strstr(answer, "Content-Length: 50000\r\n"));
    g_autoptr(Reply) health = get(fixture, "/healthz");
    g_assert_cmpint(health->status, ==, 200);
}

/* Somebody who hangs up in the middle of a download. */
static void test_file_broken_off(Fixture *fixture, gconstpointer unused)
{
    g_autofree char *request =
        g_strdup_printf("GET /ticket/%s/file/%d.1/a HTTP/1.1\r\nHost: x\r\n\r\n",
                        fixture->site->link, (int)fixture->site->first);
    for (int i = 0; i < 20; i++) {
        int fd = dial(fixture->where);
        char some[100];
        g_assert_cmpint(send(fd, request, strlen(request), 0), >, 0);
        g_assert_cmpint(recv(fd, some, sizeof some, 0), >, 0);
        close(fd);
    }
    g_autoptr(Reply) health = get(fixture, "/healthz");
    g_assert_cmpint(health->status, ==, 200);
}

/* --- the database comes and goes --------------------------------------------------------- */

static void assert_unavailable(const Fixture *fixture)
{
    const char *const rests[] = {"", ".json", "/file/1.1/a"};
    for (gsize i = 0; i < G_N_ELEMENTS(rests); i++) {
        g_autoptr(Reply) reply = get_ticket(fixture, fixture->site->link, rests[i]);
        g_assert_cmpint(reply->status, ==, 503);
        assert_private(reply->headers->str);
        assert_header(reply->headers->str, "Retry-After: 30");
        g_assert_nonnull(strstr(reply->body->str, "One moment"));
    }
    g_autoptr(Reply) health = get(fixture, "/healthz");
    g_assert_cmpint(health->status, ==, 503);
    g_autoptr(Reply) nothing = get(fixture, "/nothing");
    g_assert_cmpint(nothing->status, ==, 404);
}

static void assert_served(const Fixture *fixture)
{
    for (int i = 0; i < 4; i++) { /* both threads */
        g_autoptr(Reply) reply = get_ticket(fixture, fixture->site->link, "");
        g_assert_cmpint(reply->status, ==, 200);
    }
}

static void test_database_gone(Fixture *fixture, gconstpointer unused)
{
    TestSite *site = fixture->site;
    g_autofree char *away = g_strconcat(site->data, ".away", NULL);
    assert_served(fixture);
    g_assert_cmpint(g_rename(site->data, away), ==, 0);
    assert_unavailable(fixture);
    g_assert_cmpint(g_mkdir(site->data, 0700), ==, 0);
    assert_unavailable(fixture);
    g_assert_cmpint(g_rmdir(site->data), ==, 0);
    g_assert_cmpint(g_rename(away, site->data), ==, 0);
    assert_served(fixture);
}

static void test_database_garbage(Fixture *fixture, gconstpointer unused)
{
    TestSite *site = fixture->site;
    g_autofree char *away = g_strconcat(site->data, ".away", NULL);
    g_autofree char *file = g_build_filename(site->data, "mailwicket.db", NULL);
    g_assert_cmpint(g_rename(site->data, away), ==, 0);
    g_assert_cmpint(g_mkdir(site->data, 0700), ==, 0);
    g_assert_true(g_file_set_contents(file, "this is no database", -1, NULL));
    assert_unavailable(fixture);
    g_assert_true(g_file_set_contents(file, "", -1, NULL));
    assert_unavailable(fixture);
    site_remove(site->data);
    g_assert_cmpint(g_rename(away, site->data), ==, 0);
    assert_served(fixture);
}

/* Nothing that is asked changes a byte of the database. */
static void test_reads_only(Fixture *fixture, gconstpointer unused)
{
    static const char *const names[] = {"mailwicket.db", "mailwicket.db-wal"};
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *path = g_build_filename(fixture->site->data, names[i], NULL);
        g_autofree char *before = NULL, *after = NULL;
        gsize before_length, after_length;
        g_assert_true(g_file_get_contents(path, &before, &before_length, NULL));
        assert_served(fixture);
        g_autoptr(Reply) file = get_file(fixture, "GET", 1, "x");
        g_autoptr(Reply) post = ask(fixture, "POST", "/");
        g_assert_true(g_file_get_contents(path, &after, &after_length, NULL));
        g_assert_cmpmem(before, before_length, after, after_length);
    }
}

/* Many ask for the same page between two commits, but nobody ever gets an old one. */
static void test_always_fresh(Fixture *fixture, gconstpointer unused)
{
    TestSite *site = fixture->site;
    for (int i = 0; i < 20; i++) {
        g_autofree char *text = g_strdup_printf("message number %d.", i);
        assert_served(fixture);
        MUST(store_begin(site->store, &error));
        site_message(site, site->agent, "Marie", VISIBILITY_PUBLIC, text, 0, NULL);
        MUST(store_commit(site->store, &error));
        for (int again = 0; again < 4; again++) {
            g_autoptr(Reply) reply = get_ticket(fixture, site->link, "");
            g_assert_nonnull(strstr(reply->body->str, text));
        }
        g_autoptr(Reply) english = get_ticket(fixture, site->link, "?lang=en");
        g_assert_nonnull(strstr(english->body->str, "<html lang=\"en\">"));
        g_autoptr(Reply) staff = get_ticket(fixture, site->staff_link, "");
        g_assert_nonnull(strstr(staff->body->str, "ENTRE NOUS"));
    }
    assert_served(fixture);
    MUST(store_begin(site->store, &error));
    MUST(people_raise_epoch(site->store, site->customer, &error));
    MUST(store_commit(site->store, &error));
    for (int again = 0; again < 4; again++) {
        g_autoptr(Reply) reply = get_ticket(fixture, site->link, "");
        g_assert_cmpint(reply->status, ==, 404);
    }
}

/* A link that expires while its page is being asked for again and again. */
static void test_expires(Fixture *fixture, gconstpointer unused)
{
    TestSite *site = fixture->site;
    gint64 end = now_utc() + 2;
    MUST(store_begin(site->store, &error));
    g_autofree char *link = site_link(site, site->customer, 1, end);
    MUST(store_commit(site->store, &error));
    for (;;) {
        gint64 before = now_utc();
        g_autoptr(Reply) reply = get_ticket(fixture, link, "");
        gint64 after = now_utc();
        if (after < end)
            g_assert_cmpint(reply->status, ==, 200);
        if (before > end) {
            g_assert_cmpint(reply->status, ==, 404);
            break;
        }
        g_usleep(20 * 1000);
    }
}

/* --- listening --------------------------------------------------------------------------- */

static void test_unix(Fixture *fixture, gconstpointer unused)
{
    g_autofree char *path = g_build_filename(fixture->site->dir, "page.sock", NULL);
    g_autofree char *where = g_strconcat("unix:", path, NULL);
    for (int i = 0; i < 2; i++) {
        g_autofree char *told = NULL;
        pid_t pid = start(fixture->site->config, where, &told);
        g_assert_cmpstr(told, ==, where);
        struct sockaddr_un address = {.sun_family = AF_UNIX};
        g_strlcpy(address.sun_path, path, sizeof address.sun_path);
        int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        g_assert_cmpint(connect(fd, (struct sockaddr *)&address, sizeof address), ==, 0);
        static const char request[] =
            "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
        g_assert_cmpint(send(fd, request, strlen(request), 0), >, 0);
        g_autofree char *answer = read_all(fd);
        g_assert_true(g_str_has_suffix(answer, "\r\n\r\nok\n"));
        if (i == 0) { /* killed: the second one finds a socket left behind */
            kill(pid, SIGKILL);
            waitpid(pid, NULL, 0);
            g_assert_true(g_file_test(path, G_FILE_TEST_EXISTS));
        } else {
            stop(pid);
            g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
        }
    }
}

static void test_listen_refused(Fixture *fixture, gconstpointer unused)
{
    const struct {
        const char *where;
        int code;
    } cases[] = {
        {"", ERROR_REJECTED},
        {"8025", ERROR_REJECTED},
        {"localhost", ERROR_REJECTED},
        {"127.0.0.1:", ERROR_REJECTED},
        {":8025", ERROR_REJECTED},
        {"127.0.0.1:http", ERROR_REJECTED},
        {"127.0.0.1:65536", ERROR_REJECTED},
        {"::1:8025", ERROR_REJECTED},
        {"unix:", ERROR_REJECTED},
        {"unix:relative", ERROR_REJECTED},
        {"unix:/nowhere/at/all", ERROR_TRANSIENT},
        {fixture->where + strlen("http://"), ERROR_TRANSIENT},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_false(server_run(fixture->site->config, cases[i].where, &error));
        g_assert_error(error, WICKET_ERROR, cases[i].code);
        g_test_message("%s", error->message);
    }
}

#define SERVER_TEST(name, function, url)                                                       \
    g_test_add("/webview/server/" name, Fixture, url, set_up, function, tear_down)

int main(int argc, char **argv)
{
    static const char http[] = "http://127.0.0.1", https[] = "https://desk.example.org/support";
    g_test_init(&argc, &argv, NULL);
    signal(SIGPIPE, SIG_IGN);
    SERVER_TEST("page", test_page, http);
    SERVER_TEST("staff", test_staff, http);
    SERVER_TEST("language", test_language, http);
    SERVER_TEST("json", test_json, http);
    SERVER_TEST("head", test_head, http);
    SERVER_TEST("method", test_method, http);
    SERVER_TEST("others", test_others, http);
    SERVER_TEST("https", test_https, https);
    SERVER_TEST("not-found", test_not_found, http);
    SERVER_TEST("malformed", test_malformed, http);
    SERVER_TEST("noise", test_noise, http);
    SERVER_TEST("pipelined", test_pipelined, http);
    SERVER_TEST("file", test_file, http);
    SERVER_TEST("picture", test_picture, http);
    SERVER_TEST("file-of-others", test_file_of_others, http);
    SERVER_TEST("file-damaged", test_file_damaged, http);
    SERVER_TEST("file-broken-off", test_file_broken_off, http);
    SERVER_TEST("database-gone", test_database_gone, http);
    SERVER_TEST("database-garbage", test_database_garbage, http);
    SERVER_TEST("reads-only", test_reads_only, http);
    SERVER_TEST("always-fresh", test_always_fresh, http);
    SERVER_TEST("expires", test_expires, http);
    SERVER_TEST("unix", test_unix, http);
    SERVER_TEST("listen-refused", test_listen_refused, http);
    return g_test_run();
}
