/* onrecord report: articles as one page that stands alone. */
#include "batch/output.h"
#include "cli/articles.h"
#include "cli/cli.h"
#include "store/store.h"
#include "web/web.h"

typedef struct {
    Options options;
    const char *output, *title;
    Store *store; /* without a name: the page is made from what an archive has */
    unsigned long long count;
} Command;

static bool
take(void *context, const char *name, const char *value, Error *err)
{
    Command *c = context;

    (void)err;
    if (strcmp(name, "title") == 0)
        c->title = value;
    else
        c->output = value;
    return true;
}

static bool
take_graph(const char *bytes, size_t len, void *context, Error *err)
{
    Command *c = context;
    bool added = false;

    if (len && !store_add(c->store, bytes, len, &added, err))
        return false;
    c->count += added;
    return true;
}

static bool
write_report(const Command *c, const RuleSet *rules, Error *err)
{
    Buf page = {0};
    Output output = {0};
    bool ok = store_commit(c->store, err) && web_report(&page, c->store, rules, c->title, err);

    if (ok && (ok = output_open(&output, c->output, err))) {
        ok = output_write(&output, page.bytes, page.len, err);
        ok = output_close(&output, ok, err) && ok;
    }
    buf_close(&page);
    return ok;
}

static int
report(Command *c, const RuleSet *rules)
{
    Error err = {0};
    int status = articles_run(&c->options, (Batch){.rules = rules, .make = articles_make_graph, .context = c, .takes_graphs = true, .take = take_graph});

    if (c->count == 0) {
        say("there is no article to report");
        return STATUS_NOTHING;
    }
    if (write_report(c, rules, &err))
        return status;
    say_error(&err);
    return STATUS_NOTHING;
}

int
cmd_report(int argc, char **argv)
{
    static const OptionSpec OWN[] = {
        {"output", 'o', "FILE", "write the page to FILE (else to standard output)"},
        {"title", 0, "TEXT", "what stands above several articles (default: Articles)"},
        {NULL, 0, NULL, NULL},
    };
    static const CommandSpec SPEC = {
        .name = "report",
        .synopsis = "INPUT... -o FILE.html",
        .about = "Make one HTML file that can be mailed: the articles with people, organizations, places and quotes marked; behind each quote\n"
                 "who said it and why it was found; and the picture of each article's graph.  It needs no script and fetches nothing.\n"
                 "INPUT may be articles, or graphs that extract has made.\n",
        .examples = "  onrecord report article.txt -o article.html\n"
                    "  onrecord report saved-pages/ -o pages.html --title \"The harbour sale\"\n",
        .groups = OPTIONS_READING | OPTIONS_FORMS,
        .own = OWN,
        .take = take,
        .needs_input = true,
    };
    Command c = {.title = "Articles"};
    RuleSet *rules = NULL;
    Error err = {0};
    int status = STATUS_NOTHING;

    switch (options_parse(&c.options, &SPEC, &c, argc, argv)) {
    case OPTIONS_DONE: return STATUS_OK;
    case OPTIONS_WRONG: return STATUS_NOTHING;
    case OPTIONS_GO: break;
    }
    if ((c.store = store_open("", STORE_SCRATCH, &err)) == NULL)
        say_error(&err);
    else if ((rules = options_rules(&c.options)) != NULL)
        status = report(&c, rules);
    ruleset_free(rules);
    store_close(c.store);
    return status;
}
