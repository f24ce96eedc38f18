#include "input/charset.h"

#include "base/buf.h"
#include "text/utf8.h"

#include <errno.h>
#include <iconv.h>
#include <stdint.h>
#include <string.h>
#include <uchardet/uchardet.h>
#include <utf8proc.h>

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

/* How many bytes are passed over where no character stands: a unit of the set, so that what follows is read at its place. */
static size_t
unit_of(const char *name)
{
    return strncasecmp(name, "utf-16", 6) == 0 ? 2 : strncasecmp(name, "utf-32", 6) == 0 ? 4 : 1;
}

bool
converter_open(Converter *c, const char *name)
{
    *c = (Converter){iconv_open("UTF-8", known_as(name)), unit_of(name)};
    return c->handle != (iconv_t)-1;
}

void
converter_close(Converter *c)
{
    iconv_close(c->handle);
}

bool
converter_run(Converter *c, char **from, size_t *left, char **to, size_t *room, bool whole)
{
    while (*left) {
        size_t bad;
        if (iconv(c->handle, from, left, to, room) != (size_t)-1)
            break;
        if (errno == E2BIG || *room < sizeof REPLACEMENT)
            return false;
        if (errno == EINVAL && !whole)
            return true;
        bad = errno == EINVAL || *left < c->unit ? *left : c->unit; /* what is cut off at the end is one character */
        *from += bad;
        *left -= bad;
        memcpy(*to, REPLACEMENT, sizeof REPLACEMENT - 1);
        *to += sizeof REPLACEMENT - 1;
        *room -= sizeof REPLACEMENT - 1;
    }
    /* a character that a mark may follow is held back until the next has come */
    return !whole || iconv(c->handle, NULL, NULL, to, room) != (size_t)-1;
}

/* Convert; what cannot be becomes U+FFFD.  False if there is no such character set. */
static bool
convert(Arena *arena, const char *bytes, size_t len, const char *name, Decoded *out)
{
    char *from = (char *)(uintptr_t)bytes;
    size_t left = len;
    Converter c;
    Buf text = {0};
    bool done = false;

    if (!converter_open(&c, name))
        return false;
    while (!done) {
        char *to = buf_give(&text, left + 64);
        size_t room = text.room - text.len - 1;
        done = converter_run(&c, &from, &left, &to, &room, true);
        buf_take(&text, to);
    }
    converter_close(&c);
    out->text = arena_copy(arena, text.bytes, text.len);
    out->len = text.len;
    buf_close(&text);
    return true;
}

/* ---- Windows-1252 in the place of controls */

uint32_t
charset_windows_1252(unsigned char byte)
{
    static const uint16_t high[32] = {0x20ac, 0,      0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0,      0x017d, 0,
                                      0,      0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0,      0x017e, 0x0178};

    return byte >= 0x80 && byte < 0xa0 ? high[byte - 0x80] : byte;
}

const char *
charset_without_controls(Arena *arena, const char *text, size_t *len)
{
    const char *from = text, *end = text + *len, *at = text;
    Buf out = {0};
    char *copy;

    while ((at = memchr(at, '\xc2', (size_t)(end - at))) != NULL) {
        utf8proc_uint8_t bytes[4];
        uint32_t cp = at + 1 < end && (unsigned char)at[1] < 0xa0 ? charset_windows_1252((unsigned char)at[1]) : 0;
        if (cp) {
            buf_add(&out, from, (size_t)(at - from));
            buf_add(&out, (const char *)bytes, (size_t)utf8proc_encode_char((utf8proc_int32_t)cp, bytes));
            from = at + 2;
        }
        at++;
    }
    if (from == text)
        return text;
    buf_add(&out, from, (size_t)(end - from));
    *len = out.len;
    copy = arena_copy(arena, out.bytes, out.len);
    buf_close(&out);
    return copy;
}

/* ---- detection */

/* UTF-16 or UTF-32 without a mark: of what is ASCII for the most part, every other byte is NUL, or three of four are. */
static const char *
unmarked(const char *bytes, size_t len)
{
    size_t nuls[4] = {0}, look = len < HEAD ? len & ~(size_t)3 : HEAD, even, odd;

    for (size_t i = 0; i < look; i++)
        nuls[i & 3] += bytes[i] == '\0';
    even = nuls[0] + nuls[2];
    odd = nuls[1] + nuls[3];
    if (look < 8)
        return NULL;
    if ((nuls[2] + nuls[3]) * 10 > look * 4 && nuls[0] * 20 < look)
        return "UTF-32LE";
    if ((nuls[0] + nuls[1]) * 10 > look * 4 && nuls[3] * 20 < look)
        return "UTF-32BE";
    return odd * 10 > look * 3 && even * 20 < look ? "UTF-16LE" : even * 10 > look * 3 && odd * 20 < look ? "UTF-16BE" : NULL;
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

/* The set that a byte order mark tells, or NULL. */
static const char *
by_mark(const char *bytes, size_t len, size_t *mark)
{
    static const struct {
        const char *bytes, *name;
        size_t len;
    } marks[] = {{"\xff\xfe\0\0", "UTF-32LE", 4}, {"\0\0\xfe\xff", "UTF-32BE", 4}, {"\xef\xbb\xbf", "UTF-8", 3}, {"\xff\xfe", "UTF-16LE", 2}, {"\xfe\xff", "UTF-16BE", 2}};

    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (len >= marks[i].len && memcmp(bytes, marks[i].bytes, marks[i].len) == 0) {
            *mark = marks[i].len;
            return marks[i].name;
        }
    *mark = 0;
    return NULL;
}

const char *
charset_wide(const char *bytes, size_t len, size_t *mark)
{
    const char *name = by_mark(bytes, len, mark);

    if (name == NULL)
        name = unmarked(bytes, len);
    return name && strcmp(name, "UTF-8") != 0 ? name : NULL;
}

Decoded
charset_decode(Arena *arena, const char *bytes, size_t len, const char *declared, bool strict)
{
    size_t mark, bad, beyond;
    const char *wide = charset_wide(bytes, len, &mark);
    Decoded out = {bytes + mark, len - mark};

    if (wide) {
        convert(arena, out.text, out.len, wide, &out);
        return out;
    }
    if (declared && strcasestr(declared, "2022") && convert(arena, out.text, out.len, declared, &out))
        return out;
    if (mark || utf8_check(out.text, out.len, &bad))
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
