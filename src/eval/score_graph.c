/* Scores what joins names: relations, and clusters of the names of one thing. */
#include "eval/score_p.h"

#include <stdlib.h>

/* ---- relations */

static bool
node_overlaps(const Scoring *s, uint32_t node, Span span)
{
    for (uint32_t i = 0; i < s->mentions.count; i++)
        if (s->mentions.items[i].node == node && s->mentions.items[i].kind == KIND_NAME &&
            span_common(s->mentions.items[i].at, span))
            return true;
    return false;
}

static bool
same_relation(const Scoring *s, const GoldRelation *g, const GraphEdge *e)
{
    return g->kind == e->kind && node_overlaps(s, e->source, s->gold->entities.items[g->head].at) &&
           node_overlaps(s, e->target, s->gold->entities.items[g->tail].at);
}

static Span
first_mention(const Scoring *s, uint32_t node, Span otherwise)
{
    for (uint32_t i = 0; i < s->mentions.count; i++)
        if (s->mentions.items[i].node == node)
            return s->mentions.items[i].at;
    return otherwise;
}

static void
relation_errors(Scoring *s, const GraphEdge *edges, const bool *good, uint32_t edge_count, const bool *hit)
{
    for (uint32_t i = 0; i < edge_count; i++) {
        const GraphEdge *e = &edges[i];
        Buf note = {0};
        Span at = first_mention(s, e->source, (Span){0, 0});
        if (good[i])
            continue;
        at = span_hull(at, first_mention(s, e->target, at));
        buf_printf(&note, "%s %s %s", graph_node_name(&s->graph.nodes.items[e->source], s->a, s->arena),
                   edge_name(e->kind), graph_node_name(&s->graph.nodes.items[e->target], s->a, s->arena));
        score_error(s, "relation, false positive", at, &note);
        buf_close(&note);
    }
    for (uint32_t i = 0; i < s->gold->relations.count; i++) {
        const GoldRelation *g = &s->gold->relations.items[i];
        Span head = s->gold->entities.items[g->head].at, tail = s->gold->entities.items[g->tail].at;
        Buf note = {0};
        if (hit[i] || g->kind == EDGE_KINDS)
            continue;
        points_put(&s->points, head, &note);
        buf_printf(&note, " %s ", edge_name(g->kind));
        points_put(&s->points, tail, &note);
        score_error(s, "relation, false negative", span_hull(head, tail), &note);
        buf_close(&note);
    }
}

void
score_relations(Scoring *s)
{
    const Gold *gold = s->gold;
    GraphEdge *edges = arena_alloc(s->arena, (s->graph.edges.count + 1) * sizeof *edges);
    bool *good = arena_zero(s->arena, s->graph.edges.count + 1), *hit = arena_zero(s->arena, gold->relations.count + 1);
    uint32_t count = 0;

    for (uint32_t i = 0; i < s->graph.edges.count; i++) { /* in order of kind and nodes; each once whatever its role */
        const GraphEdge *e = &s->graph.edges.items[i];
        if (e->kind < EDGE_AFFILIATED || e->kind > EDGE_PART_OF ||
            (count && edges[count - 1].kind == e->kind && edges[count - 1].source == e->source &&
             edges[count - 1].target == e->target))
            continue;
        edges[count++] = *e;
    }
    for (uint32_t i = 0; i < count; i++)
        for (uint32_t j = 0; j < gold->relations.count; j++)
            if (same_relation(s, &gold->relations.items[j], &edges[i]))
                good[i] = hit[j] = true;
    for (uint32_t kind = EDGE_AFFILIATED; kind <= EDGE_PART_OF + 1; kind++) {
        bool all = kind > EDGE_PART_OF;
        double counts[4] = {0};
        for (uint32_t i = 0; i < count; i++) {
            counts[0] += good[i] && (all || edges[i].kind == kind);
            counts[1] += all || edges[i].kind == kind;
        }
        for (uint32_t j = 0; j < gold->relations.count; j++) {
            counts[2] += hit[j] && (all || gold->relations.items[j].kind == kind);
            counts[3] += gold->relations.items[j].kind != EDGE_KINDS && (all || gold->relations.items[j].kind == kind);
        }
        score_tally(s->scorer, counts, "relations.%s", all ? "all" : edge_name((EdgeKind)kind));
    }
    for (uint32_t i = 0; i < count; i++)
        score_trust(s->scorer, TRUST_RELATIONS, edges[i].confidence, good[i]);
    relation_errors(s, edges, good, count, hit);
}

/* ---- clusters */

/* A gold name that was found with exactly its span: which cluster it is in, by the gold and by the graph. */
typedef struct {
    Span at;
    uint32_t entity;
    uint32_t group[2]; /* gold, found */
} Name;

