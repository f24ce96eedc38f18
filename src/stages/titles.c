/* Titles: what persons are called by their office, role, rank or honorific.
 *
 * Four phases of rules.  `title-cuts` takes titles off the front of persons' names.  `title-phrases` finds the phrases
 * themselves, whoever holds them: modifiers, topic and head, with a body before (group `title`, and `before`, `former`);
 * `title-bodies` the body behind (`after`).  Each is marked on the tape as one <title-phrase>, so that the rules of
 * `titles` can tie phrases to persons in a few words.  Where two rules tie one phrase, the earlier rule wins.  A phrase that
 * nobody holds is dropped. */
#include "stages/lists.h"
#include "stages/stages.h"

#include <stdlib.h>

typedef struct {
    Range whole, title, body;
    const char *rule;
    bool former, reached; /* reached: a body rule has matched */
    const Match *tie; /* what ties it to a holder, NULL: nothing yet */
} Phrase;

enum { BITS_MOST = 24 };

/* FeatureBits of the tape: of which a token has any? */
typedef struct {
    uint8_t at[BITS_MOST], mask[BITS_MOST];
    int count;
} FeatureBits;

typedef struct {
    Article *a;
    const RuleSet *rules;
    Scratch *scratch;
    uint32_t *mention_at; /* for each token: the name mention that begins there, or NONE */
    Phrase *phrases;
    uint32_t phrase_count;
    FeatureBits heads, honorifics;
    uint16_t office[8], nationality;
} Titler;

static const char *const HEADS[] = {"title", "title-capital"};
static const char *const HONORIFICS[] = {"honorific"};
static const char *const OFFICES[] = {"title.political", "title.military",  "title.police",
                                      "title.religious", "title.noble", "title-capital.political"};

static bool
group_range(const Match *m, const char *name, Range *out)
{
    return match_group(m, rule_group(m->rule, name), out);
}

/* ---- tests of one token */

static void
bits_add(FeatureBits *bits, const RuleSet *rules, uint16_t feature)
{
    const Feature *f = feature == FEATURE_NONE ? NULL : &rules->features.items[feature];

    for (int i = 0; f && i < 2; i++) {
        uint16_t bit = i ? f->inside : f->begin;
        if (bit != BIT_NONE && bits->count < BITS_MOST)
            bits->at[bits->count] = (uint8_t)(bit >> 3), bits->mask[bits->count++] = (uint8_t)(1u << (bit & 7));
    }
}

static FeatureBits
bits_of(const RuleSet *rules, const char *const *names, int count)
{
    FeatureBits bits = {0};

    for (int i = 0; i < count; i++)
        bits_add(&bits, rules, ruleset_feature(rules, names[i]));
    return bits;
}

#define BITS_OF(rules, names) bits_of(rules, names, sizeof names / sizeof *names)

static inline bool
bits_any(const Article *a, uint32_t token, const FeatureBits *bits)
{
    const uint8_t *record = tape_at(a, token);
    uint8_t any = 0;

    for (int i = 0; i < bits->count; i++)
        any |= record[bits->at[i]] & bits->mask[i];
    return any;
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
    return bits_any(t->a, token, &t->heads);
}

/* "Dr. Jane Doe" as one name: the title goes, the name stays.  "Ohio Sen. Jane Doe": the place becomes a name too. */
static void
cut_name(Titler *t, const Phase *phase, uint32_t number)
{
    Mention *m = &t->a->mentions.items[number];
    uint32_t from = t->a->matches.count;
    const Match *cut = NULL;
    Range title, before;

    phase_run_on(phase, t->a, t->scratch, m->tokens);
    if (t->a->matches.count > from)
        cut = &t->a->matches.items[from];
    if (cut == NULL || cut->tokens.start != m->tokens.start || !group_range(cut, "title", &title) ||
        title.end >= m->tokens.end)
        return;
    t->mention_at[m->tokens.start] = NONE;
    t->mention_at[title.end] = number;
    untape(t, m->tokens, F_PERSON);
    m->tokens.start = title.end;
    m->bytes = token_span(t->a, m->tokens);
    tape_mark(t->a, t->rules, m->tokens, F_PERSON);
    if (group_range(cut, "before", &before)) {
        t->mention_at[before.start] =
            article_mention(t->a, before, TYPE_PLACE, KIND_NAME, cut->rule->name, m->confidence);
        tape_mark(t->a, t->rules, before, F_PLACE);
    }
}

static void
cut_names(Titler *t)
{
    const Phase *phase = ruleset_phase(t->rules, "title-cuts");

    for (uint32_t i = 0; phase && i < t->a->mentions.count; i++) {
        const Mention *m = &t->a->mentions.items[i];
        uint32_t first = m->tokens.start, size = m->tokens.end - first;
        if (m->type == TYPE_PERSON && size > 1 &&
            (is_head(t, first) || bits_any(t->a, first, &t->honorifics) || (size > 2 && is_head(t, first + 1)) ||
             (size > 3 && is_head(t, first + 2))))
            cut_name(t, phase, i);
    }
}

