/* Token rules mean what PCRE2 would make of them, with tokens for characters: so PCRE2 is asked.
 *
 * A rule's tree is written as a PCRE2 pattern with a column for each of its tests; a token is a row of as many characters, 1
 * where it passes and 0 where not.  Every rule of the program is tried at every token of the articles, then patterns are
 * made at random. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "unit.h"

#include "base/buf.h"
#include "base/mem.h"
#include "engine/pattern.h"

#include <glob.h>
#include <pcre2.h>
#include <stdlib.h>

enum { COLUMNS = 4000 };

/* ---- PCRE2's view */

typedef struct {
    const TokenTest *tests[COLUMNS];
    uint32_t count;
    Buf pattern, subject;
    pcre2_code *code;
    pcre2_match_data *data;
} Reference;

static void
count_columns(Reference *r, const Node *n)
{
    if (n->kind == NODE_TEST) {
        cr_assert_lt(r->count, COLUMNS);
        r->tests[r->count++] = n->test;
    }
    if (n->a)
        count_columns(r, n->a);
    if (n->b)
        count_columns(r, n->b);
}

static void write_node(Reference *r, const Node *n, uint32_t *column);

static void
write_inside(Reference *r, const char *opener, const Node *n, uint32_t *column)
{
    buf_str(&r->pattern, opener);
    write_node(r, n, column);
    buf_char(&r->pattern, ')');
}

static void
write_repeat(Reference *r, const Node *n, uint32_t *column)
{
    write_inside(r, n->sticky ? "(?>(?:" : "(?:", n->a, column);
    buf_printf(&r->pattern, "{%d,", n->times_least);
    if (n->times_most < REPEAT_MANY)
        buf_printf(&r->pattern, "%d", n->times_most);
    buf_str(&r->pattern, n->lazy ? "}?" : "}");
    buf_str(&r->pattern, n->sticky ? ")" : "");
}

static void
write_node(Reference *r, const Node *n, uint32_t *column)
{
    switch (n->kind) {
    case NODE_TEST:
        buf_str(&r->pattern, "(?:");
        for (uint32_t i = 0; i < r->count; i++)
            buf_char(&r->pattern, i == *column ? '1' : '.');
        buf_char(&r->pattern, ')');
        ++*column;
        break;
    case NODE_SEQUENCE:
        write_inside(r, "(?:", n->a, column);
        write_inside(r, "(?:", n->b, column);
        break;
    case NODE_CHOICE: /* without a group: the alternatives of a look behind may differ in length only so */
        write_node(r, n->a, column);
        buf_char(&r->pattern, '|');
        write_node(r, n->b, column);
        break;
    case NODE_REPEAT:
        write_repeat(r, n, column);
        break;
    case NODE_GROUP:
        write_inside(r, "(", n->a, column);
        break;
    case NODE_AHEAD:
        write_inside(r, n->negative ? "(?!" : "(?=", n->a, column);
        break;
    case NODE_BEHIND:
        write_inside(r, n->negative ? "(?<!" : "(?<=", n->a, column);
        break;
    case NODE_START:
        buf_str(&r->pattern, "\\A");
        break;
    case NODE_END:
        buf_str(&r->pattern, "\\z");
        break;
    case NODE_NOTHING:
        break;
    }
}

/* NULL: PCRE2 does not take it, which says why in *why. */
static Reference *
reference_of(const Node *node, int *why)
{
    Reference *r = mem_zero(1, sizeof *r);
    uint32_t column = 0;
    PCRE2_SIZE at;

    count_columns(r, node);
    buf_str(&r->pattern, "(?:");
    write_node(r, node, &column);
    buf_char(&r->pattern, ')');
    r->code = pcre2_compile((PCRE2_SPTR)r->pattern.bytes, r->pattern.len, PCRE2_ANCHORED, why, &at, NULL);
    if (r->code) {
        pcre2_jit_compile(r->code, PCRE2_JIT_COMPLETE);
        r->data = pcre2_match_data_create(MATCH_GROUPS + 1, NULL);
    }
    return r;
}

static void
reference_free(Reference *r)
{
    pcre2_code_free(r->code);
    pcre2_match_data_free(r->data);
    buf_close(&r->pattern);
    buf_close(&r->subject);
    free(r);
}

static void
reference_show(Reference *r, const Article *a, Range scope)
{
    buf_clear(&r->subject);
    for (uint32_t t = scope.start; t < scope.end; t++)
        for (uint32_t i = 0; i < r->count; i++)
            buf_char(&r->subject, tape_passes(a, t, r->tests[i]) ? '1' : '0');
}

