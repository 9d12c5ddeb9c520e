/* The key file, and MACs made with its keys (GLib's GHmac).
 *
 * Not here: what is signed; purposes and token shapes belong to the desk. A key file that may
 * be read by others, or that somebody else owns, is refused rather than mended: by then the key
 * is no secret any more. Messages name the line, never its content. */
#include "core/base/secret.h"

#include "core/base/base32.h"
#include "core/base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <nettle/sha2.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#define KEY_BYTES 32
#define KEYS_MAX 16
#define FILE_MAX 8192

typedef struct {
    char *id;
    guint8 bytes[KEY_BYTES];
} Key;

struct Keyring {
    Key keys[KEYS_MAX];
    int n_keys;
};

static bool refuse(GError **error, const char *path, const char *why)
{
    g_set_error(error, WICKET_ERROR, ERROR_CONFIG, "%s: %s", path, why);
    return false;
}

static bool refuse_line(GError **error, const char *path, int line, const char *why)
{
    g_set_error(error, WICKET_ERROR, ERROR_CONFIG, "%s:%d: %s", path, line, why);
    return false;
}

/* Missing, unreadable or a link: the admin's to mend. The rest is the machine's. */
static bool refuse_open(GError **error, const char *path, int saved)
{
    if (saved == ENOENT || saved == ENOTDIR)
        return refuse(error, path, "the key file is missing (mailwicket init makes it)");
    if (saved == EACCES || saved == EPERM)
        return refuse(error, path, "the key file may not be read by this user");
    if (saved == ELOOP)
        return refuse(error, path, "the key file is a symbolic link");
    return error_errno(error, saved, "%s", path);
}

static bool check_owner(int fd, const char *path, GError **error)
{
    struct stat st;
    if (fstat(fd, &st) != 0)
        return error_errno(error, errno, "%s", path);
    if (!S_ISREG(st.st_mode))
        return refuse(error, path, "the key file is not a regular file");
    if (st.st_mode & (S_IRWXG | S_IRWXO))
        return refuse(error, path, "the key file is open to others (its mode must be 0600)");
    if (st.st_uid != geteuid() && st.st_uid != 0)
        return refuse(error, path, "the key file belongs to another user");
    return true;
}

static bool is_id(const char *id)
{
    gsize length = strlen(id);
    if (length == 0 || length > 32)
        return false;
    for (; *id; id++)
        if (!g_ascii_isalnum(*id) && *id != '-' && *id != '_')
            return false;
    return true;
}

static bool parse_line(Keyring *ring, char *text, const char *path, int line, GError **error)
{
    g_strstrip(text);
    if (*text == '\0' || *text == '#')
        return true;
    if (ring->n_keys == KEYS_MAX)
        return refuse_line(error, path, line, "more keys than a key file may hold");
    char *id = text, *code = text + strcspn(text, " \t");
    if (*code != '\0')
        *code++ = '\0';
    code = g_strchug(code);
    if (!is_id(id))
        return refuse_line(error, path, line, "no key id of letters, digits and -");
    for (int i = 0; i < ring->n_keys; i++)
        if (strcmp(ring->keys[i].id, id) == 0)
            return refuse_line(error, path, line, "a key id that stands above already");
    Key *key = &ring->keys[ring->n_keys];
    if (!base32_decode(code, strlen(code), key->bytes, KEY_BYTES))
        return refuse_line(error, path, line, "no key of 32 bytes in base32 after the id");
    key->id = g_strdup(id);
    ring->n_keys++;
    return true;
}

static bool parse_file(Keyring *ring, char *text, const char *path, GError **error)
{
    for (int line = 1; text != NULL; line++) {
        char *next = strchr(text, '\n');
        if (next != NULL)
            *next++ = '\0';
        if (!parse_line(ring, text, path, line, error))
            return false;
        text = next;
    }
    return ring->n_keys > 0 || refuse(error, path, "the key file holds no key");
}

/* Fills `text` and ends it with a NUL. */
static bool read_file(int fd, const char *path, char *text, gsize size, GError **error)
{
    gsize length = 0;
    for (;;) {
        ssize_t n = read(fd, text + length, size - length);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return error_errno(error, errno, "%s", path);
        if (n == 0)
            break;
        length += (gsize)n;
        if (length == size)
            return refuse(error, path, "the key file is too long");
    }
    text[length] = '\0';
    return memchr(text, '\0', length) == NULL ||
           refuse(error, path, "the key file holds a NUL");
}

static bool load_from(int fd, const char *path, Keyring **ret, GError **error)
{
    if (!check_owner(fd, path, error))
        return false;
    char text[FILE_MAX];
    g_autoptr(Keyring) ring = g_new0(Keyring, 1);
    bool done =
        read_file(fd, path, text, sizeof text, error) && parse_file(ring, text, path, error);
    explicit_bzero(text, sizeof text);
    if (done)
        *ret = g_steal_pointer(&ring);
    return done;
}

