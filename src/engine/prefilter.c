#include "engine/prefilter.h"

#include "base/mem.h"
#include "base/vec.h"
#include "engine/pattern.h"
#include "engine/tape.h"

#include <stdlib.h>

/* ---- making the filter */

typedef struct {
    Arena *arena;
    VEC(const Test *) tests;
    VEC(uint64_t) looks;
    VEC(Step) steps;
} Maker;

/* Equal tests get one number, whichever rule they stand in; operands come before what they are operands of. */
static uint16_t
number_of(Maker *m, const Test *test)
{
    Test *t = (Test *)test; /* the trees are the phase's alone */

    for (uint32_t i = 0; i < m->tests.count; i++)
        if (m->tests.items[i]->hash == t->hash)
            return t->number = (uint16_t)i;
    if (t->a)
        number_of(m, t->a);
    if (t->b)
        number_of(m, t->b);
    *vec_push(m->arena, &m->tests) = t;
    return t->number = (uint16_t)(m->tests.count - 1);
}

/* Equal looks see the same, whichever rule they stand in; but what they may see and what they must are two things. */
static uint16_t
number_of_look(Maker *m, const Node *look, bool may)
{
    uint64_t hash = look->hash * 2 + may;

    for (uint32_t i = 0; i < m->looks.count; i++)
        if (m->looks.items[i] == hash)
            return (uint16_t)i;
    *vec_push(m->arena, &m->looks) = hash;
    return (uint16_t)(m->looks.count - 1);
}

static void lay_out(Maker *m, const Node *n, bool may);

/* The members of nested sequences, or choices, one behind the other; of sequences the last first. */
static void
lay_out_members(Maker *m, const Node *n, NodeKind kind, bool may)
{
    while (n->kind == NODE_GROUP)
        n = n->a;
    if (n->kind != kind) {
        lay_out(m, n, may);
        return;
    }
    lay_out_members(m, kind == NODE_SEQUENCE ? n->b : n->a, kind, may);
    lay_out_members(m, kind == NODE_SEQUENCE ? n->a : n->b, kind, may);
}

/* Write a tree's steps.  `may`: what it may match is what will be asked for; else what it must. */
static void
lay_out(Maker *m, const Node *n, bool may)
{
    uint32_t at = m->steps.count;
    int more;
    Step step;

    while (n->kind == NODE_GROUP)
        n = n->a;
    more = n->times_most - n->times_least;
    step = (Step){.kind = (uint8_t)n->kind, .negative = n->negative, .sticky = n->sticky,
                 .length = (uint8_t)(n->least < WINDOW_TOKENS ? n->least : WINDOW_TOKENS),
                 .times_least = (uint16_t)(n->times_least < WINDOW_TOKENS ? n->times_least : WINDOW_TOKENS),
                 .times_more = (uint16_t)(more < WINDOW_TOKENS ? more : WINDOW_TOKENS)};

    vec_push(m->arena, &m->steps);
    switch (n->kind) {
    case NODE_TEST:
        step.number = number_of(m, n->test);
        break;
    case NODE_SEQUENCE:
    case NODE_CHOICE:
        lay_out_members(m, n, n->kind, may);
        break;
    case NODE_REPEAT:
        lay_out(m, n->a, may);
        break;
    case NODE_AHEAD:
    case NODE_BEHIND:
        step.number = number_of_look(m, n, may);
        lay_out(m, n->a, may != n->negative);
        break;
    default:
        break;
    }
    step.size = (uint16_t)(m->steps.count - at);
    m->steps.items[at] = step;
}

/* Tests of which one token of every match passes each, the rarest first. */
typedef struct {
    const Test *items[NEEDS_MAX];
    uint32_t count;
} Needs;

static void
add_need(Needs *needs, const Test *test)
{
    uint32_t at = needs->count;

    if (test->share >= 1)
        return;
    for (uint32_t i = 0; i < needs->count; i++)
        if (needs->items[i]->hash == test->hash)
            return;
    while (at > 0 && needs->items[at - 1]->share > test->share)
        at--;
    if (at == NEEDS_MAX)
        return;
    if (needs->count < NEEDS_MAX)
        needs->count++;
    memmove(&needs->items[at + 1], &needs->items[at], (needs->count - 1 - at) * sizeof *needs->items);
    needs->items[at] = test;
}

