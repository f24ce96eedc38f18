#include "engine/prefilter.h"

#include "base/mem.h"
#include "base/vec.h"
#include "engine/anchors.h"
#include "engine/pattern.h"

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

/* Tests of which some token of every match passes each, from its first one on; the rarest first. */
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

/* `taken`: as many tokens, or more, stand in the match before this part of it. */
static void
find_needs(Arena *arena, const Node *n, int taken, Needs *needs)
{
    Needs a = {{NULL}, 0}, b = {{NULL}, 0};

    switch (n->kind) {
    case NODE_TEST:
        add_need(needs, n->test);
        break;
    case NODE_SEQUENCE:
        find_needs(arena, n->a, taken, needs);
        find_needs(arena, n->b, taken + (n->a->least < WINDOW_TOKENS ? n->a->least : WINDOW_TOKENS), needs);
        break;
    case NODE_CHOICE:
        find_needs(arena, n->a, taken, &a);
        find_needs(arena, n->b, taken, &b);
        if (a.count && b.count)
            add_need(needs, test_or(arena, a.items[0], b.items[0]));
        break;
    case NODE_REPEAT:
        if (n->times_least > 0)
            find_needs(arena, n->a, taken, needs);
        break;
    case NODE_AHEAD:
        if (!n->negative)
            find_needs(arena, n->a, taken, needs);
        break;
    case NODE_BEHIND: /* what may stand before the match only anchors ask for */
        if (!n->negative && n->a->most <= taken)
            find_needs(arena, n->a, taken - n->a->most, needs);
        break;
    case NODE_GROUP:
        find_needs(arena, n->a, taken, needs);
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
    rule->needs[at] = (Need){.test = test, .distance = NEED_AHEAD};
    rule->need_count++;
}

static void
find_all_needs(Rule *rule, Arena *arena)
{
    Needs needs = {{NULL}, 0};

    find_needs(arena, rule->node, 0, &needs);
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
