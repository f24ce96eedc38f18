/* See batch.h.  The slots form a ring: the reader fills the next one, a worker takes the oldest that is full, the
 * writer puts out the oldest that is done.  Three counters that only grow say where each of them is. */
#include "cli/batch.h"

#include "base/hash.h"
#include "base/mem.h"
#include "cli/cli.h"
#include "cli/resume.h"
#include "cli/seen.h"
#include "cli/times.h"
#include "input/jread.h"
#include "input/formats.h"
#include "pipeline.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
    SLOTS_PER_THREAD = 4,
    LOG_SECONDS = 60, /* between lines of progress where they stay */
    KEEP = 8 << 20 /* a buffer that has grown beyond this is not kept for the next article */
};

static const double CHECKPOINT_SECONDS = 0.25;

/* One article on its way. */
typedef struct {
    RawRecord raw;
    Buf out;     /* what was made of it */
    Buf id;      /* its id, once it is known */
    Error err;   /* what is wrong with it */
    bool fault;  /* it was never read: err says why */
    bool past;   /* an earlier run is done with it */
    uint64_t hash; /* with --dedupe: of its id or text */
    const char *warning; /* what is doubtful in it, or NULL */
    bool done;
    uint64_t bytes_done, bytes_all; /* how far the input is */
} Slot;

typedef struct {
    const Batch *batch;
    Input *input;
    Output output;
    FILE *errors;
    Terminal terminal; /* standard error */
    Times times;       /* of all workers that have ended */
    bool show_progress;
    double begun, shown;
    uint64_t articles, failed, skipped, records;
    Seen seen;
    uint64_t cut;        /* records that were cut, in all */
    Checkpoint last;     /* from here the run goes on if it is interrupted */
    double last_at;

    /* for threads */
    pthread_mutex_t lock;
    pthread_cond_t may_read, may_work, may_write;
    Slot *slots;
    uint32_t slot_count;
    uint64_t read, taken, written;
    bool over;
} Run;

typedef struct {
    const Batch *batch;
    Scratch *scratch; /* made when the first article comes */
    Arena arena;
    Times times; /* with --time */
} Worker;

/* ---- one article */

/* Does the record say of itself, among its own keys, that it is a graph?  Whether it is a sound one is for whoever takes
 * it to say. */
static bool
is_graph(RawRecord *raw)
{
    static const char SCHEMA[] = "\"schema\"", VERSION[] = "\"onrecord/1\"";
    JReader j = {.bytes = raw->bytes.bytes, .len = raw->bytes.len};

    if (strcmp(raw->format->name, "jsonl") != 0 || memmem(j.bytes, j.len, VERSION, sizeof VERSION - 1) == NULL)
        return false;
    if (!jread_expect(&j, '{', ""))
        return false;
    while (jread_peek(&j) == '"') {
        const char *key = j.bytes + j.at;
        if (!jread_skip(&j) || !jread_expect(&j, ':', ""))
            return false;
        jread_peek(&j);
        if (strncmp(key, SCHEMA, sizeof SCHEMA - 1) == 0)
            return j.len - j.at > sizeof VERSION && memcmp(j.bytes + j.at, VERSION, sizeof VERSION - 1) == 0;
        if (!jread_skip(&j) || !jread_expect(&j, ',', ""))
            return false;
    }
    return false;
}