static void
find_needs(Maker *m, const Node *n, Needs *needs)
{
    Needs a = {{NULL}, 0}, b = {{NULL}, 0};

    switch (n->kind) {
    case NODE_TEST:
        add_need(needs, n->test);
        break;
    case NODE_SEQUENCE:
        find_needs(m, n->a, needs);
        find_needs(m, n->b, needs);
        break;
    case NODE_CHOICE:
        find_needs(m, n->a, &a);
        find_needs(m, n->b, &b);
        if (a.count && b.count)
            add_need(needs, test_or(m->arena, a.items[0], b.items[0]));
        break;
    case NODE_REPEAT:
        if (n->times_least > 0)
            find_needs(m, n->a, needs);
        break;
    case NODE_AHEAD:
    case NODE_BEHIND:
        if (!n->negative)
            find_needs(m, n->a, needs);
        break;
    case NODE_GROUP:
        find_needs(m, n->a, needs);
        break;
    default:
        break;
    }
}

void
prefilter_make(Prefilter *filter, Rule *const *rules, uint32_t count, uint32_t rule_words, Arena *arena)
{
    Maker m = {.arena = arena};

    for (uint32_t i = 0; i < count; i++) {
        Needs needs = {{NULL}, 0};
        rules[i]->steps = m.steps.count;
        lay_out(&m, rules[i]->node, true);
        find_needs(&m, rules[i]->node, &needs);
        rules[i]->need_count = needs.count;
        for (uint32_t k = 0; k < needs.count; k++)
            rules[i]->needs[k] = number_of(&m, needs.items[k]);
    }
    *filter = (Prefilter){.steps = m.steps.items, .tests = m.tests.items, .test_count = m.tests.count, .look_count = m.looks.count,
                          .word_row = arena_zero(arena, (rule_words + 1) * sizeof *filter->word_row)};
    for (uint32_t i = 0; i < filter->test_count; i++) {
        const Test *t = filter->tests[i];
        for (uint32_t k = 0; t->kind == TEST_WORDS && k < t->word_span; k++) {
            uint16_t word = (uint16_t)(t->first_word + k);
            if (test_has_word(t, word) && filter->word_row[word] == 0)
                filter->word_row[word] = (uint16_t)++filter->word_count;
        }
    }
}

/* ---- windows */

void
window_init(Window *w, const Prefilter *const *filters, uint32_t count)
{
    uint32_t tests = 1, looks = 1, words = 1;

    for (uint32_t i = 0; i < count; i++) {
        tests = filters[i]->test_count > tests ? filters[i]->test_count : tests;
        looks = filters[i]->look_count > looks ? filters[i]->look_count : looks;
        words = filters[i]->word_count > words ? filters[i]->word_count : words;
    }
    *w = (Window){.seen = mem_zero(looks, sizeof *w->seen), .looked = mem_zero(looks, sizeof *w->looked),
                  .rows = mem_zero(tests, sizeof *w->rows),
                  .tests = mem_zero(tests * STRETCH_WORDS, sizeof *w->tests),
                  .words = mem_zero((words + 1) * STRETCH_WORDS, sizeof *w->words)};
}

void
window_close(Window *w)
{
    free(w->seen);
    free(w->looked);
    free(w->rows);
    free(w->tests);
    free(w->words);
    *w = (Window){0};
}

void
window_start(Window *w, const Prefilter *filter, const Article *a, uint32_t end)
{
    w->filter = filter;
    w->a = a;
    w->end = end;
    w->from = w->to = 0;
}

/* ---- tests, for a stretch */

static void
work_out_words(Window *w)
{
    const Article *a = w->a;
    uint32_t start = w->from * 64, end = w->to * 64 < a->tokens.count ? w->to * 64 : a->tokens.count;

    memset(w->words, 0, (w->filter->word_count + 1) * STRETCH_WORDS * sizeof *w->words);
    for (uint32_t i = start; i < end; i++) {
        uint16_t row = w->filter->word_row[a->tokens.items[i].rule_word];
        w->words[row * STRETCH_WORDS + (i - start) / 64] |= 1ull << (i & 63);
    }
}

static const uint64_t *work_out(Window *w, const Test *test);

/* Who of the stretch passes the test of this number. */
static inline const uint64_t *
row_of(Window *w, uint16_t number)
{
    const uint64_t *row = w->rows[number];

    return row ? row : work_out(w, w->filter->tests[number]);
}

/* Who is one of the words. */
static void
add_words(const Window *w, const Test *test, uint64_t *restrict out)
{
    memset(out, 0, STRETCH_WORDS * sizeof *out);
    for (uint32_t part = 0; part * 64 < test->word_span; part++)
        for (uint64_t bits = test->words[part]; bits; bits &= bits - 1) {
            uint32_t word = test->first_word + part * 64 + (uint32_t)__builtin_ctzll(bits);
            const uint64_t *row = w->words + (size_t)w->filter->word_row[word] * STRETCH_WORDS;
            for (uint32_t i = 0; i < STRETCH_WORDS; i++)
                out[i] |= row[i];
        }
}

