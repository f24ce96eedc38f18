#include "stages/lists.h"

static_assert((int)ASKED_COUNT <= ASKED_LISTS, "a scratch has room for all who ask");

void
list_features(const RuleSet *rules, Scratch *scratch, Asked who, const FeatureWanted *wanted, size_t count)
{
    uint16_t *numbers = scratch->asked[who];

    if (numbers == NULL) {
        numbers = scratch->asked[who] = arena_alloc(&scratch->lasting, count * sizeof *numbers);
        for (size_t i = 0; i < count; i++)
            numbers[i] = ruleset_feature(rules, wanted[i].name);
    }
    for (size_t i = 0; i < count; i++)
        *wanted[i].to = numbers[i];
}

bool
list_holds(const Article *a, const RuleSet *rules, Range tokens, uint16_t feature)
{
    uint32_t low = 0, high = a->hits.count;

    while (low < high) { /* the first that begins there */
        uint32_t middle = low + (high - low) / 2;
        if (a->hits.items[middle].tokens.start < tokens.start)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < a->hits.count && a->hits.items[low].tokens.start == tokens.start; low++) {
        const ListHit *hit = &a->hits.items[low];
        if (hit->tokens.end == tokens.end && lexicon_set_has(&rules->lexicons[hit->lexicon], hit->set, feature))
            return true;
    }
    return false;
}

bool
list_has(const Article *a, const RuleSet *rules, uint32_t token, uint16_t feature)
{
    const Token *t = &a->tokens.items[token];

    if (rules->lexicon_count && lexicon_set_has(&rules->lexicons[0], a->word_sets[token], feature))
        return true;
    for (uint32_t l = 1; l < rules->lexicon_count; l++)
        if (lexicon_bears(&rules->lexicons[l], t, feature))
            return true;
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

void
list_expect_attribute(const Article *a, const RuleSet *rules, Range tokens, uint16_t feature)
{
    if (rules->lexicon_count)
        lexicon_expect_attribute(&rules->lexicons[0], a->tokens.items + tokens.start, tokens.end - tokens.start, feature);
}
