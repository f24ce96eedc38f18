/* Names of people, organizations and places.
 *
 * Rules propose and weights decide.  Candidates are runs of capitalised words with their links; everything that speaks
 * for or against one as a person, organization or place is a piece of evidence with a fitted weight.  The best
 * non-overlapping labelling of a sentence is found by dynamic programming (a semi-Markov conditional random field:
 * Sarawagi and Cohen 2004), and the same sums give each name its probability.
 *
 * The article is read twice: what the first reading found (the same form, the longer form, the long form of an acronym)
 * is evidence in the second. */
#include "stages/names.h"

#include "base/hash.h"
#include "stages/stages.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

const EntityType NAME_TYPE[NAME_TYPES] = {TYPE_PERSON, TYPE_ORGANIZATION, TYPE_PLACE};
static const BuiltinFeature MARKS[NAME_TYPES] = {F_PERSON, F_ORGANIZATION, F_PLACE};

/* ---- candidates */

enum { LINKS_MAX = 3, PROFILE_SALT = 0x70726f66 };

static bool
is_capital(const Token *t)
{
    return (t->flags & TOKEN_CAPITAL) || t->shape == SHAPE_MIXED;
}

static bool
is_glued_mark(const Article *a, uint32_t i, char c)
{
    const Token *t = &a->tokens.items[i];

    return t->shape == SHAPE_PUNCT && a->text[t->start] == c && t->end == t->start + 1;
}

static bool
may_start(const Names *n, uint32_t i, uint32_t end, uint16_t particle)
{
    const Token *t = &n->a->tokens.items[i];

    if (is_capital(t))
        return !((t->flags & TOKEN_SENTENCE) && t->shape == SHAPE_CAP && token_has(n->a, n->rules, i, n->never_first));
    if (i + 1 >= end)
        return false;
    if (t->shape == SHAPE_NUMBER)
        return is_capital(t + 1);
    if (t->shape != SHAPE_LOWER || !token_has(n->a, n->rules, i, particle))
        return false;
    return is_capital(t + 1) || (i + 2 < end && is_glued_mark(n->a, i + 1, '-') && is_capital(t + 2)) ||
           (i + 2 < end && token_has(n->a, n->rules, i + 1, particle) && is_capital(t + 2));
}

/* The small second half of a given name: "hei" of "Yiu Chun-hei". */
static bool
ends_hyphenated(const Article *a, uint32_t i, uint32_t start)
{
    const Token *t = &a->tokens.items[i];

    return i >= start + 2 && t->shape == SHAPE_LOWER && (t->flags & TOKEN_GLUED) && is_glued_mark(a, i - 1, '-') &&
           (t[-1].flags & TOKEN_GLUED) && is_capital(t - 2);
}

static uint64_t
form_of(const Article *a, Range r)
{
    uint64_t form = a->tokens.items[r.start].hash;

    for (uint32_t i = r.start + 1; i < r.end; i++)
        form = hash_pair(form, a->tokens.items[i].hash);
    return form;
}

static void
find_candidates(Names *n)
{
    const Article *a = n->a;
    n->never_first = ruleset_feature(n->rules, "name-never-first");
    uint16_t link = ruleset_feature(n->rules, "name-link"), particle = ruleset_feature(n->rules, "particle");

    for (uint32_t s = 0; s < a->sentences.count; s++) {
        Range r = a->sentences.items[s].tokens;
        uint32_t from = n->candidates.count;
        if (a->paragraphs.items[a->sentences.items[s].paragraph].zone == ZONE_BOILERPLATE)
            continue;
        for (uint32_t i = r.start; i < r.end; i++) {
            uint32_t links = 0;
            uint64_t form = 0;
            if (!may_start(n, i, r.end, particle))
                continue;
            for (uint32_t j = i; j < r.end && j < i + NAME_LONGEST; j++) {
                const Token *t = &a->tokens.items[j];
                form = j == i ? t->hash : hash_pair(form, t->hash); /* as form_of has it */
                if (is_capital(t) || (j > i && t->shape == SHAPE_NUMBER) || ends_hyphenated(a, j, i)) {
                    Candidate *c = vec_push(n->arena, &n->candidates);
                    c->tokens = (Range){i, j + 1};
                    c->paragraph = a->sentences.items[s].paragraph;
                    c->form = form;
                    c->label = -1;
                    links = 0;
                } else if (j > i && (++links > LINKS_MAX || !token_has(a, n->rules, j, link))) {
                    break;
                }
            }
        }
        if (n->candidates.count > from)
            *vec_push(n->arena, &n->segments) = (Range){from, n->candidates.count};
    }
}

