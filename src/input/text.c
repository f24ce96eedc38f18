/* Plain text: a file is an article.  The text is passed on as it is; only the mark of the encoding is taken off, and
 * UTF-16 (which says so at its start) is turned into UTF-8. */
#include "input/formats.h"

static bool
text_detect(const char *head, size_t len)
{
    (void)head;
    (void)len;
    return true; /* the last that is asked */
}

InputResult
cut_whole(Stream *stream, RawRecord *raw, size_t most, Error *err)
{
    if (stream->records)
        return INPUT_END;
    stream->records = 1;
    if (!stream_rest(stream, &raw->bytes, most, err))
        return INPUT_FAULT;
    if (raw->bytes.len > most) {
        error_set(err, ERROR_INPUT, stream->path, 0, 0, NULL, 0,
                  "the text is longer than %zu bytes; cut it up, or name its format with --format", most);
        return INPUT_FAULT;
    }
    raw->number = 1;
    return INPUT_RECORD;
}

static InputResult
text_cut(Stream *stream, RawRecord *raw, Error *err)
{
    return cut_whole(stream, raw, TEXT_MAX, err);
}

static size_t
put_code_point(uint32_t cp, unsigned char *out)
{
    if (cp < 0x80) {
        out[0] = (unsigned char)cp;
        return 1;
    }
    if (cp < 0x800) {
        out[0] = (unsigned char)(0xc0 | cp >> 6);
        out[1] = (unsigned char)(0x80 | (cp & 0x3f));
        return 2;
    }
    if (cp < 0x10000) {
        out[0] = (unsigned char)(0xe0 | cp >> 12);
        out[1] = (unsigned char)(0x80 | (cp >> 6 & 0x3f));
        out[2] = (unsigned char)(0x80 | (cp & 0x3f));
        return 3;
    }
    out[0] = (unsigned char)(0xf0 | cp >> 18);
    out[1] = (unsigned char)(0x80 | (cp >> 12 & 0x3f));
    out[2] = (unsigned char)(0x80 | (cp >> 6 & 0x3f));
    out[3] = (unsigned char)(0x80 | (cp & 0x3f));
    return 4;
}

/* UTF-16 behind its mark; half a pair, and an odd byte at the end, become U+FFFD, as broken UTF-8 does. */
static void
from_utf16(const unsigned char *in, size_t len, bool big, Arena *arena, Record *record)
{
    unsigned char *out = arena_alloc(arena, len / 2 * 3 + 4);
    size_t n = 0;

    for (size_t at = 0; at + 1 < len; at += 2) {
        uint32_t unit = big ? (uint32_t)in[at] << 8 | in[at + 1] : (uint32_t)in[at + 1] << 8 | in[at];
        if (unit >= 0xd800 && unit < 0xdc00 && at + 3 < len) {
            uint32_t low = big ? (uint32_t)in[at + 2] << 8 | in[at + 3] : (uint32_t)in[at + 3] << 8 | in[at + 2];
            if (low >= 0xdc00 && low < 0xe000) {
                n += put_code_point(0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00), out + n);
                at += 2;
                continue;
            }
        }
        n += put_code_point(unit >= 0xd800 && unit < 0xe000 ? 0xfffd : unit, out + n);
    }
    if (len & 1)
        n += put_code_point(0xfffd, out + n);
    record->text = (const char *)out;
    record->len = n;
}

static bool
text_read(RawRecord *raw, const Reading *reading, Record *record, Error *err)
{
    const unsigned char *bytes = (const unsigned char *)raw->bytes.bytes;
    size_t len = raw->bytes.len;

    (void)err;
    record->id = raw->path;
    if (len >= 2 && ((bytes[0] == 0xff && bytes[1] == 0xfe) || (bytes[0] == 0xfe && bytes[1] == 0xff))) {
        from_utf16(bytes + 2, len - 2, bytes[0] == 0xfe, reading->arena, record);
        return true;
    }
    if (len >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0) {
        bytes += 3;
        len -= 3;
    }
    record->text = len ? (const char *)bytes : "";
    record->len = len;
    return true;
}

const Format FORMAT_TEXT = {"text", " .txt .text .md ", text_detect, text_cut, text_read};
