#include "engine/tokentest.h"

#include "engine/tape.h"

#include <string.h>

/* ---- tests of one byte */

/* The values in which one of the mask's bits is set. */
static void
byte_test_any_of(ByteTest *test, uint8_t byte, uint8_t mask)
{
    static const uint64_t SET[6] = {0xaaaaaaaaaaaaaaaau, 0xccccccccccccccccu, 0xf0f0f0f0f0f0f0f0u,
                                    0xff00ff00ff00ff00u, 0xffff0000ffff0000u, 0xffffffff00000000u};

    *test = (ByteTest){.byte = byte};
    for (unsigned bit = 0; bit < 8; bit++)
        for (unsigned k = 0; k < 4 && mask >> bit & 1; k++)
            test->values[k] |= bit < 6 ? SET[bit] : k >> (bit - 6) & 1 ? ~0ull : 0;
}

static void
byte_test_value(ByteTest *test, uint8_t byte, uint8_t value)
{
    *test = (ByteTest){.byte = byte};
    test->values[value >> 6] |= 1ull << (value & 63);
}

/* ---- alternatives of conjunctions */

/* The tests of a conjunction are in the order of their bytes, one for each byte. */
static bool
conjunction_and(Conjunction *into, const Conjunction *other)
{
    for (int i = 0; i < other->count; i++) {
        int j = 0;
        while (j < into->count && into->tests[j].byte < other->tests[i].byte)
            j++;
        if (j < into->count && into->tests[j].byte == other->tests[i].byte) {
            for (int k = 0; k < 4; k++)
                into->tests[j].values[k] &= other->tests[i].values[k];
        } else {
            if (into->count == TESTS)
                return false;
            memmove(&into->tests[j + 1], &into->tests[j], (into->count++ - j) * sizeof *into->tests);
            into->tests[j] = other->tests[i];
        }
    }
    return true;
}

/* Two alternatives that differ in one byte are one with the values of both: (a and b) or (a and c) is a and (b or c). */
static bool
conjunction_or(Conjunction *into, const Conjunction *other)
{
    int differs = -1;

    if (into->count != other->count)
        return false;
    for (int i = 0; i < into->count; i++) {
        if (into->tests[i].byte != other->tests[i].byte)
            return false;
        if (memcmp(into->tests[i].values, other->tests[i].values, sizeof into->tests[i].values) == 0)
            continue;
        if (differs >= 0)
            return false;
        differs = i;
    }
    for (int k = 0; k < 4 && differs >= 0; k++)
        into->tests[differs].values[k] |= other->tests[differs].values[k];
    return true;
}

/* Does what passes `a` always pass `b`? */
static bool
conjunction_implies(const Conjunction *a, const Conjunction *b)
{
    int i = 0;

    for (int j = 0; j < b->count; j++) {
        while (i < a->count && a->tests[i].byte < b->tests[j].byte)
            i++;
        if (i == a->count || a->tests[i].byte != b->tests[j].byte)
            return false;
        for (int k = 0; k < 4; k++)
            if (a->tests[i].values[k] & ~b->tests[j].values[k])
                return false;
    }
    return true;
}

/* Add an alternative, joined with one that is there if they can be one.  The test has room for it. */
static void
add_alternative(TokenTest *test, const Conjunction *added)
{
    for (uint32_t i = 0; i < test->count; i++) {
        if (conjunction_implies(added, &test->items[i]) || conjunction_or(&test->items[i], added))
            return;
        if (conjunction_implies(&test->items[i], added)) {
            test->items[i] = *added;
            return;
        }
    }
    test->items[test->count++] = *added;
}

bool
tokentest_and(TestRoom *room, TokenTest a, TokenTest b, TokenTest *out)
{
    TokenTest made = {test_and(room->keep, a.test, b.test), NULL, 0};

    made.items = arena_alloc(room->pass, (a.count * b.count + 1) * sizeof *made.items);
    for (uint32_t i = 0; i < a.count; i++)
        for (uint32_t j = 0; j < b.count; j++) {
            Conjunction both = a.items[i];
            if (!conjunction_and(&both, &b.items[j]))
                return false;
            add_alternative(&made, &both);
        }
    *out = made;
    return made.count <= ALTERNATIVES;
}

bool
tokentest_or(TestRoom *room, TokenTest a, TokenTest b, TokenTest *out)
{
    TokenTest made = {test_or(room->keep, a.test, b.test), NULL, 0};

    made.items = arena_alloc(room->pass, (a.count + b.count + 1) * sizeof *made.items);
    for (uint32_t i = 0; i < a.count; i++)
        made.items[made.count++] = a.items[i];
    for (uint32_t i = 0; i < b.count; i++)
        add_alternative(&made, &b.items[i]);
    *out = made;
    return made.count <= ALTERNATIVES;
}

/* De Morgan: not (a and b or c) is (not a or not b) and not c. */
bool
tokentest_not(TestRoom *room, TokenTest a, TokenTest *out)
{
    const Test *test = test_not(room->keep, a.test);
    TokenTest made = {test, arena_zero(room->pass, sizeof(Conjunction)), 1};

    for (uint32_t i = 0; i < a.count; i++) {
        TokenTest none = {test, arena_zero(room->pass, TESTS * sizeof(Conjunction)), 0};
        for (int j = 0; j < a.items[i].count; j++) {
            Conjunction *one = &none.items[none.count++];
            one->count = 1;
            one->tests[0] = a.items[i].tests[j];
            for (int k = 0; k < 4; k++)
                one->tests[0].values[k] = ~one->tests[0].values[k];
        }
        if (!tokentest_and(room, made, none, &made))
            return false;
    }
    made.test = test;
    *out = made;
    return true;
}

