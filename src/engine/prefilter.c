#include "engine/prefilter.h"

#include "base/mem.h"
#include "base/vec.h"
#include "engine/anchors.h"
#include "engine/pattern.h"
#include "engine/tape.h"

#include <stdlib.h>

/* ---- making the filter */

typedef struct {
    Arena *arena;
    const RowTests *tests;
    VEC(uint64_t) looks;
    VEC(Step) steps;
} Maker;

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
lay_out_members(Maker *m, const Node *n, PatternKind kind, bool may)
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
        step.number = tests_row(m->tests, n->test);
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

/* Tests of which some token of every match passes each, the rarest first. */
typedef struct {
    const TokenTest *items[NEEDS_MAX - ANCHORS_MAX];
    uint32_t count;
} Needs;

static void
add_need(Needs *needs, const TokenTest *test)
{
    uint32_t at = needs->count;

    if (test->share >= 1)
        return;
    for (uint32_t i = 0; i < needs->count; i++)
        if (needs->items[i]->hash == test->hash)
            return;
    while (at > 0 && needs->items[at - 1]->share > test->share)
        at--;
    if (at == NEEDS_MAX - ANCHORS_MAX)
        return;
    if (needs->count < NEEDS_MAX - ANCHORS_MAX)
        needs->count++;
    memmove(&needs->items[at + 1], &needs->items[at], (needs->count - 1 - at) * sizeof *needs->items);
    needs->items[at] = test;
}

static void
find_needs(Arena *arena, const Node *n, Needs *needs)
{
    Needs a = {{NULL}, 0}, b = {{NULL}, 0};

    switch (n->kind) {
    case NODE_TEST:
        add_need(needs, n->test);
        break;
    case NODE_SEQUENCE:
        find_needs(arena, n->a, needs);
        find_needs(arena, n->b, needs);
        break;
    case NODE_CHOICE:
        find_needs(arena, n->a, &a);
        find_needs(arena, n->b, &b);
        if (a.count && b.count)
            add_need(needs, test_or(arena, a.items[0], b.items[0]));
        break;
    case NODE_REPEAT:
        if (n->times_least > 0)
            find_needs(arena, n->a, needs);
        break;
    case NODE_AHEAD:
    case NODE_BEHIND:
        if (!n->negative)
            find_needs(arena, n->a, needs);
        break;
    case NODE_GROUP:
        find_needs(arena, n->a, needs);
        break;
    default:
        break;
    }
}

/* Add what some token must pass, unless an anchor asks for it already. */
static void
add_to_rule(Rule *rule, const TokenTest *test)
{
    uint32_t at = rule->need_count;

    for (uint32_t i = 0; i < rule->need_count; i++)
        if (rule->needs[i].test->hash == test->hash)
            return;
    for (; at > 0 && rule->needs[at - 1].test->share > test->share; at--)
        rule->needs[at] = rule->needs[at - 1];
    rule->needs[at] = (Need){.test = test, .distance = NEED_ANYWHERE};
    rule->need_count++;
}

static void
find_all_needs(Rule *rule, Arena *arena)
{
    Needs needs = {{NULL}, 0};

    find_needs(arena, rule->node, &needs);
    rule->need_count = anchors_find(rule->node, rule->needs, arena);
    for (uint32_t i = 0; i < needs.count; i++)
        add_to_rule(rule, needs.items[i]);
}

static void
ask_node(RowTests *tests, const Node *n)
{
    if (n == NULL)
        return;
    if (n->kind == NODE_TEST)
        tests_ask(tests, n->test);
    ask_node(tests, n->a);
    ask_node(tests, n->b);
}

void
prefilter_ask(Rule *rule, RowTests *tests, Arena *arena)
{
    ask_node(tests, rule->node);
    find_all_needs(rule, arena);
    for (uint32_t i = 0; i < rule->need_count; i++)
        tests_ask(tests, rule->needs[i].test);
}

