/* Rich text of any bytes: clean text. */
#include "core/mail/rtf.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    g_autofree char *text = rtf_to_text(data, size);
    g_assert_true(!text || g_utf8_validate(text, -1, NULL));
    return 0;
}
