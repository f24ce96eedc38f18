/* Rows of a bit for each token, as the tape has them, moved along the text.  Behind its last token a row has a word of zeros. */
#ifndef ONRECORD_STAGES_NAMES_BITS_H
#define ONRECORD_STAGES_NAMES_BITS_H

#include <stdbool.h>
#include <stdint.h>

static inline bool
bits_have(const uint64_t *row, uint32_t token)
{
    return row[token >> 6] >> (token & 63) & 1;
}

static inline void
bits_add(uint64_t *row, uint32_t token)
{
    row[token >> 6] |= 1ull << (token & 63);
}

/* A word of a row in which each token has the bit of the one so many before it, or behind it. */
static inline uint64_t
bits_before(const uint64_t *row, uint32_t word, int by)
{
    return row[word] << by | (word ? row[word - 1] >> (64 - by) : 0);
}

static inline uint64_t
bits_behind(const uint64_t *row, uint32_t word, int by)
{
    return row[word] >> by | row[word + 1] << (64 - by);
}

/* The row from a token on. */
static inline uint64_t
bits_from(const uint64_t *row, uint32_t token)
{
    return row[token >> 6] >> (token & 63) | row[(token >> 6) + 1] << 1 << (63 - (token & 63));
}

#endif
