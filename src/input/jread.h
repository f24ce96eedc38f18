/* Reads JSON where it lies: values are checked and passed over, and a string is decoded in its own place.
 *
 * A tree would cost more than all that is done to the article, and would change what has to be passed on unchanged
 * (numbers longer than 64 bits, decimals). */
#ifndef ONRECORD_INPUT_JREAD_H
#define ONRECORD_INPUT_JREAD_H

#include <stdbool.h>
#include <stddef.h>

typedef struct {
    char *bytes; /* checked UTF-8; strings in it may be rewritten in place */
    size_t len, at;
    const char *wrong; /* what is wrong at bytes[at]; NULL while nothing is */
} JReader;

/* Pass white space over; the next byte, or '\0' at the end. */
char jread_peek(JReader *j);

/* Pass one given byte; false, with `wrong` as said, if it is not the next. */
bool jread_expect(JReader *j, char c, const char *wrong);

/* Pass a value of any kind, checking it in full.  Halves of surrogate pairs are changed to U+FFFD (both are written
 * with six bytes), since no text can hold them. */
bool jread_skip(JReader *j);

/* Decode the string that lies between its quotation marks at `bytes`, and which jread_skip has passed, in place.
 * Returns its length; a NUL follows it. */
size_t jread_decode(char *bytes, size_t len);

#endif
