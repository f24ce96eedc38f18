#include "stages/stages.h"

bool
names_run(Article *a, const RuleSet *rules, Scratch *scratch, Error *err)
{
    const Phase *phase = ruleset_phase(rules, "names");
    uint32_t from, to, last = 0;
    (void)err;
    phase_run(phase, a, rules, scratch, &from, &to);
    for (uint32_t i = from; i < to; i++)
        for (int t = TYPE_PERSON; t <= TYPE_PLACE; t++) {
            Range r;
            const Match *m = &a->matches.items[i];
            if (match_group(m, rule_group(m->rule, entity_type_name((EntityType)t)), &r) && r.start >= last) {
                static const BuiltinFeature MARK[] = {[TYPE_PERSON] = F_PERSON, [TYPE_ORGANIZATION] = F_ORGANIZATION, [TYPE_PLACE] = F_PLACE};
                article_mention(a, r, (EntityType)t, KIND_NAME, m->rule->name, 0.5f);
                tape_mark(a, rules, r, MARK[t]);
                last = r.end;
            }
        }
    return true;
}
