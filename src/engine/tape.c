#include "engine/tape.h"

#include "engine/pattern.h"

enum { PADDING = 4 }; /* words that a window at the article's end may look into */

void
tape_make(Article *a, uint32_t rows)
{
    a->tape_rows = rows;
    a->tape_words = (a->tokens.count + 63) / 64 + PADDING;
    a->tape = arena_zero(a->arena, (size_t)rows * a->tape_words * sizeof *a->tape);
}

bool
tape_passes(const Article *a, uint32_t token, const Test *test)
{
    switch (test->kind) {
    case TEST_BITS:
        return tape_bit(a, token, test->bits[0]) || tape_bit(a, token, test->bits[1]);
    case TEST_WORDS:
        return test_has_word(test, a->tokens.items[token].rule_word);
    case TEST_NOT:
        return !tape_passes(a, token, test->a);
    case TEST_AND:
        return tape_passes(a, token, test->a) && tape_passes(a, token, test->b);
    case TEST_OR:
        return tape_passes(a, token, test->a) || tape_passes(a, token, test->b);
    default:
        return true;
    }
}
