/* What is known of the place that output goes to, and how text is made fit for it.
 *
 * The text of an article is hostile: an escape sequence in it could rewrite the reader's screen.  So whatever is shown
 * to people passes through terminal_clean (or terminal_wrap, which cleans too). */
#ifndef ONRECORD_CLI_TERMINAL_H
#define ONRECORD_CLI_TERMINAL_H

#include "base/buf.h"

#include <stdbool.h>
#include <stdio.h>

typedef enum { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER } ColorWish;

typedef struct {
    bool is_terminal;
    bool color; /* may styles be used? */
    bool utf8;  /* does it show UTF-8? */
    uint32_t width; /* columns; 0 where it is no terminal (do not wrap) */
} Terminal;

/* Look at a stream.  Colours: a terminal that is not dumb, and NO_COLOR is unset or empty; a wish goes before both. */
Terminal terminal_look(FILE *stream, ColorWish wish);

/* How wide a page is where no terminal tells: COLUMNS, or 80. */
uint32_t terminal_columns(void);

typedef enum {
    STYLE_NONE,
    STYLE_BOLD,
    STYLE_DIM,
    STYLE_ITALIC,
    STYLE_PERSON,
    STYLE_ORGANIZATION,
    STYLE_PLACE,
    STYLE_TITLE,
    STYLE_QUOTE,
    STYLE_CUE,
    STYLE_ERROR
} Style;

/* Begin a style, or go back to none (STYLE_NONE).  Nothing is written where the terminal has no colours. */
void terminal_style(Buf *out, const Terminal *terminal, Style style);

/* How many columns this text takes: wide East Asian characters 2, combining marks 0.  Broken bytes count 1. */
uint32_t terminal_width(const char *text, size_t len);

/* How many bytes from the start fit in `columns`; *used (may be NULL) is their width.  A character is
 * never cut. */
size_t terminal_fit(const char *text, size_t len, uint32_t columns, uint32_t *used);

/* Append the text with white space of any kind as one space, and with control characters, invisible direction marks
 * and broken UTF-8 as U+FFFD (one for a run of them). */
void terminal_clean(Buf *out, const char *text, size_t len);

/* Append a text (NULL: nothing) cleaned, and `end`: a column of a row. */
void terminal_column(Buf *out, const char *text, char end);

/* Append the text cleaned and cut to `columns` with an ellipsis, then filled with spaces up to `columns` if `pad`. */
void terminal_cell(Buf *out, const char *text, size_t len, uint32_t columns, bool pad);

/* Append the text cleaned and wrapped at spaces to lines of at most `width` columns (0: one line).  `at` is the column
 * where it starts; later lines begin with `indent` spaces.  A word longer than a line is cut.  No newline at the end.
 * Returns the column where it ended. */
uint32_t terminal_wrap(Buf *out, const char *text, size_t len, uint32_t width, uint32_t at, uint32_t indent);

#endif
