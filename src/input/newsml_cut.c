/* Items are cut by their tags alone, without a look at what stands between: one that is broken costs no other. */
#include "input/newsml.h"

#include "base/mem.h"
#include "input/charset.h"
#include "input/xml_mend.h"

#include <stdlib.h>

enum { HEAD = 1024, TAG_MOST = 1 << 16, NAME_MOST = 64, CDATA_BEGIN = 9, CDATA_END = 3 };

typedef struct {
    Stream *stream;
    XmlMend mend;
    Buf ready;   /* put right, and not yet looked at … */
    size_t at;   /* … from here on */
    bool cdata;  /* we are in a section of it */
    uint64_t line;
    Buf doctype; /* if it declares entities */
    char root[NAME_MOST], item[NAME_MOST]; /* the elements that are open; empty: none */
    bool ended;  /* the end of the file was seen, and what is wrong with it told */
} Cutter;

/* A tag, or a piece of what stands between tags. */
typedef struct {
    const char *bytes;
    size_t len;
    enum { BETWEEN, BEGIN, END, EMPTY, DOCTYPE } kind;
    char name[NAME_MOST]; /* with its prefix */
} Piece;

/* ---- pieces */

/* Have more in the window.  False at the end, or on a fault. */
static bool
look_further(Cutter *c, Error *err)
{
    size_t before;

    if (c->at) {
        memmove(c->ready.bytes, c->ready.bytes + c->at, c->ready.len - c->at);
        c->ready.len -= c->at;
        c->at = 0;
    }
    before = c->ready.len;
    xml_mend(&c->mend, c->stream, &c->ready, err);
    return c->ready.len > before;
}

/* Where the tag or document type at the window's beginning ends; 0: it does not, and is none. */
static size_t
find_tag_end(Cutter *c, Error *err)
{
    bool declares = false, doctype;
    char quote = '\0';

    for (size_t i = 1; i < TAG_MOST; i++) {
        char byte;
        if (c->at + i >= c->ready.len && !look_further(c, err))
            return 0;
        doctype = c->ready.bytes[c->at + 1] == '!';
        byte = c->ready.bytes[c->at + i];
        if (byte == '<' && !doctype)
            return 0;
        if (quote)
            quote = byte == quote ? '\0' : quote;
        else if (byte == '"' || byte == '\'')
            quote = byte;
        else if (byte == '[' || byte == ']')
            declares = doctype && byte == '[';
        else if (byte == '>' && !declares)
            return i + 1;
    }
    return 0;
}

static void
name_tag(Piece *t)
{
    const char *from = t->bytes + 1, *end = t->bytes + t->len - 1;
    size_t len = 0;

    t->kind = *from == '!' ? DOCTYPE : *from == '/' ? END : end[-1] == '/' ? EMPTY : BEGIN;
    from += *from == '/';
    while (from + len < end && len < NAME_MOST - 1 && !strchr(" \t\r\n/>", from[len]))
        len++;
    memcpy(t->name, from, len);
    t->name[len] = '\0';
}

/* How much of the section of CDATA lies ready: up to its end, or without what may be the beginning of that. */
static size_t
cdata_len(Cutter *c, Error *err)
{
    const char *stop;

    for (;;) {
        size_t len = c->ready.len - c->at;
        stop = memmem(c->ready.bytes + c->at, len, "]]>", CDATA_END);
        c->cdata = stop == NULL;
        if (stop)
            return (size_t)(stop - c->ready.bytes) - c->at + CDATA_END;
        if (len >= CDATA_END)
            return len - (CDATA_END - 1);
        if (!look_further(c, err))
            return len;
    }
}

/* The next piece; it lies in the window until the next call.  False at the end of the file, or on a fault. */
static bool
next_piece(Cutter *c, Piece *t, Error *err)
{
    size_t left;
    const char *at;

    if (c->ready.len - c->at < CDATA_BEGIN)
        look_further(c, err);
    left = c->ready.len - c->at;
    if (left == 0)
        return false;
    *t = (Piece){.len = 1};
    at = c->ready.bytes + c->at;
    if (c->cdata) {
        t->len = cdata_len(c, err);
    } else if (*at != '<') {
        const char *mark = memchr(at, '<', left);
        t->len = mark ? (size_t)(mark - at) : left;
    } else if (left >= CDATA_BEGIN && memcmp(at, "<![CDATA[", CDATA_BEGIN) == 0) {
        t->len = CDATA_BEGIN;
        c->cdata = true;
    } else if ((left = find_tag_end(c, err)) > 0) {
        t->len = left;
        t->bytes = c->ready.bytes + c->at;
        name_tag(t);
    }
    t->bytes = c->ready.bytes + c->at;
    c->at += t->len;
    for (const char *line = t->bytes, *end = t->bytes + t->len; (line = memchr(line, '\n', (size_t)(end - line))) != NULL; line++)
        c->line++;
    return true;
}

/* ---- the file */

/* The file may say in which character set it is. */
static void
recode_declared(Stream *stream)
{
    Error err = {0}; /* seen again when the bytes are taken */
    Arena arena;
    const char *head, *declared;
    size_t len = stream_peek(stream, &head, HEAD, &err);

    arena_init(&arena);
    declared = charset_declared(&arena, head, len);
    if (declared && strncasecmp(declared, "utf", 3) != 0)
        stream_recode(stream, declared);
    arena_close(&arena);
}

static void
cutter_free(void *self)
{
    Cutter *c = self;

    buf_close(&c->ready);
    buf_close(&c->doctype);
    free(c);
}

