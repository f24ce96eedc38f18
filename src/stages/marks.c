/* Quotation marks: which tokens are marks, and which belong together.
 *
 * Marks pair inside a paragraph, by a machine with one open mark: a directed mark (curly, low, angled) says itself what it
 * does, a straight one by the side on which it touches a word.  Single marks are apostrophes unless an opener at a word's
 * start finds a closer at a word's end.  The house's primary mark is decided once for the article: where single marks
 * are the outer ones, double marks nest in them; otherwise it is the other way round.  A paragraph that is left open runs on
 * if the next one opens again; if not, it is cut at its end and flagged.  Rules of the phase `marks` name what only
 * looks like a mark ('em, the '90s, inches). */
#include "stages/stages.h"

#include "text/utf8.h"

#include <stdlib.h>

enum {
    LOOK = 64,   /* how many marks are looked at ahead, so that a hostile text costs no more */
    FEWEST = 3,  /* tokens in a speech that nothing closes … */
    SUBJECT = 5, /* … and how far behind its comma the verb of saying may stand */
};

typedef enum { WAY_NONE, WAY_OPEN, WAY_CLOSE, WAY_EITHER } Way;

typedef struct {
    uint32_t token;
    Way way;
    bool single;
    bool low;     /* opened low or angled: an opening form of another language may close it */
    bool starts;  /* stands at a word's beginning */
    bool capital; /* stands right before a capital */
    bool ends;    /* stands at a word's end */
    bool sure;    /* as a closer: behind a comma or stop */
    bool likely;  /* as a closer: not a plural's apostrophe */
} Mark;

typedef VEC(Mark) Marks;

typedef struct {
    Article *a;
    const RuleSet *rules;
    Arena *arena; /* the scratch's */
    Marks marks;  /* of the whole article */
    uint32_t *of; /* the first mark of each paragraph, and one more */
    const char *owners; /* letters behind which an apostrophe may be a possessive's */
    bool single_house;
    bool open_before, left_open; /* the paragraph before, and this one, end inside a quote */
} Pairer;

/* ---- which tokens are marks */

/* What a character says by itself; WAY_NONE: it is no quotation mark. */
static Mark
looks_of(uint32_t cp)
{
    switch (cp) {
    case '"': case 0xff02: case 0x301d: return (Mark){.way = WAY_EITHER};
    case '\'': return (Mark){.way = WAY_EITHER, .single = true};
    case 0x201c: case 0x300c: case 0x300e: return (Mark){.way = WAY_OPEN};
    case 0x201d: case 0x300d: case 0x300f: return (Mark){.way = WAY_CLOSE};
    case 0x2018: case 0x2039: case '`': return (Mark){.way = WAY_OPEN, .single = true};
    case 0x2019: case 0x203a: return (Mark){.way = WAY_CLOSE, .single = true};
    case 0x201e: case 0x201f: case 0xab: return (Mark){.way = WAY_OPEN, .low = true};
    case 0x201a: case 0x201b: return (Mark){.way = WAY_OPEN, .low = true, .single = true};
    case 0xbb: return (Mark){.way = WAY_CLOSE, .low = true};
    default: return (Mark){.way = WAY_NONE};
    }
}

/* Most marks of a text are commas and stops: of ASCII there are only these, and all others begin with such a byte. */
static inline bool
may_be_mark(const Article *a, const Token *t)
{
    char first = a->text[t->start];

    return first == '"' || first == '\'' || first == '`' || (first & 0x80);
}

/* What the token's characters say. */
static bool
classify(const Article *a, uint32_t i, Mark *out)
{
    const Token *t = &a->tokens.items[i];
    uint32_t size, cp;

    if (t->shape != SHAPE_PUNCT)
        return false;
    cp = utf8_next(a->text + t->start, &size);
    *out = looks_of(cp);
    out->token = i;
    if (out->way == WAY_NONE)
        return false;
    if ((cp == '\'' || cp == '`') && t->end - t->start > 1) /* '' and `` */
        out->single = false;
    return t->end - t->start == size || cp == '\'' || cp == '`' || cp == '"';
}

static bool
is_word(const Article *a, uint32_t i)
{
    return a->tokens.items[i].shape != SHAPE_PUNCT;
}