static bool
reference_match(Reference *r, Range scope, uint32_t start, Match *match)
{
    int found = pcre2_match(r->code, (PCRE2_SPTR)r->subject.bytes, r->subject.len, (size_t)(start - scope.start) * r->count, 0,
                            r->data, NULL);
    const PCRE2_SIZE *at = pcre2_get_ovector_pointer(r->data);

    cr_assert(found > 0 || found == PCRE2_ERROR_NOMATCH, "PCRE2 gives up (%d) on %s", found, r->pattern.bytes);
    for (int g = 0; found > 0 && g <= MATCH_GROUPS; g++) {
        Range *to = g ? &match->groups[g - 1] : &match->tokens;
        *to = (Range){NONE, NONE};
        if (g < found && at[2 * g] != PCRE2_UNSET && (g == 0 || at[2 * g + 1] > at[2 * g]))
            *to = (Range){scope.start + (uint32_t)(at[2 * g] / r->count), scope.start + (uint32_t)(at[2 * g + 1] / r->count)};
    }
    return found > 0;
}

/* ---- both */

static bool
same(Range a, Range b)
{
    return a.start == b.start && a.end == b.end;
}

/* Try the rule at each token of the scope; how often it matched. */
static uint32_t
compare_in(World *w, const Rule *rule, Reference *r, Range scope)
{
    uint32_t matches = 0;
    Rows *rows = &w->scratch->rows;

    rows_forget(rows);
    reference_show(r, &w->a, scope);
    for (uint32_t start = scope.start; start < scope.end; start++) {
        Match wanted, found;
        bool matched = reference_match(r, scope, start, &wanted);
        RunResult result;
        rows_reach(rows, &w->a, start);
        result = machine_run(rule->program, &w->scratch->machine, rows, &w->a, scope, start, 1000000, &found);
        cr_assert_eq(result, matched ? RUN_MATCHES : RUN_FAILS, "%s at token %u: PCRE2 says %d\n%s\nin: %s", rule->name, start, matched,
                     rule->match, world_words(w, scope));
        if (!matched)
            continue;
        matches++;
        cr_assert(same(wanted.tokens, found.tokens), "%s at token %u: ends at %u, not %u\n%s", rule->name, start,
                  found.tokens.end, wanted.tokens.end, r->pattern.bytes);
        for (int g = 0; g < MATCH_GROUPS; g++)
            cr_assert(same(wanted.groups[g], found.groups[g]), "%s at token %u: the group %d\n%s", rule->name, start, g,
                      rule->match);
    }
    return matches;
}

/* Does the prefilter let the rule's phase run wherever PCRE2 matches?  What it lets through must match, but for rules that
 * give nothing back. */
static void
compare_prefilter(World *w, const Phase *phase, const Rule *rule, Reference *r, Range scope)
{
    Windows *windows = &w->scratch->windows;
    TokenBits may;
    Match unused;

    if (range_empty(scope) || !window_holds(scope.start, scope.end))
        return;
    reference_show(r, &w->a, scope);
    rows_reach(&w->scratch->rows, &w->a, scope.start);
    windows_start(windows, &phase->filter);
    windows_add(windows, scope);
    windows_open(windows);
    may = windows_look(windows, rule) ? window_find(&windows->items[0], phase->filter.steps + rule->steps) : 0;
    for (uint32_t start = scope.start; start < scope.end; start++)
        cr_assert(!reference_match(r, scope, start, &unused) || (may >> (start - windows->items[0].base) & 1),
                  "%s is not tried at token %u\n%s", rule->name, start, rule->match);
}

static void
read_file(World *w, const char *path)
{
    FILE *file = fopen(path, "rb");
    char text[100000];

    cr_assert_not_null(file);
    world_read_bytes(w, text, fread(text, 1, sizeof text, file), NULL);
    fclose(file);
}

Test(machine, every_rule_means_what_pcre2_makes_of_it, .timeout = 300)
{
    World *w = world_ours();
    uint32_t matches = 0, rules = 0;
    glob_t files;

    cr_assert_eq(glob("corpora/articles/*.txt", 0, NULL, &files), 0);
    for (size_t i = 0; i < files.gl_pathc; i++) {
        read_file(w, files.gl_pathv[i]);
        for (uint32_t n = 0; n < w->rules->files.rules.count; n++) {
            const Rule *rule = w->rules->files.rules.items[n];
            const Phase *phase = ruleset_phase(w->rules, rule->phase);
            Reference *r;
            int why;
            if (rule->kind != RULE_TOKEN)
                continue;
            r = reference_of(rule->node, &why);
            cr_assert_not_null(r->code, "PCRE2 does not take %s: %d", rule->name, why);
            for (uint32_t s = 0; s < w->a.sentences.count; s++) {
                matches += compare_in(w, rule, r, w->a.sentences.items[s].tokens);
                compare_prefilter(w, phase, rule, r, w->a.sentences.items[s].tokens);
            }
            reference_free(r);
            rules++;
        }
    }
    cr_assert(rules > 6000 && matches > 8000, "%u rules, %u matches", rules, matches);
    globfree(&files);
    world_free(w);
}

/* ---- at random */

static uint32_t
roll(uint32_t *state, uint32_t sides)
{
    *state = *state * 1664525 + 1013904223;
    return (*state >> 16) % sides;
}

