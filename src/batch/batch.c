/* See batch.h: a run from its beginning to its end.  work.c has what is done with one article, ring.c the threads,
 * writer.c what comes out. */
#include "batch/run_p.h"

#include <unistd.h>

/* Is there a run to go on with?  Its output is opened where it stopped. */
static bool
take_up(Run *run, Error *err)
{
    const Batch *batch = run->batch;
    Checkpoint then;

    if (!batch->resume || !checkpoint_read(batch->output, &then))
        return false;
    if (then.print != run->last.print)
        return error_set(err, ERROR_USAGE, batch->output, 0, 0, NULL, 0,
                         "what was interrupted had other inputs or options; without --resume it is begun anew");
    if (!output_reopen(&run->output, batch->output, then.output, err))
        return false;
    run->last = then;
    run->past = then.records;
    run->count = then.count;
    return true;
}

static bool
open_files(Run *run, Error *err)
{
    const Batch *batch = run->batch;
    bool goes_on;

    if (batch->resume && (batch->output == NULL || strcmp(batch->output, "-") == 0))
        return error_set(err, ERROR_USAGE, NULL, 0, 0, NULL, 0, "--resume needs -o FILE");
    run->last.print = checkpoint_print(batch);
    goes_on = take_up(run, err);
    if (!goes_on && (err->kind != ERROR_NONE || !output_open(&run->output, batch->output, err)))
        return false;
    if (run->output.lasting && !goes_on)
        checkpoint_remove(batch->output); /* of a run that is forgotten */
    return faults_open(&run->faults, batch->errors, goes_on, run->last.errors, err);
}

static BatchStatus
finish(Run *run, Error *err)
{
    const BatchCount *count = &run->count;
    bool nothing = count->records == 0 && count->written == 0 && count->failed + count->unread > 0;

    if (!run_is_whole(run, err))
        return BATCH_NOTHING;
    if (run->output.lasting && output_flush(&run->output, err))
        checkpoint_remove(run->batch->output);
    if (!output_close(&run->output, !nothing, err)) {
        if (run->output.closed_pipe)
            *err = (Error){0};
        return BATCH_NOTHING;
    }
    return nothing ? BATCH_NOTHING : count->failed ? BATCH_SOME : BATCH_ALL;
}

/* What could not be begun is left as it was. */
static void
leave(Run *run)
{
    Error ignored = {0};

    if (run->last.records == 0 && run->output.fd > STDERR_FILENO)
        output_close(&run->output, false, &ignored);
}

BatchStatus
batch_run(const Batch *batch, BatchCount *count, Error *err)
{
    Run run = {.batch = batch, .output.fd = -1};
    InputOptions input = *batch->input;
    BatchStatus status = BATCH_NOTHING;
    bool ran = false;

    if (open_files(&run, err)) {
        input.written[0] = batch->output;
        input.written[1] = batch->errors;
        run.input = input_open(batch->inputs, batch->input_count, &input);
        ran = batch->threads < 2 || run_threads(&run, err);
        if (ran && batch->threads < 2)
            run_alone(&run);
    }
    if (ran)
        status = finish(&run, err);
    else
        leave(&run);
    if (!faults_close(&run.faults, err))
        status = BATCH_NOTHING;
    *count = run.count;
    seen_close(&run.seen);
    input_close(run.input);
    return status;
}
