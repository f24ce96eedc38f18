/* Coreference: who "he", "she", "it", "they", "I" and noun phrases such as "the spokesman" are.
 *
 * Names have their entities already.  The stage walks through the mentions in text order and keeps what was seen; each
 * pronoun goes to the entity with the best score among those it agrees with: near, subject of its sentence, last speaker.
 * The window is short: a wrong link is worse than none.  At the end every speaker has an entity, and each quote its edge. */
#include "base/order.h"
#include "stages/coref.h"
#include "stages/lists.h"
#include "stages/stages.h"

#include <stdlib.h>

/* ---- order */

/* Of mentions that begin together the longer goes first. */
static int
compare_ends(const void *x, const void *y, void *article)
{
    const Article *a = article;
    uint32_t p = *(const uint32_t *)x, q = *(const uint32_t *)y, p_end = a->mentions.items[p].tokens.end,
             q_end = a->mentions.items[q].tokens.end;

    return p_end != q_end ? (p_end > q_end ? -1 : 1) : p < q ? -1 : p > q;
}

/* All mentions but titles, which links.c gives their entities. */
static void
put_in_order(Coref *c)
{
    uint32_t n = 0;
    uint64_t *keys = arena_alloc(c->arena, ((size_t)c->a->mentions.count + 1) * sizeof *keys);

    for (uint32_t i = 0; i < c->a->mentions.count; i++)
        if (c->a->mentions.items[i].type != TYPE_TITLE)
            keys[n++] = order_key(c->a->mentions.items[i].tokens.start, i);
    order_sort(keys, n, c->arena);
    c->order = arena_alloc(c->arena, ((size_t)n + 1) * sizeof *c->order);
    c->order_count = n;
    for (uint32_t i = 0; i < n; i++)
        c->order[i] = order_number(keys[i]);
    for (uint32_t i = 0, end; i < n; i = end) {
        for (end = i + 1; end < n && order_place(keys[end]) == order_place(keys[i]);)
            end++;
        if (end - i > 1)
            qsort_r(c->order + i, end - i, sizeof *c->order, compare_ends, c->a);
    }
}

/* ---- the discourse */

enum { OPENING = 8, FRONTED = 40 };

/* Does the sentence begin with the mention, but for titles and other nouns: "Opposition leader Jane Doe, who …"? */
static bool
opens_sentence(const Coref *c, const Mention *m, uint32_t sentence)
{
    const Article *a = c->a;
    uint32_t start = a->sentences.items[sentence].tokens.start;

    if (m->tokens.start > start + OPENING || m->tokens.start < start)
        return false;
    start += token_has(a, c->rules, start, c->f.conj); /* "But Jane Doe, who …" */
    for (uint32_t t = start; t < m->tokens.start; t++)
        if (question_holds(c->ask->apart, a, c->scratch, t))
            return false;
    return true;
}

/* Does a verb follow, or does the sentence begin with it? */
static bool
is_subject(const Coref *c, const Seen *s)
{
    const Article *a = c->a;
    const Mention *m = &a->mentions.items[s->mention];
    uint32_t next = m->tokens.end;

    if (c->quote_of[m - a->mentions.items] != NONE)
        return true;
    if (coref_owner_sign(a, next))
        return false;
    next += next < a->tokens.count && token_has(a, c->rules, next, c->f.mid_adverb);
    if (next < a->tokens.count && !(a->tokens.items[next].flags & TOKEN_SENTENCE) &&
        question_holds(c->ask->predicate, a, c->scratch, next))
        return true;
    return (a->tokens.items[m->tokens.start].flags & TOKEN_SENTENCE) != 0 || opens_sentence(c, m, s->sentence);
}

bool
coref_is_subject(const Coref *c, Seen *s)
{
    if (s->subject < 0)
        s->subject = is_subject(c, s);
    return s->subject;
}

static void
note_seen(Coref *c, uint32_t number)
{
    const Mention *m = &c->a->mentions.items[number];
    const Feature *quoted = &c->rules->features.items[F_QUOTED];

    if (m->type == TYPE_TITLE || m->entity == NONE)
        return;
    *vec_push(c->arena, &c->seen) = (Seen){
        .entity = m->entity,
        .mention = number,
        .token = m->tokens.start,
        .sentence = c->sentence,
        .paragraph = c->paragraph,
        .subject = -1,
        .first = m->tokens.start >= c->fronted &&
                 (c->seen.count == 0 || c->seen.items[c->seen.count - 1].sentence != c->sentence ||
                  c->seen.items[c->seen.count - 1].token < c->fronted),
        .quoted = tape_bit(c->a, m->tokens.start, quoted->begin) || tape_bit(c->a, m->tokens.start, quoted->inside),
    };
}

