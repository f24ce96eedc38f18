/* Where results go: standard output or a file.  A file is written under another name beside it and takes its own name
 * only when all is there; every write is checked. */
#ifndef ONRECORD_BATCH_OUTPUT_H
#define ONRECORD_BATCH_OUTPUT_H

#include "base/buf.h"
#include "base/error.h"

typedef struct {
    int fd;
    const char *path; /* NULL: standard output */
    char *temporary;
    Buf waiting;      /* not yet written */
    uint64_t written; /* bytes, in the file */
    bool lasting;     /* leave an unfinished file where it is if writing fails */
    bool closed_pipe; /* the reader went away: stop, and say nothing */
    bool failed;
} Output;

/* path NULL or "-": standard output. */
bool output_open(Output *output, const char *path, Error *err);

/* The same; but keep the first bytes of the unfinished file, if it has so many: else false without *err. */
bool output_reopen(Output *output, const char *path, uint64_t keep, Error *err);

/* Write; false once anything failed. */
bool output_write(Output *output, const char *bytes, size_t len, Error *err);
bool output_flush(Output *output, Error *err);

/* Finish: write what waits, check, and give the file its name; with `keep` false the file is thrown away. */
bool output_close(Output *output, bool keep, Error *err);

#endif
