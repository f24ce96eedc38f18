/* Memory that cannot fail: running out ends the process in one place. */
#ifndef ONRECORD_BASE_MEM_H
#define ONRECORD_BASE_MEM_H

#include <stddef.h>

/* What is called when memory runs out, with the number of bytes that were asked for.  It must not return. */
typedef void (*MemHandler)(size_t size);

/* Replace the handler (NULL restores the default: a message on standard error and exit status 2).
 * Call it before any thread starts. */
void mem_on_exhausted(MemHandler handler);

/* As malloc, calloc and realloc, but never NULL; the caller frees the result with free(). */
void *mem_alloc(size_t size);
void *mem_zero(size_t count, size_t size);
void *mem_grow(void *old, size_t size);

/* A NUL-terminated copy of `len` bytes; the caller frees it. */
char *mem_copy(const char *bytes, size_t len);

#endif
