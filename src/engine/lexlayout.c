/* Lays out what the lists said as the arrays of a Lexicon: hash tables, the trie's steps with their sieve, and of the feature sets those
 * that some word bears. */
#include "engine/lexbuild_p.h"

#include <stdlib.h>

/* A hash table of them, at most half full; of those with one key the first counts. */
static void
lay_out_attributes(LexBuilder *b)
{
    const LexAttribute *read = b->attributes.items;
    uint32_t slots = 1;

    while (slots < b->attributes.count * 2)
        slots *= 2;
    free(b->attribute_table);
    b->attribute_table = mem_zero(slots, sizeof *b->attribute_table);
    b->attribute_mask = slots - 1;
    for (uint32_t i = 0; i < b->attributes.count; i++) {
        uint32_t at = (uint32_t)read[i].key & b->attribute_mask;
        while (b->attribute_table[at].taken && b->attribute_table[at].key != read[i].key)
            at = (at + 1) & b->attribute_mask;
        if (!b->attribute_table[at].taken)
            b->attribute_table[at] = read[i];
    }
}

/* What the number of a set becomes where only the used ones are counted; of one that is not used it may be any. */
static uint32_t *
count_used_sets(const LexBuilder *b)
{
    uint32_t *numbers = mem_zero(b->sets.count, sizeof *numbers), used = 0;

    numbers[0] = 1;
    for (uint32_t word = 1; word < b->words.count; word++)
        for (int way = 0; way < WRITTEN_WAYS; way++)
            numbers[WORDS(b)[word].sets[way]] = 1;
    for (uint32_t node = 1; node < b->nodes.count; node++)
        for (int way = 0; way < 2; way++)
            numbers[NODES(b)[node].sets[way]] = 1;
    for (uint32_t set = 0; set < b->sets.count; set++) {
        used += numbers[set];
        numbers[set] = used - 1;
    }
    return numbers;
}

/* While lists are read, a word leaves a set behind whenever it bears one feature more: those go.  (No more can be read then.) */
static void
drop_unused_sets(LexBuilder *b)
{
    uint32_t *numbers = count_used_sets(b), *sets = b->sets.items, codes = 0, kept = 0;
    uint16_t *items = b->codes.items;

    for (uint32_t set = 0, end = 0; set + 1 < b->sets.count; set++) {
        uint32_t from = end;
        end = sets[set + 1];
        if (set && numbers[set] == numbers[set - 1])
            continue;
        memmove(items + codes, items + from, (end - from) * sizeof *items);
        codes += end - from;
        sets[++kept] = codes;
    }
    b->sets.count = kept + 1;
    b->codes.count = codes;
    for (uint32_t word = 1; word < b->words.count; word++)
        for (int way = 0; way < WRITTEN_WAYS; way++)
            WORDS(b)[word].sets[way] = (uint16_t)numbers[WORDS(b)[word].sets[way]];
    for (uint32_t node = 1; node < b->nodes.count; node++)
        for (int way = 0; way < 2; way++)
            NODES(b)[node].sets[way] = (uint16_t)numbers[NODES(b)[node].sets[way]];
    free(numbers);
}

/* The sets are told by what they have: for each feature, which sets have it. */
static void
tell_bearers(LexBuilder *b)
{
    uint32_t set_count = b->sets.count - 1, words = lexicon_set_words(set_count);
    const uint32_t *sets = b->sets.items;
    const uint16_t *codes = b->codes.items;

    free(b->bearers);
    b->bearers = mem_zero((size_t)b->features->count * words, sizeof *b->bearers);
    for (uint32_t set = 0; set < set_count; set++)
        for (uint32_t i = sets[set]; i < sets[set + 1]; i++)
            b->bearers[(size_t)codes[i] * words + set / 64] |= 1ull << (set & 63);
}

/* The hash table of the words, as they are looked up. */
static void
lay_out_words(LexBuilder *b)
{
    free(b->word_table);
    b->word_table = mem_zero((size_t)b->slot_mask + 1, sizeof *b->word_table);
    for (uint32_t at = 0; at <= b->slot_mask; at++)
        if (b->slots[at])
            b->word_table[at] = b->slots[at] | ((uint32_t)(WORDS(b)[b->slots[at]].hash >> 32) & ~b->slot_mask);
}

/* What may stand second in entries is told of their first word, and what first of their second. */
static void
tell_near_words(LexBuilder *b)
{
    uint32_t *first = mem_zero(b->nodes.count, sizeof *first); /* the word whose node it is */

    for (uint32_t word = 1; word < b->words.count; word++)
        if (WORDS(b)[word].node)
            first[WORDS(b)[word].node] = word;
    for (uint32_t i = 1; i < b->steps.count; i++) {
        LexWord *one = &WORDS(b)[first[STEPS(b)[i].from]], *second = &WORDS(b)[STEPS(b)[i].word];
        if (one == WORDS(b)) /* a step further on */
            continue;
        one->near |= lexicon_behind(second->hash);
        second->near |= lexicon_before(one->hash);
    }
    free(first);
}

/* Which nodes have steps. */
static bool *
find_inner_nodes(const LexBuilder *b)
{
    bool *inner = mem_zero(b->nodes.count, sizeof *inner);

    for (uint32_t i = 1; i < b->steps.count; i++)
        inner[STEPS(b)[i].from] = true;
    return inner;
}

static void
lay_out_steps(LexBuilder *b)
{
    bool *inner = find_inner_nodes(b);

    free(b->step_table);
    free(b->step_sieve);
    b->step_table = mem_zero(b->step_mask + 1, sizeof *b->step_table);
    b->step_sieve = mem_zero(b->step_mask / STEPS_OF_SIEVE + 1, sizeof *b->step_sieve);
    for (uint32_t at = 0; at <= b->step_mask; at++)
        if (b->step_slots[at]) {
            LexStep step = STEPS(b)[b->step_slots[at]];
            uint64_t hash = hash_pair(step.from, step.word);
            memcpy(step.sets, NODES(b)[step.to].sets, sizeof step.sets);
            step.to = inner[step.to] ? step.to : 0;
            b->step_table[at] = step;
            b->step_sieve[lexicon_sieve_place(hash, b->step_mask)] |= lexicon_sieve_bits(hash);
        }
    free(inner);
}

void
lexbuilder_finish(LexBuilder *b, Lexicon *lex)
{
    drop_unused_sets(b);
    tell_bearers(b);
    lay_out_attributes(b);
    lay_out_words(b);
    tell_near_words(b);
    lay_out_steps(b);
    *lex = (Lexicon){
        .words = b->words.items, .word_count = b->words.count,
        .slots = b->word_table, .slot_mask = b->slot_mask,
        .steps = b->step_table, .step_sieve = b->step_sieve, .step_mask = b->step_mask,
        .sets = b->sets.items, .set_count = b->sets.count - 1,
        .codes = b->codes.items, .code_count = b->codes.count,
        .bearers = b->bearers, .feature_count = b->features->count,
        .attributes = b->attribute_table, .attribute_mask = b->attribute_mask,
        .text = b->text.items, .text_len = b->text.count,
    };
}
