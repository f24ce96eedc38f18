/* The text of an article with everything marked that was found in it.
 *
 * What was found overlaps as it likes: a name in a quote, a quote that begins in a name.  Elements must nest.  So the text is
 * walked once from mark to mark with a stack of those that are open; where one ends below others, these are closed
 * and opened again.  The stack is short, and what does not fit is not marked, so that no text can make the page grow
 * faster than itself. */
#include "web/article.h"

#include "text/utf8.h"

#include <stdlib.h>

enum { DEPTH = 12, SHORT_LINE = 60 };

typedef enum { MARK_QUOTE, MARK_CUE, MARK_MENTION } MarkKind;

typedef struct {
    Span bytes;
    MarkKind kind;
    uint32_t item;
} Mark;

typedef struct {
    View *v;
    ShownArticle *a;
    Mark *marks;
    uint32_t count, next;
    Mark open[DEPTH];
    bool linked[DEPTH]; /* it is a link, in which no other may stand */
    uint32_t depth;
    VEC(uint32_t) notes; /* quotes that have ended; their notes come where nothing is open */
    int level;
    bool headed; /* the headline was written */
} Marking;

/* ---- gathering */

static int
compare_marks(const void *a, const void *b)
{
    const Mark *x = a, *y = b;

    if (x->bytes.start != y->bytes.start)
        return x->bytes.start < y->bytes.start ? -1 : 1;
    if (x->bytes.end != y->bytes.end)
        return x->bytes.end > y->bytes.end ? -1 : 1;
    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    return x->item < y->item ? -1 : x->item > y->item;
}

static void
gather(Marking *m)
{
    ShownArticle *a = m->a;

    m->marks = arena_alloc(m->v->arena, (a->pieces.count + a->quotes.count + a->mentions.count + 1) * sizeof *m->marks);
    for (uint32_t i = 0; i < a->pieces.count; i++)
        m->marks[m->count++] = (Mark){a->pieces.items[i].bytes, MARK_QUOTE, a->pieces.items[i].quote};
    for (uint32_t i = 0; i < a->quotes.count; i++)
        if (a->quotes.items[i].cue_bytes.end)
            m->marks[m->count++] = (Mark){a->quotes.items[i].cue_bytes, MARK_CUE, i};
    for (uint32_t i = 0; i < a->mentions.count; i++)
        m->marks[m->count++] = (Mark){a->mentions.items[i].bytes, MARK_MENTION, i};
    qsort(m->marks, m->count, sizeof *m->marks, compare_marks);
}

/* ---- elements */

static bool
in_link(const Marking *m)
{
    for (uint32_t i = 0; i < m->depth; i++)
        if (m->linked[i])
            return true;
    return false;
}

static bool
open_mention(Marking *m, const ShownMention *mention)
{
    Buf *out = m->v->out;
    bool pronoun = strcmp(mention->kind, "pronoun") == 0, plain = strcmp(mention->kind, "name") == 0 || mention->entity == 0;
    bool link = mention->entity && !pronoun && !m->v->alone && !in_link(m);

    html_put(out, link ? "<a class=\"% by-%\"" : "<span class=\"% by-%\"", mention->type, mention->kind, NULL);
    if (link)
        buf_printf(out, " href=\"/%s/%lld\"", is_entity_type(mention->type) ? mention->type : "", (long long)mention->entity);
    if (!plain && mention->name)
        html_put(out, " title=\"%\"", mention->name, NULL);
    buf_char(out, '>');
    return link;
}

/* Write the beginning of an element; true if it is a link. */
static bool
open_element(Marking *m, Mark mark)
{
    const ShownQuote *q = &m->a->quotes.items[mark.item];

    if (mark.kind == MARK_MENTION)
        return open_mention(m, &m->a->mentions.items[mark.item]);
    if (mark.kind == MARK_CUE)
        buf_str(m->v->out, "<span class=\"cue\">");
    else
        html_put(m->v->out, "<span class=\"quote %\" data-note=\"%%\">", q->form, m->a->prefix, q->anchor, NULL);
    return false;
}

static void
close_element(Marking *m, uint32_t at)
{
    buf_str(m->v->out, m->linked[at] ? "</a>" : "</span>");
}

