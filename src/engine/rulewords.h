/* The words that rules name, numbered from 1 in the order of their first mention. */
#ifndef ONRECORD_ENGINE_RULEWORDS_H
#define ONRECORD_ENGINE_RULEWORDS_H

#include <stdint.h>

enum { RULEWORDS_SIEVE = 1 << 14 }; /* bits */

typedef struct {
    uint64_t *hashes;  /* hash table, 0 is empty */
    uint16_t *numbers;
    uint32_t mask, count;
    uint32_t often;    /* the words up to this number stand in nearly every text */
    uint64_t sieve[RULEWORDS_SIEVE / 64]; /* a bit for each word: most words of a text are none, and this says so from the cache */
} RuleWords;

void rulewords_init(RuleWords *words);
void rulewords_close(RuleWords *words);

/* The number of a word by the hash of its folded form (see utf8_fold), which it is given if it has none. */
uint16_t rulewords_intern(RuleWords *words, uint64_t hash);

static inline uint32_t
rulewords_sieve_bit(uint64_t hash)
{
    return (uint32_t)(hash >> 32) % RULEWORDS_SIEVE;
}

/* The same; 0 if no rule names it. */
static inline uint16_t
rulewords_find(const RuleWords *words, uint64_t hash)
{
    uint32_t at = (uint32_t)hash & words->mask, bit = rulewords_sieve_bit(hash);

    if (!(words->sieve[bit / 64] >> bit % 64 & 1))
        return 0;
    for (; words->hashes[at]; at = (at + 1) & words->mask)
        if (words->hashes[at] == hash)
            return words->numbers[at];
    return 0;
}

#endif
