/* Documents: "the World Bank report said" is the World Bank's word, "a letter from Doe said" is Doe's.
 *
 * A document is whose it is by its own phrase, or by a fuller one before it ("a Harbour Times article", then "the article"), or by the
 * sentence in which somebody spoke through it ("In a statement, Doe said …", then "the statement added"). */
#include "stages/coref.h"

enum { OWNER_WORDS = 4, LATER = 4 }; /* words between an owner and the document; sentences from speech to document */

static bool
can_publish(const Coref *c, uint32_t name, bool person)
{
    const Mention *m = &c->a->mentions.items[name];

    return m->entity != NONE && c->a->entities.items[m->entity].named &&
           (m->type == TYPE_ORGANIZATION || (person && m->type == TYPE_PERSON));
}

/* Before its head: "the World Bank report", "Doe's long letter". */
static uint32_t
named_before(const Coref *c, Range tokens, uint32_t head)
{
    for (uint32_t i = head; i-- > tokens.start;) {
        uint32_t name = c->name_at[i];
        uint32_t body = name == NONE && i < head ? coref_body_ending(c, i) : NONE;
        if (body != NONE)
            return body;
        if (name == NONE)
            continue;
        return c->a->mentions.items[name].tokens.end + OWNER_WORDS >= head && c->a->mentions.items[name].tokens.end <= head && can_publish(c, name, true)
                   ? c->a->mentions.items[name].entity
                   : NONE;
    }
    return NONE;
}

/* Behind it: "the ruling of the Supreme Court", "a letter from Doe". */
static uint32_t
named_behind(const Coref *c, Range tokens, uint32_t head)
{
    uint32_t joiner = head + 1;

    if (joiner + 1 >= c->a->tokens.count || !question_holds(c->ask->author, c->a, c->scratch, joiner))
        return NONE;
    for (uint32_t i = joiner + 1; i <= joiner + 2 && i < tokens.end; i++)
        if (c->name_at[i] != NONE && can_publish(c, c->name_at[i], question_holds(c->ask->maker, c->a, c->scratch, joiner)))
            return c->a->mentions.items[c->name_at[i]].entity;
    return NONE;
}

static uint32_t
known(const Coref *c, uint64_t head)
{
    for (uint32_t i = c->documents.count; i-- > 0;)
        if (c->documents.items[i].head == head)
            return c->documents.items[i].entity;
    return NONE;
}

/* Does the word stand in the sentence in which somebody spoke last, not long ago? */
static uint32_t
spoken_through(const Coref *c, uint64_t head)
{
    Range sentence;

    if (c->last_speaker == NONE || c->sentence == c->last_speech || c->sentence - c->last_speech > LATER ||
        !c->a->entities.items[c->last_speaker].named)
        return NONE;
    sentence = c->a->sentences.items[c->last_speech].tokens;
    for (uint32_t i = sentence.start; i < sentence.end; i++)
        if (c->a->tokens.items[i].hash == head)
            return c->last_speaker;
    return NONE;
}

uint32_t
documents_find(Coref *c, Range tokens, const Nominal *n)
{
    uint64_t head = c->a->tokens.items[n->head].hash;
    uint32_t found = named_before(c, tokens, n->head);
    bool bare = tokens.end == n->head + 1 && n->head == tokens.start + 1;

    if (found == NONE)
        found = named_behind(c, tokens, n->head);
    if (found != NONE && c->documents.count < DOCUMENTS) {
        *vec_push(c->arena, &c->documents) = (Document){head, found};
        return found;
    }
    if (found == NONE && n->definite && bare)
        found = known(c, head);
    if (found == NONE && n->definite && bare)
        found = spoken_through(c, head);
    return found;
}
