/* Scores an article's graph against its gold record: precision, recall and F1 by layer and type.
 *
 * Only the layers that a record has are scored.  Counts are summed over the articles first (micro average):
 *   entities   name mentions: exact span and type; overlap (same type, one to one); untyped (exact span alone)
 *   quotes     content: one to one where the F1 of the words is 0.8 or more; speaker and resolved name; the words
 *              inside quotation marks, wherever a quote is cut
 *   relations  right when at both ends some name of the node overlaps the gold entity
 *   clusters   over the names found with exactly their span: B-cubed, LEA and pairwise links
 *   titles     exact and overlapping spans; `holds` and `at` links */
#ifndef ONRECORD_EVAL_SCORE_H
#define ONRECORD_EVAL_SCORE_H

#include "base/buf.h"
#include "engine/ruleset.h"
#include "eval/gold.h"

#include <jansson.h>

/* The counts behind one figure.  Precision and recall may have hits of their own; a share has only hits and of. */
typedef struct {
    const char *path; /* "entities.exact.person" */
    bool share;
    double found_hits, found, gold_hits, gold; /* of a share: gold_hits of gold */
} Figure;

typedef struct {
    const char *kind, *article, *where;
} ScoreError;

/* How far the confidence can be trusted: of what was found with a confidence of 0.8 to 0.9, eight or nine in ten should be
 * right.  A name is right with its exact span and type, a quote with its words and its speaker, a relation as above. */
typedef enum { TRUST_NAMES, TRUST_QUOTES, TRUST_RELATIONS, TRUSTS } Trust;

typedef struct {
    uint32_t found, right;
    double confidence; /* summed */
} Tenth;

typedef struct {
    const RuleSet *rules;
    Arena arena; /* what outlives an article */
    VEC(Figure) figures;
    VEC(ScoreError) errors;
    Tenth trust[TRUSTS][10];
    bool keep_errors;
    uint32_t articles, missing;
} Scorer;

void scorer_init(Scorer *scorer, const RuleSet *rules, bool keep_errors);
void scorer_close(Scorer *scorer);

/* Count an article in.  `a` is the finished article made from gold->text; NULL: nothing was found in it, because it
 * failed.  The arena is for what is needed meanwhile. */
void scorer_article(Scorer *scorer, const Gold *gold, const Article *a, Arena *arena);

/* All figures as one nested object; the caller owns it. */
json_t *scorer_figures(const Scorer *scorer);

/* The figures as tables. */
void scorer_report(const json_t *figures, Buf *out);

/* Up to `number` errors of each kind whose name contains `only` (NULL: all), taken evenly over the articles. */
void scorer_sample(const Scorer *scorer, uint32_t number, const char *only, Buf *out);

#endif
