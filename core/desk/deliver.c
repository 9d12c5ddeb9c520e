/* One delivery, one transaction: the frame around the rooms that decide.
 *
 * Order of work: start the parser, and while it reads, scan the mail and open the desk; then,
 * with the mail understood, take the lock, decide, write the ledger row and commit. Whatever
 * fails before the commit is reported as an error, and the sender's server keeps the mail. */
#include "core/desk/deliver.h"

#include "core/base/address.h"
#include "core/base/error.h"
#include "core/base/timestamp.h"
#include "core/desk/blocking.h"
#include "core/desk/bulk.h"
#include "core/desk/confirming.h"
#include "core/desk/delivery.h"
#include "core/desk/joining.h"
#include "core/desk/machines.h"
#include "core/desk/own_quote.h"
#include "core/desk/opening.h"
#include "core/mail/sandbox.h"
#include "schema/ledger.h"

#include <string.h>

const char *verdict_name(Verdict verdict)
{
    static const char *const names[] = {
        [VERDICT_TICKET] = "ticket",
        [VERDICT_REPLY] = "reply",
        [VERDICT_NOTE] = "note",
        [VERDICT_COMMAND] = "command",
        [VERDICT_HELD] = "held",
        [VERDICT_BOUNCE] = "bounce",
        [VERDICT_AUTO_REPLY] = "auto-reply",
        [VERDICT_RECEIPT] = "receipt",
        [VERDICT_LOOP] = "loop",
        [VERDICT_DUPLICATE] = "duplicate",
        [VERDICT_REFUSED] = "refused",
        [VERDICT_UNPARSED] = "unparsed",
    };
    return names[verdict];
}

void outcome_free(Outcome *outcome)
{
    if (!outcome)
        return;
    g_free(outcome->queue);
    g_free(outcome->ticket);
    g_free(outcome->person);
    g_clear_pointer(&outcome->proofs, g_ptr_array_unref);
    g_clear_pointer(&outcome->commands, g_ptr_array_unref);
    g_free(outcome->reason);
    g_free(outcome);
}

static Outcome *outcome_new(void)
{
    Outcome *outcome = g_new0(Outcome, 1);
    outcome->queue = g_strdup("");
    outcome->ticket = g_strdup("");
    outcome->person = g_strdup("");
    outcome->reason = g_strdup("");
    outcome->proofs = g_ptr_array_new();
    outcome->commands = g_ptr_array_new();
    return outcome;
}

/* The same mail for the same recipient, whatever trace fields it gathered on the way. A copy
 * that comes by a list or with the null sender is not the one its author sent us. */
static void delivery_key(const Delivery *delivery, guint8 key[32])
{
    g_autofree char *folded = address_key(delivery->envelope->recipient);
    const char *recipient = folded ? folded : delivery->envelope->recipient;
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    g_byte_array_append(bytes, (const guint8 *)recipient, (guint)strlen(recipient) + 1);
    g_byte_array_append(bytes, delivery->scan->content_hash, 32);
    if (delivery->authority->machine)
        g_byte_array_append(bytes, (const guint8 *)"machine", 7);
    sha256_of(bytes->data, bytes->len, key);
}

/* --- deciding ---------------------------------------------------------------------------- */

static bool refuse(Delivery *delivery, Refusal refusal, const char *reason)
{
    delivery->outcome->refusal = refusal;
    return delivery_decide(delivery, VERDICT_REFUSED, reason);
}

