/* What the questions of an audit find: nothing in a sound store, and each damage by its name.
 */
#include "tests/unit/store/fixture.h"

#include "schema/audit.h"

#include <sqlite3.h>

static void note_finding(const char *kind, gint64 id, const char *what, void *user)
{
    g_string_append_printf(user, "%s %d %s\n", kind, (int)id, what);
}

static char *findings(Store *store)
{
    GString *found = g_string_new(NULL);
    MUST(audit_file(store, note_finding, found, &error));
    MUST(audit_rows(store, note_finding, found, &error));
    return g_string_free(found, FALSE);
}

static void meddle(const char *dir, const char *sql)
{
    g_autofree char *path = fixture_path(dir, "mailwicket.db");
    sqlite3 *db = NULL;
    g_assert_cmpint(sqlite3_open(path, &db), ==, SQLITE_OK);
    g_assert_cmpint(sqlite3_exec(db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
    sqlite3_close(db);
}

static void test_sound(Fixture *f, gconstpointer unused)
{
    g_autofree char *found = findings(f->store);
    g_assert_cmpstr(found, ==, "");
}

static void test_damage(Fixture *f, gconstpointer unused)
{
    MUST(store_commit(f->store, &error));
    meddle(f->dir, "INSERT INTO raw (id, hash, size) VALUES (7, zeroblob(32), 3);"
                   "INSERT INTO raw_piece (raw, seq, bytes) VALUES (8, 0, x'00');"
                   "INSERT INTO ledger (at, sender, recipient, size, message_id, key, verdict, "
                   "reason) VALUES (1, '', 'x', 1, '', x'01', 'ticket', '')");
    g_autofree char *found = findings(f->store);
    g_assert_nonnull(strstr(found, "raw mail 7 belongs to no ledger row and no message\n"));
    g_assert_nonnull(strstr(found, "raw mail 8 is not in the table, but pieces of it are\n"));
    g_assert_nonnull(strstr(found, "ledger row 1 took effect without a raw mail\n"));
    g_assert_nonnull(strstr(found, "raw_piece 1 names a raw that does not exist\n"));
}

static void test_raws(Fixture *f, gconstpointer unused)
{
    gint64 id, count;
    guint64 size;
    guint8 hash[32];
    MUST(store_commit(f->store, &error));
    meddle(f->dir, "INSERT INTO raw (id, hash, size) VALUES (3, zeroblob(32), 30), "
                   "(9, randomblob(32), 90)");
    MUST(audit_count_raws(f->store, &count, &error));
    g_assert_cmpint(count, ==, 2);
    MUST(audit_next_raw(f->store, 0, &id, &size, hash, &error));
    g_assert_cmpint(id, ==, 3);
    g_assert_cmpint(size, ==, 30);
    MUST(audit_next_raw(f->store, 3, &id, &size, hash, &error));
    g_assert_cmpint(id, ==, 9);
    MUST(audit_next_raw(f->store, 9, &id, &size, hash, &error));
    g_assert_cmpint(id, ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    FIXTURE_TEST("/audit/sound", test_sound);
    FIXTURE_TEST("/audit/damage", test_damage);
    FIXTURE_TEST("/audit/raws", test_raws);
    return g_test_run();
}
