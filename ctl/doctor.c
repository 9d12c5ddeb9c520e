/* mailwicket doctor: what is wired wrongly, and the cure.
 *
 * One line a check: "ok", "note" (worth knowing) or "WRONG" with what to do. Exit status 1 when
 * anything is wrong. Looks only; changes nothing. */
#include "core/base/door.h"
#include "core/base/owner.h"
#include "core/base/timestamp.h"
#include "ctl/ctl.h"
#include "ctl/reach.h"
#include "schema/ledger.h"
#include "schema/outbox.h"
#include "schema/people.h"
#include "schema/queues.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define STALE_SECONDS 3600

typedef struct {
    const Config *config;
    Desk *desk; /* NULL when it cannot be opened */
    int wrong;
} Doctor;

static void say(const char *mark, const char *format, va_list args) G_GNUC_PRINTF(2, 0);
static void say(const char *mark, const char *format, va_list args)
{
    printf("%-6s", mark);
    vprintf(format, args);
    puts("");
}

static void fine(const char *format, ...) G_GNUC_PRINTF(1, 2);
static void fine(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    say("ok", format, args);
    va_end(args);
}

static void note(const char *format, ...) G_GNUC_PRINTF(1, 2);
static void note(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    say("note", format, args);
    va_end(args);
}

static void wrong(Doctor *doctor, const char *format, ...) G_GNUC_PRINTF(2, 3);
static void wrong(Doctor *doctor, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    say("WRONG", format, args);
    va_end(args);
    doctor->wrong++;
}

/* --- files ------------------------------------------------------------------------------- */

static void check_data_dir(Doctor *doctor)
{
    const char *dir = doctor->config->site.data_dir;
    struct stat status;
    if (stat(dir, &status) != 0)
        wrong(doctor, "data_dir %s: %s: run `mailwicket init`", dir, g_strerror(errno));
    else if (status.st_mode & 0007)
        wrong(doctor, "data_dir %s is open to everybody: `chmod o= %s`", dir, dir);
    else if (access(dir, R_OK | W_OK | X_OK) != 0)
        wrong(doctor,
              "data_dir %s cannot be written by uid %d: `chown -R` it to the user the "
              "gateway runs as",
              dir, (int)geteuid());
    else
        fine("data_dir %s", dir);
}

static void check_key(Doctor *doctor)
{
    g_autoptr(Keyring) ring = NULL;
    g_autoptr(GError) error = NULL;
    if (keyring_load(doctor->config->site.key_file, &ring, &error))
        fine("key_file %s", doctor->config->site.key_file);
    else
        wrong(doctor, "%s", error->message);
}

static void check_database(Doctor *doctor)
{
    g_autoptr(GError) error = NULL;
    if (desk_open(doctor->config, &doctor->desk, &error))
        fine("the database opens");
    else
        wrong(doctor, "%s", error->message);
}

/* --- people and queues ------------------------------------------------------------------- */

static void check_desk(Doctor *doctor)
{
    g_autoptr(GPtrArray) queues = NULL, agents = NULL;
    g_autoptr(GError) error = NULL;
    if (!queues_list(doctor->desk->store, &queues, &error) ||
        !people_agents(doctor->desk->store, &agents, &error)) {
        wrong(doctor, "%s", error->message);
        return;
    }
    if (queues->len == 0)
        wrong(doctor,
              "there is no queue, so every mail is refused: `mailwicket queue add "
              "support --address support@%s --prefix SUP`",
              doctor->config->site.domain);
    else
        fine("%u queues", queues->len);
    if (agents->len == 0)
        wrong(doctor, "nobody is on the desk, so nobody hears of a ticket: `mailwicket agent "
                      "add ADDR --name NAME`");
    else
        fine("%u agents", agents->len);
    for (guint i = 0; i < agents->len; i++) {
        const Person *agent = agents->pdata[i];
        if (agent->paused)
            wrong(doctor,
                  "mail to agent %s bounced (%s), so they hear nothing: mend their "
                  "mailbox and let them write to the desk, or `mailwicket address resume %s`",
                  agent->address, agent->why_paused, agent->address);
    }
}

