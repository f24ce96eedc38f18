/* What views have in common. */
#include "web/view.h"

#include "text/utf8.h"
#include "web/marking.h"

#include <stdio.h>

bool
is_entity_type(const char *type)
{
    return type != NULL && (strcmp(type, "person") == 0 || strcmp(type, "organization") == 0 || strcmp(type, "place") == 0);
}

void
put_entity(View *v, const char *type, int64_t id, const char *name)
{
    if (v->alone || id == 0 || !is_entity_type(type))
        html_put(v->out, "<span class=\"name %\">%</span>", type, name, NULL);
    else {
        html_put(v->out, "<a class=\"name %\" href=\"/%/", type, type, NULL);
        buf_printf(v->out, "%lld", (long long)id);
        html_put(v->out, "\">%</a>", name, NULL);
    }
}

/* ---- quotes */

const char *
form_word(const char *form)
{
    return strcmp(form, "direct") == 0 ? "direct quote" : strcmp(form, "mixed") == 0 ? "partial quote" : "paraphrase";
}

void
put_said(Buf *out, const char *form, const char *text, const char *marked)
{
    bool direct = strcmp(form, "direct") == 0;

    buf_str(out, direct ? "\u201c" : "");
    marking_put(out, text, strlen(text), marked);
    buf_str(out, direct ? "\u201d" : "");
}

void
put_anchor(Buf *out, const char *node, int64_t quote)
{
    size_t digits = node[0] == 'q' ? strspn(node + 1, "0123456789") : 0;

    if (digits && digits < 10 && node[1 + digits] == '\0')
        buf_str(out, node);
    else
        buf_printf(out, "x%lld", (long long)quote);
}

static void
put_by(View *v, const StoredQuote *q)
{
    if (q->speaker)
        put_entity(v, q->speaker_type, q->speaker_id, q->speaker);
    else
        html_put(v->out, "<span class=\"name\">%</span>", q->speaker_text ? q->speaker_text : "Nobody is given", NULL);
    if (q->title)
        html_put(v->out, q->former ? ", former %" : ", %", q->title, NULL);
    if (q->organization)
        html_put(v->out, ", %", q->organization, NULL);
    if (q->speaker && !q->named)
        buf_str(v->out, " <span class=\"tag\">not named</span>");
    else if (!q->speaker && q->speaker_text)
        buf_str(v->out, " <span class=\"tag\">it is not clear who that is</span>");
}

void
put_quote(View *v, const StoredQuote *q, const QuoteLook *look)
{
    html_put(v->out, "<li class=\"quote-item %\">\n<blockquote><p>", q->form, NULL);
    put_said(v->out, q->form, q->shown, look->marked);
    buf_str(v->out, "</p></blockquote>\n<p class=\"by\">");
    if (!look->no_speaker)
        put_by(v, q);
    html_put(v->out, " <span class=\"form\">%</span>", form_word(q->form), NULL);
    if (q->act)
        html_put(v->out, " <span class=\"act\">%</span>", q->act, NULL);
    if (q->negated)
        buf_str(v->out, " <span class=\"note warn\">the article says it was not said</span>");
    if (q->hypothetical)
        buf_str(v->out, " <span class=\"note warn\">not said yet, or only supposed</span>");
    buf_str(v->out, "</p>\n");
    if (!look->no_article) {
        buf_str(v->out, "<p class=\"where\">");
        html_day(v->out, q->day);
        buf_str(v->out, q->day ? " \u00b7 " : "");
        buf_printf(v->out, "<a href=\"/article/%lld#", (long long)q->article_id);
        put_anchor(v->out, q->node, q->id);
        html_put(v->out, "\">%</a></p>\n", article_called(q->headline, q->article), NULL);
    }
    buf_str(v->out, "</li>\n");
}

/* ---- rules */

void
put_rule(View *v, const char *name)
{
    const Rule *rule = name ? ruleset_rule(v->site->rules, name) : NULL;

    if (name == NULL) {
        buf_str(v->out, "no rule is given");
    } else if (rule == NULL) {
        const char *part = strchr(name, '.');
        bool list = strncmp(name, "list.", 5) == 0, evidence = strncmp(name, "name.", 5) == 0;
        if (list || evidence)
            html_put(v->out, list ? "the word list <em>%</em> spoke loudest" : "the evidence <em>%</em> spoke loudest", part + 1,
                     NULL);
        else
            html_put(v->out, "<em>%</em>", name, NULL);
    } else if (v->alone) {
        html_put(v->out, "<b>%</b> \u2013 %", name, rule->about, NULL);
    } else {
        buf_str(v->out, "<a href=\"/rule/");
        html_url(v->out, name);
        html_put(v->out, "\">%</a> \u2013 %", name, rule->about, NULL);
    }
}

/* ---- articles */

const char *
article_called(const char *headline, const char *name)
{
    const char *slash = strrchr(name, '/');

    return headline ? headline : slash && slash[1] ? slash + 1 : name;
}

void
put_article_link(View *v, int64_t id, const char *headline)
{
    buf_printf(v->out, "<a href=\"/article/%lld\">", (long long)id);
    html_text(v->out, headline);
    buf_str(v->out, "</a>");
}

int
put_articles(View *v, StoreRows *rows)
{
    int count = 0;

    while (rows_next(rows)) {
        const char *day = rows_text(rows, 1), *byline = rows_text(rows, 3);
        buf_str(v->out, count++ ? "<li>" : "<ul class=\"articles\">\n<li>");
        put_article_link(v, rows_number(rows, 0), rows_text(rows, 2));
        buf_str(v->out, "<p class=\"where\">");
        html_day(v->out, day);
        buf_str(v->out, day ? " \u00b7 " : "");
        if (byline)
            html_put(v->out, "% \u00b7 ", byline, NULL);
        html_count(v->out, rows_number(rows, 6), "quote");
        buf_str(v->out, "</p></li>\n");
    }
    if (count)
        buf_str(v->out, "</ul>\n");
    return count;
}

/* ---- bars */

void
put_bars(View *v, const char *caption, const char *of, const char *unit, const Bar *bars, uint32_t count)
{
    int64_t most = 1, all = 0;

    for (uint32_t i = 0; i < count; i++) {
        most = bars[i].count > most ? bars[i].count : most;
        all += bars[i].count;
    }
    if (all == 0)
        return;
    html_put(v->out, "<table class=\"bars\">\n<caption>%</caption>\n<thead class=\"unseen\"><tr><th scope=\"col\">%</th>"
                     "<th scope=\"col\">%</th></tr></thead>\n<tbody>\n", caption, of, unit, NULL);
    for (uint32_t i = 0; i < count; i++) {
        buf_str(v->out, "<tr><th scope=\"row\">");
        html_put(v->out, bars[i].href ? "<a href=\"%\">" : "", bars[i].href ? bars[i].href : NULL, NULL);
        html_text(v->out, bars[i].name);
        buf_str(v->out, bars[i].href ? "</a></th><td>" : "</th><td>");
        buf_printf(v->out, "<svg class=\"bar\" width=\"100%%\" height=\"8\" aria-hidden=\"true\" focusable=\"false\"><rect width=\"%.1f%%\" "
                           "height=\"8\" rx=\"1\"/></svg><span class=\"number\">", 100.0 * (double)bars[i].count / (double)most);
        html_number(v->out, bars[i].count);
        buf_str(v->out, "</span></td></tr>\n");
    }
    buf_str(v->out, "</tbody>\n</table>\n");
}
