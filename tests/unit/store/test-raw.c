/* Raw mails and the attachments cut from them, across the borders of pieces. */
#include "tests/unit/store/fixture.h"

#include "core/base/secret.h"
#include "schema/messages.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/mman.h>
#include <unistd.h>

/* An unlinked file with these bytes, as the spool is. */
static int spool_of(const guint8 *bytes, gsize length)
{
    int fd = memfd_create("spool", MFD_CLOEXEC);
    g_assert_cmpint(write(fd, bytes, length), ==, (gssize)length);
    return fd;
}

static gint64 add(Store *store, const guint8 *bytes, gsize length)
{
    int fd = spool_of(bytes, length);
    guint8 hash[32];
    sha256_of(bytes, length, hash);
    gint64 id = 0;
    MUST(raw_add(store, fd, length, hash, &id, &error));
    close(fd);
    return id;
}

static guint8 *noise(gsize length)
{
    guint8 *bytes = g_malloc(length);
    for (gsize i = 0; i < length; i++)
        bytes[i] = (guint8)(i * 7 + i / 251 + i / 65536 * 3);
    return bytes;
}

static void assert_reads(Store *store, gint64 raw, const guint8 *bytes, gsize size,
                         guint64 offset, gsize length)
{
    g_autofree guint8 *out = g_malloc(length);
    gsize got = 0, expected = offset >= size ? 0 : MIN(length, size - offset);
    MUST(raw_read(store, raw, offset, out, length, &got, &error));
    g_assert_cmpuint(got, ==, expected);
    g_assert_cmpmem(out, got, bytes + (expected ? offset : 0), expected);
}

static void test_sizes(Fixture *f, gconstpointer unused)
{
    static const gsize sizes[] = {0, 1, 65535, 65536, 65537, 131072, 200000};
    for (gsize i = 0; i < G_N_ELEMENTS(sizes); i++) {
        g_autofree guint8 *bytes = noise(sizes[i]);
        gint64 raw = add(f->store, bytes, sizes[i]);
        guint64 size = 1;
        MUST(raw_size(f->store, raw, &size, &error));
        g_assert_cmpuint(size, ==, sizes[i]);
        assert_reads(f->store, raw, bytes, sizes[i], 0, sizes[i] + 10);
        assert_reads(f->store, raw, bytes, sizes[i], 65530, 10);
        assert_reads(f->store, raw, bytes, sizes[i], 65536, 65536);
        assert_reads(f->store, raw, bytes, sizes[i], 60000, 100000);
        assert_reads(f->store, raw, bytes, sizes[i], sizes[i], 10);
        assert_reads(f->store, raw, bytes, sizes[i], G_GUINT64_CONSTANT(1) << 60, 10);
    }
}

static void test_same_bytes_once(Fixture *f, gconstpointer unused)
{
    g_autofree guint8 *bytes = noise(1000);
    gint64 first = add(f->store, bytes, 1000);
    g_assert_cmpint(add(f->store, bytes, 1000), ==, first);
    bytes[999]++;
    g_assert_cmpint(add(f->store, bytes, 1000), !=, first);
}

static void test_short_spool(Fixture *f, gconstpointer unused)
{
    guint8 hash[32] = {0};
    int fd = spool_of((const guint8 *)"abc", 3);
    gint64 id = 7;
    FAILS(raw_add(f->store, fd, 4, hash, &id, &error), ERROR_TRANSIENT);
    g_assert_cmpint(id, ==, 7);
    close(fd);
}

static void test_unknown(Fixture *f, gconstpointer unused)
{
    guint8 byte;
    gsize got;
    guint64 size;
    FAILS(raw_read(f->store, 99, 0, &byte, 1, &got, &error), ERROR_CORRUPT);
    FAILS(raw_size(f->store, 99, &size, &error), ERROR_CORRUPT);
}

static void assert_decodes(Fixture *f, gint64 raw, const Attachment *attachment,
                           const guint8 *expected, gsize length)
{
    g_autoptr(AttachmentReader) reader = attachment_reader_new(f->store, raw, attachment);
    g_autoptr(GByteArray) all = g_byte_array_new();
    while (true) {
        g_autoptr(GByteArray) piece = g_byte_array_new();
        MUST(attachment_reader_next(reader, piece, &error));
        if (piece->len == 0)
            break;
        g_assert_cmpuint(piece->len, <=, RAW_PIECE_BYTES + 100);
        g_byte_array_append(all, piece->data, piece->len);
    }
    g_assert_cmpmem(all->data, all->len, expected, length);
}

