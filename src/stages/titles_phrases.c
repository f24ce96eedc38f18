/* Title phrases: the head is found by a rule, what stands before it by asking word by word, from the head back to the article.
 *
 * "the former British government chief information officer": officer is the head; information, chief and government are words
 * that may belong to it; British is a body; former says that it is over; "the" ends it.  rules/en/title-phrases.rules has the
 * questions, and rules/en/title-bodies.rules what may follow: "of Acme". */
#include "engine/question.h"
#include "engine/trial.h"
#include "stages/lists.h"
#include "stages/titles.h"

enum { WORDS = 7, PREFIX = 4, NEAR = 30, RULES = 8, NAME_BEHIND = 6, LANDS = 4, BRACKETS = 4 };

/* The questions, by the key `as` of their rules. */
typedef enum { AS_HEAD, AS_PART, AS_NOUN, AS_JOINT, AS_FIELD, AS_EPITHET, AS_ADJECTIVE, AS_VERB, AS_FORMER, AS_BODY,
               AS_WHOLE, AS_RANK, AS_OFFICE, AS_WHERE, AS_WAR, AS_OPENER, AS_OWNER, AS_STATE, AS_THEIR, AS_BOSS, AS_COUNT } As;

static const char *const QUESTIONS[] = {"head", "part", "noun", "joint", "field", "epithet", "adjective", "verb", "former",
                                        "body", "whole", "rank", "office", "where", "war", "opener", "owner", "state", "their", "boss"};

/* What the stage asks: the rule of the head, and those of each question. */
typedef struct TitleQuestions {
    const Rule *head; /* NULL: there are no title phrases */
    Trial bodies;
    Question asked[AS_COUNT][RULES];
    int count[AS_COUNT];
} TitleQuestions;

typedef struct {
    Article *a;
    const RuleSet *rules;
    Scratch *scratch;
    const TitleQuestions *ask;
    uint16_t prep, pronoun, lands[LANDS]; /* lands: states, countries, nationalities and provinces of the lists */
    uint64_t *heads, *holders; /* sets of tokens, a bit for each: heads of titles; who could hold one */
    Range sentence;
    Phrases *out;
} Finder;

static bool
is(const Finder *f, As q, uint32_t token)
{
    for (int i = 0; i < f->ask->count[q]; i++)
        if (question_holds(f->ask->asked[q][i], f->a, f->scratch, token))
            return true;
    return false;
}

static bool
is_hyphen(const Finder *f, uint32_t token)
{
    const Token *t = &f->a->tokens.items[token];

    return t->shape == SHAPE_PUNCT && (t->flags & TOKEN_GLUED) && f->a->text[t->start] == '-';
}

/* The tokens that bear any of the features. */
static uint64_t *
set_of(const Finder *f, const uint16_t *features, int count)
{
    uint64_t *set = arena_zero(&f->scratch->arena, ((size_t)f->a->tape_words + 1) * sizeof *set);

    for (int i = 0; i < count; i++) {
        uint16_t number = features[i];
        const Feature *feature = &f->rules->features.items[number == FEATURE_NONE ? 0 : number];
        for (int k = 0; k < 2 && number != FEATURE_NONE; k++) {
            uint16_t bit = k ? feature->inside : feature->begin;
            for (uint32_t w = 0; bit != BIT_NONE && w < f->a->tape_words; w++)
                set[w] |= tape_row(f->a, bit)[w];
        }
    }
    return set;
}

static bool
is_in(const uint64_t *set, uint32_t token)
{
    return set[token >> 6] >> (token & 63) & 1;
}

/* The first token from `at` on that is in either set, or `end`. */
static uint32_t
next_in(const Finder *f, uint32_t at, uint32_t end)
{
    while (at < end) {
        uint64_t rest = (f->heads[at >> 6] | f->holders[at >> 6]) >> (at & 63);
        if (rest)
            return at + (uint32_t)__builtin_ctzll(rest) < end ? at + (uint32_t)__builtin_ctzll(rest) : end;
        at = (at | 63) + 1;
    }
    return end;
}

