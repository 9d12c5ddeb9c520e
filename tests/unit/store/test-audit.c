/* What an audit finds: nothing in a sound store, and each damage by its name. Looks into the
 * private header, for nothing outside could see whether a snapshot is kept. */
#include "tests/unit/store/fixture.h"

#include "core/base/secret.h"
#include "schema/audit.h"
#include "schema/id_set.h"
#include "schema/ledger.h"
#include "schema/messages.h"
#include "schema/outbox.h"
#include "schema/raw.h"
#include "schema/sqlite.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

/* Three pieces, the last one short. */
#define MAIL_BYTES (2 * RAW_PIECE_BYTES + 1000)

/* --- a store with something in it ------------------------------------------------------------
 */

static gint64 add_raw(Store *store, guint8 fill)
{
    g_autofree guint8 *bytes = g_malloc(MAIL_BYTES);
    guint8 hash[32];
    gint64 id = 0;
    int fd = memfd_create("mail", MFD_CLOEXEC);
    memset(bytes, fill, MAIL_BYTES);
    sha256_of(bytes, MAIL_BYTES, hash);
    g_assert_cmpint(write(fd, bytes, MAIL_BYTES), ==, MAIL_BYTES);
    MUST(raw_add(store, fd, MAIL_BYTES, hash, &id, &error));
    close(fd);
    return id;
}

static gint64 add_message(Store *store, gint64 ticket, gint64 queue, gint64 raw)
{
    g_autoptr(GPtrArray) attachments = g_ptr_array_new();
    Attachment attachment = {.n = 1, .place.outer = {.offset = 10, .length = MAIL_BYTES - 10}};
    g_ptr_array_add(attachments, &attachment);
    Message message = {.ticket = ticket,
                       .queue = queue,
                       .raw = raw,
                       .visibility = ticket ? VISIBILITY_PUBLIC : VISIBILITY_HELD,
                       .attachments = attachments};
    gint64 id = 0;
    MUST(messages_add(store, &message, NULL, NULL, &id, &error));
    return id;
}

static void add_outgoing(Store *store, gint64 person, gint64 message)
{
    g_autofree char *message_id = g_strdup_printf("out.%d", (int)message);
    OutboxRow row = {.kind = (char *)"message",
                     .person = person,
                     .address = (char *)"a@b",
                     .message_id = message_id,
                     .message = message};
    MUST(outbox_add(store, &row, &row.id, &error));
    for (int seq = 0; seq < 2; seq++)
        MUST(outbox_add_piece(store, row.id, seq, (const guint8 *)"bytes", 5, &error));
    MUST(outbox_rendered(store, row.id, &error));
}

static void add_ledger(Store *store, const char *verdict, guint8 key, gint64 ticket,
                       gint64 message, gint64 raw)
{
    LedgerRow row = {.verdict = verdict, .ticket = ticket, .message = message, .raw = raw};
    row.key[0] = key;
    MUST(ledger_add(store, &row, NULL, &error));
}

/* A delivery that opens a ticket: what it stores has the same id in every table. */
static void deliver(Store *store, const Fixture *f, guint8 fill)
{
    gint64 ticket = fixture_ticket(store, f->queue, f->customer, 1);
    gint64 raw = add_raw(store, fill);
    gint64 message = add_message(store, ticket, f->queue, raw);
    add_outgoing(store, f->customer, message);
    add_ledger(store, "ticket", fill, ticket, message, raw);
}

static void set_up(Fixture *f, gconstpointer unused)
{
    fixture_set_up(f, unused);
    for (guint8 i = 1; i <= 3; i++)
        deliver(f->store, f, i);
    MUST(store_commit(f->store, &error));
}

#define AUDIT_TEST(path, function)                                                             \
    g_test_add(path, Fixture, NULL, set_up, function, fixture_tear_down)

/* --- looking ---------------------------------------------------------------------------------
 */

typedef struct {
    GString *found;
    Audit *audit;
    void (*meanwhile)(const char *part);
} Look;

