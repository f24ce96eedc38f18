/* Tables for other programs. */
#include "web/view.h"

#include "export/export.h"
#include "graph/escape.h"
#include "text/utf8.h"

/* ---- CSV */

static void
csv_cell(Buf *out, const char *text)
{
    if (text)
        csv_text(out, text, strlen(text));
}

static void
csv_open(View *v)
{
    v->type = "text/csv; charset=utf-8; header=present";
    v->file = true;
}

void
csv_rows(View *v, StoreRows rows)
{
    bool head = false;

    csv_open(v);
    while (rows_next(&rows)) {
        int columns = rows_columns(&rows);
        for (int i = 0; !head && i < columns; i++)
            buf_printf(v->out, "%s%s", rows_name(&rows, i), i + 1 < columns ? "," : "\r\n");
        head = true;
        for (int i = 0; i < columns; i++) {
            if (rows_is_number(&rows, i))
                buf_str(v->out, rows_text(&rows, i));
            else
                csv_cell(v->out, rows_text(&rows, i));
            buf_str(v->out, i + 1 < columns ? "," : "\r\n");
        }
    }
}

/* A quote's columns, in CSV and JSON alike. */
enum { QUOTE_TEXTS = 13 };

static const char *const QUOTE_COLUMNS[QUOTE_TEXTS] = {"day",  "speaker", "speaker_type", "as_written", "title",    "organization", "act",
                                                       "form", "quote",   "notes",        "article",    "headline", "url"};

static const char *
notes_of(const StoredQuote *q)
{
    return q->negated ? "negated" : q->hypothetical ? "hypothetical" : q->speaker && !q->named ? "unnamed"
         : q->speaker ? NULL : q->speaker_text ? "unresolved" : "unattributed";
}

static void
quote_texts(const StoredQuote *q, const char *texts[QUOTE_TEXTS])
{
    const char *all[QUOTE_TEXTS] = {q->day,  q->speaker, q->speaker_type, q->speaker_text, q->title,    q->organization, q->act,
                                    q->form, q->text,    notes_of(q),     q->article,      q->headline, q->uri};

    memcpy(texts, all, sizeof all);
}

void
csv_quote_head(View *v)
{
    csv_open(v);
    buf_str(v->out, "id");
    for (int i = 0; i < QUOTE_TEXTS; i++)
        buf_printf(v->out, ",%s", QUOTE_COLUMNS[i]);
    buf_str(v->out, "\r\n");
}

void
csv_quote(View *v, const StoredQuote *q)
{
    const char *texts[QUOTE_TEXTS];

    quote_texts(q, texts);
    buf_number(v->out, (uint64_t)q->id);
    for (int i = 0; i < QUOTE_TEXTS; i++) {
        buf_char(v->out, ',');
        csv_cell(v->out, texts[i]);
    }
    buf_str(v->out, "\r\n");
}

/* ---- JSON */

static void
json_comma(View *v)
{
    char last = v->out->bytes[v->out->len - 1];

    if (last != '{' && last != '[')
        buf_char(v->out, ',');
}

static void
json_text(View *v, const char *text)
{
    size_t len = text ? strlen(text) : 0, bad, repaired;

    if (text && !utf8_check(text, len, &bad))
        text = utf8_repair(v->arena, text, len, &len, &repaired);
    if (text)
        buf_json(v->out, text, len);
    else
        buf_str(v->out, "null");
}

static void
json_key(View *v, const char *key)
{
    json_comma(v);
    json_text(v, key);
    buf_char(v->out, ':');
}

void
json_open(View *v)
{
    v->type = "application/json";
    v->file = true;
    buf_char(v->out, '{');
    json_key(v, "archive");
    json_text(v, v->site->name);
}

void
json_array_open(View *v, const char *name)
{
    json_key(v, name);
    buf_char(v->out, '[');
}

