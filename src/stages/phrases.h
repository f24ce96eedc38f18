/* Noun phrases, read outward from a token: leftward from a verb to its subject, rightward to a subject behind it.
 *
 * Nothing is looked for: a phrase is read where a cue, a colon or a sentence's beginning asks for one.  What a word can be in a
 * phrase is told by the rules of the phase `phrases`, each of which is one {token}. */
#ifndef ONRECORD_STAGES_PHRASES_H
#define ONRECORD_STAGES_PHRASES_H

#include "engine/question.h"

typedef struct {
    Range tokens;  /* the whole phrase */
    Range mention; /* the name in it, the pronoun, or the phrase itself */
    MentionKind kind;
} Phrase;

typedef struct {
    Article *a;
    Scratch *scratch;
    uint32_t *names; /* for each token: the name mention that it is in, or NONE */
    Question pronoun, determiner, word, noun, verb, joiner, parting, office, link, owner, opener, relative, after_noun, either, both, honour;
} Phrases;

/* Find the questions. */
void phrases_names(Phrases *p, const RuleSet *rules);

/* Begin with an article.  The map of names lies in the scratch's arena. */
void phrases_open(Phrases *p, Article *a, Scratch *scratch);

/* The phrase that ends right before the token `end` and does not begin before `low`. */
bool phrase_before(const Phrases *p, uint32_t low, uint32_t end, Phrase *out);

/* The phrase that begins at the token `start` and does not end behind `high`. */
bool phrase_behind(const Phrases *p, uint32_t start, uint32_t high, Phrase *out);

/* The question that a rule of the phase asks. */
static inline Question
phrase_question(const RuleSet *rules, const char *name)
{
    return question_of(ruleset_rule(rules, name));
}

static inline bool
phrase_is(const Phrases *p, Question question, uint32_t token)
{
    return question_holds(question, p->a, p->scratch, token);
}

#endif
