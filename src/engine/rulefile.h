/* Reads rule files: the form, not the meaning.  rules/README.md is the manual. */
#ifndef ONRECORD_ENGINE_RULEFILE_H
#define ONRECORD_ENGINE_RULEFILE_H

#include "base/arena.h"
#include "base/vec.h"
#include "engine/rule.h"

typedef struct {
    const char *name, *text;
    const char *path;
    size_t line, column;
    struct Node *node; /* its tree, once a rule has used it; NULL before that, and if it names groups */
    int deepest;       /* how deep the tree nests */
} Fragment;

typedef struct {
    Arena *arena;
    VEC(Rule *) rules; /* in the order of reading; a later rule of the same name stands in the earlier one's place */
    VEC(Fragment) fragments;
    uint32_t fragments_before; /* how many there were when this folder was begun: those it may replace */
    bool own;      /* files read from now on are a user's */
    VEC(const char *) uses; /* names of features, with blanks between, that a stage asks for */
    VEC(const char *) often; /* words, with blanks between, that nearly every text has */
} RuleFiles;

/* What the claim of a user's rule counts, as the logarithm of odds, if it says nothing of it and none is fitted: enough to
 * decide where nothing else is known, and not where much speaks against it.  Ours count nothing before they are fitted. */
#define OWN_RULE_WEIGHT 4.0f
#define WEIGHT_MOST 20.0f

/* Read one file; everything is copied into the arena.  False on a fault, with the place. */
bool rulefile_read(RuleFiles *files, const char *path, const char *text, size_t len, Error *err);

/* The fragment of this name (the last one defined), or NULL. */
Fragment *rulefile_fragment(const RuleFiles *files, const char *name, size_t len);

#endif