static const uint64_t *
work_out(Window *w, const Test *test)
{
    uint64_t *restrict out = w->tests + (size_t)test->number * STRETCH_WORDS;
    const uint64_t *a = NULL, *b = NULL;
    uint32_t count = w->to - w->from;
    bool one_bit = test->kind == TEST_BITS && (test->bits[0] == BIT_NONE) != (test->bits[1] == BIT_NONE);

    if (one_bit)
        return w->rows[test->number] = tape_row(w->a, test->bits[test->bits[0] == BIT_NONE]) + w->from;
    if (test->kind == TEST_BITS && test->bits[0] != BIT_NONE) {
        a = tape_row(w->a, test->bits[0]) + w->from;
        b = tape_row(w->a, test->bits[1]) + w->from;
    }
    if (test->a)
        a = row_of(w, test->a->number);
    if (test->b)
        b = row_of(w, test->b->number);
    if (test->kind == TEST_WORDS) {
        add_words(w, test, out);
    } else if (a == NULL) { /* every token, or none */
        memset(out, test->kind == TEST_ANY ? 0xff : 0, STRETCH_WORDS * sizeof *out);
    } else if (test->kind == TEST_NOT) {
        for (uint32_t i = 0; i < count; i++)
            out[i] = ~a[i];
    } else if (test->kind == TEST_AND) {
        for (uint32_t i = 0; i < count; i++)
            out[i] = a[i] & b[i];
    } else {
        for (uint32_t i = 0; i < count; i++)
            out[i] = a[i] | b[i];
    }
    return w->rows[test->number] = out;
}

/* Have the window from `base` on lie in a stretch whose tests are worked out. */
static void
reach(Window *w, uint32_t base)
{
    uint32_t first = base / 64, wanted = (w->end + 63) / 64 + 2;

    w->base = base & ~7u;
    if (w->to > first + 2 && w->from <= first)
        return;
    w->from = first;
    w->to = first + STRETCH_WORDS < wanted ? first + STRETCH_WORDS : wanted;
    if (w->filter->word_count)
        work_out_words(w);
    memset(w->rows, 0, w->filter->test_count * sizeof *w->rows);
}

/* Who passes the phase's test of this number. */
static inline TokenBits
passing(Window *w, uint16_t number)
{
    TokenBits bits;

    memcpy(&bits, (const char *)row_of(w, number) + (w->base - w->from * 64) / 8, sizeof bits);
    return bits;
}

/* ---- windows */

/* The tokens of a range, which lies in the window and is not empty. */
static TokenBits
range_bits(uint32_t from, uint32_t to)
{
    return (~(TokenBits)0 >> (WINDOW_TOKENS - (to - from))) << from;
}

static void
clear(Window *w)
{
    w->first = w->last = w->accept = 0;
    w->runs_on = false;
    memset(w->looked, 0, w->filter->look_count * sizeof *w->looked);
}

void
window_open(Window *w, const Range *scopes, uint32_t count)
{
    reach(w, scopes[0].start);
    clear(w);
    for (uint32_t i = 0; i < count; i++) {
        w->first |= bit_at(scopes[i].start - w->base);
        w->last |= bit_at(scopes[i].end - 1 - w->base);
        if (scopes[i].start > w->base)
            w->last |= bit_at(scopes[i].start - 1 - w->base);
        w->accept |= range_bits(scopes[i].start - w->base, scopes[i].end - w->base);
    }
}

void
window_open_part(Window *w, Range scope, Range accept)
{
    enum { SEEN_BEHIND = 16 };

    reach(w, accept.start - scope.start > SEEN_BEHIND ? accept.start - SEEN_BEHIND : scope.start);
    clear(w);
    if (scope.start >= w->base) {
        w->first = bit_at(scope.start - w->base);
        if (scope.start > w->base)
            w->last = bit_at(scope.start - 1 - w->base);
    }
    if (scope.end <= w->base + WINDOW_TOKENS)
        w->last |= bit_at(scope.end - 1 - w->base);
    else
        w->runs_on = true;
    w->accept = range_bits(accept.start - w->base, accept.end - w->base);
}

/* ---- running a tree */

static const Where NOWHERE, EVERYWHERE = {~(TokenBits)0, ~(TokenBits)0};

/* The tokens behind which the rest matches.  `unsure`: what to take where the window ends before the scope does. */
static inline TokenBits
behind(const Window *w, Where rest, bool unsure)
{
    TokenBits next = rest.at >> 1;

    if (w->runs_on && unsure)
        next |= bit_at(WINDOW_TOKENS - 1);
    return (next & ~w->last) | (rest.end & w->last);
}

static inline Where
join(Where a, Where b)
{
    return (Where){a.at | b.at, a.end | b.end};
}

/* Those places of `rest` where something is seen, or with `negative` is not. */
static inline Where
filter_by(Where seen, bool negative, Where rest)
{
    return negative ? (Where){rest.at & ~seen.at, rest.end & ~seen.end} : (Where){rest.at & seen.at, rest.end & seen.end};
}

