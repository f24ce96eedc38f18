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
#include "engine/rulewords.h"

/* Compile a rule's match into a pattern (appended to *pattern) and fill the rule's groups and its
 * tree.  Features that it asks for get their bits, words their numbers.  False on a fault, with file, line and column. */
bool tokenrule_compile(Rule *rule, const RuleFiles *files, Features *features, RuleWords *words, Buf *pattern,
                       Error *err);

#endif
