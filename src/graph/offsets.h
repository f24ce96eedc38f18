/* From bytes to code points or UTF-16 units.
 *
 * One idea: a count for each block of 16 bytes, and the rest of the way counted eight bytes at a time; a text that is
 * ASCII throughout needs neither. */
#ifndef ONRECORD_GRAPH_OFFSETS_H
#define ONRECORD_GRAPH_OFFSETS_H

#include "graph/graph.h"

typedef struct {
    const char *text;
    uint32_t len;
    OffsetUnit unit;
    uint32_t *blocks; /* what the bytes before each block count less than bytes; NULL: offsets are bytes */
} Offsets;

/* Prepare for checked text; what it needs lies in the arena. */
void offsets_open(Offsets *offsets, Arena *arena, const char *text, uint32_t len, OffsetUnit unit);

/* The offset in the unit for a byte offset (0 … len). */
uint32_t offsets_at(const Offsets *offsets, uint32_t byte);

#endif
