/* The reason that a name is given with: the evidence that counted most for its type.  A rule if one spoke for the whole of it
 * ("person.age"), else a list ("list.city") or what was looked at ("name.before.word"). */
#include "base/hash.h"
#include "stages/names.h"
#include "stages/names_model.h"

/* Where pieces are that were summed: a part of a profile that has a value, or a token in a role. */
typedef struct {
    const ProfilePart *part; /* NULL: a token */
    uint32_t value, token;
    Role role;
} Place;

typedef struct {
    Sink sink;
    const Names *n;
    int type;
    int best;         /* weight … */
    const char *text; /* … and of what, or NULL: it is a piece here: */
    Place place;
} Reason;

static void
offer(Reason *r, WeightRow row, const char *text)
{
    int weight = row[NAME_TYPES + r->type];

    if (weight > r->best) {
        r->best = weight;
        r->text = text;
    }
}

/* A piece of a profile.  The bias is no reason. */
static void
offer_constant(Sink *sink, Template template, const EvidenceValue *value)
{
    Reason *r = (Reason *)sink;

    if (template != T_BIAS)
        offer(r, r->n->model->constants[value->number], TEMPLATE_REASONS[template]);
}

typedef struct {
    Reason *reason;
    uint32_t place; /* of the role, in its half */
} OwnReason;

/* A piece of what a token says by itself. */
static void
offer_piece(void *to, const Piece *piece)
{
    OwnReason *o = to;
    uint32_t number = piece->number + o->place * piece->step;

    offer(o->reason, piece->rows[o->place],
          number < TEMPLATES ? TEMPLATE_REASONS[number] : o->reason->n->rules->list_reasons[number - TEMPLATES]);
}

static void
offer_pieces(Reason *r, const Place *p)
{
    if (p->part)
        p->part->evidence(p->value, &r->sink);
    else
        names_pieces(r->n, p->token, p->role < INSIDE_ROLES ? ROLE_ONLY : ROLE_BEFORE, offer_piece, &(OwnReason){r, p->role % HALF_ROLES});
}

/* Most sums have no piece that counts more than what was offered already, and of most others the strongest is one for the type:
 * which it is will be looked for if no other counts more. */
static inline void
offer_sum(Reason *r, Strongest s, Place place)
{
    if (s.weight <= r->best)
        return;
    if (s.type != r->type) {
        offer_pieces(r, &place);
        return;
    }
    r->best = s.weight;
    r->text = NULL;
    r->place = place;
}

/* What lists say of the whole. */
static void
offer_hits(Reason *r, const Candidate *c)
{
    const Names *n = r->n;

    for (uint32_t i = c->hit - 1; c->hit && i < n->a->hits.count && n->a->hits.items[i].tokens.start == c->tokens.start; i++) {
        const ListHit *hit = &n->a->hits.items[i];
        const Lexicon *lex = &n->rules->lexicons[hit->lexicon];
        if (hit->tokens.end == c->tokens.end)
            for (uint32_t k = lex->sets[hit->set]; k < lex->sets[hit->set + 1]; k++)
                offer(r, n->model->whole_features[lex->codes[k]], n->rules->list_reasons[lex->codes[k]]);
    }
}

/* The claim on the whole that speaks most for it, or NULL. */
static const Rule *
best_rule(const Reason *r, const Candidate *c)
{
    const Names *n = r->n;
    const Rule *rule = NULL;
    int best = 0;

    for (uint32_t i = c->claim - 1; c->claim && i < n->claims.count && n->claims.items[i].tokens.start == c->tokens.start; i++) {
        const Claim *claim = &n->claims.items[i];
        int weight = claim->tokens.end == c->tokens.end ? claim_rows(n->model, claim)->whole[NAME_TYPES + r->type] : 0;
        if (weight > best) {
            best = weight;
            rule = claim->rule;
        }
    }
    return rule;
}

