/* Terminals: see terminal.h.  One idea: text is cleaned first, measured and cut afterwards, so that nothing which was
 * not counted can reach the screen. */
#include "cli/terminal.h"

#include "text/utf8.h"

#include <stdlib.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <utf8proc.h>

enum { WIDTH_DEFAULT = 80, WIDTH_LEAST = 20, WIDTH_MOST = 1000 };

static uint32_t
columns_of(int fd)
{
    struct winsize size;
    const char *set = getenv("COLUMNS");
    long columns = 0;

    if (set)
        columns = strtol(set, NULL, 10);
    if (columns <= 0 && ioctl(fd, TIOCGWINSZ, &size) == 0)
        columns = size.ws_col;
    if (columns <= 0)
        columns = WIDTH_DEFAULT;
    return columns < WIDTH_LEAST ? WIDTH_LEAST : columns > WIDTH_MOST ? WIDTH_MOST : (uint32_t)columns;
}

uint32_t
terminal_columns(void)
{
    return columns_of(-1);
}

/* The environment is read by hand: setting the locale would change how numbers are written.  Where nothing is set, UTF-8 is
 * meant: no terminal of today is without it, and the words of the article come in it anyway. */
static bool
shows_utf8(void)
{
    const char *names[] = {"LC_ALL", "LC_CTYPE", "LANG"};

    for (int i = 0; i < 3; i++) {
        const char *value = getenv(names[i]);
        if (value && *value)
            return strcasestr(value, "utf-8") != NULL || strcasestr(value, "utf8") != NULL;
    }
    return true;
}

Terminal
terminal_look(FILE *stream, ColorWish wish)
{
    int fd = fileno(stream);
    const char *kind = getenv("TERM"), *none = getenv("NO_COLOR");
    Terminal t = {.is_terminal = fd >= 0 && isatty(fd), .utf8 = shows_utf8()};

    t.width = t.is_terminal ? columns_of(fd) : 0;
    t.color = t.is_terminal && kind && strcmp(kind, "dumb") != 0 && (none == NULL || *none == '\0');
    if (wish != COLOR_AUTO)
        t.color = wish == COLOR_ALWAYS;
    return t;
}

void
terminal_style(Buf *out, const Terminal *terminal, Style style)
{
    static const char *const codes[] = {
        [STYLE_NONE] = "\x1b[0m",          [STYLE_BOLD] = "\x1b[1m",   [STYLE_DIM] = "\x1b[2m",
        [STYLE_ITALIC] = "\x1b[3m",        [STYLE_PERSON] = "\x1b[1;36m", [STYLE_ORGANIZATION] = "\x1b[1;33m",
        [STYLE_PLACE] = "\x1b[1;32m",      [STYLE_TITLE] = "\x1b[35m", [STYLE_QUOTE] = "\x1b[1m",
        [STYLE_CUE] = "\x1b[2m",           [STYLE_ERROR] = "\x1b[1;31m",
    };

    if (terminal->color)
        buf_str(out, codes[style]);
}

/* ---- one character */

/* The character at `text`: its bytes in *size.  False if the bytes are broken (then *size is 1). */
static bool
character(const char *text, size_t len, uint32_t *cp, uint32_t *size)
{
    utf8proc_int32_t found;
    utf8proc_ssize_t n = utf8proc_iterate((const utf8proc_uint8_t *)text, (utf8proc_ssize_t)len, &found);

    if (n <= 0) {
        *cp = 0xfffd;
        *size = 1;
        return false;
    }
    *cp = (uint32_t)found;
    *size = (uint32_t)n;
    return true;
}

static uint32_t
columns(uint32_t cp)
{
    int width;

    if (cp < 0x80)
        return cp >= 0x20 && cp != 0x7f;
    width = utf8proc_charwidth((utf8proc_int32_t)cp);
    return width < 0 ? 0 : (uint32_t)width;
}

/* ---- measuring and cleaning */

uint32_t
terminal_width(const char *text, size_t len)
{
    uint32_t sum = 0, cp, size;

    for (size_t at = 0; at < len; at += size)
        sum += character(text + at, len - at, &cp, &size) ? columns(cp) : 1;
    return sum;
}

