/* News in XML: NewsML-G2, NITF, RSS and Atom.  Each news item, NITF document, feed item or entry that has a text is an article.
 *
 * A file is read by libxml2's streaming reader, one item at a time, so that a feed may be of any length; an item goes to the worker as
 * XML of its own.  Nothing is fetched: external entities are refused, and libxml2 bounds what internal ones may grow to. */
#include "input/formats.h"
#include "input/page.h"

#include <libxml/parser.h>
#include <libxml/xmlreader.h>
#include <stdio.h>
#include <time.h>

enum { ADDRESS_MOST = 2048, OPTIONS = XML_PARSE_NONET | XML_PARSE_NOENT | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NOCDATA };

/* ---- cutting */

typedef struct {
    xmlTextReaderPtr reader;
    Stream *stream;
    Error why;       /* the bytes cannot be read, or are too many */
    size_t grown;    /* bytes that were read for the item at hand */
    char wrong[256]; /* the parser's first complaint */
    int line;
} Cutter;

static int
give_bytes(void *self, char *to, int room)
{
    Cutter *c = self;
    const char *from = NULL;
    size_t n = stream_ready(c->stream, &from, &c->why);

    if (n > (size_t)room)
        n = (size_t)room;
    if (n)
        memcpy(to, from, n);
    stream_drop(c->stream, n);
    c->grown += n;
    if (c->grown > c->stream->most + PEEK_ENOUGH) /* the reader keeps all of an item */
        stream_too_long(&c->why, c->stream->path, 0, "an item", c->stream->most);
    return c->why.kind == ERROR_NONE ? (int)n : -1;
}

/* What makes it no XML; a prefix that nobody declared does not. */
static void
take_complaint(void *self, xmlErrorPtr error)
{
    Cutter *c = self;

    if (c->wrong[0] || error->level != XML_ERR_FATAL)
        return;
    snprintf(c->wrong, sizeof c->wrong, "%s", error->message ? error->message : "it is broken");
    c->wrong[strcspn(c->wrong, "\n")] = '\0';
    c->line = error->line;
}

static xmlParserInputPtr
refuse_entity(const char *address, const char *id, xmlParserCtxtPtr parser)
{
    (void)address;
    (void)id;
    (void)parser;
    return NULL;
}

void
newsml_begin(void)
{
    xmlInitParser();
    xmlSetExternalEntityLoader(refuse_entity);
}

static void
cutter_free(void *self)
{
    Cutter *c = self;

    xmlFreeTextReader(c->reader);
    free(c);
}

static Cutter *
cutter_of(Stream *stream)
{
    Cutter *c = stream->format_data;

    if (c == NULL) {
        c = calloc(1, sizeof *c);
        c->stream = stream;
        c->reader = xmlReaderForIO(give_bytes, NULL, c, NULL, NULL, OPTIONS);
        if (c->reader)
            xmlTextReaderSetStructuredErrorHandler(c->reader, take_complaint, c);
        stream->format_data = c;
        stream->format_close = cutter_free;
    }
    return c;
}

static bool
is_named(const xmlChar *name, const char *const *names)
{
    for (; name && *names; names++)
        if (strcmp((const char *)name, *names) == 0)
            return true;
    return false;
}

static const char *const ITEMS[] = {"newsItem", "nitf", "item", "entry", NULL};

/* Behind the prefix: an item that is cut out has lost what its prefixes stand for. */
static const xmlChar *
local_name(const xmlNode *node)
{
    const char *colon = strchr((const char *)node->name, ':');

    return colon ? (const xmlChar *)colon + 1 : node->name;
}

/* The first element of a name in a tree, in document order; NULL if there is none. */
static xmlNodePtr
find(xmlNodePtr node, const char *name)
{
    for (xmlNodePtr child = node ? node->children : NULL; child; child = child->next) {
        xmlNodePtr found;
        if (child->type != XML_ELEMENT_NODE)
            continue;
        if (strcmp((const char *)local_name(child), name) == 0)
            return child;
        if ((found = find(child, name)) != NULL)
            return found;
    }
    return NULL;
}

/* A photo, a package or a catalogue has no text of its own. */
static bool
has_text(xmlNodePtr item)
{
    return strcmp((const char *)item->name, "newsItem") != 0 || find(item, "inlineXML") || find(item, "inlineData");
}

