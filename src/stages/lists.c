#include "stages/lists.h"

#include "base/hash.h"

enum { WANTED = 100, SLOTS = 256 }; /* so many at a time */

static void
find_some(const RuleSet *rules, const FeatureWanted *wanted, size_t count)
{
    uint64_t hashes[WANTED];
    uint8_t slots[SLOTS] = {0}; /* number + 1 */

    for (size_t i = 0; i < count; i++) {
        uint32_t at;
        hashes[i] = hash_bytes(wanted[i].name, strlen(wanted[i].name));
        for (at = hashes[i] % SLOTS; slots[at]; at = (at + 1) % SLOTS)
            ;
        slots[at] = (uint8_t)(i + 1);
        *wanted[i].to = FEATURE_NONE;
    }
    for (uint32_t f = 0; f < rules->features.count; f++) {
        uint64_t hash = rules->features.items[f].hash;
        for (uint32_t at = hash % SLOTS; slots[at]; at = (at + 1) % SLOTS)
            if (hashes[slots[at] - 1] == hash)
                *wanted[slots[at] - 1].to = (uint16_t)f;
    }
}

void
list_features(const RuleSet *rules, const FeatureWanted *wanted, size_t count)
{
    for (size_t from = 0; from < count; from += WANTED)
        find_some(rules, wanted + from, count - from < WANTED ? count - from : WANTED);
}

bool
list_has(const Article *a, const RuleSet *rules, uint32_t token, uint16_t feature)
{
    const Token *t = &a->tokens.items[token];

    for (uint32_t l = 0; l < rules->lexicon_count; l++) {
        const Lexicon *lex = &rules->lexicons[l];
        uint32_t word = l == 0 ? t->word : lexicon_word(lex, t->hash);
        uint32_t set = word ? lex->words[word].sets[token_written(t)] : 0;
        for (uint32_t c = lex->sets[set]; c < lex->sets[set + 1]; c++)
            if (lex->codes[c] == feature)
                return true;
    }
    return false;
}

const char *
list_attribute(const Article *a, const RuleSet *rules, Range tokens, uint16_t feature, const char *name)
{
    const char *found = NULL;

    for (uint32_t l = rules->lexicon_count; found == NULL && l-- > 0;)
        found = lexicon_attribute(&rules->lexicons[l], a->tokens.items + tokens.start, tokens.end - tokens.start, feature,
                                  name);
    return found;
}