/* The number behind each piece of a quote, which leads to the note on it. */
static void
put_number(Marking *m, const ShownQuote *q, bool last)
{
    char number[16];

    snprintf(number, sizeof number, "%u", q->number);
    if (in_link(m))
        return;
    html_put(m->v->out, "<sup><a class=\"ref\" href=\"#%%\"", m->a->prefix, q->anchor, NULL);
    if (last)
        html_put(m->v->out, " id=\"%t-%\"", m->a->prefix, q->anchor, NULL);
    html_put(m->v->out, " aria-label=\"Quote %: who said it, and why it was found\">%</a></sup>", number, number, NULL);
}

/* A mark ends for good. */
static void
end_mark(Marking *m, Mark mark)
{
    ShownQuote *q = &m->a->quotes.items[mark.item];

    if (mark.kind != MARK_QUOTE)
        return;
    q->seen++;
    put_number(m, q, q->seen == q->pieces);
    if (q->seen == q->pieces)
        *vec_push(m->v->arena, &m->notes) = mark.item;
}

/* ---- the walk */

static void
put_notes(Marking *m)
{
    for (uint32_t i = 0; i < m->notes.count; i++)
        article_note_on(m->v, m->a, &m->a->quotes.items[m->notes.items[i]]);
    m->notes.count = 0;
}

static void
close_ended(Marking *m, uint32_t at)
{
    uint32_t lowest = 0, count = m->depth;

    while (lowest < m->depth && m->open[lowest].bytes.end > at)
        lowest++;
    if (lowest == m->depth)
        return;
    for (uint32_t i = m->depth; i-- > lowest;) {
        if (m->open[i].bytes.end <= at)
            end_mark(m, m->open[i]);
        close_element(m, i);
        m->depth = i; /* so that no link counts as open that is closed */
    }
    for (uint32_t i = lowest; i < count; i++) {
        Mark mark = m->open[i];
        if (mark.bytes.end <= at)
            continue;
        m->linked[m->depth] = open_element(m, mark);
        m->open[m->depth++] = mark;
    }
}

static void
open_begun(Marking *m, uint32_t at)
{
    for (; m->next < m->count && m->marks[m->next].bytes.start <= at; m->next++) {
        Mark mark = m->marks[m->next];
        if (mark.bytes.end <= at || m->depth == DEPTH)
            continue;
        m->linked[m->depth] = open_element(m, mark);
        m->open[m->depth++] = mark;
    }
}

static uint32_t
next_change(const Marking *m, uint32_t end)
{
    if (m->next < m->count && m->marks[m->next].bytes.start < end)
        end = m->marks[m->next].bytes.start;
    for (uint32_t i = 0; i < m->depth; i++)
        if (m->open[i].bytes.end < end)
            end = m->open[i].bytes.end;
    return end;
}

/* A short line stays one; the lines of a paragraph that was wrapped become one. */
static void
put_lines(Marking *m, const char *text, size_t len)
{
    while (len) {
        const char *end = memchr(text, '\n', len);
        size_t n = end ? (size_t)(end - text) : len;
        html_text_len(m->v->out, text, n);
        if (end == NULL)
            return;
        buf_str(m->v->out, n < SHORT_LINE ? "<br>\n" : "\n");
        text = end + 1;
        len -= n + 1;
    }
}

/* The bytes of the marks that close what stands before `at`: a note comes behind them. */
static uint32_t
closing_marks(const Marking *m, uint32_t at, uint32_t end)
{
    static const char *const MARKS[] = {".", ",", ";", ":", "!", "?", "\"", "'", ")", "\u201d", "\u2019", "\u00bb"};
    uint32_t from = at;
    bool found = true;

    while (found && at < end) {
        found = false;
        for (size_t i = 0; i < sizeof MARKS / sizeof *MARKS && !found; i++) {
            uint32_t len = (uint32_t)strlen(MARKS[i]);
            if (len <= end - at && memcmp(m->a->text + at, MARKS[i], len) == 0) {
                at += len;
                found = true;
            }
        }
    }
    return at - from;
}

