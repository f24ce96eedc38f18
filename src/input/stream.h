/* Bytes from a file or from standard input, block by block; what a container is opened into. */
#ifndef ONRECORD_INPUT_STREAM_H
#define ONRECORD_INPUT_STREAM_H

#include "base/buf.h"
#include "base/error.h"

#include <sys/types.h>

typedef struct {
    int fd;
    const char *path;
    char *block;
    size_t at, end;   /* what of the block has not been taken */
    bool over;        /* nothing more will come */
    bool failed;      /* reading failed: the error was given, the rest is lost */
    uint64_t taken;   /* bytes read so far */
    uint64_t lines;   /* lines given so far */
    uint64_t records; /* kept by the format */
} Stream;

/* Take over an open file. */
void stream_open(Stream *stream, int fd, const char *path);
void stream_close(Stream *stream);

/* The first bytes of what is left, as many as there are up to a block, without taking them. */
size_t stream_peek(Stream *stream, const char **head, Error *err);
void stream_drop(Stream *stream, size_t len);

/* The next line without its line end, appended to *line.  False at the end, or on a fault with *err.  A line of more
 * than `most` bytes is passed over and *long_line set. */
bool stream_line(Stream *stream, Buf *line, size_t most, bool *long_line, Error *err);

/* All that is left, appended to *out, but not more than `most` + 1 bytes.  False on a fault. */
bool stream_rest(Stream *stream, Buf *out, size_t most, Error *err);

#endif
