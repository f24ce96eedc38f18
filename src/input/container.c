#include "input/container.h"

#include "base/mem.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <locale.h>
#include <stdlib.h>

struct Container {
    struct archive *archive;
    Stream *stream;
    locale_t utf8; /* in which names are read, whatever the user's is */
    bool raw; /* compressed, and no archive inside */
};

bool
container_detect(const char *head, size_t len)
{
    static const struct {
        size_t at;
        const char *bytes;
        size_t len;
    } known[] = {
        {0, "\x1f\x8b\x08", 3}, {0, "\x28\xb5\x2f\xfd", 4}, {0, "\xfd" "7zXZ", 5}, {0, "BZh", 3},
        {0, "PK\x03\x04", 4},   {0, "PK\x05\x06", 4},       {257, "ustar", 5},
    };

    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (len >= known[i].at + known[i].len && memcmp(head + known[i].at, known[i].bytes, known[i].len) == 0)
            return true;
    return false;
}

static la_ssize_t
give_bytes(struct archive *archive, void *self, const void **bytes)
{
    Container *c = self;
    Error err = {0};
    const char *from = NULL;
    size_t len = stream_take(c->stream, &from, &err);

    *bytes = from;
    if (len == 0 && c->stream->failed) {
        archive_set_error(archive, EIO, "%s", err.message);
        return ARCHIVE_FATAL;
    }
    return (la_ssize_t)len;
}

static bool
fault(Container *c, const char *path, Error *err)
{
    const char *why = archive_error_string(c->archive);

    return error_set(err, ERROR_INPUT, path, 0, 0, NULL, 0, "it cannot be unpacked: %s", why ? why : "it is broken");
}

Container *
container_open(Stream *stream, Error *err)
{
    Container *c = mem_zero(1, sizeof *c);

    c->stream = stream;
    c->utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    c->archive = archive_read_new();
    archive_read_support_filter_gzip(c->archive);
    archive_read_support_filter_bzip2(c->archive);
    archive_read_support_filter_xz(c->archive);
    archive_read_support_filter_zstd(c->archive);
    archive_read_support_format_tar(c->archive);
    archive_read_support_format_zip_streamable(c->archive);
    archive_read_support_format_raw(c->archive);
    archive_read_support_format_empty(c->archive);
    if (archive_read_open(c->archive, c, NULL, give_bytes, NULL) == ARCHIVE_OK)
        return c;
    fault(c, stream->path, err);
    container_close(c);
    return NULL;
}

void
container_close(Container *c)
{
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

static bool
next_file(Container *c, const char **name, Error *err)
{
    struct archive_entry *entry;

    for (;;) {
        int result = archive_read_next_header(c->archive, &entry);
        if (result == ARCHIVE_EOF)
            return false;
        if (result == ARCHIVE_RETRY)
            continue;
        if (result < ARCHIVE_WARN)
            return fault(c, c->stream->path, err);
        c->raw = archive_format(c->archive) == ARCHIVE_FORMAT_RAW;
        if (c->raw && archive_filter_count(c->archive) < 2) /* it gives back what it got */
            return error_set(err, ERROR_INPUT, c->stream->path, 0, 0, NULL, 0, "it cannot be unpacked: it begins like a container and is none");
        if (c->raw || archive_entry_filetype(entry) == AE_IFREG)
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
container_next(Container *c, const char **name, Source *source, Error *err)
{
    locale_t before = uselocale(c->utf8 ? c->utf8 : (locale_t)0);
    bool any = next_file(c, name, err);

    uselocale(before);
    *source = (Source){read_entry, NULL, c};
    return any;
}
