/* The frame of every page. */
#include "web/view.h"

#include <stdio.h>

/* ---- the frame */

static const struct {
    const char *view, *word;
} PARTS[] = {{"search", "Quotes"},       {"check", "Was it said?"}, {"people", "People"},
             {"organizations", "Organizations"}, {"places", "Places"},      {"articles", "Articles"}};

static void
put_navigation(View *v, const char *here)
{
    const char *words = request_get(&v->request, "q");

    buf_str(v->out, "<header class=\"top\"><div class=\"wide\">\n<a class=\"brand\" href=\"/\">onrecord");
    html_put(v->out, "<span class=\"archive\">%</span></a>\n", v->site->name, NULL);
    if (strcmp(here, "start") != 0 && strcmp(here, "search") != 0) {
        html_put(v->out,
                 "<form class=\"quick\" role=\"search\" action=\"/search\"><label class=\"unseen\" for=\"quick\">Search quotes</label>"
                 "<input id=\"quick\" type=\"search\" name=\"q\" placeholder=\"Search quotes\" value=\"%\">"
                 "<button>Search</button></form>\n",
                 strcmp(here, "check") != 0 && words ? words : "", NULL);
    }
    buf_str(v->out, "<nav aria-label=\"Parts of the archive\"><ul>");
    for (size_t i = 0; i < sizeof PARTS / sizeof *PARTS; i++)
        buf_printf(v->out, "<li><a href=\"/%s\"%s>%s</a></li>", PARTS[i].view,
                   strcmp(here, PARTS[i].view) == 0 ? " aria-current=\"page\"" : "", PARTS[i].word);
    buf_str(v->out, "</ul></nav>\n</div></header>\n");
}

void
page_open(View *v, const char *title, const char *here)
{
    html_put(v->out,
             "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>% \u2013 %</title>\n"
             "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
             "<meta name=\"color-scheme\" content=\"light dark\">\n<link rel=\"stylesheet\" href=\"/style.css\">\n"
             "<link rel=\"icon\" href=\"/icon.svg\" type=\"image/svg+xml\">\n<script src=\"/script.js\" defer></script>\n"
             "</head>\n<body>\n<a class=\"skip\" href=\"#main\">To the content</a>\n",
             title, v->site->name, NULL);
    put_navigation(v, here);
    buf_str(v->out, "<main id=\"main\" class=\"wide\" tabindex=\"-1\">\n");
}

void
page_close(View *v)
{
    buf_str(v->out, "</main>\n<footer class=\"wide\"><p>Found by rules that can be read and changed. Every quote says which; "
                    "look at the article before you rely on one.</p></footer>\n</body>\n</html>\n");
}

void
page_fault(View *v, int status, const char *title, const char *text)
{
    buf_clear(v->out);
    v->status = status;
    v->type = "text/html; charset=utf-8";
    v->file = v->picture = false;
    v->location = NULL;
    page_open(v, title, "fault");
    html_put(v->out, "<h1>%</h1>\n<p class=\"lead\">%</p>\n<p><a href=\"/\">To the start</a></p>\n", title, text, NULL);
    page_close(v);
}

void
page_wait(View *v)
{
    if (v->err.kind == ERROR_NONE)
        page_fault(v, 503, "It is being counted", "The archive is large or has just changed: ask once more in a moment.");
}

/* ---- what stands below an answer */

/* The query without its page. */
static void
put_query(View *v, char before)
{
    for (uint32_t i = 0; i < v->request.parameter_count; i++) {
        const char *name = v->request.parameters[i].name, *value = v->request.parameters[i].value;
        if (strcmp(name, "page") == 0 || *value == '\0')
            continue;
        buf_str(v->out, before == '?' ? "?" : "&amp;");
        html_url(v->out, name);
        buf_char(v->out, '=');
        html_url(v->out, value);
        before = '&';
    }
}

static void
put_path(View *v)
{
    html_put(v->out, "/%", v->request.view[0] ? v->request.view : "archive", NULL);
    if (v->request.name[0]) {
        buf_char(v->out, '/');
        html_url(v->out, v->request.name);
    }
}

void
page_downloads(View *v)
{
    static const char *const FORMS[] = {"csv", "json"}, *const WORDS[] = {"CSV, for a spreadsheet", "JSON"};

    if (v->alone)
        return;
    buf_str(v->out, "<p class=\"downloads\">Download: ");
    for (int i = 0; i < 2; i++) {
        buf_str(v->out, i ? " \u00b7 <a download href=\"" : "<a download href=\"");
        put_path(v);
        buf_printf(v->out, ".%s", FORMS[i]);
        put_query(v, '?');
        html_put(v->out, "\">%</a>", WORDS[i], NULL);
    }
    buf_str(v->out, "</p>\n");
}

static void
put_page_link(View *v, int64_t page, const char *word, const char *rel)
{
    html_put(v->out, "<a rel=\"%\" href=\"", rel, NULL);
    put_path(v);
    buf_printf(v->out, "?page=%lld", (long long)page);
    put_query(v, '&');
    html_put(v->out, "\">%</a>", word, NULL);
}

void
page_pager(View *v, int64_t page, int64_t pages)
{
    if (pages < 2)
        return;
    buf_str(v->out, "<nav class=\"pager\" aria-label=\"Pages\">");
    if (page > 1)
        put_page_link(v, page - 1, "\u2190 Before", "prev");
    buf_printf(v->out, "<span>Page %lld of %lld</span>", (long long)page, (long long)pages);
    if (page < pages)
        put_page_link(v, page + 1, "Next \u2192", "next");
    buf_str(v->out, "</nav>\n");
}

int64_t
page_number(const View *v)
{
    return request_number(&v->request, "page", PAGES_MOST, 1);
}