static InputResult
newsml_cut(Stream *stream, RawRecord *raw, Error *err)
{
    Cutter *c = cutter_of(stream);
    int more;

    while (c->reader && (more = c->wrong[0] || c->why.kind != ERROR_NONE ? -1 : stream->format_state ? xmlTextReaderNext(c->reader) : xmlTextReaderRead(c->reader)) == 1) {
        xmlNodePtr node;
        xmlBufferPtr out;
        stream->format_state = 0;
        c->grown = 0;
        if (xmlTextReaderNodeType(c->reader) != XML_READER_TYPE_ELEMENT || !is_named(xmlTextReaderConstLocalName(c->reader), ITEMS))
            continue;
        raw->line = (uint64_t)xmlTextReaderGetParserLineNumber(c->reader);
        node = xmlTextReaderExpand(c->reader);
        if (node == NULL)
            break;
        stream->format_state = 1; /* the next step goes behind it */
        if (!has_text(node))
            continue;
        out = xmlBufferCreate();
        if (xmlNodeDump(out, node->doc, node, 0, 0) > 0)
            buf_add(&raw->bytes, (const char *)xmlBufferContent(out), (size_t)xmlBufferLength(out));
        xmlBufferFree(out);
        raw->number = ++stream->records;
        return INPUT_RECORD;
    }
    if (c->why.kind != ERROR_NONE && stream->format_state != 2) {
        stream->format_state = 2;
        *err = c->why;
        return INPUT_FAULT;
    }
    if (c->wrong[0] && stream->format_state != 2) {
        stream->format_state = 2;
        error_set(err, ERROR_INPUT, stream->path, (size_t)c->line, 0, NULL, 0, "it is no XML from here on: %s", c->wrong);
        return INPUT_FAULT;
    }
    return INPUT_END;
}

/* ---- reading an item */

typedef struct {
    Arena *arena;
    Buf text;
    bool gap;
    VEC(Zone) zones;
    uint32_t from; /* of the paragraph that is being filled */
} Taker;

/* The element's text with white space joined. */
static void
add_words(Buf *out, xmlNodePtr node, bool *gap)
{
    for (xmlNodePtr child = node->children; child; child = child->next) {
        if (child->type == XML_ELEMENT_NODE)
            add_words(out, child, gap);
        if (child->type != XML_TEXT_NODE && child->type != XML_CDATA_SECTION_NODE)
            continue;
        for (const char *at = (const char *)child->content; at && *at; at++) {
            if (strchr(" \t\r\n", *at)) {
                *gap = true;
                continue;
            }
            if (*gap && out->len)
                buf_char(out, ' ');
            *gap = false;
            buf_char(out, *at);
        }
    }
}

/* The same in the arena; NULL if there is none. */
static const char *
words_of(Arena *arena, xmlNodePtr node)
{
    Buf out = {0};
    bool gap = false;
    const char *words;

    if (node == NULL)
        return NULL;
    add_words(&out, node, &gap);
    words = out.len ? arena_copy(arena, out.bytes, out.len) : NULL;
    buf_close(&out);
    return words;
}

static const char *
attr_of(Arena *arena, xmlNodePtr node, const char *name)
{
    xmlChar *value = node ? xmlGetProp(node, (const xmlChar *)name) : NULL;
    const char *copy = value && *value ? arena_copy(arena, (const char *)value, strlen((const char *)value)) : NULL;

    xmlFree(value);
    return copy;
}

/* The words of the first of these elements that has any. */
static const char *
first_words(Arena *arena, xmlNodePtr item, const char *const *names)
{
    const char *words = NULL;

    for (; words == NULL && *names; names++)
        words = words_of(arena, find(item, *names));
    return words;
}

static void
add_zone(Taker *t, const char *words, size_t len, ZoneKind kind)
{
    if (words == NULL || len == 0)
        return;
    if (t->text.len)
        buf_str(&t->text, "\n\n");
    *vec_push(t->arena, &t->zones) = (Zone){{(uint32_t)t->text.len, (uint32_t)(t->text.len + len)}, kind, "page"};
    buf_add(&t->text, words, len);
}

/* The paragraphs below a node: what holds no paragraph is one. */
static bool
holds_blocks(xmlNodePtr node)
{
    static const char *const blocks[] = {"p", "hl2", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "div", "block", "bq", "blockquote", "table", "tr", "pre",
                                         "media", "body.content", "body", NULL};

    for (xmlNodePtr child = node->children; child; child = child->next)
        if (child->type == XML_ELEMENT_NODE && (is_named(local_name(child), blocks) || holds_blocks(child)))
            return true;
    return false;
}

