#include "engine/rows.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

void
rows_init(Rows *r, const PhaseTests *tests)
{
    *r = (Rows){.tests = tests,
                .rows = mem_zero(tests->count + 1, sizeof *r->rows),
                .made = mem_zero((tests->count + 1) * STRETCH_WORDS, sizeof *r->made)};
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
    memset(r->rows, 0, r->tests->count * sizeof *r->rows);
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
add_word(const Rows *r, uint32_t word, uint64_t *out)
{
    const Article *a = r->a;
    uint32_t start = r->from * 64, end = r->to * 64, high = a->word_from[word + 1], low = a->word_from[word];

    if (start > 0)
        low = tape_word_from(a, word, start);
    for (; low < high && a->word_at[low] < end; low++)
        out[(a->word_at[low] - start) >> 6] |= 1ull << (a->word_at[low] & 63);
}

/* Who is one of the words. */
static void
add_words(const Rows *r, const TokenTest *test, uint64_t *out)
{
    memset(out, 0, STRETCH_WORDS * sizeof *out);
    for (uint32_t part = 0; part * 64 < test->word_span; part++)
        for (uint64_t bits = test->words[part]; bits; bits &= bits - 1)
            add_word(r, test->first_word + part * 64 + (uint32_t)__builtin_ctzll(bits), out);
}

/* The row of the tape with this bit. */
static const uint64_t *
bit_row(const Rows *r, uint16_t bit)
{
    return tape_row(r->a, bit) + r->from;
}

const uint64_t *
rows_work_out(Rows *r, uint16_t number)
{
    const TokenTest *test = r->tests->items[number];
    uint64_t *restrict out = r->made + (size_t)number * STRETCH_WORDS;
    const uint64_t *a = test->a ? rows_of(r, test->a->number) : NULL, *b = test->b ? rows_of(r, test->b->number) : NULL;
    uint32_t count = r->to - r->from;

    switch (test->kind) {
    case TEST_BITS:
        if (test->bits[0] == BIT_NONE || test->bits[1] == BIT_NONE) {
            uint16_t bit = test->bits[test->bits[0] == BIT_NONE];
            if (bit != BIT_NONE)
                return r->rows[number] = bit_row(r, bit);
            memset(out, 0, STRETCH_WORDS * sizeof *out);
            break;
        }
        a = bit_row(r, test->bits[0]);
        b = bit_row(r, test->bits[1]);
        /* fall through */
    case TEST_OR:
        for (uint32_t i = 0; i < count; i++)
            out[i] = a[i] | b[i];
        break;
    case TEST_AND:
        for (uint32_t i = 0; i < count; i++)
            out[i] = a[i] & b[i];
        break;
    case TEST_NOT:
        for (uint32_t i = 0; i < count; i++)
            out[i] = ~a[i];
        break;
    case TEST_WORDS:
        add_words(r, test, out);
        break;
    case TEST_ANY:
        memset(out, 0xff, STRETCH_WORDS * sizeof *out);
        break;
    }
    return r->rows[number] = out;
}
