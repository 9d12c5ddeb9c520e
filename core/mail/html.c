/* HTML → text: a tokenizer and a few counters, no tree.
 *
 * One pass, and every search that fails is remembered, so that no input costs more than a
 * constant per byte; memory is the output. Tag soup needs no repair: an end tag without a start
 * does nothing, a start tag without an end lasts to the end of the input. Only text that would
 * vanish behind an unclosed hidden element is rendered again with hiding off.
 *
 * Not here: styles beyond those that hide text, table geometry, safety. The output is plain
 * text, and whoever puts it into HTML escapes it. Never fails. */
#include "core/mail/html.h"

#include "core/base/utf8.h"
#include "core/mail/entity.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define TAG_MAX 15    /* bytes of a tag name that matter */
#define QUOTE_MAX 20  /* "> " marks of one line */
#define LIST_MAX 16   /* nested lists that count */
#define BREAKS_MAX 3  /* line ends in a row: two blank lines */
#define LINK_MAX 2000 /* bytes of a link worth showing */
#define RULE "--------------------"

typedef enum {
    TAG_BLOCK,     /* starts and ends a line */
    TAG_PARAGRAPH, /* a blank line around it */
    TAG_BREAK,
    TAG_RULE,
    TAG_QUOTE,
    TAG_PRE,
    TAG_LIST,
    TAG_ORDERED_LIST,
    TAG_ITEM,
    TAG_CELL,
    TAG_LINK,
    TAG_IMAGE,
    TAG_RAW,    /* holds no markup and nothing to read: skipped up to its end tag */
    TAG_HIDDEN, /* holds markup, and nothing to read */
    TAG_VOID,   /* has no content that could be hidden */
} TagEffect;

typedef struct {
    const char *name;
    TagEffect effect;
} TagRow;

/* Sorted by name. */
static const TagRow tags[] = {
    {"a", TAG_LINK},          {"address", TAG_BLOCK},    {"article", TAG_BLOCK},
    {"audio", TAG_HIDDEN},    {"blockquote", TAG_QUOTE}, {"body", TAG_BLOCK},
    {"br", TAG_BREAK},        {"canvas", TAG_HIDDEN},    {"caption", TAG_BLOCK},
    {"center", TAG_BLOCK},    {"dd", TAG_BLOCK},         {"div", TAG_BLOCK},
    {"dl", TAG_PARAGRAPH},    {"dt", TAG_BLOCK},         {"fieldset", TAG_BLOCK},
    {"figure", TAG_BLOCK},    {"footer", TAG_BLOCK},     {"form", TAG_BLOCK},
    {"h1", TAG_PARAGRAPH},    {"h2", TAG_PARAGRAPH},     {"h3", TAG_PARAGRAPH},
    {"h4", TAG_PARAGRAPH},    {"h5", TAG_PARAGRAPH},     {"h6", TAG_PARAGRAPH},
    {"header", TAG_BLOCK},    {"hr", TAG_RULE},          {"html", TAG_BLOCK},
    {"iframe", TAG_RAW},      {"img", TAG_IMAGE},        {"input", TAG_VOID},
    {"li", TAG_ITEM},         {"link", TAG_VOID},        {"main", TAG_BLOCK},
    {"math", TAG_HIDDEN},     {"menu", TAG_LIST},        {"meta", TAG_VOID},
    {"nav", TAG_BLOCK},       {"noembed", TAG_RAW},      {"noframes", TAG_RAW},
    {"object", TAG_HIDDEN},   {"ol", TAG_ORDERED_LIST},  {"p", TAG_PARAGRAPH},
    {"pre", TAG_PRE},         {"script", TAG_RAW},       {"section", TAG_BLOCK},
    {"select", TAG_HIDDEN},   {"style", TAG_RAW},        {"svg", TAG_HIDDEN},
    {"table", TAG_BLOCK},     {"tbody", TAG_BLOCK},      {"td", TAG_CELL},
    {"template", TAG_HIDDEN}, {"textarea", TAG_RAW},     {"tfoot", TAG_BLOCK},
    {"th", TAG_CELL},         {"thead", TAG_BLOCK},      {"title", TAG_RAW},
    {"tr", TAG_BLOCK},        {"ul", TAG_LIST},          {"video", TAG_HIDDEN},
    {"wbr", TAG_VOID},        {"xml", TAG_HIDDEN},       {"xmp", TAG_RAW},
};

