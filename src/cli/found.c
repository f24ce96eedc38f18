#include "cli/found.h"

enum { MARGIN = 2, WIDEST = 100 };

const char FOUND_COLUMNS[] = "day\tspeaker\ttitle\torganization\tact\tform\tquote\tnotes\tid\tarticle";

/* ---- columns */

/* The notes that onrecord quotes gives too. */
static void
put_notes(Buf *out, const StoredQuote *q)
{
    const struct {
        bool holds;
        const char *word;
    } NOTES[] = {{q->has_speaker && !q->named, "unnamed"},
                 {!q->has_speaker, q->speaker_text ? "unresolved" : "unattributed"},
                 {q->former, "former"},
                 {q->negated, "negated"},
                 {q->hypothetical, "hypothetical"}};
    bool any = false;

    for (size_t i = 0; i < sizeof NOTES / sizeof *NOTES; i++)
        if (NOTES[i].holds) {
            buf_printf(out, "%s%s", any ? "," : "", NOTES[i].word);
            any = true;
        }
}

void
found_row(Buf *out, const StoredQuote *q)
{
    terminal_column(out, q->day, '\t');
    terminal_column(out, q->speaker ? q->speaker : q->speaker_text, '\t');
    terminal_column(out, q->title, '\t');
    terminal_column(out, q->organization, '\t');
    terminal_column(out, q->act, '\t');
    terminal_column(out, q->form, '\t');
    terminal_column(out, q->text, '\t');
    put_notes(out, q);
    buf_char(out, '\t');
    terminal_column(out, q->node, '\t');
    terminal_column(out, q->article, '\n');
}

/* ---- cards */

static Style
style_of(const StoredQuote *q)
{
    if (!q->speaker || !q->named)
        return STYLE_ITALIC;
    return strcmp(q->speaker_type, "person") == 0 ? STYLE_PERSON
         : strcmp(q->speaker_type, "organization") == 0 ? STYLE_ORGANIZATION : STYLE_PLACE;
}

static void
put_styled(Buf *out, const Terminal *t, Style style, const char *text, uint32_t *at, uint32_t indent)
{
    uint32_t width = t->width > WIDEST ? WIDEST : t->width;

    terminal_style(out, t, style);
    *at = terminal_wrap(out, text, strlen(text), width, *at, indent);
    terminal_style(out, t, STYLE_NONE);
}

static void
put_pad(Buf *out, uint32_t *at, uint32_t columns)
{
    for (*at = 0; *at < columns; ++*at)
        buf_char(out, ' ');
}

static void
put_speaker(Buf *out, const Terminal *t, const StoredQuote *q)
{
    const char *name = q->speaker ? q->speaker : q->speaker_text ? q->speaker_text : "Someone";
    uint32_t at;

    put_pad(out, &at, MARGIN);
    put_styled(out, t, style_of(q), name, &at, 2 * MARGIN);
    if (q->has_speaker && !q->named)
        put_styled(out, t, STYLE_DIM, " (not named)", &at, 2 * MARGIN);
    else if (!q->has_speaker)
        put_styled(out, t, STYLE_DIM, q->speaker_text ? " (it is not clear who that is)" : " (the text does not say who)", &at,
                   2 * MARGIN);
    if (q->title) {
        buf_str(out, q->former ? ", former " : ", ");
        at += q->former ? 9 : 2;
        put_styled(out, t, STYLE_TITLE, q->title, &at, 2 * MARGIN);
    }
    if (q->organization) {
        buf_str(out, ", ");
        at += 2;
        put_styled(out, t, STYLE_NONE, q->organization, &at, 2 * MARGIN);
    }
    buf_char(out, '\n');
}

static void
put_words(Buf *out, const Terminal *t, const StoredQuote *q, const char *words)
{
    bool direct = strcmp(q->form, "direct") == 0;
    Buf text = {0};
    uint32_t at;

    put_pad(out, &at, 2 * MARGIN);
    if (q->negated || q->hypothetical) {
        put_styled(out, t, STYLE_ERROR, q->negated ? "[not said]" : "[hypothetical]", &at, 2 * MARGIN);
        buf_char(out, ' ');
        at++;
    }
    if (q->act) {
        put_styled(out, t, STYLE_CUE, q->act, &at, 2 * MARGIN);
        buf_str(out, "  ");
        at += 2;
    }
    if (words) {
        buf_str(out, words);
    } else {
        buf_printf(&text, "%s%s%s", !direct ? "" : t->utf8 ? "\u201c" : "\"", q->shown ? q->shown : q->text,
                   !direct ? "" : t->utf8 ? "\u201d" : "\"");
        put_styled(out, t, STYLE_NONE, text.bytes, &at, 3 * MARGIN);
    }
    buf_char(out, '\n');
    buf_close(&text);
}

void
found_card(Buf *out, const Terminal *t, const StoredQuote *q, const char *words)
{
    const char *parts[] = {q->day, q->headline, q->article, q->node}, *dot = t->utf8 ? " \u00b7 " : " - ";
    Buf where = {0};
    uint32_t at;

    put_speaker(out, t, q);
    put_words(out, t, q, words);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (parts[i])
            buf_printf(&where, "%s%s", where.len ? dot : "", parts[i]);
    put_pad(out, &at, 2 * MARGIN);
    put_styled(out, t, STYLE_DIM, where.bytes ? where.bytes : "", &at, 2 * MARGIN);
    buf_str(out, "\n\n");
    buf_close(&where);
}
