#include "text/utf8.h"

#include "base/eight.h"

#include <utf8proc.h>

/* The length of the well-formed sequence at text[0], or 0; *part is how many bytes of a broken one belong together. */
static size_t
sequence(const unsigned char *t, size_t left, size_t *part)
{
    unsigned char lead = t[0];
    size_t need = lead < 0x80 ? 1 : lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
    unsigned char low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
    unsigned char high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;

    *part = 1;
    if (need < 2)
        return need;
    for (size_t i = 1; i < need; i++) {
        if (i >= left || t[i] < low || t[i] > high)
            return 0;
        low = 0x80;
        high = 0xbf;
        *part = i + 1;
    }
    return need;
}

/* Which of 32 bytes are no ASCII. */
static inline uint32_t
beyond_ascii(const char *text)
{
    uint32_t bits = 0;

    for (int i = 0; i < 4; i++)
        bits |= bits_of_tops(eight_bytes(text + 8 * i) & TOPS) << 8 * i;
    return bits;
}

static inline bool
is_ascii_32(const char *text)
{
    return ((eight_bytes(text) | eight_bytes(text + 8) | eight_bytes(text + 16) | eight_bytes(text + 24)) & TOPS) == 0;
}

/* Check the characters beyond ASCII among the 32 bytes at *at, which goes on behind them.  False if one is broken: *at is where. */
static bool
check_32(const char *text, size_t len, size_t *at)
{
    size_t start = *at, end = start + 32, part;

    for (uint64_t bits = beyond_ascii(text + start); bits;) {
        uint32_t first = (uint32_t)__builtin_ctzll(bits);
        size_t size = sequence((const unsigned char *)text + start + first, len - start - first, &part);
        if (size == 0) {
            *at = start + first;
            return false;
        }
        bits &= ~((1ull << (first + size)) - 1);
        end = start + first + size > end ? start + first + size : end;
    }
    *at = end;
    return true;
}

bool
utf8_check(const char *text, size_t len, size_t *bad)
{
    size_t at = 0, part, size;

    while (len - at >= 32)
        if (is_ascii_32(text + at)) {
            at += 32;
        } else if (!check_32(text, len, &at)) {
            *bad = at;
            return false;
        }
    for (; at < len; at += size)
        if ((size = sequence((const unsigned char *)text + at, len - at, &part)) == 0) {
            *bad = at;
            return false;
        }
    return true;
}

char *
utf8_repair(Arena *arena, const char *text, size_t len, size_t *out_len, size_t *repaired)
{
    size_t at = 0, part, n = 0, faults = 0;
    char *out;

    while (at < len) {
        size_t size = sequence((const unsigned char *)text + at, len - at, &part);
        faults += size == 0;
        at += size ? size : part;
    }
    out = arena_alloc(arena, len + 3 * faults + 1);
    for (at = 0; at < len;) {
        size_t size = sequence((const unsigned char *)text + at, len - at, &part);
        if (size) {
            memcpy(out + n, text + at, size);
            n += size;
            at += size;
        } else {
            memcpy(out + n, "\xef\xbf\xbd", 3);
            n += 3;
            at += part;
        }
    }
    out[n] = '\0';
    *out_len = n;
    *repaired = faults;
    return out;
}

uint32_t
utf8_next(const char *text, uint32_t *size)
{
    const unsigned char *t = (const unsigned char *)text;

    if (t[0] < 0x80) {
        *size = 1;
        return t[0];
    }
    if (t[0] < 0xe0) {
        *size = 2;
        return (t[0] & 0x1fu) << 6 | (t[1] & 0x3fu);
    }
    if (t[0] < 0xf0) {
        *size = 3;
        return (t[0] & 0x0fu) << 12 | (t[1] & 0x3fu) << 6 | (t[2] & 0x3fu);
    }
    *size = 4;
    return (t[0] & 0x07u) << 18 | (t[1] & 0x3fu) << 12 | (t[2] & 0x3fu) << 6 | (t[3] & 0x3fu);
}

size_t
utf8_count(const char *text, size_t len)
{
    size_t count = 0;

    for (size_t i = 0; i < len; i++)
        count += ((unsigned char)text[i] & 0xc0) != 0x80;
    return count;
}

size_t
utf8_count_utf16(const char *text, size_t len)
{
    size_t count = 0;

    for (size_t i = 0; i < len; i++)
        count += (((unsigned char)text[i] & 0xc0) != 0x80) + ((unsigned char)text[i] >= 0xf0);
    return count;
}

