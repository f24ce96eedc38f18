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

void
offsets_open(Offsets *offsets, Arena *arena, const char *text, uint32_t len, OffsetUnit unit)
{
    uint32_t sum = 0, first, block;

    *offsets = (Offsets){text, len, unit, NULL};
    if (unit == OFFSETS_BYTE || (first = first_not_ascii(text, len)) == len)
        return;
    offsets->blocks = arena_alloc(arena, (len / BLOCK + 1) * sizeof *offsets->blocks);
    memset(offsets->blocks, 0, (first / BLOCK + 1) * sizeof *offsets->blocks);
    for (block = first / BLOCK; block < len / BLOCK; block++) {
        const char *bytes = text + block * BLOCK;
        sum += surplus(eight_bytes(bytes), unit) + surplus(eight_bytes(bytes + 8), unit);
        offsets->blocks[block + 1] = sum;
    }
}

/* What the first bytes of a block count less than bytes.  (Without a branch, as far as the text has all of the block: where in it an offset
 * lies cannot be foreseen.) */
static inline uint32_t
surplus_of_first(const Offsets *offsets, uint32_t block, uint32_t count)
{
    const char *bytes = offsets->text + block;
    uint64_t low, high;

    if (offsets->len - block >= BLOCK) {
        first_of_sixteen(count, &low, &high);
        low &= eight_bytes(bytes);
        high &= eight_bytes(bytes + 8);
    } else {
        low = first_bytes(bytes, count);
        high = count > 8 ? few_bytes(bytes + 8, count - 8) : 0;
    }
    return surplus(low, offsets->unit) + surplus(high, offsets->unit);
}

uint32_t
offsets_at(const Offsets *offsets, uint32_t byte)
{
    if (offsets->blocks == NULL)
        return byte;
    return byte - offsets->blocks[byte / BLOCK] - surplus_of_first(offsets, byte / BLOCK * BLOCK, byte % BLOCK);
}
