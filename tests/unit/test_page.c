/* The article in a web page.  The pages are our own, in the forms that publishers use. */
#include "unit.h"

#include "input/formats.h"

static World *w;
static Record record;

static void
begin(void)
{
    w = world_ours();
}

static void
end(void)
{
    world_free(w);
}

static bool
read_page(const char *html, Error *err)
{
    InputOptions options = {0};
    Reading reading = {&options, w->rules, w->scratch, &w->arena};

    RawRecord raw = {0};
    bool good;

    arena_reset(&w->arena);
    record = (Record){0};
    buf_str(&raw.bytes, html);
    good = html_record(&raw, &reading, &record, err);
    input_raw_close(&raw);
    return good;
}

static void
gives(const char *html, const char *text)
{
    Error err = {0};

    cr_assert(read_page(html, &err), "%s", err.message);
    cr_assert(record.len == strlen(text) && memcmp(record.text, text, record.len) == 0, "wanted\n%s\ngot\n%.*s", text, (int)record.len,
              record.text);
}

#define ONE "The harbour was shut on Monday after a week of gales that tore the roof from the fish market."
#define TWO "Nobody knows when it will open again, said the mayor, who had walked along the quay in the morning."
#define STORY "<p>" ONE "</p><p>" TWO "</p>"
#define TEXT ONE "\n\n" TWO

TestSuite(page, .init = begin, .fini = end);

Test(page, headline_byline_and_paragraphs_are_the_text_and_its_zones)
{
    static const ZoneKind kinds[] = {ZONE_HEADLINE, ZONE_BYLINE, ZONE_BODY, ZONE_BODY};

    gives("<html><body><h1>Gales shut\n the harbour</h1><div class='byline'>Ada Quill</div>" STORY "</body></html>",
          "Gales shut the harbour\n\nAda Quill\n\n" TEXT);
    cr_assert_eq(record.zone_count, 4);
    for (uint32_t i = 0; i < 4; i++)
        cr_assert_eq(record.zones[i].kind, kinds[i]);
    cr_assert_eq(record.zones[3].bytes.end, record.len);
    cr_assert_str_eq(record.byline, "Ada Quill");
}

Test(page, furniture_is_left_out)
{
    gives("<body><nav><a href=/>Home</a> <a href=/news>News</a></nav><h1>H</h1><article>" STORY
          "<aside>Five things to know about the fish market, and why it matters.</aside>"
          "<div class='newsletter-box'><p>Sign up for our letter, which comes every Sunday, and never miss a story again.</p></div>"
          "<figure><img src=a.jpg><figcaption>The quay on Monday morning, when the worst was over.</figcaption></figure>"
          "<ul class='relatedStories'><li><a href=/a>Why the market has a roof of wood at all</a></ul></article>"
          "<section id=comments><p>I have never seen such a storm in all the years that I have lived here.</p></section>"
          "<footer>Copyright The Example Post. All rights reserved, wherever you are.</footer>",
          "H\n\n" TEXT);
}

Test(page, a_class_of_the_whole_page_drops_nothing)
{
    gives("<body class='has-sidebar comments-open newsletter'><h1>H</h1>" STORY "</body>", "H\n\n" TEXT);
}

Test(page, rows_of_teasers_are_other_stories)
{
    gives("<body><h1>H</h1><div>" STORY "</div><div>"
          "<div><h3><a href=1>Ferry late again on Monday</a></h3><p>The boat came in at noon.</p></div>"
          "<div><h3><a href=2>Market to get a new roof</a></h3><p>It will be made of slate.</p></div>"
          "<div><h3><a href=3>Mayor walks along the quay</a></h3><p>She does so every day.</p></div>"
          "<div><h3><a href=4>Two boats found on their sides</a></h3><p>Nobody was hurt at all.</p></div></div></body>",
          "H\n\n" TEXT);
}

Test(page, line_breaks_part_paragraphs_and_joined_words_stay_joined)
{
    gives("<body><h1>H</h1><div>" ONE "<br><br>\n<br>" TWO "</div>", "H\n\n" TEXT);
    gives("<body><h1>H</h1><p>The har<b>bour</b>\n\t&nbsp; was&#32;shut on Monday &mdash; after a week of gales.</p>",
          "H\n\nThe harbour was shut on Monday \xe2\x80\x94 after a week of gales.");
}

