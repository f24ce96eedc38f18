/* The walk over files and folders, in name order.  A folder is opened only when its turn comes, so a tree of a million
 * files costs no more than its deepest path. */
#ifndef ONRECORD_INPUT_WALK_H
#define ONRECORD_INPUT_WALK_H

#include "input/input.h"

#include <stdint.h>

typedef struct {
    char *path;
    bool given; /* by the user, not found in a folder */
} Place;

typedef struct {
    const char *const *written; /* where these are; each may be NULL */
    Place *places; /* what is still to be opened; the next is the last */
    uint32_t count, room;
} Walk;

/* What is `written` is passed over where it is found in a folder, with what lies beside it until it is finished. */
void walk_open(Walk *walk, const char *const *paths, uint32_t count, const char *const written[WRITTEN]);
void walk_close(Walk *walk);

/* Open the next file: true, and its path, which the caller owns then, and its descriptor.  False when there is none left,
 * or with *err, after which it can be called again. */
bool walk_next(Walk *walk, char **path, int *fd, Error *err);

#endif
