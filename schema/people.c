/* People and their addresses. Not here: who may do what (core/desk/authority). */
#include "schema/people.h"

#include "core/base/address.h"
#include "core/base/error.h"
#include "schema/sqlite.h"

#define COLUMNS                                                                                \
    "p.id, p.name, a.address, p.role, p.is_list, p.language, p.epoch, a.paused, a.why_paused "
/* `is_primary` as it stands in the index's own condition. */
#define SELECT                                                                                 \
    "SELECT " COLUMNS "FROM person p JOIN address a ON a.person = p.id AND a.is_primary "

void person_free(Person *person)
{
    if (!person)
        return;
    g_free(person->name);
    g_free(person->address);
    g_free(person->language);
    g_free(person->why_paused);
    g_free(person);
}

static gpointer read_person(Query *query)
{
    Person *person = g_new0(Person, 1);
    person->id = query_read_int(query);
    person->name = query_read_text(query);
    person->address = query_read_text(query);
    person->role = (Role)query_read_int(query);
    person->is_list = query_read_int(query) != 0;
    person->language = query_read_text(query);
    person->epoch = query_read_int(query);
    person->paused = query_read_int(query);
    person->why_paused = query_read_text(query);
    return person;
}

static bool find(Query *query, Person **ret, GError **error)
{
    bool row;
    if (!query_step(query, &row, error))
        return false;
    *ret = row ? read_person(query) : NULL;
    return true;
}

bool people_by_address(Store *store, const char *key, Person **ret, GError **error)
{
    g_auto(Query) query =
        query_start(store, SELECT "WHERE p.id = (SELECT person FROM address WHERE key = ?1)");
    query_bind_text(&query, key);
    return find(&query, ret, error);
}

bool people_by_id(Store *store, gint64 id, Person **ret, GError **error)
{
    g_auto(Query) query = query_start(store, SELECT "WHERE p.id = ?1");
    query_bind_int(&query, id);
    return find(&query, ret, error);
}

bool people_agents(Store *store, GPtrArray **ret, GError **error)
{
    g_auto(Query) query = query_start(store, SELECT "WHERE p.role > 0 ORDER BY p.name, p.id");
    return query_list(&query, read_person, (GDestroyNotify)person_free, ret, error);
}

bool people_of_queue(Store *store, gint64 queue, GPtrArray **ret, GError **error)
{
    g_auto(Query) query =
        query_start(store, SELECT "JOIN membership m ON m.person = p.id WHERE m.queue = ?1 "
                                  "ORDER BY p.name, p.id");
    query_bind_int(&query, queue);
    return query_list(&query, read_person, (GDestroyNotify)person_free, ret, error);
}

static gpointer read_text(Query *query)
{
    return query_read_text(query);
}

bool people_queues(Store *store, gint64 person, GPtrArray **ret, GError **error)
{
    g_auto(Query) query =
        query_start(store, "SELECT q.name FROM membership m JOIN queue q ON q.id = m.queue "
                           "WHERE m.person = ?1 ORDER BY q.name");
    query_bind_int(&query, person);
    return query_list(&query, read_text, g_free, ret, error);
}

bool people_aliases(Store *store, gint64 person, GPtrArray **ret, GError **error)
{
    g_auto(Query) query =
        query_start(store, "SELECT address FROM address WHERE person = ?1 AND NOT is_primary "
                           "ORDER BY key");
    query_bind_int(&query, person);
    return query_list(&query, read_text, g_free, ret, error);
}

/* Whose `address` is, 0 for nobody's yet; an address that cannot be written to is refused. */
static bool find_owner(Store *store, const char *address, char **ret_key, gint64 *ret_owner,
                       GError **error)
{
    g_autofree char *key = address_key(address);
    if (!key) {
        g_set_error(error, WICKET_ERROR, ERROR_REJECTED, "%s is not a usable mail address",
                    address);
        return false;
    }
    g_auto(Query) query = query_start(store, "SELECT person FROM address WHERE key = ?1");
    query_bind_text(&query, key);
    if (!query_int(&query, ret_owner, error))
        return false;
    *ret_key = g_steal_pointer(&key);
    return true;
}

static bool refuse_taken(const char *address, GError **error)
{
    g_set_error(error, WICKET_ERROR, ERROR_REJECTED, "%s already belongs to another person",
                address);
    return false;
}

static bool insert_address(Store *store, gint64 person, const char *key, const char *address,
                           bool is_primary, GError **error)
{
    g_auto(Query) query =
        query_start(store, "INSERT INTO address (key, address, person, is_primary) "
                           "VALUES (?1, ?2, ?3, ?4)");
    query_bind_text(&query, key);
    query_bind_text(&query, address);
    query_bind_int(&query, person);
    query_bind_int(&query, is_primary);
    return query_run(&query, error);
}