void
prefilter_make(Prefilter *filter, Rule *const *rules, uint32_t count, const RowTests *tests, Arena *arena)
{
    Maker m = {.arena = arena, .tests = tests};

    for (uint32_t i = 0; i < count; i++) {
        Rule *rule = rules[i];
        rule->steps = m.steps.count;
        lay_out(&m, rule->node, true);
        rule->row = rule->node->kind == NODE_TEST ? tests_row(tests, rule->node->test) : 0;
        for (uint32_t k = 0; k < rule->need_count; k++)
            rule->need_rows[k] = (NeedRow){tests_row(tests, rule->needs[k].test), rule->needs[k].distance};
    }
    *filter = (Prefilter){.steps = m.steps.items, .look_count = m.looks.count};
}

/* ---- windows */

void
window_init(Window *w, uint32_t looks)
{
    *w = (Window){.seen = mem_zero(looks + 1, sizeof *w->seen), .looked = mem_zero(looks + 1, sizeof *w->looked)};
}

void
window_close(Window *w)
{
    free(w->seen);
    free(w->looked);
    *w = (Window){0};
}

void
window_start(Window *w, const Prefilter *filter, Rows *rows, const Article *a)
{
    w->filter = filter;
    w->rows = rows;
    w->a = a;
    rows->is_new = true;
}

static void
reach(Window *w, uint32_t base)
{
    rows_reach(w->rows, w->a, base);
    w->base = base & ~7u;
    w->offset = (w->base - w->rows->from * 64) / 8;
}

/* The window's part of a row. */
static inline TokenBits
window_bits(const Window *w, const uint64_t *row)
{
    TokenBits bits;

    memcpy(&bits, (const char *)row + w->offset, sizeof bits);
    return bits;
}

/* Who passes the phase's test of this number. */
static inline TokenBits
passing(const Window *w, uint16_t number)
{
    return window_bits(w, rows_of(w->rows, number));
}

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

/* Which tokens are of one scope with those behind them. */
static void
join_tokens(Window *w)
{
    w->joined[0] = w->inside & ~w->last;
    for (uint32_t i = 1; i < SCOPE_STEPS; i++)
        w->joined[i] = w->joined[i - 1] & w->joined[i - 1] >> (1 << (i - 1));
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
    w->inside = w->accept;
    join_tokens(w);
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
    w->inside = range_bits(scope.start > w->base ? scope.start - w->base : 0,
                           w->runs_on ? WINDOW_TOKENS : scope.end - w->base);
    join_tokens(w);
}

/* ---- running a tree */

static const Where NOWHERE, EVERYWHERE = {~(TokenBits)0, ~(TokenBits)0};

static inline bool
is_nowhere(const Where *where)
{
    return (where->at | where->end) == 0;
}

/* The tokens behind which the rest matches.  `unsure`: what to take where the window ends before the scope does. */
static inline TokenBits
behind(const Window *w, const Where *rest, bool unsure)
{
    TokenBits next = rest->at >> 1;

    if (w->runs_on && unsure)
        next |= bit_at(WINDOW_TOKENS - 1);
    return (next & ~w->last) | (rest->end & w->last);
}

static inline void
join(Where *a, const Where *b)
{
    a->at |= b->at;
    a->end |= b->end;
}

static inline void
run_test(Window *w, uint16_t number, Where *rest, bool may)
{
    rest->at = behind(w, rest, may) & passing(w, number);
    rest->end = 0;
}

static void run(Window *w, const Step *s, Where *rest, bool may);

/* Zero to `times` tokens that pass, and then the rest. */
static void
run_tokens(const Window *w, TokenBits pass, int times, Where *rest, bool may)
{
    TokenBits inside = ~w->last & pass;
    Where from = {behind(w, rest, may) & pass, 0};

    for (int i = 0; i < times && from.at & ~rest->at; i++) {
        rest->at |= from.at;
        from.at = behind(w, &from, may) & inside;
    }
}

