/* A site for tests of the desk: a store in a temporary folder, two queues, people, and mails
 * given as text. Each delivery goes through deliver_mail, sandbox and all. */
#pragma once

#include "core/base/address.h"
#include "core/base/error.h"
#include "core/desk/agents.h"
#include "core/desk/deliver.h"
#include "core/desk/desk.h"
#include "core/desk/notice.h"
#include "core/desk/ticket.h"
#include "core/desk/token.h"
#include "core/desk/view.h"
#include "schema/ledger.h"
#include "schema/messages.h"
#include "schema/outbox.h"

#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define SUPPORT "support@desk.example"
#define SALES "sales@desk.example"
#define JEAN "jean@client.example"
#define MARIE "marie@desk.example" /* technician */
#define PAUL "paul@desk.example"   /* technician */

typedef struct {
    char *dir;
    Config *config;
    Desk *desk;
    int serial;
} Site;

/* In an empty folder, which is the site's from now on. `extra`: lines for [mail], "" none. */
static inline Site *site_new_in(const char *dir, const char *extra)
{
    const char *const all[] = {NULL};
    g_autoptr(GError) error = NULL;
    Site *site = g_new0(Site, 1);
    site->dir = g_strdup(dir);
    g_autofree char *text =
        g_strdup_printf("[site]\nname = Support Exemple\ndomain = desk.example\n"
                        "base_url = https://desk.example\nlanguage = fr\n"
                        "timezone = Europe/Paris\ndata_dir = %s/data\nkey_file = %s/key\n"
                        "[mail]\ntransport = maildir:%s/out\n%s\n",
                        site->dir, site->dir, site->dir, extra);
    g_autofree char *data = g_build_filename(site->dir, "data", NULL);
    g_autoptr(Store) store = NULL;
    g_assert_true(config_parse("test.conf", text, strlen(text), &site->config, &error));
    g_assert_no_error(error);
    g_assert_cmpint(g_mkdir(data, 0750), ==, 0);
    keyring_create(site->config->site.key_file, &error);
    g_assert_no_error(error);
    store_open(data, STORE_CREATE, &store, &error);
    g_assert_no_error(error);
    desk_open(site->config, &site->desk, &error);
    g_assert_no_error(error);
    queue_create(site->desk, "support", "SUP",
                 &(QueueFields){.address = SUPPORT, .language = "fr"}, &error);
    g_assert_no_error(error);
    queue_create(site->desk, "sales", "SAL", &(QueueFields){.address = SALES, .language = "en"},
                 &error);
    g_assert_no_error(error);
    agent_add(site->desk, MARIE, "Marie Laurent", ROLE_TECHNICIAN, false, all, NULL, &error);
    g_assert_no_error(error);
    agent_add(site->desk, PAUL, "Paul Petit", ROLE_TECHNICIAN, false, all, NULL, &error);
    g_assert_no_error(error);
    return site;
}

static inline Site *site_new(const char *extra)
{
    g_autofree char *dir = g_dir_make_tmp("wicket-desk-XXXXXX", NULL);
    return site_new_in(dir, extra);
}

static inline void site_remove(const char *path)
{
    GDir *dir = g_dir_open(path, 0, NULL);
    const char *name;
    while (dir && (name = g_dir_read_name(dir))) {
        g_autofree char *child = g_build_filename(path, name, NULL);
        site_remove(child);
    }
    if (dir)
        g_dir_close(dir);
    g_remove(path);
}

static inline void site_free(Site *site)
{
    desk_close(site->desk);
    config_free(site->config);
    site_remove(site->dir);
    g_free(site->dir);
    g_free(site);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Site, site_free)

/* Delivers `mail` as it stands. */
static inline Outcome *site_deliver(Site *site, const char *sender, const char *recipient,
                                    const char *mail)
{
    Outcome *outcome = NULL;
    g_autoptr(GError) error = NULL;
    g_autofree char *name = NULL;
    int fd = g_file_open_tmp("wicket-mail-XXXXXX", &name, NULL);
    gssize length = (gssize)strlen(mail);
    g_assert_cmpint(write(fd, mail, (gsize)length), ==, length);
    g_unlink(name);
    const Envelope envelope = {
        .sender = sender,
        .recipient = recipient,
        .queue_id = "TEST",
        .declared_size = -1,
        .fd = fd,
        .size = (guint64)length,
    };
    deliver_mail(site->config, &envelope, &outcome, &error);
    g_assert_no_error(error);
    close(fd);
    return outcome;
}

