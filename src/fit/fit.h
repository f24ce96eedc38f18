/* Fits the weights of the evidence for names to annotated articles. */
#ifndef ONRECORD_FIT_FIT_H
#define ONRECORD_FIT_FIT_H

#include "engine/ruleset.h"

#include <stdio.h>

typedef struct {
    uint32_t epochs;     /* passes over the articles */
    float sparsity;      /* strength of the L1 penalty: how much evidence a weight must have to be kept */
    float decay;         /* strength of the L2 penalty */
    float blind;         /* the share of sentences in which the spelling of names is hidden from the fit */
    uint32_t draws;      /* 1 or more: of the lots whose spelling is hidden; the weights are the mean over so many fits */
    uint32_t least;      /* evidence seen fewer times than this is left out */
    FILE *log;           /* progress for people, or NULL */
} FitOptions;

/* Read gold files (JSON Lines, layer "entities": code points), fit, and write the weights to `out` as text that
 * weights_read takes.  The same files and options give the same bytes.  False on a fault. */
bool fit_names(const RuleSet *rules, const char *const *gold, uint32_t gold_count, const FitOptions *options,
               FILE *out, Error *err);

#endif