static Cutter *
cutter_of(Stream *stream)
{
    Cutter *c = stream->format_data;

    if (c == NULL) {
        c = mem_zero(1, sizeof *c);
        c->stream = stream;
        c->line = 1;
        recode_declared(stream);
        stream->format_data = c;
        stream->format_close = cutter_free;
    }
    return c;
}

/* Whatever their prefix. */
static bool
is_item(const char *name)
{
    static const char *const items[] = {"newsItem", "nitf", "item", "entry"};
    const char *colon = strchr(name, ':');

    for (size_t i = 0; i < sizeof items / sizeof *items; i++)
        if (strcmp(colon ? colon + 1 : name, items[i]) == 0)
            return true;
    return false;
}

/* A photo, a package or a catalogue has no text of its own. */
static bool
has_text(const Cutter *c, const Buf *item)
{
    return strstr(c->item, "newsItem") == NULL || memmem(item->bytes, item->len, "inlineXML", 9) || memmem(item->bytes, item->len, "inlineData", 10);
}

/* Outside of items: does one begin here? */
static bool
begin_item(Cutter *c, const Piece *t, RawRecord *raw)
{
    if (t->kind == DOCTYPE && memchr(t->bytes, '[', t->len)) {
        buf_clear(&c->doctype);
        buf_add(&c->doctype, t->bytes, t->len);
    }
    if (t->kind == END && strcmp(t->name, c->root) == 0)
        c->root[0] = '\0';
    if (t->kind != BEGIN)
        return false;
    if (c->root[0] == '\0')
        strcpy(c->root, t->name);
    if (!is_item(t->name))
        return false;
    strcpy(c->item, t->name);
    raw->line = c->line;
    buf_clear(&raw->bytes);
    buf_add(&raw->bytes, c->doctype.bytes, c->doctype.len);
    return true;
}

/* What lay in damage is lost, and behind it anything may stand. */
static InputResult
pass_damage(Cutter *c)
{
    c->item[0] = '\0';
    c->cdata = false;
    c->mend.until = NULL;
    c->mend.drop = false;
    return INPUT_FAULT;
}

/* At the end: was anything open? */
static InputResult
end_file(Cutter *c, RawRecord *raw, Error *err)
{
    if (!c->ended && (c->item[0] || c->root[0] || !c->mend.begun)) {
        raw->number = ++c->stream->records;
        error_set(err, ERROR_INPUT, c->stream->path, c->line, 0, NULL, 0, c->mend.begun ? "it is cut short: </%s> is missing" : "it is no XML%s",
                  c->item[0] ? c->item : c->root);
    }
    c->ended = true;
    return err->kind == ERROR_NONE ? INPUT_END : INPUT_FAULT;
}

/* An item of `size` bytes is there, if it did not grow too long to be kept. */
static InputResult
end_item(Cutter *c, RawRecord *raw, uint64_t size, Error *err)
{
    bool too_long = size > c->stream->most, wanted = too_long || has_text(c, &raw->bytes);

    if (strcmp(c->item, c->root) == 0)
        c->root[0] = '\0';
    c->item[0] = '\0';
    if (!wanted)
        return INPUT_END;
    raw->number = ++c->stream->records;
    if (!too_long)
        return INPUT_RECORD;
    stream_too_long(err, c->stream->path, raw->line, "an item", c->stream->most);
    return INPUT_FAULT;
}

InputResult
newsml_cut(Stream *stream, RawRecord *raw, Error *err)
{
    Cutter *c = cutter_of(stream);
    InputResult result;
    uint64_t size = 0;
    Piece t;

    while (next_piece(c, &t, err)) {
        bool is_open = c->item[0] != '\0', same = is_open && strcmp(t.name, c->item) == 0;
        if (!is_open && !begin_item(c, &t, raw))
            continue;
        if (same && t.kind == BEGIN) /* the end of the one before is missing, which will be told */
            c->at -= t.len;
        else if ((size += t.len) <= stream->most)
            buf_add(&raw->bytes, t.bytes, t.len);
        if (!same || t.kind == EMPTY)
            continue;
        if ((result = end_item(c, raw, size, err)) != INPUT_END)
            return result;
        size = 0;
    }
    return err->kind == ERROR_NONE ? end_file(c, raw, err) : pass_damage(c);
}

bool
newsml_detect(const char *head, size_t len)
{
    static const char *const roots[] = {"newsItem", "newsMessage", "packageItem", "conceptItem", "knowledgeItem", "nitf", "rss", "feed", "rdf:RDF", "RDF", "contentSet", "contentMeta", NULL};
    const char *at = head, *end = head + len;

    if (len >= 3 && memcmp(head, "\xef\xbb\xbf", 3) == 0)
        at += 3;
    while (at < end && *at != '\0' && strchr(" \t\r\n", *at))
        at++;
    if (at == end || *at != '<')
        return false;
    while ((at = memchr(at, '<', (size_t)(end - at))) != NULL && at + 1 < end) {
        const char *name = at + 1, *colon;
        size_t n = 0;
        if (*name == '!' || *name == '?') {
            const char *stop = end - name > 3 && memcmp(name, "!--", 3) == 0 ? memmem(name, (size_t)(end - name), "-->", 3) : memchr(name, '>', (size_t)(end - name));
            if (stop == NULL)
                return false;
            at = stop;
            continue;
        }
        while (name + n < end && n < 40 && !strchr(" \t\r\n>/", name[n]))
            n++;
        colon = memchr(name, ':', n);
        for (const char *const *root = roots; *root; root++)
            if ((strlen(*root) == n && memcmp(name, *root, n) == 0) ||
                (colon && strlen(*root) == n - (size_t)(colon + 1 - name) && memcmp(colon + 1, *root, strlen(*root)) == 0))
                return true;
        return false;
    }
    return false;
}
