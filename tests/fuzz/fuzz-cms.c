/* CMS of any bytes: the content comes from the file, and a whole one from one place of it. */
#include "core/mail/cms.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    g_auto(Cms) cms;
    cms_read(data, size, &cms);
    if (!cms.content)
        return 0;
    g_assert_cmpint(cms.kind, ==, CMS_SIGNED);
    g_assert_cmpuint(cms.content->len, <=, size);
    if (cms.is_whole) {
        g_assert_cmpuint(cms.offset + cms.content->len, <=, size);
        g_assert_cmpint(memcmp(data + cms.offset, cms.content->data, cms.content->len), ==, 0);
    }
    return 0;
}
