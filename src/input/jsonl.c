/* JSON Lines: a record a line, whose fields are `text`, `id` and what else is known of the article; fields that mean
 * nothing to us are passed on as they were written. */
#include "input/formats.h"

#include "input/charset.h"
#include "input/jread.h"
#include "text/utf8.h"

#include <stdlib.h>

enum { NAMES_SHOWN = 8 };

/* A key and its value, both where they lie in the line. */
typedef struct {
    char *key;
    size_t key_len;     /* decoded */
    size_t from, to;    /* the whole member as written, from the key's mark to the value's end */
    size_t value;       /* where the value begins */
    bool taken;
} Member;

typedef VEC(Member) Members;

typedef struct {
    RawRecord *raw;
    const InputOptions *options;
    Arena *arena;
    Error *err;
    Members members;
} Line;

/* ---- cutting */

static bool
is_blank(const Buf *line)
{
    for (size_t i = 0; i < line->len; i++)
        if (!strchr(" \t\r", line->bytes[i]) || line->bytes[i] == '\0')
            return false;
    return true;
}

static size_t
behind_blanks(const char *bytes, size_t len, size_t at)
{
    while (at < len && bytes[at] != '\0' && strchr(" \t\r\n", bytes[at]))
        at++;
    return at;
}

/* Is it JSON, and not in lines?  Then it begins with a list of objects, or with an object whose first line has nothing but its brace. */
static bool
is_not_in_lines(Stream *stream, const Buf *line, Error *err)
{
    enum { LOOK = 256 };
    size_t at = behind_blanks(line->bytes, line->len, 0), next = behind_blanks(line->bytes, line->len, at + 1), len;
    char first = line->bytes[at];
    const char *more;

    if (next < line->len)
        return first == '[' && line->bytes[next] == '{';
    if (first != '[' && first != '{')
        return false;
    len = stream_peek(stream, &more, LOOK, err);
    at = behind_blanks(more, len, 0);
    return at < len && more[at] == (first == '[' ? '{' : '"');
}

/* It is told once, and not once for each of its lines. */
static InputResult
refuse_json(Stream *stream, Error *err)
{
    error_set(err, ERROR_INPUT, stream->path, stream->lines, 0, NULL, 0,
              "it is JSON, but no JSON Lines, where each record stands on a line of its own (as `jq -c .` writes it, or `jq -c '.[]'` those of a list)");
    stream_skip(stream, UINT64_MAX, err);
    return INPUT_FAULT;
}

static InputResult
jsonl_cut(Stream *stream, RawRecord *raw, Error *err)
{
    bool long_line;

    do {
        buf_clear(&raw->bytes);
        if (!stream_line(stream, &raw->bytes, stream->most, &long_line, err))
            return err->kind != ERROR_NONE ? INPUT_FAULT : INPUT_END;
        if (long_line) {
            raw->number = ++stream->records;
            stream_too_long(err, stream->path, stream->lines, "the line", stream->most);
            return INPUT_FAULT;
        }
        if (stream->lines == 1 && raw->bytes.len >= 3 && memcmp(raw->bytes.bytes, "\xef\xbb\xbf", 3) == 0) {
            raw->bytes.len -= 3;
            memmove(raw->bytes.bytes, raw->bytes.bytes + 3, raw->bytes.len + 1);
        }
    } while (is_blank(&raw->bytes));
    raw->line = stream->lines;
    raw->number = ++stream->records;
    if (raw->number == 1 && is_not_in_lines(stream, &raw->bytes, err))
        return refuse_json(stream, err);
    return INPUT_RECORD;
}

/* An object whose first key is in quotation marks: plain text hardly begins so. */
static bool
jsonl_detect(const char *head, size_t len)
{
    size_t at = behind_blanks(head, len, len >= 3 && memcmp(head, "\xef\xbb\xbf", 3) == 0 ? 3 : 0);

    if (at >= len || head[at] != '{')
        return false;
    at = behind_blanks(head, len, at + 1);
    if (at >= len)
        return false;
    if (head[at] == '}')
        return true;
    if (head[at++] != '"')
        return false;
    while (at < len && head[at] != '"' && head[at] != '\n')
        at += head[at] == '\\' ? 2 : 1;
    if (at >= len || head[at++] != '"')
        return false;
    while (at < len && (head[at] == ' ' || head[at] == '\t'))
        at++;
    return at < len && head[at] == ':';
}

/* ---- the members of the object */

static bool
fault(Line *line, size_t at, const char *what)
{
    const RawRecord *raw = line->raw;
    size_t from = at > 60 ? at - 60 : 0, len = raw->bytes.len - from < 120 ? raw->bytes.len - from : 120;

    /* the column is of the line, so the piece that is shown fits it only at the line's start */
    return error_set(line->err, ERROR_INPUT, raw->path, raw->line, at + 1, from ? NULL : raw->bytes.bytes,
                     from ? 0 : len, "%s", what);
}

