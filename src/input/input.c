/* The walk over files, folders and containers, and the table of formats.
 *
 * Folders are opened only when their turn comes, so a tree of a million files costs no more than its deepest path.  A file that is a
 * container is read the same way: what is open is a pile of levels, the file below, the entry that is being read on top. */
#include "input/input.h"

#include "base/mem.h"
#include "input/charset.h"
#include "input/container.h"
#include "input/formats.h"
#include "pipeline.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* In the order in which they are asked whether a file is theirs. */
static const Format *const FORMATS[] = {&FORMAT_JSONL, &FORMAT_WARC, &FORMAT_NEWSML, &FORMAT_HTML, &FORMAT_TEXT};

enum { FORMAT_COUNT = sizeof FORMATS / sizeof *FORMATS };

typedef struct {
    char *path;
    bool given; /* by the user, not found in a folder */
} Place;

enum {
    LEVELS = 8,                  /* containers in containers */
    EXPANDS_FREELY = 1 << 28,    /* bytes that any file may expand to */
    EXPANDS_MOST = 500,          /* more than that: so many times its size */
    MOJIBAKE_LEAST = 3,          /* places */
    MAGIC_MOST = 6               /* bytes by which a compressed file is told */
};

/* A file, or an entry of the container below. */
typedef struct {
    Input *input;
    Stream stream;
    char *path;
    Container *container; /* opened on the stream; NULL: it holds records */
    Source source;        /* of an entry: where its bytes come from */
    bool spoiled;         /* an entry could not be read to its end */
} Level;

struct Input {
    const InputOptions *options;
    Place *places; /* what is still to be opened; the next is the last */
    uint32_t count, room;
    Level levels[LEVELS + 1];
    uint32_t depth; /* how many are open */
    const Format *format;
    uint64_t expanded; /* bytes that have come out of the containers of the file that is open */
    bool is_bomb;
    uint64_t done; /* bytes of the files that are closed */
};

/* ---- names */

const Format *
input_format(const char *name)
{
    for (int i = 0; i < FORMAT_COUNT; i++)
        if (strcmp(FORMATS[i]->name, name) == 0)
            return FORMATS[i];
    return NULL;
}

const char *
input_format_names(void)
{
    return "text|jsonl|html|warc|newsml";
}

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

/* ---- the walk */

static void
push(Input *input, char *path, bool given)
{
    if (input->count == input->room) {
        input->room = input->room ? input->room * 2 : 64;
        input->places = mem_grow(input->places, input->room * sizeof *input->places);
    }
    input->places[input->count++] = (Place){path, given};
}

Input *
input_open(const char *const *paths, uint32_t count, const InputOptions *options)
{
    Input *input = mem_zero(1, sizeof *input);

    input->options = options;
    newsml_begin();
    for (uint32_t i = count; i-- > 0;)
        push(input, mem_copy(paths[i], strlen(paths[i])), true);
    return input;
}

static void
close_level(Input *input)
{
    Level *top = &input->levels[--input->depth];

    if (top->container)
        container_close(top->container);
    if (input->depth == 0)
        input->done += top->stream.taken;
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
    for (uint32_t i = 0; i < input->count; i++)
        free(input->places[i].path);
    free(input->places);
    free(input);
}

static int
by_name_backwards(const struct dirent **a, const struct dirent **b)
{
    return -strcmp((*a)->d_name, (*b)->d_name);
}

