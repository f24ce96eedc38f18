/* The shorter wording is aligned within the longer one, whose ends are free, by dynamic programming with affine gaps (Gotoh
 * 1982): gaps in the longer are cheap to go on, gaps in the shorter are not. */
#include "store/words.h"

#include "base/hash.h"
#include "text/utf8.h"

enum { CHANGED = 100, GAP_OPENS = 60, GAP_GOES_ON = 5, FAR = 1 << 30 };

static bool
is_word(uint32_t cp)
{
    CharClass class = char_class(cp);

    return class != CHAR_OTHER && class != CHAR_SPACE;
}

void
words_cut(Arena *arena, const char *text, size_t len, uint32_t most, Words *words)
{
    uint32_t at = 0, size;

    while (at < len && words->count < most) {
        uint32_t start = at;
        char folded[128];
        while (at < len && is_word(utf8_next(text + at, &size)))
            at += size;
        if (at == start) {
            at += size;
            continue;
        }
        *vec_push(arena, words) = (Word){{start, at}, hash_bytes(folded, utf8_fold(text + start, at - start, folded, sizeof folded))};
    }
}

/* How a cell of the table was come to. */
enum { FROM_BOTH = 1, FROM_SHORT = 2, FROM_GAP = 4, GAP_WENT_ON = 8 };

typedef struct {
    const Words *small, *large;
    int *best, *gap;   /* of the row */
    unsigned char *from; /* of the table; NULL if nobody asks for the steps */
} Table;

static void
fill_row(Table *t, uint32_t i)
{
    uint32_t m = t->large->count;
    int corner = t->best[0];

    t->best[0] = (int)i * CHANGED;
    t->gap[0] = FAR;
    if (t->from)
        t->from[i * (m + 1)] = FROM_SHORT;
    for (uint32_t j = 1; j <= m; j++) {
        bool same = t->small->items[i - 1].hash == t->large->items[j - 1].hash;
        int both = corner + (same ? 0 : CHANGED), alone = t->best[j] + CHANGED;
        int opens = t->best[j - 1] + GAP_OPENS, goes_on = t->gap[j - 1] + GAP_GOES_ON;
        unsigned char from = goes_on < opens ? GAP_WENT_ON : 0;
        corner = t->best[j];
        t->gap[j] = goes_on < opens ? goes_on : opens;
        t->best[j] = both <= alone ? both : alone;
        from |= both <= alone ? FROM_BOTH : FROM_SHORT;
        if (t->gap[j] < t->best[j]) {
            t->best[j] = t->gap[j];
            from = (unsigned char)((from & GAP_WENT_ON) | FROM_GAP);
        }
        if (t->from)
            t->from[i * (m + 1) + j] = from;
    }
}

static void
push(Arena *arena, WordSteps *steps, StepKind kind, uint32_t small, uint32_t large, bool swapped)
{
    if (swapped && (kind == STEP_ASKED || kind == STEP_FOUND))
        kind = kind == STEP_ASKED ? STEP_FOUND : STEP_ASKED;
    *vec_push(arena, steps) = (WordStep){kind, swapped ? large : small, swapped ? small : large};
}

/* The way back, turned round. */
static void
trace(const Table *t, Arena *arena, uint32_t end, bool swapped, WordSteps *steps)
{
    uint32_t i = t->small->count, j = end, m = t->large->count;
    bool in_gap = false;

    for (uint32_t k = m; k > end; k--)
        push(arena, steps, STEP_OUTSIDE, 0, k - 1, swapped);
    while (i > 0) {
        unsigned char from = t->from[i * (m + 1) + j];
        if (in_gap || (from & FROM_GAP)) {
            push(arena, steps, STEP_FOUND, 0, --j, swapped);
            in_gap = from & GAP_WENT_ON;
        } else if (from & FROM_SHORT) {
            push(arena, steps, STEP_ASKED, --i, 0, swapped);
        } else if (i--, j--, t->small->items[i].hash == t->large->items[j].hash) {
            push(arena, steps, STEP_SAME, i, j, swapped);
        } else {
            push(arena, steps, swapped ? STEP_ASKED : STEP_FOUND, i, j, swapped);
            push(arena, steps, swapped ? STEP_FOUND : STEP_ASKED, i, j, swapped);
        }
    }
    while (j > 0)
        push(arena, steps, STEP_OUTSIDE, 0, --j, swapped);
    for (uint32_t a = 0, b = steps->count; a + 1 < b; a++, b--) {
        WordStep swap = steps->items[a];
        steps->items[a] = steps->items[b - 1];
        steps->items[b - 1] = swap;
    }
}

double
words_compare(Arena *arena, const Words *asked, const Words *found, WordSteps *steps)
{
    bool swapped = found->count < asked->count;
    Table t = {.small = swapped ? found : asked, .large = swapped ? asked : found};
    uint32_t n = t.small->count, m = t.large->count, end = 0;

    if (n == 0)
        return 0;
    t.best = arena_zero(arena, (m + 1) * sizeof *t.best);
    t.gap = arena_alloc(arena, (m + 1) * sizeof *t.gap);
    t.from = steps ? arena_zero(arena, (size_t)(n + 1) * (m + 1)) : NULL;
    for (uint32_t j = 0; j <= m; j++)
        t.gap[j] = FAR;
    for (uint32_t i = 1; i <= n; i++)
        fill_row(&t, i);
    for (uint32_t j = 1; j <= m; j++)
        if (t.best[j] < t.best[end])
            end = j;
    if (steps)
        trace(&t, arena, end, swapped, steps);
    return t.best[end] >= (int)n * CHANGED ? 0 : 1 - (double)t.best[end] / ((double)n * CHANGED);
}
