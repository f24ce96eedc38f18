#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void
copy_printable(char *out, size_t room, const char *text, size_t len)
{
    size_t n = len < room - 1 ? len : room - 1;

    for (size_t i = 0; i < n; i++)
        out[i] = text[i] == '\t' ? ' ' : (unsigned char)text[i] < 0x20 || text[i] == 0x7f ? '?' : text[i];
    out[n] = '\0';
}

bool
error_set(Error *err, ErrorKind kind, const char *path, size_t line, size_t column, const char *source,
          size_t source_len, const char *format, ...)
{
    va_list args;

    if (err->kind != ERROR_NONE)
        return false;
    err->kind = kind;
    copy_printable(err->path, sizeof err->path, path ? path : "", path ? strlen(path) : 0);
    err->line = line;
    err->column = column;
    va_start(args, format);
    vsnprintf(err->message, sizeof err->message, format, args);
    va_end(args);
    copy_printable(err->message, sizeof err->message, err->message, strlen(err->message));
    copy_printable(err->source, sizeof err->source, source ? source : "", source ? source_len : 0);
    return false;
}

void
error_print(const Error *err, const char *program)
{
    fprintf(stderr, "%s: ", program);
    if (err->path[0])
        fprintf(stderr, "%s:", err->path);
    if (err->line)
        fprintf(stderr, "%zu:", err->line);
    if (err->column)
        fprintf(stderr, "%zu:", err->column);
    fprintf(stderr, "%s%s\n", err->path[0] || err->line ? " " : "", err->message);
    if (err->source[0]) {
        fprintf(stderr, "    %s\n", err->source);
        if (err->column && err->column < sizeof err->source)
            fprintf(stderr, "    %*s\n", (int)err->column, "^");
    }
}
