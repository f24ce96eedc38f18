/* The picture as SVG.
 *
 * Kinds differ in shape as well as in colour, and the colours (after Okabe and Ito) are told apart by colour-blind people. Light
 * colours stand in attributes, dark ones in a style sheet, so that a page without the style, and a program that makes an image of it,
 * show the light picture.  Everything from the article goes through buf_xml. */
#include "draw/picture.h"

#include "base/xml.h"

#include <string.h>

enum { MARGIN = 24, TITLE_SIZE = 17, HEAD = 44, LINE = 16, WIDTH_LEAST = 640, FOOT = 14, TOLD_MOST = 40 };

static const struct {
    const char *class, *one, *many, *fill, *stroke, *ink, *weight, *slope;
    int size;
} LOOK[DRAW_KINDS] = {
    [DRAW_PERSON] = {"or-person", "person", "people", "#dcecf8", "#0067a5", "#062c46", "600", "normal", 13},
    [DRAW_ORGANIZATION] = {"or-organization", "organization", "organizations", "#fdecc8", "#a86500", "#402700", "600", "normal", 13},
    [DRAW_PLACE] = {"or-place", "place", "places", "#d3f0e4", "#00795a", "#00372a", "400", "normal", 12},
    [DRAW_TITLE] = {"or-title", "title", "titles", "#f8e4f0", "#a3477f", "#45122f", "400", "italic", 12},
    [DRAW_QUOTE] = {"or-quote", "quote", "quotes", "#f7f7f4", "#6b6b66", "#1d1d1b", "400", "normal", 12},
};

static const struct {
    const char *class, *says, *stroke, *width, *dashes;
} STROKE[EDGE_KINDS] = {
    [EDGE_SAID] = {"or-said", "said", "#333333", "1.8", NULL},
    [EDGE_HOLDS] = {"or-holds", "is", "#a3477f", "1.4", NULL},
    [EDGE_AT] = {"or-holds", "at", "#a3477f", "1.4", NULL},
    [EDGE_AFFILIATED] = {"or-affiliated", "belongs to", "#a86500", "1.4", "7 3"},
    [EDGE_BASED_IN] = {"or-located", "has its seat in", "#00795a", "1.4", NULL},
    [EDGE_LIVES_IN] = {"or-located", "comes from or lives in", "#00795a", "1.4", NULL},
    [EDGE_PART_OF] = {"or-located", "is a part of", "#00795a", "1.4", NULL},
    [EDGE_MENTIONS] = {"or-mentions", "mentions", "#8b8f96", "1", "2 4"},
};

const char draw_style[] =
    "@media (prefers-color-scheme: dark) {\n"
    ".or-ground { fill: #14171c }\n"
    ".or-ink { fill: #e6e8eb }\n"
    ".or-faint { fill: #a9afb8 }\n"
    ".or-person .or-shape { fill: #0d3452; stroke: #63b7ee }\n"
    ".or-organization .or-shape { fill: #46300a; stroke: #f0ad3c }\n"
    ".or-place .or-shape { fill: #073c30; stroke: #3cc79c }\n"
    ".or-title .or-shape { fill: #45203a; stroke: #e391c4 }\n"
    ".or-quote .or-shape { fill: #25282e; stroke: #9aa0a8 }\n"
    ".or-quote .or-bar { fill: #9aa0a8 }\n"
    ".or-node text { fill: #f1f3f5 }\n"
    ".or-said .or-line { stroke: #d5d9de } .or-said .or-head { fill: #d5d9de }\n"
    ".or-holds .or-line { stroke: #e391c4 } .or-holds .or-head { fill: #e391c4 }\n"
    ".or-affiliated .or-line { stroke: #f0ad3c } .or-affiliated .or-head { fill: #f0ad3c }\n"
    ".or-located .or-line { stroke: #3cc79c } .or-located .or-head { fill: #3cc79c }\n"
    ".or-mentions .or-line { stroke: #7d848e } .or-mentions .or-head { fill: #7d848e }\n"
    "}\n";

