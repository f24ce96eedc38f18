/* onrecord quotes: who said what, for people to read.
 *
 * One idea: everything that is shown of a quote is gathered first (Said), so that the card for a terminal and the columns
 * for a pipe cannot tell different stories. */
#include "cli/batch.h"
#include "cli/cli.h"
#include "text/utf8.h"

#include <stdatomic.h>

enum { WIDEST = 100, INDENT = 4 };

typedef struct {
    Options options;
    const char *speaker; /* only quotes of whoever has this in a name */
    Terminal terminal;
    atomic_uint quotes, articles; /* for the last line */
} Command;

/* A quote and all that is shown of it; texts may be NULL. */
typedef struct {
    const Quote *quote;
    const GraphNode *node;
    uint32_t speaker;       /* node, or NONE */
    EntityType type;
    bool named;
    const char *name, *title, *body, *cue, *text;
    bool former;
} Said;

typedef struct {
    const Article *a;
    Graph graph;
    Arena *arena;
    bool *honorific; /* nodes of titles that are no office */
} View;

static bool
take(void *context, const char *name, const char *value, Error *err)
{
    Command *c = context;

    if (strcmp(name, "speaker") == 0) {
        c->speaker = value;
        return true;
    }
    for (const char *p = value; *p;) {
        size_t n = strcspn(p, ",");
        bool known = false;
        for (QuoteForm f = FORM_DIRECT; f <= FORM_INDIRECT; f++)
            if (strlen(form_name(f)) == n && memcmp(p, form_name(f), n) == 0) {
                c->options.graph.forms |= 1u << f;
                known = true;
            }
        if (!known)
            return error_set(err, ERROR_USAGE, NULL, 0, 0, NULL, 0, "--form %s: the forms are direct, mixed, indirect", value);
        p += n + (p[n] == ',');
    }
    return true;
}

/* ---- gathering */

static const char *
slice(const View *v, Span bytes)
{
    return bytes.end > bytes.start ? arena_copy(v->arena, v->a->text + bytes.start, bytes.end - bytes.start) : NULL;
}

static const char *
node_name(const View *v, uint32_t node)
{
    return graph_node_name(&v->graph.nodes.items[node], v->a, v->arena);
}

static void
view_open(View *v, const Article *a, Arena *arena, const GraphOptions *options)
{
    *v = (View){.a = a, .arena = arena};
    graph_build(&v->graph, a, arena, options);
    v->honorific = arena_zero(arena, v->graph.nodes.count + 1);
    for (uint32_t i = 0; i < a->titles.count; i++) {
        uint32_t mention = a->titles.items[i].mention;
        if (a->titles.items[i].honorific && mention < a->mentions.count && v->graph.of_mention[mention] != NONE)
            v->honorific[v->graph.of_mention[mention]] = true;
    }
}

/* The first edge of a kind from a node; the present goes before what is over, an office before "Mr.". */
static const GraphEdge *
best_edge(const View *v, EdgeKind kind, uint32_t source)
{
    const GraphEdge *best = NULL;
    int best_rank = -1;

    for (uint32_t i = 0; i < v->graph.edges.count; i++) {
        const GraphEdge *e = &v->graph.edges.items[i];
        int rank = (e->former ? 0 : 1) + (v->honorific[e->target] ? 0 : 2);
        if (e->kind == kind && e->source == source && rank > best_rank) {
            best = e;
            best_rank = rank;
        }
    }
    return best;
}

static void
add_office(const View *v, Said *said)
{
    const GraphEdge *holds = best_edge(v, EDGE_HOLDS, said->speaker), *at = NULL;

    if (holds && !v->honorific[holds->target]) {
        said->title = node_name(v, holds->target);
        said->former = holds->former;
        at = best_edge(v, EDGE_AT, holds->target);
    }
    if (at == NULL)
        at = best_edge(v, EDGE_AFFILIATED, said->speaker);
    if (at)
        said->body = node_name(v, at->target);
}

static bool
is_named(const View *v, const GraphNode *node)
{
    return node->lone ? v->a->mentions.items[node->item].kind == KIND_NAME : v->a->entities.items[node->item].named;
}

