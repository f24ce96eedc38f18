#include "stages/stages.h"

bool
quotes_run(Article *a, const RuleSet *rules, Scratch *scratch, Error *err)
{
    (void)a;
    (void)rules;
    (void)scratch;
    (void)err;
    return true;
}
