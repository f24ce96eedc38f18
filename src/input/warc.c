/* WARC (ISO 28500) and the older ARC: archives of crawls.  Each page that was answered with 200 is an article; what is a text already
 * (the conversions of a WARC) is one too; pictures, requests and the like are passed over unread.
 *
 * A page of which the crawler kept no more than a part, or only the first of several records, is read as far as it goes, and told.
 * A record that is broken is told with its place, and the next one is looked for by its first words. */
#include "graph/escape.h"
#include "input/body.h"
#include "input/formats.h"

#include <stdlib.h>

enum { LINE_MOST = 1 << 16, LINES_MOST = 1000, SNIFFED = 1024 };

/* What the heads of a record say. */
typedef struct {
    Stream *stream;
    RawRecord *raw;
    Error *err;
    Buf line, type, content; /* the record's kind; the content type of what it holds */
    uint64_t left;           /* bytes of its block that are still to come */
    int status;              /* of HTTP */
} Head;

/* ---- lines */

static void
trim_end(Buf *line)
{
    while (line->len && strchr(" \t\r", line->bytes[line->len - 1]))
        line->len--;
    if (line->bytes)
        line->bytes[line->len] = '\0';
}

/* The next line, trimmed; false at the end of the file.  Of one that is too long (a cookie of 100 kB) the beginning is there, or
 * nothing. */
static bool
next_line(Head *h)
{
    bool too_long;
    uint64_t from = stream_at(h->stream), len;

    buf_clear(&h->line);
    if (!stream_line(h->stream, &h->line, LINE_MOST, &too_long, h->err))
        return false;
    len = stream_at(h->stream) - from;
    h->left -= len < h->left ? len : h->left;
    if (too_long && h->line.len == 0)
        buf_str(&h->line, "-");
    trim_end(&h->line);
    return true;
}

/* The value of a field of this name, or NULL. */
static const char *
field_value(const Buf *line, const char *name)
{
    size_t len = strlen(name);

    if (line->len <= len || strncasecmp(line->bytes, name, len) != 0 || line->bytes[len] != ':')
        return NULL;
    return line->bytes + len + 1 + strspn(line->bytes + len + 1, " \t");
}

static void
set(Buf *field, const char *value, size_t len)
{
    buf_clear(field);
    buf_add(field, value, len);
}

/* Keep a field's value if the line has it. */
static void
keep(const Buf *line, const char *name, Buf *field)
{
    const char *value = field_value(line, name);

    if (value)
        set(field, value, strlen(value));
}

/* Angle brackets belong to the form, not to the value. */
static void
strip_brackets(Buf *field)
{
    if (field->len > 2 && field->bytes[0] == '<' && field->bytes[field->len - 1] == '>') {
        field->len -= 2;
        memmove(field->bytes, field->bytes + 1, field->len);
        field->bytes[field->len] = '\0';
    }
}

static bool
fault(Head *h, const char *what)
{
    return error_set(h->err, ERROR_INPUT, h->stream->path, 0, 0, NULL, 0, "record %llu%s%.200s: %s",
                     (unsigned long long)h->stream->records, h->raw->uri.len ? " of " : "", h->raw->uri.len ? h->raw->uri.bytes : "", what);
}

/* ---- the record's own head */

static bool
is_number(const char *text)
{
    return *text && strlen(text) < 18 && text[strspn(text, "0123456789")] == '\0';
}

static bool
read_warc_head(Head *h)
{
    uint64_t block = 0;
    bool has_length = false;

    for (int lines = 0;; lines++) {
        const char *length;
        if (!next_line(h) || lines == LINES_MOST)
            return fault(h, "its head does not end");
        if (h->line.len == 0)
            break;
        keep(&h->line, "WARC-Type", &h->type);
        keep(&h->line, "WARC-Target-URI", &h->raw->uri);
        keep(&h->line, "WARC-Date", &h->raw->date);
        keep(&h->line, "WARC-Record-ID", &h->raw->id);
        keep(&h->line, "Content-Type", &h->content);
        h->raw->partial |= field_value(&h->line, "WARC-Truncated") || field_value(&h->line, "WARC-Segment-Number");
        length = field_value(&h->line, "Content-Length");
        if (length && !is_number(length))
            return fault(h, "its Content-Length is no number");
        if (length)
            block = strtoull(length, NULL, 10);
        has_length = has_length || length;
    }
    strip_brackets(&h->raw->uri);
    strip_brackets(&h->raw->id);
    h->left = block;
    return has_length || fault(h, "it has no Content-Length");
}