typedef struct {
    const char *at, *end; /* of the input; at NULL: absent */
} Slice;

typedef struct {
    char name[TAG_MAX + 1];
    int effect; /* TagEffect, -1 for a tag without effect */
    bool closing;
    bool hidden; /* the author hides it */
    bool tight;  /* a paragraph without margins, as Outlook's lines are */
    Slice href, alt;
} Tag;

typedef struct {
    const char *at, *end;
    bool no_single, no_double; /* no such quote is left in the input */

    GString *out;
    int breaks; /* line ends due before the next text */
    bool space; /* a space is due */
    int quote;  /* depth */
    int pre;
    gsize paragraph; /* out->len where the tight paragraph began */

    int items[LIST_MAX]; /* of the open lists: the next number, 0 for bullets */
    int lists;
    bool item; /* an item's mark is due */
    int number;

    Slice link;
    gsize link_start;

    bool show_all;            /* ignore hiding */
    char hidden[TAG_MAX + 1]; /* the element that hides what is in it */
    int hidden_depth;         /* elements of that name open since; 0: nothing is hidden */
} Renderer;

/* --- text -------------------------------------------------------------------------------- */

static void break_lines(Renderer *renderer, int n)
{
    renderer->breaks = MAX(renderer->breaks, n);
}

/* What stands at the start of a line: quote marks, an item's bullet or number. */
static void begin_line(Renderer *renderer)
{
    for (int i = 0; i < MIN(renderer->quote, QUOTE_MAX); i++)
        g_string_append(renderer->out, "> ");
    if (!renderer->item)
        return;
    renderer->item = false;
    for (int i = 1; i < MIN(renderer->lists, LIST_MAX); i++)
        g_string_append(renderer->out, "  ");
    if (renderer->number > 0)
        g_string_append_printf(renderer->out, "%d. ", renderer->number);
    else
        g_string_append(renderer->out, "* ");
}

/* Before any visible text: puts out what is due. */
static void begin_text(Renderer *renderer)
{
    GString *out = renderer->out;
    if (out->len == 0 || renderer->breaks > 0) {
        if (out->len > 0)
            for (int i = 0; i < renderer->breaks; i++)
                g_string_append_c(out, '\n');
        begin_line(renderer);
    } else if (renderer->space) {
        g_string_append_c(out, ' ');
    }
    renderer->breaks = 0;
    renderer->space = false;
}

static void append_text(Renderer *renderer, const char *text, gsize length)
{
    if (renderer->hidden_depth > 0)
        return;
    begin_text(renderer);
    g_string_append_len(renderer->out, text, (gssize)length);
}

static bool is_white(gunichar c)
{
    return c == ' ' || (c >= '\t' && c <= '\r') || c == 0xa0 || c == 0x1680 ||
           (c >= 0x2000 && c <= 0x200a) || c == 0x202f || c == 0x205f;
}

/* Invisible characters: soft hyphens, and what newsletters pad their previews with. */
static bool is_invisible(const Renderer *renderer, gunichar c)
{
    if (c == 0x200c) { /* a letter joiner in some scripts, padding after anything else */
        const GString *out = renderer->out;
        return renderer->space || out->len == 0 || (guchar)out->str[out->len - 1] < 0x80;
    }
    return c == 0xad || c == 0x34f || c == 0x200b || c == 0x2060 || c == 0xfeff;
}

static void append_pre_white(Renderer *renderer, gunichar c)
{
    if (c == '\n') {
        renderer->breaks++;
    } else if (c != '\r') {
        begin_text(renderer);
        g_string_append_c(renderer->out, c == '\t' ? '\t' : ' ');
    }
}

