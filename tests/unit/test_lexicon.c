/* Word lists: reading, ways of writing, entries of several words, attributes, and what is refused. */
#include "unit.h"

/* A rule that asks for a feature gives it its place on the tape. */
#define ASK "phase = ask\nkind = token\nscope = paragraph\n"
#define ASK_FOR(feature) "[ask." feature "]\nabout = It asks.\nmatch = {" feature "}\n"
#define ASK_WHOLE(feature) "[ask." feature "]\nabout = It asks.\nmatch = <" feature ">\n"

static bool
bears(World *w, const char *part, const char *feature)
{
    uint16_t number = ruleset_feature(w->rules, feature);

    cr_assert_neq(number, FEATURE_NONE, "there is no feature %s", feature);
    return token_has(&w->a, w->rules, article_token_at(&w->a, world_find(w, part).start), number);
}

Test(lexicon, case_capital)
{
    World *w = world_of("l.tsv", "# feature: town\n# case: capital\nReading\nWHO\nde Vries\n", "r.rules",
                        ASK ASK_WHOLE("town"), NULL);

    world_read(w, "Reading is fun; reading too. READING. WHO knows; who, Who?", "tokens");
    cr_assert_str_eq(world_matches(w, "ask"), "ask.town: Reading\nask.town: READING\nask.town: WHO");
    world_free(w);
}

Test(lexicon, case_any_and_exact)
{
    World *w = world_of("a.tsv", "# feature: verb\n# case: any\nsay\n", "b.tsv",
                        "# feature: brand\n# case: exact\niPhone\nGap\ntarget\n", "r.rules",
                        ASK ASK_FOR("verb") ASK_FOR("brand"), NULL);

    world_read(w, "say Say SAY iPhone Iphone IPHONE Gap gap GAP target Target", "tokens");
    cr_assert_str_eq(world_matches(w, "ask"), "ask.verb: say\nask.verb: Say\nask.verb: SAY\n"
                                              "ask.brand: iPhone\nask.brand: Gap\nask.brand: target");
    world_free(w);
}

Test(lexicon, diacritics_and_stops_do_not_count)
{
    World *w = world_of("l.tsv", "# feature: known\n# case: any\nJürgen\nU.S.\nSt. Ives\n", "r.rules",
                        ASK ASK_WHOLE("known"), NULL);

    world_read(w, "Jurgen, JÜRGEN, US, U.S. and St Ives", "tokens");
    cr_assert_str_eq(world_matches(w, "ask"),
                     "ask.known: Jurgen\nask.known: JÜRGEN\nask.known: US\nask.known: U.S.\nask.known: St Ives");
    world_free(w);
}

Test(lexicon, letters_with_stops_are_no_word)
{
    World *w = world_of("a.tsv", "# feature: honorific\n# case: capital\nSr\nHM\n", "b.tsv",
                        "# feature: pronoun\n# case: any\nit\nus\n", "r.rules", ASK ASK_FOR("honorific") ASK_FOR("pronoun"), NULL);

    world_read(w, "Sr, SR, S.R., H.M. and I.T. for us, US and U.S.", "tokens");
    cr_assert_str_eq(world_matches(w, "ask"), "ask.honorific: Sr\nask.honorific: SR\nask.honorific: H.M.\n"
                                              "ask.pronoun: us\nask.pronoun: US");
    world_free(w);
}

Test(lexicon, entries_of_several_words_mark_begin_and_inside)
{
    World *w = world_of("l.tsv", "# feature: office\n# case: any\nprime minister\nminister\n", "r.rules",
                        ASK ASK_WHOLE("office")
                        "[ask.inside]\nabout = Later words.\nmatch = {office:inside}\n"
                        "[ask.begin]\nabout = First words.\nmatch = {office:begin}\n", NULL);

    world_read(w, "the prime minister met a minister", "tokens");
    cr_assert_str_eq(world_matches(w, "ask"),
                     "ask.office: prime minister\nask.begin: prime\nask.inside: minister\n"
                     "ask.begin: minister\nask.office: minister\nask.begin: minister");
    world_free(w);
}

