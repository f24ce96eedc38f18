/* Pieces without a cue of their own: "A," said B. "C." is one quote; so is one that runs on over paragraphs.
 *
 * What is left is speech if it looks like it: a sentence of its own between marks.  Anything else (a scare quote, a title, a
 * nickname) is dropped. */
#include "stages/quotes.h"

enum {
    REACH = 6, /* how many pieces back a speech may go on from */
    LONG = 5,  /* tokens of a piece that are more than a term */
    PARAGRAPHS = 32, /* that a speech runs on over before it is told whose it is */
};

static uint32_t
outer_start(const Finder *f, const Piece *p)
{
    return finder_outer(f, p).start;
}

static uint32_t
outer_end(const Finder *f, const Piece *p)
{
    return finder_outer(f, p).end;
}

/* Sentences that begin in (from, to). */
static uint32_t
breaks_in(const Finder *f, uint32_t from, uint32_t to)
{
    uint32_t breaks = 0;

    for (uint32_t t = from + 1; t < to; t++)
        breaks += (f->a->tokens.items[t].flags & TOKEN_SENTENCE) != 0;
    return breaks;
}

/* Does a comma, colon, semicolon or dash stand right before the token? */
static bool
has_mark_before(const Finder *f, uint32_t token)
{
    char c = token ? f->a->text[f->a->tokens.items[token - 1].start] : ' ';

    return c == ',' || c == ':' || c == '-' || c == ';';
}

/* The same, or with a conjunction, and an adverb, between: , and "…"; , but still "…" */
static bool
ends_with_mark(const Finder *f, uint32_t token)
{
    if (token > 2 && phrase_is(&f->phrases, f->between, token - 1) && phrase_is(&f->phrases, f->stop_lead, token - 2))
        token--;
    if (token > 1 && f->a->tokens.items[token - 1].shape != SHAPE_PUNCT && phrase_is(&f->phrases, f->stop_lead, token - 1))
        token--;
    return has_mark_before(f, token);
}

/* Is there another's verb of saying between the tokens?  With `made`, one that brings a quote of its own. */
static bool
others_report(const Finder *f, const Quote *q, uint32_t from, uint32_t to, bool made)
{
    for (uint32_t t = from; t < to; t++) {
        const Report *r = f->report_at[t] == NONE ? NULL : &f->reports.items[f->report_at[t]];
        if (r && f->a->tokens.items[r->cue.start].start != q->cue.start && (!made || r->quote != NONE))
            return true;
    }
    return false;
}

/* Behind speech a few words are speech too: "A," said B. "Come on." */
static bool
goes_on(const Finder *f, const Piece *p)
{
    return finder_begins_like_speech(f, p) && finder_ends_like_speech(f, p) && finder_begins_sentence(f, p);
}

/* Do the two stand in one sentence with the cue between? */
static bool
cue_between(const Finder *f, const Quote *q, uint32_t from, uint32_t to)
{
    return q->cue.end > q->cue.start && to > from && q->cue.start >= f->a->tokens.items[from].start &&
           q->cue.end <= f->a->tokens.items[to - 1].end && breaks_in(f, from, to) == 0;
}

/* In one paragraph: between the two stands only the clause of the cue. */
static bool
joins_in_paragraph(const Finder *f, const Piece *last, const Piece *p)
{
    const Quote *q = &f->a->quotes.items[last->quote];
    uint32_t from = outer_end(f, last), to = outer_start(f, p);

    if (q->form == FORM_INDIRECT)
        return false;
    if (cue_between(f, q, from, to))
        return (goes_on(f, p) || ends_with_mark(f, to));
    return finder_is_speech(f, p) && !others_report(f, q, from, to, true);
}

/* The piece of this paragraph that the speech goes on from: "A," said B, who had "C" before. "D." */
static const Piece *
joined_in_paragraph(const Finder *f, uint32_t piece)
{
    const Piece *p = &f->pieces.items[piece];

    for (uint32_t i = piece; i-- > 0 && i + REACH > piece && f->pieces.items[i].paragraph == p->paragraph;)
        if (f->pieces.items[i].quote != NONE && joins_in_paragraph(f, &f->pieces.items[i], p))
            return &f->pieces.items[i];
    return NULL;
}

/* It was late, Smith said. "Too late."  The quote whose cue ends the sentence before the piece, or NONE. */
static uint32_t
clause_before(const Finder *f, const Piece *p)
{
    const Article *a = f->a;
    uint32_t start = outer_start(f, p), sentence;

    if (start == 0 || start == a->paragraphs.items[p->paragraph].tokens.start)
        return NONE;
    sentence = a->sentences.items[article_sentence_of(a, start - 1)].tokens.start;
    for (uint32_t t = start - 1; t > sentence; t--) {
        uint32_t report = f->report_at[t];
        if (report != NONE && f->reports.items[report].quote != NONE) {
            uint32_t quote = f->reports.items[report].quote;
            const Quote *q = &a->quotes.items[quote];
            return q->spans.count && q->form != FORM_DIRECT ? quote : NONE;
        }
    }
    return NONE;
}

