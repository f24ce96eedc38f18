/* Titles: what persons are called by their office, role, rank or honorific.
 *
 * Rules of `title-cuts` take titles off the front of persons' names.  titles_phrases.c finds the phrases themselves,
 * whoever holds them, and marks each on the tape as one <title-phrase>, so that the rules of `titles` can tie them to persons
 * in a few words.  Where two rules tie one phrase, the earlier rule wins.  A phrase that
 * nobody holds is dropped. */
#include "stages/lists.h"
#include "stages/stages.h"
#include "stages/titles.h"
#include "stages/told.h"

#include <stdlib.h>

enum { HOLDERS = 4 };

/* What a rule says that ties titles to their holders. */
typedef struct {
    float confidence;
    bool honorific, former, chain, share;
    int title, second, body, holders[HOLDERS]; /* its groups, -1 where it has none */
} TieRule;

/* The rules of the stage, read once for all articles. */
typedef struct TitleRules {
    const Phase *ties, *cuts, *inner;
    TieRule *says; /* what each that ties says, by its number */
} TitleRules;

typedef struct {
    Article *a;
    const RuleSet *rules;
    Scratch *scratch;
    const TitleRules *ask;
    uint32_t *mention_at; /* for each token: the name mention that begins there, or NONE */
    Phrases phrases;
    uint16_t office[10], nationality, title, capital_title, honorific, definite, pronoun, trade, media, business, sport, state, country, party, division, det, free;
    TellingFeatures telling;
} Titler;

static const char *const OFFICES[] = {"title.political", "title.military",  "title.police",
                                      "title.religious", "title.noble", "title-capital.political", "title.judicial",
                                      "title-capital.military", "title-capital.police"};

enum { OFFICE_COUNT = sizeof OFFICES / sizeof *OFFICES, OTHERS = 16, BESIDE = 4 };

/* ---- titles inside names */

static void
untape(Titler *t, Range tokens, BuiltinFeature feature)
{
    const Feature *f = &t->rules->features.items[feature];

    for (uint32_t i = tokens.start; i < tokens.end; i++) {
        tape_clear(t->a, i, f->begin);
        tape_clear(t->a, i, f->inside);
    }
}

static bool
is_head(const Titler *t, uint32_t token)
{
    return token_has(t->a, t->rules, token, t->title) || token_has(t->a, t->rules, token, t->capital_title);
}

/* "Dr. Jane Doe" as one name: the title goes, the name stays.  "Ohio Sen. Jane Doe": the place becomes a name too. */
static void
cut_name(Titler *t, const Phase *phase, uint32_t number)
{
    Mention *m = &t->a->mentions.items[number];
    Match cut = {0};
    Range title, before, seen = {m->tokens.start - (m->tokens.start > 0), m->tokens.end}; /* with the word before it */

    for (uint32_t i = 0; i < phase->count && cut.rule == NULL; i++)
        if (!rule_try(phase->rules[i], t->a, t->scratch, seen, m->tokens.start, &cut))
            cut.rule = NULL;
    if (cut.rule == NULL || !group_range(&cut, "title", &title) || title.end >= m->tokens.end)
        return;
    *vec_push(t->a->arena, &t->a->matches) = cut;
    t->mention_at[m->tokens.start] = NONE;
    t->mention_at[title.end] = number;
    untape(t, m->tokens, F_PERSON);
    m->tokens.start = title.end;
    m->bytes = token_span(t->a, m->tokens);
    tape_mark(t->a, t->rules, m->tokens, F_PERSON);
    if (group_range(&cut, "before", &before)) {
        t->mention_at[before.start] =
            article_mention(t->a, before, TYPE_PLACE, KIND_NAME, cut.rule->name, m->confidence);
        tape_mark(t->a, t->rules, before, F_PLACE);
    }
}

static void
cut_names(Titler *t)
{
    const Phase *phase = t->ask->cuts;

    for (uint32_t i = 0; phase && i < t->a->mentions.count; i++) {
        const Mention *m = &t->a->mentions.items[i];
        uint32_t first = m->tokens.start, size = m->tokens.end - first;
        if (m->type == TYPE_PERSON && size > 1 &&
            (is_head(t, first) || token_has(t->a, t->rules, first, t->honorific) || (size > 2 && is_head(t, first + 1)) ||
             (size > 3 && is_head(t, first + 2))))
            cut_name(t, phase, i);
    }
}

/* ---- holders and bodies */

/* Is it an office of a state, church or army, so that a nation or place before it is its body?  A "British actor" is
 * British, but holds no office there. */
