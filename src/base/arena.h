/* An arena: memory with one lifespan.
 *
 * Everything made for one article is allocated here and dies in one call.  A reset keeps the chunks, so that the next
 * article costs no system call; only chunks of unusual size go back. */
#ifndef ONRECORD_BASE_ARENA_H
#define ONRECORD_BASE_ARENA_H

#include <stddef.h>

typedef struct ArenaChunk ArenaChunk;

typedef struct {
    ArenaChunk *first; /* the chunks in the order of their use */
    ArenaChunk *now;   /* the one that is being filled */
    size_t held;       /* bytes of all chunks together */
} Arena;

void arena_init(Arena *arena);
void arena_close(Arena *arena);

/* Forget everything that was allocated; keeps up to a few MB for the next use. */
void arena_reset(Arena *arena);

/* `size` bytes, aligned to 16, not cleared.  Owned by the arena.  Never NULL (see mem.h). */
void *arena_alloc(Arena *arena, size_t size);

/* A block made larger: where it stands, if it is the last one and there is room behind it, else copied. */
void *arena_grow(Arena *arena, void *block, size_t size, size_t more);

/* The same as arena_alloc, cleared. */
void *arena_zero(Arena *arena, size_t size);

/* The same as arena_alloc, beginning with a line of the processor's cache. */
void *arena_line(Arena *arena, size_t size);

/* A NUL-terminated copy of `len` bytes. */
char *arena_copy(Arena *arena, const char *bytes, size_t len);

/* Three strings one behind the other. */
char *arena_join(Arena *arena, const char *a, const char *b, const char *c);

/* A NUL-terminated string made as printf does. */
char *arena_printf(Arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
