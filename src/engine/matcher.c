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
    window_init(&s->window, looks);
    s->scopes = mem_zero(WINDOW_TOKENS, sizeof *s->scopes);
    s->found = mem_zero(most + 1, sizeof *s->found);
    s->living = mem_zero(most + 1, sizeof *s->living);
    s->anchored = mem_zero((size_t)(most + 1) * STRETCH_WORDS, sizeof *s->anchored);
    s->near = mem_zero((STRETCH_WORDS + WINDOW_SPAN) * (size_t)((most + 63) / 64), sizeof *s->near);
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
    window_close(&s->window);
    rows_close(&s->rows);
    machine_close(&s->machine);
    free(s->scopes);
    free(s->found);
    free(s->living);
    free(s->anchored);
    free(s->near);
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
        if (need->distance != NEED_ANYWHERE && (at < scope.start || at >= scope.end || !rows_pass(rows, a, at, need->row)))
            return false;
    }
    return find_match(rule, a, s, scope, start, match);
}

bool
rule_match(const Rule *rule, Article *a, Scratch *s, Range scope, uint32_t start, Match *match)
{
    return find_match(rule, a, s, scope, start, match);
}

/* How many words the living rules of a phase fill, a bit for each. */
static inline uint32_t
rule_words(const Phase *phase)
{
    return (phase->count + 63) / 64;
}

/* Note near which tokens a rule may match. */
static inline void
note_near(Scratch *s, uint32_t words, uint32_t rule, const uint64_t *anchored)
{
    uint64_t *near = s->near + rule / 64;

    for (uint32_t k = 0; k < s->rows.width; k++, near += words)
        *near |= (uint64_t)(anchored[k] != 0) << (rule & 63);
}

/* Which rules may match anywhere in the stretch. */
static void
find_living(const Phase *phase, Scratch *s)
{
    uint32_t words = rule_words(phase);

    s->window.rows->is_new = s->window.runs_on; /* then the rules are not these for all windows of the stretch */
    s->living_count = 0;
    memset(s->near, 0, (s->rows.width + WINDOW_SPAN) * (size_t)words * sizeof *s->near);
    for (uint32_t r = 0; r < phase->count; r++) {
        LiveRule *live = &s->living[s->living_count];
        if (window_lives(&s->window, phase->rules[r], live, s->anchored + (size_t)s->living_count * s->rows.width))
            note_near(s, words, s->living_count++, live->anchored);
    }
}

/* Where the tree of a rule says that it may match in the window. */
static TokenBits
find_timed_in_window(Scratch *s, const LiveRule *live)
{
    uint64_t begun = s->nanoseconds ? now_in_nanoseconds() : 0;
    TokenBits bits = window_find(&s->window, live);

    if (s->nanoseconds)
        s->nanoseconds[live->rule->number] += now_in_nanoseconds() - begun;
    return bits;
}

/* Try a rule where it may match.  Of a program that goes back much the tree says first whether there is anything to find. */
static bool
try_found(MayMatch *found, Article *a, Scratch *s, Range scope, uint32_t at, Match *match)
{
    enum { BRIEF = 50 };
    const Rule *rule = found->live->rule;
    uint32_t start = s->window.base + at;

    if (start < s->next[rule->number])
        return false;
    if (!found->sure) {
        RunResult result = find_timed(rule, a, s, scope, start, BRIEF, match);
        if (result != RUN_SPENT)
            return result == RUN_MATCHES;
        found->at = find_timed_in_window(s, found->live);
        found->sure = true;
    }
    return (found->at & bit_at(at)) && find_match(rule, a, s, scope, start, match);
}

/* Where a rule may match in the window.  What a single place leaves open is for the program to say: the tree costs more than
 * that. */
static inline MayMatch
may_match(Scratch *s, const LiveRule *live)
{
    TokenBits bits = window_anchored(&s->window, live);
    bool sure = (bits & (bits - 1)) != 0;

    return (MayMatch){live, bits && sure ? find_timed_in_window(s, live) : bits, sure};
}

