/* mailwicket doctor: what is wired wrongly, and the cure.
 *
 * One line a check: "ok", "note" (worth knowing) or "WRONG" with what to do. Exit status 1 when
 * anything is wrong. Looks only; changes nothing. */
#include "core/base/owner.h"
#include "core/base/timestamp.h"
#include "ctl/ctl.h"
#include "ctl/marks.h"
#include "ctl/reach.h"
#include "ctl/running.h"
#include "schema/ledger.h"
#include "schema/outbox.h"
#include "schema/people.h"
#include "schema/queues.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define STALE_SECONDS 3600

typedef struct {
    const Config *config;
    Desk *desk; /* NULL when it cannot be opened */
    Marks *marks;
} Doctor;

/* --- files ------------------------------------------------------------------------------- */

static void check_data_dir(Doctor *doctor)
{
    const char *dir = doctor->config->site.data_dir;
    struct stat status;
    if (stat(dir, &status) != 0)
        marks_wrong(doctor->marks, "data_dir %s: %s: run `mailwicket init`", dir,
                    g_strerror(errno));
    else if (status.st_mode & 0007)
        marks_wrong(doctor->marks, "data_dir %s is open to everybody: `chmod o= %s`", dir, dir);
    else if (access(dir, R_OK | W_OK | X_OK) != 0)
        marks_wrong(doctor->marks,
                    "data_dir %s cannot be written by uid %d: `chown -R` it to the user the "
                    "gateway runs as",
                    dir, (int)geteuid());
    else
        marks_ok(doctor->marks, "data_dir %s", dir);
}

static void check_key(Doctor *doctor)
{
    g_autoptr(Keyring) ring = NULL;
    g_autoptr(GError) error = NULL;
    if (keyring_load(doctor->config->site.key_file, &ring, &error))
        marks_ok(doctor->marks, "key_file %s", doctor->config->site.key_file);
    else
        marks_wrong(doctor->marks, "%s", error->message);
}

static void check_database(Doctor *doctor)
{
    g_autoptr(GError) error = NULL;
    if (desk_open(doctor->config, &doctor->desk, &error))
        marks_ok(doctor->marks, "the database opens");
    else
        marks_wrong(doctor->marks, "%s", error->message);
}

/* --- people and queues ------------------------------------------------------------------- */

static void check_desk(Doctor *doctor)
{
    g_autoptr(GPtrArray) queues = NULL, agents = NULL;
    g_autoptr(GError) error = NULL;
    if (!queues_list(doctor->desk->store, &queues, &error) ||
        !people_agents(doctor->desk->store, &agents, &error)) {
        marks_wrong(doctor->marks, "%s", error->message);
        return;
    }
    if (queues->len == 0)
        marks_wrong(doctor->marks,
                    "there is no queue, so every mail is refused: `mailwicket queue add "
                    "support --address support@%s --prefix SUP`",
                    doctor->config->site.domain);
    else
        marks_ok(doctor->marks, "%u queues", queues->len);
    if (agents->len == 0)
        marks_wrong(doctor->marks,
                    "nobody is on the desk, so nobody hears of a ticket: `mailwicket agent "
                    "add ADDR --name NAME`");
    else
        marks_ok(doctor->marks, "%u agents", agents->len);
    for (guint i = 0; i < agents->len; i++) {
        const Person *agent = agents->pdata[i];
        if (agent->paused)
            marks_wrong(
                doctor->marks,
                "mail to agent %s bounced (%s), so they hear nothing: mend their "
                "mailbox and let them write to the desk, or `mailwicket address resume %s`",
                agent->address, agent->why_paused, agent->address);
    }
}

/* --- sending -------------------------------------------------------------------------------
 */

typedef struct {
    gint64 waiting, dead, oldest;
} OutboxCount;

static bool count_row(const OutboxRow *row, void *user, GError **error)
{
    OutboxCount *count = user;
    if (strcmp(row->state, "dead") == 0)
        count->dead++;
    if (strcmp(row->state, "waiting") != 0)
        return true;
    count->waiting++;
    if (count->oldest == 0 || row->created < count->oldest)
        count->oldest = row->created;
    return true;
}

