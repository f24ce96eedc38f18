/* Which things of an article become nodes and edges, in which order.
 *
 * One idea: Mention.entity is the only word on what belongs together.  A mention that was left without an entity is
 * still shown, as a node of its own, so that nothing which a stage found is lost on the way out. */
#include "graph/graph.h"

#include "base/order.h"

#include <stdio.h>
#include <stdlib.h>

typedef struct {
    uint32_t start, end, item;
    bool lone;
    uint32_t first, count;
} Candidate;

typedef VEC(Candidate) Candidates;

enum { NESTING_MOST = 4 }; /* deeper quotes get no `mentions` edges: the work must stay linear in the text */

static int
compare_candidates(const void *a, const void *b)
{
    const Candidate *x = a, *y = b;

    if (x->start != y->start)
        return x->start < y->start ? -1 : 1;
    if (x->end != y->end)
        return x->end < y->end ? -1 : 1;
    if (x->lone != y->lone)
        return x->lone ? 1 : -1;
    return x->item < y->item ? -1 : x->item > y->item;
}

/* They are mostly in order as they come. */
static void
sort_candidates(Candidates *found)
{
    for (uint32_t i = 1; i < found->count; i++)
        if (compare_candidates(&found->items[i - 1], &found->items[i]) > 0) {
            qsort(found->items, found->count, sizeof *found->items, compare_candidates);
            return;
        }
}

/* ---- mentions to nodes */

/* The mentions by start; the smaller index first where two begin together. */
static uint32_t *
mentions_by_start(const Article *a, Arena *arena)
{
    uint32_t n = a->mentions.count;
    uint32_t *order = arena_alloc(arena, (n + 1) * sizeof *order);
    uint64_t *keys = arena_alloc(arena, (n + 1) * sizeof *keys);

    for (uint32_t i = 0; i < n; i++)
        keys[i] = order_key(a->mentions.items[i].bytes.start, i);
    order_sort(keys, n, arena);
    for (uint32_t i = 0; i < n; i++)
        order[i] = order_number(keys[i]);
    return order;
}

/* Does a mention without an entity get a node?  A nominal ("officials") only where a quote rests on it. */
static bool
stands_alone(const Mention *m, bool speaks)
{
    if (m->entity != NONE || m->type == TYPE_NONE)
        return false;
    return m->kind == KIND_NAME || m->type == TYPE_TITLE || (speaks && m->kind == KIND_NOMINAL);
}

static bool *
find_speakers(const Article *a, Arena *arena)
{
    bool *speaks = arena_zero(arena, a->mentions.count + 1);

    for (uint32_t i = 0; i < a->quotes.count; i++)
        if (a->quotes.items[i].speaker < a->mentions.count)
            speaks[a->quotes.items[i].speaker] = true;
    return speaks;
}

/* Gather the mentions of each entity, one after the other, in graph->mentions; *from[entity] is where they begin. */
static void
gather_mentions(Graph *graph, const Article *a, Arena *arena, const uint32_t *order, uint32_t *from)
{
    uint32_t sum = 0, *next = arena_alloc(arena, (a->entities.count + 1) * sizeof *next);

    memset(from, 0, (a->entities.count + 1) * sizeof *from);
    for (uint32_t i = 0; i < a->mentions.count; i++)
        if (a->mentions.items[i].entity < a->entities.count)
            from[a->mentions.items[i].entity + 1]++;
    for (uint32_t i = 0; i <= a->entities.count; i++)
        from[i] = sum += from[i];
    memcpy(next, from, a->entities.count * sizeof *next);
    for (uint32_t i = 0; i < a->mentions.count; i++) {
        uint32_t entity = a->mentions.items[order[i]].entity;
        if (entity < a->entities.count)
            graph->mentions[next[entity]++] = order[i];
    }
}

/* Which entities have an edge, or speak. */
static bool *
find_used(const Article *a, Arena *arena)
{
    bool *used = arena_zero(arena, a->entities.count + 1);

    for (uint32_t i = 0; i < a->edges.count; i++) {
        const Edge *e = &a->edges.items[i];
        if (e->kind != EDGE_MENTIONS && e->source < a->entities.count)
            used[e->source] = true;
        if (e->kind != EDGE_SAID && e->target < a->entities.count)
            used[e->target] = true;
    }
    for (uint32_t i = 0; i < a->quotes.count; i++)
        if (a->quotes.items[i].speaker < a->mentions.count) {
            uint32_t entity = a->mentions.items[a->quotes.items[i].speaker].entity;
            if (entity < a->entities.count)
                used[entity] = true;
        }
    return used;
}

static bool
is_shown(const Entity *e, bool used)
{
    return e->type != TYPE_NONE && (e->named || used);
}

