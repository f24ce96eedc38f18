/* The rule set and the matcher: folders, phases, order, character rules, limits, needs. */
#include "unit.h"

#define HEAD "phase = p\nkind = token\nscope = sentence\n"
#define RULE(name, match) "[" name "]\nabout = x\nmatch = " match "\n"

Test(matcher, matches_stand_in_text_order_then_in_the_order_of_rules)
{
    World *w = world_of("a.rules", HEAD RULE("second", "{number}") RULE("first", "{cap} {number}"), NULL);

    world_read(w, "so 7 Ada 8 so 9", "sentences");
    cr_assert_str_eq(world_matches(w, "p"), "second: 7\nfirst: Ada 8\nsecond: 8\nsecond: 9");
    world_free(w);
}

Test(matcher, order_at_one_place_is_the_order_of_the_files)
{
    World *w = world_of("b.rules", HEAD RULE("b", "{cap}"), "a.rules", HEAD RULE("a2", "{cap}+") RULE("a1", "{cap}"), NULL);

    world_read(w, "Ada Bob", "sentences");
    cr_assert_str_eq(world_matches(w, "p"), "a2: Ada Bob\na1: Ada\nb: Ada\na1: Bob\nb: Bob");
    world_free(w);
}

Test(matcher, rules_without_any_list)
{
    World *w = world_of("a.rules", HEAD RULE("a", "{number}"), NULL);

    world_read(w, "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen 16", "sentences");
    cr_assert_str_eq(world_matches(w, "p"), "a: 16");
    world_free(w);
}

Test(matcher, no_token_is_inside_what_is_never_longer_than_one)
{
    World *w = world_of("a.rules", HEAD RULE("a", "{cap:inside} | {number}") RULE("b", "{!cap:inside} {number}"), NULL);

    world_read(w, "so Ada Bell 7", "sentences");
    cr_assert_str_eq(world_matches(w, "p"), "b: Bell 7\na: 7");
    world_free(w);
}

Test(matcher, no_rules_at_all)
{
    World *w = world_of("note.txt", "this is no rule", NULL);

    world_read(w, "Ada met Bob. They left.", NULL);
    cr_assert_eq(w->a.matches.count, 0);
    cr_assert_eq(w->a.sentences.count, 1, "nobody says where a sentence ends");
    world_free(w);
}

Test(matcher, other_files_are_passed_over)
{
    World *w = world_of("a.rules", HEAD RULE("a", "{cap}"), "README.md", "[not a rule", ".hidden.rules", "nonsense", NULL);

    cr_assert_eq(w->rules->files.rules.count, 1);
    world_free(w);
}

Test(matcher, phases_are_apart)
{
    World *w = world_of("a.rules", HEAD RULE("a", "{cap}"), "b.rules",
                        "phase = q\nkind = token\nscope = paragraph\n" RULE("b", "{cap} \".\" {cap}"), NULL);

    world_read(w, "It is. Bob left. Cy.", "sentences");
    cr_assert_str_eq(world_matches(w, "p"), "a: It\na: Bob\na: Cy");
    cr_assert_str_eq(world_matches(w, "q"), "", "no one token is between");
    cr_assert_null(ruleset_phase(w->rules, "r"));
    cr_assert_not_null(ruleset_rule(w->rules, "b"));
    cr_assert_null(ruleset_rule(w->rules, "c"));
    world_free(w);
}

Test(matcher, a_paragraph_is_a_wider_scope_than_a_sentence)
{
    World *w = world_of("s.rules", "phase = sentences\nkind = token\nscope = paragraph\n" RULE("s", "\".\" (?= {cap} )"), "a.rules",
                        HEAD RULE("a", "{lower} \".\" {cap}"), "b.rules",
                        "phase = q\nkind = token\nscope = paragraph\n" RULE("b", "{lower} \".\" {cap}"), NULL);

    world_read(w, "It rains. Bob left.\n\nIt snows. Cy came.", "sentences");
    cr_assert_eq(w->a.sentences.count, 4);
    cr_assert_str_eq(world_matches(w, "p"), "");
    cr_assert_str_eq(world_matches(w, "q"), "b: rains. Bob\nb: snows. Cy");
    world_free(w);
}

