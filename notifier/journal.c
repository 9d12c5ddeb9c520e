/* Writing log lines. A failure to log is ignored: sending mail matters more. */
#include "notifier/journal.h"

#include "core/base/utf8.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define NAME "mailwicket-notifier"

/* Standard error stays what it was at the start. */
static bool leads_to_journal(void)
{
    static gsize known; /* 1: it does not, 2: it does */
    if (g_once_init_enter(&known))
        g_once_init_leave(&known, g_log_writer_is_journald(STDERR_FILENO) ? 2 : 1);
    return known == 2;
}

static void write_line(GLogLevelFlags level, const char *format, va_list args)
{
    g_autofree char *raw = g_strdup_vprintf(format, args);
    g_autofree char *line = utf8_clean(raw, strlen(raw), TEXT_LINE);
    const GLogField fields[] = {
        {"MESSAGE", line, -1},
        {"PRIORITY", level == G_LOG_LEVEL_WARNING ? "4" : "6", -1},
        {"SYSLOG_IDENTIFIER", NAME, -1},
        {"SYSLOG_FACILITY", "2", -1},
    };
    if (!leads_to_journal() || g_log_writer_journald(level, fields, G_N_ELEMENTS(fields),
                                                     NULL) != G_LOG_WRITER_HANDLED)
        fprintf(stderr, NAME ": %s\n", line);
}

void journal_note(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    write_line(G_LOG_LEVEL_INFO, format, args);
    va_end(args);
}

void journal_warn(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    write_line(G_LOG_LEVEL_WARNING, format, args);
    va_end(args);
}