/* ---- claims of rules */

static int
compare_claims(const void *a, const void *b)
{
    const Claim *x = a, *y = b;

    if (x->tokens.start != y->tokens.start)
        return x->tokens.start < y->tokens.start ? -1 : 1;
    if (x->tokens.end != y->tokens.end)
        return x->tokens.end < y->tokens.end ? -1 : 1;
    return x->hash < y->hash ? -1 : x->hash > y->hash;
}

/* For each token the claims that cover it, in the claims' order. */
static void
index_claims(Names *n)
{
    uint32_t tokens = n->a->tokens.count, total = 0;

    n->covered_from = arena_zero(n->arena, (tokens + 2) * sizeof *n->covered_from);
    for (uint32_t i = 0; i < n->claims.count; i++)
        for (uint32_t t = n->claims.items[i].tokens.start; t < n->claims.items[i].tokens.end; t++)
            n->covered_from[t + 2]++;
    for (uint32_t t = 0; t < tokens; t++)
        n->covered_from[t + 2] += n->covered_from[t + 1];
    total = n->covered_from[tokens + 1];
    n->covering = arena_alloc(n->arena, (total + 1) * sizeof *n->covering);
    for (uint32_t i = 0; i < n->claims.count; i++) /* covered_from[t + 1] moves from its beginning to its end */
        for (uint32_t t = n->claims.items[i].tokens.start; t < n->claims.items[i].tokens.end; t++)
            n->covering[n->covered_from[t + 1]++] = i;
}

static void
gather_claims(Names *n, Scratch *scratch)
{
    Article *a = n->a;
    uint32_t from, to;

    phase_run(ruleset_phase(n->rules, "names"), a, n->rules, scratch, &from, &to);
    for (uint32_t i = from; i < to; i++) {
        const Match *m = &a->matches.items[i];
        for (uint32_t g = 0; g < m->rule->group_count; g++) {
            Range r = m->groups[g];
            if (r.start == NONE || r.end - r.start > NAME_LONGEST)
                continue;
            *vec_push(n->arena, &n->claims) =
                (Claim){r, m->rule, m->rule->groups[g], m->rule->group_hash[g]};
        }
    }
    if (n->claims.count)
        qsort(n->claims.items, n->claims.count, sizeof(Claim), compare_claims);
    index_claims(n);
}

typedef struct {
    uint64_t form;
    uint32_t claim; /* its number */
} FormClaim;

static int
compare_form_claims(const void *a, const void *b, void *claims)
{
    const FormClaim *x = a, *y = b;
    const Claim *p = (const Claim *)claims + x->claim, *q = (const Claim *)claims + y->claim;

    if (x->form != y->form)
        return x->form < y->form ? -1 : 1;
    if (p->hash != q->hash)
        return p->hash < q->hash ? -1 : 1;
    return p->tokens.start < q->tokens.start ? -1 : 1;
}

/* Which claims were made on a form, anywhere in the article: of each rule the first, since only that one is evidence; a
 * form that is written a thousand times would otherwise be gone through a thousand times. */
static void
gather_elsewhere(Names *n)
{
    FormClaim *all = arena_alloc(n->arena, (n->claims.count + 1) * sizeof *all);
    uint32_t count = n->claims.count;

    for (uint32_t i = 0; i < count; i++)
        all[i] = (FormClaim){form_of(n->a, n->claims.items[i].tokens), i};
    if (count)
        qsort_r(all, count, sizeof *all, compare_form_claims, n->claims.items);
    n->elsewhere = arena_alloc(n->arena, (count + 1) * sizeof *n->elsewhere);
    n->elsewhere_form = arena_alloc(n->arena, (count + 1) * sizeof *n->elsewhere_form);
    for (uint32_t i = 0; i < count; i++) {
        const Claim *claim = &n->claims.items[all[i].claim];
        if (i && all[i].form == all[i - 1].form && claim->rule == n->claims.items[all[i - 1].claim].rule)
            continue;
        n->elsewhere[n->elsewhere_count] = *claim;
        n->elsewhere_form[n->elsewhere_count++] = all[i].form;
        n->elsewhere_sieve[all[i].form >> 58] |= 1ull << (all[i].form >> 52 & 63);
    }
}