Test(matcher, one_phase_has_one_kind_and_scope)
{
    Error err;

    expect_refused(&err, "a.rules", HEAD RULE("a", "{cap}"), "b.rules",
                   "phase = p\nkind = token\nscope = paragraph\n" RULE("b", "{cap}"), NULL);
    cr_assert_str_eq(err.path, "b.rules");
    cr_assert_eq(err.line, 4);
    cr_assert(strstr(err.message, "another kind or scope"));
}

Test(matcher, a_rule_is_not_tried_where_something_that_it_needs_is_missing)
{
    World *w = world_of("l.tsv", "# feature: rare\n# case: any\nzebra\n", "a.rules",
                        HEAD RULE("a", "{cap} {lower}* {rare}"), NULL);
    const Rule *rule = ruleset_rule(w->rules, "a");

    world_read(w, "Ada saw nothing. Bob saw nothing.", "sentences");
    cr_assert_str_eq(world_matches(w, "p"), "");
    cr_assert_eq(w->scratch->tries[rule->number], 0);
    world_read(w, "Ada saw a zebra.", "sentences");
    cr_assert_str_eq(world_matches(w, "p"), "a: Ada saw a zebra");
    cr_assert_eq(w->scratch->hits[rule->number], 1);
    world_free(w);
}

Test(matcher, a_rule_starts_afresh_in_every_sentence_and_article)
{
    World *w = world_of("s.rules", "phase = sentences\nkind = token\nscope = paragraph\n" RULE("s", "\".\" (?= {cap} )"),
                        "a.rules", HEAD RULE("a", "{cap} {letters}*"), NULL);

    for (int i = 0; i < 3; i++) {
        world_read(w, "Ada left. Bob left.", "sentences");
        cr_assert_str_eq(world_matches(w, "p"), "a: Ada left\na: Bob left");
    }
    world_free(w);
}

Test(matcher, a_match_may_begin_with_any_token)
{
    World *w = world_of("a.rules", HEAD RULE("a", ". {cap} ."), NULL);

    world_read(w, "it was Ada then", "sentences");
    cr_assert_str_eq(world_matches(w, "p"), "a: was Ada then");
    world_free(w);
}

/* The prefilter looks at 128 tokens at a time. */
Test(matcher, a_match_may_be_longer_than_a_window)
{
    World *w = world_of("a.rules", HEAD RULE("a", "{cap} {lower}* {number}"), NULL);

    for (int between = 1; between < 200; between++) {
        Buf text = {0};
        buf_str(&text, "so Ada");
        for (int i = 0; i < between; i++)
            buf_str(&text, " x");
        buf_str(&text, " 7 x Bob 8");
        world_read(w, text.bytes, "sentences");
        world_matches(w, "p");
        cr_assert_eq(w->a.matches.count, 2, "%u matches with %d tokens between", w->a.matches.count, between);
        cr_assert_eq(w->a.matches.items[0].tokens.end, (uint32_t)between + 3);
        buf_close(&text);
    }
    world_free(w);
}

/* A lone place is tried at once; but a program that would go back without end there is not let do so. */
Test(matcher, a_lone_place_where_nothing_matches_spends_no_steps)
{
    World *w = world_of("a.rules", HEAD RULE("a", "\"so\" ( {lower}+ )+ {number}"), NULL);

    world_read(w, "so a a a a a a a a a a a a a a a a a a a a a a a a Bob", "sentences");
    cr_assert_str_eq(world_matches(w, "p"), "");
    cr_assert_eq(w->a.spent, 0);
    world_read(w, "so a a a a a a a a a a a a a a a a a a a a a a a a 7", "sentences");
    cr_assert_eq((world_matches(w, "p"), w->a.matches.count), 1);
    world_free(w);
}

Test(matcher, features_of_stages_can_be_set)
{
    World *w = world_of("a.rules", HEAD "uses = person\n" RULE("a", "<person> \"said\""), NULL);

    world_read(w, "Ada Bell said so", "sentences");
    tape_mark(&w->a, w->rules, (Range){0, 2}, F_PERSON);
    cr_assert_str_eq(world_matches(w, "p"), "a: Ada Bell said");
    cr_assert(token_has(&w->a, w->rules, 1, F_PERSON));
    cr_assert_not(token_has(&w->a, w->rules, 2, F_PERSON));
    tape_mark(&w->a, w->rules, (Range){3, 4}, F_PERSON); /* what was worked out before holds no longer */
    cr_assert_str_eq(world_matches(w, "p"), "a: Ada Bell said");
    tape_clear(&w->a, 1, w->rules->features.items[F_PERSON].inside);
    cr_assert_str_eq(world_matches(w, "p"), "");
    world_free(w);
}

