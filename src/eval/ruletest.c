/* Rule examples: see ruletest.h.
 *
 * One idea: an example is an article.  The rule is judged by what it left in Article.matches after the whole pipeline; where
 * its stage took the matches away again (sentences do), the phase runs once more on the article as it was before. */
#include "eval/ruletest.h"

#include "pipeline.h"

#include <stdio.h>

enum { BRACKETS = 16 };

typedef struct {
    int group; /* -1: the first group, or the whole match */
    Span bytes;
} Bracket;

typedef struct {
    uint16_t feature;
    Span bytes;
} Given;

typedef struct {
    const char *text;
    size_t len;
    Bracket brackets[BRACKETS]; /* what the rule must find */
    uint32_t bracket_count;
    Given givens[BRACKETS]; /* what the stages before the rule found, as the example says */
    uint32_t given_count;
    const char *fault; /* what is wrong with how it is written, or NULL */
} Example;

typedef struct {
    Span whole, groups[MATCH_GROUPS];
} Found;

typedef VEC(Found) FoundVec;

typedef struct {
    const RuleSet *rules;
    Scratch *scratch;
    const Rule *rule;
    Arena *arena;
    const Stage *before; /* the stage before the one that tried the rule first; NULL: there is none */
    const Stage *last;
    uint64_t hits;
} Test;

/* ---- reading an example */

/* `group: ` behind an opening bracket, if the rule has a group of this name; else 0. */
static size_t
read_group(const Rule *rule, const char *at, int *group)
{
    size_t n = strcspn(at, ": []\\");

    if (at[n] != ':' || at[n + 1] != ' ')
        return 0;
    for (uint32_t i = 0; i < rule->group_count; i++)
        if (strlen(rule->groups[i]) == n && memcmp(rule->groups[i], at, n) == 0) {
            *group = (int)i;
            return n + 2;
        }
    return 0;
}

/* `feature: ` behind an opening brace; 0 if there is no such feature. */
static size_t
read_feature(const RuleSet *rules, const char *at, uint16_t *feature)
{
    size_t n = strcspn(at, ": {}\\");

    if (at[n] != ':' || at[n + 1] != ' ')
        return 0;
    *feature = feature_find(&rules->features, at, n);
    return *feature == FEATURE_NONE ? 0 : n + 2;
}

/* Open a bracket or brace at `at`, where `n` bytes of text stand so far; returns how many bytes to skip. */
static size_t
open_mark(const RuleSet *rules, const Rule *rule, Example *e, Span *open[], uint32_t *depth, const char *at, size_t n)
{
    size_t skip = 0;

    if (*depth == BRACKETS || e->bracket_count == BRACKETS || e->given_count == BRACKETS) {
        e->fault = "too many brackets";
    } else if (*at == '[') {
        Bracket *b = &e->brackets[e->bracket_count++];
        b->group = -1;
        skip = read_group(rule, at + 1, &b->group);
        open[(*depth)++] = &b->bytes;
    } else {
        Given *g = &e->givens[e->given_count++];
        skip = read_feature(rules, at + 1, &g->feature);
        open[(*depth)++] = &g->bytes;
        if (skip == 0)
            e->fault = "in braces stand the name of a feature, a colon, a blank and the words that bear it";
    }
    if (e->fault == NULL)
        *open[*depth - 1] = (Span){(uint32_t)n, 0};
    return skip;
}

static Example
read_example(const RuleSet *rules, Arena *arena, const Rule *rule, const char *source)
{
    Example *e = arena_zero(arena, sizeof *e);
    char *text = arena_alloc(arena, strlen(source) + 1);
    Span *open[BRACKETS];
    uint32_t depth = 0;
    size_t n = 0;

    for (const char *p = source; *p && e->fault == NULL; p++) {
        if (*p == '\\' && p[1] && strchr("[]{}\\n", p[1])) {
            p++;
            text[n++] = *p == 'n' ? '\n' : *p;
        } else if (*p == '[' || *p == '{') {
            p += open_mark(rules, rule, e, open, &depth, p, n);
        } else if ((*p == ']' || *p == '}') && depth) {
            open[--depth]->end = (uint32_t)n;
        } else if (*p == ']' || *p == '}') {
            e->fault = "a bracket is closed that was never opened";
        } else if (*p == '\n') { /* the example goes on in an indented line */
            p += strspn(p + 1, " \t");
            text[n++] = ' ';
        } else {
            text[n++] = *p;
        }
    }
    if (depth && e->fault == NULL)
        e->fault = "a bracket is never closed";
    text[n] = '\0';
    e->text = text;
    e->len = n;
    return *e;
}

