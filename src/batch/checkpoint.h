/* How far a run has come, beside its unfinished output, so that it can be gone on with.
 *
 * The output is cut off where the last checkpoint was, and as many records are passed over as it counts; since the same
 * input gives the same bytes, what comes out in the end is what one run would have written. */
#ifndef ONRECORD_BATCH_CHECKPOINT_H
#define ONRECORD_BATCH_CHECKPOINT_H

#include "batch/batch.h"

typedef struct {
    uint64_t print;          /* of the inputs and options: a run is only gone on with by the same */
    uint64_t records;        /* of the input that are done with, broken ones too */
    uint64_t trail;          /* of where these were: they are passed over only if they are the same again */
    uint64_t output, errors; /* bytes of the files */
    BatchCount count;        /* what became of them */
} Checkpoint;

/* What the output depends on, as one number. */
uint64_t checkpoint_print(const Batch *batch);

/* The checkpoint beside `output`; false if there is none that can be read. */
bool checkpoint_read(const char *output, Checkpoint *checkpoint);

/* Write it anew, so that at any time the old or the new one is there whole; remove it. */
bool checkpoint_write(const char *output, const Checkpoint *checkpoint);
void checkpoint_remove(const char *output);

#endif
