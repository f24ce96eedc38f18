/* How far a run is: a line that is drawn over on a terminal; in a log, where it was asked for, a line a minute. */
#ifndef ONRECORD_CLI_PROGRESS_H
#define ONRECORD_CLI_PROGRESS_H

#include "batch/batch.h"
#include "cli/options.h"

typedef struct {
    bool wanted;
    Terminal terminal;
    uint64_t all;        /* bytes of the inputs; 0: not known */
    double begun, shown; /* seconds */
    BatchCount first;    /* what was counted when it began: a run that is gone on with has done some before */
    bool drawn;          /* something stands on the terminal's line */
} Progress;

/* `elsewhere`: the results do not go to standard output. */
void progress_begin(Progress *progress, const Options *options, bool elsewhere);

/* Show it, if it is time to; at the end in any case. */
void progress_show(Progress *progress, const BatchCount *count, bool last);

/* Make way for a message. */
void progress_clear(Progress *progress);

/* What is shown: how far it is after so many seconds. */
void progress_line(Buf *out, const Progress *progress, const BatchCount *count, double seconds);

#endif
