/* One form, one type: where an article reads a name in several places, a place whose reading is unsure takes the type that the
 * others agree on.  (A form keeps one type within an article 99 times in 100.) */
#include "stages/names.h"

/* What the readings of a form add up to. */
typedef struct {
    uint64_t form; /* 0: an empty slot */
    float sure[NAME_TYPES];
    uint16_t count[NAME_TYPES];
} Votes;

static Votes *
votes_of(Votes *votes, uint32_t mask, uint64_t form)
{
    uint32_t at = (uint32_t)form & mask;

    while (votes[at].form && votes[at].form != form)
        at = (at + 1) & mask;
    votes[at].form = form;
    return &votes[at];
}

/* Take the type that the others agree on, with the confidence that the place had in its own; gives back the type. */
static int
take(Candidate *c, int type)
{
    float own = c->probability[c->label[1]];

    c->probability[c->label[1]] = c->probability[type];
    c->probability[type] = own;
    c->agreed = true;
    return c->label[1] = (int8_t)type;
}

void
names_agree(Names *n)
{
    static const float UNSURE = 0.75f;
    uint32_t names = 0, size = 64;
    Votes *votes;

    for (uint32_t i = 0; i < n->candidates.count; i++)
        names += n->candidates.items[i].label[1] >= 0;
    while (size < names * 2)
        size *= 2;
    votes = arena_zero(n->arena, size * sizeof *votes);
    for (uint32_t i = 0; i < n->candidates.count; i++) {
        const Candidate *c = &n->candidates.items[i];
        Votes *v = c->label[1] < 0 ? NULL : votes_of(votes, size - 1, c->form);
        if (v == NULL)
            continue;
        v->sure[c->label[1]] += c->probability[c->label[1]];
        v->count[c->label[1]]++;
    }
    for (uint32_t i = 0; i < n->candidates.count; i++) {
        Candidate *c = &n->candidates.items[i];
        int own = c->label[1];
        const Votes *v = own < 0 ? NULL : votes_of(votes, size - 1, c->form);
        for (int t = 0; v && t < NAME_TYPES; t++)
            if (t != own && v->count[t] >= 2 && v->sure[t] >= 2 * v->sure[own] && c->probability[own] < UNSURE)
                own = take(c, t);
    }
}
