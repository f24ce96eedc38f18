/* The tree, from libxml2's reading of the page: only its events are used, so that a page costs no allocation beyond the arena. */
#include "input/charset.h"
#include "input/page.h"

#include <libxml/HTMLparser.h>
#include <libxml/parserInternals.h>
#include <stdlib.h>

enum {
    DEEPEST = 1024,         /* elements in elements: the parser compares an end tag with all that are open */
    MOST_ATTRIBUTES = 10000 /* of an element: the parser compares each with all before it */
};

typedef struct {
    Page *page;
    htmlParserCtxtPtr parser;
    uint32_t open, depth;
    bool too_deep;
} Builder;

typedef struct {
    const char *name;
    int value;
} Name;

static const Name TAGS[] = {
    {"a", TAG_A}, {"abbr", TAG_INLINE}, {"acronym", TAG_INLINE}, {"amp-ad", TAG_SKIP}, {"amp-embed", TAG_SKIP}, {"amp-sidebar", TAG_NAV}, {"article", TAG_ARTICLE}, {"aside", TAG_ASIDE},
    {"audio", TAG_SKIP}, {"b", TAG_INLINE}, {"bdi", TAG_INLINE}, {"bdo", TAG_INLINE}, {"big", TAG_INLINE},
    {"blockquote", TAG_BLOCKQUOTE}, {"body", TAG_BODY}, {"br", TAG_BR}, {"button", TAG_SKIP}, {"canvas", TAG_SKIP},
    {"caption", TAG_CAPTION}, {"cite", TAG_INLINE}, {"code", TAG_INLINE}, {"data", TAG_INLINE}, {"datalist", TAG_SKIP},
    {"dd", TAG_LI}, {"del", TAG_INLINE}, {"dfn", TAG_INLINE}, {"dialog", TAG_SKIP}, {"div", TAG_DIV}, {"dt", TAG_LI},
    {"em", TAG_INLINE}, {"embed", TAG_SKIP}, {"figcaption", TAG_CAPTION}, {"figure", TAG_FIGURE}, {"font", TAG_INLINE},
    {"footer", TAG_FOOTER}, {"form", TAG_FORM}, {"h1", TAG_H1}, {"h2", TAG_H2}, {"h3", TAG_H3}, {"h4", TAG_H4}, {"h5", TAG_H5},
    {"h6", TAG_H6}, {"head", TAG_HEAD}, {"header", TAG_HEADER}, {"html", TAG_HTML}, {"i", TAG_INLINE}, {"iframe", TAG_SKIP},
    {"img", TAG_INLINE}, {"input", TAG_SKIP}, {"ins", TAG_INLINE}, {"kbd", TAG_INLINE}, {"label", TAG_INLINE}, {"li", TAG_LI},
    {"link", TAG_LINK}, {"main", TAG_MAIN}, {"map", TAG_SKIP}, {"mark", TAG_INLINE}, {"math", TAG_SKIP}, {"meta", TAG_META},
    {"nav", TAG_NAV}, {"nobr", TAG_INLINE}, {"noscript", TAG_SKIP}, {"object", TAG_SKIP}, {"option", TAG_SKIP}, {"p", TAG_P},
    {"picture", TAG_SKIP}, {"pre", TAG_PRE}, {"q", TAG_INLINE}, {"s", TAG_INLINE}, {"samp", TAG_INLINE}, {"script", TAG_SCRIPT},
    {"section", TAG_SECTION}, {"select", TAG_SKIP}, {"small", TAG_INLINE}, {"span", TAG_INLINE}, {"strike", TAG_INLINE},
    {"strong", TAG_INLINE}, {"style", TAG_SKIP}, {"sub", TAG_INLINE}, {"sup", TAG_INLINE}, {"svg", TAG_SKIP}, {"table", TAG_TABLE},
    {"td", TAG_TD}, {"template", TAG_SKIP}, {"textarea", TAG_SKIP}, {"th", TAG_TD}, {"time", TAG_TIME}, {"title", TAG_TITLE},
    {"tt", TAG_INLINE}, {"u", TAG_INLINE}, {"var", TAG_INLINE}, {"video", TAG_SKIP}, {"wbr", TAG_INLINE},
};

