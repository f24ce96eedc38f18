#include "engine/rows.h"

#include "base/hash.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

/* ---- laying out */

static bool
row_changes(uint16_t row)
{
    return row < TAPE_BITS ? bit_changes(row) : row >= CHANGING_ROWS;
}

/* An operand: what is denied is turned round where it is asked for. */
static void
take_operand(RowTests *tests, const TokenTest *test, uint16_t *row, bool *flip)
{
    for (; test->kind == TEST_NOT; test = test->a)
        *flip = !*flip;
    *row = tests_row(tests, test);
}

/* (a OR b is NOT (NOT a AND NOT b); and what every token passes is NOT (x AND NOT x).) */
static RowStep
step_of(RowTests *tests, const TokenTest *test)
{
    RowStep step = {0};

    switch (test->kind) {
    case TEST_BITS:
        if (test->bits[0] == BIT_NONE) /* inside what is never longer than a token: no token passes */
            return (RowStep){.flip_b = true};
        return (RowStep){test->bits[0], test->bits[1], 0, true, true, true};
    case TEST_OR:
        step.flip_a = step.flip_b = step.flip_to = true;
        /* fall through */
    case TEST_AND:
        take_operand(tests, test->a, &step.a, &step.flip_a);
        take_operand(tests, test->b, &step.b, &step.flip_b);
        return step;
    case TEST_NOT:
        take_operand(tests, test, &step.a, &step.flip_a);
        step.b = step.a;
        step.flip_b = step.flip_a;
        return step;
    default:
        step.flip_b = step.flip_to = true;
        return step;
    }
}

static uint16_t
add_words(RowTests *tests, const TokenTest *test)
{
    uint16_t row = (uint16_t)(WORD_ROWS + tests->word_rows.count);

    if (row + 1 == FIXED_ROWS) {
        tests->too_many = true;
        return WORD_ROWS;
    }
    *vec_push(tests->arena, &tests->word_rows) = tests->words.count;
    for (uint32_t i = 0; i < test->word_span; i++)
        if (test_has_word(test, (uint16_t)(test->first_word + i)))
            *vec_push(tests->arena, &tests->words) = (RowWord){(uint16_t)(test->first_word + i), row};
    return row;
}

static uint16_t
add_test(RowTests *tests, const TokenTest *test)
{
    RowStep step;

    if (test->kind == TEST_WORDS)
        return add_words(tests, test);
    step = step_of(tests, test);
    if (tests->changing.count + CHANGING_ROWS + 1 == ROWS_MAX || tests->fixed.count + FIXED_ROWS + 1 == CHANGING_ROWS) {
        tests->too_many = true;
        return FIXED_ROWS;
    }
    if (row_changes(step.a) || row_changes(step.b)) {
        step.to = (uint16_t)(CHANGING_ROWS + tests->changing.count);
        *vec_push(tests->arena, &tests->changing) = step;
    } else {
        step.to = (uint16_t)(FIXED_ROWS + tests->fixed.count);
        *vec_push(tests->arena, &tests->fixed) = step;
    }
    return step.to;
}

/* The slot of the test with this hash, or the empty one where it would be put. */
static struct RowSlot *
slot_of(const RowTests *tests, uint64_t hash)
{
    uint32_t at = (uint32_t)hash & tests->slot_mask;

    while (tests->slots[at].row && tests->slots[at].hash != hash)
        at = (at + 1) & tests->slot_mask;
    return &tests->slots[at];
}

static void
make_slots(RowTests *tests)
{
    struct RowSlot *old = tests->slots;
    uint32_t size = old ? tests->slot_mask + 1 : 0, more = old ? size * 2 : 4096;

    tests->slots = arena_zero(tests->arena, more * sizeof *tests->slots);
    tests->slot_mask = more - 1;
    for (uint32_t i = 0; i < size; i++)
        if (old[i].row)
            *slot_of(tests, old[i].hash) = old[i];
}

