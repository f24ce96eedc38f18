#include "graph/escape.h"

char *
json_special(char *to, const char *begin, const char *at)
{
    static const char hex[] = "0123456789abcdef";
    unsigned char c = (unsigned char)*at;

    switch (c) {
    case '"': return WRITE(to, "\\\"");
    case '\\': return WRITE(to, "\\\\");
    case '\n': return WRITE(to, "\\n");
    case '\r': return WRITE(to, "\\r");
    case '\t': return WRITE(to, "\\t");
    case '\b': return WRITE(to, "\\b");
    case '\f': return WRITE(to, "\\f");
    case 0xa8: case 0xa9:
        if (at - begin < 2 || at[-2] != '\xe2' || at[-1] != '\x80')
            break;
        return c == 0xa8 ? WRITE(to - 2, "\\u2028") : WRITE(to - 2, "\\u2029");
    default:
        if (c >= 0x20)
            break;
        to = WRITE(to, "\\u00");
        *to++ = hex[c >> 4];
        *to++ = hex[c & 15];
        return to;
    }
    *to++ = (char)c;
    return to;
}

char *
json_escape(char *to, const char *begin, const char *end)
{
    const char *at = begin;

    while (end - at >= 8) { /* eight are written, and as many of them count as are plain */
        uint64_t word = eight_bytes(at), special = special_bytes(word);
        size_t plain = bytes_before(special);
        put_eight(to, word);
        at += plain;
        to += plain;
        if (special)
            to = json_special(to, begin, at++);
    }
    while (at < end) {
        size_t left = (size_t)(end - at), plain;
        uint64_t word = few_bytes(at, left), special = special_bytes(word);
        put_eight(to, word);
        plain = bytes_before(special);
        if (plain >= left)
            return to + left;
        at += plain;
        to = json_special(to + plain, begin, at++);
    }
    return to;
}

void
buf_escaped(Buf *out, const char *bytes, size_t len)
{
    enum { PART = 4096 }; /* escaped at once */
    const char *end = bytes + len;

    while (bytes < end) {
        const char *stop = end - bytes > PART ? bytes + PART : end;
        while (stop < end && (*stop & 0xc0) == 0x80) /* between characters */
            stop++;
        buf_take(out, json_escape(buf_give(out, (size_t)(stop - bytes) * ESCAPED_MOST + 8), bytes, stop));
        bytes = stop;
    }
}

void
buf_json(Buf *out, const char *bytes, size_t len)
{
    buf_char(out, '"');
    buf_escaped(out, bytes, len);
    buf_char(out, '"');
}
