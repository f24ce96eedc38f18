/* A person, an organization or a place: /person/12, /organization/12, /place/12. */
#include "web/view.h"

typedef struct {
    int64_t id, articles, quotes;
    const char *type, *name, *gender;
    bool named;
} Subject;

static bool
read_entity(View *v, Subject *e)
{
    StoreRows rows = store_ask(v->store, &v->err, ASK_ENTITY, "i", v->request.id);
    bool found = rows_next(&rows);

    if (found)
        *e = (Subject){.id = rows_number(&rows, 0), .type = arena_printf(v->arena, "%s", rows_given(&rows, 1)),
                       .name = arena_printf(v->arena, "%s", rows_given(&rows, 2)), .named = rows_number(&rows, 3),
                       .gender = rows_text(&rows, 4) ? arena_printf(v->arena, "%s", rows_text(&rows, 4)) : NULL,
                       .articles = rows_number(&rows, 5), .quotes = rows_number(&rows, 6)};
    rows_end(&rows);
    return found;
}

static bool
is_person(const Subject *e)
{
    return strcmp(e->type, "person") == 0;
}

static bool
is_place(const Subject *e)
{
    return strcmp(e->type, "place") == 0;
}

/* ---- the head */

static void
put_names(View *v, const Subject *e)
{
    StoreRows rows = store_ask(v->store, &v->err, ASK_NAMES, "i", e->id);
    int count = 0;

    while (rows_next(&rows)) {
        if (strcmp(rows_given(&rows, 0), e->name) == 0)
            continue;
        buf_str(v->out, count++ ? ", " : "<p class=\"aliases\">Also as ");
        html_text(v->out, rows_given(&rows, 0));
    }
    buf_str(v->out, count ? "</p>\n" : "");
}

static void
put_head(View *v, const Subject *e)
{
    html_put(v->out, "<p class=\"kind %\">%", e->type, e->type, NULL);
    if (!e->named)
        buf_str(v->out, ", not named");
    if (e->gender)
        html_put(v->out, ", %", e->gender, NULL);
    html_put(v->out, "</p>\n<h1>%</h1>\n<p class=\"lead\">", e->name, NULL);
    if (!is_place(e)) {
        html_count(v->out, e->quotes, "quote");
        buf_str(v->out, " in ");
    }
    html_count(v->out, e->articles, "article");
    if (is_place(e) && e->quotes) { /* "Washington said": it is not what one looks for at a place */
        buf_printf(v->out, "; <a href=\"/search?body=%lld\">", (long long)e->id);
        html_count(v->out, e->quotes, "quote");
        buf_str(v->out, " given to it or its people</a>");
    }
    buf_str(v->out, "</p>\n");
    put_names(v, e);
}

/* ---- tables */

/* From the first to the last day that it is said of. */
static void
put_days(View *v, const char *since, const char *until)
{
    html_day(v->out, since);
    if (since && until && strcmp(since, until) != 0) {
        buf_str(v->out, " \u2013 ");
        html_day(v->out, until);
    }
}

static void
put_offices(View *v, const Subject *e)
{
    StoreRows rows = store_ask(v->store, &v->err, ASK_OFFICES, "i", e->id);
    int count = 0;

    while (rows_next(&rows)) {
        const char *title = rows_text(&rows, 0), *body = rows_text(&rows, 2);
        if (count++ == 0)
            buf_str(v->out, "<section><h2>Titles and affiliations</h2>\n<table class=\"list\"><thead><tr><th scope=\"col\">Title</th>"
                            "<th scope=\"col\">At</th><th scope=\"col\">In articles of</th><th scope=\"col\" class=\"n\">Articles</th>"
                            "</tr></thead><tbody>\n");
        html_put(v->out, "<tr><td>%%</td><td>", rows_number(&rows, 3) ? "former " : "", title ? title : "belongs to", NULL);
        if (body)
            put_entity(v, "organization", rows_number(&rows, 1), body);
        buf_str(v->out, "</td><td>");
        put_days(v, rows_text(&rows, 4), rows_text(&rows, 5));
        buf_str(v->out, "</td><td class=\"n\">");
        html_number(v->out, rows_number(&rows, 6));
        buf_str(v->out, "</td></tr>\n");
    }
    buf_str(v->out, count ? "</tbody></table></section>\n" : "");
}

