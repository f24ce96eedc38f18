/* Documents: "the World Bank report said" is the World Bank's word, "a letter from Doe said" is Doe's.
 *
 * A document is whose it is by its own phrase, or by a fuller one before it ("a Harbour Times article", then "the article"), or by the
 * sentence in which somebody spoke through it ("In a statement, Doe said …", then "the statement added") or brought it out ("Doe wrote
 * a memoir", then "the book says"). */
#include "stages/coref.h"

enum {
    OWNER_WORDS = 4, /* between an owner and the document */
    OBJECT = 6,      /* between a verb and the document */
    PHRASE = 7,      /* before the document, in its phrase */
    LATER = 4        /* sentences from speech to document */
};

/* What a document is: a memoir is a book, else it is what its word says. */
static uint64_t
kind_of(const Coref *c, uint32_t token)
{
    uint64_t kind = coref_attribute_hash(c, (Range){token, token + 1}, c->f.cue_noun, "kind");

    return kind ? kind : c->a->tokens.items[token].hash;
}

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
known(const Coref *c, uint64_t kind)
{
    for (uint32_t i = c->documents.count; i-- > 0;)
        if (c->documents.items[i].kind == kind)
            return c->documents.items[i].entity;
    return NONE;
}

static bool
spoke_lately(const Coref *c)
{
    return c->last_speaker != NONE && c->sentence != c->last_speech && c->sentence - c->last_speech <= LATER &&
           c->a->entities.items[c->last_speaker].named;
}

/* "In a written statement": does a preposition stand before the phrase that the word ends? */
static bool
is_under_preposition(const Coref *c, uint32_t token, uint32_t start)
{
    for (uint32_t i = token; i-- > start && i + PHRASE >= token;)
        if (token_has(c->a, c->rules, i, c->f.prep))
            return true;
    return false;
}

/* Does the word stand in the sentence in which somebody spoke last, not long ago? */
static uint32_t
spoken_through(const Coref *c, uint64_t head)
{
    Range sentence;

    if (!spoke_lately(c))
        return NONE;
    sentence = c->a->sentences.items[c->last_speech].tokens;
    for (uint32_t i = sentence.start; i < sentence.end; i++)
        if (c->a->tokens.items[i].hash == head && is_under_preposition(c, i, sentence.start))
            return c->last_speaker;
    return NONE;
}

/* "The court ruled that it was late", then "the ruling": is it made by what was said last? */
static uint32_t
made_by_saying(const Coref *c, uint32_t head)
{
    Span cue = spoke_lately(c) ? c->a->quotes.items[c->last_quote].cue : (Span){0, 0};
    uint64_t verb = cue.end > cue.start ? coref_attribute_hash(c, (Range){head, head + 1}, c->f.cue_noun, "verb") : 0;
    Range said = {verb ? article_token_at(c->a, cue.start) : 0, verb ? article_token_at(c->a, cue.end) : 0};

    return verb && verb == coref_attribute_hash(c, said, c->f.say, "lemma") ? c->last_speaker : NONE;
}

/* The subject of the verb: the last who is seen before it in its sentence. */
static uint32_t
maker_before(const Coref *c, uint32_t verb, uint32_t start)
{
    for (uint32_t i = c->seen.count; i-- > 0 && c->seen.items[i].token >= start;) {
        Seen *s = &c->seen.items[i];
        const Entity *e = &c->a->entities.items[s->entity];
        if (s->token < verb)
            return coref_is_subject(c, s) && !s->quoted && e->named && e->type != TYPE_PLACE &&
                           !coref_is_modifier(c, &c->a->mentions.items[s->mention])
                       ? s->entity
                       : NONE;
    }
    return NONE;
}

/* The verb before a document that brings it out: "wrote a long memoir". */
static uint32_t
issued_by(const Coref *c, uint32_t document, uint32_t start)
{
    for (uint32_t i = document; i-- > start && i + OBJECT >= document;)
        if (question_holds(c->ask->issue, c->a, c->scratch, i))
            return i;
    return NONE;
}

/* "Doe wrote a memoir of that year", some sentences before "the book": who brought it out. */
static uint32_t
brought_out(const Coref *c, uint64_t kind, uint32_t before)
{
    uint32_t first = c->sentence > LATER ? c->sentence - LATER : 0, verb;

    for (uint32_t s = c->sentence + 1; s-- > first;) {
        Range words = c->a->sentences.items[s].tokens;
        for (uint32_t i = words.start; i < words.end && i < before; i++)
            if (token_has(c->a, c->rules, i, c->f.document) && kind_of(c, i) == kind && (verb = issued_by(c, i, words.start)) != NONE)
                return maker_before(c, verb, words.start);
    }
    return NONE;
}

uint32_t
documents_find(Coref *c, Range tokens, const Nominal *n)
{
    uint64_t kind = kind_of(c, n->head);
    uint32_t found = named_before(c, tokens, n->head);
    bool bare = tokens.end == n->head + 1 && n->head == tokens.start + 1;

    if (found == NONE)
        found = named_behind(c, tokens, n->head);
    if (found != NONE && c->documents.count < DOCUMENTS) {
        *vec_push(c->arena, &c->documents) = (Document){kind, found};
        return found;
    }
    if (found != NONE || !n->definite || !bare)
        return found;
    found = known(c, kind);
    if (found == NONE)
        found = spoken_through(c, c->a->tokens.items[n->head].hash);
    if (found == NONE)
        found = made_by_saying(c, n->head);
    return found != NONE ? found : brought_out(c, kind, tokens.start);
}