void
json_rows(View *v, const char *name, StoreRows rows)
{
    json_array_open(v, name);
    while (rows_next(&rows)) {
        json_comma(v);
        buf_char(v->out, '{');
        for (int i = 0; i < rows_columns(&rows); i++) {
            json_key(v, rows_name(&rows, i));
            if (rows_is_number(&rows, i))
                buf_str(v->out, rows_text(&rows, i));
            else
                json_text(v, rows_text(&rows, i));
        }
        buf_char(v->out, '}');
    }
    json_array_close(v);
}

void
json_quote(View *v, const StoredQuote *q)
{
    const char *texts[QUOTE_TEXTS];

    quote_texts(q, texts);
    json_comma(v);
    buf_str(v->out, "{\"id\":");
    buf_number(v->out, (uint64_t)q->id);
    for (int i = 0; i < QUOTE_TEXTS; i++) {
        json_key(v, QUOTE_COLUMNS[i]);
        json_text(v, texts[i]);
    }
    buf_str(v->out, ",\"article_id\":");
    buf_number(v->out, (uint64_t)q->article_id);
    buf_char(v->out, '}');
}

void
json_array_close(View *v)
{
    buf_char(v->out, ']');
}

void
json_close(View *v)
{
    buf_str(v->out, "}\n");
}

/* ---- counts */

void
csv_counted_head(View *v)
{
    csv_open(v);
    buf_str(v->out, "id,type,name,gender,articles,quotes\r\n");
}

void
csv_counted(View *v, const Tally *t, TallyType type)
{
    for (uint32_t i = 0; i < t->entities[type].count && i < ROWS_MOST; i++) {
        Counted c = t->entities[type].items[i];
        StoreRows rows = store_ask(v->store, &v->err, ASK_ENTITY_NAME, "i", c.id);
        if (rows_next(&rows)) {
            buf_printf(v->out, "%lld,\"%s\",", (long long)c.id, tally_type_name(type));
            csv_cell(v->out, rows_text(&rows, 0));
            buf_char(v->out, ',');
            csv_cell(v->out, rows_text(&rows, 2));
            buf_printf(v->out, ",%lld,%lld\r\n", (long long)c.articles, (long long)c.quotes);
        }
        rows_end(&rows);
    }
}

void
json_counted(View *v, const char *name, const Tally *t, TallyType type)
{
    json_array_open(v, name);
    for (uint32_t i = 0; i < t->entities[type].count && i < ROWS_MOST; i++) {
        Counted c = t->entities[type].items[i];
        StoreRows rows = store_ask(v->store, &v->err, ASK_ENTITY_NAME, "i", c.id);
        if (rows_next(&rows)) {
            json_comma(v);
            buf_printf(v->out, "{\"id\":%lld,\"name\":", (long long)c.id);
            json_text(v, rows_text(&rows, 0));
            buf_str(v->out, ",\"gender\":");
            json_text(v, rows_text(&rows, 2));
            buf_printf(v->out, ",\"articles\":%lld,\"quotes\":%lld}", (long long)c.articles, (long long)c.quotes);
        }
        rows_end(&rows);
    }
    json_array_close(v);
}

void
json_shares(View *v, const char *name, const Shares *shares)
{
    json_array_open(v, name);
    for (uint32_t i = 0; i < shares->count; i++) {
        json_comma(v);
        buf_str(v->out, "{\"name\":");
        json_text(v, shares->shares[i].name);
        buf_printf(v->out, ",\"quotes\":%lld}", (long long)shares->shares[i].quotes);
    }
    json_array_close(v);
}

bool
csv_take_quote(const StoredQuote *q, void *view)
{
    csv_quote(view, q);
    return true;
}

bool
json_take_quote(const StoredQuote *q, void *view)
{
    json_quote(view, q);
    return true;
}

/* ---- a search */

void
records_search(View *v, const StoreQuery *query)
{
    StoreQuery all = *query;

    all.skip = 0;
    all.most = ROWS_MOST;
    if (v->request.form == FORM_CSV) {
        csv_quote_head(v);
        store_search(v->store, &all, csv_take_quote, v, NULL, &v->err);
    } else {
        json_array_open(v, "quotes");
        store_search(v->store, &all, json_take_quote, v, NULL, &v->err);
        json_array_close(v);
    }
}