static void
add_paragraphs(Taker *t, xmlNodePtr node)
{
    static const char *const apart[] = {"media", "head", "style", "script", "body.head", "body.end", "docdata", NULL};

    if (is_named(local_name(node), apart))
        return;
    if (!holds_blocks(node)) {
        const char *words = words_of(t->arena, node);
        add_zone(t, words, words ? strlen(words) : 0, ZONE_BODY);
        return;
    }
    for (xmlNodePtr child = node->children; child; child = child->next)
        if (child->type == XML_ELEMENT_NODE)
            add_paragraphs(t, child);
}

/* Text in lines; those with nothing in them part paragraphs, or else each is one. */
static void
add_lines(Taker *t, const char *text)
{
    while (text && *text) {
        size_t len = strcspn(text, "\n"), from = strspn(text, " \t\r"), to = len;
        while (to > from && strchr(" \t\r", text[to - 1]))
            to--;
        if (from < to)
            add_zone(t, text + from, to - from, ZONE_BODY);
        text += len + (text[len] != '\0');
    }
}

/* What a feed carries is HTML, written as text. */
static bool
add_html(Taker *t, const char *html, const Reading *reading, Error *err)
{
    PageText text;
    Page page;

    if (!page_parse(&page, t->arena, html, strlen(html), err))
        return false;
    page_mark_parts(&page, reading->rules, reading->scratch);
    page_all_text(&page, &text);
    for (uint32_t i = 0; i < text.zones.count; i++)
        add_zone(t, text.text + text.zones.items[i].bytes.start, text.zones.items[i].bytes.end - text.zones.items[i].bytes.start, ZONE_BODY);
    return true;
}

/* RSS writes dates as mail does: "Sun, 06 Sep 2009 16:20:00 +0000". */
static const char *
iso_date(Arena *arena, const char *date)
{
    struct tm at = {0};
    const char *from = date ? strchr(date, ',') : NULL, *zone;

    if (from == NULL)
        return date;
    zone = strptime(from + 1, " %d %b %Y %H:%M:%S", &at);
    if (zone == NULL)
        return date;
    zone += strspn(zone, " ");
    if ((*zone == '+' || *zone == '-') && strlen(zone) >= 5)
        return arena_printf(arena, "%04d-%02d-%02dT%02d:%02d:%02d%.3s:%.2s", at.tm_year + 1900, at.tm_mon + 1, at.tm_mday, at.tm_hour, at.tm_min, at.tm_sec,
                            zone, zone + 3);
    return arena_printf(arena, "%04d-%02d-%02dT%02d:%02d:%02d%s", at.tm_year + 1900, at.tm_mon + 1, at.tm_mday, at.tm_hour, at.tm_min, at.tm_sec,
                        strncmp(zone, "GMT", 3) == 0 || *zone == 'Z' ? "Z" : "");
}

static bool
read_feed_item(xmlNodePtr item, const Reading *reading, Taker *t, Record *record, Error *err)
{
    static const char *const bodies[] = {"encoded", "content", "description", "summary", NULL}, *const ids[] = {"guid", "id", NULL},
                             *const dates[] = {"pubDate", "published", "date", "updated", NULL}, *const authors[] = {"creator", "author", NULL};
    xmlNodePtr author = find(item, "author"), content = find(item, "content");
    const char *html, *link = words_of(t->arena, find(item, "link"));

    record->headline = words_of(t->arena, find(item, "title"));
    record->id = first_words(t->arena, item, ids);
    record->published = iso_date(t->arena, first_words(t->arena, item, dates));
    record->byline = author && find(author, "name") ? words_of(t->arena, find(author, "name")) : first_words(t->arena, item, authors);
    if (link == NULL)
        link = attr_of(t->arena, find(item, "link"), "href");
    if (link)
        record->uri = link;
    add_zone(t, record->headline, record->headline ? strlen(record->headline) : 0, ZONE_HEADLINE);
    add_zone(t, record->byline, record->byline ? strlen(record->byline) : 0, ZONE_BYLINE);
    if (find(item, "encoded") == NULL && content && holds_blocks(content)) { /* XHTML as it stands */
        add_paragraphs(t, content);
        return true;
    }
    html = first_words(t->arena, item, bodies);
    return html == NULL || add_html(t, html, reading, err);
}

