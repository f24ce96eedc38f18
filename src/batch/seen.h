/* A set of numbers, for telling what came before: 64 bits of hash for each article, so that among a hundred million the chance that two are
 * taken for one is in the thousandths. */
#ifndef ONRECORD_BATCH_SEEN_H
#define ONRECORD_BATCH_SEEN_H

#include <stdbool.h>
#include <stdint.h>

typedef struct {
    uint64_t *slots; /* 0: empty */
    uint64_t count, room;
} Seen;

/* True if it was not there before. */
bool seen_add(Seen *seen, uint64_t hash);
void seen_close(Seen *seen);

#endif
