/* A text by code points, as figures are counted: its words (\w+ of Unicode) and the stretches inside quotation marks. */
#ifndef ONRECORD_EVAL_POINTS_H
#define ONRECORD_EVAL_POINTS_H

#include "engine/ruleset.h"

typedef struct {
    const RuleSet *rules;
    uint32_t *at; /* the code points … */
    uint32_t len; /* … and how many there are */
    Spans words, marked;
} Points;

/* Everything lies in the arena.  `marked` is filled only if it is asked for. */
void points_open(Points *points, const RuleSet *rules, Arena *arena, const char *text, size_t len, bool marked);

/* Add the numbers of the words that a span touches. */
void points_words(const Points *points, Arena *arena, Span span, Indices *out);

/* The hashes of the words of a name, folded, without suffixes such as "Jr." */
typedef VEC(uint64_t) Hashes;
void points_name(const RuleSet *rules, Arena *arena, const char *name, size_t len, Hashes *out);

/* Append a stretch as UTF-8. */
void points_put(const Points *points, Span span, Buf *out);

bool point_is_space(uint32_t cp);

#endif