static void note_finding(const AuditFinding *finding, void *user)
{
    Look *look = user;
    g_assert_cmpint(sqlite3_txn_state(look->audit->store->db, NULL), ==, SQLITE_TXN_NONE);
    g_string_append_printf(look->found, "%s %" G_GINT64_FORMAT " %s\n", finding->kind,
                           finding->id, finding->what);
}

static void note_progress(const char *part, gint64 at, gint64 last, void *user)
{
    Look *look = user;
    g_assert_cmpint(at, <=, last);
    g_assert_cmpint(sqlite3_txn_state(look->audit->store->db, NULL), ==, SQLITE_TXN_NONE);
    if (look->meanwhile)
        look->meanwhile(part);
}

static char *findings(const char *dir, Audit *audit, void (*meanwhile)(const char *part))
{
    g_autoptr(Store) store = fixture_open(dir, STORE_READ_ONLY);
    Look look = {g_string_new(NULL), audit, meanwhile};
    *audit = (Audit){
        .store = store, .found = note_finding, .progress = note_progress, .user = &look};
    MUST(audit_file(audit, &error));
    MUST(audit_rows(audit, &error));
    return g_string_free(look.found, FALSE);
}

static void meddle(const char *dir, const char *sql)
{
    g_autofree char *path = fixture_path(dir, "mailwicket.db");
    sqlite3 *db = NULL;
    g_assert_cmpint(sqlite3_open(path, &db), ==, SQLITE_OK);
    g_assert_cmpint(sqlite3_exec(db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
    sqlite3_close(db);
}

/* Does this harm, looks, and wants exactly these lines. */
static void assert_found(Fixture *f, const char *sql, const char *expected)
{
    Audit audit;
    meddle(f->dir, sql);
    g_autofree char *found = findings(f->dir, &audit, NULL);
    g_assert_cmpstr(found, ==, expected);
}

/* --- tests -----------------------------------------------------------------------------------
 */

static void test_sound(Fixture *f, gconstpointer unused)
{
    Audit audit;
    g_autofree char *found = findings(f->dir, &audit, NULL);
    g_assert_cmpstr(found, ==, "");
    for (AuditTable table = 0; table < AUDIT_TABLES; table++)
        g_assert_cmpint(audit.looked_at[table], ==, 3);
}

static void test_empty(Fixture *f, gconstpointer unused)
{
    Audit audit;
    MUST(store_commit(f->store, &error));
    g_autofree char *found = findings(f->dir, &audit, NULL);
    g_assert_cmpstr(found, ==, "");
    g_assert_cmpint(audit.looked_at[AUDIT_RAWS], ==, 0);
}

/* Every verdict with as little as it may leave. */
static void test_verdicts(Fixture *f, gconstpointer unused)
{
    static const char *const alone[] = {"command", "receipt", "loop", "unparsed", "duplicate"};
    Audit audit;
    MUST(store_begin(f->store, &error));
    gint64 held = add_message(f->store, 0, f->queue, 2);
    add_ledger(f->store, "held", 20, 0, held, 2);
    add_ledger(f->store, "bounce", 21, 1, 0, 2);
    add_ledger(f->store, "bounce", 22, 0, held, 2);
    add_ledger(f->store, "reply", 23, 1, 1, 2); /* raw 2 confirmed message 1 */
    add_ledger(f->store, "note", 24, 1, 1, 1);
    add_ledger(f->store, "auto-reply", 25, 1, 1, 1);
    add_ledger(f->store, "refused", 25, 0, 0, 0);
    for (guint8 i = 0; i < G_N_ELEMENTS(alone); i++)
        add_ledger(f->store, alone[i], 30 + i, 0, 0, 1);
    MUST(store_commit(f->store, &error));
    g_autofree char *found = findings(f->dir, &audit, NULL);
    g_assert_cmpstr(found, ==, "");
}

static void test_bytes(Fixture *f, gconstpointer unused)
{
    assert_found(f,
                 "UPDATE raw_piece SET bytes = CAST('x' || substr(bytes, 2) AS BLOB) "
                 "WHERE raw = 1 AND seq = 1",
                 "raw mail 1 is not what its SHA-256 says\n");
    assert_found(f, "DELETE FROM raw_piece WHERE raw = 1 AND seq = 1",
                 "raw mail 1 is incomplete: piece 1 is missing\n");
    assert_found(f,
                 "DELETE FROM raw_piece WHERE raw = 1 AND seq = 0;"
                 "UPDATE raw_piece SET bytes = zeroblob(999) WHERE raw = 2 AND seq = 2;"
                 "UPDATE raw SET size = size - 1000 WHERE id = 3",
                 "message 3 has an attachment that lies outside its raw mail\n"
                 "raw mail 1 is incomplete: piece 0 is missing\n"
                 "raw mail 2 is incomplete: piece 2 is of the wrong length\n"
                 "raw mail 3 has more pieces than its size says\n");
}

static void test_size(Fixture *f, gconstpointer unused)
{
    assert_found(f, "UPDATE raw SET size = -1 WHERE id = 2",
                 "message 2 has an attachment that lies outside its raw mail\n"
                 "raw mail 2 is incomplete: piece 2 is of the wrong length\n");
}

static void test_ledger(Fixture *f, gconstpointer unused)
{
    assert_found(f, "UPDATE ledger SET raw = NULL WHERE id = 1",
                 "ledger row 1 took effect without a raw mail\n"
                 "ledger row 1 names another raw mail than its message does\n");
    assert_found(f,
                 "UPDATE ledger SET raw = 1 WHERE id = 1;"
                 "UPDATE ledger SET ticket = NULL WHERE id = 2;"
                 "UPDATE ledger SET ticket = 1 WHERE id = 3",
                 "ledger row 2 opened or entered a ticket and names none, or no message\n"
                 "ledger row 3 names a message of another ticket\n");
    assert_found(f,
                 "UPDATE ledger SET ticket = id;"
                 "UPDATE ledger SET verdict = 'held', message = NULL WHERE id = 1;"
                 "UPDATE ledger SET verdict = 'duplicate', raw = NULL WHERE id = 2;"
                 "UPDATE ledger SET verdict = 'bounce', ticket = NULL, message = NULL "
                 "WHERE id = 3",
                 "ledger row 2 repeats a delivery and names no raw mail\n"
                 "ledger row 1 is of a held mail and names no message\n"
                 "ledger row 3 is of a bounce that is neither on a ticket nor held\n"
                 "message 1 has no ledger row\n"
                 "message 3 has no ledger row\n");
    assert_found(f,
                 "UPDATE ledger SET verdict = 'ticket', ticket = id, message = id, raw = id;"
                 "UPDATE ledger SET verdict = 'plop' WHERE id = 2",
                 "ledger row 2 has a verdict that there is not\n");
}

static void test_key(Fixture *f, gconstpointer unused)
{
    assert_found(f, "DROP INDEX ledger_key; UPDATE ledger SET key = x'aa' WHERE id > 1",
                 "ledger row 3 is a second one that takes effect for one delivery key\n");
}

static void test_messages(Fixture *f, gconstpointer unused)
{
    assert_found(f,
                 "DELETE FROM ledger WHERE id = 1; UPDATE message SET raw = NULL WHERE id = 1;"
                 "UPDATE message SET ticket = NULL WHERE id = 2;"
                 "UPDATE ledger SET ticket = NULL, verdict = 'held' WHERE id = 2",
                 "message 1 has no raw mail\n"
                 "message 2 is on no ticket and not held, so nobody sees it\n"
                 "message 1 has no ledger row\n"
                 "ticket 2 has no message\n"
                 "raw mail 1 belongs to no ledger row and no message: what a delivery left is "
                 "gone\n");
}

static void test_attachments(Fixture *f, gconstpointer unused)
{
    assert_found(f,
                 "UPDATE attachment SET offset = 11 WHERE message = 1;"
                 "UPDATE attachment SET offset = -1 WHERE message = 2;"
                 "UPDATE attachment SET length = 9223372036854775807 WHERE message = 3",
                 "message 1 has an attachment that lies outside its raw mail\n"
                 "message 2 has an attachment that lies outside its raw mail\n"
                 "message 3 has an attachment that lies outside its raw mail\n");
}

static void test_orphans(Fixture *f, gconstpointer unused)
{
    assert_found(f,
                 "INSERT INTO raw (id, hash, size) VALUES "
                 "(7, x'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855', 0)",
                 "raw mail 7 belongs to no ledger row and no message: what a delivery left is "
                 "gone\n");
    /* As far away as ids go. */
    assert_found(f,
                 "DELETE FROM raw WHERE id = 7;"
                 "INSERT INTO raw_piece (raw, seq, bytes) VALUES (9223372036854775807, 0, x'')",
                 "raw_piece 10 names a raw that does not exist\n"
                 "raw mail 9223372036854775807 is not in the table, but pieces of it are\n");
}

static void test_outbox(Fixture *f, gconstpointer unused)
{
    assert_found(f,
                 "DELETE FROM outbox_piece WHERE outbox = 1;"
                 "DELETE FROM outbox_piece WHERE outbox = 2 AND seq = 0;"
                 "UPDATE outbox SET rendered = 0 WHERE id = 3",
                 "outgoing mail 1 is marked rendered and its bytes are not complete\n"
                 "outgoing mail 2 is marked rendered and its bytes are not complete\n");
}

static void test_counter(Fixture *f, gconstpointer unused)
{
    assert_found(
        f, "UPDATE queue SET last_number = 2 WHERE id = 1",
        "queue 1 has given numbers past its counter, so the next new tickets are deferred\n");
}

static void test_references(Fixture *f, gconstpointer unused)
{
    assert_found(f,
                 "UPDATE message SET ticket = 99 WHERE id = 1;"
                 "UPDATE ledger SET ticket = 99 WHERE id = 1;"
                 "UPDATE attachment SET message = 98 WHERE message = 2;"
                 "INSERT INTO link (hash, ticket, person, epoch) VALUES (x'00', 97, 96, 1)",
                 "message 98 does not exist, but attachment names it\n"
                 "ledger 1 names a ticket that does not exist\n"
                 "person 96 does not exist, but link names it\n"
                 "ticket 97 does not exist, but link names it\n"
                 "message 1 names a ticket that does not exist\n"
                 "ticket 1 has no message\n");
}

/* --- damage to the file ----------------------------------------------------------------------
 */

static gint64 root_page(Store *store, const char *name)
{
    g_auto(Query) query =
        query_start(store, "SELECT rootpage FROM sqlite_schema WHERE name = ?1");
    query_bind_text(&query, name);
    gint64 page = 0;
    MUST(query_int(&query, &page, &error));
    return page;
}

static void overwrite_root(Fixture *f, const char *name)
{
    g_autofree char *path = fixture_path(f->dir, "mailwicket.db");
    gint64 page = root_page(f->store, name);
    MUST(store_checkpoint(f->store, 0, NULL, &error));
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    g_assert_cmpint(pwrite(fd, "XXXXXXXXXXXXXXXX", 16, (page - 1) * 4096), ==, 16);
    close(fd);
}

static void assert_like(const char *found, const char *pattern)
{
    if (!g_regex_match_simple(pattern, found, G_REGEX_MULTILINE, 0))
        g_error("no line matches %s in:\n%s", pattern, found);
}

/* That the ledger cannot be read says nothing about messages, and the rest is looked at. */
static void test_ledger_page(Fixture *f, gconstpointer unused)
{
    Audit audit;
    meddle(f->dir, "DELETE FROM raw_piece WHERE raw = 1");
    overwrite_root(f, "ledger");
    g_autofree char *found = findings(f->dir, &audit, NULL);
    assert_like(found, "^database 0 ");
    assert_like(found, "^ledger rows 0 .*the file is damaged");
    assert_like(found, "^raw mail 1 is incomplete: piece 0 is missing$");
    g_assert_null(strstr(found, "has no ledger row"));
    g_assert_null(strstr(found, "belongs to no"));
    g_assert_cmpint(audit.looked_at[AUDIT_MESSAGES], ==, 3);
}

static void test_piece_page(Fixture *f, gconstpointer unused)
{
    Audit audit;
    overwrite_root(f, "raw_piece");
    g_autofree char *found = findings(f->dir, &audit, NULL);
    for (int raw = 1; raw <= 3; raw++) {
        g_autofree char *pattern = g_strdup_printf("^raw mail %d .*the file is damaged", raw);
        assert_like(found, pattern);
    }
}

/* --- beside deliveries -----------------------------------------------------------------------
 */

static Fixture *meanwhile_fixture;
static guint8 meanwhile_fill;

static void deliver_meanwhile(const char *part)
{
    MUST(store_begin(meanwhile_fixture->store, &error));
    deliver(meanwhile_fixture->store, meanwhile_fixture, meanwhile_fill++);
    MUST(store_commit(meanwhile_fixture->store, &error));
    MUST(store_checkpoint(meanwhile_fixture->store, 0, NULL, &error));
}

static void test_meanwhile(Fixture *f, gconstpointer unused)
{
    Audit audit;
    meanwhile_fixture = f;
    meanwhile_fill = 100;
    g_autofree char *found = findings(f->dir, &audit, deliver_meanwhile);
    g_assert_cmpstr(found, ==, "");
    g_assert_cmpint(meanwhile_fill, >, 100 + AUDIT_TABLES);
    /* Those that came before the bounds were taken, and none of the others. */
    gint64 seen = audit.looked_at[AUDIT_LEDGER];
    g_assert_cmpint(seen, <, 3 + meanwhile_fill - 100);
    for (AuditTable table = 0; table < AUDIT_TABLES; table++)
        g_assert_cmpint(audit.looked_at[table], ==, seen);
}

static void test_many_steps(Fixture *f, gconstpointer unused)
{
    Audit audit;
    meddle(f->dir, "WITH RECURSIVE n(i) AS (VALUES (10) UNION ALL SELECT i + 3 FROM n "
                   "WHERE i < 30000) "
                   "INSERT INTO ledger (id, at, sender, recipient, size, message_id, key, "
                   "verdict, reason) SELECT i, 1, '', 'x', 1, '', x'00', 'refused', '' FROM n; "
                   "UPDATE ledger SET verdict = 'loop' WHERE id = 30001");
    g_autofree char *found = findings(f->dir, &audit, NULL);
    g_assert_cmpstr(found, ==, "ledger row 30001 took effect without a raw mail\n");
    g_assert_cmpint(audit.looked_at[AUDIT_LEDGER], ==, 3 + 9998);
}

static void test_id_set(void)
{
    static const gint64 ids[] = {0, 1, 7, 8, 65535, 65536, -1, G_MININT64, G_MAXINT64};
    g_autoptr(IdSet) set = id_set_new();
    for (gsize i = 0; i < G_N_ELEMENTS(ids); i++) {
        g_assert_false(id_set_has(set, ids[i]));
        id_set_add(set, ids[i]);
        id_set_add(set, ids[i]);
        g_assert_true(id_set_has(set, ids[i]));
    }
    g_assert_false(id_set_has(set, 2));
    g_assert_false(id_set_has(set, 65537));
    g_assert_false(id_set_has(set, -2));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    FIXTURE_TEST("/audit/empty", test_empty);
    AUDIT_TEST("/audit/sound", test_sound);
    AUDIT_TEST("/audit/verdicts", test_verdicts);
    AUDIT_TEST("/audit/bytes", test_bytes);
    AUDIT_TEST("/audit/size", test_size);
    AUDIT_TEST("/audit/ledger", test_ledger);
    AUDIT_TEST("/audit/key", test_key);
    AUDIT_TEST("/audit/messages", test_messages);
    AUDIT_TEST("/audit/attachments", test_attachments);
    AUDIT_TEST("/audit/orphans", test_orphans);
    AUDIT_TEST("/audit/outbox", test_outbox);
    AUDIT_TEST("/audit/counter", test_counter);
    AUDIT_TEST("/audit/references", test_references);
    AUDIT_TEST("/audit/ledger-page", test_ledger_page);
    AUDIT_TEST("/audit/piece-page", test_piece_page);
    AUDIT_TEST("/audit/meanwhile", test_meanwhile);
    AUDIT_TEST("/audit/many-steps", test_many_steps);
    g_test_add_func("/audit/id-set", test_id_set);
    return g_test_run();
}
