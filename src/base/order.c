#include "base/order.h"

#include <string.h>

/* Where the run that begins at a key ends. */
static uint32_t
run_end(const uint64_t *keys, uint32_t at, uint32_t count)
{
    do
        at++;
    while (at < count && keys[at - 1] <= keys[at]);
    return at;
}

static void
merge(const uint64_t *a, const uint64_t *a_end, const uint64_t *b, const uint64_t *b_end, uint64_t *to)
{
    while (a < a_end && b < b_end)
        *to++ = *b < *a ? *b++ : *a++;
    memcpy(to, a, (size_t)(a_end - a) * sizeof *to);
    memcpy(to + (a_end - a), b, (size_t)(b_end - b) * sizeof *to);
}

/* Merge each two runs into one. */
static void
merge_runs(const uint64_t *from, uint64_t *to, uint32_t count)
{
    for (uint32_t at = 0, middle, end; at < count; at = end) {
        middle = run_end(from, at, count);
        end = middle < count ? run_end(from, middle, count) : count;
        merge(from + at, from + middle, from + middle, from + end, to + at);
    }
}

void
order_sort(uint64_t *keys, uint32_t count, Arena *arena)
{
    uint64_t *from = keys, *to = NULL;

    while (count && run_end(from, 0, count) < count) {
        uint64_t *merged = to ? to : arena_alloc(arena, count * sizeof *merged);
        merge_runs(from, merged, count);
        to = from;
        from = merged;
    }
    if (from != keys)
        memcpy(keys, from, count * sizeof *keys);
}