static void check_outbox(Doctor *doctor)
{
    OutboxCount count = {0};
    g_autoptr(GError) error = NULL;
    if (!outbox_each(doctor->desk->store, count_row, &count, &error))
        marks_wrong(doctor->marks, "%s", error->message);
    else if (count.oldest && now_utc() - count.oldest > STALE_SECONDS)
        marks_wrong(doctor->marks,
                    "%" G_GINT64_FORMAT " mails wait, the oldest for over an hour: "
                    "`mailwicket outbox list` says why",
                    count.waiting);
    else
        marks_ok(doctor->marks, "%" G_GINT64_FORMAT " mails wait to be sent", count.waiting);
    if (count.dead)
        marks_note(doctor->marks,
                   "%" G_GINT64_FORMAT
                   " mails could not be delivered: `mailwicket outbox list`",
                   count.dead);
}

static void check_transport(Doctor *doctor)
{
    g_autofree char *problem = reach_transport(doctor->config);
    if (problem)
        marks_wrong(doctor->marks, "%s", problem);
    else
        marks_ok(doctor->marks, "the outgoing transport can be reached");
}

/* --- Postfix ----------------------------------------------------------------------------- */

static void check_delimiter(Doctor *doctor)
{
    g_autofree char *program = g_find_program_in_path("postconf");
    const char *argv[] = {program, "-h", "recipient_delimiter", NULL};
    g_autofree char *out = NULL;
    int status = 0;
    if (!program && g_file_test("/usr/sbin/postconf", G_FILE_TEST_IS_EXECUTABLE))
        argv[0] = program = g_strdup("/usr/sbin/postconf");
    if (!program ||
        !g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, &out,
                      NULL, &status, NULL) ||
        status != 0) {
        marks_note(
            doctor->marks,
            "Postfix is not on this machine or not set up: recipient_delimiter must be + "
            "where it is");
        return;
    }
    g_strstrip(out);
    if (strchr(out, '+'))
        marks_ok(doctor->marks, "Postfix: recipient_delimiter = %s", out);
    else
        marks_wrong(doctor->marks,
                    "Postfix: recipient_delimiter is \"%s\", so answers to reply addresses are "
                    "refused: `postconf -e recipient_delimiter=+ && postfix reload`",
                    out);
}

static void check_authserv(Doctor *doctor)
{
    const char *ours = doctor->config->mail.authserv_id;
    g_autofree char *other = NULL;
    g_autoptr(GError) error = NULL;
    gint64 last = 0;
    if (!authserv_last(doctor->desk->store, ours ? ours : "", &last, &other, &error)) {
        marks_wrong(doctor->marks, "%s", error->message);
    } else if (!ours) {
        marks_note(doctor->marks,
                   "no authserv_id is set: senders prove nothing by their domain%s%s%s",
                   other ? "; Authentication-Results of " : "", other ? other : "",
                   other ? " were seen: set it if that is your server" : "");
    } else if (last) {
        g_autofree char *at = timestamp_rfc3339(last);
        marks_ok(doctor->marks, "authserv_id %s, last seen %s", ours, at);
    } else if (other) {
        marks_wrong(doctor->marks,
                    "authserv_id is %s, but incoming mail carries %s: correct [mail] "
                    "authserv_id, or the milter",
                    ours, other);
    } else {
        marks_note(doctor->marks, "authserv_id %s has not been seen yet", ours);
    }
}

int cmd_doctor(Ctl *ctl, int argc, char **argv)
{
    g_auto(Marks) marks = marks_start(false);
    Doctor doctor = {.marks = &marks};
    g_autofree char **words = NULL;
    g_autoptr(GError) error = NULL;
    int status = 0;
    if (!ctl_parse(ctl, NULL, 0, 0, argc, argv, &words, &status))
        return status;
    if (!ctl_open_config(ctl, &status))
        return status;
    doctor.config = ctl->config;
    marks_ok(&marks, "configuration %s", ctl->config->file);
    if (!owner_become(ctl->config->site.data_dir, &error)) {
        marks_wrong(&marks, "%s", error->message);
        return STATUS_REFUSED;
    }
    check_data_dir(&doctor);
    check_key(&doctor);
    check_database(&doctor);
    if (doctor.desk) {
        check_desk(&doctor);
        running_server(ctl->config, &marks);
        running_notifier(ctl->config, &marks);
        check_outbox(&doctor);
        check_authserv(&doctor);
    }
    check_transport(&doctor);
    check_delimiter(&doctor);
    g_clear_pointer(&doctor.desk, desk_close);
    return marks.wrong->len ? STATUS_REFUSED : STATUS_DONE;
}
