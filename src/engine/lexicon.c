#include "engine/lexicon.h"

#include "base/hash.h"

uint32_t
lexicon_word(const Lexicon *lex, uint64_t hash)
{
    uint32_t mask = lex->slot_mask, at = (uint32_t)hash & mask;

    if (lex->word_count == 0)
        return 0;
    for (uint32_t slot; (slot = lex->slots[at]) != 0; at = (at + 1) & mask)
        if (lexicon_slot_is(slot, hash, mask) && lex->words[slot & mask].hash == hash)
            return slot & mask;
    return 0;
}

/* The step from a node over a word, or NULL. */
static const LexStep *
step(const Lexicon *lex, uint32_t node, uint32_t word)
{
    uint32_t at = (uint32_t)hash_pair(node, word) & lex->step_mask;

    if (!lexicon_may_step(lex, node, word))
        return NULL;
    for (; lex->steps[at].from; at = (at + 1) & lex->step_mask)
        if (lex->steps[at].from == node && lex->steps[at].word == word)
            return &lex->steps[at];
    return NULL;
}

static bool
stands_capitalised(const Token *token)
{
    return (token->flags & TOKEN_CAPITAL) || token->shape == SHAPE_NUMBER;
}

/* The last token of an entry, or what is glued to one: "McDonald's", "Yahoo!". */
static bool
ends_capitalised(const Token *token)
{
    return stands_capitalised(token) || ((token->flags & TOKEN_GLUED) && stands_capitalised(token - 1));
}

void
lexicon_walk(const Lexicon *lex, Article *a, uint32_t token, uint32_t node, const uint32_t *words, uint8_t which)
{
    const Token *tokens = a->tokens.items;

    for (uint32_t at = token + 1; node && at < a->tokens.count; at++) {
        const LexStep *found;
        if ((tokens[at].flags & TOKEN_PARAGRAPH) || words[at] == 0 || (found = step(lex, node, words[at])) == NULL)
            return;
        node = found->to;
        for (int way = 0; way < 2; way++) {
            uint32_t set = found->sets[way];
            if (set == 0 ||
                (way == 1 && !(stands_capitalised(&tokens[token]) && ends_capitalised(&tokens[at]))))
                continue;
            *vec_push(a->arena, &a->hits) = (ListHit){{token, at + 1}, set, which};
        }
    }
}

static uint64_t
attribute_key(const Token *tokens, uint32_t count, uint16_t feature)
{
    uint64_t key = feature;

    for (uint32_t i = 0; i < count; i++)
        key = hash_pair(key, tokens[i].hash);
    return key;
}

void
lexicon_expect_attribute(const Lexicon *lex, const Token *tokens, uint32_t count, uint16_t feature)
{
    __builtin_prefetch(&lex->attributes[(uint32_t)attribute_key(tokens, count, feature) & lex->attribute_mask]);
}

const char *
lexicon_attribute(const Lexicon *lex, const Token *tokens, uint32_t count, uint16_t feature, const char *name)
{
    uint64_t key = attribute_key(tokens, count, feature);
    uint32_t mask = lex->attribute_mask, at = (uint32_t)key & mask;
    size_t name_len = strlen(name);

    while (lex->attributes[at].taken && lex->attributes[at].key != key)
        at = (at + 1) & mask;
    if (!lex->attributes[at].taken)
        return NULL;
    for (const char *p = lex->text + lex->attributes[at].text; *p; p += strlen(p) + 1)
        if (strncmp(p, name, name_len) == 0 && p[name_len] == '=')
            return p + name_len + 1;
    return NULL;
}
