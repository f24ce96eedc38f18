#include "stages/stages.h"

bool
titles_run(Article *a, const RuleSet *rules, Scratch *scratch, Error *err)
{
    (void)a;
    (void)rules;
    (void)scratch;
    (void)err;
    return true;
}
