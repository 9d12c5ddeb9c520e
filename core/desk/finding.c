/* From words to tickets.
 *
 * Not here: how the index is asked (schema/search), what is shown of a text (snippet.c). */
#include "core/desk/finding.h"

#include "core/base/address.h"
#include "core/base/error.h"
#include "core/desk/authority.h"
#include "core/desk/snippet.h"
#include "core/desk/ticket.h"
#include "schema/search.h"

#include <string.h>

static void found_free(gpointer pointer)
{
    Found *found = pointer;
    ticket_free(found->ticket);
    g_free(found->title);
    g_free(found->author);
    g_free(found->snippet);
    g_free(found);
}

void finding_free(Finding *finding)
{
    if (!finding)
        return;
    g_ptr_array_unref(finding->found);
    g_free(finding);
}

/* A search in hand. */
typedef struct {
    Desk *desk;
    const char *text; /* what was asked, trimmed */
    GPtrArray *words; /* char *, folded */
    WordReader *reader;
    GPtrArray *queues; /* char *: names of those whose tickets may be seen; NULL: all */
    gint64 person;     /* who serves them; 0 with NULL */
    Finding *finding;
} Search;

static void search_clear(Search *search)
{
    g_clear_pointer(&search->words, g_ptr_array_unref);
    g_clear_pointer(&search->reader, word_reader_free);
    g_clear_pointer(&search->queues, g_ptr_array_unref);
    g_clear_pointer(&search->finding, finding_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Search, search_clear)

/* --- the question ------------------------------------------------------------------------ */

static bool refuse(GError **error, const char *why)
{
    g_set_error_literal(error, WICKET_ERROR, ERROR_REJECTED, why);
    return false;
}

/* WordEach: each once. */
static bool take_word(const char *bytes, gsize length, gsize from, gsize to, void *user)
{
    GPtrArray *words = user;
    g_autofree char *word = g_strndup(bytes, length);
    if (!g_ptr_array_find_with_equal_func(words, word, g_str_equal, NULL))
        g_ptr_array_add(words, g_steal_pointer(&word));
    return words->len <= FINDING_WORDS;
}

static bool read_words(Search *search, GError **error)
{
    gsize length = strlen(search->text);
    search->words = g_ptr_array_new_with_free_func(g_free);
    if (length > FINDING_BYTES)
        return refuse(error, "this is too long to look for: give a few words");
    if (!word_reader_open(search->desk->store, &search->reader, error))
        return false;
    words_each(search->reader, search->text, length, take_word, search->words);
    if (search->words->len == 0)
        return refuse(error, "there is no word to look for: give one or more");
    if (search->words->len > FINDING_WORDS)
        return refuse(error, "these are too many words: at most 16 can be looked for");
    return true;
}

static bool read_reader(Search *search, const Person *reader, GError **error)
{
    if (!reader || reader->role == ROLE_ADMIN)
        return true;
    if (!person_is_agent(reader))
        return refuse(error, "only people of the desk can search");
    if (!people_queues(search->desk->store, reader->id, &search->queues, error))
        return false;
    if (search->queues->len == 0)
        g_clear_pointer(&search->queues, g_ptr_array_unref);
    else
        search->person = reader->id;
    return true;
}

/* --- what is found ----------------------------------------------------------------------- */

static bool may_see(const Search *search, const Ticket *ticket)
{
    return !search->queues || g_ptr_array_find_with_equal_func(
                                  search->queues, ticket->queue_name, g_str_equal, NULL);
}

static bool is_known(const Search *search, const Ticket *ticket)
{
    for (guint i = 0; i < search->finding->found->len; i++) {
        const Found *found = search->finding->found->pdata[i];
        if (found->ticket && found->ticket->id == ticket->id)
            return true;
    }
    return false;
}

/* Without a message. */
static Found *add_ticket(Search *search, gint64 id, GError **error)
{
    g_autoptr(Ticket) ticket = NULL;
    if (!tickets_by_id(search->desk->store, id, &ticket, error))
        return NULL;
    Found *found = g_new0(Found, 1);
    found->title = g_strdup(ticket->title);
    found->author = g_strdup("");
    found->snippet = g_strdup("");
    found->at = ticket->updated;
    found->ticket = g_steal_pointer(&ticket);
    g_ptr_array_add(search->finding->found, found);
    return found;
}

static Found *found_of_message(const Search *search, const Message *message)
{
    Found *found = g_new0(Found, 1);
    found->message = message->id;
    found->visibility = message->visibility;
    found->title = g_strdup(message->subject);
    found->author =
        g_strdup(*message->author_name ? message->author_name : message->author_address);
    found->at = message->created;
    found->snippet = snippet_make(search->reader, message->reply, search->words);
    return found;
}

static bool add_hit(Search *search, const SearchHit *hit, GError **error)
{
    g_autoptr(Message) message = NULL;
    g_autoptr(Ticket) ticket = NULL;
    if (!messages_by_id(search->desk->store, hit->message, &message, error) ||
        (hit->ticket && !tickets_by_id(search->desk->store, hit->ticket, &ticket, error)))
        return false;
    /* It may have been found by its id already; one that went away meanwhile is nothing. */
    if (!message || (ticket && (ticket->deleted != 0 || is_known(search, ticket))))
        return true;
    Found *found = found_of_message(search, message);
    if (ticket) {
        g_free(found->title);
        found->title = g_strdup(ticket->title);
        found->ticket = g_steal_pointer(&ticket);
    }
    g_ptr_array_add(search->finding->found, found);
    return true;
}

/* --- the ways to find -------------------------------------------------------------------- */

static bool find_by_id(Search *search, GError **error)
{
    g_autoptr(Ticket) ticket = NULL;
    GError *failure = NULL;
    if (ticket_find(search->desk, search->text, &ticket, &failure))
        return !may_see(search, ticket) || add_ticket(search, ticket->id, error) != NULL;
    /* Most words are no ticket's name. */
    bool rejected = g_error_matches(failure, WICKET_ERROR, ERROR_REJECTED);
    if (rejected)
        g_error_free(failure);
    else
        g_propagate_error(error, failure);
    return rejected;
}

static bool find_by_words(Search *search, GError **error)
{
    g_autoptr(GArray) hits = NULL;
    const SearchQuestion question = {search->words, search->person, FINDING_TICKETS};
    if (!search_find(search->desk->store, search->reader, &question, &hits,
                     &search->finding->beginnings, error))
        return false;
    for (guint i = 0; i < hits->len; i++)
        if (!add_hit(search, &g_array_index(hits, SearchHit, i), error))
            return false;
    return true;
}

/* TicketEach */
static bool add_theirs(const Ticket *ticket, void *user, GError **error)
{
    Search *search = user;
    return is_known(search, ticket) || !may_see(search, ticket) ||
           add_ticket(search, ticket->id, error) != NULL;
}

/* Tickets of somebody who may never have written: those that a technician opened for them. */
static bool find_by_requester(Search *search, GError **error)
{
    g_autofree char *key = address_key(search->text);
    g_autoptr(Person) person = NULL;
    if (!key)
        return true;
    if (!people_by_address(search->desk->store, key, &person, error))
        return false;
    if (!person)
        return true;
    const TicketFilter filter = {.requester = person->id, .limit = FINDING_TICKETS};
    return tickets_each(search->desk->store, &filter, add_theirs, search, error);
}

/* --- all --------------------------------------------------------------------------------- */

static int latest_first(gconstpointer left, gconstpointer right)
{
    const Found *a = *(Found *const *)left, *b = *(Found *const *)right;
    if (a->at != b->at)
        return a->at < b->at ? 1 : -1;
    return a->message < b->message ? 1 : a->message > b->message ? -1 : 0;
}

/* `first` of them stay where they are. */
static void put_in_order(Finding *finding, guint first)
{
    GPtrArray *found = finding->found;
    if (found->len > first)
        qsort(found->pdata + first, found->len - first, sizeof *found->pdata, latest_first);
    finding->full = found->len >= FINDING_TICKETS;
    if (found->len > FINDING_TICKETS)
        g_ptr_array_set_size(found, FINDING_TICKETS);
}

bool finding_search(Desk *desk, const Person *reader, const char *words, Finding **ret,
                    GError **error)
{
    g_autofree char *text = g_strstrip(g_strdup(words));
    g_auto(Search) search = {.desk = desk, .text = text};
    search.finding = g_new0(Finding, 1);
    search.finding->found = g_ptr_array_new_with_free_func(found_free);
    if (!read_words(&search, error) || !read_reader(&search, reader, error) ||
        !find_by_id(&search, error))
        return false;
    guint first = search.finding->found->len;
    if (!find_by_words(&search, error) || !find_by_requester(&search, error))
        return false;
    put_in_order(search.finding, first);
    *ret = g_steal_pointer(&search.finding);
    return true;
}
