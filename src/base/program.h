/* Another program that turns bytes into bytes, kept on a short rein.
 *
 * What it does to itself on hostile input (it crashes, hangs, eats memory) cannot touch us: it is a process of its own with limits on
 * its time and memory, and gets nothing but its standard input. */
#ifndef ONRECORD_BASE_PROGRAM_H
#define ONRECORD_BASE_PROGRAM_H

#include "base/buf.h"
#include "base/error.h"

typedef struct {
    const char *const *argv; /* ends with NULL; argv[0] is looked up in PATH */
    const char *package;     /* of Debian, that has it: for the message */
    unsigned seconds;        /* of processor time, and half as many again by the clock */
    size_t memory;           /* bytes of address space */
    size_t output;           /* bytes that it may write */
} Program;

/* Run it: `in` to its standard input, what it writes appended to *out.  False with *err (of kind ERROR_IO) if it is not there,
 * fails, or goes beyond a limit.  May be called from any thread. */
bool program_run(const Program *program, const char *in, size_t len, Buf *out, Error *err);

#endif
