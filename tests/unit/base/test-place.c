/* Files within mails, and within files, cut out in pieces of every size. */
#include "core/base/place.h"

#include <string.h>

static char *cut(const char *raw, const Place *place, gsize piece)
{
    g_auto(PlaceDecoder) decoder;
    g_autoptr(GByteArray) out = g_byte_array_new();
    const guint8 *at = (const guint8 *)raw + place->outer.offset;
    place_decoder_init(&decoder, place);
    for (gsize left = place->outer.length; left > 0 && !place_is_over(&decoder);) {
        gsize n = MIN(piece, left);
        place_decode(&decoder, at, n, out);
        at += n;
        left -= n;
    }
    place_finish(&decoder, out);
    g_byte_array_append(out, (const guint8 *)"", 1);
    return g_strdup((const char *)out->data);
}

static void check(const char *raw, const Place *place, const char *expected)
{
    g_assert_true(place_is_sound(place, strlen(raw)));
    for (gsize piece = 1; piece <= strlen(raw); piece++) {
        g_autofree char *got = cut(raw, place, piece);
        g_assert_cmpstr(got, ==, expected);
    }
}

static const char base64[] = "--b\nemVybyBvbmUgdHdvIHRo\ncmVlIGZvdXI=\n--b--";
static const Extent whole = {4, 33, TRANSFER_BASE64}; /* "zero one two three four" */

static void test_one_part(void)
{
    Place place = {.outer = whole};
    check(base64, &place, "zero one two three four");
}

static void test_file_in_file(void)
{
    Extent inner = {5, 7, TRANSFER_IDENTITY};
    Place place = place_within(&whole, &inner);
    g_assert_true(place.is_nested);
    check(base64, &place, "one two");
    inner = (Extent){19, 4, TRANSFER_IDENTITY};
    place = place_within(&whole, &inner);
    check(base64, &place, "four");
    inner = (Extent){3, 0, TRANSFER_IDENTITY};
    place = place_within(&whole, &inner);
    check(base64, &place, "");
}

static void test_uuencode_in_text(void)
{
    static const char raw[] = "a=C3=A9\nbegin 644 x=\n.txt\n#8V%T\n`\nend\nb\n";
    Extent outer = {0, strlen(raw), TRANSFER_QUOTED_PRINTABLE};
    Extent inner = {4, 30, TRANSFER_UUENCODE};
    Place place = place_within(&outer, &inner);
    check(raw, &place, "cat");
}

/* In a part that is not encoded one extent does. */
static void test_not_encoded(void)
{
    Extent outer = {3, 10, TRANSFER_IDENTITY}, inner = {2, 4, TRANSFER_BASE64};
    Place place = place_within(&outer, &inner);
    g_assert_false(place.is_nested);
    g_assert_cmpuint(place.outer.offset, ==, 5);
    check("0123 YWJj 890123", &place, "abc");
}

static void test_unsound(void)
{
    static const struct {
        Place place;
        guint64 size;
    } cases[] = {
        {{.outer = {5, 6, TRANSFER_BASE64}}, 10},
        {{.outer = {11, 0, TRANSFER_BASE64}}, 10},
        {{.outer = {G_MAXUINT64, 2, TRANSFER_BASE64}}, 10},
        {{.outer = {0, 10, (TransferEncoding)9}}, 10},
        {{.outer = {0, 10, TRANSFER_BASE64}, .inner = {5, 6, 0}, .is_nested = true}, 10},
        {{.outer = {0, 10, TRANSFER_BASE64}, .inner = {2, G_MAXUINT64, 0}, .is_nested = true},
         10},
        {{.outer = {0, 10, TRANSFER_BASE64},
          .inner = {2, 2, (TransferEncoding)9},
          .is_nested = true},
         10},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
        g_assert_false(place_is_sound(&cases[i].place, cases[i].size));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/place/one-part", test_one_part);
    g_test_add_func("/place/file-in-file", test_file_in_file);
    g_test_add_func("/place/uuencode-in-text", test_uuencode_in_text);
    g_test_add_func("/place/not-encoded", test_not_encoded);
    g_test_add_func("/place/unsound", test_unsound);
    return g_test_run();
}
