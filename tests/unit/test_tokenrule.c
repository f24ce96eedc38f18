/* The language of token rules: each of its parts, and what is refused, with file, line and column. */
#include "unit.h"

#define HEAD "phase = p\nkind = token\nscope = sentence\n"
#define RULE(match) HEAD "[r]\nabout = x\nmatch = " match "\n"
#define LISTS "# feature: title\n# case: any\nking\nprime minister\nqueen\tf\n"
#define NAMES "# feature: known\n# case: capital\nAda\nBob\nNew York\n"

/* The matches of one rule in a text, joined by " / ". */
static void
finds(const char *rules, const char *text, const char *wanted)
{
    World *w = world_of("a.tsv", LISTS, "b.tsv", NAMES, "r.rules", rules, NULL);
    const Phase *phase;
    uint32_t from, to;
    Buf found = {0};

    world_read(w, text, "sentences");
    phase = ruleset_phase(w->rules, "p");
    phase_run(phase, &w->a, w->rules, w->scratch, &from, &to);
    buf_str(&found, "");
    for (uint32_t i = from; i < to; i++) {
        const Match *m = &w->a.matches.items[i];
        Range r = m->tokens;
        match_group(m, rule_group(m->rule, "x"), &r); /* the group x if there is one, or the whole */
        buf_printf(&found, "%s%s", i > from ? " / " : "", world_words(w, r));
    }
    cr_assert_str_eq(found.bytes, wanted, "%s in: %s\n  wanted: %s\n  found:  %s", rules + sizeof HEAD - 1, text, wanted,
                     found.bytes);
    buf_close(&found);
    world_free(w);
}

#define FINDS(match, text, wanted) finds(RULE(match), text, wanted)

Test(tokenrule, features_and_words)
{
    FINDS("{cap}", "Ada met bob", "Ada");
    FINDS("\"met\"", "Ada met MET Mét", "met / MET / Mét");
    FINDS("{title} {cap}", "king Bob and the queen Ada", "king Bob / queen Ada");
    FINDS("\"prime minister\"", "the Prime Minister and a minister", "Prime Minister");
    FINDS("\"isn't\"", "It isn't so", "isn't");
    FINDS("\"U.S.\"", "the U.S. and the US and us", "U.S. / US / us");
    FINDS("{number}", "in 1999 or 3.5 x2", "1999 / 3.5");
}

Test(tokenrule, quotation_marks_and_dashes)
{
    FINDS("\"\\\"\" {cap}", "\"Ada and “Bob", "\"Ada / “Bob");
    FINDS("{cap} \"--\"", "Ada – or Bob — or Cy -- so", "Ada – / Bob — / Cy --");
    FINDS("{\"'\" & glued}", "cats' ’tis", "'");
}

Test(tokenrule, joined_tests)
{
    FINDS("{known & cap}", "Ada Cy Bob", "Ada / Bob");
    FINDS("{cap & !known}", "Ada Cy Bob", "Cy");
    FINDS("{\"of\" | \"in\"} {cap}", "of Ada in Bob at Cy", "of Ada / in Bob");
    FINDS("{(title | known) & !\"ada\"}", "Ada king Bob", "king / Bob");
    FINDS("{known & !(\"ada\" | \"cy\")}", "Ada Bob Cy", "Bob");
    FINDS("{!(cap & known) & letters}", "Ada so Cy", "so / Cy");
    FINDS("{letters} {!cap & !mark}", "Ada so, it 7", "Ada so / it 7");
    FINDS("{title.f}", "king queen", "queen");
    FINDS("{known & !!cap}", "Ada cy", "Ada");
}

Test(tokenrule, a_test_that_nothing_passes)
{
    FINDS("{cap & !cap}", "Ada so", "");
    FINDS("{cap} {lower & !lower}? {lower}", "Ada so", "Ada so");
}

Test(tokenrule, whole_annotations)
{
    FINDS("<title>", "the prime minister and the king", "prime minister / king");
    FINDS("<known> \"and\" <known>", "New York and Bob", "New York and Bob");
    FINDS("{title:begin}", "the prime minister", "prime");
    FINDS("{title:inside}", "the prime minister", "minister");
    FINDS("<title> \"minister\"", "a prime minister", "");
}

