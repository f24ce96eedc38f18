#include "batch/faults.h"

#include "graph/escape.h"

#include <sys/stat.h>
#include <unistd.h>

static bool
go_behind(FILE *file, uint64_t keep)
{
    struct stat st;

    return fstat(fileno(file), &st) == 0 && (uint64_t)st.st_size >= keep && ftruncate(fileno(file), (off_t)keep) == 0 && fseeko(file, 0, SEEK_END) == 0;
}

bool
faults_open(Faults *f, const char *path, bool go_on, uint64_t keep, Error *err)
{
    *f = (Faults){.path = path};
    if (path == NULL)
        return true;
    f->file = fopen(path, go_on ? "r+e" : "we");
    if (f->file && (!go_on || go_behind(f->file, keep)))
        return true;
    if (f->file)
        fclose(f->file);
    f->file = NULL;
    return error_set(err, ERROR_IO, path, 0, 0, NULL, 0, go_on ? "the list of the run that is gone on with is not there whole" : "it cannot be written: %m");
}

/* As far as it is known: a file that cannot be opened has none. */
static void
add_position(Buf *line, const char *what, uint64_t number)
{
    if (number)
        buf_printf(line, "%s\"%s\":%llu", line->bytes[line->len - 1] == '{' ? "" : ",", what, (unsigned long long)number);
}

void
faults_add(Faults *f, const Error *fault, const RawRecord *raw, const Buf *id, bool is_warning)
{
    Buf line = {0};

    if (f->file == NULL)
        return;
    buf_str(&line, "{\"source\":");
    buf_json(&line, fault->path, strlen(fault->path));
    buf_str(&line, ",\"position\":{");
    add_position(&line, "record", raw->number);
    add_position(&line, "line", fault->line);
    add_position(&line, "column", fault->column);
    buf_char(&line, '}');
    if (id->len) {
        buf_str(&line, ",\"id\":");
        buf_json(&line, id->bytes, id->len);
    }
    buf_printf(&line, ",\"%s\":", is_warning ? "warning" : fault->kind == ERROR_SKIP ? "skipped" : "reason");
    buf_json(&line, fault->message, strlen(fault->message));
    buf_str(&line, "}\n");
    fwrite(line.bytes, 1, line.len, f->file);
    buf_close(&line);
}

static bool
fail(const Faults *f, Error *err)
{
    return error_set(err, ERROR_IO, f->path, 0, 0, NULL, 0, "writing failed: %m");
}

bool
faults_flush(Faults *f, uint64_t *len, Error *err)
{
    *len = 0;
    if (f->file == NULL)
        return true;
    if (fflush(f->file) != 0 || ferror(f->file))
        return fail(f, err);
    *len = (uint64_t)ftello(f->file);
    return true;
}

bool
faults_close(Faults *f, Error *err)
{
    bool good = f->file == NULL || !(ferror(f->file) | fclose(f->file));

    f->file = NULL;
    return good || fail(f, err);
}