size_t
terminal_fit(const char *text, size_t len, uint32_t limit, uint32_t *used)
{
    uint32_t sum = 0, cp, size;
    size_t at = 0;

    while (at < len) {
        uint32_t width = character(text + at, len - at, &cp, &size) ? columns(cp) : 1;
        if (sum + width > limit)
            break;
        sum += width;
        at += size;
    }
    if (used)
        *used = sum;
    return at;
}

void
terminal_clean(Buf *out, const char *text, size_t len)
{
    enum { PLAIN, SPACE, UNSAFE } last = PLAIN;
    uint32_t cp, size;

    for (size_t at = 0; at < len; at += size) {
        bool whole = character(text + at, len - at, &cp, &size);
        if (whole && char_class(cp) == CHAR_SPACE) {
            if (last != SPACE)
                buf_char(out, ' ');
            last = SPACE;
        } else if (!whole || char_is_unsafe(cp)) {
            if (last != UNSAFE)
                buf_str(out, "\xef\xbf\xbd");
            last = UNSAFE;
        } else {
            buf_add(out, text + at, size);
            last = PLAIN;
        }
    }
}

void
terminal_column(Buf *out, const char *text, char end)
{
    if (text)
        terminal_clean(out, text, strlen(text));
    buf_char(out, end);
}

void
terminal_cell(Buf *out, const char *text, size_t len, uint32_t limit, bool pad)
{
    Buf clean = {0};
    uint32_t used;
    size_t fits;

    terminal_clean(&clean, text, len);
    fits = terminal_fit(clean.bytes, clean.len, limit, &used);
    if (fits < clean.len && limit > 1) { /* make room for the ellipsis */
        fits = terminal_fit(clean.bytes, clean.len, limit - 1, &used);
        buf_add(out, clean.bytes, fits);
        buf_str(out, "\xe2\x80\xa6");
        used++;
    } else {
        buf_add(out, clean.bytes, fits);
    }
    for (; pad && used < limit; used++)
        buf_char(out, ' ');
    buf_close(&clean);
}

/* ---- wrapping */

static uint32_t
new_line(Buf *out, uint32_t indent)
{
    buf_char(out, '\n');
    for (uint32_t i = 0; i < indent; i++)
        buf_char(out, ' ');
    return indent;
}

/* A word that is longer than a line: as many pieces as it takes. */
static uint32_t
cut_word(Buf *out, const char *word, size_t len, uint32_t width, uint32_t at, uint32_t indent)
{
    while (len) {
        uint32_t used, left = at < width ? width - at : 0;
        size_t fits = terminal_fit(word, len, left, &used);
        if (fits == 0 && at > indent) {
            at = new_line(out, indent);
            continue;
        }
        if (fits == 0) /* a character wider than the line: let it stand */
            fits = terminal_fit(word, len, 2, &used);
        if (fits == 0)
            fits = len;
        buf_add(out, word, fits);
        at += used;
        word += fits;
        len -= fits;
        if (len)
            at = new_line(out, indent);
    }
    return at;
}

uint32_t
terminal_wrap(Buf *out, const char *text, size_t len, uint32_t width, uint32_t at, uint32_t indent)
{
    Buf clean = {0};
    bool gap = false;

    terminal_clean(&clean, text, len);
    if (width && indent + 8 > width)
        indent = 0;
    for (size_t i = 0; i < clean.len;) {
        const char *end;
        size_t size;
        uint32_t used;
        if (clean.bytes[i] == ' ') {
            gap = true;
            i++;
            continue;
        }
        end = memchr(clean.bytes + i, ' ', clean.len - i);
        size = end ? (size_t)(end - clean.bytes) - i : clean.len - i;
        used = terminal_width(clean.bytes + i, size);
        if (width && gap && at > indent && at + 1 + used > width) {
            at = new_line(out, indent);
        } else if (gap && at) {
            buf_char(out, ' ');
            at++;
        }
        if (width && at + used > width)
            at = cut_word(out, clean.bytes + i, size, width, at, indent);
        else {
            buf_add(out, clean.bytes + i, size);
            at += used;
        }
        gap = false;
        i += size;
    }
    buf_close(&clean);
    return at;
}