static void
attach(Coref *c, uint32_t mention, uint32_t entity)
{
    Mention *m = &c->a->mentions.items[mention];

    m->entity = entity;
    m->type = c->a->entities.items[entity].type;
    *vec_push(c->a->arena, &c->a->entities.items[entity].mentions) = mention;
}

/* ---- first persons, when all else is known */

typedef struct {
    Span bytes;
    uint32_t quote;
} Piece;

static int
compare_pieces(const void *x, const void *y)
{
    const Piece *a = x, *b = y;

    if (a->bytes.start != b->bytes.start)
        return a->bytes.start < b->bytes.start ? -1 : 1;
    return a->quote < b->quote ? -1 : a->quote > b->quote;
}

/* The innermost quote that holds each of the mentions gets them as its speaker's. */
static void
resolve_first_persons(Coref *c, const uint32_t *waiting, uint32_t count)
{
    VEC(Piece) pieces = {0};
    Article *a = c->a;

    for (uint32_t q = 0; count && q < a->quotes.count; q++)
        for (uint32_t i = 0; i < a->quotes.items[q].spans.count; i++)
            *vec_push(c->arena, &pieces) = (Piece){a->quotes.items[q].spans.items[i], q};
    if (pieces.count)
        qsort(pieces.items, pieces.count, sizeof *pieces.items, compare_pieces);
    for (uint32_t i = 0; i < count; i++) {
        const Mention *m = &a->mentions.items[waiting[i]];
        uint32_t low = 0, high = pieces.count, entity = NONE;
        while (low < high) {
            uint32_t middle = low + (high - low) / 2;
            if (pieces.items[middle].bytes.start <= m->bytes.start)
                low = middle + 1;
            else
                high = middle;
        }
        for (uint32_t back = 0; entity == NONE && low-- > 0 && back < 8; back++) {
            const Quote *q = &a->quotes.items[pieces.items[low].quote];
            if (pieces.items[low].bytes.end >= m->bytes.end && q->speaker != NONE && q->speaker != waiting[i])
                entity = a->mentions.items[q->speaker].entity;
        }
        attach(c, waiting[i],
               entity != NONE ? entity : coref_unnamed(c, waiting[i], TYPE_PERSON, false, GENDER_UNKNOWN));
    }
}

/* ---- the walk */

static void
resolve(Coref *c, uint32_t number)
{
    Mention *m = &c->a->mentions.items[number];

    c->vague = c->document = false;
    if (m->entity == NONE)
        attach(c, number, m->kind == KIND_PRONOUN ? coref_pronoun(c, number) : coref_nominal(c, number));
    if (c->a->entities.items[m->entity].named || (m->kind != KIND_PRONOUN && !c->vague))
        note_seen(c, number);
    if (c->quote_of[number] != NONE) {
        bool same = c->last_speaker == m->entity;
        c->last_speaker = m->entity;
        c->last_speech = c->sentence;
        c->last_quote = c->quote_of[number];
        c->last_document = c->document || (c->last_document && m->kind == KIND_PRONOUN && same);
    }
}

/* "When Jane Doe came, he left": where the clause ends that stands before the sentence's own. */
static uint32_t
end_of_fronted(const Coref *c)
{
    Range s = c->a->sentences.items[c->sentence].tokens;

    if (s.start < s.end && token_has(c->a, c->rules, s.start, c->f.subord))
        for (uint32_t i = s.start + 1; i < s.end && i < s.start + FRONTED; i++)
            if (c->a->text[c->a->tokens.items[i].start] == ',')
                return i;
    return 0;
}

static void
walk(Coref *c)
{
    uint32_t waiting_count = 0, *waiting;

    put_in_order(c);
    waiting = arena_alloc(c->arena, ((size_t)c->order_count + 1) * sizeof *waiting);
    for (c->at = 0; c->at < c->order_count; c->at++) {
        uint32_t number = c->order[c->at];
        const Mention *m = &c->a->mentions.items[number];
        held_note(c, m->tokens.start);
        while (c->sentence + 1 < c->a->sentences.count &&
               c->a->sentences.items[c->sentence + 1].tokens.start <= m->tokens.start) {
            c->sentence++;
            c->fronted = end_of_fronted(c);
            coref_opening(c);
        }
        c->paragraph = c->a->sentences.items[c->sentence].paragraph;
        if (m->entity == NONE && m->kind == KIND_PRONOUN && coref_is_pronoun(c, m->tokens.start, c->f.first))
            waiting[waiting_count++] = number;
        else
            resolve(c, number);
    }
    resolve_first_persons(c, waiting, waiting_count);
}