static void append_char(Renderer *renderer, gunichar c)
{
    if (renderer->hidden_depth > 0 || is_invisible(renderer, c))
        return;
    if (is_white(c)) {
        if (renderer->pre > 0)
            append_pre_white(renderer, c);
        else
            renderer->space = true;
        return;
    }
    begin_text(renderer);
    g_string_append_unichar(renderer->out, c);
}

/* Bytes that need no look at the character they belong to. The rest: markup, white space, and
 * the lead bytes of characters that is_white or is_invisible may know. */
static bool is_plain(guchar byte)
{
    return byte > ' ' && byte != '<' && byte != '&' && byte != 0xc2 && byte != 0xcd &&
           byte != 0xe1 && byte != 0xe2 && byte != 0xef;
}

static const char *read_char(Renderer *renderer, const char *at, const char *end)
{
    if ((guchar)*at < 0x80) {
        append_char(renderer, (guchar)*at);
        return at + 1;
    }
    gunichar c = g_utf8_get_char_validated(at, end - at);
    bool valid = c < (gunichar)-2;
    append_char(renderer, valid ? c : 0xfffd);
    return valid ? g_utf8_next_char(at) : at + 1;
}

/* Character data from `at` to a "<" or the end. */
static const char *read_text(Renderer *renderer, const char *at, const char *end,
                             bool in_attribute)
{
    while (at < end && (*at != '<' || in_attribute)) {
        const char *run = at;
        while (at < end && is_plain((guchar)*at))
            at++;
        if (at > run) {
            append_text(renderer, run, (gsize)(at - run));
            continue;
        }
        gunichar c;
        const char *after = *at == '&' ? entity_read(at, end, in_attribute, &c) : NULL;
        if (after) {
            append_char(renderer, c);
            at = after;
        } else {
            at = read_char(renderer, at, end);
        }
    }
    return at;
}

/* --- tags -------------------------------------------------------------------------------- */

static int compare_tag(const void *key, const void *row)
{
    return strcmp(key, ((const TagRow *)row)->name);
}

static int tag_effect(const char *name)
{
    const TagRow *row = bsearch(name, tags, G_N_ELEMENTS(tags), sizeof *tags, compare_tag);
    return row ? (int)row->effect : -1;
}

static bool is_html_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool is_named(Slice slice, const char *name)
{
    gsize length = strlen(name);
    return (gsize)(slice.end - slice.at) == length &&
           g_ascii_strncasecmp(slice.at, name, length) == 0;
}

/* Is `wanted` (lower case, no blanks) in `value`, blanks and case aside? */
static bool value_holds(Slice value, const char *wanted)
{
    for (const char *start = value.at; start < value.end; start++) {
        if (is_html_space(*start))
            continue;
        const char *w = wanted;
        for (const char *p = start; p < value.end && *w; p++) {
            if (is_html_space(*p))
                continue;
            if (g_ascii_tolower(*p) != *w)
                break;
            w++;
        }
        if (*w == '\0')
            return true;
    }
    return false;
}

/* How text is hidden in mails. A font size of 0 hides nothing: layouts set it around text that
 * has a size of its own. */
static bool is_hiding(Slice style)
{
    static const char *const ways[] = {"display:none", "visibility:hidden", "max-height:0",
                                       "mso-hide:all"};
    for (gsize i = 0; i < G_N_ELEMENTS(ways); i++)
        if (value_holds(style, ways[i]))
            return true;
    return false;
}

static void take_attribute(Tag *tag, Slice name, Slice value)
{
    if (is_named(name, "style")) {
        tag->hidden |= is_hiding(value);
        tag->tight |= value_holds(value, "margin:0");
    } else if (is_named(name, "hidden")) {
        tag->hidden = true;
    } else if (is_named(name, "class")) {
        tag->tight |= value_holds(value, "msonormal");
    } else if (is_named(name, "href") && !tag->href.at) {
        tag->href = value;
    } else if (is_named(name, "alt") && !tag->alt.at) {
        tag->alt = value;
    }
}

