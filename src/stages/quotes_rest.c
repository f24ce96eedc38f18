/* What is still between marks when all verbs of saying have had their words: "His answer then -- "I will be back when it is over" -- was
 * heard often."  A rule tells the words of somebody from the name of a thing, by how many they are and how they are written.  Such words go
 * to the quote before them in their sentence, if no other verb of saying stands between: its clause was cut at a comma, but the marks
 * show that it goes on.  Otherwise they are a quote of their own, of whoever spoke last in the sentence. */
#include "stages/quotes.h"

enum {
    BEFORE = 2, /* tokens before the mark that the rule may take in: "to the "… */
    REACH = 40, /* how far back another's verb of saying is looked for */
};

/* The first match of a rule, at the tokens before the mark from the left. */
static bool
are_words(const Finder *f, const Piece *p, Match *m, Range *content)
{
    Range paragraph = f->a->paragraphs.items[p->paragraph].tokens;
    uint32_t opener = finder_outer(f, p).start, start = opener - paragraph.start > BEFORE ? opener - BEFORE : paragraph.start;

    for (; start <= opener; start++)
        for (uint32_t next = 0; trial_next(&f->trials.rest, &next, f->a, f->scratch, paragraph, start, m);)
            if (match_group(m, rule_group(m->rule, "content"), content) && content->end >= p->tokens.end)
                return true;
    return false;
}

/* The last report before the token in its sentence. */
static const Report *
report_before(const Finder *f, uint32_t token)
{
    uint32_t low = f->a->sentences.items[article_sentence_of(f->a, token)].tokens.start;

    for (uint32_t t = token; t > low && token - t < REACH; t--)
        if (f->report_at[t - 1] != NONE)
            return &f->reports.items[f->report_at[t - 1]];
    return NULL;
}

/* Where the quote's last stretch ends, if all between there and the token is free and none of it another sentence; NONE otherwise. */
static uint32_t
end_before(const Finder *f, const Quote *q, uint32_t token)
{
    const Article *a = f->a;
    uint32_t t = token, end = q->spans.items[q->spans.count - 1].end;

    while (t > 0 && token - t < REACH && a->tokens.items[t - 1].start >= end) {
        t--;
        if (f->taken[t] || (a->tokens.items[t].flags & TOKEN_SENTENCE))
            return NONE;
    }
    return t > 0 && a->tokens.items[t - 1].end == end ? t : NONE;
}

/* "A," the letter states, becomes due "in spring": a comma behind the verb of saying shows that what was said goes on. */
static bool
is_inserted(const Finder *f, const Report *r)
{
    const Article *a = f->a;

    return r->cue.end == r->all.end && r->all.end < a->tokens.count && a->text[a->tokens.items[r->all.end].start] == ',';
}

/* Give the piece to the quote of the report: a clause goes on up to it, but not over a dash; what stands before the report, or is a speech, has it as one more
 * stretch. */
static bool
extend(Finder *f, const Report *r, uint32_t piece)
{
    Range outer = finder_outer(f, &f->pieces.items[piece]);
    Quote *q = &f->a->quotes.items[r->quote];
    Span *last = q->spans.count ? &q->spans.items[q->spans.count - 1] : NULL;

    if (last == NULL || last->end > f->a->tokens.items[outer.start].start)
        return false;
    if (q->cue.start < last->end) { /* behind its cue */
        if (q->form == FORM_DIRECT || finder_is_dash(f, outer.start - 1) || end_before(f, q, outer.start) == NONE)
            return false;
        last->end = f->a->tokens.items[outer.end - 1].end;
        q->form = FORM_MIXED;
    } else {
        if (!is_inserted(f, r))
            return false;
        if (q->form != FORM_DIRECT) {
            finder_add_span(f, r->quote, outer);
            q->form = FORM_MIXED;
        }
    }
    finder_add_piece(f, r->quote, piece);
    return true;
}

/* "A," said B. "C" in the dark harbour.  A sentence that begins between marks goes on with the speech before it in its paragraph. */
static bool
go_on(Finder *f, uint32_t piece)
{
    const Piece *p = &f->pieces.items[piece], *last = p - 1;
    Range outer = finder_outer(f, p);
    QuoteForm form;

    if (piece == 0 || last->paragraph != p->paragraph || last->quote == NONE || !finder_begins_sentence(f, p))
        return false;
    for (uint32_t t = last->tokens.end; t < outer.start; t++)
        if (f->report_at[t] != NONE && f->reports.items[f->report_at[t]].quote != last->quote)
            return false;
    form = f->a->quotes.items[last->quote].form;
    if (form == FORM_INDIRECT)
        return false;
    if (form == FORM_MIXED)
        finder_add_span(f, last->quote, outer);
    finder_add_piece(f, last->quote, piece);
    return true;
}

/* Whose words they are: the subject's of the last verb of saying in the sentence; of a piece that hangs on nothing, also whom the text before it is
 * about.  A verb that stands among the words before the mark is the cue: what it called "…". */
static void
read_speaker(const Finder *f, const Report *r, uint32_t piece, Range *content, Claim *claim)
{
    uint32_t opener = finder_outer(f, &f->pieces.items[piece]).start;

    claim->subject.tokens.start = NONE;
    if (r == NULL) {
        if (content->start == opener && !finder_carry(f, &f->pieces.items[piece], &claim->subject))
            claim->subject.tokens.start = NONE;
        return;
    }
    if (!r->idle)
        claim->subject = r->subject;
    if (r->cue.end > content->start) {
        content->start = r->cue.end;
        claim->cue = r->cue;
    }
}

static void
make(Finder *f, const Match *m, Range content, const Report *r, uint32_t piece)
{
    Range outer = finder_outer(f, &f->pieces.items[piece]);
    Claim claim = {.rule = m->rule, .report = NONE};
    uint32_t quote;

    read_speaker(f, r, piece, &content, &claim);
    quote = finder_quote(f, &claim, content.start < outer.start ? FORM_MIXED : FORM_DIRECT);
    if (content.start < outer.start)
        finder_add_span(f, quote, (Range){content.start, outer.end});
    finder_add_piece(f, quote, piece);
}

void
finder_rest(Finder *f)
{
    for (uint32_t i = 0; i < f->pieces.count; i++) {
        const Piece *p = &f->pieces.items[i];
        const Report *r;
        Range content;
        Match m;
        if (p->quote != NONE || p->work || !are_words(f, p, &m, &content))
            continue;
        *vec_push(f->a->arena, &f->a->matches) = m;
        r = report_before(f, finder_outer(f, p).start);
        if (!go_on(f, i) && (r == NULL || r->quote == NONE || !extend(f, r, i)))
            make(f, &m, content, r, i);
    }
}
