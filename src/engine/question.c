#include "engine/question.h"

Question
question_of(const Rule *rule)
{
    if (rule == NULL || rule->node->kind != NODE_TEST)
        return (Question){NONE, 0};
    return (Question){rule->number, rule->row};
}

bool
question_holds(Question q, const Article *a, Scratch *s, uint32_t token)
{
    bool holds;

    if (q.rule == NONE)
        return false;
    rows_reach(&s->rows, a, token);
    holds = rows_pass(&s->rows, a, token, q.row);
    s->hits[q.rule] += holds;
    return holds;
}
