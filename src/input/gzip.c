#include "input/gzip.h"

#include "base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>

enum { HEADER = 10, WINDOW = 15 + 16 /* zlib's word for: with the header and the sums of gzip, which are checked */ };

struct Gzip {
    Stream *stream;
    z_stream z;
    bool inside;      /* a member */
    bool damaged;     /* what comes next in the stream is damaged, and was not told yet */
    char why[80];
    uint64_t passed;  /* compressed bytes that were taken */
    uint64_t member;  /* where the member begins */
    uint64_t members; /* that were begun */
};

bool
gzip_detect(const char *head, size_t len)
{
    return len >= 3 && memcmp(head, "\x1f\x8b\x08", 3) == 0;
}

static void *
take_memory(void *self, unsigned count, unsigned size)
{
    (void)self;
    return mem_alloc((size_t)count * size);
}

static void
give_memory(void *self, void *memory)
{
    (void)self;
    free(memory);
}

Gzip *
gzip_open(Stream *stream)
{
    Gzip *g = mem_zero(1, sizeof *g);

    g->stream = stream;
    g->z.zalloc = take_memory;
    g->z.zfree = give_memory;
    inflateInit2(&g->z, WINDOW); /* fails only where memory does */
    return g;
}

void
gzip_close(Gzip *g)
{
    inflateEnd(&g->z);
    free(g);
}

static void
drop(Gzip *g, size_t len)
{
    stream_drop(g->stream, len);
    g->passed += len;
}

/* Go into the member that is next.  False at the end, or where there is none, which is damage. */
static bool
begin_member(Gzip *g, Error *err)
{
    const char *head;
    size_t len;

    while ((len = stream_ready(g->stream, &head, err)) > 0 && head[0] == '\0' && g->members) { /* some fill up a tape's block */
        size_t zeros = 0;
        while (zeros < len && head[zeros] == '\0')
            zeros++;
        drop(g, zeros);
    }
    len = stream_peek(g->stream, &head, HEADER, err);
    if (len == 0)
        return false;
    g->member = g->passed;
    g->members++;
    g->damaged = !gzip_detect(head, len);
    snprintf(g->why, sizeof g->why, "what stands there is no gzip");
    inflateReset(&g->z);
    g->inside = !g->damaged;
    return g->inside;
}

/* Some more of the member, at most `room` bytes; 0 where it ends or is damaged.  Damaged bytes are left in the stream, so
 * that a member that begins among them can be found. */
static size_t
inflate_some(Gzip *g, char *to, size_t room, Error *err)
{
    const char *from;
    size_t len = stream_ready(g->stream, &from, err);
    int result;

    if (len == 0) {
        g->damaged = !g->stream->failed;
        snprintf(g->why, sizeof g->why, "it is truncated");
        g->inside = false;
        return 0;
    }
    g->z.next_in = (Bytef *)(uintptr_t)from;
    g->z.avail_in = (uInt)len;
    g->z.next_out = (Bytef *)to;
    g->z.avail_out = (uInt)room;
    result = inflate(&g->z, Z_NO_FLUSH);
    g->inside = result == Z_OK;
    g->damaged = result != Z_OK && result != Z_STREAM_END;
    if (g->damaged)
        snprintf(g->why, sizeof g->why, "%s", g->z.msg ? g->z.msg : "it is broken");
    else
        drop(g, len - g->z.avail_in);
    return room - g->z.avail_out;
}

static ptrdiff_t
gzip_read(void *self, const char *path, char *to, size_t room, Error *err)
{
    Gzip *g = self;
    size_t got = 0;

    while (got == 0 && !g->damaged && (g->inside || begin_member(g, err)))
        got = inflate_some(g, to, room, err);
    if (got)
        return (ptrdiff_t)got;
    if (g->damaged)
        error_set(err, ERROR_INPUT, path, 0, 0, NULL, 0, "it cannot be unpacked: member %llu of the gzip, at byte %llu: %s", (unsigned long long)g->members,
                  (unsigned long long)g->member, g->why);
    return err->kind == ERROR_NONE ? 0 : -1;
}

/* Does a member begin at the first byte of the stream? */
static bool
is_at_member(Gzip *g, Error *err)
{
    const char *head;
    size_t len = stream_peek(g->stream, &head, HEADER, err);

    return len >= HEADER && gzip_detect(head, len) && (head[3] & 0xe0) == 0;
}

/* Find the next member behind damage. */
static bool
gzip_mend(void *self)
{
    Gzip *g = self;
    Error err = {0};
    const char *from;
    size_t len;

    if (!g->damaged)
        return false;
    if (stream_ready(g->stream, &from, &err))
        drop(g, g->passed == g->member); /* not the same again */
    while ((len = stream_ready(g->stream, &from, &err)) > 0) {
        const char *hit = memchr(from, '\x1f', len);
        drop(g, hit ? (size_t)(hit - from) : len);
        if (hit && is_at_member(g, &err))
            break;
        if (hit)
            drop(g, 1);
    }
    g->damaged = g->inside = false;
    return len > 0;
}

Source
gzip_source(Gzip *g)
{
    return (Source){.read = gzip_read, .mend = gzip_mend, .self = g};
}