static void
put_people(View *v, const Subject *e)
{
    StoreRows rows = store_ask(v->store, &v->err, ASK_PEOPLE, "i", e->id);
    int count = 0;

    while (rows_next(&rows)) {
        const char *title = rows_text(&rows, 2);
        if (count++ == 0)
            buf_str(v->out, "<section><h2>People</h2>\n<table class=\"list\"><thead><tr><th scope=\"col\">Person</th>"
                            "<th scope=\"col\">Role</th><th scope=\"col\">Last in</th><th scope=\"col\" class=\"n\">Articles</th>"
                            "</tr></thead><tbody>\n");
        buf_str(v->out, "<tr><td>");
        put_entity(v, "person", rows_number(&rows, 0), rows_given(&rows, 1));
        html_put(v->out, "</td><td>%%</td><td>", rows_number(&rows, 3) ? "former " : "", title ? title : "belongs to it", NULL);
        html_day(v->out, rows_text(&rows, 5));
        buf_str(v->out, "</td><td class=\"n\">");
        html_number(v->out, rows_number(&rows, 4));
        buf_str(v->out, "</td></tr>\n");
    }
    buf_str(v->out, count ? "</tbody></table></section>\n" : "");
}

/* What a link says, from the one end and from the other. */
static const char *
link_words(const char *type, bool from)
{
    static const struct {
        const char *type, *from, *to;
    } WORDS[] = {{"based_in", "based in", "seat of"}, {"lives_in", "of", "home of"}, {"part_of", "part of", "has as a part"}};

    for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++)
        if (strcmp(WORDS[i].type, type) == 0)
            return from ? WORDS[i].from : WORDS[i].to;
    return type;
}

static void
put_links(View *v, const Subject *e)
{
    StoreRows rows = store_ask(v->store, &v->err, ASK_LINKED, "i", e->id);
    int count = 0;

    while (rows_next(&rows)) {
        bool from = rows_number(&rows, 1) == e->id;
        int other = from ? 4 : 1;
        if (count++ == 0)
            buf_str(v->out, "<section><h2>Where it belongs</h2>\n<ul class=\"plain\">\n");
        html_put(v->out, "<li>% ", link_words(rows_given(&rows, 0), from), NULL);
        put_entity(v, rows_given(&rows, other + 2), rows_number(&rows, other), rows_given(&rows, other + 1));
        buf_str(v->out, "</li>\n");
    }
    buf_str(v->out, count ? "</ul></section>\n" : "");
}

/* Who speaks about it, or of whom it speaks: each with a link to those quotes. */
static void
put_others(View *v, const Subject *e, StoreQuestion question, const char *title)
{
    StoreRows rows = store_ask(v->store, &v->err, question, "i", e->id);
    bool about = question == ASK_SPEAKS_ABOUT;
    int count = 0;

    while (rows_next(&rows)) {
        if (count++ == 0)
            html_put(v->out, "<section><h2>%</h2>\n<ul class=\"plain\">\n", title, NULL);
        buf_str(v->out, "<li>");
        put_entity(v, rows_given(&rows, 2), rows_number(&rows, 0), rows_given(&rows, 1));
        buf_printf(v->out, " <a class=\"times\" href=\"/search?person=%lld&amp;subject=%lld\">",
                   (long long)(about ? rows_number(&rows, 0) : e->id), (long long)(about ? e->id : rows_number(&rows, 0)));
        html_count(v->out, rows_number(&rows, 3), "quote");
        buf_str(v->out, "</a></li>\n");
    }
    buf_str(v->out, count ? "</ul></section>\n" : "");
}

/* ---- quotes and articles */

typedef struct {
    View *view;
    QuoteLook look;
} Showing;

static bool
show(const StoredQuote *q, void *context)
{
    Showing *s = context;

    put_quote(s->view, q, &s->look);
    return true;
}

/* A person's quotes; of an organization those of its people too; of a place those that are about it. */
static StoreQuery
quotes_of(const View *v, const Subject *e)
{
    StoreQuery query = {.most = PAGE_SIZE, .skip = (uint32_t)(page_number(v) - 1) * PAGE_SIZE};

    if (is_person(e))
        query.speaker_id = e->id;
    else if (is_place(e))
        query.about_id = e->id;
    else
        query.organization_id = e->id;
    return query;
}

static void
put_quotes(View *v, const Subject *e)
{
    StoreQuery query = quotes_of(v, e);
    Showing showing = {v, {.no_speaker = is_person(e)}};
    Buf items = {0}, *page = v->out;
    uint32_t count = 0;

    v->out = &items;
    store_search(v->store, &query, show, &showing, &count, &v->err);
    v->out = page;
    html_put(page, "<section id=\"quotes\"><h2>%</h2>\n",
             is_person(e) ? "Quotes, newest first" : query.about_id ? "What is said about it" : "Quotes of it and its people", NULL);
    if (items.len) {
        buf_printf(page, "<ol class=\"quotes\" start=\"%u\">\n", query.skip + 1);
        buf_add(page, items.bytes, items.len);
        buf_str(page, "</ol>\n");
    } else {
        buf_str(page, "<p class=\"none\">None.</p>\n");
    }
    buf_close(&items);
    page_pager(v, page_number(v), (count + PAGE_SIZE - 1) / PAGE_SIZE);
    buf_str(page, "</section>\n");
}