/* ---- phrases */

static Phrase
phrase_of(const Match *m)
{
    Phrase p = {.whole = m->tokens, .body = {NONE, NONE}, .rule = m->rule->name};
    Range r;

    group_range(m, "title", &p.title);
    group_range(m, "before", &p.body);
    p.former = group_range(m, "former", &r) || group_range(m, "earlier", &r);
    return p;
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

/* The bodies behind the phrases. */
static void
find_bodies(Titler *t)
{
    uint32_t from, to;

    phase_run(ruleset_phase(t->rules, "title-bodies"), t->a, t->rules, t->scratch, &from, &to);
    for (uint32_t i = from; i < to; i++) {
        const Match *m = &t->a->matches.items[i];
        Phrase *p = phrase_at(t, m->tokens.start);
        if (p == NULL || p->reached)
            continue;
        p->reached = true;
        group_range(m, "after", &p->body);
        p->whole.end = m->tokens.end;
        if (p + 1 < t->phrases + t->phrase_count && p[1].whole.start < p->whole.end)
            p->whole.end = p[1].whole.start; /* a phrase inside the body's words stays a phrase */
        tape_mark(t->a, t->rules, p->whole, F_HOLDER_TITLE);
    }
}

/* The longest of those that overlap; the earlier if they are as long. */
static void
find_phrases(Titler *t)
{
    uint32_t from, to, n = 0;

    phase_run(ruleset_phase(t->rules, "title-phrases"), t->a, t->rules, t->scratch, &from, &to);
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
    if (at != NONE)
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
    static const char *const GROUPS[] = {"holder", "other", "third", "last"};
    Article *a = t->a;
    uint32_t mention = NONE, body_at = NONE;
    bool honorific = rule_get(tie->rule, "honorific") != NULL;

    for (size_t i = 0; i < sizeof GROUPS / sizeof *GROUPS; i++) {
        Range r;
        uint32_t holder;
        if (!group_range(tie, GROUPS[i], &r))
            continue;
        holder = t->mention_at[r.start];
        if (holder != NONE ? a->mentions.items[holder].type != TYPE_PERSON : token_has(a, t->rules, r.start, F_PERSON))
            continue;
        if (mention == NONE) {
            mention = article_mention(a, title, TYPE_TITLE, KIND_NAME, tie->rule->name, confidence_of(tie->rule));
            if (body.start == NONE)
                group_range(tie, "body", &body);
            body_at = honorific ? NONE : body_mention(t, body, title, tie->rule->name);
            tape_mark(a, t->rules, title, F_TITLE);
        }
        *vec_push(a->arena, &a->titles) =
            (HeldTitle){.mention = mention, .holder = holder, .pronoun = holder == NONE ? r.start : NONE,
                        .body = body_at, .former = former || rule_get(tie->rule, "former") != NULL,
                        .honorific = honorific};
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

/* Titles in a row: what has no holder gets that of the one before it, if he stands in front of both.  "Founder and CEO of
 * Acme": they have one body. */
static void
join_titles(Titler *t, const Match *m)
{
    Range x, y, holder;
    Phrase *one = group_range(m, "title", &x) ? phrase_at(t, x.start) : NULL;
    Phrase *two = group_range(m, "second", &y) ? phrase_at(t, y.start) : NULL;

    if (one == NULL || two == NULL || one == two || one->tie == NULL)
        return;
    if (two->tie == NULL && group_range(one->tie, "holder", &holder) && holder.start < x.start)
        two->tie = one->tie;
    if (two->tie != one->tie)
        return;
    if (one->body.start == NONE)
        one->body = two->body;
    else if (two->body.start == NONE)
        two->body = one->body;
}

static void
tie_phrases(Titler *t)
{
    uint32_t from, to;

    phase_run(ruleset_phase(t->rules, "titles"), t->a, t->rules, t->scratch, &from, &to);
    for (uint32_t i = from; i < to; i++) {
        const Match *m = &t->a->matches.items[i];
        if (rule_get(m->rule, "honorific") == NULL && rule_get(m->rule, "chain") == NULL) {
            claim(t, m, "title");
            claim(t, m, "second");
        }
    }
    for (uint32_t i = from; i < to; i++)
        join_titles(t, &t->a->matches.items[i]);
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
    t.nationality = ruleset_feature(rules, "nationality");
    t.heads = BITS_OF(rules, HEADS);
    t.honorifics = BITS_OF(rules, HONORIFICS);
    cut_names(&t);
    find_phrases(&t);
    find_bodies(&t);
    tie_phrases(&t);
    return true;
}
