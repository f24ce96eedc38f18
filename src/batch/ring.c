/* The threads.  The slots form a ring: the reader fills the next one, a worker takes the oldest that is full, the writer
 * puts out the oldest that is done.  Three counters that only grow say where each of them is; the reader waits where the
 * ring is full, or holds so much that memory would grow with the number of slots.  To wake a thread costs as much as a good part of
 * an article: the reader is woken when half of the ring is free, the writer when there is something worth it or nothing else to do. */
#include "batch/run_p.h"

#include "base/hash.h"
#include "base/mem.h"

#include <pthread.h>
#include <stdlib.h>

enum {
    SLOTS_PER_THREAD = 16,
    WORTH_WRITING = 4, /* slots for each thread */
    HELD_MOST = 32 << 20, /* bytes of records in the ring, if there is more than one */
    KEEP = 1 << 20        /* a buffer that has grown beyond this is not kept for the next article */
};

typedef struct {
    Slot slot;
    size_t held; /* bytes of its record as it was read */
    bool done;
} Place;

typedef struct {
    Run *run;
    pthread_mutex_t lock;
    pthread_cond_t may_read, may_work, may_write;
    Place *places;
    uint32_t count;
    uint64_t read, taken, written;
    uint32_t done; /* slots that are, and not yet put out */
    size_t held; /* bytes of the records that were read and not yet put out */
    bool over;   /* all is read */
} Ring;

/* ---- slots */

/* Where a record is, and how long, or where the fault is. */
static uint64_t
add_place(uint64_t trail, const Slot *slot)
{
    const char *path = slot->fault ? slot->err.path : slot->raw.path;

    if (!slot->fault)
        trail = hash_pair(trail, hash_pair(slot->raw.number, slot->raw.bytes.len));
    return hash_pair(trail, hash_bytes(path, strlen(path)));
}

bool
slot_fill(Slot *slot, Run *run)
{
    InputResult result;

    slot->err = (Error){0};
    buf_clear(&slot->out);
    buf_clear(&slot->id);
    slot->hash = 0;
    slot->text = 0;
    slot->warning = NULL;
    result = input_next(run->input, &slot->raw, &slot->err);
    if (result == INPUT_END)
        return false;
    slot->fault = result == INPUT_FAULT;
    slot->past = run->cut++ < run->past;
    slot->trail = run->trail = add_place(run->trail, slot);
    slot->bytes_done = input_done(run->input);
    return true;
}

static void
shrink(Slot *slot)
{
    if (slot->raw.bytes.room > KEEP)
        buf_close(&slot->raw.bytes);
    if (slot->out.room > KEEP)
        buf_close(&slot->out);
}

void
slot_close(Slot *slot)
{
    input_raw_close(&slot->raw);
    buf_close(&slot->out);
    buf_close(&slot->id);
}

/* ---- what each thread does; the lock is held but where a comment says otherwise */

static bool
is_full(const Ring *r)
{
    return r->read - r->written == r->count || (r->held > HELD_MOST && r->read > r->written);
}

/* Is it worth while to wake the reader?  (Each slot that is put out brings this nearer, so that it is woken at last.) */
static bool
has_much_room(const Ring *r)
{
    return r->read - r->written <= r->count / 2 && (r->held <= HELD_MOST / 2 || r->read == r->written);
}

/* Is it worth while to wake the writer?  (Whoever does the last slot that was read wakes it.) */
static bool
has_much_done(const Ring *r)
{
    return r->places[r->written % r->count].done &&
           (r->done >= r->count / SLOTS_PER_THREAD * WORTH_WRITING || r->taken == r->read);
}

static void *
reader_main(void *arg)
{
    Ring *r = arg;
    bool more = true;

    pthread_mutex_lock(&r->lock);
    while (more) {
        Place *place;
        while (is_full(r))
            pthread_cond_wait(&r->may_read, &r->lock);
        place = &r->places[r->read % r->count];
        pthread_mutex_unlock(&r->lock); /* the place is the reader's alone until it is counted */
        more = slot_fill(&place->slot, r->run);
        pthread_mutex_lock(&r->lock);
        if (more) {
            r->read++;
            place->held = place->slot.raw.bytes.len;
            r->held += place->held;
            pthread_cond_signal(&r->may_work);
        }
    }
    r->over = true;
    pthread_cond_broadcast(&r->may_work);
    pthread_cond_signal(&r->may_write);
    pthread_mutex_unlock(&r->lock);
    return NULL;
}

