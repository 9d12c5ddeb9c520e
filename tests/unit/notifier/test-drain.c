/* Draining the outbox of a real store through a transport that does as told: what is sent, what
 * is tried again with the same bytes, what is buried, and what a dead way out costs. */
#include "notifier/drain.h"

#include "core/desk/notify.h"
#include "tests/unit/desk/site.h"

#include <signal.h>
#include <sys/resource.h>

/* --- a transport that does as told ------------------------------------------------------- */

typedef struct {
    Transport base;
    SendResult answer;
    bool break_disk; /* nothing can be written after the mail is taken */
    int calls;
    GPtrArray *mails;      /* GBytes *: what was given to it, in order */
    GPtrArray *recipients; /* char * */
    GPtrArray *senders;    /* char * */
} Fake;

/* The disk is full from here on, or is no longer. */
static void fill_disk(bool full)
{
    struct rlimit limit;
    getrlimit(RLIMIT_FSIZE, &limit);
    limit.rlim_cur = full ? 1 : limit.rlim_max;
    setrlimit(RLIMIT_FSIZE, &limit);
}

static SendResult fake_send(Transport *transport, const SendMail *mail, char **ret_why)
{
    Fake *fake = (Fake *)transport;
    g_autoptr(GByteArray) all = g_byte_array_new();
    fake->calls++;
    for (;;) {
        g_autoptr(GBytes) piece = NULL;
        g_autoptr(GError) error = NULL;
        if (!mail->next(mail->user, &piece, &error)) {
            *ret_why = g_strdup(error->message);
            return SEND_LATER;
        }
        if (!piece)
            break;
        g_byte_array_append(all, g_bytes_get_data(piece, NULL), (guint)g_bytes_get_size(piece));
    }
    g_ptr_array_add(fake->mails, g_byte_array_free_to_bytes(g_steal_pointer(&all)));
    g_ptr_array_add(fake->recipients, g_strdup(mail->recipient));
    g_ptr_array_add(fake->senders, g_strdup(mail->sender));
    if (fake->break_disk)
        fill_disk(true);
    if (fake->answer != SEND_SENT)
        *ret_why = g_strdup("because");
    return fake->answer;
}

static void fake_free(Transport *transport)
{
    Fake *fake = (Fake *)transport;
    g_ptr_array_unref(fake->mails);
    g_ptr_array_unref(fake->recipients);
    g_ptr_array_unref(fake->senders);
    g_free(fake);
}

/* --- a room: a site with one ticket, whose two technicians are to hear of it ------------- */

typedef struct {
    Site *site;
    Setup setup;
    Fake *fake;
    Drain *drain;
    gint64 marie, paul; /* outbox rows, in this order; nothing else waits */
} Room;

static gint64 row_to(Room *room, const char *address)
{
    SiteSearch search = {address, NULL, NULL, 0};
    g_assert_true(outbox_each(room->site->desk->store, site_match, &search, NULL));
    g_assert_cmpint(search.count, ==, 1);
    gint64 id = search.found->id;
    outbox_row_free(search.found);
    return id;
}

/* The acknowledgement to the requester is of no interest here. */
static void find_rows(Room *room)
{
    Store *store = room->site->desk->store;
    g_assert_true(store_begin(store, NULL));
    g_assert_true(outbox_sent(store, row_to(room, JEAN), 1, NULL));
    g_assert_true(store_commit(store, NULL));
    room->marie = row_to(room, MARIE);
    room->paul = row_to(room, PAUL);
    g_assert_cmpint(room->marie, <, room->paul);
}

/* `words` stand in every mail. */
static Templates *templates_saying(const char *words)
{
    BuiltinTemplate table[2 * (NOTICE_CONFIRM + 1) + 1] = {{NULL, NULL, NULL}};
    const char *mails[NOTICE_CONFIRM + 2] = {NULL};
    g_autoptr(GPtrArray) owned = g_ptr_array_new_with_free_func(g_free);
    for (int kind = 0; kind <= NOTICE_CONFIRM; kind++) {
        mails[kind] = notice_kind_name((NoticeKind)kind);
        char *file = g_strconcat(mails[kind], ".txt", NULL);
        g_ptr_array_add(owned, file);
        table[2 * kind] = (BuiltinTemplate){"fr", file, words};
        table[2 * kind + 1] = (BuiltinTemplate){"en", file, words};
    }
    Templates *templates = NULL;
    g_autoptr(GError) error = NULL;
    templates_load(table, NULL, notice_template_names, mails, &templates, &error);
    g_assert_no_error(error);
    return templates;
}