/* "URL IP date type … length"; a URL may hold blanks. */
static bool
read_arc_head(Head *h)
{
    char *line, *length, *date = NULL;

    if (!next_line(h))
        return fault(h, "its head is missing");
    line = h->line.bytes;
    length = strrchr(line, ' ');
    for (char *at = strchr(line, ' '); at && date == NULL; at = strchr(at + 1, ' '))
        if (strspn(at + 1, "0123456789") == 14 && at[15] == ' ')
            date = at + 1;
    if (date == NULL || length == NULL || !is_number(length + 1))
        return fault(h, "its first line is not as in an ARC file");
    h->left = strtoull(length + 1, NULL, 10);
    buf_clear(&h->raw->date);
    buf_printf(&h->raw->date, "%.4s-%.2s-%.2sT%.2s:%.2s:%.2sZ", date, date + 4, date + 6, date + 8, date + 10, date + 12);
    set(&h->content, date + 15, strcspn(date + 15, " "));
    date[-1] = '\0';
    if (strrchr(line, ' '))
        *strrchr(line, ' ') = '\0'; /* the address of the server */
    set(&h->raw->uri, line, strlen(line));
    set(&h->type, strncmp(line, "filedesc:", 9) == 0 ? "filedesc" : "response", 8);
    return true;
}

/* ---- the head of the answer */

static bool
has_word(const Buf *text, const char *word)
{
    return text->len && strcasestr(text->bytes, word);
}

static void
take_charset(RawRecord *raw, const Buf *content)
{
    const char *at = content->len ? strcasestr(content->bytes, "charset=") : NULL;

    if (at == NULL)
        return;
    at += strlen("charset=");
    at += *at == '"';
    set(&raw->charset, at, strcspn(at, "\" ;,"));
}

static bool
read_http_head(Head *h)
{
    Buf coding = {0}, transfer = {0};

    if (!next_line(h))
        return fault(h, "it is cut short");
    if (strncmp(h->line.bytes ? h->line.bytes : "", "HTTP/", 5) != 0)
        return fault(h, "it holds no answer of HTTP");
    if (sscanf(h->line.bytes, "HTTP/%*s %d", &h->status) != 1)
        h->status = 0;
    buf_clear(&h->content);
    while (h->left && next_line(h) && h->line.len) {
        keep(&h->line, "Content-Type", &h->content);
        keep(&h->line, "Content-Encoding", &coding);
        keep(&h->line, "Transfer-Encoding", &transfer);
    }
    h->raw->chunked = has_word(&transfer, "chunked");
    h->raw->coding = coding_of(coding.len ? coding.bytes : "");
    buf_close(&coding);
    buf_close(&transfer);
    return h->err->kind == ERROR_NONE;
}

/* Crawlers also keep what they asked of DNS, and their own logs. */
static bool
is_of_the_web(const Buf *uri)
{
    static const char *const schemes[] = {"http:", "https:", "ftp:", "file:"};

    for (size_t i = 0; uri->len && i < sizeof schemes / sizeof *schemes; i++)
        if (strncasecmp(uri->bytes, schemes[i], strlen(schemes[i])) == 0)
            return true;
    return false;
}

/* Some servers do not say what they send. */
static bool
begins_like_page(Head *h)
{
    const char *head;
    size_t len = stream_peek(h->stream, &head, SNIFFED, h->err);

    return FORMAT_HTML.detect(head, len < h->left ? len : (size_t)h->left);
}

/* Is what the record holds an article?  Reads the answer's head, if there is one. */
static bool
is_wanted(Head *h)
{
    bool response = h->type.len && strcmp(h->type.bytes, "response") == 0;

    if (!is_of_the_web(&h->raw->uri))
        return false;
    if (response && (!read_http_head(h) || h->status != 200))
        return false;
    if (!response && !(h->type.len && (strcmp(h->type.bytes, "resource") == 0 || strcmp(h->type.bytes, "conversion") == 0)))
        return false;
    take_charset(h->raw, &h->content);
    h->raw->plain = !response && has_word(&h->content, "text/plain");
    if (h->content.len == 0)
        return begins_like_page(h);
    return h->raw->plain || has_word(&h->content, "text/html") || has_word(&h->content, "application/xhtml");
}

/* ---- records */

static bool
is_arc(const Stream *stream)
{
    return stream->format_state == 'A';
}