static Said
gather(const View *v, uint32_t index)
{
    const GraphNode *node = &v->graph.nodes.items[index];
    const Quote *q = &v->a->quotes.items[node->item];
    Said said = {.quote = q, .node = node, .speaker = NONE, .cue = slice(v, q->cue)};

    said.text = graph_node_name(node, v->a, v->arena);
    for (uint32_t i = 0; i < v->graph.edges.count && said.speaker == NONE; i++)
        if (v->graph.edges.items[i].kind == EDGE_SAID && v->graph.edges.items[i].target == index)
            said.speaker = v->graph.edges.items[i].source;
    if (said.speaker != NONE) {
        const GraphNode *speaker = &v->graph.nodes.items[said.speaker];
        said.name = node_name(v, said.speaker);
        said.named = is_named(v, speaker);
        said.type = speaker->lone ? v->a->mentions.items[speaker->item].type : v->a->entities.items[speaker->item].type;
        add_office(v, &said);
    } else if (q->speaker < v->a->mentions.count) {
        said.name = slice(v, v->a->mentions.items[q->speaker].bytes);
    }
    return said;
}

/* ---- choosing */

static bool
holds_text(const char *text, size_t len, const char *part)
{
    char folded[512], wanted[256];
    size_t n = utf8_fold(text, len, folded, sizeof folded - 1), m = utf8_fold(part, strlen(part), wanted, sizeof wanted - 1);

    return m == 0 || memmem(folded, n, wanted, m) != NULL;
}

/* Does any of the speaker's names hold what was asked for? */
static bool
is_chosen(const Command *c, const View *v, const Said *said)
{
    const GraphNode *node;

    if (c->speaker == NULL)
        return true;
    if (said->name && holds_text(said->name, strlen(said->name), c->speaker))
        return true;
    if (said->speaker == NONE)
        return false;
    node = &v->graph.nodes.items[said->speaker];
    for (uint32_t i = 0; i < node->count; i++) {
        const Mention *m = &v->a->mentions.items[v->graph.mentions[node->first + i]];
        if (m->kind == KIND_NAME && holds_text(v->a->text + m->bytes.start, m->bytes.end - m->bytes.start, c->speaker))
            return true;
    }
    return false;
}

/* ---- columns */

static void
put_column(Buf *out, const char *text, char end)
{
    if (text)
        terminal_clean(out, text, strlen(text));
    buf_char(out, end);
}

static void
put_columns(Buf *out, const Article *a, const Said *said)
{
    put_column(out, said->name, '\t');
    put_column(out, said->title, '\t');
    put_column(out, said->body, '\t');
    put_column(out, said->quote->act ? said->quote->act : said->cue, '\t');
    put_column(out, form_name(said->quote->form), '\t');
    put_column(out, said->text, '\t');
    put_column(out, a->id, '\n');
}

/* ---- cards */

typedef struct {
    Buf *out;
    const Terminal *terminal;
    uint32_t width, at; /* columns: of the page, and where we are */
} Page;

static void
page_indent(Page *p, uint32_t columns)
{
    for (p->at = 0; p->at < columns; p->at++)
        buf_char(p->out, ' ');
}

static void
page_text(Page *p, Style style, const char *text, uint32_t indent)
{
    if (style != STYLE_NONE)
        terminal_style(p->out, p->terminal, style);
    p->at = terminal_wrap(p->out, text, strlen(text), p->width, p->at, indent);
    if (*text && text[strlen(text) - 1] == ' ') { /* which wrapping leaves off */
        buf_char(p->out, ' ');
        p->at++;
    }
    if (style != STYLE_NONE)
        terminal_style(p->out, p->terminal, STYLE_NONE);
}

static void
page_line(Page *p)
{
    buf_char(p->out, '\n');
    p->at = 0;
}

static Style
style_of(EntityType type)
{
    return type == TYPE_PERSON ? STYLE_PERSON : type == TYPE_ORGANIZATION ? STYLE_ORGANIZATION : type == TYPE_PLACE ? STYLE_PLACE : STYLE_BOLD;
}

