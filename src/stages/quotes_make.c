/* Making the records: quotes with their spans, act and flags, and the mentions of their speakers. */
#include "stages/lists.h"
#include "stages/quotes.h"

#include <stdlib.h>

/* ---- speakers */

/* A body or document, or a person: by the lists, from the phrase's head back. */
static EntityType
type_of_phrase(const Finder *f, Range phrase)
{
    for (uint32_t t = phrase.end; t-- > phrase.start;) {
        if (token_has(f->a, f->rules, t, f->features.person_noun))
            return TYPE_PERSON;
        if (token_has(f->a, f->rules, t, f->features.org_noun) || token_has(f->a, f->rules, t, f->features.cue_noun) ||
            token_has(f->a, f->rules, t, f->features.org_head))
            return TYPE_ORGANIZATION;
    }
    return TYPE_PERSON;
}

/* Does no mark follow?  "According to the polls, Doe leads": Doe is no apposition there. */
static bool
goes_on_in_words(const Article *a, uint32_t token)
{
    return token < a->tokens.count && a->tokens.items[token].shape != SHAPE_PUNCT && !(a->tokens.items[token].flags & TOKEN_SENTENCE);
}

/* Can the name be another word for what the phrase means?  A document is no name's: "according to the report, Jane Doe, a nurse, left". */
static bool
can_be(const Finder *f, const Phrase *phrase, uint32_t name)
{
    EntityType type = f->a->mentions.items[name].type;
    uint32_t head = phrase->tokens.start + 1;

    while (head < phrase->tokens.end && !phrase_is(&f->phrases, f->phrases.joiner, head))
        head++;
    return (type == TYPE_PERSON || type == TYPE_ORGANIZATION) && !token_has(f->a, f->rules, head - 1, f->features.cue_noun);
}

/* "the spokesman, Jane Doe", "the owner, 61-year-old Jane Doe", "the owner, Acme Group", "one of them, Jane Doe": the name behind the comma is the
 * mention. */
static Phrase
apposed_name(const Finder *f, const Phrase *phrase)
{
    const Article *a = f->a;
    uint32_t comma = phrase->tokens.end;
    Phrase next;

    if (comma + 1 < a->tokens.count && phrase_is(&f->phrases, f->phrases.joiner, comma) && phrase_is(&f->phrases, f->phrases.either, comma + 1))
        comma += 2; /* "of them" */
    else if (phrase->kind != KIND_NOMINAL)
        return *phrase;
    if (phrase->kind == KIND_NAME || comma + 1 >= a->tokens.count || a->text[a->tokens.items[comma].start] != ',' ||
        !phrase_behind(&f->phrases, comma + 1, a->tokens.count, &next) || next.kind != KIND_NAME ||
        goes_on_in_words(a, next.tokens.end) || !can_be(f, phrase, f->phrases.names[next.mention.start]))
        return *phrase;
    return next;
}

static uint32_t
add_mention(Finder *f, Range tokens, MentionKind kind)
{
    Article *a = f->a;
    uint32_t *known = &f->made[tokens.start];

    if (*known != NONE && a->mentions.items[*known].kind == kind)
        return *known;
    return *known = article_mention(a, tokens, kind == KIND_PRONOUN ? TYPE_PERSON : type_of_phrase(f, tokens), kind,
                                    kind == KIND_PRONOUN ? "phrase.pronoun" : "phrase.noun", 0.9f);
}

/* Is the word one for people, or a name for them ("Democrats"), not one for a place or body? */
static bool
are_people(const Finder *f, uint32_t token)
{
    uint32_t name = f->phrases.names[token];

    if (name != NONE && f->a->mentions.items[name].type != TYPE_PERSON)
        return false;
    return (f->a->tokens.items[token].flags & TOKEN_CAPITAL) || token_has(f->a, f->rules, token, f->features.person_noun);
}

/* What is left of a phrase that a relative clause hangs on: "the objections of voters" of its last part, if people are meant by it; "met the
 * angry voters" of what stands behind the verb, unless that is a participle in the phrase ("the elected officials"). */
