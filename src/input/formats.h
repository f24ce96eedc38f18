/* A format: how its records are told, cut and read.  A new one is a file with two functions and a line in the table of
 * input.c. */
#ifndef ONRECORD_INPUT_FORMATS_H
#define ONRECORD_INPUT_FORMATS_H

#include "input/input.h"
#include "input/stream.h"

struct Format {
    const char *name;
    const char *endings; /* of file names, " .jsonl .ndjson ": asked only where the content does not say */

    /* Does the file begin like this format?  `head` is up to its first 64 KB. */
    bool (*detect)(const char *head, size_t len);

    /* Cut the next record: fill raw->bytes, line and number.  INPUT_END at the stream's end. */
    InputResult (*cut)(Stream *stream, RawRecord *raw, Error *err);

    /* Decode what was cut.  The record is empty but for `uri`, the path; an id that is left NULL becomes path#N. */
    bool (*read)(RawRecord *raw, const Reading *reading, Record *record, Error *err);
};

extern const Format FORMAT_TEXT, FORMAT_JSONL, FORMAT_HTML, FORMAT_WARC, FORMAT_NEWSML;

/* Before the first XML is read: refuse all that would be fetched. */
void newsml_begin(void);

/* Cut for formats whose files hold one article: all that is left. */
InputResult cut_whole(Stream *stream, RawRecord *raw, Error *err);

/* How long a record may be. */
size_t input_article_most(const InputOptions *options);

/* Read raw bytes into a record, as a page or as plain text, in the character set that they are in. */
bool html_record(RawRecord *raw, const Reading *reading, Record *record, Error *err);
void text_record(RawRecord *raw, const Reading *reading, Record *record);

/* The input's name for a field: --field, or the name itself. */
const char *input_field_name(const InputOptions *options, const char *field);

#endif
