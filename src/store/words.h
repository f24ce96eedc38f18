/* Two wordings compared word by word. */
#ifndef ONRECORD_STORE_WORDS_H
#define ONRECORD_STORE_WORDS_H

#include "text/article.h"

typedef struct {
    Span bytes;
    uint64_t hash; /* of the folded word: case, accents and marks between words do not count */
} Word;

typedef VEC(Word) Words;

/* The words of a checked text, the first `most` of them. */
void words_cut(Arena *arena, const char *text, size_t len, uint32_t most, Words *words);

typedef enum {
    STEP_SAME,    /* in both */
    STEP_ASKED,   /* only in what was asked */
    STEP_FOUND,   /* only in what was found */
    STEP_OUTSIDE, /* of the longer one, before or behind all of the shorter */
} StepKind;

typedef struct {
    StepKind kind;
    uint32_t asked, found; /* indices of the words; only those that the kind has mean anything */
} WordStep;

typedef VEC(WordStep) WordSteps;

/* How near the two are: 1 if the shorter is a piece of the longer, word for word; 0 if nothing of it is.  A stretch that was
 * left out within counts little, since quotes are cut; a word that was put in or changed counts in full.  *steps (may be NULL)
 * gets the comparison in reading order.  The work is the product of the two lengths. */
double words_compare(Arena *arena, const Words *asked, const Words *found, WordSteps *steps);

#endif
