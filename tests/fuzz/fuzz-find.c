/* Anything as a search: it is answered or refused, never an error of the database, and what is
 * found has every word, whether the index has it or not. */
#include "core/base/error.h"
#include "core/base/utf8.h"
#include "core/desk/finding.h"
#include "schema/queues.h"
#include "schema/search.h"

#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

static char *dir;
static Desk desk;

static void must(bool done)
{
    if (!done)
        abort();
}

static void clean_up(void)
{
    static const char *const files[] = {"mailwicket.db", "mailwicket.db-wal",
                                        "mailwicket.db-shm", "lock"};
    store_close(desk.store);
    for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autofree char *path = g_build_filename(dir, files[i], NULL);
        g_remove(path);
    }
    g_rmdir(dir);
    g_free(dir);
}

static void add_message(gint64 queue, const char *subject, const char *reply)
{
    gint64 id;
    Message message = {.queue = queue,
                       .visibility = VISIBILITY_HELD,
                       .author_name = (char *)"Zoé",
                       .author_address = (char *)"zoe@client.test",
                       .subject = (char *)subject,
                       .reply = (char *)reply};
    must(store_begin(desk.store, NULL) &&
         messages_add(desk.store, &message, NULL, NULL, &id, NULL) &&
         store_commit(desk.store, NULL));
}

static void set_up(void)
{
    Queue queue = {.name = (char *)"support",
                   .address = (char *)"support@desk.example",
                   .prefix = (char *)"SUP",
                   .language = (char *)"fr"};
    SearchState state = SEARCH_BUSY;
    dir = g_dir_make_tmp("wicket-fuzz-XXXXXX", NULL);
    must(dir && store_open(dir, STORE_CREATE, &desk.store, NULL));
    atexit(clean_up);
    must(store_begin(desk.store, NULL) && queues_add(desk.store, &queue, &queue.id, NULL) &&
         store_commit(desk.store, NULL));
    add_message(queue.id, "Imprimante", "near and or not words toner");
    while (state == SEARCH_BUSY)
        must(search_step(desk.store, &state, NULL));
    add_message(queue.id, "Écran", "near and or not words toner");
}

/* The two messages differ in their subjects alone: a search that names neither finds both or
 * none. */
static void check(const Finding *finding, const char *text)
{
    for (guint i = 0; i < finding->found->len; i++) {
        const Found *found = finding->found->pdata[i];
        must(g_utf8_validate(found->snippet, -1, NULL) && !strpbrk(found->snippet, "\r\n\t"));
    }
    bool subject = false;
    for (const char *c = text; *c; c++)
        subject = subject || (*c & 0x80) || strchr("iIeE", *c);
    must(subject || finding->found->len != 1);
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    g_autofree char *raw = g_strndup((const char *)data, size);
    g_autoptr(Finding) finding = NULL;
    g_autoptr(GError) error = NULL;
    if (!dir)
        set_up();
    if (finding_search(&desk, NULL, raw, &finding, &error))
        check(finding, raw);
    else
        must(g_error_matches(error, WICKET_ERROR, ERROR_REJECTED));
    return 0;
}
