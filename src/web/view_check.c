/* Was this said?  The quotes that come near, word by word against it. */
#include "store/words.h"
#include "web/view.h"

enum { SHOWN = 20 };

static const double ABOUT = 0.1;

typedef struct {
    View *view;
    const char *text;
    Words asked;
    double near, best;
    uint32_t hits;
    /* of those that come about as near as the nearest */
    char first_day[11];
    int64_t first;
    const char *first_headline;
    const char *speakers[2]; /* the first, and one who differs */
    bool said;               /* by whoever is asked for */
} Check;

/* ---- the difference */

static void
put_step(View *v, StepKind kind, const char *word, size_t len)
{
    static const char *const OPEN[] = {[STEP_SAME] = "", [STEP_ASKED] = "<del>", [STEP_FOUND] = "<ins>", [STEP_OUTSIDE] = "<span class=\"outside\">"};
    static const char *const CLOSE[] = {[STEP_SAME] = "", [STEP_ASKED] = "</del>", [STEP_FOUND] = "</ins>", [STEP_OUTSIDE] = "</span>"};

    buf_str(v->out, OPEN[kind]);
    html_text_len(v->out, word, len);
    buf_str(v->out, CLOSE[kind]);
    buf_char(v->out, ' ');
}

static void
put_difference(Check *c, const StoredQuote *q)
{
    View *v = c->view;
    Words words = {0};
    WordSteps steps = {0};

    words_cut(v->arena, q->text, strlen(q->text), STORE_WORDS_MOST, &words);
    words_compare(v->arena, &c->asked, &words, &steps);
    buf_str(v->out, "<p class=\"difference\">");
    for (uint32_t i = 0; i < steps.count; i++) {
        const WordStep *step = &steps.items[i];
        /* where the article has less, what lies outside was asked and not found */
        StepKind kind = step->kind == STEP_OUTSIDE && words.count < c->asked.count ? STEP_ASKED : step->kind;
        const char *text = kind == STEP_ASKED ? c->text : q->text;
        Span s = kind == STEP_ASKED ? c->asked.items[step->asked].bytes : words.items[step->found].bytes;
        put_step(v, kind, text + s.start, s.end - s.start);
    }
    buf_str(v->out, "</p>\n");
}

/* ---- what was found */

static void
note(Check *c, const StoredQuote *q)
{
    const char *speaker = q->speaker ? q->speaker : q->speaker_text ? q->speaker_text : "nobody";

    if (q->day && (c->first == 0 || strcmp(q->day, c->first_day) < 0)) {
        memcpy(c->first_day, q->day, strlen(q->day) < sizeof c->first_day ? strlen(q->day) + 1 : 0);
        c->first = q->article_id;
        c->first_headline = arena_printf(c->view->arena, "%s", article_called(q->headline, q->article));
    }
    if (c->speakers[0] == NULL)
        c->speakers[0] = arena_printf(c->view->arena, "%s", speaker);
    else if (c->speakers[1] == NULL && strcmp(c->speakers[0], speaker) != 0)
        c->speakers[1] = arena_printf(c->view->arena, "%s", speaker);
}

static bool
show(const StoredQuote *q, void *context)
{
    Check *c = context;

    c->hits++;
    if (c->near > c->best - ABOUT)
        note(c, q);
    buf_printf(c->view->out, "<li class=\"near\">\n<p class=\"degree\">%s</p>\n",
               c->near >= 1 ? "word for word" : arena_printf(c->view->arena, "%.0f&#8239;&#37; alike", 100 * c->near));
    put_difference(c, q);
    buf_str(c->view->out, "<ul class=\"found\">\n");
    put_quote(c->view, q, &(QuoteLook){0});
    buf_str(c->view->out, "</ul></li>\n");
    return true;
}

