/* The form of rule files: keys, fragments, values over several lines, and what is refused, with its place. */
#include "unit.h"

#define HEAD "phase = p\nkind = token\nscope = sentence\n"

static RuleFiles files;
static Arena arena;
static Error err;

static void
set_up(void)
{
    arena_init(&arena);
    files = (RuleFiles){.arena = &arena};
    err = (Error){0};
}

static void
tear_down(void)
{
    arena_close(&arena);
}

TestSuite(rulefile, .init = set_up, .fini = tear_down);

static bool
take(const char *path, const char *text)
{
    return rulefile_read(&files, path, text, strlen(text), &err);
}

Test(rulefile, keys_of_head_and_rule)
{
    const Rule *rule;

    cr_assert(take("a.rules", "# a comment\n" HEAD "uses = city river\n\n[one.rule]\nabout = It is one.\n"
                              "match = {cap}\nzone = dateline\nyes = Hit [this]\nno = not this\n"));
    cr_assert_eq(files.rules.count, 1);
    rule = files.rules.items[0];
    cr_assert_str_eq(rule->name, "one.rule");
    cr_assert_str_eq(rule->phase, "p");
    cr_assert_str_eq(rule->about, "It is one.");
    cr_assert_str_eq(rule->match, "{cap}");
    cr_assert(rule->line == 7 && rule->match_line == 9 && rule->match_column == 9);
    cr_assert(rule->kind == RULE_TOKEN && rule->scope == SCOPE_SENTENCE);
    cr_assert_str_eq(rule_get(rule, "zone"), "dateline");
    cr_assert_null(rule_get(rule, "zon"));
    cr_assert_eq(rule->example_count, 2);
    cr_assert(rule->examples[0].must && !rule->examples[1].must);
    cr_assert_str_eq(rule->examples[0].text, "Hit [this]");
    cr_assert_eq(rule->examples[1].line, 12);
    cr_assert_eq(files.uses.count, 1);
}

Test(rulefile, a_list_of_words_as_value)
{
    const Rule *rule;

    cr_assert(take("a.rules", HEAD "[r]\nabout = x\nmatch = {cap}\nroles = says  asks tells\n"));
    rule = files.rules.items[0];
    cr_assert(rule_has(rule, "roles", "says") && rule_has(rule, "roles", "asks") && rule_has(rule, "roles", "tells"));
    cr_assert_not(rule_has(rule, "roles", "say"));
    cr_assert_not(rule_has(rule, "role", "says"));
}

Test(rulefile, indented_lines_go_on)
{
    cr_assert(take("a.rules", HEAD "[r]\nabout = x\nmatch = {cap}\n    {lower}\n\t{number}\nyes = One two 3\n"));
    cr_assert_str_eq(files.rules.items[0]->match, "{cap}\n    {lower}\n\t{number}");
    cr_assert_eq(files.rules.items[0]->example_count, 1);
}

Test(rulefile, line_ends_of_another_system)
{
    cr_assert(take("a.rules", "phase = p\r\nkind = token\r\nscope = line\r\n[r]\r\nabout = x\r\nmatch = {cap}\r\n"));
    cr_assert_str_eq(files.rules.items[0]->match, "{cap}");
    cr_assert_str_eq(files.rules.items[0]->phase, "p");
}

Test(rulefile, a_folder_defines_a_fragment_once)
{
    cr_assert(take("a.rules", HEAD "define run = ( {cap}+ )\n"));
    cr_assert_not(take("b.rules", HEAD "define run = ( {caps}+ )\n"));
    cr_assert_eq(err.line, 4);
    cr_assert(strstr(err.message, "a.rules:4") != NULL);
}

Test(rulefile, fragments_are_shared_and_a_later_folder_replaces_them)
{
    cr_assert(take("a.rules", HEAD "define run = ( {cap}+ )\ndefine run-on = {lower}\n"));
    files.fragments_before = files.fragments.count;
    cr_assert(take("b.rules", HEAD "define run = ( {caps}+ )\n"));
    cr_assert_str_eq(rulefile_fragment(&files, "run", 3)->text, "( {caps}+ )");
    cr_assert_str_eq(rulefile_fragment(&files, "run", 3)->path, "b.rules");
    cr_assert_str_eq(rulefile_fragment(&files, "run-on", 6)->text, "{lower}");
    cr_assert_null(rulefile_fragment(&files, "ru", 2));
}

