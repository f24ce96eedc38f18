/* Bytes from a file, from standard input or from an entry of a container, block by block. */
#ifndef ONRECORD_INPUT_STREAM_H
#define ONRECORD_INPUT_STREAM_H

#include "base/buf.h"
#include "base/error.h"

#include <sys/types.h>

/* Where the bytes come from: up to `room` of them to `to`; 0 at the end, -1 on a fault with *err. */
typedef struct {
    ptrdiff_t (*read)(void *self, const char *path, char *to, size_t room, Error *err);
    void (*close)(void *self); /* may be NULL */
    void *self;
} Source;

typedef struct {
    Source source;
    const char *path;
    char *block;
    size_t at, end;   /* what of the block has not been taken */
    bool over;        /* nothing more will come */
    bool failed;      /* reading failed: the error was given, the rest is lost */
    uint64_t taken;   /* bytes read so far */
    uint64_t lines;   /* lines given so far */
    uint64_t records; /* kept by the format */
    int format_state; /* the same */
    void *format_data; /* the same; given to format_close with the stream's end */
    void (*format_close)(void *data);
} Stream;

void stream_open(Stream *stream, Source source, const char *path);

/* An open file, which is taken over; standard input is not closed. */
Source source_file(int fd);

void stream_close(Stream *stream);

/* The first bytes of what is left, at least `want` of them if there are so many, without taking them. */
size_t stream_peek(Stream *stream, const char **head, size_t want, Error *err);
enum { PEEK_ENOUGH = 1 << 16 };
void stream_drop(Stream *stream, size_t len);

/* Is this word next? */
bool stream_is_at(Stream *stream, const char *word, Error *err);

/* Pass over `len` bytes, or append them to *out; returns how many there were. */
uint64_t stream_skip(Stream *stream, uint64_t len, Error *err);
uint64_t stream_copy(Stream *stream, Buf *out, uint64_t len, Error *err);

/* What lies ready, and is taken by this; 0 at the end or on a fault. */
size_t stream_take(Stream *stream, const char **bytes, Error *err);

/* The next line without its line end, appended to *line.  False at the end, or on a fault with *err.  A line of more
 * than `most` bytes is passed over and *long_line set. */
bool stream_line(Stream *stream, Buf *line, size_t most, bool *long_line, Error *err);

/* All that is left, appended to *out, but not more than `most` + 1 bytes.  False on a fault. */
bool stream_rest(Stream *stream, Buf *out, size_t most, Error *err);

#endif