/* A value in quotes at `at`; false if its closing quote is missing, and then for good. */
static bool read_quoted_value(Renderer *renderer, const char *at, Slice *ret)
{
    bool *none_left = *at == '"' ? &renderer->no_double : &renderer->no_single;
    const char *close =
        *none_left ? NULL : memchr(at + 1, *at, (gsize)(renderer->end - at - 1));
    if (!close) {
        *none_left = true;
        return false;
    }
    *ret = (Slice){at + 1, close};
    return true;
}

/* After an attribute's name: "= value", if that is what stands there. */
static const char *read_value(Renderer *renderer, const char *at, Slice *ret)
{
    const char *p = at, *end = renderer->end;
    *ret = (Slice){at, at};
    while (p < end && is_html_space(*p))
        p++;
    if (p == end || *p != '=')
        return at;
    for (p++; p < end && is_html_space(*p);)
        p++;
    if (p < end && (*p == '"' || *p == '\'') && read_quoted_value(renderer, p, ret))
        return ret->end + 1;
    ret->at = p;
    while (p < end && *p != '>' && !is_html_space(*p))
        p++;
    ret->end = p;
    return p;
}

/* At the letter after "<" or "</"; returns what follows the ">". */
static const char *read_tag(Renderer *renderer, const char *at, Tag *tag)
{
    const char *end = renderer->end;
    gsize n = 0;
    for (; at < end && *at != '>' && *at != '/' && !is_html_space(*at); at++)
        if (n < TAG_MAX)
            tag->name[n++] = g_ascii_tolower(*at);
    tag->name[n] = '\0';
    tag->effect = tag_effect(tag->name);
    while (at < end && *at != '>') {
        if (is_html_space(*at) || *at == '/') {
            at++;
            continue;
        }
        Slice name = {at, NULL}, value;
        for (at++; at < end && *at != '=' && *at != '>' && *at != '/' && !is_html_space(*at);)
            at++;
        name.end = at;
        at = read_value(renderer, at, &value);
        take_attribute(tag, name, value);
    }
    return at < end ? at + 1 : end;
}

/* Past "</name" and its ">"; the end of the input if that never comes. */
static const char *skip_raw(const char *at, const char *end, const char *name)
{
    gsize length = strlen(name);
    while ((at = memchr(at, '<', (gsize)(end - at))) != NULL) {
        at++;
        if ((gsize)(end - at) > length && *at == '/' &&
            g_ascii_strncasecmp(at + 1, name, length) == 0) {
            const char *close = memchr(at, '>', (gsize)(end - at));
            return close ? close + 1 : end;
        }
    }
    return end;
}

/* --- links ------------------------------------------------------------------------------- */

static bool is_shown_link(Slice href)
{
    static const char *const schemes[] = {"http://", "https://", "mailto:", "tel:"};
    gsize length = (gsize)(href.end - href.at);
    for (gsize i = 0; i < G_N_ELEMENTS(schemes); i++)
        if (length > strlen(schemes[i]) && length <= LINK_MAX &&
            g_ascii_strncasecmp(href.at, schemes[i], strlen(schemes[i])) == 0)
            return true;
    return false;
}

/* The link as one word: entities read, blanks and angle brackets gone. */
static char *link_text(Slice href)
{
    GString *text = g_string_new(NULL);
    for (const char *at = href.at; at < href.end;) {
        gunichar c = 0;
        const char *after = *at == '&' ? entity_read(at, href.end, true, &c) : NULL;
        if (after && c > ' ' && c != '<' && c != '>')
            g_string_append_unichar(text, c);
        else if (!after && (guchar)*at > ' ' && *at != '<' && *at != '>')
            g_string_append_c(text, *at);
        at = after ? after : at + 1;
    }
    return g_string_free(text, FALSE);
}