static int
not_hidden(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

/* Put what is in a folder on the pile, the first name on top. */
static bool
expand(Input *input, const char *dir, Error *err)
{
    struct dirent **names;
    size_t len = strlen(dir);
    int count = scandir(dir, &names, not_hidden, by_name_backwards);

    if (count < 0)
        return error_set(err, ERROR_IO, dir, 0, 0, NULL, 0, "the folder cannot be read: %s", strerror(errno));
    while (len > 1 && dir[len - 1] == '/')
        len--;
    for (int i = 0; i < count; i++) {
        size_t name = strlen(names[i]->d_name);
        char *path = mem_alloc(len + name + 2);
        memcpy(path, dir, len);
        path[len] = '/';
        memcpy(path + len + (dir[len - 1] != '/'), names[i]->d_name, name + 1);
        push(input, path, false);
        free(names[i]);
    }
    free(names);
    return true;
}

/* Files that are certainly not text, by their first bytes. */
static const char *
not_text(const char *head, size_t len)
{
    static const struct {
        const char *bytes;
        size_t len;
        const char *is;
    } known[] = {
        {"%PDF-", 5, "a PDF"},   {"\x89PNG", 4, "an image"},   {"\xff\xd8\xff", 3, "an image"},
        {"GIF8", 4, "an image"}, {"\x7f" "ELF", 4, "a program"}, {"7z\xbc\xaf\x27\x1c", 6, "a 7z archive"},
        {"Rar!\x1a\x07", 6, "a rar archive"},
    };

    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (len >= known[i].len && memcmp(head, known[i].bytes, known[i].len) == 0)
            return known[i].is;
    return NULL;
}

/* Is the ending before `end` one of these? */
static bool
ends_with_one(const char *path, const char *end, const char *endings)
{
    const char *dot = end;
    char ending[24];

    while (dot > path && *dot != '.' && *dot != '/')
        dot--;
    if (*dot != '.' || end - dot > 16)
        return false;
    snprintf(ending, sizeof ending, " %.*s ", (int)(end - dot), dot);
    return strstr(endings, ending) != NULL;
}

static const Format *
format_by_name(const char *path)
{
    const char *end = path + strlen(path);

    if (ends_with_one(path, end, " .gz .zst .xz .bz2 "))
        while (*--end != '.')
            continue;
    for (int i = 0; i < FORMAT_COUNT; i++)
        if (ends_with_one(path, end, FORMATS[i]->endings))
            return FORMATS[i];
    return &FORMAT_TEXT;
}

/* ---- levels */

static Level *
top_level(Input *input)
{
    return &input->levels[input->depth - 1];
}

/* The format of UTF-16 shows when its NULs are left out; JSON is UTF-8. */
static const Format *
format_of_utf16(const char *head, size_t len)
{
    char squeezed[1024];
    size_t n = 0;

    for (size_t i = 2; i < len && n < sizeof squeezed; i++)
        if (head[i])
            squeezed[n++] = head[i];
    return FORMAT_HTML.detect(squeezed, n) ? &FORMAT_HTML : &FORMAT_TEXT;
}

static bool
detect_format(Input *input, const char *head, size_t len, Error *err)
{
    const char *path = top_level(input)->path, *is;

    input->format = input->options->format;
    if (input->format)
        return true;
    if (len == 0) {
        input->format = format_by_name(path);
        return true;
    }
    if ((is = not_text(head, len)) != NULL)
        return error_set(err, ERROR_INPUT, path, 0, 0, NULL, 0,
                         "it is %s, which is not read; convert it first, or say --format text", is);
    if (len > 2 && (memcmp(head, "\xff\xfe", 2) == 0 || memcmp(head, "\xfe\xff", 2) == 0))
        input->format = format_of_utf16(head, len);
    for (int i = 0; i < FORMAT_COUNT && input->format == NULL; i++)
        if (FORMATS[i]->detect(head, len))
            input->format = FORMATS[i];
    return true;
}

/* See what the level on top is: a container, which is opened, or records. */
static bool
look_into(Input *input, Error *err)
{
    Level *top = top_level(input);
    const char *head;
    /* where the format is known, whoever writes to us byte by byte is not kept waiting */
    size_t len = stream_peek(&top->stream, &head, input->options->format ? MAGIC_MOST : PEEK_ENOUGH, err);

    if (top->stream.failed)
        return false;
    if (!container_detect(head, len))
        return detect_format(input, head, len, err);
    if (input->depth > LEVELS)
        return error_set(err, ERROR_INPUT, top->path, 0, 0, NULL, 0, "archives are nested more than %d deep; unpack the inner ones first",
                         LEVELS);
    top->container = container_open(&top->stream, err);
    return top->container != NULL;
}

static void
push_level(Input *input, char *path, Source source)
{
    Level *top = &input->levels[input->depth++];

    *top = (Level){.input = input, .path = path};
    stream_open(&top->stream, source, top->path);
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
    if (input->expanded > EXPANDS_FREELY && input->expanded / EXPANDS_MOST > input->levels[0].stream.taken) {
        input->is_bomb = true;
        error_set(err, ERROR_INPUT, path, 0, 0, NULL, 0, "it expands to more than %d times its size and is not read further",
                  EXPANDS_MOST);
        return -1;
    }
    return n;
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
    push_level(input, path.bytes, (Source){read_bounded, NULL, &input->levels[input->depth]});
    top_level(input)->source = source;
    return true;
}

/* Open the place on top of the pile: true if a file is open after it. */
static bool
open_place(Input *input, Error *err)
{
    Place place = input->places[--input->count];
    struct stat st, link;
    int fd = STDIN_FILENO;

    input->expanded = 0;
    input->is_bomb = false;
    if (!place.given || strcmp(place.path, "-") != 0) {
        if (stat(place.path, &st) != 0) {
            error_set(err, ERROR_IO, place.path, 0, 0, NULL, 0, "it cannot be opened: %s", strerror(errno));
            goto none;
        }
        if (S_ISDIR(st.st_mode)) { /* a link to a folder inside a folder could lead round in a circle */
            if (place.given || (lstat(place.path, &link) == 0 && !S_ISLNK(link.st_mode)))
                expand(input, place.path, err);
            goto none;
        }
        if (!place.given && !S_ISREG(st.st_mode))
            goto none;
        if ((fd = open(place.path, O_RDONLY | O_CLOEXEC)) < 0) {
            error_set(err, ERROR_IO, place.path, 0, 0, NULL, 0, "it cannot be opened: %s", strerror(errno));
            goto none;
        }
        posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
    }
    push_level(input, place.path, source_file(fd));
    return true;
none:
    free(place.path);
    return false;
}

/* Open what comes next, until records lie on top.  False at the end of all, or on a fault. */
static bool
open_next(Input *input, Error *err)
{
    for (;;) {
        bool opened;
        if (input->depth == 0) {
            if (input->count == 0)
                return false;
            opened = open_place(input, err);
        } else if (top_level(input)->container == NULL) {
            return true;
        } else {
            bool spoiled = top_level(input)->spoiled;
            opened = open_entry(input, err);
            if (!opened) {
                if (spoiled) /* it was said before */
                    *err = (Error){0};
                close_level(input);
            }
        }
        if (opened && !look_into(input, err))
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
    raw->chunked = raw->compressed = raw->plain = false;
}

InputResult
input_next(Input *input, RawRecord *raw, Error *err)
{
    for (;;) {
        Stream *stream;
        InputResult result;
        if (!open_next(input, err))
            return err->kind != ERROR_NONE ? INPUT_FAULT : INPUT_END;
        begin_record(raw);
        raw->format = input->format;
        set_path(raw, top_level(input)->path);
        stream = &top_level(input)->stream;
        result = input->format->cut(stream, raw, err);
        if (result != INPUT_RECORD && (result == INPUT_END || stream->failed))
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
    return input->done + (input->depth ? input->levels[0].stream.taken : 0);
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
    if (!article_open(a, arena, record->text, record->len, options->strict, err))
        return false;
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