static bool
same_mark(const Finder *f, const Piece *p, const Piece *q)
{
    const Token *x = &f->a->tokens.items[outer_start(f, p)], *y = &f->a->tokens.items[outer_start(f, q)];

    return x->end - x->start == y->end - y->start && memcmp(f->a->text + x->start, f->a->text + y->start, x->end - x->start) == 0;
}

/* Does the piece that begins the next paragraph go on with the one before, whose mark was left open for that? */
static bool
left_open(const Finder *f, const Piece *last, const Piece *p)
{
    const Article *a = f->a;

    return p->paragraph == last->paragraph + 1 && outer_start(f, p) == a->paragraphs.items[p->paragraph].tokens.start &&
           a->paragraphs.items[last->paragraph].zone == a->paragraphs.items[p->paragraph].zone && !a->marked.items[last->marked].closed &&
           !a->marked.items[last->marked].repaired;
}

/* "A. [paragraph] "B. [paragraph] "C," Smith said: the quote that a speech goes on to over paragraphs, or NONE. */
static uint32_t
quote_ahead(const Finder *f, uint32_t piece)
{
    for (uint32_t i = piece; i + 1 < f->pieces.count && i < piece + PARAGRAPHS && left_open(f, &f->pieces.items[i], &f->pieces.items[i + 1]) && same_mark(f, &f->pieces.items[i], &f->pieces.items[i + 1]); i++)
        if (f->pieces.items[i + 1].quote != NONE)
            return f->pieces.items[i + 1].quote;
    return NONE;
}

/* "Is it late?" Smith asked: what another paragraph says may be the answer. */
static bool
is_asked(const Finder *f, const Piece *last, uint32_t end)
{
    for (uint32_t t = outer_end(f, last); t < end; t++)
        if (f->report_at[t] != NONE &&
            token_has(f->a, f->rules, f->reports.items[f->report_at[t]].cue.start, f->features.ask))
            return f->a->text[f->a->tokens.items[last->tokens.end - 1].start] == '?';
    return false;
}

/* Over paragraphs: the last one ended in the quote or in its cue's clause, and this one is nothing but speech. */
static bool
joins_paragraphs(const Finder *f, const Piece *last, const Piece *p)
{
    const Article *a = f->a;
    Range before = a->paragraphs.items[last->paragraph].tokens, here = a->paragraphs.items[p->paragraph].tokens;
    uint32_t end = outer_end(f, last);

    if (left_open(f, last, p))
        return a->quotes.items[last->quote].form != FORM_INDIRECT;
    if (p->paragraph != last->paragraph + 1 || outer_start(f, p) != here.start ||
        a->paragraphs.items[last->paragraph].zone != a->paragraphs.items[p->paragraph].zone ||
        a->quotes.items[last->quote].form == FORM_INDIRECT || is_asked(f, last, before.end))
        return false;
    if (outer_end(f, p) < here.end)
        return false;
    return end == before.end || breaks_in(f, end, before.end) == 0;
}

static void
make_bare(Finder *f, uint32_t piece)
{
    Claim claim = {.rule = f->bare, .report = NONE};
    Match m;

    if (claim.rule == NULL)
        return;
    if (!finder_carry(f, &f->pieces.items[piece], &claim.subject))
        claim.subject.tokens.start = NONE;
    if (rule_try(claim.rule, f->a, f->scratch, finder_outer(f, &f->pieces.items[piece]), f->pieces.items[piece].tokens.start, &m))
        *vec_push(f->a->arena, &f->a->matches) = m;
    finder_add_piece(f, finder_quote(f, &claim, FORM_DIRECT), piece);
}

/* The piece before, over those of its paragraph that were nobody's speech. */
static const Piece *
last_quoted(const Finder *f, uint32_t piece)
{
    const Piece *p = &f->pieces.items[piece];

    for (uint32_t i = piece; i-- > 0 && i + 4 > piece;) {
        const Piece *last = &f->pieces.items[i];
        if (last->quote != NONE && f->a->quotes.items[last->quote].form != FORM_INDIRECT)
            return last;
        if (last->paragraph != p->paragraph)
            break;
    }
    return NULL;
}

static void
join_to(Finder *f, uint32_t quote, uint32_t piece)
{
    const Piece *p = &f->pieces.items[piece];
    Quote *q = &f->a->quotes.items[quote];

    if (q->form == FORM_INDIRECT)
        q->form = FORM_MIXED;
    if (q->form != FORM_DIRECT)
        finder_add_span(f, quote, (Range){outer_start(f, p), outer_end(f, p)});
    finder_add_piece(f, quote, piece);
}