static Room *room_new(void)
{
    Room *room = g_new0(Room, 1);
    room->site = site_new("");
    g_autoptr(Outcome) outcome =
        site_send(room->site, JEAN, SUPPORT, "Panne", "", "Rien ne va.");
    room->fake = g_new0(Fake, 1);
    room->fake->base.send = fake_send;
    room->fake->base.free = fake_free;
    room->fake->mails = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
    room->fake->recipients = g_ptr_array_new_with_free_func(g_free);
    room->fake->senders = g_ptr_array_new_with_free_func(g_free);
    room->setup = (Setup){room->site->config, templates_saying("{{ticket_id}}: {{text}}\n"),
                          &room->fake->base, room->site->desk};
    room->drain = drain_new();
    find_rows(room);
    return room;
}

static void room_free(Room *room)
{
    drain_free(room->drain);
    templates_free(room->setup.templates);
    fake_free(&room->fake->base);
    site_free(room->site);
    g_free(room);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Room, room_free)

static DrainStep step(Room *room, gint64 *ret_next)
{
    DrainStep result = DRAIN_IDLE;
    gint64 next = 0;
    g_autoptr(GError) error = NULL;
    drain_step(room->drain, &room->setup, &result, &next, &error);
    g_assert_no_error(error);
    if (ret_next)
        *ret_next = next;
    return result;
}

static OutboxRow *row_of(Room *room, gint64 id)
{
    OutboxRow *row = NULL;
    g_autoptr(GError) error = NULL;
    outbox_by_id(room->site->desk->store, id, &row, &error);
    g_assert_no_error(error);
    g_assert_nonnull(row);
    return row;
}

/* A row as if it had waited: due now. Counts as a try. */
static void make_due(Room *room, gint64 id)
{
    Store *store = room->site->desk->store;
    g_assert_true(store_begin(store, NULL));
    g_assert_true(outbox_retry(store, id, 1, "made due", NULL));
    g_assert_true(store_commit(store, NULL));
}

static void assert_state(Room *room, gint64 id, const char *state, gint64 tries,
                         const char *error)
{
    g_autoptr(OutboxRow) row = row_of(room, id);
    g_assert_cmpstr(row->state, ==, state);
    g_assert_cmpint(row->tries, ==, tries);
    g_assert_cmpstr(row->error, ==, error);
}

/* Another row like Marie's, changed by the caller before it is added. */
static gint64 add_like_first(Room *room, OutboxRow *row)
{
    static int serial;
    gint64 id = 0;
    Store *store = room->site->desk->store;
    g_free(row->message_id);
    row->message_id = g_strdup_printf("more%d@desk.example", ++serial);
    g_assert_true(store_begin(store, NULL));
    g_assert_true(outbox_add(store, row, &id, NULL));
    g_assert_true(store_commit(store, NULL));
    return id;
}

/* --- tests ------------------------------------------------------------------------------- */

static void test_sends_all(void)
{
    g_autoptr(Room) room = room_new();
    gint64 next = 0;
    g_assert_cmpint(step(room, &next), ==, DRAIN_DONE);
    g_assert_cmpint(next, ==, 0);
    g_assert_cmpint(step(room, NULL), ==, DRAIN_DONE);
    g_assert_cmpint(step(room, &next), ==, DRAIN_IDLE);
    g_assert_cmpint(next, ==, -1);
    assert_state(room, room->marie, "sent", 1, "");
    assert_state(room, room->paul, "sent", 1, "");
    g_assert_cmpstr(room->fake->recipients->pdata[0], ==, MARIE);
    g_assert_cmpstr(room->fake->recipients->pdata[1], ==, PAUL);
    g_assert_true(g_str_has_prefix(room->fake->senders->pdata[0], "support+v"));
    gsize length;
    const char *bytes = g_bytes_get_data(room->fake->mails->pdata[0], &length);
    g_autofree char *mail = g_strndup(bytes, length);
    g_autoptr(OutboxRow) row = row_of(room, room->marie);
    g_autofree char *id = g_strdup_printf("Message-ID: <%s>\r\n", row->message_id);
    g_assert_nonnull(strstr(mail, id));
    g_assert_nonnull(strstr(mail, "\r\n\r\nSUP-1: Rien ne va.\r\n"));
}