static const Name ATTRS[] = {
    {"aria-hidden", ATTR_HIDDEN}, {"class", ATTR_CLASS}, {"content", ATTR_CONTENT}, {"data-component", ATTR_TESTID},
    {"data-testid", ATTR_TESTID}, {"datetime", ATTR_DATETIME}, {"hidden", ATTR_HIDDEN}, {"href", ATTR_HREF}, {"id", ATTR_ID},
    {"itemprop", ATTR_ITEMPROP}, {"lang", ATTR_LANG}, {"name", ATTR_NAME}, {"property", ATTR_PROPERTY}, {"rel", ATTR_REL},
    {"role", ATTR_ROLE}, {"style", ATTR_STYLE}, {"type", ATTR_TYPE},
};

static int
compare_names(const void *key, const void *item)
{
    return strcmp(key, ((const Name *)item)->name);
}

static int
find_name(const Name *names, size_t count, const char *name, int other)
{
    const Name *found = bsearch(name, names, count, sizeof *names, compare_names);

    return found ? found->value : other;
}

/* ---- the parser's events */

static void
take_attrs(Builder *b, PageNode *node, const xmlChar **attrs)
{
    Page *page = b->page;

    node->attrs = page->attrs.count;
    for (; attrs && attrs[0]; attrs += 2) {
        int name = find_name(ATTRS, sizeof ATTRS / sizeof *ATTRS, (const char *)attrs[0], ATTR_NONE);
        const char *value = attrs[1] ? (const char *)attrs[1] : "";
        size_t len = strlen(value);
        if (name == ATTR_NONE)
            continue;
        value = charset_without_controls(page->arena, value, &len);
        *vec_push(page->arena, &page->attrs) = (PageAttr){(PageAttrName)name, arena_copy(page->arena, value, len)};
        if (name == ATTR_HIDDEN && strcmp(value, "false") != 0)
            node->hidden = true;
    }
    node->attr_count = page->attrs.count - node->attrs;
}

/* Is the element's own style `display: none`? */
static bool
style_hides(const char *style)
{
    const char *at = style ? strstr(style, "display") : NULL;

    if (at == NULL)
        return false;
    at += strlen("display");
    at += strspn(at, " \t:");
    return strncmp(at, "none", 4) == 0;
}

static void
on_start(void *context, const xmlChar *name, const xmlChar **attrs)
{
    Builder *b = context;
    Page *page = b->page;
    uint32_t number = page->nodes.count;
    PageNode *node;

    if (b->too_deep)
        return;
    if (b->depth == DEEPEST) {
        b->too_deep = true;
        xmlStopParser(b->parser);
        return;
    }
    node = vec_push(page->arena, &page->nodes);
    node->tag = (uint8_t)find_name(TAGS, sizeof TAGS / sizeof *TAGS, (const char *)name, TAG_OTHER);
    node->parent = b->open;
    take_attrs(b, node, attrs);
    node->hidden = node->hidden || style_hides(page_attr(page, number, ATTR_STYLE));
    b->open = number;
    b->depth++;
}

static void
on_end(void *context, const xmlChar *name)
{
    Builder *b = context;
    PageNode *nodes = b->page->nodes.items;

    (void)name; /* the parser has put them in order */
    if (b->open == NONE || b->too_deep)
        return;
    nodes[b->open].end = b->page->nodes.count;
    b->open = nodes[b->open].parent;
    b->depth--;
}

static void
add_text(Page *page, const char *bytes, uint32_t len)
{
    vec_reserve(page->arena, (void **)&page->text.items, &page->text.room, page->text.count + len, 1);
    memcpy(page->text.items + page->text.count, bytes, len);
    page->text.count += len;
}

static void
on_text(void *context, const xmlChar *bytes, int len)
{
    Builder *b = context;
    Page *page = b->page;
    PageNode *last;
    size_t size = (size_t)len;
    const char *text = charset_without_controls(page->arena, (const char *)bytes, &size);

    if (b->open == NONE || b->too_deep || page->nodes.items[b->open].tag == TAG_SKIP)
        return;
    last = &page->nodes.items[page->nodes.count - 1];
    if (last->tag != TAG_TEXT || last->parent != b->open) { /* else it goes on */
        last = vec_push(page->arena, &page->nodes);
        last->tag = TAG_TEXT;
        last->parent = b->open;
        last->end = page->nodes.count;
        last->from = page->text.count;
    }
    add_text(page, text, (uint32_t)size);
    last->len += (uint32_t)size;
}

