/* Does a rule's time grow with the text alone?  One that tries every end for every beginning, or every way to cut the same
 * words, costs as much as fifty sound ones, and on a hostile page as much as all the rest of the program. */
#ifndef ONRECORD_EVAL_RULEGROWTH_H
#define ONRECORD_EVAL_RULEGROWTH_H

#include "base/buf.h"
#include "engine/ruleset.h"

typedef enum {
    GROWTH_LINEAR,
    GROWTH_FASTER, /* twice the text takes much more than twice the time */
    GROWTH_SPENT   /* matching was given up at its limit of steps */
} GrowthKind;

typedef struct {
    GrowthKind kind;
    double cost;  /* nanoseconds for a token (a character rule: for a character) on the worst text, while it is linear */
    double times; /* GROWTH_FASTER: how many times as long a text four times as long took */
    Buf text;     /* the text that does it, shortened; the caller closes it */
} Growth;

/* Time a rule on long texts that are pumped up from its own examples: each stretch of one, behind what stands before it,
 * over and over.  A rule without a `yes` costs nothing here and is left to ruletest_run. */
Growth rulegrowth_measure(RuleSet *rules, Scratch *scratch, const Rule *rule);

#endif
