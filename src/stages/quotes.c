/* Quotes: which stretches were said, and in what words.
 *
 * Rules claim (quotes_find.c), this file decides.  First each stretch between marks goes to the best claim that has it whole:
 * those are direct quotes.  Then clauses under a cue are taken; the stretches inside them are mixed quotes, those without
 * any are indirect.  What is left between marks is joined to its neighbour, taken for speech or dropped
 * (quotes_join.c). */
#include "stages/quotes.h"

#include <stdlib.h>

static uint32_t
paragraph_start(const Finder *f, const Piece *p)
{
    return f->a->paragraphs.items[p->paragraph].tokens.start;
}

static char
first_char(const Finder *f, uint32_t token)
{
    return f->a->text[f->a->tokens.items[token].start];
}

/* The opening mark's token, or the piece's first one if it was never opened. */
static uint32_t
opener_of(const Finder *f, const Piece *p)
{
    return f->a->marked.items[p->marked].opened ? p->tokens.start - 1 : p->tokens.start;
}

static bool
begins_like_speech(const Finder *f, const Piece *p)
{
    const Token *t = &f->a->tokens.items[p->tokens.start];

    return (t->flags & TOKEN_CAPITAL) || t->shape == SHAPE_NUMBER || t->shape == SHAPE_PUNCT;
}

/* Does the sentence end with the piece, or a clause begin behind it? */
static bool
ends_with_piece(const Finder *f, const Piece *p)
{
    const Article *a = f->a;
    uint32_t end = p->tokens.end;
    bool closed = a->marked.items[p->marked].closed;

    if (!closed || end + 1 >= a->paragraphs.items[p->paragraph].tokens.end)
        return true;
    if (a->tokens.items[end + 1].flags & TOKEN_SENTENCE)
        return true;
    return a->tokens.items[end + 1].shape == SHAPE_PUNCT && first_char(f, end + 1) != '-';
}

/* A cue before the quote: "said, …", "said: …", "told reporters …" open speech; "called it …" does not. */
static bool
opens_speech(const Finder *f, const Claim *c, const Piece *p)
{
    uint32_t opener = opener_of(f, p);
    uint32_t before = opener > 0 ? opener - 1 : 0, gap = opener - c->cue.end;
    char mark = opener > c->cue.end ? first_char(f, before) : ' ';
    bool opened = mark == ',' || mark == ':';

    if (first_char(f, c->cue.start) == ':' || mark == ':')
        return true;
    if (!begins_like_speech(f, p))
        return opened && gap <= 1 && ends_with_piece(f, p);
    return ends_with_piece(f, p) || (opened && p->tokens.end - p->tokens.start > 4);
}

/* A cue behind the quote: it is all speech unless the sentence began before the mark. */
static bool
begins_sentence(const Finder *f, const Piece *p)
{
    const Article *a = f->a;
    uint32_t opener = opener_of(f, p);
    char before;

    if (opener <= paragraph_start(f, p) || (a->tokens.items[opener].flags & TOKEN_SENTENCE) ||
        (opener < p->tokens.start && (a->tokens.items[p->tokens.start].flags & TOKEN_SENTENCE)))
        return true;
    before = first_char(f, opener - 1);
    if (before == ':' || before == '.' || (before == ',' && begins_like_speech(f, p)))
        return true;
    return (a->tokens.items[opener - 1].flags & TOKEN_SENTENCE) != 0; /* one word: "But …" */
}

/* The start of the sentence that a mark stands in. */
static uint32_t
sentence_start(const Finder *f, const Piece *p)
{
    const Article *a = f->a;
    uint32_t t = opener_of(f, p), low = paragraph_start(f, p);

    while (t > low && !(a->tokens.items[t].flags & TOKEN_SENTENCE))
        t--;
    return t;
}

static bool
cue_is_behind(const Claim *c, const Piece *p)
{
    return c->cue.start >= p->tokens.end;
}

