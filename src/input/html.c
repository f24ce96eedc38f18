/* HTML: a page is an article. */
#include "input/charset.h"
#include "input/formats.h"
#include "input/page.h"
#include "text/utf8.h"

static bool
begins_with(const char *at, const char *end, const char *word)
{
    size_t len = strlen(word);

    return (size_t)(end - at) >= len && strncasecmp(at, word, len) == 0;
}

/* A page begins with a document type, with <html> or with what stands in its head; blanks and comments may come before. */
static bool
html_detect(const char *head, size_t len)
{
    static const char *const starts[] = {"<!doctype html", "<html", "<head", "<body", "<meta", "<title", "<script", "<link"};
    const char *at = head, *end = head + len;

    if (begins_with(at, end, "\xef\xbb\xbf"))
        at += 3;
    for (;;) {
        while (at < end && *at != '\0' && strchr(" \t\r\n", *at))
            at++;
        if (!begins_with(at, end, "<!--"))
            break;
        at = memmem(at, (size_t)(end - at), "-->", 3);
        if (at == NULL)
            return false;
        at += 3;
    }
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
        if (begins_with(at, end, starts[i]))
            return true;
    return begins_with(at, end, "<?xml") && memmem(at, (size_t)(end - at) < 2000 ? (size_t)(end - at) : 2000, "<html", 5);
}

static InputResult
html_cut(Stream *stream, RawRecord *raw, Error *err)
{
    return cut_whole(stream, raw, err);
}

bool
html_record(RawRecord *raw, const Reading *r, Record *record, Error *err)
{
    const char *bytes = raw->bytes.len ? raw->bytes.bytes : "", *declared = raw->charset.len ? raw->charset.bytes : NULL;
    size_t bad, repaired;
    Decoded html;
    PageFacts facts;
    PageText text;
    Page page;

    if (declared == NULL)
        declared = charset_declared(r->arena, bytes, raw->bytes.len);
    html = charset_decode(r->arena, bytes, raw->bytes.len, declared, r->options->strict);
    if (!utf8_check(html.text, html.len, &bad)) {
        if (r->options->strict)
            return error_set(err, ERROR_INPUT, NULL, 0, 0, NULL, 0, "broken UTF-8 at byte %zu of the page", bad);
        html.text = utf8_repair(r->arena, html.text, html.len, &html.len, &repaired);
    }
    if (!page_parse(&page, r->arena, html.text, html.len, err))
        return false;
    page_mark_parts(&page, r->rules, r->scratch);
    page_facts(&page, &facts);
    page_text(&page, &facts, &text);
    record->text = text.text;
    record->len = text.len;
    record->zones = text.zones.items;
    record->zone_count = text.zones.count;
    record->headline = facts.headline;
    record->byline = facts.byline;
    record->published = facts.published;
    record->language = facts.language;
    if (facts.url)
        record->uri = facts.url;
    return true;
}

static bool
html_read(RawRecord *raw, const Reading *r, Record *record, Error *err)
{
    record->id = raw->path;
    return html_record(raw, r, record, err);
}

const Format FORMAT_HTML = {"html", " .html .htm .xhtml ", html_detect, html_cut, html_read};
