/* Where everything lies: by `dot` what is linked, from left to right places, organizations, titles, people, quotes; below it, in
 * rows, what is not.  dot is told numbers and no word; in its answer an edge is known by its colour, which is its number. */
#include "draw/picture.h"

#include "base/program.h"

#include <stdlib.h>
#include <string.h>

enum { POINTS_MOST = 3000, INCH = 72, GAP = 14, WIDTH_LEAST = 640 };

static const Program DOT = {
    .argv = (const char *const[]){"dot", "-Tplain", NULL}, .package = "graphviz", .seconds = 10, .memory = 1u << 30, .output = 16u << 20};

/* ---- asking */

/* Must the layout see this edge the other way round? */
static bool
is_turned(EdgeKind kind)
{
    return kind != EDGE_SAID && kind != EDGE_MENTIONS;
}

static void
put_inches(Buf *out, double pixels)
{
    unsigned thousandths = (unsigned)(pixels * 1000 / INCH + 0.5);

    buf_printf(out, "%u.%03u", thousandths / 1000, thousandths % 1000);
}

/* All of a kind stand below each other.  (Organizations and places may be parts of others.) */
static void
put_column(Buf *out, const Picture *p, DrawKind kind)
{
    bool any = false;

    for (uint32_t i = 0; i < p->nodes.count; i++)
        if (p->nodes.items[i].shown && !p->nodes.items[i].lone && p->nodes.items[i].kind == kind) {
            buf_printf(out, "%sn%u", any ? ";" : "{rank=same;", i);
            any = true;
        }
    if (any)
        buf_str(out, "}\n");
}

static void
put_graph(Buf *out, const Picture *p)
{
    buf_str(out, "digraph { rankdir=LR; nodesep=0.14; ranksep=0.55; nslimit=20; nslimit1=20; mclimit=1;\n"
                 "node [shape=box fixedsize=true label=\"\"]; edge [dir=none];\n");
    for (uint32_t i = 0; i < p->nodes.count; i++) {
        const Node *n = &p->nodes.items[i];
        if (!n->shown || n->lone)
            continue;
        buf_printf(out, "n%u [width=", i);
        put_inches(out, n->width);
        buf_str(out, " height=");
        put_inches(out, n->height);
        buf_str(out, "]\n");
    }
    for (uint32_t i = 0; i < p->links.count; i++) {
        const Link *l = &p->links.items[i];
        bool turned = is_turned(l->kind);
        if (l->shown)
            buf_printf(out, "n%u -> n%u [color=\"#%06x\"%s]\n", turned ? l->target : l->source, turned ? l->source : l->target, i,
                       l->kind == EDGE_MENTIONS ? " constraint=false" : l->kind == EDGE_SAID ? " weight=3" : "");
    }
    put_column(out, p, DRAW_TITLE);
    put_column(out, p, DRAW_PERSON);
    put_column(out, p, DRAW_QUOTE);
    buf_str(out, "}\n");
}

/* ---- reading the answer: lines of words with a blank between */

static const char *
word(char **rest)
{
    const char *found = strsep(rest, " ");

    return found ? found : "";
}

/* Inches as pixels: -12.345; what is so small that it has an exponent is nothing.  (strtod would ask the locale.) */
static double
number(char **rest)
{
    const char *text = word(rest);
    bool negative = *text == '-';
    double value = 0, part = 1;

    if (strchr(text, 'e'))
        return 0;
    for (text += negative; *text >= '0' && *text <= '9'; text++)
        value = value * 10 + (*text - '0');
    if (*text == '.')
        while (*++text >= '0' && *text <= '9')
            value += (*text - '0') * (part /= 10);
    return (negative ? -value : value) * INCH;
}

static void
read_node(Picture *p, char *rest)
{
    const char *name = word(&rest);
    unsigned long i = *name == 'n' ? strtoul(name + 1, NULL, 10) : p->nodes.count;

    if (i < p->nodes.count) {
        p->nodes.items[i].at.x = number(&rest);
        p->nodes.items[i].at.y = p->height - number(&rest);
    }
}

static void
read_link(Picture *p, char *rest)
{
    const char *color = strrchr(rest, '#');
    unsigned long i = color ? strtoul(color + 1, NULL, 16) : p->links.count, count;
    Link *l;

    if (i >= p->links.count)
        return;
    l = &p->links.items[i];
    word(&rest);
    word(&rest);
    count = strtoul(word(&rest), NULL, 10);
    if (count < 4 || count > POINTS_MOST || count % 3 != 1)
        return;
    l->points = arena_alloc(p->arena, count * sizeof *l->points);
    l->point_count = (uint32_t)count;
    for (unsigned long k = 0; k < count; k++) {
        Point *at = &l->points[is_turned(l->kind) ? count - 1 - k : k];
        at->x = number(&rest);
        at->y = p->height - number(&rest);
    }
}

static void
read_answer(Picture *p, char *answer)
{
    char *line;

    while ((line = strsep(&answer, "\n")) != NULL) {
        const char *what = word(&line);
        if (line == NULL)
            continue;
        if (strcmp(what, "graph") == 0) {
            word(&line);
            p->width = number(&line);
            p->height = number(&line);
        } else if (strcmp(what, "node") == 0)
            read_node(p, line);
        else if (strcmp(what, "edge") == 0)
            read_link(p, line);
    }
}

/* ---- what nothing links */

static void
place_lone(Picture *p)
{
    double wide = p->width > WIDTH_LEAST ? p->width : WIDTH_LEAST, x = 0, y = p->height > 0 ? p->height + 2 * GAP : 0, tallest = 0;

    for (int kind = 0; kind < DRAW_KINDS; kind++)
        for (uint32_t i = 0; i < p->nodes.count; i++) {
            Node *n = &p->nodes.items[i];
            if (!n->shown || !n->lone || n->kind != (DrawKind)kind)
                continue;
            if (x > 0 && x + n->width > wide) {
                x = 0;
                y += tallest + GAP;
                tallest = 0;
            }
            n->at = (Point){x + n->width / 2, y + n->height / 2};
            x += n->width + GAP;
            tallest = n->height > tallest ? n->height : tallest;
            p->width = x - GAP > p->width ? x - GAP : p->width;
            p->height = y + tallest;
        }
}

bool
picture_lay_out(Picture *p, Error *err)
{
    Buf graph = {0}, answer = {0};
    bool any = false, ok;

    for (uint32_t i = 0; i < p->links.count; i++)
        any = any || p->links.items[i].shown;
    put_graph(&graph, p);
    ok = !any || program_run(&DOT, graph.bytes, graph.len, &answer, err);
    if (ok && any)
        read_answer(p, answer.bytes);
    if (ok)
        place_lone(p);
    buf_close(&graph);
    buf_close(&answer);
    return ok;
}
