/* The article in a page.
 *
 * The page's text is cut into blocks (a paragraph, a heading, an item of a list).  A block that reads like prose weighs what it is long.
 * Parts that the rules call furniture or comments fall away unless they hold most of the prose; then the way leads from the root
 * down, always into the child that holds nearly all the prose that is left, and where it ends the article is.  Of its blocks those
 * go that are links for the most part, and the lines before the first prose and behind the last.
 *
 * A page that is put together in the browser, or shows no more than a part to who has not paid, may have the whole text in its linked data:
 * that is taken where it is much longer. */
#include "input/page.h"

enum { WORDS_MOST = 400, BYLINE_MOST = 120, PROSE_LEAST = 80, SENTENCE_LEAST = 25, TEASERS_LEAST = 4, TEASER_BLOCKS = 8, TEASER_PROSE = 400 };

/* Percent of the prose. */
enum { SAYS_MORE = 200, TEASERS_MOST = 60, NAMED_LEAST = 25, CHILD_LEAST = 85, CHILD_LEAST_MAIN = 35 };

typedef struct {
    uint32_t element;    /* the nearest element that is a block */
    uint32_t from, len;  /* in Taker.flat */
    uint32_t links;      /* bytes of it in links */
    uint32_t weight;     /* its length if it is prose */
    bool dropped;
} Block;

/* What an element holds. */
typedef struct {
    uint32_t first, last; /* blocks, half-open */
    bool off;             /* it, or what it is in, is no part of the article */
} Extent;

typedef struct {
    Page *page;
    VEC(char) flat; /* the text, white space joined */
    VEC(Block) blocks;
    Extent *extents;   /* one for each node */
    uint32_t *sums;    /* prose before each block that is not dropped */
    bool gap;          /* white space waits */
} Taker;

/* ---- blocks */

static bool
is_block(uint8_t tag)
{
    return tag != TAG_TEXT && tag != TAG_INLINE && tag != TAG_A && tag != TAG_BR && tag != TAG_TIME;
}

static bool
is_unseen(const PageNode *node)
{
    return node->hidden || node->tag == TAG_SKIP || node->tag == TAG_SCRIPT || node->tag == TAG_HEAD || node->tag == TAG_TITLE;
}

static bool
ends_sentence(const char *text, uint32_t len)
{
    for (uint32_t i = len; i-- > 0 && i + 8 > len;)
        if (text[i] == '.' || text[i] == '?' || text[i] == '!' || text[i] == ':')
            return true;
    return false;
}

static void
weigh(Taker *t, Block *b)
{
    const char *text = t->flat.items + b->from;
    bool ends = ends_sentence(text, b->len);

    if (b->links * 2 < b->len && ((ends && b->len >= SENTENCE_LEAST) || b->len >= PROSE_LEAST * 2))
        b->weight = b->len;
}

static bool
is_linked(const Block *b)
{
    return b->links * 10 > b->len * 6;
}

/* End the block that is being filled, if it has any text. */
static void
end_block(Taker *t)
{
    Block *b = t->blocks.count ? &t->blocks.items[t->blocks.count - 1] : NULL;

    t->gap = false;
    if (b == NULL || b->len)
        return;
    b->len = t->flat.count - b->from;
    if (b->len == 0)
        t->blocks.count--;
    else
        weigh(t, b);
}

static void
flat_char(Taker *t, char c)
{
    if (t->flat.count == t->flat.room)
        vec_reserve(t->page->arena, (void **)&t->flat.items, &t->flat.room, t->flat.count + 1, 1);
    t->flat.items[t->flat.count++] = c;
}

/* In what is laid out already, a blank line parts paragraphs. */
static bool
begins_with_blank_line(const char *at, const char *end)
{
    while (at < end && (*at == ' ' || *at == '\t' || *at == '\r'))
        at++;
    return at < end && *at == '\n';
}