Test(tokenrule, quantifiers)
{
    FINDS("{cap}+", "Ada Bob Cy so Dee", "Ada Bob Cy / Dee");
    FINDS("{cap} {lower}*", "Ada so it is Bob", "Ada so it is / Bob");
    FINDS("{cap} {lower}?", "Ada so it", "Ada so");
    FINDS("{cap}{2}", "Ada Bob Cy so Dee Eve", "Ada Bob / Dee Eve");
    FINDS("{cap}{2,3}", "A so Bo Cy Do Ed", "Bo Cy Do");
    FINDS("{cap}{2,}", "A so Bo Cy Do Ed", "Bo Cy Do Ed");
    FINDS("{cap}{0,1} {number}", "Ada 7 so 8", "Ada 7 / 8");
    FINDS("{cap} {lower}+?", "Ada so it", "Ada so");
    FINDS("{cap} {lower}*+ {lower}", "Ada so it", "");
    FINDS("{cap} {lower}*? {number}", "Ada so it 7", "Ada so it 7");
}

Test(tokenrule, groups)
{
    FINDS("({cap} | {number}) \"x\"", "Ada x 7 x so x", "Ada x / 7 x");
    FINDS("(\"a\" \"b\"){2}", "a b a b", "a b a b");
    FINDS("{cap} (?: \"and\" {cap} )*", "Ada and Bob and Cy", "Ada and Bob and Cy");
    FINDS("(?> {lower}+ ) {lower}", "so it is", "");
    FINDS("\"by\" (?<x> {cap}+ ) {lower}", "by Ada Bob who", "Ada Bob");
}

Test(tokenrule, named_groups)
{
    World *w = world_of("r.rules", RULE("(?<who> {cap}+ ) ( (?<verb> \"met\" | \"saw\" ) | \"and\" ) (?<whom> {cap} )"),
                        NULL);

    world_read(w, "Ada Bell met Bob. Cy and Dee.", "sentences");
    cr_assert_str_eq(world_matches(w, "p"), "r: Ada Bell met Bob | who=Ada Bell | verb=met | whom=Bob\n"
                                            "r: Cy and Dee | who=Cy | whom=Dee");
    world_free(w);
}

Test(tokenrule, look_around)
{
    FINDS("{cap} (?= \"said\" )", "Ada said Bob left", "Ada");
    FINDS("{cap} (?! \"said\" )", "Ada said Bob left", "Bob");
    FINDS("(?<= \"mr\" ) {cap}", "mr Ada or Bob", "Ada");
    FINDS("(?<! \"mr\" ) {cap}", "mr Ada or Bob", "Bob");
    FINDS("(?<= \"in\" \"the\" ) {cap}", "in the North of the South", "North");
    FINDS("{cap} (?= {lower}+ \"said\" )", "Ada who said Bob left", "Ada");
}

Test(tokenrule, look_behind_sees_what_an_earlier_match_took)
{
    FINDS("(?<! {cap} ) {cap} {lower}?", "so Ada Bob x", "Ada");
}

Test(tokenrule, any_token_and_the_ends)
{
    FINDS("{cap} . {cap}", "Ada & Bob", "Ada & Bob");
    FINDS("^ {cap}", "Ada saw Bob", "Ada");
    FINDS("{lower} $", "so it is", "is");
    FINDS("^ {cap} {lower} $", "Ada left", "Ada left");
    FINDS("^ {cap} {lower} $", "Ada left now", "");
}

Test(tokenrule, alternatives_of_different_length)
{
    FINDS("\"a\" | \"b\" \"c\" | {number}", "a b c 7 b", "a / b c / 7");
    FINDS("( \"the\" | \"prime\" \"the\" ) {cap}", "the Ada prime the Bob", "the Ada / prime the Bob");
}

Test(tokenrule, fragments)
{
    finds(HEAD "define run = {cap} | {number}\ndefine two = $run \"and\" $run\n[r]\nabout = x\nmatch = $two\n",
          "Ada and 7 and Bob", "Ada and 7");
    finds(HEAD "define run = {cap}\n[r]\nabout = x\nmatch = $run+\n", "Ada Bob so", "Ada Bob");
}

Test(tokenrule, a_rule_over_several_lines)
{
    finds(HEAD "[r]\nabout = x\nmatch = {cap}\n    (?: \"and\"\n\t{cap} )+\n", "Ada and Bob", "Ada and Bob");
}

Test(tokenrule, matches_of_a_rule_do_not_overlap)
{
    FINDS("{cap} {cap}", "Ada Bob Cy Dee Eve", "Ada Bob / Cy Dee");
}

Test(tokenrule, a_match_does_not_cross_its_scope)
{
    FINDS("{cap} {cap}", "It is Ada\n\nBob left", "");
    FINDS("{cap} (?= {cap} )", "It is Ada\n\nBob left", "");
    FINDS("(?<= {cap} ) {cap}", "It is Ada\n\nBob left", "");
    FINDS("{cap} $", "It is Ada\n\nBob left", "Ada");
}