/* Rows are made of all of a short article, and of stretches of a long one. */
Test(matcher, rows_say_what_the_tape_says, .timeout = 120)
{
    static const char TEXT[] = "Mayor Ada Bell of Nairobi told the Harbour Board on Monday that \"we won't sail\", said Cy Dee.\n\n";
    World *w = world_ours();
    Rows *rows = &w->scratch->rows;

    for (uint32_t times = 1; times <= 400; times += 399) {
        Buf text = {0};
        for (uint32_t i = 0; i < times; i++)
            buf_str(&text, TEXT);
        world_read(w, text.bytes, "sentences");
        cr_assert((times == 1) == (w->a.tokens.count < 64 * STRETCH_WORDS));
        for (uint32_t n = 0; n < w->rules->files.rules.count; n++) {
            const Rule *rule = w->rules->files.rules.items[n];
            for (uint32_t i = 0; i < rule->need_count; i++)
                for (uint32_t t = 0; t < w->a.tokens.count; t += 1 + times / 7) {
                    rows_reach(rows, &w->a, t);
                    cr_assert_eq(rows_pass(rows, &w->a, t, rule->need_rows[i].row),
                                 tape_passes(&w->a, t, rule->needs[i].test), "%s: its need %u at token %u", rule->name, i, t);
                }
        }
        buf_close(&text);
    }
    world_free(w);
}

Test(matcher, a_users_rule_replaces_ours_and_a_users_list_adds)
{
    World *w = world_with("l.tsv", "# feature: town-word\n# case: any\nquay\n", "a.rules",
                          "phase = own\nkind = token\nscope = paragraph\n" RULE("own.quay", "{town-word} <city>"), "b.rules",
                          "phase = zones\nkind = character\nscope = line\n"
                          "[zone.byline]\nabout = Ours now.\nmatch = ^ From \\s (?<author> .+ ) $\nzone = byline\n", NULL);

    cr_assert_str_eq(ruleset_rule(w->rules, "zone.byline")->about, "Ours now.");
    world_read(w, "The quay Nairobi.", "sentences");
    cr_assert_str_eq(world_matches(w, "own"), "own.quay: quay Nairobi");
    world_free(w);
}

Test(matcher, a_folder_that_is_not_there)
{
    const char *dirs[] = {"/no/such/folder"};
    Error err = {0};

    cr_assert_null(ruleset_load_pack(NULL, 0, dirs, 1, &err));
    cr_assert_eq(err.kind, ERROR_IO);
    cr_assert_str_eq(err.path, "/no/such/folder");
}

Test(matcher, the_second_rule_that_is_wrong_frees_the_first)
{
    Error err;

    /* the sanitized run sees a leak here if it is not so */
    expect_refused(&err, "a.rules", HEAD RULE("a", "{cap}") RULE("b", "{cap} ("), "l.tsv", "# feature: x\ny\n", NULL);
    cr_assert_eq(err.line, 9);
}

/* ---- character rules */

#define LINE_HEAD "phase = c\nkind = character\nscope = line\n"

static bool
find_in(World *w, const char *rule, const char *text, const char **whole, const char **group)
{
    Span found, groups[MATCH_GROUPS];
    const Rule *r = ruleset_rule(w->rules, rule);

    world_read(w, text, "tokens");
    if (!character_rule_find(r, &w->a, w->scratch, (Span){0, w->a.len}, &found, groups))
        return false;
    *whole = world_slice(w, found);
    *group = r->group_count && groups[0].start != NONE ? world_slice(w, groups[0]) : NULL;
    return true;
}

Test(character_rule, spans_of_the_match_and_its_groups)
{
    World *w = world_of("a.rules", LINE_HEAD "[date]\nabout = x\nmatch = (?: on \\s )? (?<day> \\d{1,2} ) \\s \\p{Lu}\\p{Ll}+\n"
                                             "[maybe]\nabout = x\nmatch = ^ (?<first> x )? y\n", NULL);
    const char *whole, *group;

    cr_assert(find_in(w, "date", "Café closes on 7 Août for good", &whole, &group));
    cr_assert_str_eq(whole, "on 7 Août");
    cr_assert_str_eq(group, "7");
    cr_assert_not(find_in(w, "date", "Café closes", &whole, &group));
    cr_assert(find_in(w, "maybe", "y", &whole, &group));
    cr_assert_null(group, "a group that took no part");
    world_free(w);
}