/* On which side it touches what. */
static void
look_around(const Pairer *p, Range paragraph, Mark *m, uint32_t width)
{
    const Article *a = p->a;
    const Token *t = &a->tokens.items[m->token], *next = t + width;
    bool glued = m->token > paragraph.start && (t->flags & TOKEN_GLUED);
    bool next_glued = m->token + width < paragraph.end && (next->flags & TOKEN_GLUED);
    char before = glued ? a->text[t->start - 1] : ' ';

    m->starts = next_glued && !(glued && is_word(a, m->token - 1)) && strchr(".,!?;:", before) == NULL;
    if (glued && next_glued && before == ':')
        m->starts = true;
    if (m->low && !glued && next_glued && strchr(".,!?;:)", a->text[next->start]) != NULL) /* « … », */
        m->starts = false;
    m->capital = next_glued && (next->flags & TOKEN_CAPITAL);
    if (m->token == paragraph.start && !m->single) /* ” … it is late,” Doe said: set the wrong way round, and loosely */
        m->starts = true;
    m->ends = glued;
    m->sure = glued && (strchr(".,!?;:", before) != NULL || (m->token > 0 && a->text[t->start - 1] == (char)0xa6));
    m->likely = glued && (before == '\0' || strchr(p->owners, before) == NULL);
    if (next_glued && is_word(a, m->token + width) && glued && is_word(a, m->token - 1))
        m->ends = m->single ? false : m->ends;
}

static void
find_marks(Pairer *p, Range paragraph)
{
    Article *a = p->a;

    for (uint32_t i = paragraph.start; (i = tape_next(a, i, paragraph.end, F_MARK)) < paragraph.end; i++) {
        Mark m, more;
        uint32_t width = 1;
        if (!may_be_mark(a, &a->tokens.items[i]) || !classify(a, i, &m))
            continue;
        /* a pair of single curly marks is a double mark */
        if (m.single && m.way != WAY_EITHER && i + 1 < paragraph.end && (a->tokens.items[i + 1].flags & TOKEN_GLUED) &&
            classify(a, i + 1, &more) && more.single && more.way == m.way && !m.low) {
            m.single = false;
            width = 2;
        }
        look_around(p, paragraph, &m, width);
        *vec_push(p->arena, &p->marks) = m;
        i += width - 1;
    }
}

/* The rules' matches take away what only looks like a mark. */
static void
drop_false_marks(Pairer *p, Scratch *scratch)
{
    Article *a = p->a;
    uint32_t from, to, next;

    phase_run(ruleset_phase(p->rules, "marks"), a, p->rules, scratch, &from, &to);
    next = from;
    for (uint32_t i = 0; i < p->marks.count && next < to; i++) {
        Mark *m = &p->marks.items[i];
        Range r;
        for (; next < to; next++) {
            const Match *match = &a->matches.items[next];
            if (match_group(match, rule_group(match->rule, "mark"), &r) && r.start >= m->token)
                break;
        }
        if (next < to && r.start == m->token)
            m->way = WAY_NONE;
    }
    a->matches.count = from;
}

/* Are the outer marks single ones?  Counted by openers at the start of a speech that a comma or stop closes. */
static bool
is_single_house(const Pairer *p)
{
    uint32_t single = 0, twice = 0;

    for (uint32_t i = 0; i < p->marks.count; i++) {
        const Mark *m = &p->marks.items[i];
        if (m->way == WAY_NONE)
            continue;
        if (!m->single)
            twice += m->starts || m->way == WAY_OPEN;
        else
            single += m->sure && !m->starts;
    }
    return single > twice;
}

/* ---- pairs */

static uint32_t
add_pair(Pairer *p, uint32_t start, uint32_t end, const Mark *opener, const Mark *closer, uint32_t parent)
{
    Article *a = p->a;
    Marked *m;

    if (start >= end)
        return NONE;
    m = vec_push(a->arena, &a->marked);
    m->tokens = (Range){start, end};
    m->bytes = token_span(a, m->tokens);
    m->parent = parent;
    m->single = opener ? opener->single : closer && closer->single;
    m->opened = opener != NULL;
    m->closed = closer != NULL;
    m->repaired = opener == NULL;
    return a->marked.count - 1;
}