static bool
fits(const Finder *f, const Claim *c)
{
    const Piece *p = &f->pieces.items[c->piece];

    return cue_is_behind(c, p) || opens_speech(f, c, p);
}

/* ---- direct quotes */

static void
choose_claims(Finder *f)
{
    for (uint32_t i = 0; i < f->claims.count; i++) {
        const Claim *c = &f->claims.items[i];
        Piece *p;
        if (c->piece == NONE || c->cue.start == NONE || !fits(f, c))
            continue;
        p = &f->pieces.items[c->piece];
        if (p->claim == NONE || c->rule->number < f->claims.items[p->claim].rule->number)
            p->claim = i;
    }
}

/* Words before the mark are part of what was said: from the sentence's start, or from the end of the last quote. */
static bool
add_lead(Finder *f, uint32_t quote, const Piece *p, uint32_t number)
{
    uint32_t start = sentence_start(f, p), opener = opener_of(f, p);

    if (number > 0 && f->pieces.items[number - 1].tokens.end >= start &&
        f->pieces.items[number - 1].paragraph == p->paragraph) {
        if (f->pieces.items[number - 1].quote != NONE)
            return false;
    }
    if (start >= opener)
        return false;
    f->a->quotes.items[quote].form = FORM_MIXED;
    finder_add_span(f, quote, (Range){start, p->tokens.end + (f->a->marked.items[p->marked].closed ? 1 : 0)});
    return true;
}

static void
make_direct(Finder *f)
{
    for (uint32_t i = 0; i < f->pieces.count; i++) {
        Piece *p = &f->pieces.items[i];
        const Claim *c = p->claim == NONE ? NULL : &f->claims.items[p->claim];
        uint32_t quote;
        if (c == NULL)
            continue;
        quote = f->cue_quote[c->cue.start];
        if (quote == NONE) {
            quote = finder_quote(f, c, FORM_DIRECT);
            if (cue_is_behind(c, p) && !begins_sentence(f, p))
                add_lead(f, quote, p, i);
        }
        finder_add_piece(f, quote, i);
    }
}

/* ---- clauses */

static bool
is_mark_or_stop(const Finder *f, uint32_t token)
{
    return f->a->tokens.items[token].shape == SHAPE_PUNCT && strchr(",.;:-", first_char(f, token)) != NULL &&
           !(f->a->tokens.items[token].flags & TOKEN_DOTTED);
}

static Range
trim(const Finder *f, Range r)
{
    while (r.start < r.end && is_mark_or_stop(f, r.start))
        r.start++;
    while (r.end > r.start && is_mark_or_stop(f, r.end - 1))
        r.end--;
    return r;
}

static int
compare_claims(const void *a, const void *b)
{
    const Claim *const *x = a, *const *y = b;

    if ((*x)->rule->number != (*y)->rule->number)
        return (*x)->rule->number < (*y)->rule->number ? -1 : 1;
    return (*x)->cue.start < (*y)->cue.start ? -1 : (*x)->cue.start > (*y)->cue.start;
}

/* The clause ends before a stretch that is another's words. */
static Range
cut_at_taken(const Finder *f, Range r)
{
    for (uint32_t i = finder_piece_from(f, r.start); i < f->pieces.count && f->pieces.items[i].tokens.start < r.end; i++)
        if (f->pieces.items[i].quote != NONE) {
            uint32_t opener = opener_of(f, &f->pieces.items[i]);
            r.end = opener > r.start ? opener : r.start;
        }
    return r;
}

static bool
is_free(const uint32_t *taken, Range r)
{
    for (uint32_t t = r.start; t < r.end; t++)
        if (taken[t])
            return false;
    return true;
}

static void
take(uint32_t *taken, Range r)
{
    for (uint32_t t = r.start; t < r.end; t++)
        taken[t] = 1;
}

