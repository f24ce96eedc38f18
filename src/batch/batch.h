/* A batch: every article of the inputs through the pipeline, and what is made of each in input order.
 *
 * One thread cuts records, workers take one article at a time with their own arena and scratch, and the results are put
 * out in the order of the input: the same bytes whatever the number of threads.  The room knows no screen: what there is
 * to say is told to whoever called. */
#ifndef ONRECORD_BATCH_BATCH_H
#define ONRECORD_BATCH_BATCH_H

#include "batch/times.h"
#include "input/input.h"

/* What became of what was read.  The sum of the first four is the number of articles and of files that are none. */
typedef struct {
    uint64_t written, failed, duplicates;
    uint64_t unread;     /* files that no reader is for */
    uint64_t records;    /* articles that were read, good or bad */
    uint64_t text;       /* bytes of the articles' text */
    uint64_t bytes_done; /* of the inputs, as they lie on the disk */
} BatchCount;

/* Make something of a finished article: called in a worker's thread, so it may change only the article, `out` and the
 * arena (which is reset for the next article).  False if the article failed, with *err. */
typedef bool (*BatchMake)(Article *a, const RuleSet *rules, Arena *arena, Buf *out, void *context, Error *err);

/* Is this article, of which only what was read is there, to be passed over?  Called in a worker's thread. */
typedef bool (*BatchKnown)(const Article *a, void *context);

/* Take what was made of an article, instead of the output: called for one after the other, in input order, by the thread
 * that called batch_run.  `len` is 0 for an article that was passed over.  False with *err: of kind ERROR_INPUT, if it is
 * the article that is wrong; else the batch ends. */
typedef bool (*BatchTake)(const char *bytes, size_t len, void *context, Error *err);

/* Who is told, by the thread that called batch_run. */
typedef struct {
    void (*fault)(void *self, const Error *err);            /* an article failed, is doubtful, or was passed over (ERROR_SKIP) */
    void (*count)(void *self, const BatchCount *count);     /* after every article */
    void (*stopped)(void *self, const Error *err, bool kept); /* nothing can be written any more, and the process ends; err is
                                                                 NULL if merely nobody reads; `kept`: it can be gone on with */
    void *self;
} BatchListener;

typedef enum { DEDUPE_NOT, DEDUPE_ID, DEDUPE_TEXT } Dedupe;

typedef struct {
    /* what to read, and by what rules */
    const char *const *inputs;
    uint32_t input_count;
    const InputOptions *input;
    const RuleSet *rules;
    const char *language;   /* of articles that do not say */
    const char *stop_after; /* a stage; NULL: all */
    uint32_t threads;
    /* what to make of it */
    BatchMake make;
    void *context;
    bool explain;      /* keep notes */
    bool takes_graphs; /* a JSON Lines record that is a graph already is handed on as it is */
    BatchKnown known;  /* may be NULL */
    BatchTake take;    /* may be NULL */
    Dedupe dedupe;
    /* where to put it */
    const char *output; /* NULL or "-": standard output */
    const char *errors; /* the list of what failed, or NULL */
    bool resume;        /* go on with what was interrupted */
    uint64_t print;     /* of all else that the output depends on */
    BatchListener listener;
    Times *times; /* filled if it is not NULL */
} Batch;

/* These are exit statuses as well. */
typedef enum {
    BATCH_ALL,    /* all is well */
    BATCH_SOME,   /* some articles failed; the rest is there */
    BATCH_NOTHING /* nothing could be done; if *err is filled, it says why */
} BatchStatus;

BatchStatus batch_run(const Batch *batch, BatchCount *count, Error *err);

#endif
