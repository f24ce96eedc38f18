/* Anchors: what every match of a rule asks of tokens that stand at a fixed distance from its first one.
 *
 * They are looked at first, with a bit for each token of a stretch (rows.h): a rule need be tried only where all of
 * them hold. */
#ifndef ONRECORD_ENGINE_ANCHORS_H
#define ONRECORD_ENGINE_ANCHORS_H

#include "engine/pattern.h"
#include "engine/rule.h"

/* The rule's anchors, the rarest first; their number.  Tests that its tree does not have lie in the arena. */
uint32_t anchors_find(const Node *node, Need *anchors, Arena *arena);

#endif
