/* What is open, and the records that are cut from it.
 *
 * A file that is a container is read as any other: what is open is a pile of levels, the file below, the entry that is
 * being read on top. */
#include "input/input.h"

#include "base/mem.h"
#include "input/charset.h"
#include "input/container.h"
#include "input/detect.h"
#include "input/formats.h"
#include "input/walk.h"
#include "pipeline.h"

#include <stdlib.h>

enum {
    EXPANDS_FREELY = 1 << 28, /* bytes that any file may expand to, whatever the ratio */
    MOJIBAKE_LEAST = 3,       /* places */
    MAGIC_MOST = 8            /* bytes by which a compressed file is told */
};

/* A file, or an entry of the container below. */
typedef struct {
    Input *input;
    Stream stream;
    char *path;
    bool known;           /* it was looked into */
    Container *container; /* opened on the stream; NULL: it holds records */
    Source source;        /* of an entry: where its bytes come from */
    bool spoiled;         /* an entry could not be read to its end */
} Level;

struct Input {
    const InputOptions *options;
    Walk walk;
    Level levels[INPUT_DEPTH_LIMIT + 1];
    uint32_t depth; /* how many are open */
    const Format *format;
    uint64_t expanded; /* bytes that have come out of the containers of the file that is open */
    bool is_bomb;
    uint64_t done; /* bytes of the files that are closed */
};

/* ---- options */

bool
input_field_known(const char *field)
{
    static const char *const known[] = {"text", "id", "headline", "byline", "published", "url", "language"};

    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(known[i], field) == 0)
            return true;
    return false;
}

const char *
input_field_name(const InputOptions *options, const char *field)
{
    for (uint32_t i = options->field_count; i-- > 0;)
        if (strcmp(options->fields[i].field, field) == 0)
            return options->fields[i].name;
    return field;
}

size_t
input_article_most(const InputOptions *options)
{
    return options->article_most ? options->article_most : INPUT_ARTICLE_MOST;
}

static uint32_t
depth_most(const InputOptions *options)
{
    return options->depth_most ? options->depth_most : INPUT_DEPTH_MOST;
}

static uint64_t
expand_most(const InputOptions *options)
{
    return options->expand_most ? options->expand_most : INPUT_EXPAND_MOST;
}

/* ---- levels */

Input *
input_open(const char *const *paths, uint32_t count, const InputOptions *options)
{
    Input *input = mem_zero(1, sizeof *input);

    input->options = options;
    newsml_begin();
    walk_open(&input->walk, paths, count, options->written);
    return input;
}

static Level *
top_level(Input *input)
{
    return &input->levels[input->depth - 1];
}

static void
push_level(Input *input, char *path, Source source)
{
    Level *top = &input->levels[input->depth++];

    *top = (Level){.input = input, .path = path};
    stream_open(&top->stream, source, top->path, input_article_most(input->options));
}

/* As they lie in the file. */
static uint64_t
bytes_read(const Stream *stream)
{
    return stream->taken + (uint64_t)stream->shrunk;
}

static void
close_level(Input *input)
{
    Level *top = &input->levels[--input->depth];

    if (top->container)
        container_close(top->container);
    if (input->depth == 0)
        input->done += bytes_read(&top->stream);
    stream_close(&top->stream);
    free(top->path);
    *top = (Level){0};
}

void
input_close(Input *input)
{
    if (input == NULL)
        return;
    while (input->depth)
        close_level(input);
    walk_close(&input->walk);
    free(input);
}

/* Give up what is on top; of a file that expands without end all. */
static void
drop_level(Input *input)
{
    bool failed = top_level(input)->stream.failed;

    close_level(input);
    if (input->depth && failed)
        top_level(input)->spoiled = true;
    while (input->is_bomb && input->depth)
        close_level(input);
}

/* After a fault on top: is there more of it? */
static bool
goes_on(Input *input)
{
    return !input->is_bomb && top_level(input)->stream.failed && stream_mend(&top_level(input)->stream);
}

