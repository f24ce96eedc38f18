/* gzip, member by member: the archives of crawls have one for each record, and files that were appended to have several.
 * A member that is damaged is told, and reading goes on with the next one that can be found. */
#ifndef ONRECORD_INPUT_GZIP_H
#define ONRECORD_INPUT_GZIP_H

#include "input/stream.h"

typedef struct Gzip Gzip;

bool gzip_detect(const char *head, size_t len);

/* On a stream, which is borrowed. */
Gzip *gzip_open(Stream *stream);
void gzip_close(Gzip *gzip);

/* What comes out of it; the gzip is not closed by the source. */
Source gzip_source(Gzip *gzip);

#endif