/* Ren Zhengfei, founder, Huawei Technologies Ltd. */
static void
put_speaker(Page *p, const Said *said)
{
    page_indent(p, 2);
    if (said->name == NULL) {
        page_text(p, STYLE_DIM, "speaker not given", 2);
    } else {
        page_text(p, said->named ? style_of(said->type) : STYLE_ITALIC, said->name, 2);
        if (said->speaker == NONE)
            page_text(p, STYLE_DIM, " (not resolved)", INDENT);
        else if (!said->named)
            page_text(p, STYLE_DIM, " (unnamed)", INDENT);
    }
    if (said->title) {
        page_text(p, STYLE_NONE, said->former ? ", former " : ", ", INDENT);
        page_text(p, STYLE_TITLE, said->title, INDENT);
    }
    if (said->body) {
        page_text(p, STYLE_NONE, ", ", INDENT);
        page_text(p, STYLE_ORGANIZATION, said->body, INDENT);
    }
    page_line(p);
}

/* Is there a word between two pieces: the cue, and what else the reader should know was left out? */
static bool
leaves_out(const Article *a, Span before, Span after)
{
    uint32_t size;

    for (uint32_t at = before.end; at < after.start; at += size) {
        CharClass class = char_class(utf8_next(a->text + at, &size));
        if (class == CHAR_LOWER || class == CHAR_UPPER || class == CHAR_LETTER || class == CHAR_DIGIT)
            return true;
    }
    return false;
}

static void
put_pieces(Buf *out, const Article *a, const Quote *q, bool utf8)
{
    for (uint32_t i = 0; i < q->spans.count; i++) {
        Span s = q->spans.items[i];
        if (i)
            buf_str(out, !leaves_out(a, q->spans.items[i - 1], s) ? " " : utf8 ? " \u2026 " : " ... ");
        buf_add(out, a->text + s.start, s.end - s.start);
    }
}

static void
put_quote(Page *p, const Article *a, const Said *said)
{
    bool marked = said->quote->form == FORM_DIRECT;
    Buf text = {0};

    if (marked)
        buf_str(&text, p->terminal->utf8 ? "\u201c" : "\"");
    put_pieces(&text, a, said->quote, p->terminal->utf8);
    if (marked)
        buf_str(&text, p->terminal->utf8 ? "\u201d" : "\"");
    page_indent(p, INDENT);
    page_text(p, marked ? STYLE_QUOTE : STYLE_NONE, text.bytes, INDENT);
    page_line(p);
    buf_close(&text);
}

/* said: denied, indirect, q3 */
static void
put_manner(Page *p, const Said *said)
{
    const char *dot = p->terminal->utf8 ? " \u00b7 " : " - ";
    char id[16];
    Buf line = {0};

    graph_node_id(said->node, id);
    if (said->cue)
        buf_str(&line, said->cue);
    if (said->quote->act && (said->cue == NULL || strcmp(said->quote->act, said->cue) != 0))
        buf_printf(&line, "%s%s", line.len ? dot : "", said->quote->act);
    if (said->quote->form != FORM_DIRECT)
        buf_printf(&line, "%s%s", line.len ? dot : "", form_name(said->quote->form));
    if (said->quote->negated)
        buf_printf(&line, "%snegated", line.len ? dot : "");
    if (said->quote->hypothetical)
        buf_printf(&line, "%shypothetical", line.len ? dot : "");
    buf_printf(&line, "%s%s", line.len ? dot : "", id);
    page_indent(p, INDENT);
    page_text(p, STYLE_CUE, line.bytes, INDENT);
    page_line(p);
    buf_close(&line);
}

static void
put_header(Page *p, const Article *a)
{
    const char *dot = p->terminal->utf8 ? " \u00b7 " : " - ";
    const char *parts[] = {a->byline, a->dateline, a->published, a->headline ? a->id : NULL};
    bool any = false;

    p->at = 0;
    page_text(p, STYLE_BOLD, a->headline ? a->headline : a->id, 0);
    page_line(p);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (parts[i]) {
            page_text(p, STYLE_DIM, any ? dot : "", 0);
            page_text(p, STYLE_DIM, parts[i], 0);
            any = true;
        }
    if (any)
        page_line(p);
    terminal_style(p->out, p->terminal, STYLE_DIM);
    for (uint32_t i = 0; i < p->width; i++)
        buf_str(p->out, p->terminal->utf8 ? "\u2500" : "-");
    terminal_style(p->out, p->terminal, STYLE_NONE);
    page_line(p);
    page_line(p);
}