/* One of the bits, which are in one byte. */
static TokenTest
test_of_bits(TestRoom *room, const Test *test)
{
    Conjunction *one = arena_zero(room->pass, sizeof *one);
    uint16_t some = test->bits[0] != BIT_NONE ? test->bits[0] : test->bits[1];
    uint8_t mask = 0;

    for (int i = 0; i < 2; i++)
        if (test->bits[i] != BIT_NONE)
            mask |= (uint8_t)(1u << (test->bits[i] & 7));
    one->count = 1;
    byte_test_any_of(&one->tests[0], some != BIT_NONE ? (uint8_t)(some >> 3) : 0, mask);
    return (TokenTest){test, one, 1};
}

TokenTest
tokentest_feature(TestRoom *room, const Feature *f, bool begin, bool inside)
{
    uint16_t first = begin ? f->begin : BIT_NONE, second = inside ? f->inside : BIT_NONE;

    return test_of_bits(room, test_bits(room->keep, first, second, f->share));
}

TokenTest
tokentest_word(TestRoom *room, uint16_t number)
{
    Conjunction *one = arena_zero(room->pass, sizeof *one);

    one->count = 2;
    byte_test_value(&one->tests[0], TAPE_WORD, (uint8_t)(number & 0xff));
    byte_test_value(&one->tests[1], TAPE_WORD + 1, (uint8_t)(number >> 8));
    return (TokenTest){test_word(room->keep, number), one, 1};
}

bool
tokentest_of(TestRoom *room, const Test *test, TokenTest *out)
{
    TokenTest a, b;

    switch (test->kind) {
    case TEST_ANY:
        *out = (TokenTest){test, arena_zero(room->pass, sizeof(Conjunction)), 1};
        return true;
    case TEST_BITS:
        *out = test_of_bits(room, test);
        return true;
    case TEST_WORD:
        *out = tokentest_word(room, test->word);
        return true;
    case TEST_NOT:
        return tokentest_of(room, test->a, &a) && tokentest_not(room, a, out);
    case TEST_AND:
        return tokentest_of(room, test->a, &a) && tokentest_of(room, test->b, &b) && tokentest_and(room, a, b, out);
    default:
        return tokentest_of(room, test->a, &a) && tokentest_of(room, test->b, &b) && tokentest_or(room, a, b, out);
    }
}

const RecordTest *
tokentest_for_records(Arena *keep, TokenTest test)
{
    RecordTest *made;
    uint32_t count = 0;

    for (uint32_t i = 0; i < test.count; i++) {
        if (test.items[i].count == 0)
            return NULL;
        count += test.items[i].count;
    }
    made = arena_zero(keep, sizeof *made + count * sizeof *made->items);
    for (uint32_t i = 0; i < test.count; i++)
        for (int j = 0; j < test.items[i].count; j++) {
            made->items[made->count].test = test.items[i].tests[j];
            made->items[made->count++].last = j + 1 == test.items[i].count;
        }
    return made;
}

/* ---- writing */

static size_t
put_byte(char *to, unsigned value)
{
    static const char HEX[] = "0123456789abcdef";

    memcpy(to, (char[]){'\\', 'x', HEX[value >> 4], HEX[value & 15]}, 4);
    return 4;
}

/* The first value from `from` on that the test has, or has not; 256 if there is none. */
static unsigned
next_value(const ByteTest *test, unsigned from, bool has)
{
    for (unsigned k = from >> 6; k < 4; k++) {
        uint64_t bits = has ? test->values[k] : ~test->values[k];
        if (k == from >> 6)
            bits &= ~0ull << (from & 63);
        if (bits)
            return k * 64 + (unsigned)__builtin_ctzll(bits);
    }
    return 256;
}

static void
write_class(Buf *out, const ByteTest *test)
{
    buf_char(out, '[');
    for (unsigned v = next_value(test, 0, true), end; v < 256; v = next_value(test, end, true)) {
        char range[16];
        size_t n = put_byte(range, v);
        end = next_value(test, v, false);
        if (end > v + 1) {
            range[n++] = '-';
            n += put_byte(range + n, end - 1);
        }
        buf_add(out, range, n);
    }
    buf_char(out, ']');
}

static void
write_skip(Buf *out, unsigned bytes)
{
    if (bytes == 0)
        return;
    buf_char(out, '.');
    if (bytes > 1) {
        buf_char(out, '{');
        buf_number(out, bytes);
        buf_char(out, '}');
    }
}

static bool
is_empty_test(const ByteTest *test)
{
    return (test->values[0] | test->values[1] | test->values[2] | test->values[3]) == 0;
}

static void
write_record(Buf *out, const Conjunction *conj)
{
    unsigned at = 0;

    for (unsigned byte = 0; byte < TAPE_WIDTH; byte++)
        for (int i = 0; i < conj->count; i++)
            if (conj->tests[i].byte == byte) {
                write_skip(out, byte - at);
                if (is_empty_test(&conj->tests[i])) /* an empty class cannot be written; the dot keeps the width */
                    buf_str(out, "(*FAIL).");
                else
                    write_class(out, &conj->tests[i]);
                at = byte + 1;
            }
    write_skip(out, TAPE_WIDTH - at);
}

void
tokentest_write(TokenTest test, Buf *out)
{
    buf_str(out, "(?:");
    for (uint32_t i = 0; i < test.count; i++) {
        if (i)
            buf_char(out, '|');
        write_record(out, &test.items[i]);
    }
    buf_char(out, ')');
}