static bool decide(Delivery *delivery, const guint8 *key, GError **error)
{
    const Route *route = delivery->route;
    g_autoptr(LedgerRow) before = NULL;
    bool held = false, machine = false, blocked = false, meant = false;

    if (!route->queue || (route->queue->removed && !route->ticket))
        return refuse(delivery, REFUSAL_UNKNOWN_RECIPIENT, "no such recipient");
    if ((gint64)delivery->envelope->size > delivery->desk->config->limits.message_bytes)
        return refuse(delivery, REFUSAL_TOO_BIG, "larger than message_bytes");
    if (!ledger_by_key(delivery->desk->store, key, &before, error))
        return false;
    if (before) {
        delivery->ticket = before->ticket;
        delivery->message = before->message;
        delivery->raw = before->raw;
        g_free(delivery->outcome->ticket);
        delivery->outcome->ticket = g_strdup(before->ticket_name);
        return delivery_decide(delivery, VERDICT_DUPLICATE, "delivered before");
    }
    bool nameless = delivery->authority->machine || *delivery->authority->address == '\0';
    if (nameless && !delivery_is_held(delivery, &held, error))
        return false;
    if (held)
        return delivery_decide(delivery, VERDICT_DUPLICATE, "the same mail is held already");
    if (!machines_take(delivery, &machine, error))
        return false;
    if (machine)
        return true;
    if (!blocking_take(delivery, &blocked, error))
        return false;
    if (blocked)
        return true;
    if (delivery->authority->machine) /* its queue opens tickets for machines */
        return opening_take(delivery, error);
    if (route->way == WAY_CONFIRMATION)
        return confirming_take(delivery, error);
    if (route->way == WAY_DESK)
        return bulk_take(delivery, error);
    if (route->ticket && !joining_is_meant(delivery, &meant, error))
        return false;
    if (meant)
        return joining_take(delivery, error);
    if (route->queue->removed)
        return refuse(delivery, REFUSAL_UNKNOWN_RECIPIENT, "no such recipient");
    return bulk_is_meant(delivery) ? bulk_take_plain(delivery, error)
                                   : opening_take(delivery, error);
}

/* A mail that nobody could read was still decided by its header; the ledger says so. */
static void mark_unparsed(Delivery *delivery)
{
    Outcome *outcome = delivery->outcome;
    if (!delivery->mail->unparsed || outcome->verdict == VERDICT_DUPLICATE ||
        outcome->verdict == VERDICT_REFUSED)
        return;
    g_autofree char *reason = g_strdup_printf("%s (%s: %s)", delivery->mail->unparsed,
                                              verdict_name(outcome->verdict), outcome->reason);
    delivery_decide(delivery, VERDICT_UNPARSED, reason);
}

/* --- recording --------------------------------------------------------------------------- */

static bool write_ledger(Delivery *delivery, const guint8 *key, GError **error)
{
    const Outcome *outcome = delivery->outcome;
    g_autoptr(GString) proofs = g_string_new(NULL);
    for (guint i = 0; i < outcome->proofs->len; i++)
        g_string_append_printf(proofs, "%s%s", i ? " " : "",
                               (const char *)outcome->proofs->pdata[i]);
    LedgerRow row = {
        .at = delivery->now,
        .sender = (char *)delivery->envelope->sender,
        .recipient = (char *)delivery->envelope->recipient,
        .queue_id = (char *)delivery->envelope->queue_id,
        .size = (gint64)delivery->envelope->size,
        .message_id = delivery->mail->message_id,
        .verdict = verdict_name(outcome->verdict),
        .reason = outcome->reason,
        .proofs = proofs->str,
        .person = delivery->person,
        .ticket = delivery->ticket,
        .message = delivery->message,
        .raw = delivery->raw,
    };
    memcpy(row.key, key, sizeof row.key);
    return ledger_add(delivery->desk->store, &row, &delivery->outcome->ledger, error);
}

/* `mailwicket doctor` wants to know which servers sign, to check authserv_id. */
static bool note_authservers(Delivery *delivery, GError **error)
{
    const GPtrArray *auth = delivery->mail->auth;
    const char *last = "";
    for (guint i = 0; i < auth->len; i++) {
        const MailAuthResult *result = auth->pdata[i];
        if (result->hop != 0 || strcmp(result->server, last) == 0)
            continue;
        last = result->server;
        if (!authserv_saw(delivery->desk->store, last, delivery->now, error))
            return false;
    }
    return true;
}

static bool fill_outcome(Delivery *delivery, GError **error)
{
    Outcome *outcome = delivery->outcome;
    g_autoptr(Person) person = NULL;
    g_ptr_array_unref(outcome->proofs);
    outcome->proofs = authority_proofs(delivery->authority);
    if (delivery->route->queue) {
        g_free(outcome->queue);
        outcome->queue = g_strdup(delivery->route->queue->name);
    }
    if (delivery->person == 0)
        return true;
    if (!people_by_id(delivery->desk->store, delivery->person, &person, error))
        return false;
    g_free(outcome->person);
    outcome->person = g_strdup(person->address);
    return true;
}

