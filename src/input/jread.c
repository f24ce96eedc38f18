#include "input/jread.h"

#include "base/eight.h"

enum { DEPTH_MOST = 256 };

static bool
wrong(JReader *j, const char *what)
{
    if (j->wrong == NULL)
        j->wrong = what;
    return false;
}

char
jread_peek(JReader *j)
{
    while (j->at < j->len) {
        char c = j->bytes[j->at];
        if (c != ' ' && c != '\n' && c != '\r' && c != '\t')
            return c;
        j->at++;
    }
    return '\0';
}

bool
jread_expect(JReader *j, char c, const char *what)
{
    if (jread_peek(j) != c || j->at >= j->len)
        return wrong(j, what);
    j->at++;
    return true;
}

/* ---- strings */

/* How far a string goes on without a quotation mark, a backslash or a control character. */
static size_t
plain_run(const char *bytes, size_t len)
{
    size_t at = 0;

    for (; len - at >= 8; at += 8) {
        uint64_t word = eight_bytes(bytes + at);
        uint64_t found = ((word - EIGHT(0x20)) & ~word & TOPS) | bytes_like(word, '"') | bytes_like(word, '\\');
        if (found)
            return at + bytes_before(found);
    }
    while (at < len && (unsigned char)bytes[at] >= 0x20 && bytes[at] != '"' && bytes[at] != '\\')
        at++;
    return at;
}

/* Four hexadecimal digits, or -1. */
static int
hex4(const char *bytes)
{
    int value = 0;

    for (int i = 0; i < 4; i++) {
        char c = bytes[i];
        if (c >= '0' && c <= '9')
            value = value << 4 | (c - '0');
        else if ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'))
            value = value << 4 | ((c | 0x20) - 'a' + 10);
        else
            return -1;
    }
    return value;
}

static bool
is_high(int unit)
{
    return unit >= 0xd800 && unit < 0xdc00;
}

static bool
is_low(int unit)
{
    return unit >= 0xdc00 && unit < 0xe000;
}

static bool
skip_escape(JReader *j)
{
    size_t left = j->len - j->at; /* from the backslash */
    char *esc = j->bytes + j->at;
    int unit;

    if (left < 2)
        return wrong(j, "the string does not end");
    if (esc[1] != 'u') {
        if (esc[1] == '\0' || !strchr("\"\\/bfnrt", esc[1]))
            return wrong(j, "no such escape in a string");
        j->at += 2;
        return true;
    }
    if (left < 6 || (unit = hex4(esc + 2)) < 0)
        return wrong(j, "\\u needs four hexadecimal digits");
    if (is_high(unit) && left >= 12 && esc[6] == '\\' && esc[7] == 'u' && is_low(hex4(esc + 8))) {
        j->at += 12;
        return true;
    }
    if (is_high(unit) || is_low(unit))
        memcpy(esc + 2, "fffd", 4);
    j->at += 6;
    return true;
}

static bool
skip_string(JReader *j)
{
    size_t start = j->at++;

    for (;;) {
        j->at += plain_run(j->bytes + j->at, j->len - j->at);
        if (j->at >= j->len) {
            j->at = start;
            return wrong(j, "the string that begins here does not end on its line");
        }
        if (j->bytes[j->at] == '"') {
            j->at++;
            return true;
        }
        if (j->bytes[j->at] != '\\')
            return wrong(j, "a control character in a string must be escaped");
        if (!skip_escape(j))
            return false;
    }
}

static size_t
encode(uint32_t cp, char *out)
{
    if (cp < 0x80) {
        out[0] = (char)cp;
        return 1;
    }
    if (cp < 0x800) {
        out[0] = (char)(0xc0 | cp >> 6);
        out[1] = (char)(0x80 | (cp & 0x3f));
        return 2;
    }
    if (cp < 0x10000) {
        out[0] = (char)(0xe0 | cp >> 12);
        out[1] = (char)(0x80 | (cp >> 6 & 0x3f));
        out[2] = (char)(0x80 | (cp & 0x3f));
        return 3;
    }
    out[0] = (char)(0xf0 | cp >> 18);
    out[1] = (char)(0x80 | (cp >> 12 & 0x3f));
    out[2] = (char)(0x80 | (cp >> 6 & 0x3f));
    out[3] = (char)(0x80 | (cp & 0x3f));
    return 4;
}

