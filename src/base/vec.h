/* Growable arrays in an arena.
 *
 *     typedef VEC(Token) Tokens;
 *     Token *t = vec_push(arena, &tokens);
 *
 * An array that is the arena's last block grows where it stands; else its old block stays in the arena and dies with the rest. */
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
        if (more < want)
            more = want;
        *items = arena_grow(arena, *room ? *items : NULL, *room * size, more * size);
        *room = more;
    }
}

#endif