/* All that is named, whether an entity or a lone mention, and what is not named but said or did something: where it is first
 * mentioned, and at the end what is mentioned nowhere. */
static void
collect(Graph *graph, const Article *a, Arena *arena, const uint32_t *order, Candidates *out)
{
    const bool *speaks = find_speakers(a, arena), *used_by = find_used(a, arena);
    uint32_t *from = arena_alloc(arena, (a->entities.count + 2) * sizeof *from), used;

    graph->mentions = arena_alloc(arena, (a->mentions.count + 1) * sizeof *graph->mentions);
    gather_mentions(graph, a, arena, order, from);
    used = from[a->entities.count];
    for (uint32_t i = 0; i < a->mentions.count; i++) {
        const Mention *m = &a->mentions.items[order[i]];
        uint32_t e = m->entity;
        if (stands_alone(m, speaks[order[i]])) {
            graph->mentions[used] = order[i];
            *vec_push(arena, out) = (Candidate){m->bytes.start, m->bytes.end, order[i], true, used++, 1};
        } else if (e < a->entities.count && graph->mentions[from[e]] == order[i] && is_shown(&a->entities.items[e], used_by[e])) {
            *vec_push(arena, out) = (Candidate){m->bytes.start, m->bytes.end, e, false, from[e], from[e + 1] - from[e]};
        }
    }
    for (uint32_t e = 0; e < a->entities.count; e++)
        if (from[e] == from[e + 1] && is_shown(&a->entities.items[e], used_by[e]))
            *vec_push(arena, out) = (Candidate){.start = NONE, .end = NONE, .item = e, .first = from[e]};
}

static void
add_named(Graph *graph, const Article *a, Arena *arena, const Candidates *found, bool titles)
{
    uint32_t number = 0;

    for (uint32_t i = 0; i < found->count; i++) {
        const Candidate *c = &found->items[i];
        EntityType type = c->lone ? a->mentions.items[c->item].type : a->entities.items[c->item].type;
        if ((type == TYPE_TITLE) != titles)
            continue;
        if (!c->lone)
            graph->of_entity[c->item] = graph->nodes.count;
        for (uint32_t j = 0; j < c->count; j++)
            graph->of_mention[graph->mentions[c->first + j]] = graph->nodes.count;
        *vec_push(arena, &graph->nodes) = (GraphNode){.kind = titles ? NODE_TITLE : NODE_ENTITY, .number = ++number,
                                                      .item = c->item, .lone = c->lone, .first = c->first,
                                                      .count = c->count};
    }
}

static void
add_quotes(Graph *graph, const Article *a, Arena *arena, uint32_t forms)
{
    Candidates found = {0};
    uint32_t number = 0;

    for (uint32_t i = 0; i < a->quotes.count; i++) {
        const Spans *spans = &a->quotes.items[i].spans;
        if (spans->count)
            *vec_push(arena, &found) =
                (Candidate){.start = spans->items[0].start, .end = spans->items[0].end, .item = i};
    }
    sort_candidates(&found);
    for (uint32_t i = 0; i < found.count; i++) {
        uint32_t quote = found.items[i].item;
        bool hidden = forms && !(forms >> a->quotes.items[quote].form & 1);
        graph->of_quote[quote] = graph->nodes.count;
        *vec_push(arena, &graph->nodes) =
            (GraphNode){.kind = NODE_QUOTE, .number = ++number, .item = quote, .hidden = hidden};
    }
}

/* ---- edges */

static void
add_edge(Graph *graph, Arena *arena, EdgeKind kind, uint32_t source, uint32_t target, const char *rule,
         float confidence, Told told, const char *role)
{
    if (source == NONE || target == NONE || graph->nodes.items[source].hidden || graph->nodes.items[target].hidden)
        return;
    *vec_push(arena, &graph->edges) = (GraphEdge){kind, source, target, rule, role, confidence, told};
}

static uint32_t
lookup(const uint32_t *table, uint32_t count, uint32_t index)
{
    return index < count ? table[index] : NONE;
}

/* Say who said it from the speaker's mention, unless a stage has said so already. */
static void
derive_said(Graph *graph, const Article *a, Arena *arena, const bool *has_said)
{
    for (uint32_t i = 0; i < a->quotes.count; i++) {
        const Quote *q = &a->quotes.items[i];
        if (!has_said[i] && q->speaker < a->mentions.count) {
            uint32_t node = graph->of_mention[q->speaker];
            if (node != NONE && graph->nodes.items[node].kind == NODE_ENTITY)
                add_edge(graph, arena, EDGE_SAID, node, graph->of_quote[i], q->rule, q->confidence, (Told){0}, NULL);
        }
    }
}

