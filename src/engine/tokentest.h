/* Tests of one token as they are written into a PCRE2 pattern: alternatives of conjunctions of *byte tests*, a byte of the
 * record and the set of values that it may have. */
#ifndef ONRECORD_ENGINE_TOKENTEST_H
#define ONRECORD_ENGINE_TOKENTEST_H

#include "base/buf.h"
#include "engine/features.h"
#include "engine/pattern.h"

enum { TESTS = 16, ALTERNATIVES = 24 };

typedef struct {
    uint8_t byte;
    uint64_t values[4]; /* 256 bits */
} ByteTest;

typedef struct {
    ByteTest tests[TESTS];
    uint8_t count;
} Conjunction;

typedef struct {
    const Test *test; /* the same as a tree */
    Conjunction *items;
    uint32_t count;
} TokenTest;

/* Where tests lie: trees are kept, byte tests are needed until the pattern is written. */
typedef struct {
    Arena *keep, *pass;
} TestRoom;

/* False: too many alternatives to be written. */
bool tokentest_and(TestRoom *room, TokenTest a, TokenTest b, TokenTest *out);
bool tokentest_or(TestRoom *room, TokenTest a, TokenTest b, TokenTest *out);
bool tokentest_not(TestRoom *room, TokenTest a, TokenTest *out);

/* A token that bears the feature at its beginning, or inside, or either. */
TokenTest tokentest_feature(TestRoom *room, const Feature *f, bool begin, bool inside);

/* A token that is the word of this number. */
TokenTest tokentest_word(TestRoom *room, uint16_t number);

/* The same test as a tree says it. */
bool tokentest_of(TestRoom *room, const Test *test, TokenTest *out);

/* A test as it is asked of one record without PCRE2: its byte tests one behind the other, each alternative's last marked. */
typedef struct RecordTest {
    uint32_t count;
    struct {
        ByteTest test;
        bool last;
    } items[];
} RecordTest;

/* NULL if every token passes. */
const RecordTest *tokentest_for_records(Arena *keep, TokenTest test);

/* Does a record pass? */
static inline bool
record_passes(const RecordTest *test, const uint8_t *record)
{
    bool passes = true;

    for (uint32_t i = 0; i < test->count; i++) {
        uint8_t value = record[test->items[i].test.byte];
        passes = passes && test->items[i].test.values[value >> 6] >> (value & 63) & 1;
        if (test->items[i].last) {
            if (passes)
                return true;
            passes = true;
        }
    }
    return false;
}

/* Append the test as a PCRE2 pattern over one record. */
void tokentest_write(TokenTest test, Buf *out);

#endif
