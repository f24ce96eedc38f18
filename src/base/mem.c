#include "base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
default_handler(size_t size)
{
    fprintf(stderr, "onrecord: out of memory (%zu bytes were asked for)\n", size);
    exit(2);
}

/* The only mutable global: set once, before threads start. */
static MemHandler on_exhausted = default_handler;

void
mem_on_exhausted(MemHandler handler)
{
    on_exhausted = handler ? handler : default_handler;
}

static void *
checked(void *p, size_t size)
{
    if (p == NULL) {
        on_exhausted(size);
        abort();
    }
    return p;
}

void *
mem_alloc(size_t size)
{
    return checked(malloc(size ? size : 1), size);
}

void *
mem_zero(size_t count, size_t size)
{
    return checked(calloc(count ? count : 1, size ? size : 1), count * size);
}

void *
mem_grow(void *old, size_t size)
{
    return checked(realloc(old, size ? size : 1), size);
}

char *
mem_copy(const char *bytes, size_t len)
{
    char *copy = mem_alloc(len + 1);

    if (len)
        memcpy(copy, bytes, len);
    copy[len] = '\0';
    return copy;
}
