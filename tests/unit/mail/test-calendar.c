/* Invitations as lines: what a technician would read, and that hostile calendars say nothing.
 */
#include "core/mail/calendar.h"

#include <string.h>

#define EVENT(lines) "BEGIN:VCALENDAR\r\n" lines "END:VEVENT\r\nEND:VCALENDAR\r\n"
#define BEGIN "BEGIN:VEVENT\r\n"

static const struct {
    const char *what, *ics, *beside, *text;
} cases[] = {
    {"an invitation",
     EVENT("METHOD:REQUEST\r\nBEGIN:VTIMEZONE\r\nTZID:Europe/Paris\r\nBEGIN:STANDARD\r\n"
           "DTSTART:19701025T030000\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n" BEGIN
           "SUMMARY:Panne\\, suite\r\nDTSTART;TZID=Europe/Paris:20261120T091200\r\n"
           "DTEND;TZID=Europe/Paris:20261120T100000\r\nLOCATION:Salle 2\\nBât. A\r\n"
           "ORGANIZER;CN=\"Paul; Petit\":mailto:paul@desk.example\r\n"),
     "",
     "Invitation: Panne, suite\nWhen: 2026-11-20 09:12 – 10:00 (Europe/Paris)\n"
     "Where: Salle 2 Bât. A\nOrganizer: Paul; Petit <paul@desk.example>\n"},
    {"in French",
     EVENT("PRODID:-//Example//FR\r\nMETHOD:CANCEL\r\n" BEGIN
           "SUMMARY:Panne\r\nDTSTART;VALUE=DATE:20261120\r\nRRULE:FREQ=WEEKLY\r\n"),
     "", "Annulation : Panne\nQuand : 2026-11-20, se répète\n"},
    {"an answer",
     EVENT("METHOD:REPLY\r\n" BEGIN "SUMMARY;LANGUAGE=fr-FR:Panne\r\n"
           "ATTENDEE;PARTSTAT=DECLINED:mailto:a@b\r\nDTSTART:20261120T091200Z\r\n"
           "DTEND:20261121T000000Z\r\n"),
     "", "Refusé : Panne\nQuand : 2026-11-20 09:12 – 2026-11-21 00:00 UTC\n"},
    {"a folded name and an alarm",
     EVENT(BEGIN "BEGIN:VALARM\nSUMMARY:no\nEND:VALARM\nSUMMARY:Pan\n ne\n"
                 "DTSTART:20261120T0912\n"),
     "", "Event: Panne\nWhen: 2026-11-20 09:12\n"},
    {"told beside", EVENT(BEGIN "SUMMARY:Panne\r\nDTSTART:20261120T0912\r\n"),
     "Panne, le 20 novembre 2026", NULL},
    {"not told beside", EVENT(BEGIN "SUMMARY:Panne\r\nDTSTART:20261120T0912\r\n"),
     "Panne, comme convenu", "Event: Panne\nWhen: 2026-11-20 09:12\n"},
    {"controls", EVENT(BEGIN "SUMMARY:a\x01\x7f\tb\r\nDTSTART:20261120T0912\r\n"), "",
     "Event: a b\nWhen: 2026-11-20 09:12\n"},
    {"a start that is none", EVENT(BEGIN "SUMMARY:a\r\nDTSTART:soon\r\n"), "", "Event: a\n"},
    {"no start", EVENT(BEGIN "SUMMARY:a\r\n"), "", NULL},
    {"no event", "BEGIN:VCALENDAR\r\nSUMMARY:a\r\nDTSTART:20261120\r\n", "", NULL},
    {"ends without beginnings", "END:VEVENT\nEND:X\nBEGIN:VEVENT\nSUMMARY:a\nDTSTART:1\n", "",
     NULL},
    {"nothing", "", "", NULL},
};

static void test_table(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        gsize length = strlen(cases[i].ics);
        g_autofree char *block = g_memdup2(cases[i].ics, length);
        g_autofree char *text = calendar_to_text(block, length, cases[i].beside);
        g_test_message("%s", cases[i].what);
        g_assert_cmpstr(text, ==, cases[i].text);
    }
}

static void test_long(void)
{
    g_autoptr(GString) ics = g_string_new("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20261120\n");
    g_string_append(ics, "SUMMARY:");
    for (int i = 0; i < 100000; i++)
        g_string_append(ics, "é\n ");
    for (int i = 0; i < 100000; i++)
        g_string_append(ics, "BEGIN:X\n");
    g_autofree char *text = calendar_to_text(ics->str, ics->len, "");
    g_assert_true(g_utf8_validate(text, -1, NULL));
    g_assert_cmpuint(strlen(text), <, 400);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/mail/calendar/table", test_table);
    g_test_add_func("/mail/calendar/long", test_long);
    return g_test_run();
}
