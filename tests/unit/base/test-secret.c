/* The key file, its MACs, and the base32 they are written in. */
#include "core/base/secret.h"

#include "core/base/base32.h"
#include "core/base/error.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define ZERO_KEY "0000000000000000000000000000000000000000000000000000"
#define ONE_KEY "0000000000000000000000000000000000000000000000000010"

typedef struct {
    char *folder, *path;
} Fixture;

static void set_up(Fixture *fixture, gconstpointer data)
{
    fixture->folder = g_dir_make_tmp("secret-XXXXXX", NULL);
    fixture->path = g_build_filename(fixture->folder, "key", NULL);
}

static void tear_down(Fixture *fixture, gconstpointer data)
{
    g_unlink(fixture->path);
    g_assert_cmpint(g_rmdir(fixture->folder), ==, 0); /* no draft is left behind */
    g_free(fixture->folder);
    g_free(fixture->path);
}

static void write_file(const Fixture *fixture, const char *text, int mode)
{
    g_assert_true(g_file_set_contents(fixture->path, text, -1, NULL));
    g_assert_cmpint(g_chmod(fixture->path, mode), ==, 0);
}

static void refuse(const Fixture *fixture, const char *complaint)
{
    Keyring *ring = NULL;
    g_autoptr(GError) error = NULL;
    g_assert_false(keyring_load(fixture->path, &ring, &error));
    g_assert_error(error, WICKET_ERROR, ERROR_CONFIG);
    g_assert_nonnull(strstr(error->message, fixture->path));
    g_assert_nonnull(strstr(error->message, complaint));
    g_assert_null(strstr(error->message, ZERO_KEY));
    g_assert_null(ring);
}

static void test_create(Fixture *fixture, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    GStatBuf st;
    g_assert_true(keyring_create(fixture->path, &error));
    g_assert_cmpint(g_stat(fixture->path, &st), ==, 0);
    g_assert_cmpint(st.st_mode & 07777, ==, 0600);
    g_assert_cmpint(st.st_nlink, ==, 1);

    g_autofree char *before = NULL;
    g_autofree char *after = NULL;
    g_assert_true(g_file_get_contents(fixture->path, &before, NULL, NULL));
    g_assert_false(keyring_create(fixture->path, &error));
    g_assert_error(error, WICKET_ERROR, ERROR_REJECTED);
    g_assert_true(g_file_get_contents(fixture->path, &after, NULL, NULL));
    g_assert_cmpstr(after, ==, before);

    g_autoptr(Keyring) ring = NULL;
    g_assert_true(keyring_load(fixture->path, &ring, NULL));
}

static void test_refused_files(Fixture *fixture, gconstpointer data)
{
    refuse(fixture, "missing");
    write_file(fixture, "k1 " ZERO_KEY "\n", 0640);
    refuse(fixture, "0600");
    write_file(fixture, "k1 " ZERO_KEY "\n", 0604);
    refuse(fixture, "0600");

    g_autofree char *target = g_build_filename(fixture->folder, "target", NULL);
    g_assert_cmpint(g_rename(fixture->path, target), ==, 0);
    g_assert_cmpint(g_chmod(target, 0600), ==, 0);
    g_assert_cmpint(symlink(target, fixture->path), ==, 0);
    refuse(fixture, "symbolic link");
    g_unlink(target);
    g_unlink(fixture->path);

    g_mkdir(fixture->path, 0700);
    refuse(fixture, "not a regular file");
    g_rmdir(fixture->path);

    if (geteuid() == 0) {
        write_file(fixture, "k1 " ZERO_KEY "\n", 0600);
        g_assert_cmpint(chown(fixture->path, 12345, 0), ==, 0);
        refuse(fixture, "another user");
    }
}

