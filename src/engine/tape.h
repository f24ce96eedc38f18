/* The feature tape: which token bears which feature.  It lies as rows of bits, a row for each bit that a rule or a stage asks
 * for and in it a bit for each token, so that a rule can be tried on many tokens at once (window.h) and on one. */
#ifndef ONRECORD_ENGINE_TAPE_H
#define ONRECORD_ENGINE_TAPE_H

#include "engine/features.h"
#include "text/article.h"

enum { TAPE_BITS = 1024 }; /* the most rows that there may be */

/* An empty tape of so many rows, and one more that nobody asks for, for the article's tokens; and where each of so many rule words stands. */
void tape_make(Article *a, uint32_t rows, uint32_t words);

/* The first of the places of a word, an index of a->word_at, that is not before a token. */
uint32_t tape_word_from(const Article *a, uint32_t word, uint32_t token);

static inline uint64_t *
tape_row(const Article *a, uint16_t bit)
{
    return a->tape + (size_t)bit * a->tape_words;
}

static inline bool
tape_bit(const Article *a, uint32_t token, uint16_t bit)
{
    return bit != BIT_NONE && (tape_row(a, bit)[token >> 6] >> (token & 63) & 1);
}

/* The first token from `token` on that bears the bit, which is on the tape; `end` if there is none before it. */
static inline uint32_t
tape_next(const Article *a, uint32_t token, uint32_t end, uint16_t bit)
{
    const uint64_t *row = tape_row(a, bit);

    while (token < end) {
        uint64_t word = row[token >> 6] >> (token & 63);
        if (word)
            return token + (uint32_t)__builtin_ctzll(word) < end ? token + (uint32_t)__builtin_ctzll(word) : end;
        token = (token | 63) + 1;
    }
    return end;
}

static inline void
tape_set(Article *a, uint32_t token, uint16_t bit)
{
    if (bit != BIT_NONE && !tape_bit(a, token, bit)) {
        tape_row(a, bit)[token >> 6] |= 1ull << (token & 63);
        a->tape_version++;
    }
}

static inline void
tape_clear(Article *a, uint32_t token, uint16_t bit)
{
    if (tape_bit(a, token, bit)) {
        tape_row(a, bit)[token >> 6] &= ~(1ull << (token & 63));
        a->tape_version++;
    }
}

/* Does a token pass a test (pattern.h)? */
struct TokenTest;
bool tape_passes(const Article *a, uint32_t token, const struct TokenTest *test);

#endif