/* ---- what the rule finds */

static void
add_match(const Article *a, Arena *arena, const Match *m, FoundVec *found)
{
    Found *f = vec_push(arena, found);

    f->whole = range_empty(m->tokens) ? (Span){NONE, NONE} : token_span(a, m->tokens);
    for (uint32_t g = 0; g < MATCH_GROUPS; g++)
        f->groups[g] = m->groups[g].start == NONE ? (Span){NONE, NONE} : token_span(a, m->groups[g]);
}

/* After every stage: was it the first that tried the rule with success? */
static void
watch(const Stage *stage, void *context)
{
    Test *t = context;

    if (t->hits == 0 && t->scratch->hits[t->rule->number]) {
        t->hits = t->scratch->hits[t->rule->number];
        t->before = t->last;
    }
    t->last = stage;
}

static bool
open_and_run(Test *t, Article *a, const Example *e, const char *last, bool watched)
{
    Error err = {0};

    t->scratch->hits[t->rule->number] = 0;
    return article_open(a, t->arena, e->text, e->len, false, &err) &&
           pipeline_run(a, t->rules, t->scratch, last, watched ? watch : NULL, t, &err);
}

/* The article behind the stage `before`, with what the example gives marked on the tape. */
static bool
open_before(Test *t, Article *a, const Example *e, const char *before)
{
    if (!open_and_run(t, a, e, before, false))
        return false;
    for (uint32_t i = 0; i < e->given_count; i++) {
        Range tokens = {article_token_at(a, e->givens[i].bytes.start), article_token_at(a, e->givens[i].bytes.end)};
        tape_mark(a, t->rules, tokens, e->givens[i].feature);
    }
    scratch_forget(t->scratch);
    return true;
}

/* Run the rule's phase by itself behind the stage `before`. */
static void
run_phase(Test *t, const Example *e, const char *before, FoundVec *found)
{
    const Phase *phase = ruleset_phase(t->rules, t->rule->phase);
    Article a;

    if (before == NULL || !open_before(t, &a, e, before))
        return;
    if (phase->scope == SCOPE_SENTENCE && a.sentences.count)
        for (uint32_t i = 0; i < a.sentences.count; i++)
            phase_run_on(phase, &a, t->scratch, a.sentences.items[i].tokens);
    else
        for (uint32_t i = 0; i < a.paragraphs.count; i++)
            phase_run_on(phase, &a, t->scratch, a.paragraphs.items[i].tokens);
    for (uint32_t i = 0; i < a.matches.count; i++)
        if (a.matches.items[i].rule == t->rule)
            add_match(&a, t->arena, &a.matches.items[i], found);
}

static void
find_tokens(Test *t, const Example *e, FoundVec *found)
{
    Article a;

    t->hits = 0;
    t->before = t->last = NULL;
    if (e->given_count) {
        run_phase(t, e, "sentences", found);
        return;
    }
    if (!open_and_run(t, &a, e, NULL, true))
        return;
    for (uint32_t i = 0; i < a.matches.count; i++)
        if (a.matches.items[i].rule == t->rule)
            add_match(&a, t->arena, &a.matches.items[i], found);
    if (t->hits && found->count == 0 && t->before)
        run_phase(t, e, t->before->name, found);
    if (found->count == 0 && strcmp(t->rule->phase, "phrases") == 0) /* asked of single tokens, while quotes are found */
        run_phase(t, e, "quotes", found);
}

/* A character rule is tried on each line. */
static void
find_characters(Test *t, const Example *e, FoundVec *found)
{
    Article a;
    Error err = {0};

    if (!article_open(&a, t->arena, e->text, e->len, false, &err))
        return;
    article_cut(&a);
    ruleset_look_up(&a, t->rules, t->scratch);
    for (uint32_t start = 0; start < a.len;) {
        const char *newline = memchr(a.text + start, '\n', a.len - start);
        uint32_t end = newline ? (uint32_t)(newline - a.text) : a.len;
        Range tokens = {article_token_at(&a, start), article_token_at(&a, end)};
        Found f;
        for (int i = 0; i < MATCH_GROUPS; i++)
            f.groups[i] = (Span){NONE, NONE};
        if (character_rule_may(t->rule, &a, tokens) && character_rule_find(t->rule, &a, t->scratch, (Span){start, end}, &f.whole, f.groups))
            *vec_push(t->arena, found) = f;
        start = end + 1;
    }
}

