/* The command line's parts: what reaches a terminal, where output goes, what options mean. */
#include "unit.h"

#include "cli/options.h"
#include "batch/output.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- terminal */

#define WIDTH(text) terminal_width(text, sizeof(text) - 1)

Test(terminal, columns_of_a_text)
{
    cr_assert_eq(WIDTH(""), 0);
    cr_assert_eq(WIDTH("Ada"), 3);
    cr_assert_eq(WIDTH("Caf\xc3\xa9"), 4);
    cr_assert_eq(WIDTH("Cafe\xcc\x81"), 4, "a combining mark takes no room");
    cr_assert_eq(WIDTH("\xe6\x96\xb0\xe8\x81\x9e"), 4, "a wide character takes two");
}

Test(terminal, a_character_is_never_cut)
{
    static const char text[] = "a\xe6\x96\xb0\xe8\x81\x9e";
    uint32_t used;

    cr_assert_eq(terminal_fit(text, 7, 2, &used), 1, "half of a wide character does not fit");
    cr_assert_eq(used, 1);
    cr_assert_eq(terminal_fit(text, 7, 3, &used), 4);
    cr_assert_eq(terminal_fit(text, 7, 99, NULL), 7);
    cr_assert_eq(terminal_fit(text, 7, 0, NULL), 0);
}

static const char *
cleaned(const char *text, size_t len, Buf *out)
{
    buf_clear(out);
    buf_str(out, "");
    terminal_clean(out, text, len);
    return out->bytes;
}

Test(terminal, nothing_in_a_text_steers_the_terminal)
{
    Buf out = {0};
    char all[256];

    cr_assert_str_eq(cleaned("a\x1b[2Jb", 6, &out), "a\xef\xbf\xbd[2Jb");
    cr_assert_str_eq(cleaned("a \n\t b", 6, &out), "a b");
    cr_assert_str_eq(cleaned("a\xe2\x80\xae" "b", 5, &out), "a\xef\xbf\xbd" "b");
    cr_assert_str_eq(cleaned("a\xff\xfe" "b", 4, &out), "a\xef\xbf\xbd" "b");
    cr_assert_str_eq(cleaned("a\0b", 3, &out), "a\xef\xbf\xbd" "b");
    for (int c = 0; c < 256; c++)
        all[c] = (char)c;
    cleaned(all, sizeof all, &out);
    for (size_t i = 0; i < out.len; i++)
        cr_assert_not((unsigned char)out.bytes[i] < ' ' || out.bytes[i] == 0x7f);
    buf_close(&out);
}

Test(terminal, a_cell_is_cut_or_filled)
{
    Buf out = {0};

    terminal_cell(&out, "harbour", 7, 5, true);
    cr_assert_eq(terminal_width(out.bytes, out.len), 5);
    cr_assert(strstr(out.bytes, "\xe2\x80\xa6"), "%s", out.bytes);
    buf_clear(&out);
    terminal_cell(&out, "sea", 3, 5, true);
    cr_assert_str_eq(out.bytes, "sea  ");
    buf_clear(&out);
    terminal_cell(&out, "sea", 3, 5, false);
    cr_assert_str_eq(out.bytes, "sea");
    buf_close(&out);
}

Test(terminal, lines_are_wrapped_at_spaces)
{
    Buf out = {0};
    uint32_t at;

    at = terminal_wrap(&out, "the harbour is shut", 19, 12, 0, 2);
    cr_assert_str_eq(out.bytes, "the harbour\n  is shut");
    cr_assert_eq(at, 9);
    buf_clear(&out);
    terminal_wrap(&out, "the harbour is shut", 19, 0, 0, 2);
    cr_assert_str_eq(out.bytes, "the harbour is shut");
    buf_clear(&out);
    terminal_wrap(&out, "abcdefghijklmnop", 16, 8, 0, 2);
    for (char *line = strtok(out.bytes, "\n"); line; line = strtok(NULL, "\n"))
        cr_assert_leq(strlen(line), 8);
    buf_close(&out);
}

Test(terminal, styles_only_where_there_are_colours)
{
    Terminal plain = {0}, colours = {.color = true};
    Buf out = {0};

    buf_str(&out, "");
    terminal_style(&out, &plain, STYLE_QUOTE);
    cr_assert_eq(out.len, 0);
    terminal_style(&out, &colours, STYLE_QUOTE);
    cr_assert_eq(out.bytes[0], '\x1b');
    buf_close(&out);
}

/* ---- output */

static long
size_of(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 ? (long)st.st_size : -1;
}

