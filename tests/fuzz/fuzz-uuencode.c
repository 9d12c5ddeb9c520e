/* The splitter of uuencoded files: no byte is lost, whatever the pieces. */
#include "core/mail/uuencode.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    if (size == 0)
        return 0;
    gsize piece = 1 + data[0] % 64, in_files = 0;
    g_autoptr(UuSplitter) splitter = uu_splitter_new(size, 3);
    for (gsize at = 1; at < size; at += piece)
        uu_splitter_feed(splitter, data + at, MIN(piece, size - at));
    g_autoptr(GPtrArray) files = NULL;
    bool cut = false;
    g_autoptr(GByteArray) text = uu_splitter_finish(splitter, &files, &cut);
    for (guint i = 0; i < files->len; i++)
        in_files += ((const UuFile *)files->pdata[i])->length;
    g_assert_false(cut);
    g_assert_cmpuint(text->len + in_files, ==, size - 1);
    g_assert_true(files->len == 0 || uu_may_begin(data + 1, size - 1));
    return 0;
}