/* Does the text shown for a link say where it leads already? */
static bool says_same(const char *shown, const char *link)
{
    static const char *const decoration[] = {"mailto:", "tel:", "https://", "http://", "www."};
    for (gsize i = 0; i < G_N_ELEMENTS(decoration); i++) {
        if (g_str_has_prefix(link, decoration[i]))
            link += strlen(decoration[i]);
        if (g_str_has_prefix(shown, decoration[i]))
            shown += strlen(decoration[i]);
    }
    gsize length = strcspn(link, "?"), shown_length = strlen(shown);
    if (shown_length == strlen(link))
        length = shown_length;
    while (length > 0 && link[length - 1] == '/')
        length--;
    while (shown_length > 0 && shown[shown_length - 1] == '/')
        shown_length--;
    return length == shown_length && g_ascii_strncasecmp(shown, link, length) == 0;
}

static void end_link(Renderer *renderer)
{
    Slice href = renderer->link;
    renderer->link.at = NULL;
    if (!href.at || renderer->hidden_depth > 0 || renderer->out->len == renderer->link_start)
        return;
    g_autofree char *shown = g_strdup(renderer->out->str + renderer->link_start);
    g_autofree char *link = link_text(href);
    if (says_same(g_strstrip(shown), link))
        return;
    renderer->space = true;
    append_text(renderer, "<", 1);
    append_text(renderer, link, strlen(link));
    append_text(renderer, ">", 1);
}

static void begin_link(Renderer *renderer, const Tag *tag)
{
    end_link(renderer); /* links do not nest */
    if (!tag->href.at)
        return;
    Slice href = tag->href;
    while (href.at < href.end && is_html_space(*href.at))
        href.at++;
    if (!is_shown_link(href))
        return;
    renderer->link = href;
    renderer->link_start = renderer->out->len;
}

/* --- what tags do ------------------------------------------------------------------------ */

/* Lines of Outlook: an empty one is a blank line. */
static void tight_paragraph(Renderer *renderer, bool closing)
{
    GString *out = renderer->out;
    bool empty = closing && out->len == renderer->paragraph;
    break_lines(renderer, 1);
    if (empty && renderer->breaks < BREAKS_MAX)
        renderer->breaks++;
    renderer->paragraph = closing ? G_MAXSIZE : out->len;
}

static void paragraph(Renderer *renderer, const Tag *tag)
{
    if (tag->closing ? renderer->paragraph != G_MAXSIZE : tag->tight) {
        tight_paragraph(renderer, tag->closing);
        return;
    }
    renderer->paragraph = G_MAXSIZE;
    break_lines(renderer, renderer->item ? 1 : 2);
}

static void list(Renderer *renderer, const Tag *tag)
{
    break_lines(renderer, 1);
    if (tag->closing) {
        renderer->lists = MAX(renderer->lists - 1, 0);
        renderer->item = false;
        return;
    }
    if (renderer->lists < LIST_MAX)
        renderer->items[renderer->lists] = tag->effect == TAG_ORDERED_LIST;
    renderer->lists++;
}

static void item(Renderer *renderer, const Tag *tag)
{
    break_lines(renderer, 1);
    renderer->item = !tag->closing;
    if (tag->closing)
        return;
    int *next = &renderer->items[CLAMP(renderer->lists, 1, LIST_MAX) - 1];
    bool counted = renderer->lists > 0 && *next > 0;
    renderer->number = counted ? (*next)++ : 0;
}

static void quote(Renderer *renderer, bool closing)
{
    break_lines(renderer, closing ? 2 : 1);
    renderer->quote = MAX(renderer->quote + (closing ? -1 : 1), 0);
}

static void rule(Renderer *renderer)
{
    break_lines(renderer, 1);
    append_text(renderer, RULE, strlen(RULE));
    break_lines(renderer, 1);
}

