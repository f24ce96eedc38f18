/* Hashes of short strings and of pairs of numbers: fast, well mixed, the same on every machine. */
#ifndef ONRECORD_BASE_HASH_H
#define ONRECORD_BASE_HASH_H

#include "base/eight.h"

/* hash_product where the compiler has no number of 128 bits. */
static inline uint64_t
hash_product_by_halves(uint64_t a, uint64_t b)
{
    uint64_t a_low = (uint32_t)a, a_high = a >> 32, b_low = (uint32_t)b, b_high = b >> 32;
    uint64_t middle = a_high * b_low + (a_low * b_low >> 32), other = a_low * b_high + (uint32_t)middle;

    return a * b ^ (a_high * b_high + (middle >> 32) + (other >> 32));
}

/* The two halves of the product joined: every bit hangs on many of both factors (the step of Wang Yi's wyhash, 2019). */
static inline uint64_t
hash_product(uint64_t a, uint64_t b)
{
#ifdef __SIZEOF_INT128__
    unsigned __int128 product = (unsigned __int128)a * b;

    return (uint64_t)product ^ (uint64_t)(product >> 64);
#else
    return hash_product_by_halves(a, b);
#endif
}

static inline uint64_t
hash_mix(uint64_t h)
{
    h ^= h >> 32; /* the finaliser of SplitMix64 (Steele, Lea and Flood 2014), shortened */
    h *= 0xd6e8feb86659fd93u;
    h ^= h >> 32;
    h *= 0xd6e8feb86659fd93u;
    h ^= h >> 32;
    return h;
}

/* A string is hashed eight bytes at a time, beginning with its length; the last one to seven have zeros before them. */
static inline uint64_t
hash_start(size_t len)
{
    return 0xcbf29ce484222325u ^ len * 0xd6e8feb86659fd93u;
}

static inline uint64_t
hash_step(uint64_t h, uint64_t eight)
{
    return hash_product(h ^ eight, 0x9e3779b97f4a7c15u);
}

static inline uint64_t
hash_bytes(const char *bytes, size_t len)
{
    uint64_t h = hash_start(len);

    for (; len >= 8; bytes += 8, len -= 8)
        h = hash_step(h, eight_bytes(bytes));
    return len ? hash_step(h, few_bytes(bytes, len) << 8 * (8 - len)) : h;
}

static inline uint64_t
hash_pair(uint64_t a, uint64_t b)
{
    return hash_product(a ^ 0x9e3779b97f4a7c15u, b ^ 0xd6e8feb86659fd93u);
}

#endif