/* Where the claims and list entries that begin with each candidate begin among all. */
static void
find_firsts(Names *n)
{
    uint32_t claim = 0, hit = 0;

    for (uint32_t i = 0; i < n->candidates.count; i++) {
        Candidate *c = &n->candidates.items[i];
        while (claim < n->claims.count && n->claims.items[claim].tokens.start < c->tokens.start)
            claim++;
        while (hit < n->a->hits.count && n->a->hits.items[hit].tokens.start < c->tokens.start)
            hit++;
        c->first_claim = claim;
        c->first_hit = hit;
    }
}

/* How the candidates' first words are written in the rest of the article. */
static void
count_words(Names *n)
{
    const Article *a = n->a;
    uint32_t size = 64, last = NONE;

    while (size < n->candidates.count * 2)
        size *= 2;
    n->words_mask = size - 1;
    n->words = arena_zero(n->arena, size * sizeof *n->words);
    for (uint32_t i = 0; i < n->candidates.count; i++) {
        uint64_t hash = a->tokens.items[n->candidates.items[i].tokens.start].hash;
        uint32_t at = (uint32_t)hash & n->words_mask;
        if (n->candidates.items[i].tokens.start == last)
            continue;
        last = n->candidates.items[i].tokens.start;
        while (n->words[at].hash && n->words[at].hash != hash)
            at = (at + 1) & n->words_mask;
        n->words[at].hash = hash;
    }
    for (uint32_t i = 0; i < a->tokens.count; i++) {
        const Token *t = &a->tokens.items[i];
        uint32_t at = (uint32_t)t->hash & n->words_mask;
        while (n->words[at].hash && n->words[at].hash != t->hash)
            at = (at + 1) & n->words_mask;
        if (n->words[at].hash == 0 || t->shape == SHAPE_PUNCT)
            continue;
        n->words[at].lower += t->shape == SHAPE_LOWER;
        n->words[at].capital += (t->flags & TOKEN_CAPITAL) && !(t->flags & TOKEN_SENTENCE);
    }
}

void
names_prepare(Names *n, Article *a, const RuleSet *rules, Scratch *scratch, Arena *arena)
{
    *n = (Names){.a = a, .rules = rules, .arena = arena};
    n->template_hash = arena_alloc(arena, TEMPLATES * sizeof *n->template_hash);
    for (int t = 0; t < TEMPLATES; t++)
        n->template_hash[t] = hash_bytes(template_name(t), strlen(template_name(t)));
    n->set_sums = scratch->set_sums;
    n->own_sums = scratch->set_sums + SET_SUMS;
    n->sureness = weights_find(&rules->weights, weight_key(hash_bytes("confidence", 10), hash_bytes("odds", 4)));
    n->row_memos = scratch->row_memos;
    n->top_reasons = scratch->top_reasons;
    gather_claims(n, scratch);
    gather_elsewhere(n);
    find_candidates(n);
    find_firsts(n);
    count_words(n);
    for (uint32_t i = 0; i < n->candidates.count; i++)
        n->candidates.items[i].profile = names_profile(n, &n->candidates.items[i]);
}

/* ---- weighing */

/* The row of what the weights do not know: a rule's claim has the weight that the rule gives itself, for the type that it
 * claims. */
static const float *
unfitted_row(const Names *n, Template template, const EvidenceValue *value)
{
    float *row = NULL;

    if (template != T_SPAN_RULE || value->rule->weight == 0)
        return NULL;
    for (int t = 0; t < NAME_TYPES; t++)
        if (strcmp(value->text, entity_type_name(NAME_TYPE[t])) == 0) {
            row = arena_zero(n->arena, WEIGHTS_ROW * sizeof *row);
            row[t] = row[NAME_TYPES + t] = value->rule->weight;
        }
    return row;
}

