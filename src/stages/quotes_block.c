/* Block quotes: "The letter said:" ends a paragraph, and the next one, without any marks, is what it said.
 *
 * Only one paragraph is taken: where the words end, and the article goes on, nothing shows. */
#include "stages/quotes.h"

enum { SHORTEST = 6 }; /* tokens; what is shorter may be a heading, or the item of a list */

/* The body's paragraph behind the one that the report ends with a colon, if it can be somebody's words; or NONE. */
static uint32_t
block_behind(const Finder *f, const Report *r)
{
    const Article *a = f->a;
    uint32_t number = r->paragraph + 1, last = r->sentence.end - 1;
    Range tokens;

    if (a->text[a->tokens.items[last].start] != ':' || number >= a->paragraphs.count || a->paragraphs.items[number - 1].tokens.end != last + 1)
        return NONE;
    tokens = a->paragraphs.items[number].tokens;
    if (a->paragraphs.items[number].zone != ZONE_BODY || tokens.end - tokens.start < SHORTEST ||
        a->tokens.items[tokens.start].shape == SHAPE_PUNCT || memchr(f->taken + tokens.start, 1, tokens.end - tokens.start))
        return NONE;
    for (uint32_t i = finder_piece_from(f, tokens.start); i < f->pieces.count && f->pieces.items[i].tokens.start < tokens.end; i++)
        if (f->pieces.items[i].quote != NONE)
            return NONE;
    return number;
}

static void
make_block(Finder *f, Claim *claim, Range words)
{
    uint32_t first = finder_piece_from(f, words.start), quote;
    bool marked = first < f->pieces.count && f->pieces.items[first].tokens.start < words.end;

    quote = finder_quote(f, claim, marked ? FORM_MIXED : FORM_INDIRECT);
    for (uint32_t i = first; i < f->pieces.count && f->pieces.items[i].tokens.start < words.end; i++)
        finder_add_piece(f, quote, i);
    finder_add_span(f, quote, words);
    memset(f->taken + words.start, 1, words.end - words.start);
}

void
finder_blocks(Finder *f)
{
    for (uint32_t i = 0; f->block && i < f->reports.count; i++) {
        const Report *r = &f->reports.items[i];
        Claim claim = {.rule = f->block, .subject = r->subject, .cue = r->cue, .report = i};
        uint32_t number;
        Match m;
        if (r->quote != NONE || r->idle || r->subject.tokens.start == NONE || (number = block_behind(f, r)) == NONE ||
            !rule_try(f->block, f->a, f->scratch, f->a->paragraphs.items[number - 1].tokens, r->cue.start, &m))
            continue;
        *vec_push(f->a->arena, &f->a->matches) = m;
        make_block(f, &claim, f->a->paragraphs.items[number].tokens);
    }
}
