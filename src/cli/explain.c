/* onrecord explain: why each thing was found.
 *
 * One idea: every layer names the rule that made it and every match is kept, so that an explanation is read off the
 * finished article and is never a second opinion. */
#include "cli/articles.h"
#include "cli/cli.h"
#include "cli/evidence.h"
#include "graph/offsets.h"
#include "pipeline.h"

#include <stdlib.h>

typedef struct {
    Options options;
    bool at_given;
    uint32_t at; /* in the unit of --offsets */
    const char *quote, *entity;
    Terminal terminal;
} Command;

typedef struct {
    const Command *command;
    Article *a;
    const RuleSet *rules;
    Arena *arena;
    Graph graph;
    Offsets offsets;
    Article before;       /* the article as it was before the names */
    NamesWhy why;
    const Match **matches; /* by start … */
    uint32_t *reach;       /* … and for each the furthest end of it and of those before it */
    Buf *out;
    uint32_t shown;
} View;

static bool
take(void *context, const char *name, const char *value, Error *err)
{
    Command *c = context;

    if (strcmp(name, "quote") == 0) {
        c->quote = value;
    } else if (strcmp(name, "entity") == 0) {
        c->entity = value;
    } else {
        char *end;
        unsigned long at = strtoul(value, &end, 10);
        if (*value < '0' || *value > '9' || *end || at > TEXT_MAX)
            return error_set(err, ERROR_USAGE, NULL, 0, 0, NULL, 0, "--at %s: that is no offset", value);
        c->at = (uint32_t)at;
        c->at_given = true;
    }
    return true;
}

/* ---- lines */

static void
put_style(View *v, Style style)
{
    terminal_style(v->out, &v->command->terminal, style);
}

static void
put(View *v, Style style, const char *text, size_t len)
{
    put_style(v, style);
    terminal_clean(v->out, text, len);
    put_style(v, STYLE_NONE);
}

static void
put_words(View *v, Style style, const char *text)
{
    put(v, style, text, strlen(text));
}

static void
put_slice(View *v, Style style, Span bytes)
{
    buf_str(v->out, "\u201c");
    put(v, style, v->a->text + bytes.start, bytes.end - bytes.start);
    buf_str(v->out, "\u201d");
}

static void
put_place(View *v, Span bytes)
{
    buf_printf(v->out, " at %u-%u", offsets_at(&v->offsets, bytes.start), offsets_at(&v->offsets, bytes.end));
}

/* name (file:line) “about” */
static void
put_rule(View *v, const char *name)
{
    const Rule *rule = name ? ruleset_rule(v->rules, name) : NULL;

    put_words(v, STYLE_BOLD, name ? name : "no rule");
    if (rule == NULL && name && strncmp(name, "list.", 5) == 0)
        buf_printf(v->out, " (no rule: the list %s spoke loudest)", name + 5);
    else if (rule == NULL && name && strncmp(name, "name.", 5) == 0)
        buf_printf(v->out, " (no rule: the evidence %s spoke loudest)", name + 5);
    if (rule == NULL)
        return;
    put_style(v, STYLE_DIM);
    buf_str(v->out, " (");
    terminal_clean(v->out, rule->path, strlen(rule->path));
    buf_printf(v->out, ":%zu)", rule->line);
    put_style(v, STYLE_NONE);
    buf_str(v->out, " \u201c");
    terminal_clean(v->out, rule->about, strlen(rule->about));
    buf_str(v->out, "\u201d");
}

static void
put_made_by(View *v, const char *rule, float confidence)
{
    buf_str(v->out, "    made by ");
    put_rule(v, rule);
    buf_printf(v->out, "\n    confidence %.3f", (double)confidence);
}

static void
put_node(View *v, uint32_t node)
{
    char id[16];
    const char *name = graph_node_name(&v->graph.nodes.items[node], v->a, v->arena);

    graph_node_id(&v->graph.nodes.items[node], id);
    buf_printf(v->out, "%s ", id);
    buf_str(v->out, "\u201c");
    terminal_cell(v->out, name, strlen(name), 60, false);
    buf_str(v->out, "\u201d");
}