Test(page, what_a_page_says_of_itself_in_json)
{
    gives("<html lang=en-GB><head><title>Gales | The Example Post</title><link rel=canonical href='https://example.com/gales'>"
          "<script type='application/ld+json'>{\"@context\": \"https://schema.org\", \"@graph\": [{\"@type\": \"WebSite\", \"name\": \"x\"},"
          "{\"@type\": [\"NewsArticle\"], \"headline\": \"Gales shut the harbour\", \"datePublished\": \"2024-03-01T06:00:00Z\","
          "\"author\": [{\"@type\": \"Person\", \"name\": \"Ada Quill\"}, {\"name\": \"Bo Teal\"}]}]}</script></head><body>" STORY,
          "Gales shut the harbour\n\nAda Quill, Bo Teal\n\n" TEXT);
    cr_assert_str_eq(record.headline, "Gales shut the harbour");
    cr_assert_str_eq(record.published, "2024-03-01T06:00:00Z");
    cr_assert_str_eq(record.language, "en-GB");
    cr_assert_str_eq(record.uri, "https://example.com/gales");
}

Test(page, linked_data_as_sites_write_it)
{
#define LINKED(json) "<html><head><script type='application/ld+json'>" json "</script></head><body><h1>Gales</h1>" STORY "</body></html>"
#define ARTICLE "{\"@type\":\"NewsArticle\",\"headline\":\"Gales\",\"author\":{\"@id\":\"#a\",\"name\":\"Ada Quill\"}}"
    gives(LINKED("<!-- " ARTICLE " -->"), "Gales\n\nAda Quill\n\n" TEXT);
    gives(LINKED("//<![CDATA[\n" ARTICLE "\n//]]>"), "Gales\n\nAda Quill\n\n" TEXT);
    gives(LINKED("{\"@type\":\"NewsArticle\",\"headline\":\"Gales\",\"author\":\"Ada\nQuill\"}"), "Gales\n\nAda Quill\n\n" TEXT);
    gives(LINKED("{\"@graph\":[{\"@type\":\"NewsArticle\",\"headline\":\"Gales\",\"author\":{\"@id\":\"#b\"}},{\"@type\":\"Person\",\"@id\":\"#b\",\"name\":\"Bo Teal\"}]}"),
          "Gales\n\nBo Teal\n\n" TEXT);
}

Test(page, the_text_in_linked_data_where_the_page_shows_little_of_it)
{
#define WHOLE "<script type='application/ld+json'>{\"@type\":\"NewsArticle\",\"headline\":\"Gales\",\"articleBody\":\"" ONE "\\n\\n" TWO "\\r\\n" ONE "\"}</script>"
    gives("<html><head>" WHOLE "</head><body><div id='root'></div></body></html>", "Gales\n\n" TEXT "\n\n" ONE);
    gives("<html><head><script type='application/ld+json'>{\"@type\":\"NewsArticle\",\"headline\":\"Gales\",\"articleBody\":\"<p>" ONE "<\\/p><p>" TWO " A&amp;B<\\/p>\"}</script></head></html>",
          "Gales\n\n" TEXT " A&B");
    gives("<html><head>" WHOLE "</head><body><h1>Gales</h1>" STORY "</body></html>", "Gales\n\n" TEXT);
}

Test(page, controls_were_meant_as_marks)
{
    gives("<html><head><meta name='author' content='O&#146;Hara'></head><body><p>&#147;Yes&#148; \xc2\x96 " ONE "</p>", "O\xe2\x80\x99Hara\n\n\xe2\x80\x9cYes\xe2\x80\x9d \xe2\x80\x93 " ONE);
}

Test(page, blank_lines_part_paragraphs_in_what_is_laid_out)
{
    gives("<html><body><pre>" ONE "\n \n" TWO "\n" ONE "</pre>", ONE "\n\n" TWO " " ONE);
}

Test(page, what_a_page_says_of_itself_in_meta_elements)
{
    gives("<head><meta property='og:title' content='Gales shut the harbour'><meta name=author content='Ada Quill'>"
          "<meta property='article:published_time' content='2024-03-01'><meta property='article:author' content='https://example.com/ada'>"
          "<script type='application/ld+json'>{\"broken\": </script></head><body>" STORY,
          "Gales shut the harbour\n\nAda Quill\n\n" TEXT);
    cr_assert_str_eq(record.published, "2024-03-01");
}

Test(page, broken_pages_are_read_as_far_as_they_go)
{
    gives("", "");
    gives("<", "");
    gives("<p", "");
    gives("<!-- never closed <p>" ONE, "");
    gives("<script>if (a < b) document.write('<p>" ONE "</p>')</script>", "");
    gives("</div></div><p>" ONE "<p>" TWO "</b></i></table>", TEXT);
}

Test(page, elements_nested_without_end_are_refused)
{
    Buf html = {0};
    Error err = {0};

    for (int i = 0; i < 100000; i++)
        buf_str(&html, "<div>");
    cr_assert_not(read_page(html.bytes, &err));
    cr_assert(strstr(err.message, "nested"), "%s", err.message);
    buf_close(&html);
}
