/* News in XML: NewsML-G2, NITF, RSS and Atom.  Each news item, NITF document, feed item or entry that has a text is an article.
 *
 * Items are cut by newsml_cut.c, after what feeds often get wrong was put right (xml_mend.c); each is XML of its own, which libxml2 reads
 * here.  Nothing is fetched: external entities are refused, and libxml2 bounds what internal ones may grow to. */
#include "input/newsml.h"
#include "input/page.h"

#include <libxml/parser.h>
#include <stdio.h>
#include <time.h>

/* Whom the parser tells what is wrong. */
typedef struct {
    const RawRecord *raw;
    Error *err;
} Complaint;

enum { WORDS_MOST = 1000, OPTIONS = XML_PARSE_IGNORE_ENC | XML_PARSE_NONET | XML_PARSE_NOENT | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NOCDATA };

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

static bool
is_named(const xmlChar *name, const char *const *names)
{
    for (; name && *names; names++)
        if (strcmp((const char *)name, *names) == 0)
            return true;
    return false;
}

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

typedef struct {
    Arena *arena;
    Buf text;
    bool gap;
    VEC(Zone) zones;
    uint32_t from; /* of the paragraph that is being filled */
} Taker;

/* What parts words, as a line break or a cell of a table does. */
static const char *const BLOCKS[] = {"p", "hl2", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "div", "block", "bq", "blockquote", "table", "tr", "pre",
                                     "media", "body.content", "body", NULL};
static const char *const BREAKS[] = {"br", "td", "th", "dt", "dd", "hl1", "hr", NULL};
/* What is no part of the text. */
static const char *const APART[] = {"media", "head", "style", "script", "body.head", "body.end", "docdata", NULL};

static void
add_text(Buf *out, const char *text, bool *gap)
{
    for (; text && *text; text++) {
        if (strchr(" \t\r\n", *text)) {
            *gap = true;
            continue;
        }
        if (*gap && out->len)
            buf_char(out, ' ');
        *gap = false;
        buf_char(out, *text);
    }
}

