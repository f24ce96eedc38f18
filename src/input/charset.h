/* Which character set bytes are in, and UTF-8 made of them.
 *
 * A byte order mark is believed first; then, what is well-formed UTF-8 is UTF-8, whatever is declared; then what was declared, by the
 * server or in the page; then what detection finds.  Names are understood as browsers do: ISO-8859-1 is Windows-1252. */
#ifndef ONRECORD_INPUT_CHARSET_H
#define ONRECORD_INPUT_CHARSET_H

#include "base/arena.h"

#include <iconv.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct {
    const char *text; /* UTF-8, but for broken parts, which are left to who checks it */
    size_t len;
} Decoded;

/* `declared` may be NULL.  With `strict` nothing is guessed: what is neither UTF-8 nor declared is left as it is. */
Decoded charset_decode(Arena *arena, const char *bytes, size_t len, const char *declared, bool strict);

/* UTF-16 or UTF-32 in some byte order, by its mark or its NULs; else NULL.  *mark is how long a mark is, of UTF-8 too. */
const char *charset_wide(const char *bytes, size_t len, size_t *mark);

/* The character set that a page or the head of an XML file declares in its first bytes, or NULL. */
const char *charset_declared(Arena *arena, const char *bytes, size_t len);

/* The code point of a byte of Windows-1252; 0: there is none. */
uint32_t charset_windows_1252(unsigned char byte);

/* Where UTF-8 has controls beyond ASCII (U+0080 to U+009F), Windows-1252 was meant, as browsers know: "&#147;" is a quotation mark.  The
 * same text if there are none, else a copy. */
const char *charset_without_controls(Arena *arena, const char *text, size_t *len);

/* How many places of checked UTF-8 look as if it had been read as Windows-1252 and written again ("â€™"). */
size_t charset_mojibake(const char *text, size_t len);

/* Bytes of a character set that become UTF-8 piece by piece; what is no character becomes U+FFFD. */
typedef struct {
    iconv_t handle;
    size_t unit; /* bytes that are passed over where no character stands */
} Converter;

/* False if there is no such character set. */
bool converter_open(Converter *c, const char *name);
void converter_close(Converter *c);

/* Convert as iconv does.  False if there is not enough room; true when only a part of a character is left, or nothing, which is certain
 * if `whole` says that nothing follows. */
bool converter_run(Converter *c, char **from, size_t *left, char **to, size_t *room, bool whole);

#endif