/* A key, a colon and a value. */
static bool
read_member(JReader *j, Member *m)
{
    if (jread_peek(j) != '"') {
        j->wrong = "a key in quotation marks must stand here";
        return false;
    }
    m->from = j->at;
    if (!jread_skip(j))
        return false;
    m->key = j->bytes + m->from + 1;
    m->key_len = j->at - m->from - 2;
    if (!jread_expect(j, ':', "a colon must follow the key"))
        return false;
    jread_peek(j);
    m->value = j->at;
    if (!jread_skip(j))
        return false;
    m->to = j->at;
    return true;
}

static bool
read_object(Line *line, JReader *j)
{
    if (!jread_expect(j, '{', "a record is a JSON object, { … }, on a line of its own"))
        return false;
    if (jread_peek(j) == '}') {
        j->at++;
        return true;
    }
    for (;;) {
        Member m = {0};
        char next;
        if (!read_member(j, &m))
            return false;
        *vec_push(line->arena, &line->members) = m;
        next = jread_peek(j);
        if (next != ',' && next != '}') {
            j->wrong = j->at < j->len ? "a comma or } must stand here" : "the object does not end on its line";
            return false;
        }
        j->at++;
        if (next == '}')
            return true;
    }
}

static bool
read_members(Line *line)
{
    JReader j = {.bytes = line->raw->bytes.bytes, .len = line->raw->bytes.len};
    bool ok = read_object(line, &j);

    if (ok && (jread_peek(&j), j.at < j.len)) {
        j.wrong = "something follows the object; a line holds one record";
        ok = false;
    }
    return ok || fault(line, j.at, j.wrong);
}

static int
compare_keys(const void *a, const void *b)
{
    const Member *x = *(Member *const *)a, *y = *(Member *const *)b;
    size_t len = x->key_len < y->key_len ? x->key_len : y->key_len;
    int order = memcmp(x->key, y->key, len);

    if (order)
        return order;
    if (x->key_len != y->key_len)
        return x->key_len < y->key_len ? -1 : 1;
    return x->from < y->from ? -1 : x->from > y->from;
}

/* Decode the keys (copies: the members are still to be passed on as written) and refuse one that comes twice. */
static bool
check_keys(Line *line)
{
    uint32_t n = line->members.count;
    Member **sorted = arena_alloc(line->arena, (n + 1) * sizeof *sorted);

    for (uint32_t i = 0; i < n; i++) {
        Member *m = sorted[i] = &line->members.items[i];
        if (memchr(m->key, '\\', m->key_len)) {
            m->key = arena_copy(line->arena, m->key, m->key_len + 1); /* with the closing mark */
            m->key_len = jread_decode(m->key, m->key_len);
        }
    }
    qsort(sorted, n, sizeof *sorted, compare_keys);
    for (uint32_t i = 1; i < n; i++)
        if (sorted[i]->key_len == sorted[i - 1]->key_len &&
            memcmp(sorted[i]->key, sorted[i - 1]->key, sorted[i]->key_len) == 0) {
            const char *what = arena_printf(line->arena, "the key \"%.*s\" stands twice in the record",
                                            (int)(sorted[i]->key_len < 80 ? sorted[i]->key_len : 80), sorted[i]->key);
            return fault(line, sorted[i]->from, what);
        }
    return true;
}

static Member *
find(Line *line, const char *name)
{
    size_t len = strlen(name);

    for (uint32_t i = 0; i < line->members.count; i++) {
        Member *m = &line->members.items[i];
        if (m->key_len == len && memcmp(m->key, name, len) == 0 && !m->taken)
            return m;
    }
    return NULL;
}

/* ---- the fields */

/* Decode a string where it lies; its length. */
static size_t
decode_in_place(Line *line, const Member *m)
{
    return jread_decode(line->raw->bytes.bytes + m->value + 1, m->to - m->value - 2);
}

/* A text of a record: NUL cannot stand in what is handed on as a string. */
static char *
decode(Line *line, const Member *m, size_t *len)
{
    char *text = line->raw->bytes.bytes + m->value + 1;

    *len = decode_in_place(line, m);
    for (char *nul = text; (nul = memchr(nul, '\0', *len - (size_t)(nul - text))) != NULL; nul++)
        *nul = ' ';
    return text;
}

static char
kind_of(const Line *line, const Member *m)
{
    return line->raw->bytes.bytes[m->value];
}

/* The member for a field under the user's name for it, or under ours, or under `other`; only if it is a string. */
static Member *
string_field(Line *line, const char *field, const char *other)
{
    const char *name = input_field_name(line->options, field);
    Member *m = find(line, name);

    if (m == NULL && other && strcmp(name, field) == 0)
        m = find(line, other);
    if (m == NULL)
        return NULL;
    if (kind_of(line, m) == 'n')
        m->taken = true; /* null is as good as nothing */
    if (kind_of(line, m) != '"')
        return NULL;
    m->taken = true;
    return m;
}

