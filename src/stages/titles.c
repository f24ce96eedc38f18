/* Titles: what persons are called by their office, role, rank or honorific.
 *
 * Three phases of rules.  `title-cuts` takes titles off the front of persons' names.  `title-phrases` finds the phrases
 * themselves, whoever holds them: modifiers, topic and head, with a body before or behind (group `title`, and `before`,
 * `after`, `former`).  Each is marked on the tape as one <title-phrase>, so that the rules of `titles` can tie phrases to
 * persons in a few words.  Where two rules tie one phrase, the earlier rule wins.  A phrase that nobody holds is dropped. */
#include "stages/lists.h"
#include "stages/stages.h"

#include <stdlib.h>

typedef struct {
    Range whole, title, body;
    const char *rule;
    bool former;
    const Match *tie; /* what ties it to a person, NULL: nothing yet */
} Phrase;

typedef struct {
    Article *a;
    const RuleSet *rules;
    Scratch *scratch;
    uint32_t *mention_at; /* for each token: the name mention that begins there, or NONE */
    Phrase *phrases;
    uint32_t phrase_count;
    uint16_t office[8], nationality, head, capital_head, honorific;
} Titler;

/* How far around a head a phrase can reach, and around a phrase the rule that ties it (tokens). */
enum { PHRASE_BEFORE = 9, PHRASE_AFTER = 14, TIE_BEFORE = 24, TIE_AFTER = 10 };

static const char *const OFFICES[] = {"title.political", "title.military",  "title.police",
                                      "title.religious", "title.noble", "title-capital.political"};

static bool
group_range(const Match *m, const char *name, Range *out)
{
    return match_group(m, rule_group(m->rule, name), out);
}

/* ---- titles inside names */

static void
untape(Titler *t, Range tokens, BuiltinFeature feature)
{
    const Feature *f = &t->rules->features.items[feature];

    for (uint32_t i = tokens.start; i < tokens.end; i++)
        for (int b = 0; b < 2; b++) {
            uint16_t bit = b ? f->inside : f->begin;
            if (bit != BIT_NONE)
                tape_at(t->a, i)[bit >> 3] &= (uint8_t)~(1u << (bit & 7));
        }
}

static bool
is_head(const Titler *t, uint32_t token)
{
    return token_has(t->a, t->rules, token, t->head) || token_has(t->a, t->rules, token, t->capital_head);
}

/* "Dr. Jane Doe" as one name: the title goes, the name stays. */
static void
cut_name(Titler *t, const Phase *phase, uint32_t number)
{
    Mention *m = &t->a->mentions.items[number];
    uint32_t from = t->a->matches.count;
    Range title;

    phase_run_on(phase, t->a, t->scratch, m->tokens);
    if (t->a->matches.count == from || !group_range(&t->a->matches.items[from], "title", &title) ||
        title.start != m->tokens.start || title.end >= m->tokens.end)
        return;
    t->mention_at[title.start] = NONE;
    t->mention_at[title.end] = number;
    untape(t, m->tokens, F_PERSON);
    m->tokens.start = title.end;
    m->bytes = token_span(t->a, m->tokens);
    tape_mark(t->a, t->rules, m->tokens, F_PERSON);
}

static void
cut_names(Titler *t)
{
    const Phase *phase = ruleset_phase(t->rules, "title-cuts");

    for (uint32_t i = 0; phase && i < t->a->mentions.count; i++) {
        const Mention *m = &t->a->mentions.items[i];
        if (m->type == TYPE_PERSON && m->tokens.end - m->tokens.start > 1 &&
            (is_head(t, m->tokens.start) || token_has(t->a, t->rules, m->tokens.start, t->honorific)))
            cut_name(t, phase, i);
    }
}

/* ---- running rules only where they can match */

typedef struct {
    Titler *t;
    const Phase *phase;
    Range window; /* not yet run; empty if there is none */
    uint32_t sentence;
} Windows;

static void
windows_flush(Windows *w)
{
    if (!range_empty(w->window) && w->phase)
        phase_run_on(w->phase, w->t->a, w->t->scratch, w->window);
    w->window = (Range){0, 0};
}

/* Have the rules run from `before` tokens before `tokens` to `after` tokens behind, inside the sentence.  The calls come in
 * text order. */
static void
windows_add(Windows *w, Range tokens, uint32_t before, uint32_t after)
{
    const Article *a = w->t->a;
    Range wide;

    while (w->sentence < a->sentences.count && a->sentences.items[w->sentence].tokens.end <= tokens.start)
        w->sentence++;
    if (w->sentence == a->sentences.count ||
        a->paragraphs.items[a->sentences.items[w->sentence].paragraph].zone == ZONE_BOILERPLATE)
        return;
    wide = a->sentences.items[w->sentence].tokens;
    if (tokens.start - wide.start > before)
        wide.start = tokens.start - before;
    if (tokens.end < wide.end && wide.end - tokens.end > after)
        wide.end = tokens.end + after;
    if (!range_empty(w->window) && wide.start < w->window.end) {
        w->window.end = wide.end > w->window.end ? wide.end : w->window.end;
    } else {
        windows_flush(w);
        w->window = wide;
    }
}

