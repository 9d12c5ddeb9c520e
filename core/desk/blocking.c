/* Holding spam and blocked senders' mail without a word, on the ticket it is for when that is
 * certain.
 *
 * Whoever is on the desk is never blocked: a list that silences a technician, or their whole
 * domain, would lose answers that nobody knows are missing. */
#include "core/desk/blocking.h"

#include "core/base/address.h"
#include "core/base/error.h"
#include "core/base/timestamp.h"
#include "schema/blocks.h"

#include <string.h>

/* An address or a domain as the list has it; NULL when `who` is neither. */
static char *key_of(const char *who)
{
    if (strchr(who, '@'))
        return address_key(who);
    g_autofree char *trial = g_strconcat("x@", who, NULL);
    g_autofree char *key = address_key(trial);
    return key && strchr(who, '.') ? g_strdup(key + 2) : NULL;
}

static bool change(Desk *desk, const char *who, const char *key, bool add, GError **error)
{
    bool found = true;
    if (add)
        return blocks_add(desk->store, key, now_utc(), error);
    if (!blocks_remove(desk->store, key, &found, error))
        return false;
    if (!found)
        g_set_error(error, WICKET_ERROR, ERROR_REJECTED,
                    "%s is not blocked: `mailwicket block list` shows who is", who);
    return found;
}

static bool change_list(Desk *desk, const char *who, bool add, GError **error)
{
    g_autofree char *key = key_of(who);
    if (!key) {
        g_set_error(error, WICKET_ERROR, ERROR_REJECTED,
                    "\"%s\" is neither a mail address nor a domain", who);
        return false;
    }
    if (!store_begin(desk->store, error))
        return false;
    if (change(desk, who, key, add, error))
        return desk_commit(desk, error);
    store_rollback(desk->store);
    return false;
}

bool blocking_add(Desk *desk, const char *who, GError **error)
{
    return change_list(desk, who, true, error);
}

bool blocking_remove(Desk *desk, const char *who, GError **error)
{
    return change_list(desk, who, false, error);
}

/* --- within a delivery ------------------------------------------------------------------- */

/* The address itself, then its domain and every domain above it. */
static bool is_blocked(Desk *desk, const char *address, bool *ret, GError **error)
{
    g_autofree char *key = address_key(address);
    *ret = false;
    if (!key)
        return true;
    if (!blocks_has(desk->store, key, ret, error))
        return false;
    for (const char *sep = strrchr(key, '@'); sep && !*ret; sep = strchr(sep + 1, '.'))
        if (!blocks_has(desk->store, sep + 1, ret, error))
            return false;
    return true;
}

/* *ret: why the mail is held, NULL not at all. Anybody can put an agent's address on spam. */
static bool judge(Delivery *delivery, const char **ret, GError **error)
{
    const Authority *authority = delivery->authority;
    bool agent = authority_is_agent(authority), blocked = false;
    *ret = NULL;
    if (delivery->mail->is_spam && !(agent && authority_is_strong(authority)))
        *ret = "spam, says the mail filter";
    if (*ret || agent)
        return true;
    if (!is_blocked(delivery->desk, authority->address, &blocked, error))
        return false;
    *ret = blocked ? "block list" : NULL;
    return true;
}

bool blocking_take(Delivery *delivery, bool *ret, GError **error)
{
    const Route *route = delivery->route;
    const char *reason;
    if (!judge(delivery, &reason, error))
        return false;
    bool held = false;
    *ret = reason != NULL;
    if (!*ret)
        return true;
    if (!delivery_is_held(delivery, &held, error))
        return false;
    if (held)
        return delivery_decide(delivery, VERDICT_DUPLICATE, "the same mail is held already");
    bool certain = route->ticket && !route_is_guessable(route);
    Visibility intent = route->inside ? VISIBILITY_INTERNAL : VISIBILITY_PUBLIC;
    if (certain)
        delivery_take_ticket(delivery, route->ticket);
    return delivery_store_message(delivery, certain ? route->ticket : NULL, VISIBILITY_HELD,
                                  intent, reason, NULL, error) &&
           delivery_decide(delivery, VERDICT_HELD, reason);
}
