/* Which part of the page an element is, by the words that its makers gave it: rules of the phase `page` look at
 * "tag class id role", in small letters, with `relatedPosts` written related-posts. */
#include "input/page.h"

#include "base/hash.h"

enum { LABEL_MOST = 400, MEMO = 4096 };

/* Labels come again and again in a page. */
typedef struct {
    uint64_t hash; /* 0: empty */
    uint8_t parts;
} Memo;

typedef struct {
    const Phase *phase;
    Scratch *scratch;
    uint8_t *parts; /* of each rule */
    Memo *memos;
} Marker;

static uint8_t
part_named(const char *name)
{
    static const struct {
        const char *name;
        uint8_t part;
    } PARTS[] = {{"furniture", PART_FURNITURE}, {"comments", PART_COMMENTS}, {"caption", PART_CAPTION}, {"headline", PART_HEADLINE},
                 {"byline", PART_BYLINE},       {"date", PART_DATE},         {"body", PART_BODY}};

    for (size_t i = 0; name && i < sizeof PARTS / sizeof *PARTS; i++)
        if (strcmp(name, PARTS[i].name) == 0)
            return PARTS[i].part;
    return 0;
}

/* Append a value's words. */
static size_t
add_words(char *label, size_t n, const char *value)
{
    bool lower = false;

    if (value == NULL || *value == '\0')
        return n;
    if (n < LABEL_MOST)
        label[n++] = ' ';
    for (; *value && n + 2 < LABEL_MOST; value++) {
        unsigned char c = (unsigned char)*value;
        if (c >= 'A' && c <= 'Z') {
            if (lower)
                label[n++] = '-';
            c += 'a' - 'A';
            lower = false;
        } else {
            lower = c >= 'a' && c <= 'z';
        }
        label[n++] = c < 0x80 && c > ' ' ? (c == '_' ? '-' : (char)c) : c < 0x80 ? ' ' : '?';
    }
    return n;
}

static size_t
make_label(const Page *page, uint32_t node, char *label)
{
    static const PageAttrName shown[] = {ATTR_CLASS, ATTR_ID, ATTR_ROLE, ATTR_ITEMPROP, ATTR_REL, ATTR_TESTID};
    size_t n = 0;

    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++)
        n = add_words(label, n, page_attr(page, node, shown[i]));
    return n;
}

static uint8_t
parts_of(Marker *m, const char *label, size_t len)
{
    Article line = {.text = label, .len = (uint32_t)len};
    uint64_t hash = hash_bytes(label, len) | 1;
    Memo *memo = &m->memos[hash >> 1 & (MEMO - 1)];

    if (memo->hash == hash)
        return memo->parts;
    *memo = (Memo){.hash = hash};
    for (uint32_t i = 0; i < m->phase->count; i++) {
        Span whole, groups[MATCH_GROUPS];
        if (!(memo->parts & m->parts[i]) && character_rule_find(m->phase->rules[i], &line, m->scratch, (Span){0, line.len}, &whole, groups))
            memo->parts |= m->parts[i];
    }
    return memo->parts;
}

void
page_mark_parts(Page *page, const RuleSet *rules, Scratch *scratch)
{
    Marker m = {.phase = rules ? ruleset_phase(rules, "page") : NULL, .scratch = scratch};
    char label[LABEL_MOST + 2];

    if (m.phase == NULL)
        return;
    m.parts = arena_zero(page->arena, m.phase->count + 1);
    for (uint32_t i = 0; i < m.phase->count; i++)
        m.parts[i] = part_named(rule_get(m.phase->rules[i], "part"));
    m.memos = arena_zero(page->arena, MEMO * sizeof *m.memos);
    for (uint32_t i = 0; i < page->nodes.count; i++) {
        PageNode *node = &page->nodes.items[i];
        size_t len;
        if (node->attr_count == 0 || node->tag == TAG_META || node->tag == TAG_LINK || node->tag == TAG_SCRIPT)
            continue;
        if ((len = make_label(page, i, label)) > 0)
            node->parts = parts_of(&m, label, len);
    }
}
