#include "engine/rows.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

/* ---- laying out */

typedef struct {
    PhaseTests *tests;
    Arena *arena;
    bool any; /* gathering the alternatives of an OR, or the members of an AND */
    VEC(Operand) operands;
    VEC(uint16_t) words;
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
        *vec_push(g->arena, &g->operands) = (Operand){bit, false, negated};
}

static void
add_words(Gatherer *g, const TokenTest *test)
{
    for (uint32_t i = 0; i < test->word_span; i++)
        if (test_has_word(test, (uint16_t)(test->first_word + i)))
            *vec_push(g->arena, &g->words) = (uint16_t)(test->first_word + i);
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
        *vec_push(g->arena, &g->operands) = (Operand){tests_number(g->tests, test, g->arena), true, negated};
    }
}

/* Does a test ask for what stages mark?  Then its row holds only until they do. */
static bool
changes(const PhaseTests *tests, const RowTest *row)
{
    for (uint32_t i = row->from; i < row->from + row->count; i++) {
        Operand operand = tests->operands.items[i];
        if (operand.is_test ? tests->tests.items[operand.number].changes : bit_changes(operand.number))
            return true;
    }
    return false;
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
    for (uint32_t i = 0; i < g.operands.count; i++)
        *vec_push(arena, &tests->operands) = g.operands.items[i];
    for (uint32_t i = 0; i < g.words.count; i++)
        *vec_push(arena, &tests->operands) = (Operand){.number = g.words.items[i]};
    row.count = (uint16_t)g.operands.count;
    row.words = (uint16_t)g.words.count;
    if ((row.changes = changes(tests, &row)))
        *vec_push(arena, &tests->changing) = (uint16_t)number;
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
    r->version = a->tape_version;
    if (there) {
        for (uint32_t i = 0; i < r->tests->changing.count; i++)
            r->rows[r->tests->changing.items[i]] = NULL;
        return;
    }
    memset(r->rows, 0, r->tests->tests.count * sizeof *r->rows);
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
    return operand.is_test ? rows_of(r, operand.number) : tape_row(r->a, operand.number) + r->from;
}

/* A row as the processor takes it in, two words at a time. */
typedef uint64_t Pair __attribute__((vector_size(16)));
enum { PAIRS = STRETCH_WORDS / 2 };

/* All of the operands that are no words must be so.  (a OR b is NOT (NOT a AND NOT b).) */
static void
join_operands(Rows *r, const Operand *operands, uint32_t count, bool any, uint64_t *out)
{
    Pair all[PAIRS], row;

    for (int k = 0; k < PAIRS; k++)
        all[k] = (Pair){~0ull, ~0ull};
    for (uint32_t i = 0; i < count; i++) {
        const uint64_t *from = operand_row(r, operands[i]);
        uint64_t flip = operands[i].negated != any ? ~0ull : 0;
        for (int k = 0; k < PAIRS; k++) {
            memcpy(&row, from + 2 * k, sizeof row);
            all[k] &= row ^ (Pair){flip, flip};
        }
    }
    for (int k = 0; k < PAIRS; k++)
        all[k] ^= any ? (Pair){~0ull, ~0ull} : (Pair){0, 0};
    memcpy(out, all, sizeof all);
}

const uint64_t *
rows_work_out(Rows *r, uint16_t number)
{
    const RowTest *test = &r->tests->tests.items[number];
    const Operand *operands = r->tests->operands.items + test->from;
    uint64_t *out = r->made + (size_t)number * STRETCH_WORDS;

    if (test->count == 1 && test->words == 0 && !operands[0].negated)
        return r->rows[number] = operand_row(r, operands[0]);
    join_operands(r, operands, test->count, test->any, out);
    for (uint32_t i = 0; i < test->words; i++)
        mark_word(r, operands[test->count + i].number, out);
    return r->rows[number] = out;
}