typedef struct {
    Buf *out;
    const Picture *p;
    const DrawOptions *options;
    double width, height, below; /* of all; where the laid out part ends */
} Svg;

/* ---- pieces */

/* A length to a tenth: no locale writes it otherwise. */
static void
put_number(Buf *out, double value)
{
    long tenths = (long)(value * 10 + (value < 0 ? -0.5 : 0.5));

    if (tenths < 0)
        buf_char(out, '-');
    tenths = tenths < 0 ? -tenths : tenths;
    buf_number(out, (uint64_t)tenths / 10);
    if (tenths % 10) {
        buf_char(out, '.');
        buf_number(out, (uint64_t)tenths % 10);
    }
}

static void
put_attribute(Buf *out, const char *name, double value)
{
    buf_printf(out, " %s=\"", name);
    put_number(out, value);
    buf_char(out, '"');
}

static void
put_point(Buf *out, const char *before, double x, double y)
{
    buf_str(out, before);
    put_number(out, x);
    buf_char(out, ' ');
    put_number(out, y);
}

static void
put_clean(Buf *out, const Picture *p, const char *text, double width)
{
    Line line = label_cut(p->arena, text, width, 1);

    buf_xml(out, line.text, line.len);
}

/* A text of our own. */
static void
put_text(Buf *out, const char *class, const char *fill, double x, double y, const char *text)
{
    buf_printf(out, "<text class=\"%s\" fill=\"%s\"", class, fill);
    put_attribute(out, "x", x);
    put_attribute(out, "y", y);
    buf_str(out, ">");
    buf_xml(out, text, strlen(text));
    buf_str(out, "</text>\n");
}

/* ---- nodes */

static void
put_shape(Buf *out, DrawKind kind, Point at, double w, double h, bool dashed)
{
    double left = at.x - w / 2, right = at.x + w / 2, top = at.y - h / 2, bottom = at.y + h / 2, cut = kind == DRAW_PLACE ? 10 : 6;

    if (kind == DRAW_PLACE || kind == DRAW_TITLE) { /* a hexagon; corners cut off */
        double deep = kind == DRAW_PLACE ? h / 2 : cut;
        put_point(out, "<path d=\"M", left, top + deep);
        put_point(out, "L", left + cut, top);
        put_point(out, "L", right - cut, top);
        put_point(out, "L", right, top + deep);
        if (kind == DRAW_TITLE)
            put_point(out, "L", right, bottom - deep);
        put_point(out, "L", right - cut, bottom);
        put_point(out, "L", left + cut, bottom);
        if (kind == DRAW_TITLE)
            put_point(out, "L", left, bottom - deep);
        buf_str(out, "Z\"");
    } else {
        buf_str(out, "<rect");
        put_attribute(out, "x", left);
        put_attribute(out, "y", top);
        put_attribute(out, "width", w);
        put_attribute(out, "height", h);
        put_attribute(out, "rx", kind == DRAW_PERSON ? (h < 36 ? h / 2 : 18) : kind == DRAW_QUOTE ? 3 : 0);
    }
    buf_printf(out, " class=\"or-shape\" fill=\"%s\" stroke=\"%s\" stroke-width=\"%s\"%s/>\n", LOOK[kind].fill, LOOK[kind].stroke,
               kind == DRAW_QUOTE ? "0.8" : "1.5", dashed ? " stroke-dasharray=\"4 3\"" : "");
    if (kind != DRAW_QUOTE)
        return;
    buf_str(out, "<rect class=\"or-bar\"");
    put_attribute(out, "x", left);
    put_attribute(out, "y", top);
    put_attribute(out, "width", 4);
    put_attribute(out, "height", h);
    buf_printf(out, " fill=\"%s\"/>\n", LOOK[kind].stroke);
}

