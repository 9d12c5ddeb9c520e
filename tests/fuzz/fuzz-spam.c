/* The spam mark. Input: the pattern, a line feed, then the header field's value. Whatever both
 * hold, a match ends, and a refused pattern is told in one line. */
#include "core/mail/spam.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const guint8 *bytes, gsize length);

int LLVMFuzzerTestOneInput(const guint8 *bytes, gsize length)
{
    const guint8 *feed = memchr(bytes, '\n', length);
    gsize first = feed ? (gsize)(feed - bytes) : length;
    g_autofree char *raw = g_strndup((const char *)bytes, first);
    g_autofree char *pattern = g_utf8_make_valid(raw, -1);
    g_autofree char *setting = g_strconcat("X-Spam: ", pattern, NULL);
    g_autofree char *value =
        feed ? g_strndup((const char *)feed + 1, length - first - 1) : g_strdup("");
    const Config config = {.file = (char *)"fuzz.conf", .mail = {.spam_header = setting}};
    g_autoptr(SpamRule) rule = NULL;
    g_autoptr(GError) error = NULL;
    if (!spam_rule_new(&config, &rule, &error)) {
        g_assert_true(g_str_has_prefix(error->message, "fuzz.conf: [mail] spam_header: "));
        g_assert_true(g_utf8_validate(error->message, -1, NULL));
        return 0;
    }
    g_assert_true(spam_rule_is_about(rule, "x-spam"));
    spam_rule_marks(rule, value);
    return 0;
}
