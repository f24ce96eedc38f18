#include "engine/rows.h"

#include "base/hash.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

/* ---- laying out */

/* The bits of the tape that a row depends on, if they change. */
static uint64_t
changing_bits(const RowTests *tests, uint16_t row)
{
    if (row < TAPE_BITS)
        return bit_changes(row) ? tape_mark_of(row) : 0;
    return row >= CHANGING_ROWS ? tests->changing.items[row - CHANGING_ROWS].bits : 0;
}

/* An operand: what is denied is turned round where it is asked for. */
static uint16_t
operand(RowTests *tests, const TokenTest *test, bool *flip)
{
    for (; test->kind == TEST_NOT; test = test->a)
        *flip = !*flip;
    return tests_row(tests, test);
}

static void
add_part(RowTests *tests, RowStep *step, uint16_t row)
{
    step->bits |= changing_bits(tests, row);
    *vec_push(tests->arena, &tests->parts) = row;
}

static void
ask_for_words(RowTests *tests, uint32_t end)
{
    tests->word_count = end > tests->word_count ? end : tests->word_count;
}

/* What a test is joined from: that is first given its rows, then noted, so that it stands together. */
static void
take_parts(RowTests *tests, const TokenTest *test, RowStep *step, bool note)
{
    if (test->kind == TEST_OR) {
        take_parts(tests, test->a, step, note);
        take_parts(tests, test->b, step, note);
    } else if (test->kind == TEST_BITS) {
        for (int i = 0; i < 2 && note; i++)
            if (test->bits[i] != BIT_NONE)
                add_part(tests, step, test->bits[i]);
    } else if (test->kind == TEST_WORDS) {
        for (uint32_t i = 0; i < test->word_span && note; i++)
            if (test_has_word(test, (uint16_t)(test->first_word + i)))
                add_part(tests, step, (uint16_t)(WORD_ROWS + test->first_word + i));
        ask_for_words(tests, (uint32_t)test->first_word + test->word_span);
    } else if (note) {
        add_part(tests, step, test->row);
    } else {
        tests_row(tests, test);
    }
}

static RowStep
step_of(RowTests *tests, const TokenTest *test)
{
    RowStep step = {.joins = test->kind != TEST_AND};

    if (test->kind == TEST_AND) {
        step.a = operand(tests, test->a, &step.flip_a);
        step.b = operand(tests, test->b, &step.flip_b);
        step.bits = changing_bits(tests, step.a) | changing_bits(tests, step.b);
        return step;
    }
    if (test->kind == TEST_NOT)
        step.a = operand(tests, test, &step.flip);
    else if (test->kind != TEST_ANY)
        take_parts(tests, test, &step, false);
    step.from = tests->parts.count;
    if (test->kind == TEST_NOT)
        add_part(tests, &step, step.a);
    else if (test->kind == TEST_ANY)
        step.flip = true; /* nobody, turned round */
    else
        take_parts(tests, test, &step, true);
    step.to = tests->parts.count;
    return step;
}