static void
work(Worker *w, Slot *slot)
{
    const Options *o = w->batch->options;
    Times *times = o->time ? &w->times : NULL;
    Reading reading;
    Record record;
    Article a;

    buf_clear(&slot->out);
    buf_clear(&slot->id);
    slot->hash = 0;
    slot->warning = NULL;
    if (slot->fault || (slot->past && !o->dedupe))
        return;
    if (w->batch->takes_graphs && is_graph(&slot->raw)) {
        buf_add(&slot->out, slot->raw.bytes.bytes, slot->raw.bytes.len);
        return;
    }
    if (w->scratch == NULL)
        w->scratch = scratch_new(w->batch->rules);
    arena_reset(&w->arena);
    if (times)
        times_begin(times);
    reading = (Reading){&o->input, w->batch->rules, w->scratch, &w->arena};
    if (input_read(&slot->raw, &reading, &record, &slot->err)) {
        buf_str(&slot->id, record.id);
        if (input_article(&a, &w->arena, &record, &o->input, &slot->err)) {
            slot->warning = a.warning;
            if (o->dedupe)
                slot->hash = o->dedupe == DEDUPE_ID ? hash_bytes(a.id, strlen(a.id)) : hash_bytes(a.text, a.len);
            if (slot->past)
                return;
            a.explain = w->batch->explain;
            if (a.language == NULL)
                a.language = o->language;
            if (times)
                times_mark(times, &times->read);
            if (w->batch->known && w->batch->known(&a, w->batch->context))
                return;
            if (pipeline_run(&a, w->batch->rules, w->scratch, o->stop_after, times ? times_stage : NULL, times, &slot->err))
                w->batch->make(&a, w->batch->rules, &w->arena, &slot->out, w->batch->context, &slot->err);
            if (times) {
                times_mark(times, &times->write);
                times_article(times, &a);
            }
        }
    }
    if (slot->err.kind != ERROR_NONE && slot->err.path[0] == '\0') {
        snprintf(slot->err.path, sizeof slot->err.path, "%s", slot->raw.path);
        slot->err.line = slot->raw.line;
    }
}

static void
worker_close(Worker *w, Run *run)
{
    times_add(&run->times, &w->times);
    if (w->scratch)
        scratch_free(w->scratch);
    arena_close(&w->arena);
}

/* Cut the next record into a slot; false at the end. */
static bool
fill(Run *run, Slot *slot)
{
    InputResult result;

    slot->err = (Error){0};
    if (slot->raw.bytes.room > KEEP)
        buf_close(&slot->raw.bytes);
    if (slot->out.room > KEEP)
        buf_close(&slot->out);
    result = input_next(run->input, &slot->raw, &slot->err);
    slot->fault = result == INPUT_FAULT;
    slot->past = run->cut++ < run->last.records;
    input_progress(run->input, &slot->bytes_done, &slot->bytes_all);
    return result != INPUT_END;
}

/* ---- putting out */

static double
now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
show_progress(Run *run, const Slot *slot, bool last)
{
    double at = now(), seconds = at - run->begun;
    char of[48] = "";

    if (!run->show_progress || (!last && at - run->shown < (run->terminal.is_terminal ? 0.2 : LOG_SECONDS)))
        return;
    run->shown = at;
    if (slot->bytes_all)
        snprintf(of, sizeof of, " of %.1f MB (%.0f %%)", (double)slot->bytes_all / 1e6,
                 100 * (double)slot->bytes_done / (double)slot->bytes_all);
    fprintf(stderr, "%s%llu articles, %llu failed, %.1f MB%s, %.1f MB/s%s", run->terminal.is_terminal ? "\r\x1b[K" : "",
            (unsigned long long)run->articles, (unsigned long long)run->failed, (double)slot->bytes_done / 1e6, of,
            seconds > 0 ? (double)slot->bytes_done / 1e6 / seconds : 0,
            last || !run->terminal.is_terminal ? "\n" : "");
    fflush(stderr);
}

/* Say what is wrong, or doubtful, and write it to the list. */
static void
note(Run *run, const Slot *slot)
{
    Buf line = {0};

    if (run->show_progress && run->terminal.is_terminal)
        fputs("\r\x1b[K", stderr);
    if (!run->batch->options->quiet)
        say_error(&slot->err);
    if (run->errors == NULL)
        return;
    buf_str(&line, "{\"source\":");
    buf_json(&line, slot->err.path, strlen(slot->err.path));
    buf_printf(&line, ",\"position\":{\"record\":%llu", (unsigned long long)slot->raw.number);
    if (slot->err.line)
        buf_printf(&line, ",\"line\":%zu", slot->err.line);
    if (slot->err.column)
        buf_printf(&line, ",\"column\":%zu", slot->err.column);
    buf_char(&line, '}');
    if (slot->id.len) {
        buf_str(&line, ",\"id\":");
        buf_json(&line, slot->id.bytes, slot->id.len);
    }
    buf_printf(&line, ",\"%s\":", slot->warning ? "warning" : "reason");
    buf_json(&line, slot->err.message, strlen(slot->err.message));
    buf_str(&line, "}\n");
    fwrite(line.bytes, 1, line.len, run->errors);
    buf_close(&line);
}

