#include "input/container.h"

#include "base/mem.h"
#include "input/gzip.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <locale.h>
#include <stdlib.h>

struct Container {
    struct archive *archive; /* NULL: it is gzip, whose one entry is what comes out of it */
    Gzip *gzip;
    Stream *stream;
    locale_t utf8;    /* in which names are read, whatever the user's is */
    bool raw;         /* compressed, and no archive inside */
    bool by_directory; /* a zip whose directory is believed, and not the heads of its entries */
    bool in_damage;   /* it was told, and is being passed over */
    bool goes_on;     /* behind the fault that was told last */
    int format;       /* of the archive, as soon as it has shown */
    uint64_t entries; /* that came so far */
    uint64_t given;   /* bytes of the stream, to this archive */
    Error why;        /* the stream could not be read */
};

enum { BLOCK = 512, MAGIC = 257 };

/* The first tar wrote no name of its format, but a sum over the head of each entry. */
static bool
is_tar_head(const char *head, size_t len)
{
    enum { SUM = 148, SUM_LEN = 8 };
    unsigned long said, sum = SUM_LEN * ' ';

    if (len < BLOCK || head[0] == '\0' || (head[SUM] != ' ' && (head[SUM] < '0' || head[SUM] > '7')))
        return false;
    said = strtoul(head + SUM, NULL, 8);
    for (int i = 0; i < BLOCK; i++)
        if (i < SUM || i >= SUM + SUM_LEN)
            sum += (unsigned char)head[i];
    return sum == said;
}

bool
container_detect(const char *head, size_t len)
{
    static const struct {
        size_t at;
        const char *bytes;
        size_t len;
    } known[] = {
        {0, "\x28\xb5\x2f\xfd", 4}, {0, "\xfd" "7zXZ", 5}, {0, "BZh", 3}, {0, "PK\x03\x04", 4}, {0, "PK\x05\x06", 4}, {MAGIC, "ustar", 5},
    };

    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (len >= known[i].at + known[i].len && memcmp(head + known[i].at, known[i].bytes, known[i].len) == 0)
            return true;
    return gzip_detect(head, len) || is_tar_head(head, len);
}

static la_ssize_t
give_bytes(struct archive *archive, void *self, const void **bytes)
{
    Container *c = self;
    const char *from = NULL;
    size_t len = stream_ready(c->stream, &from, &c->why);

    stream_drop(c->stream, len);
    c->given += len;
    *bytes = from;
    if (len == 0 && c->stream->failed) {
        archive_set_error(archive, EIO, "%s", c->why.message);
        return ARCHIVE_FATAL;
    }
    return (la_ssize_t)len;
}

static la_int64_t
go_to(struct archive *archive, void *self, la_int64_t offset, int whence)
{
    Container *c = self;
    int64_t at = stream_seek(c->stream, offset, whence);

    (void)archive;
    return at < 0 ? ARCHIVE_FATAL : at;
}

static bool
fault(Container *c, const char *path, Error *err)
{
    const char *why = archive_error_string(c->archive);

    if (c->stream->failed)
        return error_set(err, ERROR_INPUT, path, 0, 0, NULL, 0, "%s", c->why.message);
    return error_set(err, ERROR_INPUT, path, 0, 0, NULL, 0, "it cannot be unpacked: %s", why ? why : "it is broken");
}

/* A zip is read by its directory where one can go there: entries that were taken out of it, or hidden before it, are no
 * part of it. */
static bool
open_archive(Container *c)
{
    c->archive = archive_read_new();
    c->given = 0;
    c->why = (Error){0};
    archive_read_support_filter_bzip2(c->archive);
    archive_read_support_filter_xz(c->archive);
    archive_read_support_filter_zstd(c->archive);
    archive_read_support_format_tar(c->archive);
    archive_read_set_option(c->archive, "tar", "read_concatenated_archives", "1"); /* and all is read to its end, with its sums */
    archive_read_support_format_zip_streamable(c->archive);
    archive_read_support_format_raw(c->archive);
    archive_read_support_format_empty(c->archive);
    if (c->by_directory) {
        archive_read_support_format_zip_seekable(c->archive);
        archive_read_set_seek_callback(c->archive, go_to);
    }
    archive_read_set_read_callback(c->archive, give_bytes);
    archive_read_set_callback_data(c->archive, c);
    return archive_read_open1(c->archive) == ARCHIVE_OK;
}

Container *
container_open(Stream *stream, Error *err)
{
    Container *c = mem_zero(1, sizeof *c);
    const char *head;
    size_t len = stream_ready(stream, &head, err);

    c->stream = stream;
    if (gzip_detect(head, len)) {
        c->gzip = gzip_open(stream);
        return c;
    }
    c->utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    c->by_directory = len > 2 && memcmp(head, "PK", 2) == 0 && stream->source.seek;
    if (open_archive(c))
        return c;
    fault(c, stream->path, err);
    container_close(c);
    return NULL;
}

void
container_close(Container *c)
{
    if (c->gzip)
        gzip_close(c->gzip);
    archive_read_free(c->archive);
    if (c->utf8)
        freelocale(c->utf8);
    free(c);
}