/* The first token behind the mark (a double mark may be two single ones). */
static uint32_t
behind(const Pairer *p, const Mark *m)
{
    const Article *a = p->a;
    const Token *t = &a->tokens.items[m->token];

    if (!m->single && m->way != WAY_EITHER && m->token + 1 < a->tokens.count && t[1].start == t->end &&
        t->end - t->start == 3 && t[1].end - t[1].start == 3 && memcmp(a->text + t->start, a->text + t[1].start, 3) == 0 &&
        memcmp(a->text + t->start, "\xe2\x80\x9c", 3) != 0 && memcmp(a->text + t->start, "\xe2\x80\x9d", 3) != 0)
        return m->token + 2;
    return m->token + 1;
}

/* The closer of the single mark `from`: before the next opener if there is one there; a comma or stop inside it makes it
 * sure, a word that ends in s makes it doubtful. */
static uint32_t
single_closer(const Pairer *p, uint32_t from, uint32_t to)
{
    uint32_t likely = NONE, any = NONE, stop = to - from > LOOK ? from + LOOK : to;

    for (uint32_t i = from + 1; i < stop; i++) {
        const Mark *m = &p->marks.items[i];
        if (!m->single || m->way == WAY_NONE)
            continue;
        if (m->starts && !m->sure && (likely != NONE || any != NONE))
            break;
        if (!m->ends || m->starts || (m->way == WAY_OPEN))
            continue;
        if (m->sure)
            return i;
        if (m->likely && likely == NONE)
            likely = i;
        if (any == NONE)
            any = i;
    }
    return likely != NONE ? likely : any;
}

static bool
opens_single(const Pairer *p, const Mark *m)
{
    return m->single && m->way != WAY_NONE && m->starts && m->way != WAY_CLOSE &&
           is_word(p->a, m->token + 1);
}

static void pair_doubles(Pairer *p, uint32_t from, uint32_t to, Range within, uint32_t parent);

/* Single marks among marks [from, to). */
static void
pair_singles(Pairer *p, uint32_t from, uint32_t to, uint32_t parent, bool nests)
{
    for (uint32_t i = from; i < to; i++) {
        const Mark *m = &p->marks.items[i];
        uint32_t close, pair;
        if (!opens_single(p, m) || (close = single_closer(p, i, to)) == NONE)
            continue;
        pair = add_pair(p, m->token + 1, p->marks.items[close].token, m, &p->marks.items[close], parent);
        if (nests && pair != NONE)
            pair_doubles(p, i + 1, close, p->a->marked.items[pair].tokens, pair);
        i = close;
    }
}

/* Does the double mark close what `open` opened?  An opening form inside an open quote either nests (then more closers
 * than openers follow) or shows that the first was never closed. */
static Way
way_inside(const Pairer *p, const Mark *open, uint32_t i, uint32_t to)
{
    const Mark *m = &p->marks.items[i];
    int balance = 0;

    if (m->way == WAY_EITHER)
        return m->starts && !m->ends ? WAY_OPEN : WAY_CLOSE;
    if (m->way == WAY_CLOSE && !(open->low && m->starts && !m->ends))
        return WAY_CLOSE;
    if (m->ends && !m->starts) /* the opening form set by mistake, or low quotes */
        return WAY_CLOSE;
    if (open->way == WAY_EITHER) /* curly marks in straight ones */
        return WAY_NONE;
    for (uint32_t j = i; j < to && j < i + LOOK; j++)
        if (!p->marks.items[j].single && p->marks.items[j].way != WAY_NONE)
            balance += p->marks.items[j].way == WAY_OPEN ? 1 : -1;
    return balance < 0 ? WAY_NONE : WAY_OPEN;
}

static bool
opens_double(const Mark *m)
{
    if (m->way == WAY_CLOSE)
        return m->starts && !m->ends;
    return m->starts || !m->ends || (m->sure && m->capital); /* Doe said,"It is late." */
}

/* A closer that nothing opened: what was open at the end of the paragraph before, or a mark lost at this one's start,
 * if all before it can be speech. */
static void
close_unopened(Pairer *p, const Mark *closer, Range within, uint32_t parent)
{
    uint16_t say = ruleset_feature(p->rules, "say.strong");

    if (parent != NONE || !closer->sure || closer->way == WAY_OPEN)
        return;
    if (!p->open_before) {
        if (closer->token < within.start + 5)
            return;
        for (uint32_t i = within.start; i < closer->token; i++)
            if (token_has(p->a, p->rules, i, say))
                return;
    }
    add_pair(p, within.start, closer->token, NULL, closer, NONE);
}