/* What stands in <script>: only data about the article is kept. */
static void
on_script(void *context, const xmlChar *bytes, int len)
{
    Builder *b = context;
    const char *type;

    if (b->open == NONE || b->page->nodes.items[b->open].tag != TAG_SCRIPT)
        return;
    type = page_attr(b->page, b->open, ATTR_TYPE);
    if (type && strstr(type, "ld+json"))
        on_text(context, bytes, len);
}

/* Does a tag go on over so many blanks that it could have too many attributes? */
static bool
has_endless_tag(const char *html, size_t len)
{
    const char *at = html, *end = html + len;

    while ((at = memchr(at, '<', (size_t)(end - at))) != NULL) {
        const char *stop = memchr(at, '>', (size_t)(end - at));
        uint32_t blanks = 0;
        if (stop == NULL)
            stop = end;
        if (stop - at > MOST_ATTRIBUTES && ((at[1] | 0x20) >= 'a' && (at[1] | 0x20) <= 'z'))
            for (const char *c = at; c < stop; c++)
                blanks += *c == ' ' || *c == '\n' || *c == '\t' || *c == '\r' || *c == '/' || *c == '"' || *c == '\'';
        if (blanks > MOST_ATTRIBUTES)
            return true;
        at = stop;
    }
    return false;
}

bool
page_parse(Page *page, Arena *arena, const char *html, size_t len, Error *err)
{
    Builder b = {.page = page, .open = NONE};
    htmlSAXHandler events = {.startElement = on_start, .endElement = on_end, .characters = on_text, .ignorableWhitespace = on_text,
                             .cdataBlock = on_script};
    htmlSAXHandlerPtr own;

    *page = (Page){.arena = arena};
    if (len == 0)
        return true;
    if (has_endless_tag(html, len))
        return error_set(err, ERROR_INPUT, NULL, 0, 0, NULL, 0, "an element of the page has more than %d attributes", MOST_ATTRIBUTES);
    b.parser = htmlCreateMemoryParserCtxt(html, (int)len);
    if (b.parser == NULL)
        return error_set(err, ERROR_INPUT, NULL, 0, 0, NULL, 0, "the page cannot be parsed");
    own = b.parser->sax;
    b.parser->sax = &events;
    b.parser->userData = &b;
    xmlSwitchEncoding(b.parser, XML_CHAR_ENCODING_UTF8); /* whatever the page declares: that was seen to before */
    htmlCtxtUseOptions(b.parser, HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET | HTML_PARSE_IGNORE_ENC);
    htmlParseDocument(b.parser);
    b.parser->sax = own;
    htmlFreeParserCtxt(b.parser);
    for (; b.open != NONE; b.open = page->nodes.items[b.open].parent)
        page->nodes.items[b.open].end = page->nodes.count;
    if (b.too_deep)
        return error_set(err, ERROR_INPUT, NULL, 0, 0, NULL, 0, "the page's elements are nested more than %d deep", DEEPEST);
    return true;
}

/* ---- looking */

const char *
page_attr(const Page *page, uint32_t node, PageAttrName name)
{
    const PageNode *n = &page->nodes.items[node];

    for (uint32_t i = n->attrs; i < n->attrs + n->attr_count; i++)
        if (page->attrs.items[i].name == name)
            return page->attrs.items[i].value;
    return NULL;
}

const char *
page_words(const Page *page, uint32_t node, size_t most)
{
    char *out = arena_alloc(page->arena, most + 1);
    size_t n = 0;
    bool gap = false;

    for (uint32_t i = node; i < page->nodes.items[node].end && n < most; i++) {
        const PageNode *text = &page->nodes.items[i];
        if (text->tag != TAG_TEXT) {
            gap = gap || (text->tag != TAG_INLINE && text->tag != TAG_A);
            continue;
        }
        for (const char *at = page->text.items + text->from, *end = at + text->len; at < end && n < most; at++) {
            if (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t' || *at == '\0') {
                gap = true;
                continue;
            }
            if (gap && n > 0 && n + 1 < most)
                out[n++] = ' ';
            gap = false;
            out[n++] = *at;
        }
    }
    while (n > 0 && n == most && ((unsigned char)out[n - 1] & 0xc0) == 0x80) /* not within a character */
        n--;
    if (n == most && n > 0 && (unsigned char)out[n - 1] >= 0xc0)
        n--;
    out[n] = '\0';
    return out;
}
