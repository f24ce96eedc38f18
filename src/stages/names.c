/* Names of people, organizations and places.
 *
 * Rules propose and weights decide.  Candidates are runs of capitalised words with their links (names_candidates.c), and what
 * rules claim is put on them (names_claims.c); everything that speaks for or against one as a person, organization or place is a
 * piece of evidence with a fitted weight (names_evidence.c), added up from what the model keeps (names_model.c, names_score.c); the
 * best labelling of each run is found by dynamic programming (names_decide.c).
 *
 * The article is read twice: what the first reading found (the same form, the longer form, the long form of an acronym)
 * is evidence in the second (names_seen.c); and at last the readings of one form agree (names_agree.c). */
#include "stages/names.h"

#include "stages/names_model.h"
#include "stages/stages.h"

#include <math.h>

const EntityType NAME_TYPE[NAME_TYPES] = {TYPE_PERSON, TYPE_ORGANIZATION, TYPE_PLACE};
static const BuiltinFeature MARKS[NAME_TYPES] = {F_PERSON, F_ORGANIZATION, F_PLACE};

/* Probabilities as `fit` found them borne out by articles that the model had not seen. */
static float
borne_out(const NamesModel *m, float probability)
{
    double p = probability < 0.001f ? 0.001 : probability > 0.999f ? 0.999 : (double)probability;

    p = 1 / (1 + exp(-(log(p / (1 - p)) * (double)m->slope + (double)m->shift)));
    return p < 0.01 ? 0.01f : (float)p;
}

static void
add_name(Names *n, const Candidate *c, uint32_t *claim)
{
    int label = c->label[1], second = -1;
    uint32_t number = article_mention(n->a, c->tokens, NAME_TYPE[label], KIND_NAME, names_reason(n, c, claim),
                                      borne_out(n->model, c->probability[label]));
    Mention *m = &n->a->mentions.items[number];

    for (int t = 0; t < NAME_TYPES; t++)
        if (t != label && (second < 0 || c->probability[t] > c->probability[second]))
            second = t;
    m->second = NAME_TYPE[second];
    m->second_confidence = c->probability[second];
    tape_mark(n->a, n->rules, c->tokens, MARKS[label]);
}

void
names_read(Names *n, Article *a, const RuleSet *rules, Scratch *scratch, Arena *arena)
{
    names_prepare(n, a, rules, scratch, arena);
    names_score(n);
    names_decide(n, 0);
    names_remember(n);
    names_score_seen(n);
    names_decide(n, 1);
    names_agree(n);
}

bool
names_run(Article *a, const RuleSet *rules, Scratch *scratch, Error *err)
{
    Names n;
    uint32_t claim = 0;

    (void)err;
    names_read(&n, a, rules, scratch, &scratch->arena);
    for (uint32_t i = 0; i < n.taken.count; i++)
        add_name(&n, &n.candidates.items[n.taken.items[i]], &claim);
    return true;
}