static void
count_line(Buf *out, uint32_t quotes, uint32_t others, const char *one, const char *many)
{
    buf_printf(out, "%u %s by %u %s", quotes, quotes == 1 ? "quote" : "quotes", others, others == 1 ? one : many);
}

static bool
make_quotes(Article *a, const RuleSet *rules, Arena *arena, Buf *out, void *context, Error *err)
{
    Command *c = context;
    Page page = {out, &c->terminal, c->terminal.width < WIDEST ? c->terminal.width : WIDEST, 0};
    bool *speaks;
    uint32_t quotes = 0, speakers = 0;
    View v;

    (void)rules;
    (void)err;
    view_open(&v, a, arena, &c->options.graph);
    speaks = arena_zero(arena, v.graph.nodes.count + 1);
    if (c->terminal.is_terminal)
        put_header(&page, a);
    for (uint32_t i = 0; i < v.graph.nodes.count; i++) {
        Said said;
        if (v.graph.nodes.items[i].kind != NODE_QUOTE || v.graph.nodes.items[i].hidden)
            continue;
        said = gather(&v, i);
        if (!is_chosen(c, &v, &said))
            continue;
        quotes++;
        if (said.speaker != NONE && !speaks[said.speaker]) {
            speaks[said.speaker] = true;
            speakers++;
        }
        if (!c->terminal.is_terminal) {
            put_columns(out, a, &said);
            continue;
        }
        put_speaker(&page, &said);
        put_quote(&page, a, &said);
        put_manner(&page, &said);
        page_line(&page);
    }
    if (c->terminal.is_terminal) {
        Buf line = {0};
        count_line(&line, quotes, speakers, "speaker", "speakers");
        page_text(&page, STYLE_DIM, quotes ? line.bytes : "no quotes", 0);
        buf_str(out, "\n\n");
        buf_close(&line);
    }
    atomic_fetch_add(&c->quotes, quotes);
    atomic_fetch_add(&c->articles, 1);
    return true;
}

int
cmd_quotes(int argc, char **argv)
{
    static const OptionSpec OWN[] = {
        {"speaker", 's', "NAME", "only the quotes of speakers with NAME in a name (in any case)"},
        {"form", 'f', "FORMS", "only these forms: direct, mixed, indirect, with commas between"},
        {NULL, 0, NULL, NULL},
    };
    static const CommandSpec SPEC = {
        .name = "quotes",
        .synopsis = "INPUT...",
        .about = "Show who said what.  On a terminal a card for each quote; in a pipe columns with tabs between: speaker,\n"
                 "title, organization, act, form, quote, article.\n",
        .examples = "  onrecord quotes article.txt                       the quotes of one article\n"
                    "  onrecord quotes --speaker smith archive/          what anyone called Smith said\n"
                    "  onrecord quotes --form direct a.jsonl | cut -f1 | sort | uniq -c | sort -rn\n",
        .groups = OPTIONS_READING | OPTIONS_COLOR,
        .own = OWN,
        .take = take,
        .needs_input = true,
    };
    Command c = {0};
    RuleSet *rules;
    int status;

    switch (options_parse(&c.options, &SPEC, &c, argc, argv)) {
    case OPTIONS_DONE: return STATUS_OK;
    case OPTIONS_WRONG: return STATUS_NOTHING;
    case OPTIONS_GO: break;
    }
    if ((rules = options_rules(&c.options)) == NULL)
        return STATUS_NOTHING;
    c.terminal = terminal_look(stdout, c.options.color);
    if (!c.terminal.is_terminal) {
        printf("speaker\ttitle\torganization\tact\tform\tquote\tarticle\n");
        fflush(stdout);
    }
    status = batch_run(&(Batch){.options = &c.options, .rules = rules, .make = make_quotes, .context = &c});
    if (c.terminal.is_terminal && atomic_load(&c.articles) > 1)
        printf("%u quotes in %u articles\n", atomic_load(&c.quotes), atomic_load(&c.articles));
    ruleset_free(rules);
    return status;
}