/* The row of a piece of evidence, or NULL.  What is constant is looked up once. */
const float *
names_row(const Names *n, Template template, const EvidenceValue *value)
{
    const void *id = value->kind == VALUE_TEXT      ? (const void *)value->text
                     : value->kind == VALUE_RULE    ? (const void *)(uintptr_t)value->hash
                     : value->kind == VALUE_PATTERN ? (const void *)(uintptr_t)(PATTERN_IDS + value->number)
                     : value->kind == VALUE_FEATURE ? (const void *)&n->rules->features.items[value->number]
                                                    : NULL;
    RowMemo *memo;

    if (id == NULL)
        return weights_find(&n->rules->weights, evidence_key(n, template, value));
    memo = &n->row_memos[hash_mix((uintptr_t)id + (uint64_t)template * 0x9e3779b97f4a7c15u) & (ROW_MEMOS - 1)];
    if (memo->value != id || memo->template != (uint32_t)template) {
        memo->value = id;
        memo->template = (uint32_t)template;
        memo->row = weights_find(&n->rules->weights, evidence_key(n, template, value));
    }
    return memo->row || value->kind != VALUE_RULE ? memo->row : unfitted_row(n, template, value);
}

typedef struct {
    Sink sink;
    const Names *n;
    float sum[WEIGHTS_ROW];
} SumSink;

static void
add_to(float *restrict sum, const float *restrict more)
{
    for (int i = 0; i < WEIGHTS_ROW; i++)
        sum[i] += more[i];
}

static void
sum_take(Sink *sink, Template template, const EvidenceValue *value)
{
    SumSink *s = (SumSink *)sink;
    const float *row = names_row(s->n, template, value);

    if (row)
        add_to(s->sum, row);
}

static void
sum_take_set(Sink *sink, Template template, uint32_t which, uint32_t set)
{
    SumSink *s = (SumSink *)sink;
    const Lexicon *lex = &s->n->rules->lexicons[which];
    uint64_t key = ((uint64_t)set << 16 | (uint64_t)template << 1 | which) + 1;
    SetSum *memo = &s->n->set_sums[hash_mix(key) & (SET_SUMS - 1)];

    if (memo->key != key) {
        memset(memo, 0, sizeof *memo);
        memo->key = key;
        for (uint32_t c = lex->sets[set]; c < lex->sets[set + 1]; c++) {
            const float *row = weights_find(&s->n->rules->weights,
                                            weight_key(s->n->template_hash[template],
                                                       s->n->rules->features.items[lex->codes[c]].hash));
            if (row)
                add_to(memo->sum, row);
        }
    }
    add_to(s->sum, memo->sum);
}

/* What a token says by itself in a role is known by this. */
static uint64_t
own_key(const Names *n, uint32_t token, Role role)
{
    const Token *t = &n->a->tokens.items[token];

    return hash_pair(t->hash, (uint64_t)role | (uint64_t)t->shape << 8 | (uint64_t)(t->end - t->start) << 24 |
                                  (uint64_t)(t->flags & (TOKEN_INITIAL | TOKEN_DOTTED | TOKEN_CAPITAL)) << 16);
}

/* The sums of what a token says by itself, remembered by how it is written: the words of news come again and again. */
static void
add_own(Names *n, uint32_t token, Role role, float *sum)
{
    uint64_t key = own_key(n, token, role);
    SetSum *memo = &n->own_sums[key & (OWN_SUMS - 1)];

    if (memo->key != key) {
        SumSink s = {{sum_take, sum_take_set}, n, {0}};
        names_own_evidence(n, token, role, &s.sink);
        memo->key = key;
        memcpy(memo->sum, s.sum, sizeof memo->sum);
    }
    add_to(sum, memo->sum);
}