/* ---- judging */

static Span
asked_span(const Rule *rule, const Found *f, int group)
{
    if (group >= 0)
        return f->groups[group];
    return rule->group_count ? f->groups[0] : f->whole;
}

static bool
has_span(const Rule *rule, const FoundVec *found, const Bracket *b)
{
    for (uint32_t i = 0; i < found->count; i++) {
        Span s = asked_span(rule, &found->items[i], b->group);
        if (s.start == b->bytes.start && s.end == b->bytes.end)
            return true;
    }
    return false;
}

static bool
holds(const Rule *rule, const Example *e, bool must, const FoundVec *found)
{
    if (!must)
        return found->count == 0;
    for (uint32_t i = 0; i < e->bracket_count; i++)
        if (!has_span(rule, found, &e->brackets[i]))
            return false;
    return found->count > 0;
}

static void
show_span(Buf *out, const Example *e, const char *group, Span s)
{
    buf_printf(out, "%s[%s%s%.*s]", out->len ? " " : "", group ? group : "", group ? ": " : "", (int)(s.end - s.start),
               e->text + s.start);
}

static void
show_found(Buf *out, const Rule *rule, const Example *e, const FoundVec *found)
{
    for (uint32_t i = 0; i < found->count; i++) {
        const Found *f = &found->items[i];
        bool any = false;
        for (uint32_t g = 0; g < rule->group_count; g++)
            if (f->groups[g].start != NONE) {
                show_span(out, e, rule->groups[g], f->groups[g]);
                any = true;
            }
        if (!any && f->whole.start != NONE)
            show_span(out, e, NULL, f->whole);
    }
    if (out->len == 0)
        buf_str(out, "nothing");
}

static void
show_wanted(Buf *out, const Rule *rule, const Example *e, bool must)
{
    if (!must || e->bracket_count == 0)
        buf_str(out, must ? "a match anywhere" : "nothing");
    for (uint32_t i = 0; must && i < e->bracket_count; i++) {
        int group = e->brackets[i].group;
        show_span(out, e, group >= 0 ? rule->groups[group] : rule->group_count ? rule->groups[0] : NULL,
                  e->brackets[i].bytes);
    }
}

static bool
test_example(Test *t, const RuleExample *source, void (*failed)(void *, const RuleFailure *), void *context)
{
    FoundVec found = {0};
    Example e = read_example(t->rules, t->arena, t->rule, source->text);
    Buf wanted = {0}, got = {0};
    bool ok;

    if (t->rule->kind == RULE_TOKEN)
        find_tokens(t, &e, &found);
    else
        find_characters(t, &e, &found);
    ok = e.fault == NULL && holds(t->rule, &e, source->must, &found);
    if (!ok) {
        show_wanted(&wanted, t->rule, &e, source->must);
        show_found(&got, t->rule, &e, &found);
        failed(context, &(RuleFailure){t->rule, source->line, source->text, source->must, wanted.bytes,
                                       e.fault ? e.fault : got.bytes});
    }
    buf_close(&wanted);
    buf_close(&got);
    return ok;
}

void
ruletest_run(const RuleSet *rules, Scratch *scratch, const Rule *rule, void (*failed)(void *, const RuleFailure *),
             void *context, RuleTally *tally)
{
    Arena arena;
    Test t = {.rules = rules, .scratch = scratch, .rule = rule, .arena = &arena};
    uint32_t yes = 0;

    arena_init(&arena);
    for (uint32_t i = 0; i < rule->example_count; i++) {
        bool ok = test_example(&t, &rule->examples[i], failed, context);
        yes += rule->examples[i].must;
        tally->passed += ok;
        tally->failed += !ok;
        arena_reset(&arena);
    }
    if (yes == 0) {
        tally->failed++;
        failed(context, &(RuleFailure){.rule = rule, .line = rule->line, .must = true});
    }
    arena_close(&arena);
}

bool
ruletest_article(const RuleSet *rules, Scratch *scratch, const Rule *rule, const RuleExample *example, Arena *arena,
                 Article *out)
{
    Test t = {.rules = rules, .scratch = scratch, .rule = rule, .arena = arena};
    Example e = read_example(rules, arena, rule, example->text);
    const char *before = "sentences";

    if (e.fault)
        return false;
    if (e.given_count == 0) {
        if (!open_and_run(&t, out, &e, NULL, true))
            return false;
        before = t.hits && t.before ? t.before->name : NULL;
    }
    return open_before(&t, out, &e, before);
}
