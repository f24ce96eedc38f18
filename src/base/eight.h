/* Eight bytes of text at once, as a word whose lowest byte is the first.
 *
 * A question about each of the bytes is answered in their highest bits, so that the place of the first yes is that of the lowest
 * bit that is set (see Hacker's Delight, 6-1). */
#ifndef ONRECORD_BASE_EIGHT_H
#define ONRECORD_BASE_EIGHT_H

#include <endian.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define EIGHT(byte) (0x0101010101010101u * (uint64_t)(byte)) /* the same byte eight times */
#define TOPS EIGHT(0x80)

static inline uint64_t
eight_bytes(const char *bytes)
{
    uint64_t word;

    memcpy(&word, bytes, 8);
    return le64toh(word);
}

/* One to seven bytes, with zeros behind them. */
static inline uint64_t
few_bytes(const char *bytes, size_t count)
{
    const unsigned char *b = (const unsigned char *)bytes;
    uint32_t low, high;

    if (count < 4)
        return b[0] | (uint64_t)b[count / 2] << 8 * (count / 2) | (uint64_t)b[count - 1] << 8 * (count - 1);
    memcpy(&low, b, 4);
    memcpy(&high, b + count - 4, 4);
    return le32toh(low) | (uint64_t)le32toh(high) << 8 * (count - 4);
}

/* Write a word's eight bytes. */
static inline void
put_eight(char *to, uint64_t word)
{
    word = htole64(word);
    memcpy(to, &word, 8);
}

/* The first eight of `left` bytes, with zeros where there are none. */
static inline uint64_t
first_bytes(const char *bytes, size_t left)
{
    return left >= 8 ? eight_bytes(bytes) : left ? few_bytes(bytes, left) : 0;
}

/* How many bytes stand before the first that says yes. */
static inline uint32_t
bytes_before(uint64_t tops)
{
    return tops ? (uint32_t)__builtin_ctzll(tops) >> 3 : 8;
}

/* The answers of eight bytes as eight bits, the first byte's lowest. */
static inline uint32_t
bits_of_tops(uint64_t tops)
{
    return (uint32_t)((tops >> 7) * 0x0102040810204080u >> 56);
}

/* Two words whose first bytes, so many of the sixteen, are all ones, and the others zeros. */
static inline void
first_of_sixteen(uint32_t count, uint64_t *low, uint64_t *high)
{
    static const char ONES[32] = "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff";

    *low = eight_bytes(ONES + 16 - count);
    *high = eight_bytes(ONES + 24 - count);
}

/* Which bytes are this one?  (A byte behind one that is may say so wrongly.) */
static inline uint64_t
bytes_like(uint64_t word, char byte)
{
    word ^= EIGHT((unsigned char)byte);
    return (word - EIGHT(1)) & ~word & TOPS;
}

/* Which bytes are ASCII letters, of a word with the bit 0x20 set throughout, by which capital ones are small? */
static inline uint64_t
letter_bytes(uint64_t small)
{
    uint64_t low = small & ~TOPS;

    return (low + EIGHT(0x80 - 'a')) & ~(low + EIGHT(0x7f - 'z')) & ~small & TOPS;
}

/* Which bytes are digits? */
static inline uint64_t
digit_bytes(uint64_t word)
{
    uint64_t low = word & ~TOPS;

    return (low + EIGHT(0x80 - '0')) & ~(low + EIGHT(0x7f - '9')) & ~word & TOPS;
}

#endif