/* A plain mail with a Message-ID of its own; `headers`: whole lines, each ended by \n. */
static inline char *site_mail(Site *site, const char *from, const char *to, const char *subject,
                              const char *headers, const char *body)
{
    return g_strdup_printf("%sFrom: %s\nTo: %s\nSubject: %s\nDate: Mon, 2 Jun 2025 10:00:00 "
                           "+0200\nMessage-ID: <mail%d@client.example>\nMIME-Version: 1.0\n"
                           "Content-Type: text/plain; charset=utf-8\n\n%s\n",
                           headers, from, to, subject, ++site->serial, body);
}

/* From `from` to `to` in one go. */
static inline Outcome *site_send(Site *site, const char *from, const char *to,
                                 const char *subject, const char *headers, const char *body)
{
    g_autofree char *mail = site_mail(site, from, to, subject, headers, body);
    return site_deliver(site, from, to, mail);
}

static inline void assert_verdict(const Outcome *outcome, Verdict verdict)
{
    g_assert_cmpstr(verdict_name(outcome->verdict), ==, verdict_name(verdict));
}

static inline TicketView *site_view(Site *site, const char *name, const char *reader)
{
    g_autoptr(Ticket) ticket = NULL;
    g_autoptr(Person) person = NULL;
    TicketView *view = NULL;
    g_autoptr(GError) error = NULL;
    g_autofree char *key = reader ? address_key(reader) : NULL;
    ticket_find(site->desk, name, &ticket, &error);
    g_assert_no_error(error);
    if (reader)
        g_assert_true(people_by_address(site->desk->store, key, &person, &error));
    view_load(site->desk->store, ticket->id, person ? person->id : 0, &view, &error);
    g_assert_no_error(error);
    return view;
}

typedef struct {
    const char *address, *kind;
    OutboxRow *found;
    int count;
} SiteSearch;

static inline bool site_match(const OutboxRow *row, void *user, GError **error)
{
    SiteSearch *search = user;
    if ((search->address && strcmp(row->address, search->address) != 0) ||
        (search->kind && strcmp(row->kind, search->kind) != 0))
        return true;
    search->count++;
    g_clear_pointer(&search->found, outbox_row_free);
    search->found = g_new0(OutboxRow, 1);
    search->found->id = row->id;
    return true;
}

/* How many mails stand in the outbox for `address` of `kind` (NULL: any). */
static inline int site_mails(Site *site, const char *address, const char *kind)
{
    SiteSearch search = {address, kind, NULL, 0};
    g_assert_true(outbox_each(site->desk->store, site_match, &search, NULL));
    g_clear_pointer(&search.found, outbox_row_free);
    return search.count;
}

/* The facts of the last one. */
static inline Notice *site_last(Site *site, const char *address, const char *kind)
{
    SiteSearch search = {address, kind, NULL, 0};
    g_autoptr(OutboxRow) row = NULL;
    g_autoptr(NoticeTopic) topic = NULL;
    Notice *notice = NULL;
    g_autoptr(GError) error = NULL;
    g_assert_true(outbox_each(site->desk->store, site_match, &search, NULL));
    g_assert_nonnull(search.found);
    g_assert_true(outbox_by_id(site->desk->store, search.found->id, &row, &error));
    g_clear_pointer(&search.found, outbox_row_free);
    notice_prepare(site->desk, row, &topic, &notice, &error);
    g_assert_no_error(error);
    return notice;
}

/* The secret address `address` was last given in a mail of `kind`. */
static inline char *site_secret(Site *site, const char *address, const char *kind)
{
    g_autoptr(Notice) notice = site_last(site, address, kind);
    return g_strdup(notice->mail.reply_to);
}
