/* Setting up queues and the desk. Every check a later mail would stumble over is made here, in
 * the admin's face, with the cure in the message. */
#include "core/desk/agents.h"

#include "core/base/address.h"
#include "core/base/error.h"
#include "core/desk/notify.h"
#include "core/desk/ticket.h"

#include <string.h>

#define LOCAL_PART_OCTETS 64
/* "+", a letter, up to 15 digits, a dot and 16 characters of MAC. */
#define LONGEST_EXTENSION (1 + 1 + 15 + 1 + 16)

static bool reject(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);
static bool reject(GError **error, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *message = g_strdup_vprintf(format, args);
    va_end(args);
    g_set_error_literal(error, WICKET_ERROR, ERROR_REJECTED, message);
    return false;
}

/* Commits if `done`, else rolls back. */
static bool finish(Desk *desk, bool done, GError **error)
{
    if (done)
        return desk_commit(desk, error);
    store_rollback(desk->store);
    return false;
}

/* --- queues ------------------------------------------------------------------------------ */

static bool check_queue_address(const char *address, GError **error)
{
    const char *at = strrchr(address, '@');
    if (!address_is_safe(address))
        return reject(error, "\"%s\" is not a mail address", address);
    if (memchr(address, '+', (gsize)(at - address)))
        return reject(error,
                      "\"%s\" holds a +, which marks what the gateway puts behind the name: "
                      "choose an address without one",
                      address);
    if (at - address + LONGEST_EXTENSION > LOCAL_PART_OCTETS)
        return reject(error,
                      "\"%s\" is too long: reply addresses made from it would pass %d octets "
                      "left of the @ (RFC 5321); at most %d are left for the name",
                      address, LOCAL_PART_OCTETS, LOCAL_PART_OCTETS - LONGEST_EXTENSION);
    return true;
}

