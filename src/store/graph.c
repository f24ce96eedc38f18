/* An article of the archive as a graph of the format onrecord/1 again: what `store` has read of it. */
#include "store/db_p.h"

#include "graph/escape.h"
#include "text/utf8.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    Store *store;
    Error *err;
    Buf *out;
    int64_t article;
} Writer;

/* ---- values: behind `key`, which begins with a comma where one is due */

static void
put_string(Buf *out, sqlite3_stmt *q, int column)
{
    const char *text = db_text(q, column);
    size_t len = (size_t)sqlite3_column_bytes(q, column), bad, repaired;

    if (utf8_check(text, len, &bad)) {
        buf_json(out, text, len);
    } else { /* the file may come from anywhere */
        Arena arena;
        arena_init(&arena);
        text = utf8_repair(&arena, text, len, &len, &repaired);
        buf_json(out, text, len);
        arena_close(&arena);
    }
}

static bool
is_null(sqlite3_stmt *q, int column)
{
    return sqlite3_column_type(q, column) == SQLITE_NULL;
}

/* Left out where it is null, */
static void
put_text(Buf *out, const char *key, sqlite3_stmt *q, int column)
{
    if (is_null(q, column))
        return;
    buf_str(out, key);
    put_string(out, q, column);
}

/* or written so. */
static void
put_text_or_null(Buf *out, const char *key, sqlite3_stmt *q, int column)
{
    if (is_null(q, column)) {
        buf_str(out, key);
        PUT(out, "null");
    } else
        put_text(out, key, q, column);
}

static void
put_flag(Buf *out, const char *key, sqlite3_stmt *q, int column)
{
    if (sqlite3_column_int(q, column)) {
        buf_str(out, key);
        PUT(out, "true");
    }
}

static void
put_offset(Buf *out, const char *key, sqlite3_stmt *q, int column)
{
    int64_t offset = sqlite3_column_int64(q, column);

    buf_str(out, key);
    buf_number(out, offset > 0 ? (uint64_t)offset : 0);
}

/* As the writer of graphs has it: at most three decimals. */
static void
put_confidence(Buf *out, const char *key, sqlite3_stmt *q, int column)
{
    double value = sqlite3_column_double(q, column);
    unsigned thousandths;

    if (!(value > 0))
        return;
    thousandths = value >= 1 ? 1000 : (unsigned)(value * 1000 + 0.5);
    buf_printf(out, "%s%u.%03u", key, thousandths / 1000, thousandths % 1000);
    while (out->bytes[out->len - 1] == '0' && out->bytes[out->len - 2] != '.')
        out->bytes[--out->len] = '\0';
}

static void
put_end(Buf *out, const char *close, bool *first)
{
    buf_str(out, close);
    *first = false;
}

/* ---- mentions, and the names in them */

static void
put_mentions(Writer *w, const char *sql, int64_t id)
{
    sqlite3_stmt *q = db_ask(w->store, w->err, sql, "i", id);
    bool first = true;

    PUT(w->out, ",\"mentions\":[");
    while (db_row(w->store, q, w->err)) {
        put_offset(w->out, first ? "{\"start\":" : ",{\"start\":", q, 0);
        put_offset(w->out, ",\"end\":", q, 1);
        put_text(w->out, ",\"text\":", q, 2);
        put_text(w->out, ",\"kind\":", q, 3);
        put_text(w->out, ",\"rule\":", q, 4);
        put_confidence(w->out, ",\"confidence\":", q, 5);
        put_end(w->out, "}", &first);
    }
    PUT(w->out, "]");
}

static void
put_aliases(Writer *w, int64_t id)
{
    static const char SQL[] = "SELECT m.text FROM mentions m JOIN appearances p ON p.id = m.appearance_id WHERE m.appearance_id = ? "
                              "AND m.kind = 'name' AND m.text <> p.name GROUP BY m.text ORDER BY min(m.id)";
    sqlite3_stmt *q = db_ask(w->store, w->err, SQL, "i", id);
    bool first = true;

    PUT(w->out, ",\"aliases\":[");
    while (db_row(w->store, q, w->err)) {
        put_text(w->out, first ? "" : ",", q, 0);
        first = false;
    }
    PUT(w->out, "]");
}

/* ---- nodes */

static void
put_entities(Writer *w, bool *first)
{
    static const char SQL[] = "SELECT node, type, name, named, plural, gender, id FROM appearances WHERE article_id = ? ORDER BY id",
                      MENTIONS[] = "SELECT start, \"end\", text, kind, rule, confidence FROM mentions WHERE appearance_id = ? ORDER BY id";
    sqlite3_stmt *q = db_ask(w->store, w->err, SQL, "i", w->article);

    while (db_row(w->store, q, w->err)) {
        put_text(w->out, *first ? "{\"id\":" : ",{\"id\":", q, 0);
        put_text(w->out, ",\"type\":", q, 1);
        put_text(w->out, ",\"name\":", q, 2);
        buf_str(w->out, sqlite3_column_int(q, 3) ? ",\"named\":true" : ",\"named\":false");
        put_flag(w->out, ",\"plural\":", q, 4);
        put_text(w->out, ",\"gender\":", q, 5);
        put_aliases(w, sqlite3_column_int64(q, 6));
        put_mentions(w, MENTIONS, sqlite3_column_int64(q, 6));
        put_end(w->out, "}", first);
    }
}