Test(lexicon, longest_entry_is_found_and_all_shorter_ones)
{
    World *w = world_of("l.tsv", "# feature: place\n# case: capital\nNew York\nNew York City\nNew York City Hall\n", "r.rules",
                        ASK ASK_WHOLE("place"), NULL);

    world_read(w, "At New York City Hall.", "tokens");
    cr_assert_eq(w->a.hits.count, 3);
    cr_assert_str_eq(world_words(w, w->a.hits.items[0].tokens), "New York");
    cr_assert_str_eq(world_words(w, w->a.hits.items[2].tokens), "New York City Hall");
    world_free(w);
}

Test(lexicon, an_entry_does_not_cross_a_paragraph)
{
    World *w = world_of("l.tsv", "# feature: place\n# case: capital\nNew York\n", "r.rules", ASK ASK_WHOLE("place"), NULL);

    world_read(w, "It is New\n\nYork is far.", "tokens");
    cr_assert_eq(w->a.hits.count, 0);
    world_free(w);
}

Test(lexicon, capitalised_entries_of_several_words)
{
    World *w = world_of("l.tsv", "# feature: org\n# case: capital\nBank of Wales\n", "r.rules", ASK ASK_WHOLE("org"), NULL);

    world_read(w, "The Bank of Wales and a bank of wales, BANK OF WALES", "tokens");
    cr_assert_eq(w->a.hits.count, 2);
    cr_assert_str_eq(world_words(w, w->a.hits.items[0].tokens), "Bank of Wales");
    cr_assert_str_eq(world_words(w, w->a.hits.items[1].tokens), "BANK OF WALES");
    world_free(w);
}

Test(lexicon, tags_are_features_and_lists_add_up)
{
    World *w = world_of("a.tsv", "# feature: city\n# case: capital\nParis\tbig\tcapital\nTours\n", "b.tsv",
                        "# feature: given\n# case: capital\nParis\n", "r.rules",
                        ASK ASK_FOR("city") ASK_FOR("city.big") ASK_FOR("given"), NULL);

    world_read(w, "Paris and Tours", "tokens");
    cr_assert(bears(w, "Paris", "city") && bears(w, "Paris", "city.big") && bears(w, "Paris", "given"));
    cr_assert(bears(w, "Tours", "city"));
    cr_assert_not(bears(w, "Tours", "city.big"));
    cr_assert_not(bears(w, "Tours", "given"));
    cr_assert_not(bears(w, "and", "city"));
    world_free(w);
}

Test(lexicon, a_feature_that_no_rule_asks_for_has_no_place)
{
    World *w = world_of("a.tsv", "# feature: city\n# case: capital\nParis\tbig\n", "r.rules", ASK ASK_FOR("city"), NULL);

    world_read(w, "Paris", "tokens");
    cr_assert(bears(w, "Paris", "city"));
    cr_assert_not(bears(w, "Paris", "city.big"));
    world_free(w);
}

Test(lexicon, attributes)
{
    World *w = world_of("a.tsv", "# feature: month\n# case: capital\nMay\tnumber=5\tlong=no\nMarch\tnumber=3\n", "b.tsv",
                        "# feature: verb\n# case: any\ncall on\tlemma=call\n", "r.rules", ASK ASK_FOR("month"), NULL);

    world_read(w, "In March they call on May", "tokens");
    cr_assert_str_eq(ruleset_attribute(w->rules, &w->a, (Range){1, 2}, "month", "number"), "3");
    cr_assert_str_eq(ruleset_attribute(w->rules, &w->a, (Range){5, 6}, "month", "number"), "5");
    cr_assert_str_eq(ruleset_attribute(w->rules, &w->a, (Range){5, 6}, "month", "long"), "no");
    cr_assert_str_eq(ruleset_attribute(w->rules, &w->a, (Range){3, 5}, "verb", "lemma"), "call");
    cr_assert_null(ruleset_attribute(w->rules, &w->a, (Range){3, 4}, "verb", "lemma"));
    cr_assert_null(ruleset_attribute(w->rules, &w->a, (Range){1, 2}, "month", "lon"));
    cr_assert_null(ruleset_attribute(w->rules, &w->a, (Range){1, 2}, "verb", "number"));
    world_free(w);
}