static void
put_verdict(Check *c, Buf *out, const char *speaker)
{
    buf_str(out, "<div class=\"verdict\" role=\"status\">\n");
    html_put(out, "<p class=\"lead\">%</p>\n",
             c->hits == 0 ? "Nothing in the archive comes near." : c->best >= 1 ? "It is in the archive, word for word." : "Something in the archive comes near.",
             NULL);
    if (c->first) {
        buf_str(out, "<p>The earliest: ");
        html_day(out, c->first_day);
        buf_printf(out, ", <a href=\"/article/%lld\">", (long long)c->first);
        html_put(out, "%</a></p>\n", c->first_headline, NULL);
    }
    if (c->speakers[1])
        html_put(out, "<p class=\"warn\">The articles do not agree on who said it: %; %.</p>\n", c->speakers[0], c->speakers[1], NULL);
    if (c->hits && speaker && !c->said)
        html_put(out, "<p class=\"warn\">None of these is given to %.</p>\n", speaker, NULL);
    buf_str(out, "</div>\n");
}

static uint32_t
find(View *v, const char *words, StoredNear near[STORE_NEAR_MOST])
{
    uint32_t count = 0;

    store_near(v->store, words, strlen(words), near, &count, &v->err);
    return count;
}

static void
put_found(View *v, const char *words, const char *speaker)
{
    StoredNear near[STORE_NEAR_MOST];
    Check c = {.view = v, .text = words};
    Buf items = {0}, *page = v->out;
    uint32_t count = find(v, words, near);

    words_cut(v->arena, words, strlen(words), STORE_ASKED_MOST, &c.asked);
    c.best = count ? near[0].near : 0;
    v->out = &items;
    for (uint32_t i = 0; i < count && i < SHOWN; i++) {
        c.near = near[i].near;
        store_quote(v->store, near[i].quote, show, &c, &v->err);
        c.said = c.said || (speaker && store_said_by(v->store, near[i].quote, speaker, &v->err));
    }
    v->out = page;
    put_verdict(&c, page, speaker);
    if (items.len) {
        buf_str(page, "<p class=\"legend\"><del>only in what you asked</del> <ins>only in the article</ins></p>\n<ol class=\"nears\">\n");
        buf_add(page, items.bytes, items.len);
        buf_str(page, "</ol>\n");
    }
    buf_close(&items);
}

static void
put_check_form(View *v, const char *words, const char *speaker)
{
    html_put(v->out,
             "<form class=\"big\" action=\"/check\"><label for=\"words\">The words in question</label>\n"
             "<textarea id=\"words\" name=\"q\" rows=\"3\" required>%</textarea>\n"
             "<div class=\"line\"><div class=\"field\"><label for=\"speaker\">by (may be left empty)</label>"
             "<input id=\"speaker\" name=\"speaker\" value=\"%\" placeholder=\"a name\"></div><button>Check</button></div></form>\n",
             words ? words : "", speaker ? speaker : "", NULL);
}

/* ---- the view */

static void
put_records(View *v, const char *words)
{
    StoredNear near[STORE_NEAR_MOST];
    bool csv = v->request.form == FORM_CSV;
    uint32_t count = words ? find(v, words, near) : 0;

    if (csv) {
        csv_quote_head(v);
    } else {
        json_open(v);
        json_array_open(v, "quotes");
    }
    for (uint32_t i = 0; i < count; i++)
        store_quote(v->store, near[i].quote, csv ? csv_take_quote : json_take_quote, v, &v->err);
    if (!csv) {
        json_array_close(v);
        json_close(v);
    }
}

void
view_check(View *v)
{
    const char *words = request_get(&v->request, "q"), *speaker = request_get(&v->request, "speaker");

    if (v->request.form != FORM_PAGE) {
        put_records(v, words);
        return;
    }
    page_open(v, "Was it said?", "check");
    buf_str(v->out, "<h1>Was it said?</h1>\n<p class=\"lead\">Words that somebody is said to have said, against every quote of the archive: "
                    "found though they were cut, altered or punctuated in another way.</p>\n");
    put_check_form(v, words, speaker);
    if (words) {
        buf_str(v->out, "<section id=\"results\" aria-label=\"What comes near\">\n");
        put_found(v, words, speaker);
        page_downloads(v);
        buf_str(v->out, "</section>\n");
    }
    page_close(v);
}
