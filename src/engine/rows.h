/* Who passes a test?  Worked out for a *stretch* of the article at once: a row with a bit for each token, made from the
 * rows of the tape.
 *
 * All rules together ask some thousand different questions of a token, and most articles nearly all of them.  So the
 * tests that only words and lists answer are one list of steps, which is gone through once, without a branch, where one
 * stretch holds the whole article.  In a longer one each is worked out when it is first asked, as are tests that ask
 * for what stages mark. */
#ifndef ONRECORD_ENGINE_ROWS_H
#define ONRECORD_ENGINE_ROWS_H

#include "engine/rowtests.h"

/* In words of 64 tokens: the longest stretch; what is joined in one go; how far beyond a row's end a window at its end looks.
 * (What it sees there is of no account: no scope goes on there.) */
enum { STRETCH_WORDS = 64, WIDE = 2, BEYOND = 3 };

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

typedef struct {
    const RowTests *tests;
    const Article *a;      /* NULL: none */
    uint32_t version;      /* of its tape */
    uint32_t from, to;     /* the stretch, in words of the tape's rows */
    uint32_t first, span;  /* its first token, and how many from there on have enough of it ahead of them */
    uint32_t width;        /* words from one row to the next in `made` */
    const uint64_t **rows; /* for each row who passes, from `from` on; NULL: not worked out */
    uint8_t *some;         /* for each row: 0 if it is known that nobody passes */
    uint16_t *words;       /* those that stand in the article */
    uint64_t everybody[STRETCH_WORDS + BEYOND]; /* the row that all pass */
    uint64_t *made;        /* the rows of tests, in the order of their numbers */
} Rows;

/* Room for the rows; free with rows_close. */
void rows_init(Rows *r, const RowTests *tests);
void rows_close(Rows *r);

void rows_move(Rows *r, const Article *a, uint32_t token);

/* Do the token, and 128 from there on, lie in the stretch, and do the rows hold what the tape says now? */
static inline bool
rows_hold(const Rows *r, const Article *a, uint32_t token)
{
    return r->a == a && r->version == a->tape_version && token - r->first < r->span;
}

/* Have them do so. */
static inline void
rows_reach(Rows *r, const Article *a, uint32_t token)
{
    if (!rows_hold(r, a, token))
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

/* Does a token, which may lie outside the stretch, pass the test that has this row? */
static inline bool
rows_pass(Rows *r, const Article *a, uint32_t token, uint16_t row)
{
    uint32_t at = (token >> 6) - r->from;

    return at < r->to - r->from ? rows_of(r, row)[at] >> (token & 63) & 1 : tests_pass(r->tests, a, token, row);
}

#endif