/* --- the notifier ------------------------------------------------------------------------ */

static void check_keeper(Doctor *doctor)
{
    g_autoptr(GError) error = NULL;
    bool runs = false;
    if (!reach_notifier(doctor->config, &runs, &error))
        wrong(doctor, "%s", error->message);
    else if (runs)
        fine("the notifier is running");
    else
        wrong(doctor, "no notifier is running: nothing is sent and the page may be down: start "
                      "mailwicket-notifier");
}

static void check_server(Doctor *doctor)
{
    switch (reach_server(doctor->config)) {
    case SERVER_LIVES:
        fine("the mail server is running");
        break;
    case SERVER_ABSENT:
        note("no mail server is running: fine where Postfix starts mailwicket-mda once a mail");
        break;
    case SERVER_DEAD:
        wrong(doctor,
              "the mail server does not answer at %s/" DOOR_NAME
              ": `systemctl restart mailwicket-mda`",
              doctor->config->site.data_dir);
        break;
    }
}

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
        wrong(doctor, "%s", error->message);
    else if (count.oldest && now_utc() - count.oldest > STALE_SECONDS)
        wrong(doctor,
              "%" G_GINT64_FORMAT " mails wait, the oldest for over an hour: "
              "`mailwicket outbox list` says why",
              count.waiting);
    else
        fine("%" G_GINT64_FORMAT " mails wait to be sent", count.waiting);
    if (count.dead)
        note("%" G_GINT64_FORMAT " mails could not be delivered: `mailwicket outbox list`",
             count.dead);
}

static void check_transport(Doctor *doctor)
{
    g_autofree char *problem = reach_transport(doctor->config);
    if (problem)
        wrong(doctor, "%s", problem);
    else
        fine("the outgoing transport can be reached");
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
        note("Postfix is not on this machine or not set up: recipient_delimiter must be + "
             "where it is");
        return;
    }
    g_strstrip(out);
    if (strchr(out, '+'))
        fine("Postfix: recipient_delimiter = %s", out);
    else
        wrong(doctor,
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
        wrong(doctor, "%s", error->message);
    } else if (!ours) {
        note("no authserv_id is set: senders prove nothing by their domain%s%s%s",
             other ? "; Authentication-Results of " : "", other ? other : "",
             other ? " were seen: set it if that is your server" : "");
    } else if (last) {
        g_autofree char *at = timestamp_rfc3339(last);
        fine("authserv_id %s, last seen %s", ours, at);
    } else if (other) {
        wrong(doctor,
              "authserv_id is %s, but incoming mail carries %s: correct [mail] "
              "authserv_id, or the milter",
              ours, other);
    } else {
        note("authserv_id %s has not been seen yet", ours);
    }
}

int cmd_doctor(Ctl *ctl, int argc, char **argv)
{
    Doctor doctor = {0};
    g_autofree char **words = NULL;
    g_autoptr(GError) error = NULL;
    int status = 0;
    if (!ctl_parse(ctl, NULL, 0, 0, argc, argv, &words, &status))
        return status;
    if (!ctl_open_config(ctl, &status))
        return status;
    doctor.config = ctl->config;
    fine("configuration %s", ctl->config->file);
    if (!owner_become(ctl->config->site.data_dir, &error)) {
        wrong(&doctor, "%s", error->message);
        return STATUS_REFUSED;
    }
    check_data_dir(&doctor);
    check_key(&doctor);
    check_database(&doctor);
    if (doctor.desk) {
        check_desk(&doctor);
        check_server(&doctor);
        check_keeper(&doctor);
        check_outbox(&doctor);
        check_authserv(&doctor);
    }
    check_transport(&doctor);
    check_delimiter(&doctor);
    g_clear_pointer(&doctor.desk, desk_close);
    return doctor.wrong ? STATUS_REFUSED : STATUS_DONE;
}