static bool
nested_too_deep(const Article *a, uint32_t quote)
{
    for (int depth = 0; depth < NESTING_MOST; depth++) {
        quote = a->quotes.items[quote].parent;
        if (quote >= a->quotes.count)
            return false;
    }
    return true;
}

/* What is named inside each quote; for where no stage has made these edges. */
static void
derive_mentions(Graph *graph, const Article *a, Arena *arena, const uint32_t *order)
{
    for (uint32_t i = 0; i < a->quotes.count; i++) {
        const Quote *q = &a->quotes.items[i];
        if (nested_too_deep(a, i))
            continue;
        for (uint32_t s = 0; s < q->spans.count; s++) {
            Span span = q->spans.items[s];
            uint32_t low = 0, high = a->mentions.count;
            while (low < high) {
                uint32_t middle = low + (high - low) / 2;
                if (a->mentions.items[order[middle]].bytes.start < span.start)
                    low = middle + 1;
                else
                    high = middle;
            }
            for (; low < a->mentions.count; low++) {
                const Mention *m = &a->mentions.items[order[low]];
                uint32_t node = graph->of_mention[order[low]];
                if (m->bytes.start >= span.end)
                    break;
                if (m->bytes.end <= span.end && node != NONE && graph->nodes.items[node].kind == NODE_ENTITY)
                    add_edge(graph, arena, EDGE_MENTIONS, graph->of_quote[i], node, m->rule, m->confidence, (Told){0},
                             NULL);
            }
        }
    }
}

static int
compare_text(const char *a, const char *b)
{
    if (a == b)
        return 0;
    if (a == NULL || b == NULL) /* no text comes last */
        return a == NULL ? 1 : -1;
    return strcmp(a, b);
}

/* What is simply so goes first. */
static int
told_rank(Told told)
{
    return told.former + 2 * told.hearsay + 4 * told.hypothetical + 8 * told.negated;
}

/* Two edges of one kind between the same nodes. */
static int
compare_twins(const void *a, const void *b)
{
    const GraphEdge *x = a, *y = b;
    int roles;

    if (told_rank(x->told) != told_rank(y->told))
        return told_rank(x->told) < told_rank(y->told) ? -1 : 1;
    if ((roles = compare_text(x->role, y->role)) != 0)
        return roles;
    if (x->confidence != y->confidence)
        return x->confidence > y->confidence ? -1 : 1;
    return compare_text(x->rule, y->rule);
}

static bool
are_twins(const GraphEdge *x, const GraphEdge *y)
{
    return (((uint32_t)x->kind ^ (uint32_t)y->kind) | (x->source ^ y->source) | (x->target ^ y->target)) == 0;
}

/* Bring the edges into the order of a number of each, below `most`; those with the same one stay as they are. */
static void
order_edges(const GraphEdge *from, GraphEdge *to, const uint32_t *numbers, uint32_t count, uint32_t most, Arena *arena)
{
    uint32_t *next = arena_zero(arena, (most + 1) * sizeof *next);

    for (uint32_t i = 0; i < count; i++)
        next[numbers[i] + 1]++;
    for (uint32_t number = 0; number < most; number++)
        next[number + 1] += next[number];
    for (uint32_t i = 0; i < count; i++)
        to[next[numbers[i]]++] = from[i];
}

/* By kind, source and target, the last first: each is a small number, so that none need be compared but twins. */
static void
sort_edges(Graph *graph, Arena *arena)
{
    uint32_t count = graph->edges.count, *numbers = arena_alloc(arena, (count + 1) * sizeof *numbers);
    GraphEdge *e = graph->edges.items, *other = arena_alloc(arena, (count + 1) * sizeof *other);

    for (uint32_t i = 0; i < count; i++)
        numbers[i] = e[i].target;
    order_edges(e, other, numbers, count, graph->nodes.count, arena);
    for (uint32_t i = 0; i < count; i++)
        numbers[i] = other[i].source;
    order_edges(other, e, numbers, count, graph->nodes.count, arena);
    for (uint32_t i = 0; i < count; i++)
        numbers[i] = e[i].kind;
    order_edges(e, other, numbers, count, EDGE_KINDS, arena);
    for (uint32_t from = 0, to; from < count; from = to) {
        for (to = from + 1; to < count && are_twins(&other[from], &other[to]); to++)
            ;
        if (to > from + 1)
            qsort(&other[from], to - from, sizeof *other, compare_twins);
    }
    graph->edges.items = other;
    graph->edges.room = count + 1;
}

