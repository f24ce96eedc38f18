/* Lists: people, organizations, places; articles. */
#include "web/marking.h"
#include "web/view.h"

static const char COUNTING[] = "<p class=\"count\" role=\"status\">The archive is being counted: look again in a moment.</p>\n";

/* ---- people, organizations, places */

static TallyType
type_of(const View *v)
{
    return strcmp(v->request.view, "people") == 0 ? TALLY_PERSON : strcmp(v->request.view, "places") == 0 ? TALLY_PLACE
                                                                                                        : TALLY_ORGANIZATION;
}

static void
put_list_form(View *v, const char *label)
{
    const char *words = request_get(&v->request, "q");

    html_put(v->out, "<form class=\"big\" id=\"search\" role=\"search\" action=\"/%\"><label for=\"q\">%</label>\n<div class=\"line\">"
                     "<input id=\"q\" type=\"search\" name=\"q\" value=\"%\"><button>Search</button></div></form>\n",
             v->request.view, label, words ? words : "", NULL);
}

static void
open_table(View *v)
{
    buf_str(v->out, "<table class=\"list\"><thead><tr><th scope=\"col\">Name</th><th scope=\"col\" class=\"n\">Quotes</th>"
                    "<th scope=\"col\" class=\"n\">Articles</th></tr></thead><tbody>\n");
}

static void
put_line(View *v, const char *type, Counted c, const char *name)
{
    buf_str(v->out, "<tr><td>");
    put_entity(v, type, c.id, name);
    buf_str(v->out, "</td><td class=\"n\">");
    html_number(v->out, c.quotes);
    buf_str(v->out, "</td><td class=\"n\">");
    html_number(v->out, c.articles);
    buf_str(v->out, "</td></tr>\n");
}

static void
put_counted(View *v, const Tally *t, TallyType type)
{
    uint32_t from = (uint32_t)(page_number(v) - 1) * 2 * PAGE_SIZE, count = t->entities[type].count;
    const char *name = tally_type_name(type);

    if (from >= count)
        buf_str(v->out, "<p class=\"count\" role=\"status\">None.</p>\n");
    else
        open_table(v);
    for (uint32_t i = from; i < count && i < from + 2 * PAGE_SIZE; i++) {
        StoreRows rows = store_ask(v->store, &v->err, ASK_ENTITY_NAME, "i", t->entities[type].items[i].id);
        if (rows_next(&rows))
            put_line(v, name, t->entities[type].items[i], rows_given(&rows, 0));
        rows_end(&rows);
    }
    buf_str(v->out, from < count ? "</tbody></table>\n" : "");
    page_pager(v, page_number(v), (count + 2 * PAGE_SIZE - 1) / (2 * PAGE_SIZE));
}

static StoreRows
ask_named(View *v, TallyType type, const char *words, int64_t skip, int64_t most)
{
    Buf match = {0};
    const char *text;

    store_match_names(&match, words);
    text = arena_copy(v->arena, match.bytes, match.len);
    buf_close(&match);
    return store_ask(v->store, &v->err, ASK_ENTITIES_NAMED, "ssii", text, tally_type_name(type), skip, most);
}

static void
put_named(View *v, TallyType type, const char *words)
{
    StoreRows rows = ask_named(v, type, words, 0, 4 * PAGE_SIZE);
    int count = 0;

    while (rows_next(&rows)) {
        if (count++ == 0)
            open_table(v);
        put_line(v, tally_type_name(type), (Counted){rows_number(&rows, 0), rows_number(&rows, 4), rows_number(&rows, 5)}, rows_given(&rows, 2));
    }
    buf_str(v->out, count ? "</tbody></table>\n" : "<p class=\"count\" role=\"status\">No name answers.</p>\n");
    if (count == 4 * PAGE_SIZE)
        buf_str(v->out, "<p class=\"note\">There may be more: these are the most quoted.</p>\n");
}

