#include "engine/rowtests.h"

#include <stdlib.h>

/* ---- gathering the questions */

/* The slot of the test with this hash, or the empty one where it would be put. */
static struct QuestionSlot *
slot_of(const RowTests *tests, uint64_t hash)
{
    uint32_t at = (uint32_t)hash & tests->slot_mask;

    while (tests->slots[at].number && tests->slots[at].hash != hash)
        at = (at + 1) & tests->slot_mask;
    return &tests->slots[at];
}

static void
make_slots(RowTests *tests)
{
    struct QuestionSlot *old = tests->slots;
    uint32_t size = old ? tests->slot_mask + 1 : 0, more = old ? size * 2 : 8192;

    tests->slots = arena_zero(tests->arena, more * sizeof *tests->slots);
    tests->slot_mask = more - 1;
    for (uint32_t i = 0; i < size; i++)
        if (old[i].number)
            *slot_of(tests, old[i].hash) = old[i];
}

static uint32_t question_of(RowTests *tests, const TokenTest *test);

static RowOperand
operand_bit(uint16_t bit, bool flip)
{
    return (RowOperand){.question = NO_QUESTION, .row = bit, .flip = flip};
}

/* What is denied is turned round where it is asked for. */
static RowOperand
operand_test(RowTests *tests, const TokenTest *test, bool flip)
{
    RowOperand of = {.flip = flip};

    for (; test->kind == TEST_NOT; test = test->a)
        of.flip = !of.flip;
    of.question = question_of(tests, test);
    tests->questions.items[of.question].uses++;
    return of;
}

static RowQuestion
join_bits(const TokenTest *test, RowOperand a, RowOperand b, bool flip)
{
    return (RowQuestion){.test = test, .of = {a, b}, .joined = true, .flip = flip};
}

/* (a OR b is NOT (NOT a AND NOT b); no token passes x AND NOT x.) */
static RowQuestion
make_question(RowTests *tests, const TokenTest *test)
{
    RowQuestion q = {.test = test};

    switch (test->kind) {
    case TEST_WORDS:
        return q;
    case TEST_BITS:
        if (test->bits[0] == BIT_NONE && test->bits[1] == BIT_NONE) /* inside what is never longer than a token */
            return join_bits(test, operand_bit(0, false), operand_bit(0, true), false);
        if (test->bits[0] != BIT_NONE && test->bits[1] != BIT_NONE)
            return join_bits(test, operand_bit(test->bits[0], true), operand_bit(test->bits[1], true), true);
        q.row = test->bits[0] == BIT_NONE ? test->bits[1] : test->bits[0];
        return q;
    case TEST_OR:
    case TEST_AND:
        q.joined = true;
        q.flip = test->kind == TEST_OR;
        q.of[0] = operand_test(tests, test->a, q.flip);
        q.of[1] = operand_test(tests, test->b, q.flip);
        return q;
    case TEST_NOT:
        q.joined = true;
        q.of[0] = operand_test(tests, test, false);
        q.of[1] = operand_test(tests, test, false);
        return q;
    case TEST_ANY:
        break;
    }
    return join_bits(test, operand_bit(0, false), operand_bit(0, true), true);
}

static bool
operand_changes(const RowTests *tests, const RowOperand *of)
{
    return of->question == NO_QUESTION ? bit_changes(of->row) : tests->questions.items[of->question].changes;
}

static uint32_t
question_of(RowTests *tests, const TokenTest *test)
{
    struct QuestionSlot *slot;
    RowQuestion q;

    if (tests->questions.count * 2 >= tests->slot_mask)
        make_slots(tests);
    slot = slot_of(tests, test->hash);
    if (slot->number == 0) {
        q = make_question(tests, test);
        if (q.joined)
            q.changes = operand_changes(tests, &q.of[0]) || operand_changes(tests, &q.of[1]);
        else
            q.changes = test->kind == TEST_BITS && bit_changes(q.row);
        *vec_push(tests->arena, &tests->questions) = q;
        *slot_of(tests, test->hash) = (struct QuestionSlot){test->hash, tests->questions.count};
    }
    ((TokenTest *)test)->question = slot_of(tests, test->hash)->number - 1; /* the trees are the rules' alone */
    return test->question;
}

void
tests_ask(RowTests *tests, const TokenTest *test)
{
    uint32_t question = question_of(tests, test);

    tests->questions.items[question].asked = true;
}

/* ---- laying out the rows */