/* Text in UTF-16 or UTF-32 is read as UTF-8 by all formats. */
static size_t
peek_as_utf8(Stream *stream, const char **head, size_t want, Error *err)
{
    size_t mark, len = stream_peek(stream, head, want, err);
    const char *wide = container_detect(*head, len) ? NULL : charset_wide(*head, len, &mark);

    if (wide == NULL || detect_unread(stream->path, *head, len))
        return len;
    stream_drop(stream, mark);
    stream_recode(stream, wide);
    return stream_peek(stream, head, want, err);
}

/* See what the level on top is: a container, which is opened, or records. */
static bool
look_into(Input *input, Error *err)
{
    Level *top = top_level(input);
    const Format *wanted = input->options->format;
    const char *head, *is;
    /* where the format is known, whoever writes to us byte by byte is not kept waiting */
    size_t len = peek_as_utf8(&top->stream, &head, wanted ? MAGIC_MOST : PEEK_ENOUGH, err);

    if (top->stream.failed)
        return false;
    if (wanted == NULL && (is = detect_unread(top->path, head, len)) != NULL)
        return error_set(err, ERROR_SKIP, top->path, 0, 0, NULL, 0, "it is %s, which is not read; convert it first, or say --format text", is);
    if (!container_detect(head, len)) {
        input->format = wanted ? wanted : detect_format(top->path, head, len);
    } else if (input->depth > depth_most(input->options)) {
        return error_set(err, ERROR_INPUT, top->path, 0, 0, NULL, 0,
                         "archives and compressed files are nested more than %u deep; --max-depth goes deeper", depth_most(input->options));
    } else {
        top->container = container_open(&top->stream, err);
    }
    top->known = err->kind == ERROR_NONE;
    return top->known;
}

/* The bytes of an entry, as long as they are in proportion to the file that they come out of. */
static ptrdiff_t
read_bounded(void *self, const char *path, char *to, size_t room, Error *err)
{
    Level *level = self;
    Input *input = level->input;
    ptrdiff_t n = level->source.read(level->source.self, path, to, room, err);

    if (n > 0)
        input->expanded += (uint64_t)n;
    if (input->expanded > EXPANDS_FREELY && input->expanded / expand_most(input->options) > bytes_read(&input->levels[0].stream)) {
        input->is_bomb = true;
        error_set(err, ERROR_INPUT, path, 0, 0, NULL, 0, "it expands to more than %llu times its size and is not read further; --max-expand allows more",
                  (unsigned long long)expand_most(input->options));
        return -1;
    }
    return n;
}

static bool
mend_bounded(void *self)
{
    Level *level = self;

    return level->source.mend && level->source.mend(level->source.self);
}

/* Names that begin with a dot are passed over, as in folders. */
static bool
is_hidden(const char *name)
{
    for (const char *part = name; part; part = strchr(part, '/')) {
        part += *part == '/';
        if (*part == '.' && part[1] != '/' && !(part[1] == '.' && part[2] == '/'))
            return true;
    }
    return false;
}

/* Put the next entry of the container on top; false if there is none, or on a fault. */
static bool
open_entry(Input *input, Error *err)
{
    Level *box = top_level(input);
    const char *name;
    Source source;
    Buf path = {0};

    do
        if (!container_next(box->container, &name, &source, err))
            return false;
    while (name && is_hidden(name));
    buf_str(&path, box->path);
    if (name)
        buf_printf(&path, "/%s", name);
    box->spoiled = false;
    push_level(input, path.bytes, (Source){.read = read_bounded, .mend = mend_bounded, .self = &input->levels[input->depth]});
    top_level(input)->source = source;
    return true;
}

static bool
open_file(Input *input, Error *err)
{
    char *path;
    int fd;

    if (!walk_next(&input->walk, &path, &fd, err))
        return false;
    input->expanded = 0;
    input->is_bomb = false;
    push_level(input, path, source_file(fd));
    return true;
}

