/* A queue in front of deliver_batch, and one baton.
 *
 * Whoever has the baton writes: it takes all jobs that have queued, its own among them, commits
 * them together, and passes the baton to the first of those that came meanwhile. So a mail that
 * comes alone is written by the thread that read it, which spares two hand-overs, and under
 * load commits are as large as they were with a thread of their own.
 *
 * The queue needs no limit of its own: a session waits for its answer, so that there is at most
 * one mail for each connection, whose number is limited.
 *
 * After a failure the desk is opened anew: what an I/O error left of a connection to the
 * database is not worth knowing. While it cannot be opened, mails are kept by those who sent
 * them. */
#include "mda/writer.h"

typedef struct {
    BatchItem *items;
    guint n;
    bool done, leads; /* one of them is what its thread waits for */
    GCond turn;
} Job; /* on the stack of the thread that waits for it */

struct Writer {
    SiteSlot *slot;
    GMutex mutex;
    GQueue jobs;  /* Job *: not taken yet */
    bool leading; /* somebody has the baton */

    /* Of whoever has the baton. */
    Site *site;
    Desk *desk; /* NULL: to be opened */
};

/* --- with the baton ---------------------------------------------------------------------- */

static void close_desk(Writer *writer)
{
    g_clear_pointer(&writer->desk, desk_close);
    g_clear_pointer(&writer->site, site_unref);
}

/* The desk as the present configuration has it. */
static bool renew_desk(Writer *writer, GError **error)
{
    g_autoptr(Site) present = site_present(writer->slot);
    if (writer->desk && present == writer->site)
        return true;
    close_desk(writer);
    writer->site = g_steal_pointer(&present);
    return desk_open(writer->site->config, &writer->desk, error);
}

static bool has_failed(const GPtrArray *items)
{
    for (guint i = 0; i < items->len; i++)
        if (((const BatchItem *)items->pdata[i])->error)
            return true;
    return false;
}

static void write_batch(Writer *writer, GPtrArray *items)
{
    g_autoptr(GError) error = NULL;
    if (renew_desk(writer, &error)) {
        deliver_batch(writer->desk, (BatchItem *const *)items->pdata, items->len);
    } else {
        for (guint i = 0; i < items->len; i++)
            ((BatchItem *)items->pdata[i])->error = g_error_copy(error);
    }
    if (has_failed(items))
        close_desk(writer);
}

/* Whole jobs, as many as may share a commit; at least one. */
static GPtrArray *take_jobs(Writer *writer, guint most, GPtrArray *items)
{
    GPtrArray *jobs = g_ptr_array_new();
    const Job *next = g_queue_peek_head(&writer->jobs);
    while (next && (items->len == 0 || items->len + next->n <= most)) {
        Job *job = g_queue_pop_head(&writer->jobs);
        g_ptr_array_add(jobs, job);
        for (guint i = 0; i < job->n; i++)
            g_ptr_array_add(items, &job->items[i]);
        next = g_queue_peek_head(&writer->jobs);
    }
    return jobs;
}

static guint most_together(Writer *writer)
{
    g_autoptr(Site) site = site_present(writer->slot);
    return (guint)site->config->limits.deliveries_per_commit;
}

/* Called and left with the mutex held. */
static void lead(Writer *writer)
{
    g_autoptr(GPtrArray) items = g_ptr_array_new();
    g_autoptr(GPtrArray) jobs = take_jobs(writer, most_together(writer), items);
    g_mutex_unlock(&writer->mutex);
    write_batch(writer, items);
    g_mutex_lock(&writer->mutex);
    for (guint i = 0; i < jobs->len; i++) {
        Job *job = jobs->pdata[i];
        job->done = true;
        g_cond_signal(&job->turn);
    }
}

/* --- all --------------------------------------------------------------------------------- */

void writer_free(Writer *writer)
{
    if (!writer)
        return;
    close_desk(writer);
    g_queue_clear(&writer->jobs);
    g_mutex_clear(&writer->mutex);
    g_free(writer);
}

bool writer_new(SiteSlot *slot, Writer **ret, GError **error)
{
    g_autoptr(Writer) writer = g_new0(Writer, 1);
    writer->slot = slot;
    g_mutex_init(&writer->mutex);
    g_queue_init(&writer->jobs);
    if (!renew_desk(writer, error))
        return false;
    *ret = g_steal_pointer(&writer);
    return true;
}

void writer_deliver(Writer *writer, BatchItem *items, guint n)
{
    Job job = {.items = items, .n = n};
    g_cond_init(&job.turn);
    g_mutex_lock(&writer->mutex);
    g_queue_push_tail(&writer->jobs, &job);
    while (!job.done && !job.leads && writer->leading)
        g_cond_wait(&job.turn, &writer->mutex);
    if (!job.done) {
        writer->leading = true;
        while (!job.done)
            lead(writer);
        Job *next = g_queue_peek_head(&writer->jobs);
        writer->leading = next != NULL;
        if (next) {
            next->leads = true;
            g_cond_signal(&next->turn);
        }
    }
    g_mutex_unlock(&writer->mutex);
    g_cond_clear(&job.turn);
}
