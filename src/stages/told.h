/* How a title or link is told: over, not so, only thought of, or from hearsay. */
#ifndef ONRECORD_STAGES_TOLD_H
#define ONRECORD_STAGES_TOLD_H

#include "engine/ruleset.h"

/* Features of words that tell it. */
typedef struct {
    uint16_t neg, over, more, modal, future, cond, hearsay, aux, adverb, honorific, past, pres;
} TellingFeatures;

/* The two things that belong together, in text order. */
typedef struct {
    Range first, second;
} Ends;

void told_open(TellingFeatures *f, const RuleSet *rules, Scratch *scratch);

/* What the words between the two, and those right before, say of how they belong together.  `start`: where what joins them
 * begins, which may be before the first ("named Jane Doe as mayor"). */
Told told_between(const TellingFeatures *f, const Article *a, const RuleSet *rules, Ends ends, uint32_t start);

/* Does a word of hearsay stand right before: the reputed leader? */
bool told_by_hearsay(const TellingFeatures *f, const Article *a, const RuleSet *rules, uint32_t start);

#endif