/* The container on top has no more entries, or cannot be read on; or it can, behind the fault. */
static void
end_container(Input *input, Error *err)
{
    Level *box = top_level(input);
    bool said = box->spoiled && err->kind != ERROR_NONE;

    if (said)
        *err = (Error){0};
    box->spoiled = false;
    if (container_goes_on(box->container))
        return;
    if (said)
        error_set(err, ERROR_INPUT, box->path, 0, 0, NULL, 0, "nothing can be read behind the entry that cannot be unpacked");
    close_level(input);
}

/* Open what comes next, until records lie on top.  False at the end of all, or on a fault. */
static bool
open_next(Input *input, Error *err)
{
    for (;;) {
        if (input->depth == 0) {
            if (!open_file(input, err))
                return false;
        } else if (top_level(input)->known) {
            if (top_level(input)->container == NULL)
                return true;
            if (!open_entry(input, err))
                end_container(input, err);
        }
        if (err->kind == ERROR_NONE && input->depth && !top_level(input)->known && !look_into(input, err) && !goes_on(input))
            drop_level(input);
        if (err->kind != ERROR_NONE)
            return false;
    }
}

/* ---- records */

static void
set_path(RawRecord *raw, const char *path)
{
    buf_clear(&raw->path_bytes);
    buf_add(&raw->path_bytes, path, strlen(path));
    raw->path = raw->path_bytes.bytes;
}

static void
begin_record(RawRecord *raw)
{
    buf_clear(&raw->bytes);
    buf_clear(&raw->id);
    buf_clear(&raw->uri);
    buf_clear(&raw->date);
    buf_clear(&raw->charset);
    raw->line = raw->number = 0;
    raw->chunked = raw->plain = raw->partial = false;
    raw->coding = CODING_NONE;
}

InputResult
input_next(Input *input, RawRecord *raw, Error *err)
{
    for (;;) {
        Stream *stream;
        InputResult result;
        begin_record(raw);
        if (!open_next(input, err))
            return err->kind != ERROR_NONE ? INPUT_FAULT : INPUT_END;
        raw->format = input->format;
        set_path(raw, top_level(input)->path);
        stream = &top_level(input)->stream;
        result = input->format->cut(stream, raw, err);
        if (result == INPUT_END || (stream->failed && result == INPUT_FAULT && !goes_on(input)))
            drop_level(input);
        if (result != INPUT_END)
            return result;
    }
}

void
input_raw_close(RawRecord *raw)
{
    buf_close(&raw->bytes);
    buf_close(&raw->path_bytes);
    buf_close(&raw->id);
    buf_close(&raw->uri);
    buf_close(&raw->date);
    buf_close(&raw->charset);
}

uint64_t
input_done(const Input *input)
{
    return input->done + (input->depth ? bytes_read(&input->levels[0].stream) : 0);
}

bool
input_read(RawRecord *raw, const Reading *reading, Record *record, Error *err)
{
    *record = (Record){.uri = strcmp(raw->path, "-") == 0 ? NULL : raw->path};
    if (!raw->format->read(raw, reading, record, err))
        return false;
    if (record->id == NULL)
        record->id = arena_printf(reading->arena, "%s#%llu", raw->path, (unsigned long long)raw->number);
    return true;
}

void
input_place(Error *err, const RawRecord *raw)
{
    snprintf(err->path, sizeof err->path, "%s", raw->path);
    err->line = raw->line;
}

bool
input_article(Article *a, Arena *arena, const Record *record, const InputOptions *options, Error *err)
{
    if (record->checked ? !article_take(a, arena, record->text, record->len, err)
                        : !article_open(a, arena, record->text, record->len, options->strict, err))
        return false;
    a->warning = record->warning;
    if (charset_mojibake(a->text, a->len) >= MOJIBAKE_LEAST)
        a->warning = "the text was once read in the wrong character set (mojibake); its quotation marks and names may be lost";
    a->id = record->id;
    a->uri = record->uri;
    a->headline = record->headline;
    a->byline = record->byline;
    a->published = record->published;
    a->language = record->language;
    a->meta = record->meta;
    a->layout = record->zones;
    a->layout_count = record->zone_count;
    return true;
}
