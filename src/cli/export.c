/* onrecord export: an archive, or graphs, for other tools. */
#include "export/export.h"

#include "cli/articles.h"
#include "cli/cli.h"

typedef struct {
    Options options;
    ExportFormat format;
    ExportOptions export;
    const char *output;
    Store *scratch;
} Command;

static bool
take(void *context, const char *name, const char *value, Error *err)
{
    Command *c = context;

    if (strcmp(name, "output") == 0)
        c->output = value;
    else if (strcmp(name, "entities") == 0)
        c->export.entities = true;
    else if (strcmp(name, "bom") == 0)
        c->export.bom = true;
    else if (strcmp(name, "no-text") == 0)
        c->export.no_text = true;
    else if ((c->format = export_format(value)) == EXPORT_FORMATS)
        return error_set(err, ERROR_USAGE, NULL, 0, 0, NULL, 0, "--to %s: there is no such format; there are csv, graphml, gexf, dot and jsonl", value);
    return true;
}

/* The format that the name of the output ends in. */
static ExportFormat
format_of(const char *path)
{
    const char *dot = path ? strrchr(path, '.') : NULL;

    return dot ? export_format(dot + 1) : EXPORT_FORMATS;
}

/* ---- graphs: through an archive without a name */

static bool
take_graph(const char *bytes, size_t len, void *context, Error *err)
{
    Command *c = context;
    bool added;

    return len == 0 || store_add(c->scratch, bytes, len, &added, err);
}

static int
fill(Command *c)
{
    RuleSet *rules = options_rules(&c->options);
    int status = STATUS_NOTHING;

    if (rules)
        status = articles_run(&c->options, (Batch){.rules = rules, .make = articles_make_graph, .context = c, .takes_graphs = true, .take = take_graph});
    ruleset_free(rules);
    return status;
}

static int
export_graphs(Command *c, Error *err)
{
    int status = STATUS_NOTHING;

    c->scratch = store_open(NULL, STORE_SCRATCH, err);
    if (c->scratch && (status = fill(c)) != STATUS_NOTHING &&
        !(store_commit(c->scratch, err) && export_run(c->scratch, c->format, c->output, &c->export, err)))
        status = STATUS_NOTHING;
    store_close(c->scratch);
    return status;
}

static int
export_archive(Command *c, Error *err)
{
    Store *store = store_open(c->options.inputs[0], STORE_READ, err);
    bool ok = store && export_run(store, c->format, c->output, &c->export, err);

    store_close(store);
    return ok ? STATUS_OK : STATUS_NOTHING;
}

static bool
check(Command *c, Error *err)
{
    if (c->format == EXPORT_FORMATS)
        c->format = format_of(c->output);
    if (c->format == EXPORT_FORMATS)
        return error_set(err, ERROR_USAGE, NULL, 0, 0, NULL, 0, "--to says what to write: csv, graphml, gexf, dot or jsonl");
    if (c->format == EXPORT_CSV && (c->output == NULL || strcmp(c->output, "-") == 0))
        return error_set(err, ERROR_USAGE, NULL, 0, 0, NULL, 0, "for CSV, name a folder: -o FOLDER");
    for (uint32_t i = 0; i < c->options.input_count; i++)
        if (store_is_database(c->options.inputs[i]) && c->options.input_count > 1)
            return error_set(err, ERROR_USAGE, NULL, 0, 0, NULL, 0, "%s is an archive: it is exported alone", c->options.inputs[i]);
    return true;
}

int
cmd_export(int argc, char **argv)
{
    static const OptionSpec OWN[] = {
        {"to", 0, "FORMAT", "csv, graphml, gexf, dot or jsonl; if not given, what the output's name ends in"},
        {"output", 'o', "OUT", "write to OUT: for csv a folder, else a file (if not given: standard output)"},
        {"entities", 0, NULL, "graphml, gexf, dot: people, organizations and places alone, and who speaks of whom"},
        {"bom", 0, NULL, "csv: begin with a byte order mark, by which spreadsheets know UTF-8"},
        {"no-text", 0, NULL, "jsonl: without the texts of the articles"},
        {NULL, 0, NULL, NULL},
    };
    static const CommandSpec SPEC = {
        .name = "export",
        .synopsis = "DB|GRAPHS... --to FORMAT -o OUT",
        .about = "Hand an archive on to other tools (or graphs that extract has made, or articles): tables as CSV; all of it as one\n"
                 "graph, in which an entity of many articles is one node, as GraphML, GEXF (Gephi) or DOT (Graphviz); the graph of\n"
                 "each article as JSON Lines.  src/export/README.md has the columns, and examples in Python, NetworkX and jq.\n",
        .examples = "  onrecord export news.db --to csv -o tables            articles.csv, quotes.csv ...\n"
                    "  onrecord export news.db --entities -o news.gexf       who speaks of whom, for Gephi\n"
                    "  onrecord export graphs.jsonl -o graphs.graphml\n"
                    "  onrecord export news.db --to jsonl | jq .graph.headline\n",
        .groups = OPTIONS_READING | OPTIONS_FORMS,
        .own = OWN,
        .take = take,
        .needs_input = true,
    };
    Command c = {.format = EXPORT_FORMATS};
    Error err = {0};
    int status = STATUS_NOTHING;

    switch (options_parse(&c.options, &SPEC, &c, argc, argv)) {
    case OPTIONS_DONE: return STATUS_OK;
    case OPTIONS_WRONG: return STATUS_NOTHING;
    case OPTIONS_GO: break;
    }
    if (check(&c, &err))
        status = store_is_database(c.options.inputs[0]) ? export_archive(&c, &err) : export_graphs(&c, &err);
    if (err.kind != ERROR_NONE)
        say_error(&err);
    return status;
}
