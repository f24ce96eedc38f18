/* Reading: JSON in its place, streams, JSON Lines, plain text, files and folders. */
#include "unit.h"

#include "base/buf.h"
#include "input/formats.h"
#include "input/jread.h"
#include "input/stream.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- JSON */

static bool
skips(const char *text, size_t len, size_t *at)
{
    char *copy = malloc(len + 1); /* to the byte, so that reading beyond it is seen */
    JReader j = {copy, len, 0, NULL};
    bool ok;

    memcpy(copy, text, len);
    copy[len] = '\0';
    ok = jread_skip(&j);
    cr_assert_eq(ok, j.wrong == NULL);
    *at = j.at;
    free(copy);
    return ok;
}

Test(jread, it_takes_and_refuses_what_a_parser_does)
{
    static const char *const values[] = {
        "null", "true", "false", "nul", "0", "-0", "01", "1.5e-7", "1.", ".5", "1e", "-", "+1", "\"\"", "\"a\\n\\u00e9\"", "\"a",
        "\"\\x\"", "\"\\u12\"", "\"a\tb\"", "[]", "[1,2]", "[1,]", "[,1]", "[1 2]", "[", "{}", "{\"a\":1}", "{\"a\"}", "{a:1}",
        "{\"a\":1,}", "{\"a\":[{\"b\":[null]}]}", "]", "", "'a'", "NaN", "\"\\\"", "\"\\\\\"",
    };
    size_t at;

    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        json_t *value = json_loads(values[i], JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
        bool whole = skips(values[i], strlen(values[i]), &at) && at == strlen(values[i]);
        cr_assert_eq(whole, value != NULL, "%s", values[i]);
        json_decref(value);
    }
}

Test(jread, every_cut_of_a_value_is_refused)
{
    static const char value[] = "{\"a\": [\"b\\u00e9\\\\\", -1.5e3, {\"c\": null}], \"d\": \"\\ud83d\\udea2\"}";
    size_t at;

    cr_assert(skips(value, sizeof value - 1, &at));
    for (size_t cut = 0; cut < sizeof value - 1; cut++)
        cr_assert_not(skips(value, cut, &at), "cut at %zu", cut);
}

Test(jread, deep_nesting_is_refused_and_does_not_crash)
{
    Buf text = {0};
    size_t at;

    for (int i = 0; i < 1000000; i++)
        buf_char(&text, '[');
    cr_assert_not(skips(text.bytes, text.len, &at));
    buf_close(&text);
}

static void
decodes(const char *text, const char *wanted, size_t len)
{
    char *copy = strdup(text);
    JReader j = {copy, strlen(copy), 0, NULL};

    cr_assert(jread_skip(&j), "%s", text);
    cr_assert_eq(jread_decode(copy + 1, j.at - 2), len, "%s", text);
    cr_assert_eq(memcmp(copy + 1, wanted, len + 1), 0, "%s", text);
    free(copy);
}

Test(jread, strings_are_decoded_in_place)
{
    decodes("\"\"", "", 0);
    decodes("\"plain\"", "plain", 5);
    decodes("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\b\f\n\r\t", 8);
    decodes("\"\\u0041\\u00e9\\u201c\"", "A\xc3\xa9\xe2\x80\x9c", 6);
    decodes("\"\\ud83d\\udea2\"", "\xf0\x9f\x9a\xa2", 4);
    decodes("\"a\\u0000b\"", "a\0b", 3);
    decodes("\"\\ud83d!\"", "\xef\xbf\xbd!", 4);
    decodes("\"\\udea2\"", "\xef\xbf\xbd", 3);
}

/* ---- files for the tests */

typedef struct {
    char path[64];
} Folder;

static void
folder_make(Folder *f)
{
    strcpy(f->path, "/tmp/onrecord-input-XXXXXX");
    cr_assert_not_null(mkdtemp(f->path));
}

static void
folder_put(const Folder *f, const char *name, const char *bytes, size_t len)
{
    char path[256];
    FILE *file;

    snprintf(path, sizeof path, "%s/%s", f->path, name);
    file = fopen(path, "wb");
    cr_assert_not_null(file);
    cr_assert_eq(fwrite(bytes, 1, len, file), len);
    fclose(file);
}

static void
folder_remove(const Folder *f)
{
    char command[128];

    snprintf(command, sizeof command, "rm -rf %s", f->path);
    cr_assert_eq(system(command), 0);
}