static void
read_news_item(xmlNodePtr item, Taker *t, Record *record)
{
    static const char *const headlines[] = {"hl1", "headline", "title", NULL}, *const bylines[] = {"byline", "by", NULL},
                             *const dates[] = {"contentCreated", "firstCreated", "versionCreated", NULL};
    xmlNodePtr nitf = find(item, "body.content"), meta = find(item, "contentMeta"), xml = find(item, "inlineXML"), data = find(item, "inlineData");

    record->headline = first_words(t->arena, item, headlines);
    record->byline = first_words(t->arena, item, bylines);
    if (record->byline == NULL && meta)
        record->byline = words_of(t->arena, find(find(meta, "creator"), "name"));
    record->id = attr_of(t->arena, item, "guid");
    record->published = first_words(t->arena, item, dates);
    if (record->published == NULL)
        record->published = attr_of(t->arena, find(item, "date.issue"), "norm");
    if (record->published == NULL)
        record->published = attr_of(t->arena, find(item, "pubdata"), "date.publication");
    record->language = attr_of(t->arena, find(meta, "language"), "tag");
    if (record->language == NULL)
        record->language = attr_of(t->arena, item, "lang");
    if (record->id == NULL)
        record->id = attr_of(t->arena, find(item, "doc-id"), "id-string");
    add_zone(t, record->headline, record->headline ? strlen(record->headline) : 0, ZONE_HEADLINE);
    add_zone(t, record->byline, record->byline ? strlen(record->byline) : 0, ZONE_BYLINE);
    if (nitf) {
        add_paragraphs(t, nitf);
    } else if (xml) {
        add_paragraphs(t, find(xml, "body") ? find(xml, "body") : xml);
    } else if (data) {
        xmlChar *text = xmlNodeGetContent(data);
        add_lines(t, (const char *)text);
        xmlFree(text);
    }
}

static bool
newsml_read(RawRecord *raw, const Reading *reading, Record *record, Error *err)
{
    static const char *const feeds[] = {"item", "entry", NULL};
    xmlDocPtr doc = xmlReadMemory(raw->bytes.bytes, (int)raw->bytes.len, NULL, "UTF-8", OPTIONS | XML_PARSE_RECOVER);
    xmlNodePtr item = doc ? xmlDocGetRootElement(doc) : NULL;
    Taker t = {.arena = reading->arena};
    bool good = item != NULL;

    if (item == NULL)
        error_set(err, ERROR_INPUT, NULL, 0, 0, NULL, 0, "the item cannot be read");
    else if (is_named(local_name(item), feeds))
        good = read_feed_item(item, reading, &t, record, err);
    else
        read_news_item(item, &t, record);
    record->text = arena_copy(reading->arena, t.text.bytes ? t.text.bytes : "", t.text.len);
    record->len = t.text.len;
    record->zones = t.zones.items;
    record->zone_count = t.zones.count;
    buf_close(&t.text);
    if (doc)
        xmlFreeDoc(doc);
    return good;
}

/* The first element is one of these; a head, comments and a document type may come before. */
static bool
newsml_detect(const char *head, size_t len)
{
    static const char *const roots[] = {"newsItem", "newsMessage", "packageItem", "conceptItem", "knowledgeItem", "nitf", "rss", "feed", "rdf:RDF", "RDF", "contentSet", "contentMeta", NULL};
    const char *at = head, *end = head + len;

    while ((at = memchr(at, '<', (size_t)(end - at))) != NULL && at + 1 < end) {
        const char *name = at + 1, *colon;
        size_t n = 0;
        if (*name == '!' || *name == '?') {
            const char *stop = end - name > 3 && memcmp(name, "!--", 3) == 0 ? memmem(name, (size_t)(end - name), "-->", 3) : memchr(name, '>', (size_t)(end - name));
            if (stop == NULL)
                return false;
            at = stop;
            continue;
        }
        while (name + n < end && n < 40 && !strchr(" \t\r\n>/", name[n]))
            n++;
        colon = memchr(name, ':', n);
        for (const char *const *root = roots; *root; root++)
            if ((strlen(*root) == n && memcmp(name, *root, n) == 0) ||
                (colon && strlen(*root) == n - (size_t)(colon + 1 - name) && memcmp(colon + 1, *root, strlen(*root)) == 0))
                return true;
        return false;
    }
    return false;
}

const Format FORMAT_NEWSML = {"newsml", " .xml .nitf .rss .atom ", newsml_detect, newsml_cut, newsml_read};