static void
add_profile(Names *n, uint64_t profile, float *sum)
{
    uint64_t key = hash_pair(profile, PROFILE_SALT);
    SetSum *memo = &n->own_sums[key & (OWN_SUMS - 1)];

    if (memo->key != key) {
        SumSink s = {{sum_take, sum_take_set}, n, {0}};
        names_profile_evidence(profile, &s.sink);
        memo->key = key;
        memcpy(memo->sum, s.sum, sizeof memo->sum);
    }
    add_to(sum, memo->sum);
}

/* The sums of a token's evidence in each role, made when they are first asked for. */
typedef struct {
    uint32_t done;
    float sums[ROLES][WEIGHTS_ROW];
} RoleSums;

static const float *
role_sums(Names *n, RoleSums *cache, uint32_t base, uint32_t token, Role role)
{
    RoleSums *c = &cache[token - base];

    if (!(c->done >> role & 1)) {
        SumSink s = {{sum_take, sum_take_set}, n, {0}};
        if (role <= ROLE_LAST) {
            add_own(n, token, role, s.sum);
            add_own(n, token, ROLE_ANY, s.sum);
            names_claim_evidence(n, token, role, &s.sink);
        } else { /* both neighbours of this side; `token` is the candidate's edge */
            for (Role r = role; r <= role + 1; r++) {
                uint32_t at = names_neighbour(n, token, r);
                if (at == NONE)
                    names_edge_evidence(r, &s.sink);
                else
                    add_own(n, at, r, s.sum);
            }
        }
        memcpy(c->sums[role], s.sum, sizeof s.sum);
        c->done |= 1u << role;
    }
    return c->sums[role];
}

static void
score_candidate(Names *n, Candidate *c, RoleSums *cache, uint32_t base)
{
    SumSink s = {{sum_take, sum_take_set}, n, {0}};
    uint32_t first = c->tokens.start, last = c->tokens.end - 1;

    add_profile(n, c->profile, s.sum);
    names_whole_evidence(n, c, &s.sink);
    if (first == last) {
        add_to(s.sum, role_sums(n, cache, base, first, ROLE_ONLY));
    } else {
        add_to(s.sum, role_sums(n, cache, base, first, ROLE_FIRST));
        for (uint32_t i = first + 1; i < last; i++)
            add_to(s.sum, role_sums(n, cache, base, i, ROLE_INNER));
        add_to(s.sum, role_sums(n, cache, base, last, ROLE_LAST));
    }
    add_to(s.sum, role_sums(n, cache, base, first, ROLE_BEFORE));
    add_to(s.sum, role_sums(n, cache, base, last + 1, ROLE_AFTER));
    memcpy(c->score[0], s.sum, sizeof c->score[0]);
    memcpy(c->score[1], s.sum + NAME_TYPES, sizeof c->score[1]);
}

void
names_score(Names *n, int reading)
{
    enum { ROOM = 256 }; /* a sentence is no longer, see sentences.c */
    RoleSums *cache = arena_alloc(n->arena, ROOM * sizeof *cache);

    for (uint32_t g = 0; g < n->segments.count; g++) {
        Range segment = n->segments.items[g];
        uint32_t base = n->candidates.items[segment.start].tokens.start;
        uint32_t reach = n->candidates.items[segment.end - 1].tokens.start - base + NAME_LONGEST + 1;
        for (uint32_t i = 0; i < ROOM && i < reach && reading == 0; i++)
            cache[i].done = 0;
        for (uint32_t i = segment.start; i < segment.end; i++) {
            Candidate *c = &n->candidates.items[i];
            if (reading == 0) {
                score_candidate(n, c, cache, base);
            } else {
                SumSink s = {{sum_take, sum_take_set}, n, {0}};
                names_seen_evidence(n, c, &s.sink);
                for (int t = 0; t < NAME_TYPES; t++)
                    c->score[1][t] += s.sum[NAME_TYPES + t];
            }
        }
    }
}

/* ---- deciding */

/* A name that is as likely as not is worth more found than missed: F1 is best a little below even odds. */
#define LEAN 0.4
#define HOPELESS 9.0f

typedef struct {
    double best;
    uint32_t from;      /* candidate that ends here on the best way, or NONE */
    int8_t label;
} Way;

