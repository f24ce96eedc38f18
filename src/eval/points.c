/* See points.h.  One idea: the marks are read here in the simplest way that can be defined in a page, and not by the
 * stage that is measured, so that a fault of that stage shows. */
#include "eval/points.h"

#include "base/hash.h"
#include "text/utf8.h"

#include <utf8proc.h>

bool
point_is_space(uint32_t cp)
{
    return (cp >= 9 && cp <= 13) || (cp >= 28 && cp <= 32) || cp == 0x85 || cp == 0xa0 || cp == 0x1680 ||
           (cp >= 0x2000 && cp <= 0x200a) || cp == 0x2028 || cp == 0x2029 || cp == 0x202f || cp == 0x205f || cp == 0x3000;
}

/* A letter or a number of any kind. */
static bool
is_alnum(uint32_t cp)
{
    utf8proc_category_t c;

    if (cp < 0x80)
        return (cp >= 'a' && cp <= 'z') || (cp >= 'A' && cp <= 'Z') || (cp >= '0' && cp <= '9');
    c = utf8proc_category((utf8proc_int32_t)cp);
    return (c >= UTF8PROC_CATEGORY_LU && c <= UTF8PROC_CATEGORY_LO) ||
           (c >= UTF8PROC_CATEGORY_ND && c <= UTF8PROC_CATEGORY_NO);
}

static bool
is_word(uint32_t cp)
{
    return cp == '_' || is_alnum(cp);
}

/* ---- words */

static uint32_t *
decode(Arena *arena, const char *text, size_t len, uint32_t *count)
{
    uint32_t *out = arena_alloc(arena, (len + 1) * sizeof *out), n = 0, size;

    for (size_t at = 0; at < len; at += size)
        out[n++] = utf8_next(text + at, &size);
    *count = n;
    return out;
}

static void
find_words(const uint32_t *at, uint32_t len, Arena *arena, Spans *words)
{
    for (uint32_t i = 0; i < len; i++) {
        uint32_t start = i;
        while (i < len && is_word(at[i]))
            i++;
        if (i > start)
            *vec_push(arena, words) = (Span){start, i};
    }
}

void
points_words(const Points *p, Arena *arena, Span span, Indices *out)
{
    uint32_t low = 0, high = p->words.count;

    while (low < high) { /* the first word that ends behind the start */
        uint32_t middle = low + (high - low) / 2;
        if (p->words.items[middle].end <= span.start)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < p->words.count && p->words.items[low].start < span.end; low++)
        *vec_push(arena, out) = low;
}

void
points_put(const Points *p, Span span, Buf *out)
{
    for (uint32_t i = span.start; i < span.end; i++) {
        utf8proc_uint8_t bytes[4];
        buf_add(out, (const char *)bytes, (size_t)utf8proc_encode_char((utf8proc_int32_t)p->at[i], bytes));
    }
}

/* Does any list give this word the feature, however it is written there? */
static bool
list_has(const RuleSet *rules, const char *word, size_t len, const char *feature)
{
    uint16_t code = ruleset_feature(rules, feature);
    char folded[TOKEN_FOLD];
    uint64_t hash = hash_bytes(folded, utf8_fold(word, len, folded, sizeof folded));

    for (uint32_t l = 0; l < rules->lexicon_count; l++) {
        const Lexicon *lex = &rules->lexicons[l];
        uint32_t number = lexicon_word(lex, hash);
        for (int way = 0; number && way < WRITTEN_WAYS; way++)
            for (uint32_t c = lex->sets[lex->words[number].sets[way]]; c < lex->sets[lex->words[number].sets[way] + 1]; c++)
                if (lex->codes[c] == code)
                    return true;
    }
    return false;
}

void
points_name(const RuleSet *rules, Arena *arena, const char *name, size_t len, Hashes *out)
{
    Points p = {0};
    Buf word = {0};

    p.at = decode(arena, name, len, &p.len);
    find_words(p.at, p.len, arena, &p.words);
    for (uint32_t i = 0; i < p.words.count; i++) {
        char folded[TOKEN_FOLD];
        buf_clear(&word);
        points_put(&p, p.words.items[i], &word);
        if (!list_has(rules, word.bytes, word.len, "name-suffix"))
            *vec_push(arena, out) = hash_bytes(folded, utf8_fold(word.bytes, word.len, folded, sizeof folded));
    }
    buf_close(&word);
}

/* ---- quotation marks */

enum { MARK_OPENS = 1, MARK_CLOSES = 2 };

typedef struct {
    Span at;
    int kind;
} Mark;

/* A double mark at `i`, of one character or two. */
static bool
double_mark(const Points *p, uint32_t i, uint32_t end, Mark *mark)
{
    uint32_t cp = p->at[i];
    bool twice = i + 1 < end && p->at[i + 1] == cp;

    mark->at = (Span){i, i + 1};
    mark->kind = 0;
    if (twice && (cp == '`' || cp == '\'' || cp == 0x2018 || cp == 0x2019)) {
        mark->at.end = i + 2;
        mark->kind = cp == '`' || cp == 0x2018 ? MARK_OPENS : cp == 0x2019 ? MARK_CLOSES : 0;
        return true;
    }
    if (cp == 0x201c || cp == 0x201e || cp == 0x201f || cp == 0xab)
        mark->kind = MARK_OPENS;
    else if (cp == 0x201d || cp == 0xbb)
        mark->kind = MARK_CLOSES;
    return cp == '"' || mark->kind;
}