static void
put_label(Buf *out, const Node *n)
{
    double y = n->at.y - (n->line_count - 1) * LINE / 2.0 + LOOK[n->kind].size * 0.35;
    bool middle = n->kind != DRAW_QUOTE;

    buf_printf(out, "<text fill=\"%s\" font-size=\"%d\" font-weight=\"%s\" font-style=\"%s\"%s>", LOOK[n->kind].ink, LOOK[n->kind].size,
               LOOK[n->kind].weight, n->named ? LOOK[n->kind].slope : "italic", middle ? " text-anchor=\"middle\"" : "");
    for (uint32_t i = 0; i < n->line_count; i++) {
        buf_str(out, "<tspan");
        put_attribute(out, "x", middle ? n->at.x : n->at.x - n->width / 2 + 14);
        put_attribute(out, "y", y + i * LINE);
        buf_char(out, '>');
        buf_xml(out, n->lines[i].text, n->lines[i].len);
        buf_str(out, "</tspan>");
    }
    buf_str(out, "</text>\n");
}

static void
put_node(const Svg *s, const Node *n)
{
    bool unnamed = !n->named && n->kind != DRAW_QUOTE;

    buf_printf(s->out, "<g class=\"or-node %s\" data-id=\"", LOOK[n->kind].class);
    buf_xml(s->out, n->id, strlen(n->id));
    buf_printf(s->out, "\"><title>%s%s: ", LOOK[n->kind].one, unnamed ? ", not named" : "");
    put_clean(s->out, s->p, n->text, 300);
    buf_str(s->out, "</title>\n");
    put_shape(s->out, n->kind, n->at, n->width, n->height, unnamed);
    put_label(s->out, n);
    buf_str(s->out, "</g>\n");
}

/* ---- links */

static void
put_head(Buf *out, Point from, Point to, const char *fill)
{
    double dx = to.x - from.x, dy = to.y - from.y, len = __builtin_sqrt(dx * dx + dy * dy);

    if (len < 0.01)
        return;
    dx /= len;
    dy /= len;
    put_point(out, "<path class=\"or-head\" d=\"M", to.x, to.y);
    put_point(out, "L", to.x - 8 * dx + 3.5 * dy, to.y - 8 * dy - 3.5 * dx);
    put_point(out, "L", to.x - 8 * dx - 3.5 * dy, to.y - 8 * dy + 3.5 * dx);
    buf_printf(out, "Z\" fill=\"%s\"/>\n", fill);
}

static void
put_line(Buf *out, EdgeKind kind)
{
    buf_printf(out, "\" class=\"or-line\" fill=\"none\" stroke=\"%s\" stroke-width=\"%s\"", STROKE[kind].stroke, STROKE[kind].width);
    if (STROKE[kind].dashes)
        buf_printf(out, " stroke-dasharray=\"%s\"", STROKE[kind].dashes);
    buf_str(out, "/>\n");
}

static void
put_link(const Svg *s, const Link *l)
{
    Point from = l->points[l->point_count - 2], to = l->points[l->point_count - 1];

    if (from.x == to.x && from.y == to.y)
        from = l->points[l->point_count - 3];
    buf_printf(s->out, "<g class=\"or-link %s\"><title>", STROKE[l->kind].class);
    put_clean(s->out, s->p, s->p->nodes.items[l->source].text, 60);
    buf_printf(s->out, " — %s%s: ", STROKE[l->kind].says, l->former ? ", formerly" : "");
    put_clean(s->out, s->p, s->p->nodes.items[l->target].text, 60);
    if (l->role) {
        buf_str(s->out, ", ");
        put_clean(s->out, s->p, l->role, 60);
    }
    buf_str(s->out, "</title>\n");
    put_point(s->out, "<path d=\"M", l->points[0].x, l->points[0].y);
    for (uint32_t i = 1; i < l->point_count; i++)
        put_point(s->out, i % 3 == 1 ? "C" : " ", l->points[i].x, l->points[i].y);
    put_line(s->out, l->kind);
    put_head(s->out, from, to, STROKE[l->kind].stroke);
    if (l->former) {
        const Point *b = &l->points[l->point_count / 2 / 3 * 3];
        put_text(s->out, "or-faint", "#5d6169", (b[0].x + 3 * b[1].x + 3 * b[2].x + b[3].x) / 8 - 16,
                 (b[0].y + 3 * b[1].y + 3 * b[2].y + b[3].y) / 8 - 4, "former");
    }
    buf_str(s->out, "</g>\n");
}