static Style
style_of(EntityType type)
{
    static const Style STYLES[] = {STYLE_BOLD, STYLE_PERSON, STYLE_ORGANIZATION, STYLE_PLACE, STYLE_TITLE};

    return type < TYPE_COUNT ? STYLES[type] : STYLE_BOLD;
}

/* ---- what else is known of a stretch */

static void
put_groups(View *v, const Match *m)
{
    for (uint32_t g = 0; g < m->rule->group_count; g++) {
        if (m->groups[g].start == NONE || range_empty(m->groups[g]))
            continue;
        buf_printf(v->out, " [%s: ", m->rule->groups[g]);
        put(v, STYLE_NONE, v->a->text + token_span(v->a, m->groups[g]).start,
            token_span(v->a, m->groups[g]).end - token_span(v->a, m->groups[g]).start);
        buf_char(v->out, ']');
    }
}

static int
compare_matches(const void *a, const void *b)
{
    const Match *x = *(const Match *const *)a, *y = *(const Match *const *)b;

    if (x->tokens.start != y->tokens.start)
        return x->tokens.start < y->tokens.start ? -1 : 1;
    return x < y ? -1 : x > y;
}

static void
order_matches(View *v)
{
    uint32_t count = v->a->matches.count, reach = 0;

    v->matches = arena_alloc(v->arena, (count + 1) * sizeof *v->matches);
    v->reach = arena_alloc(v->arena, (count + 1) * sizeof *v->reach);
    for (uint32_t i = 0; i < count; i++)
        v->matches[i] = &v->a->matches.items[i];
    qsort(v->matches, count, sizeof *v->matches, compare_matches);
    for (uint32_t i = 0; i < count; i++)
        v->reach[i] = reach = v->matches[i]->tokens.end > reach ? v->matches[i]->tokens.end : reach;
}

