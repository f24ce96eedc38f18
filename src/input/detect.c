#include "input/detect.h"

#include <stdio.h>

/* In the order in which they are asked whether a file is theirs. */
static const Format *const FORMATS[] = {&FORMAT_JSONL, &FORMAT_WARC, &FORMAT_NEWSML, &FORMAT_HTML, &FORMAT_TEXT};

enum { FORMAT_COUNT = sizeof FORMATS / sizeof *FORMATS };

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

/* ---- what is not read */

/* A document of an office program, an e-book or a program is a zip with certain names in it, of which one comes first. */
static const char *
known_zip(const char *head, size_t len)
{
    static const char *const office[] = {"[Content_Types].xml", "_rels/", "docProps/", "word/", "mimetypeapplication/vnd.oasis"};

    if (len < 30 || memcmp(head, "PK\x03\x04", 4) != 0)
        return NULL;
    head += 30;
    len -= 30;
    for (size_t i = 0; i < sizeof office / sizeof *office; i++)
        if (len >= strlen(office[i]) && memcmp(head, office[i], strlen(office[i])) == 0)
            return "a document of an office program";
    if (len >= 28 && memcmp(head, "mimetypeapplication/epub+zip", 28) == 0)
        return "an e-book";
    return len >= 9 && memcmp(head, "META-INF/", 9) == 0 ? "a program" : NULL;
}

/* Chrome saves pages as mail does: the page and all its pictures in one. */
static bool
is_mime_archive(const char *head, size_t len)
{
    size_t look = len < 4096 ? len : 4096;

    return len > 5 && (memcmp(head, "From:", 5) == 0 || memcmp(head, "MIME-", 5) == 0) && memmem(head, look, "multipart/related", 17);
}

const char *
detect_unread(const char *path, const char *head, size_t len)
{
    static const struct {
        size_t at;
        const char *bytes;
        size_t len;
        const char *is;
    } known[] = {
        {0, "%PDF-", 5, "a PDF"},
        {0, "\x89PNG\r\n\x1a\n", 8, "an image"},
        {0, "\xff\xd8\xff", 3, "an image"},
        {0, "GIF8", 4, "an image"},
        {0, "II*\0", 4, "an image"},
        {0, "MM\0*", 4, "an image"},
        {8, "WEBP", 4, "an image"},
        {4, "ftypavif", 8, "an image"},
        {4, "ftyphei", 7, "an image"},
        {0, "\0\0\1\0", 4, "an image"},
        {0, "8BPS\0", 5, "an image"},
        {0, "<svg", 4, "an image"},
        {4, "ftyp", 4, "a film"},
        {0, "\x1a\x45\xdf\xa3", 4, "a film"},
        {8, "AVI ", 4, "a film"},
        {8, "WAVE", 4, "a recording"},
        {0, "ID3\2", 4, "a recording"},
        {0, "ID3\3", 4, "a recording"},
        {0, "ID3\4", 4, "a recording"},
        {0, "OggS\0", 5, "a recording"},
        {0, "fLaC", 4, "a recording"},
        {0, "wOFF", 4, "a font"},
        {0, "wOF2", 4, "a font"},
        {0, "\0\1\0\0\0", 5, "a font"},
        {0, "\x7f" "ELF", 4, "a program"},
        {0, "MZ\x90\0", 4, "a program"},
        {0, "\xca\xfe\xba\xbe", 4, "a program"},
        {0, "\0asm", 4, "a program"},
        {0, "SQLite format 3\0", 16, "a database"},
        {0, "\x37\x7f\x06\x82", 4, "a database"}, /* what a database writes beside it, while it is open */
        {0, "\x37\x7f\x06\x83", 4, "a database"},
        {0, "\x18\xe2\x2d\0", 4, "a database"},
        {0, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8, "a document of an office program"},
        {0, "{\\rtf", 5, "a document of an office program"},
        {0, "7z\xbc\xaf\x27\x1c", 6, "a 7z archive"},
        {0, "Rar!\x1a\x07", 6, "a rar archive"},
    };

    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (len >= known[i].at + known[i].len && memcmp(head + known[i].at, known[i].bytes, known[i].len) == 0)
            return known[i].is;
    if (is_mime_archive(head, len))
        return "a page saved as MHTML";
    if (ends_with_one(path, path + strlen(path), " .css ")) /* a browser puts these beside a page that it saves */
        return "a style sheet";
    if (ends_with_one(path, path + strlen(path), " .js "))
        return "a script";
    return known_zip(head, len);
}

/* ---- what is */

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

/* A page may begin with any element, and a file of JSON Lines with a line that is none: there the name decides. */
static const Format *
format_by_both(const char *path, const char *head, size_t len)
{
    const Format *named = format_by_name(path);
    size_t at = 0;

    while (at < len && head[at] != '\0' && strchr(" \t\r\n", head[at]))
        at++;
    return named == &FORMAT_JSONL || (named == &FORMAT_HTML && at < len && head[at] == '<') ? named : &FORMAT_TEXT;
}

const Format *
detect_format(const char *path, const char *head, size_t len)
{
    if (len == 0)
        return format_by_name(path);
    for (int i = 0; i < FORMAT_COUNT; i++)
        if (FORMATS[i] != &FORMAT_TEXT && FORMATS[i]->detect(head, len))
            return FORMATS[i];
    return format_by_both(path, head, len);
}
