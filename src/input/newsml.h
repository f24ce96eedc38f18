/* News in XML: what a file of it is, and where its items begin and end. */
#ifndef ONRECORD_INPUT_NEWSML_H
#define ONRECORD_INPUT_NEWSML_H

#include "input/formats.h"

bool newsml_detect(const char *head, size_t len);

/* The next item, as it stands there, behind the file's own entities if it has any. */
InputResult newsml_cut(Stream *stream, RawRecord *raw, Error *err);

#endif
