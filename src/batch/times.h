/* How long each stage takes, in processor time, summed over articles and threads. */
#ifndef ONRECORD_BATCH_TIMES_H
#define ONRECORD_BATCH_TIMES_H

#include "base/buf.h"
#include "pipeline.h"

typedef struct {
    double read, stages[STAGES_MOST], write;
    uint64_t articles, bytes, tokens;
    double last; /* the clock at the last mark */
} Times;

/* Begin with an article, in the thread that works on it. */
void times_begin(Times *times);

/* What was done since the last mark belongs to `*part`. */
void times_mark(Times *times, double *part);

/* For pipeline_run: the context is a Times. */
void times_stage(const Stage *stage, void *context);

void times_article(Times *times, const Article *a);
void times_add(Times *sum, const Times *more);

/* A line for each stage: seconds, share, MB of article text a second; then the whole. */
void times_report(const Times *times, Buf *out);

#endif