/* ---- below the picture */

static void
count_kinds(const Picture *p, uint32_t counts[DRAW_KINDS])
{
    memset(counts, 0, DRAW_KINDS * sizeof *counts);
    for (uint32_t i = 0; i < p->nodes.count; i++)
        if (p->nodes.items[i].shown)
            counts[p->nodes.items[i].kind]++;
}

/* "3 people, 1 place"; nothing if all are 0. */
static bool
put_counts(Buf *out, const uint32_t counts[DRAW_KINDS])
{
    bool any = false;

    for (int kind = 0; kind < DRAW_KINDS; kind++)
        if (counts[kind]) {
            buf_printf(out, "%s%u %s", any ? ", " : "", counts[kind], counts[kind] == 1 ? LOOK[kind].one : LOOK[kind].many);
            any = true;
        }
    return any;
}

/* What is not shown. */
static void
put_left_out(const Svg *s, double *y)
{
    const uint32_t *counts[] = {s->p->left_out, s->p->lone_left_out};
    static const char *const WHY[] = {", since there are more than a picture can hold", ", which nothing links"};

    for (int i = 0; i < 2; i++) {
        Buf line = {0};
        buf_str(&line, "Left out: ");
        if (put_counts(&line, counts[i])) {
            buf_str(&line, WHY[i]);
            put_text(s->out, "or-faint", "#5d6169", MARGIN, *y, line.bytes);
            *y += LINE;
        }
        buf_close(&line);
    }
}

static void
put_key_of_nodes(const Svg *s, double *x, double y)
{
    uint32_t counts[DRAW_KINDS];

    count_kinds(s->p, counts);
    for (int kind = 0; kind < DRAW_KINDS; kind++) {
        if (counts[kind] == 0)
            continue;
        buf_printf(s->out, "<g class=\"or-key %s\">\n", LOOK[kind].class);
        put_shape(s->out, (DrawKind)kind, (Point){*x + 14, y - 4}, 28, 14, false);
        buf_str(s->out, "</g>\n");
        put_text(s->out, "or-faint", "#5d6169", *x + 34, y, LOOK[kind].one);
        *x += 50 + label_width(LOOK[kind].one, strlen(LOOK[kind].one), 12);
    }
}

/* A class of links is shown once, by the first kind of it that occurs. */
static void
put_key_of_links(const Svg *s, double *x, double y)
{
    static const char *const CLASS_SAYS[EDGE_KINDS] = {
        [EDGE_SAID] = "said", [EDGE_HOLDS] = "holds a title", [EDGE_AFFILIATED] = "belongs to", [EDGE_BASED_IN] = "seat, home, part", [EDGE_MENTIONS] = "speaks of"};
    bool there[EDGE_KINDS] = {false};

    for (uint32_t i = 0; i < s->p->links.count; i++)
        if (s->p->links.items[i].point_count) {
            EdgeKind kind = s->p->links.items[i].kind;
            there[kind == EDGE_AT ? EDGE_HOLDS : kind == EDGE_LIVES_IN || kind == EDGE_PART_OF ? EDGE_BASED_IN : kind] = true;
        }
    for (int kind = 0; kind < EDGE_KINDS; kind++) {
        if (!there[kind])
            continue;
        buf_printf(s->out, "<g class=\"or-key %s\">\n", STROKE[kind].class);
        put_point(s->out, "<path d=\"M", *x, y - 4);
        put_point(s->out, "L", *x + 30, y - 4);
        put_line(s->out, (EdgeKind)kind);
        put_head(s->out, (Point){*x, y - 4}, (Point){*x + 30, y - 4}, STROKE[kind].stroke);
        buf_str(s->out, "</g>\n");
        put_text(s->out, "or-faint", "#5d6169", *x + 36, y, CLASS_SAYS[kind]);
        *x += 52 + label_width(CLASS_SAYS[kind], strlen(CLASS_SAYS[kind]), 12);
    }
}

