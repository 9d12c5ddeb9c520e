/* Armor in any text: what is opened is clean and shorter. */
#include "core/mail/pgp.h"

#include "core/base/utf8.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    PgpMarks marks;
    g_autofree char *text = utf8_clean((const char *)data, size, TEXT_BLOCK);
    g_autofree char *opened = pgp_open_text(text, &marks);
    g_assert_true((opened != NULL) == marks.is_signed);
    if (opened) {
        g_assert_true(g_utf8_validate(opened, -1, NULL));
        g_assert_cmpuint(strlen(opened), <, strlen(text));
    }
    return 0;
}
