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

/* Is this article, of which only what was read is there, to be passed over?  Called in a worker's thread. */
typedef bool (*BatchKnown)(const Article *a, void *context);

/* Take what was made of an article, instead of the output: called for one after the other, in input order, by the thread
 * that called batch_run.  `len` is 0 for an article that was passed over.  False with *err: of kind ERROR_INPUT, if it is
 * the article that is wrong; else the batch ends. */
typedef bool (*BatchTake)(const char *bytes, size_t len, void *context, Error *err);

typedef struct {
    const Options *options;
    const RuleSet *rules;
    BatchMake make;
    void *context;
    bool explain;     /* keep notes */
    bool takes_graphs; /* a JSON Lines record that is a graph already is handed on as it is */
    BatchKnown known; /* may be NULL */
    BatchTake take;   /* may be NULL */
} Batch;

/* Run it; returns the exit status.  Faults are said on standard error and in --errors. */
int batch_run(const Batch *batch);

#endif
