/* What the parts of the titles stage share. */
#ifndef ONRECORD_STAGES_TITLES_H
#define ONRECORD_STAGES_TITLES_H

#include "engine/ruleset.h"

/* A title as the text tells it, whoever holds it. */
typedef struct {
    Range whole, title, body; /* body: before or behind it; start == NONE: none */
    Range around; /* the body that `body` is a part of: the council whose department somebody heads; start == NONE: none */
    bool former, open; /* open: an article or a possessive goes before it */
    const Match *tie; /* what ties it to a holder, NULL: nothing yet */
} Phrase;

typedef VEC(Phrase) Phrases;

/* Find the phrases of an article that stand near enough to somebody to be held, in text order, and mark them on the tape.
 * They lie in the scratch's arena. */
void phrases_find(Phrases *phrases, Article *a, const RuleSet *rules, Scratch *scratch);

/* The phrase that holds the token, or NULL. */
Phrase *phrases_at(const Phrases *phrases, uint32_t token);

static inline bool
group_range(const Match *m, const char *name, Range *out)
{
    return match_group(m, rule_group(m->rule, name), out);
}

#endif
