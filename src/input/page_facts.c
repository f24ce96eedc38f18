/* What a page says of itself: JSON-LD (schema.org's Article and its kinds) goes before Open Graph, that before other meta elements
 * and microdata, and those before <title>. */
#include "input/page.h"

#include <jansson.h>

enum { WORDS_MOST = 400, LD_DEEPEST = 8, AUTHORS_MOST = 12 };

static void
set_once(const char **field, const char *value)
{
    if (*field == NULL && value && *value)
        *field = value;
}

/* ---- JSON-LD */

static const char *
copy_string(const Page *page, const json_t *value)
{
    const char *text = json_string_value(value);

    return text && *text ? arena_copy(page->arena, text, strlen(text)) : NULL;
}

/* A thing's name: a string, an object with a name, or the first of several. */
static const char *
name_of(const Page *page, const json_t *value)
{
    if (json_is_array(value))
        value = json_array_get(value, 0);
    return copy_string(page, json_is_object(value) ? json_object_get(value, "name") : value);
}

static bool
is_address(const char *name)
{
    return strstr(name, "://") != NULL;
}

/* The name of the person who is only referred to, as {"@id": "#jo"}. */
static const char *
name_by_id(const Page *page, const json_t *graph, const json_t *author)
{
    const json_t *reference = json_is_array(author) ? json_array_get(author, 0) : author;
    const char *id = json_string_value(json_object_get(reference, "@id")), *name = NULL;

    for (size_t i = 0; id && name == NULL && i < json_array_size(graph); i++) {
        const json_t *thing = json_array_get(graph, i);
        const char *own = json_string_value(json_object_get(thing, "@id"));
        if (own && strcmp(own, id) == 0)
            name = name_of(page, thing);
    }
    return name;
}

/* Authors with commas between; one is as good as a list of one. */
static const char *
names_of(const Page *page, const json_t *authors)
{
    size_t count = json_is_array(authors) ? json_array_size(authors) : 1;
    const char *names = NULL;

    for (size_t i = 0; i < count && i < AUTHORS_MOST; i++) {
        const char *name = name_of(page, json_is_array(authors) ? json_array_get(authors, i) : authors);
        if (name && !is_address(name))
            names = names ? arena_printf(page->arena, "%s, %s", names, name) : name;
    }
    return names;
}

/* Is it an article of some kind?  schema.org names them NewsArticle, BlogPosting, Report … */
static bool
is_article_type(const json_t *type)
{
    static const char *const kinds[] = {"Article", "Posting", "Report", "Review"};
    const char *name = json_string_value(json_is_array(type) ? json_array_get(type, 0) : type);

    for (size_t i = 0; name && i < sizeof kinds / sizeof *kinds; i++) {
        size_t len = strlen(name), end = strlen(kinds[i]);
        if (len >= end && strcmp(name + len - end, kinds[i]) == 0)
            return true;
    }
    return false;
}

/* The article's text; some write it as HTML. */
static const char *
body_of(const Page *page, const json_t *article)
{
    const char *body = copy_string(page, json_object_get(article, "articleBody"));
    Error err = {0};
    PageText text;
    Page inner;

    if (body == NULL || (strcasestr(body, "<p") == NULL && strcasestr(body, "<br") == NULL) || !page_parse(&inner, page->arena, body, strlen(body), &err))
        return body;
    page_all_text(&inner, &text);
    return arena_copy(page->arena, text.text, text.len);
}

static void
read_article(const Page *page, const json_t *graph, const json_t *article, PageFacts *facts)
{
    const json_t *author = json_object_get(article, "author");

    set_once(&facts->headline, copy_string(page, json_object_get(article, "headline")));
    set_once(&facts->byline, names_of(page, author));
    set_once(&facts->account, name_by_id(page, graph, author));
    set_once(&facts->published, copy_string(page, json_object_get(article, "datePublished")));
    set_once(&facts->language, name_of(page, json_object_get(article, "inLanguage")));
    set_once(&facts->body, body_of(page, article));
}

/* The first article in what may be an object, a list of them or a graph (the innermost is `graph`).  Others are teasers. */
static bool
find_article(const Page *page, const json_t *graph, const json_t *value, PageFacts *facts, int depth)
{
    if (depth > LD_DEEPEST)
        return false;
    if (json_is_array(value)) {
        for (size_t i = 0; i < json_array_size(value); i++)
            if (find_article(page, value, json_array_get(value, i), facts, depth + 1))
                return true;
        return false;
    }
    if (!json_is_object(value))
        return false;
    if (is_article_type(json_object_get(value, "@type")) && json_is_string(json_object_get(value, "headline"))) {
        read_article(page, graph, value, facts);
        return true;
    }
    return find_article(page, graph, json_object_get(value, "@graph"), facts, depth + 1) ||
           find_article(page, graph, json_object_get(value, "mainEntity"), facts, depth + 1);
}

