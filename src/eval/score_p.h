/* What the parts of the scorer share; for src/eval/score*.c only. */
#ifndef ONRECORD_EVAL_SCORE_P_H
#define ONRECORD_EVAL_SCORE_P_H

#include "eval/points.h"
#include "eval/score.h"
#include "graph/graph.h"

/* A mention of a node, in code points. */
typedef struct {
    Span at;
    EntityType type;
    MentionKind kind;
    uint32_t node;
    const char *rule;
    float confidence;
} Found;

typedef struct {
    const Quote *quote;
    Spans content;
    Span speaker;    /* start == NONE: there is none */
    Indices nodes;   /* what the `said` edges come from */
    Indices words;   /* in order, each once */
} FoundQuote;

/* One article being scored. */
typedef struct {
    Scorer *scorer;
    const Gold *gold;
    const Article *a; /* NULL: it failed */
    Arena *arena;
    Points points;
    Graph graph;
    VEC(Found) mentions;
    VEC(FoundQuote) quotes;
} Scoring;

typedef struct {
    double score;
    uint32_t gold, found;
} Pair;

typedef VEC(Pair) Pairs;

/* Keep of the pairs each item at most once, the best scores first, ties in the order of the items. */
void pairs_choose(Pairs *pairs, Arena *arena, uint32_t gold_count, uint32_t found_count);

/* Add to a figure; its path is made as printf does. */
void score_tally(Scorer *scorer, const double counts[4], const char *format, ...) __attribute__((format(printf, 3, 4)));
void score_share(Scorer *scorer, double value, double of, const char *format, ...) __attribute__((format(printf, 4, 5)));

/* Count something that was found by its confidence. */
void score_trust(Scorer *scorer, Trust trust, float confidence, bool right);

/* Keep an error, with the span in its context and a note (may be NULL). */
void score_error(Scoring *s, const char *kind, Span at, const Buf *note);

/* How many characters two spans share. */
static inline uint32_t
span_common(Span a, Span b)
{
    uint32_t start = a.start > b.start ? a.start : b.start, end = a.end < b.end ? a.end : b.end;

    return end > start ? end - start : 0;
}

static inline int
span_compare(Span a, Span b)
{
    if (a.start != b.start)
        return a.start < b.start ? -1 : 1;
    return a.end < b.end ? -1 : a.end > b.end;
}

static inline bool
span_same(Span a, Span b)
{
    return a.start == b.start && a.end == b.end;
}

static inline Span
span_hull(Span a, Span b)
{
    return (Span){a.start < b.start ? a.start : b.start, a.end > b.end ? a.end : b.end};
}

void score_entities(Scoring *s);
void score_quotes(Scoring *s);
void score_relations(Scoring *s);
void score_clusters(Scoring *s);
void score_titles(Scoring *s);

#endif
