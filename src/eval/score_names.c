/* Scores what is named: entities and titles by their spans, relations and clusters by the names of their nodes. */
#include "eval/score_p.h"

#include <stdlib.h>

/* A span with its type, as a set has it. */
typedef struct {
    Span at;
    EntityType type;
    const char *rule;
    uint32_t order;
    float confidence;
} Typed;

typedef VEC(Typed) TypedVec;

enum { ALL_TYPES = TYPE_COUNT };

static const char *
type_name(uint32_t type)
{
    return type == ALL_TYPES ? "all" : entity_type_name((EntityType)type);
}

/* By span, then the type's name. */
static int
compare_typed(const void *a, const void *b)
{
    const Typed *x = a, *y = b;
    int spans = span_compare(x->at, y->at), names;

    if (spans)
        return spans;
    names = x->type == y->type ? 0 : strcmp(entity_type_name(x->type), entity_type_name(y->type));
    return names ? names : x->order < y->order ? -1 : x->order > y->order;
}

/* In order, each once; of twins the last. */
static void
make_set(TypedVec *v)
{
    uint32_t kept = 0;

    if (v->count)
        qsort(v->items, v->count, sizeof *v->items, compare_typed);
    for (uint32_t i = 0; i < v->count; i++) {
        if (kept && span_same(v->items[kept - 1].at, v->items[i].at) && v->items[kept - 1].type == v->items[i].type)
            kept--;
        v->items[kept++] = v->items[i];
    }
    v->count = kept;
}

static bool
has_typed(const TypedVec *set, Typed t)
{
    t.order = 0;
    for (uint32_t low = 0, high = set->count; low < high;) {
        uint32_t middle = low + (high - low) / 2;
        const Typed *m = &set->items[middle];
        int order = compare_typed(&(Typed){m->at, m->type, NULL, 0, 0}, &t);
        if (order == 0)
            return true;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

static uint32_t
count_typed(const TypedVec *v, uint32_t type, const TypedVec *also)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < v->count; i++)
        count += (type == ALL_TYPES || v->items[i].type == type) && (also == NULL || has_typed(also, v->items[i]));
    return count;
}

static Pairs
overlaps(Scoring *s, const TypedVec *gold, const TypedVec *found)
{
    Pairs pairs = {0};

    for (uint32_t i = 0; i < gold->count; i++)
        for (uint32_t j = 0; j < found->count && found->items[j].at.start < gold->items[i].at.end; j++) {
            uint32_t shared = span_common(gold->items[i].at, found->items[j].at);
            if (shared && gold->items[i].type == found->items[j].type)
                *vec_push(s->arena, &pairs) = (Pair){shared, i, j};
        }
    pairs_choose(&pairs, s->arena, gold->count, found->count);
    return pairs;
}

static TypedVec
without_types(Scoring *s, const TypedVec *v)
{
    TypedVec out = {0};

    for (uint32_t i = 0; i < v->count; i++)
        *vec_push(s->arena, &out) = (Typed){v->items[i].at, TYPE_NONE, NULL, 0, 0};
    make_set(&out);
    return out;
}

static void
put_other(Scoring *s, Buf *note, Span span, Span at, const char *kind, bool *any)
{
    if (!span_common(span, at))
        return;
    buf_printf(note, "%s%s \u201c", *any ? ", " : "", kind);
    points_put(&s->points, at, note);
    buf_str(note, "\u201d");
    *any = true;
}

static void
entity_errors(Scoring *s, const TypedVec *gold, const TypedVec *found)
{
    Buf note = {0};

    for (uint32_t i = 0; i < found->count; i++) {
        const Typed *f = &found->items[i];
        bool any = false;
        if (has_typed(gold, *f))
            continue;
        buf_clear(&note);
        buf_printf(&note, "%s, rule %s; gold: ", entity_type_name(f->type), f->rule);
        for (uint32_t j = 0; j < s->gold->entities.count; j++)
            put_other(s, &note, f->at, s->gold->entities.items[j].at, s->gold->entities.items[j].name, &any);
        buf_str(&note, any ? "" : "-");
        score_error(s, "entity, false positive", f->at, &note);
    }
    for (uint32_t i = 0; i < gold->count; i++) {
        const Typed *g = &gold->items[i];
        bool any = false;
        if (has_typed(found, *g))
            continue;
        buf_clear(&note);
        buf_printf(&note, "%s; predicted: ", entity_type_name(g->type));
        for (uint32_t j = 0; j < found->count; j++)
            put_other(s, &note, g->at, found->items[j].at, entity_type_name(found->items[j].type), &any);
        buf_str(&note, any ? "" : "-");
        score_error(s, "entity, false negative", g->at, &note);
    }
    buf_close(&note);
}