static void
put_articles_of(View *v, const Subject *e)
{
    StoreRows rows = store_ask(v->store, &v->err, ASK_ARTICLES_OF, "iii", e->id, (int64_t)0, (int64_t)PAGE_SIZE);

    buf_str(v->out, "<section><h2>Articles</h2>\n");
    put_articles(v, &rows);
    if (e->articles > PAGE_SIZE) {
        buf_printf(v->out, "<p class=\"more\"><a href=\"/articles?in=%lld\">All ", (long long)e->id);
        html_count(v->out, e->articles, "article");
        buf_str(v->out, "</a></p>\n");
    }
    buf_str(v->out, "</section>\n");
}

/* Why the articles are held to speak of one and the same. */
static void
put_joined(View *v, const Subject *e)
{
    StoreRows rows;

    if (e->articles < 2)
        return;
    buf_str(v->out, "<details class=\"joined\"><summary>Why these articles are held to mean the same</summary>\n");
    if (!is_person(e))
        buf_str(v->out, "<p>Organizations and places are held to be the same where their names are, and an organization where an article says what its short name stands for.</p>\n");
    buf_str(v->out, "<table class=\"list\"><thead><tr><th scope=\"col\">Day</th><th scope=\"col\">Article</th><th scope=\"col\">Name there</th>"
                    "<th scope=\"col\">Agreed on</th></tr></thead><tbody>\n");
    rows = store_ask(v->store, &v->err, ASK_JOINED, "i", e->id);
    while (rows_next(&rows)) {
        buf_str(v->out, "<tr><td>");
        html_day(v->out, rows_text(&rows, 1));
        buf_str(v->out, "</td><td>");
        put_article_link(v, rows_number(&rows, 0), rows_given(&rows, 2));
        html_put(v->out, "</td><td>%</td><td>", rows_given(&rows, 3), NULL);
        html_text(v->out, rows_given(&rows, 4));
        buf_str(v->out, "</td></tr>\n");
    }
    buf_str(v->out, "</tbody></table></details>\n");
}

/* ---- the view */

static void
put_page(View *v, const Subject *e)
{
    page_open(v, e->name, is_person(e) ? "people" : is_place(e) ? "places" : "organizations");
    put_head(v, e);
    buf_str(v->out, "<div class=\"columns main-side\">\n<div>\n");
    if (is_person(e))
        put_offices(v, e);
    else if (!is_place(e))
        put_people(v, e);
    put_quotes(v, e);
    put_joined(v, e);
    buf_str(v->out, "</div>\n<div class=\"side\">\n");
    put_others(v, e, ASK_SPEAKS_ABOUT, is_person(e) ? "Who speaks about them" : "Who speaks about it");
    put_others(v, e, ASK_SPOKEN_OF, is_person(e) ? "Whom they speak about" : "Whom it speaks about");
    put_links(v, e);
    if (is_place(e))
        put_people(v, e);
    put_articles_of(v, e);
    buf_str(v->out, "</div>\n</div>\n");
    page_downloads(v);
    page_close(v);
}

static void
put_json(View *v, const Subject *e)
{
    StoreQuery query = quotes_of(v, e);

    json_open(v);
    json_rows(v, "entity", store_ask(v->store, &v->err, ASK_ENTITY, "i", e->id));
    json_rows(v, "names", store_ask(v->store, &v->err, ASK_NAMES, "i", e->id));
    json_rows(v, "offices", store_ask(v->store, &v->err, ASK_OFFICES, "i", e->id));
    json_rows(v, "people", store_ask(v->store, &v->err, ASK_PEOPLE, "i", e->id));
    json_rows(v, "links", store_ask(v->store, &v->err, ASK_LINKED, "i", e->id));
    json_rows(v, "who_speaks_about", store_ask(v->store, &v->err, ASK_SPEAKS_ABOUT, "i", e->id));
    json_rows(v, "speaks_about", store_ask(v->store, &v->err, ASK_SPOKEN_OF, "i", e->id));
    json_rows(v, "appearances", store_ask(v->store, &v->err, ASK_JOINED, "i", e->id));
    records_search(v, &query);
    json_close(v);
}

void
view_entity(View *v)
{
    Subject e = {0};
    StoreQuery query;

    if (v->request.id == ID_NONE || !read_entity(v, &e) || !is_entity_type(e.type)) {
        if (v->err.kind == ERROR_NONE)
            page_fault(v, 404, "Nobody and nothing has this number", "It may have been taken out of the archive, or split.");
        return;
    }
    if (strcmp(e.type, v->request.view) != 0) { /* an old link, or one that was typed */
        v->status = 302;
        v->location = arena_printf(v->arena, "/%s/%lld", e.type, (long long)e.id);
        return;
    }
    query = quotes_of(v, &e);
    if (v->request.form == FORM_CSV)
        records_search(v, &query);
    else if (v->request.form == FORM_JSON)
        put_json(v, &e);
    else
        put_page(v, &e);
}