/* What rules say of the same form in other places. */
static void
offer_elsewhere(Reason *r, const Candidate *c)
{
    const Names *n = r->n;

    for (uint32_t i = n->forms.items[c->form].claims; i; i = n->claimed_as[i].next) {
        const Claim *claim = &n->claims.items[n->claimed_as[i].claim];
        if (claim->tokens.start != c->tokens.start)
            offer(r, claim_rows(n->model, claim)->elsewhere, TEMPLATE_REASONS[T_ELSEWHERE_RULE]);
    }
}

/* What they say of one of the tokens; `from` is the first claim that may reach into it. */
static void
offer_token_claims(Reason *r, uint32_t token, Role role, uint32_t from)
{
    const Names *n = r->n;

    for (uint32_t i = from; i < n->claims.count && n->claims.items[i].tokens.start <= token; i++)
        if (n->claims.items[i].tokens.end > token)
            offer(r, claim_rows(n->model, &n->claims.items[i])->token[role], TEMPLATE_REASONS[T_RULE + role]);
}

static inline void
offer_part(Reason *r, const ProfilePart *part, const PartRows *rows, uint64_t profile)
{
    uint32_t value = profile_part(part, profile);

    offer_sum(r, rows->strongest[value], (Place){.part = part, .value = value});
}

static void
offer_profile(Reason *r, uint64_t profile)
{
    for (int i = 0; i < PROFILE_PARTS; i++)
        offer_part(r, &NAMES_PROFILE[i], &r->n->model->profile[i], profile);
    offer(r, names_pattern_row(r->n, profile_pattern(profile)), TEMPLATE_REASONS[T_PATTERN]);
}

static inline void
offer_own(Reason *r, uint32_t token, Role role)
{
    offer_sum(r, row_strongest(r->n->rows[token]->of[role]), (Place){.token = token, .role = role});
}

static void
offer_around(Reason *r, const Candidate *c)
{
    static const Role ROLES_IN_ORDER[] = {ROLE_BEFORE, ROLE_BEFORE2, ROLE_AFTER, ROLE_AFTER2};

    for (int i = 0; i < 4; i++) {
        Role role = ROLES_IN_ORDER[i];
        uint32_t token = names_neighbour(r->n, i < 2 ? c->tokens.start : c->tokens.end, role);
        if (token != NONE)
            offer_own(r, token, role);
        else if (role < SHAPE_ROLES)
            offer(r, r->n->model->constants[role == ROLE_BEFORE ? C_EDGE_BEFORE : C_EDGE_AFTER], TEMPLATE_REASONS[T_WORD + role]);
    }
}

static void
offer_seen(Reason *r, const Candidate *c)
{
    uint64_t seen = names_seen_profile(r->n, c);

    for (int i = 0; i < SEEN_PARTS; i++)
        offer_part(r, &NAMES_SEEN[i], &r->n->model->seen[i], seen);
    for (int side = 0; side < 2; side++)
        offer(r, names_near_row(r->n, c, side), TEMPLATE_REASONS[T_NEAR_BEFORE + side]);
}

const char *
names_reason(const Names *n, const Candidate *c, uint32_t *from)
{
    Reason r = {.sink = {offer_constant}, .n = n, .type = c->label[1], .text = TEMPLATE_REASONS[T_BIAS]};
    const Rule *rule = best_rule(&r, c);

    while (*from < n->claims.count && n->claims.items[*from].tokens.start + NAME_LONGEST <= c->tokens.start)
        ++*from;
    if (c->agreed)
        return TEMPLATE_REASONS[T_SEEN_SAME];
    if (rule)
        return rule->name;
    offer_hits(&r, c);
    offer_elsewhere(&r, c);
    offer_profile(&r, c->profile);
    for (uint32_t i = c->tokens.start; i < c->tokens.end; i++) {
        offer_own(&r, i, names_role(c, i));
        offer_token_claims(&r, i, names_role(c, i), *from);
    }
    offer_around(&r, c);
    offer_seen(&r, c);
    if (r.text == NULL) {
        r.best--;
        offer_pieces(&r, &r.place);
    }
    return r.text;
}
