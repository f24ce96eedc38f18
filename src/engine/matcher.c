/* Runs rules on an article, where they match. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "base/mem.h"
#include "engine/pattern.h"
#include "engine/machine.h"
#include "engine/ruleset.h"

#include <pcre2.h>
#include <stdlib.h>
#include <time.h>

enum { DEFAULT_LIMIT = 200000, STACK = 256 * 1024 };

Scratch *
scratch_new(const RuleSet *rules)
{
    Scratch *s = mem_zero(1, sizeof *s);
    uint32_t count = rules->files.rules.count, most = 0, looks = 0;

    rows_init(&s->rows, &rules->tests);
    for (uint32_t i = 0; i < rules->phase_count; i++) {
        const Phase *phase = &rules->phases[i];
        looks = phase->filter.look_count > looks ? phase->filter.look_count : looks;
        most = phase->count > most ? phase->count : most;
    }
    windows_init(&s->windows, &s->rows, looks);
    s->most_rules = most;
    s->found = mem_zero((size_t)WINDOWS * most + 1, sizeof *s->found);
    s->data = pcre2_match_data_create(MATCH_GROUPS + 1, NULL);
    s->context = pcre2_match_context_create(NULL);
    s->stack = pcre2_jit_stack_create(32 * 1024, STACK, NULL);
    if (s->data == NULL || s->context == NULL)
        mem_alloc(SIZE_MAX / 2); /* ends in the one place where memory runs out */
    pcre2_jit_stack_assign(s->context, NULL, s->stack);
    s->next = mem_zero(count, sizeof *s->next);
    s->tries = mem_zero(count, sizeof *s->tries);
    s->hits = mem_zero(count, sizeof *s->hits);
    arena_init(&s->arena);
    arena_init(&s->lasting);
    scratch_limit(s, DEFAULT_LIMIT);
    return s;
}

void
scratch_free(Scratch *s)
{
    if (s == NULL)
        return;
    pcre2_match_data_free(s->data);
    pcre2_match_context_free(s->context);
    pcre2_jit_stack_free(s->stack);
    windows_close(&s->windows);
    rows_close(&s->rows);
    machine_close(&s->machine);
    free(s->found);
    free(s->nanoseconds);
    free(s->next);
    free(s->tries);
    free(s->hits);
    arena_close(&s->arena);
    arena_close(&s->lasting);
    free(s);
}

void
scratch_forget(Scratch *s)
{
    rows_forget(&s->rows);
}

void
scratch_limit(Scratch *s, uint32_t steps)
{
    s->limit = steps;
    pcre2_set_match_limit(s->context, steps);
    pcre2_set_heap_limit(s->context, 64 * 1024);
}

void
scratch_time_rules(Scratch *s, const RuleSet *rules)
{
    s->nanoseconds = mem_zero(rules->files.rules.count, sizeof *s->nanoseconds);
}

static uint64_t
now_in_nanoseconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* ---- the tape */

bool
token_has(const Article *a, const RuleSet *rules, uint32_t token, uint16_t feature)
{
    const Feature *f;

    if (feature == FEATURE_NONE)
        return false;
    f = &rules->features.items[feature];
    return tape_bit(a, token, f->begin) || tape_bit(a, token, f->inside);
}

void
tape_mark_one(Article *a, const RuleSet *rules, uint32_t token, uint16_t feature)
{
    tape_set(a, token, rules->features.items[feature].begin);
}

void
tape_mark(Article *a, const RuleSet *rules, Range tokens, uint16_t feature)
{
    const Feature *f = &rules->features.items[feature];

    for (uint32_t i = tokens.start; i < tokens.end; i++)
        tape_set(a, i, i == tokens.start ? f->begin : f->inside);
}

const char *
ruleset_attribute(const RuleSet *rules, const Article *a, Range tokens, const char *feature, const char *name)
{
    uint16_t number = ruleset_feature(rules, feature);

    for (uint32_t l = rules->lexicon_count; l-- > 0;) {
        const char *found = lexicon_attribute(&rules->lexicons[l], a->tokens.items + tokens.start,
                                              tokens.end - tokens.start, number, name);
        if (found)
            return found;
    }
    return NULL;
}

/* ---- matching */

/* Does a match begin with the token `start`?  RUN_SPENT: it could not be found out in so many steps. */
static RunResult
find_groups(const Rule *rule, Article *a, Scratch *s, Range scope, uint32_t start, uint32_t limit, Match *match)
{
    RunResult result;

    s->tries[rule->number]++;
    result = machine_run(rule->program, &s->machine, &s->rows, a, scope, start, limit, match);
    if (result == RUN_MATCHES) {
        s->hits[rule->number]++;
        match->rule = rule;
    }
    return result;
}

