#include "stages/lists.h"

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
list_attribute(const Article *a, const RuleSet *rules, Range tokens, const char *feature, const char *name)
{
    const char *found = ruleset_attribute(rules, a, tokens, feature, name);

    for (uint32_t i = tokens.end; found == NULL && tokens.end - tokens.start > 1 && i-- > tokens.start;)
        found = ruleset_attribute(rules, a, (Range){i, i + 1}, feature, name);
    return found;
}
