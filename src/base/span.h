/* Half-open stretches: [start, end). */
#ifndef ONRECORD_BASE_SPAN_H
#define ONRECORD_BASE_SPAN_H

#include <stdbool.h>
#include <stdint.h>

/* A stretch of text, in bytes. */
typedef struct {
    uint32_t start, end;
} Span;

/* A stretch of tokens, by number. */
typedef struct {
    uint32_t start, end;
} Range;

static inline bool
span_overlaps(Span a, Span b)
{
    return a.start < b.end && b.start < a.end;
}

static inline bool
span_contains(Span outer, Span inner)
{
    return outer.start <= inner.start && inner.end <= outer.end;
}

static inline bool
range_overlaps(Range a, Range b)
{
    return a.start < b.end && b.start < a.end;
}

static inline bool
range_contains(Range outer, Range inner)
{
    return outer.start <= inner.start && inner.end <= outer.end;
}

static inline bool
range_empty(Range r)
{
    return r.start >= r.end;
}

#endif
