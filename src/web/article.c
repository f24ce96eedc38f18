#include "web/article.h"

#include "text/utf8.h"

#include <stdlib.h>

static const char *
keep(View *v, const StoreRows *rows, int column)
{
    const char *text = rows_text(rows, column);

    return text ? arena_copy(v->arena, text, rows_length(rows, column)) : NULL;
}

static const char *
keep_given(View *v, const StoreRows *rows, int column)
{
    const char *text = rows_given(rows, column);

    return arena_copy(v->arena, text, strlen(text));
}

/* ---- the text */

/* What is not UTF-8 is repaired, and what is too long for a page is cut. */
static void
read_text(View *v, ShownArticle *a, const char *text)
{
    size_t len, repaired;
    uint32_t size;

    a->text = utf8_repair(v->arena, text, strlen(text), &len, &repaired);
    a->codepoints = (uint32_t)utf8_count(a->text, len);
    a->cut = a->codepoints > TEXT_SHOWN;
    if (a->cut)
        a->codepoints = TEXT_SHOWN;
    a->bytes_of = arena_alloc(v->arena, (a->codepoints + 1) * sizeof *a->bytes_of);
    for (uint32_t i = 0; i < a->codepoints; i++) {
        a->bytes_of[i] = a->len;
        utf8_next(a->text + a->len, &size);
        a->len += size;
    }
    a->bytes_of[a->codepoints] = a->len;
}

/* A place in code points as bytes; false if it is none, or is not shown. */
static bool
read_bytes(const ShownArticle *a, int64_t start, int64_t end, Span *bytes)
{
    if (start < 0 || end <= start || start >= a->codepoints)
        return false;
    if (end > a->codepoints)
        end = a->codepoints;
    *bytes = (Span){a->bytes_of[start], a->bytes_of[end]};
    return true;
}

static bool
read_article(View *v, int64_t id, ShownArticle *a)
{
    StoreRows rows = store_ask(v->store, &v->err, ASK_ARTICLE, "i", id);
    bool found = rows_next(&rows);

    if (found) {
        *a = (ShownArticle){.id = id, .name = keep_given(v, &rows, 1), .url = keep(v, &rows, 2), .headline = keep(v, &rows, 3),
                            .byline = keep(v, &rows, 4), .dateline = keep(v, &rows, 5), .published = keep(v, &rows, 6),
                            .day = keep(v, &rows, 7), .prefix = ""};
        read_text(v, a, rows_text(&rows, 9) ? rows_text(&rows, 9) : "");
    }
    rows_end(&rows);
    return found;
}

/* ---- what was found in it */

static void
read_zones(View *v, ShownArticle *a)
{
    StoreRows rows = store_ask(v->store, &v->err, ASK_PARTS, "i", a->id);
    Span bytes;

    while (rows_next(&rows))
        if (read_bytes(a, rows_number(&rows, 1), rows_number(&rows, 2), &bytes))
            *vec_push(v->arena, &a->zones) = (ShownZone){bytes, keep_given(v, &rows, 0)};
}

static void
read_mentions(View *v, ShownArticle *a)
{
    StoreRows rows = store_ask(v->store, &v->err, ASK_MENTIONS, "i", a->id);
    Span bytes;

    while (a->mentions.count < MENTIONS_SHOWN && rows_next(&rows))
        if (read_bytes(a, rows_number(&rows, 0), rows_number(&rows, 1), &bytes))
            *vec_push(v->arena, &a->mentions) =
                (ShownMention){bytes, keep_given(v, &rows, 2), keep_given(v, &rows, 3), keep(v, &rows, 5), keep(v, &rows, 6),
                               rows_number(&rows, 4), rows_real(&rows, 7)};
    rows_end(&rows);
}

static const char *
anchor_of(View *v, const char *node, int64_t id)
{
    Buf anchor = {0};
    const char *text;

    put_anchor(&anchor, node, id);
    text = arena_copy(v->arena, anchor.bytes, anchor.len);
    buf_close(&anchor);
    return text;
}

