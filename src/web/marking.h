/* The words that were asked for, marked in what was found. */
#ifndef ONRECORD_WEB_MARKING_H
#define ONRECORD_WEB_MARKING_H

#include "base/buf.h"

enum { TERMS_MOST = 16 };

/* What people write into a search box: words and "phrases".  A word of three letters or more, or one that ends in *, is the
 * beginning of a word.  The terms are as store_search wants them. */
typedef struct {
    const char *terms[TERMS_MOST];
    uint32_t count;
    char text[1024]; /* what they point into */
} Terms;

void terms_read(Terms *terms, const char *words);

/* Append a text, escaped, with those of its words marked that `words` (may be NULL) asks for. */
void marking_put(Buf *out, const char *text, size_t len, const char *words);

#endif
