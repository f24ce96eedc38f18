/* Bytes as JSON strings have them. */
#ifndef ONRECORD_GRAPH_ESCAPE_H
#define ONRECORD_GRAPH_ESCAPE_H

#include "base/buf.h"
#include "base/eight.h"

/* Write a literal to a place that has room for it, giving back the end; append one to a buffer. */
#define WRITE(to, literal) ((char *)memcpy(to, literal, sizeof(literal) - 1) + sizeof(literal) - 1)
#define PUT(out, literal) buf_take(out, WRITE(buf_give(out, sizeof(literal) - 1), literal))

enum { ESCAPED_MOST = 6 }; /* bytes that one may become */

/* The bytes of a word that may need an escape, by their highest bits: control characters and quotation marks (which the bit 2
 * brings together), backslashes, and what may end a line separator, U+2028 or U+2029: those are legal in JSON, but they end a
 * line for some who read it. */
static inline uint64_t
special_bytes(uint64_t word)
{
    uint64_t low = word ^ EIGHT(2);

    return ((low - EIGHT(0x21)) & ~low & TOPS) | bytes_like(word, '\\') | bytes_like(word & ~EIGHT(1), '\xa8');
}

/* Write the character that ends with the byte `at`, which may need an escape, of text from `begin` on (the character's first bytes, if
 * it has several, are written already); returns the end. */
char *json_special(char *to, const char *begin, const char *at);

/* Write bytes escaped: UTF-8 with whole characters.  There is room for ESCAPED_MOST times as many, and for eight more.  Returns the end. */
char *json_escape(char *to, const char *begin, const char *end);

/* Append bytes escaped, and with the quotation marks of a JSON string.  They must be UTF-8. */
void buf_escaped(Buf *out, const char *bytes, size_t len);
void buf_json(Buf *out, const char *bytes, size_t len);

#endif