/* Go to where the next record begins.  False at the end of the file. */
static bool
find_record(Head *h)
{
    uint64_t junk = 0;

    for (;;) {
        bool arc = is_arc(h->stream);
        if (stream_is_at(h->stream, "WARC/", h->err) || (arc && (stream_is_at(h->stream, "http", h->err) || stream_is_at(h->stream, "filedesc", h->err) ||
                                                                stream_is_at(h->stream, "dns:", h->err) || stream_is_at(h->stream, "ftp:", h->err))))
            break;
        h->left = 0;
        if (!next_line(h))
            break;
        junk += h->line.len;
    }
    if (junk && h->err->kind == ERROR_NONE)
        fault(h, "behind it stands what is no record, and is passed over");
    return h->err->kind == ERROR_NONE && stream_is_at(h->stream, is_arc(h->stream) ? "" : "WARC/", h->err) && !(h->stream->over && h->stream->at == h->stream->end);
}

/* One record: INPUT_END if it is none for us. */
static InputResult
read_one(Head *h)
{
    RawRecord *raw = h->raw;
    uint64_t got = 0, want;
    bool wanted;

    raw->number = ++h->stream->records;
    if (is_arc(h->stream) ? !read_arc_head(h) : !(next_line(h) && read_warc_head(h)))
        return INPUT_FAULT;
    wanted = is_wanted(h);
    want = h->left;
    if (wanted && want > h->stream->most)
        stream_too_long(h->err, h->stream->path, 0, "what a record holds", h->stream->most);
    if (wanted && h->err->kind == ERROR_NONE)
        got = stream_copy(h->stream, &raw->bytes, want, h->err);
    else
        got = stream_skip(h->stream, want, h->err);
    if (got < want && wanted)
        fault(h, "it is cut short");
    return h->err->kind != ERROR_NONE ? INPUT_FAULT : wanted ? INPUT_RECORD : INPUT_END;
}

static InputResult
warc_cut(Stream *stream, RawRecord *raw, Error *err)
{
    Head h = {.stream = stream, .raw = raw, .err = err};
    InputResult result = INPUT_END;

    if (stream->records == 0)
        stream->format_state = stream_is_at(stream, "filedesc:", err) ? 'A' : 'W';
    while (result == INPUT_END && find_record(&h)) {
        buf_clear(&raw->uri);
        buf_clear(&raw->id);
        buf_clear(&raw->date);
        buf_clear(&raw->charset);
        raw->partial = false;
        buf_clear(&h.type);
        buf_clear(&h.content);
        result = read_one(&h);
    }
    if (err->kind != ERROR_NONE)
        result = INPUT_FAULT;
    buf_close(&h.line);
    buf_close(&h.type);
    buf_close(&h.content);
    return result;
}

/* ---- reading */

static bool
warc_read(RawRecord *raw, const Reading *reading, Record *record, Error *err)
{
    Arena *arena = reading->arena;
    const char *date = arena_copy(arena, raw->date.bytes ? raw->date.bytes : "", raw->date.len);
    Buf meta = {0};
    bool whole;

    if (raw->chunked && !body_join(&raw->bytes))
        raw->partial = true;
    if (!body_unpack(&raw->bytes, raw->coding, input_article_most(reading->options), &whole, err))
        return false;
    if (raw->partial || !whole)
        record->warning = "the archive holds only a part of the page; what was cut off is lost";
    if (raw->plain)
        text_record(raw, reading, record);
    else if (!html_record(raw, reading, record, err))
        return false;
    record->id = raw->id.len ? arena_copy(arena, raw->id.bytes, raw->id.len) : NULL;
    if (raw->uri.len)
        record->uri = arena_copy(arena, raw->uri.bytes, raw->uri.len);
    if (*date) {
        buf_str(&meta, "{\"archived\":");
        buf_json(&meta, date, strlen(date));
        buf_char(&meta, '}');
        record->meta = arena_copy(arena, meta.bytes, meta.len);
        buf_close(&meta);
        if (record->published == NULL) /* it was there by then */
            record->published = date;
    }
    return true;
}

static bool
warc_detect(const char *head, size_t len)
{
    return (len > 9 && memcmp(head, "WARC/", 5) == 0 && head[5] >= '0' && head[5] <= '9') || (len > 9 && memcmp(head, "filedesc:", 9) == 0);
}

const Format FORMAT_WARC = {"warc", " .warc .arc .wet ", warc_detect, warc_cut, warc_read};
