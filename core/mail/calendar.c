/* Reading the first event of a calendar: one pass over its unfolded lines.
 *
 * Only the properties of the table are kept, each capped, from the calendar itself and from its
 * first VEVENT; alarms and time zones within are passed over. Times are not converted: the zone
 * that a calendar names is its sender's own, and a technician can tell what is meant.
 *
 * Never fails: what is no property is skipped. */
#include "core/mail/calendar.h"

#include "core/base/utf8.h"
#include "core/mail/content_line.h"

#include <stdbool.h>
#include <string.h>

enum { READ_MAX = 256 * 1024, VALUE_MAX = 300 };

typedef enum {
    METHOD,
    STATUS,
    SUMMARY,
    START,
    END,
    LOCATION,
    ORGANIZER,
    ATTENDEE,
    RULE,
    N_PROPERTIES
} Property;

static const struct {
    const char *name;
    bool of_event; /* else of the calendar */
} properties[N_PROPERTIES] = {
    [METHOD] = {"METHOD", false},      [STATUS] = {"STATUS", true},
    [SUMMARY] = {"SUMMARY", true},     [START] = {"DTSTART", true},
    [END] = {"DTEND", true},           [LOCATION] = {"LOCATION", true},
    [ORGANIZER] = {"ORGANIZER", true}, [ATTENDEE] = {"ATTENDEE", true},
    [RULE] = {"RRULE", true},
};

typedef struct {
    char *values[N_PROPERTIES];     /* as written; NULL: not there */
    char *parameters[N_PROPERTIES]; /* ";TZID=…;CN=…" */
    bool french;
} Event;

static void event_clear(Event *event)
{
    for (gsize i = 0; i < N_PROPERTIES; i++) {
        g_free(event->values[i]);
        g_free(event->parameters[i]);
    }
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Event, event_clear)

/* --- lines ------------------------------------------------------------------------------- */

/* `depth`: of components; 1 the calendar, 2 an event. */
static void take_property(Event *event, const char *name, const char *value, int depth)
{
    for (gsize i = 0; i < N_PROPERTIES; i++) {
        bool here = depth == (properties[i].of_event ? 2 : 1);
        if (!here || event->values[i] || !content_line_is(name, properties[i].name))
            continue;
        gsize n = strlen(value);
        if (n > VALUE_MAX)
            for (n = VALUE_MAX; n > 0 && ((guchar)value[n] & 0xc0) == 0x80;)
                n--;
        event->values[i] = g_strndup(value, n);
        event->parameters[i] = g_strdup(name + strlen(properties[i].name));
    }
}

static bool says_french(const char *name, const char *value)
{
    g_autofree char *upper = g_ascii_strup(name, -1);
    return strstr(upper, "LANGUAGE=FR") != NULL ||
           (strcmp(upper, "PRODID") == 0 && g_str_has_suffix(value, "//FR"));
}

static void read_event(const char *ics, gsize length, Event *event)
{
    g_autoptr(GString) line = g_string_new(NULL);
    const char *end = ics + MIN(length, (gsize)READ_MAX);
    int depth = 0, skipped = 0; /* skipped: depth of a component that is passed over */
    while (content_line_next(&ics, end, line)) {
        char *value = content_line_divide(line->str);
        if (!value)
            continue;
        if (content_line_is(line->str, "BEGIN")) {
            depth++;
            bool event_begins = depth == 2 && g_ascii_strcasecmp(value, "VEVENT") == 0;
            if (depth > 1 && !event_begins && skipped == 0)
                skipped = depth;
        } else if (content_line_is(line->str, "END")) {
            if (depth == 2 && skipped == 0)
                return;
            skipped = skipped == depth ? 0 : skipped;
            depth = MAX(depth - 1, 0);
        } else if (skipped == 0) {
            event->french |= says_french(line->str, value);
            take_property(event, line->str, value, depth);
        }
    }
}

/* --- values ------------------------------------------------------------------------------ */

/* The parameter's value without its quotes, or NULL. */
static char *parameter(const char *parameters, const char *name)
{
    gsize length = strlen(name);
    bool quoted = false;
    for (const char *p = parameters; *p; p++) {
        quoted ^= *p == '"';
        if (*p != ';' || quoted || g_ascii_strncasecmp(p + 1, name, length) != 0 ||
            p[1 + length] != '=')
            continue;
        p += length + 2;
        gsize n = *p == '"' ? strcspn(++p, "\"") : strcspn(p, ";");
        return utf8_clean(p, n, TEXT_LINE);
    }
    return NULL;
}

static bool is_digits(const char *text, gsize n)
{
    return strspn(text, "0123456789") >= n;
}

/* "20261120T091200Z" → "2026-11-20 09:12"; *ret_clock: the time of day in it, or "". */
static char *date_text(const char *value, const char **ret_clock)
{
    if (!is_digits(value, 8))
        return NULL;
    char *text = g_strdup_printf("%.4s-%.2s-%.2s", value, value + 4, value + 6);
    *ret_clock = "";
    if (value[8] != 'T' || !is_digits(value + 9, 4))
        return text;
    char *whole = g_strdup_printf("%s %.2s:%.2s", text, value + 9, value + 11);
    g_free(text);
    *ret_clock = whole + strlen("2026-11-20 ");
    return whole;
}

