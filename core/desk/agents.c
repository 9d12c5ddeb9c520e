/* Setting up queues and the desk. Every check a later mail would stumble over is made here, in
 * the admin's face, with the cure in the message. */
#include "core/desk/agents.h"

#include "core/base/address.h"
#include "core/base/error.h"
#include "core/base/utf8.h"
#include "core/desk/notify.h"
#include "core/desk/route.h"
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

static bool check_machines(const char *machines, GError **error)
{
    if (strcmp(machines, "hold") == 0 || strcmp(machines, "ticket") == 0)
        return true;
    return reject(error,
                  "machines cannot be \"%s\": hold (their mail waits in `mailwicket held "
                  "list`) or ticket (it opens one)",
                  machines);
}

static bool is_no_archive(const char *archive)
{
    return !*archive || strcmp(archive, "none") == 0;
}

static bool check_archive(const char *archive, GError **error)
{
    return is_no_archive(archive) || address_is_safe(archive) ||
           reject(error, "\"%s\" is not a mail address: an archive is one, or none", archive);
}

static bool check_transcript(const char *transcript, GError **error)
{
    return strcmp(transcript, "yes") == 0 || strcmp(transcript, "no") == 0 ||
           reject(error, "transcript cannot be \"%s\": yes or no", transcript);
}

/* Those that are given. */
static bool check_fields(const QueueFields *fields, GError **error)
{
    return (!fields->address || check_queue_address(fields->address, error)) &&
           (!fields->language || check_language(fields->language, error)) &&
           (!fields->machines || check_machines(fields->machines, error)) &&
           (!fields->archive || check_archive(fields->archive, error)) &&
           (!fields->transcript || check_transcript(fields->transcript, error));
}

/* Asked when the queue is written: its own address is one of ours by then. */
static bool check_no_loop(Desk *desk, const QueueFields *fields, GError **error)
{
    bool own = false;
    if (!fields->archive || is_no_archive(fields->archive))
        return true;
    if (!route_is_own_address(desk, fields->archive, &own, error))
        return false;
    return !own || reject(error,
                          "%s is the desk's own address, where each transcript would come back "
                          "as a mail: an archive is a mailbox of its own",
                          fields->archive);
}

static const char *archive_field(const char *archive)
{
    return archive && is_no_archive(archive) ? "" : archive;
}

static bool is_yes(const char *word)
{
    return g_strcmp0(word, "yes") == 0;
}

bool queue_create(Desk *desk, const char *name, const char *prefix, const QueueFields *fields,
                  GError **error)
{
    g_autofree char *upper = g_ascii_strup(prefix, -1);
    gint64 id = 0;
    Queue queue = {
        .name = (char *)name,
        .address = (char *)fields->address,
        .prefix = upper,
        .language = (char *)(fields->language ? fields->language : desk->config->site.language),
        .machines = (char *)fields->machines,
        .archive = (char *)archive_field(fields->archive),
        .transcript = is_yes(fields->transcript),
    };
    if (!check_queue_name(name, error) || !check_fields(fields, error) ||
        !check_prefix(upper, error) || !store_begin(desk->store, error))
        return false;
    return finish(
        desk, queues_add(desk->store, &queue, &id, error) && check_no_loop(desk, fields, error),
        error);
}

bool queue_find(Desk *desk, const char *name, Queue **ret, GError **error)
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

static bool note_one(const Ticket *ticket, void *user, GError **error)
{
    *(bool *)user = true;
    return true;
}

/* Every reply address that was sent out is made from the queue's. */
static bool check_unused(Desk *desk, const Queue *queue, const char *address, GError **error)
{
    const TicketFilter filter = {.queue = queue->name, .limit = 1};
    bool used = false;
    if (g_ascii_strcasecmp(address, queue->address) == 0)
        return true;
    if (!tickets_each(desk->store, &filter, note_one, &used, error))
        return false;
    return !used ||
           reject(
               error,
               "queue %s has tickets, and every answer to their mails comes to %s or an "
               "address made from it, so it has to stay: open another queue with `mailwicket "
               "queue add`, then `mailwicket queue remove %s` to take only those answers",
               queue->name, queue->address, queue->name);
}

static void set_field(char **field, const char *value)
{
    if (!value)
        return;
    g_free(*field);
    *field = g_strdup(value);
}

static bool change_queue(Desk *desk, const char *name, const QueueFields *fields,
                         GError **error)
{
    g_autoptr(Queue) queue = NULL;
    if (!queue_find(desk, name, &queue, error))
        return false;
    if (queue->removed)
        return reject(error,
                      "queue %s was removed and only takes answers to its old tickets: open "
                      "another one with `mailwicket queue add`",
                      name);
    if (fields->address && !check_unused(desk, queue, fields->address, error))
        return false;
    set_field(&queue->address, fields->address);
    set_field(&queue->language, fields->language);
    set_field(&queue->machines, fields->machines);
    set_field(&queue->archive, archive_field(fields->archive));
    if (fields->transcript)
        queue->transcript = is_yes(fields->transcript);
    return queues_update(desk->store, queue, error) && check_no_loop(desk, fields, error);
}