/* Is any token of the range, which is not empty, in the set? */
static bool
any_in(const uint64_t *set, Range range)
{
    uint32_t at = range.start >> 6, last = (range.end - 1) >> 6;
    uint64_t found = set[at] & ~0ull << (range.start & 63);

    while (at < last && found == 0)
        found = set[++at];
    return at < last || (found & ~0ull >> (63 - ((range.end - 1) & 63))) != 0;
}

/* Does the word end a compound: New York-*based*? */
static bool
is_compound(const Finder *f, uint32_t token)
{
    return token > f->sentence.start + 1 && (f->a->tokens.items[token].flags & TOKEN_GLUED) && is_hyphen(f, token - 1);
}

/* ---- from the head back */

static bool
is_char(const Finder *f, uint32_t token, char c)
{
    return f->a->text[f->a->tokens.items[token].start] == c;
}

static bool
is_possessive(const Finder *f, uint32_t token)
{
    const Token *t = &f->a->tokens.items[token];
    uint16_t name = f->rules->features.items[F_ORGANIZATION].begin; /* WHO's is a body's, who's is not */

    return (t->flags & TOKEN_GLUED) && is(f, AS_OPENER, token) &&
           (!token_has(f->a, f->rules, token - 1, f->pronoun) || tape_bit(f->a, token - 1, name));
}

static bool
is_capital(const Finder *f, uint32_t token)
{
    return (f->a->tokens.items[token].flags & TOKEN_CAPITAL) != 0;
}

/* Back over words that may belong to the title; with `nouns`, over any before a small letter.  Of fields in a row, "Land, Water and Transport", only
 * the last two have a joint between them. */
static uint32_t
back_over_words(const Finder *f, uint32_t start, bool nouns)
{
    bool joined = false, rank = is(f, AS_RANK, start);

    for (int n = 0; n < WORDS && start > f->sentence.start; n++) {
        if (is(f, AS_BODY, start - 1) || is_possessive(f, start - 1) || (rank && is_capital(f, start) && is(f, AS_OFFICE, start - 1)))
            break;
        if (is(f, AS_PART, start - 1) ||
            (nouns && !is_capital(f, start) && is(f, AS_NOUN, start - 1) && !is_compound(f, start - 1))) {
            start--;
        } else if (start > f->sentence.start + 1 && (is(f, AS_JOINT, start - 1) || (joined && is_char(f, start - 1, ','))) &&
                   is(f, AS_FIELD, start) && is(f, AS_FIELD, start - 2)) {
            joined = true;
            start -= 2;
        } else {
            break;
        }
    }
    return start;
}

/* The beginning of the name or adjective that ends before `end`. */
static uint32_t
body_start(const Finder *f, uint32_t end)
{
    static const BuiltinFeature NAMES[] = {F_ORGANIZATION, F_PLACE, F_PERSON};
    uint32_t start = end - 1;

    for (size_t k = 0; k < sizeof NAMES / sizeof *NAMES; k++) {
        const Feature *name = &f->rules->features.items[NAMES[k]];
        for (uint32_t i = end - 1; tape_bit(f->a, i, name->inside) && !tape_bit(f->a, i, name->begin) && i > f->sentence.start;)
            start = --i;
    }
    for (int k = 0; k < LANDS && start + 1 == end && start > f->sentence.start; k++) { /* New Mexico Gov., South Korean envoy, where no name was seen */
        const Feature *land = &f->rules->features.items[f->lands[k] == FEATURE_NONE ? 0 : f->lands[k]];
        if (land->inside == BIT_NONE || !tape_bit(f->a, start, land->inside))
            continue;
        do /* the last word may be an adjective by itself too: South *Korean* */
            start--;
        while (start > f->sentence.start && !tape_bit(f->a, start, land->begin));
    }
    return start;
}

typedef struct {
    uint32_t start; /* where the words before the title begin */
    Range body;
    bool former, possessive;
} Prefix;

