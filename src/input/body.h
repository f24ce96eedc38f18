/* The body of an answer of HTTP, as it was sent: in chunks, and compressed. */
#ifndef ONRECORD_INPUT_BODY_H
#define ONRECORD_INPUT_BODY_H

#include "base/buf.h"
#include "base/error.h"

/* How a body was compressed, by its Content-Encoding. */
typedef enum { CODING_NONE, CODING_DEFLATE /* gzip too: which of them, the body says */, CODING_BROTLI, CODING_UNKNOWN } Coding;

Coding coding_of(const char *content_encoding);

/* Put chunks together, in place.  What is not in chunks, though it was said to be, stays as it is.  False if the last one is cut short. */
bool body_join(Buf *body);

/* Unpack it, to at most `most` bytes.  A body that is merely cut short is read as far as it goes, and *whole is false; one that
 * is a page already stays as it is, since some crawlers unpack the body and keep the head, and some servers call UTF-8 a coding. */
bool body_unpack(Buf *body, Coding coding, size_t most, bool *whole, Error *err);

#endif
