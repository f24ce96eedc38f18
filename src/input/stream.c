#include "input/stream.h"

#include "base/mem.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

enum { BLOCK = 1 << 18 };

static ptrdiff_t
file_read(void *self, const char *path, char *to, size_t room, Error *err)
{
    ssize_t n;

    do
        n = read((int)(intptr_t)self, to, room);
    while (n < 0 && errno == EINTR);
    if (n < 0)
        error_set(err, ERROR_IO, path, 0, 0, NULL, 0, "it cannot be read: %s", strerror(errno));
    return n;
}

static void
file_close(void *self)
{
    if ((int)(intptr_t)self != STDIN_FILENO)
        close((int)(intptr_t)self);
}

static int64_t
file_seek(void *self, int64_t offset, int whence)
{
    return lseek((int)(intptr_t)self, offset, whence);
}

Source
source_file(int fd)
{
    bool seeks = lseek(fd, 0, SEEK_CUR) == 0;

    return (Source){.read = file_read, .close = file_close, .seek = seeks ? file_seek : NULL, .self = (void *)(intptr_t)fd};
}

void
stream_open(Stream *stream, Source source, const char *path, size_t most)
{
    *stream = (Stream){.source = source, .path = path, .block = mem_alloc(BLOCK), .most = most};
}

void
stream_close(Stream *stream)
{
    if (stream->format_close)
        stream->format_close(stream->format_data);
    if (stream->block && stream->source.close)
        stream->source.close(stream->source.self);
    free(stream->block);
    free(stream->late);
    *stream = (Stream){0};
}

/* Reading failed.  What came before it is still to be taken, and then the error is given. */
static bool
fail(Stream *s, const Error *why, Error *err)
{
    if (s->at < s->end) {
        s->late = mem_alloc(sizeof *s->late);
        *s->late = *why;
        return false;
    }
    s->over = s->failed = true;
    if (err->kind == ERROR_NONE)
        *err = *why;
    return false;
}

/* Read more behind what is there.  False at the end or on a fault. */
static bool
more(Stream *s, Error *err)
{
    Error why = {0};
    ptrdiff_t n;

    if (s->late) {
        if (s->at == s->end) {
            fail(s, s->late, err);
            free(s->late);
            s->late = NULL;
        }
        return false;
    }
    if (s->over || s->end == BLOCK)
        return false;
    n = s->source.read(s->source.self, s->path, s->block + s->end, BLOCK - s->end, &why);
    if (n < 0)
        return fail(s, &why, err);
    if (n == 0) {
        s->over = true;
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
stream_peek(Stream *s, const char **head, size_t want, Error *err)
{
    if (s->at) {
        memmove(s->block, s->block + s->at, s->end - s->at);
        s->end -= s->at;
        s->at = 0;
    }
    while (s->end < want && more(s, err))
        continue;
    *head = s->block;
    return s->end;
}

void
stream_drop(Stream *s, size_t len)
{
    s->at += len;
}

uint64_t
stream_at(const Stream *s)
{
    return s->taken - (s->end - s->at);
}

bool
stream_is_at(Stream *s, const char *word, Error *err)
{
    size_t len = strlen(word);

    if (s->end - s->at < len && s->at) {
        memmove(s->block, s->block + s->at, s->end - s->at);
        s->end -= s->at;
        s->at = 0;
    }
    while (s->end - s->at < len && more(s, err))
        continue;
    return s->end - s->at >= len && memcmp(s->block + s->at, word, len) == 0;
}

static uint64_t
pass(Stream *s, Buf *out, uint64_t len, Error *err)
{
    uint64_t left = len;

    while (left && fill(s, err)) {
        size_t n = s->end - s->at < left ? s->end - s->at : (size_t)left;
        if (out)
            buf_add(out, s->block + s->at, n);
        s->at += n;
        left -= n;
    }
    return len - left;
}

uint64_t
stream_skip(Stream *s, uint64_t len, Error *err)
{
    return pass(s, NULL, len, err);
}

uint64_t
stream_copy(Stream *s, Buf *out, uint64_t len, Error *err)
{
    return pass(s, out, len, err);
}

size_t
stream_ready(Stream *s, const char **bytes, Error *err)
{
    if (!fill(s, err))
        return 0;
    *bytes = s->block + s->at;
    return s->end - s->at;
}

bool
stream_mend(Stream *s)
{
    if (s->source.mend == NULL || !s->source.mend(s->source.self))
        return false;
    s->at = s->end = 0;
    s->over = s->failed = false;
    return true;
}

int64_t
stream_seek(Stream *s, int64_t offset, int whence)
{
    int64_t ahead = (int64_t)(s->end - s->at), at;

    if (s->source.seek == NULL)
        return -1;
    at = s->source.seek(s->source.self, whence == SEEK_CUR ? offset - ahead : offset, whence);
    if (at >= 0) {
        s->at = s->end = 0;
        s->over = false;
    }
    return at;
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

bool
stream_too_long(Error *err, const char *path, uint64_t line, const char *what, size_t most)
{
    bool in_mb = most >= 1 << 20;

    return error_set(err, ERROR_INPUT, path, line, 0, NULL, 0, "%s is longer than %.4g %s; --max-article takes longer ones", what,
                     (double)most / (in_mb ? 1 << 20 : 1 << 10), in_mb ? "MB" : "kB");
}