/* A node's text with white space joined. */
static void
add_words(Buf *out, xmlNodePtr node, bool *gap)
{
    bool parts;

    if (node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE)
        add_text(out, (const char *)node->content, gap);
    if (node->type != XML_ELEMENT_NODE || is_named(local_name(node), APART))
        return;
    parts = is_named(local_name(node), BLOCKS) || is_named(local_name(node), BREAKS);
    *gap = *gap || parts;
    for (xmlNodePtr child = node->children; child; child = child->next)
        add_words(out, child, gap);
    *gap = *gap || parts;
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

typedef xmlNodePtr Finder(xmlNodePtr item, const char *name);

/* The words of the first of these elements, as `find_one` finds them, that has any. */
static const char *
first_words(Arena *arena, Finder *find_one, xmlNodePtr item, const char *const *names)
{
    const char *words = NULL;

    for (; words == NULL && *names; names++)
        words = words_of(arena, find_one(item, *names));
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

static bool
holds_blocks(xmlNodePtr node)
{
    for (xmlNodePtr child = node->children; child; child = child->next)
        if (child->type == XML_ELEMENT_NODE && (is_named(local_name(child), BLOCKS) || holds_blocks(child)))
            return true;
    return false;
}

/* The paragraphs below a node: its blocks, and what stands between them. */
static void
add_paragraphs(Taker *t, xmlNodePtr node)
{
    Buf words = {0};
    bool gap = false;

    if (is_named(local_name(node), APART))
        return;
    for (xmlNodePtr child = node->children; child; child = child->next) {
        bool is_block = child->type == XML_ELEMENT_NODE && (is_named(local_name(child), BLOCKS) || holds_blocks(child));
        if (!is_block)
            add_words(&words, child, &gap);
        if (is_block || child->next == NULL) {
            add_zone(t, words.bytes, words.len, ZONE_BODY);
            buf_clear(&words);
            gap = false;
        }
        if (is_block)
            add_paragraphs(t, child);
    }
    buf_close(&words);
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

/* Text that stands in the item as it is: plain, or HTML. */
static bool
add_data(Taker *t, xmlNodePtr data, const Reading *reading, Error *err)
{
    const char *type = attr_of(t->arena, data, "contenttype");
    xmlChar *text = xmlNodeGetContent(data);
    bool good = true;

    if (type && strstr(type, "html"))
        good = add_html(t, (const char *)text, reading, err);
    else
        add_lines(t, (const char *)text);
    xmlFree(text);
    return good;
}

/* A title that was written as HTML ("It&#8217;s"), where it shows that it was. */
static const char *
plain_title(const Reading *reading, const char *title)
{
    Error err = {0};
    Page page;

    if (title == NULL || !strpbrk(title, "&<") || !page_parse(&page, reading->arena, title, strlen(title), &err) || page.nodes.count == 0)
        return title;
    return page_words(&page, 0, WORDS_MOST);
}

/* RSS writes dates as mail does: "Sun, 06 Sep 2009 16:20:00 +0000"; the day of the week and the seconds may be missing. */
static const char *
iso_date(Arena *arena, const char *date)
{
    struct tm at = {0};
    const char *from = date ? strchr(date, ',') : NULL, *zone;

    if (date == NULL)
        return NULL;
    from = from ? from + 1 : date;
    zone = strptime(from, " %d %b %Y %H:%M:%S", &at);
    if (zone == NULL)
        zone = strptime(from, " %d %b %Y %H:%M", &at);
    if (zone == NULL)
        return date;
    zone += strspn(zone, " ");
    if ((*zone == '+' || *zone == '-') && strlen(zone) >= 5)
        return arena_printf(arena, "%04d-%02d-%02dT%02d:%02d:%02d%.3s:%.2s", at.tm_year + 1900, at.tm_mon + 1, at.tm_mday, at.tm_hour, at.tm_min, at.tm_sec,
                            zone, zone + 3);
    return arena_printf(arena, "%04d-%02d-%02dT%02d:%02d:%02d%s", at.tm_year + 1900, at.tm_mon + 1, at.tm_mday, at.tm_hour, at.tm_min, at.tm_sec,
                        strncmp(zone, "GMT", 3) == 0 || strncmp(zone, "UT", 2) == 0 || *zone == 'Z' ? "Z" : "");
}

/* A field of the item itself.  Modules have titles and contents of their own, as <media:title> of a photo. */
static xmlNodePtr
feed_field(xmlNodePtr item, const char *name)
{
    static const char *const modules[] = {"media", "itunes", NULL};
    xmlNodePtr best = NULL;

    for (xmlNodePtr child = item->children; child; child = child->next) {
        const char *colon;
        char prefix[8] = "";
        if (child->type != XML_ELEMENT_NODE || strcmp((const char *)local_name(child), name) != 0)
            continue;
        colon = strchr((const char *)child->name, ':');
        if (colon)
            snprintf(prefix, sizeof prefix, "%.*s", (int)(colon - (const char *)child->name), (const char *)child->name);
        else if (child->ns && child->ns->prefix)
            snprintf(prefix, sizeof prefix, "%s", (const char *)child->ns->prefix);
        if (*prefix == '\0')
            return child;
        if (best == NULL && !is_named((const xmlChar *)prefix, modules))
            best = child;
    }
    return best;
}

/* RSS has the address in its link, Atom in one of several: that of the article is "alternate", or of no kind. */
static const char *
feed_link(Arena *arena, xmlNodePtr item)
{
    const char *link = words_of(arena, feed_field(item, "link")), *rel;

    for (xmlNodePtr child = item->children; child && link == NULL; child = child->next)
        if (child->type == XML_ELEMENT_NODE && strcmp((const char *)local_name(child), "link") == 0 &&
            ((rel = attr_of(arena, child, "rel")) == NULL || strcmp(rel, "alternate") == 0))
            link = attr_of(arena, child, "href");
    return link;
}

static bool
is_xhtml(Arena *arena, xmlNodePtr content)
{
    const char *type = attr_of(arena, content, "type");

    return (type && strcmp(type, "xhtml") == 0) || (content && holds_blocks(content));
}

static bool
read_feed_item(xmlNodePtr item, const Reading *reading, Taker *t, Record *record, Error *err)
{
    static const char *const bodies[] = {"encoded", "content", "description", "summary", NULL}, *const ids[] = {"guid", "id", NULL}, *const titles[] = {"title", NULL},
                             *const dates[] = {"pubDate", "published", "date", "issued", "updated", "modified", NULL}, *const authors[] = {"creator", "author", NULL};
    xmlNodePtr author = feed_field(item, "author"), content = feed_field(item, "content");
    const char *html, *link = feed_link(t->arena, item);

    record->headline = plain_title(reading, first_words(t->arena, feed_field, item, titles));
    record->id = first_words(t->arena, feed_field, item, ids);
    record->published = iso_date(t->arena, first_words(t->arena, feed_field, item, dates));
    record->byline = author && find(author, "name") ? words_of(t->arena, find(author, "name")) : first_words(t->arena, feed_field, item, authors);
    if (link)
        record->uri = link;
    add_zone(t, record->headline, record->headline ? strlen(record->headline) : 0, ZONE_HEADLINE);
    add_zone(t, record->byline, record->byline ? strlen(record->byline) : 0, ZONE_BYLINE);
    if (feed_field(item, "encoded") == NULL && is_xhtml(t->arena, content)) {
        add_paragraphs(t, content);
        return true;
    }
    html = first_words(t->arena, feed_field, item, bodies);
    return html == NULL || add_html(t, html, reading, err);
}

static bool
read_news_item(xmlNodePtr item, const Reading *reading, Taker *t, Record *record, Error *err)
{
    static const char *const headlines[] = {"hl1", "headline", "title", NULL}, *const bylines[] = {"byline", "by", NULL},
                             *const dates[] = {"contentCreated", "firstCreated", "versionCreated", NULL};
    xmlNodePtr nitf = find(item, "body.content"), meta = find(item, "contentMeta"), xml = find(item, "inlineXML"), data = find(item, "inlineData");

    record->headline = first_words(t->arena, find, item, headlines);
    record->byline = first_words(t->arena, find, item, bylines);
    if (record->byline == NULL && meta)
        record->byline = words_of(t->arena, find(find(meta, "creator"), "name"));
    record->id = attr_of(t->arena, item, "guid");
    record->published = first_words(t->arena, find, item, dates);
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
        return add_data(t, data, reading, err);
    }
    return true;
}

/* What makes it no XML first, with its line in the file; a prefix that nobody declared does not. */
static void
take_complaint(void *self, xmlErrorPtr error)
{
    xmlParserCtxtPtr parser = self;
    Complaint *c = parser->_private;

    if (error->level == XML_ERR_FATAL && c->err->kind == ERROR_NONE)
        error_set(c->err, ERROR_INPUT, c->raw->path, c->raw->line + (error->line > 0 ? (size_t)error->line - 1 : 0), 0, NULL, 0, "the item is no XML: %.*s",
                  (int)strcspn(error->message, "\n"), error->message);
}

static bool
read_item(xmlNodePtr item, const Reading *reading, Record *record, Error *err)
{
    static const char *const feeds[] = {"item", "entry", NULL};
    Taker t = {.arena = reading->arena};
    bool good = is_named(local_name(item), feeds) ? read_feed_item(item, reading, &t, record, err) : read_news_item(item, reading, &t, record, err);

    record->text = arena_copy(reading->arena, t.text.bytes ? t.text.bytes : "", t.text.len);
    record->len = t.text.len;
    record->zones = t.zones.items;
    record->zone_count = t.zones.count;
    buf_close(&t.text);
    return good;
}

static bool
newsml_read(RawRecord *raw, const Reading *reading, Record *record, Error *err)
{
    Complaint complaint = {raw, err};
    xmlParserCtxtPtr parser = xmlNewParserCtxt();
    xmlDocPtr doc = NULL;
    bool good;

    if (parser) {
        parser->_private = &complaint;
        parser->sax->serror = take_complaint;
        doc = xmlCtxtReadMemory(parser, raw->bytes.bytes, (int)raw->bytes.len, NULL, "UTF-8", OPTIONS);
    }
    good = doc && parser->wellFormed && xmlDocGetRootElement(doc);
    if (good)
        good = read_item(xmlDocGetRootElement(doc), reading, record, err);
    else if (err->kind == ERROR_NONE)
        error_set(err, ERROR_INPUT, NULL, 0, 0, NULL, 0, "the item is no XML");
    xmlFreeDoc(doc);
    xmlFreeParserCtxt(parser);
    return good;
}

const Format FORMAT_NEWSML = {"newsml", " .xml .nitf .rss .atom ", newsml_detect, newsml_cut, newsml_read};
