/* Messages, and what they answer and whom they were written to.
 *
 * Not here: attachments.c, raw.c; which message goes where (core/desk/route).
 *
 * A mail without a Message-ID is stored with "", which must never join anything: no finder
 * looks for it. */
#include "schema/messages.h"

#include "schema/sqlite.h"

#define SELECT                                                                                 \
    "SELECT m.id, m.ticket, m.queue, m.raw, m.author, m.author_name, m.author_address, "       \
    "m.visibility, m.intent, m.kind, m.subject, m.message_id, m.content_hash, m.created, "     \
    "m.reply, m.signature, m.quoted, m.quotes_us, m.held_reason, m.unparsed FROM message m "

void message_free(Message *message)
{
    if (!message)
        return;
    g_free(message->author_name);
    g_free(message->author_address);
    g_free(message->kind);
    g_free(message->subject);
    g_free(message->message_id);
    g_free(message->reply);
    g_free(message->signature);
    g_free(message->quoted);
    g_free(message->held_reason);
    g_free(message->unparsed);
    if (message->attachments)
        g_ptr_array_unref(message->attachments);
    g_free(message);
}

static gpointer read_message(Query *query)
{
    Message *message = g_new0(Message, 1);
    message->id = query_read_int(query);
    message->ticket = query_read_int(query);
    message->queue = query_read_int(query);
    message->raw = query_read_int(query);
    message->author = query_read_int(query);
    message->author_name = query_read_text(query);
    message->author_address = query_read_text(query);
    message->visibility = (Visibility)query_read_int(query);
    message->intent = (Visibility)query_read_int(query);
    message->kind = query_read_text(query);
    message->subject = query_read_text(query);
    message->message_id = query_read_text(query);
    query_read_bytes(query, message->content_hash, sizeof message->content_hash);
    message->created = query_read_int(query);
    message->reply = query_read_text(query);
    message->signature = query_read_text(query);
    message->quoted = query_read_text(query);
    message->quotes_us = query_read_int(query) != 0;
    message->held_reason = query_read_text(query);
    message->unparsed = query_read_text(query);
    return message;
}

static bool find(Query *query, Message **ret, GError **error)
{
    bool row;
    if (!query_step(query, &row, error))
        return false;
    if (!row) {
        *ret = NULL;
        return true;
    }
    g_autoptr(Message) message = read_message(query);
    if (!attachments_of(query->store, message->id, &message->attachments, error))
        return false;
    *ret = g_steal_pointer(&message);
    return true;
}

static bool list(Query *query, GPtrArray **ret, GError **error)
{
    g_autoptr(GPtrArray) messages = NULL;
    if (!query_list(query, read_message, (GDestroyNotify)message_free, &messages, error))
        return false;
    for (guint i = 0; i < messages->len; i++) {
        Message *message = messages->pdata[i];
        if (!attachments_of(query->store, message->id, &message->attachments, error))
            return false;
    }
    *ret = g_steal_pointer(&messages);
    return true;
}

bool messages_by_id(Store *store, gint64 id, Message **ret, GError **error)
{
    g_auto(Query) query = query_start(store, SELECT "WHERE m.id = ?1");
    query_bind_int(&query, id);
    return find(&query, ret, error);
}

/* The look-ups of a delivery mostly find nothing: they ask for an id, and prepare the wide
 * statement only for what is there. */
static bool by_found_id(Store *store, gint64 id, Message **ret, GError **error)
{
    *ret = NULL;
    return id == 0 || messages_by_id(store, id, ret, error);
}

static bool find_by_id(Store *store, Query *query, Message **ret, GError **error)
{
    bool row = false;
    if (!query_step(query, &row, error))
        return false;
    return by_found_id(store, row ? query_read_int(query) : 0, ret, error);
}

bool messages_of(Store *store, gint64 ticket, GPtrArray **ret, GError **error)
{
    g_auto(Query) query = query_start(store, SELECT "WHERE m.ticket = ?1 ORDER BY m.id");
    query_bind_int(&query, ticket);
    return list(&query, ret, error);
}

bool messages_held(Store *store, GPtrArray **ret, GError **error)
{
    g_auto(Query) query = query_start(store, SELECT "WHERE m.visibility = 2 ORDER BY m.id");
    return list(&query, ret, error);
}

bool messages_by_content(Store *store, const guint8 *content_hash, gint64 queue, gint64 ticket,
                         Message **ret, GError **error)
{
    g_auto(Query) query = query_start(
        store, "SELECT m.id FROM message m WHERE m.content_hash = ?1 AND CASE ?3 WHEN -1 THEN "
               "m.queue = ?2 "
               "WHEN 0 THEN m.queue = ?2 AND m.ticket IS NULL ELSE m.ticket = ?3 END "
               "ORDER BY m.id LIMIT 1");
    query_bind_bytes(&query, content_hash, 32);
    query_bind_int(&query, queue);
    query_bind_int(&query, ticket);
    return find_by_id(store, &query, ret, error);
}