static char *zone_text(const Event *event)
{
    const char *start = event->values[START];
    if (g_str_has_suffix(start, "Z"))
        return g_strdup(" UTC");
    g_autofree char *zone = parameter(event->parameters[START], "TZID");
    return zone && *zone ? g_strdup_printf(" (%s)", zone) : g_strdup("");
}

/* "2026-11-20 09:12 – 10:00 (Europe/Paris)"; the end's date only if it is another one. */
static char *when_text(const Event *event)
{
    const char *clock, *end_clock;
    g_autofree char *start = date_text(event->values[START], &clock);
    if (!start)
        return NULL;
    const char *value = event->values[END];
    g_autofree char *end = value ? date_text(value, &end_clock) : NULL;
    g_autofree char *zone = zone_text(event);
    if (!end || *clock == '\0' || *end_clock == '\0')
        return g_strconcat(start, zone, NULL);
    bool same_day = strncmp(start, end, strlen("2026-11-20")) == 0;
    return g_strconcat(start, " – ", same_day ? end_clock : end, zone, NULL);
}

/* "Ann <ann@x>", from CN and a mailto: address. */
static char *person_text(const Event *event, Property property)
{
    if (!event->values[property])
        return NULL;
    g_autofree char *name = parameter(event->parameters[property], "CN");
    g_autofree char *value = content_line_text(event->values[property]);
    const char *address =
        g_ascii_strncasecmp(value, "mailto:", 7) == 0 ? value + strlen("mailto:") : value;
    if (!name || *name == '\0' || strcmp(name, address) == 0)
        return g_strdup(address);
    return g_strdup_printf("%s <%s>", name, address);
}

/* --- words ------------------------------------------------------------------------------- */

typedef struct {
    const char *key, *english, *french;
} Word;

static const Word methods[] = {
    {"REQUEST", "Invitation", "Invitation"},
    {"CANCEL", "Cancelled", "Annulation"},
    {"COUNTER", "Another time is proposed", "Autre horaire proposé"},
    {"PUBLISH", "Event", "Événement"},
};
static const Word answers[] = {
    {"ACCEPTED", "Accepted", "Accepté"},
    {"DECLINED", "Declined", "Refusé"},
    {"TENTATIVE", "Accepted tentatively", "Accepté provisoirement"},
};

static const char *find_word(const Word *words, gsize n, const char *key, bool french)
{
    for (gsize i = 0; key && i < n; i++)
        if (g_ascii_strcasecmp(words[i].key, key) == 0)
            return french ? words[i].french : words[i].english;
    return NULL;
}

static const char *heading(const Event *event)
{
    const char *method = event->values[METHOD];
    const char *word = NULL;
    if (g_strcmp0(event->values[STATUS], "CANCELLED") == 0)
        method = "CANCEL";
    if (method && g_ascii_strcasecmp(method, "REPLY") == 0 && event->parameters[ATTENDEE]) {
        g_autofree char *status = parameter(event->parameters[ATTENDEE], "PARTSTAT");
        word = find_word(answers, G_N_ELEMENTS(answers), status, event->french);
    } else {
        word = find_word(methods, G_N_ELEMENTS(methods), method, event->french);
    }
    return word ? word : find_word(methods, G_N_ELEMENTS(methods), "PUBLISH", event->french);
}

static void add_line(GString *out, const char *label, bool french, const char *value)
{
    if (value && *value)
        g_string_append_printf(out, "%s%s %s\n", label, french ? " :" : ":", value);
}

static bool is_told(const char *summary, const char *when, const char *beside)
{
    g_autofree char *year = when ? g_strndup(when, 4) : NULL;
    return strstr(beside, summary) && (!year || strstr(beside, year));
}

char *calendar_to_text(const char *ics, gsize length, const char *beside)
{
    g_auto(Event) event = {0};
    read_event(ics, length, &event);
    if (!event.values[START])
        return NULL;
    bool french = event.french;
    g_autofree char *summary =
        content_line_text(event.values[SUMMARY] ? event.values[SUMMARY] : "");
    g_autofree char *when = when_text(&event);
    if (is_told(summary, when, beside))
        return NULL;
    g_autofree char *repeated =
        when && event.values[RULE]
            ? g_strconcat(when, french ? ", se répète" : ", repeats", NULL)
            : NULL;
    g_autofree char *where =
        event.values[LOCATION] ? content_line_text(event.values[LOCATION]) : NULL;
    g_autofree char *organizer = person_text(&event, ORGANIZER);
    GString *out = g_string_new(NULL);
    add_line(out, heading(&event), french, summary);
    add_line(out, french ? "Quand" : "When", french, repeated ? repeated : when);
    add_line(out, french ? "Lieu" : "Where", french, where);
    add_line(out, french ? "Organisateur" : "Organizer", french, organizer);
    return g_string_free(out, FALSE);
}
