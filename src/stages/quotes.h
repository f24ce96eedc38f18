/* What the files of the quotes stage share.
 *
 * `Finder` is the workshop of one article.  A *piece* is an outermost stretch between quotation marks.  A *report* is a cue
 * (a verb of saying where it is used as such) with its subject: "Smith, a nurse, said", "said Smith", "according to Smith".
 * A *claim* is one rule's word that this piece, or this clause, is what the report's subject said.  All of it lives in
 * the scratch arena and is gone after the stage. */
#ifndef ONRECORD_STAGES_QUOTES_H
#define ONRECORD_STAGES_QUOTES_H

#include "engine/trial.h"
#include "stages/phrases.h"
#include "stages/stages.h"

typedef struct {
    Range cue;
    Range all;        /* subject and cue, with what stands between them */
    Range sentence;
    uint32_t paragraph;
    const char *source; /* where its rule says that the source stands: "owner", "agent" ("by Doe"), "none"; NULL: it is the subject */
    Phrase subject;   /* tokens.start == NONE: it has none */
    bool own_subject; /* the subject stands in `all`; else it is that of the verb before, or of the sentence */
    bool idle;        /* whatever it says, nobody says it */
    bool relative;    /* it is that of a relative clause, and the subject what that hangs on */
    bool marks_ahead; /* a piece begins in the rest of the sentence */
    uint32_t quote;   /* the quote that was made of it, or NONE */
} Report;

typedef struct {
    Range tokens;      /* without the marks */
    uint32_t marked;   /* index in Article.marked */
    uint32_t paragraph;
    uint32_t quote;    /* index in Article.quotes, or NONE */
    bool work;         /* the name of a book, a film: no speech */
} Piece;

typedef struct {
    const Rule *rule;
    Phrase subject;   /* tokens.start == NONE: none */
    Range cue;
    uint32_t report;  /* or NONE: a colon */
} Claim;

typedef struct Finder {
    Article *a;
    const RuleSet *rules;
    Scratch *scratch;
    Arena *arena;
    Phrases phrases;
    VEC(Report) reports;  /* in text order of their cues */
    VEC(Piece) pieces;    /* in text order */
    uint32_t *piece_from; /* for each token, and the end: the first piece that begins there or behind it, or pieces.count */
    uint32_t *report_at;  /* for each token that begins a report's `all` or cue: the report, or NONE */
    uint32_t *made;       /* for each token that begins a mention made here: it, or NONE */
    uint8_t *taken;       /* for each token: it is somebody's words already */
    const Phase *cues;         /* NULL: no rules */
    const Rule *block, *bare; /* of a paragraph behind a colon, and of speech without a cue; NULL: none */
    struct {
        Trial works, nested, turns, behind, before, speech, reports, contents, marked, stops, object_stops, tail_stops, under_stops, relative_stops, rest;
    } trials;
    Question between, day, aside, stop_lead, object_stop, finite, verbal, fragment, opening, maker, sign, particle, single, people, thing;
    struct { /* features of the lists */
        uint16_t say, ask, about, pronoun, ing, past, that, strong, think, cites, hearer, phrase, source_after, person_noun, org_noun, cue_noun, org_head, neg, modal, cond, subord, possessive;
    } features;
} Finder;

/* ---- quotes_reports.c */

/* Find the cues and their subjects. */
void finder_reports(Finder *f);

/* A dash, as a sign of its own: not the hyphen of a word. */
bool finder_is_dash(const Finder *f, uint32_t token);

/* Where the sentence's own words begin: behind its dateline. */
uint32_t finder_sentence_start(const Finder *f, Range sentence);

/* The subject of the sentence that the token stands in, if it can be told before it. */
bool finder_sentence_subject(const Finder *f, uint32_t token, Phrase *out);

/* Things do not say: is it a person, a body or a document? */
bool finder_can_say(const Finder *f, const Phrase *p);

/* ---- quotes_pieces.c: what stands between marks */

void finder_pieces(Finder *f);

/* The piece that begins at the token, or NONE. */
uint32_t finder_piece_at(const Finder *f, uint32_t token);

/* The first piece that begins at or behind the token (pieces.count if there is none). */
static inline uint32_t
finder_piece_from(const Finder *f, uint32_t token)
{
    return f->piece_from[token];
}

/* The piece that the token is in, its marks left out, or NULL. */
const Piece *finder_piece_around(const Finder *f, uint32_t token);

/* With its marks. */
Range finder_outer(const Finder *f, const Piece *p);

/* Is it a sentence, or several, by its own looks and by what stands before it? */
bool finder_is_speech(const Finder *f, const Piece *p);

/* A capital, a number or a mark. */
bool finder_begins_like_speech(const Finder *f, const Piece *p);

/* Its last mark, inner quotation marks and closing brackets left out, is a stop or a comma. */
bool finder_ends_like_speech(const Finder *f, const Piece *p);

/* Does what stands before the piece end there, so that the piece begins a sentence? */
bool finder_begins_sentence(const Finder *f, const Piece *p);

/* A cue before the piece: does it open speech, and not a clause that goes on in words of the piece? */
bool finder_opens_speech(const Finder *f, Range cue, const Piece *p);

/* ---- quotes_nested.c: quotes inside quotes */

void finder_nested(Finder *f);

/* When the quotes are in order: which quote each nested one stands in. */
void finder_set_parents(Article *a);

/* ---- quotes_turns.c: interviews and transcripts */

void finder_turns(Finder *f);

/* ---- quotes_clauses.c: what is said in the words of the article */

/* Make quotes of the clauses of the reports that have none yet. */
void finder_clauses(Finder *f);

/* ---- quotes_block.c: a paragraph without marks behind a colon */

void finder_blocks(Finder *f);

/* ---- quotes_make.c: records */

/* The mention of a phrase: the name in it, or a new mention of the pronoun or noun phrase. */
uint32_t finder_mention(Finder *f, const Phrase *phrase);

/* A new quote of a claim, without spans; returns its index. */
uint32_t finder_quote(Finder *f, const Claim *claim, QuoteForm form);
void finder_add_span(Finder *f, uint32_t quote, Range tokens);
void finder_add_piece(Finder *f, uint32_t quote, uint32_t piece);

/* ---- quotes_carry.c: whose speech it is where no verb of saying stands beside it */

bool finder_carry(const Finder *f, const Piece *p, Phrase *out);

/* Is the name of whose words they are set behind or under it ("-- Jane Doe")? */
bool finder_is_signed(const Finder *f, const Piece *p);

/* Who is meant by what stands before a colon. */
bool finder_colon_subject(const Finder *f, uint32_t colon, Phrase *out);

/* ---- quotes_join.c: pieces without a cue of their own */

/* "A," said B, "C": if the piece goes on with the sentence of the one before it, join it to that one's quote. */
bool finder_join_split(Finder *f, uint32_t piece);

void finder_join(Finder *f);

/* ---- quotes_rest.c: what is still between marks then */

void finder_rest(Finder *f);

#endif