/* Words that describe the holder, and "former"; with an article, compounds and adjectives too. */
static void
back_over_epithets(const Finder *f, Prefix *p, bool open)
{
    for (int n = 0; n < PREFIX && p->start > f->sentence.start; n++) {
        uint32_t before = p->start - 1;
        if (is(f, AS_FORMER, before)) {
            p->former = true;
            p->start = before;
        } else if (open && is_compound(f, before)) {
            p->start = is(f, AS_BODY, before - 2) ? body_start(f, before - 1) : before - 2;
        } else if (is_hyphen(f, before) || (!is(f, AS_VERB, before) && is(f, AS_EPITHET, before)) ||
                   (open && is(f, AS_ADJECTIVE, before))) {
            p->start = before;
        } else {
            return;
        }
    }
}

static bool
is_opener(const Finder *f, uint32_t token)
{
    return is(f, AS_OPENER, token) && (!(f->a->tokens.items[token].flags & TOKEN_GLUED) || token == f->sentence.start ||
                                       is_possessive(f, token));
}

/* "The company's", "the old bank's" before `end`, which is the possessive, from the article on. */
static Range
owner_before(const Finder *f, uint32_t end)
{
    uint32_t start = end - 1;

    if (!is(f, AS_OWNER, start))
        return (Range){NONE, NONE};
    for (int n = 0; n < PREFIX && start > f->sentence.start && !is(f, AS_OPENER, start); n++)
        start--;
    return is_opener(f, start) ? (Range){start, end} : (Range){NONE, NONE};
}

/* "Harbour Transport Authority (HTA) chairman": a body's other name in brackets that end before `end` is passed over. */
static uint32_t
before_brackets(const Finder *f, uint32_t end)
{
    uint32_t open = end;

    if (end <= f->sentence.start + BRACKETS || !is_char(f, end - 1, ')'))
        return end;
    for (int n = 0; n < BRACKETS && !is_char(f, open - 1, '('); n++)
        open--;
    return is_char(f, open - 1, '(') && open - 1 > f->sentence.start && is(f, AS_BODY, open - 2) ? open - 1 : end;
}

/* "A former Jane Doe aide": whom a title serves is no body, and belongs to the phrase if an article goes before. */
static void
back_over_boss(const Finder *f, Prefix *p)
{
    Prefix wider = *p;

    if (p->start == f->sentence.start || !is(f, AS_BOSS, p->start - 1))
        return;
    wider.start = body_start(f, p->start);
    back_over_epithets(f, &wider, true);
    if (wider.start > f->sentence.start && is_opener(f, wider.start - 1) && !is_possessive(f, wider.start - 1))
        *p = wider;
}

/* "UN refugee agency chief", "the French government's envoy": nouns for a body whose name stands before them are passed over. */
static uint32_t
before_sort(const Finder *f, uint32_t end, As noun)
{
    uint32_t start = end;

    if (end == f->sentence.start || !is(f, noun, end - 1))
        return end;
    for (int n = 0; n < PREFIX && start > f->sentence.start && is(f, AS_NOUN, start - 1); n++)
        start--;
    if (start > f->sentence.start + 1 && is_possessive(f, start - 1))
        start--;
    return start > f->sentence.start && is(f, AS_BODY, start - 1) ? start : end;
}

/* "The party's Gujarat chief": before a place, whoever has the chief there. */
static Range
owner_of_place(const Finder *f, Range body)
{
    const Feature *features = f->rules->features.items;
    uint32_t end = body.start - 1;

    if (body.start < f->sentence.start + 2 || !tape_bit(f->a, body.start, features[F_PLACE].begin) || !is_possessive(f, end) ||
        !(tape_bit(f->a, end - 1, features[F_ORGANIZATION].begin) || tape_bit(f->a, end - 1, features[F_ORGANIZATION].inside)))
        return body;
    return (Range){body_start(f, end), end};
}

