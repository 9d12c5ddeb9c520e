/* The life of a notice. */
#include "core/desk/notice_parts.h"

#include "schema/attachments.h"

static void header_free(ComposeHeader *header)
{
    g_free(header->name);
    g_free(header->value);
    g_free(header);
}

static void part_free(ComposePart *part)
{
    g_free(part->name);
    g_free(part->type);
    g_free(part->content_id);
    g_clear_pointer(&part->base64, g_bytes_unref);
    g_free(part);
}

Notice *notice_new(const char *template, const char *language)
{
    Notice *notice = g_new0(Notice, 1);
    notice->template = g_strdup(template);
    notice->language = g_strdup(language);
    notice->owned = g_ptr_array_new_with_free_func(g_free);
    notice->readers = g_ptr_array_new_with_free_func((GDestroyNotify)attachment_reader_free);
    notice->mail.headers = g_ptr_array_new_with_free_func((GDestroyNotify)header_free);
    notice->mail.parts = g_ptr_array_new_with_free_func((GDestroyNotify)part_free);
    return notice;
}

void notice_free(Notice *notice)
{
    if (!notice)
        return;
    g_free(notice->template);
    g_free(notice->language);
    g_clear_pointer(&notice->data, template_data_free);
    g_clear_pointer(&notice->mail.headers, g_ptr_array_unref);
    g_clear_pointer(&notice->mail.parts, g_ptr_array_unref);
    g_clear_pointer(&notice->readers, g_ptr_array_unref);
    g_clear_pointer(&notice->owned, g_ptr_array_unref);
    g_free(notice);
}

const char *notice_own(Notice *notice, char *text)
{
    g_ptr_array_add(notice->owned, text);
    return text;
}

void notice_add_header(Notice *notice, const char *name, const char *value)
{
    ComposeHeader *header = g_new0(ComposeHeader, 1);
    header->name = g_strdup(name);
    header->value = g_strdup(value);
    g_ptr_array_add(notice->mail.headers, header);
}

char *notice_loop_mark(const Config *config)
{
    return g_strdup_printf("mailwicket@%s", config->site.domain);
}

void notice_mark(Notice *notice, const Config *config, bool is_answer, bool asks_receipt)
{
    g_autofree char *loop = notice_loop_mark(config);
    notice_add_header(notice, "Auto-Submitted", is_answer ? "auto-replied" : "auto-generated");
    notice_add_header(notice, "X-Auto-Response-Suppress",
                      asks_receipt ? "DR, NRN, OOF, AutoReply" : "DR, RN, NRN, OOF, AutoReply");
    notice_add_header(notice, "X-Loop", loop);
}
