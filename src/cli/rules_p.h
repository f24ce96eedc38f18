/* What the files of `onrecord rules` share; for src/cli/rules*.c only. */
#ifndef ONRECORD_CLI_RULES_P_H
#define ONRECORD_CLI_RULES_P_H

#include "cli/terminal.h"
#include "eval/ruletest.h"

/* An example that does not hold, as path:line: rule: example, what was wanted and what was found. */
void rules_show_failure(Buf *out, const Terminal *terminal, const RuleFailure *failure);

int rules_check(int argc, char **argv);

#endif
