/* Words as the search index knows them: letters and digits of any script, without case and
 * diacritics ("Éléments" is "elements").
 *
 * SQLite's own tokenizer reads the question, what is not indexed yet and what is shown, as it
 * reads the index, so that they can never disagree on what a word is. */
#pragma once

#include "schema/store.h"

typedef struct WordReader WordReader;

/* Borrows the store. */
bool word_reader_open(Store *store, WordReader **ret, GError **error);
void word_reader_free(WordReader *reader);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WordReader, word_reader_free)

/* `word` is folded, `length` bytes without a NUL behind them, and made of the bytes from `from`
 * up to `to` of the text. False: that was enough. */
typedef bool (*WordEach)(const char *word, gsize length, gsize from, gsize to, void *user);
/* Reads the first `length` bytes of a text in order. */
void words_each(const WordReader *reader, const char *text, gsize length, WordEach each,
                void *user);