/* Output that cannot be written ends the program at once: other threads may hang in reading standard input. */
static void
give_up(Run *run, const Error *err)
{
    bool quiet = run->output.closed_pipe; /* the reader has seen enough */
    Error ignored = {0};

    if (!run->output.lasting)
        output_close(&run->output, false, &ignored);
    if (!quiet)
        say_error(err);
    if (run->output.lasting && run->last.output)
        say("what is done is kept; --resume goes on from there");
    fflush(stderr);
    _Exit(STATUS_NOTHING);
}

/* Write down, now and then, how far the run has come. */
static void
keep_place(Run *run)
{
    double at = now();
    Error err = {0};

    run->last.records++;
    if (!run->output.lasting || at - run->last_at < CHECKPOINT_SECONDS)
        return;
    run->last_at = at;
    if (!output_flush(&run->output, &err))
        give_up(run, &err);
    if (run->errors)
        fflush(run->errors);
    run->last.output = run->output.written;
    run->last.errors = run->errors ? (uint64_t)ftello(run->errors) : 0;
    run->last.articles = run->articles;
    run->last.failed = run->failed;
    run->last.skipped = run->skipped;
    checkpoint_write(run->batch->options->output, &run->last); /* if it fails, an older one is as good */
}

static void
put_out(Run *run, Slot *slot)
{
    const Batch *batch = run->batch;
    Error err = {0};

    if (slot->past) {
        if (slot->hash)
            seen_add(&run->seen, slot->hash);
        return;
    }
    run->records += !slot->fault;
    if (slot->hash && slot->err.kind == ERROR_NONE && !seen_add(&run->seen, slot->hash)) {
        run->skipped++;
        keep_place(run);
        return;
    }
    if (slot->err.kind == ERROR_NONE && batch->take &&
        !batch->take(slot->out.bytes, slot->out.len, batch->context, &slot->err)) {
        if (slot->err.kind != ERROR_INPUT)
            give_up(run, &slot->err);
        snprintf(slot->err.path, sizeof slot->err.path, "%s", slot->raw.path);
        slot->err.line = slot->raw.line;
    }
    if (slot->err.kind != ERROR_NONE) {
        slot->warning = NULL;
        run->failed++;
        note(run, slot);
    } else if (batch->take)
        run->articles++;
    else {
        run->articles++;
        if (!output_write(&run->output, slot->out.bytes, slot->out.len, &err))
            give_up(run, &err);
    }
    if (slot->warning && slot->err.kind == ERROR_NONE) {
        error_set(&slot->err, ERROR_INPUT, slot->raw.path, slot->raw.line, 0, NULL, 0, "%s", slot->warning);
        note(run, slot);
    }
    keep_place(run);
    show_progress(run, slot, false);
}

/* ---- threads */

static void *
reader_main(void *arg)
{
    Run *run = arg;
    bool more = true;

    while (more) {
        Slot *slot;
        pthread_mutex_lock(&run->lock);
        while (run->read - run->written == run->slot_count)
            pthread_cond_wait(&run->may_read, &run->lock);
        slot = &run->slots[run->read % run->slot_count];
        pthread_mutex_unlock(&run->lock);
        more = fill(run, slot);
        pthread_mutex_lock(&run->lock);
        if (more)
            run->read++;
        else
            run->over = true;
        if (more)
            pthread_cond_signal(&run->may_work);
        else {
            pthread_cond_broadcast(&run->may_work);
            pthread_cond_signal(&run->may_write);
        }
        pthread_mutex_unlock(&run->lock);
    }
    return NULL;
}

