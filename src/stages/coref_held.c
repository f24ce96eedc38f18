/* Persons by the titles that they hold: "the Indiana governor" after "Gov. Jane Doe of Indiana".
 *
 * The titles of the text so far are chained by their head ("Gov." counts as "governor"), the last one first.  A noun phrase
 * goes to a holder if all that it says besides the head is true of that title, and a mere deputy is not the head. */
#include "base/hash.h"
#include "stages/coref.h"
#include "stages/lists.h"
#include "text/utf8.h"

enum { CHAIN = 24, BEFORE = 3, SPOKEN = 60 };

/* The word that tells the title's class: the last before a preposition. */
static uint32_t
title_head(const Coref *c, Range title)
{
    uint32_t head = title.start;

    for (uint32_t i = title.start; i < title.end && !token_has(c->a, c->rules, i, c->f.prep); i++)
        if (c->a->tokens.items[i].shape != SHAPE_PUNCT)
            head = i;
    return head;
}

uint64_t
coref_attribute_hash(const Coref *c, Range tokens, uint16_t feature, const char *name)
{
    const char *value = token_has(c->a, c->rules, tokens.start, feature) ? list_attribute(c->a, c->rules, tokens, feature, name) : NULL;
    char fold[TOKEN_FOLD];

    return value ? hash_bytes(fold, utf8_fold(value, strlen(value), fold, sizeof fold)) : 0;
}

/* Of a word's own entry in the list. */
static uint64_t
attribute_hash(const Coref *c, uint32_t token, uint16_t feature, const char *name)
{
    return coref_attribute_hash(c, (Range){token, token + 1}, feature, name);
}

static uint64_t
head_key(const Coref *c, uint32_t token)
{
    uint64_t full = attribute_hash(c, token, c->f.capital_title, "full");

    return full ? full : c->a->tokens.items[token].hash;
}

/* What a word says of a body: the country of "French" and "France", the party of "Republican", else the word itself. */
static uint64_t
word_key(const Coref *c, uint32_t token)
{
    uint64_t key = attribute_hash(c, token, c->f.party_name, "org");

    if (key == 0)
        key = attribute_hash(c, token, c->f.nationality, "country");
    if (key == 0)
        key = attribute_hash(c, token, c->f.country, "iso");
    return key ? key : c->a->tokens.items[token].hash;
}

void
held_note(Coref *c, uint32_t token)
{
    const Article *a = c->a;

    for (; c->next_title < a->titles.count; c->next_title++) {
        const HeldTitle *t = &a->titles.items[c->next_title];
        Range words = a->mentions.items[t->mention].tokens;
        uint64_t key;
        uint32_t at;
        if (words.start >= token)
            return;
        if (t->honorific || t->told.negated || t->told.hypothetical)
            continue;
        if (c->held_slots == NULL) {
            for (c->held_mask = 15; c->held_mask < 2 * a->titles.count;)
                c->held_mask = c->held_mask * 2 + 1;
            c->held_slots = arena_zero(c->arena, ((size_t)c->held_mask + 1) * sizeof *c->held_slots);
            (void)vec_push(c->arena, &c->held); /* [0] is unused */
        }
        key = head_key(c, title_head(c, words));
        for (at = (uint32_t)key & c->held_mask; c->held_slots[at]; at = (at + 1) & c->held_mask)
            if (c->held.items[c->held_slots[at]].key == key)
                break;
        *vec_push(c->arena, &c->held) = (HeldHead){key, c->next_title, c->held_slots[at]};
        c->held_slots[at] = c->held.count - 1;
    }
}

static bool
says(const Coref *c, Range tokens, uint64_t key)
{
    for (uint32_t i = tokens.start; i < tokens.end; i++)
        if (word_key(c, i) == key)
            return true;
    return false;
}

/* Is all that the phrase says true of the title, the few words before it and its body? */
static bool
fits(const Coref *c, const HeldTitle *t, Range phrase, uint32_t head)
{
    Range title = c->a->mentions.items[t->mention].tokens, near = title;

    near.start -= near.start < BEFORE ? near.start : BEFORE;
    for (uint32_t i = phrase.start + 1; i < phrase.end; i++) {
        const Token *k = &c->a->tokens.items[i];
        if (i == head || k->shape == SHAPE_PUNCT || c->a->text[k->start] == '\'' || token_has(c->a, c->rules, i, c->f.prep) ||
            token_has(c->a, c->rules, i, c->f.det) || token_has(c->a, c->rules, i, c->f.former))
            continue;
        if (!says(c, near, word_key(c, i)) &&
            (t->body == NONE || !says(c, c->a->mentions.items[t->body].tokens, word_key(c, i))))
            return false;
    }
    for (uint32_t i = title.start; i < title.end; i++)
        if (list_has(c->a, c->rules, i, c->f.deputy) && !says(c, phrase, c->a->tokens.items[i].hash))
            return false;
    return true;
}