static void
put_titles(Writer *w, bool *first)
{
    static const char SQL[] = "SELECT node, name, honorific, id FROM titles WHERE article_id = ? ORDER BY id",
                      MENTIONS[] = "SELECT start, \"end\", text, kind, rule, confidence FROM mentions WHERE title_id = ? ORDER BY id";
    sqlite3_stmt *q = db_ask(w->store, w->err, SQL, "i", w->article);

    while (db_row(w->store, q, w->err)) {
        put_text(w->out, *first ? "{\"id\":" : ",{\"id\":", q, 0);
        put_text(w->out, ",\"type\":\"title\",\"name\":", q, 1);
        put_flag(w->out, ",\"honorific\":", q, 2);
        put_mentions(w, MENTIONS, sqlite3_column_int64(q, 3));
        put_end(w->out, "}", first);
    }
}

static void
put_spans(Writer *w, const char *key, int64_t quote, bool quoted)
{
    static const char SQL[] = "SELECT start, \"end\" FROM spans WHERE quote_id = ? AND quoted = ? ORDER BY number";
    sqlite3_stmt *q = db_ask(w->store, w->err, SQL, "ii", quote, (int64_t)quoted);
    bool first = true;

    while (db_row(w->store, q, w->err)) {
        if (first)
            buf_str(w->out, key);
        put_offset(w->out, first ? "[{\"start\":" : ",{\"start\":", q, 0);
        put_offset(w->out, ",\"end\":", q, 1);
        put_end(w->out, "}", &first);
    }
    if (!first)
        PUT(w->out, "]");
    else if (!quoted)
        PUT(w->out, ",\"spans\":[]");
}

/* {"start":1,"end":2,"text":"…": columns from `at` on; the caller closes it.  False where there is none. */
static bool
put_place(Writer *w, const char *key, sqlite3_stmt *q, int at)
{
    if (is_null(q, at) || is_null(q, at + 2))
        return false;
    buf_str(w->out, key);
    put_offset(w->out, "{\"start\":", q, at);
    put_offset(w->out, ",\"end\":", q, at + 1);
    put_text(w->out, ",\"text\":", q, at + 2);
    return true;
}

static void
put_quotes(Writer *w, bool *first)
{
    static const char SQL[] = "SELECT q.node, q.form, q.text, q.speaker_start, q.speaker_end, q.speaker_text, q.speaker_kind, q.cue_start, "
                              "q.cue_end, q.cue, q.act, q.rule, q.confidence, q.negated, q.hypothetical, q.repaired, p.node, q.id "
                              "FROM quotes q LEFT JOIN quotes p ON p.id = q.parent_id WHERE q.article_id = ? ORDER BY q.id";
    sqlite3_stmt *q = db_ask(w->store, w->err, SQL, "i", w->article);

    while (db_row(w->store, q, w->err)) {
        put_text(w->out, *first ? "{\"id\":" : ",{\"id\":", q, 0);
        put_text(w->out, ",\"type\":\"quote\",\"form\":", q, 1);
        put_text(w->out, ",\"text\":", q, 2);
        put_spans(w, ",\"spans\":", sqlite3_column_int64(q, 17), false);
        put_spans(w, ",\"quoted\":", sqlite3_column_int64(q, 17), true);
        if (put_place(w, ",\"speaker\":", q, 3)) {
            put_text(w->out, ",\"kind\":", q, 6);
            PUT(w->out, "}");
        }
        if (put_place(w, ",\"cue\":", q, 7))
            PUT(w->out, "}");
        put_text(w->out, ",\"act\":", q, 10);
        put_text(w->out, ",\"rule\":", q, 11);
        put_confidence(w->out, ",\"confidence\":", q, 12);
        put_flag(w->out, ",\"negated\":", q, 13);
        put_flag(w->out, ",\"hypothetical\":", q, 14);
        put_flag(w->out, ",\"repaired\":", q, 15);
        put_text(w->out, ",\"parent\":", q, 16);
        put_end(w->out, "}", first);
    }
}

/* ---- edges */

