/* Comparing words: the answer's runs of words are put in a table once, then the ticket's
 * messages are read one after the other and mark the runs they hold. So time is linear in all
 * text and memory in the answer alone.
 *
 * A run is known by a 64-bit hash of its words: who wanted a collision with a note would have
 * to know the note. Nothing here fails but the store. */
#include "core/desk/leak.h"

#include "core/desk/author.h"
#include "core/desk/wording.h"
#include "schema/messages.h"

#include <string.h>

#define RUN_WORDS 6
#define SHORT_WORDS 3 /* a text with fewer words tells nothing */
#define SHORT_CHARS 16

typedef struct {
    guint64 key; /* first: the table hashes a Run as its key */
    bool internal, public;
} Run;

struct LeakCheck {
    GArray *runs; /* Run; as long as it can get from the start, so that it never moves */
    GHashTable *by_key;
};

static void read_words(Wording *words, const char *text)
{
    wording_read(words, text, strnlen(text, LEAK_READ_BYTES));
}

/* --- runs -------------------------------------------------------------------------------- */

typedef void (*RunFunc)(LeakCheck *check, guint64 key);

/* Every run of `least` to RUN_WORDS words. */
static void each_run(LeakCheck *check, const Wording *words, guint least, RunFunc visit)
{
    const GArray *hashes = words->hashes;
    for (guint start = 0; start < hashes->len; start++) {
        guint64 key = WORDING_START;
        guint most = MIN(RUN_WORDS, hashes->len - start);
        for (guint n = 1; n <= most; n++) {
            key = (key ^ g_array_index(hashes, guint64, start + n - 1)) * WORDING_PRIME;
            key ^= key >> 32;
            if (n >= least)
                visit(check, key);
        }
    }
}

static void add_run(LeakCheck *check, guint64 key)
{
    const Run run = {.key = key};
    if (g_hash_table_contains(check->by_key, &key))
        return;
    g_array_append_val(check->runs, run);
    g_hash_table_add(check->by_key, &g_array_index(check->runs, Run, check->runs->len - 1));
}

static void mark_internal(LeakCheck *check, guint64 key)
{
    Run *run = g_hash_table_lookup(check->by_key, &key);
    if (run)
        run->internal = true;
}

static void mark_public(LeakCheck *check, guint64 key)
{
    Run *run = g_hash_table_lookup(check->by_key, &key);
    if (run)
        run->public = true;
}

/* --- the check --------------------------------------------------------------------------- */

LeakCheck *leak_check_new(const char *reply, const char *signature)
{
    g_auto(Wording) words = wording_new();
    LeakCheck *check = g_new0(LeakCheck, 1);
    read_words(&words, reply);
    read_words(&words, signature);
    check->runs = g_array_sized_new(FALSE, FALSE, sizeof(Run),
                                    words.hashes->len * (RUN_WORDS - SHORT_WORDS + 1));
    check->by_key = g_hash_table_new(g_int64_hash, g_int64_equal);
    each_run(check, &words, SHORT_WORDS, add_run);
    return check;
}

void leak_check_free(LeakCheck *check)
{
    if (!check)
        return;
    g_hash_table_unref(check->by_key);
    g_array_unref(check->runs);
    g_free(check);
}

void leak_check_add_internal(LeakCheck *check, const char *text)
{
    g_auto(Wording) words = wording_new();
    read_words(&words, text);
    guint n = words.hashes->len;
    if (n >= RUN_WORDS)
        each_run(check, &words, RUN_WORDS, mark_internal);
    else if (n >= SHORT_WORDS && words.chars + n - 1 >= SHORT_CHARS)
        each_run(check, &words, n, mark_internal);
}

void leak_check_add_public(LeakCheck *check, const char *text)
{
    g_auto(Wording) words = wording_new();
    read_words(&words, text);
    each_run(check, &words, SHORT_WORDS, mark_public);
}

bool leak_check_found(const LeakCheck *check)
{
    for (guint i = 0; i < check->runs->len; i++) {
        const Run *run = &g_array_index(check->runs, Run, i);
        if (run->internal && !run->public)
            return true;
    }
    return false;
}

/* --- a ticket ---------------------------------------------------------------------------- */

/* An agent's answer that waits for its confirmation, or was held for this very reason. */
static bool is_held_answer(Desk *desk, const Message *message, bool *ret, GError **error)
{
    g_autoptr(Person) author = NULL;
    *ret = false;
    if (message->visibility == VISIBILITY_INTERNAL || message->intent != VISIBILITY_PUBLIC ||
        message->author == 0)
        return true;
    if (!people_by_id(desk->store, message->author, &author, error))
        return false;
    *ret = person_is_agent(author);
    return true;
}

static bool add_message(Desk *desk, LeakCheck *check, const Message *message, GError **error)
{
    bool held_answer = false;
    if (message->visibility == VISIBILITY_PUBLIC) {
        leak_check_add_public(check, message->reply);
        leak_check_add_public(check, message->signature);
        return true;
    }
    if (!is_held_answer(desk, message, &held_answer, error))
        return false;
    /* Not its signature: its author signs answers to customers with the same. */
    if (!held_answer)
        leak_check_add_internal(check, message->reply);
    return true;
}

bool leak_quotes_note(Desk *desk, const Ticket *ticket, const char *reply,
                      const char *signature, bool *ret, GError **error)
{
    g_autoptr(GPtrArray) messages = NULL;
    g_autoptr(LeakCheck) check = leak_check_new(reply, signature);
    if (!messages_of(desk->store, ticket->id, &messages, error))
        return false;
    leak_check_add_public(check, ticket->title);
    for (guint i = 0; i < messages->len; i++)
        if (!add_message(desk, check, messages->pdata[i], error))
            return false;
    *ret = leak_check_found(check);
    return true;
}
