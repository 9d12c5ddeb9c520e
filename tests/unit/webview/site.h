/* A site in a folder of its own, with a queue, people and a ticket that has two attachments,
 * filled the way the desk does it. Header only, for every .c here is a program. */
#pragma once

#include "core/base/config.h"
#include "core/base/secret.h"
#include "core/base/timestamp.h"
#include "core/desk/token.h"
#include "schema/links.h"
#include "schema/messages.h"
#include "schema/people.h"
#include "schema/queues.h"
#include "schema/store.h"
#include "schema/tickets.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

/* `call` uses the `error` made here. */
#define MUST(call)                                                                             \
    do {                                                                                       \
        g_autoptr(GError) error = NULL;                                                        \
        bool must_done = (call);                                                               \
        g_assert_no_error(error);                                                              \
        g_assert_true(must_done);                                                              \
    } while (0)

typedef struct {
    char *dir, *data;
    Config *config;
    Keyring *ring;
    Store *store;
    gint64 queue, customer, agent, ticket;
    gint64 first;            /* the customer's message, with the files */
    GByteArray *report;      /* its attachment 1, decoded */
    GByteArray *photo;       /* its attachment 2 */
    char *link, *staff_link; /* HASH */
} TestSite;

static inline Config *site_config(const char *dir, const char *base_url)
{
    Config *config = NULL;
    g_autofree char *text = g_strdup_printf(
        "[site]\nname = Support Exemple\ndomain = example.org\nbase_url = %s\nlanguage = fr\n"
        "timezone = Europe/Paris\ndata_dir = %s/data\nkey_file = %s/key\n"
        "[mail]\ntransport = maildir:%s/out\n",
        base_url, dir, dir, dir);
    MUST(config_parse("site", text, strlen(text), &config, &error));
    return config;
}

static inline gint64 site_person(TestSite *site, const char *name, const char *address,
                                 Role role)
{
    gint64 id = 0;
    Person person = {
        .name = (char *)name, .address = (char *)address, .role = role, .language = (char *)""};
    MUST(people_add(site->store, &person, &id, &error));
    return id;
}

static inline void site_participate(TestSite *site, gint64 person, PartRole role)
{
    gint64 id = 0;
    Participation part = {.ticket = site->ticket,
                          .person = person,
                          .role = role,
                          .subject = (char *)"Re: [SUP-1]",
                          .root = (char *)""};
    MUST(participations_add(site->store, &part, &id, &error));
}

/* A link of that person, at that epoch. */
static inline char *site_link(TestSite *site, gint64 person, gint64 epoch, gint64 expires)
{
    guint8 hash[32];
    char *page = token_page(site->ring, site->ticket, person, epoch);
    g_assert_true(token_page_hash(page, hash));
    MUST(links_add(site->store, hash, site->ticket, person, epoch, expires, &error));
    return page;
}

static inline gint64 site_message(TestSite *site, gint64 author, const char *name,
                                  Visibility visibility, const char *text, gint64 raw,
                                  GPtrArray *attachments)
{
    gint64 id = 0;
    Message message = {.ticket = site->ticket,
                       .queue = site->queue,
                       .raw = raw,
                       .author = author,
                       .author_name = (char *)name,
                       .author_address = (char *)"somebody@example.com",
                       .visibility = visibility,
                       .kind = (char *)"message",
                       .subject = (char *)"",
                       .message_id = (char *)"",
                       .created = now_utc(),
                       .reply = (char *)text,
                       .signature = (char *)"",
                       .quoted = (char *)"",
                       .held_reason = (char *)"",
                       .unparsed = (char *)"",
                       .attachments = attachments};
    MUST(messages_add(site->store, &message, NULL, NULL, &id, &error));
    return id;
}

/* Appends `bytes` in base64 lines to the mail; the attachment knows where. */
static inline void site_attach(GPtrArray *files, GString *mail, const char *name,
                               const char *type, const GByteArray *bytes)
{
    Attachment *file = g_new0(Attachment, 1);
    g_autofree char *encoded = g_base64_encode(bytes->data, bytes->len);
    file->n = (int)files->len + 1;
    file->name = g_strdup(name);
    file->type = g_strdup(type);
    file->charset = g_strdup("");
    file->content_id = g_strdup("");
    file->sha256 = g_compute_checksum_for_data(G_CHECKSUM_SHA256, bytes->data, bytes->len);
    file->size = bytes->len;
    file->place.outer.encoding = TRANSFER_BASE64;
    file->place.outer.offset = mail->len;
    for (gsize i = 0, n = strlen(encoded); i < n; i += 76)
        g_string_append_printf(mail, "%.76s\r\n", encoded + i);
    file->place.outer.length = mail->len - file->place.outer.offset;
    g_string_append(mail, "--b--\r\n");
    g_ptr_array_add(files, file);
}

