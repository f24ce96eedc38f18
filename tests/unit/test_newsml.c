/* News in XML: what is an article in it, and what is put right before it is read. */
#include "unit.h"

#include "input/formats.h"

#include <stdlib.h>

/* ---- bytes in memory, a few at a time */

typedef struct {
    const char *bytes;
    size_t left, most;
} Memory;

static ptrdiff_t
memory_read(void *self, const char *path, char *to, size_t room, Error *err)
{
    Memory *m = self;
    size_t n = m->left < m->most ? m->left : m->most;

    (void)path;
    (void)err;
    n = n < room ? n : room;
    memcpy(to, m->bytes, n);
    m->bytes += n;
    m->left -= n;
    return (ptrdiff_t)n;
}

/* What is read, "id=text" a line, "! message" for a fault. */
static char *
read_xml(const char *xml, size_t len, size_t most)
{
    Memory memory = {xml, len, most};
    InputOptions options = {0};
    Stream stream;
    RawRecord raw = {.path = "a.xml"};
    Arena arena;
    Error err = {0};
    Buf out = {0};
    InputResult result;

    newsml_begin();
    arena_init(&arena);
    stream_open(&stream, (Source){.read = memory_read, .self = &memory}, "a.xml", 1 << 20);
    for (; (result = FORMAT_NEWSML.cut(&stream, &raw, &err)) != INPUT_END; err = (Error){0}) {
        Reading reading = {&options, NULL, NULL, &arena};
        Record record = {0};
        if (result == INPUT_RECORD && FORMAT_NEWSML.read(&raw, &reading, &record, &err))
            buf_printf(&out, "%s%.*s%s%s\n", record.id ? record.id : "", record.id != NULL, "=", record.text, record.published ? record.published : "");
        else
            buf_printf(&out, "! %zu: %s\n", err.line, err.message);
        buf_clear(&raw.bytes);
        arena_reset(&arena);
    }
    stream_close(&stream);
    input_raw_close(&raw);
    arena_close(&arena);
    buf_str(&out, "");
    return out.bytes;
}

static void
reads(const char *xml, size_t len, const char *wanted)
{
    static const size_t steps[] = {1, 7, 100000}; /* whatever comes at once */

    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        char *got = read_xml(xml, len, steps[i]);
        cr_assert_str_eq(got, wanted, "wanted %s got %s", wanted, got);
        free(got);
    }
}

#define XML(text, wanted) reads(text, sizeof(text) - 1, wanted)
#define RSS(items, wanted) XML("<rss><channel>" items "</channel></rss>", wanted)

/* ---- what is an article */

Test(newsml, items_entries_and_documents_are_articles)
{
    XML("<?xml version='1.0'?><rss xmlns:content='x'><channel><title>All</title><item><title>Gales</title><guid>g1</guid>"
        "<description>short</description><content:encoded><![CDATA[<p>The harbour&nbsp;was <b>shut</b>.</p><p>It will open.</p>]]></content:encoded>"
        "</item><item><title>Ferry</title><description>It is late &amp; slow.</description></item></channel></rss>",
        "g1=Gales\n\nThe harbour was shut.\n\nIt will open.\nFerry\n\nIt is late & slow.\n");
    XML("<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>e1</id><title>Gales</title><author><name>Ada Quill</name></author>"
        "<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>One.</p><p>Two.</p></div></content></entry></feed>",
        "e1=Gales\n\nAda Quill\n\nOne.\n\nTwo.\n");
    XML("<nitf><head><docdata><doc-id id-string='n1'/><date.issue norm='20240301'/></docdata></head><body><body.head><hedline><hl1>Gales</hl1></hedline>"
        "<byline>By Ada Quill</byline></body.head><body.content><media><media-caption>The quay</media-caption></media><p>The <location>Port Wendle</location>\n  harbour was shut.</p>"
        "<hl2>Costs</hl2><p>It is dear.</p></body.content></body></nitf>",
        "n1=Gales\n\nBy Ada Quill\n\nThe Port Wendle harbour was shut.\n\nCosts\n\nIt is dear.20240301\n");
    XML("<newsMessage xmlns='http://iptc.org/std/nar/2006-10-01/'><itemSet><newsItem guid='i1'><contentMeta><headline>Gales</headline></contentMeta>"
        "<contentSet><inlineData contenttype='text/plain'>One.\n\nTwo.</inlineData></contentSet></newsItem>"
        "<newsItem guid='i2'><contentSet><remoteContent href='a.jpg'/></contentSet></newsItem></itemSet></newsMessage>",
        "i1=Gales\n\nOne.\n\nTwo.\n");
    XML("<?xml version='1.0' encoding='ISO-8859-1'?><rss><channel><item><title>Caf\xe9</title></item></channel></rss>", "Caf\xc3\xa9\n");
}