static Where run(Window *w, const Step *s, Where rest, bool may);

/* Zero to `times` tokens that pass, and then the rest. */
static Where
run_tokens(const Window *w, TokenBits pass, int times, Where rest, bool may)
{
    TokenBits inside = ~w->last & pass, from = behind(w, rest, may) & pass;

    for (int i = 0; i < times && from & ~rest.at; i++) {
        rest.at |= from;
        from = behind(w, (Where){from, 0}, may) & inside;
    }
    return rest;
}

static Where
run_repeat(Window *w, const Step *s, Where rest, bool may)
{
    const Step *inner = s + 1;
    bool one = inner->kind == NODE_TEST;

    /* What must not give back: exact for a run of one test, which ends where no more tokens pass; else what may match is
     * what would match if it gave back, and what must match is nothing. */
    if (s->sticky && one && s->times_more == WINDOW_TOKENS)
        rest.at &= ~passing(w, inner->number);
    else if (s->sticky && !may)
        return NOWHERE;
    if (~rest.at == 0 && ~rest.end == 0) {
        /* what may be left out here restricts nothing */
    } else if (one) {
        rest = run_tokens(w, passing(w, inner->number), s->times_more, rest, may);
    } else {
        Where fresh = rest;
        for (int i = 0; i < s->times_more; i++) {
            fresh = run(w, inner, fresh, may);
            fresh = (Where){fresh.at & ~rest.at, fresh.end & ~rest.end};
            if ((fresh.at | fresh.end) == 0)
                break;
            rest = join(rest, fresh);
        }
    }
    for (int i = 0; i < s->times_least; i++)
        rest = run(w, inner, rest, may);
    return rest;
}

/* What a look behind sees from each place; each of its alternatives has a fixed length. */
static Where
see_behind(Window *w, const Step *s, bool may)
{
    Where seen = NOWHERE;

    if (s->kind == NODE_CHOICE) {
        for (const Step *one = s + 1; one < s + s->size; one += one->size)
            seen = join(seen, see_behind(w, one, may));
        return seen;
    }
    seen = run(w, s, EVERYWHERE, may);
    for (int length = 0; length < s->length; length++)
        seen = (Where){(seen.at & ~w->last) << 1, seen.at & w->last};
    return seen;
}

/* What a look ahead or behind sees: the same whatever the rest is, so worked out once. */
static Where
see(Window *w, const Step *s, bool may)
{
    if (!w->looked[s->number]) {
        bool inner = may != s->negative;
        w->seen[s->number] = s->kind == NODE_AHEAD ? run(w, s + 1, EVERYWHERE, inner) : see_behind(w, s + 1, inner);
        w->looked[s->number] = true;
    }
    return w->seen[s->number];
}

static Where
run_sequence(Window *w, const Step *s, Where rest, bool may)
{
    for (const Step *one = s + 1; one < s + s->size; one += one->size) {
        /* where the scope goes on behind the window, the rest may match there */
        if ((rest.at | rest.end) == 0 && !(w->runs_on && may))
            return NOWHERE;
        rest = one->kind == NODE_TEST ? (Where){behind(w, rest, may) & passing(w, one->number), 0} : run(w, one, rest, may);
    }
    return rest;
}

static Where
run_choice(Window *w, const Step *s, Where rest, bool may)
{
    Where any = NOWHERE;

    for (const Step *one = s + 1; one < s + s->size; one += one->size)
        any = join(any, run(w, one, rest, may));
    return any;
}

/* Where s and then the rest match.  `may`: where they may match is wanted; else where they must. */
static Where
run(Window *w, const Step *s, Where rest, bool may)
{
    if ((rest.at | rest.end) == 0 && !(w->runs_on && may))
        return NOWHERE;
    switch (s->kind) {
    case NODE_TEST:
        return (Where){behind(w, rest, may) & passing(w, s->number), 0};
    case NODE_SEQUENCE:
        return run_sequence(w, s, rest, may);
    case NODE_CHOICE:
        return run_choice(w, s, rest, may);
    case NODE_REPEAT:
        return run_repeat(w, s, rest, may);
    case NODE_AHEAD:
    case NODE_BEHIND:
        return filter_by(see(w, s, may), s->negative, rest);
    case NODE_START:
        return (Where){rest.at & w->first, 0};
    case NODE_END:
        return (Where){0, rest.end};
    default:
        return rest;
    }
}

TokenBits
window_find(Window *w, const Rule *rule)
{
    for (uint32_t i = 0; i < rule->need_count && !w->runs_on; i++)
        if (passing(w, rule->needs[i]) == 0)
            return 0;
    return run(w, w->filter->steps + rule->steps, EVERYWHERE, true).at & w->accept;
}