static bool
is_office(const Titler *t, Range title)
{
    for (size_t k = 0; k < OFFICE_COUNT; k++) {
        if (list_holds(t->a, t->rules, title, t->office[k]))
            return true;
        for (uint32_t i = title.start; i < title.end; i++)
            if (list_has(t->a, t->rules, i, t->office[k]))
                return true;
    }
    return false;
}

/* A role in a team, which is told by its town: the Springfield coach. */
static bool
is_sport(const Titler *t, Range title)
{
    return list_has(t->a, t->rules, title.end - 1, t->sport) || list_holds(t->a, t->rules, title, t->sport);
}

/* A trade that goes with no body: its last word is told to be one by the lists, and is none in a company: a director is not
 * only one of films. */
static bool
is_trade(const Titler *t, Range title)
{
    uint32_t last = title.end - 1;

    return list_has(t->a, t->rules, last, t->free) ||
           ((list_has(t->a, t->rules, last, t->trade) || list_has(t->a, t->rules, last, t->media)) &&
            !list_has(t->a, t->rules, last, t->business));
}

/* Is the body told by a noun or pronoun, which coreference will resolve? */
static bool
is_indirect(const Titler *t, Range body)
{
    return body.start != NONE && (list_has(t->a, t->rules, body.start, t->definite) ||
                                  list_has(t->a, t->rules, body.start, t->pronoun));
}

/* A body in capitals, the Crow Branch, where no name was seen. */
static bool
is_unseen_name(const Titler *t, Range body)
{
    return (t->a->tokens.items[body.start].flags & TOKEN_CAPITAL) &&
           body.end - body.start > 1 &&
           !list_has(t->a, t->rules, body.start, t->det) && !token_has(t->a, t->rules, body.start, t->nationality) && !list_has(t->a, t->rules, body.start, t->party);
}

/* The mention of a body: a name, or else a country that was not seen to be one, or the adjective of a nation or party or a
 * noun, which becomes a nominal mention, or a pronoun. */