static void
run_repeat(Window *w, const Step *s, Where *rest, bool may)
{
    const Step *inner = s + 1;
    bool one = inner->kind == NODE_TEST;

    /* What must not give back: exact for a run of one test, which ends where no more tokens pass; else what may match is
     * what would match if it gave back, and what must match is nothing. */
    if (s->sticky && one && s->times_more == WINDOW_TOKENS) {
        rest->at &= ~passing(w, inner->number);
    } else if (s->sticky && !may) {
        *rest = NOWHERE;
        return;
    }
    if (~rest->at == 0 && ~rest->end == 0) {
        /* what may be left out here restricts nothing */
    } else if (one) {
        run_tokens(w, passing(w, inner->number), s->times_more, rest, may);
    } else {
        Where fresh = *rest;
        for (int i = 0; i < s->times_more; i++) {
            run(w, inner, &fresh, may);
            fresh = (Where){fresh.at & ~rest->at, fresh.end & ~rest->end};
            if (is_nowhere(&fresh))
                break;
            join(rest, &fresh);
        }
    }
    for (int i = 0; i < s->times_least; i++)
        run(w, inner, rest, may);
}

/* What a look behind sees from each place; each of its alternatives has a fixed length. */
static Where
see_behind(Window *w, const Step *s, bool may)
{
    Where seen = NOWHERE, one = EVERYWHERE;

    if (s->kind == NODE_CHOICE) {
        for (const Step *member = s + 1; member < s + s->size; member += member->size) {
            one = see_behind(w, member, may);
            join(&seen, &one);
        }
        return seen;
    }
    run(w, s, &one, may);
    for (int length = 0; length < s->length; length++)
        one = (Where){(one.at & ~w->last) << 1, one.at & w->last};
    return one;
}

/* What a look ahead or behind sees: the same whatever the rest is, so worked out once. */
static const Where *
see(Window *w, const Step *s, bool may)
{
    Where *seen = &w->seen[s->number];
    bool inner = may != s->negative;

    if (w->looked[s->number])
        return seen;
    w->looked[s->number] = true;
    if (s->kind == NODE_AHEAD) {
        *seen = EVERYWHERE;
        run(w, s + 1, seen, inner);
    } else {
        *seen = see_behind(w, s + 1, inner);
    }
    return seen;
}

static void
run_look(Window *w, const Step *s, Where *rest, bool may)
{
    const Where *seen = see(w, s, may);
    TokenBits flip = s->negative ? ~(TokenBits)0 : 0;

    rest->at &= seen->at ^ flip;
    rest->end &= seen->end ^ flip;
}

static void
run_choice(Window *w, const Step *s, Where *rest, bool may)
{
    Where any = NOWHERE, one;

    for (const Step *member = s + 1; member < s + s->size; member += member->size) {
        one = *rest;
        run(w, member, &one, may);
        join(&any, &one);
    }
    *rest = any;
}

/* Where s and then the rest match, in the place of the rest.  `may`: where they may match is wanted; else where they must. */
static void
run(Window *w, const Step *s, Where *rest, bool may)
{
    /* where the scope goes on behind the window, the rest may match there */
    if (is_nowhere(rest) && !(w->runs_on && may))
        return;
    switch (s->kind) {
    case NODE_TEST:
        run_test(w, s->number, rest, may);
        break;
    case NODE_SEQUENCE:
        for (const Step *one = s + 1; one < s + s->size; one += one->size) {
            if (one->kind == NODE_TEST)
                run_test(w, one->number, rest, may);
            else
                run(w, one, rest, may);
            if (is_nowhere(rest) && !(w->runs_on && may))
                return;
        }
        break;
    case NODE_CHOICE:
        run_choice(w, s, rest, may);
        break;
    case NODE_REPEAT:
        run_repeat(w, s, rest, may);
        break;
    case NODE_AHEAD:
    case NODE_BEHIND:
        run_look(w, s, rest, may);
        break;
    case NODE_START:
        *rest = (Where){rest->at & w->first, 0};
        break;
    case NODE_END:
        rest->at = 0;
        break;
    default:
        break;
    }
}

