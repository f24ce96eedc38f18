#include "batch/output.h"

#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ENOUGH = 1 << 16, LARGE = 1 << 14 }; /* write when this much waits; and what is as large as this without a copy of it */

static bool
fail(Output *o, Error *err, const char *what)
{
    o->failed = true;
    o->closed_pipe = errno == EPIPE;
    return error_set(err, ERROR_IO, o->path ? o->path : "standard output", 0, 0, NULL, 0, "%s: %s", what,
                     strerror(errno));
}

/* Open the file that is to take its name at the end.  Two runs that write the same would spoil it. */
static bool
open_temporary(Output *o, Error *err)
{
    o->temporary = mem_alloc(strlen(o->path) + 8);
    sprintf(o->temporary, "%s.part", o->path);
    o->fd = open(o->temporary, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
    if (o->fd >= 0 && flock(o->fd, LOCK_EX | LOCK_NB) == 0)
        return true;
    if (o->fd >= 0) {
        close(o->fd);
        error_set(err, ERROR_IO, o->path, 0, 0, NULL, 0, "another run is writing it");
    } else {
        fail(o, err, "it cannot be written");
    }
    free(o->temporary);
    o->temporary = NULL;
    o->fd = -1;
    return false;
}

bool
output_reopen(Output *o, const char *path, uint64_t keep, Error *err)
{
    struct stat st;

    *o = (Output){.fd = STDOUT_FILENO};
    if (path == NULL || strcmp(path, "-") == 0)
        return true;
    o->path = path;
    if (stat(path, &st) == 0 && !S_ISREG(st.st_mode)) { /* a device or a pipe is written to as it stands */
        o->fd = open(path, O_WRONLY | O_CLOEXEC);
        return o->fd >= 0 || fail(o, err, "it cannot be written");
    }
    if (!open_temporary(o, err))
        return false;
    o->lasting = true;
    if (fstat(o->fd, &st) == 0 && (uint64_t)st.st_size >= keep && ftruncate(o->fd, (off_t)keep) == 0 && lseek(o->fd, 0, SEEK_END) == (off_t)keep) {
        o->written = keep;
        return true;
    }
    close(o->fd);
    free(o->temporary);
    *o = (Output){.fd = -1};
    return false;
}

bool
output_open(Output *o, const char *path, Error *err)
{
    return output_reopen(o, path, 0, err);
}

static bool
put(Output *o, const char *bytes, size_t len, Error *err)
{
    size_t at = 0;

    while (!o->failed && at < len) {
        ssize_t n = write(o->fd, bytes + at, len - at);
        if (n >= 0) {
            at += (size_t)n;
            o->written += (uint64_t)n;
        } else if (errno != EINTR)
            fail(o, err, "writing failed");
    }
    return !o->failed;
}

bool
output_flush(Output *o, Error *err)
{
    put(o, o->waiting.bytes, o->waiting.len, err);
    buf_clear(&o->waiting);
    return !o->failed;
}

bool
output_write(Output *o, const char *bytes, size_t len, Error *err)
{
    if (o->failed)
        return false;
    if (len >= LARGE)
        return output_flush(o, err) && put(o, bytes, len, err);
    buf_add(&o->waiting, bytes, len);
    return o->waiting.len < ENOUGH || output_flush(o, err);
}

bool
output_close(Output *o, bool keep, Error *err)
{
    if (keep)
        output_flush(o, err);
    if (o->path && o->fd >= 0 && close(o->fd) != 0 && !o->failed)
        fail(o, err, "writing failed");
    if (o->temporary && o->fd >= 0) {
        if (!keep || (o->failed && !o->lasting))
            unlink(o->temporary);
        else if (!o->failed && rename(o->temporary, o->path) != 0)
            fail(o, err, "it cannot be given its name");
    }
    free(o->temporary);
    buf_close(&o->waiting);
    o->fd = -1;
    o->temporary = NULL;
    return !o->failed;
}