static void
add_text(Taker *t, const PageNode *text, uint32_t element, bool in_link)
{
    Page *page = t->page;
    Block *b = t->blocks.count ? &t->blocks.items[t->blocks.count - 1] : NULL;
    uint32_t before = t->flat.count;
    bool open = b && b->len == 0;

    for (const char *at = page->text.items + text->from, *end = at + text->len; at < end; at++) {
        if (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t' || *at == '\0' || *at == '\f' ||
            ((unsigned char)*at == 0xc2 && at + 1 < end && (unsigned char)at[1] == 0xa0)) {
            at += (unsigned char)*at == 0xc2;
            t->gap = open;
            if (*at == '\n' && page->nodes.items[element].tag == TAG_PRE && begins_with_blank_line(at + 1, end)) {
                end_block(t);
                open = false;
            }
            continue;
        }
        if (!open) {
            b = vec_push(page->arena, &t->blocks);
            *b = (Block){.element = element, .from = t->flat.count};
            open = true;
            t->gap = false;
        }
        if (t->gap && t->flat.count > b->from)
            flat_char(t, ' ');
        t->gap = false;
        flat_char(t, *at);
    }
    if (in_link && open)
        b->links += t->flat.count - before;
}

/* A phrase that is named as a part of its own stands apart, as <span class="caption">. */
static bool
stands_apart(const PageNode *node)
{
    return is_block(node->tag) || (node->tag == TAG_INLINE && (node->parts & (PART_CAPTION | PART_FURNITURE | PART_COMMENTS)));
}

/* Two line breaks are as good as a paragraph. */
static bool
is_double_break(const Page *page, uint32_t node)
{
    uint32_t next = node + 1;

    while (next < page->nodes.count && page->nodes.items[next].tag == TAG_TEXT) {
        const PageNode *text = &page->nodes.items[next++];
        for (uint32_t i = 0; i < text->len; i++)
            if (!strchr(" \t\r\n", page->text.items[text->from + i]))
                return false;
    }
    return next < page->nodes.count && page->nodes.items[next].tag == TAG_BR;
}

static void
cut_blocks(Taker *t)
{
    Page *page = t->page;
    uint32_t element = NONE, link_end = 0;

    for (uint32_t i = 0; i < page->nodes.count; i++) {
        const PageNode *node = &page->nodes.items[i];
        while (element != NONE && page->nodes.items[element].end <= i) {
            end_block(t);
            t->extents[element].last = t->blocks.count;
            do
                element = page->nodes.items[element].parent;
            while (element != NONE && !stands_apart(&page->nodes.items[element]));
        }
        if (is_unseen(node)) {
            if (is_block(node->tag))
                end_block(t);
            t->extents[i] = (Extent){t->blocks.count, t->blocks.count, true};
            i = node->end - 1;
            continue;
        }
        if (stands_apart(node)) {
            end_block(t);
            t->extents[i].first = t->blocks.count;
            element = i;
        } else if (node->tag == TAG_A) {
            link_end = node->end;
        } else if (node->tag == TAG_BR) {
            if (is_double_break(page, i))
                end_block(t);
            else
                t->gap = true;
        } else if (node->tag == TAG_TEXT && element != NONE) {
            add_text(t, node, element, i < link_end);
        }
    }
    end_block(t);
    for (; element != NONE; element = page->nodes.items[element].parent)
        t->extents[element].last = t->blocks.count;
}

/* ---- what is no part of the article */

static void
sum_up(Taker *t)
{
    for (uint32_t i = 0; i < t->blocks.count; i++)
        t->sums[i + 1] = t->sums[i] + (t->blocks.items[i].dropped ? 0 : t->blocks.items[i].weight);
}

static uint32_t
prose_in(const Taker *t, uint32_t node)
{
    return t->sums[t->extents[node].last] - t->sums[t->extents[node].first];
}

static bool
is_page_itself(uint8_t tag)
{
    return tag == TAG_HTML || tag == TAG_BODY || tag == TAG_MAIN || tag == TAG_ARTICLE;
}