bool messages_tickets_elsewhere(Store *store, const guint8 *content_hash, gint64 queue,
                                GArray **ret, GError **error)
{
    g_auto(Query) query = query_start(
        store, "SELECT DISTINCT t.id FROM message m JOIN ticket t ON t.id = m.ticket "
               "WHERE m.content_hash = ?1 AND t.queue <> ?2 ORDER BY t.id");
    query_bind_bytes(&query, content_hash, 32);
    query_bind_int(&query, queue);
    return query_ids(&query, ret, error);
}

/* The latest message with this Message-ID in a ticket of `queue`; 0 if there is none. */
static bool latest_with_id(Store *store, gint64 queue, const char *message_id, gint64 *ret,
                           GError **error)
{
    g_auto(Query) query = query_start(
        store, "SELECT m.id FROM message m JOIN ticket t ON t.id = m.ticket "
               "WHERE m.message_id = ?1 AND t.queue = ?2 ORDER BY m.id DESC LIMIT 1");
    query_bind_text(&query, message_id);
    query_bind_int(&query, queue);
    return query_int(&query, ret, error);
}

bool messages_by_message_ids(Store *store, gint64 queue, const GPtrArray *ids, Message **ret,
                             GError **error)
{
    gint64 latest = 0;
    for (guint i = 0; i < ids->len; i++) {
        const char *id = ids->pdata[i];
        gint64 found = 0;
        if (*id && !latest_with_id(store, queue, id, &found, error))
            return false;
        latest = MAX(latest, found);
    }
    return by_found_id(store, latest, ret, error);
}

bool messages_answering(Store *store, gint64 queue, const char *message_id, Message **ret,
                        GError **error)
{
    if (!*message_id) {
        *ret = NULL;
        return true;
    }
    g_auto(Query) query = query_start(store, "SELECT m.id FROM message m "
                                             "JOIN message_reference r ON r.message = m.id "
                                             "JOIN ticket t ON t.id = m.ticket "
                                             "WHERE r.message_id = ?1 AND t.queue = ?2 "
                                             "ORDER BY r.message LIMIT 1");
    query_bind_text(&query, message_id);
    query_bind_int(&query, queue);
    return find_by_id(store, &query, ret, error);
}

bool messages_is_addressee(Store *store, gint64 message, const char *key, bool *ret,
                           GError **error)
{
    g_auto(Query) query =
        query_start(store, "SELECT 1 FROM message_addressee WHERE message = ?1 AND key = ?2");
    query_bind_int(&query, message);
    query_bind_text(&query, key);
    return query_step(&query, ret, error);
}

bool messages_of_machine_alone(Store *store, gint64 ticket, gint64 person, bool *ret,
                               GError **error)
{
    g_auto(Query) query = query_start(
        store,
        "SELECT 1 WHERE (SELECT kind FROM message WHERE ticket = ?1 ORDER BY id LIMIT 1) "
        "<> 'message' AND NOT EXISTS "
        "(SELECT 1 FROM message WHERE ticket = ?1 AND author = ?2)");
    query_bind_int(&query, ticket);
    query_bind_int(&query, person);
    return query_step(&query, ret, error);
}

bool messages_count_by(Store *store, gint64 ticket, gint64 author, gint64 since, gint64 *ret,
                       GError **error)
{
    g_auto(Query) query =
        query_start(store, "SELECT count(*) FROM message WHERE ticket = ?1 AND author = ?2 "
                           "AND created >= ?3");
    query_bind_int(&query, ticket);
    query_bind_int(&query, author);
    query_bind_int(&query, since);
    return query_int(&query, ret, error);
}

bool messages_opened_since(Store *store, gint64 person, gint64 since, gint64 *ret,
                           GError **error)
{
    g_auto(Query) query = query_start(
        store, "SELECT count(*) FROM ticket t WHERE t.requester = ?1 AND t.created >= ?2 "
               "AND EXISTS (SELECT 1 FROM message m WHERE m.ticket = t.id "
               "AND (m.author = ?1 OR m.kind <> 'message'))");
    query_bind_int(&query, person);
    query_bind_int(&query, since);
    return query_int(&query, ret, error);
}

static bool insert_message(Store *store, const Message *message, gint64 *ret_id, GError **error)
{
    g_auto(Query) query = query_start(
        store, "INSERT INTO message (ticket, queue, raw, author, author_name, author_address, "
               "visibility, intent, kind, subject, message_id, content_hash, created, reply, "
               "signature, quoted, quotes_us, held_reason, unparsed) VALUES (?1, ?2, ?3, ?4, "
               "?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)");
    query_bind_id(&query, message->ticket);
    query_bind_int(&query, message->queue);
    query_bind_id(&query, message->raw);
    query_bind_id(&query, message->author);
    query_bind_text(&query, message->author_name);
    query_bind_text(&query, message->author_address);
    query_bind_int(&query, message->visibility);
    query_bind_int(&query, message->intent);
    query_bind_text(&query, message->kind);
    query_bind_text(&query, message->subject);
    query_bind_text(&query, message->message_id);
    query_bind_bytes(&query, message->content_hash, sizeof message->content_hash);
    query_bind_int(&query, message->created);
    query_bind_text(&query, message->reply);
    query_bind_text(&query, message->signature);
    query_bind_text(&query, message->quoted);
    query_bind_int(&query, message->quotes_us);
    query_bind_text(&query, message->held_reason);
    query_bind_text(&query, message->unparsed);
    return query_insert(&query, ret_id, error);
}

