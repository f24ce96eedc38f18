/* The walk over files and folders, and the table of formats.
 *
 * Folders are opened only when their turn comes, so a tree of a million files costs no more than its deepest path. */
#include "input/input.h"

#include "base/mem.h"
#include "input/formats.h"
#include "pipeline.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* In the order in which they are asked whether a file is theirs. */
static const Format *const FORMATS[] = {&FORMAT_JSONL, &FORMAT_HTML, &FORMAT_TEXT};

enum { FORMAT_COUNT = sizeof FORMATS / sizeof *FORMATS };

typedef struct {
    char *path;
    bool given; /* by the user, not found in a folder */
} Place;

struct Input {
    const InputOptions *options;
    Place *places; /* what is still to be opened; the next is the last */
    uint32_t count, room;
    char *path; /* of what is open */
    Stream stream;
    const Format *format;
    bool open;
    uint64_t done, all;
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
    return "text|jsonl|html";
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
    bool known = true;

    input->options = options;
    for (uint32_t i = count; i-- > 0;) {
        struct stat st;
        push(input, mem_copy(paths[i], strlen(paths[i])), true);
        if (strcmp(paths[i], "-") != 0 && stat(paths[i], &st) == 0 && S_ISREG(st.st_mode))
            input->all += (uint64_t)st.st_size;
        else
            known = false;
    }
    if (!known)
        input->all = 0;
    return input;
}

void
input_close(Input *input)
{
    if (input == NULL)
        return;
    if (input->open)
        stream_close(&input->stream);
    for (uint32_t i = 0; i < input->count; i++)
        free(input->places[i].path);
    free(input->places);
    free(input->path);
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
        {"\x1f\x8b", 2, "compressed with gzip"}, {"\x28\xb5\x2f\xfd", 4, "compressed with zstd"},
        {"\xfd" "7zXZ", 5, "compressed with xz"}, {"BZh", 3, "compressed with bzip2"},
        {"PK\x03\x04", 4, "a zip archive"},      {"%PDF-", 5, "a PDF"},
        {"\x89PNG", 4, "an image"},              {"\xff\xd8\xff", 3, "an image"},
        {"GIF8", 4, "an image"},                 {"\x7f" "ELF", 4, "a program"},
    };

    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (len >= known[i].len && memcmp(head, known[i].bytes, known[i].len) == 0)
            return known[i].is;
    return NULL;
}

static const Format *
format_by_name(const char *path)
{
    const char *dot = strrchr(path, '.');

    for (int i = 0; dot && strlen(dot) < 16 && i < FORMAT_COUNT; i++) {
        char ending[24] = " ";
        const char *found;
        strcat(strcat(ending, dot), " ");
        found = strstr(FORMATS[i]->endings, ending);
        if (found)
            return FORMATS[i];
    }
    return &FORMAT_TEXT;
}

static bool
detect(Input *input, Error *err)
{
    const char *head, *is;
    size_t len = stream_peek(&input->stream, &head, err);

    if (input->stream.failed)
        return false;
    if (len == 0) {
        input->format = format_by_name(input->path);
        return true;
    }
    if ((is = not_text(head, len)) != NULL)
        return error_set(err, ERROR_INPUT, input->path, 0, 0, NULL, 0,
                         "it is %s, which is not read; unpack or convert it first, or say --format text", is);
    for (int i = 0; i < FORMAT_COUNT; i++)
        if (FORMATS[i]->detect(head, len)) {
            input->format = FORMATS[i];
            return true;
        }
    return false;
}

static void
close_stream(Input *input)
{
    input->done += input->stream.taken;
    stream_close(&input->stream);
    input->open = false;
}

/* Open the place on top of the pile: true if a stream is open after it. */
static bool
open_next(Input *input, Error *err)
{
    Place place = input->places[--input->count];
    struct stat st, link;
    int fd;

    free(input->path);
    input->path = place.path;
    if (place.given && strcmp(place.path, "-") == 0) {
        fd = STDIN_FILENO;
    } else {
        if (stat(place.path, &st) != 0)
            return error_set(err, ERROR_IO, place.path, 0, 0, NULL, 0, "it cannot be opened: %s", strerror(errno));
        if (S_ISDIR(st.st_mode)) { /* a link to a folder inside a folder could lead round in a circle */
            if (place.given || (lstat(place.path, &link) == 0 && !S_ISLNK(link.st_mode)))
                expand(input, place.path, err);
            return false;
        }
        if (!place.given && !S_ISREG(st.st_mode))
            return false;
        if ((fd = open(place.path, O_RDONLY | O_CLOEXEC)) < 0)
            return error_set(err, ERROR_IO, place.path, 0, 0, NULL, 0, "it cannot be opened: %s", strerror(errno));
        posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
    }
    stream_open(&input->stream, fd, input->path);
    input->open = true;
    input->format = input->options->format;
    if (input->format == NULL && !detect(input, err)) {
        close_stream(input);
        return false;
    }
    return true;
}

/* ---- records */

static void
set_path(RawRecord *raw, const char *path)
{
    buf_clear(&raw->path_bytes);
    buf_add(&raw->path_bytes, path, strlen(path));
    raw->path = raw->path_bytes.bytes;
}

InputResult
input_next(Input *input, RawRecord *raw, Error *err)
{
    for (;;) {
        InputResult result;
        if (!input->open) {
            if (input->count == 0)
                return INPUT_END;
            if (!open_next(input, err)) {
                if (err->kind != ERROR_NONE)
                    return INPUT_FAULT;
                continue;
            }
        }
        buf_clear(&raw->bytes);
        raw->line = raw->number = 0;
        raw->format = input->format;
        set_path(raw, input->path);
        result = input->format->cut(&input->stream, raw, err);
        if (result != INPUT_RECORD && (result == INPUT_END || input->stream.failed))
            close_stream(input);
        if (result != INPUT_END)
            return result;
    }
}

void
input_raw_close(RawRecord *raw)
{
    buf_close(&raw->bytes);
    buf_close(&raw->path_bytes);
}

void
input_progress(const Input *input, uint64_t *done, uint64_t *all)
{
    *done = input->done + (input->open ? input->stream.taken : 0);
    *all = input->all;
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

bool
input_article(Article *a, Arena *arena, const Record *record, const InputOptions *options, Error *err)
{
    if (!article_open(a, arena, record->text, record->len, options->strict, err))
        return false;
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
