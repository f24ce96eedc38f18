#include "engine/pattern.h"

#include "base/hash.h"
#include "engine/features.h"

/* Guesses, as for features. */
#define WORD_SHARE 0.004f
#define OFTEN_SHARE 0.02f

/* ---- tests */

static TokenTest *
test_new(Arena *arena, TestKind kind, const TokenTest *a, const TokenTest *b, uint64_t salt)
{
    TokenTest *t = arena_zero(arena, sizeof *t);

    t->kind = kind;
    t->bits[0] = t->bits[1] = BIT_NONE;
    t->a = a;
    t->b = b;
    t->hash = hash_pair(hash_pair((uint64_t)kind + 1, salt), hash_pair(a ? a->hash : 0, b ? b->hash : 0));
    return t;
}

const TokenTest *
test_any(Arena *arena)
{
    TokenTest *t = test_new(arena, TEST_ANY, NULL, NULL, 0);

    t->share = 1;
    return t;
}

const TokenTest *
test_bits(Arena *arena, uint16_t begin, uint16_t inside, float share)
{
    TokenTest *t = test_new(arena, TEST_BITS, NULL, NULL, (uint64_t)begin << 16 | inside);

    t->bits[0] = begin;
    t->bits[1] = inside;
    t->share = share;
    return t;
}

const TokenTest *
test_words(Arena *arena, const uint16_t *words, uint32_t count, uint32_t often)
{
    uint16_t low = words[0], high = words[0];
    uint64_t all = 0;
    TokenTest *t;

    for (uint32_t i = 1; i < count; i++) {
        low = words[i] < low ? words[i] : low;
        high = words[i] > high ? words[i] : high;
    }
    t = arena_zero(arena, sizeof *t);
    t->kind = TEST_WORDS;
    t->bits[0] = t->bits[1] = BIT_NONE;
    t->first_word = low;
    t->word_span = (uint16_t)(high - low + 1);
    t->words = arena_zero(arena, (size_t)(high - low + 64) / 64 * sizeof *t->words);
    for (uint32_t i = 0; i < count; i++) {
        t->words[(words[i] - low) >> 6] |= 1ull << ((words[i] - low) & 63);
        t->share += words[i] <= often ? OFTEN_SHARE : WORD_SHARE;
    }
    for (uint32_t i = 0; i < (uint32_t)(high - low + 64) / 64; i++)
        all = hash_pair(all, t->words[i]);
    t->hash = hash_pair(hash_pair(TEST_WORDS + 1, low), all);
    return t;
}

const TokenTest *
test_not(Arena *arena, const TokenTest *a)
{
    TokenTest *t = test_new(arena, TEST_NOT, a, NULL, 0);

    t->share = 1;
    return t;
}

/* Of two operands the one that is likelier to decide goes first. */
const TokenTest *
test_and(Arena *arena, const TokenTest *a, const TokenTest *b)
{
    bool swap = b->share < a->share;
    TokenTest *t = test_new(arena, TEST_AND, swap ? b : a, swap ? a : b, 0);

    t->share = t->a->share;
    return t;
}

const TokenTest *
test_or(Arena *arena, const TokenTest *a, const TokenTest *b)
{
    bool swap = b->share > a->share;
    TokenTest *t = test_new(arena, TEST_OR, swap ? b : a, swap ? a : b, 0);

    t->share = a->share + b->share;
    return t;
}

/* ---- nodes */

static int
plus(int a, int b)
{
    return a + b > REPEAT_MANY ? REPEAT_MANY : a + b;
}

static int
times(int length, int count)
{
    if (length == 0 || count == 0)
        return 0;
    return length >= REPEAT_MANY / count ? REPEAT_MANY : length * count;
}

static Node *
node_new(Arena *arena, PatternKind kind, Node *a, Node *b, uint64_t salt)
{
    Node *n = arena_zero(arena, sizeof *n);

    n->kind = kind;
    n->a = a;
    n->b = b;
    n->hash = hash_pair(hash_pair((uint64_t)kind + 1, salt), hash_pair(a ? a->hash : 0, b ? b->hash : 0));
    return n;
}

Node *
node_plain(Arena *arena, PatternKind kind)
{
    return node_new(arena, kind, NULL, NULL, 0);
}

Node *
node_test(Arena *arena, const TokenTest *test)
{
    Node *n = node_new(arena, NODE_TEST, NULL, NULL, test->hash);

    n->test = test;
    n->least = n->most = 1;
    return n;
}

Node *
node_sequence(Arena *arena, Node *a, Node *b)
{
    Node *n;

    if (a == NULL || b == NULL)
        return a ? a : b;
    n = node_new(arena, NODE_SEQUENCE, a, b, 0);
    n->least = plus(a->least, b->least);
    n->most = plus(a->most, b->most);
    return n;
}

/* Tokens side by side, {a} | {b}, are one token, {a | b}. */
Node *
node_choice(Arena *arena, Node *a, Node *b)
{
    Node *n;

    if (a->kind == NODE_TEST && b->kind == NODE_TEST)
        return node_test(arena, test_or(arena, a->test, b->test));
    if (a->kind == NODE_CHOICE && a->b->kind == NODE_TEST && b->kind == NODE_TEST)
        return node_choice(arena, (Node *)a->a, node_test(arena, test_or(arena, a->b->test, b->test)));
    n = node_new(arena, NODE_CHOICE, a, b, 0);
    n->least = a->least < b->least ? a->least : b->least;
    n->most = a->most > b->most ? a->most : b->most;
    return n;
}

Node *
node_repeat(Arena *arena, Node *a, int least, int most, RepeatManner manner)
{
    bool sticky = manner == REPEAT_POSSESSIVE;
    Node *n = node_new(arena, NODE_REPEAT, a, NULL, (uint64_t)least << 32 | (uint64_t)most << 1 | sticky);

    n->times_least = least;
    n->times_most = most;
    n->sticky = sticky;
    n->lazy = manner == REPEAT_LAZY;
    n->least = times(a->least, least);
    n->most = times(a->most, most);
    return n;
}

/* What a group matches does not hang on its name, so it has the hash of what is in it. */
Node *
node_group(Arena *arena, Node *a, uint8_t group)
{
    Node *n = node_new(arena, NODE_GROUP, a, NULL, 0);

    n->group = group;
    n->least = a->least;
    n->most = a->most;
    n->hash = a->hash;
    return n;
}

Node *
node_look(Arena *arena, PatternKind kind, Node *a, bool negative)
{
    Node *n = node_new(arena, kind, a, NULL, negative);

    n->negative = negative;
    return n;
}
