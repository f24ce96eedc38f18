/* What a worker does with one article: read it, run the stages, and make of it what the command wants. */
#include "batch/run_p.h"

#include "base/hash.h"
#include "input/formats.h"
#include "input/jread.h"

void
worker_init(Worker *w, const Batch *batch)
{
    *w = (Worker){.batch = batch};
    arena_init(&w->arena);
}

void
worker_close(Worker *w)
{
    if (w->scratch)
        scratch_free(w->scratch);
    arena_close(&w->arena);
}

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

/* The article before its first stage. */
static bool
read_article(Worker *w, Slot *slot, Article *a)
{
    const Batch *batch = w->batch;
    Reading reading = {batch->input, batch->rules, w->scratch, &w->arena};
    Record record;

    if (!input_read(&slot->raw, &reading, &record, &slot->err))
        return false;
    buf_str(&slot->id, record.id);
    if (!input_article(a, &w->arena, &record, batch->input, &slot->err))
        return false;
    slot->warning = a->warning;
    slot->text = a->len;
    if (batch->dedupe)
        slot->hash = batch->dedupe == DEDUPE_ID ? hash_bytes(a->id, strlen(a->id)) : hash_bytes(a->text, a->len);
    a->explain = batch->explain;
    if (a->language == NULL)
        a->language = batch->language;
    return true;
}

static void
make_article(Worker *w, Slot *slot)
{
    const Batch *batch = w->batch;
    Times *times = batch->times ? &w->times : NULL;
    Article a;

    if (times)
        times_begin(times);
    if (!read_article(w, slot, &a) || slot->past || (batch->known && batch->known(&a, batch->context)))
        return;
    if (times)
        times_mark(times, &times->read);
    if (pipeline_run(&a, batch->rules, w->scratch, batch->stop_after, times ? times_stage : NULL, times, &slot->err))
        batch->make(&a, batch->rules, &w->arena, &slot->out, batch->context, &slot->err);
    if (times) {
        times_mark(times, &times->write);
        times_article(times, &a);
    }
}

void
worker_do(Worker *w, Slot *slot)
{
    if (slot->fault || (slot->past && !w->batch->dedupe))
        return;
    if (w->batch->takes_graphs && is_graph(&slot->raw)) {
        buf_add(&slot->out, slot->raw.bytes.bytes, slot->raw.bytes.len);
        return;
    }
    if (w->scratch == NULL)
        w->scratch = scratch_new(w->batch->rules);
    arena_reset(&w->arena);
    make_article(w, slot);
    if (slot->err.kind != ERROR_NONE && slot->err.path[0] == '\0')
        input_place(&slot->err, &slot->raw);
}