Test(output, a_file_takes_its_name_only_when_all_is_there)
{
    char folder[] = "/tmp/onrecord-output-XXXXXX", path[64];
    Output output;
    Error err = {0};

    cr_assert_not_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/out", folder);
    cr_assert(output_open(&output, path, &err));
    cr_assert(output_write(&output, "half", 4, &err) && output_flush(&output, &err));
    cr_assert_eq(size_of(path), -1, "it is there too early");
    cr_assert(output_write(&output, " and half", 9, &err) && output_close(&output, true, &err));
    cr_assert_eq(size_of(path), 13);
    cr_assert(output_open(&output, path, &err));
    cr_assert(output_write(&output, "x", 1, &err));
    output_close(&output, false, &err);
    cr_assert_eq(size_of(path), 13, "what is thrown away leaves the old file");
    unlink(path);
    cr_assert_eq(rmdir(folder), 0, "nothing else is left behind");
}

Test(output, a_full_disk_is_seen)
{
    Output output;
    Error err = {0};

    if (access("/dev/full", W_OK) != 0)
        return;
    cr_assert(output_open(&output, "/dev/full", &err));
    output_write(&output, "x", 1, &err);
    cr_assert_not(output_close(&output, true, &err));
    cr_assert_eq(err.kind, ERROR_IO);
}

Test(output, a_folder_that_is_not_there)
{
    Output output;
    Error err = {0};

    cr_assert_not(output_open(&output, "/no/such/folder/out", &err));
    cr_assert(strstr(err.message, "No such file"), "%s", err.message);
}

/* ---- options */

static const CommandSpec COMMAND = {
    .name = "extract", .synopsis = "INPUT...", .about = "x\n", .examples = "x\n",
    .groups = OPTIONS_READING | OPTIONS_GRAPH | OPTIONS_OUTPUT | OPTIONS_COLOR, .needs_input = true};

/* Parse with standard error put away: what is said there is not the point here. */
static OptionsResult
parse(Options *o, const char *a, const char *b, const char *c)
{
    static char *argv[5]; /* the options point into it */
    int argc = 1 + (a != NULL) + (b != NULL) + (c != NULL), saved = dup(STDERR_FILENO), null = open("/dev/null", O_WRONLY);
    OptionsResult result;

    argv[0] = (char *)"extract";
    argv[1] = (char *)a;
    argv[2] = (char *)b;
    argv[3] = (char *)c;
    fflush(stderr);
    dup2(null, STDERR_FILENO);
    result = options_parse(o, &COMMAND, NULL, argc, argv);
    fflush(stderr);
    dup2(saved, STDERR_FILENO);
    close(saved);
    close(null);
    return result;
}

Test(options, what_is_given_is_taken)
{
    Options o;

    cr_assert_eq(parse(&o, "--offsets=utf16", "--jobs=3", "a.txt"), OPTIONS_GO);
    cr_assert_eq(o.graph.offsets, OFFSETS_UTF16);
    cr_assert_eq(o.threads, 3);
    cr_assert_eq(o.input_count, 1);
    cr_assert_eq(parse(&o, "--quotes=direct,indirect", "--no-text", "-"), OPTIONS_GO);
    cr_assert_eq(o.graph.forms, 1u << FORM_DIRECT | 1u << FORM_INDIRECT);
    cr_assert(o.graph.no_text);
    cr_assert_eq(parse(&o, "--field=text=body,id=uri", "--strict", "-"), OPTIONS_GO);
    cr_assert_eq(o.input.field_count, 2);
    cr_assert_str_eq(o.input.fields[0].field, "text");
    cr_assert_str_eq(o.input.fields[0].name, "body");
    cr_assert(o.input.strict);
}

Test(options, what_is_wrong_is_refused)
{
    Options o;

    cr_assert_eq(parse(&o, NULL, NULL, NULL), OPTIONS_WRONG, "no input");
    cr_assert_eq(parse(&o, "--offsets=words", "a", NULL), OPTIONS_WRONG);
    cr_assert_eq(parse(&o, "--jobs=0", "a", NULL), OPTIONS_WRONG);
    cr_assert_eq(parse(&o, "--jobs=x", "a", NULL), OPTIONS_WRONG);
    cr_assert_eq(parse(&o, "--quotes=loud", "a", NULL), OPTIONS_WRONG);
    cr_assert_eq(parse(&o, "--field=colour=x", "a", NULL), OPTIONS_WRONG);
    cr_assert_eq(parse(&o, "--format=docx", "a", NULL), OPTIONS_WRONG);
    cr_assert_eq(parse(&o, "--no-such-option", "a", NULL), OPTIONS_WRONG);
    cr_assert_eq(parse(&o, "--trace=names", "a", NULL), OPTIONS_WRONG, "an option of another group");
}