/* The first match that begins at a token or behind it. */
static uint32_t
first_match(const View *v, uint32_t token)
{
    uint32_t low = 0, high = v->a->matches.count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (v->matches[middle]->tokens.start < token)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Is the rule one of those that `maker` was up against?  All are where nothing was made. */
static bool
is_rival(const View *v, const Rule *rule, const char *maker)
{
    const Rule *made = maker ? ruleset_rule(v->rules, maker) : NULL;

    return made == NULL || (rule != made && strcmp(rule->phase, made->phase) == 0);
}

/* The rules that matched there: those of the same phase as the one that made it, or all. */
static void
put_matches(View *v, Span bytes, const char *maker)
{
    uint32_t end = first_match(v, article_token_at(v->a, bytes.end)), from = end;
    uint32_t first = article_token_at(v->a, bytes.start);
    bool any = false;

    while (from > 0 && v->reach[from - 1] > first)
        from--;
    for (uint32_t i = from; i < end; i++) {
        const Match *m = v->matches[i];
        if (range_empty(m->tokens) || !span_overlaps(token_span(v->a, m->tokens), bytes) ||
            !is_rival(v, m->rule, maker))
            continue;
        buf_str(v->out, any ? "" : maker ? "    other rules that matched there:\n" : "    rules that matched there:\n");
        any = true;
        buf_str(v->out, "      ");
        put_rule(v, m->rule->name);
        put_groups(v, m);
        buf_char(v->out, '\n');
    }
}

static void
put_notes(View *v, Span bytes)
{
    for (uint32_t i = 0; i < v->a->notes.count; i++) {
        const Note *n = &v->a->notes.items[i];
        if (!span_overlaps(n->bytes, bytes))
            continue;
        buf_printf(v->out, "    %s: ", n->stage);
        terminal_clean(v->out, n->text, strlen(n->text));
        buf_char(v->out, '\n');
    }
}

/* " (former, hearsay, founder)" */
static void
put_told(View *v, const GraphEdge *e)
{
    const char *words[] = {e->told.former ? "former" : NULL, e->told.negated ? "negated" : NULL,
                           e->told.hypothetical ? "hypothetical" : NULL, e->told.hearsay ? "hearsay" : NULL, e->role};
    const char *before = " (";

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (words[i]) {
            buf_printf(v->out, "%s%s", before, words[i]);
            before = ", ";
        }
    if (*before == ',')
        buf_char(v->out, ')');
}

static void
put_edges(View *v, uint32_t node)
{
    for (uint32_t i = 0; i < v->graph.edges.count; i++) {
        const GraphEdge *e = &v->graph.edges.items[i];
        if (e->source != node && e->target != node)
            continue;
        buf_str(v->out, "    ");
        put_node(v, e->source);
        buf_printf(v->out, " %s ", edge_name(e->kind));
        put_node(v, e->target);
        put_told(v, e);
        buf_str(v->out, ", by ");
        put_rule(v, e->rule);
        buf_printf(v->out, ", confidence %.3f\n", (double)e->confidence);
    }
}

/* ---- mentions */

/* The article once more up to its sentences, so that its names can be weighed as they were. */
static bool
read_again(View *v, Error *err)
{
    Scratch *scratch = scratch_new(v->rules);
    bool ok = article_open(&v->before, v->arena, v->a->text, v->a->len, false, err) &&
              pipeline_run(&v->before, v->rules, scratch, "sentences", NULL, NULL, err);

    scratch_free(scratch);
    if (ok)
        names_why_open(&v->why, &v->before, v->rules, v->arena);
    return ok;
}

static void
put_evidence(View *v, const Mention *m)
{
    NameWhy why;

    if (names_why(&v->why, m->tokens, &why))
        evidence_put(v->out, &v->command->terminal, &why);
}

/* What could have been a name there, and why it is none. */
static void
put_candidate(View *v, uint32_t at)
{
    uint32_t token = article_token_at(v->a, at);
    NameWhy why;

    if (token >= v->before.tokens.count || v->before.tokens.items[token].start > at ||
        !names_why_at(&v->why, token, &why) || why.taken)
        return;
    put_slice(v, STYLE_BOLD, token_span(&v->before, why.tokens));
    put_place(v, token_span(&v->before, why.tokens));
    buf_printf(v->out, " could have been a name (%s), and was not taken for one\n", entity_type_name(why.type));
    evidence_put(v->out, &v->command->terminal, &why);
}

static void
explain_mention(View *v, uint32_t number)
{
    const Mention *m = &v->a->mentions.items[number];
    uint32_t node = v->graph.of_mention[number];

    v->shown++;
    buf_str(v->out, entity_type_name(m->type));
    buf_char(v->out, ' ');
    put_slice(v, style_of(m->type), m->bytes);
    put_place(v, m->bytes);
    buf_printf(v->out, ", a %s", mention_kind_name(m->kind));
    if (node != NONE) {
        buf_str(v->out, ", of ");
        put_node(v, node);
    }
    buf_char(v->out, '\n');
    put_made_by(v, m->rule, m->confidence);
    buf_char(v->out, '\n');
    if (m->kind == KIND_NAME && m->type != TYPE_TITLE)
        put_evidence(v, m);
    put_matches(v, m->bytes, m->rule);
    put_notes(v, m->bytes);
    buf_char(v->out, '\n');
}

static void
explain_entity(View *v, uint32_t node)
{
    const GraphNode *n = &v->graph.nodes.items[node];
    EntityType type = n->lone ? v->a->mentions.items[n->item].type : v->a->entities.items[n->item].type;

    buf_printf(v->out, "%s ", entity_type_name(type));
    put_node(v, node);
    buf_printf(v->out, ", %u %s\n", n->count, n->count == 1 ? "mention" : "mentions");
    put_edges(v, node);
    buf_char(v->out, '\n');
    for (uint32_t i = 0; i < n->count; i++)
        explain_mention(v, v->graph.mentions[n->first + i]);
}

/* ---- quotes */

/* The words that the attribution rests on, and whom they mean. */
static void
put_speaker(View *v, const Mention *m, uint32_t node)
{
    buf_str(v->out, "    speaker ");
    put_slice(v, style_of(m->type), m->bytes);
    put_place(v, m->bytes);
    buf_printf(v->out, ", a %s", mention_kind_name(m->kind));
    if (node != NONE && m->kind != KIND_NAME) {
        buf_str(v->out, " that means ");
        put_node(v, node);
    }
    buf_str(v->out, ", found by ");
    put_rule(v, m->rule);
    buf_char(v->out, '\n');
}

static void
explain_quote(View *v, uint32_t node)
{
    const Quote *q = &v->a->quotes.items[v->graph.nodes.items[node].item];
    Span all = {UINT32_MAX, 0};

    v->shown++;
    buf_printf(v->out, "%s quote ", form_name(q->form));
    put_node(v, node);
    for (uint32_t i = 0; i < q->spans.count; i++) {
        Span s = q->spans.items[i];
        put_place(v, s);
        all = (Span){s.start < all.start ? s.start : all.start, s.end > all.end ? s.end : all.end};
    }
    buf_char(v->out, '\n');
    put_made_by(v, q->rule, q->confidence);
    if (q->negated || q->hypothetical || q->repaired)
        buf_printf(v->out, "%s%s%s", q->negated ? ", negated" : "", q->hypothetical ? ", hypothetical" : "",
                   q->repaired ? ", a mark was missing" : "");
    buf_char(v->out, '\n');
    if (q->speaker < v->a->mentions.count) {
        const Mention *m = &v->a->mentions.items[q->speaker];
        Span s = m->bytes;
        put_speaker(v, m, v->graph.of_mention[q->speaker]);
        if (s.end <= all.start || s.start >= all.end)
            all = (Span){s.start < all.start ? s.start : all.start, s.end > all.end ? s.end : all.end};
    } else {
        buf_str(v->out, "    the text gives no speaker\n");
    }
    if (q->cue.end > q->cue.start) {
        buf_str(v->out, "    cue ");
        put_slice(v, STYLE_CUE, q->cue);
        put_place(v, q->cue);
        buf_printf(v->out, "%s%s\n", q->act ? ", " : "", q->act ? q->act : "");
    }
    put_edges(v, node);
    if (all.start < all.end) {
        put_matches(v, all, q->rule);
        put_notes(v, all);
    }
    buf_char(v->out, '\n');
}

/* ---- choosing */

static bool
quote_covers(const Quote *q, uint32_t at)
{
    for (uint32_t i = 0; i < q->spans.count; i++)
        if (q->spans.items[i].start <= at && at < q->spans.items[i].end)
            return true;
    return q->cue.start <= at && at < q->cue.end;
}

static void
put_zone(View *v, uint32_t at)
{
    for (uint32_t i = 0; i < v->a->zones.count; i++) {
        const Zone *z = &v->a->zones.items[i];
        if (z->bytes.start > at || at >= z->bytes.end)
            continue;
        buf_printf(v->out, "zone %s", zone_name(z->kind));
        put_place(v, z->bytes);
        if (z->rule) {
            buf_str(v->out, ", by ");
            put_rule(v, z->rule);
        }
        buf_str(v->out, "\n\n");
    }
}

/* The byte of an offset in the unit that was asked for. */
static uint32_t
find_byte(const View *v, uint32_t at)
{
    uint32_t low = 0, high = v->a->len;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (offsets_at(&v->offsets, middle) < at)
            low = middle + 1;
        else
            high = middle;
    }
    while (low < v->a->len && ((unsigned char)v->a->text[low] & 0xc0) == 0x80)
        low++;
    return low;
}