/* What reading a path gives: "id=text" a line, "! message" for a fault. */
static char *
read_all(const char *path, const InputOptions *options)
{
    Input *input = input_open(&path, 1, options);
    RawRecord raw = {0};
    Arena arena;
    Error err = {0};
    Buf out = {0};
    InputResult result;

    arena_init(&arena);
    while ((result = input_next(input, &raw, &err)) != INPUT_END) {
        Reading reading = {options, NULL, NULL, &arena};
        Record record = {0};
        if (result == INPUT_RECORD && input_read(&raw, &reading, &record, &err)) {
            const char *slash = strrchr(record.id, '/');
            buf_printf(&out, "%s=", slash ? slash + 1 : record.id);
            buf_add(&out, record.text, record.len);
            buf_char(&out, '\n');
        } else {
            buf_printf(&out, "! %zu: %s\n", err.line, err.message);
        }
        err = (Error){0};
        arena_reset(&arena);
    }
    input_raw_close(&raw);
    input_close(input);
    arena_close(&arena);
    if (out.bytes == NULL)
        buf_str(&out, "");
    return out.bytes;
}

static void
gives(const char *name, const char *bytes, size_t len, const char *wanted)
{
    InputOptions options = {0};
    Folder f;
    char path[256], *got;

    folder_make(&f);
    folder_put(&f, name, bytes, len);
    snprintf(path, sizeof path, "%s/%s", f.path, name);
    got = read_all(path, &options);
    cr_assert_str_eq(got, wanted);
    free(got);
    folder_remove(&f);
}

#define GIVES(name, bytes, wanted) gives(name, bytes, sizeof(bytes) - 1, wanted)

Test(text, a_file_is_an_article_and_nothing_is_changed)
{
    GIVES("a.txt", " Ada\r\n left. \n", "a.txt= Ada\r\n left. \n\n");
    GIVES("a.txt", "", "a.txt=\n");
    GIVES("a.txt", "\xef\xbb\xbf" "Ada", "a.txt=Ada\n");
}

Test(text, utf16_is_read_if_it_says_so)
{
    GIVES("a.txt", "\xff\xfe" "A\0\xe9\0\x3d\xd8\xa2\xde", "a.txt=A\xc3\xa9\xf0\x9f\x9a\xa2\n");
    GIVES("a.txt", "\xfe\xff" "\0A\0\xe9\xd8\x3d\xde\xa2", "a.txt=A\xc3\xa9\xf0\x9f\x9a\xa2\n");
    GIVES("a.txt", "\xff\xfe" "A\0\x3d\xd8", "a.txt=A\xef\xbf\xbd\n");
}

Test(jsonl, a_line_is_an_article)
{
    GIVES("a.jsonl", "{\"id\": \"x\", \"text\": \"one\"}\n\n{\"text\": \"two\"}", "x=one\na.jsonl#2=two\n");
    GIVES("a.txt", "{\"text\": \"told by its content\"}\n", "a.txt#1=told by its content\n");
    GIVES("a.jsonl", "", "");
    GIVES("a.jsonl", "\xef\xbb\xbf{\"text\": \"one\"}\r\n", "a.jsonl#1=one\n");
}

Test(jsonl, a_wrong_line_is_told_and_the_next_is_read)
{
    InputOptions options = {0};
    Folder f;
    char *got;
    static const char lines[] = "{\"text\": \"one\"}\n{\"text\": 2}\n{\"id\": \"x\"}\n{\"text\": \"four\"\n{\"text\": \"five\"}\n";

    folder_make(&f);
    folder_put(&f, "a.jsonl", lines, sizeof lines - 1);
    got = read_all(f.path, &options);
    cr_assert(strstr(got, "a.jsonl#1=one\n! 2: ") == got, "%s", got);
    cr_assert(strstr(got, "\n! 3: ") && strstr(got, "\n! 4: "), "%s", got);
    cr_assert(strstr(got, "\na.jsonl#5=five\n"), "%s", got);
    free(got);
    folder_remove(&f);
}

static void
read_record(const char *line, const InputOptions *options, Arena *arena, RawRecord *raw, Record *record)
{
    Reading reading = {options, NULL, NULL, arena};
    Error err = {0};

    *raw = (RawRecord){.path = "a.jsonl", .format = &FORMAT_JSONL, .line = 1, .number = 1};
    buf_str(&raw->bytes, line);
    cr_assert(input_read(raw, &reading, record, &err), "%s", err.message);
}

Test(jsonl, fields_are_taken_by_name_and_the_rest_is_passed_on_as_written)
{
    static const FieldName names[] = {{"text", "body"}, {"id", "uri"}};
    InputOptions options = {.fields = names, .field_count = 2};
    Record record;
    RawRecord raw;
    Arena arena;

    arena_init(&arena);
    read_record("{\"body\": \"Ada\", \"uri\": \"u\", \"headline\": \"H\", \"published\": \"2024\", \"n\": 1.50, \"text\": [1e400]}", &options,
                &arena, &raw, &record);
    cr_assert_eq(record.len, 3);
    cr_assert_str_eq(record.id, "u");
    cr_assert_str_eq(record.headline, "H");
    cr_assert_str_eq(record.published, "2024");
    cr_assert_null(record.byline);
    cr_assert(strstr(record.meta, "\"n\": 1.50") && strstr(record.meta, "[1e400]"), "%s", record.meta);
    cr_assert_null(strstr(record.meta, "Ada"));
    input_raw_close(&raw);
    arena_close(&arena);
}