static bool
no_text(Line *line, const char *name)
{
    Buf seen = {0};
    const char *what;

    for (uint32_t i = 0; i < line->members.count && i < NAMES_SHOWN; i++) {
        const Member *m = &line->members.items[i];
        buf_str(&seen, i ? ", " : "");
        buf_add(&seen, m->key, m->key_len < 40 ? m->key_len : 40);
    }
    buf_str(&seen, line->members.count > NAMES_SHOWN ? ", …" : "");
    what = arena_printf(line->arena,
                        "the record has no \"%s\" (it has %s); say which field holds the text with --field text=NAME",
                        name, line->members.count ? seen.bytes : "no fields");
    buf_close(&seen);
    return fault(line, 0, what);
}

static bool
find_text(Line *line, Member **text)
{
    const char *name = input_field_name(line->options, "text");
    Member *m = find(line, name);

    if (m == NULL)
        return no_text(line, name);
    if (kind_of(line, m) != '"')
        return fault(line, m->value, arena_printf(line->arena, "\"%s\" must be a string", name));
    m->taken = true;
    *text = m;
    return true;
}

static bool
is_whole_number(const char *value, size_t len)
{
    for (size_t i = value[0] == '-'; i < len; i++)
        if (value[i] < '0' || value[i] > '9')
            return false;
    return true;
}

/* The id: a string, or a whole number as it is written. */
static bool
find_id(Line *line, Member **id)
{
    const char *name = input_field_name(line->options, "id");
    Member *m = find(line, name);

    if (m == NULL)
        return true;
    m->taken = true;
    if (kind_of(line, m) == 'n')
        return true;
    if (kind_of(line, m) != '"' && !is_whole_number(line->raw->bytes.bytes + m->value, m->to - m->value))
        return fault(line, m->value, arena_printf(line->arena, "\"%s\" must be a string or a whole number", name));
    *id = m;
    return true;
}

/* What nobody took, as it was written. */
static const char *
pass_on(Line *line)
{
    size_t room = 3, n = 0;
    char *out;

    for (uint32_t i = 0; i < line->members.count; i++)
        if (!line->members.items[i].taken)
            room += line->members.items[i].to - line->members.items[i].from + 1;
    if (room == 3)
        return NULL;
    out = arena_alloc(line->arena, room);
    out[n++] = '{';
    for (uint32_t i = 0; i < line->members.count; i++) {
        const Member *m = &line->members.items[i];
        if (m->taken)
            continue;
        if (n > 1)
            out[n++] = ',';
        memcpy(out + n, line->raw->bytes.bytes + m->from, m->to - m->from);
        n += m->to - m->from;
    }
    out[n++] = '}';
    out[n] = '\0';
    return out;
}

static const char *
decode_field(Line *line, const Member *m)
{
    size_t len;

    return m ? decode(line, m, &len) : NULL;
}

static bool
read_fields(Line *line, Record *record)
{
    Member *text = NULL, *id = NULL, *headline, *byline, *published, *url, *language;
    char *bytes = line->raw->bytes.bytes;

    if (!find_text(line, &text) || !find_id(line, &id))
        return false;
    headline = string_field(line, "headline", "title");
    byline = string_field(line, "byline", "author");
    published = string_field(line, "published", "date");
    url = string_field(line, "url", NULL);
    language = string_field(line, "language", NULL);
    record->meta = pass_on(line); /* before anything is decoded in its place */
    record->text = bytes + text->value + 1;
    record->len = decode_in_place(line, text);
    record->checked = true; /* the whole line was, and no escape makes it unsound */
    if (id && kind_of(line, id) != '"')
        record->id = arena_copy(line->arena, bytes + id->value, id->to - id->value);
    else
        record->id = decode_field(line, id);
    record->headline = decode_field(line, headline);
    record->byline = decode_field(line, byline);
    record->published = decode_field(line, published);
    record->language = decode_field(line, language);
    if (url)
        record->uri = decode_field(line, url);
    return true;
}

/* A line that is no UTF-8 was written in another character set, or is broken. */
static bool
repair_line(Line *line)
{
    size_t bad, repaired;
    Buf *bytes = &line->raw->bytes;
    Decoded found;

    if (utf8_check(bytes->bytes, bytes->len, &bad))
        return true;
    if (line->options->strict)
        return fault(line, bad, "broken UTF-8");
    found = charset_decode(line->arena, bytes->bytes, bytes->len, NULL, false);
    if (!utf8_check(found.text, found.len, &bad))
        found.text = utf8_repair(line->arena, found.text, found.len, &found.len, &repaired);
    buf_clear(bytes);
    buf_add(bytes, found.text, found.len);
    return true;
}

static bool
jsonl_read(RawRecord *raw, const Reading *reading, Record *record, Error *err)
{
    Line line = {.raw = raw, .options = reading->options, .arena = reading->arena, .err = err};

    return repair_line(&line) && read_members(&line) && check_keys(&line) && read_fields(&line, record);
}

const Format FORMAT_JSONL = {"jsonl", " .jsonl .ndjson .jl .json ", jsonl_detect, jsonl_cut, jsonl_read};
