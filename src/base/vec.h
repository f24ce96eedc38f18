/* Growable arrays in an arena.
 *
 *     typedef VEC(Token) Tokens;
 *     Token *t = vec_push(arena, &tokens);
 *
 * The old block stays in the arena when an array grows; it dies with the rest. */
#ifndef ONRECORD_BASE_VEC_H
#define ONRECORD_BASE_VEC_H

#include "base/arena.h"

#include <stdint.h>
#include <string.h>

#define VEC(Type)                                                                                                      \
    struct {                                                                                                           \
        Type *items;                                                                                                   \
        uint32_t count, room;                                                                                          \
    }

/* A pointer to one more item, cleared.  It is valid until the next push. */
#define vec_push(arena, vec)                                                                                           \
    (vec_reserve(arena, (void **)&(vec)->items, &(vec)->room, (vec)->count + 1, sizeof *(vec)->items),                 \
     memset(&(vec)->items[(vec)->count], 0, sizeof *(vec)->items), &(vec)->items[(vec)->count++])

static inline void
vec_reserve(Arena *arena, void **items, uint32_t *room, uint32_t want, size_t size)
{
    if (want > *room) {
        uint32_t more = *room < 8 ? 16 : *room * 2;
        void *fresh;
        if (more < want)
            more = want;
        fresh = arena_alloc(arena, more * size);
        if (*room)
            memcpy(fresh, *items, *room * size);
        *items = fresh;
        *room = more;
    }
}

#endif