static void *
worker_main(void *arg)
{
    Run *run = arg;
    Worker w = {.batch = run->batch};

    arena_init(&w.arena);
    pthread_mutex_lock(&run->lock);
    for (;;) {
        Slot *slot;
        while (run->taken == run->read && !run->over)
            pthread_cond_wait(&run->may_work, &run->lock);
        if (run->taken == run->read)
            break;
        slot = &run->slots[run->taken++ % run->slot_count];
        pthread_mutex_unlock(&run->lock);
        work(&w, slot);
        pthread_mutex_lock(&run->lock);
        slot->done = true;
        if (slot == &run->slots[run->written % run->slot_count])
            pthread_cond_signal(&run->may_write);
    }
    worker_close(&w, run);
    pthread_mutex_unlock(&run->lock);
    return NULL;
}

/* True while there are results to come; then *slot is the next in order. */
static bool
next_done(Run *run, Slot **slot)
{
    bool more;

    pthread_mutex_lock(&run->lock);
    *slot = &run->slots[run->written % run->slot_count];
    while (!(run->written < run->read && (*slot)->done) && !(run->over && run->written == run->read)) {
        if (run->output.waiting.len) { /* nothing to do: let the reader of our output have what there is */
            Error err = {0};
            pthread_mutex_unlock(&run->lock);
            if (!output_flush(&run->output, &err))
                give_up(run, &err);
            pthread_mutex_lock(&run->lock);
            continue;
        }
        pthread_cond_wait(&run->may_write, &run->lock);
    }
    more = run->written < run->read;
    pthread_mutex_unlock(&run->lock);
    return more;
}

static void
run_threads(Run *run, uint32_t threads)
{
    pthread_t reader, *workers = mem_alloc(threads * sizeof *workers);
    uint32_t started = 0;
    Slot *slot;

    run->slot_count = threads * SLOTS_PER_THREAD;
    run->slots = mem_zero(run->slot_count, sizeof *run->slots);
    pthread_mutex_init(&run->lock, NULL);
    pthread_cond_init(&run->may_read, NULL);
    pthread_cond_init(&run->may_work, NULL);
    pthread_cond_init(&run->may_write, NULL);
    while (started < threads && pthread_create(&workers[started], NULL, worker_main, run) == 0)
        started++;
    if (started == 0 || pthread_create(&reader, NULL, reader_main, run) != 0) {
        say("no thread can be started; try again with -j 1");
        exit(STATUS_NOTHING);
    }
    while (next_done(run, &slot)) {
        put_out(run, slot);
        slot->done = false;
        pthread_mutex_lock(&run->lock);
        run->written++;
        pthread_cond_signal(&run->may_read);
        pthread_mutex_unlock(&run->lock);
    }
    pthread_join(reader, NULL);
    for (uint32_t i = 0; i < started; i++)
        pthread_join(workers[i], NULL);
    free(workers);
}

static void
run_alone(Run *run)
{
    Worker w = {.batch = run->batch};

    arena_init(&w.arena);
    run->slot_count = 1;
    run->slots = mem_zero(1, sizeof *run->slots);
    while (fill(run, run->slots)) {
        Error err = {0};
        work(&w, run->slots);
        put_out(run, run->slots);
        if (!output_flush(&run->output, &err)) /* who waits for it may have it now */
            give_up(run, &err);
    }
    worker_close(&w, run);
}

/* ---- the whole */

/* An empty file is an answer to give nothing for; an empty folder is more likely the wrong one. */
static bool
only_folders(const Options *o)
{
    struct stat st;

    for (uint32_t i = 0; i < o->input_count; i++)
        if (stat(o->inputs[i], &st) != 0 || !S_ISDIR(st.st_mode))
            return false;
    return true;
}