Test(input, a_folder_is_read_to_the_bottom_in_the_order_of_names)
{
    InputOptions options = {0};
    char path[128], *got;
    Folder f;

    folder_make(&f);
    folder_put(&f, "b.txt", "b", 1);
    folder_put(&f, "a.txt", "a", 1);
    folder_put(&f, ".hidden.txt", "h", 1);
    snprintf(path, sizeof path, "%s/ab", f.path);
    cr_assert_eq(mkdir(path, 0700), 0);
    folder_put(&f, "ab/deep.txt", "d", 1);
    snprintf(path, sizeof path, "%s/ab/round", f.path);
    cr_assert_eq(symlink(f.path, path), 0);
    got = read_all(f.path, &options);
    cr_assert_str_eq(got, "a.txt=a\ndeep.txt=d\nb.txt=b\n");
    free(got);
    folder_remove(&f);
}

Test(input, what_is_not_there_and_what_is_no_text_is_said)
{
    InputOptions options = {0};
    char *got = read_all("/no/such/file", &options);

    cr_assert(strstr(got, "No such file"), "%s", got);
    free(got);
    GIVES("a.gz", "\x1f\x8b\x08", "! 0: it cannot be unpacked: member 1 of the gzip, at byte 0: it is truncated\n");
}

Test(input, formats_and_fields_have_names)
{
    cr_assert_eq(input_format("text"), &FORMAT_TEXT);
    cr_assert_eq(input_format("jsonl"), &FORMAT_JSONL);
    cr_assert_null(input_format("docx"));
    cr_assert(input_field_known("headline"));
    cr_assert_not(input_field_known("colour"));
}

/* ---- streams */

static void
stream_of(Stream *s, const char *bytes, size_t len)
{
    FILE *file = tmpfile();

    cr_assert_not_null(file);
    fwrite(bytes, 1, len, file);
    fflush(file);
    lseek(fileno(file), 0, SEEK_SET);
    stream_open(s, source_file(dup(fileno(file))), "stream", 1 << 20);
    fclose(file);
}

Test(stream, lines_longer_than_a_block_and_the_last_without_an_end)
{
    size_t len = 700000;
    Buf text = {0}, line = {0};
    bool long_line;
    Error err = {0};
    Stream s;

    buf_str(&text, "one\n");
    for (size_t i = 0; i < len; i++)
        buf_char(&text, 'x');
    buf_str(&text, "\n\nlast");
    stream_of(&s, text.bytes, text.len);
    cr_assert(stream_line(&s, &line, 1000000, &long_line, &err));
    cr_assert_str_eq(line.bytes, "one");
    buf_clear(&line);
    cr_assert(stream_line(&s, &line, 1000000, &long_line, &err));
    cr_assert_eq(line.len, len);
    cr_assert_not(long_line);
    buf_clear(&line);
    cr_assert(stream_line(&s, &line, 1000000, &long_line, &err));
    cr_assert_eq(line.len, 0);
    cr_assert(stream_line(&s, &line, 1000000, &long_line, &err));
    cr_assert_str_eq(line.bytes, "last");
    buf_clear(&line);
    cr_assert_not(stream_line(&s, &line, 1000000, &long_line, &err));
    cr_assert_eq(err.kind, ERROR_NONE);
    stream_close(&s);
    buf_close(&text);
    buf_close(&line);
}

Test(stream, a_line_that_is_too_long_is_passed_over)
{
    Buf line = {0};
    bool long_line;
    Error err = {0};
    Stream s;

    stream_of(&s, "12345678\nabc\n", 13);
    cr_assert(stream_line(&s, &line, 5, &long_line, &err));
    cr_assert(long_line);
    buf_clear(&line);
    cr_assert(stream_line(&s, &line, 5, &long_line, &err));
    cr_assert_not(long_line);
    cr_assert_str_eq(line.bytes, "abc");
    stream_close(&s);
    buf_close(&line);
}

Test(stream, peeking_takes_nothing)
{
    const char *head;
    Buf rest = {0};
    Error err = {0};
    Stream s;

    stream_of(&s, "abcdef", 6);
    cr_assert_eq(stream_peek(&s, &head, PEEK_ENOUGH, &err), 6);
    cr_assert_eq(memcmp(head, "abcdef", 6), 0);
    stream_drop(&s, 2);
    cr_assert(stream_rest(&s, &rest, 100, &err));
    cr_assert_str_eq(rest.bytes, "cdef");
    stream_close(&s);
    buf_close(&rest);
}