/* One escape at `from` (checked), written to `to`, which does not lie behind it.  Returns the bytes read; *size is of
 * those written. */
static size_t
decode_escape(const char *from, char *to, size_t *size)
{
    uint32_t unit;

    *size = 1;
    switch (from[1]) {
    case 'b': *to = '\b'; return 2;
    case 'f': *to = '\f'; return 2;
    case 'n': *to = '\n'; return 2;
    case 'r': *to = '\r'; return 2;
    case 't': *to = '\t'; return 2;
    case 'u': break;
    default: *to = from[1]; return 2;
    }
    unit = (uint32_t)hex4(from + 2);
    if (is_high((int)unit)) { /* its other half was checked */
        uint32_t low = (uint32_t)hex4(from + 8);
        *size = encode(0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00), to);
        return 12;
    }
    *size = encode(unit, to);
    return 6;
}

size_t
jread_decode(char *bytes, size_t len)
{
    size_t from = 0, to = 0, size;

    for (;;) {
        size_t run = plain_run(bytes + from, len - from);
        if (run && to != from)
            memmove(bytes + to, bytes + from, run);
        from += run;
        to += run;
        if (from >= len)
            break;
        from += decode_escape(bytes + from, bytes + to, &size);
        to += size;
    }
    bytes[to] = '\0';
    return to;
}

/* ---- the other values */

static bool
skip_digits(JReader *j)
{
    size_t start = j->at;

    while (j->at < j->len && j->bytes[j->at] >= '0' && j->bytes[j->at] <= '9')
        j->at++;
    return j->at > start;
}

static bool
skip_number(JReader *j)
{
    if (j->bytes[j->at] == '-')
        j->at++;
    if (j->at < j->len && j->bytes[j->at] == '0')
        j->at++;
    else if (!skip_digits(j))
        return wrong(j, "this is no number");
    if (j->at < j->len && j->bytes[j->at] == '.') {
        j->at++;
        if (!skip_digits(j))
            return wrong(j, "a digit must follow the point");
    }
    if (j->at < j->len && (j->bytes[j->at] == 'e' || j->bytes[j->at] == 'E')) {
        j->at++;
        if (j->at < j->len && (j->bytes[j->at] == '+' || j->bytes[j->at] == '-'))
            j->at++;
        if (!skip_digits(j))
            return wrong(j, "a digit must follow the exponent's sign");
    }
    return true;
}

static bool
skip_word(JReader *j, const char *word)
{
    size_t len = strlen(word);

    if (j->len - j->at < len || memcmp(j->bytes + j->at, word, len) != 0)
        return wrong(j, "this is no JSON value");
    j->at += len;
    return true;
}

static bool skip_value(JReader *j, int depth);

static bool
skip_members(JReader *j, char end, int depth)
{
    j->at++;
    if (jread_peek(j) == end) {
        j->at++;
        return true;
    }
    for (;;) {
        char c;
        if (end == '}') {
            if (jread_peek(j) != '"')
                return wrong(j, "a key in quotation marks must stand here");
            if (!skip_string(j) || !jread_expect(j, ':', "a colon must follow the key"))
                return false;
        }
        if (!skip_value(j, depth + 1))
            return false;
        c = jread_peek(j);
        if (c != ',' && c != end)
            return wrong(j, end == '}' ? "a comma or } must stand here" : "a comma or ] must stand here");
        j->at++;
        if (c == end)
            return true;
    }
}

static bool
skip_value(JReader *j, int depth)
{
    char c = jread_peek(j);

    if (depth > DEPTH_MOST)
        return wrong(j, "values are nested too deep");
    if (j->at >= j->len)
        return wrong(j, "the line ends where a value must stand");
    switch (c) {
    case '"': return skip_string(j);
    case '{': return skip_members(j, '}', depth);
    case '[': return skip_members(j, ']', depth);
    case 't': return skip_word(j, "true");
    case 'f': return skip_word(j, "false");
    case 'n': return skip_word(j, "null");
    default:
        if (c == '-' || (c >= '0' && c <= '9'))
            return skip_number(j);
        return wrong(j, "this is no JSON value");
    }
}

bool
jread_skip(JReader *j)
{
    return skip_value(j, 0);
}
