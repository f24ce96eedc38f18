/* One form, one type: where an article reads a name in several places, a place whose reading is unsure takes the type that the
 * others agree on.  (A form keeps one type within an article 99 times in 100.) */
#include "stages/names.h"

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

/* What the others agree on, where the place is unsure. */
static void
agree(Candidate *c, const Form *form)
{
    static const float UNSURE = 0.75f;
    int own = c->label[1];

    for (int t = 0; t < NAME_TYPES; t++)
        if (t != own && form->count[t] >= 2 && form->sure[t] >= 2 * form->sure[own] && c->probability[own] < UNSURE)
            own = take(c, t);
}

void
names_agree(Names *n)
{
    for (uint32_t i = 0; i < n->taken.count; i++) {
        const Candidate *c = &n->candidates.items[n->taken.items[i]];
        Form *form = &n->forms.items[c->form];
        form->sure[c->label[1]] += c->probability[c->label[1]];
        form->count[c->label[1]]++;
    }
    for (uint32_t i = 0; i < n->taken.count; i++) {
        Candidate *c = &n->candidates.items[n->taken.items[i]];
        agree(c, &n->forms.items[c->form]);
    }
}
