#include "input/body.h"

#include "input/stream.h"

#include <brotli/decode.h>
#include <stdlib.h>
#include <zlib.h>

enum { STEP = 1 << 16 };

Coding
coding_of(const char *name)
{
    if (*name == '\0' || strcasecmp(name, "identity") == 0 || strcasecmp(name, "none") == 0)
        return CODING_NONE;
    if (strcasecmp(name, "gzip") == 0 || strcasecmp(name, "x-gzip") == 0 || strcasecmp(name, "deflate") == 0)
        return CODING_DEFLATE;
    return strcasecmp(name, "br") == 0 ? CODING_BROTLI : CODING_UNKNOWN;
}

bool
body_join(Buf *bytes)
{
    size_t at = 0, n = 0;
    bool whole = true;

    while (at < bytes->len) {
        char *end;
        unsigned long long size = strtoull(bytes->bytes + at, &end, 16);
        char *line = memchr(bytes->bytes + at, '\n', bytes->len - at);
        if (end == bytes->bytes + at || line == NULL || end > line) {
            if (at == 0)
                return true;
            break;
        }
        at = (size_t)(line + 1 - bytes->bytes);
        if (size == 0)
            break;
        whole = size <= bytes->len - at;
        if (!whole)
            size = bytes->len - at;
        memmove(bytes->bytes + n, bytes->bytes + at, size);
        n += size;
        at += size;
        while (at < bytes->len && (bytes->bytes[at] == '\r' || bytes->bytes[at] == '\n'))
            at++;
    }
    bytes->len = n;
    bytes->bytes[n] = '\0';
    return whole;
}

/* ---- unpacking: NULL, or what is wrong */

static bool
is_gzip(const unsigned char *bytes, size_t len)
{
    return len > 2 && bytes[0] == 0x1f && bytes[1] == 0x8b;
}

/* gzip, zlib, or a bare stream, which servers call deflate too. */
static const char *
unpack_deflate(const Buf *in, Buf *out, size_t most, bool *whole)
{
    const unsigned char *head = (const unsigned char *)in->bytes;
    bool zlib = in->len > 2 && (head[0] & 0x0f) == 8 && (head[0] << 8 | head[1]) % 31 == 0, gzip = is_gzip(head, in->len);
    z_stream z = {.next_in = (Bytef *)in->bytes, .avail_in = (uInt)in->len};
    int result = Z_OK;

    if (inflateInit2(&z, gzip ? 31 : zlib ? 15 : -15) != Z_OK)
        return "there is no memory for it";
    while (result == Z_OK && out->len <= most) {
        buf_room(out, STEP);
        z.next_out = (Bytef *)out->bytes + out->len;
        z.avail_out = STEP;
        result = inflate(&z, Z_NO_FLUSH);
        out->len += STEP - z.avail_out;
        if (result == Z_STREAM_END && is_gzip(z.next_in, z.avail_in)) /* several behind each other are one */
            result = inflateReset(&z);
    }
    inflateEnd(&z);
    *whole = result == Z_STREAM_END;
    return result == Z_STREAM_END || result == Z_OK || (result == Z_BUF_ERROR && out->len) ? NULL : "it is broken";
}

static const char *
unpack_brotli(const Buf *in, Buf *out, size_t most, bool *whole)
{
    BrotliDecoderState *state = BrotliDecoderCreateInstance(NULL, NULL, NULL);
    BrotliDecoderResult result = BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT;
    const uint8_t *from = (const uint8_t *)in->bytes;
    size_t left = in->len;

    while (state && result == BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT && out->len <= most) {
        size_t room = STEP;
        uint8_t *to;
        buf_room(out, STEP);
        to = (uint8_t *)out->bytes + out->len;
        result = BrotliDecoderDecompressStream(state, &left, &from, &room, &to, NULL);
        out->len += STEP - room;
    }
    BrotliDecoderDestroyInstance(state);
    *whole = result == BROTLI_DECODER_RESULT_SUCCESS;
    return result == BROTLI_DECODER_RESULT_ERROR || out->len == 0 ? "it is broken" : NULL;
}

static bool
is_page(const Buf *body)
{
    size_t at = 0;

    while (at < body->len && strchr(" \t\r\n", body->bytes[at]) && body->bytes[at])
        at++;
    return at < body->len && body->bytes[at] == '<';
}

bool
body_unpack(Buf *body, Coding coding, size_t most, bool *whole, Error *err)
{
    Buf out = {0};
    const char *wrong = NULL;

    *whole = true;
    if (coding == CODING_NONE || body->len == 0 || (coding != CODING_BROTLI && is_page(body)))
        return true;
    if (coding == CODING_UNKNOWN)
        return error_set(err, ERROR_INPUT, NULL, 0, 0, NULL, 0, "the Content-Encoding of the answer is not read");
    wrong = coding == CODING_BROTLI ? unpack_brotli(body, &out, most, whole) : unpack_deflate(body, &out, most, whole);
    if (wrong && coding == CODING_BROTLI && is_page(body)) { /* its first byte may be any, so that it had to be tried */
        buf_close(&out);
        *whole = true;
        return true;
    }
    if (wrong == NULL && out.len <= most) {
        buf_str(&out, "");
        buf_close(body);
        *body = out;
        return true;
    }
    buf_close(&out);
    return wrong ? error_set(err, ERROR_INPUT, NULL, 0, 0, NULL, 0, "the answer cannot be unpacked: %s", wrong)
                 : stream_too_long(err, NULL, 0, "the answer, unpacked,", most);
}
