#include "base/arena.h"

#include "base/mem.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK = 256 * 1024, ALIGN = 16, CACHE_LINE = 64, KEEP = 8 * 1024 * 1024 };

struct ArenaChunk {
    ArenaChunk *next;
    size_t size, used;
    max_align_t bytes[];
};

void
arena_init(Arena *arena)
{
    *arena = (Arena){0};
}

void
arena_close(Arena *arena)
{
    ArenaChunk *chunk = arena->first, *next;

    for (; chunk; chunk = next) {
        next = chunk->next;
        free(chunk);
    }
    *arena = (Arena){0};
}

/* Give back the chunks beyond those that are kept. */
static void
shrink(Arena *arena)
{
    ArenaChunk **at = &arena->first;
    size_t kept = 0;

    while (*at) {
        ArenaChunk *chunk = *at;
        if (kept + chunk->size > KEEP) {
            *at = chunk->next;
            free(chunk);
        } else {
            kept += chunk->size;
            at = &chunk->next;
        }
    }
    arena->held = kept;
}

/* A stage's arena is reset some ten times for each article: what lies in the further chunks is forgotten when they come into use again. */
void
arena_reset(Arena *arena)
{
    if (arena->held > KEEP)
        shrink(arena);
    if (arena->first)
        arena->first->used = 0;
    arena->now = arena->first;
}

static ArenaChunk *
chunk_with_room(Arena *arena, size_t size)
{
    ArenaChunk *chunk = arena->now;

    while (chunk && chunk->size - chunk->used < size) {
        if (chunk->next == NULL)
            break;
        chunk = chunk->next;
        chunk->used = 0;
    }
    if (chunk == NULL || chunk->size - chunk->used < size) {
        size_t room = size > CHUNK ? size : CHUNK;
        ArenaChunk *fresh = mem_alloc(sizeof *fresh + room);
        *fresh = (ArenaChunk){.size = room};
        if (chunk)
            chunk->next = fresh;
        else
            arena->first = fresh;
        chunk = fresh;
        arena->held += room;
    }
    arena->now = chunk;
    return chunk;
}

static inline size_t
aligned(size_t size)
{
    return (size + ALIGN - 1) & ~(size_t)(ALIGN - 1);
}

void *
arena_alloc(Arena *arena, size_t size)
{
    ArenaChunk *chunk = arena->now;
    void *at;

    size = aligned(size);
    if (chunk == NULL || chunk->size - chunk->used < size)
        chunk = chunk_with_room(arena, size);
    at = (char *)chunk->bytes + chunk->used;
    chunk->used += size;
    return at;
}

void *
arena_grow(Arena *arena, void *block, size_t size, size_t more)
{
    ArenaChunk *chunk = arena->now;
    size_t was = aligned(size), wanted = aligned(more);
    void *fresh;

    if (block && (char *)block + was == (char *)chunk->bytes + chunk->used && chunk->size - chunk->used >= wanted - was) {
        chunk->used += wanted - was;
        return block;
    }
    fresh = arena_alloc(arena, more);
    return block ? memcpy(fresh, block, size) : fresh;
}

void *
arena_zero(Arena *arena, size_t size)
{
    return memset(arena_alloc(arena, size), 0, size);
}

void *
arena_line(Arena *arena, size_t size)
{
    uintptr_t at = (uintptr_t)arena_alloc(arena, size + CACHE_LINE - ALIGN);

    return (void *)((at + CACHE_LINE - 1) / CACHE_LINE * CACHE_LINE);
}

char *
arena_copy(Arena *arena, const char *bytes, size_t len)
{
    char *copy = arena_alloc(arena, len + 1);

    if (len)
        memcpy(copy, bytes, len);
    copy[len] = '\0';
    return copy;
}

char *
arena_join(Arena *arena, const char *a, const char *b, const char *c)
{
    size_t a_len = strlen(a), b_len = strlen(b), c_len = strlen(c);
    char *out = arena_alloc(arena, a_len + b_len + c_len + 1);

    memcpy(out, a, a_len);
    memcpy(out + a_len, b, b_len);
    memcpy(out + a_len + b_len, c, c_len + 1);
    return out;
}

char *
arena_printf(Arena *arena, const char *format, ...)
{
    va_list args;
    int len;
    char *out;

    va_start(args, format);
    len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    out = arena_alloc(arena, (size_t)len + 1);
    va_start(args, format);
    vsnprintf(out, (size_t)len + 1, format, args);
    va_end(args);
    return out;
}
