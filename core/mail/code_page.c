/* Only what mail has been seen in. */
#include "core/mail/code_page.h"

static const struct {
    guint32 number;
    const char *charset;
} pages[] = {
    {874, "windows-874"},   {932, "shift_jis"},     {936, "gb18030"},
    {949, "euc-kr"},        {950, "big5"},          {1250, "windows-1250"},
    {1251, "windows-1251"}, {1252, "windows-1252"}, {1253, "windows-1253"},
    {1254, "windows-1254"}, {1255, "windows-1255"}, {1256, "windows-1256"},
    {1257, "windows-1257"}, {1258, "windows-1258"}, {10000, "macintosh"},
    {20127, "us-ascii"},    {20866, "koi8-r"},      {21866, "koi8-u"},
    {28591, "iso-8859-1"},  {28592, "iso-8859-2"},  {28595, "iso-8859-5"},
    {28597, "iso-8859-7"},  {28599, "iso-8859-9"},  {28605, "iso-8859-15"},
    {50220, "iso-2022-jp"}, {50221, "iso-2022-jp"}, {50225, "iso-2022-kr"},
    {51932, "euc-jp"},      {51949, "euc-kr"},      {54936, "gb18030"},
    {65000, "utf-7"},       {65001, "utf-8"},
};

const char *code_page_charset(guint32 number)
{
    for (gsize i = 0; i < G_N_ELEMENTS(pages); i++)
        if (pages[i].number == number)
            return pages[i].charset;
    return "";
}