static uint16_t
add_words(RowTests *tests, const TokenTest *test)
{
    uint16_t row = (uint16_t)(WORD_ROWS + tests->word_rows.count);

    if (row + 1 == FIXED_ROWS) {
        tests->too_many = true;
        return WORD_ROWS;
    }
    *vec_push(tests->arena, &tests->word_tests) = test;
    *vec_push(tests->arena, &tests->word_rows) = tests->words.count;
    for (uint32_t i = 0; i < test->word_span; i++)
        if (test_has_word(test, (uint16_t)(test->first_word + i)))
            *vec_push(tests->arena, &tests->words) = (RowWord){(uint16_t)(test->first_word + i), row};
    return row;
}

static RowQuestion *
operand_question(const RowTests *tests, const RowOperand *of)
{
    return of->question == NO_QUESTION ? NULL : &tests->questions.items[of->question];
}

/* Have a question's operands no row of their own, where they can do without, and say how many passing rows it takes. */
static void
find_passing(RowTests *tests, RowQuestion *q)
{
    for (uint32_t i = 0; i < 2; i++) {
        RowQuestion *other = operand_question(tests, &q->of[i]);
        if (other == NULL || !other->joined || other->asked || other->uses > 1 || other->changes != q->changes)
            continue;
        other->passing = other->depth + i < PASSING;
        if (other->passing && other->depth + i > q->depth)
            q->depth = (uint8_t)(other->depth + i);
    }
    q->depth++;
}

/* Add the steps that make a question's row; `passing` is the first passing row that is free.  It goes into `to`. */
static void
add_steps(const RowTests *tests, MadeRows *made, const RowQuestion *q, uint16_t to, uint16_t passing)
{
    RowStep step = {.to = to, .flip_a = q->of[0].flip, .flip_b = q->of[1].flip, .flip_to = q->flip};
    uint16_t row[2];

    for (uint32_t i = 0; i < 2; i++) {
        const RowQuestion *other = operand_question(tests, &q->of[i]);
        row[i] = other ? other->row : q->of[i].row;
        if (other && other->passing) {
            row[i] = passing;
            add_steps(tests, made, other, row[i], passing);
            passing++;
        }
    }
    step.a = row[0];
    step.b = row[1];
    *vec_push(tests->arena, &made->steps) = step;
}

static uint16_t
add_row(RowTests *tests, const RowQuestion *q)
{
    MadeRows *made = q->changes ? &tests->changing : &tests->fixed;
    uint32_t row = (q->changes ? CHANGING_ROWS : FIXED_ROWS) + made->from.count;

    if (row + 1 >= (q->changes ? ROWS_MAX : CHANGING_ROWS)) {
        tests->too_many = true;
        return FIXED_ROWS;
    }
    *vec_push(tests->arena, &made->tests) = q->test;
    *vec_push(tests->arena, &made->from) = made->steps.count;
    add_steps(tests, made, q, (uint16_t)row, PASSING_ROWS);
    return (uint16_t)row;
}

static int
compare_words(const void *a, const void *b)
{
    const RowWord *x = a, *y = b;

    return x->word != y->word ? (x->word > y->word) - (x->word < y->word) : (x->row > y->row) - (x->row < y->row);
}

static void
order_words(RowTests *tests)
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

void
tests_finish(RowTests *tests)
{
    for (uint32_t i = 0; i < tests->questions.count; i++)
        if (tests->questions.items[i].joined)
            find_passing(tests, &tests->questions.items[i]);
    for (uint32_t i = 0; i < tests->questions.count; i++) {
        RowQuestion *q = &tests->questions.items[i];
        if (q->joined && !q->passing)
            q->row = add_row(tests, q);
        else if (q->test->kind == TEST_WORDS)
            q->row = add_words(tests, q->test);
    }
    *vec_push(tests->arena, &tests->fixed.from) = tests->fixed.steps.count;
    *vec_push(tests->arena, &tests->changing.from) = tests->changing.steps.count;
    order_words(tests);
}

bool
tests_pass(const RowTests *tests, const Article *a, uint32_t token, uint16_t row)
{
    if (row < TAPE_BITS)
        return tape_bit(a, token, row);
    if (row < FIXED_ROWS)
        return tape_passes(a, token, tests->word_tests.items[row - WORD_ROWS]);
    if (row < CHANGING_ROWS)
        return tape_passes(a, token, tests->fixed.tests.items[row - FIXED_ROWS]);
    return tape_passes(a, token, tests->changing.tests.items[row - CHANGING_ROWS]);
}