static int
compare_matches(const void *x, const void *y)
{
    const Match *a = x, *b = y;

    if (a->tokens.start != b->tokens.start)
        return a->tokens.start < b->tokens.start ? -1 : 1;
    if (a->rule->number != b->rule->number)
        return a->rule->number < b->rule->number ? -1 : 1;
    return a->tokens.end < b->tokens.end ? -1 : a->tokens.end > b->tokens.end;
}

static void
windows_finish(Windows *w, uint32_t from)
{
    windows_flush(w);
    if (w->t->a->matches.count > from)
        qsort(w->t->a->matches.items + from, w->t->a->matches.count - from, sizeof(Match), compare_matches);
}

/* ---- phrases */

static Phrase
phrase_of(const Match *m)
{
    Phrase p = {.whole = m->tokens, .body = {NONE, NONE}, .rule = m->rule->name};
    Range r;

    group_range(m, "title", &p.title);
    if (!group_range(m, "after", &p.body) && !group_range(m, "place", &p.body))
        group_range(m, "before", &p.body);
    p.former = group_range(m, "former", &r) || group_range(m, "earlier", &r);
    return p;
}

/* The longest of those that overlap; the earlier if they are as long. */
static void
find_phrases(Titler *t)
{
    Windows w = {.t = t, .phase = ruleset_phase(t->rules, "title-phrases")};
    uint32_t from = t->a->matches.count, to, n = 0;

    for (uint32_t i = 0; i < t->a->tokens.count; i++)
        if (is_head(t, i))
            windows_add(&w, (Range){i, i + 1}, PHRASE_BEFORE, PHRASE_AFTER);
    windows_finish(&w, from);
    to = t->a->matches.count;
    t->phrases = arena_alloc(&t->scratch->arena, (to - from + 1) * sizeof *t->phrases);
    for (uint32_t i = from; i < to; i++) {
        Phrase p = phrase_of(&t->a->matches.items[i]);
        Phrase *last = n ? &t->phrases[n - 1] : NULL;
        if (last && p.whole.start < last->whole.end) {
            if (p.whole.end - p.whole.start > last->whole.end - last->whole.start)
                *last = p;
        } else {
            t->phrases[n++] = p;
        }
    }
    t->phrase_count = n;
    for (uint32_t i = 0; i < n; i++)
        tape_mark(t->a, t->rules, t->phrases[i].whole, F_HOLDER_TITLE);
}

static Phrase *
phrase_at(Titler *t, uint32_t token)
{
    uint32_t low = 0, high = t->phrase_count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (t->phrases[middle].whole.end <= token)
            low = middle + 1;
        else
            high = middle;
    }
    return low < t->phrase_count && t->phrases[low].whole.start <= token ? &t->phrases[low] : NULL;
}

/* ---- holders and bodies */

/* Is it an office of a state, church or army, so that a nation or place before it is its body?  A "British actor" is
 * British, but holds no office there. */
static bool
is_office(const Titler *t, Range title)
{
    for (uint32_t i = title.start; i < title.end; i++)
        for (size_t k = 0; k < sizeof OFFICES / sizeof *OFFICES; k++)
            if (list_has(t->a, t->rules, i, t->office[k]))
                return true;
    return false;
}

/* The mention of a body: a name, or else the adjective of a nation or party, which becomes a nominal mention. */
static uint32_t
body_mention(Titler *t, Range body, Range title, const char *rule)
{
    uint32_t at;
    EntityType type;

    if (body.start == NONE)
        return NONE;
    at = t->mention_at[body.start];
    if (at != NONE && t->a->mentions.items[at].type != TYPE_PERSON)
        return t->a->mentions.items[at].type == TYPE_PLACE && body.end <= title.start && !is_office(t, title) ? NONE : at;
    if (at != NONE || (!is_office(t, title) && body.end <= title.start && title.end - title.start < 2))
        return NONE;
    type = token_has(t->a, t->rules, body.start, t->nationality) ? TYPE_PLACE : TYPE_ORGANIZATION;
    return t->mention_at[body.start] = article_mention(t->a, body, type, KIND_NOMINAL, rule, 0.7f);
}

static float
confidence_of(const Rule *rule)
{
    const char *value = rule_get(rule, "confidence");
    float out = 0, unit = 0.1f;

    if (value == NULL || value[0] != '0' || value[1] != '.')
        return 0.85f;
    for (value += 2; *value >= '0' && *value <= '9'; value++, unit /= 10)
        out += unit * (float)(*value - '0');
    return out;
}

