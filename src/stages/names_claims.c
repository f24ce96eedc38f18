/* What rules claim to be names, and what word lists have as entries of several words: gathered, and put where it counts.
 *
 * What is said of the whole of a candidate is added to its score, what is said of a form to the form.  Most candidates have
 * nothing of either, and are not asked. */
#include "stages/names.h"
#include "stages/names_model.h"

/* ---- gathering */

static bool
stands_before(const Claim *x, const Claim *y)
{
    if (x->tokens.start != y->tokens.start)
        return x->tokens.start < y->tokens.start;
    if (x->tokens.end != y->tokens.end)
        return x->tokens.end < y->tokens.end;
    return claim_hash(x) < claim_hash(y);
}

/* Matches come in text order and a claim is near the beginning of its match: each goes up a little at most. */
static void
add_claim(Names *n, Claim claim)
{
    uint32_t at = n->claims.count;

    vec_reserve(n->arena, (void **)&n->claims.items, &n->claims.room, at + 1, sizeof claim);
    for (; at && stands_before(&claim, &n->claims.items[at - 1]); at--)
        n->claims.items[at] = n->claims.items[at - 1];
    n->claims.items[at] = claim;
    n->claims.count++;
}

static void
add_match(Names *n, const Match *m)
{
    for (uint32_t g = 0; g < m->rule->group_count; g++) {
        Range r = m->groups[g];
        if (r.start != NONE && r.end > r.start && r.end - r.start <= NAME_LONGEST)
            add_claim(n, (Claim){r, m->rule, g, n->model->claims_of[m->rule->number] + g});
    }
}

void
names_gather_claims(Names *n, Scratch *scratch)
{
    uint32_t from, to;

    phase_run(n->model->phase, n->a, n->rules, scratch, &from, &to);
    vec_reserve(n->arena, (void **)&n->claims.items, &n->claims.room, 2 * (to - from), sizeof *n->claims.items);
    for (uint32_t i = from; i < to; i++)
        add_match(n, &n->a->matches.items[i]);
}

uint32_t
names_first_claim(const Names *n, uint32_t token)
{
    uint32_t low = 0, high = n->claims.count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (n->claims.items[middle].tokens.start + NAME_LONGEST <= token)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* ---- on candidates and forms */

static void
add_hit(const Names *n, const ListHit *hit, WeightRow *sum)
{
    const Lexicon *lex = &n->rules->lexicons[hit->lexicon];

    for (uint32_t c = lex->sets[hit->set]; c < lex->sets[hit->set + 1]; c++)
        weights_add(sum, n->model->whole_features[lex->codes[c]]);
}

static void
place_hits(Names *n)
{
    for (uint32_t i = 0; i < n->a->hits.count; i++) {
        Candidate *c = names_candidate(n, n->a->hits.items[i].tokens);
        if (c == NULL)
            continue;
        add_hit(n, &n->a->hits.items[i], &c->score);
        if (c->hit == 0)
            c->hit = i + 1;
    }
}

static bool
is_claimed_so(const Names *n, const Form *form, const Claim *claim)
{
    for (uint32_t i = form->claims; i; i = n->claimed_as[i].next)
        if (n->claims.items[n->claimed_as[i].claim].rows == claim->rows)
            return true;
    return false;
}

/* Which claims were made on a form, anywhere in the article: of each rule's group the first, since only that one is evidence;
 * a form that is written a thousand times would otherwise be gone through a thousand times. */
static void
claim_form(Names *n, Form *form, uint32_t number, uint32_t *count)
{
    const Claim *claim = &n->claims.items[number];

    if (is_claimed_so(n, form, claim))
        return;
    n->claimed_as[++*count] = (ClaimedAs){number, form->claims};
    form->claims = *count;
    weights_add(&form->elsewhere, claim_rows(n->model, claim)->elsewhere);
}

void
names_place_claims(Names *n)
{
    uint32_t count = 0;

    place_hits(n);
    n->claimed_as = arena_alloc(n->arena, (n->claims.count + 1) * sizeof *n->claimed_as);
    for (uint32_t i = 0; i < n->claims.count; i++) {
        const Claim *claim = &n->claims.items[i];
        Candidate *c = names_candidate(n, claim->tokens);
        Form *form = c ? &n->forms.items[c->form] : names_form(n, names_form_hash(n->a, claim->tokens));
        if (c) {
            weights_add(&c->score, claim_rows(n->model, claim)->whole);
            c->claim = c->claim ? c->claim : i + 1;
        }
        if (form)
            claim_form(n, form, i, &count);
    }
}