/* A candidate that is hopeless as anything: its share of the probability does not show. */
static bool
is_hopeless(const Candidate *c, int reading)
{
    const float *s = c->score[reading];

    return s[0] < -HOPELESS && s[1] < -HOPELESS && s[2] < -HOPELESS;
}

/* How likely each name is: the sums over all ways (forward and backward) in which it stands, by all ways.  Sums are kept
 * relative to the best way to each place, so that they stay near one. */
static void
sum_ways(Names *n, Range segment, int reading, const Way *ways, uint32_t base, uint32_t end)
{
    double *forward = arena_zero(n->arena, (end - base + 1) * sizeof *forward);
    double *backward = arena_zero(n->arena, (end - base + 1) * sizeof *backward);
    double *free = arena_alloc(n->arena, (end - base + 1) * sizeof *free); /* weight of "no name here" */
    double(*weight)[NAME_TYPES] = arena_zero(n->arena, (segment.end - segment.start) * sizeof *weight);
    uint32_t at = segment.start;

    forward[0] = backward[end - base] = 1;
    for (uint32_t p = base; p < end; p++) {
        double here = ways[p - base].best, sum;
        free[p - base] = exp(here - ways[p - base + 1].best);
        forward[p + 1 - base] += forward[p - base] * free[p - base];
        for (; at < segment.end && n->candidates.items[at].tokens.start == p; at++) {
            const Candidate *c = &n->candidates.items[at];
            if (is_hopeless(c, reading))
                continue;
            sum = 0;
            for (int t = 0; t < NAME_TYPES; t++)
                if (c->score[reading][t] > -HOPELESS)
                    sum += weight[at - segment.start][t] =
                        exp(here + c->score[reading][t] - ways[c->tokens.end - base].best);
            forward[c->tokens.end - base] += forward[p - base] * sum;
        }
    }
    at = segment.end;
    for (uint32_t p = end; p-- > base;) {
        backward[p - base] += backward[p + 1 - base] * free[p - base];
        while (at > segment.start && n->candidates.items[at - 1].tokens.start == p) {
            const double *w = weight[--at - segment.start];
            backward[p - base] += backward[n->candidates.items[at].tokens.end - base] * (w[0] + w[1] + w[2]);
        }
    }
    for (uint32_t i = segment.start; i < segment.end; i++) {
        Candidate *c = &n->candidates.items[i];
        for (int t = 0; t < NAME_TYPES && c->label >= 0; t++)
            c->probability[t] = (float)(forward[c->tokens.start - base] * weight[i - segment.start][t] *
                                        backward[c->tokens.end - base] / forward[end - base]);
    }
}

static void
decide_segment(Names *n, Range segment, int reading, bool probabilities)
{
    uint32_t base = n->candidates.items[segment.start].tokens.start, end = base, at;
    Way *ways;

    for (uint32_t i = segment.start; i < segment.end; i++)
        end = n->candidates.items[i].tokens.end > end ? n->candidates.items[i].tokens.end : end;
    ways = arena_alloc(n->arena, (end - base + 1) * sizeof *ways);
    for (uint32_t p = 0; p <= end - base; p++)
        ways[p] = (Way){p == 0 ? 0 : -1e30, NONE, -1};
    at = segment.start;
    for (uint32_t p = base; p < end; p++) {
        Way *here = &ways[p - base];
        if (here->best > here[1].best || (here->best == here[1].best && here[1].from != NONE))
            here[1] = (Way){here->best, NONE, -1};
        for (; at < segment.end && n->candidates.items[at].tokens.start == p; at++) {
            Candidate *c = &n->candidates.items[at];
            Way *there = &ways[c->tokens.end - base];
            c->label = -1;
            if (is_hopeless(c, reading))
                continue;
            for (int t = 0; t < NAME_TYPES; t++)
                if (here->best + c->score[reading][t] + LEAN > there->best)
                    *there = (Way){here->best + c->score[reading][t] + LEAN, at, (int8_t)t};
        }
    }
    for (uint32_t p = end; p > base;) {
        Way *w = &ways[p - base];
        if (w->from == NONE) {
            p--;
        } else {
            n->candidates.items[w->from].label = w->label;
            p = n->candidates.items[w->from].tokens.start;
        }
    }
    if (!probabilities)
        return;
    sum_ways(n, segment, reading, ways, base, end);
}

