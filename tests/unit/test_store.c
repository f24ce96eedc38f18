/* The forms in which an archive compares names and days. */
#include "unit.h"

#include "store/db_p.h"

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