static void apply(Renderer *renderer, const Tag *tag)
{
    switch (tag->effect) {
    case TAG_BLOCK:
        break_lines(renderer, 1);
        break;
    case TAG_PARAGRAPH:
        paragraph(renderer, tag);
        break;
    case TAG_BREAK:
        if (renderer->breaks < BREAKS_MAX)
            renderer->breaks++;
        break;
    case TAG_RULE:
        rule(renderer);
        break;
    case TAG_QUOTE:
        quote(renderer, tag->closing);
        break;
    case TAG_PRE:
        break_lines(renderer, 1);
        renderer->pre = MAX(renderer->pre + (tag->closing ? -1 : 1), 0);
        break;
    case TAG_LIST:
    case TAG_ORDERED_LIST:
        list(renderer, tag);
        break;
    case TAG_ITEM:
        item(renderer, tag);
        break;
    case TAG_CELL:
        renderer->space = true;
        break;
    case TAG_LINK:
        if (tag->closing)
            end_link(renderer);
        else
            begin_link(renderer, tag);
        break;
    case TAG_IMAGE:
        if (tag->alt.at)
            read_text(renderer, tag->alt.at, tag->alt.end, true);
        break;
    default:
        break;
    }
}

static bool is_void(const Tag *tag)
{
    return tag->effect == TAG_VOID || tag->effect == TAG_BREAK || tag->effect == TAG_RULE ||
           tag->effect == TAG_IMAGE;
}

/* Inside a hidden element only its own tags count. */
static void count_hidden(Renderer *renderer, const Tag *tag)
{
    if (strcmp(tag->name, renderer->hidden) == 0)
        renderer->hidden_depth += tag->closing ? -1 : 1;
}

static const char *handle_tag(Renderer *renderer, const char *at, const Tag *tag)
{
    if (!tag->closing && tag->effect == TAG_RAW)
        return skip_raw(at, renderer->end, tag->name);
    if (renderer->hidden_depth > 0) {
        count_hidden(renderer, tag);
        return at;
    }
    bool hides =
        !renderer->show_all && !tag->closing && (tag->hidden || tag->effect == TAG_HIDDEN);
    if (!hides) {
        apply(renderer, tag);
    } else if (!is_void(tag)) {
        g_strlcpy(renderer->hidden, tag->name, sizeof renderer->hidden);
        renderer->hidden_depth = 1;
    }
    return at;
}

/* At "<!" or "<?": a comment (conditional ones of Outlook are comments to everyone else), a
 * declaration or something bogus. */
static const char *skip_declaration(const char *at, const char *end)
{
    if (end - at >= 4 && memcmp(at, "<!--", 4) == 0) {
        if (end - at >= 5 && at[4] == '>')
            return at + 5;
        /* From the second dash on, so that <!---> ends at once. */
        const char *close = memmem(at + 3, (gsize)(end - at - 3), "-->", 3);
        return close ? close + 3 : end;
    }
    const char *close = memchr(at, '>', (gsize)(end - at));
    return close ? close + 1 : end;
}

/* At "<". */
static const char *read_markup(Renderer *renderer, const char *at)
{
    const char *end = renderer->end, *name = at + 1;
    if (name < end && (*name == '!' || *name == '?'))
        return skip_declaration(at, end);
    Tag tag = {.closing = name < end && *name == '/'};
    name += tag.closing;
    if (name == end || !g_ascii_isalpha(*name)) {
        append_char(renderer, '<');
        return at + 1;
    }
    at = read_tag(renderer, name, &tag);
    return handle_tag(renderer, at, &tag);
}

/* False if the input ended within a hidden element. */
static bool render(const char *html, gsize length, bool show_all, GString *out)
{
    Renderer renderer = {
        .at = html,
        .end = html + length,
        .out = out,
        .paragraph = G_MAXSIZE,
        .show_all = show_all,
    };
    while (renderer.at < renderer.end) {
        renderer.at = read_text(&renderer, renderer.at, renderer.end, false);
        if (renderer.at < renderer.end)
            renderer.at = read_markup(&renderer, renderer.at);
    }
    end_link(&renderer);
    return renderer.hidden_depth == 0;
}

char *html_to_text(const char *html, gsize length)
{
    length = MIN(length, HTML_MAX_BYTES);
    g_autoptr(GString) out = g_string_sized_new(length / 2 + 64);
    if (!render(html, length, false, out)) {
        g_string_truncate(out, 0);
        render(html, length, true, out);
    }
    if (out->len > 0)
        g_string_append_c(out, '\n');
    return utf8_clean(out->str, out->len, TEXT_BLOCK);
}
