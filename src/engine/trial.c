#include "engine/trial.h"

/* ---- making */

static void
add_needs(Trial *trial, TrialRule *to, bool ahead)
{
    for (uint32_t i = 0; i < to->rule->need_count; i++) {
        NeedRow need = to->rule->need_rows[i];
        if ((need.distance == NEED_AHEAD) == ahead)
            trial->needs[to->first + to->count++] = need;
    }
}

Trial
trial_of(const Phase *phase, Arena *arena)
{
    uint32_t count = phase ? phase->count : 0, needs = 0;
    Trial trial = {.rules = arena_zero(arena, (count + 1) * sizeof *trial.rules), .count = count,
                   .needs = arena_alloc(arena, (count * NEEDS_MAX + 1) * sizeof *trial.needs)};

    for (uint32_t i = 0; i < count; i++) {
        TrialRule *to = &trial.rules[i];
        *to = (TrialRule){.rule = phase->rules[i], .first = needs};
        add_needs(&trial, to, false);
        add_needs(&trial, to, true); /* they cost more */
        needs += to->count;
    }
    return trial;
}

/* ---- running */

/* Does any token of the range pass?  What lies beyond the stretch may. */
static bool
any_passes(Rows *rows, uint16_t row, Range range)
{
    uint32_t first = range.start >> 6, last = (range.end - 1) >> 6;
    const uint64_t *bits = rows_of(rows, row);
    uint64_t found;

    if (first < rows->from || last >= rows->to)
        return true;
    bits -= rows->from;
    found = bits[first] & ~0ull << (range.start & 63);
    for (uint32_t k = first; k < last; found = bits[++k])
        if (found)
            return true;
    return (found & ~0ull >> (63 - ((range.end - 1) & 63))) != 0;
}

static bool
has_need(Rows *rows, NeedRow need, Range scope, uint32_t start)
{
    uint32_t at = start + (uint32_t)(int32_t)need.distance, word = (at >> 6) - rows->from;

    if (need.distance == NEED_AHEAD)
        return any_passes(rows, need.row, (Range){start, scope.end});
    return at >= scope.start && at < scope.end && (word >= rows->to - rows->from || rows_of(rows, need.row)[word] >> (at & 63) & 1);
}

bool
trial_next(const Trial *trial, uint32_t *next, Article *a, Scratch *s, Range scope, uint32_t start, Match *m)
{
    rows_reach(&s->rows, a, start);
    while (*next < trial->count) {
        const TrialRule *one = &trial->rules[(*next)++];
        uint32_t i = 0;
        while (i < one->count && has_need(&s->rows, trial->needs[one->first + i], scope, start))
            i++;
        if (i == one->count && rule_match(one->rule, a, s, scope, start, m))
            return true;
    }
    return false;
}