/* The last tokens of those scopes that have one of the tokens.  (Adding ones to a scope's tokens carries into its last.) */
static inline TokenBits
scopes_with(const Window *w, TokenBits tokens)
{
    TokenBits inner = w->inside & ~w->last;

    tokens &= w->inside;
    return (((tokens & inner) + inner) | tokens) & w->last;
}

/* The tokens of a set that stand `distance` tokens before one of the row (if it is less than 0, behind one): `to`, or the row itself;
 * NULL if there is none.  Beyond the stretch none is looked for. */
static const uint64_t *
keep_anchored(const Rows *r, const uint64_t *set, const uint64_t *row, int distance, uint64_t *to)
{
    RowPart any = {0}, both;
    uint64_t before = 0, one;

    if (distance == 0 && set == r->everybody)
        return row;
    if (distance == 0) {
        for (uint32_t k = 0; k < r->width; k += WIDE)
            any |= *row_part(to + k) = row_of(set + k) & row_of(row + k);
    } else if (distance > 0) {
        for (uint32_t k = 0; k < r->width; k += WIDE) {
            both = row_of(set + k) & (row_of(row + k) >> distance | row_of(row + k + 1) << (64 - distance));
            any |= both;
            *row_part(to + k) = both;
        }
    } else {
        for (uint32_t k = 0; k < r->width; k++) {
            one = set[k] & (row[k] << -distance | before >> (64 + distance));
            before = row[k];
            any[0] |= one;
            to[k] = one;
        }
    }
    return row_any(any) ? to : NULL;
}

static bool
any_passes(const Rows *r, const uint64_t *row)
{
    RowPart any = {0};

    for (uint32_t k = 0; k < r->width; k += WIDE)
        any |= row_of(row + k);
    return row_any(any);
}

bool
window_lives(Window *w, const Rule *rule, LiveRule *live, uint64_t *anchored)
{
    *live = (LiveRule){.rule = rule, .steps = w->filter->steps + rule->steps, .anchored = w->rows->everybody};
    for (uint32_t i = 0; i < rule->need_count; i++) {
        const NeedRow *need = &rule->need_rows[i];
        const uint64_t *row = rows_of(w->rows, need->row);
        if (need->distance == NEED_ANYWHERE) {
            if (!any_passes(w->rows, row) && !w->runs_on) /* else it may stand behind the stretch */
                return false;
            live->needs[live->need_count++] = row;
        } else {
            live->anchored = keep_anchored(w->rows, live->anchored, row, need->distance, anchored);
            if (live->anchored == NULL)
                return false;
        }
    }
    return true;
}

/* All tokens of the scopes whose last ones these are.  (Filling by doubling steps.) */
static inline TokenBits
whole_scopes(const Window *w, TokenBits tokens)
{
    for (uint32_t i = 0; i < SCOPE_STEPS; i++)
        tokens |= tokens >> (1 << i) & w->joined[i];
    return tokens;
}

TokenBits
window_anchored(Window *w, const LiveRule *live)
{
    TokenBits scopes, anchored = window_bits(w, live->anchored) & w->accept;

    if (w->runs_on || anchored == 0 || live->need_count == 0)
        return anchored;
    scopes = scopes_with(w, anchored);
    for (uint32_t i = 0; i < live->need_count; i++)
        if ((scopes &= scopes_with(w, window_bits(w, live->needs[i]))) == 0)
            return 0;
    return anchored & whole_scopes(w, scopes);
}

TokenBits
window_find(Window *w, const LiveRule *live)
{
    Where all = EVERYWHERE;

    run(w, live->steps, &all, true);
    return all.at & w->accept;
}