bool queue_change(Desk *desk, const char *name, const QueueFields *fields, GError **error)
{
    if (!check_fields(fields, error) || !store_begin(desk->store, error))
        return false;
    return finish(desk, change_queue(desk, name, fields, error), error);
}

static bool remove_queue(Desk *desk, const char *name, GError **error)
{
    g_autoptr(Queue) queue = NULL;
    if (!queue_find(desk, name, &queue, error))
        return false;
    queue->removed = true;
    return queues_update(desk->store, queue, error);
}

bool queue_remove(Desk *desk, const char *name, GError **error)
{
    if (!store_begin(desk->store, error))
        return false;
    return finish(desk, remove_queue(desk, name, error), error);
}

/* --- agents ------------------------------------------------------------------------------ */

/* *ret NULL when nobody has that address. */
static bool look_up(Desk *desk, const char *address, Person **ret, GError **error)
{
    g_autofree char *key = address_key(address);
    *ret = NULL;
    return !key || people_by_address(desk->store, key, ret, error);
}

static bool find_agent(Desk *desk, const char *address, Person **ret, GError **error)
{
    g_autoptr(Person) person = NULL;
    if (!look_up(desk, address, &person, error))
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
        if (!queue_find(desk, *name, &queue, error) ||
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

static char *clean_name(const char *name)
{
    return utf8_clean(name, strlen(name), TEXT_LINE);
}

static bool check_name(const char *name, GError **error)
{
    g_autofree char *clean = clean_name(name);
    return *clean ||
           reject(error, "an agent needs a name that customers may read: --name \"…\"");
}

/* What an alias sends counts as theirs, so it never moves from one person to another. */
static bool add_alias(Desk *desk, gint64 person, const char *alias, GError **error)
{
    g_autoptr(Person) owner = NULL;
    if (!address_is_safe(alias))
        return reject(error, "\"%s\" is not a mail address: an alias has to be one", alias);
    if (!look_up(desk, alias, &owner, error))
        return false;
    if (owner && owner->id != person)
        return reject(error,
                      "%s already belongs to somebody else, whom we know as %s: give an "
                      "address that nobody has written from yet",
                      alias, owner->address);
    return people_add_alias(desk->store, person, alias, error);
}

static bool add_aliases(Desk *desk, gint64 person, const char *const *aliases, GError **error)
{
    for (; aliases && *aliases; aliases++)
        if (!add_alias(desk, person, *aliases, error))
            return false;
    return true;
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
                      bool is_list, const char *const *queues, const char *const *aliases,
                      GError **error)
{
    g_autoptr(Person) known = NULL;
    gint64 id = 0;
    if (!look_up(desk, address, &known, error))
        return false;
    if (known)
        return promote(desk, known, name, role, is_list, queues, error) &&
               add_aliases(desk, known->id, aliases, error);
    Person person = {
        .name = (char *)name,
        .address = (char *)address,
        .role = role,
        .is_list = is_list,
        .language = (char *)"",
    };
    return people_add(desk->store, &person, &id, error) && join(desk, id, queues, error) &&
           add_aliases(desk, id, aliases, error);
}

bool agent_add(Desk *desk, const char *address, const char *name, Role role, bool is_list,
               const char *const *queues, const char *const *aliases, GError **error)
{
    g_autofree char *clean = clean_name(name);
    if (!address_is_safe(address))
        return reject(error, "\"%s\" is not a mail address", address);
    if (!check_name(name, error) || !store_begin(desk->store, error))
        return false;
    return finish(desk, add_agent(desk, address, clean, role, is_list, queues, aliases, error),
                  error);
}

static bool change_agent(Desk *desk, const char *address, const char *name, int role,
                         const char *const *queues, const char *const *aliases, GError **error)
{
    g_autoptr(Person) person = NULL;
    if (!find_agent(desk, address, &person, error))
        return false;
    if (name) {
        g_free(person->name);
        person->name = clean_name(name);
    }
    if (role >= 0)
        person->role = (Role)role;
    if (!people_update(desk->store, person, error) ||
        !add_aliases(desk, person->id, aliases, error))
        return false;
    return !queues || (people_leave_all_queues(desk->store, person->id, error) &&
                       join(desk, person->id, queues, error));
}

bool agent_change(Desk *desk, const char *address, const char *name, int role,
                  const char *const *queues, const char *const *aliases, GError **error)
{
    if ((name && !check_name(name, error)) || !store_begin(desk->store, error))
        return false;
    return finish(desk, change_agent(desk, address, name, role, queues, aliases, error), error);
}

static bool revoke_person(Desk *desk, const char *address, GError **error)
{
    g_autoptr(Person) person = NULL;
    if (!look_up(desk, address, &person, error))
        return false;
    if (!person)
        return reject(error,
                      "nobody here has the address %s, so there is nothing to revoke: "
                      "`mailwicket agent list` and `mailwicket ticket show ID` name those "
                      "there are",
                      address);
    return people_raise_epoch(desk->store, person->id, error);
}

bool agent_revoke(Desk *desk, const char *address, GError **error)
{
    if (!store_begin(desk->store, error))
        return false;
    return finish(desk, revoke_person(desk, address, error), error);
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
