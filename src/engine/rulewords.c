/* The words that rules name: an open hash table that grows while rules are compiled and is only read afterwards. */
#include "engine/rulewords.h"

#include "base/mem.h"

#include <stdlib.h>

void
rulewords_init(RuleWords *words)
{
    *words = (RuleWords){.mask = 4095};
    words->hashes = mem_zero(words->mask + 1, sizeof *words->hashes);
    words->numbers = mem_zero(words->mask + 1, sizeof *words->numbers);
}

void
rulewords_close(RuleWords *words)
{
    free(words->hashes);
    free(words->numbers);
    *words = (RuleWords){0};
}

static void
rulewords_put(RuleWords *words, uint64_t hash, uint16_t number)
{
    uint32_t at = (uint32_t)hash & words->mask, bit = rulewords_sieve_bit(hash);

    words->sieve[bit / 64] |= 1ull << bit % 64;
    while (words->hashes[at])
        at = (at + 1) & words->mask;
    words->hashes[at] = hash;
    words->numbers[at] = number;
}

uint16_t
rulewords_intern(RuleWords *words, uint64_t hash)
{
    uint16_t found = rulewords_find(words, hash);

    if (found)
        return found;
    if (words->count * 2 > words->mask) {
        RuleWords wider = {.mask = words->mask * 2 + 1, .count = words->count};
        wider.hashes = mem_zero((size_t)wider.mask + 1, sizeof *wider.hashes);
        wider.numbers = mem_zero((size_t)wider.mask + 1, sizeof *wider.numbers);
        for (uint32_t i = 0; i <= words->mask; i++)
            if (words->hashes[i])
                rulewords_put(&wider, words->hashes[i], words->numbers[i]);
        free(words->hashes);
        free(words->numbers);
        *words = wider;
    }
    rulewords_put(words, hash, (uint16_t)++words->count);
    return (uint16_t)words->count;
}