/* "A," said B. "C", and so on.  Speech that goes on in the article's words, up to the sentence's end, behind speech of the same paragraph. */
static Range
rest_of_sentence(const Finder *f, uint32_t piece)
{
    const Article *a = f->a;
    const Piece *p = &f->pieces.items[piece];
    uint32_t start = outer_start(f, p), end = outer_end(f, p), stop;

    stop = a->sentences.items[article_sentence_of(a, p->tokens.end - 1)].tokens.end;
    if (!a->marked.items[p->marked].closed || !(a->tokens.items[start].flags & TOKEN_SENTENCE) || !finder_begins_like_speech(f, p) ||
        p->tokens.end - p->tokens.start < LONG || end + 1 >= stop)
        return (Range){0, 0};
    for (uint32_t t = end; t < stop; t++)
        if (f->report_at[t] != NONE || f->taken[t])
            return (Range){0, 0};
    return (Range){start, stop - 1};
}

/* "A," said B. Unless it rains, "C."  The next sentence, which ends in speech; a mere "But" is no part of it. */
static Range
lead_of_sentence(const Finder *f, uint32_t piece)
{
    const Article *a = f->a;
    const Piece *p = &f->pieces.items[piece], *last = p - 1;
    uint32_t opener = outer_start(f, p), start = a->sentences.items[article_sentence_of(a, opener)].tokens.start;

    if (piece == 0 || last->quote == NONE || start + 1 >= opener || p->tokens.end - p->tokens.start < LONG || !finder_ends_like_speech(f, p) ||
        outer_end(f, last) > start || breaks_in(f, outer_end(f, last), start + 1) != 1 ||
        a->quotes.items[last->quote].cue.start < a->tokens.items[outer_end(f, last)].start ||
        outer_end(f, p) < a->sentences.items[article_sentence_of(a, p->tokens.end - 1)].tokens.end)
        return (Range){0, 0};
    for (uint32_t t = start; t < opener; t++)
        if (f->report_at[t] != NONE || f->taken[t])
            return (Range){0, 0};
    return (Range){start, outer_end(f, p)};
}

/* Join such a sentence to the quote of the piece before. */
static bool
join_sentence(Finder *f, uint32_t piece)
{
    const Piece *p = &f->pieces.items[piece], *last = p - 1;
    Range rest = rest_of_sentence(f, piece);
    Quote *q;

    if (rest.start == rest.end)
        rest = lead_of_sentence(f, piece);

    if (rest.start == rest.end || piece == 0 || last->paragraph != p->paragraph || last->quote == NONE)
        return false;
    q = &f->a->quotes.items[last->quote];
    if (q->form == FORM_INDIRECT || others_report(f, q, outer_end(f, last), rest.start, true))
        return false;
    if (q->form == FORM_DIRECT)
        for (uint32_t i = 0; i < q->spans.count; i++)
            *vec_push(f->a->arena, &q->quoted) = q->spans.items[i];
    q->form = FORM_MIXED;
    finder_add_span(f, last->quote, rest);
    for (uint32_t i = piece; i < f->pieces.count && f->pieces.items[i].tokens.start < rest.end; i++)
        finder_add_piece(f, last->quote, i);
    return true;
}

bool
finder_join_split(Finder *f, uint32_t piece)
{
    const Piece *p = &f->pieces.items[piece], *last = p - 1;
    uint32_t from, to = outer_start(f, p);

    if (piece == 0 || last->paragraph != p->paragraph || last->quote == NONE)
        return false;
    if (!has_mark_before(f, to) && (to == 0 || f->a->tokens.items[to - 1].end != f->a->quotes.items[last->quote].cue.end))
        return false; /* nor the cue: "A," B said "and C." */
    from = outer_end(f, last);
    if (!cue_between(f, &f->a->quotes.items[last->quote], from, to) ||
        others_report(f, &f->a->quotes.items[last->quote], from, to, false))
        return false;
    join_to(f, last->quote, piece);
    return true;
}

void
finder_join(Finder *f)
{
    for (uint32_t i = 0; i < f->pieces.count; i++) {
        Piece *p = &f->pieces.items[i];
        const Piece *last;
        uint32_t quote = NONE;
        if (p->quote != NONE || p->work || join_sentence(f, i))
            continue;
        if ((last = joined_in_paragraph(f, i)) != NULL)
            quote = last->quote;
        else if (finder_is_speech(f, p))
            quote = clause_before(f, p);
        if (quote == NONE && (last = last_quoted(f, i)) != NULL && joins_paragraphs(f, last, p) && !finder_is_signed(f, p))
            quote = last->quote;
        if (quote == NONE)
            quote = quote_ahead(f, i);
        if (quote != NONE)
            join_to(f, quote, i);
        else if (finder_is_speech(f, p))
            make_bare(f, i);
    }
}
