/* Telling a run. */
#include "core/desk/notice_answer.h"

#include "core/base/error.h"
#include "core/desk/command.h"
#include "core/desk/listing.h"
#include "core/desk/notice_asked.h"
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

static void add_help(const Run *run, const Person *reader, TemplateData *data)
{
    bool french = strcmp(run->language, "fr") == 0;
    template_data_set(data, "has_verbs", "1");
    for (guint i = 0; i < verb_count; i++)
        if (concerns(&verb_table[i], reader))
            add_verb(data, &verb_table[i], french);
}

static bool is_verb(const RunLine *line, VerbId verb)
{
    return strcmp(line->verb, verb_table[verb].name[0]) == 0;
}

static bool asks_for(const Run *run, VerbId verb)
{
    for (guint i = 0; i < run->lines->len; i++)
        if (is_verb(run->lines->pdata[i], verb))
            return true;
    return false;
}

/* --- lists ------------------------------------------------------------------------------- */

/* What was asked for, as it was written. */
static char *question_of(const RunLine *line)
{
    g_autoptr(CommandBlock) block = command_read(line->line, COMMAND_BARE);
    const Command *command = block->commands->pdata[0];
    return g_strdup(command->rest);
}

static bool add_list(const Asked *asked, const RunLine *line, const char *mail_to,
                     GError **error)
{
    ListedFilter filter = {.what = LISTED_DELETED, .limit = LISTING_ROWS};
    g_autofree char *wish = question_of(line);
    bool known = true;
    if (is_verb(line, VERB_LIST) &&
        !listing_read_wish(asked->desk, wish, &filter, &known, error))
        return false;
    return !known || listing_fill(asked->desk, &filter, asked->reader, asked->language, mail_to,
                                  asked->data, error);
}

static bool add_found(const Asked *asked, const RunLine *line, GError **error)
{
    g_autofree char *words = question_of(line);
    return asked_find(asked, words, error);
}

static bool add_asked(const Asked *asked, const RunLine *line, const char *mail_to,
                      GError **error)
{
    if (is_verb(line, VERB_LIST) || is_verb(line, VERB_TRASH))
        return add_list(asked, line, mail_to, error);
    if (is_verb(line, VERB_FIND))
        return add_found(asked, line, error);
    if (is_verb(line, VERB_SHOW))
        return asked_show(asked, line->ticket, error);
    if (is_verb(line, VERB_HISTORY))
        return asked_history(asked, line->ticket, error);
    return true;
}

/* One list and one search a mail, the last; as many tickets as are named. */
static bool add_all_asked(const Asked *asked, const Run *run, const char *mail_to,
                          GError **error)
{
    bool listed = false, found = false;
    for (guint i = run->lines->len; i > 0; i--) {
        const RunLine *line = run->lines->pdata[i - 1];
        bool list = is_verb(line, VERB_LIST) || is_verb(line, VERB_TRASH);
        bool find = is_verb(line, VERB_FIND);
        if ((list && listed) || (find && found))
            continue;
        listed |= list;
        found |= find;
        if (!add_asked(asked, line, mail_to, error))
            return false;
    }
    return true;
}

bool notice_answer_load(Desk *desk, const OutboxRow *row, Run **ret, GError **error)
{
    if (!runs_by_id(desk->store, row->run, ret, error))
        return false;
    if (*ret)
        return true;
    g_set_error(error, WICKET_ERROR, ERROR_CORRUPT,
                "outbox row %" G_GINT64_FORMAT " answers a run that does not exist", row->id);
    return false;
}

bool notice_answer_add(Desk *desk, const Run *run, const Person *reader, const char *mail_to,
                       TemplateData *data, GError **error)
{
    template_data_set(data, "refused", run->done ? "" : "1");
    for (guint i = 0; i < run->lines->len; i++)
        add_line(data, run->lines->pdata[i]);
    if (!run->done)
        set_returned(run, data);
    if (asks_for(run, VERB_HELP))
        add_help(run, reader, data);
    const Asked asked = {desk, reader, run->language, data};
    return !run->done || add_all_asked(&asked, run, mail_to, error);
}
