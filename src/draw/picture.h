/* What becomes the picture; shared by the files of this room.  Lengths are CSS pixels, y goes down. */
#ifndef ONRECORD_DRAW_PICTURE_H
#define ONRECORD_DRAW_PICTURE_H

#include "draw/draw.h"
#include "text/article.h"

enum { LABEL_LINES = 4 };

typedef struct {
    const char *text; /* clean */
    size_t len;
} Line;

typedef struct {
    double x, y;
} Point;

typedef struct {
    DrawKind kind;
    const char *id, *text; /* NUL-terminated, as the graph has them up to a length that is enough */
    bool named, direct, honorific;
    bool shown, lone;      /* choose.c: is it in the picture? has it no link there? */
    uint32_t links;
    Line lines[LABEL_LINES]; /* label.c */
    uint32_t line_count;
    double width, height;
    Point at; /* its middle */
} Node;

typedef struct {
    EdgeKind kind;
    uint32_t source, target; /* indices of nodes */
    bool former;
    const char *role; /* or NULL */
    bool shown;
    Point *points; /* Bézier: a start, then three for each piece; from the source to the target */
    uint32_t point_count;
} Link;

typedef struct {
    Arena *arena;
    const char *title;
    VEC(Node) nodes;
    VEC(Link) links;
    double width, height; /* of what dot laid out */
    uint32_t left_out[DRAW_KINDS], lone_left_out[DRAW_KINDS]; /* beyond the most; without a link */
} Picture;

/* read.c: a graph becomes nodes and links. */
bool picture_read(Picture *picture, const char *json, size_t len, Error *err);

/* choose.c: which of them are shown. */
void picture_choose(Picture *picture, const DrawOptions *options);

/* label.c: what stands in each box, and how large that makes it. */
void picture_label(Picture *picture);

/* layout.c: where everything lies. */
bool picture_lay_out(Picture *picture, Error *err);

/* svg.c */
void picture_write(Buf *out, const Picture *picture, const DrawOptions *options);

/* label.c: how wide a text is, in a plain face of this size; and a text for people, cleaned, cut with an ellipsis. */
double label_width(const char *text, size_t len, double size);
Line label_cut(Arena *arena, const char *text, double width, double size);

#endif
