/* Deciding many deliveries and committing them together.
 *
 * What fails for one delivery is undone to the start of its part. Some failures take the whole
 * transaction along: a full disk, an I/O error, the commit itself. Then nothing of the batch is
 * in the database, and each delivery is tried again in a transaction of its own, so that those
 * that fit, or that are not the cause, still get through. Where not even a transaction can be
 * begun, nobody waits for it twice. */
#include "core/desk/batch.h"

#include "core/desk/own_quote.h"

typedef enum {
    END_COMMITTED, /* each item has its outcome or its own error */
    END_LOST,      /* none is in the database */
    END_NOT_BEGUN, /* nor will another transaction begin now */
} End;

/* Takes `error`; NULL makes the item as it was. */
static void fail(BatchItem *item, GError *error)
{
    g_clear_pointer(&item->outcome, outcome_free);
    g_clear_error(&item->error);
    item->error = error;
}

static void fail_all(BatchItem *const *items, guint n, const GError *error)
{
    for (guint i = 0; i < n; i++)
        fail(items[i], g_error_copy(error));
}

/* False: the transaction is gone, and with it what was decided before. */
static bool decide_part(Desk *desk, BatchItem *item)
{
    GError *error = NULL;
    bool whole = true;
    if (!store_part_begin(desk->store, &error)) {
        fail(item, error);
        return false;
    }
    if (own_quote_cut(desk, item->mail, &error) &&
        deliver_decide(desk, item->envelope, item->scan, item->mail, &item->outcome, &error) &&
        store_part_keep(desk->store, &error))
        return true;
    fail(item, error);
    store_part_undo(desk->store, &whole);
    return whole;
}

static bool decide_parts(Desk *desk, BatchItem *const *items, guint n, GError **error)
{
    for (guint i = 0; i < n; i++) {
        if (!items[i]->error && !decide_part(desk, items[i])) {
            g_propagate_error(error, g_error_copy(items[i]->error));
            return false;
        }
    }
    return true;
}

/* All in one transaction. */
static End commit_together(Desk *desk, BatchItem *const *items, guint n)
{
    g_autoptr(GError) error = NULL;
    End end = END_NOT_BEGUN;
    if (store_begin(desk->store, &error))
        end = decide_parts(desk, items, n, &error) && desk_commit(desk, &error) ? END_COMMITTED
                                                                                : END_LOST;
    store_rollback(desk->store);
    if (end != END_COMMITTED)
        fail_all(items, n, error);
    return end;
}

static void commit_each(Desk *desk, BatchItem *const *items, guint n)
{
    for (guint i = 0; i < n; i++) {
        fail(items[i], NULL);
        if (commit_together(desk, &items[i], 1) == END_NOT_BEGUN) {
            fail_all(items + i + 1, n - i - 1, items[i]->error);
            return;
        }
    }
}

void deliver_batch(Desk *desk, BatchItem *const *items, guint n)
{
    if (commit_together(desk, items, n) == END_LOST && n > 1)
        commit_each(desk, items, n);
}