static void test_refused_texts(Fixture *fixture, gconstpointer data)
{
    static const struct {
        const char *text, *complaint;
    } cases[] = {
        {"", "holds no key"},
        {"# nothing\n\n", "holds no key"},
        {"k1\n", ":1: no key of 32 bytes"},
        {"# one\nk1 " ZERO_KEY "0\n", ":2: no key of 32 bytes"},
        {"k1 " ZERO_KEY " extra\n", ":1: no key of 32 bytes"},
        {"k1 uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu", ":1: no key of 32 bytes"},
        {"k/1 " ZERO_KEY "\n", ":1: no key id"},
        {"k1 " ZERO_KEY "\nk1 " ONE_KEY "\n", ":2: a key id that stands above"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        write_file(fixture, cases[i].text, 0600);
        refuse(fixture, cases[i].complaint);
    }
    g_autofree char *filler = g_strnfill(10000, '#');
    write_file(fixture, filler, 0600);
    refuse(fixture, "too long");
}

static Keyring *ring_of(const Fixture *fixture, const char *text)
{
    Keyring *ring = NULL;
    g_autoptr(GError) error = NULL;
    write_file(fixture, text, 0600);
    keyring_load(fixture->path, &ring, &error);
    g_assert_no_error(error);
    return ring;
}

/* HMAC-SHA256 with a key of 32 zero bytes over "p", NUL, "d", as other tools compute it. */
static void test_known_mac(Fixture *fixture, gconstpointer data)
{
    g_autoptr(Keyring) ring = ring_of(fixture, "k1 " ZERO_KEY "\n");
    g_autofree char *expected = g_compute_hmac_for_data(
        G_CHECKSUM_SHA256, (const guchar[32]){0}, 32, (const guchar *)"p\0d", 3);
    guint8 mac[32];
    keyring_mac(ring, "p", "d", mac, sizeof mac);
    GString *hex = g_string_new(NULL);
    for (gsize i = 0; i < sizeof mac; i++)
        g_string_append_printf(hex, "%02x", mac[i]);
    g_assert_cmpstr(hex->str, ==, expected);
    g_string_free(hex, TRUE);
}

static void test_verify(Fixture *fixture, gconstpointer data)
{
    guint8 mac[SECRET_MAC_BYTES];
    g_autoptr(Keyring) ring = ring_of(fixture, "k1 " ZERO_KEY "\n");
    keyring_mac(ring, "reply", "12", mac, sizeof mac);
    g_assert_true(keyring_verify(ring, "reply", "12", mac, sizeof mac));
    g_assert_true(keyring_verify(ring, "reply", "12", mac, 5)); /* a shorter cut of it */
    g_assert_false(keyring_verify(ring, "reply", "13", mac, sizeof mac));
    g_assert_false(keyring_verify(ring, "page", "12", mac, sizeof mac));
    g_assert_false(keyring_verify(ring, "reply", "12", mac, 0));
    for (gsize i = 0; i < sizeof mac * 8; i++) {
        mac[i / 8] ^= (guint8)(1 << i % 8);
        g_assert_false(keyring_verify(ring, "reply", "12", mac, sizeof mac));
        mac[i / 8] ^= (guint8)(1 << i % 8);
    }
}

/* A new key on top signs; what the old one signed holds until it is removed. */
static void test_replace(Fixture *fixture, gconstpointer data)
{
    guint8 old_mac[10], new_mac[10];
    g_autoptr(Keyring) old_ring = ring_of(fixture, "k1 " ZERO_KEY "\n");
    g_autoptr(Keyring) both = ring_of(fixture, "  k2 \t" ONE_KEY " \r\n# old:\nk1 " ZERO_KEY);
    g_autoptr(Keyring) new_ring = ring_of(fixture, "k2 " ONE_KEY "\n");
    keyring_mac(old_ring, "p", "d", old_mac, sizeof old_mac);
    keyring_mac(both, "p", "d", new_mac, sizeof new_mac);
    g_assert_true(keyring_verify(both, "p", "d", old_mac, sizeof old_mac));
    g_assert_true(keyring_verify(new_ring, "p", "d", new_mac, sizeof new_mac));
    g_assert_false(keyring_verify(new_ring, "p", "d", old_mac, sizeof old_mac));
}

static void test_random(void)
{
    guint8 a[64] = {0}, b[64] = {0};
    random_bytes(a, sizeof a);
    random_bytes(b, sizeof b);
    g_assert_cmpint(memcmp(a, b, sizeof a), !=, 0);
    random_bytes(a, 0);
}

static void test_sha256(void)
{
    guint8 hash[32];
    static const guint8 expected[4] = {0xba, 0x78, 0x16, 0xbf}; /* FIPS 180-2, "abc" */
    sha256_of("abc", 3, hash);
    g_assert_cmpmem(hash, 4, expected, 4);
    sha256_of("", 0, hash);
    g_assert_cmpint(hash[0], ==, 0xe3);
}

static void test_base32(void)
{
    static const struct {
        const char *bytes;
        gsize length;
        const char *text;
    } cases[] = {
        {"", 0, ""},
        {"\0", 1, "00"},
        {"\377", 1, "zw"},
        {"\377\377\377\377\377", 5, "zzzzzzzz"},
        {"\x01\x23\x45\x67\x89", 5, "04hmasw9"},
        {"hello!", 6, "d1jprv3f44"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        guint8 bytes[8];
        const guint8 *in = (const guint8 *)cases[i].bytes;
        g_autofree char *text = base32_encode(in, cases[i].length);
        g_assert_cmpstr(text, ==, cases[i].text);
        g_assert_true(base32_decode(text, strlen(text), bytes, cases[i].length));
        g_assert_cmpmem(bytes, cases[i].length, in, cases[i].length);
        g_assert_false(base32_decode(text, strlen(text), bytes, cases[i].length + 1));
    }
}

static void test_base32_reading(void)
{
    guint8 a[5], b[5];
    g_assert_true(base32_decode("0110abcd", 8, a, 5));
    g_assert_true(base32_decode("OiLoABCD", 8, b, 5));
    g_assert_cmpmem(a, 5, b, 5);
    g_assert_true(base32_decode("zw", 2, a, 1));
    g_assert_false(base32_decode("zz", 2, a, 1)); /* unused bits set: a second spelling */
    g_assert_false(base32_decode("0u", 2, a, 1));
    g_assert_false(base32_decode("0-", 2, a, 1));
    g_assert_false(base32_decode("0\xff", 2, a, 1));
    g_assert_false(base32_decode("000", 3, a, 1));
    g_assert_false(base32_decode("", 0, a, 1));
}

#define ADD(name, function) g_test_add(name, Fixture, NULL, set_up, function, tear_down)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("/secret/create", test_create);
    ADD("/secret/refused-files", test_refused_files);
    ADD("/secret/refused-texts", test_refused_texts);
    ADD("/secret/known-mac", test_known_mac);
    ADD("/secret/verify", test_verify);
    ADD("/secret/replace", test_replace);
    g_test_add_func("/secret/random", test_random);
    g_test_add_func("/secret/sha256", test_sha256);
    g_test_add_func("/base32/both-ways", test_base32);
    g_test_add_func("/base32/reading", test_base32_reading);
    return g_test_run();
}
