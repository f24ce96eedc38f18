#include "input/charset.h"

#include "base/buf.h"
#include "text/utf8.h"

#include <errno.h>
#include <iconv.h>
#include <stdint.h>
#include <string.h>
#include <uchardet/uchardet.h>

enum {
    HEAD = 2048,          /* where a declaration must stand */
    DETECT_MOST = 1 << 17, /* bytes that detection looks at */
    DETECT_LEAST = 24     /* bytes beyond ASCII that it needs */
};

static const char REPLACEMENT[] = "\xef\xbf\xbd";

/* ---- conversion */

static const char *
known_as(const char *name)
{
    static const char *const browsers[][2] = {
        {"iso-8859-1", "windows-1252"}, {"iso8859-1", "windows-1252"}, {"iso_8859-1", "windows-1252"}, {"latin1", "windows-1252"},
        {"latin-1", "windows-1252"},    {"us-ascii", "windows-1252"},  {"ascii", "windows-1252"},      {"iso-8859-9", "windows-1254"},
        {"gb2312", "gb18030"},          {"gbk", "gb18030"},            {"shift_jis", "cp932"},         {"shift-jis", "cp932"},
        {"x-sjis", "cp932"},            {"euc-kr", "uhc"},             {"ks_c_5601-1987", "uhc"},      {"tis-620", "windows-874"},
        {"iso-8859-11", "windows-874"}, {"big5", "big5-hkscs"},
    };

    for (size_t i = 0; i < sizeof browsers / sizeof *browsers; i++)
        if (strcasecmp(name, browsers[i][0]) == 0)
            return browsers[i][1];
    return name;
}

/* Convert; what cannot be becomes U+FFFD.  False if there is no such character set. */
static bool
convert(Arena *arena, const char *bytes, size_t len, const char *name, Decoded *out)
{
    iconv_t converter = iconv_open("UTF-8", known_as(name));
    char *in = (char *)(uintptr_t)bytes, *to;
    size_t left = len, room;
    Buf text = {0};

    if (converter == (iconv_t)-1)
        return false;
    while (left) {
        size_t result;
        buf_room(&text, left + 64);
        to = text.bytes + text.len;
        room = text.room - text.len - 1;
        result = iconv(converter, &in, &left, &to, &room);
        text.len = (size_t)(to - text.bytes);
        if (result != (size_t)-1 || errno == E2BIG)
            continue;
        buf_str(&text, REPLACEMENT);
        in += errno == EINVAL ? left : 1; /* what is cut off at the end is one character */
        left -= errno == EINVAL ? left : 1;
    }
    iconv_close(converter);
    out->text = arena_copy(arena, text.bytes ? text.bytes : "", text.len);
    out->len = text.len;
    buf_close(&text);
    return true;
}

/* ---- detection */

/* UTF-16 without a mark: every other byte of what is ASCII for the most part is NUL. */
static const char *
unmarked_utf16(const char *bytes, size_t len)
{
    size_t nuls[2] = {0}, look = len < HEAD ? len & ~(size_t)1 : HEAD;

    for (size_t i = 0; i < look; i++)
        nuls[i & 1] += bytes[i] == '\0';
    if (look < 8)
        return NULL;
    return nuls[1] * 10 > look * 3 && nuls[0] * 20 < look ? "UTF-16LE" : nuls[0] * 10 > look * 3 && nuls[1] * 20 < look ? "UTF-16BE" : NULL;
}

/* Is it UTF-8 in which something broke?  Then the most of what is beyond ASCII is well formed; the end may be cut. */
static bool
is_broken_utf8(const char *bytes, size_t len, size_t *beyond)
{
    size_t good = 0, bad = 0;

    *beyond = 0;
    for (size_t i = 0; i < len;) {
        unsigned char c = (unsigned char)bytes[i];
        size_t want = c < 0x80 ? 1 : c >= 0xc2 && c < 0xe0 ? 2 : c >= 0xe0 && c < 0xf0 ? 3 : c >= 0xf0 && c < 0xf5 ? 4 : 0, n = 1;
        *beyond += c >= 0x80;
        while (n < want && i + n < len && ((unsigned char)bytes[i + n] & 0xc0) == 0x80)
            n++;
        if (want > 1 && (n == want || (n > 1 && i + n == len)))
            good++;
        else if (want != 1)
            bad++;
        i += n;
    }
    return good >= bad;
}