/* Where a rule is tried must never change what it finds: triggers in front, behind, in alternatives, optional. */
Test(tokenrule, triggers_at_any_place)
{
    FINDS("{lower} {lower} {title}", "so it king", "so it king");
    FINDS("{lower}? {title}", "king so queen", "king / so queen");
    FINDS("{letters} ( \"met\" | {title} )", "Ada met so king", "Ada met / so king");
    FINDS("{lower}+ {title}", "so it was king", "so it was king");
    FINDS("(?<= {title} ) {lower}", "king so it", "so");
    FINDS("( {title} | {known} ) {lower} {number}", "king so 7 Ada is 8", "king so 7 / Ada is 8");
    FINDS("{lower}{0,2} {number}", "a b c 7", "b c 7");
}

/* ---- what is refused */

static void
refused_in(const char *rules, size_t line, size_t column, const char *message)
{
    Error err;

    expect_refused(&err, "a.tsv", LISTS, "bad.rules", rules, NULL);
    cr_assert_str_eq(err.path, "bad.rules");
    cr_assert(strstr(err.message, message), "\"%s\" does not say \"%s\"", err.message, message);
    cr_assert(err.line == line && err.column == column, "%s: at %zu:%zu, not %zu:%zu: %s", rules + sizeof HEAD - 1, err.line,
              err.column, line, column, err.message);
}

/* In a rule whose match begins in line 6, column 9. */
#define REFUSED(match, column, message) refused_in(RULE(match), 6, column, message)

Test(tokenrule, wrong_patterns_are_refused_with_their_place)
{
    REFUSED("{cap} {no-list}", 16, "no feature no-list");
    REFUSED("{cap", 13, "expected }");
    REFUSED("{cap & ", 15, "brace is not closed");
    REFUSED("{cap} {}", 16, "expected a feature");
    REFUSED("{cap &}", 15, "expected a feature");
    REFUSED("{cap} xyz", 15, "expected {feature}");
    REFUSED("{cap} \"open", 15, "not closed");
    REFUSED("{cap} \"\"", 15, "no word");
    REFUSED("{\"two words\"}", 10, "one word at a time");
    REFUSED("{cap} ( {lower}", 15, "not closed");
    REFUSED("{cap} )", 15, "too many");
    REFUSED("{cap} <title", 16, "name and >");
    REFUSED("{cap} $none", 16, "no fragment");
    REFUSED("{cap} (?i) {cap}", 15, "groups are");
    REFUSED("{cap} (*FAIL)", 15, "groups are");
    REFUSED("{cap} (?<A> {cap} )", 18, "(?<name> ... )");
    REFUSED("{cap}{3,2}", 14, "quantifier");
    REFUSED("{cap}{2", 14, "quantifier");
    REFUSED("{title:middle}", 16, "begin or inside");
    REFUSED("{cap (", 14, "expected");
}

Test(tokenrule, rules_that_could_match_nothing)
{
    REFUSED("{cap}*", 9, "nothing at all");
    REFUSED("(?= {cap} )", 9, "nothing at all");
}

Test(tokenrule, look_behind_of_open_length_is_refused)
{
    Error err;

    expect_refused(&err, "bad.rules", RULE("(?<= {cap}+ ) {lower}"), NULL);
    cr_assert_eq(err.line, 6);
    cr_assert(strstr(err.message, "lookbehind"), "%s", err.message);
}

Test(tokenrule, a_fragment_that_uses_itself)
{
    Error err;

    expect_refused(&err, "bad.rules", HEAD "define a = $b\ndefine b = $a\n[r]\nabout = x\nmatch = $a\n", NULL);
    cr_assert(strstr(err.message, "nested too deep"), "%s", err.message);
}

Test(tokenrule, a_fault_in_a_fragment_is_shown_where_the_fragment_stands)
{
    refused_in(HEAD "define run = {cap} {bad}\n[r]\nabout = x\nmatch = $run\n", 4, 21, "no feature bad");
    refused_in(HEAD "[r]\nabout = x\nmatch = {cap}\n   {bad}\n", 7, 5, "no feature bad");
}

