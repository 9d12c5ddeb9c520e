/* Many deliveries in one commit: each ends alone, whatever becomes of the others. */
#include "tests/unit/desk/site.h"

#include "core/desk/batch.h"
#include "core/mail/sandbox.h"

#include <errno.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/mount.h>

#define N 3

/* A mail that was read and waits, as a session of the server has it. */
typedef struct {
    Envelope envelope;
    Scan *scan;
    Mail *mail;
    BatchItem item;
} Waiting;

static void wait_with(Waiting *waiting, Site *site, const char *sender, const char *body)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *mail = site_mail(site, sender, SUPPORT, "Question", "", body);
    gsize length = strlen(mail);
    const ScanCaps caps = scan_caps(site->config);
    const SandboxLimits limits = sandbox_limits(site->config);
    g_autoptr(Sandbox) sandbox = sandbox_new(&limits, NULL, SANDBOX_ONCE);
    int fd = memfd_create("spool", MFD_CLOEXEC);
    g_assert_cmpint(write(fd, mail, length), ==, (gssize)length);
    g_assert_true(sandbox_start(sandbox, fd, length, &error));
    g_assert_true(scan_mail(fd, length, &caps, &waiting->scan, &error));
    g_assert_true(sandbox_finish(sandbox, waiting->scan, &waiting->mail, &error));
    waiting->envelope = (Envelope){sender, SUPPORT, "TEST", -1, fd, length};
    waiting->item = (BatchItem){&waiting->envelope, waiting->scan, waiting->mail, NULL, NULL};
}

static void clear(Waiting *waiting)
{
    close(waiting->envelope.fd);
    scan_free(waiting->scan);
    mail_free(waiting->mail);
    g_clear_pointer(&waiting->item.outcome, outcome_free);
    g_clear_error(&waiting->item.error);
}

static void deliver(Site *site, Waiting *waiting)
{
    BatchItem *items[N];
    for (int i = 0; i < N; i++)
        items[i] = &waiting[i].item;
    deliver_batch(site->desk, items, N);
}

static void assert_done(const Waiting *waiting)
{
    g_assert_no_error(waiting->item.error);
    g_assert_nonnull(waiting->item.outcome);
    assert_verdict(waiting->item.outcome, VERDICT_TICKET);
}

static void assert_kept_outside(const Waiting *waiting)
{
    g_assert_null(waiting->item.outcome);
    g_assert_error(waiting->item.error, WICKET_ERROR, ERROR_TRANSIENT);
}

static bool count_one(const LedgerRow *row, void *user, GError **error)
{
    (*(int *)user)++;
    return true;
}

static void assert_rows(Site *site, int expected)
{
    g_autoptr(GError) error = NULL;
    int rows = 0;
    g_assert_true(ledger_each(site->desk->store, count_one, &rows, &error));
    g_assert_cmpint(rows, ==, expected);
}

static void test_all(void)
{
    g_autoptr(Site) site = site_new("");
    Waiting waiting[N] = {0};
    wait_with(&waiting[0], site, JEAN, "Un.");
    wait_with(&waiting[1], site, "a@client.example", "Deux.");
    wait_with(&waiting[2], site, "b@client.example", "Trois.");
    deliver(site, waiting);
    for (int i = 0; i < N; i++) {
        g_autofree char *name = g_strdup_printf("SUP-%d", i + 1);
        assert_done(&waiting[i]);
        g_assert_cmpstr(waiting[i].item.outcome->ticket, ==, name);
        clear(&waiting[i]);
    }
    assert_rows(site, N);
}

/* The spool of one is shorter than it was when it was read. */
static void test_one_fails(void)
{
    g_autoptr(Site) site = site_new("");
    Waiting waiting[N] = {0};
    wait_with(&waiting[0], site, JEAN, "Un.");
    wait_with(&waiting[1], site, "a@client.example", "Deux.");
    wait_with(&waiting[2], site, "b@client.example", "Trois.");
    g_assert_cmpint(ftruncate(waiting[1].envelope.fd, 10), ==, 0);
    deliver(site, waiting);
    assert_done(&waiting[0]);
    assert_kept_outside(&waiting[1]);
    assert_done(&waiting[2]);
    /* Not even a number is missing. */
    g_assert_cmpstr(waiting[2].item.outcome->ticket, ==, "SUP-2");
    assert_rows(site, 2);
    for (int i = 0; i < N; i++)
        clear(&waiting[i]);
}

/* One that does not fit takes the transaction along, and still costs nobody else. */
static void test_disk_full(void)
{
    if (unshare(CLONE_NEWNS) != 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0) {
        g_test_skip("needs a mount namespace");
        return;
    }
    g_autofree char *tmp = g_dir_make_tmp("wicket-small-XXXXXX", NULL);
    g_assert_cmpint(mount("tmpfs", tmp, "tmpfs", 0, "size=4m,mode=0700"), ==, 0);
    g_setenv("TMPDIR", tmp, TRUE);
    g_autofree char *large = g_malloc0(6 * 1024 * 1024 + 1);
    memset(large, 'x', 6 * 1024 * 1024);
    for (gsize i = 70; i < 6 * 1024 * 1024; i += 70)
        large[i] = '\n';
    Waiting waiting[N] = {0};
    g_autofree char *dir = g_build_filename(tmp, "site", NULL);
    g_assert_cmpint(g_mkdir(dir, 0700), ==, 0);
    g_autoptr(Site) site = site_new_in(dir, "");
    wait_with(&waiting[0], site, JEAN, "Un.");
    wait_with(&waiting[1], site, "a@client.example", large);
    wait_with(&waiting[2], site, "b@client.example", "Trois.");
    deliver(site, waiting);
    assert_done(&waiting[0]);
    assert_kept_outside(&waiting[1]);
    assert_done(&waiting[2]);
    assert_rows(site, 2);
    for (int i = 0; i < N; i++)
        clear(&waiting[i]);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/batch/all", test_all);
    g_test_add_func("/batch/one-fails", test_one_fails);
    g_test_add_func("/batch/disk-full", test_disk_full);
    return g_test_run();
}
