/* Telling a run. */
#include "core/desk/notice_answer.h"

#include "core/base/error.h"
#include "core/desk/verb.h"
#include "schema/runs.h"

#include <string.h>

static void add_line(TemplateData *data, const RunLine *line)
{
    TemplateData *one = template_data_add(data, "commands");
    template_data_set(one, "written", line->line);
    template_data_set(one, "good", line->good ? "1" : "");
    template_data_set(one, "answer", line->answer);
}

/* What was sent, to be mended and sent again: the commands and the words below. */
static void set_returned(const Run *run, TemplateData *data)
{
    g_autoptr(GString) all = g_string_new(NULL);
    for (guint i = 0; i < run->lines->len; i++) {
        const RunLine *line = run->lines->pdata[i];
        g_string_append_printf(all, "%s\n", line->line);
    }
    if (*run->text)
        g_string_append_printf(all, "\n%s", run->text);
    template_data_set(data, "returned", all->str);
}

/* --- help -------------------------------------------------------------------------------- */

static bool concerns(const Verb *verb, const Person *reader)
{
    guint mine = reader->role == ROLE_REQUESTER ? VERB_FOR_REQUESTER : VERB_FOR_AGENT;
    return verb->flags & mine &&
           (!(verb->flags & VERB_FOR_ADMIN) || reader->role == ROLE_ADMIN);
}

static void add_verb(TemplateData *data, const Verb *verb, bool french)
{
    TemplateData *one = template_data_add(data, "verbs");
    const char *arguments = verb->arguments[french];
    g_autofree char *usage =
        g_strdup_printf("!%s%s%s", verb_name(verb, french), *arguments ? " " : "", arguments);
    template_data_set(one, "usage", usage);
    template_data_set(one, "help", verb->help[french]);
    template_data_set(one, "undo", verb->undo[french]);
}

static void add_help(const Run *run, const NoticeFacts *facts, TemplateData *data)
{
    bool french = strcmp(run->language, "fr") == 0;
    template_data_set(data, "has_verbs", "1");
    for (guint i = 0; i < verb_count; i++)
        if (concerns(&verb_table[i], facts->reader))
            add_verb(data, &verb_table[i], french);
}

static bool asks_for(const Run *run, VerbId verb)
{
    for (guint i = 0; i < run->lines->len; i++) {
        const RunLine *line = run->lines->pdata[i];
        if (strcmp(line->verb, verb_table[verb].name[0]) == 0)
            return true;
    }
    return false;
}

bool notice_answer_add(Desk *desk, const NoticeFacts *facts, TemplateData *data, GError **error)
{
    g_autoptr(Run) run = NULL;
    if (!runs_by_id(desk->store, facts->row->run, &run, error))
        return false;
    if (!run) {
        g_set_error(error, WICKET_ERROR, ERROR_CORRUPT,
                    "outbox row %" G_GINT64_FORMAT " answers a run that does not exist",
                    facts->row->id);
        return false;
    }
    template_data_set(data, "refused", run->done ? "" : "1");
    for (guint i = 0; i < run->lines->len; i++)
        add_line(data, run->lines->pdata[i]);
    if (!run->done)
        set_returned(run, data);
    if (asks_for(run, VERB_HELP))
        add_help(run, facts, data);
    return true;
}
