/* Quotes inside quotes: "The mayor told me, 'It is late,'" Smith said.
 *
 * A stretch between marks inside a piece is a quote of its own if a rule sees, within the piece, who says it; what else stands
 * between inner marks (a word in irony) belongs to the outer quote alone.  The quote that it is nested in is found when all quotes are in order. */
#include "stages/quotes.h"

enum { BEFORE = 16, OUTER = 16 }; /* how far before its mark its subject may stand; how many quotes back its parent may be */

/* The subject as its words say it: a name, a pronoun, or itself. */
static Phrase
subject_of(const Finder *f, Range words)
{
    Phrase p = {.tokens = words, .mention = words, .kind = KIND_NOMINAL};
    uint32_t name = f->phrases.names[words.end - 1];

    if (name != NONE && f->a->mentions.items[name].tokens.start >= words.start && f->a->mentions.items[name].tokens.end == words.end) {
        p.mention = f->a->mentions.items[name].tokens;
        p.kind = KIND_NAME;
    } else if (words.end - words.start == 1 && token_has(f->a, f->rules, words.start, f->features.pronoun)) {
        p.kind = KIND_PRONOUN;
    }
    return p;
}

static void
make_nested(Finder *f, const Match *m, const Marked *inner)
{
    Claim claim = {.rule = m->rule, .report = NONE};
    uint32_t number;
    Range r;

    claim.subject.tokens.start = NONE;
    if (match_group(m, rule_group(m->rule, "source"), &r))
        claim.subject = subject_of(f, r);
    if (!match_group(m, rule_group(m->rule, "cue"), &claim.cue))
        return;
    *vec_push(f->a->arena, &f->a->matches) = *m;
    number = finder_quote(f, &claim, FORM_DIRECT);
    f->a->quotes.items[number].parent = number; /* until its place is known */
    f->a->quotes.items[number].repaired = inner->repaired;
    *vec_push(f->a->arena, &f->a->quotes.items[number].spans) = inner->bytes;
}

/* Does one of the rules that look from before (or from behind) match at the token, within the piece? */
static bool
try_at(Finder *f, Range piece, uint32_t token, bool behind, const Marked *inner)
{
    Range quote;
    Match m;

    for (uint32_t next = 0; trial_next(&f->trials.nested, &next, f->a, f->scratch, piece, token, &m);) {
        if ((rule_get(m.rule, "behind") != NULL) != behind)
            continue;
        if (!behind && (!match_group(&m, rule_group(m.rule, "quote"), &quote) || quote.start != inner->tokens.start))
            continue;
        make_nested(f, &m, inner);
        return true;
    }
    return false;
}

static void
find_nested(Finder *f, const Piece *p, const Marked *inner)
{
    uint32_t opener = inner->tokens.start - 1;
    uint32_t from = opener > p->tokens.start + BEFORE ? opener - BEFORE : p->tokens.start;

    for (uint32_t t = from; t < opener; t++)
        if (try_at(f, p->tokens, t, false, inner))
            return;
    if (inner->closed && inner->tokens.end + 1 < p->tokens.end)
        (void)try_at(f, p->tokens, inner->tokens.end, true, inner);
}

void
finder_nested(Finder *f)
{
    const Article *a = f->a;

    for (uint32_t i = 0; f->trials.nested.count && i < f->pieces.count; i++) {
        const Piece *p = &f->pieces.items[i];
        for (uint32_t k = p->marked + 1; p->quote != NONE && k < a->marked.count && a->marked.items[k].tokens.start < p->tokens.end; k++)
            if (a->marked.items[k].parent != NONE && a->marked.items[k].opened)
                find_nested(f, p, &a->marked.items[k]);
    }
}

void
finder_set_parents(Article *a)
{
    for (uint32_t i = 0; i < a->quotes.count; i++) {
        Quote *q = &a->quotes.items[i];
        if (q->parent == NONE)
            continue;
        q->parent = NONE;
        for (uint32_t k = i; q->parent == NONE && k-- > 0 && k + OUTER > i;)
            for (uint32_t s = 0; s < a->quotes.items[k].spans.count; s++)
                if (span_contains(a->quotes.items[k].spans.items[s], q->spans.items[0]))
                    q->parent = k;
    }
}
