/* The builder of a lexicon, for the two files that are it: lexbuild.c reads the lists, lexlayout.c lays out what they say. */
#ifndef ONRECORD_ENGINE_LEXBUILD_P_H
#define ONRECORD_ENGINE_LEXBUILD_P_H

#include "base/mem.h"
#include "engine/lexicon.h"

typedef struct {
    void *items;
    uint32_t count, room;
} Pool;

/* A node of the trie, by what ends there: the sets of the step to it. */
typedef struct {
    uint16_t sets[2];
} LexNode;

struct LexBuilder {
    Features *features;
    Arena arena;
    Pool words, nodes, steps, sets, codes, attributes, text;
    uint32_t *slots, slot_mask;
    uint32_t *step_slots, step_mask; /* numbers of steps */
    uint32_t *set_slots, set_mask;
    uint32_t *word_table;
    LexStep *step_table;
    uint64_t *step_sieve, *bearers;
    LexAttribute *attribute_table;
    uint32_t attribute_mask;
};

static inline void *
pool_push(Pool *pool, size_t size, uint32_t count)
{
    void *at;

    if (pool->count + count > pool->room) {
        pool->room = (pool->count + count) * 2 + 64;
        pool->items = mem_grow(pool->items, pool->room * size);
    }
    at = (char *)pool->items + pool->count * size;
    memset(at, 0, size * count);
    pool->count += count;
    return at;
}

#define WORDS(b) ((LexWord *)(b)->words.items)
#define NODES(b) ((LexNode *)(b)->nodes.items)
#define STEPS(b) ((LexStep *)(b)->steps.items)

#endif
