/* See rulegrowth.h.
 *
 * A pattern grows on a text that it begins to match, goes on to match, and fails at last.  The rule's own examples say what
 * it matches; so each stretch of an example becomes a pump: `left` once, then the stretch a thousand times, and never the
 * end.  Token rules read nothing but tokens' words and the tape, so the pump copies these and needs no text. */
#include "eval/rulegrowth.h"

#include "engine/prefilter.h"
#include "eval/ruletest.h"
#include "text/utf8.h"

#include <time.h>

enum {
    SHORT = 1024, LONG = 4 * SHORT, /* tokens or characters of a pumped text */
    TINY = 48,                      /* enough to see what doubles with every token */
    WIDEST = 3,                     /* of the stretches that do not begin the example */
    LONGEST_EXAMPLE = 160,
    TINY_STEPS = 20000,             /* the limit of a try on such a text: a sound rule needs a few hundred */
    STEPS = 200000                  /* and on all others, as when articles are read */
};

#define SUSPECT(kind) ((kind) == RULE_TOKEN ? 120.0 : 30.0) /* nanoseconds for a unit: cheaper rules are not looked at twice */
#define TOO_FAST 8.0  /* four times the text in four times the time, or in sixteen */

typedef struct {
    RuleSet *rules;
    Scratch *scratch;
    const Rule *rule;
    const Phase *phase;
    Arena *arena;     /* for the example */
    Arena pumped;     /* for what is made of it */
    const Article *a; /* the example */
    uint32_t count;   /* its tokens or characters */
    Growth growth;
} Measuring;

static double
cpu_seconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* How a pumped text is laid out.  A rule is not even tried where a word is missing that it cannot do without; so the
 * example stands there once more, backwards, where it makes no match. */
typedef enum {
    LAYOUT_PLAIN,  /* left, stretch, stretch ... */
    LAYOUT_BEHIND, /* elpmaxe, left, stretch, stretch ... */
    LAYOUT_BEFORE, /* left, stretch, stretch ..., newline, elpmaxe; for characters */
} Layout;

/* Which unit of the example, of `count`, stands at `i` of the pumped text of `length`; `count` is a newline. */
static uint32_t
pump_at(Layout layout, Range stretch, uint32_t count, uint32_t length, uint32_t i)
{
    if (layout == LAYOUT_BEHIND) {
        if (i < count)
            return count - 1 - i;
        i -= count;
    } else if (layout == LAYOUT_BEFORE && i + count + 1 >= length) {
        return length - 1 - i;
    }
    return i < stretch.start ? i : stretch.start + (i - stretch.start) % (stretch.end - stretch.start);
}

/* Seconds that the rule takes on a pumped text of tokens. */
static double
time_tokens(Measuring *m, Layout layout, Range stretch, uint32_t length, bool *spent)
{
    Article b = {.arena = &m->pumped};
    double begun;

    arena_reset(&m->pumped);
    b.tokens.items = arena_alloc(&m->pumped, length * sizeof *b.tokens.items);
    b.tokens.count = b.tokens.room = length;
    for (uint32_t i = 0; i < length; i++)
        b.tokens.items[i] = m->a->tokens.items[pump_at(layout, stretch, m->count, length, i)];
    tape_make(&b, m->a->tape_rows, m->a->rule_words);
    for (uint32_t i = 0; i < length; i++) {
        uint32_t from = pump_at(layout, stretch, m->count, length, i);
        for (uint32_t bit = 0; bit < b.tape_rows; bit++)
            if (tape_bit(m->a, from, (uint16_t)bit))
                tape_set(&b, i, (uint16_t)bit);
    }
    scratch_forget(m->scratch);
    begun = cpu_seconds();
    phase_run_on(m->phase, &b, m->scratch, (Range){0, length});
    *spent = b.spent > 0;
    return cpu_seconds() - begun;
}

/* The same for characters.  Whatever stretch is cut out, the text must be UTF-8: other letters than ASCII become an x. */
static double
time_characters(Measuring *m, Layout layout, Range stretch, uint32_t length, bool *spent)
{
    Article b = {.arena = &m->pumped, .len = length};
    Span whole, groups[MATCH_GROUPS];
    double begun;
    char *text;

    arena_reset(&m->pumped);
    b.text = text = arena_alloc(&m->pumped, length + 1);
    for (uint32_t i = 0; i < length; i++) {
        uint32_t from = pump_at(layout, stretch, m->count, length, i);
        text[i] = from == m->count ? '\n' : (m->a->text[from] & 0x80) ? 'x' : m->a->text[from];
    }
    begun = cpu_seconds();
    character_rule_find(m->rule, &b, m->scratch, (Span){0, length}, &whole, groups);
    *spent = b.spent > 0;
    return cpu_seconds() - begun;
}

