/* The stages, one file each; pipeline.c lists them in order and says what each does. */
#ifndef ONRECORD_STAGES_STAGES_H
#define ONRECORD_STAGES_STAGES_H

#include "engine/ruleset.h"

bool tokens_run(Article *a, const RuleSet *rules, Scratch *scratch, Error *err);
bool zones_run(Article *a, const RuleSet *rules, Scratch *scratch, Error *err);
bool marks_run(Article *a, const RuleSet *rules, Scratch *scratch, Error *err);
bool sentences_run(Article *a, const RuleSet *rules, Scratch *scratch, Error *err);
bool names_run(Article *a, const RuleSet *rules, Scratch *scratch, Error *err);
bool titles_run(Article *a, const RuleSet *rules, Scratch *scratch, Error *err);
bool entities_run(Article *a, const RuleSet *rules, Scratch *scratch, Error *err);
bool quotes_run(Article *a, const RuleSet *rules, Scratch *scratch, Error *err);
bool coreference_run(Article *a, const RuleSet *rules, Scratch *scratch, Error *err);
bool links_run(Article *a, const RuleSet *rules, Scratch *scratch, Error *err);

#endif