/* Whoever writes has a mailbox again. */
static bool welcome_back(Delivery *delivery, GError **error)
{
    const Authority *authority = delivery->authority;
    if (authority->machine || !authority->person || authority->person->paused == 0)
        return true;
    g_autofree char *key = address_key(authority->person->address);
    return people_resume(delivery->desk->store, key, error);
}

/* Everything between BEGIN and COMMIT. */
static bool run(Delivery *delivery, GError **error)
{
    guint8 key[32];
    g_autoptr(Route) route = NULL;
    g_autoptr(Authority) authority = NULL;
    if (!route_mail(delivery->desk, delivery->envelope->recipient, delivery->scan,
                    delivery->mail, &route, error) ||
        !authority_judge(delivery->desk, delivery->envelope->sender, delivery->mail, route,
                         &authority, error))
        return false;
    delivery->route = route;
    delivery->authority = authority;
    delivery_key(delivery, key);
    if (!welcome_back(delivery, error) || !decide(delivery, key, error) ||
        !fill_outcome(delivery, error))
        return false;
    mark_unparsed(delivery);
    bool done = note_authservers(delivery, error) && write_ledger(delivery, key, error);
    delivery->route = NULL;
    delivery->authority = NULL;
    return done;
}

bool deliver_decide(Desk *desk, const Envelope *envelope, const Scan *scan, const Mail *mail,
                    Outcome **ret, GError **error)
{
    g_autoptr(Notify) notify = notify_new(desk);
    g_autoptr(Outcome) outcome = outcome_new();
    Delivery delivery = {
        .desk = desk,
        .envelope = envelope,
        .scan = scan,
        .mail = mail,
        .reply = mail->reply,
        .notify = notify,
        .now = now_utc(),
        .outcome = outcome,
    };
    if (!run(&delivery, error))
        return false;
    *ret = g_steal_pointer(&outcome);
    return true;
}

static bool begin_and_decide(Desk *desk, const Envelope *envelope, const Scan *scan, Mail *mail,
                             Outcome **ret, GError **error)
{
    return own_quote_cut(desk, mail, error) && store_begin(desk->store, error) &&
           deliver_decide(desk, envelope, scan, mail, ret, error);
}

bool deliver_preview(Desk *desk, const Envelope *envelope, const Scan *scan, Mail *mail,
                     Outcome **ret, GError **error)
{
    bool done = begin_and_decide(desk, envelope, scan, mail, ret, error);
    store_rollback(desk->store);
    if (done)
        (*ret)->ledger = 0;
    return done;
}

bool deliver_is_whole(const Envelope *envelope, const Scan *scan, GError **error)
{
    if (envelope->declared_size < 0 || !scan_is_cut(scan, envelope->declared_size))
        return true;
    g_set_error(error, WICKET_ERROR, ERROR_TRANSIENT,
                "the mail ends after %" G_GUINT64_FORMAT " of %" G_GINT64_FORMAT " bytes",
                scan->smtp_size, envelope->declared_size);
    return false;
}

bool deliver_mail(const Config *config, const Envelope *envelope, Outcome **ret, GError **error)
{
    const ScanCaps caps = scan_caps(config);
    const SandboxLimits limits = sandbox_limits(config);
    g_autoptr(SpamRule) spam = NULL;
    if (!spam_rule_new(config, &spam, error))
        return false;
    g_autoptr(Sandbox) sandbox = sandbox_new(&limits, spam, SANDBOX_ONCE);
    g_autoptr(Scan) scan = NULL;
    g_autoptr(Desk) desk = NULL;
    g_autoptr(Mail) mail = NULL;
    if (!sandbox_start(sandbox, envelope->fd, envelope->size, error) ||
        !scan_mail(envelope->fd, envelope->size, &caps, &scan, error) ||
        !deliver_is_whole(envelope, scan, error) || !desk_open(config, &desk, error) ||
        !sandbox_finish(sandbox, scan, &mail, error))
        return false;
    g_autoptr(Outcome) outcome = NULL;
    bool done = begin_and_decide(desk, envelope, scan, mail, &outcome, error) &&
                desk_commit(desk, error);
    store_rollback(desk->store);
    if (done)
        *ret = g_steal_pointer(&outcome);
    return done;
}
