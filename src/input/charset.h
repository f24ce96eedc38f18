/* Which character set bytes are in, and UTF-8 made of them.
 *
 * A byte order mark is believed first; then, what is well-formed UTF-8 is UTF-8, whatever is declared; then what was declared, by the
 * server or in the page; then what detection finds.  Names are understood as browsers do: ISO-8859-1 is Windows-1252. */
#ifndef ONRECORD_INPUT_CHARSET_H
#define ONRECORD_INPUT_CHARSET_H

#include "base/arena.h"

#include <stdbool.h>

typedef struct {
    const char *text; /* UTF-8, but for broken parts, which are left to who checks it */
    size_t len;
} Decoded;

/* `declared` may be NULL.  With `strict` nothing is guessed: what is neither UTF-8 nor declared is left as it is. */
Decoded charset_decode(Arena *arena, const char *bytes, size_t len, const char *declared, bool strict);

/* The character set that a page or the head of an XML file declares in its first bytes, or NULL. */
const char *charset_declared(Arena *arena, const char *bytes, size_t len);

/* How many places of checked UTF-8 look as if it had been read as Windows-1252 and written again ("â€™"). */
size_t charset_mojibake(const char *text, size_t len);

#endif
