/* Reading what list is wanted, and telling it. */
#include "core/desk/listing.h"

#include "core/base/timestamp.h"
#include "core/base/utf8.h"
#include "core/desk/author.h"
#include "core/desk/fold.h"
#include "core/desk/status.h"
#include "core/desk/ticket.h"
#include "core/desk/token.h"
#include "core/desk/verb.h"
#include "schema/queues.h"

#include <string.h>

#define TITLE_CHARS 80

static const struct {
    Listed what;
    const char *words[6]; /* folded */
    const char *title[2];
} lists[] = {
    {LISTED_OPEN, {"", "open", "all", "ouverts", "tous"}, {"Open tickets", "Tickets ouverts"}},
    {LISTED_MINE, {"mine", "me", "moi", "miens", "mes"}, {"Your tickets", "Vos tickets"}},
    {LISTED_NEW,
     {"new", "free", "nouveaux", "nouveau", "libres"},
     {"Tickets nobody has taken", "Tickets que personne n’a pris"}},
    {LISTED_LATE,
     {"late", "overdue", "retard", "en retard", "retards"},
     {"Overdue tickets", "Tickets en retard"}},
    {LISTED_DELETED, {"trash", "deleted", "corbeille", "supprimes"}, {"Trash", "Corbeille"}},
};

static bool find_queue(Desk *desk, const char *folded, gint64 *ret, GError **error)
{
    g_autoptr(GPtrArray) queues = NULL;
    if (!queues_list(desk->store, &queues, error))
        return false;
    for (guint i = 0; i < queues->len; i++) {
        const Queue *queue = queues->pdata[i];
        g_autofree char *name = fold_text(queue->name), *prefix = fold_text(queue->prefix);
        if (strcmp(name, folded) == 0 || strcmp(prefix, folded) == 0)
            *ret = queue->id;
    }
    return true;
}

bool listing_read_wish(Desk *desk, const char *word, ListedFilter *ret, bool *ret_known,
                       GError **error)
{
    g_autofree char *folded = fold_text(word);
    *ret = (ListedFilter){.what = LISTED_OPEN, .limit = LISTING_ROWS};
    *ret_known = true;
    for (gsize i = 0; i < G_N_ELEMENTS(lists); i++) {
        for (gsize w = 0; w < G_N_ELEMENTS(lists[i].words) && lists[i].words[w]; w++) {
            if (strcmp(lists[i].words[w], folded) == 0) {
                ret->what = lists[i].what;
                return true;
            }
        }
    }
    if (!find_queue(desk, folded, &ret->queue, error))
        return false;
    *ret_known = ret->queue != 0;
    return true;
}

/* --- telling ----------------------------------------------------------------------------- */

typedef struct {
    Desk *desk;
    const Person *reader;
    const char *language, *mail_to;
    bool french;
    gint64 now;
} Telling;

static bool name_assignees(const Telling *telling, gint64 ticket, TemplateData *row,
                           GError **error)
{
    g_autoptr(GArray) ids = NULL;
    g_autoptr(GString) names = g_string_new(NULL);
    if (!tickets_assignees(telling->desk->store, ticket, &ids, error))
        return false;
    for (guint i = 0; i < ids->len; i++) {
        g_autoptr(Person) person = NULL;
        if (!people_by_id(telling->desk->store, g_array_index(ids, gint64, i), &person, error))
            return false;
        g_string_append_printf(names, "%s%s", i ? ", " : "", person_label(person));
    }
    template_data_set(row, "assignees", names->str);
    return true;
}

/* One word in the body commands the ticket of the row. */
static char *button_url(const Telling *telling, VerbId verb, const char *name)
{
    g_autofree char *address = g_uri_escape_string(telling->mail_to, "@", FALSE);
    g_autofree char *command =
        g_strdup_printf("%s %s\r\n", verb_name(&verb_table[verb], telling->french), name);
    g_autofree char *body = g_uri_escape_string(command, NULL, FALSE);
    g_autofree char *subject = g_uri_escape_string(name, NULL, FALSE);
    return g_strdup_printf("mailto:%s?subject=%s&body=%s", address, subject, body);
}

static void set_moments(const Telling *telling, const Ticket *ticket, TemplateData *row)
{
    GTimeZone *zone = config_zone(telling->desk->config);
    g_autofree char *when = timestamp_short(ticket->updated, zone, telling->language);
    template_data_set(row, "when", when);
    if (ticket->due == 0)
        return;
    g_autofree char *due = timestamp_short(ticket->due, zone, telling->language);
    template_data_set(row, "due", due);
    template_data_set(row, "late", ticket->due < telling->now ? "1" : "");
}

static bool add_row(const Telling *telling, const Ticket *ticket, TemplateData *data,
                    GError **error)
{
    const Desk *desk = telling->desk;
    const Person *reader = telling->reader;
    TemplateData *row = template_data_add(data, "rows");
    g_autoptr(Person) requester = NULL;
    g_autofree char *name = ticket_name(ticket);
    g_autofree char *title = utf8_shorten(ticket->title, TITLE_CHARS);
    g_autofree char *take = button_url(telling, VERB_TAKE, name);
    g_autofree char *page = token_page(desk->ring, ticket->id, reader->id, reader->epoch);
    g_autofree char *url = g_strdup_printf("%s/ticket/%s", desk->config->site.base_url, page);
    if (!people_by_id(desk->store, ticket->requester, &requester, error))
        return false;
    template_data_set(row, "id", name);
    template_data_set(row, "title", title);
    template_data_set(row, "status", status_label(ticket->status, telling->language));
    template_data_set(row, "priority",
                      priority_label((MailPriority)ticket->priority, telling->language));
    template_data_set(row, "pressing", ticket->priority >= PRIORITY_HIGH ? "1" : "");
    template_data_set(row, "requester", person_label(requester));
    template_data_set(row, "url", url);
    template_data_set(row, "take", take);
    set_moments(telling, ticket, row);
    return name_assignees(telling, ticket->id, row, error);
}

static const char *title_of(Listed what, bool french)
{
    for (gsize i = 0; i < G_N_ELEMENTS(lists); i++)
        if (lists[i].what == what)
            return lists[i].title[french];
    g_assert_not_reached();
}

bool listing_fill(Desk *desk, const ListedFilter *filter, const Person *reader,
                  const char *language, const char *mail_to, TemplateData *data, GError **error)
{
    const bool french = strcmp(language, "fr") == 0;
    const Telling telling = {desk, reader, language, mail_to, french, now_utc()};
    ListedFilter wish = *filter;
    g_autoptr(GArray) ids = NULL;
    gint64 all = 0;
    wish.person = reader->id;
    wish.now = telling.now;
    if (!tickets_listed(desk->store, &wish, &ids, &all, error))
        return false;
    g_autofree char *count = g_strdup_printf(
        french ? "%u sur %" G_GINT64_FORMAT : "%u of %" G_GINT64_FORMAT, ids->len, all);
    template_data_set(data, "list_title", title_of(filter->what, french));
    template_data_set(data, "list_count", count);
    for (guint i = 0; i < ids->len; i++) {
        g_autoptr(Ticket) ticket = NULL;
        if (!tickets_by_id(desk->store, g_array_index(ids, gint64, i), &ticket, error))
            return false;
        if (ticket && !add_row(&telling, ticket, data, error))
            return false;
    }
    return true;
}
