/* A command line: whatever stands in it, there is a command or an answer that says no. */
#include "mda/command.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const guint8 *bytes, gsize length);

int LLVMFuzzerTestOneInput(const guint8 *bytes, gsize length)
{
    g_autofree char *exact = g_memdup2(bytes, length);
    g_auto(Command) command = {0};
    command_parse(exact ? exact : "", length, &command);
    if (command.verb == COMMAND_WRONG)
        g_assert_true(*command.answer == '5');
    if (command.verb == COMMAND_MAIL || command.verb == COMMAND_RCPT) {
        g_assert_nonnull(command.address);
        g_assert_null(strpbrk(command.address, "\r\n\t"));
    }
    if (command.verb == COMMAND_XFORWARD)
        g_assert_cmpuint(strlen(command.ident), <=, 64);
    return 0;
}
