/* A store in a folder of its own, with a queue and a person or two. Header only, for every .c
 * in this folder is a program. */
#pragma once

#include "core/base/error.h"
#include "schema/people.h"
#include "schema/queues.h"
#include "schema/store.h"
#include "schema/tickets.h"

#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>

/* `call` uses the `error` made here. */
#define MUST(call)                                                                             \
    do {                                                                                       \
        g_autoptr(GError) error = NULL;                                                        \
        bool must_done = (call);                                                               \
        g_assert_no_error(error);                                                              \
        g_assert_true(must_done);                                                              \
    } while (0)

#define FAILS(call, kind)                                                                      \
    do {                                                                                       \
        g_autoptr(GError) error = NULL;                                                        \
        g_assert_false(call);                                                                  \
        g_assert_error(error, WICKET_ERROR, kind);                                             \
        g_test_message("%s", error->message);                                                  \
    } while (0)

static inline char *fixture_dir(void)
{
    char *dir = g_dir_make_tmp("wicket-store-XXXXXX", NULL);
    g_assert_nonnull(dir);
    return dir;
}

static inline char *fixture_path(const char *dir, const char *name)
{
    return g_build_filename(dir, name, NULL);
}

static inline void fixture_remove(char *dir)
{
    GDir *entries = g_dir_open(dir, 0, NULL);
    const char *name;
    while (entries && (name = g_dir_read_name(entries))) {
        g_autofree char *path = fixture_path(dir, name);
        g_remove(path);
    }
    if (entries)
        g_dir_close(entries);
    g_rmdir(dir);
    g_free(dir);
}

static inline Store *fixture_open(const char *dir, StoreMode mode)
{
    Store *store = NULL;
    MUST(store_open(dir, mode, &store, &error));
    return store;
}

static inline gint64 fixture_queue(Store *store, const char *name, const char *prefix)
{
    g_autofree char *address = g_strdup_printf("%s@example.org", name);
    Queue queue = {
        .name = (char *)name,
        .address = address,
        .prefix = (char *)prefix,
        .language = (char *)"fr",
    };
    gint64 id = 0;
    MUST(queues_add(store, &queue, &id, &error));
    return id;
}

static inline gint64 fixture_person(Store *store, const char *name, const char *address)
{
    Person person = {.name = (char *)name, .address = (char *)address, .language = (char *)""};
    gint64 id = 0;
    MUST(people_add(store, &person, &id, &error));
    return id;
}

static inline gint64 fixture_ticket(Store *store, gint64 queue, gint64 requester,
                                    gint64 created)
{
    Ticket ticket = {
        .queue = queue,
        .token = (char *)"7kq2m9xw",
        .title = (char *)"Imprimante",
        .status = (char *)"new",
        .type = (char *)"",
        .language = (char *)"fr",
        .priority = 1,
        .requester = requester,
        .created = created,
    };
    MUST(queues_next_number(store, queue, &ticket.number, &error));
    gint64 id = 0;
    MUST(tickets_add(store, &ticket, &id, &error));
    return id;
}

/* What most tests start from: a folder, a store open for writing, and a transaction begun. */
typedef struct {
    char *dir;
    Store *store;
    gint64 queue, sales;    /* "support" SUP, "sales" SAL */
    gint64 customer, agent; /* customer@example.com, agent@example.org */
} Fixture;

static inline void fixture_set_up(Fixture *fixture, gconstpointer unused)
{
    fixture->dir = fixture_dir();
    fixture->store = fixture_open(fixture->dir, STORE_CREATE);
    MUST(store_begin(fixture->store, &error));
    fixture->queue = fixture_queue(fixture->store, "support", "SUP");
    fixture->sales = fixture_queue(fixture->store, "sales", "SAL");
    fixture->customer = fixture_person(fixture->store, "Zoé", "Customer@Example.com");
    fixture->agent = fixture_person(fixture->store, "Ann", "agent@example.org");
}

static inline void fixture_tear_down(Fixture *fixture, gconstpointer unused)
{
    store_close(fixture->store);
    fixture_remove(fixture->dir);
}

#define FIXTURE_TEST(path, function)                                                           \
    g_test_add(path, Fixture, NULL, fixture_set_up, function, fixture_tear_down)