static void
read_quotes(View *v, ShownArticle *a)
{
    StoreRows rows = store_ask(v->store, &v->err, ASK_SAID, "i", a->id);

    while (a->quotes.count < QUOTES_SHOWN && rows_next(&rows)) {
        ShownQuote *q = vec_push(v->arena, &a->quotes);
        *q = (ShownQuote){.id = rows_number(&rows, 0), .anchor = anchor_of(v, rows_given(&rows, 1), rows_number(&rows, 0)),
                          .number = a->quotes.count, .form = keep_given(v, &rows, 2), .text = keep_given(v, &rows, 3),
                          .speaker_id = rows_number(&rows, 4), .speaker = keep(v, &rows, 5), .speaker_type = keep_given(v, &rows, 6),
                          .named = rows_number(&rows, 7), .speaker_text = keep(v, &rows, 8), .speaker_kind = keep(v, &rows, 9),
                          .speaker_start = rows_number(&rows, 10), .speaker_end = rows_number(&rows, 11),
                          .cue = keep(v, &rows, 12), .act = keep(v, &rows, 15), .rule = keep(v, &rows, 16),
                          .confidence = rows_real(&rows, 17), .negated = rows_number(&rows, 18),
                          .hypothetical = rows_number(&rows, 19), .repaired = rows_number(&rows, 20),
                          .appearance = rows_number(&rows, 21)};
        if (q->cue)
            read_bytes(a, rows_number(&rows, 13), rows_number(&rows, 14), &q->cue_bytes);
    }
    rows_end(&rows);
}

static int
compare_id(const void *key, const void *item)
{
    int64_t id = *(const int64_t *)key, other = ((const ShownQuote *)item)->id;

    return id < other ? -1 : id > other;
}

static void
read_pieces(View *v, ShownArticle *a)
{
    StoreRows rows = store_ask(v->store, &v->err, ASK_PIECES, "i", a->id);
    Span bytes;

    while (rows_next(&rows)) {
        int64_t id = rows_number(&rows, 0);
        ShownQuote *q = a->quotes.count ? bsearch(&id, a->quotes.items, a->quotes.count, sizeof *q, compare_id) : NULL;
        if (q == NULL || !read_bytes(a, rows_number(&rows, 1), rows_number(&rows, 2), &bytes))
            continue;
        if (q->pieces++)
            a->pieces.items[q->last].next = a->pieces.count;
        else
            q->first = a->pieces.count;
        q->last = a->pieces.count;
        *vec_push(v->arena, &a->pieces) = (ShownPiece){bytes, q->number - 1, 0};
    }
}

static void
read_offices(View *v, ShownArticle *a)
{
    StoreRows rows = store_ask(v->store, &v->err, ASK_OFFICES_IN, "i", a->id);

    while (a->offices.count < OFFICES_SHOWN && rows_next(&rows))
        *vec_push(v->arena, &a->offices) =
            (ShownOffice){rows_number(&rows, 0), rows_number(&rows, 3), keep(v, &rows, 2), keep(v, &rows, 4),
                          keep(v, &rows, 6), rows_number(&rows, 5), rows_number(&rows, 7)};
    rows_end(&rows);
}

bool
article_read(View *v, int64_t id, ShownArticle *a)
{
    if (id == ID_NONE || !read_article(v, id, a))
        return false;
    read_zones(v, a);
    read_mentions(v, a);
    read_quotes(v, a);
    read_pieces(v, a);
    read_offices(v, a);
    return v->err.kind == ERROR_NONE;
}

const char *
article_shown(View *v, const ShownArticle *a, const ShownQuote *q)
{
    Buf shown = {0};
    const char *text;
    uint32_t before = 0, at = q->first;

    for (uint32_t i = 0; q->pieces > 1 && i < q->pieces; i++, at = a->pieces.items[at].next) {
        Span bytes = a->pieces.items[at].bytes;
        uint32_t gap = i && bytes.start > before ? before : bytes.start;
        shown_piece(&shown, a->text + bytes.start, bytes.end - bytes.start, a->text + gap, bytes.start - gap);
        before = bytes.end;
    }
    if (shown.len == 0)
        buf_str(&shown, q->text);
    shown_end(&shown);
    text = arena_copy(v->arena, shown.bytes, shown.len);
    buf_close(&shown);
    return text;
}

const ShownOffice *
article_office(const ShownArticle *a, int64_t appearance)
{
    const ShownOffice *best = NULL;

    for (uint32_t i = 0; appearance && i < a->offices.count; i++) {
        const ShownOffice *o = &a->offices.items[i];
        if (o->appearance == appearance && !o->honorific && (best == NULL || (best->title == NULL && o->title)))
            best = o;
    }
    return best;
}
