/* The sandbox: what a dying, hanging or lying parser costs, and what it leaves behind. */
#include "core/mail/sandbox.h"

#include "core/base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* A crash is to be a crash, not a report that takes seconds to write. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "handle_segv=0";
}

static const ScanCaps open_caps = {.header_bytes = G_MAXINT64,
                                   .header_fields = G_MAXINT64,
                                   .address_bytes = G_MAXINT64,
                                   .parts = G_MAXINT64,
                                   .depth = G_MAXINT64};
static const SandboxLimits limits = {.memory_bytes = 256 << 20, .cpu_seconds = 5};

typedef struct {
    int fd;
    guint64 size;
    Scan *scan;
} Spool;

static void spool_clear(Spool *spool)
{
    close(spool->fd);
    scan_free(spool->scan);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Spool, spool_clear)

static Spool spool_of(const char *text)
{
    g_autoptr(GError) error = NULL;
    Spool spool = {.fd = memfd_create("mail", MFD_CLOEXEC), .size = strlen(text)};
    g_assert_cmpint(write(spool.fd, text, spool.size), ==, spool.size);
    g_assert_true(scan_mail(spool.fd, spool.size, &open_caps, &spool.scan, &error));
    g_assert_no_error(error);
    return spool;
}

static void begin(Sandbox *sandbox, const Spool *spool)
{
    g_autoptr(GError) error = NULL;
    g_assert_true(sandbox_start(sandbox, spool->fd, spool->size, &error));
    g_assert_no_error(error);
}

static Mail *end(Sandbox *sandbox, const Scan *scan)
{
    Mail *mail = NULL;
    g_autoptr(GError) error = NULL;
    g_assert_true(sandbox_finish(sandbox, scan, &mail, &error));
    g_assert_no_error(error);
    return mail;
}

/* A sandbox for one mail. */
static Sandbox *start(const Spool *spool, const SandboxLimits *with)
{
    Sandbox *sandbox = sandbox_new(with, NULL, SANDBOX_ONCE);
    begin(sandbox, spool);
    return sandbox;
}

static Mail *finish(Sandbox *borrowed, const Scan *scan)
{
    g_autoptr(Sandbox) sandbox = borrowed;
    return end(sandbox, scan);
}

static char *repeat(const char *head, const char *part, int n, const char *tail)
{
    GString *out = g_string_new(head);
    for (int i = 0; i < n; i++)
        g_string_append(out, part);
    g_string_append(out, tail);
    return g_string_free(out, FALSE);
}

#define HEADER "From: A <a@b.example>\nTo: s@t.example\nSubject: Printer\nMessage-ID: <1@b>\n"
#define EMBEDDED HEADER "Content-Type: message/rfc822\n\nFrom: c@d\nTo: "

/* The only child of this process; 0 when there is none. */
static pid_t only_child(void)
{
    g_autofree char *text = NULL;
    g_autofree char *path = g_strdup_printf("/proc/self/task/%d/children", getpid());
    if (!g_file_get_contents(path, &text, NULL, NULL))
        return 0;
    return (pid_t)atoi(text);
}

static guint open_files(void)
{
    guint n = 0;
    g_autoptr(GDir) dir = g_dir_open("/proc/self/fd", 0, NULL);
    while (g_dir_read_name(dir))
        n++;
    return n;
}

static void assert_nothing_left(guint files_before)
{
    g_assert_cmpint(waitpid(-1, NULL, WNOHANG), ==, -1);
    g_assert_cmpint(errno, ==, ECHILD);
    g_assert_cmpuint(open_files(), ==, files_before);
}

static void test_ordinary(void)
{
    g_auto(Spool) spool = spool_of(HEADER "\nIt burns.\n");
    guint files = open_files();
    g_autoptr(Mail) mail = finish(start(&spool, &limits), spool.scan);
    g_assert_null(mail->unparsed);
    g_assert_cmpstr(mail->subject, ==, "Printer");
    g_assert_cmpstr(mail->text, ==, "It burns.\n");
    assert_nothing_left(files);
}

