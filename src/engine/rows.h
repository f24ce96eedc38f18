/* Who passes a test?  Worked out when it is first asked, for a *stretch* of the article at once: for each test of a phase a
 * row with a bit for each token, made from the rows of the tape in loops that the compiler can make wide. */
#ifndef ONRECORD_ENGINE_ROWS_H
#define ONRECORD_ENGINE_ROWS_H

#include "base/vec.h"
#include "engine/pattern.h"
#include "engine/tape.h"

enum { STRETCH_WORDS = 20 }; /* of 64 tokens */

/* A test laid out for working out: all of its operands must be so, or any. */
typedef struct {
    uint32_t from;         /* the first of its operands */
    uint16_t count, words; /* behind these stand the words that will do as well (of which it may be any) */
    bool any;
    bool changes; /* stages may mark what it asks for */
} RowTest;

/* An operand: a bit of the tape, or another test; and whether it must not be so.  Of a word, its number. */
typedef struct {
    uint16_t number;
    bool is_test, negated;
} Operand;

/* What the rules of a phase ask of tokens, each once. */
typedef struct {
    VEC(RowTest) tests;
    VEC(uint64_t) hashes;
    VEC(uint16_t) changing; /* the tests that do */
    VEC(Operand) operands;
} PhaseTests;

/* The number of a test among the phase's; all within it is numbered too.  (Equal tests get one number, whichever rule they
 * stand in.) */
uint16_t tests_number(PhaseTests *tests, const TokenTest *test, Arena *arena);

typedef struct {
    const PhaseTests *tests;
    const Article *a;  /* NULL: none */
    uint32_t version;  /* of its tape */
    uint32_t from, to; /* the stretch, in words of the tape's rows */
    bool is_new;       /* it was reached just now, or a run begins; whoever asks takes it back */
    const uint64_t **rows; /* for each test who passes, from `from` on; NULL: not worked out */
    uint64_t *made;    /* for each test room for a row of STRETCH_WORDS */
} Rows;

/* Room for the rows of a phase; free with rows_close. */
void rows_init(Rows *r, const PhaseTests *tests);
void rows_close(Rows *r);

/* Have the token, and 128 from there on, lie in the stretch. */
void rows_reach(Rows *r, const Article *a, uint32_t token);

/* Forget what was worked out: another article, or another tape. */
void rows_forget(Rows *r);

const uint64_t *rows_work_out(Rows *r, uint16_t number);

/* Who of the stretch passes the test of this number. */
static inline const uint64_t *
rows_of(Rows *r, uint16_t number)
{
    const uint64_t *row = r->rows[number];

    return row ? row : rows_work_out(r, number);
}

/* Does a token, which may lie outside the stretch, pass the test, which has this number? */
static inline bool
rows_pass(Rows *r, const Article *a, uint32_t token, uint16_t number, const TokenTest *test)
{
    uint32_t at = (token >> 6) - r->from;

    return at < r->to - r->from ? rows_of(r, number)[at] >> (token & 63) & 1 : tape_passes(a, token, test);
}

#endif
