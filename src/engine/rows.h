/* Who passes a test?  Worked out for a *stretch* of the article at once: a row with a bit for each token, made from the
 * rows of the tape.
 *
 * All rules together ask some thousand different questions of a token, but a phase asks only those that decide something
 * (prefilter.h), and what an article has nothing of is told by a pointer to the one row of nobody.  So each is worked out
 * when it is first asked, and kept until a bit of the tape that it depends on changes. */
#ifndef ONRECORD_ENGINE_ROWS_H
#define ONRECORD_ENGINE_ROWS_H

#include "base/vec.h"
#include "engine/pattern.h"
#include "engine/tape.h"

enum {
    STRETCH_WORDS = 256, /* of 64 tokens: the longest stretch … */
    WIDE = 2,            /* … and what is joined in one go, a RowPart */
    ROW_BESIDE = WIDE    /* words that may be looked into behind a row */
};

/* A part of a row as the processor takes it in. */
typedef uint64_t RowPart __attribute__((vector_size(8 * WIDE), aligned(8), may_alias));

static inline RowPart *
row_part(uint64_t *row)
{
    return (RowPart *)row;
}

static inline RowPart
row_of(const uint64_t *row)
{
    return *(const RowPart *)row;
}

static inline bool
row_any(RowPart part)
{
    return (part[0] | part[1]) != 0;
}

/* The numbers of rows: the bits of the tape, rule words, tests that do not change, and those that do. */
enum { WORD_ROWS = TAPE_BITS, FIXED_ROWS = 1 << 14, CHANGING_ROWS = 1 << 15, ROWS_MAX = 1 << 16 };

/* How the row of a test is made of other rows: it joins any number of them, or takes what two have in common. */
typedef struct {
    bool joins;
    bool flip;             /* what they are joined to is turned round … */
    uint32_t from, to;     /* … and they are parts[from .. to) */
    bool flip_a, flip_b;   /* or each of the two is turned round first */
    uint16_t a, b;
    uint64_t bits;         /* of the tape on which it depends and that may change: see tape_mark_of */
} RowStep;

/* What all rules ask of tokens, each once. */
typedef struct {
    Arena *arena;
    uint32_t word_count;          /* words up to this number are asked for */
    VEC(RowStep) fixed, changing;
    VEC(uint16_t) parts;          /* what they are joined from */
    struct RowSlot {
        uint64_t hash;
        uint16_t row; /* 0: an empty slot */
    } * slots;        /* hash table of the tests */
    uint32_t slot_mask, count;
    bool too_many; /* there were no more numbers */
} RowTests;

/* The row of a test.  (Equal tests have one row, whichever rule they stand in.) */
uint16_t tests_row(RowTests *tests, const TokenTest *test);

typedef struct {
    const RowTests *tests;
    const Article *a;       /* NULL: none */
    uint32_t from, to;      /* the stretch, in words of the tape's rows */
    uint32_t first, span;   /* its first token, and how many from there on have enough of it ahead of them */
    uint32_t width;         /* words from one row to the next in `made` */
    bool is_new;            /* it was reached just now, or a run begins; whoever asks takes it back */
    const uint64_t **rows;  /* for each row who passes, from `from` on; NULL: not worked out */
    uint64_t *made;         /* the rows of tests, in the order of their numbers */
    uint16_t *fixed, *changing; /* the rows that are worked out */
    uint32_t fixed_count, changing_count;
    uint64_t plain[2][STRETCH_WORDS + ROW_BESIDE]; /* nobody passes; everybody does.  What nobody passes has the first of them for its row */
} Rows;

/* Room for the rows; free with rows_close. */
void rows_init(Rows *r, const RowTests *tests);
void rows_close(Rows *r);

void rows_move(Rows *r, const Article *a, uint32_t token);

/* Have the token, and 128 from there on, lie in the stretch, and the rows hold what the tape says now. */
static inline void
rows_reach(Rows *r, const Article *a, uint32_t token)
{
    if (r->a != a || token - r->first >= r->span || *a->tape_changed)
        rows_move(r, a, token);
}

/* Forget what was worked out: another article, or another tape. */
void rows_forget(Rows *r);

const uint64_t *rows_work_out(Rows *r, uint16_t row);

/* Who of the stretch passes. */
static inline const uint64_t *
rows_of(Rows *r, uint16_t row)
{
    const uint64_t *made = r->rows[row];

    return made ? made : rows_work_out(r, row);
}

/* Does a token, which may lie outside the stretch, pass the test, which has this row? */
static inline bool
rows_pass(Rows *r, const Article *a, uint32_t token, uint16_t row, const TokenTest *test)
{
    uint32_t at = (token >> 6) - r->from;

    return at < r->to - r->from ? rows_of(r, row)[at] >> (token & 63) & 1 : tape_passes(a, token, test);
}

#endif