static void
drop_element(Taker *t, uint32_t node)
{
    t->extents[node].off = true;
    for (uint32_t i = t->extents[node].first; i < t->extents[node].last; i++)
        t->blocks.items[i].dropped = true;
}

/* Drop the elements with these parts or tags, unless they hold more than `most` percent of the prose. */
static void
drop(Taker *t, uint8_t parts, bool (*tag_is)(uint8_t), uint32_t most)
{
    uint64_t all;

    sum_up(t);
    all = t->sums[t->blocks.count];
    for (uint32_t i = 0; i < t->page->nodes.count; i++) {
        const PageNode *node = &t->page->nodes.items[i];
        if (!stands_apart(node) || is_page_itself(node->tag) || t->extents[i].off || (node->parts & PART_BODY))
            continue;
        if (!(node->parts & parts) && !(tag_is && tag_is(node->tag)))
            continue;
        if ((uint64_t)prose_in(t, i) * 100 > all * most)
            continue;
        drop_element(t, i);
        i = node->end - 1;
    }
}

static bool
is_aside(uint8_t tag)
{
    return tag == TAG_NAV || tag == TAG_FOOTER || tag == TAG_ASIDE || tag == TAG_FIGURE || tag == TAG_CAPTION || tag == TAG_FORM;
}

/* Other stories come in rows of boxes alike: a linked title, perhaps a sentence. */
static bool
is_teaser(const Taker *t, uint32_t node)
{
    const Extent *e = &t->extents[node];
    bool linked = false;

    if (e->last - e->first > TEASER_BLOCKS || prose_in(t, node) > TEASER_PROSE)
        return false;
    for (uint32_t i = e->first; i < e->last && !linked; i++)
        linked = is_linked(&t->blocks.items[i]);
    return linked;
}

static void
drop_teasers(Taker *t)
{
    const PageNode *nodes = t->page->nodes.items;

    sum_up(t);
    for (uint32_t i = 0; i < t->page->nodes.count; i++) {
        uint32_t all = 0, teasers = 0;
        if (nodes[i].tag == TAG_TEXT || t->extents[i].off || (nodes[i].parts & PART_BODY))
            continue;
        for (uint32_t child = i + 1; child < nodes[i].end; child = nodes[child].end)
            if (is_block(nodes[child].tag) && !t->extents[child].off && t->extents[child].first < t->extents[child].last) {
                all++;
                teasers += nodes[child].tag != TAG_P && is_teaser(t, child);
            }
        if (teasers >= TEASERS_LEAST && teasers * 10 >= all * 8 && (uint64_t)prose_in(t, i) * 100 < (uint64_t)t->sums[t->blocks.count] * TEASERS_MOST)
            drop_element(t, i);
    }
}

/* ---- where the article is */

static uint32_t
heaviest_child(const Taker *t, uint32_t node)
{
    uint32_t best = NONE, most = 0;

    for (uint32_t i = node + 1; i < t->page->nodes.items[node].end; i = t->page->nodes.items[i].end) {
        uint32_t prose = t->page->nodes.items[i].tag == TAG_TEXT || t->extents[i].off ? 0 : prose_in(t, i);
        if (prose > most) {
            most = prose;
            best = i;
        }
    }
    return best;
}

static bool
is_named_body(const Taker *t, uint32_t i)
{
    static const uint8_t boxes[] = {TAG_DIV, TAG_ARTICLE, TAG_MAIN, TAG_SECTION, TAG_TD, TAG_OTHER, TAG_LI};
    const PageNode *node = &t->page->nodes.items[i];

    return (node->parts & PART_BODY) && !t->extents[i].off && memchr(boxes, node->tag, sizeof boxes);
}

