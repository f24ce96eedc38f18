#include "draw/picture.h"

#include "base/program.h"

#include <stdlib.h>

bool
draw_svg(Buf *out, const char *json, size_t len, const DrawOptions *options, Error *err)
{
    static const DrawOptions NONE_SAID = {0};
    Arena arena;
    Picture picture = {.arena = &arena};
    bool ok;

    options = options ? options : &NONE_SAID;
    arena_init(&arena);
    ok = picture_read(&picture, json, len, err);
    if (ok) {
        picture_choose(&picture, options);
        picture_label(&picture);
        ok = picture_lay_out(&picture, err);
    }
    if (ok)
        picture_write(out, &picture, options);
    arena_close(&arena);
    return ok;
}

/* ---- PNG */

enum { PIXELS_MOST = 16000 /* a side: twice that is more than cairo takes */ };

/* The number behind ` name="` in the head of a picture that we wrote. */
static unsigned long
side_of(const Buf *svg, const char *name)
{
    const char *at = svg->len ? strstr(svg->bytes, name) : NULL;

    return at ? strtoul(at + strlen(name), NULL, 10) : 0;
}

bool
draw_png(Buf *out, const Buf *svg, Error *err)
{
    unsigned long width = side_of(svg, " width=\""), height = side_of(svg, " height=\"");
    bool large = width > PIXELS_MOST / 2 || height > PIXELS_MOST / 2;
    Program convert = {.argv = (const char *const[]){"rsvg-convert", "--format=png", large ? "--zoom=1" : "--zoom=2", NULL},
                       .package = "librsvg2-bin", .seconds = 30, .memory = (size_t)4 << 30, .output = 256u << 20};

    if (width > PIXELS_MOST || height > PIXELS_MOST)
        return error_set(err, ERROR_IO, NULL, 0, 0, NULL, 0, "the picture is too large for a PNG image: %lu by %lu", width, height);
    return program_run(&convert, svg->bytes, svg->len, out, err);
}