static bool check_prefix(const char *prefix, GError **error)
{
    gsize length = strlen(prefix);
    gsize plain = strspn(prefix, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");
    if (length >= 2 && length <= 8 && plain == length && g_ascii_isupper(*prefix))
        return true;
    return reject(
        error, "\"%s\" is no prefix: 2 to 8 of A-Z and 0-9, a letter first, as in SUP", prefix);
}

static bool check_language(const char *language, GError **error)
{
    if (strcmp(language, "fr") == 0 || strcmp(language, "en") == 0)
        return true;
    return reject(error, "\"%s\" is no language there are words for: fr or en", language);
}

static bool check_queue_name(const char *name, GError **error)
{
    gsize plain = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-_");
    if (*name && name[plain] == '\0' && plain <= 32)
        return true;
    return reject(error, "\"%s\" is no queue name: 1 to 32 of a-z, 0-9, - and _", name);
}

bool queue_create(Desk *desk, const char *name, const char *address, const char *prefix,
                  const char *language, GError **error)
{
    g_autofree char *upper = g_ascii_strup(prefix, -1);
    gint64 id = 0;
    Queue queue = {
        .name = (char *)name,
        .address = (char *)address,
        .prefix = upper,
        .language = (char *)(language ? language : desk->config->site.language),
    };
    if (!check_queue_name(name, error) || !check_queue_address(address, error) ||
        !check_prefix(upper, error) || !check_language(queue.language, error) ||
        !store_begin(desk->store, error))
        return false;
    return finish(desk, queues_add(desk->store, &queue, &id, error), error);
}

static bool find_queue(Desk *desk, const char *name, Queue **ret, GError **error)
{
    g_autoptr(Queue) queue = NULL;
    if (!queues_by_name(desk->store, name, &queue, error))
        return false;
    if (!queue)
        return reject(error,
                      "there is no queue \"%s\": `mailwicket queue list` shows those there are",
                      name);
    *ret = g_steal_pointer(&queue);
    return true;
}

static bool change_queue(Desk *desk, const char *name, const char *address,
                         const char *language, bool remove, GError **error)
{
    g_autoptr(Queue) queue = NULL;
    if (!find_queue(desk, name, &queue, error))
        return false;
    if (address) {
        g_free(queue->address);
        queue->address = g_strdup(address);
    }
    if (language) {
        g_free(queue->language);
        queue->language = g_strdup(language);
    }
    queue->removed = remove;
    return queues_update(desk->store, queue, error);
}

bool queue_change(Desk *desk, const char *name, const char *address, const char *language,
                  GError **error)
{
    if ((address && !check_queue_address(address, error)) ||
        (language && !check_language(language, error)) || !store_begin(desk->store, error))
        return false;
    return finish(desk, change_queue(desk, name, address, language, false, error), error);
}

bool queue_remove(Desk *desk, const char *name, GError **error)
{
    if (!store_begin(desk->store, error))
        return false;
    return finish(desk, change_queue(desk, name, NULL, NULL, true, error), error);
}

/* --- agents ------------------------------------------------------------------------------ */

static bool find_agent(Desk *desk, const char *address, Person **ret, GError **error)
{
    g_autofree char *key = address_key(address);
    g_autoptr(Person) person = NULL;
    if (key && !people_by_address(desk->store, key, &person, error))
        return false;
    if (!person || person->role == ROLE_REQUESTER)
        return reject(error, "%s is not on the desk: `mailwicket agent list` shows who is",
                      address);
    *ret = g_steal_pointer(&person);
    return true;
}

static bool join_named(Desk *desk, gint64 person, const char *const *queues, GError **error)
{
    for (const char *const *name = queues; *name; name++) {
        g_autoptr(Queue) queue = NULL;
        if (!find_queue(desk, *name, &queue, error) ||
            !people_join_queue(desk->store, person, queue->id, error))
            return false;
    }
    return true;
}

static bool join_all(Desk *desk, gint64 person, GError **error)
{
    g_autoptr(GPtrArray) queues = NULL;
    if (!queues_list(desk->store, &queues, error))
        return false;
    for (guint i = 0; i < queues->len; i++) {
        const Queue *queue = queues->pdata[i];
        if (!queue->removed && !people_join_queue(desk->store, person, queue->id, error))
            return false;
    }
    return true;
}

static bool join(Desk *desk, gint64 person, const char *const *queues, GError **error)
{
    return *queues ? join_named(desk, person, queues, error) : join_all(desk, person, error);
}

/* Somebody who already wrote keeps their history and becomes an agent. Secrets they got as a
 * customer must not carry an agent's weight, so those die. */
static bool promote(Desk *desk, Person *person, const char *name, Role role, bool is_list,
                    const char *const *queues, GError **error)
{
    if (person->role != ROLE_REQUESTER)
        return reject(error, "%s is on the desk already: `mailwicket agent set` changes them",
                      person->address);
    g_free(person->name);
    person->name = g_strdup(name);
    person->role = role;
    person->is_list = is_list;
    return people_update(desk->store, person, error) &&
           people_raise_epoch(desk->store, person->id, error) &&
           join(desk, person->id, queues, error);
}

static bool add_agent(Desk *desk, const char *address, const char *name, Role role,
                      bool is_list, const char *const *queues, GError **error)
{
    g_autofree char *key = address_key(address);
    g_autoptr(Person) known = NULL;
    gint64 id = 0;
    if (!people_by_address(desk->store, key, &known, error))
        return false;
    if (known)
        return promote(desk, known, name, role, is_list, queues, error);
    Person person = {
        .name = (char *)name,
        .address = (char *)address,
        .role = role,
        .is_list = is_list,
        .language = (char *)"",
    };
    return people_add(desk->store, &person, &id, error) && join(desk, id, queues, error);
}

bool agent_add(Desk *desk, const char *address, const char *name, Role role, bool is_list,
               const char *const *queues, GError **error)
{
    if (!address_is_safe(address))
        return reject(error, "\"%s\" is not a mail address", address);
    if (*name == '\0')
        return reject(error, "an agent needs a name that customers may read: --name \"…\"");
    if (!store_begin(desk->store, error))
        return false;
    return finish(desk, add_agent(desk, address, name, role, is_list, queues, error), error);
}

static bool change_agent(Desk *desk, const char *address, const char *name, int role,
                         const char *const *queues, GError **error)
{
    g_autoptr(Person) person = NULL;
    if (!find_agent(desk, address, &person, error))
        return false;
    if (name) {
        g_free(person->name);
        person->name = g_strdup(name);
    }
    if (role >= 0)
        person->role = (Role)role;
    if (!people_update(desk->store, person, error))
        return false;
    return !queues || (people_leave_all_queues(desk->store, person->id, error) &&
                       join(desk, person->id, queues, error));
}

bool agent_change(Desk *desk, const char *address, const char *name, int role,
                  const char *const *queues, GError **error)
{
    if (!store_begin(desk->store, error))
        return false;
    return finish(desk, change_agent(desk, address, name, role, queues, error), error);
}

static bool revoke_agent(Desk *desk, const char *address, GError **error)
{
    g_autoptr(Person) person = NULL;
    return find_agent(desk, address, &person, error) &&
           people_raise_epoch(desk->store, person->id, error);
}

bool agent_revoke(Desk *desk, const char *address, GError **error)
{
    if (!store_begin(desk->store, error))
        return false;
    return finish(desk, revoke_agent(desk, address, error), error);
}

typedef struct {
    Desk *desk;
    GArray *ids; /* gint64 */
} Collect;

static bool collect_id(const Ticket *ticket, void *user, GError **error)
{
    Collect *collect = user;
    g_array_append_val(collect->ids, ticket->id);
    return true;
}

/* Their tickets go back to the queue; nobody is told, for nothing happened to the tickets. */
static bool unassign_all(Desk *desk, const Person *person, GError **error)
{
    g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(gint64));
    g_autoptr(Notify) nobody = notify_new(desk);
    Collect collect = {desk, ids};
    TicketFilter filter = {.assignee = person->id};
    if (!tickets_each(desk->store, &filter, collect_id, &collect, error))
        return false;
    for (guint i = 0; i < ids->len; i++) {
        g_autoptr(Ticket) ticket = NULL;
        gint64 id = g_array_index(ids, gint64, i);
        if (!tickets_by_id(desk->store, id, &ticket, error) ||
            !ticket_assign(desk, ticket, NULL, 0, nobody, error))
            return false;
    }
    return true;
}

static bool remove_agent(Desk *desk, const char *address, GError **error)
{
    g_autoptr(Person) person = NULL;
    if (!find_agent(desk, address, &person, error) || !unassign_all(desk, person, error))
        return false;
    person->role = ROLE_REQUESTER;
    person->is_list = false;
    return people_update(desk->store, person, error) &&
           people_raise_epoch(desk->store, person->id, error) &&
           people_leave_all_queues(desk->store, person->id, error);
}

bool agent_remove(Desk *desk, const char *address, GError **error)
{
    if (!store_begin(desk->store, error))
        return false;
    return finish(desk, remove_agent(desk, address, error), error);
}