static void
write_random(Buf *out, uint32_t *state, int depth, int *groups)
{
    static const char *const ATOMS[] = {"{cap}", "{lower}", "\"a\"", "\"b\"", "{cap | \"b\"}", "{!lower}", ".", "{number}"};
    static const char *const QUANTIFIERS[] = {"", "", "", "*", "+", "?", "*?", "+?", "??", "*+", "?+", "{2}", "{1,3}", "{0,2}?", "{2,}"};
    static const char *const OPENERS[] = {"( ", "( ", "( ", "(?> ", "(?= ", "(?! ", "(?<x> "};
    uint32_t items = 1 + roll(state, 3);

    for (uint32_t i = 0; i < items; i++) {
        uint32_t opener = roll(state, sizeof OPENERS / sizeof *OPENERS), kind = roll(state, 10);
        if (i && kind == 0)
            buf_str(out, "| ");
        if (depth > 0 && kind < 5) {
            if (opener == 6 && *groups == MATCH_GROUPS)
                opener = 0;
            *groups += opener == 6;
            buf_str(out, OPENERS[opener]);
            write_random(out, state, depth - 1, groups);
            buf_str(out, ")");
            if (opener == 4 || opener == 5) { /* PCRE2 has rules of its own for repeated looks */
                buf_str(out, " ");
                continue;
            }
        } else if (kind == 9) {
            buf_printf(out, "(?<%c %s %s | %s )", roll(state, 2) ? '=' : '!', ATOMS[roll(state, 8)], ATOMS[roll(state, 8)],
                       ATOMS[roll(state, 8)]);
            buf_str(out, " ");
            continue;
        } else {
            buf_str(out, ATOMS[roll(state, 8)]);
        }
        buf_str(out, QUANTIFIERS[roll(state, sizeof QUANTIFIERS / sizeof *QUANTIFIERS)]);
        buf_str(out, " ");
    }
}

Test(machine, random_patterns_mean_what_pcre2_makes_of_them, .timeout = 300)
{
    uint32_t state = 2014, matches = 0, taken = 0;

    for (int round = 0; round < 40; round++) {
        Buf rules = {0};
        World *w;
        buf_str(&rules, "phase = p\nkind = token\nscope = sentence\n");
        for (int i = 0; i < 25; i++) {
            int groups = 0;
            buf_printf(&rules, "[r%d]\nabout = x\nmatch = ( ", i);
            write_random(&rules, &state, 3, &groups);
            buf_str(&rules, ") .\n"); /* so that it cannot match nothing */
        }
        w = world_of("r.rules", rules.bytes, NULL);
        world_read(w, "a b Ada b a 7 b b Bob a a a Cy B 8 9 a b a b Dee Eve x y a b", "sentences");
        for (uint32_t n = 0; n < w->rules->files.rules.count; n++) {
            const Rule *rule = w->rules->files.rules.items[n];
            int why;
            Reference *r = reference_of(rule->node, &why);
            cr_assert_not_null(r->code, "PCRE2 does not take %s: %d", rule->match, why);
            matches += compare_in(w, rule, r, (Range){0, w->a.tokens.count});
            matches += compare_in(w, rule, r, (Range){3, 11});
            compare_prefilter(w, ruleset_phase(w->rules, "p"), rule, r, (Range){0, w->a.tokens.count});
            compare_prefilter(w, ruleset_phase(w->rules, "p"), rule, r, (Range){3, 11});
            reference_free(r);
            taken++;
        }
        world_free(w);
        buf_close(&rules);
    }
    cr_assert(taken == 1000 && matches > 5000, "%u rules, %u matches", taken, matches);
}

/* ---- bounds */

Test(machine, what_tries_too_many_ways_is_given_up)
{
    World *w = world_of("r.rules", "phase = p\nkind = token\nscope = sentence\n[r]\nabout = x\n"
                                   "match = ( {lower}+ )+ (?> {cap} )\n", NULL);
    const Rule *rule = ruleset_rule(w->rules, "r");
    Rows *rows = &w->scratch->rows;
    Match match;

    world_read(w, "a a a a a a a a a a a a a a a a a a a a a a a a 7", "sentences");
    cr_assert_eq(machine_run(rule->program, &w->scratch->machine, rows, &w->a, (Range){0, 25}, 0, 1000, &match), RUN_SPENT);
    cr_assert_eq(machine_run(rule->program, &w->scratch->machine, rows, &w->a, (Range){20, 25}, 20, 1000, &match), RUN_FAILS);
    world_free(w);
}

Test(machine, a_rule_that_repeats_too_much_is_refused)
{
    Error err;

    expect_refused(&err, "bad.rules", "phase = p\nkind = token\nscope = sentence\n[r]\nabout = x\n"
                                      "match = ( ( ( {cap} {lower} ){900} ){900} ){900}\n", NULL);
    cr_assert_eq(err.line, 6);
    cr_assert(strstr(err.message, "repeats too much"), "%s", err.message);
}