/* What stands before the title's first word: "former", a body with or without its possessive, an epithet. */
static Prefix
prefix_of(const Finder *f, uint32_t start, bool open)
{
    Prefix p = {.start = start, .body = {NONE, NONE}};
    uint32_t end, adjectives;

    back_over_epithets(f, &p, open);
    end = adjectives = p.start;
    while (adjectives > f->sentence.start && is(f, AS_WHERE, adjectives - 1))
        adjectives--;
    if (end > f->sentence.start + 1 && is_possessive(f, end - 1))
        end--;
    else if (adjectives > f->sentence.start + 1 && adjectives < end && is_possessive(f, adjectives - 1))
        end = adjectives - 1; /* Acme's Latin American director */
    p.possessive = end < p.start;
    if (end == f->sentence.start)
        return p;
    end = before_brackets(f, before_sort(f, end, p.possessive ? AS_STATE : AS_OWNER));
    if (!is(f, AS_BODY, end - 1)) {
        if (p.possessive)
            p.body = owner_before(f, end);
        else if (is(f, AS_THEIR, end - 1))
            p.body = (Range){end - 1, end};
        else
            back_over_boss(f, &p);
        return p;
    }
    if (is(f, AS_WAR, end < start ? end : start))
        return p;
    p.body = owner_of_place(f, (Range){body_start(f, end), end});
    p.start = p.body.start;
    while (p.start > f->sentence.start && is(f, AS_WHERE, p.start - 1))
        p.start--;
    for (int n = 0; n < 2 && p.start > f->sentence.start && is(f, AS_PART, p.start - 1) && !is(f, AS_FORMER, p.start - 1); n++)
        p.start--;
    back_over_epithets(f, &p, open);
    return p;
}

/* "New York-based", "left-leaning" at the title's beginning describe the holder; so do epithets. */
static uint32_t
trim(const Finder *f, uint32_t start, uint32_t head, Prefix *p)
{
    while (start < head) {
        if (start + 1 == head && is_hyphen(f, start)) {
            start++;
        } else if (start + 1 < head && is_hyphen(f, start)) {
            start += 2; /* the word before the hyphen is no part either */
            if (p->start > f->sentence.start && p->body.start == NONE)
                p->start = is(f, AS_BODY, p->start - 1) ? body_start(f, p->start) : p->start - 1;
            p->body = (Range){NONE, NONE};
        } else if (start + 3 < head + 1 && is_hyphen(f, start + 1) && !is(f, AS_FORMER, start)) {
            start += 3;
        } else if (is(f, AS_FORMER, start)) {
            p->former = true;
            start++;
        } else if (is(f, AS_JOINT, start) || is(f, AS_EPITHET, start) || (is(f, AS_ADJECTIVE, start) && !is(f, AS_PART, start))) {
            start++;
        } else {
            break;
        }
    }
    return start;
}

/* "An assistant professor *and* bioenergy researcher": the article of the phrase before it is this one's too. */
static bool
is_chained(const Finder *f, uint32_t start)
{
    const Phrase *last = f->out->count ? &f->out->items[f->out->count - 1] : NULL;

    return last && last->open && last->whole.end + 1 == start && is(f, AS_JOINT, start - 1);
}

static void
add_phrase(Finder *f, Phrase phrase, uint32_t head)
{
    Phrase *last = f->out->count ? &f->out->items[f->out->count - 1] : NULL;

    if (last && phrase.whole.start < last->whole.end) {
        if (phrase.whole.end - phrase.whole.start > last->whole.end - last->whole.start) {
            *last = phrase;
            return;
        }
        if (head < last->whole.end)
            return;
        phrase.whole.start = phrase.title.start = last->whole.end + is(f, AS_JOINT, last->whole.end);
        /* Chief of Staff Major General: two titles */
        phrase.body = (Range){NONE, NONE};
    }
    *vec_push(&f->scratch->arena, f->out) = phrase;
}

/* "Member of parliament (MP)": the title before it once more. */
static bool
is_short_form(const Finder *f, uint32_t head)
{
    const Phrase *last = f->out->count ? &f->out->items[f->out->count - 1] : NULL;

    return last && last->whole.end + 1 == head && is_char(f, head - 1, '(') && head + 1 < f->sentence.end && is_char(f, head + 1, ')');
}