static void
add_title(Titler *t, Range title, Range body, const Match *tie, bool former)
{
    static const char *const HOLDERS[] = {"holder", "other", "third", "last"};
    Article *a = t->a;
    uint32_t mention = NONE, body_at = NONE;
    bool honorific = rule_get(tie->rule, "honorific") != NULL;

    for (size_t i = 0; i < sizeof HOLDERS / sizeof *HOLDERS; i++) {
        Range r;
        uint32_t holder;
        if (!group_range(tie, HOLDERS[i], &r) || (holder = t->mention_at[r.start]) == NONE ||
            a->mentions.items[holder].type != TYPE_PERSON)
            continue;
        if (mention == NONE) {
            mention = article_mention(a, title, TYPE_TITLE, KIND_NAME, tie->rule->name, confidence_of(tie->rule));
            if (body.start == NONE)
                group_range(tie, "body", &body);
            body_at = honorific ? NONE : body_mention(t, body, title, tie->rule->name);
            tape_mark(a, t->rules, title, F_TITLE);
        }
        *vec_push(a->arena, &a->titles) =
            (HeldTitle){mention, holder, body_at, former || rule_get(tie->rule, "former") != NULL, honorific};
    }
}

static void
claim(Titler *t, const Match *m, const char *group)
{
    Range r;
    Phrase *p = group_range(m, group, &r) ? phrase_at(t, r.start) : NULL;

    if (p && (p->tie == NULL || m->rule->number < p->tie->rule->number))
        p->tie = m;
}

/* Run the rules that tie, around phrases and honorifics. */
static void
run_ties(Titler *t)
{
    Windows w = {.t = t, .phase = ruleset_phase(t->rules, "titles")};
    uint32_t from = t->a->matches.count, next = 0;

    for (uint32_t i = 0; i < t->a->tokens.count; i++) {
        if (next < t->phrase_count && t->phrases[next].whole.start == i)
            windows_add(&w, t->phrases[next++].whole, TIE_BEFORE, TIE_AFTER);
        else if (token_has(t->a, t->rules, i, t->honorific))
            windows_add(&w, (Range){i, i + 1}, 0, TIE_AFTER);
    }
    windows_finish(&w, from);
}

static void
tie_phrases(Titler *t)
{
    uint32_t from = t->a->matches.count, to;

    run_ties(t);
    to = t->a->matches.count;
    for (uint32_t i = from; i < to; i++) {
        const Match *m = &t->a->matches.items[i];
        if (rule_get(m->rule, "honorific") == NULL) {
            claim(t, m, "title");
            claim(t, m, "second");
        }
    }
    for (uint32_t p = 0, i = from; p < t->phrase_count || i < to;) { /* both in text order */
        const Match *m = i < to ? &t->a->matches.items[i] : NULL;
        Range title;
        if (m && (rule_get(m->rule, "honorific") == NULL || !group_range(m, "title", &title))) {
            i++;
        } else if (p < t->phrase_count && (m == NULL || t->phrases[p].whole.start <= title.start)) {
            Phrase *phrase = &t->phrases[p++];
            if (phrase->tie)
                add_title(t, phrase->title, phrase->body, phrase->tie, phrase->former);
        } else {
            Phrase *over = phrase_at(t, title.start);
            if (over == NULL || over->tie == NULL || !range_overlaps(over->title, title))
                add_title(t, title, (Range){NONE, NONE}, m, false);
            i++;
        }
    }
}

bool
titles_run(Article *a, const RuleSet *rules, Scratch *scratch, Error *err)
{
    Titler t = {.a = a, .rules = rules, .scratch = scratch};

    (void)err;
    t.mention_at = arena_alloc(&scratch->arena, ((size_t)a->tokens.count + 1) * sizeof *t.mention_at);
    memset(t.mention_at, 0xff, ((size_t)a->tokens.count + 1) * sizeof *t.mention_at);
    for (uint32_t i = 0; i < a->mentions.count; i++)
        if (a->mentions.items[i].kind == KIND_NAME)
            t.mention_at[a->mentions.items[i].tokens.start] = i;
    for (size_t k = 0; k < sizeof OFFICES / sizeof *OFFICES; k++)
        t.office[k] = ruleset_feature(rules, OFFICES[k]);
    t.head = ruleset_feature(rules, "title");
    t.capital_head = ruleset_feature(rules, "title-capital");
    t.honorific = ruleset_feature(rules, "honorific");
    t.nationality = ruleset_feature(rules, "nationality");
    cut_names(&t);
    find_phrases(&t);
    tie_phrases(&t);
    return true;
}
