/* Gold: articles that people annotated, one JSON object a line; what `onrecord eval` measures against.
 *
 * Offsets count code points of the text; the annotated layers of an article are named in its `layers`, and one that is
 * not named says nothing by its absence. */
#ifndef ONRECORD_EVAL_GOLD_H
#define ONRECORD_EVAL_GOLD_H

#include "base/error.h"
#include "text/article.h"

typedef enum { LAYER_ENTITIES, LAYER_QUOTES, LAYER_RELATIONS, LAYER_CLUSTERS, LAYER_TITLES, LAYERS } Layer;

extern const char *const LAYER_NAMES[LAYERS];

typedef struct {
    Span at;
    EntityType type; /* TYPE_NONE: marked, but none of ours */
    const char *name; /* the type as written */
} GoldEntity;

typedef struct {
    QuoteForm form;
    Spans content, source;
    bool knows_speaker;  /* the two below were annotated */
    const char *speaker; /* fullest form; NULL: never named */
} GoldQuote;

typedef struct {
    EdgeKind kind; /* EDGE_KINDS: one that is not scored */
    uint32_t head, tail; /* entities */
} GoldRelation;

typedef struct {
    Span title, holder, body; /* holder or body start == NONE: not tied to one */
} GoldTitle;

typedef struct {
    const char *id, *text;
    size_t len;      /* bytes */
    uint32_t length; /* code points */
    bool layers[LAYERS];
    VEC(GoldEntity) entities;
    VEC(GoldQuote) quotes;
    VEC(GoldRelation) relations;
    VEC(Indices) clusters; /* of entities */
    VEC(GoldTitle) titles;
} Gold;

/* Read one line; everything lies in the arena.  False on a fault, with path and line. */
bool gold_read(Gold *gold, Arena *arena, const char *path, size_t number, const char *line, size_t len, Error *err);

#endif
