#include "engine/rows.h"

#include "base/hash.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

/* ---- room */

void
rows_init(Rows *r, const RowTests *tests)
{
    size_t count = PASSING + tests->word_rows.count + made_rows(&tests->fixed) + made_rows(&tests->changing);

    *r = (Rows){.tests = tests,
                .rows = mem_zero(ROWS_MAX, sizeof *r->rows),
                .some = mem_zero(ROWS_MAX, sizeof *r->some),
                .made = mem_zero(count * STRETCH_WORDS + BEYOND, sizeof *r->made)};
    r->words = mem_zero(tests->word_count + 1, sizeof *r->words);
    for (uint32_t i = 0; i < PASSING; i++)
        r->rows[PASSING_ROWS + i] = r->made + (size_t)i * STRETCH_WORDS;
    memset(r->some, 1, WORD_ROWS);
    memset(r->everybody, 0xff, sizeof r->everybody);
}

void
rows_close(Rows *r)
{
    free(r->rows);
    free(r->some);
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

/* Does anybody pass? */
static inline bool
take_step(const RowStep *step, const uint64_t *const *rows, uint64_t *to, uint32_t width)
{
    RowPart any = {0}, both;
    const uint64_t *a = rows[step->a], *b = rows[step->b];
    uint64_t flip_a = -(uint64_t)step->flip_a, flip_b = -(uint64_t)step->flip_b, flip_to = -(uint64_t)step->flip_to;

    for (uint32_t k = 0; k < width; k += WIDE) {
        both = ((row_of(a + k) ^ flip_a) & (row_of(b + k) ^ flip_b)) ^ flip_to;
        any |= both;
        *row_part(to + k) = both;
    }
    return row_any(any);
}

/* Where a row lies that is not of the tape. */
static inline uint64_t *
place_of(const Rows *r, uint16_t row)
{
    const RowTests *tests = r->tests;
    uint32_t number = row;

    if (row >= CHANGING_ROWS)
        number += tests->word_rows.count + made_rows(&tests->fixed) - CHANGING_ROWS;
    else
        number += row >= FIXED_ROWS ? tests->word_rows.count - FIXED_ROWS : -(uint32_t)WORD_ROWS;
    return r->made + PASSING * STRETCH_WORDS + (size_t)number * r->width;
}

/* The tokens of a row that are one word: where in the row, and which of the 64 there. */
typedef struct {
    uint32_t count;
    uint32_t at[STRETCH_WORDS];
    uint64_t tokens[STRETCH_WORDS];
} Places;

/* The places in the stretch where a word stands. */
static void
find_places(const Rows *r, uint32_t word, Places *places)
{
    const Article *a = r->a;
    uint32_t start = r->from * 64, end = r->to * 64, high = a->word_from[word + 1], low = a->word_from[word], last = NONE;

    places->count = 0;
    if (low < high && start > 0)
        low = tape_word_from(a, word, start);
    for (; low < high && a->word_at[low] < end; low++) {
        uint32_t at = (a->word_at[low] - start) >> 6;
        if (at != last) {
            places->at[places->count] = last = at;
            places->tokens[places->count++] = 0;
        }
        places->tokens[places->count - 1] |= 1ull << (a->word_at[low] & 63);
    }
}

static inline void
add_places(const Places *places, uint64_t *row)
{
    for (uint32_t i = 0; i < places->count; i++)
        row[places->at[i]] |= places->tokens[i];
}

/* The rule words that stand in the article; their number. */
static uint32_t
find_words(const Rows *r, uint16_t *words)
{
    const uint32_t *from = r->a->word_from;
    uint32_t count = 0;

    for (uint32_t word = 1; word < r->tests->word_count; word++) { /* 0 is that of all others */
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
    Places places;

    memset(place_of(r, WORD_ROWS), 0, tests->word_rows.count * r->width * sizeof *r->made);
    memset(r->some + WORD_ROWS, 0, tests->word_rows.count);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t word = r->words[i];
        find_places(r, word, &places);
        for (uint32_t next = tests->from_word[word]; next < tests->from_word[word + 1]; next++) {
            uint16_t row = tests->by_word[next].row;
            r->some[row] = 1;
            add_places(&places, place_of(r, row));
        }
    }
}

static void
make_fixed_rows(Rows *r)
{
    const MadeRows *fixed = &r->tests->fixed;

    for (uint32_t i = 0; i < fixed->steps.count; i++)
        r->some[fixed->steps.items[i].to] = take_step(&fixed->steps.items[i], r->rows, (uint64_t *)r->rows[fixed->steps.items[i].to], r->width);
}

static void
set_rows(Rows *r, uint32_t row, uint32_t count, bool made)
{
    const uint64_t *at = place_of(r, (uint16_t)row);

    for (uint32_t i = 0; i < count; i++)
        r->rows[row + i] = made ? at + (size_t)i * r->width : NULL;
    memset(r->some + row, 1, count);
}

static void
open_stretch(Rows *r, bool whole)
{
    uint32_t words = r->tests->word_rows.count - 1;

    r->width = (r->to - r->from + WIDE - 1) / WIDE * WIDE;
    for (uint32_t bit = 0; bit < r->a->tape_rows; bit++)
        r->rows[bit] = tape_row(r->a, (uint16_t)bit) + r->from;
    set_rows(r, WORD_ROWS, words, whole);
    set_rows(r, FIXED_ROWS, made_rows(&r->tests->fixed), whole);
    if (whole) {
        make_word_rows(r);
        make_fixed_rows(r);
    }
}

void
rows_move(Rows *r, const Article *a, uint32_t token)
{
    enum { BEHIND = 1, AHEAD = 3 }; /* words that are looked at with one */
    uint32_t first = token / 64, end = (a->tokens.count + 63) / 64;
    bool whole = end <= STRETCH_WORDS;

    if (r->a != a || token - r->first >= r->span) {
        r->a = a;
        r->from = first > BEHIND && !whole ? first - BEHIND : 0;
        r->to = r->from + STRETCH_WORDS < end ? r->from + STRETCH_WORDS : end;
        r->first = r->from * 64;
        r->span = (r->to - r->from - (r->to == end ? 0 : AHEAD - 1)) * 64;
        open_stretch(r, whole);
    }
    r->version = a->tape_version;
    memset(r->rows + CHANGING_ROWS, 0, made_rows(&r->tests->changing) * sizeof *r->rows);
    memset(r->some + CHANGING_ROWS, 1, made_rows(&r->tests->changing));
}

static void
make_words(const Rows *r, uint16_t row, uint64_t *to)
{
    const RowTests *tests = r->tests;
    const uint32_t *from = &tests->word_rows.items[row - WORD_ROWS];

    Places places;

    memset(to, 0, r->width * sizeof *to);
    for (uint32_t i = from[0]; i < from[1]; i++) {
        find_places(r, tests->words.items[i].word, &places);
        add_places(&places, to);
    }
}

static inline bool
make_row(Rows *r, const MadeRows *made, uint32_t number, uint64_t *to)
{
    const RowStep *step = made->steps.items + made->from.items[number], *last = made->steps.items + made->from.items[number + 1] - 1;

    for (const RowStep *s = step; s <= last; s++) { /* first all that it needs: passing rows are written over */
        rows_of(r, s->a);
        rows_of(r, s->b);
    }
    for (; step < last; step++)
        take_step(step, r->rows, (uint64_t *)r->rows[step->to], r->width);
    return take_step(last, r->rows, to, r->width);
}

const uint64_t *
rows_work_out(Rows *r, uint16_t row)
{
    uint64_t *to = place_of(r, row);

    if (row < FIXED_ROWS)
        make_words(r, row, to);
    else if (row < CHANGING_ROWS)
        r->some[row] = make_row(r, &r->tests->fixed, row - FIXED_ROWS, to);
    else
        r->some[row] = make_row(r, &r->tests->changing, row - CHANGING_ROWS, to);
    return r->rows[row] = to;
}