/* The element that the rules call the body, if it holds a good part of the prose; their parent if it is in several pieces. */
static uint32_t
find_named_body(const Taker *t)
{
    const PageNode *nodes = t->page->nodes.items;
    uint32_t best = NONE, parent;
    uint64_t pieces = 0;

    for (uint32_t i = 0; i < t->page->nodes.count; i++)
        if (is_named_body(t, i) && (best == NONE || prose_in(t, i) > prose_in(t, best)))
            best = i;
    if (best == NONE || nodes[best].parent == NONE)
        return NONE;
    parent = nodes[best].parent;
    for (uint32_t i = parent + 1; i < nodes[parent].end; i = nodes[i].end)
        if (nodes[i].tag != TAG_TEXT && is_named_body(t, i))
            pieces += prose_in(t, i);
    if (pieces * 10 > (uint64_t)prose_in(t, best) * 13)
        best = parent;
    return (uint64_t)prose_in(t, best) * 100 >= (uint64_t)t->sums[t->blocks.count] * NAMED_LEAST ? best : NONE;
}

static uint32_t
find_container(const Taker *t)
{
    const PageNode *nodes = t->page->nodes.items;
    uint32_t node = find_named_body(t);

    if (node == NONE)
        node = 0;
    for (;;) {
        uint32_t child = heaviest_child(t, node), share;
        if (child == NONE || !is_block(nodes[child].tag) || nodes[child].tag == TAG_P)
            return node;
        share = is_page_itself(nodes[child].tag) ? CHILD_LEAST_MAIN : CHILD_LEAST;
        if ((uint64_t)prose_in(t, child) * 100 < (uint64_t)prose_in(t, node) * share)
            return node;
        node = child;
    }
}

/* ---- what of it stays */

static bool
same_words(const char *a, size_t a_len, const char *b)
{
    return b && strlen(b) == a_len && strncasecmp(a, b, a_len) == 0;
}

static void
choose(Taker *t, uint32_t container, const PageFacts *facts)
{
    uint32_t first = t->extents[container].first, last = t->extents[container].last, begin = last, end = first;

    for (uint32_t i = first; i < last; i++) {
        Block *b = &t->blocks.items[i];
        if (b->dropped)
            continue;
        if (is_linked(b) || t->page->nodes.items[b->element].tag == TAG_H1 ||
            same_words(t->flat.items + b->from, b->len, facts->headline))
            b->dropped = true;
        else if (b->weight || (t->page->nodes.items[b->element].tag == TAG_P && b->len >= 40)) {
            begin = begin == last ? i : begin;
            end = i + 1;
        }
    }
    for (uint32_t i = 0; i < t->blocks.count; i++)
        if (i < begin || i >= end)
            t->blocks.items[i].dropped = true;
}

/* ---- headline and byline as they stand in the page */

static const char *
find_headline(Taker *t, const PageFacts *facts)
{
    const char *first = NULL;

    for (uint32_t i = 0; i < t->page->nodes.count; i++) {
        const char *words;
        if (t->page->nodes.items[i].tag != TAG_H1)
            continue;
        words = page_words(t->page, i, WORDS_MOST);
        if (*words == '\0')
            continue;
        if (facts->title && strstr(facts->title, words))
            return words;
        first = first ? first : words;
    }
    return facts->headline ? facts->headline : first ? first : facts->title;
}

static bool
has_digit(const char *words)
{
    return strpbrk(words, "0123456789") != NULL;
}

/* The innermost element that is called a byline in the first that is: the outer ones hold dates and buttons too. */
static const char *
find_byline(Taker *t)
{
    const PageNode *nodes = t->page->nodes.items;
    const char *found = NULL;
    uint32_t end = t->page->nodes.count;

    for (uint32_t i = 0; i < end; i++) {
        const char *words;
        if (!(nodes[i].parts & PART_BYLINE) || nodes[i].tag == TAG_BODY || nodes[i].tag == TAG_HTML || is_unseen(&nodes[i]))
            continue;
        words = page_words(t->page, i, BYLINE_MOST + 1);
        if (found == NULL && *words)
            end = nodes[i].end;
        if (*words && strlen(words) <= BYLINE_MOST && !has_digit(words))
            found = words;
    }
    return found;
}