static double
time_pump(Measuring *m, Layout layout, Range stretch, uint32_t length, bool *spent)
{
    return m->rule->kind == RULE_TOKEN ? time_tokens(m, layout, stretch, length, spent)
                                       : time_characters(m, layout, stretch, length, spent);
}

/* The least of several: the machine may have other things to do. */
static double
time_well(Measuring *m, Layout layout, Range stretch, uint32_t length)
{
    double best = 1e9;
    bool spent;

    for (int i = 0; i < 3; i++) {
        double seconds = time_pump(m, layout, stretch, length, &spent);
        best = seconds < best ? seconds : best;
    }
    return best;
}

static Span
bytes_of(const Measuring *m, Range stretch)
{
    if (m->rule->kind == RULE_CHARACTER)
        return (Span){stretch.start, stretch.end};
    return token_span(m->a, stretch);
}

static void
refuse(Measuring *m, GrowthKind kind, double times, Range stretch)
{
    Buf *text = &m->growth.text;

    m->growth.kind = kind;
    m->growth.times = times;
    if (stretch.start) {
        Span before = bytes_of(m, (Range){0, stretch.start});
        buf_add(text, m->a->text + before.start, before.end - before.start);
        buf_char(text, ' ');
    }
    for (int i = 0; i < 3; i++) {
        Span again = bytes_of(m, stretch);
        buf_add(text, m->a->text + again.start, again.end - again.start);
        buf_char(text, ' ');
    }
    buf_str(text, "...");
}

/* False once the rule is refused. */
static bool
try_pump(Measuring *m, Layout layout, Range stretch)
{
    double seconds, times;
    bool spent;

    scratch_limit(m->scratch, TINY_STEPS);
    time_pump(m, layout, stretch, 2 * m->count + TINY, &spent);
    scratch_limit(m->scratch, STEPS);
    seconds = spent ? 0 : time_pump(m, layout, stretch, SHORT, &spent);
    if (spent) {
        refuse(m, GROWTH_SPENT, 0, stretch);
        return false;
    }
    if (seconds * 1e9 / SHORT > SUSPECT(m->rule->kind)) {
        seconds = time_well(m, layout, stretch, SHORT);
        times = time_well(m, layout, stretch, LONG) / seconds;
        if (times > TOO_FAST && seconds * 1e9 / SHORT > SUSPECT(m->rule->kind) / 2) {
            refuse(m, GROWTH_FASTER, times, stretch);
            return false;
        }
    }
    if (seconds * 1e9 / SHORT > m->growth.cost)
        m->growth.cost = seconds * 1e9 / SHORT;
    return true;
}

/* False once the rule is refused. */
static bool
try_layouts(Measuring *m, Range stretch)
{
    return try_pump(m, LAYOUT_PLAIN, stretch) && try_pump(m, LAYOUT_BEHIND, stretch) &&
           (m->rule->kind == RULE_TOKEN || try_pump(m, LAYOUT_BEFORE, stretch));
}

/* Every short stretch, and every beginning. */
static bool
try_example(Measuring *m)
{
    for (uint32_t from = 0; from < m->count; from++) {
        for (uint32_t wide = 1; wide <= WIDEST && from + wide <= m->count; wide++)
            if (!try_layouts(m, (Range){from, from + wide}))
                return false;
        if (from + 1 > WIDEST && !try_layouts(m, (Range){0, from + 1}))
            return false;
    }
    return true;
}

Growth
rulegrowth_measure(RuleSet *rules, Scratch *scratch, const Rule *rule)
{
    Measuring m = {.rules = rules, .scratch = scratch, .rule = rule};
    Arena arena;
    bool sound = true;

    arena_init(&arena);
    arena_init(&m.pumped);
    m.arena = &arena;
    m.phase = ruleset_lone_phase(rules, rule);
    for (uint32_t i = 0; i < rule->example_count && sound; i++) {
        Article a;
        if (ruletest_article(rules, scratch, rule, &rule->examples[i], &arena, &a)) {
            uint32_t count = rule->kind == RULE_TOKEN ? a.tokens.count : a.len;
            m.a = &a;
            m.count = count < LONGEST_EXAMPLE ? count : LONGEST_EXAMPLE;
            sound = try_example(&m);
        }
        arena_reset(&arena);
    }
    arena_close(&m.pumped);
    arena_close(&arena);
    return m.growth;
}
