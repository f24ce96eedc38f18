/* A picture of an article's graph, as SVG in memory.
 *
 * Graphviz lays it out: the program `dot`, as a process of its own with limits, since its library leaks, keeps global state and
 * may end the process on input that is made to hurt.  It gets the sizes of boxes and which are linked, and no word of the article; the
 * picture is written here, from labels that were cleaned, wrapped and escaped.  So nothing in an article can become markup,
 * script, style or an address. */
#ifndef ONRECORD_DRAW_DRAW_H
#define ONRECORD_DRAW_DRAW_H

#include "base/buf.h"
#include "base/error.h"

#include <stdint.h>

typedef enum { DRAW_PERSON, DRAW_ORGANIZATION, DRAW_PLACE, DRAW_TITLE, DRAW_QUOTE, DRAW_KINDS } DrawKind;

/* All zero is a good set of options. */
typedef struct {
    uint32_t kinds;     /* a bit for each kind that is shown (1u << DRAW_PLACE); 0: all */
    bool lone;          /* also places, and what is not named, that nothing links */
    bool bare;          /* no style element: the page that it goes into has draw_style in its own style sheet */
    const char *prefix; /* begins every id in the picture, for a page that has several; NULL: "onrecord" */
} DrawOptions;

/* The kind that "people", "organizations", "places", "titles" or "quotes" means; DRAW_KINDS if none. */
DrawKind draw_kind(const char *name);

/* Append the picture of a graph of the format onrecord/1: an svg element, UTF-8, ending with a newline.  Each node is a g element of the
 * classes or-node and or-person (or-quote …) with its id in data-id, and has a title element that tells all of it.  False with *err: of kind
 * ERROR_INPUT if the graph is wrong, else ERROR_IO.  May be called from any thread. */
bool draw_svg(Buf *out, const char *json, size_t len, const DrawOptions *options, Error *err);

/* Append a PNG image of such a picture, by rsvg-convert; two pixels for one, as far as it does not grow too large. */
bool draw_png(Buf *out, const Buf *svg, Error *err);

/* The colours for dark pages, as CSS; light ones stand in the picture itself. */
extern const char draw_style[];

#endif
