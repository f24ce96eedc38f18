/* onrecord draw: a picture of an article's graph. */
#include "draw/draw.h"

#include "base/mem.h"
#include "batch/output.h"
#include "cli/articles.h"
#include "cli/cli.h"

#include <stdlib.h>
#include <strings.h>

typedef struct {
    Options options;
    DrawOptions draw;
    unsigned long wanted, seen; /* the article's number; 0: there must be one alone */
    const char *output;
    Buf graph;
} Command;

static bool
take_kinds(Command *c, const char *value, Error *err)
{
    char *copy = mem_copy(value, strlen(value)), *rest = copy, *name;
    bool ok = true;

    while (ok && (name = strsep(&rest, ",")) != NULL) {
        DrawKind kind = draw_kind(name);
        ok = kind != DRAW_KINDS || error_set(err, ERROR_USAGE, NULL, 0, 0, NULL, 0,
                                             "--only: there is no kind %s; there are people, organizations, places, titles and quotes", name);
        c->draw.kinds |= ok ? 1u << kind : 0;
    }
    free(copy);
    return ok;
}

static bool
take(void *context, const char *name, const char *value, Error *err)
{
    Command *c = context;
    char *end;

    if (strcmp(name, "only") == 0)
        return take_kinds(c, value, err);
    if (strcmp(name, "output") == 0) {
        c->output = value;
        return true;
    }
    if (strcmp(name, "all") == 0) {
        c->draw.lone = true;
        return true;
    }
    c->wanted = strtoul(value, &end, 10);
    return (*value >= '1' && *value <= '9' && *end == '\0') ||
           error_set(err, ERROR_USAGE, NULL, 0, 0, NULL, 0, "--article %s: it must be a number, from 1", value);
}

static bool
take_graph(const char *bytes, size_t len, void *context, Error *err)
{
    Command *c = context;

    (void)err;
    if (++c->seen == (c->wanted ? c->wanted : 1))
        buf_add(&c->graph, bytes, len);
    return true;
}

static bool
is_png(const char *path)
{
    size_t len = path ? strlen(path) : 0;

    return len >= 4 && strcasecmp(path + len - 4, ".png") == 0;
}

static bool
check(const Command *c, Error *err)
{
    if (c->seen > 1 && c->wanted == 0)
        return error_set(err, ERROR_USAGE, NULL, 0, 0, NULL, 0, "there are %lu articles: --article N says which of them is drawn", c->seen);
    if (c->wanted > c->seen)
        return error_set(err, ERROR_USAGE, NULL, 0, 0, NULL, 0, "--article %lu: there are only %lu", c->wanted, c->seen);
    return true;
}

static bool
draw(Command *c, Error *err)
{
    Buf svg = {0}, png = {0};
    Output output = {0};
    bool ok = check(c, err) && draw_svg(&svg, c->graph.bytes, c->graph.len, &c->draw, err);

    if (ok && is_png(c->output))
        ok = draw_png(&png, &svg, err);
    if (ok && (ok = output_open(&output, c->output, err))) {
        const Buf *picture = png.len ? &png : &svg;
        ok = output_write(&output, picture->bytes, picture->len, err);
        ok = output_close(&output, ok, err) && ok;
    }
    buf_close(&svg);
    buf_close(&png);
    return ok;
}

int
cmd_draw(int argc, char **argv)
{
    static const OptionSpec OWN[] = {
        {"output", 'o', "FILE", "write to FILE: SVG, or a PNG image if its name ends in .png"},
        {"only", 0, "KINDS", "only these: people,organizations,places,titles,quotes"},
        {"all", 0, NULL, "also places, and what is not named, that nothing links"},
        {"article", 'n', "N", "the Nth article of the input; needed where there are several"},
        {NULL, 0, NULL, NULL},
    };
    static const CommandSpec SPEC = {
        .name = "draw",
        .synopsis = "INPUT -o FILE.svg|FILE.png",
        .about = "Draw the graph of an article, or a graph that extract has made: people, organizations, places, titles and quotes in\n"
                 "shapes of their own, and how they are linked.  The picture is SVG (standard output too), or a PNG image where\n"
                 "FILE ends in .png.  Of a long article the first of each kind are shown, and what is left out is said below.\n"
                 "Needs the program dot of Graphviz, and for PNG rsvg-convert.\n",
        .examples = "  onrecord draw article.txt -o article.svg\n"
                    "  onrecord draw article.txt -o who.png --only people,organizations,titles\n"
                    "  onrecord draw graphs.jsonl --article 3 -o third.svg\n",
        .groups = OPTIONS_RULES | OPTIONS_INPUT | OPTIONS_FORMS,
        .own = OWN,
        .take = take,
        .needs_input = true,
    };
    Command c = {0};
    RuleSet *rules;
    Error err = {0};
    int status;

    switch (options_parse(&c.options, &SPEC, &c, argc, argv)) {
    case OPTIONS_DONE: return STATUS_OK;
    case OPTIONS_WRONG: return STATUS_NOTHING;
    case OPTIONS_GO: break;
    }
    if ((rules = options_rules(&c.options)) == NULL)
        return STATUS_NOTHING;
    c.options.graph.no_text = true;
    status = articles_run(&c.options, (Batch){.rules = rules, .make = articles_make_graph, .context = &c, .takes_graphs = true, .take = take_graph});
    ruleset_free(rules);
    if (status != STATUS_NOTHING && !draw(&c, &err)) {
        say_error(&err);
        status = STATUS_NOTHING;
    }
    buf_close(&c.graph);
    return status;
}
