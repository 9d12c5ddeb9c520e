/* SQLite's full-text tokenizer, used by itself.
 *
 * Its arguments are those of the index in 0008-search.sql. */
#include "schema/words.h"

#include "core/base/error.h"
#include "schema/sqlite.h"

struct WordReader {
    fts5_tokenizer calls;
    Fts5Tokenizer *tokenizer;
};

void word_reader_free(WordReader *reader)
{
    if (!reader)
        return;
    if (reader->tokenizer)
        reader->calls.xDelete(reader->tokenizer);
    g_free(reader);
}

/* The way FTS5 documents: a statement that fills in a pointer. NULL: this SQLite has no FTS5.
 */
static fts5_api *find_api(Store *store)
{
    fts5_api *api = NULL;
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(store->db, "SELECT fts5(?1)", -1, &statement, NULL) != SQLITE_OK)
        return NULL;
    sqlite3_bind_pointer(statement, 1, &api, "fts5_api_ptr", NULL);
    sqlite3_step(statement);
    sqlite3_finalize(statement);
    return api;
}

static bool make_tokenizer(fts5_api *api, WordReader *reader)
{
    static const char *arguments[] = {"remove_diacritics", "2"};
    void *context = NULL;
    return api->xFindTokenizer(api, "unicode61", &context, &reader->calls) == SQLITE_OK &&
           reader->calls.xCreate(context, arguments, G_N_ELEMENTS(arguments),
                                 &reader->tokenizer) == SQLITE_OK;
}

bool word_reader_open(Store *store, WordReader **ret, GError **error)
{
    g_autoptr(WordReader) reader = g_new0(WordReader, 1);
    fts5_api *api = find_api(store);
    if (!api || !make_tokenizer(api, reader)) {
        g_set_error(error, WICKET_ERROR, ERROR_CONFIG,
                    "SQLite %s was built without full-text search (FTS5)",
                    sqlite3_libversion());
        return false;
    }
    *ret = g_steal_pointer(&reader);
    return true;
}

typedef struct {
    WordEach each;
    void *user;
} Reading;

static int hand_over(void *context, int flags, const char *word, int length, int from, int to)
{
    const Reading *reading = context;
    return reading->each(word, (gsize)length, (gsize)from, (gsize)to, reading->user)
               ? SQLITE_OK
               : SQLITE_DONE;
}

void words_each(const WordReader *reader, const char *text, gsize length, WordEach each,
                void *user)
{
    Reading reading = {each, user};
    reader->calls.xTokenize(reader->tokenizer, &reading, FTS5_TOKENIZE_AUX, text,
                            (int)MIN(length, G_MAXINT), hand_over);
}
