/* A message: who, when, their words, what they quoted, their files.
 *
 * Customer and desk are told apart by a word beside the name, by the edge and by the indent,
 * then by colour. What a reader may not see is gone from the view already. */
#include "webview/page_message.h"

#include "core/base/bytesize.h"
#include "core/base/timestamp.h"
#include "core/desk/encrypted.h"
#include "webview/file.h"
#include "webview/html.h"
#include "webview/words.h"

#include <string.h>

/* More are folded away. */
#define FILES_IN_SIGHT 6

static void append_time(GString *out, gint64 at, const char *shown)
{
    g_autofree char *exact = timestamp_rfc3339(at);
    html_raw(out, "<time datetime=\"");
    html_attr(out, exact);
    html_raw(out, "\">");
    html_text(out, shown);
    html_raw(out, "</time>");
}

void page_time_long(GString *out, const Page *page, gint64 at)
{
    g_autofree char *shown = timestamp_long(at, config_zone(page->config), page->language);
    append_time(out, at, shown);
}

/* "20 nov. 9 h 12" may break between day and hour only. */
void page_time_short(GString *out, const Page *page, gint64 at)
{
    g_autofree char *shown = timestamp_short(at, config_zone(page->config), page->language);
    g_autoptr(GString) kept = g_string_new(NULL);
    int spaces = 0;
    for (const char *p = shown; *p; p++) {
        bool joined = *p == ' ' && ++spaces != 2;
        g_string_append_len(kept, joined ? "\u00A0" : p, joined ? 2 : 1);
    }
    append_time(out, at, kept->str);
}

static const char *role(const Page *page, const TicketView *view, const MessageView *message)
{
    gint64 author = message->message->author;
    if (message->from_desk)
        return page->config->site.name;
    if (message->from_reader)
        return word(page->language, WORD_YOU);
    if (author == 0)
        return word(page->language, WORD_FROM_OTHER);
    if (view->requester && author == view->requester->id)
        return word(page->language, WORD_FROM_REQUESTER);
    return word(page->language, WORD_FROM_WATCHER);
}

static void append_header(GString *out, const Page *page, const TicketView *view,
                          const MessageView *message)
{
    const Message *mail = message->message;
    html_raw(out, "<header><p class=\"who\"><b><bdi>");
    html_text(out, message->author);
    html_raw(out, "</bdi></b> <span>");
    html_text(out, role(page, view, message));
    if (message->from_desk && message->from_reader) {
        html_raw(out, ", ");
        html_text(out, word(page->language, WORD_YOU));
    }
    html_raw(out, "</span>");
    /* Who really wrote is for the desk to judge. */
    if (view->staff && !message->from_desk &&
        g_strcmp0(message->author, mail->author_address)) {
        html_raw(out, " <span class=\"address\"><bdi>");
        html_text(out, mail->author_address);
        html_raw(out, "</bdi></span>");
    }
    g_string_append_printf(out, "</p><a class=\"when\" href=\"#m%" G_GINT64_FORMAT "\">",
                           mail->id);
    page_time_long(out, page, mail->created);
    html_raw(out, "</a></header>\n");
}

static void append_flag(GString *out, const Page *page, Word name, Word meaning,
                        const char *detail)
{
    html_raw(out, "<p class=\"flag\"><b>");
    html_text(out, word(page->language, name));
    html_raw(out, "</b> ");
    html_text(out, word(page->language, meaning));
    if (*detail) {
        html_raw(out, " <q>");
        html_text(out, detail);
        html_raw(out, "</q>");
    }
    html_raw(out, "</p>\n");
}

static void append_flags(GString *out, const Page *page, const TicketView *view,
                         const Message *mail)
{
    if (mail->visibility == VISIBILITY_INTERNAL)
        append_flag(out, page, WORD_NOTE, WORD_NOTE_MEANS, "");
    if (mail->visibility == VISIBILITY_HELD)
        append_flag(out, page, WORD_HELD, WORD_HELD_MEANS, mail->held_reason);
    if (*mail->unparsed) {
        html_raw(out, "<p class=\"flag\">");
        html_text(out, word(page->language, WORD_UNPARSED));
        if (view->staff) {
            html_raw(out, " <q>");
            html_text(out, mail->unparsed);
            html_raw(out, "</q>");
        }
        html_raw(out, "</p>\n");
    }
}

/* The next paragraph's end, and where the one after it begins: behind the blank lines. */
static const char *paragraph_end(const char *text, const char **next)
{
    for (const char *line = strchr(text, '\n'); line; line = strchr(line + 1, '\n')) {
        const char *p = line + 1 + strspn(line + 1, " \t");
        if (*p != '\n' && *p != '\0')
            continue;
        const char *begin = line + 1;
        while (*p == '\n') {
            begin = p + 1;
            p = begin + strspn(begin, " \t");
        }
        *next = *p ? begin : p;
        return line;
    }
    *next = text + strlen(text);
    return *next;
}

