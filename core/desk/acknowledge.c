/* Counting acknowledgements by what stands in the outbox: there is no second ledger of them. */
#include "core/desk/acknowledge.h"

#include "core/base/timestamp.h"
#include "core/desk/notify.h"
#include "schema/outbox.h"

bool acknowledge_allowed(Desk *desk, const Authority *authority, const Person *requester,
                         bool *ret, GError **error)
{
    bool proven = authority->domain || authority->secret;
    gint64 window = proven ? 3600 : 86400;
    gint64 limit = proven ? desk->config->limits.acknowledgements_per_hour
                          : desk->config->limits.acknowledgements_per_day;
    gint64 sent = 0;
    *ret = false;
    if (authority->machine)
        return true;
    if (!outbox_count_to(desk->store, requester->address,
                         notice_kind_name(NOTICE_ACKNOWLEDGEMENT), now_utc() - window, &sent,
                         error))
        return false;
    *ret = sent < limit;
    return true;
}
