/* An article: its text with what was found in it, who said what, and why. */
#include "web/article.h"

#include "draw/draw.h"

#include <stdlib.h>

/* ---- the note on a quote */

static void
open_row(View *v, const char *label)
{
    html_put(v->out, "<span class=\"row\"><b>%</b> <span>", label, NULL);
}

static void
close_row(View *v)
{
    buf_str(v->out, "</span></span>\n");
}

static void
put_office(View *v, const ShownOffice *o)
{
    if (o && o->title)
        html_put(v->out, o->former ? ", former %" : ", %", o->title, NULL);
    if (o && o->body) {
        buf_str(v->out, ", ");
        put_entity(v, "organization", o->body_id, o->body);
    }
}

/* The mention that the attribution rests on. */
static const ShownMention *
mention_of(const ShownArticle *a, const ShownQuote *q)
{
    uint32_t low = 0, high = a->mentions.count;
    Span bytes;

    if (q->speaker_text == NULL || q->speaker_start < 0 || q->speaker_end <= q->speaker_start || q->speaker_end > a->codepoints)
        return NULL;
    bytes = (Span){a->bytes_of[q->speaker_start], a->bytes_of[q->speaker_end]};
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (a->mentions.items[middle].bytes.start < bytes.start)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < a->mentions.count && a->mentions.items[low].bytes.start == bytes.start; low++)
        if (a->mentions.items[low].bytes.end == bytes.end && a->mentions.items[low].entity)
            return &a->mentions.items[low];
    return NULL;
}

/* How the text names the speaker, and how we know whom it means. */
static void
put_written(View *v, const ShownArticle *a, const ShownQuote *q)
{
    const ShownMention *m = mention_of(a, q);
    bool refers = q->speaker_kind && strcmp(q->speaker_kind, "name") != 0;

    if (q->speaker_text == NULL)
        return;
    open_row(v, "Written as");
    html_put(v->out, "&#8220;%&#8221;", q->speaker_text, NULL);
    if (refers && q->speaker && strcmp(q->speaker, q->speaker_text) != 0)
        html_put(v->out, ", which means %", q->speaker, NULL);
    if (m && m->rule) {
        buf_str(v->out, ": ");
        put_rule(v, m->rule);
    }
    close_row(v);
}

static void
put_told(View *v, const ShownQuote *q)
{
    open_row(v, "Told as");
    buf_str(v->out, form_word(q->form));
    if (q->cue)
        html_put(v->out, ", with &#8220;%&#8221;", q->cue, NULL);
    if (q->act && (q->cue == NULL || strcmp(q->act, q->cue) != 0))
        html_put(v->out, " (%)", q->act, NULL);
    if (q->negated)
        buf_str(v->out, "; <strong>the article says it was not said</strong>");
    if (q->hypothetical)
        buf_str(v->out, "; <strong>not said yet, or only supposed</strong>");
    if (q->repaired)
        buf_str(v->out, "; a quotation mark was missing");
    close_row(v);
}

static void
put_speaker(View *v, const ShownArticle *a, const ShownQuote *q)
{
    if (q->speaker) {
        put_entity(v, q->speaker_type, q->speaker_id, q->speaker);
        put_office(v, article_office(a, q->appearance));
        if (!q->named)
            buf_str(v->out, " <span class=\"tag\">not named</span>");
    } else if (q->speaker_text) {
        html_put(v->out, "&#8220;%&#8221; <span class=\"tag\">it is not clear who that is</span>", q->speaker_text, NULL);
    } else {
        buf_str(v->out, "The text does not say who");
    }
}