/* ---- the whole */

static void
add_zone(PageText *out, Arena *arena, char *text, const char *words, size_t len, ZoneKind kind)
{
    if (len == 0)
        return;
    if (out->len) {
        memcpy(text + out->len, "\n\n", 2);
        out->len += 2;
    }
    memcpy(text + out->len, words, len);
    *vec_push(arena, &out->zones) = (Zone){{(uint32_t)out->len, (uint32_t)(out->len + len)}, kind, "page"};
    out->len += len;
}

static void
put_together(Taker *t, const PageFacts *facts, PageText *out)
{
    size_t head = facts->headline ? strlen(facts->headline) : 0, by = facts->byline ? strlen(facts->byline) : 0;
    char *text = arena_alloc(t->page->arena, t->flat.count + 2 * (size_t)t->blocks.count + head + by + 8);

    *out = (PageText){.text = text};
    add_zone(out, t->page->arena, text, facts->headline, head, ZONE_HEADLINE);
    add_zone(out, t->page->arena, text, facts->byline, by, ZONE_BYLINE);
    for (uint32_t i = 0; i < t->blocks.count; i++) {
        const Block *b = &t->blocks.items[i];
        if (!b->dropped)
            add_zone(out, t->page->arena, text, t->flat.items + b->from, b->len, ZONE_BODY);
    }
}

/* How much the blocks that stay have, in bytes. */
static size_t
size_of_blocks(const Taker *t)
{
    size_t size = 0;

    for (uint32_t i = 0; i < t->blocks.count; i++)
        size += t->blocks.items[i].dropped ? 0 : t->blocks.items[i].len;
    return size;
}

/* The text that the page gives apart, instead of what stands in it: its lines are paragraphs. */
static void
take_body(Taker *t, const char *body)
{
    size_t len;

    t->blocks.count = 0;
    for (t->flat.count = 0; *body; body += len) {
        Block b = {.from = t->flat.count};
        body += strspn(body, " \t\r\n");
        len = strcspn(body, "\r\n");
        for (size_t i = 0; i < len; i++)
            flat_char(t, body[i]);
        b.len = t->flat.count - b.from;
        if (b.len)
            *vec_push(t->page->arena, &t->blocks) = b;
    }
}

void
page_all_text(Page *page, PageText *out)
{
    Taker t = {.page = page};
    PageFacts none = {0};

    t.extents = arena_zero(page->arena, (page->nodes.count + 1) * sizeof *t.extents);
    cut_blocks(&t);
    t.sums = arena_zero(page->arena, (t.blocks.count + 1) * sizeof *t.sums);
    drop(&t, PART_FURNITURE | PART_CAPTION, is_aside, 40);
    put_together(&t, &none, out);
}

void
page_text(Page *page, PageFacts *facts, PageText *out)
{
    Taker t = {.page = page};

    facts->headline = find_headline(&t, facts);
    if (facts->byline == NULL)
        facts->byline = find_byline(&t);
    if (facts->byline == NULL)
        facts->byline = facts->account;
    t.extents = arena_zero(page->arena, (page->nodes.count + 1) * sizeof *t.extents);
    cut_blocks(&t);
    t.sums = arena_zero(page->arena, (t.blocks.count + 1) * sizeof *t.sums);
    drop(&t, PART_COMMENTS, NULL, 80);
    drop(&t, PART_FURNITURE | PART_CAPTION | PART_BYLINE | PART_DATE | PART_HEADLINE, is_aside, 40);
    drop_teasers(&t);
    sum_up(&t);
    if (page->nodes.count)
        choose(&t, find_container(&t), facts);
    if (facts->body && strlen(facts->body) * 100 > (size_of_blocks(&t) + PROSE_LEAST) * SAYS_MORE)
        take_body(&t, facts->body);
    put_together(&t, facts, out);
}
