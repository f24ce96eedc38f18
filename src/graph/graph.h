/* The graph of an article: nodes, edges and their ids.  The one place that says what becomes a node, so that a command
 * which shows "q3" and the writer of the graph mean the same thing.  The format is in graph-format's schema.json. */
#ifndef ONRECORD_GRAPH_GRAPH_H
#define ONRECORD_GRAPH_GRAPH_H

#include "base/buf.h"
#include "text/article.h"

typedef enum { OFFSETS_CODEPOINT, OFFSETS_BYTE, OFFSETS_UTF16 } OffsetUnit;

typedef struct {
    OffsetUnit offsets;
    bool no_text;   /* leave graph.text out */
    uint32_t forms; /* which quotes: a bit for each QuoteForm (1u << form); 0: all */
} GraphOptions;

typedef enum { NODE_ENTITY, NODE_TITLE, NODE_QUOTE } NodeKind;

typedef struct {
    NodeKind kind;
    uint32_t number;  /* its id is "e", "t" or "q" and this */
    uint32_t item;    /* index of the entity or quote in the article; of the mention, if `lone` */
    bool lone;        /* a mention that belongs to no entity: a node of its own */
    bool hidden;      /* a quote of a form that is not asked for; it keeps its number */
    bool honorific;   /* a title that is no office: "Mr." */
    uint32_t first, count; /* its mentions: Graph.mentions[first … first + count) */
} GraphNode;

typedef struct {
    EdgeKind kind;
    uint32_t source, target; /* indices in Graph.nodes */
    const char *rule, *role;
    float confidence;
    Told told;
} GraphEdge;

typedef struct {
    VEC(GraphNode) nodes; /* entities, titles, quotes, each in the order of their first mention */
    VEC(GraphEdge) edges; /* by kind, source and target; none goes to a hidden node */
    uint32_t *of_entity, *of_quote; /* node of an entity or quote of the article; NONE if it has none */
    uint32_t *of_mention;           /* node of a mention; NONE if it has none */
    uint32_t *mentions;             /* indices in Article.mentions, by node, in text order */
} Graph;

/* Build the graph of a finished article in the arena (which must not be reset while it is used).  The article is only
 * read.  `options` may be NULL. */
void graph_build(Graph *graph, const Article *a, Arena *arena, const GraphOptions *options);

/* A node's id, such as "e12", in `id`. */
void graph_node_id(const GraphNode *node, char id[16]);

/* The node of this id, or NONE. */
uint32_t graph_node_by_id(const Graph *graph, const char *id);

/* A node's name: an entity's name, or a mention's own words; for a quote its pieces joined by a space. In the arena. */
const char *graph_node_name(const GraphNode *node, const Article *a, Arena *arena);

/* Write the graph as one line of JSON, without the newline.  The arena is for what is needed meanwhile. */
void graph_write(Buf *out, const Graph *graph, const Article *a, Arena *arena, const GraphOptions *options);

#endif
