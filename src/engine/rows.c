#include "engine/rows.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

enum { OPERAND_BIT, OPERAND_TEST, OPERAND_WORD };

/* ---- laying out */

typedef struct {
    PhaseTests *tests;
    Arena *arena;
    bool any; /* gathering the alternatives of an OR, or the members of an AND */
    VEC(Operand) operands;
} Gatherer;

/* NOT (a OR b) is NOT a AND NOT b: can the members of such a test be members of what is gathered? */
static bool
joins(const Gatherer *g, bool is_or, bool negated)
{
    return is_or == (g->any != negated);
}

static void
add_bit(Gatherer *g, uint16_t bit, bool negated)
{
    if (bit != BIT_NONE)
        *vec_push(g->arena, &g->operands) = (Operand){bit, OPERAND_BIT, negated};
}

static void
add_words(Gatherer *g, const TokenTest *test)
{
    for (uint32_t i = 0; i < test->word_span; i++)
        if (test_has_word(test, (uint16_t)(test->first_word + i)))
            *vec_push(g->arena, &g->operands) = (Operand){(uint16_t)(test->first_word + i), OPERAND_WORD, false};
}

static void
gather(Gatherer *g, const TokenTest *test, bool negated)
{
    bool two = test->bits[0] != BIT_NONE && test->bits[1] != BIT_NONE, one = test->bits[0] != test->bits[1] && !two;

    if (test->kind == TEST_NOT) {
        gather(g, test->a, !negated);
    } else if (test->kind == TEST_WORDS && g->any && !negated) {
        add_words(g, test);
    } else if (test->kind == TEST_BITS && (one || joins(g, true, negated))) {
        add_bit(g, test->bits[0], negated);
        add_bit(g, test->bits[1], negated);
    } else if ((test->kind == TEST_OR || test->kind == TEST_AND) && joins(g, test->kind == TEST_OR, negated)) {
        gather(g, test->a, negated);
        gather(g, test->b, negated);
    } else {
        *vec_push(g->arena, &g->operands) = (Operand){tests_number(g->tests, test, g->arena), OPERAND_TEST, negated};
    }
}

uint16_t
tests_number(PhaseTests *tests, const TokenTest *test, Arena *arena)
{
    Gatherer g = {.tests = tests, .arena = arena};
    const TokenTest *inner = test;
    RowTest row = {0};
    uint32_t number;
    bool negated = false;

    for (number = 0; number < tests->hashes.count; number++)
        if (tests->hashes.items[number] == test->hash)
            return ((TokenTest *)test)->number = (uint16_t)number; /* the trees are the phase's alone */
    *vec_push(arena, &tests->hashes) = test->hash;
    vec_push(arena, &tests->tests);
    for (; inner->kind == TEST_NOT; inner = inner->a)
        negated = !negated;
    if (test->kind != TEST_ANY) { /* every token passes all of no operands */
        g.any = row.any = (inner->kind != TEST_AND) != negated;
        gather(&g, test, false);
    }
    row.from = tests->operands.count;
    row.count = (uint16_t)g.operands.count;
    for (uint32_t i = 0; i < g.operands.count; i++)
        *vec_push(arena, &tests->operands) = g.operands.items[i];
    tests->tests.items[number] = row;
    return ((TokenTest *)test)->number = (uint16_t)number;
}

/* ---- room */

void
rows_init(Rows *r, const PhaseTests *tests)
{
    *r = (Rows){.tests = tests,
                .rows = mem_zero(tests->tests.count + 1, sizeof *r->rows),
                .made = mem_zero((tests->tests.count + 1) * STRETCH_WORDS, sizeof *r->made)};
}

void
rows_close(Rows *r)
{
    free(r->rows);
    free(r->made);
    *r = (Rows){0};
}

void
rows_forget(Rows *r)
{
    r->a = NULL;
    r->from = r->to = 0;
}

/* ---- the stretch */

void
rows_reach(Rows *r, const Article *a, uint32_t token)
{
    enum { BEHIND = 1, AHEAD = 3 }; /* words that are looked at with one */
    uint32_t first = token / 64, end = (a->tokens.count + 63) / 64 + 2;
    bool there = r->a == a && r->from <= first && (first + AHEAD <= r->to || r->to == end);

    if (there && r->version == a->tape_version)
        return;
    memset(r->rows, 0, r->tests->tests.count * sizeof *r->rows);
    r->version = a->tape_version;
    if (there)
        return;
    r->a = a;
    r->from = first > BEHIND ? first - BEHIND : 0;
    r->to = r->from + STRETCH_WORDS < end ? r->from + STRETCH_WORDS : end;
    r->is_new = true;
}

/* ---- tests */

/* Add where a word stands. */
static void
mark_word(const Rows *r, uint32_t word, uint64_t *out)
{
    const Article *a = r->a;
    uint32_t start = r->from * 64, end = r->to * 64, high = a->word_from[word + 1], low = a->word_from[word];

    if (start > 0)
        low = tape_word_from(a, word, start);
    for (; low < high && a->word_at[low] < end; low++)
        out[(a->word_at[low] - start) >> 6] |= 1ull << (a->word_at[low] & 63);
}

static const uint64_t *
operand_row(Rows *r, Operand operand)
{
    return operand.kind == OPERAND_TEST ? rows_of(r, operand.number) : tape_row(r->a, operand.number) + r->from;
}

static void
add_operand(uint64_t *restrict out, const uint64_t *restrict row, uint32_t count, bool any, bool negated)
{
    uint64_t flip = negated ? ~0ull : 0;

    if (any)
        for (uint32_t i = 0; i < count; i++)
            out[i] |= row[i] ^ flip;
    else
        for (uint32_t i = 0; i < count; i++)
            out[i] &= row[i] ^ flip;
}

const uint64_t *
rows_work_out(Rows *r, uint16_t number)
{
    const RowTest *test = &r->tests->tests.items[number];
    const Operand *operands = r->tests->operands.items + test->from;
    uint64_t *out = r->made + (size_t)number * STRETCH_WORDS;

    if (test->count == 1 && !operands[0].negated && operands[0].kind != OPERAND_WORD)
        return r->rows[number] = operand_row(r, operands[0]);
    memset(out, test->any ? 0 : 0xff, STRETCH_WORDS * sizeof *out);
    for (uint32_t i = 0; i < test->count; i++)
        if (operands[i].kind == OPERAND_WORD)
            mark_word(r, operands[i].number, out);
        else
            add_operand(out, operand_row(r, operands[i]), r->to - r->from, test->any, operands[i].negated);
    return r->rows[number] = out;
}