bool keyring_load(const char *path, Keyring **ret, GError **error)
{
    /* O_NONBLOCK: a fifo of that name must not hang us. */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0)
        return refuse_open(error, path, errno);
    bool done = load_from(fd, path, ret, error);
    close(fd);
    return done;
}

static char *make_key_line(void)
{
    guint8 bytes[5 + KEY_BYTES];
    random_bytes(bytes, sizeof bytes);
    g_autofree char *id = base32_encode(bytes, 5);
    g_autofree char *code = base32_encode(bytes + 5, KEY_BYTES);
    char *line = g_strdup_printf("%s %s\n", id, code);
    explicit_bzero(bytes, sizeof bytes);
    explicit_bzero(code, strlen(code));
    return line;
}

static bool write_key(int fd, const char *path, GError **error)
{
    g_autofree char *line = make_key_line();
    gsize length = strlen(line);
    ssize_t n = write(fd, line, length);
    int saved = n < 0 ? errno : ENOSPC;
    explicit_bzero(line, length);
    if (n != (ssize_t)length)
        return error_errno(error, saved, "%s", path);
    if (fsync(fd) != 0)
        return error_errno(error, errno, "%s", path);
    return true;
}

static bool sync_folder_of(const char *path, GError **error)
{
    g_autofree char *folder = g_path_get_dirname(path);
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return error_errno(error, errno, "%s", folder);
    bool done = fsync(fd) == 0 || error_errno(error, errno, "%s", folder);
    close(fd);
    return done;
}

/* link(2) gives the whole file its name or fails: there never is half a key file, and a key
 * that exists is never replaced. */
static bool publish_key(const char *draft, const char *path, GError **error)
{
    if (link(draft, path) == 0)
        return true;
    if (errno != EEXIST)
        return error_errno(error, errno, "%s", path);
    g_set_error(error, WICKET_ERROR, ERROR_REJECTED, "%s: exists already", path);
    return false;
}

bool keyring_create(const char *path, GError **error)
{
    g_autofree char *draft = g_strconcat(path, ".XXXXXX", NULL);
    int fd = mkostemp(draft, O_CLOEXEC); /* 0600 */
    if (fd < 0)
        return error_errno(error, errno, "%s", path);
    bool done = write_key(fd, draft, error) && publish_key(draft, path, error);
    close(fd);
    unlink(draft);
    return done && sync_folder_of(path, error);
}

void keyring_free(Keyring *ring)
{
    if (ring == NULL)
        return;
    for (int i = 0; i < ring->n_keys; i++)
        g_free(ring->keys[i].id);
    explicit_bzero(ring, sizeof *ring);
    g_free(ring);
}

static void mac_with(const Key *key, const char *purpose, const char *data, guint8 *mac)
{
    gsize length = KEY_BYTES;
    GHmac *hmac = g_hmac_new(G_CHECKSUM_SHA256, key->bytes, KEY_BYTES);
    g_hmac_update(hmac, (const guchar *)purpose, (gssize)strlen(purpose) + 1);
    g_hmac_update(hmac, (const guchar *)data, (gssize)strlen(data));
    g_hmac_get_digest(hmac, mac, &length);
    g_hmac_unref(hmac);
}

void keyring_mac(const Keyring *ring, const char *purpose, const char *data, guint8 *out,
                 gsize length)
{
    guint8 mac[KEY_BYTES];
    g_assert(length <= sizeof mac);
    mac_with(&ring->keys[0], purpose, data, mac);
    memcpy(out, mac, length);
}

/* The time does not tell how many bytes were right. */
static bool equal(const guint8 *a, const guint8 *b, gsize length)
{
    volatile guint8 different = 0;
    for (gsize i = 0; i < length; i++)
        different |= a[i] ^ b[i];
    return different == 0;
}

bool keyring_verify(const Keyring *ring, const char *purpose, const char *data,
                    const guint8 *mac, gsize length)
{
    bool found = false;
    if (length == 0 || length > KEY_BYTES) /* nothing proves nothing */
        return false;
    for (int i = 0; i < ring->n_keys; i++) {
        guint8 expected[KEY_BYTES];
        mac_with(&ring->keys[i], purpose, data, expected);
        found |= equal(expected, mac, length);
    }
    return found;
}

void random_bytes(guint8 *out, gsize length)
{
    while (length > 0) {
        ssize_t n = getrandom(out, length, 0);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            abort();
        out += n;
        length -= (gsize)n;
    }
}

void sha256_of(const void *data, gsize length, guint8 *out)
{
    struct sha256_ctx sum;
    sha256_init(&sum);
    sha256_update(&sum, length, data);
    sha256_digest(&sum, SHA256_DIGEST_SIZE, out);
}