/* Several at once, finished in another order. */
static void test_overlap(void)
{
    g_auto(Spool) one = spool_of(HEADER "\nfirst\n");
    g_auto(Spool) two = spool_of(HEADER "\nsecond\n");
    guint files = open_files();
    Sandbox *first = start(&one, &limits);
    Sandbox *second = start(&two, &limits);
    g_autoptr(Mail) second_mail = finish(second, two.scan);
    g_autoptr(Mail) first_mail = finish(first, one.scan);
    g_assert_cmpstr(first_mail->text, ==, "first\n");
    g_assert_cmpstr(second_mail->text, ==, "second\n");
    assert_nothing_left(files);
}

static void test_retry(void)
{
    static const int signals[] = {SIGKILL, SIGSTOP};
    g_autofree char *text = repeat(HEADER "\n", "long enough to fill a pipe\n", 20000, "");
    for (gsize i = 0; i < G_N_ELEMENTS(signals); i++) {
        const SandboxLimits brief = {.memory_bytes = 256 << 20, .cpu_seconds = 1};
        g_auto(Spool) spool = spool_of(text);
        guint files = open_files();
        Sandbox *sandbox = start(&spool, &brief);
        pid_t child = only_child();
        g_assert_cmpint(child, >, 0);
        kill(child, signals[i]);
        g_autoptr(Mail) mail = finish(sandbox, spool.scan);
        g_assert_null(mail->unparsed);
        assert_nothing_left(files);
    }
}

/* An answer that waited longer than its deadline to be read is good all the same. */
static void test_late_reader(void)
{
    const SandboxLimits brief = {.memory_bytes = 256 << 20, .cpu_seconds = 1};
    g_autofree char *text = repeat(HEADER "\n", "long enough to fill a pipe\n", 20000, "");
    g_auto(Spool) spool = spool_of(text);
    Sandbox *sandbox = start(&spool, &brief);
    pid_t child = only_child();
    g_usleep(2200 * 1000);
    g_assert_cmpint(only_child(), ==, child);
    g_autoptr(Mail) mail = finish(sandbox, spool.scan);
    g_assert_null(mail->unparsed);
}

static void assert_outline(const Mail *mail)
{
    g_assert_nonnull(mail->unparsed);
    g_assert_cmpstr(mail->message_id, ==, "1@b");
    g_assert_cmpstr(mail->subject, ==, "Printer");
    g_assert_cmpint(mail->from_fields, ==, 1);
    g_assert_cmpstr(mail->text, ==, "");
}

static void test_crash(void)
{
    const SandboxLimits patient = {.memory_bytes = 256 << 20, .cpu_seconds = 60};
    /* A million nested groups: more stack than any limit allows. */
    g_autofree char *text = repeat(EMBEDDED, "a:", 1 << 20, "\n\nx\n");
    g_auto(Spool) spool = spool_of(text);
    /* Colons are capped whatever the configuration says; let the bomb through all the same. */
    g_clear_pointer(&spool.scan->over, g_free);
    guint files = open_files();
    g_autoptr(Mail) mail = finish(start(&spool, &patient), spool.scan);
    g_test_message("%s", mail->unparsed);
    g_assert_true(g_str_has_prefix(mail->unparsed, "the parser was killed by signal "));
    assert_outline(mail);
    assert_nothing_left(files);

    g_auto(Spool) next = spool_of(HEADER "\nnext\n");
    g_autoptr(Mail) next_mail = finish(start(&next, &limits), next.scan);
    g_assert_null(next_mail->unparsed);
}

static void test_cpu(void)
{
    const SandboxLimits brief = {.memory_bytes = 1 << 30, .cpu_seconds = 1};
    g_autofree char *text = repeat(EMBEDDED, "a,", 200000, "\n\nx\n");
    g_auto(Spool) spool = spool_of(text);
    guint files = open_files();
    g_autoptr(Mail) mail = finish(start(&spool, &brief), spool.scan);
    /* Which of the two comes first depends on what else the machine does. */
    g_assert_true(strcmp(mail->unparsed, "the parser used more than 1 s of CPU time") == 0 ||
                  strcmp(mail->unparsed, "the parser took longer than 2 s") == 0);
    assert_outline(mail);
    assert_nothing_left(files);
}