void
names_decide(Names *n, int reading, bool probabilities)
{
    for (uint32_t g = 0; g < n->segments.count; g++)
        decide_segment(n, n->segments.items[g], reading, probabilities);
}

/* ---- remembering the first reading */

static Seen *
seen_slot(Names *n, uint64_t hash)
{
    uint32_t at = (uint32_t)hash & n->seen_mask;

    while (n->seen[at].hash && n->seen[at].hash != hash)
        at = (at + 1) & n->seen_mask;
    n->seen[at].hash = hash;
    return &n->seen[at];
}

static void
remember_acronym(Names *n, Range r)
{
    char initials[NAME_LONGEST + 1];
    size_t len = 0;

    for (uint32_t i = r.start; i < r.end; i++) {
        const Token *t = &n->a->tokens.items[i];
        unsigned char c = (unsigned char)n->a->text[t->start];
        if ((t->flags & TOKEN_CAPITAL) && c >= 'A' && c <= 'Z')
            initials[len++] = (char)(c + 32);
    }
    if (len >= 2)
        seen_slot(n, hash_bytes(initials, len))->acronym++;
}

static void
remember_name(Names *n, const Candidate *c)
{
    Range r = c->tokens;

    seen_slot(n, c->form)->as[c->label]++;
    for (uint32_t i = r.start; i < r.end; i++)
        n->near[i] = c->label;
    if (r.end - r.start == 1)
        return;
    for (uint32_t i = r.start; i < r.end; i++) {
        const Token *t = &n->a->tokens.items[i];
        if (t->shape == SHAPE_PUNCT || t->shape == SHAPE_LOWER)
            continue;
        seen_slot(n, t->hash)->part[c->label][i == r.start ? 0 : i + 1 == r.end ? 2 : 1]++;
    }
    for (uint32_t i = r.start + 2; i < r.end; i++)
        seen_slot(n, form_of(n->a, (Range){r.start, i}))->part[c->label][0]++;
    for (uint32_t i = r.start + 1; i + 1 < r.end; i++)
        seen_slot(n, form_of(n->a, (Range){i, r.end}))->part[c->label][2]++;
    if (c->label == 1)
        remember_acronym(n, r);
}

void
names_remember(Names *n)
{
    uint32_t size = 256, names = 0;

    for (uint32_t i = 0; i < n->candidates.count; i++)
        if (n->candidates.items[i].label >= 0)
            names += 2 + 3 * (n->candidates.items[i].tokens.end - n->candidates.items[i].tokens.start);
    while (size < names * 2)
        size *= 2;
    n->seen_mask = size - 1;
    n->seen = arena_zero(n->arena, size * sizeof *n->seen);
    n->near = arena_alloc(n->arena, n->a->tokens.count + 1);
    memset(n->near, -1, n->a->tokens.count + 1);
    for (uint32_t i = 0; i < n->candidates.count; i++)
        if (n->candidates.items[i].label >= 0)
            remember_name(n, &n->candidates.items[i]);
    for (uint32_t i = 0; i < n->candidates.count; i++) {
        const Candidate *c = &n->candidates.items[i];
        uint32_t at = (uint32_t)c->form & n->seen_mask;
        bool free = c->label < 0;
        for (uint32_t t = c->tokens.start; t < c->tokens.end && free; t++)
            free = n->near[t] < 0;
        while (free && n->seen[at].hash && n->seen[at].hash != c->form)
            at = (at + 1) & n->seen_mask;
        if (n->seen[at].hash == c->form) /* every form that stands free somewhere: so read as nothing there */
            n->seen[at].as[3] += free;
    }
}

/* ---- the stage */

/* The evidence that counted most for a type: a rule if one spoke for it ("person.age"), else a list ("list.city"), else
 * what was looked at ("name.before.word"). */
typedef struct {
    Sink sink;
    const Names *n;
    int type;
    float best, best_rule;
    const char *reason;
    const Rule *rule;
} TopSink;

