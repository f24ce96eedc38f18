#include "input/stream.h"

#include "base/mem.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

enum { BLOCK = 1 << 18 };

void
stream_open(Stream *stream, int fd, const char *path)
{
    *stream = (Stream){.fd = fd, .path = path, .block = mem_alloc(BLOCK)};
}

void
stream_close(Stream *stream)
{
    if (stream->block && stream->fd != STDIN_FILENO)
        close(stream->fd);
    free(stream->block);
    *stream = (Stream){.fd = -1};
}

/* Read more behind what is there.  False at the end or on a fault. */
static bool
more(Stream *s, Error *err)
{
    ssize_t n;

    if (s->over || s->end == BLOCK)
        return false;
    do
        n = read(s->fd, s->block + s->end, BLOCK - s->end);
    while (n < 0 && errno == EINTR);
    if (n <= 0) {
        s->over = true;
        s->failed = n < 0;
        if (n < 0)
            error_set(err, ERROR_IO, s->path, 0, 0, NULL, 0, "it cannot be read: %s", strerror(errno));
        return false;
    }
    s->end += (size_t)n;
    s->taken += (uint64_t)n;
    return true;
}

/* Make sure that something is there. */
static bool
fill(Stream *s, Error *err)
{
    if (s->at < s->end)
        return true;
    s->at = s->end = 0;
    return more(s, err);
}

size_t
stream_peek(Stream *s, const char **head, Error *err)
{
    if (s->at) {
        memmove(s->block, s->block + s->at, s->end - s->at);
        s->end -= s->at;
        s->at = 0;
    }
    while (s->end < BLOCK / 4 && more(s, err))
        continue;
    *head = s->block;
    return s->end;
}

void
stream_drop(Stream *s, size_t len)
{
    s->at += len;
}

bool
stream_line(Stream *s, Buf *line, size_t most, bool *long_line, Error *err)
{
    bool any = false;

    *long_line = false;
    while (fill(s, err)) {
        const char *from = s->block + s->at, *stop = memchr(from, '\n', s->end - s->at);
        size_t len = stop ? (size_t)(stop - from) : s->end - s->at;
        any = true;
        if (*long_line || line->len + len > most)
            *long_line = true;
        else
            buf_add(line, from, len);
        s->at += len + (stop != NULL);
        if (stop)
            break;
    }
    s->lines += any;
    return any && !s->failed;
}

bool
stream_rest(Stream *s, Buf *out, size_t most, Error *err)
{
    while (out->len <= most && fill(s, err)) {
        size_t len = s->end - s->at, room = most + 1 - out->len;
        if (len > room)
            len = room;
        buf_add(out, s->block + s->at, len);
        s->at += len;
    }
    return !s->failed;
}
