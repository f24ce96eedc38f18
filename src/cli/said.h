/* What is shown of a quote: who said it, as what, and the words.  Read off the graph once for an article, so that the cards,
 * the columns and the graph cannot tell different stories. */
#ifndef ONRECORD_CLI_SAID_H
#define ONRECORD_CLI_SAID_H

#include "base/buf.h"
#include "graph/graph.h"

/* A quote and what belongs to it; texts may be NULL. */
typedef struct {
    const Quote *quote;
    const GraphNode *node;
    uint32_t speaker; /* node, or NONE */
    EntityType type;  /* of the speaker */
    bool named;       /* does the text name the speaker? */
    const char *name; /* the speaker's; where it is not known whom the words mean, the words ("she") */
    const char *title, *body; /* an office, and where it is held */
    bool former;      /* the office */
    const char *cue;
} Said;

typedef struct {
    const Article *a;
    Arena *arena;
    Graph graph;
    uint32_t *speaker; /* for each node of a quote: the speaker's node, or NONE */
    const GraphEdge **holds, **at, **affiliated; /* for each node: the edge from it that says most, or NULL */
} Sayings;

void sayings_open(Sayings *sayings, const Article *a, Arena *arena, const GraphOptions *options);

/* The quote of a node; false if the node is none, or hidden. */
bool sayings_get(const Sayings *sayings, uint32_t node, Said *out);

/* Does any of the speaker's names hold `part`, in any case? */
bool said_by(const Sayings *sayings, const Said *said, const char *part);

/* What stands around and between the pieces of a quote. */
typedef struct {
    const char *open, *close, *gap;
    bool inner; /* give marks inside the pieces the same shape */
} SaidMarks;

/* Append the quote's words: "A," said B.  "C." becomes  open A close gap open C. close. */
void said_words(Buf *out, const Article *a, const Quote *q, const SaidMarks *marks);

#endif
