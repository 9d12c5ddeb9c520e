/* Visiting cards: clean text whatever they hold. */
#include "core/mail/vcard.h"

#include "core/mail/charset.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    g_autofree char *source = charset_to_utf8(data, size, NULL);
    g_autofree char *text = vcard_to_text(source, strlen(source));
    g_assert_true(!text || g_utf8_validate(text, -1, NULL));
    return 0;
}