static void
put_entities_page(View *v, TallyType type)
{
    static const char *const TITLES[TALLY_TYPES] = {"People", "Organizations", "Places"};
    static const char *const LABELS[TALLY_TYPES] = {"Find a person", "Find an organization", "Find a place"};
    const char *words = request_get(&v->request, "q");
    const Tally *t = words ? NULL : tally_get(v->site->tallies, &v->err);

    page_open(v, TITLES[type], v->request.view);
    html_put(v->out, "<h1>%</h1>\n", TITLES[type], NULL);
    put_list_form(v, LABELS[type]);
    buf_str(v->out, "<section id=\"results\" aria-label=\"Found\">\n");
    if (words)
        put_named(v, type, words);
    else if (t)
        put_counted(v, t, type);
    else
        buf_str(v->out, COUNTING);
    buf_str(v->out, "</section>\n");
    page_downloads(v);
    page_close(v);
    if (t)
        tally_release(v->site->tallies, t);
}

static void
put_counted_records(View *v, TallyType type)
{
    const Tally *t = tally_get(v->site->tallies, &v->err);

    if (t == NULL) {
        page_wait(v);
        return;
    }
    if (v->request.form == FORM_CSV) {
        csv_counted_head(v);
        csv_counted(v, t, type);
    } else {
        json_open(v);
        json_counted(v, v->request.view, t, type);
        json_close(v);
    }
    tally_release(v->site->tallies, t);
}

static void
put_records(View *v, TallyType type, const char *words)
{
    if (words == NULL) {
        put_counted_records(v, type);
    } else if (v->request.form == FORM_CSV) {
        csv_rows(v, ask_named(v, type, words, 0, ROWS_MOST));
    } else {
        json_open(v);
        json_rows(v, v->request.view, ask_named(v, type, words, 0, ROWS_MOST));
        json_close(v);
    }
}

void
view_entities(View *v)
{
    TallyType type = type_of(v);
    const char *words = request_get(&v->request, "q");

    if (v->request.form == FORM_PAGE) {
        put_entities_page(v, type);
        return;
    }
    put_records(v, type, words);
}

/* ---- articles */

static StoreRows
ask_articles(View *v, int64_t skip, int64_t most)
{
    const char *words = request_get(&v->request, "q"), *text;
    int64_t of = request_number(&v->request, "in", INT64_MAX, 0);
    Buf match = {0};
    Terms terms;

    if (of)
        return store_ask(v->store, &v->err, ASK_ARTICLES_OF, "iii", of, skip, most);
    terms_read(&terms, words);
    if (terms.count == 0)
        return store_ask(v->store, &v->err, ASK_NEWEST, "ii", skip, most);
    store_match_words(&match, terms.terms, terms.count);
    text = arena_copy(v->arena, match.bytes, match.len);
    buf_close(&match);
    return store_ask(v->store, &v->err, ASK_ARTICLES_WITH, "sii", text, skip, most);
}

static void
put_articles_page(View *v)
{
    int64_t page = page_number(v), of = request_number(&v->request, "in", INT64_MAX, 0);
    StoreRows rows;
    int count;

    page_open(v, "Articles", "articles");
    buf_str(v->out, "<h1>Articles");
    if (of) {
        rows = store_ask(v->store, &v->err, ASK_ENTITY_NAME, "i", of);
        if (rows_next(&rows))
            html_put(v->out, " with %", rows_given(&rows, 0), NULL);
        rows_end(&rows);
    }
    buf_str(v->out, "</h1>\n");
    if (!of)
        put_list_form(v, "Find an article by its words");
    buf_str(v->out, "<section id=\"results\" aria-label=\"Found\">\n");
    rows = ask_articles(v, (page - 1) * PAGE_SIZE, PAGE_SIZE);
    count = put_articles(v, &rows);
    if (count == 0)
        buf_str(v->out, "<p class=\"count\" role=\"status\">None.</p>\n");
    page_pager(v, page, count == PAGE_SIZE ? page + 1 : page);
    buf_str(v->out, "</section>\n");
    page_downloads(v);
    page_close(v);
}

void
view_articles(View *v)
{
    if (v->request.form == FORM_CSV) {
        csv_rows(v, ask_articles(v, 0, ROWS_MOST));
    } else if (v->request.form == FORM_JSON) {
        json_open(v);
        json_rows(v, "articles", ask_articles(v, 0, ROWS_MOST));
        json_close(v);
    } else {
        put_articles_page(v);
    }
}