/* The phrase around a head; the token behind it. */
static uint32_t
read_phrase(Finder *f, uint32_t head)
{
    Match m;
    Range title;
    uint32_t start;
    Prefix p;
    bool open;

    if ((is(f, AS_BODY, head) && !is(f, AS_WHOLE, head)) || /* "Republican nominee" is in the lists, but the party is a body */
        is_short_form(f, head))
        return head + 1;
    if (!rule_try(f->ask->head, f->a, f->scratch, f->sentence, head, &m) || !group_range(&m, "title", &title))
        return head + 1;
    start = back_over_words(f, head, true);
    p = prefix_of(f, start, true);
    open = p.possessive || (p.start > f->sentence.start && (is_opener(f, p.start - 1) || is_chained(f, p.start)));
    if (!open) {
        start = back_over_words(f, head, false); /* no article: not any noun will do */
        p = prefix_of(f, start, false);
    }
    start = trim(f, start, head, &p);
    if (start > f->sentence.start && start <= head && is(f, AS_WAR, start) && is(f, AS_BODY, start - 1)) {
        start = body_start(f, start);
        p.start = start < p.start ? start : p.start;
    }
    add_phrase(f, (Phrase){.whole = {p.start, title.end}, .title = {start, title.end}, .body = p.body, .around = {NONE, NONE}, .former = p.former, .open = open}, head);
    return title.end;
}

/* ---- the heads that matter */

/* Read the phrases of a sentence whose heads are not too far from somebody who could hold the title. */
static void
read_sentence(Finder *f)
{
    uint32_t holder = NONE, waiting = NONE; /* the last one seen; the first head that waits for one */

    if (!any_in(f->heads, f->sentence) || !any_in(f->holders, f->sentence))
        return;
    for (uint32_t i = f->sentence.start; (i = next_in(f, i, f->sentence.end)) < f->sentence.end;) {
        bool holds = is_in(f->holders, i);
        if (holds && waiting != NONE) {
            for (uint32_t h = i - waiting > NEAR ? i - NEAR : waiting; h < i;)
                h = is_in(f->heads, h) ? read_phrase(f, h) : h + 1;
            waiting = NONE;
        }
        if (holds)
            holder = i;
        if (!is_in(f->heads, i)) {
            i++;
        } else if (holder != NONE && i - holder <= NEAR) {
            i = read_phrase(f, i);
        } else {
            waiting = waiting == NONE ? i : waiting;
            i++;
        }
    }
}

/* ---- the bodies behind */

/* Does an organization's possessive go before the title? */
static bool
is_owned(const Finder *f, const Phrase *p)
{
    return p->body.end < p->title.start && tape_bit(f->a, p->body.start, f->rules->features.items[F_ORGANIZATION].begin) &&
           is_possessive(f, p->body.end);
}

/* Does the body behind give way to the one before: `yes`, to an owner, `always`, to any? */
static bool
yields(const Rule *rule, bool owned)
{
    const char *value = rule_get(rule, "yields");

    return value != NULL && (owned || strcmp(value, "always") == 0);
}

static void
read_body(Finder *f, uint32_t number, Range sentence)
{
    Phrase *p = &f->out->items[number];
    const Phrase *next = number + 1 < f->out->count ? p + 1 : NULL;
    Match m;

    if (!trial_first(&f->ask->bodies, f->a, f->scratch, sentence, p->whole.start, &m))
        return;
    if (p->body.start == NONE || !yields(m.rule, is_owned(f, p)))
        group_range(&m, "after", &p->body);
    group_range(&m, "around", &p->around);
    p->whole.end = next && next->whole.start < m.tokens.end ? next->whole.start : m.tokens.end;
    *vec_push(f->a->arena, &f->a->matches) = m;
}

/* May a body follow: behind a preposition, or a name right there or behind a mark?  A short form in brackets,
 * "member of parliament (MP)", is passed over. */