static bool insert_person(Store *store, const Person *person, gint64 *ret_id, GError **error)
{
    g_auto(Query) query =
        query_start(store, "INSERT INTO person (name, role, is_list, language) "
                           "VALUES (?1, ?2, ?3, ?4)");
    query_bind_text(&query, person->name);
    query_bind_int(&query, person->role);
    query_bind_int(&query, person->is_list);
    query_bind_text(&query, person->language);
    return query_insert(&query, ret_id, error);
}

bool people_add(Store *store, const Person *person, gint64 *ret_id, GError **error)
{
    g_autofree char *key = NULL;
    gint64 owner, id;
    if (!find_owner(store, person->address, &key, &owner, error))
        return false;
    if (owner)
        return refuse_taken(person->address, error);
    if (!insert_person(store, person, &id, error) ||
        !insert_address(store, id, key, person->address, true, error))
        return false;
    *ret_id = id;
    return true;
}

bool people_add_alias(Store *store, gint64 person, const char *address, GError **error)
{
    g_autofree char *key = NULL;
    gint64 owner;
    if (!find_owner(store, address, &key, &owner, error))
        return false;
    if (owner && owner != person)
        return refuse_taken(address, error);
    return owner == person || insert_address(store, person, key, address, false, error);
}

bool people_update(Store *store, const Person *person, GError **error)
{
    g_auto(Query) query =
        query_start(store, "UPDATE person SET name = ?1, role = ?2, is_list = ?3, "
                           "language = ?4 WHERE id = ?5");
    query_bind_text(&query, person->name);
    query_bind_int(&query, person->role);
    query_bind_int(&query, person->is_list);
    query_bind_text(&query, person->language);
    query_bind_int(&query, person->id);
    return query_run(&query, error);
}

bool people_raise_epoch(Store *store, gint64 person, GError **error)
{
    g_auto(Query) query =
        query_start(store, "UPDATE person SET epoch = epoch + 1 WHERE id = ?1");
    query_bind_int(&query, person);
    return query_run(&query, error);
}

bool people_pause(Store *store, const char *key, gint64 at, const char *why, GError **error)
{
    g_auto(Query) query =
        query_start(store, "UPDATE address SET paused = ?2, why_paused = ?3 WHERE key = ?1");
    query_bind_text(&query, key);
    query_bind_int(&query, at);
    query_bind_text(&query, why);
    return query_run(&query, error);
}

bool people_claim_telling(Store *store, const char *key, gint64 since, gint64 at, bool *ret,
                          GError **error)
{
    g_auto(Query) query = query_start(
        store, "UPDATE address SET told = ?3 WHERE key = ?1 AND told <= ?2 RETURNING 1");
    query_bind_text(&query, key);
    query_bind_int(&query, since);
    query_bind_int(&query, at);
    return query_step(&query, ret, error);
}

bool people_resume(Store *store, const char *key, GError **error)
{
    return people_pause(store, key, 0, "", error);
}

bool people_is_paused(Store *store, const char *key, bool *ret, GError **error)
{
    g_auto(Query) query =
        query_start(store, "SELECT paused FROM address WHERE key = ?1 AND paused <> 0");
    query_bind_text(&query, key);
    return query_step(&query, ret, error);
}

void paused_address_free(PausedAddress *paused)
{
    if (!paused)
        return;
    g_free(paused->address);
    g_free(paused->name);
    g_free(paused->why);
    g_free(paused);
}

static gpointer read_paused(Query *query)
{
    PausedAddress *paused = g_new0(PausedAddress, 1);
    paused->address = query_read_text(query);
    paused->name = query_read_text(query);
    paused->at = query_read_int(query);
    paused->why = query_read_text(query);
    return paused;
}

bool people_paused(Store *store, GPtrArray **ret, GError **error)
{
    g_auto(Query) query = query_start(
        store, "SELECT a.address, p.name, a.paused, a.why_paused FROM address a "
               "JOIN person p ON p.id = a.person WHERE a.paused <> 0 ORDER BY a.paused DESC");
    return query_list(&query, read_paused, (GDestroyNotify)paused_address_free, ret, error);
}

bool people_join_queue(Store *store, gint64 person, gint64 queue, GError **error)
{
    g_auto(Query) query =
        query_start(store, "INSERT INTO membership (queue, person) VALUES (?1, ?2) "
                           "ON CONFLICT DO NOTHING");
    query_bind_int(&query, queue);
    query_bind_int(&query, person);
    return query_run(&query, error);
}

bool people_leave_queue(Store *store, gint64 person, gint64 queue, GError **error)
{
    g_auto(Query) query =
        query_start(store, "DELETE FROM membership WHERE queue = ?1 AND person = ?2");
    query_bind_int(&query, queue);
    query_bind_int(&query, person);
    return query_run(&query, error);
}

bool people_leave_all_queues(Store *store, gint64 person, GError **error)
{
    g_auto(Query) query = query_start(store, "DELETE FROM membership WHERE person = ?1");
    query_bind_int(&query, person);
    return query_run(&query, error);
}