/* Sites write line breaks into strings, and comments or CDATA around it all, which is no JSON. */
static json_t *
parse_linked_data(Arena *arena, const char *text, size_t len)
{
    static const char cdata[] = "<![CDATA[";
    char *copy = arena_copy(arena, text, len), *from;

    for (size_t i = 0; i < len; i++)
        if ((unsigned char)copy[i] < ' ')
            copy[i] = ' ';
    from = strpbrk(copy, "{[");
    if (from && from - copy >= 2 && strncmp(from - 2, cdata, sizeof cdata - 1) == 0)
        from = strpbrk(from + sizeof cdata - 3, "{[");
    return from ? json_loads(from, JSON_DISABLE_EOF_CHECK, NULL) : NULL;
}

static bool
read_linked_data(const Page *page, uint32_t script, PageFacts *facts)
{
    const PageNode *text = &page->nodes.items[script + 1];
    json_t *root;
    bool found;

    if (page->nodes.items[script].end != script + 2 || text->tag != TAG_TEXT)
        return false;
    root = parse_linked_data(page->arena, page->text.items + text->from, text->len);
    found = find_article(page, NULL, root, facts, 0);
    json_decref(root);
    return found;
}

/* ---- meta elements and the like */

static bool
is_one_of(const char *name, const char *const *names)
{
    for (; name && *names; names++)
        if (strcasecmp(name, *names) == 0)
            return true;
    return false;
}

static void
read_meta(const Page *page, uint32_t node, PageFacts *graph, PageFacts *other)
{
    static const char *const titles[] = {"og:title", NULL}, *const dates[] = {"article:published_time", "og:article:published_time", NULL},
                             *const authors[] = {"author", "article:author", "parsely-author", "sailthru.author", "byl", "dc.creator", NULL},
                             *const urls[] = {"og:url", NULL}, *const locales[] = {"og:locale", NULL},
                             *const other_titles[] = {"title", "twitter:title", "dc.title", "headline", "sailthru.title", "parsely-title", NULL},
                             *const other_dates[] = {"date", "pubdate", "publishdate", "publish-date", "dc.date", "dc.date.issued", "dcterms.created",
                                                     "datepublished", "article.published", "parsely-pub-date", "sailthru.date",
                                                     "cxenseparse:recs:publishtime", NULL};
    const char *value = page_attr(page, node, ATTR_CONTENT), *name = page_attr(page, node, ATTR_PROPERTY);

    if (name == NULL)
        name = page_attr(page, node, ATTR_NAME);
    if (name == NULL)
        name = page_attr(page, node, ATTR_ITEMPROP);
    if (value == NULL || name == NULL)
        return;
    if (is_one_of(name, titles))
        set_once(&graph->headline, value);
    else if (is_one_of(name, dates))
        set_once(&graph->published, value);
    else if (is_one_of(name, urls))
        set_once(&graph->url, value);
    else if (is_one_of(name, locales))
        set_once(&other->language, value);
    else if (is_one_of(name, authors) && !is_address(value))
        set_once(&other->byline, value);
    else if (is_one_of(name, other_titles))
        set_once(&other->headline, value);
    else if (is_one_of(name, other_dates))
        set_once(&other->published, value);
}

static void
read_element(const Page *page, uint32_t node, PageFacts *graph, PageFacts *other)
{
    const PageNode *n = &page->nodes.items[node];
    const char *rel = page_attr(page, node, ATTR_REL), *prop = page_attr(page, node, ATTR_ITEMPROP);

    if (n->tag == TAG_META)
        read_meta(page, node, graph, other);
    else if (n->tag == TAG_HTML)
        set_once(&graph->language, page_attr(page, node, ATTR_LANG));
    else if (n->tag == TAG_LINK && rel && strcasecmp(rel, "canonical") == 0)
        set_once(&graph->url, page_attr(page, node, ATTR_HREF));
    else if (n->tag == TAG_TITLE && graph->title == NULL)
        graph->title = page_words(page, node, WORDS_MOST);
    else if (prop && strcasecmp(prop, "datePublished") == 0)
        set_once(&other->published, page_attr(page, node, n->tag == TAG_TIME ? ATTR_DATETIME : ATTR_CONTENT));
}

void
page_facts(const Page *page, PageFacts *facts)
{
    PageFacts graph = {0}, other = {0};
    bool linked = false;

    *facts = (PageFacts){0};
    for (uint32_t i = 0; i < page->nodes.count; i++) {
        if (page->nodes.items[i].tag == TAG_SCRIPT && !linked)
            linked = i + 1 < page->nodes.count && read_linked_data(page, i, facts);
        else if (page->nodes.items[i].tag != TAG_TEXT)
            read_element(page, i, &graph, &other);
    }
    set_once(&facts->headline, graph.headline);
    set_once(&facts->headline, other.headline);
    facts->title = graph.title;
    set_once(&facts->title, facts->headline);
    set_once(&facts->byline, other.byline);
    set_once(&facts->published, graph.published);
    set_once(&facts->published, other.published);
    set_once(&facts->url, graph.url);
    set_once(&facts->language, graph.language);
    set_once(&facts->language, other.language);
}
