/* What is counted over a whole archive: by a thread of its own, at the start and again when the archive has changed, since it may take
 * seconds, and no page shall wait for it so long. */
#ifndef ONRECORD_WEB_TALLY_H
#define ONRECORD_WEB_TALLY_H

#include "base/arena.h"
#include "store/store.h"

typedef enum { TALLY_PERSON, TALLY_ORGANIZATION, TALLY_PLACE, TALLY_TYPES } TallyType;

typedef struct {
    int64_t id, articles, quotes;
} Counted;

typedef struct {
    const char *name; /* "male"; of an organization its name */
    int64_t id, quotes, people;
} Share;

typedef struct {
    Share shares[12];
    uint32_t count;
} Shares;

typedef struct {
    Arena arena;
    uint64_t state; /* of the archive, see store_state */
    int64_t articles, quotes;
    const char *since, *until; /* days; may be NULL */
    struct {
        Counted *items;
        uint32_t count, room;
    } entities[TALLY_TYPES]; /* the most quoted first */
    Shares sources, forms, genders, bodies;
    uint32_t users;
} Tally;

typedef struct Tallies Tallies;

/* Begin to count; NULL with *err. */
Tallies *tallies_new(const char *path, Error *err);
void tallies_free(Tallies *tallies);

/* The counts: those before the last change where the new ones take longer than a moment, NULL where there are none yet, or with *err.
 * Give them back with tally_release. */
const Tally *tally_get(Tallies *tallies, Error *err);
void tally_release(Tallies *tallies, const Tally *tally);

const char *tally_type_name(TallyType type);

#endif