Test(tokenrule, depth_is_bounded)
{
    Buf rules = {0};
    Error err;

    buf_str(&rules, HEAD "[r]\nabout = x\nmatch = ");
    for (int i = 0; i < 500; i++)
        buf_char(&rules, '(');
    buf_str(&rules, "{cap}");
    expect_refused(&err, "bad.rules", rules.bytes, NULL);
    cr_assert(strstr(err.message, "nested too deep"));
    buf_clear(&rules);
    buf_str(&rules, HEAD "[r]\nabout = x\nmatch = {");
    for (int i = 0; i < 500; i++)
        buf_str(&rules, i % 2 ? "!" : "(");
    expect_refused(&err, "bad.rules", rules.bytes, NULL);
    cr_assert(strstr(err.message, "nested too deep"), "%s", err.message);
    buf_close(&rules);
}

Test(tokenrule, nine_groups_are_too_many)
{
    Error err;

    expect_refused(&err, "bad.rules",
                   RULE("(?<a>\"a\")(?<b>\"b\")(?<c>\"c\")(?<d>\"d\")(?<e>\"e\")(?<f>\"f\")(?<g>\"g\")(?<h>\"h\")(?<i>\"i\")"),
                   NULL);
    cr_assert(strstr(err.message, "at most 8"));
    cr_assert_eq(err.line, 6);
}

/* Words that are numbered far apart, joined, negated and mixed with features: what can be joined is, and means the same. */
Test(tokenrule, alternatives_that_are_joined)
{
    Buf rules = {0};

    buf_str(&rules, HEAD "[filler]\nabout = x\nmatch = {");
    for (int i = 0; i < 300; i++)
        buf_printf(&rules, "%s\"filler%d\"", i ? " | " : "", i);
    buf_str(&rules, "}\n[r]\nabout = x\nmatch = {cap & (\"filler1\" | \"filler2\" | \"filler299\" | \"ada\")} "
                    "{!\"filler1\" & !\"filler2\" & !\"filler257\" & !\"bob\" & !\"ada\" & !cap}\n");
    finds(rules.bytes, "Ada x Filler1 filler257 Filler2 filler258 Filler3 x Filler299 Filler0 filler1 x Ada 5",
          "Ada x / Filler1 / filler257 / Filler2 / Filler2 filler258 / filler258 / Filler3 / Filler299 / Filler0 / "
          "filler1 / Ada 5");
    buf_close(&rules);
}

Test(tokenrule, hundreds_of_words)
{
    Buf rules = {0};
    World *w;

    buf_str(&rules, HEAD);
    for (int i = 0; i < 6000; i++)
        buf_printf(&rules, "[r%d]\nabout = x\nmatch = \"w%dx\" {number}\n", i, i);
    w = world_of("r.rules", rules.bytes, NULL);
    world_read(w, "w0x 1 w255x 2 w256x 3 w5999x 4 w6000x 5", "sentences");
    cr_assert_str_eq(world_matches(w, "p"), "r0: w0x 1\nr255: w255x 2\nr256: w256x 3\nr5999: w5999x 4");
    world_free(w);
    buf_close(&rules);
}

Test(tokenrule, random_patterns_are_taken_or_refused_and_nothing_else)
{
    static const char *const parts[] = {"{cap}", "{title}", "}",  "(",    ")",     "(?<x> ", "(?= ", "(?<! ", "|",  "*",
                                        "+",     "?",      "{2}", "\"a\"", "<title>", "^",      "$",    ".",     "!",  "{!cap}",
                                        "{1,",   "\"",     "& ", "$f",   "{\"b\" | cap}", "+"};
    uint32_t state = 12345, taken = 0;

    for (int round = 0; round < 400; round++) {
        Arena arena;
        RuleFiles files = {.arena = &arena};
        Rule rule = {.name = "r", .path = "r.rules", .match_line = 1, .match_column = 1};
        Features features;
        RuleWords words;
        Buf match = {0};
        Error err = {0};
        for (int n = 0; n < 1 + round % 9; n++) {
            state = state * 1664525 + 1013904223;
            buf_str(&match, parts[(state >> 16) % (sizeof parts / sizeof *parts)]);
        }
        for (size_t i = 0, open = match.len; i < open; i++)
            if (match.bytes[i] == '(')
                buf_char(&match, ')');
        arena_init(&arena);
        features_init(&features);
        rulewords_init(&words);
        feature_intern(&features, "title", 5);
        rule.match = match.bytes;
        if (tokenrule_compile(&rule, &files, &features, &words, &err))
            taken++;
        else
            cr_assert(err.kind == ERROR_RULE && err.message[0] && err.line == 1 && err.column <= match.len + 1,
                      "%s: %s at %zu:%zu", match.bytes, err.message, err.line, err.column);
        buf_close(&match);
        rulewords_close(&words);
        features_close(&features);
        arena_close(&arena);
    }
    cr_assert(taken > 20 && taken < 380, "%u of 400 were taken", taken);
}