static void
put_stretch(Marking *m, Span bytes)
{
    uint32_t at = bytes.start, before = m->depth;

    for (uint32_t i = 0; i < before; i++) { /* what runs on from the paragraph before */
        m->depth = i;
        m->linked[i] = open_element(m, m->open[i]);
    }
    m->depth = before;
    while (at < bytes.end) {
        uint32_t to;
        close_ended(m, at);
        if (m->depth == 0 && m->notes.count) {
            uint32_t marks = closing_marks(m, at, next_change(m, bytes.end));
            html_text_len(m->v->out, m->a->text + at, marks);
            at += marks;
            put_notes(m);
            continue;
        }
        open_begun(m, at);
        to = next_change(m, bytes.end);
        put_lines(m, m->a->text + at, to - at);
        at = to;
    }
    close_ended(m, at);
    for (uint32_t i = m->depth; i-- > 0;)
        close_element(m, i);
    put_notes(m);
}

/* ---- paragraphs */

static bool
is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* The zone that a byte lies in, other than a dateline, which is a part of its paragraph. */
static const ShownZone *
zone_at(const ShownArticle *a, uint32_t at, uint32_t *next)
{
    while (*next < a->zones.count && a->zones.items[*next].bytes.end <= at)
        ++*next;
    for (uint32_t i = *next; i < a->zones.count && i < *next + DEPTH && a->zones.items[i].bytes.start <= at; i++)
        if (at < a->zones.items[i].bytes.end && strcmp(a->zones.items[i].type, "dateline") != 0)
            return &a->zones.items[i];
    return NULL;
}

static void
put_paragraph(Marking *m, Span bytes, const ShownZone *zone)
{
    const char *type = zone ? zone->type : "body", *element;
    bool head = strcmp(type, "headline") == 0 && !m->headed;

    while (bytes.start < bytes.end && is_blank(m->a->text[bytes.start]))
        bytes.start++;
    while (bytes.end > bytes.start && is_blank(m->a->text[bytes.end - 1]))
        bytes.end--;
    if (bytes.start == bytes.end)
        return;
    m->headed = m->headed || head;
    element = !head ? "p" : m->level == 1 ? "h1" : "h2";
    html_put(m->v->out, "<% class=\"%\">", element, type, NULL);
    put_stretch(m, bytes);
    html_put(m->v->out, "</%>\n", element, NULL);
}

/* Where the paragraph that begins at `at` ends: at a blank line, or at any line's end if the text has no blank lines; and in any
 * case where a zone begins or ends. */
static uint32_t
paragraph_end(const ShownArticle *a, uint32_t at, bool by_lines, const ShownZone *zone, uint32_t next)
{
    uint32_t limit = zone ? zone->bytes.end : a->len;

    for (uint32_t i = next; !zone && i < a->zones.count && i < next + DEPTH; i++)
        if (strcmp(a->zones.items[i].type, "dateline") != 0 && a->zones.items[i].bytes.start > at) {
            limit = a->zones.items[i].bytes.start;
            break;
        }
    for (; at < limit; at++) {
        uint32_t after = at + 1;
        if (a->text[at] != '\n')
            continue;
        while (after < limit && (a->text[after] == ' ' || a->text[after] == '\t' || a->text[after] == '\r'))
            after++;
        if (by_lines || after >= limit || a->text[after] == '\n')
            return after;
    }
    return limit;
}

/* Has the text a blank line between two others? */
static bool
has_blank_line(const ShownArticle *a)
{
    const char *text = a->text, *end = a->text + a->len;

    while (text < end && is_blank(*text))
        text++;
    return memmem(text, (size_t)(end - text), "\n\n", 2) || memmem(text, (size_t)(end - text), "\n\r\n", 3);
}

void
article_text(View *v, ShownArticle *a, int level)
{
    Marking m = {.v = v, .a = a, .level = level};
    bool by_lines = !has_blank_line(a);
    uint32_t next = 0;
    bool has_head = false;

    for (uint32_t i = 0; i < a->zones.count; i++)
        has_head = has_head || strcmp(a->zones.items[i].type, "headline") == 0;
    if (!has_head) {
        html_put(v->out, level == 1 ? "<h1 class=\"headline\">%</h1>\n" : "<h2 class=\"headline\">%</h2>\n", a->headline ? a->headline : a->name,
                 NULL);
        m.headed = true;
    }
    gather(&m);
    for (uint32_t at = 0, end; at < a->len; at = end) {
        const ShownZone *zone = zone_at(a, at, &next);
        end = paragraph_end(a, at, by_lines, zone, next);
        put_paragraph(&m, (Span){at, end}, zone);
    }
    if (a->cut)
        buf_str(v->out, "<p class=\"note\">The article is longer than a page can show, and is cut here.</p>\n");
}
