#include "base/xml.h"

#include <criterion/criterion.h>

static void
check(const char *text, size_t len, const char *wanted)
{
    Buf out = {0};

    buf_xml(&out, text, len);
    cr_assert_str_eq(out.bytes, wanted);
    buf_close(&out);
}

Test(xml, markup_becomes_entities)
{
    check("<a b='c'>&\"", 11, "&lt;a b=&#39;c&#39;&gt;&amp;&quot;");
    check("]]>", 3, "]]&gt;");
}

Test(xml, line_ends_and_tabs_are_kept)
{
    check("a\tb\nc\rd", 7, "a&#9;b&#10;c&#13;d");
}

Test(xml, what_xml_cannot_hold_is_replaced)
{
    check("a\0b\x1b", 4, "a\xef\xbf\xbd" "b\xef\xbf\xbd");
    check("\xef\xbf\xbe\xef\xbf\xbf\xef\xbf\xbd\xef\xbb\xbf", 12, "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbb\xbf");
    check("\xef\xbf", 2, "\xef\xbf");
}

Test(xml, plain_text_is_itself)
{
    check("", 0, "");
    check("Øre \xf0\x9f\x98\x80", 9, "Øre \xf0\x9f\x98\x80");
}