static void test_memory(void)
{
#ifdef __SANITIZE_ADDRESS__
    g_test_skip("the sanitizer needs all the address space");
#else
    const SandboxLimits little = {.memory_bytes = 1 << 20, .cpu_seconds = 5};
    g_autofree char *text = repeat(HEADER "\n", "more than fits\n", 200000, "");
    g_auto(Spool) spool = spool_of(text);
    g_autoptr(Mail) mail = finish(start(&spool, &little), spool.scan);
    g_test_message("%s", mail->unparsed);
    assert_outline(mail);
#endif
}

static void test_over(void)
{
    g_auto(Spool) spool = spool_of(HEADER "\nIt burns.\n");
    guint files = open_files();
    spool.scan->over = g_strdup("more than 500 parts");
    g_autoptr(Mail) mail = finish(start(&spool, &limits), spool.scan);
    g_assert_cmpstr(mail->unparsed, ==, "more than 500 parts");
    assert_outline(mail);
    assert_nothing_left(files);
    g_assert_cmpstr(spool.scan->outline->subject, ==, "Printer"); /* still the scan's */
}

static void test_abandoned(void)
{
    g_auto(Spool) spool = spool_of(HEADER "\nIt burns.\n");
    guint files = open_files();
    sandbox_free(start(&spool, &limits));
    assert_nothing_left(files);
}

/* No descriptors left for the pipe: ours, not the mail's. */
static void test_our_fault(void)
{
    g_auto(Spool) spool = spool_of(HEADER "\nIt burns.\n");
    struct rlimit before, none;
    g_autoptr(Sandbox) sandbox = sandbox_new(&limits, NULL, SANDBOX_ONCE);
    g_autoptr(GError) error = NULL;
    g_assert_cmpint(getrlimit(RLIMIT_NOFILE, &before), ==, 0);
    none = before;
    none.rlim_cur = 3;
    g_assert_cmpint(setrlimit(RLIMIT_NOFILE, &none), ==, 0);
    bool started = sandbox_start(sandbox, spool.fd, spool.size, &error);
    g_assert_cmpint(setrlimit(RLIMIT_NOFILE, &before), ==, 0);
    g_assert_false(started);
    g_assert_error(error, WICKET_ERROR, ERROR_TRANSIENT);
}

static bool is_locked(pid_t child)
{
    g_autofree char *path = g_strdup_printf("/proc/%d/status", child);
    g_autofree char *text = NULL;
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    g_assert_nonnull(strstr(text, "NoNewPrivs:\t1"));
    return strstr(text, "Seccomp:\t2") != NULL;
}

/* One parser for many mails, of any size, in charsets that need converters. */
static void test_lasting(void)
{
    g_autofree char *large = repeat(HEADER "\n", "long enough to fill a socket\n", 30000, "");
    Spool mails[] = {
        spool_of(HEADER "\nfirst\n"),
        spool_of(large),
        spool_of(HEADER "Content-Type: text/plain; charset=koi8-r\n\n\xf0\xd2\n"),
        spool_of(HEADER "Content-Type: text/plain; charset=iso-2022-jp\n\n\033$B$3\033(B\n"),
        spool_of(""),
    };
    static const char *const texts[] = {"first\n", NULL, "Пр\n", "こ\n", ""};
    guint files = open_files();
    g_autoptr(Sandbox) sandbox = sandbox_new(&limits, NULL, SANDBOX_LASTING);
    pid_t child = 0;
    for (int i = 0; i < 50; i++) {
        gsize at = (gsize)i % G_N_ELEMENTS(mails);
        begin(sandbox, &mails[at]);
        g_autoptr(Mail) mail = end(sandbox, mails[at].scan);
        g_assert_null(mail->unparsed);
        if (texts[at])
            g_assert_cmpstr(mail->text, ==, texts[at]);
        if (i == 0)
            child = only_child();
        g_assert_cmpint(only_child(), ==, child);
    }
#if defined(__x86_64__) || defined(__aarch64__)
    g_assert_true(is_locked(child));
#endif
    g_clear_pointer(&sandbox, sandbox_free);
    assert_nothing_left(files);
    for (gsize i = 0; i < G_N_ELEMENTS(mails); i++)
        spool_clear(&mails[i]);
}

