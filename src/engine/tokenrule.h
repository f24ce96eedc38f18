/* Compiles the language of token rules to PCRE2 patterns over the feature tape.
 *
 *     {title}+ (?<person> {cap} ({initial} | {particle & !sentence-start} | {cap}){0,4} ) (?= "," )
 *
 * {f} is one token with a feature; inside the braces !, &, | and parentheses join features and "words"; "a b" is the
 * words a and b; <f> is a whole annotation or list entry, from its beginning to its end; . is any token; $name is a
 * fragment; ^ and $ are the ends of the scope.  Groups, look-around, alternatives and quantifiers are PCRE2's own.  Plain
 * parentheses do not capture. */
#ifndef ONRECORD_ENGINE_TOKENRULE_H
#define ONRECORD_ENGINE_TOKENRULE_H

#include "base/buf.h"
#include "engine/features.h"
#include "engine/rulefile.h"

/* The words that rules name, numbered from 1 in the order of their first mention. */
typedef struct {
    uint64_t *hashes;  /* hash table, 0 is empty */
    uint16_t *numbers;
    uint32_t mask, count;
} RuleWords;

void rulewords_init(RuleWords *words);
void rulewords_close(RuleWords *words);

/* The number of a word by the hash of its folded form; 0 if no rule names it. */
static inline uint16_t
rulewords_find(const RuleWords *words, uint64_t hash)
{
    uint32_t at = (uint32_t)hash & words->mask;

    for (; words->hashes[at]; at = (at + 1) & words->mask)
        if (words->hashes[at] == hash)
            return words->numbers[at];
    return 0;
}

/* Compile a rule's match into a pattern (appended to *pattern) and fill the rule's groups and triggers.  Features that
 * it asks for get their bits, words their numbers.  False on a fault, with file, line and column. */
bool tokenrule_compile(Rule *rule, const RuleFiles *files, Features *features, RuleWords *words, Buf *pattern,
                       Error *err);

#endif
