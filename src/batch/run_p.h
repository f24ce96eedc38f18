/* What the files of this room share: the run, and an article on its way through it. */
#ifndef ONRECORD_BATCH_RUN_P_H
#define ONRECORD_BATCH_RUN_P_H

#include "batch/batch.h"
#include "batch/checkpoint.h"
#include "batch/faults.h"
#include "batch/output.h"
#include "batch/seen.h"

/* One article on its way. */
typedef struct {
    RawRecord raw;
    Buf out;             /* what was made of it */
    Buf id;              /* its id, once it is known */
    Error err;           /* what is wrong with it */
    bool fault;          /* it was never read: err says why */
    bool past;           /* an earlier run is done with it */
    uint64_t trail;      /* of where it and all before it were */
    uint64_t hash;       /* with dedupe: of its id or text */
    size_t text;         /* how long its text is */
    const char *warning; /* what is doubtful in it, or NULL */
    uint64_t bytes_done; /* how far the input is */
} Slot;

typedef struct {
    const Batch *batch;
    Input *input;
    uint64_t cut;  /* records that were cut, in all */
    uint64_t past; /* of these the first, which an earlier run put out … */
    uint64_t passed; /* … and how many of them came again */
    uint64_t trail; /* of what was cut */
    Output output;
    Faults faults;
    BatchCount count;
    Seen seen;
    Checkpoint last; /* from here the run goes on if it is interrupted */
    double last_at;
} Run;

/* What one thread works with. */
typedef struct {
    const Batch *batch;
    Scratch *scratch; /* made when the first article comes */
    Arena arena;
    Times times;
} Worker;

void worker_init(Worker *worker, const Batch *batch);
void worker_close(Worker *worker);

/* Make of a slot's record what is to be put out. */
void worker_do(Worker *worker, Slot *slot);

/* Cut the next record into a slot; false at the end. */
bool slot_fill(Slot *slot, Run *run);
void slot_close(Slot *slot);

/* Put out what was made.  A run that cannot write ends the process here: other threads may hang in reading a pipe. */
void run_put_out(Run *run, Slot *slot);
void run_flush(Run *run);

/* All is put out: did all come again that an earlier run did? */
bool run_is_whole(const Run *run, Error *err);

/* All articles, by this thread alone, or by many. */
void run_alone(Run *run);
bool run_threads(Run *run, Error *err);

#endif
