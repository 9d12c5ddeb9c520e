/* The commands of a mail: whatever is written, what comes out is text and known verbs, and no
 * word of the text below the block is lost. */
#include "core/base/utf8.h"
#include "core/desk/command.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const guint8 *data, size_t size);

static void read_as(const char *text, CommandStyle style)
{
    g_autoptr(CommandBlock) block = command_read(text, style);
    g_assert_true(g_utf8_validate(block->text, -1, NULL));
    g_assert_cmpuint(block->commands->len, <=, COMMAND_LINES_MAX);
    g_assert_cmpuint(strlen(block->text), <=, strlen(text));
    for (guint i = 0; i < block->commands->len; i++) {
        const Command *command = block->commands->pdata[i];
        g_assert_true(g_utf8_validate(command->rest, -1, NULL));
        if (!command->verb)
            verb_nearest(command->word);
    }
    if (block->commands->len == 0 && !strchr(text, '\\'))
        g_assert_cmpstr(block->text, ==, text);
}

int LLVMFuzzerTestOneInput(const guint8 *data, size_t size)
{
    g_autofree char *text = utf8_clean((const char *)data, size, TEXT_BLOCK);
    read_as(text, COMMAND_MARKED);
    read_as(text, COMMAND_BARE);
    return 0;
}
