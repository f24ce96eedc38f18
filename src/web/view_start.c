/* The start: what the archive holds, and who speaks in it. */
#include "web/view.h"

enum { SPEAKERS = 10, ARTICLES = 8 };

static void
put_search_box(View *v)
{
    buf_str(v->out, "<form class=\"big\" role=\"search\" action=\"/search\"><label for=\"q\">Search what was said</label>\n"
                    "<div class=\"line\"><input id=\"q\" type=\"search\" name=\"q\" autofocus aria-describedby=\"help\">"
                    "<button>Search</button></div>\n<p id=\"help\" class=\"help\">All words must be in a quote; &#8220;words in "
                    "quotation marks&#8221; stand together. Or ask whether <a href=\"/check\">something was said</a>.</p></form>\n");
}

static void
put_totals(View *v, const Tally *t)
{
    static const char *const WORDS[TALLY_TYPES] = {"people", "organizations", "places"};

    buf_str(v->out, "<dl class=\"totals\">\n<div><dt>articles</dt><dd>");
    html_number(v->out, t->articles);
    buf_str(v->out, "</dd></div>\n<div><dt>quotes</dt><dd>");
    html_number(v->out, t->quotes);
    for (int i = 0; i < TALLY_TYPES; i++) {
        buf_printf(v->out, "</dd></div>\n<div><dt><a href=\"/%s\">%s</a></dt><dd>", WORDS[i], WORDS[i]);
        html_number(v->out, t->entities[i].count);
    }
    buf_str(v->out, "</dd></div>\n</dl>\n");
    if (t->since) {
        bool one = strcmp(t->since, t->until) == 0;
        buf_str(v->out, one ? "<p class=\"period\">Articles of " : "<p class=\"period\">Articles from ");
        html_day(v->out, t->since);
        buf_str(v->out, one ? "" : " to ");
        html_day(v->out, one ? NULL : t->until);
        buf_str(v->out, "</p>\n");
    }
}

static const char *
name_of(View *v, int64_t id)
{
    StoreRows rows = store_ask(v->store, &v->err, ASK_ENTITY_NAME, "i", id);
    const char *name = rows_next(&rows) ? arena_printf(v->arena, "%s", rows_given(&rows, 0)) : "";

    rows_end(&rows);
    return name;
}

static const char *
link_to(View *v, const char *type, int64_t id)
{
    return arena_printf(v->arena, "/%s/%lld", type, (long long)id);
}

static void
put_speakers(View *v, const Tally *t)
{
    Bar bars[SPEAKERS];
    uint32_t count = 0;

    for (; count < SPEAKERS && count < t->entities[TALLY_PERSON].count; count++) {
        Counted c = t->entities[TALLY_PERSON].items[count];
        bars[count] = (Bar){name_of(v, c.id), link_to(v, "person", c.id), c.quotes};
    }
    put_bars(v, "Quoted most", "Person", "Quotes", bars, count);
}

static void
put_shares(View *v, const char *caption, const char *of, const Shares *shares, const char *type)
{
    Bar bars[12];

    for (uint32_t i = 0; i < shares->count; i++)
        bars[i] = (Bar){shares->shares[i].name, type ? link_to(v, type, shares->shares[i].id) : NULL, shares->shares[i].quotes};
    put_bars(v, caption, of, "Quotes", bars, shares->count);
}

/* The forms by the words that people use for them. */
static void
put_forms(View *v, const Shares *shares)
{
    Bar bars[12];

    for (uint32_t i = 0; i < shares->count; i++)
        bars[i] = (Bar){form_word(shares->shares[i].name), NULL, shares->shares[i].quotes};
    put_bars(v, "Word for word, or not", "Form", "Quotes", bars, shares->count);
}

static void
put_newest(View *v)
{
    StoreRows rows = store_ask(v->store, &v->err, ASK_NEWEST, "ii", (int64_t)0, (int64_t)ARTICLES);

    buf_str(v->out, "<section aria-labelledby=\"newest\"><h2 id=\"newest\">Newest articles</h2>\n");
    put_articles(v, &rows);
    buf_str(v->out, "<p class=\"more\"><a href=\"/articles\">All articles</a></p></section>\n");
}

/* All that needs counts. */
static void
put_counts(View *v, const Tally *t)
{
    put_totals(v, t);
    buf_str(v->out, "<div class=\"columns\">\n<section aria-label=\"Who is quoted most\">");
    put_speakers(v, t);
    buf_str(v->out, "<p class=\"more\"><a href=\"/people\">All people</a></p></section>\n");
    put_newest(v);
    buf_str(v->out, "</div>\n<h2>How the sources divide</h2>\n<div class=\"columns four\">\n");
    put_shares(v, "Named or not", "Source", &t->sources, NULL);
    put_forms(v, &t->forms);
    put_shares(v, "People who are named, by gender where it is known", "Gender", &t->genders, NULL);
    put_shares(v, "Whom they speak for", "Organization", &t->bodies, "organization");
    buf_str(v->out, "</div>\n");
}

static void
put_page(View *v, const Tally *t)
{
    page_open(v, "Archive", "start");
    html_put(v->out, "<h1 class=\"unseen\">The archive %</h1>\n", v->site->name, NULL);
    put_search_box(v);
    if (t) {
        put_counts(v, t);
    } else {
        buf_str(v->out, "<p class=\"count\" role=\"status\">The archive is being counted: look again in a moment for who speaks in it.</p>\n");
        put_newest(v);
    }
    page_downloads(v);
    page_close(v);
}

/* Everybody and everything that has a name, the most quoted first. */
static void
put_csv(View *v, const Tally *t)
{
    csv_counted_head(v);
    for (int type = 0; type < TALLY_TYPES; type++)
        csv_counted(v, t, (TallyType)type);
}

static void
put_json(View *v, const Tally *t)
{
    json_open(v);
    json_rows(v, "totals", store_ask(v->store, &v->err, ASK_TOTALS, ""));
    json_shares(v, "sources", &t->sources);
    json_shares(v, "forms", &t->forms);
    json_shares(v, "genders", &t->genders);
    json_shares(v, "organizations", &t->bodies);
    json_rows(v, "articles", store_ask(v->store, &v->err, ASK_NEWEST, "ii", (int64_t)0, (int64_t)PAGE_SIZE));
    json_close(v);
}

void
view_start(View *v)
{
    const Tally *t = tally_get(v->site->tallies, &v->err);

    if (v->request.form == FORM_PAGE)
        put_page(v, t);
    else if (t == NULL)
        page_wait(v);
    else if (v->request.form == FORM_CSV)
        put_csv(v, t);
    else
        put_json(v, t);
    if (t)
        tally_release(v->site->tallies, t);
}