/* Characters whose fold is a matter of typography or that Unicode does not decompose. */
static const char *
special_fold(uint32_t cp)
{
    switch (cp) {
    case 0x2018: case 0x2019: case 0x201a: case 0x201b: case 0x2032: case 0x02bc: case 0x02bb: case 0x02b9:
        return "'";
    case 0x201c: case 0x201d: case 0x201e: case 0x201f: case 0x00ab: case 0x00bb: case 0x2033:
        return "\"";
    case 0x2010: case 0x2011: case 0x2212: case 0x00ad:
        return "-";
    case 0x2012: case 0x2013: case 0x2014: case 0x2015:
        return "--";
    case 0x2026:
        return "...";
    case 0x00d8: case 0x00f8:
        return "o";
    case 0x0141: case 0x0142:
        return "l";
    case 0x0110: case 0x0111: case 0x00d0: case 0x00f0:
        return "d";
    case 0x0131: case 0x0130:
        return "i";
    case 0x00c6: case 0x00e6:
        return "ae";
    case 0x0152: case 0x0153:
        return "oe";
    case 0x0126: case 0x0127:
        return "h";
    case 0x018f: case 0x0259:
        return "a";
    default:
        return NULL;
    }
}

static size_t
fold_code_point(uint32_t cp, char *out, size_t room)
{
    const char *special = special_fold(cp);
    utf8proc_int32_t parts[20];
    utf8proc_ssize_t count;
    size_t n = 0;
    int last = 0;

    if (special) {
        n = strlen(special);
        if (n > room)
            return 0;
        memcpy(out, special, n);
        return n;
    }
    count = utf8proc_decompose_char((utf8proc_int32_t)cp, parts, 20,
                                    UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD | UTF8PROC_STRIPMARK,
                                    &last);
    for (utf8proc_ssize_t i = 0; i < count && i < 20; i++) {
        utf8proc_uint8_t bytes[4];
        utf8proc_ssize_t size = utf8proc_encode_char(parts[i], bytes);
        if (size <= 0 || n + (size_t)size > room)
            return n;
        memcpy(out + n, bytes, (size_t)size);
        n += (size_t)size;
    }
    return n;
}

size_t
utf8_fold(const char *text, size_t len, char *out, size_t room)
{
    size_t n = 0, at = 0;

    while (at < len && n < room) {
        unsigned char c = (unsigned char)text[at];
        if (c < 0x80) {
            out[n++] = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
            at++;
        } else {
            uint32_t size, cp = utf8_next(text + at, &size);
            n += fold_code_point(cp, out + n, room - n);
            at += size;
        }
    }
    return n;
}

const uint8_t ASCII_CLASSES[128] = {
    ['\t' ... '\r'] = CHAR_SPACE, [' '] = CHAR_SPACE,       ['0' ... '9'] = CHAR_DIGIT,
    ['A' ... 'Z'] = CHAR_UPPER,   ['a' ... 'z'] = CHAR_LOWER, /* the others are CHAR_OTHER, which is 0 */
};

CharClass
char_class_beyond_ascii(uint32_t cp)
{
    if (cp >= 0x2010 && cp <= 0x206f)
        return cp == 0x2028 || cp == 0x2029 || cp == 0x202f || cp == 0x205f ? CHAR_SPACE : CHAR_OTHER;
    switch (utf8proc_category((utf8proc_int32_t)cp)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LT:
        return CHAR_UPPER;
    case UTF8PROC_CATEGORY_LL:
        return CHAR_LOWER;
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
        return CHAR_LETTER;
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
        return CHAR_MARK;
    case UTF8PROC_CATEGORY_ND:
        return CHAR_DIGIT;
    case UTF8PROC_CATEGORY_ZS:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
        return CHAR_SPACE;
    default:
        return CHAR_OTHER;
    }
}

bool
char_is_unsafe(uint32_t cp)
{
    return cp < 0x20 || (cp >= 0x7f && cp < 0xa0) || cp == 0x061c || cp == 0x200b || cp == 0x200e || cp == 0x200f ||
           (cp >= 0x202a && cp <= 0x202e) || (cp >= 0x2060 && cp <= 0x206f) || cp == 0xfeff || cp == 0xfffd ||
           (cp >= 0xfff9 && cp <= 0xfffb) || (cp >= 0xe0000 && cp <= 0xe007f);
}