static bool
body_may_follow(const Finder *f, uint32_t next, uint32_t end)
{
    uint16_t begin = f->rules->features.items[F_ORGANIZATION].begin;

    if (next >= end)
        return false;
    if (is_char(f, next, '(') && next + 3 < end && is_char(f, next + 2, ')'))
        next += 3;
    if (token_has(f->a, f->rules, next, f->prep) || tape_bit(f->a, next, begin))
        return true;
    if (f->a->tokens.items[next].shape != SHAPE_PUNCT)
        return false;
    for (uint32_t i = next + 1; i < end && i <= next + NAME_BEHIND; i++)
        if (tape_bit(f->a, i, begin))
            return true;
    return false;
}

static void
read_bodies(Finder *f)
{
    const Article *a = f->a;

    for (uint32_t i = 0, s = 0; i < f->out->count; i++) {
        uint32_t next = f->out->items[i].whole.end;
        while (s + 1 < a->sentences.count && a->sentences.items[s].tokens.end <= f->out->items[i].whole.start)
            s++;
        if (body_may_follow(f, next, a->sentences.items[s].tokens.end))
            read_body(f, i, a->sentences.items[s].tokens);
    }
}

/* ---- all of it */

static void
mark_phrases(const Finder *f)
{
    for (uint32_t i = 0; i < f->out->count; i++)
        tape_mark(f->a, f->rules, f->out->items[i].whole, F_HOLDER_TITLE);
}

/* Worked out once for all articles. */
static const TitleQuestions *
questions(const RuleSet *rules, Scratch *scratch)
{
    TitleQuestions *ask = scratch->titles;
    const Phase *phase;

    if (ask)
        return ask;
    phase = ruleset_phase(rules, "title-phrases");
    scratch->titles = ask = arena_zero(&scratch->lasting, sizeof *ask);
    for (uint32_t r = 0; phase && r < phase->count; r++) {
        const char *as = rule_get(phase->rules[r], "as");
        for (int q = 0; as && q < AS_COUNT; q++)
            if (strcmp(as, QUESTIONS[q]) == 0 && ask->count[q] < RULES)
                ask->asked[q][ask->count[q]++] = question_of(phase->rules[r]);
        if (as && ask->head == NULL && strcmp(as, QUESTIONS[AS_HEAD]) == 0)
            ask->head = phase->rules[r];
    }
    ask->bodies = trial_of(ruleset_phase(rules, "title-bodies"), &scratch->lasting);
    return ask;
}

static bool
open_finder(Finder *f)
{
    uint16_t heads[2], holders[3];
    const FeatureWanted wanted[] = {{"title", &heads[0]},       {"title-capital", &heads[1]}, {"person", &holders[0]},
                                    {"pronoun.m", &holders[1]}, {"pronoun.f", &holders[2]},   {"prep", &f->prep},
                                    {"pronoun", &f->pronoun},   {"us-state", &f->lands[0]},   {"country", &f->lands[1]},
                                    {"nationality", &f->lands[2]}, {"division", &f->lands[3]}};

    f->ask = questions(f->rules, f->scratch);
    list_features(f->rules, f->scratch, ASKED_PHRASES, wanted, sizeof wanted / sizeof *wanted);
    f->heads = set_of(f, heads, 2);
    f->holders = set_of(f, holders, 3);
    return f->ask->head != NULL;
}

void
phrases_find(Phrases *phrases, Article *a, const RuleSet *rules, Scratch *scratch)
{
    Finder f = {.a = a, .rules = rules, .scratch = scratch, .out = phrases};

    if (!open_finder(&f))
        return;
    for (uint32_t i = 0; i < a->sentences.count; i++) {
        f.sentence = a->sentences.items[i].tokens;
        if (a->paragraphs.items[a->sentences.items[i].paragraph].zone != ZONE_BOILERPLATE)
            read_sentence(&f);
    }
    mark_phrases(&f);
    read_bodies(&f);
    mark_phrases(&f); /* with their bodies, all at once: for one token more the rows that ask for title phrases are made anew */
}

Phrase *
phrases_at(const Phrases *phrases, uint32_t token)
{
    uint32_t low = 0, high = phrases->count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (phrases->items[middle].whole.end <= token)
            low = middle + 1;
        else
            high = middle;
    }
    return low < phrases->count && phrases->items[low].whole.start <= token ? &phrases->items[low] : NULL;
}