static Range
last_part(const Finder *f, Range phrase)
{
    uint32_t start = phrase.start;

    for (uint32_t t = phrase.start; t + 1 < phrase.end; t++)
        if ((phrase_is(&f->phrases, f->finite, t) && (t == phrase.start || !phrase_is(&f->phrases, f->phrases.determiner, t - 1))) ||
            (phrase_is(&f->phrases, f->phrases.joiner, t) && are_people(f, phrase.end - 1)))
            start = t + 1;
    return (Range){start, phrase.end};
}

/* "voters who said": whom a relative pronoun stands for is a mention too, so that it can be told who that is. */
static void
add_antecedent(Finder *f, uint32_t pronoun)
{
    Range sentence = f->a->sentences.items[article_sentence_of(f->a, pronoun)].tokens;
    Phrase before;

    if (phrase_is(&f->phrases, f->phrases.relative, pronoun) && phrase_before(&f->phrases, sentence.start, pronoun, &before) &&
        before.kind == KIND_NOMINAL)
        add_mention(f, last_part(f, before.mention), KIND_NOMINAL);
}

uint32_t
finder_mention(Finder *f, const Phrase *phrase)
{
    Phrase named;

    if (phrase->tokens.start == NONE)
        return NONE;
    named = apposed_name(f, phrase);
    if (named.kind == KIND_NAME)
        return f->phrases.names[named.mention.start];
    if (named.kind == KIND_PRONOUN)
        add_antecedent(f, named.mention.start);
    return add_mention(f, named.mention, named.kind);
}

/* ---- quotes */

/* "did not say", "would say", "if he said": not given as said. */
static void
set_flags(Finder *f, Quote *q, const Claim *claim)
{
    const Article *a = f->a;
    Range subject = claim->subject.tokens;

    for (uint32_t t = claim->cue.start; t > 0 && phrase_is(&f->phrases, f->between, t - 1); t--) {
        q->negated |= token_has(a, f->rules, t - 1, f->features.neg);
        q->hypothetical |= token_has(a, f->rules, t - 1, f->features.modal);
    }
    if (subject.start != NONE && subject.start < claim->cue.start && subject.start > 0 &&
        !(a->tokens.items[subject.start].flags & TOKEN_SENTENCE))
        q->hypothetical |= token_has(a, f->rules, subject.start - 1, f->features.cond);
}

/* "0.85" */
static float
confidence_of(const Rule *rule)
{
    const char *text = rule_get(rule, "confidence");

    return text ? (float)strtod(text, NULL) : 0.9f;
}

uint32_t
finder_quote(Finder *f, const Claim *claim, QuoteForm form)
{
    Article *a = f->a;
    Quote *q = vec_push(a->arena, &a->quotes);
    uint32_t number = a->quotes.count - 1, speaker;

    q->form = form;
    q->speaker = NONE;
    q->parent = NONE;
    q->rule = claim->rule->name;
    q->confidence = confidence_of(claim->rule);
    if (claim->cue.end > claim->cue.start) {
        q->cue = token_span(a, claim->cue);
        q->act = list_attribute(a, f->rules, claim->cue, f->features.say, "act");
        set_flags(f, q, claim);
    }
    if (claim->report != NONE)
        f->reports.items[claim->report].quote = number;
    speaker = finder_mention(f, &claim->subject);
    a->quotes.items[number].speaker = speaker;
    return number;
}

void
finder_add_span(Finder *f, uint32_t quote, Range tokens)
{
    Article *a = f->a;

    *vec_push(a->arena, &a->quotes.items[quote].spans) = token_span(a, tokens);
}

void
finder_add_piece(Finder *f, uint32_t quote, uint32_t piece)
{
    Article *a = f->a;
    Piece *p = &f->pieces.items[piece];
    Quote *q = &a->quotes.items[quote];

    p->quote = quote;
    q->repaired |= a->marked.items[p->marked].repaired;
    if (q->form != FORM_DIRECT)
        *vec_push(a->arena, &q->quoted) = a->marked.items[p->marked].bytes;
    else
        *vec_push(a->arena, &q->spans) = a->marked.items[p->marked].bytes;
}