typedef VEC(Name) Names;

static int
compare_names(const void *a, const void *b)
{
    const Name *x = a, *y = b;
    int order = span_compare(x->at, y->at);

    return order ? order : x->entity < y->entity ? -1 : x->entity > y->entity;
}

static uint32_t
owner_of(const Scoring *s, Span at)
{
    for (uint32_t i = 0; i < s->mentions.count; i++)
        if (s->mentions.items[i].kind == KIND_NAME && span_same(s->mentions.items[i].at, at))
            return s->mentions.items[i].node;
    return NONE;
}

static Names
find_names(Scoring *s, uint32_t *wanted)
{
    const Gold *gold = s->gold;
    uint32_t *cluster = arena_alloc(s->arena, (gold->entities.count + 1) * sizeof *cluster), kept = 0;
    Names names = {0};

    *wanted = 0;
    for (uint32_t i = 0; i < gold->entities.count; i++) /* alone, unless a cluster says otherwise */
        cluster[i] = gold->clusters.count + i;
    for (uint32_t c = 0; c < gold->clusters.count; c++)
        for (uint32_t i = 0; i < gold->clusters.items[c].count; i++)
            cluster[gold->clusters.items[c].items[i]] = c;
    for (uint32_t i = 0; i < gold->entities.count; i++) {
        Span at = gold->entities.items[i].at;
        uint32_t node = gold->entities.items[i].type == TYPE_NONE ? NONE : owner_of(s, at);
        *wanted += gold->entities.items[i].type != TYPE_NONE;
        if (node != NONE)
            *vec_push(s->arena, &names) = (Name){at, i, {cluster[i], node}};
    }
    if (names.count)
        qsort(names.items, names.count, sizeof *names.items, compare_names);
    for (uint32_t i = 0; i < names.count; i++) { /* of twins the last */
        if (kept && span_same(names.items[kept - 1].at, names.items[i].at))
            kept--;
        names.items[kept++] = names.items[i];
    }
    names.count = kept;
    return names;
}

/* With how many names is name i joined: by grouping `by`, and by both. */
static void
count_mates(const Names *n, uint32_t i, int by, uint32_t *mates, uint32_t *shared)
{
    *mates = *shared = 0;
    for (uint32_t j = 0; j < n->count; j++)
        if (j != i && n->items[j].group[by] == n->items[i].group[by]) {
            ++*mates;
            *shared += n->items[j].group[!by] == n->items[i].group[!by];
        }
}

/* The sums of the three metrics over one grouping (0 gold, 1 found): hits and of.  LEA: Moosavi and Strube 2016. */
static void
measure(const Names *n, int by, double b_cubed[2], double lea[2], double links[2])
{
    for (uint32_t i = 0; i < n->count; i++) {
        uint32_t mates, shared, other, unused;
        count_mates(n, i, by, &mates, &shared);
        count_mates(n, i, !by, &other, &unused);
        b_cubed[0] += (shared + 1.0) / (mates + 1.0);
        /* a group's share of its links, once for each of its names: its links are counted from both ends */
        lea[0] += mates ? (double)shared / mates : other == 0;
        links[0] += shared / 2.0;
        links[1] += mates / 2.0;
        b_cubed[1] += 1;
        lea[1] += 1;
    }
}

void
score_clusters(Scoring *s)
{
    double b[2][2] = {{0}}, lea[2][2] = {{0}}, links[2][2] = {{0}};
    uint32_t wanted;
    Names names = find_names(s, &wanted);
    Buf note = {0};

    score_share(s->scorer, names.count, wanted, "clusters.names_found");
    for (int by = 0; by < 2; by++)
        measure(&names, by, b[by], lea[by], links[by]);
    score_tally(s->scorer, (double[]){b[1][0], b[1][1], b[0][0], b[0][1]}, "clusters.b_cubed");
    score_tally(s->scorer, (double[]){lea[1][0], lea[1][1], lea[0][0], lea[0][1]}, "clusters.lea");
    score_tally(s->scorer, (double[]){links[1][0], links[1][1], links[0][0], links[0][1]}, "clusters.links");
    for (uint32_t i = 0; s->scorer->keep_errors && i < names.count; i++)
        for (uint32_t j = i + 1; j < names.count; j++) {
            const Name *x = &names.items[i], *y = &names.items[j];
            bool gold = x->group[0] == y->group[0], found = x->group[1] == y->group[1];
            if (gold == found)
                continue;
            buf_clear(&note);
            buf_str(&note, "with \u201c");
            points_put(&s->points, x->at, &note);
            buf_printf(&note, "\u201d at %u", x->at.start);
            score_error(s, gold ? "cluster, wrongly split" : "cluster, wrongly joined", y->at, &note);
        }
    buf_close(&note);
}
