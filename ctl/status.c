/* mailwicket status: what runs, what waits, what is left of the disk; exit status 1 when an
 * admin should look. What is wired wrongly is doctor's to say.
 *
 * The store is opened read-only, as by check: monitoring waits for no lock and needs no key. */
#include "core/base/error.h"
#include "core/base/owner.h"
#include "core/base/timestamp.h"
#include "ctl/ctl.h"
#include "ctl/running.h"
#include "schema/depths.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#define MIB (1024 * (gint64)1024)
/* Past these somebody should look. */
#define DUE_SECONDS 3600
#define WAL_BYTES (256 * MIB)
#define FREE_BYTES (100 * MIB)
#define FREE_PERCENT 5
/* Fewer may wait whenever much mail comes in. */
#define UNINDEXED 1000

#define INT "%" G_GINT64_FORMAT

typedef struct {
    ServerLife server;
    bool notifier;
    gint64 now;
    Depths depths;
    gint64 wal, database, free, disk; /* bytes */
} Status;

/* --- looking ----------------------------------------------------------------------------- */

static bool look_at_store(const Config *config, Status *status, GError **error)
{
    g_autoptr(Store) store = NULL;
    status->now = now_utc();
    return store_open(config->site.data_dir, STORE_READ_ONLY, &store, error) &&
           depths_read(store, status->now, &status->depths, error) &&
           store_wal_bytes(store, &status->wal, error);
}

static bool look_at_disk(const Config *config, Status *status, GError **error)
{
    g_autofree char *path = g_build_filename(config->site.data_dir, "mailwicket.db", NULL);
    struct stat file;
    struct statvfs disk;
    if (stat(path, &file) != 0 || statvfs(config->site.data_dir, &disk) != 0)
        return error_errno(error, errno, "%s", path);
    status->database = file.st_size;
    status->free = (gint64)(disk.f_bavail * disk.f_frsize);
    status->disk = (gint64)(disk.f_blocks * disk.f_frsize);
    return true;
}

/* --- judging ----------------------------------------------------------------------------- */

static char *when(gint64 at)
{
    return at ? timestamp_rfc3339(at) : g_strdup("never");
}

static void tell_in(const Depths *depths, Marks *marks)
{
    g_autofree char *last = when(depths->last_in);
    marks_ok(marks, "last mail in: %s; " INT " in a day", last, depths->deliveries);
    if (depths->unparsed)
        marks_note(marks,
                   INT " of them could not be read and are kept whole: `mailwicket ledger`",
                   depths->unparsed);
    if (depths->held)
        marks_note(marks, INT " mails are held: `mailwicket held list`", depths->held);
}

static void tell_out(const Status *status, Marks *marks)
{
    const Depths *depths = &status->depths;
    g_autofree char *last = when(depths->last_out), *since = when(depths->since);
    marks_ok(marks, "last mail out: %s; " INT " wait, " INT " of them due", last,
             depths->waiting, depths->due);
    if (depths->due && status->now - depths->since > DUE_SECONDS)
        marks_wrong(marks,
                    "mails have been due for over an hour, since %s: `mailwicket outbox list` "
                    "says why",
                    since);
    if (depths->dead)
        marks_note(marks, INT " mails were given up in a day: `mailwicket outbox list`",
                   depths->dead);
}

static void tell_room(const Status *status, Marks *marks)
{
    marks_ok(marks, "the database has " INT " MB, its log " INT " MB", status->database / MIB,
             status->wal / MIB);
    if (status->wal > WAL_BYTES)
        marks_wrong(marks, "the log is large: the notifier moves it into the database, and its "
                           "own log says why it does not");
    if (status->free < FREE_BYTES || status->free / FREE_PERCENT < status->disk / 100)
        marks_wrong(marks,
                    "only " INT " MB of the disk of the data folder are free, and when it is "
                    "full mail is deferred: make space",
                    status->free / MIB);
    else
        marks_ok(marks, INT " MB of the disk are free", status->free / MIB);
}

static void tell_search(const Depths *depths, Marks *marks)
{
    if (depths->unindexed > UNINDEXED)
        marks_note(marks,
                   INT " messages are not in the search index yet: the notifier fills it, and "
                       "its log says if it cannot",
                   depths->unindexed);
}

static bool look(const Config *config, Status *status, Marks *marks, GError **error)
{
    if (!owner_become(config->site.data_dir, error) || !look_at_store(config, status, error) ||
        !look_at_disk(config, status, error))
        return false;
    status->server = running_server(config, marks);
    status->notifier = running_notifier(config, marks);
    tell_in(&status->depths, marks);
    tell_out(status, marks);
    tell_room(status, marks);
    tell_search(&status->depths, marks);
    return true;
}

/* --- telling ----------------------------------------------------------------------------- */

static void print_json(const Status *status, const GPtrArray *wrong)
{
    g_autoptr(GString) out = g_string_new(NULL);
    JsonWriter json = {.out = out};
    const Depths *depths = &status->depths;
    json_object_begin(&json, NULL);
    json_string(&json, "server", server_life_name(status->server));
    json_bool(&json, "notifier", status->notifier);
    json_time(&json, "last_in", depths->last_in);
    json_time(&json, "last_out", depths->last_out);
    json_integer(&json, "deliveries", depths->deliveries);
    json_integer(&json, "unparsed", depths->unparsed);
    json_integer(&json, "waiting", depths->waiting);
    json_integer(&json, "due", depths->due);
    json_time(&json, "due_since", depths->since);
    json_integer(&json, "dead", depths->dead);
    json_integer(&json, "held", depths->held);
    json_integer(&json, "unindexed", depths->unindexed);
    json_integer(&json, "database_bytes", status->database);
    json_integer(&json, "wal_bytes", status->wal);
    json_integer(&json, "free_bytes", status->free);
    json_array_begin(&json, "wrong");
    for (guint i = 0; i < wrong->len; i++)
        json_string(&json, NULL, wrong->pdata[i]);
    json_array_end(&json);
    json_object_end(&json);
    ctl_json_line(&json);
}

int cmd_status(Ctl *ctl, int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    Status status = {0};
    int end = 0;
    if (!ctl_parse_list(ctl, argc, argv, &end) || !ctl_open_config(ctl, &end))
        return end;
    g_auto(Marks) marks = marks_start(ctl->json);
    if (!look(ctl->config, &status, &marks, &error))
        return ctl_fail(error);
    if (ctl->json)
        print_json(&status, marks.wrong);
    return marks.wrong->len ? STATUS_REFUSED : STATUS_DONE;
}
