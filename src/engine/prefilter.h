/* Where can a rule match at all?  Worked out for all tokens of a window at once, with a bit for each.
 *
 * When rules are loaded, each one's needs are chosen (what every match asks of some token) and its tree is laid out as steps.
 * How they are used: window.h. */
#ifndef ONRECORD_ENGINE_PREFILTER_H
#define ONRECORD_ENGINE_PREFILTER_H

#include "engine/rowtests.h"
#include "engine/rule.h"

enum { WINDOW_TOKENS = 128 }; /* how many tokens are looked at together */

/* A part of a rule's tree, laid out for running: parts that belong to one stand behind it, those of a sequence from
 * right to left, as they are run. */
typedef struct {
    uint8_t kind; /* a PatternKind */
    bool negative, sticky;
    uint8_t length;                   /* of an alternative of a look behind: its tokens */
    uint16_t number;                  /* of the test, or the look */
    uint16_t size;                    /* how many steps it is, with all that belong to it */
    uint16_t times_least, times_more; /* of a repetition; times_more is WINDOW_TOKENS where there is no end */
} Step;

/* The rules of a phase. */
typedef struct {
    const Step *steps;
    uint32_t look_count; /* looks ahead and behind that differ */
} Prefilter;

/* Choose a token rule's needs, which lie in the arena, and ask all that it asks of tokens. */
void prefilter_ask(Rule *rule, RowTests *tests, Arena *arena);

/* The filter of the rules of one phase, when all rules have asked.  Everything lies in the arena. */
void prefilter_make(Prefilter *filter, Rule *const *rules, uint32_t count, const RowTests *tests, Arena *arena);

#endif