Test(rulefile, a_later_file_replaces_a_rule_in_its_place)
{
    cr_assert(take("a.rules", HEAD "[one]\nabout = x\nmatch = {cap}\n[two]\nabout = y\nmatch = {lower}\n"));
    cr_assert(take("b.rules", HEAD "[one]\nabout = z\nmatch = {number}\n"));
    cr_assert_eq(files.rules.count, 2);
    cr_assert_str_eq(files.rules.items[0]->match, "{number}");
    cr_assert_str_eq(files.rules.items[0]->path, "b.rules");
    cr_assert_str_eq(files.rules.items[1]->name, "two");
}

Test(rulefile, groups_by_name)
{
    Rule rule = {.groups = {"person", "title", "organization", "organize"}, .group_count = 4};

    for (int i = 0; i < 4; i++)
        rule.group_key[i] = name_bytes(rule.groups[i]);
    cr_assert_eq(rule_group(&rule, "title"), 1);
    cr_assert_eq(rule_group(&rule, "tit"), -1);
    cr_assert_eq(rule_group(&rule, "organization"), 2);
    cr_assert_eq(rule_group(&rule, "organize"), 3);
    cr_assert_eq(rule_group(&rule, "organizer"), -1);
}

/* The file is refused at this line and column, with these words and this line shown. */
static void
refused(const char *text, size_t line, size_t column, const char *message, const char *shown)
{
    err = (Error){0};
    files = (RuleFiles){.arena = &arena};
    cr_assert_not(take("bad.rules", text), "this was taken:\n%s", text);
    cr_assert_eq(err.kind, ERROR_RULE);
    cr_assert_str_eq(err.path, "bad.rules");
    cr_assert(err.line == line && err.column == column, "at %zu:%zu, not %zu:%zu: %s", err.line, err.column, line, column,
              err.message);
    cr_assert(strstr(err.message, message), "\"%s\" does not say \"%s\"", err.message, message);
    cr_assert_str_eq(err.source, shown);
}

Test(rulefile, wrong_files_are_refused_with_their_place)
{
    refused("kind = verse\n", 1, 8, "token or character", "kind = verse");
    refused("scope = page\n", 1, 9, "sentence, paragraph or line", "scope = page");
    refused("color = red\n", 1, 1, "before the first rule", "color = red");
    refused("[r]\n", 1, 1, "phase", "[r]");
    refused(HEAD "[R x]\n", 4, 1, "[name]", "[R x]");
    refused(HEAD "[r\n", 4, 1, "[name]", "[r");
    refused(HEAD "[]\n", 4, 1, "[name]", "[]");
    refused(HEAD "nonsense\n", 4, 1, "key = value", "nonsense");
    refused(HEAD "[r]\nabout = x\nmatch = {cap}\nmatch = {cap}\n", 7, 1, "second match", "match = {cap}");
    refused(HEAD "[r]\nabout = x\n", 4, 1, "no line \"match", "[r]");
    refused(HEAD "[r]\nmatch = {cap}\n[s]\n", 4, 1, "no line \"about", "[r]");
    refused(HEAD "[r]\nabout = x\nmatch = {cap}\n[r]\n", 7, 2, "there before", "[r]");
    refused("  phase = p\n", 1, 1, "indented", "  phase = p");
    refused(HEAD "define Big = {cap}\n", 4, 8, "fragment's name", "define Big = {cap}");
    refused(HEAD "[r]\nabout = x\nmatch = {cap}\ndefine late = {cap}\n", 7, 1, "before the first rule",
            "define late = {cap}");
}

Test(rulefile, a_nul_is_refused)
{
    static const char text[] = HEAD "ab\0c = d\n";

    cr_assert_not(rulefile_read(&files, "bad.rules", text, sizeof text - 1, &err));
    cr_assert_eq(err.line, 4);
    cr_assert(strstr(err.message, "NUL"));
}

Test(rulefile, too_many_keys)
{
    Buf text = {0};

    buf_str(&text, HEAD "[r]\nabout = x\nmatch = {cap}\n");
    for (int i = 0; i < 13; i++)
        buf_printf(&text, "key%d = v\n", i);
    cr_assert_not(take("bad.rules", text.bytes));
    cr_assert_eq(err.line, 19);
    buf_close(&text);
}

Test(rulefile, an_empty_file_is_no_fault)
{
    cr_assert(take("a.rules", ""));
    cr_assert(take("b.rules", "# nothing\n\n"));
    cr_assert_eq(files.rules.count, 0);
}
