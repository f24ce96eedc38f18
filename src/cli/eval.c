/* onrecord eval: precision, recall and F1 against annotated articles.
 *
 * One idea: the pipeline runs on each gold record's own text, so that one command gives the figures. */
#include "cli/cli.h"
#include "cli/options.h"
#include "eval/score.h"
#include "pipeline.h"

#include <errno.h>
#include <stdlib.h>

typedef struct {
    Options options;
    uint32_t errors;
    const char *only;
    bool json;
} Command;

static bool
take(void *context, const char *name, const char *value, Error *err)
{
    Command *c = context;
    char *end;

    if (strcmp(name, "json") == 0) {
        c->json = true;
    } else if (strcmp(name, "only") == 0) {
        c->only = value;
    } else {
        unsigned long number = strtoul(value, &end, 10);
        if (*value < '0' || *value > '9' || *end || number > 1000000)
            return error_set(err, ERROR_USAGE, NULL, 0, 0, NULL, 0, "--errors %s: that is no number", value);
        c->errors = (uint32_t)number;
    }
    return true;
}

typedef struct {
    const RuleSet *rules;
    Scratch *scratch;
    Arena arena;
    Scorer scorer;
    bool failed;
} Run;

static void
score_line(Run *run, const char *path, size_t number, const char *line, size_t len)
{
    Error err = {0};
    Gold gold;
    Article a;
    bool ok;

    if (!gold_read(&gold, &run->arena, path, number, line, len, &err)) {
        say_error(&err);
        run->failed = true;
        return;
    }
    ok = article_open(&a, &run->arena, gold.text, gold.len, false, &err);
    if (ok) {
        a.id = gold.id;
        ok = pipeline_run(&a, run->rules, run->scratch, NULL, NULL, NULL, &err);
    }
    if (!ok) {
        say_error(&err);
        run->failed = true;
    }
    scorer_article(&run->scorer, &gold, ok ? &a : NULL, &run->arena);
}

static bool
score_file(Run *run, const char *path)
{
    FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");
    char *line = NULL;
    size_t room = 0, number = 0;
    ssize_t len;
    bool ok;

    if (file == NULL) {
        say("%s: %s", path, strerror(errno));
        return false;
    }
    errno = 0;
    while ((len = getline(&line, &room, file)) >= 0) {
        number++;
        if (strspn(line, " \t\r\n") < (size_t)len)
            score_line(run, path, number, line, (size_t)len);
        arena_reset(&run->arena);
    }
    ok = !ferror(file);
    if (!ok)
        say("%s: %s", path, strerror(errno));
    free(line);
    if (file != stdin)
        fclose(file);
    return ok;
}

static void
show(const Command *c, const Scorer *scorer)
{
    json_t *figures = scorer_figures(scorer);
    Buf report = {0}, sample = {0}, clean = {0};

    if (c->json) {
        json_dumpf(figures, stdout, JSON_INDENT(1));
        putchar('\n');
    } else {
        scorer_report(figures, &report);
        fwrite(report.bytes, 1, report.len, stdout);
    }
    if (c->errors) {
        scorer_sample(scorer, c->errors, c->only, &sample);
        for (size_t at = 0; at < sample.len;) { /* line by line: text of articles is hostile */
            size_t n = strcspn(sample.bytes + at, "\n");
            terminal_clean(&clean, sample.bytes + at, n);
            buf_char(&clean, '\n');
            at += n + 1;
        }
        fwrite(clean.bytes ? clean.bytes : "", 1, clean.len, c->json ? stderr : stdout);
    }
    json_decref(figures);
    buf_close(&report);
    buf_close(&sample);
    buf_close(&clean);
}

int
cmd_eval(int argc, char **argv)
{
    static const OptionSpec OWN[] = {
        {"errors", 'e', "N", "also show up to N errors of each kind, in their context"},
        {"only", 0, "WORD", "with --errors: only the kinds that contain WORD (entity, false negative, speaker ...)"},
        {"json", 0, NULL, "the figures as JSON"},
        {NULL, 0, NULL, NULL},
    };
    static const CommandSpec SPEC = {
        .name = "eval",
        .synopsis = "GOLD.jsonl...",
        .about = "Measure precision, recall and F1 against annotated articles, one JSON object a line with id, text,\n"
                 "layers, and what the layers hold: entities, quotes, relations, clusters, titles (corpora/README.md).\n"
                 "\n"
                 "  entities   names: exact span and type; overlapping, of the same type; exact span of any type\n"
                 "  quotes     right where the F1 of the words is 0.8 or more; end to end: with the speaker's words too;\n"
                 "             resolved: who that is; marked words: all that stands inside marks, however it is cut\n"
                 "  relations  right where names of both ends overlap the annotated ones\n"
                 "  clusters   names of one thing, over the names that were found: B-cubed, LEA, links\n"
                 "  titles     spans, their holders and their bodies\n"
                 "  confidence by tenths: how many were found, what their confidence says, how many were right\n",
        .examples = "  onrecord eval gold.jsonl\n  onrecord eval --errors 20 --only speaker gold.jsonl\n",
        .groups = OPTIONS_RULES,
        .own = OWN,
        .take = take,
        .needs_input = true,
    };
    Command c = {0};
    Run run = {0};
    RuleSet *rules;
    bool all = true;

    switch (options_parse(&c.options, &SPEC, &c, argc, argv)) {
    case OPTIONS_DONE: return STATUS_OK;
    case OPTIONS_WRONG: return STATUS_NOTHING;
    case OPTIONS_GO: break;
    }
    if ((rules = options_rules(&c.options)) == NULL)
        return STATUS_NOTHING;
    run.rules = rules;
    run.scratch = scratch_new(rules);
    arena_init(&run.arena);
    scorer_init(&run.scorer, rules, c.errors > 0);
    for (uint32_t i = 0; i < c.options.input_count; i++)
        all = score_file(&run, c.options.inputs[i]) && all;
    if (run.scorer.articles)
        show(&c, &run.scorer);
    else
        say("no article could be measured");
    all = all && !run.failed;
    arena_close(&run.arena);
    scratch_free(run.scratch);
    ruleset_free(rules);
    if (run.scorer.articles == 0) {
        scorer_close(&run.scorer);
        return STATUS_NOTHING;
    }
    scorer_close(&run.scorer);
    return all ? STATUS_OK : STATUS_SOME;
}
