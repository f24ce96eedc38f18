/* Fitted weights: how much each piece of evidence counts for each type of name.
 *
 * A line of the file is `template TAB value TAB person organization place person organization place`: the first three are for
 * the first reading of an article, the others for the second, which also knows what the first one found.  The value may
 * have several parts, joined by `|`.  The line `confidence TAB odds` is none of evidence: see Weights. */
#ifndef ONRECORD_ENGINE_WEIGHTS_H
#define ONRECORD_ENGINE_WEIGHTS_H

#include "base/buf.h"
#include "base/error.h"
#include "base/hash.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum { WEIGHTS = 6, WEIGHT_UNIT = 100, WEIGHT_LIMIT = 20 };

/* The weights of a line in hundredths, so that sums are exact in any order, and two numbers more that count nothing, so that
 * the processor adds them in one step.  A weight lies within the limit, and so does what weights_add sums. */
typedef int16_t WeightRow __attribute__((vector_size(16)));

typedef uint32_t WeightPlaces __attribute__((vector_size(16))); /* the same bytes, see weights_are_of */

static inline int16_t
weight_units(float weight)
{
    return (int16_t)(weight * WEIGHT_UNIT + (weight < 0 ? -0.5f : 0.5f));
}

/* Of each number the greater, and the smaller, of the two.  Compilers see one instruction in the loop only where the rows lie in
 * memory. */
static inline WeightRow
weights_most(WeightRow a, WeightRow b)
{
#ifdef __SSE2__
    return (WeightRow)_mm_max_epi16((__m128i)a, (__m128i)b);
#else
    for (int i = 0; i < 8; i++)
        a[i] = a[i] > b[i] ? a[i] : b[i];
    return a;
#endif
}

static inline WeightRow
weights_least(WeightRow a, WeightRow b)
{
#ifdef __SSE2__
    return (WeightRow)_mm_min_epi16((__m128i)a, (__m128i)b);
#else
    for (int i = 0; i < 8; i++)
        a[i] = a[i] < b[i] ? a[i] : b[i];
    return a;
#endif
}

/* The same number eight times. */
static inline WeightRow
weights_all(int16_t number)
{
    return (WeightRow){number, number, number, number, number, number, number, number};
}

/* Add what is kept to what is kept. */
static inline void
weights_add(WeightRow *sum, WeightRow more)
{
    enum { MOST = WEIGHT_LIMIT * WEIGHT_UNIT };

    *sum = weights_most(weights_least(*sum + more, weights_all(MOST)), weights_all(-MOST));
}

/* The lines of a value: the number of its first row, from 1; 0: an empty slot. */
typedef struct {
    uint32_t check, first;
} WeightSlot;

enum { WEIGHTS_SIEVE = 1 << 15 }; /* bytes */

typedef struct {
    const WeightSlot *slots; /* a hash table of values */
    const WeightRow *rows;   /* those of a value together; where they count nothing stands what the line is of, see weights_are_of */
    const uint8_t *sieve; /* a bit for each value: most that is seen has no weight anywhere, and this says so from the cache */
    const float *confidence; /* the odds of a name: their logarithm times [0], plus [1], is borne out; 1 and 0 if no line says */
    uint32_t mask, count;
} Weights;

/* The key of a piece of evidence is the hash of its template's name and of each part of its value; the last part is the value
 * that its lines are kept under, all before it their place. */
static inline uint64_t
weight_key(uint64_t place_hash, uint64_t value_hash)
{
    return hash_pair(place_hash, value_hash);
}

/* What a row of a place bears in each number: the upper half of the place's hash, but for its lowest bit, which is set in a value's last
 * row. */
static inline WeightPlaces
weights_place(uint64_t place_hash)
{
    uint32_t place = (uint32_t)(place_hash >> 32) & ~1u;

    return (WeightPlaces){place, place, place, place};
}

/* All bits if a row is of a place, else none. */
static inline WeightPlaces
weights_are_of(WeightRow row, WeightPlaces place)
{
    uint32_t of = ((WeightPlaces)row)[3] & ~1u;

    return (WeightPlaces)((WeightPlaces){of, of, of, of} == place);
}

/* The next row of the value, or NULL. */
static inline const WeightRow *
weights_next(const WeightRow *row)
{
    return ((const WeightPlaces *)row)[0][3] & 1 ? NULL : row + 1;
}

/* A row without that, as it is added. */
static inline WeightRow
weights_only(WeightRow row)
{
    return row & (WeightRow){-1, -1, -1, -1, -1, -1, 0, 0};
}

static inline bool
weights_may(const Weights *w, uint64_t value_hash)
{
    uint32_t bit = (uint32_t)(value_hash >> 20) & (WEIGHTS_SIEVE * 8 - 1);

    return w->count && w->sieve[bit >> 3] >> (bit & 7) & 1;
}

/* Tell the processor that a value will be looked up. */
static inline void
weights_expect(const Weights *w, uint64_t value_hash)
{
    if (weights_may(w, value_hash))
        __builtin_prefetch(&w->slots[(uint32_t)value_hash & w->mask]);
}

/* The first row of a value, or NULL. */
static inline const WeightRow *
weights_of(const Weights *w, uint64_t value_hash)
{
    if (!weights_may(w, value_hash))
        return NULL;
    for (uint32_t at = (uint32_t)value_hash & w->mask; w->slots[at].first; at = (at + 1) & w->mask)
        if (w->slots[at].check == (uint32_t)(value_hash >> 32))
            return &w->rows[w->slots[at].first - 1];
    return NULL;
}

/* Find the row of a line.  False, and a row of nothing, if there is none. */
static inline bool
weights_find(const Weights *w, uint64_t place_hash, uint64_t value_hash, WeightRow *row)
{
    WeightPlaces place = weights_place(place_hash);

    *row = (WeightRow){0};
    for (const WeightRow *r = weights_of(w, value_hash); r; r = weights_next(r))
        if (weights_are_of(*r, place)[0]) {
            *row = weights_only(*r);
            return true;
        }
    return false;
}

/* Read a weights file into *out, whose arrays the caller frees with weights_close.  False on a fault. */
void weights_close(Weights *weights);
bool weights_read(Weights *out, const char *path, const char *bytes, size_t len, Error *err);

#endif