uint16_t
tests_row(RowTests *tests, const TokenTest *test)
{
    uint16_t row;

    if (tests->count * 2 >= tests->slot_mask)
        make_slots(tests);
    if (test->kind == TEST_BITS && (test->bits[0] == BIT_NONE) != (test->bits[1] == BIT_NONE)) {
        row = test->bits[0] == BIT_NONE ? test->bits[1] : test->bits[0];
    } else if ((row = slot_of(tests, test->hash)->row) == 0) {
        row = add_test(tests, test);
        *slot_of(tests, test->hash) = (struct RowSlot){test->hash, row};
        tests->count++;
    }
    return ((TokenTest *)test)->row = row; /* the trees are the rules' alone */
}

static int
compare_words(const void *a, const void *b)
{
    const RowWord *x = a, *y = b;

    return x->word != y->word ? (x->word > y->word) - (x->word < y->word) : (x->row > y->row) - (x->row < y->row);
}

void
tests_finish(RowTests *tests)
{
    size_t size = tests->words.count * sizeof *tests->by_word;

    *vec_push(tests->arena, &tests->word_rows) = tests->words.count;
    tests->by_word = arena_alloc(tests->arena, size + 1);
    if (size == 0)
        return;
    memcpy(tests->by_word, tests->words.items, size);
    qsort(tests->by_word, tests->words.count, sizeof *tests->by_word, compare_words);
    tests->word_count = tests->by_word[tests->words.count - 1].word + 1u;
    tests->from_word = arena_zero(tests->arena, (tests->word_count + 1) * sizeof *tests->from_word);
    for (uint32_t i = 0; i < tests->words.count; i++)
        tests->from_word[tests->by_word[i].word + 1]++;
    for (uint32_t word = 0; word < tests->word_count; word++)
        tests->from_word[word + 1] += tests->from_word[word];
}

/* ---- room */

void
rows_init(Rows *r, const RowTests *tests)
{
    size_t count = tests->word_rows.count + tests->fixed.count + tests->changing.count + 1;

    *r = (Rows){.tests = tests,
                .rows = mem_zero(ROWS_MAX, sizeof *r->rows),
                .made = mem_zero(count * STRETCH_WORDS + WIDE, sizeof *r->made)};
    r->words = mem_zero(tests->word_count + 1, sizeof *r->words);
    memset(r->everybody, 0xff, sizeof r->everybody);
}

void
rows_close(Rows *r)
{
    free(r->rows);
    free(r->made);
    free(r->words);
    *r = (Rows){0};
}

void
rows_forget(Rows *r)
{
    r->a = NULL;
    r->from = r->to = r->span = 0;
}

/* ---- the stretch */

static inline void
take_step(const RowStep *step, const uint64_t *const *rows, uint64_t *to, uint32_t width)
{
    const uint64_t *a = rows[step->a], *b = rows[step->b];
    uint64_t flip_a = -(uint64_t)step->flip_a, flip_b = -(uint64_t)step->flip_b, flip_to = -(uint64_t)step->flip_to;

    for (uint32_t k = 0; k < width; k += WIDE)
        *(RowPart *)(to + k) = ((*(const RowPart *)(a + k) ^ flip_a) & (*(const RowPart *)(b + k) ^ flip_b)) ^ flip_to;
}

/* Where a row lies, if it is one that is made. */
static inline uint64_t *
place_of(const Rows *r, uint16_t row)
{
    const RowTests *tests = r->tests;
    uint32_t number = row;

    if (row >= CHANGING_ROWS)
        number += tests->word_rows.count + tests->fixed.count - CHANGING_ROWS;
    else
        number += row >= FIXED_ROWS ? tests->word_rows.count - FIXED_ROWS : -(uint32_t)WORD_ROWS;
    return r->made + (size_t)number * r->width;
}

/* Add the tokens of the stretch that are this word. */
static void
mark_word(const Rows *r, uint32_t word, uint64_t *out)
{
    const Article *a = r->a;
    uint32_t start = r->from * 64, end = r->to * 64, high = a->word_from[word + 1], low = a->word_from[word];

    if (low < high && start > 0)
        low = tape_word_from(a, word, start);
    for (; low < high && a->word_at[low] < end; low++)
        out[(a->word_at[low] - start) >> 6] |= 1ull << (a->word_at[low] & 63);
}