static const char *
detect(Arena *arena, const char *bytes, size_t len, size_t beyond)
{
    uchardet_t detector;
    const char *name;
    size_t from = 0;

    if (beyond < DETECT_LEAST)
        return "windows-1252";
    while (from < len && (unsigned char)bytes[from] < 0x80)
        from++;
    from = from > 1000 ? from - 1000 : 0;
    detector = uchardet_new();
    uchardet_handle_data(detector, bytes + from, len - from < DETECT_MOST ? len - from : DETECT_MOST);
    uchardet_data_end(detector);
    name = uchardet_get_charset(detector);
    name = *name ? arena_copy(arena, name, strlen(name)) : "windows-1252";
    uchardet_delete(detector);
    return name;
}

static const char *
by_mark(const char *bytes, size_t len, size_t *mark)
{
    *mark = 0;
    if (len >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0)
        *mark = 3;
    else if (len >= 2 && (memcmp(bytes, "\xff\xfe", 2) == 0 || memcmp(bytes, "\xfe\xff", 2) == 0))
        *mark = 2;
    return *mark == 3 ? "UTF-8" : *mark == 2 ? (bytes[0] == '\xff' ? "UTF-16LE" : "UTF-16BE") : unmarked_utf16(bytes, len);
}

Decoded
charset_decode(Arena *arena, const char *bytes, size_t len, const char *declared, bool strict)
{
    size_t mark, bad, beyond;
    const char *name = by_mark(bytes, len, &mark);
    Decoded out = {bytes + mark, len - mark};

    if (name && strcmp(name, "UTF-8") != 0) {
        convert(arena, out.text, out.len, name, &out);
        return out;
    }
    if (declared && strncasecmp(declared, "iso-2022", 8) == 0 && convert(arena, out.text, out.len, declared, &out))
        return out;
    if (name || utf8_check(out.text, out.len, &bad))
        return out;
    if (declared && strcasecmp(declared, "utf-8") != 0 && strcasecmp(declared, "utf8") != 0 && strncasecmp(declared, "utf-16", 6) != 0 &&
        convert(arena, out.text, out.len, declared, &out))
        return out;
    if (!strict && !is_broken_utf8(out.text, out.len, &beyond) && !convert(arena, out.text, out.len, detect(arena, out.text, out.len, beyond), &out))
        convert(arena, out.text, out.len, "windows-1252", &out);
    return out;
}

/* ---- declarations */

const char *
charset_declared(Arena *arena, const char *bytes, size_t len)
{
    char *head = arena_copy(arena, bytes, len < HEAD ? len : HEAD), *at = head;

    for (size_t i = 0; i < (len < HEAD ? len : HEAD); i++)
        if (head[i] == '\0')
            head[i] = ' ';
    if (strncmp(head, "<?xml", 5) == 0 && (at = strstr(head, "encoding")) != NULL && strchr(head, '>') > at) {
        at += strlen("encoding");
    } else {
        at = strcasestr(head, "<meta");
        while (at && strcasestr(at, "charset") && strcasestr(at, "charset") > strchr(at, '>'))
            at = strcasestr(at + 1, "<meta");
        if (at == NULL || (at = strcasestr(at, "charset")) == NULL)
            return NULL;
        at += strlen("charset");
    }
    at += strspn(at, " \t=\"'");
    at[strcspn(at, " \t\"'/>;")] = '\0';
    return *at ? at : NULL;
}

/* ---- mojibake */

/* What stands behind U+00C3's first byte, with which each of them begins: a byte of a second half; the beginnings of a
 * quotation mark or dash, and of no-break spaces. */
static bool
is_mojibake(const char *text, size_t len)
{
    static const struct {
        const char *bytes;
        size_t len;
    } known[] = {{"\xc3\x83\xc2", 3}, {"\xc3\xa2\xe2\x82\xac", 5}, {"\xc3\x82\xc2\xa0", 4}};

    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (len >= known[i].len && memcmp(text, known[i].bytes, known[i].len) == 0)
            return true;
    return false;
}

size_t
charset_mojibake(const char *text, size_t len)
{
    const char *at = text, *end = text + len;
    size_t n = 0;

    for (; (at = memchr(at, '\xc3', (size_t)(end - at))) != NULL; at++)
        n += is_mojibake(at, (size_t)(end - at));
    return n;
}
