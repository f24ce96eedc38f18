/* A stream in another character set that is read as UTF-8, so that every format is cut by the same bytes. */
#include "input/charset.h"
#include "input/stream.h"

#include "base/mem.h"

#include <stdlib.h>

enum { STEP = 1 << 16 };

typedef struct {
    Stream *stream;
    Source source; /* of the bytes as they lie in the file */
    Converter converter;
    Buf raw;       /* read and not yet converted … */
    size_t at;     /* … from here on */
    bool over;
} Recoder;

/* Have more than the part of a character that is left. */
static bool
read_raw(Recoder *r, const char *path, Error *err)
{
    size_t left = r->raw.len - r->at;
    ptrdiff_t n;

    if (left)
        memmove(r->raw.bytes, r->raw.bytes + r->at, left);
    r->at = 0;
    r->raw.len = left;
    n = r->source.read(r->source.self, path, buf_give(&r->raw, STEP), STEP, err);
    if (n < 0)
        return false;
    buf_take(&r->raw, r->raw.bytes + left + n);
    r->over = n == 0;
    r->stream->shrunk += n;
    return true;
}

static ptrdiff_t
recode_read(void *self, const char *path, char *to, size_t room, Error *err)
{
    Recoder *r = self;
    char *end = to, *from;
    size_t left;

    for (;;) {
        left = r->raw.len - r->at;
        from = r->raw.bytes + r->at;
        if (left || r->over)
            converter_run(&r->converter, &from, &left, &end, &room, r->over);
        r->at = r->raw.len - left;
        if (end > to || r->over)
            break;
        if (!read_raw(r, path, err))
            return -1;
    }
    r->stream->shrunk -= end - to;
    return end - to;
}

static void
recode_close(void *self)
{
    Recoder *r = self;

    if (r->source.close)
        r->source.close(r->source.self);
    converter_close(&r->converter);
    buf_close(&r->raw);
    free(r);
}

static bool
recode_mend(void *self)
{
    Recoder *r = self;

    buf_clear(&r->raw);
    r->at = 0;
    r->over = false;
    return r->source.mend && r->source.mend(r->source.self);
}

bool
stream_recode(Stream *stream, const char *name)
{
    Recoder *r;
    Converter converter;

    if (!converter_open(&converter, name))
        return false;
    r = mem_zero(1, sizeof *r);
    r->stream = stream;
    r->source = stream->source;
    r->converter = converter;
    buf_add(&r->raw, stream->block + stream->at, stream->end - stream->at);
    stream->shrunk += (int64_t)r->raw.len;
    stream->taken -= r->raw.len;
    stream->at = stream->end = 0;
    stream->over = false;
    stream->source = (Source){.read = recode_read, .close = recode_close, .mend = recode_mend, .self = r};
    return true;
}
