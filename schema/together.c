/* Group commit for whoever has several writes at hand.
 *
 * Not here: what is written. The transaction and its parts are store.c's. */
#include "schema/together.h"

typedef enum {
    END_COMMITTED, /* each has its own error or none */
    END_LOST,      /* none is in the database */
    END_NOT_BEGUN, /* nor will another transaction begin now */
} End;

typedef struct {
    Store *store;
    StoreWrite write;
    void *user;
    GError **errors;
} Together;

static void fail_all(GError **errors, guint from, guint to, const GError *error)
{
    for (guint i = from; i < to; i++) {
        g_clear_error(&errors[i]);
        errors[i] = g_error_copy(error);
    }
}

/* False: the transaction is gone, and with it what was written before. */
static bool write_part(const Together *together, guint i)
{
    bool whole = false;
    if (!store_part_begin(together->store, &together->errors[i]))
        return false;
    if (together->write(i, together->user, &together->errors[i]) &&
        store_part_keep(together->store, &together->errors[i]))
        return true;
    store_part_undo(together->store, &whole);
    return whole;
}

static bool write_parts(const Together *together, guint from, guint to, GError **error)
{
    for (guint i = from; i < to; i++) {
        g_clear_error(&together->errors[i]);
        if (!write_part(together, i)) {
            g_propagate_error(error, g_error_copy(together->errors[i]));
            return false;
        }
    }
    return true;
}

static End commit(const Together *together, guint from, guint to)
{
    g_autoptr(GError) error = NULL;
    End end = END_NOT_BEGUN;
    if (store_begin(together->store, &error))
        end = write_parts(together, from, to, &error) && store_commit(together->store, &error)
                  ? END_COMMITTED
                  : END_LOST;
    store_rollback(together->store);
    if (end != END_COMMITTED)
        fail_all(together->errors, from, to, error);
    return end;
}

static void commit_each(const Together *together, guint n)
{
    for (guint i = 0; i < n; i++) {
        if (commit(together, i, i + 1) == END_NOT_BEGUN) {
            fail_all(together->errors, i + 1, n, together->errors[i]);
            return;
        }
    }
}

void store_together(Store *store, guint n, StoreWrite write, void *user, GError **errors)
{
    Together together = {store, write, user, errors};
    if (n > 0 && commit(&together, 0, n) == END_LOST && n > 1)
        commit_each(&together, n);
}
