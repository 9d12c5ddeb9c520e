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
    const char *refused; /* a recipient that is refused for good, whatever the answer */
    const char *slow;    /* a recipient who takes longer than others may wait */
    bool break_disk;     /* nothing can be written after a mail is taken */
    void (*look)(void);  /* called with each mail */
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
    if (fake->look)
        fake->look();
    if (g_strcmp0(mail->recipient, fake->slow) == 0)
        g_usleep(1100 * 1000);
    bool refused = g_strcmp0(mail->recipient, fake->refused) == 0;
    if (refused || fake->answer != SEND_SENT)
        *ret_why = g_strdup(refused ? "no such user" : "because");
    return refused ? SEND_NEVER : fake->answer;
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
    int allowed;        /* mails that may be begun */
} Room;

/* The one of the running test, for what is called with nothing. */
static Room *here;

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
    room->fake->answer = SEND_SENT;
    room->fake->base.send = fake_send;
    room->fake->base.free = fake_free;
    room->fake->mails = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
    room->fake->recipients = g_ptr_array_new_with_free_func(g_free);
    room->fake->senders = g_ptr_array_new_with_free_func(g_free);
    room->setup = (Setup){room->site->config, templates_saying("{{ticket_id}}: {{text}}\n"),
                          &room->fake->base, room->site->desk};
    room->drain = drain_new();
    room->allowed = G_MAXINT;
    find_rows(room);
    return here = room;
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

/* SendGoOn */
static bool may_go_on(void *user)
{
    Room *room = user;
    return room->allowed-- > 0;
}

static DrainStep step(Room *room)
{
    DrainStep result = {DRAIN_IDLE, 0, 0};
    g_autoptr(GError) error = NULL;
    drain_step(room->drain, &room->setup, may_go_on, room, &result, &error);
    g_assert_no_error(error);
    return result;
}

/* Some rows were handled. */
static void step_done(Room *room, guint mails)
{
    DrainStep result = step(room);
    g_assert_cmpint(result.state, ==, DRAIN_DONE);
    g_assert_cmpuint(result.mails, ==, mails);
    g_assert_cmpint(result.next, ==, 0);
}

/* Nothing was due; returns the seconds until something is. */
static gint64 step_idle(Room *room)
{
    DrainStep result = step(room);
    g_assert_cmpint(result.state, ==, DRAIN_IDLE);
    g_assert_cmpuint(result.mails, ==, 0);
    return result.next;
}

