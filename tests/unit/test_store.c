/* How an archive compares names, days and wordings. */
#include "unit.h"

#include "store/db_p.h"
#include "store/words.h"

static uint32_t
full_words(const char *name, const char *expected)
{
    Arena arena;
    uint32_t full;

    arena_init(&arena);
    cr_assert_str_eq(name_key(&arena, name, strlen(name), &full), expected);
    arena_close(&arena);
    return full;
}

Test(store, names_are_compared_without_case_accents_and_marks)
{
    cr_assert_eq(full_words("Zo\u00eb  O'Hara-Lund", "zoe o hara lund"), 3);
    cr_assert_eq(full_words("ZOE OHARA", "zoe ohara"), 2);
    cr_assert_eq(full_words("", ""), 0);
    cr_assert_eq(full_words(" -- ", ""), 0);
}

Test(store, a_surname_alone_is_one_full_word)
{
    cr_assert_eq(full_words("Lund", "lund"), 1);
    cr_assert_eq(full_words("Z. Lund", "z lund"), 1);
    cr_assert_eq(full_words("van der Lund", "van der lund"), 1);
    cr_assert_eq(full_words("\u674e \u5a1c\u5a1c", "\u674e \u5a1c\u5a1c"), 1, "one letter tells nobody from another");
}

Test(store, full_names_that_contradict_each_other)
{
    static const struct {
        const char *a, *b;
        bool conflict;
    } CASES[] = {
        {"ann lund", "ann lund", false},           {"ann lund", "ann beth lund", false},      {"ann b lund", "ann beth lund", false},
        {"ann b lund", "ann c lund", true},        {"ann b lund", "ann c b lund", true},      {"ann b lund", "ann cora beth lund", true},
        {"ann beth lund", "ann cora lund", true},  {"ann lund jr", "ann lund sr", true},      {"ann lund jr", "ann lund", false},
        {"ann lund ii", "ann lund iii", true},     {"annie lund", "ann beth lund", false},    {"ann cora lund", "ann cora beth lund", false},
        {"", "ann lund", false},                   {"ann", "ann lund", false},                {"ann lund", "ann holm", true},
    };

    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        cr_assert_eq(names_conflict(CASES[i].a, CASES[i].b), CASES[i].conflict, "%s, %s", CASES[i].a, CASES[i].b);
        cr_assert_eq(names_conflict(CASES[i].b, CASES[i].a), CASES[i].conflict, "%s, %s", CASES[i].b, CASES[i].a);
    }
}

Test(store, days)
{
    static const struct {
        const char *text, *day;
    } CASES[] = {
        {"2024-02-29", "2024-02-29"},
        {"2024-02-29T10:00:00Z", "2024-02-29"},
        {"20240229", "2024-02-29"},
        {"2024-2-9", NULL},
        {"2024-13-01", NULL},
        {"2024-0101", NULL},
        {"202402291", NULL},
        {"2024", NULL},
        {"", NULL},
        {"now", NULL},
    };

    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        char day[11];
        bool found = day_read(CASES[i].text, day);
        cr_assert_eq(found, CASES[i].day != NULL, "%s", CASES[i].text);
        if (found)
            cr_assert_str_eq(day, CASES[i].day);
    }
}

/* ---- wordings */

/* The comparison as a line: same words as they are, [-asked-], {+found+}, and what lies outside in brackets. */
static double
compare(const char *asked, const char *found, const char *expected)
{
    Words a = {0}, f = {0};
    WordSteps steps = {0};
    Buf line = {0};
    Arena arena;
    double near;

    arena_init(&arena);
    words_cut(&arena, asked, strlen(asked), 100, &a);
    words_cut(&arena, found, strlen(found), 100, &f);
    near = words_compare(&arena, &a, &f, &steps);
    cr_assert_float_eq(near, words_compare(&arena, &a, &f, NULL), 1e-9);
    for (uint32_t i = 0; i < steps.count; i++) {
        static const char *const OPEN[] = {"", "-", "+", "("};
        const WordStep *s = &steps.items[i];
        bool of_asked = s->kind == STEP_ASKED || (s->kind == STEP_OUTSIDE && f.count < a.count);
        Span span = of_asked ? a.items[s->asked].bytes : f.items[s->found].bytes;
        buf_printf(&line, "%s%s%.*s", i ? " " : "", OPEN[s->kind], (int)(span.end - span.start), (of_asked ? asked : found) + span.start);
    }
    cr_assert_str_eq(line.len ? line.bytes : "", expected);
    buf_close(&line);
    arena_close(&arena);
    return near;
}

Test(store, marks_and_case_do_not_count)
{
    cr_assert_eq(compare("We, too: \u201cwent\u201d HOME!", "we too went h\u00f3me", "we too went h\u00f3me"), 1);
}

Test(store, a_piece_is_word_for_word)
{
    cr_assert_eq(compare("sold the boat", "and then we sold the boat at once", "(and (then (we sold the boat (at (once"), 1);
    cr_assert_eq(compare("and then we sold the boat", "we sold the boat", "(and (then we sold the boat"), 1);
}

Test(store, words_that_were_changed_count_in_full)
{
    cr_assert_float_eq(compare("we sold the old boat", "we sold the red boat", "we sold the -old +red boat"), 0.8, 1e-9);
    cr_assert_float_eq(compare("we never sold it", "we sold it (at last)", "we -never sold it (at (last"), 0.75, 1e-9);
    cr_assert_float_eq(compare("we sold the red boat (long ago)", "we sold the old boat", "we sold the -red +old boat (long (ago"), 0.8, 1e-9);
}

Test(store, a_cut_counts_little)
{
    double near = compare("we sold the boat when it leaked", "we sold the boat that my late aunt had left us when it leaked",
                          "we sold the boat +that +my +late +aunt +had +left +us when it leaked");

    cr_assert(near > 0.85 && near < 0.9, "%f", near);
}

Test(store, nothing_in_common)
{
    cr_assert_eq(compare("", "we sold it", ""), 0);
    cr_assert_eq(compare("one two", "three four five", "-one -two (three (four (five") > 0, false);
}
