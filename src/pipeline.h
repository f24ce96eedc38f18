/* The stages in their order: to read the table in pipeline.c is to read the design. */
#ifndef ONRECORD_PIPELINE_H
#define ONRECORD_PIPELINE_H

#include "engine/ruleset.h"

/* A stage adds one layer to the article.  False only on a fault of the input, with *err. */
typedef bool (*StageRun)(Article *, const RuleSet *, Scratch *, Error *);

typedef struct {
    const char *name;
    StageRun run;
    const char *does; /* one line, for people */
} Stage;

/* Ends with a NULL name. */
extern const Stage PIPELINE[];
enum { STAGES_MOST = 16 };

/* Give an empty article its text (borrowed; it must live as long) and id.  Broken UTF-8 is repaired, or, with
 * `strict`, refused with its byte offset. */
bool article_open(Article *a, Arena *arena, const char *text, size_t len, bool strict, Error *err);

/* The same for text whose UTF-8 is known to be sound. */
bool article_take(Article *a, Arena *arena, const char *text, size_t len, Error *err);

/* Run the stages up to and including `last` (NULL: all).  `each` (may be NULL) is called after every stage. */
bool pipeline_run(Article *a, const RuleSet *rules, Scratch *scratch, const char *last,
                  void (*each)(const Stage *, void *), void *context, Error *err);

#endif