void
article_note_on(View *v, const ShownArticle *a, const ShownQuote *q)
{
    const ShownOffice *office = article_office(a, q->appearance);
    char number[16];

    snprintf(number, sizeof number, "%u", q->number);
    html_put(v->out, "<span class=\"card\" id=\"%%\" role=\"note\" tabindex=\"-1\" aria-label=\"On quote %\"><span class=\"who\">", a->prefix, q->anchor,
             number, NULL);
    put_speaker(v, a, q);
    buf_str(v->out, "</span>\n");
    put_told(v, q);
    put_written(v, a, q);
    open_row(v, "Why a quote");
    put_rule(v, q->rule);
    if (q->confidence > 0)
        buf_printf(v->out, " <span class=\"sure\">(%.0f&#8239;&#37; sure)</span>", 100 * q->confidence);
    close_row(v);
    if (office && office->rule) {
        open_row(v, office->title ? "Why the title" : "Why the link");
        put_rule(v, office->rule);
        close_row(v);
    }
    html_put(v->out, "<a class=\"close\" href=\"#%t-%\">Close</a></span>", a->prefix, q->anchor, NULL);
}

/* ---- around the text */

static void
put_where(View *v, const ShownArticle *a)
{
    buf_str(v->out, "<p class=\"where\">");
    if (a->day)
        html_day(v->out, a->day);
    else
        html_text(v->out, a->published);
    if (html_is_web_address(a->url))
        html_put(v->out, a->day || a->published ? " \u00b7 <a href=\"%\" rel=\"noreferrer noopener external\">%</a>"
                                                : "<a href=\"%\" rel=\"noreferrer noopener external\">%</a>", a->url, a->url, NULL);
    else
        html_put(v->out, a->day || a->published ? " \u00b7 %" : "%", article_called(NULL, a->name), NULL);
    buf_str(v->out, "</p>\n");
}

/* Who and what is in the article, a list for each type. */
static void
put_cast(View *v, const ShownArticle *a, const char *type, const char *title)
{
    StoreRows rows = store_ask(v->store, &v->err, ASK_CAST, "i", a->id);
    int count = 0;

    while (rows_next(&rows)) {
        if (strcmp(rows_given(&rows, 1), type) != 0)
            continue;
        if (count++ == 0)
            html_put(v->out, "<h2>%</h2>\n<ul class=\"plain cast\">\n", title, NULL);
        buf_str(v->out, "<li>");
        put_entity(v, type, rows_number(&rows, 0), rows_given(&rows, 2));
        if (rows_number(&rows, 3) == 0)
            buf_str(v->out, " <span class=\"tag\">not named</span>");
        put_office(v, article_office(a, rows_number(&rows, 4)));
        if (rows_number(&rows, 6)) {
            buf_str(v->out, " <span class=\"times\">");
            html_count(v->out, rows_number(&rows, 6), "quote");
            buf_str(v->out, "</span>");
        }
        buf_str(v->out, "</li>\n");
    }
    buf_str(v->out, count ? "</ul>\n" : "");
}

/* The quotes once more as a list, for paper and for whoever reads by ear. */
static void
put_said_list(View *v, const ShownArticle *a)
{
    if (a->quotes.count == 0)
        return;
    html_put(v->out, "<section class=\"said\"><h2 id=\"%said\">Who said what</h2>\n<ol class=\"quotes\">\n", a->prefix, NULL);
    for (uint32_t i = 0; i < a->quotes.count; i++) {
        const ShownQuote *q = &a->quotes.items[i];
        html_put(v->out, "<li class=\"quote-item %\"><blockquote><p>", q->form, NULL);
        put_said(v->out, q->form, article_shown(v, a, q), NULL);
        buf_str(v->out, "</p></blockquote>\n<p class=\"by\">");
        put_speaker(v, a, q);
        html_put(v->out, " <span class=\"form\">%</span>", form_word(q->form), NULL);
        if (q->pieces)
            html_put(v->out, " <a class=\"times\" href=\"#%%\">why</a>", a->prefix, q->anchor, NULL);
        buf_str(v->out, "</p></li>\n");
    }
    buf_str(v->out, "</ol></section>\n");
}

/* ---- the picture */

