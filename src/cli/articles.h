/* A command over articles: the batch that its options ask for, with what there is to say on standard error. */
#ifndef ONRECORD_CLI_ARTICLES_H
#define ONRECORD_CLI_ARTICLES_H

#include "batch/batch.h"
#include "cli/options.h"

/* Run what the command has filled in (rules, make, context …) over the inputs of its options; returns the exit status. */
int articles_run(const Options *options, Batch batch);

/* A BatchMake: the article's graph, without the newline.  `context` is a command's struct, whose first member is its Options. */
bool articles_make_graph(Article *a, const RuleSet *rules, Arena *arena, Buf *out, void *context, Error *err);

#endif
