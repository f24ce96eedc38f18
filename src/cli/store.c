/* onrecord store: articles into an archive. */
#include "store/store.h"

#include "cli/articles.h"
#include "cli/cli.h"

typedef struct {
    Options options;
    Store *store;
    unsigned long long added, known;
} Command;

static bool
is_known(const Article *a, void *context)
{
    Command *c = context;

    return a->id && store_has(c->store, a->id, a->text, a->len);
}

static bool
take_graph(const char *bytes, size_t len, void *context, Error *err)
{
    Command *c = context;
    bool added = false;

    if (len && !store_add(c->store, bytes, len, &added, err))
        return false;
    c->added += added;
    c->known += !added;
    return true;
}

static int
fill(Command *c, const RuleSet *rules)
{
    Error err = {0};
    int status = articles_run(&c->options, (Batch){.rules = rules, .make = articles_make_graph, .context = c, .takes_graphs = true, .known = is_known, .take = take_graph});

    if (!store_commit(c->store, &err)) {
        say_error(&err);
        return STATUS_NOTHING;
    }
    if (!c->options.quiet)
        say("%llu %s added, %llu %s there already", c->added, c->added == 1 ? "article" : "articles", c->known,
            c->known == 1 ? "was" : "were");
    return status;
}

int
cmd_store(int argc, char **argv)
{
    static const CommandSpec SPEC = {
        .name = "store",
        .synopsis = "DB INPUT...",
        .about = "Put articles, or graphs that extract has made, into the archive DB: one SQLite file, which is made if it is\n"
                 "not there.  An article that is there already (the same text under the same id) is passed over, so that\n"
                 "the command can be run again with more, or after it was stopped; what was stored stays whole.\n"
                 "src/store/README.md has the tables, and questions that can be asked with any SQLite tool.\n",
        .examples = "  onrecord store news.db articles/                   every file of a folder\n"
                    "  onrecord store news.db graphs.jsonl                graphs from onrecord extract\n"
                    "  onrecord store news.db articles/                   once more: adds what is new\n"
                    "  sqlite3 news.db 'SELECT speaker, text FROM quotations'\n",
        .groups = OPTIONS_READING | OPTIONS_FORMS,
        .needs_input = true,
    };
    Command c = {0};
    RuleSet *rules = NULL;
    Error err = {0};
    int status = STATUS_NOTHING;

    switch (options_parse(&c.options, &SPEC, &c, argc, argv)) {
    case OPTIONS_DONE: return STATUS_OK;
    case OPTIONS_WRONG: return STATUS_NOTHING;
    case OPTIONS_GO: break;
    }
    if (c.options.input_count < 2) {
        say("name the archive and at least one INPUT: onrecord store DB INPUT...");
        return STATUS_NOTHING;
    }
    if ((c.store = store_open(c.options.inputs[0], STORE_WRITE, &err)) == NULL)
        say_error(&err);
    else if ((rules = options_rules(&c.options)) != NULL) {
        c.options.inputs++;
        c.options.input_count--;
        status = fill(&c, rules);
    }
    ruleset_free(rules);
    store_close(c.store);
    return status;
}