/* A stretch of the clause with the pieces in it; its end takes in the closing mark. */
static void
add_stretch(Finder *f, uint32_t quote, Range r)
{
    uint32_t first = finder_piece_from(f, r.start), i = first;

    for (; i < f->pieces.count && f->pieces.items[i].tokens.start < r.end; i++)
        finder_add_piece(f, quote, i);
    if (i > first && r.end == f->pieces.items[i - 1].tokens.end &&
        f->a->marked.items[f->pieces.items[i - 1].marked].closed)
        r.end++;
    finder_add_span(f, quote, r);
}

static uint32_t
pieces_in(const Finder *f, Range r)
{
    uint32_t first = finder_piece_from(f, r.start), i = first;

    while (i < f->pieces.count && f->pieces.items[i].tokens.start < r.end)
        i++;
    return i - first;
}

static void
make_clause(Finder *f, const Claim *c, uint32_t *taken)
{
    Range content = trim(f, cut_at_taken(f, c->content)), before = {NONE, NONE};
    uint32_t first = finder_piece_from(f, content.start), count, quote;

    if (c->before.start != NONE)
        before = trim(f, c->before);
    if (f->cue_quote[c->cue.start] != NONE || content.end < content.start + 2 || !is_free(taken, content) ||
        (before.start != NONE && (before.start >= before.end || !is_free(taken, before))))
        return;
    count = pieces_in(f, content) + (before.start == NONE ? 0 : pieces_in(f, before));
    if (count == 0 && strncmp(c->rule->name, "mixed.", 6) == 0)
        return;
    if (count == 1 && before.start == NONE && f->pieces.items[first].tokens.start <= content.start + 1 &&
        f->pieces.items[first].tokens.end + 1 >= content.end) {
        quote = finder_quote(f, c, FORM_DIRECT);
        finder_add_piece(f, quote, first);
    } else {
        quote = finder_quote(f, c, count ? FORM_MIXED : FORM_INDIRECT);
        if (before.start != NONE)
            add_stretch(f, quote, before);
        add_stretch(f, quote, content);
    }
    take(taken, content);
    if (before.start != NONE)
        take(taken, before);
}

static void
make_clauses(Finder *f)
{
    Article *a = f->a;
    uint32_t *taken = arena_zero(f->arena, (a->tokens.count + 1) * sizeof *taken), count = 0;
    const Claim **order = arena_alloc(f->arena, (f->claims.count + 1) * sizeof *order);

    for (uint32_t i = 0; i < f->claims.count; i++)
        if (f->claims.items[i].content.start != NONE)
            order[count++] = &f->claims.items[i];
    if (count)
        qsort(order, count, sizeof *order, compare_claims);
    for (uint32_t i = 0; i < count; i++)
        make_clause(f, order[i], taken);
}

/* ---- order */

static int
compare_quotes(const void *a, const void *b)
{
    const Quote *x = a, *y = b;

    if (x->spans.items[0].start != y->spans.items[0].start)
        return x->spans.items[0].start < y->spans.items[0].start ? -1 : 1;
    return x->spans.items[0].end < y->spans.items[0].end ? -1 : x->spans.items[0].end > y->spans.items[0].end;
}

static int
compare_spans(const void *a, const void *b)
{
    const Span *x = a, *y = b;

    return x->start < y->start ? -1 : x->start > y->start;
}

bool
quotes_run(Article *a, const RuleSet *rules, Scratch *scratch, Error *err)
{
    Finder f;

    (void)err;
    finder_open(&f, a, rules, scratch);
    choose_claims(&f);
    make_direct(&f);
    make_clauses(&f);
    finder_join(&f);
    for (uint32_t i = 0; i < a->quotes.count; i++)
        if (a->quotes.items[i].spans.count > 1)
            qsort(a->quotes.items[i].spans.items, a->quotes.items[i].spans.count, sizeof(Span), compare_spans);
    if (a->quotes.count)
        qsort(a->quotes.items, a->quotes.count, sizeof(Quote), compare_quotes);
    return true;
}
