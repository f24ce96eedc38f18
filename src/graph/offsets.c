#include "graph/offsets.h"

#include "base/eight.h"

enum { BLOCK = 16 };

/* How many of the eight top bits are set, where no other is. */
static inline uint32_t
count_tops(uint64_t word)
{
    return (uint32_t)((word >> 7) * EIGHT(1) >> 56);
}

/* How many of the eight bytes are continuation bytes (10xxxxxx), less those that begin four bytes if in UTF-16. */
static inline uint32_t
surplus(uint64_t word, OffsetUnit unit)
{
    uint32_t count = count_tops(word & ~(word << 1) & TOPS);

    if (unit == OFFSETS_UTF16)
        count -= count_tops(word & word << 1 & word << 2 & word << 3 & TOPS);
    return count;
}

static uint32_t
first_not_ascii(const char *text, uint32_t len)
{
    uint32_t at = 0;

    for (; len - at >= 8; at += 8)
        if (eight_bytes(text + at) & TOPS)
            break;
    while (at < len && (unsigned char)text[at] < 0x80)
        at++;
    return at;
}

/* What the bytes count less than bytes. */
static inline uint32_t
surplus_between(const Offsets *offsets, uint32_t from, uint32_t to)
{
    uint32_t less = 0;

    for (; to - from >= 8; from += 8)
        less += surplus(eight_bytes(offsets->text + from), offsets->unit);
    return from < to ? less + surplus(few_bytes(offsets->text + from, to - from), offsets->unit) : less;
}

void
offsets_open(Offsets *offsets, Arena *arena, const char *text, uint32_t len, OffsetUnit unit)
{
    uint32_t sum = 0, first, block;

    *offsets = (Offsets){text, len, unit, NULL};
    if (unit == OFFSETS_BYTE || (first = first_not_ascii(text, len)) == len)
        return;
    offsets->blocks = arena_alloc(arena, (len / BLOCK + 2) * sizeof *offsets->blocks);
    memset(offsets->blocks, 0, (first / BLOCK + 1) * sizeof *offsets->blocks);
    for (block = first / BLOCK; block < len / BLOCK; block++) {
        const char *bytes = text + block * BLOCK;
        sum += surplus(eight_bytes(bytes), unit) + surplus(eight_bytes(bytes + 8), unit);
        offsets->blocks[block + 1] = sum;
    }
    offsets->blocks[block + 1] = sum + surplus_between(offsets, block * BLOCK, len);
}

uint32_t
offsets_at(const Offsets *offsets, uint32_t byte)
{
    const uint32_t *block;

    if (offsets->blocks == NULL)
        return byte;
    block = offsets->blocks + byte / BLOCK;
    if (block[0] == block[1]) /* nothing but ASCII there */
        return byte - block[0];
    return byte - block[0] - surplus_between(offsets, byte / BLOCK * BLOCK, byte);
}
