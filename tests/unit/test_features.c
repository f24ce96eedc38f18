/* Features: their names, and their bits on the tape. */
#include "unit.h"

static uint16_t
find(const Features *f, const char *name)
{
    return feature_find(f, name, strlen(name));
}

static uint16_t
intern(Features *f, const char *name)
{
    return feature_intern(f, name, strlen(name));
}

Test(features, built_in_ones_have_their_numbers)
{
    Features f;

    features_init(&f);
    cr_assert_eq(f.count, F_BUILTIN);
    cr_assert_eq(find(&f, "cap"), F_CAP);
    cr_assert_eq(find(&f, "boilerplate"), F_BOILERPLATE);
    cr_assert_eq(find(&f, "person"), F_PERSON);
    cr_assert_eq(find(&f, "nominal"), F_NOMINAL);
    cr_assert_eq(find(&f, "no-such-thing"), FEATURE_NONE);
    for (uint32_t i = 0; i < f.count; i++)
        cr_assert(f.items[i].name[0] != '\0', "feature %u has no name", i);
    features_close(&f);
}

Test(features, intern_gives_one_number_to_one_name)
{
    Features f;
    uint16_t city, river;

    features_init(&f);
    city = intern(&f, "city");
    river = intern(&f, "river");
    cr_assert_neq(city, river);
    cr_assert_eq(intern(&f, "city"), city);
    cr_assert_eq(feature_find(&f, "city.big", 4), city, "the length counts");
    for (int i = 0; i < 500; i++) {
        char name[16];
        snprintf(name, sizeof name, "f%d", i);
        intern(&f, name);
    }
    cr_assert_eq(find(&f, "river"), river, "numbers stay when the table grows");
    cr_assert_eq(find(&f, "f499"), intern(&f, "f499"));
    features_close(&f);
}

Test(features, a_bit_once_and_two_for_what_spans)
{
    Features f;
    uint16_t word, phrase;
    uint32_t bits;

    features_init(&f);
    word = intern(&f, "word-list");
    phrase = intern(&f, "phrase-list");
    f.items[phrase].spans = true;
    cr_assert_eq(f.items[word].begin, BIT_NONE);
    cr_assert(feature_place(&f, word) && feature_place(&f, phrase));
    bits = f.bits;
    cr_assert(feature_place(&f, word) && feature_place(&f, phrase));
    cr_assert_eq(f.items[word].inside, BIT_NONE);
    cr_assert_eq(f.items[phrase].inside, f.items[phrase].begin + 1);
    cr_assert_eq(f.bits, bits, "placing again takes no bit");
    features_close(&f);
}

Test(features, shapes_have_the_bits_of_their_numbers)
{
    Features f;

    features_init(&f);
    for (int i = 0; i <= F_LAST_OF_SHAPE; i++)
        cr_assert_eq(f.items[i].begin, i);
    cr_assert_eq(f.bits, BUILTIN_BITS);
    features_close(&f);
}

Test(features, no_bit_is_given_twice)
{
    uint8_t taken[TAPE_BITS] = {0};
    Features f;

    features_init(&f);
    for (int i = 0; i < 200; i++) {
        char name[16];
        uint16_t n;
        snprintf(name, sizeof name, "f%d", i);
        n = intern(&f, name);
        f.items[n].spans = i % 3 != 0;
        cr_assert(feature_place(&f, n));
        cr_assert_eq(taken[f.items[n].begin]++, 0);
        if (f.items[n].spans) {
            cr_assert_eq(taken[f.items[n].inside]++, 0);
        }
    }
    features_close(&f);
}

Test(features, a_full_tape_refuses)
{
    Features f;
    int placed = 0;

    features_init(&f);
    for (;; placed++) {
        char name[16];
        uint16_t n;
        snprintf(name, sizeof name, "f%d", placed);
        n = intern(&f, name);
        if (!feature_place(&f, n))
            break;
        cr_assert_lt(placed, 10000);
        cr_assert_lt(f.items[n].begin, TAPE_BITS);
    }
    cr_assert_eq(placed, TAPE_BITS - BUILTIN_BITS);
    features_close(&f);
}