static uint16_t
add_test(RowTests *tests, const TokenTest *test)
{
    RowStep step = step_of(tests, test);

    if (tests->changing.count + CHANGING_ROWS + 1 == ROWS_MAX || tests->fixed.count + FIXED_ROWS + 1 == CHANGING_ROWS ||
        tests->word_count > FIXED_ROWS - WORD_ROWS) {
        tests->too_many = true;
        return FIXED_ROWS;
    }
    if (step.bits) {
        *vec_push(tests->arena, &tests->changing) = step;
        return (uint16_t)(CHANGING_ROWS + tests->changing.count - 1);
    }
    *vec_push(tests->arena, &tests->fixed) = step;
    return (uint16_t)(FIXED_ROWS + tests->fixed.count - 1);
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

/* ---- room */

void
rows_init(Rows *r, const RowTests *tests)
{
    size_t count = tests->word_count + tests->fixed.count + tests->changing.count;

    *r = (Rows){.tests = tests,
                .rows = mem_zero(ROWS_MAX, sizeof *r->rows),
                .made = mem_zero(count * STRETCH_WORDS + ROW_BESIDE, sizeof *r->made),
                .fixed = mem_zero(tests->fixed.count + 1, sizeof *r->fixed),
                .changing = mem_zero(tests->changing.count + 1, sizeof *r->changing)};
    memset(r->plain[true], 0xff, sizeof r->plain[true]);
}

void
rows_close(Rows *r)
{
    free(r->rows);
    free(r->made);
    free(r->fixed);
    free(r->changing);
    *r = (Rows){0};
}

/* ---- the stretch */

static void
take_from_tape(Rows *r, uint16_t bit)
{
    const uint64_t *row = tape_row(r->a, bit) + r->from, *end = row + (r->to - r->from);

    r->rows[bit] = r->plain[false];
    for (const uint64_t *at = row; at < end; at++)
        if (*at) {
            r->rows[bit] = row;
            return;
        }
}

/* Forget the rows that depend on these bits of the tape. */
static void
forget_changed(Rows *r, uint64_t bits)
{
    uint32_t kept = 0;

    for (uint32_t i = 0; i < r->changing_count; i++) {
        uint16_t row = r->changing[i];
        r->changing[kept] = row;
        if (r->tests->changing.items[row - CHANGING_ROWS].bits & bits)
            r->rows[row] = NULL;
        else
            kept++;
    }
    r->changing_count = kept;
}

static void
take_changed(Rows *r)
{
    uint64_t bits = *r->a->tape_changed;

    forget_changed(r, bits);
    for (; bits; bits &= bits - 1)
        take_from_tape(r, (uint16_t)__builtin_ctzll(bits));
}

static void
forget_all(Rows *r)
{
    for (uint32_t i = 0; i < r->fixed_count; i++)
        r->rows[r->fixed[i]] = NULL;
    r->fixed_count = 0;
    forget_changed(r, ~0ull);
}

void
rows_forget(Rows *r)
{
    r->a = NULL;
    r->span = 0;
}

static void
open_stretch(Rows *r, const Article *a, uint32_t token)
{
    enum { BEHIND = 1, AHEAD = 3 }; /* words that are looked at with one */
    uint32_t first = token / 64, end = (a->tokens.count + 63) / 64 + 2;

    forget_all(r);
    r->a = a;
    r->from = first > BEHIND && end > STRETCH_WORDS ? first - BEHIND : 0;
    r->to = r->from + STRETCH_WORDS < end ? r->from + STRETCH_WORDS : end;
    r->width = (r->to - r->from + WIDE - 1) / WIDE * WIDE;
    r->first = r->from * 64;
    r->span = (r->to - r->from - (r->to == end ? 0 : AHEAD - 1)) * 64;
    r->is_new = true;
    for (uint32_t bit = 0; bit < a->tape_rows; bit++)
        take_from_tape(r, (uint16_t)bit);
    for (uint32_t word = 0; word < r->tests->word_count; word++)
        r->rows[WORD_ROWS + word] = a->word_from[word] == a->word_from[word + 1] ? r->plain[false] : NULL;
}

void
rows_move(Rows *r, const Article *a, uint32_t token)
{
    if (r->a != a || token - r->first >= r->span)
        open_stretch(r, a, token);
    else
        take_changed(r);
    *a->tape_changed = 0;
}

/* ---- rows */

/* The tokens of the stretch that are this word. */
static const uint64_t *
find_word(const Rows *r, uint32_t word, uint64_t *to)
{
    const uint32_t *at = r->a->word_at + (r->first ? tape_word_from(r->a, word, r->first) : r->a->word_from[word]),
                   *end = r->a->word_at + r->a->word_from[word + 1];

    if (at == end || *at >= r->to * 64)
        return r->plain[false];
    for (uint32_t k = 0; k < r->width; k += WIDE)
        *row_part(to + k) = (RowPart){0};
    for (; at < end && *at < r->to * 64; at++)
        to[(*at - r->first) >> 6] |= 1ull << (*at & 63);
    return to;
}

static void
join_four(const Rows *r, const uint64_t *const *four, uint64_t *to)
{
    const uint64_t *a = four[0], *b = four[1], *c = four[2], *d = four[3];

    for (uint32_t k = 0; k < r->width; k += WIDE)
        *row_part(to + k) = row_of(a + k) | row_of(b + k) | row_of(c + k) | row_of(d + k);
}

static const uint64_t *
turn_round(const Rows *r, const uint64_t *row, uint64_t *to)
{
    if (row == r->plain[false] || row == r->plain[true])
        return r->plain[row == r->plain[false]];
    for (uint32_t k = 0; k < r->width; k += WIDE)
        *row_part(to + k) = ~row_of(row + k);
    return to;
}

/* Who passes one of the parts.  Of most tests no part or only one stands in the article: then there is nothing to do. */
static const uint64_t *
join_parts(Rows *r, const RowStep *step, uint64_t *to)
{
    const uint16_t *part = r->tests->parts.items + step->from, *end = r->tests->parts.items + step->to;
    const uint64_t *four[4] = {r->plain[false]}, *row;
    uint32_t count = 0;

    for (; part < end; part++) {
        if ((row = rows_of(r, *part)) == r->plain[false])
            continue;
        if (count == 4) {
            join_four(r, four, to);
            four[0] = to;
            count = 1;
        }
        four[count++] = row;
    }
    if (count > 1) {
        for (uint32_t i = count; i < 4; i++)
            four[i] = four[1];
        join_four(r, four, to);
        four[0] = to;
    }
    return step->flip ? turn_round(r, four[0], to) : four[0];
}

/* Who passes both: what either of them leaves, if the other one leaves nobody or everybody, is known without work too. */
static const uint64_t *
take_both(Rows *r, const RowStep *step, uint64_t *to)
{
    const uint64_t *a = rows_of(r, step->a), *b;
    RowPart flip_a, flip_b, both, any = {0};

    if (a == r->plain[step->flip_a])
        return r->plain[false];
    b = rows_of(r, step->b);
    if (b == r->plain[step->flip_b])
        return r->plain[false];
    if (a == r->plain[!step->flip_a])
        return step->flip_b ? turn_round(r, b, to) : b;
    if (b == r->plain[!step->flip_b])
        return step->flip_a ? turn_round(r, a, to) : a;
    flip_a = (RowPart){0} - (uint64_t)step->flip_a;
    flip_b = (RowPart){0} - (uint64_t)step->flip_b;
    for (uint32_t k = 0; k < r->width; k += WIDE) {
        both = (row_of(a + k) ^ flip_a) & (row_of(b + k) ^ flip_b);
        any |= both;
        *row_part(to + k) = both;
    }
    return row_any(any) ? to : r->plain[false];
}

const uint64_t *
rows_work_out(Rows *r, uint16_t row)
{
    const RowTests *tests = r->tests;
    const RowStep *step;
    uint32_t place = row - WORD_ROWS;
    uint64_t *to;

    if (row < FIXED_ROWS)
        return r->rows[row] = find_word(r, place, r->made + (size_t)place * r->width);
    if (row < CHANGING_ROWS) {
        r->fixed[r->fixed_count++] = row;
        step = &tests->fixed.items[row - FIXED_ROWS];
        place = tests->word_count + row - FIXED_ROWS;
    } else {
        r->changing[r->changing_count++] = row;
        step = &tests->changing.items[row - CHANGING_ROWS];
        place = tests->word_count + tests->fixed.count + row - CHANGING_ROWS;
    }
    to = r->made + (size_t)place * r->width;
    return r->rows[row] = step->joins ? join_parts(r, step, to) : take_both(r, step, to);
}