/* Base64 of 150,000 bytes, folded, behind a head of 1,001 bytes and before a tail. */
static void test_base64(Fixture *f, gconstpointer unused)
{
    gsize length = 150000;
    g_autofree guint8 *content = noise(length);
    g_autofree char *encoded = g_base64_encode(content, length);
    g_autoptr(GByteArray) mail = g_byte_array_new();
    g_byte_array_set_size(mail, 1001);
    memset(mail->data, 'A', mail->len);
    for (gsize i = 0; i < strlen(encoded); i += 76) {
        g_byte_array_append(mail, (guint8 *)encoded + i, MIN(76, strlen(encoded) - i));
        g_byte_array_append(mail, (const guint8 *)"\r\n", 2);
    }
    Attachment attachment = {.place.outer = {1001, mail->len - 1001, TRANSFER_BASE64}};
    g_byte_array_append(mail, (const guint8 *)"AAAA--boundary", 14);
    gint64 raw = add(f->store, mail->data, mail->len);
    assert_decodes(f, raw, &attachment, content, length);
    attachment.place.outer.length = mail->len;
    g_autoptr(AttachmentReader) reader = attachment_reader_new(f->store, raw, &attachment);
    g_autoptr(GByteArray) out = g_byte_array_new();
    MUST(attachment_reader_next(reader, out, &error));
    MUST(attachment_reader_next(reader, out, &error));
    MUST(attachment_reader_next(reader, out, &error));
    FAILS(attachment_reader_next(reader, out, &error), ERROR_CORRUPT);
}

static void test_other_encodings(Fixture *f, gconstpointer unused)
{
    g_autofree guint8 *content = noise(70000);
    gint64 raw = add(f->store, content, 70000);
    Attachment plain = {.place.outer = {65000, 1000, TRANSFER_IDENTITY}};
    assert_decodes(f, raw, &plain, content + 65000, 1000);
    Attachment empty = {.place.outer = {10, 0, TRANSFER_BASE64}};
    assert_decodes(f, raw, &empty, NULL, 0);
    const char *printable = "a=3Db=\r\nc=C3=A9";
    gint64 text = add(f->store, (const guint8 *)printable, strlen(printable));
    Attachment quoted = {.place.outer = {0, strlen(printable), TRANSFER_QUOTED_PRINTABLE}};
    assert_decodes(f, text, &quoted, (const guint8 *)"a=bcé", strlen("a=bcé"));
}

/* A whole piece may decode to nothing, which is not yet the end. */
static void test_empty_piece(Fixture *f, gconstpointer unused)
{
    g_autofree guint8 *bytes = g_malloc(140000);
    memset(bytes, '\n', 140000);
    memcpy(bytes + 139990, "SGVsbG8=", 8);
    gint64 raw = add(f->store, bytes, 140000);
    Attachment attachment = {.place.outer = {0, 140000, TRANSFER_BASE64}};
    assert_decodes(f, raw, &attachment, (const guint8 *)"Hello", 5);
}

/* A file within a file, both in base64: what is in front of it is passed over, and what is
 * behind it is not read. */
static void test_nested(Fixture *f, gconstpointer unused)
{
    gsize length = 150000;
    g_autofree guint8 *content = noise(length);
    g_autofree char *inner = g_base64_encode(content, length);
    g_autofree char *outer = g_base64_encode((const guint8 *)inner, strlen(inner));
    gint64 raw = add(f->store, (const guint8 *)outer, strlen(outer));
    Attachment attachment = {.place = {.outer = {0, strlen(outer), TRANSFER_BASE64},
                                       .inner = {4 * 1000, 4 * 40000, TRANSFER_BASE64},
                                       .is_nested = true}};
    assert_decodes(f, raw, &attachment, content + 3 * 1000, 3 * 40000);
    attachment.place.outer.length *= 2; /* beyond the mail, but not beyond the file */
    assert_decodes(f, raw, &attachment, content + 3 * 1000, 3 * 40000);
}

/* A large mail costs no more memory than a small one: past its page cache SQLite writes to the
 * WAL. Its own account is asked, because a sanitizer's would drown it. */
static void test_memory(Fixture *f, gconstpointer unused)
{
    gsize size = 50 * 1024 * 1024;
    int fd = memfd_create("spool", MFD_CLOEXEC);
    g_assert_cmpint(ftruncate(fd, (off_t)size), ==, 0);
    guint8 hash[32] = {5};
    gint64 raw;
    sqlite3_int64 now, highest;
    sqlite3_status64(SQLITE_STATUS_MEMORY_USED, &now, &highest, 1);
    MUST(raw_add(f->store, fd, size, hash, &raw, &error));
    MUST(store_commit(f->store, &error));
    sqlite3_status64(SQLITE_STATUS_MEMORY_USED, &now, &highest, 0);
    g_test_message("SQLite used at most %lld bytes", (long long)highest);
    g_assert_cmpint(highest, >, 0);
    g_assert_cmpint(highest, <, 4 * 1024 * 1024);
    close(fd);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    sqlite3_initialize(); /* from here on the store cannot switch off the account of memory */
    FIXTURE_TEST("/store/raw/sizes", test_sizes);
    FIXTURE_TEST("/store/raw/same-bytes-once", test_same_bytes_once);
    FIXTURE_TEST("/store/raw/short-spool", test_short_spool);
    FIXTURE_TEST("/store/raw/unknown", test_unknown);
    FIXTURE_TEST("/store/raw/memory", test_memory);
    FIXTURE_TEST("/store/attachment/base64", test_base64);
    FIXTURE_TEST("/store/attachment/other-encodings", test_other_encodings);
    FIXTURE_TEST("/store/attachment/empty-piece", test_empty_piece);
    FIXTURE_TEST("/store/attachment/nested", test_nested);
    return g_test_run();
}
