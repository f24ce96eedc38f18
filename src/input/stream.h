/* Bytes from a file, from standard input or from an entry of a container, block by block. */
#ifndef ONRECORD_INPUT_STREAM_H
#define ONRECORD_INPUT_STREAM_H

#include "base/buf.h"
#include "base/error.h"

#include <sys/types.h>

/* Where the bytes come from.  All but the first may be NULL. */
typedef struct {
    ptrdiff_t (*read)(void *self, const char *path, char *to, size_t room, Error *err); /* 0 at the end, -1 on a fault */
    void (*close)(void *self);
    bool (*mend)(void *self); /* after a fault: go to where reading can go on; false if there is no such place */
    int64_t (*seek)(void *self, int64_t offset, int whence); /* as lseek does; -1 if it cannot */
    void *self;
} Source;

typedef struct {
    Source source;
    const char *path;
    char *block;
    size_t at, end;   /* what of the block has not been taken */
    bool over;        /* nothing more will come */
    bool failed;      /* reading failed: the error was given */
    Error *late;      /* the same; but something came before, and it is given when that is taken */
    size_t most;      /* how long a record may be */
    uint64_t taken;   /* bytes read so far */
    int64_t shrunk;   /* how many more they were before stream_recode */
    uint64_t lines;   /* lines given so far */
    uint64_t records; /* kept by the format */
    int format_state; /* the same */
    void *format_data; /* the same; given to format_close with the stream's end */
    void (*format_close)(void *data);
} Stream;

void stream_open(Stream *stream, Source source, const char *path, size_t most);

/* An open file, which is taken over; standard input is not closed. */
Source source_file(int fd);

void stream_close(Stream *stream);

/* The first bytes of what is left, at least `want` of them if there are so many, without taking them. */
size_t stream_peek(Stream *stream, const char **head, size_t want, Error *err);
enum { PEEK_ENOUGH = 1 << 16 };
void stream_drop(Stream *stream, size_t len);

/* How many bytes of it were taken. */
uint64_t stream_at(const Stream *stream);

/* Is this word next? */
bool stream_is_at(Stream *stream, const char *word, Error *err);

/* Pass over `len` bytes, or append them to *out; returns how many there were. */
uint64_t stream_skip(Stream *stream, uint64_t len, Error *err);
uint64_t stream_copy(Stream *stream, Buf *out, uint64_t len, Error *err);

/* What lies ready, and is not taken by this; 0 at the end or on a fault. */
size_t stream_ready(Stream *stream, const char **bytes, Error *err);

/* Go on behind a fault, if that can be done; what was cut by it is lost. */
bool stream_mend(Stream *stream);

/* Go to another place, as lseek does; returns where it is, or -1. */
int64_t stream_seek(Stream *stream, int64_t offset, int whence);

/* From here on the bytes are in this character set, and read as UTF-8.  False, and nothing is done, if there is no such set. */
bool stream_recode(Stream *stream, const char *name);

/* The next line without its line end, appended to *line.  False at the end, or on a fault with *err.  A line of more
 * than `most` bytes is passed over and *long_line set. */
bool stream_line(Stream *stream, Buf *line, size_t most, bool *long_line, Error *err);

/* What is said of a record (`what`: "the line") that is longer than `most` bytes.  Always false. */
bool stream_too_long(Error *err, const char *path, uint64_t line, const char *what, size_t most);

/* All that is left, appended to *out, but not more than `most` + 1 bytes.  False on a fault. */
bool stream_rest(Stream *stream, Buf *out, size_t most, Error *err);

#endif