Test(lexicon, thousands_of_entries)
{
    Buf list = {0};
    World *w;

    buf_str(&list, "# feature: code\n# case: any\n");
    for (int i = 0; i < 20000; i++)
        buf_printf(&list, "w%dx\tt%d\n", i, i % 20);
    w = world_of("l.tsv", list.bytes, "r.rules", ASK ASK_FOR("code") ASK_FOR("code.t7"), NULL);
    world_read(w, "w0x w7x w19999x w20000x", "tokens");
    cr_assert(bears(w, "w0x", "code") && bears(w, "w7x", "code.t7") && bears(w, "w19999x", "code"));
    cr_assert_not(bears(w, "w0x", "code.t7"));
    cr_assert_not(bears(w, "w20000x", "code"));
    world_free(w);
    buf_close(&list);
}

Test(lexicon, abbreviations_take_their_stop)
{
    World *w = world_of("l.tsv", "# feature: abbrev\n# case: capital\nInc\n", "r.rules", ASK ASK_FOR("abbrev"), NULL);

    world_read(w, "Acme Inc. won. The inc. lost Inc .", "tokens");
    cr_assert_str_eq(world_words(w, (Range){1, 2}), "Inc.");
    cr_assert(w->a.tokens.items[1].flags & TOKEN_DOTTED);
    cr_assert_str_eq(world_words(w, (Range){2, 3}), "won");
    cr_assert_eq(w->a.tokens.count, 10, "only the glued, capitalised one");
    world_free(w);
}

/* ---- what is refused, and where */

static void
refused(const char *list, size_t line, size_t column, const char *message)
{
    Error err;

    expect_refused(&err, "bad.tsv", list, NULL);
    cr_assert_str_eq(err.path, "bad.tsv");
    cr_assert(err.line == line && err.column == column, "at %zu:%zu, not %zu:%zu: %s", err.line, err.column, line,
              column, err.message);
    cr_assert(strstr(err.message, message), "\"%s\" does not say \"%s\"", err.message, message);
}

Test(lexicon, wrong_lists_are_refused_with_their_place)
{
    refused("Paris\n", 1, 1, "before the header line");
    refused("", 1, 1, "no header line");
    refused("# feature: Big City\n", 1, 12, "a-z");
    refused("# feature: city\n# case: upper\n", 2, 9, "capital, any, exact");
    refused("# feature: city\n Paris\n", 2, 1, "without spaces");
    refused("# feature: city\nParis \tbig\n", 2, 1, "without spaces");
    refused("# feature: city\nParis\t\tbig\n", 2, 7, "empty tag");
    refused("# feature: city\nParis\tBIG\n", 2, 7, "a-z");
    refused("# feature: city\nPar\xffis\n", 2, 4, "not UTF-8");
    refused("# feature: city\n\tbig\n", 2, 1, "begins with its words");
    refused("# feature: city\na b c d e f g h i j k l m n o p q\n", 2, 1, "1 to 16 words");
}

Test(lexicon, line_ends_and_empty_lines_do_no_harm)
{
    World *w = world_of("l.tsv", "# feature: town\r\n# case: any\r\n\r\nleek\ttall\r\n\nash", "r.rules",
                        ASK ASK_FOR("town") ASK_FOR("town.tall"), NULL);

    world_read(w, "leek ash", "tokens");
    cr_assert_str_eq(world_matches(w, "ask"), "ask.town: leek\nask.town.tall: leek\nask.town: ash");
    world_free(w);
}