/* Everything that lies at a byte; where no name does, also what could have been one. */
static void
explain_at(View *v, uint32_t at)
{
    bool named = false;

    put_zone(v, at);
    for (uint32_t i = 0; i < v->a->mentions.count; i++) {
        const Mention *m = &v->a->mentions.items[i];
        if (m->bytes.start > at || at >= m->bytes.end)
            continue;
        explain_mention(v, i);
        named |= m->kind == KIND_NAME;
    }
    for (uint32_t i = 0; i < v->graph.nodes.count; i++)
        if (v->graph.nodes.items[i].kind == NODE_QUOTE && quote_covers(&v->a->quotes.items[v->graph.nodes.items[i].item], at))
            explain_quote(v, i);
    if (v->shown == 0)
        buf_str(v->out, "nothing was found there\n");
    if (!named)
        put_candidate(v, at);
    if (v->shown == 0) {
        put_matches(v, (Span){at, at + 1}, NULL);
        put_notes(v, (Span){at, at + 1});
        buf_char(v->out, '\n');
    }
}

static void
explain_all(View *v)
{
    for (uint32_t i = 0; i < v->graph.nodes.count; i++) {
        if (v->graph.nodes.items[i].kind == NODE_QUOTE)
            explain_quote(v, i);
        else
            explain_entity(v, i);
    }
    if (v->graph.nodes.count == 0)
        buf_str(v->out, "nothing was found\n");
}

