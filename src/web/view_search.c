/* Quotes by words, speaker, subject, organization and date. */
#include "web/marking.h"
#include "web/view.h"

#include <stdio.h>

typedef struct {
    StoreQuery query;
    Terms terms;
    const char *wrong; /* what is wrong with what was asked, or NULL */
} Search;

static void
read_search(const View *v, Search *s)
{
    const char *since = request_get(&v->request, "since"), *until = request_get(&v->request, "until");

    *s = (Search){.query = {.most = PAGE_SIZE}};
    terms_read(&s->terms, request_get(&v->request, "q"));
    s->query.words = s->terms.terms;
    s->query.word_count = s->terms.count;
    s->query.speaker = request_get(&v->request, "speaker");
    s->query.organization = request_get(&v->request, "org");
    s->query.about = request_get(&v->request, "about");
    s->query.speaker_id = request_number(&v->request, "person", INT64_MAX, 0);
    s->query.about_id = request_number(&v->request, "subject", INT64_MAX, 0);
    s->query.organization_id = request_number(&v->request, "body", INT64_MAX, 0);
    s->query.skip = (uint32_t)(page_number(v) - 1) * PAGE_SIZE;
    if ((since && !store_is_date(since)) || (until && !store_is_date(until)))
        s->wrong = "Write a date as 2024-03-31, 2024-03 or 2024.";
    s->query.since = s->wrong ? NULL : since;
    s->query.until = s->wrong ? NULL : until;
}

/* ---- the page */

static void
put_field(View *v, const char *name, const char *label, const char *hint)
{
    const char *value = request_get(&v->request, name);

    html_put(v->out, "<div class=\"field\"><label for=\"%\">%</label><input id=\"%\" name=\"%\" value=\"%\" placeholder=\"%\"></div>\n",
             name, label, name, name, value ? value : "", hint, NULL);
}

/* An entity that links on other pages ask for: shown, and kept while other words are asked. */
static void
put_fixed(View *v, const char *name, const char *label)
{
    int64_t id = request_number(&v->request, name, INT64_MAX, 0);
    StoreRows rows;

    if (id == 0)
        return;
    rows = store_ask(v->store, &v->err, ASK_ENTITY_NAME, "i", id);
    if (rows_next(&rows)) {
        html_put(v->out, "<div class=\"field check\"><input type=\"checkbox\" id=\"%\" name=\"%\" value=\"", name, name, NULL);
        buf_printf(v->out, "%lld", (long long)id);
        html_put(v->out, "\" checked><label for=\"%\">% <b>%</b></label></div>\n", name, label, rows_given(&rows, 0), NULL);
    }
    rows_end(&rows);
}

static void
put_form(View *v)
{
    const char *words = request_get(&v->request, "q");

    html_put(v->out,
             "<form class=\"big\" id=\"search\" role=\"search\" action=\"/search\"><label for=\"q\">Search what was said</label>\n"
             "<div class=\"line\"><input id=\"q\" type=\"search\" name=\"q\" value=\"%\"><button>Search</button></div>\n"
             "<fieldset class=\"filters\"><legend>Only quotes</legend>\n",
             words ? words : "", NULL);
    put_field(v, "speaker", "by", "a name");
    put_field(v, "org", "for the organization", "a name");
    put_field(v, "about", "about", "a name");
    put_field(v, "since", "from", "2024-03-31");
    put_field(v, "until", "to", "2024-12");
    put_fixed(v, "person", "by");
    put_fixed(v, "body", "for");
    put_fixed(v, "subject", "about");
    buf_str(v->out, "</fieldset></form>\n");
}

static bool
show(const StoredQuote *q, void *context)
{
    View *v = context;

    put_quote(v, q, &(QuoteLook){.marked = request_get(&v->request, "q")});
    return true;
}

static void
put_count(Buf *out, uint32_t count, const StoreQuery *query)
{
    buf_str(out, "<p class=\"count\" role=\"status\">");
    if (count == 0)
        buf_str(out, "No quote answers. Fewer words, or the beginning of one, may help.");
    else if (count == store_sifted(query))
        buf_str(out, "More quotes answer than can be shown: these are of those that were stored last.");
    else
        html_count(out, count, "quote");
    if (count && query->skip >= count)
        buf_str(out, ", and none on this page");
    buf_str(out, "</p>\n");
}

static void
put_results(View *v, const Search *s)
{
    Buf items = {0}, *page = v->out;
    uint32_t count = 0;

    buf_str(page, "<section id=\"results\" aria-label=\"Quotes found\">\n");
    if (s->wrong) {
        html_put(page, "<p class=\"count warn\" role=\"status\">%</p>\n", s->wrong, NULL);
    } else {
        v->out = &items; /* how many there are is known only behind them, and said before */
        store_search(v->store, &s->query, show, v, &count, &v->err);
        v->out = page;
        put_count(page, count, &s->query);
        if (items.len) {
            html_put(page, "<ol class=\"quotes\" start=\"%\">\n", arena_printf(v->arena, "%u", s->query.skip + 1), NULL);
            buf_add(page, items.bytes, items.len);
            buf_str(page, "</ol>\n");
        }
        buf_close(&items);
        page_pager(v, page_number(v), (count + PAGE_SIZE - 1) / PAGE_SIZE);
        page_downloads(v);
    }
    buf_str(v->out, "</section>\n");
}

void
view_search(View *v)
{
    const char *words = request_get(&v->request, "q");
    Search s;

    read_search(v, &s);
    if (v->request.form != FORM_PAGE && s.wrong) {
        page_fault(v, 400, "That is no date", s.wrong);
    } else if (v->request.form == FORM_CSV) {
        records_search(v, &s.query);
    } else if (v->request.form == FORM_JSON) {
        json_open(v);
        records_search(v, &s.query);
        json_close(v);
    } else {
        page_open(v, words ? words : "Quotes", "search");
        buf_str(v->out, "<h1 class=\"unseen\">Quotes</h1>\n");
        put_form(v);
        put_results(v, &s);
        page_close(v);
    }
}
