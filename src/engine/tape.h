/* The feature tape: one record of TAPE_WIDTH bytes for each token, which token rules match with PCRE2 in byte mode.
 *
 * Bytes 0 to 61 hold 496 feature bits; bytes 62 and 63 the number of the token's word among the words that rules name
 * (0: none does).  A rule is only ever tried at the start of a record and every element of it takes whole records, so a
 * match begins and ends between tokens. */
#ifndef ONRECORD_ENGINE_TAPE_H
#define ONRECORD_ENGINE_TAPE_H

#include "engine/features.h"
#include "text/article.h"

enum { TAPE_WORD = 62, TAPE_BITS = 8 * TAPE_WORD };

static inline uint8_t *
tape_at(const Article *a, uint32_t token)
{
    return a->tape + (size_t)token * TAPE_WIDTH;
}

static inline bool
tape_bit(const Article *a, uint32_t token, uint16_t bit)
{
    return bit != BIT_NONE && (tape_at(a, token)[bit >> 3] >> (bit & 7) & 1);
}

static inline void
tape_set(Article *a, uint32_t token, uint16_t bit)
{
    if (bit == BIT_NONE)
        return;
    tape_at(a, token)[bit >> 3] |= (uint8_t)(1u << (bit & 7));
    if (a->planes)
        a->planes[(size_t)bit * a->plane_words + (token >> 6)] |= 1ull << (token & 63);
}

#endif