static void
find_features(Coref *c)
{
    const FeatureWanted FEATURES[] = {
        {"pronoun.m", &c->f.m}, {"pronoun.f", &c->f.f}, {"pronoun.neutral", &c->f.neutral},
        {"pronoun.plural", &c->f.plural}, {"pronoun.first", &c->f.first}, {"pronoun.second", &c->f.second},
        {"pronoun.relative", &c->f.relative}, {"pronoun.indef", &c->f.indef},
        {"pronoun.possessive", &c->f.possessive}, {"det", &c->f.det}, {"det.definite", &c->f.definite},
        {"det.possessive", &c->f.det_possessive}, {"prep", &c->f.prep}, {"aux", &c->f.aux}, {"say", &c->f.say},
        {"conj", &c->f.conj}, {"title", &c->f.title},
        {"title-capital", &c->f.capital_title}, {"person-noun", &c->f.person_noun}, {"role", &c->f.role},
        {"kin", &c->f.kin}, {"org-noun", &c->f.org_noun}, {"org-head", &c->f.org_head}, {"cue-noun", &c->f.cue_noun},
        {"cue-noun.document", &c->f.document}, {"org-noun.party", &c->f.party},
        {"title.plural", &c->f.plurals[0]}, {"person-noun.plural", &c->f.plurals[1]}, {"role.plural", &c->f.plurals[2]},
        {"org-noun.plural", &c->f.plurals[3]}, {"kin.plural", &c->f.plurals[4]}, {"cue-noun.plural", &c->f.plurals[5]},
        {"title.m", &c->f.male[0]}, {"person-noun.m", &c->f.male[1]}, {"kin.m", &c->f.male[2]},
        {"title-capital.m", &c->f.male[3]}, {"title.f", &c->f.female[0]}, {"person-noun.f", &c->f.female[1]},
        {"kin.f", &c->f.female[2]}, {"title-capital.f", &c->f.female[3]}, {"det.indefinite", &c->f.indefinite},
        {"person-noun.source", &c->f.source}, {"person-noun.group", &c->f.group},
        {"title-mod.former", &c->f.former}, {"title-mod.deputy", &c->f.deputy}, {"party", &c->f.party_name},
        {"nationality", &c->f.nationality}, {"country", &c->f.country}, {"calling", &c->f.calling},
        {"calling.m", &c->f.male[4]}, {"calling.f", &c->f.female[4]}, {"say.ask", &c->f.ask}, {"subord", &c->f.subord},
        {"mid-adverb", &c->f.mid_adverb},
    };

    list_features(c->rules, c->scratch, ASKED_COREF, FEATURES, sizeof FEATURES / sizeof *FEATURES);
}

/* Put an entity's mentions in text order: its names are, and so are its pronouns behind them. */
static void
sort_mentions(Coref *c, Indices *all)
{
    uint64_t *keys = arena_alloc(c->arena, (all->count + 1) * sizeof *keys);

    for (uint32_t i = 0; i < all->count; i++)
        keys[i] = order_key(c->a->mentions.items[all->items[i]].bytes.start, all->items[i]);
    order_sort(keys, all->count, c->arena);
    for (uint32_t i = 0; i < all->count; i++)
        all->items[i] = order_number(keys[i]);
}

/* Mentions of an entity in text order, and the edges from speakers to quotes. */
static void
finish(Coref *c)
{
    Article *a = c->a;

    for (uint32_t e = 0; e < a->entities.count; e++)
        if (a->entities.items[e].mentions.count > 1)
            sort_mentions(c, &a->entities.items[e].mentions);
    for (uint32_t q = 0; q < a->quotes.count; q++) {
        const Quote *quote = &a->quotes.items[q];
        if (quote->speaker != NONE)
            *vec_push(a->arena, &a->edges) = (Edge){.kind = EDGE_SAID,
                                                    .source = a->mentions.items[quote->speaker].entity,
                                                    .target = q,
                                                    .rule = quote->rule,
                                                    .confidence = quote->confidence};
    }
}

