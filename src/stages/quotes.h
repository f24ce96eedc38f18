/* What the stages of quotes and speakers share.
 *
 * `Finder` is the workshop of one article: the noun phrases that could be sources, the cues, and the pieces, which are the
 * outermost stretches between quotation marks.  All of it lives in the scratch arena and is gone after the stage. */
#ifndef ONRECORD_STAGES_QUOTES_H
#define ONRECORD_STAGES_QUOTES_H

#include "engine/ruleset.h"
#include "stages/stages.h"

typedef struct {
    Range tokens;     /* the whole phrase */
    Range mention;    /* the name in it, the pronoun, or the phrase */
    MentionKind kind;
    const Rule *rule;
} Source;

/* One rule's claim: this is what was said, this is who said it. */
typedef struct {
    const Rule *rule;
    Range source, cue, content; /* start == NONE where it has none */
    Range before;               /* what was said before the cue, where it cuts in two */
    uint32_t piece;             /* the piece that is quoted, NONE for a clause */
} Claim;

typedef struct {
    Range tokens;      /* without the marks */
    uint32_t marked;   /* index in Article.marked */
    uint32_t paragraph;
    uint32_t claim;    /* the best claim on it, or NONE */
    uint32_t quote;    /* index in Article.quotes, or NONE */
} Piece;

typedef struct {
    Article *a;
    const RuleSet *rules;
    Scratch *scratch;
    Arena *arena;
    VEC(Source) sources; /* in text order, not overlapping */
    VEC(Piece) pieces;   /* in text order */
    VEC(Claim) claims;
    Range *subjects;     /* for each token that begins a cue: its source, or NONE */
    uint32_t *cue_quote; /* for each token that begins a used cue: the quote, or NONE */
    uint32_t *names;     /* for each token: the name mention that it is in, or NONE */
    uint16_t person_noun, org_noun, cue_noun, org_head, neg, modal, cond, say, prep; /* features that tell kinds apart */
} Finder;

/* ---- quotes_find.c: sources, cues, pieces and claims */

void finder_open(Finder *f, Article *a, const RuleSet *rules, Scratch *scratch);

/* The piece that begins at the token, or NONE. */
uint32_t finder_piece_at(const Finder *f, uint32_t token);

/* The first piece that begins at or behind the token (pieces.count if there is none). */
uint32_t finder_piece_from(const Finder *f, uint32_t token);

/* The source that begins at the token, or NULL. */
const Source *finder_source_at(const Finder *f, uint32_t token);

/* ---- quotes_make.c: records */

/* The mention of a source: the name in it, or a new mention of the pronoun or noun phrase. */
uint32_t finder_mention(Finder *f, Range source);

/* A new quote of a claim, without spans; returns its index. */
uint32_t finder_quote(Finder *f, const Claim *claim, QuoteForm form);
void finder_add_span(Finder *f, uint32_t quote, Range tokens);
void finder_add_piece(Finder *f, uint32_t quote, uint32_t piece);

/* ---- quotes_join.c: pieces without a cue of their own */

void finder_join(Finder *f);

#endif
