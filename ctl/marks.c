/* Printing marked lines, and keeping those that matter. */
#include "ctl/marks.h"

#include <stdio.h>

Marks marks_start(bool quiet)
{
    return (Marks){quiet, g_ptr_array_new_with_free_func(g_free)};
}

void marks_end(Marks *marks)
{
    g_clear_pointer(&marks->wrong, g_ptr_array_unref);
}

static void say(const Marks *marks, const char *mark, const char *line)
{
    if (!marks->quiet)
        printf("%-6s%s\n", mark, line);
}

void marks_ok(Marks *marks, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *line = g_strdup_vprintf(format, args);
    va_end(args);
    say(marks, "ok", line);
}

void marks_note(Marks *marks, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *line = g_strdup_vprintf(format, args);
    va_end(args);
    say(marks, "note", line);
}

void marks_wrong(Marks *marks, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *line = g_strdup_vprintf(format, args);
    va_end(args);
    say(marks, "WRONG", line);
    g_ptr_array_add(marks->wrong, line);
}