static uint32_t
body_mention(Titler *t, Range body, Range title, const char *rule)
{
    uint32_t at;
    EntityType type;
    MentionKind kind;

    if (body.start == NONE)
        return NONE;
    at = t->mention_at[body.start];
    if (at != NONE && t->a->mentions.items[at].type != TYPE_PERSON)
        return t->a->mentions.items[at].type == TYPE_PLACE && body.end <= title.start && !is_office(t, title) &&
                       !is_sport(t, title) ? NONE : at;
    if (at != NONE)
        return NONE;
    if (token_has(t->a, t->rules, body.start, t->state) || token_has(t->a, t->rules, body.start, t->country) ||
        token_has(t->a, t->rules, body.start, t->division)) {
        if (!is_office(t, title))
            return NONE;
        tape_mark(t->a, t->rules, body, F_PLACE);
        return t->mention_at[body.start] = article_mention(t->a, body, TYPE_PLACE, KIND_NAME, rule, 0.7f);
    }
    type = token_has(t->a, t->rules, body.start, t->nationality) ? TYPE_PLACE : TYPE_ORGANIZATION;
    kind = list_has(t->a, t->rules, body.start, t->pronoun) ? KIND_PRONOUN
           : is_unseen_name(t, body) ? KIND_NAME : KIND_NOMINAL;
    if (kind == KIND_NAME)
        tape_mark(t->a, t->rules, body, F_ORGANIZATION);
    return t->mention_at[body.start] = article_mention(t->a, body, type, kind, rule, 0.7f);
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

static TieRule
read_rule(const Rule *rule)
{
    return (TieRule){.confidence = confidence_of(rule),
                     .honorific = rule_get(rule, "honorific") != NULL,
                     .former = rule_get(rule, "former") != NULL,
                     .chain = rule_get(rule, "chain") != NULL,
                     .share = rule_get(rule, "share") != NULL,
                     .title = rule_group(rule, "title"),
                     .second = rule_group(rule, "second"),
                     .body = rule_group(rule, "body"),
                     .holders = {rule_group(rule, "holder"), rule_group(rule, "other"), rule_group(rule, "third"), rule_group(rule, "last")}};
}

static const TitleRules *
title_rules(const RuleSet *rules, Scratch *scratch)
{
    TitleRules *ask = scratch->ties;
    if (ask)
        return ask;
    scratch->ties = ask = arena_zero(&scratch->lasting, sizeof *ask);
    ask->cuts = ruleset_phase(rules, "title-cuts");
    ask->inner = ruleset_phase(rules, "title-inner");
    ask->ties = ruleset_phase(rules, "titles");
    ask->says = arena_zero(&scratch->lasting, (rules->files.rules.count + 1) * sizeof *ask->says);
    for (uint32_t i = 0; ask->ties && i < ask->ties->count; i++)
        ask->says[ask->ties->rules[i]->number] = read_rule(ask->ties->rules[i]);
    return ask;
}

static const TieRule *
tie_rule(const Titler *t, const Match *tie)
{
    return &t->ask->says[tie->rule->number];
}

/* "Supreme Court Justice": a body that stands inside a title leaves it, and is a name of its own. */
static void
take_body_out(Titler *t, const Phase *phase, Phrase *p)
{
    Match m;
    Range title, body;

    if (p->title.end - p->title.start < 2)
        return;
    for (uint32_t i = 0; phase && i < phase->count; i++) {
        if (!rule_try(phase->rules[i], t->a, t->scratch, p->title, p->title.start, &m) || !group_range(&m, "title", &title) ||
            !group_range(&m, "body", &body))
            continue;
        *vec_push(t->a->arena, &t->a->matches) = m;
        p->title = title;
        p->body = body;
        if (t->mention_at[body.start] == NONE) {
            t->mention_at[body.start] =
                article_mention(t->a, body, TYPE_ORGANIZATION, KIND_NAME, m.rule->name, 0.8f);
            tape_mark(t->a, t->rules, body, F_ORGANIZATION);
        }
        return;
    }
}

/* How the tie of a holder and a title is told. */
static Told
told_of(const Titler *t, uint32_t holder, Range place, Range title, const Match *tie, bool former)
{
    Range who = holder == NONE ? (Range){place.start, place.start + 1} : t->a->mentions.items[holder].tokens;
    Told told = {0};

    if (who.start < title.start)
        told = told_between(&t->telling, t->a, t->rules, (Ends){who, title}, tie->tokens.start);
    told.hearsay |= told_by_hearsay(&t->telling, t->a, t->rules, title.start);
    told.former |= former || tie_rule(t, tie)->former;
    return told;
}

static void
add_title(Titler *t, Range title, Range body, Range around, const Match *tie, bool former)
{
    const TieRule *rule = tie_rule(t, tie);
    Article *a = t->a;
    uint32_t mention = NONE, body_at = NONE, around_at = NONE;

    for (size_t i = 0; i < HOLDERS; i++) {
        Range r;
        uint32_t holder;
        HeldTitle held;
        if (!match_group(tie, rule->holders[i], &r))
            continue;
        holder = t->mention_at[r.start];
        if (holder != NONE ? a->mentions.items[holder].type != TYPE_PERSON : token_has(a, t->rules, r.start, F_PERSON))
            continue;
        if (mention == NONE) {
            mention = article_mention(a, title, TYPE_TITLE, KIND_NAME, tie->rule->name, rule->confidence);
            if (body.start == NONE || list_has(a, t->rules, body.start, t->party)) /* the Democratic Gov. Jane Doe of Ohio */
                match_group(tie, rule->body, &body);
            body_at = rule->honorific ? NONE : body_mention(t, body, title, tie->rule->name);
            around_at = body_mention(t, around, title, tie->rule->name);
            tape_mark(a, t->rules, title, F_TITLE);
        }
        held = (HeldTitle){.mention = mention, .holder = holder, .pronoun = holder == NONE ? r.start : NONE,
                        .body = body_at, .indirect = is_indirect(t, body), .told = told_of(t, holder, r, title, tie, former), .honorific = rule->honorific};
        *vec_push(a->arena, &a->titles) = held;
        if (around_at != NONE) {
            held.body = around_at;
            held.indirect = false;
            *vec_push(a->arena, &a->titles) = held;
        }
    }
}

static void
claim(Titler *t, const Match *m, int group)
{
    Range r;
    Phrase *p = match_group(m, group, &r) ? phrases_at(&t->phrases, r.start) : NULL;

    if (p && (p->tie == NULL || m->rule->number < p->tie->rule->number))
        p->tie = m;
}

/* "Founder and CEO of Acme", "Acme founder and CEO": two titles have one body if it stands behind both, or before both, and the
 * one without is no mere trade ("Acme founder and author"), nor is only the other one over ("a botanist and former curator at
 * Acme"); one with an article of its own is apart: "a former minister and a member of Acme", and so is a rank right behind:
 * "Acme police spokesman Brigadier Doe". */
static void
share_body(const Titler *t, Phrase *one, Phrase *two)
{
    bool before = one->body.start < one->title.start;

    if (one->body.start == NONE && two->former <= one->former && two->body.start != NONE && two->body.start > two->title.start && !is_trade(t, one->title) &&
        !list_has(t->a, t->rules, two->whole.start - 1, t->det)) {
        one->body = two->body;
        one->around = two->around;
    } else if (two->body.start == NONE && one->body.start != NONE && before && two->whole.start > one->whole.end &&
             two->whole.end == two->title.end && !is_trade(t, two->title)) {
        two->body = one->body;
    }
}

/* Titles in a row: what has no holder gets that of the one before it, if he stands in front of both. */
static void
join_titles(Titler *t, const Match *m)
{
    const TieRule *rule = tie_rule(t, m);
    Range x, y, holder;
    Phrase *one, *two;

    if (!match_group(m, rule->title, &x) || !match_group(m, rule->second, &y))
        return;
    one = phrases_at(&t->phrases, x.start);
    two = phrases_at(&t->phrases, y.start);
    if (one == NULL || two == NULL || one == two || one->tie == NULL)
        return;
    if (two->tie == NULL && match_group(one->tie, tie_rule(t, one->tie)->holders[0], &holder) && holder.start < x.start)
        two->tie = one->tie;
    if ((two->tie == one->tie && two->whole.start <= one->whole.end + BESIDE) || rule->share)
        share_body(t, one, two);
}

static void
tie_phrases(Titler *t)
{
    uint32_t from, to;

    phase_run(t->ask->ties, t->a, t->rules, t->scratch, &from, &to);
    for (uint32_t i = from; i < to; i++) {
        const Match *m = &t->a->matches.items[i];
        const TieRule *rule = tie_rule(t, m);
        if (!rule->honorific && !rule->chain && !rule->share) {
            claim(t, m, rule->title);
            claim(t, m, rule->second);
        }
    }
    for (uint32_t i = from; i < to; i++)
        join_titles(t, &t->a->matches.items[i]);
    for (uint32_t i = to; i-- > from;) /* of three titles, the body of the last goes to the second, and from there to the first */
        join_titles(t, &t->a->matches.items[i]);
    for (uint32_t p = 0, i = from; p < t->phrases.count || i < to;) { /* both in text order */
        const Match *m = i < to ? &t->a->matches.items[i] : NULL;
        Range title;
        if (m && (!tie_rule(t, m)->honorific || !match_group(m, tie_rule(t, m)->title, &title))) {
            i++;
        } else if (p < t->phrases.count && (m == NULL || t->phrases.items[p].whole.start <= title.start)) {
            Phrase *phrase = &t->phrases.items[p++];
            if (phrase->tie) {
                take_body_out(t, t->ask->inner, phrase);
                add_title(t, phrase->title, phrase->body, phrase->around, phrase->tie, phrase->former);
            }
        } else {
            Phrase *over = phrases_at(&t->phrases, title.start);
            if (over == NULL || over->tie == NULL || !range_overlaps(over->title, title))
                add_title(t, title, (Range){NONE, NONE}, (Range){NONE, NONE}, m, false);
            i++;
        }
    }
}

static void
find_features(Titler *t)
{
    FeatureWanted wanted[OFFICE_COUNT + OTHERS] = {{"nationality", &t->nationality},
                                              {"title", &t->title},
                                              {"title-capital", &t->capital_title},
                                              {"honorific", &t->honorific},
                                              {"det.definite", &t->definite},
                                              {"pronoun.neutral", &t->pronoun},
                                              {"title.job", &t->trade},
                                              {"title.media", &t->media},
                                              {"title.business", &t->business},
                                              {"title.sport", &t->sport},
                                              {"us-state", &t->state},
                                              {"country", &t->country},
                                              {"party", &t->party},
                                              {"det", &t->det},
                                              {"title.free", &t->free},
                                              {"division", &t->division}};

    for (size_t k = 0; k < OFFICE_COUNT; k++)
        wanted[OTHERS + k] = (FeatureWanted){OFFICES[k], &t->office[k]};
    list_features(t->rules, t->scratch, ASKED_TITLES, wanted, OFFICE_COUNT + OTHERS);
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
    t.ask = title_rules(rules, scratch);
    find_features(&t);
    told_open(&t.telling, rules, scratch);
    cut_names(&t);
    phrases_find(&t.phrases, a, rules, scratch);
    tie_phrases(&t);
    return true;
}