/* Does a mark open the paragraph behind the one that ends at the token? */
static bool
next_opens(const Pairer *p, uint32_t end, uint32_t to)
{
    return to < p->marks.count && p->marks.items[to].token == end && p->marks.items[to].way != WAY_NONE;
}

/* "It is late, Doe said.  Where a mark is never closed: the end of the paragraph, or the comma before a verb of saying and its subject. */
static uint32_t
lost_end(const Pairer *p, uint32_t start, uint32_t end)
{
    const Article *a = p->a;
    uint16_t past = ruleset_feature(p->rules, "say.past"), strong = ruleset_feature(p->rules, "say.strong"), conj = ruleset_feature(p->rules, "conj");

    for (uint32_t t = start + FEWEST, comma = NONE; t < end; t++) {
        const Token *token = &a->tokens.items[t];
        if (token->flags & TOKEN_SENTENCE)
            comma = NONE;
        if (token->shape == SHAPE_PUNCT && a->text[token->start] == ',')
            comma = t;
        else if (comma + 1 == t && token_has(a, p->rules, t, conj)) /* ", and he said": it may go on in the speech */
            comma = NONE;
        else if (comma != NONE && t > comma && t - comma <= SUBJECT && token_has(a, p->rules, t, past) && token_has(a, p->rules, t, strong))
            return comma + 1;
    }
    return end;
}

/* Double marks among marks [from, to). */
static void
pair_doubles(Pairer *p, uint32_t from, uint32_t to, Range within, uint32_t parent)
{
    uint32_t open = NONE, depth = 0, outside = from, seen = 0, pair;

    for (uint32_t i = from; i < to; i++) {
        const Mark *m = &p->marks.items[i];
        Way way;
        if (m->single || m->way == WAY_NONE)
            continue;
        if (open == NONE) {
            if (opens_double(m) && !(p->open_before && m->way == WAY_CLOSE && m->token == within.start)) {
                if (parent == NONE)
                    pair_singles(p, outside, i, NONE, false);
                open = i;
            } else if (seen == 0) {
                close_unopened(p, m, within, parent);
                outside = i + 1;
            }
            seen++;
            continue;
        }
        way = way_inside(p, &p->marks.items[open], i, to);
        if (way == WAY_NONE) {
            depth++;
            continue;
        }
        if (way == WAY_CLOSE && depth) {
            depth--;
            continue;
        }
        pair = add_pair(p, behind(p, &p->marks.items[open]), m->token, &p->marks.items[open],
                        way == WAY_CLOSE ? m : NULL, parent);
        if (pair != NONE && parent == NONE)
            pair_singles(p, open + 1, i, pair, false);
        if (pair != NONE && way == WAY_OPEN)
            p->a->marked.items[pair].repaired = true;
        open = way == WAY_OPEN ? i : NONE;
        outside = i + 1;
    }
    if (open != NONE) {
        uint32_t start = behind(p, &p->marks.items[open]), end = within.end;
        if (parent == NONE && !next_opens(p, within.end, to))
            end = lost_end(p, start, within.end);
        pair = add_pair(p, start, end, &p->marks.items[open], NULL, parent);
        if (pair != NONE && parent == NONE)
            pair_singles(p, open + 1, to, pair, false);
        if (pair != NONE && end < within.end)
            p->a->marked.items[pair].repaired = true;
        p->left_open = parent == NONE && end == within.end;
    } else if (parent == NONE) {
        pair_singles(p, outside, to, NONE, false);
    }
}

/* In a house of single marks: each of them first, doubles inside and between. */
static void
pair_single_house(Pairer *p, uint32_t from, uint32_t to, Range within)
{
    uint32_t outside = from;

    for (uint32_t i = from; i < to; i++) {
        const Mark *m = &p->marks.items[i];
        uint32_t close;
        if (!opens_single(p, m))
            continue;
        close = single_closer(p, i, to);
        if (close == NONE && m->token != within.start && !(next_opens(p, within.end, to) && opens_single(p, &p->marks.items[to])))
            continue;
        pair_doubles(p, outside, i, (Range){within.start, m->token}, 0);
        if (close == NONE) { /* runs on over the paragraph's end */
            add_pair(p, m->token + 1, within.end, m, NULL, NONE);
            p->left_open = true;
            return;
        }
        pair_singles(p, i, close + 1, NONE, true);
        i = close;
        outside = close + 1;
    }
    pair_doubles(p, outside, to, within, NONE);
}

