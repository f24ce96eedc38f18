/* onrecord extract: the main job, a graph a line. */
#include "cli/articles.h"
#include "cli/cli.h"
#include "graph/graph.h"

static const CommandSpec EXTRACT = {
    .name = "extract",
    .synopsis = "INPUT...",
    .about = "Find the people, organizations, places, titles and quotes in news articles, and who said what.  The\n"
             "result is one JSON object a line for each article, a node-link graph, in the order of the input.\n",
    .examples = "  onrecord extract article.txt                       one article, its graph on standard output\n"
                "  onrecord extract -o graphs.jsonl archive/          every file of a folder\n"
                "  onrecord extract --field text=body,id=uri a.jsonl  JSON Lines with other names for the fields\n"
                "  curl -s URL | onrecord extract --format text -     text from a pipe\n"
                "  onrecord extract --no-text --offsets utf16 a.jsonl for a program in JavaScript that has the texts\n"
                "  onrecord extract --stop-after=sentences a.txt      what is known half-way\n",
    .groups = OPTIONS_READING | OPTIONS_GRAPH | OPTIONS_OUTPUT | OPTIONS_TRACE,
    .needs_input = true,
};

static bool
make_line(Article *a, const RuleSet *rules, Arena *arena, Buf *out, void *context, Error *err)
{
    bool ok = articles_make_graph(a, rules, arena, out, context, err);

    buf_char(out, '\n');
    return ok;
}

/* ---- for people who work on the rules */

/* A stretch of the text on one line. */
static void
show_slice(const Article *a, Buf *out, Span bytes)
{
    terminal_clean(out, a->text + bytes.start, bytes.end - bytes.start);
}

static bool
make_trace(Article *a, const RuleSet *rules, Arena *arena, Buf *out, void *context, Error *err)
{
    const Options *o = context;

    (void)rules;
    (void)arena;
    (void)err;
    buf_str(out, "== ");
    terminal_clean(out, a->id, strlen(a->id));
    buf_char(out, '\n');
    for (uint32_t i = 0; i < a->matches.count; i++) {
        const Match *m = &a->matches.items[i];
        Span whole;
        if (strcmp(m->rule->phase, o->trace) != 0 || range_empty(m->tokens))
            continue;
        whole = token_span(a, m->tokens);
        buf_printf(out, "%u-%u\t%s\t", whole.start, whole.end, m->rule->name);
        show_slice(a, out, whole);
        for (uint32_t g = 0; g < m->rule->group_count; g++) {
            Range r = m->groups[g];
            if (r.start == NONE || range_empty(r))
                continue;
            buf_printf(out, "\t%s=", m->rule->groups[g] ? m->rule->groups[g] : "");
            show_slice(a, out, token_span(a, r));
        }
        buf_char(out, '\n');
    }
    return true;
}

static void
show_line(const Article *a, Buf *out, const char *layer, const char *kind, Span bytes, const char *rule)
{
    buf_printf(out, "%s\t%s\t%u-%u\t", layer, kind, bytes.start, bytes.end);
    show_slice(a, out, bytes);
    if (rule)
        buf_printf(out, "\t%s", rule);
    buf_char(out, '\n');
}

static void
show_quotes(const Article *a, Buf *out)
{
    for (uint32_t i = 0; i < a->quotes.count; i++) {
        const Quote *q = &a->quotes.items[i];
        for (uint32_t s = 0; s < q->spans.count; s++)
            show_line(a, out, s ? "quote+" : "quote", form_name(q->form), q->spans.items[s], q->rule);
        if (q->speaker < a->mentions.count)
            show_line(a, out, "quote.speaker", "-", a->mentions.items[q->speaker].bytes, NULL);
        if (q->cue.start < q->cue.end)
            show_line(a, out, "quote.cue", q->act ? q->act : "-", q->cue, NULL);
    }
}

static void
show_edges(const Article *a, Buf *out)
{
    for (uint32_t i = 0; i < a->edges.count; i++) {
        const Edge *e = &a->edges.items[i];
        buf_printf(out, "edge\t%s\t%u-%u\t%s\n", edge_name(e->kind), e->source, e->target, e->rule ? e->rule : "");
    }
}

/* The article as it stands after a stage: a line for each thing, with byte offsets. */
static bool
make_layers(Article *a, const RuleSet *rules, Arena *arena, Buf *out, void *context, Error *err)
{
    (void)rules;
    (void)arena;
    (void)context;
    (void)err;
    buf_str(out, "== ");
    terminal_clean(out, a->id, strlen(a->id));
    buf_char(out, '\n');
    if (a->sentences.count + a->zones.count == 0)
        for (uint32_t i = 0; i < a->tokens.count; i++)
            show_line(a, out, "token", "-", (Span){a->tokens.items[i].start, a->tokens.items[i].end}, NULL);
    for (uint32_t i = 0; i < a->zones.count; i++)
        show_line(a, out, "zone", zone_name(a->zones.items[i].kind), a->zones.items[i].bytes, a->zones.items[i].rule);
    for (uint32_t i = 0; i < a->marked.count; i++)
        show_line(a, out, "marked", a->marked.items[i].single ? "single" : "double", a->marked.items[i].bytes, NULL);
    for (uint32_t i = 0; i < a->sentences.count; i++)
        if (!range_empty(a->sentences.items[i].tokens))
            show_line(a, out, "sentence", "-", token_span(a, a->sentences.items[i].tokens), NULL);
    for (uint32_t i = 0; i < a->mentions.count; i++) {
        const Mention *m = &a->mentions.items[i];
        char kind[64];
        snprintf(kind, sizeof kind, "%s.%s", entity_type_name(m->type), mention_kind_name(m->kind));
        show_line(a, out, "mention", kind, m->bytes, m->rule);
    }
    for (uint32_t i = 0; i < a->entities.count; i++) {
        const Entity *e = &a->entities.items[i];
        buf_printf(out, "entity\t%s\t%u mentions\t", entity_type_name(e->type), e->mentions.count);
        terminal_clean(out, e->name ? e->name : "", e->name ? strlen(e->name) : 0);
        buf_char(out, '\n');
    }
    show_quotes(a, out);
    show_edges(a, out);
    return true;
}

int
cmd_extract(int argc, char **argv)
{
    Options options;
    Batch batch = {.make = make_line, .context = &options};
    RuleSet *rules;
    int status;

    switch (options_parse(&options, &EXTRACT, NULL, argc, argv)) {
    case OPTIONS_DONE: return STATUS_OK;
    case OPTIONS_WRONG: return STATUS_NOTHING;
    default: break;
    }
    if ((rules = options_rules(&options)) == NULL)
        return STATUS_NOTHING;
    if (options.trace && ruleset_phase(rules, options.trace) == NULL) {
        Buf names = {0};
        for (uint32_t i = 0; i < rules->phase_count; i++)
            buf_printf(&names, "%s%s", i ? ", " : "", rules->phases[i].name);
        say("--trace %s: there is no such phase; there are %s", options.trace, names.len ? names.bytes : "none");
        buf_close(&names);
        ruleset_free(rules);
        return STATUS_NOTHING;
    }
    batch.rules = rules;
    batch.make = options.trace ? make_trace : options.stop_after ? make_layers : make_line;
    status = articles_run(&options, batch);
    ruleset_free(rules);
    return status;
}