static inline gint64 site_raw(TestSite *site, const GString *mail)
{
    g_autofree char *path = g_build_filename(site->dir, "mail", NULL);
    guint8 hash[32];
    gint64 id = 0;
    g_assert_true(g_file_set_contents(path, mail->str, (gssize)mail->len, NULL));
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    sha256_of(mail->str, mail->len, hash);
    MUST(raw_add(site->store, fd, mail->len, hash, &id, &error));
    close(fd);
    g_unlink(path);
    return id;
}

static inline GByteArray *site_noise(guint length, guint32 seed)
{
    GByteArray *bytes = g_byte_array_new();
    g_byte_array_set_size(bytes, length);
    for (guint i = 0; i < length; i++)
        bytes->data[i] = (guint8)((seed = seed * 1103515245 + 12345) >> 16);
    return bytes;
}

static inline void site_first_message(TestSite *site)
{
    g_autoptr(GString) mail = g_string_new("From: jean@example.com\r\n\r\n--b\r\n");
    g_autoptr(GPtrArray) files =
        g_ptr_array_new_with_free_func((GDestroyNotify)attachment_free);
    site->report = site_noise(300 * 1000 + 1, 1);
    site->photo = site_noise(5000, 2);
    site_attach(files, mail, "Bilan été.html", "text/html", site->report);
    site_attach(files, mail, "photo.png", "image/png", site->photo);
    gint64 raw = site_raw(site, mail);
    site->first = site_message(site, site->customer, "Jean Dupont", VISIBILITY_PUBLIC,
                               "Bonjour, <b>rien</b> ne va plus.", raw, files);
}

static inline void site_fill(TestSite *site)
{
    MUST(store_begin(site->store, &error));
    Queue queue = {.name = (char *)"support",
                   .address = (char *)"support@example.org",
                   .prefix = (char *)"SUP",
                   .language = (char *)"fr"};
    MUST(queues_add(site->store, &queue, &site->queue, &error));
    site->customer = site_person(site, "Jean Dupont", "jean@example.com", ROLE_REQUESTER);
    site->agent = site_person(site, "Marie Laurent", "marie@example.org", ROLE_TECHNICIAN);
    Ticket ticket = {.queue = site->queue,
                     .number = 1,
                     .token = (char *)"7kq2m9xw",
                     .title = (char *)"Imprimante en panne",
                     .status = (char *)"new",
                     .type = (char *)"",
                     .language = (char *)"fr",
                     .priority = 1,
                     .requester = site->customer,
                     .created = now_utc()};
    MUST(tickets_add(site->store, &ticket, &site->ticket, &error));
    site_participate(site, site->customer, PART_REQUESTER);
    site_first_message(site);
    site_message(site, site->agent, "Marie Laurent", VISIBILITY_PUBLIC, "On regarde.", 0, NULL);
    site_message(site, site->agent, "Marie", VISIBILITY_INTERNAL, "ENTRE NOUS", 0, NULL);
    site_message(site, 0, "Inconnu", VISIBILITY_HELD, "CODE 123456", 0, NULL);
    site->link = site_link(site, site->customer, 1, 0);
    site->staff_link = site_link(site, site->agent, 1, 0);
    MUST(store_commit(site->store, &error));
}

static inline TestSite *site_new(const char *base_url)
{
    TestSite *site = g_new0(TestSite, 1);
    site->dir = g_dir_make_tmp("wicket-webview-XXXXXX", NULL);
    g_assert_nonnull(site->dir);
    site->config = site_config(site->dir, base_url);
    site->data = g_strdup(site->config->site.data_dir);
    g_assert_cmpint(g_mkdir(site->data, 0700), ==, 0);
    MUST(keyring_create(site->config->site.key_file, &error));
    MUST(keyring_load(site->config->site.key_file, &site->ring, &error));
    MUST(store_open(site->data, STORE_CREATE, &site->store, &error));
    site_fill(site);
    return site;
}

static inline void site_remove(const char *path)
{
    GDir *entries = g_dir_open(path, 0, NULL);
    const char *name;
    while (entries && (name = g_dir_read_name(entries))) {
        g_autofree char *entry = g_build_filename(path, name, NULL);
        site_remove(entry);
    }
    if (entries)
        g_dir_close(entries);
    g_remove(path);
}

static inline void site_free(TestSite *site)
{
    store_close(site->store);
    site_remove(site->dir);
    keyring_free(site->ring);
    config_free(site->config);
    g_byte_array_unref(site->report);
    g_byte_array_unref(site->photo);
    g_free(site->link);
    g_free(site->staff_link);
    g_free(site->data);
    g_free(site->dir);
    g_free(site);
}