/* The rule words that stand in the article; their number. */
static uint32_t
find_words(const Rows *r, uint16_t *words)
{
    const uint32_t *from = r->a->word_from;
    uint32_t count = 0;

    for (uint32_t word = 0; word < r->tests->word_count; word++) {
        words[count] = (uint16_t)word;
        count += from[word] != from[word + 1];
    }
    return count;
}

/* All rows of words: each word that stands in the article is looked for once. */
static void
make_word_rows(Rows *r)
{
    const RowTests *tests = r->tests;
    uint32_t count = find_words(r, r->words);
    uint64_t at[STRETCH_WORDS];

    memset(r->made, 0, tests->word_rows.count * r->width * sizeof *r->made);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t word = r->words[i];
        memset(at, 0, r->width * sizeof *at);
        mark_word(r, word, at);
        for (uint32_t next = tests->from_word[word]; next < tests->from_word[word + 1]; next++) {
            uint64_t *row = r->made + (size_t)(tests->by_word[next].row - WORD_ROWS) * r->width;
            for (uint32_t k = 0; k < r->width; k += WIDE)
                *row_part(row + k) |= row_of(at + k);
        }
    }
}

static void
make_fixed_rows(Rows *r)
{
    for (uint32_t i = 0; i < r->tests->fixed.count; i++) {
        const RowStep *step = &r->tests->fixed.items[i];
        take_step(step, r->rows, (uint64_t *)r->rows[step->to], r->width);
    }
}

static void
set_rows(Rows *r, uint32_t row, uint32_t count, bool made)
{
    const uint64_t *at = place_of(r, (uint16_t)row);

    for (uint32_t i = 0; i < count; i++)
        r->rows[row + i] = made ? at + (size_t)i * r->width : NULL;
}

static void
open_stretch(Rows *r, bool whole)
{
    uint32_t words = r->tests->word_rows.count - 1;

    r->width = (r->to - r->from + WIDE - 1) / WIDE * WIDE;
    for (uint32_t bit = 0; bit < r->a->tape_rows; bit++)
        r->rows[bit] = tape_row(r->a, (uint16_t)bit) + r->from;
    set_rows(r, WORD_ROWS, words, whole);
    set_rows(r, FIXED_ROWS, r->tests->fixed.count, whole);
    if (whole) {
        make_word_rows(r);
        make_fixed_rows(r);
    }
}

void
rows_move(Rows *r, const Article *a, uint32_t token)
{
    enum { BEHIND = 1, AHEAD = 3 }; /* words that are looked at with one */
    uint32_t first = token / 64, end = (a->tokens.count + 63) / 64 + 2;
    bool whole = end <= STRETCH_WORDS;

    if (r->a != a || token - r->first >= r->span) {
        r->a = a;
        r->from = first > BEHIND && !whole ? first - BEHIND : 0;
        r->to = r->from + STRETCH_WORDS < end ? r->from + STRETCH_WORDS : end;
        r->first = r->from * 64;
        r->span = (r->to - r->from - (r->to == end ? 0 : AHEAD - 1)) * 64;
        r->is_new = true;
        open_stretch(r, whole);
    }
    r->version = a->tape_version;
    memset(r->rows + CHANGING_ROWS, 0, r->tests->changing.count * sizeof *r->rows);
}

const uint64_t *
rows_work_out(Rows *r, uint16_t row)
{
    const RowTests *tests = r->tests;
    uint64_t *to = place_of(r, row);

    if (row < FIXED_ROWS) {
        const uint32_t *from = &tests->word_rows.items[row - WORD_ROWS];
        memset(to, 0, r->width * sizeof *to);
        for (uint32_t i = from[0]; i < from[1]; i++)
            mark_word(r, tests->words.items[i].word, to);
    } else {
        const RowStep *step =
            row < CHANGING_ROWS ? &tests->fixed.items[row - FIXED_ROWS] : &tests->changing.items[row - CHANGING_ROWS];
        rows_of(r, step->a);
        rows_of(r, step->b);
        take_step(step, r->rows, to, r->width);
    }
    return r->rows[row] = to;
}
