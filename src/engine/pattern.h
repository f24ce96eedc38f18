/* A token rule's pattern as a tree: what tokenrule.c reads, the prefilter runs and machine.c compiles.
 *
 * A TokenTest asks one thing of one token; a Node is a part of a pattern.  Both lie in the rule files' arena, are never changed
 * once they are made, and may be shared. */
#ifndef ONRECORD_ENGINE_PATTERN_H
#define ONRECORD_ENGINE_PATTERN_H

#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>

typedef enum { TEST_ANY, TEST_BITS, TEST_WORDS, TEST_NOT, TEST_AND, TEST_OR } TestKind;

typedef struct TokenTest {
    TestKind kind;
    uint16_t bits[2];        /* TEST_BITS: one of these bits of the tape; BIT_NONE where there is only one */
    uint16_t first_word, word_span; /* TEST_WORDS: numbers of rule words, these many from first_word on … */
    uint64_t *words;         /* … a bit for each */
    const struct TokenTest *a, *b; /* the operands */
    uint32_t question;       /* its number, once it is asked: rowtests.h */
    float share;             /* a guess: of all tokens of news, how many pass */
    uint64_t hash;           /* the same for equal tests */
} TokenTest;

const TokenTest *test_any(Arena *arena);
const TokenTest *test_bits(Arena *arena, uint16_t begin, uint16_t inside, float share);
const TokenTest *test_words(Arena *arena, const uint16_t *words, uint32_t count, uint32_t often); /* of words up to the number `often` many tokens are one */
const TokenTest *test_not(Arena *arena, const TokenTest *a);
const TokenTest *test_and(Arena *arena, const TokenTest *a, const TokenTest *b);
const TokenTest *test_or(Arena *arena, const TokenTest *a, const TokenTest *b);

/* Is the word one of those of a TEST_WORDS? */
static inline bool
test_has_word(const TokenTest *test, uint16_t word)
{
    uint32_t at = (uint32_t)word - test->first_word;

    return at < test->word_span && (test->words[at >> 6] >> (at & 63) & 1);
}

typedef enum {
    NODE_TEST,     /* one token */
    NODE_SEQUENCE, /* a, then b; b NULL: a alone */
    NODE_CHOICE,   /* a or b */
    NODE_REPEAT,   /* a, `least` to `most` times */
    NODE_AHEAD,    /* a follows, or with `negative` does not */
    NODE_BEHIND,   /* the same before */
    NODE_GROUP,    /* a, which the rule has named */
    NODE_START,    /* the scope begins here */
    NODE_END,      /* the scope ends here */
    NODE_NOTHING   /* always, taking no token */
} PatternKind;

enum { REPEAT_MANY = 1 << 20 };
typedef enum { REPEAT_GREEDY, REPEAT_LAZY, REPEAT_POSSESSIVE } RepeatManner;

typedef struct Node {
    PatternKind kind;
    const TokenTest *test;
    const struct Node *a, *b;
    int least, most;  /* tokens that it takes; of NODE_REPEAT: see times */
    int times_least, times_most;
    uint8_t group;    /* NODE_GROUP: its number */
    bool negative;
    bool sticky;      /* NODE_REPEAT: gives nothing back once it has matched */
    bool lazy;        /* NODE_REPEAT: as few as will do */
    uint64_t hash;    /* the same for equal trees */
} Node;

Node *node_test(Arena *arena, const TokenTest *test);
Node *node_plain(Arena *arena, PatternKind kind);
Node *node_sequence(Arena *arena, Node *a, Node *b);
Node *node_choice(Arena *arena, Node *a, Node *b);
Node *node_repeat(Arena *arena, Node *a, int least, int most, RepeatManner manner);
Node *node_group(Arena *arena, Node *a, uint8_t group);
Node *node_look(Arena *arena, PatternKind kind, Node *a, bool negative);

#endif