/* ---- mentions that nothing but this stage needs */

static uint32_t *
table_of(const Coref *c)
{
    size_t size = ((size_t)c->a->tokens.count + 1) * sizeof(uint32_t);
    uint32_t *table = arena_alloc(c->arena, size);

    memset(table, 0xff, size);
    return table;
}

static void
index_mentions(Coref *c)
{
    c->name_at = table_of(c);
    c->other_at = table_of(c);
    for (uint32_t i = 0; i < c->a->mentions.count; i++) {
        const Mention *m = &c->a->mentions.items[i];
        if (m->type != TYPE_TITLE)
            (m->kind == KIND_NAME ? c->name_at : c->other_at)[m->tokens.start] = i;
    }
}

/* Titles that he or she holds: the pronoun becomes a mention, if it is none yet. */
static void
mention_holders(Coref *c)
{
    Article *a = c->a;

    for (uint32_t i = 0; i < a->titles.count; i++) {
        HeldTitle *t = &a->titles.items[i];
        if (t->holder != NONE || t->pronoun == NONE)
            continue;
        if (c->other_at[t->pronoun] == NONE)
            c->other_at[t->pronoun] = article_mention(a, (Range){t->pronoun, t->pronoun + 1}, TYPE_PERSON, KIND_PRONOUN,
                                                      a->mentions.items[t->mention].rule, 0.8f);
        t->holder = c->other_at[t->pronoun];
    }
}

/* Subjects such as "The company", which are mentions even where they say nothing. */
static void
mention_subjects(Coref *c)
{
    Article *a = c->a;
    Match match;
    Range r;

    for (uint32_t i = 0; i < a->sentences.count; i++) {
        Range s = a->sentences.items[i].tokens;
        if (range_empty(s) || c->other_at[s.start] != NONE || c->name_at[s.start] != NONE ||
            !token_has(a, c->rules, s.start, c->f.definite) ||
            a->paragraphs.items[a->sentences.items[i].paragraph].zone == ZONE_BOILERPLATE)
            continue;
        for (uint32_t next = 0; trial_next(&c->ask->nominals, &next, a, c->scratch, s, s.start, &match);)
            if (match_group(&match, rule_group(match.rule, "nominal"), &r)) {
                c->other_at[s.start] = article_mention(a, r, TYPE_NONE, KIND_NOMINAL, match.rule->name, 0.7f);
                *vec_push(a->arena, &a->matches) = match;
                break;
            }
    }
}

static const CorefRules *
coref_rules(const RuleSet *rules, Scratch *scratch)
{
    CorefRules *ask = scratch->coref;

    if (ask == NULL) {
        scratch->coref = ask = arena_alloc(&scratch->lasting, sizeof *ask);
        *ask = (CorefRules){phrase_question(rules, "phrase.age"), phrase_question(rules, "phrase.author"), phrase_question(rules, "phrase.maker"), phrase_question(rules, "phrase.issue"),
                            trial_of(ruleset_phase(rules, "nominals"), &scratch->lasting),
                            trial_of(ruleset_phase(rules, "title-context"), &scratch->lasting),
                            phrase_question(rules, "phrase.apart"), phrase_question(rules, "phrase.predicate")};
    }
    return ask;
}

bool
coreference_run(Article *a, const RuleSet *rules, Scratch *scratch, Error *err)
{
    Coref c = {.a = a, .rules = rules, .scratch = scratch, .arena = &scratch->arena, .last_speaker = NONE, .last_quote = NONE};

    (void)err;
    if (a->mentions.count == 0)
        return true;
    find_features(&c);
    bodies_open(&c);
    c.ask = coref_rules(rules, scratch);
    index_mentions(&c);
    mention_holders(&c);
    mention_subjects(&c);
    c.quote_of = arena_alloc(c.arena, ((size_t)a->mentions.count + 1) * sizeof *c.quote_of);
    memset(c.quote_of, 0xff, ((size_t)a->mentions.count + 1) * sizeof *c.quote_of);
    for (uint32_t q = 0; q < a->quotes.count; q++)
        if (a->quotes.items[q].speaker != NONE)
            c.quote_of[a->quotes.items[q].speaker] = q;
    walk(&c);
    held_adopt(&c);
    held_in_context(&c);
    finish(&c);
    return true;
}