static void
put_foot(const Svg *s)
{
    double x = MARGIN, y = s->below + FOOT + LINE;

    put_left_out(s, &y);
    y += 6;
    put_key_of_nodes(s, &x, y);
    x = MARGIN;
    put_key_of_links(s, &x, y + LINE + 6);
}

/* ---- the whole */

/* What the picture tells, for those who cannot see it. */
static void
put_description(const Svg *s)
{
    uint32_t counts[DRAW_KINDS], told = 0;

    count_kinds(s->p, counts);
    if (!put_counts(s->out, counts))
        buf_str(s->out, "Nothing is shown");
    buf_str(s->out, ".");
    for (uint32_t i = 0; i < s->p->links.count && told < TOLD_MOST; i++) {
        const Link *l = &s->p->links.items[i];
        if (!l->shown || (l->kind != EDGE_SAID && l->kind != EDGE_HOLDS && l->kind != EDGE_AT))
            continue;
        buf_char(s->out, ' ');
        put_clean(s->out, s->p, s->p->nodes.items[l->source].text, 60);
        buf_printf(s->out, " %s%s: ", STROKE[l->kind].says, l->former ? ", formerly" : "");
        put_clean(s->out, s->p, s->p->nodes.items[l->target].text, 80);
        buf_char(s->out, '.');
        told++;
    }
}

static void
put_head_of_all(const Svg *s)
{
    const char *prefix = s->options->prefix ? s->options->prefix : "onrecord";
    Line title = label_cut(s->p->arena, s->p->title, s->width - 2 * MARGIN, TITLE_SIZE * 1.07);

    buf_str(s->out, "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"or-picture\"");
    put_attribute(s->out, "width", s->width);
    put_attribute(s->out, "height", s->height);
    put_point(s->out, " viewBox=\"0 0 ", s->width, s->height);
    buf_printf(s->out, "\" role=\"img\" aria-labelledby=\"%s-title %s-about\" font-size=\"12\" "
                       "font-family=\"Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif\">\n<title id=\"%s-title\">",
               prefix, prefix, prefix);
    put_clean(s->out, s->p, s->p->title, 200);
    buf_printf(s->out, "</title>\n<desc id=\"%s-about\">", prefix);
    put_description(s);
    buf_str(s->out, "</desc>\n");
    if (!s->options->bare)
        buf_printf(s->out, "<style>\n%s</style>\n", draw_style);
    buf_str(s->out, "<rect class=\"or-ground\" width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n<text class=\"or-ink\" fill=\"#1a1a1a\"");
    put_attribute(s->out, "x", MARGIN);
    put_attribute(s->out, "y", MARGIN + 12);
    buf_printf(s->out, " font-size=\"%d\" font-weight=\"600\">", TITLE_SIZE);
    buf_xml(s->out, title.text, title.len);
    buf_str(s->out, "</text>\n");
}

void
picture_write(Buf *out, const Picture *p, const DrawOptions *options)
{
    Svg s = {.out = out, .p = p, .options = options, .below = p->height};

    s.width = (p->width > WIDTH_LEAST ? p->width : WIDTH_LEAST) + 2 * MARGIN;
    s.height = HEAD + p->height + 2 * MARGIN + FOOT + 4 * LINE;
    s.below = p->height;
    put_head_of_all(&s);
    buf_printf(out, "<g transform=\"translate(%d %d)\">\n", MARGIN, HEAD + MARGIN / 2);
    for (int pass = 0; pass < 2; pass++) /* mentions lie below the others */
        for (uint32_t i = 0; i < p->links.count; i++)
            if (p->links.items[i].shown && p->links.items[i].point_count && (p->links.items[i].kind == EDGE_MENTIONS) == (pass == 0))
                put_link(&s, &p->links.items[i]);
    for (uint32_t i = 0; i < p->nodes.count; i++)
        if (p->nodes.items[i].shown)
            put_node(&s, &p->nodes.items[i]);
    buf_str(out, "</g>\n");
    s.below = HEAD + MARGIN / 2 + p->height;
    put_foot(&s);
    buf_str(out, "</svg>\n");
}
