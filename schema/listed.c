/* The desk's lists. Each is read in the order of an index, so that a page of a hundred thousand
 * costs a page; how many there are in all is counted on that index too. */
#include "schema/sqlite.h"
#include "schema/tickets.h"

#define SERVED "CASE t.served WHEN 0 THEN t.queue ELSE t.served END"
/* The condition of the index ticket_pressing, word for word. */
#define OPEN "t.status NOT IN ('resolved', 'closed', 'cancelled') AND t.deleted = 0 "
#define SEEN                                                                                   \
    "AND (?2 = 0 OR " SERVED " = ?2) AND (?1 = 0 OR NOT EXISTS "                               \
    "(SELECT 1 FROM membership m WHERE m.person = ?1) OR EXISTS "                              \
    "(SELECT 1 FROM membership m WHERE m.person = ?1 AND m.queue = " SERVED ")) "
#define NOW "AND ?3 > 0 "
#define NOBODYS "AND NOT EXISTS (SELECT 1 FROM assignee a WHERE a.ticket = t.id) "
#define LATE "AND t.due BETWEEN 1 AND ?3 "
#define MINE "AND t.id IN (SELECT ticket FROM assignee WHERE person = ?1) "
#define PRESSING "ORDER BY t.priority DESC, t.updated LIMIT ?4"

#define IDS "SELECT t.id FROM ticket t WHERE "
#define COUNT "SELECT count(*) FROM ticket t WHERE "

static const char *list_sql(Listed what)
{
    switch (what) {
    case LISTED_OPEN:
        return IDS OPEN SEEN NOW PRESSING;
    case LISTED_MINE:
        return IDS OPEN MINE SEEN NOW PRESSING;
    case LISTED_NEW:
        return IDS OPEN NOBODYS SEEN NOW PRESSING;
    case LISTED_LATE:
        return IDS OPEN LATE SEEN PRESSING;
    case LISTED_DELETED:
        return IDS "t.deleted > 0 " SEEN NOW "ORDER BY t.deleted DESC LIMIT ?4";
    }
    g_assert_not_reached();
}

static const char *count_sql(Listed what)
{
    switch (what) {
    case LISTED_OPEN:
        return COUNT OPEN SEEN NOW;
    case LISTED_MINE:
        return COUNT OPEN MINE SEEN NOW;
    case LISTED_NEW:
        return COUNT OPEN NOBODYS SEEN NOW;
    case LISTED_LATE:
        return COUNT OPEN LATE SEEN;
    case LISTED_DELETED:
        return COUNT "t.deleted > 0 " SEEN NOW;
    }
    g_assert_not_reached();
}

bool tickets_listed(Store *store, const ListedFilter *filter, GArray **ret, gint64 *ret_all,
                    GError **error)
{
    g_auto(Query) count = query_start(store, count_sql(filter->what));
    query_bind_int(&count, filter->person);
    query_bind_int(&count, filter->queue);
    query_bind_int(&count, filter->now);
    g_auto(Query) ids = query_start(store, list_sql(filter->what));
    query_bind_int(&ids, filter->person);
    query_bind_int(&ids, filter->queue);
    query_bind_int(&ids, filter->now);
    query_bind_int(&ids, filter->limit);
    return query_int(&count, ret_all, error) && query_ids(&ids, ret, error);
}