static void
put_edges(Writer *w)
{
    static const char *const PARTS[] = {
        "SELECT p.node, q.node, 'said', NULL, NULL, q.rule, q.confidence FROM quotes q JOIN appearances p ON p.id = q.speaker_id "
        "WHERE q.article_id = ? ORDER BY q.id",
        "SELECT p.node, t.node, 'holds', h.former, NULL, h.rule, h.confidence FROM titles t JOIN holders h ON h.title_id = t.id "
        "JOIN appearances p ON p.id = h.person_id WHERE t.article_id = ? ORDER BY t.id, p.id, h.former",
        "SELECT t.node, p.node, 'at', b.former, NULL, b.rule, b.confidence FROM titles t JOIN bodies b ON b.title_id = t.id "
        "JOIN appearances p ON p.id = b.body_id WHERE t.article_id = ? ORDER BY t.id, p.id, b.former",
        "SELECT s.node, d.node, l.type, l.former, l.role, l.rule, l.confidence FROM links l JOIN appearances s ON s.id = l.source_id "
        "JOIN appearances d ON d.id = l.target_id WHERE l.article_id = ? ORDER BY l.id",
        "SELECT q.node, p.node, 'mentions', NULL, NULL, u.rule, u.confidence FROM quotes q JOIN subjects u ON u.quote_id = q.id "
        "JOIN appearances p ON p.id = u.subject_id WHERE q.article_id = ? ORDER BY q.id, p.id",
    };
    bool first = true;

    for (size_t i = 0; i < sizeof PARTS / sizeof *PARTS; i++) {
        sqlite3_stmt *q = db_ask(w->store, w->err, PARTS[i], "i", w->article);
        while (db_row(w->store, q, w->err)) {
            put_text(w->out, first ? "{\"source\":" : ",{\"source\":", q, 0);
            put_text(w->out, ",\"target\":", q, 1);
            put_text(w->out, ",\"type\":", q, 2);
            put_flag(w->out, ",\"former\":", q, 3);
            put_text(w->out, ",\"role\":", q, 4);
            put_text(w->out, ",\"rule\":", q, 5);
            put_confidence(w->out, ",\"confidence\":", q, 6);
            put_end(w->out, "}", &first);
        }
    }
}

/* ---- the article */

/* An object, or nothing: what stands there is text that anybody may have written. */
static void
put_meta(Buf *out, sqlite3_stmt *q, int column)
{
    json_t *meta = is_null(q, column) ? NULL : json_loadb(db_text(q, column), (size_t)sqlite3_column_bytes(q, column), 0, NULL);
    char *text = json_is_object(meta) ? json_dumps(meta, JSON_COMPACT) : NULL;

    if (text) {
        PUT(out, ",\"meta\":");
        buf_str(out, text);
    }
    free(text);
    json_decref(meta);
}

static void
put_zones(Writer *w)
{
    static const char SQL[] = "SELECT type, start, \"end\" FROM zones WHERE article_id = ? ORDER BY number";
    sqlite3_stmt *q = db_ask(w->store, w->err, SQL, "i", w->article);
    bool first = true;

    PUT(w->out, ",\"zones\":[");
    while (db_row(w->store, q, w->err)) {
        put_text(w->out, first ? "{\"type\":" : ",{\"type\":", q, 0);
        put_offset(w->out, ",\"start\":", q, 1);
        put_offset(w->out, ",\"end\":", q, 2);
        put_end(w->out, "}", &first);
    }
    PUT(w->out, "]");
}

static bool
put_head(Writer *w, bool no_text)
{
    static const char SQL[] = "SELECT name, uri, headline, byline, dateline, published, language, text, meta FROM articles WHERE id = ?";
    sqlite3_stmt *q = db_ask(w->store, w->err, SQL, "i", w->article);

    if (!db_row(w->store, q, w->err))
        return error_set(w->err, ERROR_USAGE, w->store->path, 0, 0, NULL, 0, "there is no article %lld", (long long)w->article);
    put_text(w->out, "{\"schema\":\"onrecord/1\",\"directed\":true,\"multigraph\":true,\"graph\":{\"id\":", q, 0);
    put_text(w->out, ",\"uri\":", q, 1);
    put_text_or_null(w->out, ",\"headline\":", q, 2);
    put_text_or_null(w->out, ",\"byline\":", q, 3);
    put_text_or_null(w->out, ",\"dateline\":", q, 4);
    put_text_or_null(w->out, ",\"published\":", q, 5);
    put_text(w->out, ",\"language\":", q, 6);
    PUT(w->out, ",\"offsets\":\"codepoint\"");
    put_zones(w);
    if (!no_text)
        put_text(w->out, ",\"text\":", q, 7);
    put_meta(w->out, q, 8);
    db_reset(q);
    return true;
}

bool
store_graph(Store *s, int64_t article, bool no_text, Buf *out, Error *err)
{
    Writer w = {s, err, out, article};
    bool first = true;

    if (!put_head(&w, no_text))
        return false;
    PUT(out, "},\"nodes\":[");
    put_entities(&w, &first);
    put_titles(&w, &first);
    put_quotes(&w, &first);
    PUT(out, "],\"edges\":[");
    put_edges(&w);
    PUT(out, "]}");
    return err->kind == ERROR_NONE;
}

bool
store_articles(Store *s, StoreTakeArticle take, void *context, Error *err)
{
    static const char NEXT[] = "SELECT min(id) FROM articles WHERE id > ?";
    int64_t at = 0;

    while ((at = db_number(s, 0, err, NEXT, "i", at)) != 0)
        if (!take(at, context, err))
            return false;
    return err->kind == ERROR_NONE;
}
