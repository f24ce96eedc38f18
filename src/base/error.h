/* One error: filled where the fault is seen, with the place where someone can mend it.
 * The first error stays; later ones are its echoes. */
#ifndef ONRECORD_BASE_ERROR_H
#define ONRECORD_BASE_ERROR_H

#include <stdbool.h>
#include <stddef.h>

typedef enum {
    ERROR_NONE,
    ERROR_RULE,  /* a rule or list file is wrong: nothing can be done until it is mended */
    ERROR_INPUT, /* an article is wrong: skip it, go on */
    ERROR_SKIP,  /* there is no article in it: pass it over */
    ERROR_IO,    /* reading or writing failed */
    ERROR_USAGE
} ErrorKind;

typedef struct {
    ErrorKind kind;
    char path[512];
    size_t line, column; /* from 1; 0 where unknown; the column counts bytes */
    char message[512];
    char source[240]; /* the line where the fault is, for a caret below it; may be empty */
} Error;

/* Fill an empty error.  `source` (may be NULL) is the faulty line, `source_len` bytes of it.  Always returns false. */
bool error_set(Error *err, ErrorKind kind, const char *path, size_t line, size_t column, const char *source,
               size_t source_len, const char *format, ...) __attribute__((format(printf, 8, 9)));

/* Print as `path:line:column: message`, with the line and a caret where the source is known, on standard error.
 * Bytes that could steer a terminal are shown as `?`. */
void error_print(const Error *err, const char *program);

#endif
