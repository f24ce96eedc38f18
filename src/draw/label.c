/* Labels: cleaned, wrapped, cut, measured.
 *
 * Which face shows the picture is not known here, so widths are those of Helvetica (and Arial, which has the same) and an eighth
 * more, which is enough for DejaVu too. */
#include "draw/picture.h"

#include "text/utf8.h"

#include <string.h>
#include <utf8proc.h>

/* Helvetica's, in thousandths of the size, from the space on. */
static const short ASCII_WIDTHS[95] = {
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667,
    611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667,
    667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500,
    222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
};
static const double SPARE = 1.125;

/* How a kind is set; sizes and weights stand in svg.c too. */
static const struct {
    double width, size, heavy, side; /* of the text at the most; of a letter; how much wider for its weight; beside the text */
    uint32_t lines;
} SETTING[DRAW_KINDS] = {
    [DRAW_PERSON] = {170, 13, 1.07, 14, 2}, [DRAW_ORGANIZATION] = {180, 13, 1.07, 12, 3}, [DRAW_PLACE] = {150, 12, 1, 18, 2},
    [DRAW_TITLE] = {160, 12, 1, 14, 3},     [DRAW_QUOTE] = {250, 12, 1, 14, 4},
};
enum { LINE_HEIGHT = 16, ABOVE = 7 };

static double
char_width(uint32_t cp)
{
    int columns;

    if (cp >= 0x20 && cp < 0x7f)
        return ASCII_WIDTHS[cp - 0x20];
    columns = utf8proc_charwidth((utf8proc_int32_t)cp);
    return columns >= 2 ? 1000 : columns <= 0 ? 0 : 640;
}

double
label_width(const char *text, size_t len, double size)
{
    double sum = 0;
    uint32_t bytes;

    for (size_t at = 0; at < len; at += bytes)
        sum += char_width(utf8_next(text + at, &bytes));
    return sum * size * SPARE / 1000;
}

/* White space of any kind as one blank, and nothing that cannot be seen or that turns the direction of what follows. */
static Line
clean(Arena *arena, const char *text)
{
    size_t len = strlen(text), used = 0;
    char *out = arena_alloc(arena, len + 1);
    bool gap = false;
    uint32_t size;

    for (size_t at = 0; at < len; at += size) {
        uint32_t cp = utf8_next(text + at, &size);
        if (char_class(cp) == CHAR_SPACE || char_is_unsafe(cp)) {
            gap = used > 0;
            continue;
        }
        if (gap)
            out[used++] = ' ';
        gap = false;
        memcpy(out + used, text + at, size);
        used += size;
    }
    out[used] = '\0';
    return (Line){out, used};
}

/* How much of the text, which is not empty, goes into a line: up to a blank if there is one, else to the end of a character. */
static size_t
fit(Line text, double width, double size)
{
    double sum = 0;
    size_t at = 0, blank = 0;
    uint32_t bytes;

    while (at < text.len) {
        double more = label_width(text.text + at, utf8_next(text.text + at, &bytes) ? bytes : 1, size);
        if (sum + more > width && at > 0)
            return blank ? blank : at;
        if (text.text[at] == ' ')
            blank = at;
        sum += more;
        at += bytes;
    }
    return text.len;
}

static Line
with_ellipsis(Arena *arena, Line text, double width, double size)
{
    size_t len = fit(text, width - label_width("\u2026", 3, size), size);
    char *out;

    if (len == text.len)
        return text;
    while (len && strchr(" ,;:", text.text[len - 1]))
        len--;
    out = arena_printf(arena, "%.*s\u2026", (int)len, text.text);
    return (Line){out, len + 3};
}

Line
label_cut(Arena *arena, const char *text, double width, double size)
{
    Line line = clean(arena, text);

    return label_width(line.text, line.len, size) <= width ? line : with_ellipsis(arena, line, width, size);
}

static void
wrap(Node *n, Arena *arena, Line text, double width, double size, uint32_t most)
{
    while (text.len && n->line_count < most) {
        size_t len = fit(text, width, size);
        if (len < text.len && n->line_count + 1 == most)
            n->lines[n->line_count++] = with_ellipsis(arena, text, width, size);
        else
            n->lines[n->line_count++] = (Line){text.text, len};
        while (len < text.len && text.text[len] == ' ')
            len++;
        text.text += len;
        text.len -= len;
    }
}

static void
label(Node *n, Arena *arena)
{
    double size = SETTING[n->kind].size * SETTING[n->kind].heavy, widest = 16;
    Line text = clean(arena, n->text);

    while (n->kind == DRAW_QUOTE && text.len && strchr(" ,;", text.text[text.len - 1])) /* "Yes," said … */
        text.len--;
    if (n->kind == DRAW_QUOTE && n->direct) {
        text.text = arena_printf(arena, "\u201c%.*s\u201d", (int)text.len, text.text);
        text.len += 6;
    }
    wrap(n, arena, text, SETTING[n->kind].width, size, SETTING[n->kind].lines);
    for (uint32_t i = 0; i < n->line_count; i++) {
        double width = label_width(n->lines[i].text, n->lines[i].len, size);
        widest = width > widest ? width : widest;
    }
    n->width = widest + 2 * SETTING[n->kind].side;
    n->height = (n->line_count ? n->line_count : 1) * LINE_HEIGHT + 2 * ABOVE;
}

void
picture_label(Picture *p)
{
    double widest = 0;

    for (uint32_t i = 0; i < p->nodes.count; i++) {
        Node *n = &p->nodes.items[i];
        if (!n->shown)
            continue;
        label(n, p->arena);
        if (n->kind == DRAW_QUOTE && n->width > widest)
            widest = n->width;
    }
    for (uint32_t i = 0; i < p->nodes.count; i++) /* quotes stand in a column, all as wide */
        if (p->nodes.items[i].kind == DRAW_QUOTE)
            p->nodes.items[i].width = widest;
}