static void
top_take(Sink *sink, Template template, const EvidenceValue *value)
{
    TopSink *s = (TopSink *)sink;
    const float *row = names_row(s->n, template, value);
    float w = row ? row[NAME_TYPES + s->type] : 0;

    if (value->kind == VALUE_RULE && template == T_SPAN_RULE && w > s->best_rule) {
        s->best_rule = w;
        s->rule = value->rule;
    }
    if (w > s->best && template != T_BIAS) {
        s->best = w;
        s->reason = value->kind == VALUE_FEATURE ? s->n->rules->list_reasons[value->number] : TEMPLATE_REASONS[template];
    }
}

/* The best that a token says by itself, remembered as its sums are. */
static void
top_own(Names *n, uint32_t token, Role role, TopSink *s)
{
    uint64_t key = own_key(n, token, role) + (uint64_t)s->type + 1;
    TopReason *memo = &n->top_reasons[key & (TOP_REASONS - 1)];

    if (memo->key != key) {
        TopSink own = {{top_take, NULL}, n, s->type, 0, 0, NULL, NULL};
        names_own_evidence(n, token, role, &own.sink);
        *memo = (TopReason){key, own.reason, own.best};
    }
    if (memo->best > s->best) {
        s->best = memo->best;
        s->reason = memo->reason;
    }
}

static const char *
reason_for(Names *n, const Candidate *c)
{
    TopSink s = {{top_take, NULL}, n, c->label, 0, 0, TEMPLATE_REASONS[T_BIAS], NULL};
    uint32_t first = c->tokens.start, last = c->tokens.end - 1;

    names_whole_evidence(n, c, &s.sink);
    if (s.rule)
        return s.rule->name;
    names_profile_evidence(c->profile, &s.sink);
    for (uint32_t i = first; i <= last; i++) {
        Role role = names_role(c, i);
        top_own(n, i, role, &s);
        top_own(n, i, ROLE_ANY, &s);
        names_claim_evidence(n, i, role, &s.sink);
    }
    for (Role role = ROLE_BEFORE; role <= ROLE_AFTER2; role++) {
        uint32_t token = names_neighbour(n, role <= ROLE_BEFORE2 ? first : last + 1, role);
        if (token == NONE)
            names_edge_evidence(role, &s.sink);
        else
            top_own(n, token, role, &s);
    }
    names_seen_evidence(n, c, &s.sink);
    return s.reason;
}

/* Probabilities as `fit` found them borne out by articles that the model had not seen. */
static float
borne_out(const Names *n, float probability)
{
    double p = probability < 0.001f ? 0.001 : probability > 0.999f ? 0.999 : (double)probability;

    if (n->sureness == NULL)
        return (float)p;
    p = 1 / (1 + exp(-(log(p / (1 - p)) * (double)n->sureness[0] + (double)n->sureness[1])));
    return p < 0.01 ? 0.01f : (float)p;
}

static void
add_name(Names *n, const Candidate *c)
{
    uint32_t number = article_mention(n->a, c->tokens, NAME_TYPE[c->label], KIND_NAME, reason_for(n, c),
                                      borne_out(n, c->probability[c->label]));
    Mention *m = &n->a->mentions.items[number];
    int second = -1;

    for (int t = 0; t < NAME_TYPES; t++)
        if (t != c->label && (second < 0 || c->probability[t] > c->probability[second]))
            second = t;
    m->second = NAME_TYPE[second];
    m->second_confidence = c->probability[second];
    tape_mark(n->a, n->rules, c->tokens, MARKS[c->label]);
}

static void
read_twice(Names *n, Article *a, const RuleSet *rules, Scratch *scratch, Arena *arena)
{
    names_prepare(n, a, rules, scratch, arena);
    names_score(n, 0);
    names_decide(n, 0, false);
    names_remember(n);
    names_score(n, 1);
    names_decide(n, 1, true);
}

bool
names_run(Article *a, const RuleSet *rules, Scratch *scratch, Error *err)
{
    Names n;

    (void)err;
    read_twice(&n, a, rules, scratch, &scratch->arena);
    for (uint32_t i = 0; i < n.candidates.count; i++)
        if (n.candidates.items[i].label >= 0)
            add_name(&n, &n.candidates.items[i]);
    return true;
}