static void step_fails(Room *room)
{
    DrainStep result;
    g_autoptr(GError) error = NULL;
    g_assert_false(drain_step(room->drain, &room->setup, may_go_on, room, &result, &error));
    g_assert_error(error, WICKET_ERROR, ERROR_TRANSIENT);
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

/* A row as Marie's, to another address, that is due since `next`. */
static gint64 add_row(Room *room, const char *address, gint64 next)
{
    g_autoptr(OutboxRow) row = row_of(room, room->marie);
    g_free(row->address);
    row->address = g_strdup(address);
    row->next = next;
    return add_like_first(room, row);
}

/* --- tests ------------------------------------------------------------------------------- */

static void test_sends_all(void)
{
    g_autoptr(Room) room = room_new();
    step_done(room, 2);
    g_assert_cmpint(step_idle(room), ==, -1);
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

/* Whatever was due first: to one address they leave as they were written. */
static void test_order(void)
{
    g_autoptr(Room) room = room_new();
    gint64 later = add_row(room, MARIE, 3), last = add_row(room, MARIE, 2);
    g_assert_cmpint(later, <, last);
    step_done(room, 4);
    const gint64 ids[] = {room->marie, room->paul, later, last};
    for (guint i = 0; i < G_N_ELEMENTS(ids); i++) {
        g_autoptr(OutboxRow) row = row_of(room, ids[i]);
        g_autofree char *id = g_strdup_printf("Message-ID: <%s>\r\n", row->message_id);
        gsize length;
        const char *bytes = g_bytes_get_data(room->fake->mails->pdata[i], &length);
        g_assert_nonnull(g_strstr_len(bytes, (gssize)length, id));
    }
}

static void test_some_at_a_time(void)
{
    g_autoptr(Room) room = room_new();
    guint handled = 0, steps = 0;
    for (int i = 0; i < 150; i++)
        add_row(room, PAUL, 1);
    for (DrainStep done; (done = step(room)).state == DRAIN_DONE; steps++) {
        g_assert_cmpuint(done.mails, <=, 64);
        handled += done.mails;
    }
    g_assert_cmpuint(handled, ==, 152);
    g_assert_cmpuint(steps, <=, 5);
    g_assert_cmpint(room->fake->calls, ==, 152);
}

/* Rendered mails wait in memory: few of them when they are large. */
static void test_large_mails(void)
{
    g_autoptr(Room) room = room_new();
    g_autofree char *words = g_strnfill(3 << 20, 'x');
    templates_free(room->setup.templates);
    room->setup.templates = templates_saying(words);
    add_row(room, PAUL, G_MAXINT32 / 2);
    step_done(room, 2);
    step_done(room, 1);
    g_assert_cmpint(room->fake->calls, ==, 3);
    g_assert_cmpuint(g_bytes_get_size(room->fake->mails->pdata[2]), >, 3 << 20);
}

/* The words changed meanwhile; the mail did not. */
static void test_same_bytes_again(void)
{
    g_autoptr(Room) room = room_new();
    room->fake->answer = SEND_LATER;
    gint64 before = g_get_real_time() / G_USEC_PER_SEC;
    step_done(room, 2);
    gint64 next = step_idle(room);
    g_assert_cmpint(next, >=, 40);
    g_assert_cmpint(next, <=, 76);
    assert_state(room, room->marie, "waiting", 1, "because");
    g_autoptr(OutboxRow) row = row_of(room, room->marie);
    g_assert_cmpint(row->next, >=, before + 45);

    templates_free(room->setup.templates);
    room->setup.templates = templates_saying("Autre chose.\n");
    room->fake->answer = SEND_SENT;
    make_due(room, room->marie);
    step_done(room, 1);
    g_assert_true(g_bytes_equal(room->fake->mails->pdata[0], room->fake->mails->pdata[2]));
    assert_state(room, room->marie, "sent", 3, "");
}

static void test_never_is_told_on_the_ticket(void)
{
    g_autoptr(Room) room = room_new();
    room->fake->refused = MARIE;
    step_done(room, 2);
    assert_state(room, room->marie, "dead", 1, "no such user");
    assert_state(room, room->paul, "sent", 1, "");
    g_autoptr(TicketView) view = site_view(room->site, "SUP-1", NULL);
    const Event *last = view->events->pdata[view->events->len - 1];
    g_assert_cmpstr(last->new, ==, "no such user");
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
    step_done(room, 3);
    assert_state(room, id, "waiting", 1, "because");
    make_due(room, id);
    step_done(room, 1);
    assert_state(room, id, "dead", 3, "given up after five days: because");
}

/* One row shows that the way is closed; the others do not pay for it. */
static void test_down(void)
{
    g_autoptr(Room) room = room_new();
    room->fake->answer = SEND_DOWN;
    DrainStep down = step(room);
    g_assert_cmpint(down.state, ==, DRAIN_DOWN);
    g_assert_cmpuint(down.mails, ==, 1);
    for (int i = 0; i < 3; i++) {
        gint64 next = step_idle(room);
        g_assert_cmpint(next, >, 0);
        g_assert_cmpint(next, <=, 14);
    }
    g_assert_cmpint(room->fake->calls, ==, 1);
    assert_state(room, room->marie, "waiting", 1, "because");
    assert_state(room, room->paul, "waiting", 0, "");

    drain_resume(room->drain);
    room->fake->answer = SEND_SENT;
    step_done(room, 1);
    assert_state(room, room->paul, "sent", 1, "");
    gint64 next = step_idle(room);
    g_assert_cmpint(next, >, 0); /* Marie's, soon */
    g_assert_cmpint(next, <=, 14);
}

/* Told to stop, it begins no other, and what it has begun is written down. */
static void test_stops(void)
{
    g_autoptr(Room) room = room_new();
    room->allowed = 1;
    step_done(room, 1);
    assert_state(room, room->marie, "sent", 1, "");
    assert_state(room, room->paul, "waiting", 0, "");
    room->allowed = 0;
    step_done(room, 0);
    room->allowed = G_MAXINT;
    step_done(room, 1);
    assert_state(room, room->paul, "sent", 1, "");
    g_assert_cmpint(room->fake->calls, ==, 2);
}

static void third_begins(void)
{
    if (here->fake->calls == 3) {
        assert_state(here, here->marie, "sent", 1, "");
        assert_state(here, here->paul, "sent", 1, "");
    }
}

/* What is sent is not lost with what takes long. */
static void test_recorded_meanwhile(void)
{
    g_autoptr(Room) room = room_new();
    gint64 third = add_row(room, MARIE, G_MAXINT32 / 2);
    room->fake->slow = PAUL;
    room->fake->look = third_begins;
    step_done(room, 3);
    assert_state(room, third, "sent", 1, "");
}

/* A row that makes no mail is buried in the end; those beside it do not wait for that. */
static void test_damaged_row(void)
{
    g_autoptr(Room) room = room_new();
    g_autoptr(OutboxRow) row = row_of(room, room->marie);
    row->participation = 0;
    row->next = 1;
    gint64 id = add_like_first(room, row);
    step_done(room, 3);
    assert_state(room, room->marie, "sent", 1, "");
    assert_state(room, room->paul, "sent", 1, "");
    g_autoptr(OutboxRow) damaged = row_of(room, id);
    g_assert_cmpstr(damaged->state, ==, "waiting");
    g_assert_true(g_str_has_prefix(damaged->error, "the mail cannot be made: "));
    make_due(room, id);
    step_done(room, 1);
    make_due(room, id);
    step_done(room, 1);
    g_autoptr(OutboxRow) dead = row_of(room, id);
    g_assert_cmpstr(dead->state, ==, "dead");
    g_assert_cmpint(room->fake->calls, ==, 2);
}

/* Of no ticket and so of no queue. */
static void test_row_of_nothing(void)
{
    g_autoptr(Room) room = room_new();
    g_autoptr(OutboxRow) row = row_of(room, room->marie);
    row->ticket = row->participation = 0;
    gint64 id = add_like_first(room, row);
    step_done(room, 3);
    g_autoptr(OutboxRow) damaged = row_of(room, id);
    g_assert_cmpstr(damaged->state, ==, "waiting");
    g_assert_nonnull(strstr(damaged->error, "is of no queue"));
    assert_state(room, room->paul, "sent", 1, "");
}

/* The store takes all but one. */
static void test_bytes_refused(void)
{
    g_autoptr(Room) room = room_new();
    Store *store = room->site->desk->store;
    g_assert_true(store_begin(store, NULL));
    g_assert_true(outbox_add_piece(store, room->marie, 0, (const guint8 *)"x", 1, NULL));
    g_assert_true(store_commit(store, NULL));
    step_done(room, 2);
    g_autoptr(OutboxRow) row = row_of(room, room->marie);
    g_assert_cmpstr(row->state, ==, "waiting");
    g_assert_false(row->rendered);
    g_assert_nonnull(strstr(row->error, "inconsistent"));
    assert_state(room, room->paul, "sent", 1, "");
    g_assert_cmpint(room->fake->calls, ==, 1);
}

static void test_lost_bytes(void)
{
    g_autoptr(Room) room = room_new();
    Store *store = room->site->desk->store;
    g_assert_true(store_begin(store, NULL));
    g_assert_true(outbox_rendered(store, room->marie, NULL));
    g_assert_true(store_commit(store, NULL));
    step_done(room, 2);
    assert_state(room, room->marie, "waiting", 1, "the rendered mail is gone");
    assert_state(room, room->paul, "sent", 1, "");
}

/* Sent, but the disk is full: nothing else leaves until that is written down, and nothing
 * leaves twice. */
static void test_full_disk(void)
{
    g_autoptr(Room) room = room_new();
    gint64 behind = 0;
    room->fake->break_disk = true;
    for (int i = 0; i < 3; i++) {
        step_fails(room);
        g_assert_cmpint(room->fake->calls, ==, 2);
    }
    fill_disk(false);
    room->fake->break_disk = false;
    behind = add_row(room, PAUL, 1);
    step_done(room, 1);
    step_idle(room);
    g_assert_cmpint(room->fake->calls, ==, 3);
    assert_state(room, room->marie, "sent", 1, "");
    assert_state(room, room->paul, "sent", 1, "");
    assert_state(room, behind, "sent", 1, "");
}

/* It fills up while a slow peer holds a batch: no other mail of it is begun. */
static void test_full_disk_meanwhile(void)
{
    g_autoptr(Room) room = room_new();
    gint64 third = add_row(room, MARIE, G_MAXINT32 / 2);
    room->fake->break_disk = true;
    room->fake->slow = PAUL;
    step_fails(room);
    g_assert_cmpint(room->fake->calls, ==, 2);
    fill_disk(false);
    room->fake->break_disk = false;
    step_done(room, 1);
    g_assert_cmpint(room->fake->calls, ==, 3);
    assert_state(room, room->marie, "sent", 1, "");
    assert_state(room, third, "sent", 1, "");
}

/* Full before: nothing is stored, so nothing is sent, and no row has paid for it. */
static void test_full_disk_before(void)
{
    g_autoptr(Room) room = room_new();
    fill_disk(true);
    step_fails(room);
    step_fails(room);
    fill_disk(false);
    g_assert_cmpint(room->fake->calls, ==, 0);
    assert_state(room, room->marie, "waiting", 0, "");
    step_done(room, 2);
    assert_state(room, room->marie, "sent", 1, "");
}

int main(int argc, char **argv)
{
    signal(SIGXFSZ, SIG_IGN);
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/drain/sends-all", test_sends_all);
    g_test_add_func("/drain/order", test_order);
    g_test_add_func("/drain/some-at-a-time", test_some_at_a_time);
    g_test_add_func("/drain/large-mails", test_large_mails);
    g_test_add_func("/drain/same-bytes-again", test_same_bytes_again);
    g_test_add_func("/drain/never-is-told-on-the-ticket", test_never_is_told_on_the_ticket);
    g_test_add_func("/drain/gives-up", test_gives_up);
    g_test_add_func("/drain/down", test_down);
    g_test_add_func("/drain/stops", test_stops);
    g_test_add_func("/drain/recorded-meanwhile", test_recorded_meanwhile);
    g_test_add_func("/drain/damaged-row", test_damaged_row);
    g_test_add_func("/drain/row-of-nothing", test_row_of_nothing);
    g_test_add_func("/drain/bytes-refused", test_bytes_refused);
    g_test_add_func("/drain/lost-bytes", test_lost_bytes);
    g_test_add_func("/drain/full-disk", test_full_disk);
    g_test_add_func("/drain/full-disk-meanwhile", test_full_disk_meanwhile);
    g_test_add_func("/drain/full-disk-before", test_full_disk_before);
    return g_test_run();
}
