/* Making the records: quotes with their spans, act and flags, and the mentions of their speakers. */
#include "stages/quotes.h"

/* ---- speakers */

/* A body or document, or a person: by the lists, from the phrase's head back. */
static EntityType
type_of_phrase(const Finder *f, Range phrase)
{
    for (uint32_t t = phrase.end; t-- > phrase.start;) {
        if (token_has(f->a, f->rules, t, f->person_noun))
            return TYPE_PERSON;
        if (token_has(f->a, f->rules, t, f->org_noun) || token_has(f->a, f->rules, t, f->cue_noun) ||
            token_has(f->a, f->rules, t, f->org_head))
            return TYPE_ORGANIZATION;
    }
    return TYPE_PERSON;
}

/* "the spokesman, Scott Sykes": the name behind the comma is the mention. */
static const Source *
apposed_name(const Finder *f, const Source *source)
{
    const Article *a = f->a;
    uint32_t comma = source->tokens.end;
    const Source *next;

    if (source->kind != KIND_NOMINAL || comma + 1 >= a->tokens.count || a->text[a->tokens.items[comma].start] != ',')
        return source;
    next = finder_source_at(f, comma + 1);
    if (next == NULL || next->kind != KIND_NAME || next->tokens.start != next->mention.start ||
        f->names[next->mention.start] == NONE || a->mentions.items[f->names[next->mention.start]].type != TYPE_PERSON)
        return source;
    return next;
}

static uint32_t
add_mention(Finder *f, Range tokens, MentionKind kind, const char *rule)
{
    Article *a = f->a;
    uint32_t made = f->names[tokens.start];

    if (made != NONE && a->mentions.items[made].tokens.start == tokens.start && a->mentions.items[made].kind != KIND_NAME)
        return made;
    made = article_mention(a, tokens, kind == KIND_PRONOUN ? TYPE_PERSON : type_of_phrase(f, tokens), kind, rule, 0.9f);
    f->names[tokens.start] = made;
    return made;
}

/* A stretch that is no source of the lists: the first name in it, or the words up to the first comma. */
static uint32_t
mention_in(Finder *f, Range tokens)
{
    const Article *a = f->a;
    uint32_t end = tokens.start;

    while (end < tokens.end && a->tokens.items[end].shape == SHAPE_PUNCT)
        end++;
    tokens.start = end;
    while (end < tokens.end && a->text[a->tokens.items[end].start] != ',' && a->text[a->tokens.items[end].start] != '(')
        end++;
    for (uint32_t t = end; t-- > tokens.start;) {
        const Source *source = finder_source_at(f, t);
        if (source)
            return finder_mention(f, source->tokens);
    }
    if (end == tokens.start)
        return NONE;
    return add_mention(f, (Range){tokens.start, end}, KIND_NOMINAL, "source.any");
}

uint32_t
finder_mention(Finder *f, Range tokens)
{
    const Source *source = tokens.start == NONE ? NULL : finder_source_at(f, tokens.start);

    if (tokens.start == NONE)
        return NONE;
    if (source == NULL)
        return mention_in(f, tokens);
    source = apposed_name(f, source);
    if (source->kind == KIND_NAME)
        for (uint32_t t = source->mention.end; t-- > source->mention.start;)
            if (f->names[t] != NONE)
                return f->names[t];
    return add_mention(f, source->mention, source->kind == KIND_NAME ? KIND_NOMINAL : source->kind, source->rule->name);
}

/* ---- quotes */

/* "did not say", "would say", "if he said": not given as said. */
static void
set_flags(Finder *f, Quote *q, const Claim *claim)
{
    const Article *a = f->a;
    uint32_t from = claim->source.start == NONE || claim->source.end > claim->cue.start ? claim->cue.start : claim->source.end;

    for (uint32_t t = from; t < claim->cue.start; t++) {
        q->negated |= token_has(a, f->rules, t, f->neg);
        q->hypothetical |= token_has(a, f->rules, t, f->modal);
    }
    if (claim->source.start != NONE && claim->source.start < claim->cue.start && claim->source.start > 0 &&
        !(a->tokens.items[claim->source.start].flags & TOKEN_SENTENCE))
        q->hypothetical |= token_has(a, f->rules, claim->source.start - 1, f->cond);
}

uint32_t
finder_quote(Finder *f, const Claim *claim, QuoteForm form)
{
    Article *a = f->a;
    Quote *q = vec_push(a->arena, &a->quotes);
    const char *weight;

    q->form = form;
    q->speaker = NONE;
    q->parent = NONE;
    q->rule = claim->rule->name;
    weight = rule_get(claim->rule, "confidence");
    q->confidence = weight ? (float)(weight[0] == '0' && weight[1] == '.' ? (weight[2] - '0') * 10 + (weight[3] ? weight[3] - '0' : 0) : 100) / 100 : 0.9f;
    if (claim->cue.start != NONE) {
        q->cue = token_span(a, claim->cue);
        q->act = ruleset_attribute(f->rules, a, claim->cue, "say", "act");
        set_flags(f, q, claim);
        f->cue_quote[claim->cue.start] = a->quotes.count - 1;
    }
    if (claim->source.start != NONE) {
        uint32_t speaker = finder_mention(f, claim->source);
        a->quotes.items[a->quotes.count - 1].speaker = speaker;
    }
    return a->quotes.count - 1;
}

void
finder_add_span(Finder *f, uint32_t quote, Range tokens)
{
    Article *a = f->a;

    *vec_push(a->arena, &a->quotes.items[quote].spans) = token_span(a, tokens);
}

void
finder_add_piece(Finder *f, uint32_t quote, uint32_t piece)
{
    Article *a = f->a;
    Piece *p = &f->pieces.items[piece];
    Quote *q = &a->quotes.items[quote];

    p->quote = quote;
    q->repaired |= a->marked.items[p->marked].repaired;
    if (q->form != FORM_DIRECT)
        *vec_push(a->arena, &q->quoted) = a->marked.items[p->marked].bytes;
    else
        *vec_push(a->arena, &q->spans) = a->marked.items[p->marked].bytes;
}