/* Between mails it has no mail, neither the last one nor any before it. */
static void test_lasting_forgets(void)
{
    g_autoptr(Sandbox) sandbox = sandbox_new(&limits, NULL, SANDBOX_LASTING);
    for (int i = 0; i < 3; i++) {
        g_auto(Spool) spool = spool_of(HEADER "\nsecret\n");
        begin(sandbox, &spool);
        g_autoptr(Mail) mail = end(sandbox, spool.scan);
        g_assert_null(mail->unparsed);
    }
    g_autofree char *fds = g_strdup_printf("/proc/%d/fd", only_child());
    g_autoptr(GDir) dir = g_dir_open(fds, 0, NULL);
    const char *name = dir ? g_dir_read_name(dir) : NULL;
    if (!name) {
        g_test_skip("only root may look");
        return;
    }
    for (; name; name = g_dir_read_name(dir)) {
        g_autofree char *link = g_build_filename(fds, name, NULL);
        g_autofree char *target = g_file_read_link(link, NULL);
        g_assert_true(strcmp(target, "/dev/null") == 0 || g_str_has_prefix(target, "socket:"));
    }
}

/* Dead before, while or after it has the mail: each is read by the next one. */
static void test_lasting_replaced(void)
{
    g_auto(Spool) spool = spool_of(HEADER "\nIt burns.\n");
    guint files = open_files();
    g_autoptr(Sandbox) sandbox = sandbox_new(&limits, NULL, SANDBOX_LASTING);
    for (int i = 0; i < 6; i++) {
        pid_t child = only_child();
        if (child > 0 && i % 2 == 0) {
            kill(child, SIGKILL);
            g_usleep(10 * 1000);
        }
        begin(sandbox, &spool);
        if (i == 3)
            kill(only_child(), SIGKILL);
        g_autoptr(Mail) mail = end(sandbox, spool.scan);
        g_assert_null(mail->unparsed);
        g_assert_cmpstr(mail->text, ==, "It burns.\n");
        if (child > 0 && i % 2 == 0)
            g_assert_cmpint(only_child(), !=, child);
    }
    g_clear_pointer(&sandbox, sandbox_free);
    assert_nothing_left(files);
}

/* A bomb is unparsed, a mail over a cap too, and one that nobody finishes is forgotten; the
 * mails after them are read as ever. */
static void test_lasting_survives(void)
{
    const SandboxLimits brief = {.memory_bytes = 1 << 30, .cpu_seconds = 1};
    g_autofree char *bomb = repeat(EMBEDDED, "a,", 200000, "\n\nx\n");
    g_auto(Spool) evil = spool_of(bomb);
    g_auto(Spool) over = spool_of(HEADER "\nover\n");
    g_auto(Spool) good = spool_of(HEADER "\ngood\n");
    over.scan->over = g_strdup("more than 500 parts");
    g_autoptr(Sandbox) sandbox = sandbox_new(&brief, NULL, SANDBOX_LASTING);
    const Spool *const order[] = {&good, &evil, &good, &over, &good};
    for (gsize i = 0; i < G_N_ELEMENTS(order); i++) {
        begin(sandbox, &over); /* the answer to this one must not be taken for the next */
        begin(sandbox, order[i]);
        g_autoptr(Mail) mail = end(sandbox, order[i]->scan);
        if (order[i] != &good) {
            assert_outline(mail);
            continue;
        }
        g_assert_null(mail->unparsed);
        g_assert_cmpstr(mail->text, ==, "good\n");
    }
}