void
score_entities(Scoring *s)
{
    static const uint32_t TYPES[] = {TYPE_PERSON, TYPE_ORGANIZATION, TYPE_PLACE, ALL_TYPES};
    TypedVec gold = {0}, found = {0}, g, f;
    Pairs pairs;
    double both;

    for (uint32_t i = 0; i < s->gold->entities.count; i++)
        if (s->gold->entities.items[i].type != TYPE_NONE)
            *vec_push(s->arena, &gold) = (Typed){s->gold->entities.items[i].at, s->gold->entities.items[i].type, NULL, i, 0};
    for (uint32_t i = 0; i < s->mentions.count; i++) {
        const Found *m = &s->mentions.items[i];
        if (m->kind == KIND_NAME && m->type >= TYPE_PERSON && m->type <= TYPE_PLACE)
            *vec_push(s->arena, &found) = (Typed){m->at, m->type, m->rule, i, m->confidence};
    }
    make_set(&gold);
    make_set(&found);
    pairs = overlaps(s, &gold, &found);
    for (int t = 0; t < 4; t++) {
        double hits = count_typed(&gold, TYPES[t], &found), p = count_typed(&found, TYPES[t], NULL),
               n = count_typed(&gold, TYPES[t], NULL), paired = 0;
        score_tally(s->scorer, (double[]){hits, p, hits, n}, "entities.exact.%s", type_name(TYPES[t]));
        for (uint32_t i = 0; i < pairs.count; i++)
            paired += TYPES[t] == ALL_TYPES || gold.items[pairs.items[i].gold].type == TYPES[t];
        score_tally(s->scorer, (double[]){paired, p, paired, n}, "entities.overlap.%s", type_name(TYPES[t]));
    }
    g = without_types(s, &gold);
    f = without_types(s, &found);
    both = count_typed(&g, ALL_TYPES, &f);
    score_tally(s->scorer, (double[]){both, f.count, both, g.count}, "entities.untyped.all");
    for (uint32_t i = 0; i < found.count; i++)
        score_trust(s->scorer, TRUST_NAMES, found.items[i].confidence, has_typed(&gold, found.items[i]));
    entity_errors(s, &gold, &found);
}

/* ---- titles */

/* Do a node of the edge's one end and a title node of the other lie at these spans? */
static bool
is_linked(const Scoring *s, EdgeKind kind, const bool *titles, const bool *others)
{
    for (uint32_t i = 0; i < s->graph.edges.count; i++) {
        const GraphEdge *e = &s->graph.edges.items[i];
        if (e->kind == kind && (kind == EDGE_HOLDS ? others[e->source] && titles[e->target]
                                                   : titles[e->source] && others[e->target]))
            return true;
    }
    return false;
}

/* The nodes that have a mention which overlaps the span. */
static bool *
nodes_at(const Scoring *s, Span span, bool titles_only)
{
    bool *at = arena_zero(s->arena, s->graph.nodes.count + 1);

    for (uint32_t i = 0; i < s->mentions.count; i++)
        if (span_common(s->mentions.items[i].at, span) &&
            !(titles_only && s->mentions.items[i].type != TYPE_TITLE))
            at[s->mentions.items[i].node] = true;
    return at;
}

static void
title_links(Scoring *s, const GoldTitle *t)
{
    const bool *titles = nodes_at(s, t->title, true);
    bool any = false;

    for (uint32_t i = 0; i < s->graph.nodes.count; i++)
        any = any || titles[i];
    for (int end = 0; end < 2; end++) {
        Span other = end == 0 ? t->holder : t->body;
        EdgeKind kind = end == 0 ? EDGE_HOLDS : EDGE_AT;
        Buf note = {0};
        bool ok;
        if (other.start == NONE)
            continue;
        ok = is_linked(s, kind, titles, nodes_at(s, other, false));
        score_share(s->scorer, ok, 1, "titles.%s.all_gold", edge_name(kind));
        if (any)
            score_share(s->scorer, ok, 1, "titles.%s.title_found", edge_name(kind));
        buf_str(&note, edge_name(kind));
        if (!ok)
            score_error(s, end == 0 ? "title, wrong holder" : "title, wrong org", span_hull(t->title, other), &note);
        buf_close(&note);
    }
}

void
score_titles(Scoring *s)
{
    TypedVec gold = {0}, found = {0};
    bool *gold_paired, *found_paired;
    Pairs pairs;
    double hits;

    for (uint32_t i = 0; i < s->gold->titles.count; i++)
        *vec_push(s->arena, &gold) = (Typed){s->gold->titles.items[i].title, TYPE_TITLE, NULL, i, 0};
    for (uint32_t i = 0; i < s->mentions.count; i++)
        if (s->mentions.items[i].type == TYPE_TITLE)
            *vec_push(s->arena, &found) = (Typed){s->mentions.items[i].at, TYPE_TITLE, s->mentions.items[i].rule, i, 0};
    make_set(&gold);
    make_set(&found);
    pairs = overlaps(s, &gold, &found);
    hits = count_typed(&gold, ALL_TYPES, &found);
    score_tally(s->scorer, (double[]){hits, found.count, hits, gold.count}, "titles.exact");
    score_tally(s->scorer, (double[]){pairs.count, found.count, pairs.count, gold.count}, "titles.overlap");
    for (uint32_t i = 0; i < s->gold->titles.count; i++)
        title_links(s, &s->gold->titles.items[i]);
    gold_paired = arena_zero(s->arena, gold.count + 1);
    found_paired = arena_zero(s->arena, found.count + 1);
    for (uint32_t i = 0; i < pairs.count; i++)
        gold_paired[pairs.items[i].gold] = found_paired[pairs.items[i].found] = true;
    for (uint32_t i = 0; i < found.count; i++)
        if (!found_paired[i]) {
            Buf note = {0};
            buf_printf(&note, "rule %s", found.items[i].rule);
            score_error(s, "title, false positive", found.items[i].at, &note);
            buf_close(&note);
        }
    for (uint32_t i = 0; i < gold.count; i++)
        if (!gold_paired[i])
            score_error(s, "title, false negative", gold.items[i].at, NULL);
}
