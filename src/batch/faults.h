/* The list of what failed, was doubtful or was passed over: a JSON line for each, with its source, position and reason. */
#ifndef ONRECORD_BATCH_FAULTS_H
#define ONRECORD_BATCH_FAULTS_H

#include "input/input.h"

#include <stdio.h>

typedef struct {
    FILE *file; /* NULL: no list is wanted */
    const char *path;
} Faults;

/* Begin the list (path NULL: none), or go on behind its first `keep` bytes. */
bool faults_open(Faults *faults, const char *path, bool go_on, uint64_t keep, Error *err);
void faults_add(Faults *faults, const Error *fault, const RawRecord *raw, const Buf *id, bool is_warning);

/* Put all that was added into the file; *len is its length then. */
bool faults_flush(Faults *faults, uint64_t *len, Error *err);
bool faults_close(Faults *faults, Error *err);

#endif