/* Is there a single mark at `i` that begins something?  Not where it stands for letters left out ('til, '90s). */
static bool
single_opens(const Points *p, uint32_t i, uint32_t stop)
{
    uint32_t cp = p->at[i], before = i ? p->at[i - 1] : ' ', end = i + 1;
    Buf word = {0};
    bool left_out;

    if ((cp != 0x2018 && cp != '\'' && cp != '`') || i + 1 >= stop || !is_word(p->at[i + 1]))
        return false;
    if (!point_is_space(before) && before != '(' && before != '[' && before != '{' && before != 0x2014 &&
        before != 0x2013 && before != '-')
        return false;
    while (end < stop && is_word(p->at[end]))
        end++;
    points_put(p, (Span){i + 1, end}, &word);
    left_out = list_has(p->rules, word.bytes, word.len, "elision");
    buf_close(&word);
    return !left_out;
}

/* The single mark that ends what begins at `from`; stop if none does.  The best is one behind a stop or comma; next, one
 * that cannot be the possessive of a plural. */
static uint32_t
single_close(const Points *p, uint32_t from, uint32_t stop)
{
    uint32_t likely = stop, any = stop;

    for (uint32_t i = from; i < stop; i++) {
        uint32_t before = i ? p->at[i - 1] : ' ';
        if ((p->at[i] != 0x2019 && p->at[i] != '\'') || point_is_space(before) || (i + 1 < stop && is_word(p->at[i + 1])))
            continue;
        if (before == '.' || before == ',' || before == '!' || before == '?' || before == ';' || before == ':' || before == 0x2026)
            return i;
        if (likely == stop && before != 's' && before != 'S')
            likely = i;
        if (any == stop)
            any = i;
    }
    return likely < stop ? likely : any;
}

static void
mark_singles(Points *p, Arena *arena, Span loose)
{
    for (uint32_t i = loose.start; i < loose.end; i++) {
        uint32_t close;
        if (!single_opens(p, i, loose.end))
            continue;
        close = single_close(p, i + 1, loose.end);
        if (close == loose.end)
            return;
        *vec_push(arena, &p->marked) = (Span){i + 1, close};
        i = close;
    }
}

/* Marks pair inside a paragraph; one that stays open reaches its end.  Single marks count only outside double ones. */
static void
mark_paragraph(Points *p, Arena *arena, Span paragraph)
{
    uint32_t opened = NONE, outside = paragraph.start;
    Spans loose = {0};
    Mark mark;

    for (uint32_t i = paragraph.start; i < paragraph.end; i++) {
        uint32_t before, after;
        bool opens;
        if (!double_mark(p, i, paragraph.end, &mark))
            continue;
        before = i > paragraph.start ? p->at[i - 1] : ' ';
        after = mark.at.end < paragraph.end ? p->at[mark.at.end] : ' ';
        opens = !point_is_space(after) && !is_alnum(before);
        if (opened == NONE) {
            if (point_is_space(before) || (mark.kind != MARK_CLOSES && opens)) {
                *vec_push(arena, &loose) = (Span){outside, i};
                opened = mark.at.end;
            }
        } else if (mark.kind != MARK_OPENS || !(opens || point_is_space(before))) {
            *vec_push(arena, &p->marked) = (Span){opened, i};
            outside = mark.at.end;
            /* `"One. "Two."`: the earlier mark was never closed */
            opened = mark.kind != MARK_CLOSES && point_is_space(before) && opens ? mark.at.end : NONE;
        }
        i = mark.at.end - 1;
    }
    *vec_push(arena, opened == NONE ? &loose : &p->marked) =
        (Span){opened == NONE ? outside : opened, paragraph.end};
    for (uint32_t i = 0; i < loose.count; i++)
        mark_singles(p, arena, loose.items[i]);
}

static uint32_t
skip_space(const Points *p, uint32_t i, bool lines)
{
    while (i < p->len && point_is_space(p->at[i]) && (lines || p->at[i] != '\n'))
        i++;
    return i;
}

/* Paragraphs end at a blank line, or at every line end if the text has no blank line. */
static void
mark_text(Points *p, Arena *arena)
{
    bool blank = false;
    uint32_t start = 0, next;

    for (uint32_t i = 0; i < p->len && !blank; i++)
        if (p->at[i] == '\n') {
            next = skip_space(p, i + 1, false);
            blank = next < p->len && p->at[next] == '\n';
        }
    for (uint32_t i = 0; i < p->len; i++) {
        if (p->at[i] != '\n')
            continue;
        next = skip_space(p, i + 1, false);
        if (blank && (next >= p->len || p->at[next] != '\n'))
            continue;
        mark_paragraph(p, arena, (Span){start, i});
        start = skip_space(p, i + 1, true);
        i = start - 1;
    }
    mark_paragraph(p, arena, (Span){start, p->len});
}

void
points_open(Points *p, const RuleSet *rules, Arena *arena, const char *text, size_t len, bool marked)
{
    *p = (Points){.rules = rules};
    p->at = decode(arena, text, len, &p->len);
    find_words(p->at, p->len, arena, &p->words);
    if (marked)
        mark_text(p, arena);
}
