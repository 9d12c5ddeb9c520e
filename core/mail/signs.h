/* What the headers of a mail say, in the pieces that the rules about its kind are made of. */
#pragma once

#include "core/mail/kind.h"

typedef struct {
    KindLookup lookup;
    void *user;
    Mail *mail;
} Evidence;

/* Sets the kind; `machine` is one of a fixed set of phrases. True, so that a rule can end so.
 */
bool sign_decide(const Evidence *evidence, MailKind kind, const char *machine);

/* The raw value of a header field; NULL when absent. */
const char *sign_look_up(const Evidence *evidence, const char *name);
/* The next word of an unstructured value; comments in parentheses do not count. */
bool sign_next_word(const char **rest, const char **word, gsize *length);
bool sign_word_is(const char *word, gsize length, const char *expected); /* in any case */
/* Which of `vocabulary` (NULL-terminated) is a word of `value` (or NULL); NULL if none. */
const char *sign_find_word(const char *value, const char *const *vocabulary);
/* Is the first word of `value` (or NULL) anything but "no" or "false"? */
bool sign_says_yes(const char *value);

/* What stands between the < and > of the Return-Path; NULL without one. "" is the null sender.
 */
char *sign_return_path(const Evidence *evidence);
bool sign_is_null_sender(const Evidence *evidence);
bool sign_has_no_author(const Mail *mail); /* no From, or an empty one: "<>" */
/* Is the local part one of `locals` (NULL-terminated)? */
bool sign_local_part_is(const char *address, const char *const *locals);
/* Is that so of a sender, or of its name where it has no address? */
bool sign_from_is(const Mail *mail, const char *const *locals);