static bool
draw_graph(View *v, int64_t id, const DrawOptions *options)
{
    Buf graph = {0};
    bool ok = store_graph(v->store, id, true, &graph, &v->err) && draw_svg(v->out, graph.bytes, graph.len, options, &v->err);

    buf_close(&graph);
    return ok;
}

/* In a page of the archive it is fetched when it comes into view, since it takes longer than all the rest; a page that stands alone has it
 * inside, and goes without where it cannot be drawn. */
static void
put_picture(View *v, const ShownArticle *a)
{
    Error err = {0};
    size_t before;

    if (a->mentions.count == 0 && a->quotes.count == 0)
        return;
    before = v->out->len;
    buf_str(v->out, "<section class=\"picture\"><h2>Who is linked to whom</h2>\n");
    if (!v->alone) {
        buf_printf(v->out, "<a href=\"/article/%lld.svg\"><img loading=\"lazy\" src=\"/article/%lld.svg\" alt=\"The graph of the article: "
                           "what it shows stands in the text and the list above\"></a></section>\n", (long long)a->id, (long long)a->id);
    } else if (draw_graph(v, a->id, &(DrawOptions){.bare = true, .prefix = arena_printf(v->arena, "%sgraph", a->prefix)})) {
        buf_str(v->out, "</section>\n");
    } else {
        v->err = err;
        v->out->len = before;
        v->out->bytes[before] = '\0';
    }
}

static void
send_picture(View *v, int64_t id)
{
    v->type = "image/svg+xml";
    v->picture = true;
    draw_graph(v, id, &(DrawOptions){0});
}

void
article_put(View *v, ShownArticle *a, int level)
{
    buf_str(v->out, "<div class=\"reading\">\n<article>\n");
    put_where(v, a);
    article_text(v, a, level);
    buf_str(v->out, "</article>\n<aside aria-label=\"In this article\">\n");
    put_cast(v, a, "person", "People");
    put_cast(v, a, "organization", "Organizations");
    put_cast(v, a, "place", "Places");
    buf_str(v->out, "</aside>\n</div>\n");
    put_said_list(v, a);
    put_picture(v, a);
}

void
article_legend(View *v)
{
    buf_str(v->out, "<p class=\"legend\"><span class=\"person\">person</span> "
                    "<span class=\"organization\">organization</span> <span class=\"place\">place</span> "
                    "<span class=\"title\">title</span> <span class=\"cue\">word of saying</span> "
                    "<span class=\"quote direct\">quote</span> <span class=\"quote indirect\">paraphrase</span> "
                    "<span class=\"hint\">\u2013 the number behind a quote shows who said it, and why it was found</span></p>\n");
}

static void
put_json(View *v, int64_t id)
{
    static const struct {
        const char *name;
        StoreQuestion question;
    } TABLES[] = {{"article", ASK_ARTICLE}, {"zones", ASK_PARTS}, {"quotes", ASK_SAID}, {"pieces", ASK_PIECES},
                  {"entities", ASK_CAST}, {"offices", ASK_OFFICES_IN}, {"mentions", ASK_MENTIONS}};

    json_open(v);
    for (size_t i = 0; i < sizeof TABLES / sizeof *TABLES; i++)
        json_rows(v, TABLES[i].name, store_ask(v->store, &v->err, TABLES[i].question, "i", id));
    json_close(v);
}

void
view_article(View *v)
{
    ShownArticle a;

    if (!article_read(v, v->request.id, &a)) {
        if (v->err.kind == ERROR_NONE)
            page_fault(v, 404, "There is no such article", "It may have been taken out of the archive.");
    } else if (v->request.form == FORM_CSV) {
        csv_rows(v, store_ask(v->store, &v->err, ASK_SAID, "i", a.id));
    } else if (v->request.form == FORM_JSON) {
        put_json(v, a.id);
    } else if (v->request.form == FORM_SVG) {
        send_picture(v, a.id);
    } else {
        page_open(v, article_called(a.headline, a.name), "article");
        article_legend(v);
        article_put(v, &a, 1);
        page_downloads(v);
        page_close(v);
    }
}
