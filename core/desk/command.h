/* The commands at the top of a mail.
 *
 *   mail  = *blank block [text]
 *   block = 1*( "!" verb *(SP argument) EOL )      column 0, ended by the first other line
 *
 * `#verb` does as well where the verb is known, so that "#1 problem" stays text; "\!" and "\#"
 * at the start of a line are the character itself. No-break spaces, typographic quotes and a
 * byte order mark count as what they stand for. Text is the sender's own words, clean UTF-8. */
#pragma once

#include "core/desk/verb.h"

#include <glib.h>
#include <stdbool.h>

typedef struct {
    char *line;       /* as written */
    char *word;       /* the verb as written */
    const Verb *verb; /* NULL: unknown */
    char *rest;       /* what follows the verb, trimmed */
    GPtrArray *words; /* char *: the rest in words; "…" holds one together */
} Command;

void command_free(Command *command);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Command, command_free)

typedef struct {
    GPtrArray *commands; /* Command *, in order; empty: none */
    char *text;          /* what is left for people to read */
    char *stray;         /* the first line of it that looks like a command; NULL: none */
} CommandBlock;

/* How a block begins. */
typedef enum {
    COMMAND_MARKED, /* by ! or # */
    COMMAND_BARE,   /* by nothing: in mail to an address that takes commands only */
} CommandStyle;

#define COMMAND_LINES_MAX 100 /* of a block; what is past it is text */

CommandBlock *command_read(const char *text, CommandStyle style);
void command_block_free(CommandBlock *block);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CommandBlock, command_block_free)
