#include "engine/tape.h"

#include "engine/pattern.h"

enum { BEHIND = 72 }; /* words that a window, and a stretch, at the end of the last row may look into */

/* The tokens sorted by their words. */
static void
index_words(Article *a, uint32_t words)
{
    const Token *tokens = a->tokens.items;
    uint32_t *from = arena_zero(a->arena, ((size_t)words + 3) * sizeof *from), *next = from + 1;

    a->word_at = arena_alloc(a->arena, ((size_t)a->tokens.count + 1) * sizeof *a->word_at);
    for (uint32_t i = 0; i < a->tokens.count; i++)
        next[tokens[i].rule_word + 1]++;
    for (uint32_t w = 0; w < words; w++)
        next[w + 1] += next[w];
    for (uint32_t i = 0; i < a->tokens.count; i++)
        a->word_at[next[tokens[i].rule_word]++] = i;
    a->word_from = from;
}

uint32_t
tape_word_from(const Article *a, uint32_t word, uint32_t token)
{
    uint32_t low = a->word_from[word], high = a->word_from[word + 1];

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (a->word_at[middle] < token)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void
tape_make(Article *a, uint32_t rows, uint32_t words)
{
    index_words(a, words);
    a->rule_words = words;
    a->tape_rows = rows;
    a->tape_words = ((a->tokens.count + 63) / 64 + 1) | 1; /* a word behind them; odd, so that no two rows want the same places of the cache */
    a->tape = arena_zero(a->arena, (((size_t)rows + 1) * a->tape_words + BEHIND) * sizeof *a->tape);
}

bool
tape_passes(const Article *a, uint32_t token, const TokenTest *test)
{
    switch (test->kind) {
    case TEST_BITS:
        return tape_bit(a, token, test->bits[0]) || tape_bit(a, token, test->bits[1]);
    case TEST_WORDS:
        return test_has_word(test, a->tokens.items[token].rule_word);
    case TEST_NOT:
        return !tape_passes(a, token, test->a);
    case TEST_AND:
        return tape_passes(a, token, test->a) && tape_passes(a, token, test->b);
    case TEST_OR:
        return tape_passes(a, token, test->a) || tape_passes(a, token, test->b);
    default:
        return true;
    }
}