/* Lines are kept as they are; each paragraph finds its own direction. */
static void append_paragraphs(GString *out, const char *text)
{
    const char *next;
    html_raw(out, "<div class=\"body\">\n");
    for (; *text; text = next) {
        const char *end = paragraph_end(text, &next);
        g_autofree char *paragraph = g_strndup(text, (gsize)(end - text));
        html_raw(out, "<p dir=\"auto\">");
        html_linked(out, paragraph);
        html_raw(out, "</p>\n");
    }
    html_raw(out, "</div>\n");
}

static void append_text(GString *out, const Page *page, const Message *mail)
{
    const char *text = mail->reply + strspn(mail->reply, "\n");
    if (*text) {
        append_paragraphs(out, text);
    } else if (!*mail->unparsed) {
        html_raw(out, "<p class=\"none\">");
        html_text(out, word(page->language,
                            message_is_encrypted(mail) ? WORD_ENCRYPTED : WORD_NO_TEXT));
        html_raw(out, "</p>\n");
    }
}

static void append_folded(GString *out, const Page *page, Word name, const char *text)
{
    if (!*text)
        return;
    html_raw(out, "<details><summary>");
    html_text(out, word(page->language, name));
    html_raw(out, "</summary><div class=\"folded\" dir=\"auto\">");
    html_linked(out, text);
    html_raw(out, "</div></details>\n");
}

static void append_file(GString *out, const Page *page, const Message *mail,
                        const Attachment *file)
{
    g_autofree char *name = file_display_name(file);
    g_autofree char *size = bytesize_label(file->size, page->language);
    bool picture = file_is_picture(file);
    const char *shown = *name ? name : word(page->language, WORD_UNNAMED_FILE);
    g_autoptr(GString) address = g_string_new(NULL);

    file_append_path(address, page->prefix, page->hash, mail->id, file);
    html_raw(out, picture ? "<li class=\"picture\"><a href=\"" : "<li><a href=\"");
    html_attr(out, address->str);
    html_raw(out, "\">");
    if (picture) {
        html_raw(out, "<img loading=\"lazy\" decoding=\"async\" alt=\"\" src=\"");
        html_attr(out, address->str);
        html_raw(out, "\">");
    }
    html_raw(out, "<span class=\"label\"><b><bdi>");
    html_text(out, shown);
    html_raw(out, "</bdi></b> <span>");
    html_text(out, words_file_type(page->language, file->type));
    html_raw(out, ", ");
    html_text(out, size);
    html_raw(out, "</span></span></a></li>\n");
}

/* Pictures first: they are seen, the others are read. Borrowed. */
static GPtrArray *files_in_order(const Message *mail)
{
    GPtrArray *files = g_ptr_array_new();
    for (int pictures = 1; pictures >= 0; pictures--)
        for (guint i = 0; i < mail->attachments->len; i++) {
            const Attachment *file = g_ptr_array_index(mail->attachments, i);
            if (file_is_picture(file) == (pictures == 1))
                g_ptr_array_add(files, (void *)file);
        }
    return files;
}

static void append_file_list(GString *out, const Page *page, const Message *mail,
                             const GPtrArray *files, guint from, guint to)
{
    html_raw(out, "<ul class=\"files\" aria-label=\"");
    html_attr(out, word(page->language, WORD_FILES));
    html_raw(out, "\">\n");
    for (guint i = from; i < to; i++)
        append_file(out, page, mail, g_ptr_array_index(files, i));
    html_raw(out, "</ul>\n");
}

static void append_files(GString *out, const Page *page, const Message *mail)
{
    g_autoptr(GPtrArray) files = files_in_order(mail);
    guint n = files->len;
    /* Folding one file away saves nothing. */
    guint shown = n > FILES_IN_SIGHT + 1 ? FILES_IN_SIGHT : n;

    if (n == 0)
        return;
    append_file_list(out, page, mail, files, 0, shown);
    if (shown == n)
        return;
    g_string_append_printf(out, "<details><summary>%u ", n - shown);
    html_text(out, word(page->language, WORD_MORE_FILES));
    html_raw(out, "</summary>\n");
    append_file_list(out, page, mail, files, shown, n);
    html_raw(out, "</details>\n");
}

static const char *css_class(const MessageView *message)
{
    switch (message->message->visibility) {
    case VISIBILITY_INTERNAL:
        return "msg note";
    case VISIBILITY_HELD:
        return "msg held";
    default:
        return message->from_desk ? "msg desk" : "msg them";
    }
}

void page_message(GString *out, const Page *page, const TicketView *view,
                  const MessageView *message)
{
    const Message *mail = message->message;
    g_string_append_printf(out, "<li class=\"%s\" id=\"m%" G_GINT64_FORMAT "\">\n",
                           css_class(message), mail->id);
    append_header(out, page, view, message);
    append_flags(out, page, view, mail);
    append_text(out, page, mail);
    append_folded(out, page, WORD_SIGNATURE, mail->signature);
    append_folded(out, page, WORD_QUOTED, mail->quoted);
    append_files(out, page, mail);
    html_raw(out, "</li>\n");
}