Test(character_rule, offsets_are_of_the_text_and_not_of_the_stretch)
{
    World *w = world_of("a.rules", LINE_HEAD "[r]\nabout = x\nmatch = ^ b+\n", NULL);
    Span found, groups[MATCH_GROUPS];

    world_read(w, "aaa bbb ccc", "tokens");
    cr_assert(character_rule_find(ruleset_rule(w->rules, "r"), &w->a, w->scratch, (Span){4, 11}, &found, groups));
    cr_assert(found.start == 4 && found.end == 7);
    cr_assert_not(character_rule_find(ruleset_rule(w->rules, "r"), &w->a, w->scratch, (Span){3, 11}, &found, groups));
    cr_assert(character_rule_find(ruleset_rule(w->rules, "r"), &w->a, w->scratch, (Span){4, 6}, &found, groups));
    cr_assert_eq(found.end, 6, "nothing behind the stretch is seen");
    world_free(w);
}

Test(character_rule, what_it_needs_is_a_word_or_a_mark_of_the_line)
{
    World *w = world_of("r.rules", LINE_HEAD "[r]\nabout = x\nneeds = © rights | Kept\nmatch = x\n[free]\nabout = x\nmatch = x\n", NULL);
    const Rule *r = ruleset_rule(w->rules, "r");
    static const struct {
        const char *text;
        bool may;
    } LINES[] = {{"x RIGHTS x", true}, {"©x", true}, {"a | b", true}, {"all kept.", true}, {"x righteous x keeps", false}};

    for (size_t i = 0; i < sizeof LINES / sizeof *LINES; i++) {
        world_read(w, LINES[i].text, "tokens");
        Range all = {0, w->a.tokens.count};
        cr_assert_eq(character_rule_may(r, &w->a, all), LINES[i].may, "%s", LINES[i].text);
        cr_assert(character_rule_may(ruleset_rule(w->rules, "free"), &w->a, all));
    }
    cr_assert_not(character_rule_may(r, &w->a, (Range){0, 0}));
    world_free(w);
}

Test(character_rule, a_spent_limit_is_counted_and_the_rest_goes_on)
{
    World *w = world_of("a.rules", LINE_HEAD "[slow]\nabout = x\nmatch = ^ (?: a+ )+ (?: a+ )+ [0-9]\n"
                                             "[quick]\nabout = x\nmatch = a+ x\n", NULL);
    const char *whole, *group;

    scratch_limit(w->scratch, 1000);
    cr_assert_not(find_in(w, "slow", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaax", &whole, &group));
    cr_assert_gt(w->a.spent, 0);
    cr_assert(find_in(w, "quick", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaax", &whole, &group));
    cr_assert_eq(w->a.spent, 0);
    world_free(w);
}

static void
refused(const char *match, size_t line, const char *message)
{
    Buf rules = {0};
    Error err;

    buf_printf(&rules, LINE_HEAD "[r]\nabout = x\nmatch = %s\n", match);
    expect_refused(&err, "bad.rules", rules.bytes, NULL);
    cr_assert_str_eq(err.path, "bad.rules");
    cr_assert_eq(err.line, line, "line %zu: %s", err.line, err.message);
    cr_assert_gt(err.column, 0);
    cr_assert(strstr(err.message, message), "\"%s\" does not say \"%s\"", err.message, message);
    buf_close(&rules);
}

Test(character_rule, wrong_patterns_are_refused)
{
    refused("( abc", 6, "parenthes");
    refused("[abc", 6, "character class");
    refused("abc\n   def\n   [a", 8, "character class");
    refused("(abc) \\d", 6, "groups are");
    refused("a \\C b", 6, "\\C");
}

Test(character_rule, the_column_is_that_of_the_file)
{
    Error err;

    expect_refused(&err, "bad.rules", LINE_HEAD "[r]\nabout = x\nmatch = abc )\n", NULL);
    cr_assert_eq(err.line, 6);
    cr_assert_eq(err.column, 13, "column %zu", err.column);
}