/* In order, and each once: two that differ in role or time stay apart, one that says less than its twin goes. */
static void
settle_edges(Graph *graph, Arena *arena)
{
    GraphEdge *e;
    uint32_t kept = 0;

    sort_edges(graph, arena);
    e = graph->edges.items;
    for (uint32_t i = 0; i < graph->edges.count; i++) {
        const GraphEdge *last = kept ? &e[kept - 1] : NULL;
        if (last && are_twins(last, &e[i]) &&
            told_rank(last->told) == told_rank(e[i].told) && (e[i].role == NULL || compare_text(last->role, e[i].role) == 0))
            continue;
        e[kept++] = e[i];
    }
    graph->edges.count = kept;
}

static void
add_edges(Graph *graph, const Article *a, Arena *arena, const uint32_t *order)
{
    bool *has_said = arena_zero(arena, a->quotes.count + 1), any_mentions = false;

    for (uint32_t i = 0; i < a->edges.count; i++) {
        const Edge *e = &a->edges.items[i];
        uint32_t source = e->kind == EDGE_MENTIONS ? lookup(graph->of_quote, a->quotes.count, e->source)
                                                   : lookup(graph->of_entity, a->entities.count, e->source);
        uint32_t target = e->kind == EDGE_SAID ? lookup(graph->of_quote, a->quotes.count, e->target)
                                               : lookup(graph->of_entity, a->entities.count, e->target);
        if (e->kind == EDGE_SAID && e->target < a->quotes.count)
            has_said[e->target] = true;
        any_mentions = any_mentions || e->kind == EDGE_MENTIONS;
        add_edge(graph, arena, e->kind, source, target, e->rule, e->confidence, e->told, e->role);
    }
    derive_said(graph, a, arena, has_said);
    if (!any_mentions)
        derive_mentions(graph, a, arena, order);
    settle_edges(graph, arena);
}

/* ---- the whole */

static uint32_t *
nowhere(Arena *arena, uint32_t count)
{
    uint32_t *table = arena_alloc(arena, (count + 1) * sizeof *table);

    memset(table, 0xff, (count + 1) * sizeof *table);
    return table;
}

static void
mark_honorifics(Graph *graph, const Article *a)
{
    for (uint32_t i = 0; i < a->titles.count; i++) {
        const HeldTitle *t = &a->titles.items[i];
        if (t->honorific && t->mention < a->mentions.count && graph->of_mention[t->mention] != NONE)
            graph->nodes.items[graph->of_mention[t->mention]].honorific = true;
    }
}

void
graph_build(Graph *graph, const Article *a, Arena *arena, const GraphOptions *options)
{
    const uint32_t *order = mentions_by_start(a, arena);
    Candidates found = {0};

    *graph = (Graph){.of_entity = nowhere(arena, a->entities.count), .of_quote = nowhere(arena, a->quotes.count),
                     .of_mention = nowhere(arena, a->mentions.count)};
    collect(graph, a, arena, order, &found);
    sort_candidates(&found);
    add_named(graph, a, arena, &found, false);
    add_named(graph, a, arena, &found, true);
    mark_honorifics(graph, a);
    add_quotes(graph, a, arena, options ? options->forms : 0);
    add_edges(graph, a, arena, order);
}

/* ---- ids and names */

void
graph_node_id(const GraphNode *node, char id[16])
{
    snprintf(id, 16, "%c%u", "etq"[node->kind], node->number);
}

uint32_t
graph_node_by_id(const Graph *graph, const char *id)
{
    for (uint32_t i = 0; i < graph->nodes.count; i++) {
        char mine[16];
        graph_node_id(&graph->nodes.items[i], mine);
        if (strcmp(mine, id) == 0)
            return i;
    }
    return NONE;
}

static const char *
quote_text(const Quote *q, const Article *a, Arena *arena)
{
    size_t len = 0;
    char *text, *at;

    for (uint32_t i = 0; i < q->spans.count; i++)
        len += q->spans.items[i].end - q->spans.items[i].start + 1u;
    at = text = arena_alloc(arena, len + 1);
    for (uint32_t i = 0; i < q->spans.count; i++) {
        Span s = q->spans.items[i];
        if (i)
            *at++ = ' ';
        memcpy(at, a->text + s.start, s.end - s.start);
        at += s.end - s.start;
    }
    *at = '\0';
    return text;
}

const char *
graph_node_name(const GraphNode *node, const Article *a, Arena *arena)
{
    const Mention *m;

    if (node->kind == NODE_QUOTE)
        return quote_text(&a->quotes.items[node->item], a, arena);
    if (!node->lone && a->entities.items[node->item].name)
        return a->entities.items[node->item].name;
    if (!node->lone)
        return "";
    m = &a->mentions.items[node->item];
    return arena_copy(arena, a->text + m->bytes.start, m->bytes.end - m->bytes.start);
}
