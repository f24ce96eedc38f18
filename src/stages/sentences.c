/* Sentences: every match of the phase `sentences` ends one.  A sentence never crosses a paragraph, and one without end
 * (a table, a hostile text) is cut, so that no rule ever sees an endless scope. */
#include "stages/stages.h"

enum { LONGEST = 240 }; /* tokens */

static void
add_sentence(Article *a, const RuleSet *rules, uint32_t paragraph, uint32_t start, uint32_t end)
{
    while (start < end) {
        uint32_t stop = end - start > LONGEST ? start + LONGEST : end;
        Sentence *s = vec_push(a->arena, &a->sentences);
        s->tokens = (Range){start, stop};
        s->paragraph = paragraph;
        a->tokens.items[start].flags |= TOKEN_SENTENCE;
        tape_mark_one(a, rules, start, F_SENTENCE_START);
        tape_mark_one(a, rules, stop - 1, F_SENTENCE_END);
        start = stop;
    }
}

bool
sentences_run(Article *a, const RuleSet *rules, Scratch *scratch, Error *err)
{
    const Phase *phase = ruleset_phase(rules, "sentences");
    uint32_t from, to, next;

    (void)err;
    phase_run(phase, a, rules, scratch, &from, &to);
    next = from;
    for (uint32_t p = 0; p < a->paragraphs.count; p++) {
        Range tokens = a->paragraphs.items[p].tokens;
        uint32_t start = tokens.start;
        for (; next < to && a->matches.items[next].tokens.start < tokens.end; next++) {
            uint32_t end = a->matches.items[next].tokens.end;
            if (end > start && end < tokens.end) {
                add_sentence(a, rules, p, start, end);
                start = end;
            }
        }
        add_sentence(a, rules, p, start, tokens.end);
    }
    a->matches.count = from; /* ends of sentences need no explaining */
    return true;
}
