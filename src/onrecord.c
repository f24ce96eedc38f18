/* The public face: the pipeline and the writer behind a few functions that do not show their insides. */
#include "onrecord.h"

#include "base/mem.h"
#include "graph/graph.h"
#include "input/formats.h"
#include "input/jread.h"
#include "pipeline.h"
#include "text/utf8.h"

#include <stdio.h>
#include <stdlib.h>

struct OnrecordRules {
    RuleSet *set;
};

struct OnrecordWorker {
    const RuleSet *rules;
    Scratch *scratch;
    Arena arena;
    Buf out;
    RawRecord raw;
};

enum { KEEP = 8 << 20 }; /* a buffer that has grown beyond this is not kept */

const char *
onrecord_version(void)
{
    return ONRECORD_VERSION;
}

void
onrecord_on_exhausted(void (*handler)(size_t size))
{
    mem_on_exhausted(handler);
}

static void
hand_over(OnrecordError *out, const Error *err)
{
    static const OnrecordStatus statuses[] = {
        [ERROR_NONE] = ONRECORD_OK, [ERROR_RULE] = ONRECORD_BAD_RULES,  [ERROR_INPUT] = ONRECORD_BAD_INPUT,
        [ERROR_IO] = ONRECORD_IO,   [ERROR_USAGE] = ONRECORD_BAD_CALL,  [ERROR_SKIP] = ONRECORD_BAD_INPUT,
    };

    if (out == NULL)
        return;
    out->status = statuses[err->kind];
    memcpy(out->path, err->path, sizeof out->path);
    memcpy(out->message, err->message, sizeof out->message);
    out->line = err->line;
    out->column = err->column;
}

/* ---- rules and workers */

OnrecordRules *
onrecord_rules_load(const char *const *dirs, size_t count, OnrecordError *out)
{
    Error err = {0};
    RuleSet *set = ruleset_load(dirs, (uint32_t)count, &err);
    OnrecordRules *rules = NULL;

    if (set) {
        rules = mem_alloc(sizeof *rules);
        rules->set = set;
    }
    hand_over(out, &err);
    return rules;
}

void
onrecord_rules_free(OnrecordRules *rules)
{
    if (rules == NULL)
        return;
    ruleset_free(rules->set);
    free(rules);
}

OnrecordWorker *
onrecord_worker_new(const OnrecordRules *rules)
{
    OnrecordWorker *worker = mem_zero(1, sizeof *worker);

    worker->rules = rules->set;
    worker->scratch = scratch_new(rules->set);
    arena_init(&worker->arena);
    return worker;
}

void
onrecord_worker_free(OnrecordWorker *worker)
{
    if (worker == NULL)
        return;
    scratch_free(worker->scratch);
    arena_close(&worker->arena);
    buf_close(&worker->out);
    input_raw_close(&worker->raw);
    free(worker);
}

/* ---- an article */

/* Meta must be an object on one line, or the result would be no JSON.  A checked copy. */
static bool
check_meta(OnrecordWorker *worker, const char **meta, Error *err)
{
    JReader j = {.len = strlen(*meta)};
    size_t bad;

    j.bytes = arena_copy(&worker->arena, *meta, j.len);
    if (!utf8_check(j.bytes, j.len, &bad) || memchr(j.bytes, '\n', j.len) || memchr(j.bytes, '\r', j.len) ||
        jread_peek(&j) != '{' || !jread_skip(&j) || (jread_peek(&j), j.at < j.len))
        return error_set(err, ERROR_USAGE, NULL, 0, 0, NULL, 0, "meta must be a JSON object on one line%s%s",
                         j.wrong ? ": " : "", j.wrong ? j.wrong : "");
    *meta = j.bytes;
    return true;
}

static const char *
first(const char *a, const char *b)
{
    return a ? a : b;
}

static bool
run(OnrecordWorker *worker, Record *record, const OnrecordOptions *o, Error *err)
{
    InputOptions input = {.strict = o->strict != 0};
    GraphOptions options = {(OffsetUnit)o->offsets, o->no_text != 0, o->quotes};
    Article a;
    Graph graph;

    record->uri = first(record->uri, o->uri);
    record->headline = first(record->headline, o->headline);
    record->byline = first(record->byline, o->byline);
    record->published = first(record->published, o->published);
    record->language = first(first(record->language, o->language), "en");
    if (record->meta == NULL && o->meta) {
        record->meta = o->meta;
        if (!check_meta(worker, &record->meta, err))
            return false;
    }
    if (!input_article(&a, &worker->arena, record, &input, err) ||
        !pipeline_run(&a, worker->rules, worker->scratch, NULL, NULL, NULL, err))
        return false;
    graph_build(&graph, &a, &worker->arena, &options);
    graph_write(&worker->out, &graph, &a, &worker->arena, &options);
    return true;
}

static void
begin(OnrecordWorker *worker)
{
    arena_reset(&worker->arena);
    if (worker->out.room > KEEP)
        buf_close(&worker->out);
    if (worker->raw.bytes.room > KEEP)
        buf_close(&worker->raw.bytes);
    buf_clear(&worker->out);
}

static const char *
finish(OnrecordWorker *worker, bool ok, size_t *out_len, OnrecordError *out, const Error *err)
{
    hand_over(out, err);
    if (!ok)
        return NULL;
    if (out_len)
        *out_len = worker->out.len;
    return worker->out.bytes;
}

static bool
check_call(const char *bytes, size_t len, const OnrecordOptions *o, Error *err)
{
    if (bytes == NULL && len)
        return error_set(err, ERROR_USAGE, NULL, 0, 0, NULL, 0, "there is a length but no text");
    if (o->offsets > ONRECORD_UTF16 || o->quotes > (ONRECORD_DIRECT | ONRECORD_MIXED | ONRECORD_INDIRECT))
        return error_set(err, ERROR_USAGE, NULL, 0, 0, NULL, 0, "an option has a value that it cannot have");
    return true;
}

const char *
onrecord_extract(OnrecordWorker *worker, const char *text, size_t len, const char *id, const OnrecordOptions *options,
                 size_t *out_len, OnrecordError *out)
{
    static const OnrecordOptions plain;
    Error err = {0};
    Record record = {.text = text ? text : "", .len = len, .id = id ? id : ""};
    bool ok;

    if (options == NULL)
        options = &plain;
    begin(worker);
    ok = check_call(text, len, options, &err) && run(worker, &record, options, &err);
    return finish(worker, ok, out_len, out, &err);
}

const char *
onrecord_extract_record(OnrecordWorker *worker, const char *bytes, size_t len, const char *id,
                        const OnrecordOptions *options, size_t *out_len, OnrecordError *out)
{
    static const OnrecordOptions plain;
    Error err = {0};
    InputOptions input = {0};
    Reading reading = {&input, worker->rules, worker->scratch, &worker->arena};
    Record record = {0};
    bool ok;

    if (options == NULL)
        options = &plain;
    input.strict = options->strict != 0;
    begin(worker);
    buf_clear(&worker->raw.bytes);
    buf_add(&worker->raw.bytes, bytes, bytes ? len : 0);
    worker->raw.path = "";
    ok = check_call(bytes, len, options, &err) &&
         FORMAT_JSONL.read(&worker->raw, &reading, &record, &err);
    if (ok) {
        record.id = first(first(record.id, id), "");
        ok = run(worker, &record, options, &err);
    }
    return finish(worker, ok, out_len, out, &err);
}
