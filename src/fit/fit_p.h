/* What the files of `fit` share: the annotated articles as numbers, and what learns from them. */
#ifndef ONRECORD_FIT_FIT_P_H
#define ONRECORD_FIT_FIT_P_H

#include "fit/fit.h"
#include "stages/names.h"

/* ---- fit_cases.c: from annotated articles to cases of numbered evidence */

typedef struct {
    uint64_t key;
    uint32_t count;
    uint32_t text; /* offset of "template\tvalue" in the texts */
    float stated[NAME_TYPES]; /* what it counts as long as nothing is learned: a rule's own weight */
    bool bad;      /* cannot be written in a line */
    bool spelling; /* it is how a word of the name is spelled */
} Feat;

typedef struct {
    Feat *items;
    uint32_t count, room;
    uint32_t *slots, mask;
    Buf texts;
} Dictionary;

typedef struct {
    uint16_t start, end; /* tokens from the segment's beginning */
    int8_t gold;
    uint32_t from, to;       /* its evidence in `numbers` */
    uint32_t seen_from, seen_to; /* what the first reading adds */
} Case;

typedef struct {
    uint32_t from, to; /* cases */
    uint16_t length;
    uint32_t article;
} FitSegment;

typedef struct {
    char *text;
    size_t len;
    Span *gold; /* bytes */
    int8_t *types;
    uint32_t gold_count;
    uint32_t segment_from;
} GoldArticle;

typedef struct {
    const RuleSet *rules;
    const FitOptions *options;
    Scratch *scratch;
    Dictionary dictionary;
    GoldArticle *articles;
    uint32_t article_count, article_room;
    Case *cases;
    uint32_t case_count, case_room;
    FitSegment *segments;
    uint32_t segment_count, segment_room;
    uint32_t *numbers;
    size_t number_count, number_room;
    uint32_t reached, missed; /* gold names that are candidates, and those that are not */
} Fit;

/* Read a file of gold.  False on a fault. */
bool fit_read(Fit *f, const char *path, Error *err);

/* Find every article's candidates and their evidence of the first reading. */
void fit_build_cases(Fit *f);

/* Read an article up to its sentences and find its candidates.  False if it cannot be read. */
bool fit_prepare(const Fit *f, const GoldArticle *g, Article *a, Arena *arena, Names *n);

/* Add what the first reading found (names_remember) to a case. */
void fit_add_seen(Fit *f, const Names *n, const Candidate *c, Case *one);

void fit_close(Fit *f);

/* ---- fit_learn.c */

typedef struct {
    float w[NAME_TYPES], z[NAME_TYPES], n[NAME_TYPES]; /* the weight, and FTRL's sums for its distance from the stated one */
} Coordinate;

typedef struct {
    const Fit *fit;
    Coordinate *at; /* by evidence number */
    bool second;
    bool blind;  /* to spelling, for the sentence at hand */
    uint32_t draw; /* of the lots: which sentences' spelling is hidden */
} Learner;

/* Fit on the segments whose article is in the half (0, 1), or all (-1), once for each draw of the lots.  What is given
 * back has the mean weights; the caller frees its `at`. */
Learner learner_learn(const Fit *f, bool second, int half, uint32_t epochs, const char *what);

/* A case's score for each type. */
void learner_score(const Learner *l, const Case *c, double *score);

enum { CASES_MAX = 4096 };

/* How likely each case of a segment is to be a name of each type; the sum over all ways in *all.  False if it is too long. */
bool learner_posteriors(const Learner *l, const FitSegment *s, double (*scores)[NAME_TYPES], double (*likely)[NAME_TYPES], double *all);

#endif