/* ---- the tape */

static int
compare_marked(const void *a, const void *b)
{
    const Marked *x = a, *y = b;

    if (x->tokens.start != y->tokens.start)
        return x->tokens.start < y->tokens.start ? -1 : 1;
    return x->tokens.end > y->tokens.end ? -1 : x->tokens.end < y->tokens.end;
}

/* In text order, the outer before the inner; nested by containment. */
static void
settle(Article *a, uint32_t from)
{
    uint32_t open = NONE;

    if (a->marked.count > from + 1)
        qsort(a->marked.items + from, a->marked.count - from, sizeof *a->marked.items, compare_marked);
    for (uint32_t i = from; i < a->marked.count; i++) {
        Marked *m = &a->marked.items[i];
        while (open != NONE && !range_contains(a->marked.items[open].tokens, m->tokens))
            open = a->marked.items[open].parent;
        m->parent = open;
        open = i;
    }
}

static void
mark_tape(Pairer *p)
{
    Article *a = p->a;

    for (uint32_t i = 0; i < a->marked.count; i++) {
        const Marked *m = &a->marked.items[i];
        if (m->opened && m->tokens.start > 0)
            tape_mark_one(a, p->rules, m->tokens.start - 1, F_QUOTE_MARK);
        if (m->closed)
            tape_mark_one(a, p->rules, m->tokens.end, F_QUOTE_MARK);
        if (m->parent == NONE)
            tape_mark(a, p->rules, m->tokens, F_QUOTED);
    }
}

/* The paragraph before ended open: this one goes on with it, or that one is cut at its end. */
static void
join_paragraphs(Pairer *p, uint32_t last, uint32_t from, uint32_t start)
{
    Article *a = p->a;
    bool goes_on = false;

    for (uint32_t i = from; i < a->marked.count && !goes_on; i++) {
        const Marked *m = &a->marked.items[i];
        goes_on = m->parent == NONE && (m->opened ? m->tokens.start <= start + 1 : m->tokens.start == start);
        if (goes_on && !m->opened)
            a->marked.items[i].repaired = false;
    }
    if (!goes_on)
        for (uint32_t i = last; i < from; i++)
            a->marked.items[i].repaired |= !a->marked.items[i].closed && a->marked.items[i].parent == NONE;
}

bool
marks_run(Article *a, const RuleSet *rules, Scratch *scratch, Error *err)
{
    Pairer p = {.a = a, .rules = rules, .arena = &scratch->arena};
    const Rule *possessor = ruleset_rule(rules, "mark.possessor");
    const char *owners = possessor ? rule_get(possessor, "behind") : NULL;
    uint32_t last = 0;

    (void)err;
    p.owners = owners ? owners : "";
    p.of = arena_zero(p.arena, (a->paragraphs.count + 1) * sizeof *p.of);
    for (uint32_t i = 0; i < a->paragraphs.count; i++) {
        p.of[i] = p.marks.count;
        if (a->paragraphs.items[i].zone != ZONE_BOILERPLATE)
            find_marks(&p, a->paragraphs.items[i].tokens);
    }
    p.of[a->paragraphs.count] = p.marks.count;
    if (p.marks.count == 0)
        return true;
    drop_false_marks(&p, scratch);
    p.single_house = is_single_house(&p);
    for (uint32_t i = 0; i < a->paragraphs.count; i++) {
        Range tokens = a->paragraphs.items[i].tokens;
        uint32_t from = a->marked.count;
        p.left_open = false;
        if (p.of[i] < p.of[i + 1] && p.single_house)
            pair_single_house(&p, p.of[i], p.of[i + 1], tokens);
        else if (p.of[i] < p.of[i + 1])
            pair_doubles(&p, p.of[i], p.of[i + 1], tokens, NONE);
        settle(a, from);
        if (p.open_before)
            join_paragraphs(&p, last, from, tokens.start);
        p.open_before = p.left_open;
        last = from;
    }
    if (p.open_before)
        join_paragraphs(&p, last, a->marked.count, 0);
    mark_tape(&p);
    return true;
}
