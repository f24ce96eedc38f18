/* Putting out, in input order: results, what failed, and now and then how far the run has come. */
#include "batch/run_p.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static const double CHECKPOINT_SECONDS = 0.25;

static void
give_up(Run *run, const Error *err)
{
    const BatchListener *who = &run->batch->listener;
    bool kept = run->output.lasting && run->last.output && err->kind != ERROR_USAGE;
    Error ignored = {0};

    if (!run->output.lasting)
        output_close(&run->output, false, &ignored);
    if (who->stopped)
        who->stopped(who->self, run->output.closed_pipe ? NULL : err, kept);
    fflush(stderr);
    _Exit(BATCH_NOTHING);
}

void
run_flush(Run *run)
{
    Error err = {0};

    if (!output_flush(&run->output, &err))
        give_up(run, &err);
}

static double
seconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC_COARSE, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Write down, now and then, how far the run has come. */
static void
keep_place(Run *run, const Slot *slot)
{
    double at = seconds();
    Error err = {0};

    run->last.records++;
    run->last.trail = slot->trail;
    if (!run->output.lasting || at - run->last_at < CHECKPOINT_SECONDS)
        return;
    run->last_at = at;
    run_flush(run);
    if (!faults_flush(&run->faults, &run->last.errors, &err))
        give_up(run, &err);
    run->last.output = run->output.written;
    run->last.count = run->count;
    checkpoint_write(run->batch->output, &run->last); /* if it fails, an older one is as good */
}

static void
tell_fault(Run *run, const Slot *slot, const Error *err, bool is_warning)
{
    const BatchListener *who = &run->batch->listener;

    if (who->fault)
        who->fault(who->self, err);
    faults_add(&run->faults, err, &slot->raw, &slot->id, is_warning);
}

/* Hand over what was made of a good article; false, with the slot's error, if it is refused. */
static bool
hand_over(Run *run, Slot *slot)
{
    const Batch *batch = run->batch;
    Error err = {0};

    if (batch->take == NULL) {
        if (!output_write(&run->output, slot->out.bytes, slot->out.len, &err))
            give_up(run, &err);
        return true;
    }
    if (batch->take(slot->out.bytes, slot->out.len, batch->context, &slot->err))
        return true;
    if (slot->err.kind != ERROR_INPUT)
        give_up(run, &slot->err);
    input_place(&slot->err, &slot->raw);
    return false;
}

static void
put_article(Run *run, Slot *slot)
{
    BatchCount *count = &run->count;
    Error doubt = {0};

    count->records += !slot->fault;
    count->text += slot->text;
    if (slot->err.kind == ERROR_NONE && slot->hash && !seen_add(&run->seen, slot->hash)) {
        count->duplicates++;
    } else if (slot->err.kind == ERROR_NONE && hand_over(run, slot)) {
        count->written++;
        if (slot->warning) {
            error_set(&doubt, ERROR_INPUT, slot->raw.path, slot->raw.line, 0, NULL, 0, "%s", slot->warning);
            tell_fault(run, slot, &doubt, true);
        }
    } else {
        *(slot->err.kind == ERROR_SKIP ? &count->unread : &count->failed) += 1;
        tell_fault(run, slot, &slot->err, false);
    }
}

static bool
say_strayed(const Run *run, Error *err)
{
    return error_set(err, ERROR_USAGE, run->batch->output, 0, 0, NULL, 0,
                     "the inputs are not what they were when the run was interrupted; without --resume it is begun anew");
}

bool
run_is_whole(const Run *run, Error *err)
{
    return run->passed == run->past || say_strayed(run, err);
}

/* What an earlier run is done with, if it still is what it was. */
static void
pass_over(Run *run, const Slot *slot)
{
    Error err = {0};

    if (slot->hash)
        seen_add(&run->seen, slot->hash);
    if (++run->passed == run->past && slot->trail != run->last.trail && !say_strayed(run, &err))
        give_up(run, &err);
}

void
run_put_out(Run *run, Slot *slot)
{
    const BatchListener *who = &run->batch->listener;

    if (!slot->past) {
        put_article(run, slot);
        keep_place(run, slot);
    } else {
        pass_over(run, slot);
    }
    run->count.bytes_done = slot->bytes_done;
    if (who->count)
        who->count(who->self, &run->count);
}