/* The words changed meanwhile; the mail did not. */
static void test_same_bytes_again(void)
{
    g_autoptr(Room) room = room_new();
    room->fake->answer = SEND_LATER;
    gint64 next = 0, before = g_get_real_time() / G_USEC_PER_SEC;
    step(room, NULL);
    step(room, NULL);
    g_assert_cmpint(step(room, &next), ==, DRAIN_IDLE);
    g_assert_cmpint(next, >=, 40);
    g_assert_cmpint(next, <=, 76);
    assert_state(room, room->marie, "waiting", 1, "because");
    g_autoptr(OutboxRow) row = row_of(room, room->marie);
    g_assert_cmpint(row->next, >=, before + 45);

    templates_free(room->setup.templates);
    room->setup.templates = templates_saying("Autre chose.\n");
    room->fake->answer = SEND_SENT;
    make_due(room, room->marie);
    g_assert_cmpint(step(room, NULL), ==, DRAIN_DONE);
    g_assert_true(g_bytes_equal(room->fake->mails->pdata[0], room->fake->mails->pdata[2]));
    assert_state(room, room->marie, "sent", 3, "");
}

static void test_never_is_told_on_the_ticket(void)
{
    g_autoptr(Room) room = room_new();
    room->fake->answer = SEND_NEVER;
    step(room, NULL);
    assert_state(room, room->marie, "dead", 1, "because");
    g_autoptr(TicketView) view = site_view(room->site, "SUP-1", NULL);
    const Event *last = view->events->pdata[view->events->len - 1];
    g_assert_cmpstr(last->new, ==, "because");
    g_assert_cmpstr(last->old, ==, MARIE);
}

static void test_gives_up(void)
{
    g_autoptr(Room) room = room_new();
    g_autoptr(OutboxRow) row = row_of(room, room->marie);
    row->created -= 6 * 24 * 3600;
    row->next = 1;
    gint64 id = add_like_first(room, row);
    room->fake->answer = SEND_LATER;
    g_assert_cmpint(step(room, NULL), ==, DRAIN_DONE);
    assert_state(room, id, "waiting", 1, "because");
    make_due(room, id);
    step(room, NULL);
    assert_state(room, id, "dead", 3, "given up after five days: because");
}

/* One row shows that the way is closed; the others do not pay for it. */
static void test_down(void)
{
    g_autoptr(Room) room = room_new();
    room->fake->answer = SEND_DOWN;
    gint64 next = 0;
    g_assert_cmpint(step(room, NULL), ==, DRAIN_DOWN);
    for (int i = 0; i < 3; i++) {
        g_assert_cmpint(step(room, &next), ==, DRAIN_IDLE);
        g_assert_cmpint(next, >, 0);
        g_assert_cmpint(next, <=, 14);
    }
    g_assert_cmpint(room->fake->calls, ==, 1);
    assert_state(room, room->marie, "waiting", 1, "because");
    assert_state(room, room->paul, "waiting", 0, "");

    drain_resume(room->drain);
    room->fake->answer = SEND_SENT;
    g_assert_cmpint(step(room, NULL), ==, DRAIN_DONE);
    assert_state(room, room->paul, "sent", 1, "");
    g_assert_cmpint(step(room, &next), ==, DRAIN_IDLE);
    g_assert_cmpint(next, >, 0); /* Marie's, soon */
    g_assert_cmpint(next, <=, 14);
}

