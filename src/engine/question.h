/* A question: a rule that is nothing but one {token}, asked of many single tokens.
 *
 * Stages ask some hundred thousand of them.  So what is needed for the answer lies in a few bytes beside that of the other
 * questions, while the rules are large and lie far apart. */
#ifndef ONRECORD_ENGINE_QUESTION_H
#define ONRECORD_ENGINE_QUESTION_H

#include "engine/ruleset.h"

typedef struct {
    uint32_t rule; /* its number; NONE: no token passes */
    uint16_t row;  /* of those who pass */
} Question;

/* The question of a rule; of NULL, or of a longer rule, one that no token passes. */
Question question_of(const Rule *rule);

/* Does the token pass? */
bool question_holds(Question question, const Article *a, Scratch *scratch, uint32_t token);

#endif