static int
finish(Run *run)
{
    Error err = {0};
    bool nothing = run->records == 0 && run->articles == 0 && run->failed > 0;

    show_progress(run, &run->slots[run->written % run->slot_count], true);
    if (run->output.lasting && output_flush(&run->output, &err))
        checkpoint_remove(run->batch->options->output);
    if (!output_close(&run->output, !nothing, &err)) {
        if (!run->output.closed_pipe)
            say_error(&err);
        return STATUS_NOTHING;
    }
    if (run->batch->options->time) {
        Buf report = {0};
        times_report(&run->times, &report);
        fwrite(report.bytes, 1, report.len, stderr);
        buf_close(&report);
    }
    if (run->failed + run->articles + run->skipped == 0 && !run->batch->options->quiet && only_folders(run->batch->options))
        say("there is no article in %s; names that begin with a dot are passed over", run->batch->options->inputs[0]);
    if (run->failed + run->skipped > 1 && !run->batch->options->quiet)
        say("%llu articles: %llu written, %llu failed, %llu skipped as duplicates", (unsigned long long)(run->articles + run->failed + run->skipped),
            (unsigned long long)run->articles, (unsigned long long)run->failed, (unsigned long long)run->skipped);
    return nothing ? STATUS_NOTHING : run->failed ? STATUS_SOME : STATUS_OK;
}

/* Is there a run to go on with?  Its output is opened where it stopped. */
static bool
take_up(Run *run, Error *err)
{
    const Options *o = run->batch->options;
    Checkpoint then;

    if (!o->resume || !checkpoint_read(o->output, &then))
        return false;
    if (then.print != run->last.print)
        return error_set(err, ERROR_USAGE, o->output, 0, 0, NULL, 0,
                         "what was interrupted had other inputs or options; without --resume it is begun anew");
    if (!output_reopen(&run->output, o->output, then.output, err))
        return false;
    run->last = then;
    run->articles = then.articles;
    run->failed = then.failed;
    run->skipped = then.skipped;
    return true;
}

static bool
open_files(Run *run, Error *err)
{
    const Options *o = run->batch->options;

    if (o->resume && (o->output == NULL || strcmp(o->output, "-") == 0))
        return error_set(err, ERROR_USAGE, NULL, 0, 0, NULL, 0, "--resume needs -o FILE");
    run->last.print = resume_print(o);
    if (!take_up(run, err) && (err->kind != ERROR_NONE || !output_open(&run->output, o->output, err)))
        return false;
    if (run->output.lasting && run->last.records == 0)
        checkpoint_remove(o->output); /* of a run that is forgotten */
    if (o->errors == NULL)
        return true;
    run->errors = run->last.records ? fopen(o->errors, "r+e") : fopen(o->errors, "we");
    if (run->errors && (run->last.records == 0 || (ftruncate(fileno(run->errors), (off_t)run->last.errors) == 0 &&
                                                   fseeko(run->errors, 0, SEEK_END) == 0)))
        return true;
    return error_set(err, ERROR_IO, o->errors, 0, 0, NULL, 0, "it cannot be written: %m");
}

static bool
begin(Run *run, Error *err)
{
    const Options *o = run->batch->options;

    if (!open_files(run, err))
        return false;
    run->terminal = terminal_look(stderr, COLOR_AUTO);
    run->show_progress = o->progress == PROGRESS_ALWAYS ||
                         (o->progress == PROGRESS_AUTO && !o->quiet && run->terminal.is_terminal &&
                          (o->output || run->batch->take || !terminal_look(stdout, COLOR_AUTO).is_terminal));
    run->begun = run->shown = now();
    run->input = input_open(o->inputs, o->input_count, &o->input);
    return true;
}

int
batch_run(const Batch *batch)
{
    Run run = {.batch = batch, .output.fd = -1};
    Error err = {0};
    int status = STATUS_NOTHING;

    if (!begin(&run, &err)) {
        Error ignored = {0};
        if (run.last.records == 0 && run.output.fd > STDERR_FILENO)
            output_close(&run.output, false, &ignored);
        say_error(&err);
        goto done;
    }
    if (batch->options->threads > 1)
        run_threads(&run, batch->options->threads);
    else
        run_alone(&run);
    status = finish(&run);
done:
    if (run.errors && (ferror(run.errors) | fclose(run.errors))) {
        say("%s: the list of failed articles could not be written", batch->options->errors);
        status = STATUS_NOTHING;
    }
    for (uint32_t i = 0; i < run.slot_count; i++) {
        input_raw_close(&run.slots[i].raw);
        buf_close(&run.slots[i].out);
        buf_close(&run.slots[i].id);
    }
    free(run.slots);
    seen_close(&run.seen);
    input_close(run.input);
    return status;
}