/* A row that makes no mail is buried in the end; those behind it do not wait for that. */
static void test_damaged_row(void)
{
    g_autoptr(Room) room = room_new();
    g_autoptr(OutboxRow) row = row_of(room, room->marie);
    row->participation = 0;
    row->next = 1;
    gint64 id = add_like_first(room, row);
    g_assert_cmpint(step(room, NULL), ==, DRAIN_DONE);
    g_assert_cmpint(step(room, NULL), ==, DRAIN_DONE);
    g_assert_cmpint(step(room, NULL), ==, DRAIN_DONE);
    assert_state(room, room->marie, "sent", 1, "");
    assert_state(room, room->paul, "sent", 1, "");
    g_autoptr(OutboxRow) damaged = row_of(room, id);
    g_assert_cmpstr(damaged->state, ==, "waiting");
    g_assert_true(g_str_has_prefix(damaged->error, "the mail cannot be made: "));
    make_due(room, id);
    step(room, NULL);
    make_due(room, id);
    step(room, NULL);
    g_autoptr(OutboxRow) dead = row_of(room, id);
    g_assert_cmpstr(dead->state, ==, "dead");
    g_assert_cmpint(room->fake->calls, ==, 2);
}

static void test_lost_bytes(void)
{
    g_autoptr(Room) room = room_new();
    Store *store = room->site->desk->store;
    g_assert_true(store_begin(store, NULL));
    g_assert_true(outbox_rendered(store, room->marie, NULL));
    g_assert_true(store_commit(store, NULL));
    g_assert_cmpint(step(room, NULL), ==, DRAIN_DONE);
    assert_state(room, room->marie, "waiting", 1, "the rendered mail is gone");
}

/* Sent, but the disk is full: nothing else leaves until that is written down, and nothing
 * leaves twice. */
static void test_full_disk(void)
{
    g_autoptr(Room) room = room_new();
    room->fake->break_disk = true;
    for (int i = 0; i < 3; i++) {
        DrainStep result;
        gint64 next;
        g_autoptr(GError) error = NULL;
        bool ok = drain_step(room->drain, &room->setup, &result, &next, &error);
        g_assert_cmpint(room->fake->calls, ==, 1);
        g_assert_false(ok);
        g_assert_error(error, WICKET_ERROR, ERROR_TRANSIENT);
    }
    fill_disk(false);
    room->fake->break_disk = false;
    g_assert_cmpint(step(room, NULL), ==, DRAIN_DONE);
    g_assert_cmpint(step(room, NULL), ==, DRAIN_IDLE);
    g_assert_cmpint(room->fake->calls, ==, 2);
    assert_state(room, room->marie, "sent", 1, "");
    assert_state(room, room->paul, "sent", 1, "");
}

/* Full before: nothing is rendered, so nothing is sent, and no row is lost. */
static void test_full_disk_before(void)
{
    g_autoptr(Room) room = room_new();
    DrainStep result;
    gint64 next;
    g_autoptr(GError) error = NULL;
    fill_disk(true);
    bool ok = drain_step(room->drain, &room->setup, &result, &next, &error);
    fill_disk(false);
    g_assert_false(ok);
    g_assert_cmpint(room->fake->calls, ==, 0);
    make_due(room, room->marie);
    g_assert_cmpint(step(room, NULL), ==, DRAIN_DONE);
    g_autoptr(OutboxRow) row = row_of(room, room->marie);
    g_assert_cmpstr(row->state, !=, "dead");
}

int main(int argc, char **argv)
{
    signal(SIGXFSZ, SIG_IGN);
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/drain/sends-all", test_sends_all);
    g_test_add_func("/drain/same-bytes-again", test_same_bytes_again);
    g_test_add_func("/drain/never-is-told-on-the-ticket", test_never_is_told_on_the_ticket);
    g_test_add_func("/drain/gives-up", test_gives_up);
    g_test_add_func("/drain/down", test_down);
    g_test_add_func("/drain/damaged-row", test_damaged_row);
    g_test_add_func("/drain/lost-bytes", test_lost_bytes);
    g_test_add_func("/drain/full-disk", test_full_disk);
    g_test_add_func("/drain/full-disk-before", test_full_disk_before);
    return g_test_run();
}
