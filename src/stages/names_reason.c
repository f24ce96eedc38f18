/* The reason that a name is given with: the evidence that counted most for its type.  A rule if one spoke for the whole of it
 * ("person.age"), else a list ("list.city") or what was looked at ("name.before.word"). */
#include "base/hash.h"
#include "stages/names.h"
#include "stages/names_model.h"

typedef struct {
    Sink sink;
    const Names *n;
    int type;
    int best; /* weight */
    const char *text;
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

static const char *
piece_text(const Reason *r, uint32_t number)
{
    return number < TEMPLATES ? TEMPLATE_REASONS[number] : r->n->rules->list_reasons[number - TEMPLATES];
}

/* A piece of a profile. */
static void
offer_constant(Sink *sink, Template template, const EvidenceValue *value)
{
    Reason *r = (Reason *)sink;

    offer(r, r->n->model->constants[value->number], TEMPLATE_REASONS[template]);
}

/* What lists say of the whole. */
static void
offer_hits(Reason *r, const Candidate *c)
{
    const Names *n = r->n;

    for (uint32_t i = c->hit; i < n->a->hits.count && n->a->hits.items[i].tokens.start == c->tokens.start; i++) {
        const ListHit *hit = &n->a->hits.items[i];
        const Lexicon *lex = &n->rules->lexicons[hit->lexicon];
        if (hit->tokens.end == c->tokens.end)
            for (uint32_t k = lex->sets[hit->set]; k < lex->sets[hit->set + 1]; k++)
                offer(r, n->model->features[lex->codes[k]].whole, n->rules->list_reasons[lex->codes[k]]);
    }
}

/* The claim on the whole that speaks most for it, or NULL. */
static const Rule *
best_rule(const Reason *r, const Candidate *c)
{
    const Names *n = r->n;
    const Rule *rule = NULL;
    int best = 0;

    for (uint32_t i = c->claim; i < n->claims.count && n->claims.items[i].tokens.start == c->tokens.start; i++) {
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

    for (uint32_t i = names_claimed(n, c->form); i; i = n->claimed_as[i].next) {
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

/* True if what is known of a sum tells all: most can say nothing that counts more than what was offered already, and of most
 * others the strongest piece is one for the type. */
static bool
offer_strongest(Reason *r, Strongest s)
{
    if (s.weight <= r->best)
        return true;
    if (s.what < 0 || s.what / STRONGEST_PIECES != r->type)
        return false;
    r->best = s.weight;
    r->text = piece_text(r, (uint32_t)s.what % STRONGEST_PIECES);
    return true;
}

static inline void
offer_part(Reason *r, const ProfilePart *part, const PartRows *rows, uint64_t profile)
{
    uint32_t value = profile_part(part, profile);

    if (!offer_strongest(r, rows->strongest[value]))
        part->evidence(value, &r->sink);
}

static void
offer_profile(Reason *r, uint64_t profile)
{
    for (int i = 0; i < PROFILE_PARTS; i++)
        offer_part(r, &NAMES_PROFILE[i], &r->n->model->profile[i], profile);
    offer(r, names_pattern_row(r->n, profile_pattern(profile)), TEMPLATE_REASONS[T_PATTERN]);
}

typedef struct {
    Reason *reason;
    Role role;
} OwnReason;

static void
offer_own_piece(void *to, const Piece *piece)
{
    OwnReason *o = to;
    uint32_t place = o->role % HALF_ROLES;

    offer(o->reason, piece->rows[place], piece_text(o->reason, piece->number + place * piece->step));
}

static void
offer_own(Reason *r, uint32_t token, Role role)
{
    bool inside = role < INSIDE_ROLES;

    if (!offer_strongest(r, row_strongest(r->n->rows[token]->of[role])))
        names_pieces(r->n, token, inside ? ROLE_ONLY : ROLE_BEFORE, offer_own_piece, &(OwnReason){r, role});
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
names_reason(const Names *n, const Candidate *c)
{
    Reason r = {.sink = {offer_constant}, .n = n, .type = c->label[1], .text = TEMPLATE_REASONS[T_BIAS]};
    const Rule *rule = best_rule(&r, c);
    uint32_t claim = names_first_claim(n, c);

    if (rule)
        return rule->name;
    offer_hits(&r, c);
    offer_elsewhere(&r, c);
    offer_profile(&r, c->profile);
    for (uint32_t i = c->tokens.start; i < c->tokens.end; i++) {
        offer_own(&r, i, names_role(c, i));
        offer_token_claims(&r, i, names_role(c, i), claim);
    }
    offer_around(&r, c);
    offer_seen(&r, c);
    return r.text;
}
