/* A trial: the rules of a phase, tried one after the other at a place that a stage has found.
 *
 * Most of them are refused by what they need of single tokens.  For all rules that lies in one short table, while the rules
 * themselves are large and lie far apart. */
#ifndef ONRECORD_ENGINE_TRIAL_H
#define ONRECORD_ENGINE_TRIAL_H

#include "engine/ruleset.h"

typedef struct {
    const Rule *rule;
    uint32_t first, count; /* its needs */
} TrialRule;

typedef struct {
    TrialRule *rules;
    uint32_t count;
    NeedRow *needs;
} Trial;

/* The trial of a phase of token rules (of no rules, if it is NULL); it lies in the arena. */
Trial trial_of(const Phase *phase, Arena *arena);

/* The next rule, from number *next on, that matches at the token `start` of the scope; *next is then that of the rule behind it.  False if there is none. */
bool trial_next(const Trial *trial, uint32_t *next, Article *a, Scratch *scratch, Range scope, uint32_t start, Match *match);

/* The first that matches. */
static inline bool
trial_first(const Trial *trial, Article *a, Scratch *scratch, Range scope, uint32_t start, Match *match)
{
    uint32_t next = 0;

    return trial_next(trial, &next, a, scratch, scope, start, match);
}

#endif
