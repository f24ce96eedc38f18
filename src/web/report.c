/* Articles as a page that stands alone: the same as in a browser over an archive, with style and pictures inside, and no script. */
#include "web/web.h"

#include "draw/draw.h"
#include "web/article.h"
#include "web/assets.h"

typedef struct {
    View view;
    uint32_t number;
    bool many;
} Report;

/* No script, and nothing from anywhere, whatever the articles hold. */
static void
put_head(View *v, const char *title)
{
    html_put(v->out,
             "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
             "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n"
             "<meta name=\"referrer\" content=\"no-referrer\">\n<title>%</title>\n"
             "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<style>\n",
             title, NULL);
    buf_add(v->out, web_style, (size_t)(web_style_end - web_style));
    buf_str(v->out, draw_style);
    buf_str(v->out, "</style>\n</head>\n<body class=\"report\">\n<a class=\"skip\" href=\"#main\">To the content</a>\n<main id=\"main\" class=\"wide\">\n");
}

static bool
list_article(int64_t id, void *context, Error *err)
{
    Report *r = context;
    View *v = &r->view;
    StoreRows rows = store_ask(v->store, err, ASK_ARTICLE, "i", id);

    if (rows_next(&rows)) {
        const char *headline = rows_text(&rows, 3), *day = rows_text(&rows, 7);
        buf_printf(v->out, "<li><a href=\"#a%u\">", ++r->number);
        html_text(v->out, headline ? headline : rows_text(&rows, 1));
        buf_str(v->out, "</a><p class=\"where\">");
        html_day(v->out, day);
        buf_str(v->out, "</p></li>\n");
    }
    rows_end(&rows);
    return err->kind == ERROR_NONE;
}

static bool
put_article(int64_t id, void *context, Error *err)
{
    Report *r = context;
    ShownArticle a;

    arena_reset(r->view.arena);
    r->view.err = (Error){0};
    if (article_read(&r->view, id, &a)) {
        r->number++;
        a.prefix = r->many ? arena_printf(r->view.arena, "a%u-", r->number) : "";
        buf_printf(r->view.out, "<div class=\"one\" id=\"a%u\">\n", r->number);
        article_put(&r->view, &a, r->many ? 2 : 1);
        buf_str(r->view.out, "</div>\n");
    }
    if (r->view.err.kind != ERROR_NONE)
        *err = r->view.err;
    return err->kind == ERROR_NONE;
}

static int64_t
count_articles(Store *store, Error *err)
{
    StoreRows rows = store_ask(store, err, ASK_TOTALS, "");
    int64_t count = rows_next(&rows) ? rows_number(&rows, 0) : 0;

    rows_end(&rows);
    return count;
}

bool
web_report(Buf *out, Store *store, const RuleSet *rules, const char *title, Error *err)
{
    Site site = {.name = title, .rules = rules};
    Arena arena;
    Report r = {.view = {.site = &site, .arena = &arena, .store = store, .alone = true, .out = out}};
    bool ok;

    arena_init(&arena);
    r.many = count_articles(store, err) > 1;
    put_head(&r.view, title);
    if (r.many) {
        html_put(out, "<h1>%</h1>\n<ol class=\"contents\">\n", title, NULL);
        store_articles(store, list_article, &r, err);
        buf_str(out, "</ol>\n");
    }
    article_legend(&r.view);
    r.number = 0;
    ok = err->kind == ERROR_NONE && store_articles(store, put_article, &r, err);
    buf_str(out, "</main>\n</body>\n</html>\n");
    arena_close(&arena);
    return ok;
}