uint32_t
held_find(Coref *c, Range phrase, uint32_t head)
{
    uint64_t key = head_key(c, head);
    uint32_t found[CHAIN], count = 0, at;

    if (c->held_slots == NULL)
        return NONE;
    for (at = (uint32_t)key & c->held_mask; c->held_slots[at]; at = (at + 1) & c->held_mask)
        if (c->held.items[c->held_slots[at]].key == key)
            break;
    for (uint32_t i = c->held_slots[at], looked = 0; i && looked < CHAIN; i = c->held.items[i].next, looked++) {
        const HeldTitle *t = &c->a->titles.items[c->held.items[i].title];
        uint32_t e = t->holder == NONE ? NONE : c->a->mentions.items[t->holder].entity;
        if (e != NONE && c->a->entities.items[e].named && !is_among(found, count, e) && fits(c, t, phrase, head))
            found[count++] = e;
    }
    for (uint32_t i = c->seen.count, looked = 0; count > 1 && i-- > 0 && looked < SPOKEN; looked++)
        if (is_among(found, count, c->seen.items[i].entity))
            return c->seen.items[i].entity; /* of several, whom the text spoke of last */
    return count ? found[0] : NONE;
}

/* The titles whose words begin in the phrase: the first one's number, or titles.count. */
static uint32_t
first_title_in(const Coref *c, Range phrase)
{
    const Article *a = c->a;
    uint32_t low = 0, high = a->titles.count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (a->mentions.items[a->titles.items[middle].mention].tokens.start < phrase.start)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

uint32_t
held_in(const Coref *c, Range phrase, uint32_t head)
{
    const Article *a = c->a;

    for (uint32_t i = first_title_in(c, phrase); i < a->titles.count; i++) {
        const HeldTitle *t = &a->titles.items[i];
        Range words = a->mentions.items[t->mention].tokens;
        if (words.start >= phrase.end)
            break;
        if (head < words.end && !t->honorific && t->holder != NONE)
            return a->mentions.items[t->holder].entity;
    }
    return NONE;
}

uint32_t
held_ending(const Coref *c, uint32_t token)
{
    const Article *a = c->a;
    uint32_t i = first_title_in(c, (Range){token + 1, token + 1});

    while (i-- > 0) {
        const HeldTitle *t = &a->titles.items[i];
        Range words = a->mentions.items[t->mention].tokens;
        if (words.end != token + 1)
            break;
        if (!t->honorific && t->holder != NONE)
            return a->mentions.items[t->holder].entity;
    }
    return NONE;
}

/* ---- who was not named at first */

/* "A Huawei spokesman said …" and then "said the spokesman, Scott Sykes": they are one, and he is Huawei's. */
static void
adopt(Coref *c, HeldTitle *t)
{
    Article *a = c->a;
    const Mention *title = &a->mentions.items[t->mention];
    uint32_t holder = a->mentions.items[t->holder].entity, head = title->tokens.end - 1;

    for (uint32_t i = c->unnamed.count, looked = 0; i-- > 0 && looked < CHAIN; looked++) {
        Entity *e = &a->entities.items[c->unnamed.items[i]];
        const Mention *first = e->mentions.count ? &a->mentions.items[e->mentions.items[0]] : NULL;
        if (first == NULL || first->kind != KIND_NOMINAL || e->plural || e->type != TYPE_PERSON ||
            first->tokens.start >= title->tokens.start ||
            !list_has(a, c->rules, first->tokens.start, c->f.indefinite) ||
            a->tokens.items[coref_head(c, first->tokens)].hash != a->tokens.items[head].hash)
            continue;
        for (uint32_t k = first->tokens.start; k < first->tokens.end && t->body == NONE; k++)
            if (c->name_at[k] != NONE && a->mentions.items[c->name_at[k]].type == TYPE_ORGANIZATION)
                t->body = c->name_at[k];
        for (uint32_t k = 0; k < e->mentions.count; k++) {
            a->mentions.items[e->mentions.items[k]].entity = holder;
            *vec_push(a->arena, &a->entities.items[holder].mentions) = e->mentions.items[k];
        }
        a->entities.items[c->unnamed.items[i]].mentions.count = 0;
        return;
    }
}

void
held_adopt(Coref *c)
{
    Article *a = c->a;

    for (uint32_t i = 0; i < a->titles.count && c->unnamed.count; i++) {
        HeldTitle *t = &a->titles.items[i];
        Range words = a->mentions.items[t->mention].tokens;
        if (t->honorific || t->body != NONE || t->holder == NONE || words.start == 0 || words.end >= a->tokens.count ||
            a->text[a->tokens.items[words.end].start] != ',' || a->mentions.items[t->holder].tokens.start != words.end + 1 ||
            !list_has(a, c->rules, words.start - 1, c->f.definite) || !a->entities.items[a->mentions.items[t->holder].entity].named)
            continue;
        adopt(c, t);
    }
}

/* ---- bodies that the text has spoken of before */

/* The rule that the whole title matches. */
static bool
context_match(const Coref *c, Range title, Match *m)
{
    for (uint32_t next = 0; trial_next(&c->ask->context, &next, c->a, c->scratch, title, title.start, m);)
        if (m->tokens.end == title.end) {
            *vec_push(c->a->arena, &c->a->matches) = *m;
            return true;
        }
    return false;
}

/* Is it told in no other way whose title it is: "a chief executive", "chief executive of a bank", "her manager"? */
static bool
stands_alone(const Coref *c, Range title)
{
    const Article *a = c->a;
    uint32_t before = title.start - 1;

    if (title.end < a->tokens.count && token_has(a, c->rules, title.end, c->f.prep))
        return false;
    return title.start == 0 || a->tokens.items[title.start].flags & TOKEN_SENTENCE ||
           !(list_has(a, c->rules, before, c->f.indefinite) || list_has(a, c->rules, before, c->f.possessive) ||
             list_has(a, c->rules, before, c->f.det_possessive) || coref_owner_sign(a, before));
}

/* The mention of the body that such a title is held at: the one that bears the word that the title begins with ("Council
 * leader"), else the one of the class that the word or the rule tells which was spoken of just before.  `most`: how often the body of
 * each set of classes is named that is named most, where that was asked before. */
static uint32_t
body_in_context(const Coref *c, const Match *m, uint32_t seen, uint32_t *most)
{
    unsigned wanted = rule_get(m->rule, "class") ? bodies_class_named(m->rule) : BODY_COMPANY;
    uint32_t found;
    Range noun;

    if (match_group(m, rule_group(m->rule, "body"), &noun)) {
        if ((found = bodies_bearing(c, seen, c->a->tokens.items[noun.start].hash)) != NONE)
            return found;
        wanted = bodies_class_of(c, noun.start);
    }
    if (most[wanted] == NONE)
        most[wanted] = bodies_most_named(c, wanted);
    return bodies_before(c, seen, wanted, most[wanted]);
}

/* Does the title tell nothing of its body?  Behind a name it seldom leaves that to the text before. */
static bool
asks_context(const Coref *c, const HeldTitle *t, Match *m)
{
    Range words = c->a->mentions.items[t->mention].tokens;

    if (t->honorific || t->body != NONE || t->holder == NONE || !context_match(c, words, m))
        return false;
    return rule_get(m->rule, "anywhere") != NULL ||
           (c->a->mentions.items[t->holder].tokens.start >= words.end && stands_alone(c, words));
}

/* "Acme cut its forecast. Chief executive Jane Doe said …": she is Acme's. */
void
held_in_context(Coref *c)
{
    Article *a = c->a;
    uint32_t *seen_of, most[BODY_SETS];

    if (c->ask->context.count == 0 || a->titles.count == 0)
        return;
    memset(most, 0xff, sizeof most);
    seen_of = arena_alloc(c->arena, ((size_t)a->mentions.count + 1) * sizeof *seen_of);
    memset(seen_of, 0xff, ((size_t)a->mentions.count + 1) * sizeof *seen_of);
    for (uint32_t i = 0; i < c->seen.count; i++)
        seen_of[c->seen.items[i].mention] = i;
    for (uint32_t i = 0; i < a->titles.count; i++) {
        HeldTitle *t = &a->titles.items[i];
        Match m;
        if (t->holder == NONE || seen_of[t->holder] == NONE || !asks_context(c, t, &m))
            continue;
        t->body = body_in_context(c, &m, seen_of[t->holder], most);
        t->context = t->body == NONE ? NULL : m.rule->name;
    }
}
