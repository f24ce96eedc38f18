/* Putting things in the order of their places.
 *
 * A place and the number of what stands there make one key, so that to sort them is to sort numbers.  What stages leave behind is
 * mostly a few runs that are in order each; those are merged, so that this is what the time depends on. */
#ifndef ONRECORD_BASE_ORDER_H
#define ONRECORD_BASE_ORDER_H

#include "base/arena.h"

#include <stdint.h>

static inline uint64_t
order_key(uint32_t place, uint32_t number)
{
    return (uint64_t)place << 32 | number;
}

static inline uint32_t
order_place(uint64_t key)
{
    return (uint32_t)(key >> 32);
}

static inline uint32_t
order_number(uint64_t key)
{
    return (uint32_t)key;
}

/* The number of the first of the keys, which are in order, whose place is not before this one; `count` if there is none.  (Without a branch for
 * the way that each step takes.) */
static inline uint32_t
order_from(const uint64_t *keys, uint32_t count, uint32_t place)
{
    const uint64_t *at = keys, wanted = order_key(place, 0);

    for (uint32_t left = count, half; left > 1; left -= half) {
        half = left / 2;
        at = at[half - 1] < wanted ? at + half : at;
    }
    return (uint32_t)(at - keys) + (count && *at < wanted);
}

/* Sort keys, the lowest first.  Room that is needed for it is taken from the arena. */
void order_sort(uint64_t *keys, uint32_t count, Arena *arena);

#endif
