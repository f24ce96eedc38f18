/* Reads the language of token rules.
 *
 *     {title}+ (?<person> {cap} ({initial} | {particle & !sentence-start} | {cap}){0,4} ) (?= "," )
 *
 * {f} is one token with a feature; inside the braces !, &, | and parentheses join features and "words"; "a b" is the
 * words a and b; <f> is a whole annotation or list entry, from its beginning to its end; . is any token; $name is a
 * fragment; ^ and $ are the ends of the scope.  Groups, look-around, alternatives and quantifiers mean what they mean to
 * PCRE2, with tokens for characters.  Plain parentheses do not capture. */
#ifndef ONRECORD_ENGINE_TOKENRULE_H
#define ONRECORD_ENGINE_TOKENRULE_H

#include "engine/features.h"
#include "engine/rulefile.h"
#include "engine/rulewords.h"

/* Read a rule's match: fills the rule's groups and its tree.  Features that it asks for get their bits, words
 * their numbers.  False on a fault, with file, line and column. */
bool tokenrule_compile(Rule *rule, const RuleFiles *files, Features *features, RuleWords *words, Error *err);

#endif
