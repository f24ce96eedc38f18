/* What all rules ask of tokens, each question once: the rows (rows.h) that there are, and how each is made.
 *
 * First every rule says what it asks (tests_ask); then the rows are laid out (tests_finish): one for each test that a rule
 * asks or that several others are made of.  What only one other is made of has no row of its own: it is worked out in
 * a *passing* row, which is written over as soon as it has been used.  (So all rows take a third less of the cache.) */
#ifndef ONRECORD_ENGINE_ROWTESTS_H
#define ONRECORD_ENGINE_ROWTESTS_H

#include "base/vec.h"
#include "engine/pattern.h"
#include "engine/tape.h"

/* The numbers of rows: the bits of the tape, passing rows, then tests for words, then others that do not change, then those
 * that do. */
enum {
    PASSING_ROWS = TAPE_BITS,
    PASSING = 16,
    WORD_ROWS = PASSING_ROWS + PASSING,
    FIXED_ROWS = 1 << 14,
    CHANGING_ROWS = 1 << 15,
    ROWS_MAX = 1 << 16
};

/* One row made of two, or of one taken twice: to = (a and b), each of the three turned round where its flip says so. */
typedef struct {
    uint16_t a, b, to;
    bool flip_a, flip_b, flip_to;
} RowStep;

/* Where a rule word adds to the row of a test. */
typedef struct {
    uint16_t word, row;
} RowWord;

/* Rows that are made of others: the steps that make the first of them, then those of the next ...; where each row's begin, and
 * one more.  What a row is made of stands before it. */
typedef struct {
    VEC(RowStep) steps;
    VEC(uint32_t) from;
    VEC(const TokenTest *) tests; /* of each row */
} MadeRows;

/* What a question is made of: another one, or a row of the tape; turned round where `flip` says so. */
typedef struct {
    uint32_t question; /* NO_QUESTION: the row */
    uint16_t row;
    bool flip;
} RowOperand;

enum { NO_QUESTION = INT32_MAX };

/* A question, while all are gathered. */
typedef struct {
    const TokenTest *test;
    RowOperand of[2]; /* it is (one and the other) … */
    bool joined;      /* … or, if not, a bit of the tape, or words */
    bool flip;        /* turned round */
    bool asked, changes;
    bool passing;  /* it has no row of its own */
    uint8_t depth; /* how many passing rows are in use while it is worked out */
    uint16_t row;
    uint32_t uses; /* how many are made of it */
} RowQuestion;

typedef struct {
    Arena *arena;
    VEC(RowQuestion) questions; /* each after those that it is made of */
    struct QuestionSlot {
        uint64_t hash;
        uint32_t number; /* of the question and 1; 0: an empty slot */
    } * slots;           /* hash table of the tests */
    uint32_t slot_mask;

    VEC(const TokenTest *) word_tests; /* of each row of words */
    VEC(uint32_t) word_rows;         /* where, for each, its words begin (and one more) … */
    VEC(RowWord) words;              /* … here */
    RowWord *by_word;                /* the same in the order of words … */
    uint32_t *from_word, word_count; /* … and where, for each word up to this number, they begin there */
    MadeRows fixed, changing;
    bool too_many; /* there were no more numbers */
} RowTests;

/* A rule asks this test.  (Equal tests are one question, whichever rule they stand in.) */
void tests_ask(RowTests *tests, const TokenTest *test);

/* All rules have asked. */
void tests_finish(RowTests *tests);

/* The row of a test that was asked, once all have asked. */
static inline uint16_t
tests_row(const RowTests *tests, const TokenTest *test)
{
    return tests->questions.items[test->question].row;
}

/* The same of a token by itself, wherever it stands: does it pass the test that has this row? */
bool tests_pass(const RowTests *tests, const Article *a, uint32_t token, uint16_t row);

/* How many rows are made. */
static inline uint32_t
made_rows(const MadeRows *made)
{
    return made->from.count - 1;
}

#endif