Test(newsml, a_feed_has_modules_with_titles_and_links_of_their_own)
{
    RSS("<item><media:content url='a.jpg'><media:title>The quay</media:title><media:credit>Bo Teal</media:credit></media:content><title>Gales</title>"
        "<description>It is shut.</description><pubDate>Sun, 06 Sep 2009 16:20:00 +0000</pubDate></item>",
        "Gales\n\nIt is shut.2009-09-06T16:20:00+00:00\n");
    RSS("<item><title>Gales</title><pubDate>6 Sep 2009 16:20 GMT</pubDate></item>", "Gales2009-09-06T16:20:00Z\n");
    XML("<feed><entry><source><id>s</id><title>Others</title></source><title type='html'>It&amp;#8217;s &lt;b&gt;late&lt;/b&gt;</title><id>e1</id></entry></feed>",
        "e1=It\xe2\x80\x99s late\n");
}

Test(newsml, no_text_between_paragraphs_is_lost)
{
    XML("<feed><entry><id>e</id><content type='xhtml'><div>One <b>and</b> two.<p>Three<br/>four.</p>Five.<table><tr><td>A</td><td>B</td></tr></table></div></content></entry></feed>",
        "e=One and two.\n\nThree four.\n\nFive.\n\nA B\n");
    XML("<newsItem guid='i'><contentSet><inlineData contenttype='text/html'>&lt;p&gt;One.&lt;/p&gt;&lt;p&gt;Two.&lt;/p&gt;</inlineData></contentSet></newsItem>",
        "i=One.\n\nTwo.\n");
}

/* ---- what is put right */

Test(newsml, what_feeds_get_wrong_costs_no_item)
{
    RSS("<item><title>Caf&eacute;&nbsp;&amp; R&D, a < b &lt; c</title></item>", "Caf\xc3\xa9\xc2\xa0& R&D, a < b < c\n");
    RSS("<item><title>&#147;a&#8221;&#0;&#x1f;&unknown; &</title></item>", "\xe2\x80\x9c" "a\xe2\x80\x9d\xef\xbf\xbd\xef\xbf\xbd&unknown; &\n");
    RSS("<item><title>a\x01\x02" "b\0c</title></item>", "a b c\n");
    RSS("<item><title>\x93yes\x94 caf\xe9 caf\xc3\xa9 \x80</title></item>", "\xe2\x80\x9cyes\xe2\x80\x9d caf\xc3\xa9 caf\xc3\xa9 \xe2\x82\xac\n");
    RSS("<!-- a -- b & c --><item><title><![CDATA[a & b <i> &eacute;]]></title><link>http://a/?b=1&c=2</link></item>", "a & b \xc3\xa9\n");
    XML("\xef\xbb\xbf\n\n <?xml version='1.0'?><rss><item><title>a</title></item></rss>\n<!-- made by hand -->", "a\n");
    XML("<?xml version='1.0' encoding='iso-8859-1'?><rss><item><title>\x93" "a\x94</title></item></rss>", "\xe2\x80\x9c" "a\xe2\x80\x9d\n");
    XML("<!DOCTYPE nitf SYSTEM 'nitf.dtd'><nitf><body><body.content><p>caf&eacute; &mdash; yes</p></body.content></body></nitf>", "caf\xc3\xa9 \xe2\x80\x94 yes\n");
}

Test(newsml, entities_of_the_document_are_its_own)
{
    XML("<!DOCTYPE rss [<!ENTITY eacute 'E'> <!ENTITY own 'o]>n'>]><rss><item><title>&eacute;</title></item></rss>", "E\n");
}

Test(newsml, an_item_that_is_broken_costs_no_other)
{
    XML("<!-- \n -->\n<rss><item><title>a</title></item>\n<item>\n<b></item><item><title>c</title></item></rss>",
        "a\n! 5: the item is no XML: Opening and ending tag mismatch: b line 2 and item\nc\n");
    XML("<rss><item><title>a</title><item><title>b</title></item></rss>", "! 1: the item is no XML: Premature end of data in tag item line 1\nb\n");
    XML("<rss><item><title><![CDATA[</item>]]]></title></item><item a='>'/><item><title>b</title></item></rss>", "]\nb\n");
    XML("<rss>\n<item><title>a</title>", "! 2: it is cut short: </item> is missing\n");
    XML("<rss>\n<item><title>a</title></item>", "a\n! 2: it is cut short: </rss> is missing\n");
    XML("Ada Quill left.", "! 1: it is no XML\n");
    XML("<nitf><body.content><p>a</p></body.content></nitf><nitf><body.content><p>b</p></body.content></nitf>", "a\nb\n");
}