/* Which rules may match where in the window; their number. */
static uint32_t
find_in_window(const Phase *phase, Scratch *s)
{
    uint32_t count = 0, words = rule_words(phase);
    const uint64_t *near = s->near + (size_t)window_word(&s->window) * words;

    for (uint32_t k = 0; k < words; k++, near++) {
        uint64_t rules = 0;
        for (uint32_t word = 0; word < WINDOW_SPAN; word++)
            rules |= near[(size_t)word * words];
        for (; rules; rules &= rules - 1) {
            s->found[count] = may_match(s, &s->living[k * 64 + (uint32_t)__builtin_ctzll(rules)]);
            count += s->found[count].at != 0;
        }
    }
    return count;
}

/* Run the rules where they may match: by token, then in their total order.  `scopes` are those of the window. */
static void
run_window(const Phase *phase, Article *a, Scratch *s, const Range *scopes, uint32_t count)
{
    uint32_t scope = 0, found;
    TokenBits any = 0;
    Match match;

    if (s->window.rows->is_new)
        find_living(phase, s);
    found = find_in_window(phase, s);
    for (uint32_t f = 0; f < found; f++)
        any |= s->found[f].at;
    while (any) {
        uint32_t at = bits_next(&any);
        while (scope + 1 < count && s->window.base + at >= scopes[scope].end)
            scope++;
        for (uint32_t f = 0; f < found; f++)
            if ((s->found[f].at & bit_at(at)) && try_found(&s->found[f], a, s, scopes[scope], at, &match)) {
                *vec_push(a->arena, &a->matches) = match;
                s->next[match.rule->number] = match.tokens.end > match.tokens.start ? match.tokens.end : match.tokens.start + 1;
            }
    }
}

/* One scope that is longer than a window: in steps, each with something of what follows in sight. */
static void
run_long_scope(const Phase *phase, Article *a, Scratch *s, Range scope)
{
    enum { STEP = WINDOW_TOKENS / 2 };

    for (uint32_t at = scope.start; at < scope.end; at += STEP) {
        uint32_t stop = at + STEP < scope.end ? at + STEP : scope.end;
        window_open_part(&s->window, scope, (Range){at, stop});
        run_window(phase, a, s, &scope, 1);
    }
}

/* Gathers scopes until a window is full. */
typedef struct {
    const Phase *phase;
    Article *a;
    Scratch *s;
    uint32_t count;
} Gatherer;

static void
run_gathered(Gatherer *g)
{
    if (g->count == 0)
        return;
    window_open(&g->s->window, g->s->scopes, g->count);
    run_window(g->phase, g->a, g->s, g->s->scopes, g->count);
    g->count = 0;
}

static void
gather(Gatherer *g, Range scope)
{
    if (range_empty(scope))
        return;
    if (g->count && (!window_holds(g->s->scopes[0].start, scope.end)))
        run_gathered(g);
    if (!window_holds(scope.start, scope.end))
        run_long_scope(g->phase, g->a, g->s, scope);
    else
        g->s->scopes[g->count++] = scope;
}

static void
forget_ends(const Phase *phase, Scratch *s)
{
    for (uint32_t i = 0; i < phase->count; i++)
        s->next[phase->rules[i]->number] = 0;
}

void
phase_run_on(const Phase *phase, Article *a, Scratch *s, Range scope)
{
    Gatherer g = {phase, a, s, 0};

    forget_ends(phase, s);
    window_start(&s->window, &phase->filter, &s->rows, a);
    gather(&g, scope);
    run_gathered(&g);
}

void
phase_run(const Phase *phase, Article *a, const RuleSet *rules, Scratch *s, uint32_t *from, uint32_t *to)
{
    Gatherer g = {phase, a, s, 0};

    (void)rules;
    *from = *to = a->matches.count;
    if (phase == NULL)
        return;
    forget_ends(phase, s);
    window_start(&s->window, &phase->filter, &s->rows, a);
    if (phase->scope == SCOPE_SENTENCE) {
        for (uint32_t i = 0; i < a->sentences.count; i++)
            if (a->paragraphs.items[a->sentences.items[i].paragraph].zone != ZONE_BOILERPLATE)
                gather(&g, a->sentences.items[i].tokens);
    } else {
        for (uint32_t i = 0; i < a->paragraphs.count; i++)
            if (a->paragraphs.items[i].zone != ZONE_BOILERPLATE)
                gather(&g, a->paragraphs.items[i].tokens);
    }
    run_gathered(&g);
    *to = a->matches.count;
}

bool
character_rule_may(const Rule *rule, const Article *a, Range tokens)
{
    for (uint32_t i = tokens.start; rule->needed && i < tokens.end; i++) {
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
