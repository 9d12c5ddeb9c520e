/* Subjects and address extensions as strangers may write them: none crashes, none verifies that
 * the ring did not make, and stripping a subject twice strips no more. */
#include "core/desk/token.h"

#include <glib/gstdio.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static Keyring *ring_once(void)
{
    static Keyring *ring;
    if (!ring) {
        g_autofree char *dir = g_dir_make_tmp("wicket-fuzz-XXXXXX", NULL);
        g_autofree char *path = g_build_filename(dir, "key", NULL);
        g_assert_true(keyring_create(path, NULL) && keyring_load(path, &ring, NULL));
        g_unlink(path);
        g_rmdir(dir);
    }
    return ring;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const Keyring *ring = ring_once();
    g_autofree char *text = g_strndup((const char *)data, size);
    g_autofree char *prefix = NULL;
    gint64 id = 0, number = 0;

    token_read_extension(text, &id);
    g_assert_false(token_verify_extension(ring, text, 1));
    g_assert_false(token_message_id_is_ours(ring, text));
    if (!g_utf8_validate(text, -1, NULL))
        return 0;
    g_assert_false(token_find_in_subject(ring, text, &prefix, &number));
    g_autofree char *bare = token_strip_subject(text);
    g_autofree char *again = token_strip_subject(bare);
    g_assert_true(g_utf8_validate(bare, -1, NULL));
    g_assert_cmpuint(strlen(again), <=, strlen(bare));
    return 0;
}
