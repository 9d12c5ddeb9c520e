/* winmail.dat of any bytes: clean text, and files within the stream. */
#include "core/mail/tnef.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    g_autoptr(Tnef) tnef = tnef_read(data, size);
    if (!tnef)
        return 0;
    g_assert_true(!tnef->body || g_utf8_validate(tnef->body, -1, NULL));
    for (guint i = 0; i < tnef->files->len; i++) {
        const TnefFile *file = tnef->files->pdata[i];
        g_assert_true(g_utf8_validate(file->name, -1, NULL));
        g_assert_true(g_utf8_validate(file->content_id, -1, NULL));
        g_assert_cmpuint(file->offset, <=, size);
        g_assert_cmpuint(file->length, <=, size - file->offset);
    }
    return 0;
}
