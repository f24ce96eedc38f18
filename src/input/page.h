/* A web page as a flat tree: its elements and texts in the order in which they stand, each with the number of its parent and the
 * number behind its last descendant, so that "all that is in it" is a stretch of the array.
 *
 * What a page says of itself (PageFacts) and what of it is the article (PageText) are read from this tree. */
#ifndef ONRECORD_INPUT_PAGE_H
#define ONRECORD_INPUT_PAGE_H

#include "base/error.h"
#include "base/vec.h"
#include "engine/ruleset.h"
#include "text/article.h"

typedef enum {
    TAG_TEXT, TAG_OTHER, TAG_A, TAG_ARTICLE, TAG_ASIDE, TAG_BLOCKQUOTE, TAG_BODY, TAG_BR, TAG_CAPTION, TAG_DIV, TAG_FIGURE, TAG_FORM,
    TAG_FOOTER, TAG_H1, TAG_H2, TAG_H3, TAG_H4, TAG_H5, TAG_H6, TAG_HEAD, TAG_HEADER, TAG_HTML, TAG_INLINE, TAG_LI, TAG_LINK,
    TAG_MAIN, TAG_META, TAG_NAV, TAG_P, TAG_PRE, TAG_SCRIPT, TAG_SECTION, TAG_SKIP, TAG_TABLE, TAG_TD, TAG_TIME, TAG_TITLE
} PageTag;

typedef enum {
    ATTR_CLASS, ATTR_CONTENT, ATTR_DATETIME, ATTR_HIDDEN, ATTR_HREF, ATTR_ID, ATTR_ITEMPROP, ATTR_LANG, ATTR_NAME, ATTR_PROPERTY,
    ATTR_REL, ATTR_ROLE, ATTR_STYLE, ATTR_TESTID, ATTR_TYPE, ATTR_NONE
} PageAttrName;

typedef struct {
    PageAttrName name;
    const char *value;
} PageAttr;

/* What the rules of the phase `page` say an element is, by its class, id and role. */
enum { PART_FURNITURE = 1, PART_COMMENTS = 2, PART_CAPTION = 4, PART_HEADLINE = 8, PART_BYLINE = 16, PART_DATE = 32, PART_BODY = 64 };

typedef struct {
    uint8_t tag;
    uint8_t parts;
    bool hidden;          /* not shown to a reader */
    uint32_t parent, end; /* NONE for the root; one past its last descendant */
    uint32_t attrs, attr_count;
    uint32_t from, len;   /* TAG_TEXT: its characters in Page.text */
} PageNode;

typedef struct {
    Arena *arena;
    VEC(PageNode) nodes;
    VEC(PageAttr) attrs;
    VEC(char) text; /* UTF-8, as written */
} Page;

/* Parse UTF-8.  False if the page is nested too deep. */
bool page_parse(Page *page, Arena *arena, const char *html, size_t len, Error *err);

/* The value of an attribute, or NULL. */
const char *page_attr(const Page *page, uint32_t node, PageAttrName name);

/* Tell the parts by the rules. */
void page_mark_parts(Page *page, const RuleSet *rules, Scratch *scratch);

/* The text in an element, white space joined and trimmed, at most `most` bytes of it; a NUL-terminated copy. */
const char *page_words(const Page *page, uint32_t node, size_t most);

/* ---- what the page says of itself */

typedef struct {
    const char *headline, *byline, *published, *language, *url; /* each may be NULL */
    const char *title; /* <title>, or that of Open Graph: often with the site's name */
    const char *account; /* who is referred to as the author: often whoever put it in, while the page names who wrote it */
    const char *body;  /* the text of the article, where the page gives it apart */
} PageFacts;

void page_facts(const Page *page, PageFacts *facts);

/* ---- the article */

typedef struct {
    const char *text; /* headline, byline and paragraphs, blank lines between */
    size_t len;
    VEC(Zone) zones;  /* one for each of them */
} PageText;

/* Take the article out of the page; completes the facts by what stands in the page. */
void page_text(Page *page, PageFacts *facts, PageText *out);

/* All of its paragraphs, where the page is nothing but the article; without captions and what else the rules call furniture. */
void page_all_text(Page *page, PageText *out);

#endif