static ptrdiff_t
read_entry(void *self, const char *path, char *to, size_t room, Error *err)
{
    Container *c = self;
    la_ssize_t n;

    do
        n = archive_read_data(c->archive, to, room);
    while (n == ARCHIVE_RETRY);
    if (n < 0)
        fault(c, path, err);
    return n < 0 ? -1 : n;
}

/* A zip whose directory is broken is read from its beginning, entry by entry. */
static bool
read_without_directory(Container *c)
{
    if (!c->by_directory || c->entries || stream_seek(c->stream, 0, SEEK_SET) != 0)
        return false;
    archive_read_free(c->archive);
    c->by_directory = false;
    return open_archive(c);
}

/* Go to where the next entry of a tar begins, at any byte, and through damage of what the tar lies in.  False if there is none. */
static bool
find_tar_head(Stream *stream, Error *why)
{
    const char *head;
    size_t len;

    do {
        while ((len = stream_peek(stream, &head, PEEK_ENOUGH, why)) >= BLOCK) {
            const char *last = head + len - BLOCK;
            for (const char *at = head; at <= last; at++) {
                const char *magic = memmem(at + MAGIC, (size_t)(last - at) + 5, "ustar", 5);
                if (magic == NULL)
                    break;
                at = magic - MAGIC;
                if (!is_tar_head(at, BLOCK))
                    continue;
                stream_drop(stream, (size_t)(at - head));
                return true;
            }
            stream_drop(stream, len - BLOCK + 1);
        }
    } while (stream->failed && stream_mend(stream));
    return false;
}

/* Go on behind damage in a tar.  The archive has taken more bytes than it has read: those are looked at again. */
static bool
pass_damage(Container *c)
{
    uint64_t ahead = c->given - (uint64_t)archive_filter_bytes(c->archive, -1);

    if (c->format == ARCHIVE_FORMAT_TAR || (c->format & ARCHIVE_FORMAT_BASE_MASK) != ARCHIVE_FORMAT_TAR || archive_filter_count(c->archive) > 1)
        return false;
    if (ahead <= c->stream->at)
        c->stream->at -= ahead;
    if (!find_tar_head(c->stream, &c->why))
        return false;
    archive_read_free(c->archive);
    return open_archive(c);
}

/* Files alone are of interest: no link is followed, and what a hard link names came before. */
static bool
is_file(struct archive_entry *entry)
{
    return archive_entry_filetype(entry) == AE_IFREG && archive_entry_hardlink(entry) == NULL;
}

/* What stands behind the last entry is read too: the sum over all may be wrong. */
static bool
end_archive(Container *c, Error *err)
{
    if (!c->by_directory)
        stream_skip(c->stream, UINT64_MAX, err);
    return false;
}

/* A part that is damaged is told once, and passed over if something can be found behind it. */
static bool
tell_damage(Container *c, int result, Error *err)
{
    bool told = c->in_damage;
    Error why = {0};

    fault(c, c->stream->path, &why);
    c->in_damage = true;
    c->goes_on = pass_damage(c) || result == ARCHIVE_RETRY; /* then the archive looks for the next head itself */
    if (!told)
        *err = why;
    return !told;
}

static bool
next_file(Container *c, const char **name, Error *err)
{
    struct archive_entry *entry;

    c->goes_on = false;
    for (;;) {
        int result = archive_read_next_header(c->archive, &entry);
        if (result == ARCHIVE_EOF || (result < ARCHIVE_WARN && c->raw && c->entries))
            return end_archive(c, err);
        if (result < ARCHIVE_WARN && read_without_directory(c))
            continue;
        if (result < ARCHIVE_WARN || result == ARCHIVE_RETRY) {
            if (tell_damage(c, result, err) || !c->goes_on)
                return false;
            continue;
        }
        c->entries++;
        c->in_damage = false;
        c->format = archive_format(c->archive);
        c->raw = c->format == ARCHIVE_FORMAT_RAW;
        if (c->raw && archive_filter_count(c->archive) < 2) /* it gives back what it got */
            return error_set(err, ERROR_INPUT, c->stream->path, 0, 0, NULL, 0, "it cannot be unpacked: it begins like a container and is none");
        if (c->raw || is_file(entry))
            break;
    }
    *name = c->raw ? NULL : archive_entry_pathname_utf8(entry);
    if (!c->raw && *name == NULL)
        *name = archive_entry_pathname(entry);
    if (!c->raw && *name == NULL)
        *name = "?";
    return true;
}

bool
container_goes_on(const Container *c)
{
    return c->goes_on;
}

bool
container_next(Container *c, const char **name, Source *source, Error *err)
{
    locale_t before;
    bool any;

    *name = NULL;
    if (c->gzip) {
        *source = gzip_source(c->gzip);
        return c->entries++ == 0;
    }
    before = uselocale(c->utf8 ? c->utf8 : (locale_t)0);
    any = next_file(c, name, err);
    uselocale(before);
    *source = (Source){.read = read_entry, .self = c};
    return any;
}
