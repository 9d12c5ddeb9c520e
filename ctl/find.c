/* mailwicket ticket find, and reindex.
 *
 * What was found is on stdout; what an admin should know about how complete it is, on stderr.
 */
#include "core/base/timestamp.h"
#include "core/base/wake.h"
#include "core/desk/finding.h"
#include "core/desk/status.h"
#include "core/desk/ticket.h"
#include "ctl/ctl.h"
#include "schema/search.h"

#include <stdio.h>

/* More than what is read in place of the index (schema/search_hits.h). */
#define WAITING 200

static const char *const visibilities[] = {"public", "internal", "held", "dropped"};

static char *found_name(const Found *found)
{
    return found->ticket ? ticket_name(found->ticket)
                         : g_strdup_printf("held %" G_GINT64_FORMAT, found->message);
}

static void print_found(const Found *found)
{
    g_autofree char *name = found_name(found);
    g_autofree char *at = timestamp_rfc3339(found->at);
    printf("%-10s %-12s %s  %s\n", name, found->ticket ? found->ticket->status : "-", at,
           found->title);
    if (*found->author || *found->snippet)
        printf("%11s%s%s%s%s\n", "", found->author, *found->author ? ": " : "", found->snippet,
               found->visibility == VISIBILITY_HELD ? "  [held]" : "");
}

static void print_found_json(const Found *found)
{
    g_autofree char *name = found->ticket ? ticket_name(found->ticket) : NULL;
    g_autoptr(GString) line = g_string_new(NULL);
    JsonWriter json = {.out = line};
    json_object_begin(&json, NULL);
    json_string(&json, "id", name);
    json_string(&json, "queue", found->ticket ? found->ticket->queue_name : NULL);
    json_string(&json, "title", found->title);
    json_string(&json, "status", found->ticket ? found->ticket->status : NULL);
    if (found->message) {
        json_integer(&json, "message", found->message);
        json_string(&json, "visibility", visibilities[found->visibility]);
        json_string(&json, "author", found->author);
    } else {
        json_null(&json, "message");
        json_null(&json, "visibility");
        json_null(&json, "author");
    }
    json_time(&json, "at", found->at);
    json_string(&json, "snippet", found->snippet);
    json_object_end(&json);
    ctl_json_line(&json);
}

static void print_all(const Finding *finding, bool as_json)
{
    for (guint i = 0; i < finding->found->len; i++) {
        if (as_json)
            print_found_json(finding->found->pdata[i]);
        else
            print_found(finding->found->pdata[i]);
    }
}

/* False: the store could not be asked. */
static bool tell_limits(Ctl *ctl, const Finding *finding, GError **error)
{
    gint64 waiting = 0;
    if (!search_waiting(ctl->desk->store, &waiting, error))
        return false;
    if (finding->full)
        fprintf(stderr, "mailwicket: these are the latest %d; more words find less\n",
                FINDING_TICKETS);
    if (!finding->beginnings)
        fputs("mailwicket: many words begin so, and not all were looked for; "
              "write more of the word\n",
              stderr);
    if (waiting > WAITING)
        fprintf(stderr,
                "mailwicket: %" G_GINT64_FORMAT " messages are not in the search index yet, "
                "and only the latest of them were looked at; the notifier fills it\n",
                waiting);
    return true;
}

int cmd_ticket_find(Ctl *ctl, int argc, char **argv)
{
    gboolean as_json = FALSE;
    g_autofree char **words = NULL;
    g_autoptr(Finding) finding = NULL;
    g_autoptr(GError) error = NULL;
    int status = 0;
    const GOptionEntry entries[] = {
        {"json", 0, 0, G_OPTION_ARG_NONE, &as_json, "one object a line", NULL},
        {NULL, 0, 0, 0, NULL, NULL, NULL}};
    if (!ctl_parse(ctl, entries, 1, G_MAXINT, argc, argv, &words, &status))
        return status;
    g_autofree char *text = g_strjoinv(" ", words);
    if (!ctl_open_desk(ctl, &status))
        return status;
    if (!finding_search(ctl->desk, NULL, text, &finding, &error))
        return ctl_fail(error);
    print_all(finding, as_json);
    return ctl_result(tell_limits(ctl, finding, &error), &error);
}

int cmd_reindex(Ctl *ctl, int argc, char **argv)
{
    g_autofree char **words = NULL;
    g_autoptr(GError) error = NULL;
    int status = 0;
    if (!ctl_parse(ctl, NULL, 0, 0, argc, argv, &words, &status) ||
        !ctl_open_desk(ctl, &status))
        return status;
    if (!search_reset(ctl->desk->store, &error))
        return ctl_fail(error);
    wake_send(ctl->config->site.data_dir);
    puts("The search index is empty; the notifier fills it, the oldest messages first.");
    return STATUS_DONE;
}