/* A row of one of the two tables beside a message: its id and one word. */
static bool insert_word(Store *store, const char *sql, gint64 message, const char *word,
                        GError **error)
{
    g_auto(Query) query = query_start(store, sql);
    query_bind_int(&query, message);
    query_bind_text(&query, word);
    return query_run(&query, error);
}

static bool insert_words(Store *store, const char *sql, gint64 message, const GPtrArray *words,
                         GError **error)
{
    for (guint i = 0; words && i < words->len; i++) {
        const char *word = words->pdata[i];
        if (*word && !insert_word(store, sql, message, word, error))
            return false;
    }
    return true;
}

bool messages_add(Store *store, const Message *message, const GPtrArray *references,
                  const GPtrArray *addressees, gint64 *ret_id, GError **error)
{
    gint64 id;
    if (!insert_message(store, message, &id, error))
        return false;
    if (!insert_words(store,
                      "INSERT INTO message_reference (message, message_id) VALUES (?1, ?2) "
                      "ON CONFLICT DO NOTHING",
                      id, references, error))
        return false;
    if (!insert_words(store,
                      "INSERT INTO message_addressee (message, key) VALUES (?1, ?2) "
                      "ON CONFLICT DO NOTHING",
                      id, addressees, error))
        return false;
    for (guint i = 0; message->attachments && i < message->attachments->len; i++)
        if (!attachments_add(store, id, message->attachments->pdata[i], error))
            return false;
    *ret_id = id;
    return true;
}

bool messages_update(Store *store, const Message *message, GError **error)
{
    g_auto(Query) query =
        query_start(store, "UPDATE message SET ticket = ?1, visibility = ?2, author = ?3, "
                           "held_reason = ?4, reply = ?5 WHERE id = ?6");
    query_bind_id(&query, message->ticket);
    query_bind_int(&query, message->visibility);
    query_bind_id(&query, message->author);
    query_bind_text(&query, message->held_reason);
    query_bind_text(&query, message->reply);
    query_bind_int(&query, message->id);
    return query_run(&query, error);
}

bool messages_next_id(Store *store, gint64 *ret, GError **error)
{
    g_auto(Query) query =
        query_start(store, "SELECT seq + 1 FROM sqlite_sequence WHERE name = 'message'");
    return query_int(&query, ret, error);
}

bool messages_newer(Store *store, gint64 ticket, gint64 after, gint64 since, gint64 person,
                    bool *ret, GError **error)
{
    gint64 found = 0;
    g_auto(Query) query =
        query_start(store, "SELECT EXISTS (SELECT 1 FROM message WHERE ticket = ?1 AND id > ?2 "
                           "AND (?2 > 0 OR created > ?3) AND ifnull(author, 0) <> ?4 "
                           "AND visibility IN (0, 1))");
    query_bind_int(&query, ticket);
    query_bind_int(&query, after);
    query_bind_int(&query, since);
    query_bind_int(&query, person);
    if (!query_int(&query, &found, error))
        return false;
    *ret = found != 0;
    return true;
}

bool messages_before(Store *store, const Message *message, Message **ret, GError **error)
{
    g_auto(Query) query = query_start(
        store, SELECT "WHERE m.ticket = ?1 AND m.id < ?2 AND m.visibility IN (0, 1) "
                      "AND ifnull(m.author, 0) <> ?3 ORDER BY m.id DESC LIMIT 1");
    query_bind_int(&query, message->ticket);
    query_bind_int(&query, message->id);
    query_bind_int(&query, message->author);
    return find(&query, ret, error);
}

bool messages_move(Store *store, gint64 from, gint64 message, gint64 to, GError **error)
{
    g_auto(Query) query =
        query_start(store, from ? "UPDATE message SET ticket = ?2 WHERE ticket = ?1"
                                : "UPDATE message SET ticket = ?2 WHERE id = ?1");
    query_bind_int(&query, from ? from : message);
    query_bind_int(&query, to);
    return query_run(&query, error);
}

bool messages_last_by(Store *store, gint64 ticket, gint64 author, Message **ret, GError **error)
{
    g_auto(Query) query = query_start(
        store, SELECT "WHERE m.ticket = ?1 AND m.author = ?2 AND m.visibility IN (0, 1) "
                      "ORDER BY m.id DESC LIMIT 1");
    query_bind_int(&query, ticket);
    query_bind_int(&query, author);
    return find(&query, ret, error);
}
