/* Hashes of short strings and of pairs of numbers: fast, well mixed, the same on every machine. */
#ifndef ONRECORD_BASE_HASH_H
#define ONRECORD_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

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

/* FNV-1a, step by step; mixed at the end. */
#define HASH_START 0xcbf29ce484222325u

static inline uint64_t
hash_step(uint64_t h, unsigned char byte)
{
    return (h ^ byte) * 0x100000001b3u;
}

static inline uint64_t
hash_bytes(const char *bytes, size_t len)
{
    uint64_t h = HASH_START;

    for (size_t i = 0; i < len; i++)
        h = hash_step(h, (unsigned char)bytes[i]);
    return hash_mix(h);
}

static inline uint64_t
hash_pair(uint64_t a, uint64_t b)
{
    return hash_mix(a * 0x9e3779b97f4a7c15u + b);
}

#endif
