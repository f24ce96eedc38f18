#include "cli/say.h"

#include "cli/terminal.h"

#include <stdarg.h>

void
say(const char *format, ...)
{
    Buf raw = {0}, clean = {0};
    va_list args;
    char text[2048];

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    buf_str(&raw, "onrecord: ");
    buf_str(&raw, text);
    terminal_clean(&clean, raw.bytes, raw.len);
    buf_char(&clean, '\n');
    fwrite(clean.bytes, 1, clean.len, stderr);
    buf_close(&raw);
    buf_close(&clean);
}

void
say_error(const Error *err)
{
    Buf line = {0}, clean = {0};

    if (err->path[0]) {
        buf_printf(&line, "%s:", err->path);
        if (err->line)
            buf_printf(&line, "%zu:", err->line);
        if (err->column)
            buf_printf(&line, "%zu:", err->column);
        buf_char(&line, ' ');
    }
    buf_str(&line, err->message);
    say("%s", line.bytes);
    if (err->source[0]) {
        for (const char *at = err->source; *at; at++) { /* every blank counts, or the caret is not where it belongs */
            size_t n = strcspn(at, " ");
            terminal_clean(&clean, at, n);
            at += n;
            if (*at == '\0')
                break;
            buf_char(&clean, ' ');
        }
        fprintf(stderr, "    %s\n", clean.bytes);
        if (err->column && err->column <= strlen(err->source))
            fprintf(stderr, "    %*s\n", (int)(terminal_width(err->source, err->column - 1) + 1), "^");
    }
    buf_close(&line);
    buf_close(&clean);
}