static bool
explain_id(View *v, const char *id, bool quote, Error *err)
{
    uint32_t node = graph_node_by_id(&v->graph, id);

    if (node == NONE || (v->graph.nodes.items[node].kind == NODE_QUOTE) != quote)
        return error_set(err, ERROR_INPUT, v->a->id, 0, 0, NULL, 0, "there is no %s %s", quote ? "quote" : "entity or title", id);
    if (quote)
        explain_quote(v, node);
    else
        explain_entity(v, node);
    return true;
}

static bool
make_explanation(Article *a, const RuleSet *rules, Arena *arena, Buf *out, void *context, Error *err)
{
    const Command *c = context;
    View v = {.command = c, .a = a, .rules = rules, .arena = arena, .out = out};
    const char *title = a->headline ? a->headline : a->id;
    bool ok = true;

    if (!read_again(&v, err))
        return false;
    graph_build(&v.graph, a, arena, NULL);
    order_matches(&v);
    offsets_open(&v.offsets, arena, a->text, a->len, c->options.graph.offsets);
    put_words(&v, STYLE_BOLD, title);
    if (a->headline) {
        buf_str(out, "  ");
        put_words(&v, STYLE_DIM, a->id);
    }
    buf_str(out, "\n\n");
    if (c->at_given) {
        uint32_t at = find_byte(&v, c->at);
        if (at >= a->len)
            ok = error_set(err, ERROR_INPUT, a->id, 0, 0, NULL, 0, "the text ends before offset %u", c->at);
        else
            explain_at(&v, at);
    }
    if (c->quote)
        ok = explain_id(&v, c->quote, true, err) && ok;
    if (c->entity)
        ok = explain_id(&v, c->entity, false, err) && ok;
    if (!c->at_given && !c->quote && !c->entity)
        explain_all(&v);
    names_why_close(&v.why);
    return ok;
}

int
cmd_explain(int argc, char **argv)
{
    static const OptionSpec OWN[] = {
        {"at", 'a', "OFFSET", "only what lies at this offset of the text (code points, or as --offsets says)"},
        {"quote", 0, "ID", "only the quote of this id, such as q3"},
        {"entity", 0, "ID", "only the entity or title of this id, such as e2 or t1"},
        {NULL, 0, NULL, NULL},
    };
    static const CommandSpec SPEC = {
        .name = "explain",
        .synopsis = "INPUT...",
        .about = "Say why: for each name, title, quote and link the rule that made it, where that rule stands, the\n"
                 "evidence and its weights, what else was near, and which other rules matched there.  The ids are those\n"
                 "of the graph.\n",
        .examples = "  onrecord explain article.txt --quote q3   who said it, and how we know\n"
                    "  onrecord explain article.txt --at 2052    whatever lies there\n",
        .groups = OPTIONS_RULES | OPTIONS_INPUT | OPTIONS_GRAPH | OPTIONS_COLOR,
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
    c.options.threads = 1; /* in the order of the text, and seldom more than one */
    status = articles_run(&c.options, (Batch){.rules = rules, .make = make_explanation, .context = &c, .explain = true});
    ruleset_free(rules);
    return status;
}
