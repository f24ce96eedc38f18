/* A batch: every article of the inputs through the pipeline, and what is made of each in input order.
 *
 * One thread cuts records, workers take one article at a time with their own arena and scratch, and the results are put
 * out in the order of the input: the same bytes whatever the number of threads. */
#ifndef ONRECORD_CLI_BATCH_H
#define ONRECORD_CLI_BATCH_H

#include "cli/options.h"
#include "cli/output.h"

/* Make something of a finished article: called in a worker's thread, so it may change only the article, `out` and the
 * arena (which is reset for the next article).  False if the article failed, with *err. */
typedef bool (*BatchMake)(Article *a, const RuleSet *rules, Arena *arena, Buf *out, void *context, Error *err);

typedef struct {
    const Options *options;
    const RuleSet *rules;
    BatchMake make;
    void *context;
    bool explain; /* keep notes */
} Batch;

/* Run it; returns the exit status.  Faults are said on standard error and in --errors. */
int batch_run(const Batch *batch);

#endif