static void *
worker_main(void *arg)
{
    Ring *r = arg;
    Worker w;

    worker_init(&w, r->run->batch);
    pthread_mutex_lock(&r->lock);
    for (;;) {
        Place *place;
        while (r->taken == r->read && !r->over)
            pthread_cond_wait(&r->may_work, &r->lock);
        if (r->taken == r->read)
            break;
        place = &r->places[r->taken++ % r->count];
        pthread_mutex_unlock(&r->lock); /* nobody else has it now */
        worker_do(&w, &place->slot);
        pthread_mutex_lock(&r->lock);
        place->done = true;
        r->done++;
        if (has_much_done(r))
            pthread_cond_signal(&r->may_write);
    }
    if (w.batch->times)
        times_add(w.batch->times, &w.times);
    pthread_mutex_unlock(&r->lock);
    worker_close(&w);
    return NULL;
}

/* The next in order, once it is done; NULL when all is put out. */
static Place *
next_done(Ring *r)
{
    Place *place = &r->places[r->written % r->count];
    bool more;

    pthread_mutex_lock(&r->lock);
    while (!(r->written < r->read && place->done) && !(r->over && r->written == r->read)) {
        if (r->run->output.waiting.len) { /* nothing to do: let the reader of our output have what there is */
            pthread_mutex_unlock(&r->lock);
            run_flush(r->run);
            pthread_mutex_lock(&r->lock);
            continue;
        }
        pthread_cond_wait(&r->may_write, &r->lock);
    }
    more = r->written < r->read;
    pthread_mutex_unlock(&r->lock);
    return more ? place : NULL;
}

static void
write_all(Ring *r)
{
    Place *place;

    while ((place = next_done(r)) != NULL) {
        run_put_out(r->run, &place->slot);
        shrink(&place->slot);
        pthread_mutex_lock(&r->lock);
        place->done = false;
        r->done--;
        r->written++;
        r->held -= place->held;
        if (has_much_room(r))
            pthread_cond_signal(&r->may_read);
        pthread_mutex_unlock(&r->lock);
    }
}

/* ---- the whole */

bool
run_threads(Run *run, Error *err)
{
    uint32_t threads = run->batch->threads, started = 0;
    Ring r = {.run = run, .count = threads * SLOTS_PER_THREAD, .lock = PTHREAD_MUTEX_INITIALIZER, .may_read = PTHREAD_COND_INITIALIZER,
              .may_work = PTHREAD_COND_INITIALIZER, .may_write = PTHREAD_COND_INITIALIZER};
    pthread_t reader, *workers = mem_alloc(threads * sizeof *workers);
    bool good;

    r.places = mem_zero(r.count, sizeof *r.places);
    while (started < threads && pthread_create(&workers[started], NULL, worker_main, &r) == 0)
        started++;
    good = started && pthread_create(&reader, NULL, reader_main, &r) == 0;
    if (good) {
        write_all(&r);
        pthread_join(reader, NULL);
    } else {
        error_set(err, ERROR_IO, NULL, 0, 0, NULL, 0, "no thread can be started; try again with -j 1");
        pthread_mutex_lock(&r.lock);
        r.over = true;
        pthread_cond_broadcast(&r.may_work);
        pthread_mutex_unlock(&r.lock);
    }
    for (uint32_t i = 0; i < started; i++)
        pthread_join(workers[i], NULL);
    for (uint32_t i = 0; i < r.count; i++)
        slot_close(&r.places[i].slot);
    free(r.places);
    free(workers);
    return good;
}

void
run_alone(Run *run)
{
    Worker w;
    Slot slot = {0};

    worker_init(&w, run->batch);
    while (slot_fill(&slot, run)) {
        worker_do(&w, &slot);
        run_put_out(run, &slot);
        shrink(&slot);
        if (!run->output.lasting) /* who waits for it may have it now */
            run_flush(run);
    }
    if (w.batch->times)
        times_add(w.batch->times, &w.times);
    worker_close(&w);
    slot_close(&slot);
}