/* The same, and how long it took, if that is asked for. */
static RunResult
find_timed(const Rule *rule, Article *a, Scratch *s, Range scope, uint32_t start, uint32_t limit, Match *match)
{
    uint64_t begun;
    RunResult result;

    if (s->nanoseconds == NULL)
        return find_groups(rule, a, s, scope, start, limit, match);
    begun = now_in_nanoseconds();
    result = find_groups(rule, a, s, scope, start, limit, match);
    s->nanoseconds[rule->number] += now_in_nanoseconds() - begun;
    return result;
}

/* A match, if one begins here; a rule whose steps are spent is given up. */
static inline bool
find_match(const Rule *rule, Article *a, Scratch *s, Range scope, uint32_t start, Match *match)
{
    RunResult result = find_timed(rule, a, s, scope, start, s->limit, match);

    a->spent += result == RUN_SPENT;
    return result == RUN_MATCHES;
}

bool
rule_try(const Rule *rule, Article *a, Scratch *s, Range scope, uint32_t start, Match *match)
{
    Rows *rows = &s->rows;

    rows_reach(rows, a, start);
    for (uint32_t i = 0; i < rule->need_count; i++) {
        const NeedRow *need = &rule->need_rows[i];
        uint32_t at = start + (uint32_t)(int32_t)need->distance;
        if (need->distance != NEED_AHEAD && (at < scope.start || at >= scope.end || !rows_pass(rows, a, at, need->row)))
            return false;
    }
    return find_match(rule, a, s, scope, start, match);
}

bool
rule_match(const Rule *rule, Article *a, Scratch *s, Range scope, uint32_t start, Match *match)
{
    return find_match(rule, a, s, scope, start, match);
}

/* Where the tree of a rule says that it may match in the window. */
static TokenBits
find_timed_in_window(Scratch *s, Window *w, const Rule *rule)
{
    uint64_t begun = s->nanoseconds ? now_in_nanoseconds() : 0;
    TokenBits bits = window_find(w, s->windows.filter->steps + rule->steps);

    if (s->nanoseconds)
        s->nanoseconds[rule->number] += now_in_nanoseconds() - begun;
    return bits;
}

/* Are there more than two? */
static inline bool
are_many(TokenBits bits)
{
    TokenBits more = bits & (bits - 1);

    return (more & (more - 1)) != 0;
}

/* Note where a rule may match in the windows.  What one place or two leave open is for the program to say: the tree costs more than
 * that. */
static void
find_in_windows(const Rule *rule, Scratch *s)
{
    for (uint32_t windows = windows_look(&s->windows, rule); windows; windows &= windows - 1) {
        uint32_t number = (uint32_t)__builtin_ctz(windows);
        Window *w = &s->windows.items[number];
        TokenBits bits = windows_anchored(&s->windows, w);
        bool sure = are_many(bits);
        if (sure)
            bits = find_timed_in_window(s, w, rule);
        if (bits)
            s->found[number * s->most_rules + s->found_count[number]++] = (MayMatch){rule, bits, sure};
    }
}

/* Try a rule where it may match.  Of a program that goes back much the tree says first whether there is anything to find. */
static bool
try_found(MayMatch *found, Article *a, Scratch *s, Window *w, Range scope, uint32_t at, Match *match)
{
    enum { BRIEF = 50 };
    uint32_t start = w->base + at;

    if (start < s->next[found->rule->number])
        return false;
    if (!found->sure) {
        RunResult result = find_timed(found->rule, a, s, scope, start, BRIEF, match);
        if (result != RUN_SPENT)
            return result == RUN_MATCHES;
        found->at = find_timed_in_window(s, w, found->rule);
        found->sure = true;
    }
    return (found->at & bit_at(at)) && find_match(found->rule, a, s, scope, start, match);
}

/* Run the rules where they may match in a window: by token, then in their total order. */
static void
run_window(Article *a, Scratch *s, Window *w, MayMatch *found, uint32_t count)
{
    const Range *scope = w->scopes, *last = w->scopes + w->scope_count - 1;
    TokenBits any = 0;
    Match match;

    for (uint32_t f = 0; f < count; f++)
        any |= found[f].at;
    while (any) {
        uint32_t at = bits_next(&any);
        while (scope < last && w->base + at >= scope->end)
            scope++;
        for (uint32_t f = 0; f < count; f++)
            if ((found[f].at & bit_at(at)) && try_found(&found[f], a, s, w, *scope, at, &match)) {
                *vec_push(a->arena, &a->matches) = match;
                s->next[match.rule->number] = match.tokens.end > match.tokens.start ? match.tokens.end : match.tokens.start + 1;
            }
    }
}

/* Gathers scopes into windows, and runs the phase when no more can be open together. */
typedef struct {
    const Phase *phase;
    Article *a;
    Scratch *s;
} Gatherer;

