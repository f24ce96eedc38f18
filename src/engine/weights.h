/* Fitted weights: how much each piece of evidence counts for each type of name.
 *
 * A line of the file is `template TAB value TAB person organization place person organization place`: the first three are for
 * the first reading of an article, the others for the second, which also knows what the first one found.  The value may
 * have several parts, joined by `|`. */
#ifndef ONRECORD_ENGINE_WEIGHTS_H
#define ONRECORD_ENGINE_WEIGHTS_H

#include "base/buf.h"
#include "base/error.h"
#include "base/hash.h"

enum { WEIGHTS = 6, WEIGHTS_ROW = 8 }; /* a row is padded, so that the processor adds it in two steps */

typedef struct {
    uint32_t check, row; /* row 0: an empty slot */
} WeightSlot;

enum { WEIGHTS_SIEVE = 1 << 16 }; /* bytes */

typedef struct {
    const WeightSlot *slots;
    const float *rows; /* WEIGHTS_ROW each; row 0 is all zero */
    const uint8_t *sieve; /* a bit for each key: most evidence has no weight, and this says so from the cache */
    uint32_t mask, count;
} Weights;

/* The row for a key, or NULL. */
static inline const float *
weights_find(const Weights *w, uint64_t key)
{
    uint32_t at = (uint32_t)key & w->mask;

    uint32_t bit = (uint32_t)(key >> 20) & (WEIGHTS_SIEVE * 8 - 1);

    if (w->count == 0 || !(w->sieve[bit >> 3] >> (bit & 7) & 1))
        return NULL;
    for (; w->slots[at].row; at = (at + 1) & w->mask)
        if (w->slots[at].check == (uint32_t)(key >> 32))
            return w->rows + (size_t)w->slots[at].row * WEIGHTS_ROW;
    return NULL;
}

/* The key of a piece of evidence: the hash of its template's name and of each part of its value. */
static inline uint64_t
weight_key(uint64_t template_hash, uint64_t value_hash)
{
    return hash_pair(template_hash, value_hash);
}

/* Read a weights file into *out, whose arrays the caller frees with weights_close.  False on a fault. */
void weights_close(Weights *weights);
bool weights_read(Weights *out, const char *path, const char *bytes, size_t len, Error *err);

#endif