/* CPU time is counted a mail: many small ones never use it up. */
static void test_lasting_cpu(void)
{
    const SandboxLimits brief = {.memory_bytes = 1 << 30, .cpu_seconds = 1};
    g_autofree char *text = repeat(HEADER "\n", "> some work to do\n", 50000, "");
    g_auto(Spool) spool = spool_of(text);
    g_autoptr(Sandbox) sandbox = sandbox_new(&brief, NULL, SANDBOX_LASTING);
    gint64 start = g_get_monotonic_time();
    int mails = 0;
    while (g_get_monotonic_time() - start < 3 * G_USEC_PER_SEC) {
        begin(sandbox, &spool);
        g_autoptr(Mail) mail = end(sandbox, spool.scan);
        g_assert_null(mail->unparsed);
        mails++;
    }
    g_test_message("%d mails", mails);
}

static bool has_limit(const char *text, const char *name, const char *value)
{
    const char *line = strstr(text, name);
    return line &&
           g_str_has_prefix(line + strlen(name) + strspn(line + strlen(name), " "), value);
}

/* A child that waits to be heard has nothing but the mail and the pipe, and may make nothing.
 */
static void test_confined(void)
{
    g_autofree char *text = repeat(HEADER "\n", "long enough to fill a pipe\n", 20000, "");
    g_auto(Spool) spool = spool_of(text);
    int secret = open("/dev/zero", O_RDONLY); /* not even close-on-exec */
    Sandbox *sandbox = start(&spool, &limits);
    g_autofree char *path = g_strdup_printf("/proc/%d/limits", only_child());
    g_autofree char *seen = NULL;
    for (int i = 0; i < 500 && (!seen || !has_limit(seen, "Max processes", "0 ")); i++) {
        g_usleep(10 * 1000);
        g_clear_pointer(&seen, g_free);
        g_assert_true(g_file_get_contents(path, &seen, NULL, NULL));
    }
    g_assert_true(has_limit(seen, "Max processes", "0 "));
    g_assert_true(has_limit(seen, "Max file size", "0 "));
    g_assert_true(has_limit(seen, "Max core file size", "0 "));
    g_assert_true(has_limit(seen, "Max cpu time", "5 "));

    g_autofree char *fds = g_strdup_printf("/proc/%d/fd", only_child());
    g_autoptr(GDir) dir = g_dir_open(fds, 0, NULL); /* only root may look */
    for (const char *name = dir ? g_dir_read_name(dir) : NULL; name;
         name = g_dir_read_name(dir)) {
        g_autofree char *link = g_build_filename(fds, name, NULL);
        g_autofree char *target = g_file_read_link(link, NULL);
        g_assert_cmpstr(target, !=, "/dev/zero");
    }
    g_autoptr(Mail) mail = finish(sandbox, spool.scan);
    g_assert_null(mail->unparsed);
    close(secret);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/sandbox/ordinary", test_ordinary);
    g_test_add_func("/sandbox/overlap", test_overlap);
    g_test_add_func("/sandbox/retry", test_retry);
    g_test_add_func("/sandbox/late-reader", test_late_reader);
    g_test_add_func("/sandbox/crash", test_crash);
    g_test_add_func("/sandbox/cpu", test_cpu);
    g_test_add_func("/sandbox/memory", test_memory);
    g_test_add_func("/sandbox/over", test_over);
    g_test_add_func("/sandbox/abandoned", test_abandoned);
    g_test_add_func("/sandbox/our-fault", test_our_fault);
    g_test_add_func("/sandbox/confined", test_confined);
    g_test_add_func("/sandbox/lasting", test_lasting);
    g_test_add_func("/sandbox/lasting-forgets", test_lasting_forgets);
    g_test_add_func("/sandbox/lasting-replaced", test_lasting_replaced);
    g_test_add_func("/sandbox/lasting-survives", test_lasting_survives);
    g_test_add_func("/sandbox/lasting-cpu", test_lasting_cpu);
    return g_test_run();
}
