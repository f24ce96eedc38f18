/* What a word list says of a single word, asked of the lexicon itself: for questions too rare to spend a bit of the tape
 * on. */
#ifndef ONRECORD_STAGES_LISTS_H
#define ONRECORD_STAGES_LISTS_H

#include "engine/ruleset.h"

/* Is the word, as it is written here, an entry with this feature? */
bool list_has(const Article *a, const RuleSet *rules, uint32_t token, uint16_t feature);

/* Are these tokens, more than one, an entry with this feature? */
bool list_holds(const Article *a, const RuleSet *rules, Range tokens, uint16_t feature);

/* The value of an attribute of the entry that these tokens together are, or NULL: ruleset_attribute with the feature's
 * number. */
const char *list_attribute(const Article *a, const RuleSet *rules, Range tokens, uint16_t feature, const char *name);

/* A feature that a stage asks for, and where its number goes. */
typedef struct {
    const char *name;
    uint16_t *to;
} FeatureWanted;

/* The numbers of many features (FEATURE_NONE where there is none). */
void list_features(const RuleSet *rules, const FeatureWanted *wanted, size_t count);

#endif
