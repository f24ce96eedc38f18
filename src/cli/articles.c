#include "cli/articles.h"

#include "base/hash.h"
#include "cli/cli.h"
#include "cli/progress.h"
#include "graph/graph.h"

#include <sys/stat.h>

typedef struct {
    const Options *options;
    Progress progress;
    uint64_t silent; /* files passed over without a word: they were found in folders and archives */
} Listener;

/* ---- what is told while it runs */

static bool
is_given(const Options *o, const char *path)
{
    for (uint32_t i = 0; i < o->input_count; i++)
        if (strcmp(o->inputs[i], path) == 0)
            return true;
    return false;
}

static void
hear_fault(void *self, const Error *err)
{
    Listener *l = self;

    if (err->kind == ERROR_SKIP && !is_given(l->options, err->path)) {
        l->silent++;
        return;
    }
    progress_clear(&l->progress);
    if (!l->options->quiet)
        say_error(err);
}

static void
hear_count(void *self, const BatchCount *count)
{
    Listener *l = self;

    progress_show(&l->progress, count, false);
}

static void
hear_stopped(void *self, const Error *err, bool kept)
{
    Listener *l = self;

    progress_clear(&l->progress);
    if (err)
        say_error(err);
    if (err && kept)
        say("what is done is kept; --resume goes on from there");
}

/* ---- at the end */

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

static void
say_sum(const Listener *l, const BatchCount *c)
{
    uint64_t skipped = c->duplicates + c->unread, all = c->written + c->failed + skipped;
    Buf why = {0};

    if (all == c->unread && only_folders(l->options))
        say("there is no article in %s; names that begin with a dot are passed over", l->options->inputs[0]);
    if (c->failed + skipped < 2 && l->silent == 0)
        return;
    if (c->duplicates)
        buf_printf(&why, "%llu %s", (unsigned long long)c->duplicates, c->duplicates == 1 ? "duplicate" : "duplicates");
    if (c->unread)
        buf_printf(&why, "%s%llu %s", why.len ? ", " : "", (unsigned long long)c->unread, c->unread == 1 ? "file of a kind that is not read" : "files of kinds that are not read");
    say("%llu articles: %llu written, %llu failed, %llu skipped%s%s%s", (unsigned long long)all, (unsigned long long)c->written,
        (unsigned long long)c->failed, (unsigned long long)skipped, why.len ? " (" : "", why.len ? why.bytes : "", why.len ? ")" : "");
    buf_close(&why);
}

static void
say_times(const Times *times)
{
    Buf report = {0};

    times_report(times, &report);
    fwrite(report.bytes, 1, report.len, stderr);
    buf_close(&report);
}

/* ---- the whole */

/* What the output depends on beside the input, as one number. */
static uint64_t
print_of(const Options *o)
{
    uint64_t print = hash_pair((uint64_t)o->graph.offsets << 8 | o->graph.forms, o->graph.no_text);

    for (uint32_t i = 0; i < o->rule_count; i++)
        print = hash_pair(print, hash_bytes(o->rules[i], strlen(o->rules[i])));
    return o->trace ? hash_pair(print, hash_bytes(o->trace, strlen(o->trace))) : print;
}

int
articles_run(const Options *o, Batch batch)
{
    Listener listener = {.options = o};
    Times times = {0};
    BatchCount count;
    Error err = {0};
    BatchStatus status;

    batch.inputs = o->inputs;
    batch.input_count = o->input_count;
    batch.input = &o->input;
    batch.language = o->language;
    batch.stop_after = o->stop_after;
    batch.threads = o->threads;
    batch.dedupe = o->dedupe;
    batch.output = o->output;
    batch.errors = o->errors;
    batch.resume = o->resume;
    batch.print = print_of(o);
    batch.listener = (BatchListener){hear_fault, hear_count, hear_stopped, &listener};
    batch.times = o->time ? &times : NULL;
    progress_begin(&listener.progress, o, batch.take != NULL);
    status = batch_run(&batch, &count, &err);
    progress_show(&listener.progress, &count, true);
    if (err.kind != ERROR_NONE)
        say_error(&err);
    else if (o->time)
        say_times(&times);
    if (err.kind == ERROR_NONE && !o->quiet)
        say_sum(&listener, &count);
    return (int)status;
}

bool
articles_make_graph(Article *a, const RuleSet *rules, Arena *arena, Buf *out, void *context, Error *err)
{
    const Options *options = context;
    Graph graph;

    (void)rules;
    (void)err;
    graph_build(&graph, a, arena, &options->graph);
    graph_write(out, &graph, a, arena, &options->graph);
    return true;
}
