/* An explained mail as one JSON object: the contract that programs read. */
#include "core/base/json.h"
#include "ctl/explain.h"

static void write_strings(const char *name, const GPtrArray *strings, JsonWriter *json)
{
    json_array_begin(json, name);
    for (guint i = 0; i < strings->len; i++)
        json_string(json, NULL, strings->pdata[i]);
    json_array_end(json);
}

static void write_addresses(const char *name, const GPtrArray *addresses, JsonWriter *json)
{
    json_array_begin(json, name);
    for (guint i = 0; i < addresses->len; i++) {
        const MailAddress *address = addresses->pdata[i];
        json_object_begin(json, NULL);
        json_string(json, "name", address->name);
        json_string(json, "address", address->address);
        json_object_end(json);
    }
    json_array_end(json);
}

static void write_forwarded(const MailForward *forward, JsonWriter *json)
{
    if (!forward) {
        json_null(json, "forwarded");
        return;
    }
    json_object_begin(json, "forwarded");
    json_object_begin(json, "from");
    json_string(json, "name", forward->name);
    json_string(json, "address", forward->address);
    json_object_end(json);
    json_time(json, "date", forward->date);
    json_string(json, "subject", forward->subject);
    json_object_end(json);
}

static void write_cuts(const GPtrArray *cuts, JsonWriter *json)
{
    json_array_begin(json, "cuts");
    for (guint i = 0; i < cuts->len; i++) {
        const MailCut *cut = cuts->pdata[i];
        json_object_begin(json, NULL);
        json_string(json, "part", cut->is_signature ? "signature" : "quoted");
        json_integer(json, "line", cut->line);
        json_integer(json, "lines", cut->lines);
        json_string(json, "rule", cut->rule);
        json_object_end(json);
    }
    json_array_end(json);
}

static void write_attachments(const GPtrArray *attachments, JsonWriter *json)
{
    json_array_begin(json, "attachments");
    for (guint i = 0; i < attachments->len; i++) {
        const MailAttachment *attachment = attachments->pdata[i];
        json_object_begin(json, NULL);
        json_string(json, "name", attachment->name);
        json_string(json, "type", attachment->type);
        json_integer(json, "size", (gint64)attachment->size);
        json_string(json, "sha256", attachment->sha256);
        json_bool(json, "inline", attachment->is_inline);
        json_object_end(json);
    }
    json_array_end(json);
}

static void write_bounce(const Mail *mail, JsonWriter *json)
{
    if (mail->kind != MAIL_BOUNCE) {
        json_null(json, "bounce");
        return;
    }
    json_object_begin(json, "bounce");
    json_array_begin(json, "recipients");
    for (guint i = 0; i < mail->bounce_recipients->len; i++) {
        const MailBounceRecipient *recipient = mail->bounce_recipients->pdata[i];
        json_object_begin(json, NULL);
        json_string(json, "address", recipient->address);
        json_string(json, "action", recipient->action);
        json_string(json, "status", recipient->status);
        json_string(json, "diagnostic", recipient->diagnostic);
        json_object_end(json);
    }
    json_array_end(json);
    json_string(json, "original_message_id",
                *mail->original_message_id ? mail->original_message_id : NULL);
    json_object_end(json);
}

static void write_authentication(const Mail *mail, JsonWriter *json)
{
    json_array_begin(json, "authentication");
    for (guint i = 0; i < mail->auth->len; i++) {
        const MailAuthResult *result = mail->auth->pdata[i];
        json_object_begin(json, NULL);
        json_string(json, "server", result->server);
        json_integer(json, "hop", result->hop);
        json_string(json, "method", result->method);
        json_string(json, "result", result->result);
        json_string(json, "identity", result->identity);
        json_object_end(json);
    }
    json_array_end(json);
}

static void write_decision(const Outcome *outcome, JsonWriter *json)
{
    json_object_begin(json, "decision");
    json_string(json, "verdict", verdict_name(outcome->verdict));
    json_string(json, "queue", *outcome->queue ? outcome->queue : NULL);
    json_string(json, "ticket", *outcome->ticket ? outcome->ticket : NULL);
    json_string(json, "person", *outcome->person ? outcome->person : NULL);
    write_strings("proofs", outcome->proofs, json);
    write_strings("commands", outcome->commands, json);
    json_string(json, "reason", outcome->reason);
    json_object_end(json);
}

void explain_json(const Explained *explained, GString *out)
{
    const Mail *mail = explained->mail;
    JsonWriter json = {.out = out};
    json_object_begin(&json, NULL);
    json_string(&json, "file", explained->file);
    json_string(&json, "status", mail->unparsed ? "unparsed" : "parsed");
    json_string(&json, "why", mail->unparsed ? mail->unparsed : mail->machine);
    json_string(&json, "message_id", *mail->message_id ? mail->message_id : NULL);
    write_strings("in_reply_to", mail->in_reply_to, &json);
    write_strings("references", mail->references, &json);
    json_time(&json, "date", mail->date);
    json_string(&json, "subject", mail->subject);
    write_addresses("from", mail->from, &json);
    write_addresses("to", mail->to, &json);
    write_addresses("cc", mail->cc, &json);
    write_addresses("reply_to", mail->reply_to, &json);
    json_string(&json, "kind", mail_kind_name(mail->kind));
    json_bool(&json, "spam", mail->is_spam);
    json_string(&json, "text", mail->text);
    json_string(&json, "reply", mail->reply);
    json_string(&json, "signature", mail->signature);
    json_string(&json, "quoted", mail->quoted);
    write_cuts(mail->cuts, &json);
    write_forwarded(mail->forwarded, &json);
    write_attachments(mail->attachments, &json);
    write_strings("remarks", mail->remarks, &json);
    write_bounce(mail, &json);
    write_authentication(mail, &json);
    if (explained->outcome)
        write_decision(explained->outcome, &json);
    json_object_end(&json);
    g_string_append_c(out, '\n');
}