static void
run_windows(Gatherer *g)
{
    Scratch *s = g->s;
    Windows *ws = &s->windows;

    memset(s->found_count, 0, sizeof s->found_count);
    for (uint32_t r = 0; ws->count && r < g->phase->count; r++)
        find_in_windows(g->phase->rules[r], s);
    for (uint32_t i = 0; i < ws->count; i++)
        run_window(g->a, s, &ws->items[i], s->found + i * s->most_rules, s->found_count[i]);
    windows_start(ws, &g->phase->filter);
}

/* Have room for one more window, and the rows reach its first token. */
static void
make_room(Gatherer *g, uint32_t first)
{
    if (g->s->windows.count < WINDOWS && rows_hold(&g->s->rows, g->a, first))
        return;
    run_windows(g);
    rows_reach(&g->s->rows, g->a, first);
}

/* One scope that is longer than a window: in steps, each with something of what follows in sight. */
static void
open_long_scope(Gatherer *g, Range scope)
{
    enum { STEP = WINDOW_TOKENS / 2 };

    for (uint32_t at = scope.start; at < scope.end; at += STEP) {
        Range part = {at, at + STEP < scope.end ? at + STEP : scope.end};
        make_room(g, windows_part_from(scope, part));
        windows_open_part(&g->s->windows, scope, part);
    }
}

static void
gather(Gatherer *g, Range scope)
{
    Windows *ws = &g->s->windows;

    if (range_empty(scope))
        return;
    if (windows_gathered(ws) && !window_holds(ws->items[ws->count].scopes[0].start, scope.end))
        windows_open(ws);
    if (!window_holds(scope.start, scope.end)) {
        open_long_scope(g, scope);
        return;
    }
    if (!windows_gathered(ws))
        make_room(g, scope.start);
    windows_add(ws, scope);
}

static Gatherer
start(const Phase *phase, Article *a, Scratch *s)
{
    for (uint32_t i = 0; i < phase->count; i++)
        s->next[phase->rules[i]->number] = 0;
    windows_start(&s->windows, &phase->filter);
    return (Gatherer){phase, a, s};
}

static void
finish(Gatherer *g)
{
    if (windows_gathered(&g->s->windows))
        windows_open(&g->s->windows);
    run_windows(g);
}

void
phase_run_on(const Phase *phase, Article *a, Scratch *s, Range scope)
{
    Gatherer g = start(phase, a, s);

    gather(&g, scope);
    finish(&g);
}

void
phase_run(const Phase *phase, Article *a, const RuleSet *rules, Scratch *s, uint32_t *from, uint32_t *to)
{
    Gatherer g;

    (void)rules;
    *from = *to = a->matches.count;
    if (phase == NULL)
        return;
    g = start(phase, a, s);
    if (phase->scope == SCOPE_SENTENCE) {
        for (uint32_t i = 0; i < a->sentences.count; i++)
            if (a->paragraphs.items[a->sentences.items[i].paragraph].zone != ZONE_BOILERPLATE)
                gather(&g, a->sentences.items[i].tokens);
    } else {
        for (uint32_t i = 0; i < a->paragraphs.count; i++)
            if (a->paragraphs.items[i].zone != ZONE_BOILERPLATE)
                gather(&g, a->paragraphs.items[i].tokens);
    }
    finish(&g);
    *to = a->matches.count;
}

bool
character_rule_may(const Rule *rule, const Article *a, Range tokens)
{
    uint32_t end = rule->begins && !range_empty(tokens) ? tokens.start + 1 : tokens.end;

    for (uint32_t i = tokens.start; rule->needed && i < end; i++) {
        uint16_t word = a->tokens.items[i].rule_word;
        if (rule->needed[word >> 6] >> (word & 63) & 1)
            return true;
    }
    return rule->needed == NULL;
}

bool
character_rule_find(const Rule *rule, Article *a, Scratch *s, Span within, Span *whole, Span *groups)
{
    const PCRE2_SIZE *ovector;
    int found;

    s->tries[rule->number]++;
    found = pcre2_match(rule->code, (PCRE2_SPTR)a->text + within.start, within.end - within.start, 0,
                        PCRE2_NO_UTF_CHECK, s->data, s->context);
    if (found < 0) {
        a->spent += found != PCRE2_ERROR_NOMATCH;
        return false;
    }
    s->hits[rule->number]++;
    ovector = pcre2_get_ovector_pointer(s->data);
    *whole = (Span){within.start + (uint32_t)ovector[0], within.start + (uint32_t)ovector[1]};
    for (uint32_t i = 0; i < rule->group_count; i++) {
        groups[i] = (Span){NONE, NONE};
        if ((int)i + 1 < found && ovector[2 * i + 2] != PCRE2_UNSET)
            groups[i] = (Span){within.start + (uint32_t)ovector[2 * i + 2], within.start + (uint32_t)ovector[2 * i + 3]};
    }
    return true;
}
