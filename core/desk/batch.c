/* What is a write of many for the store is one delivery here. */
#include "core/desk/batch.h"

#include "core/base/wake.h"
#include "core/desk/own_quote.h"
#include "schema/together.h"

typedef struct {
    Desk *desk;
    BatchItem *const *items;
} Deciding;

/* StoreWrite */
static bool decide(guint i, void *user, GError **error)
{
    const Deciding *deciding = user;
    BatchItem *item = deciding->items[i];
    g_clear_pointer(&item->outcome, outcome_free);
    return own_quote_cut(deciding->desk, item->mail, error) &&
           deliver_decide(deciding->desk, item->envelope, item->scan, item->mail,
                          &item->outcome, error);
}

void deliver_batch(Desk *desk, BatchItem *const *items, guint n)
{
    Deciding deciding = {desk, items};
    g_autofree GError **errors = g_new0(GError *, n);
    store_together(desk->store, n, decide, &deciding, errors);
    wake_send(desk->config->site.data_dir);
    for (guint i = 0; i < n; i++) {
        items[i]->error = errors[i];
        /* It was decided, and then undone with the transaction. */
        if (errors[i])
            g_clear_pointer(&items[i]->outcome, outcome_free);
    }
}
