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

/* Tell the processor that an attribute of theirs will be asked for. */
void list_expect_attribute(const Article *a, const RuleSet *rules, Range tokens, uint16_t feature);

/* A feature that a stage asks for, and where its number goes. */
typedef struct {
    const char *name;
    uint16_t *to;
} FeatureWanted;

/* Who asks: a thread looks the numbers up for its first article and keeps them. */
typedef enum { ASKED_TITLES, ASKED_PHRASES, ASKED_TELLING, ASKED_FORMS, ASKED_CALLED, ASKED_COREF, ASKED_BODIES, ASKED_LINKS, ASKED_COUNT } Asked;

/* The numbers of many features (FEATURE_NONE where there is none), always the same ones for who asks. */
void list_features(const RuleSet *rules, Scratch *scratch, Asked who, const FeatureWanted *wanted, size_t count);

#endif
