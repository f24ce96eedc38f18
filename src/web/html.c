#include "web/html.h"

#include "text/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* What must not reach a page: control characters but for tab and line ends, and the marks that turn the direction of what
 * follows, by which a name could rewrite the line that it stands in. */
static bool
is_barred(uint32_t cp)
{
    return (cp < 0x20 && cp != '\t' && cp != '\n' && cp != '\r') || (cp >= 0x7f && cp < 0xa0) ||
           (cp >= 0x202a && cp <= 0x202e) || (cp >= 0x2066 && cp <= 0x2069) || (cp & 0xfffe) == 0xfffe ||
           (cp >= 0xfdd0 && cp <= 0xfdef);
}

static const char *
entity_of(unsigned char c)
{
    switch (c) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    case '\'': return "&#39;";
    case '\r': return "\n";
    default: return NULL;
    }
}

void
html_text_len(Buf *out, const char *text, size_t len)
{
    size_t from = 0, bad = len;
    uint32_t size;

    if (!utf8_check(text, len, &bad)) /* an archive made by others may hold anything */
        len = bad;
    for (size_t at = 0; at < len; at += size) {
        uint32_t cp = utf8_next(text + at, &size);
        const char *entity = cp < 0x80 ? entity_of((unsigned char)cp) : NULL;
        if (entity == NULL && is_barred(cp))
            entity = "\uFFFD";
        if (entity == NULL)
            continue;
        buf_add(out, text + from, at - from);
        buf_str(out, entity);
        from = at + size;
    }
    buf_add(out, text + from, len - from);
}

void
html_text(Buf *out, const char *text)
{
    if (text)
        html_text_len(out, text, strlen(text));
}

void
html_put(Buf *out, const char *markup, ...)
{
    const char *hole, *value;
    va_list args;

    va_start(args, markup);
    while ((hole = strchr(markup, '%')) != NULL && (value = va_arg(args, const char *)) != NULL) {
        buf_add(out, markup, (size_t)(hole - markup));
        html_text(out, value);
        markup = hole + 1;
    }
    va_end(args);
    buf_str(out, markup);
}

void
html_url(Buf *out, const char *text)
{
    static const char HEX[] = "0123456789ABCDEF";

    for (; text && *text; text++) {
        unsigned char c = (unsigned char)*text;
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || strchr("-_.~", c)) {
            buf_char(out, (char)c);
        } else if (c == ' ') {
            buf_char(out, '+');
        } else {
            char code[3] = {'%', HEX[c >> 4], HEX[c & 15]};
            buf_add(out, code, sizeof code);
        }
    }
}

void
html_number(Buf *out, int64_t number)
{
    char digits[24];
    int n = snprintf(digits, sizeof digits, "%lld", (long long)(number < 0 ? -number : number));

    if (number < 0)
        buf_str(out, "\u2212");
    for (int i = 0; i < n; i++) {
        if (i && (n - i) % 3 == 0 && n > 4)
            buf_str(out, "\u202f");
        buf_char(out, digits[i]);
    }
}

void
html_count(Buf *out, int64_t number, const char *word)
{
    html_number(out, number);
    buf_char(out, ' ');
    buf_str(out, word);
    if (number != 1)
        buf_char(out, 's');
}

/* YYYY-MM-DD of a year, month and day that there are. */
static bool
read_day(const char *day, int *y, int *m, int *d)
{
    int end = 0;

    return strlen(day) == 10 && sscanf(day, "%4d-%2d-%2d%n", y, m, d, &end) == 3 && end == 10 && *m >= 1 && *m <= 12 &&
           *d >= 1 && *d <= 31;
}

void
html_day(Buf *out, const char *day)
{
    static const char *const MONTHS[] = {"January", "February", "March",     "April",   "May",      "June",
                                         "July",    "August",   "September", "October", "November", "December"};
    int y, m, d;

    if (day == NULL)
        return;
    if (read_day(day, &y, &m, &d))
        buf_printf(out, "<time datetime=\"%04d-%02d-%02d\">%d %s %d</time>", y, m, d, d, MONTHS[m - 1], y);
    else
        html_text(out, day);
}

bool
html_is_web_address(const char *url)
{
    return url && (strncmp(url, "https://", 8) == 0 || strncmp(url, "http://", 7) == 0);
}
