/* Runs the rules' own examples: the whole pipeline on the example's text, and the rule's matches against the brackets
 * in it.  `[text]` is what the rule's first group must be (the whole match, if it has no group); `[group: text]` is
 * what that group must be; `\[`, `\]` and `\\` are themselves and `\n` ends a line.
 *
 * Where what the stages find would depend on weights, the example can give it: in `thanked {person: [Dr.] Jane Doe}` the
 * words in braces bear the feature, and the rule's phase runs by itself on the tokens and sentences. */
#ifndef ONRECORD_EVAL_RULETEST_H
#define ONRECORD_EVAL_RULETEST_H

#include "base/buf.h"
#include "engine/ruleset.h"

typedef struct {
    const Rule *rule;
    size_t line;         /* of the example; of the rule, if it has none */
    const char *example; /* as written; NULL if the rule has none */
    bool must;           /* yes or no */
    const char *wanted, *found; /* what the brackets ask for, and what there was instead */
} RuleFailure;

typedef struct {
    uint32_t passed, failed;
} RuleTally;

/* Test a rule; `failed` is called for each example that does not hold.  The failure's texts live until it returns. */
void ruletest_run(const RuleSet *rules, Scratch *scratch, const Rule *rule,
                  void (*failed)(void *, const RuleFailure *), void *context, RuleTally *tally);

/* An example as the rule meets it: the article after the stages before the rule's, with what the example gives, in
 * `arena`.  Where the rule finds nothing, the article after all stages.  False if the example is badly written. */
bool ruletest_article(const RuleSet *rules, Scratch *scratch, const Rule *rule, const RuleExample *example, Arena *arena,
                      Article *out);

#endif
