/* The reason that a name is given with: the evidence that counted most for its type.  A rule if one spoke for the whole of it
 * ("person.age"), else a list ("list.city") or what was looked at ("name.before.word"). */
#include "base/hash.h"
#include "stages/names.h"
#include "stages/names_model.h"

typedef struct {
    Sink sink;
    const Names *n;
    int type;
    int best, best_rule; /* weights */
    const char *text;
    const Rule *rule;
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

static void
offer_piece(Sink *sink, Template template, const EvidenceValue *value)
{
    Reason *r = (Reason *)sink;
    WeightRow row = names_row(r->n, template, value);

    if (template == T_SPAN_RULE && row[NAME_TYPES + r->type] > r->best_rule) {
        r->best_rule = row[NAME_TYPES + r->type];
        r->rule = value->rule;
    }
    offer(r, row, value->kind == VALUE_FEATURE ? r->n->rules->list_reasons[value->number] : TEMPLATE_REASONS[template]);
}

static const char *
piece_text(const Reason *r, uint32_t number)
{
    return number < TEMPLATES ? TEMPLATE_REASONS[number] : r->n->rules->list_reasons[number - TEMPLATES];
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

static void
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

const char *
names_reason(const Names *n, const Candidate *c)
{
    uint64_t seen = names_seen_profile(n, c);
    Reason r = {.sink = {offer_piece}, .n = n, .type = c->label[1], .text = TEMPLATE_REASONS[T_BIAS]};

    names_whole_evidence(n, c, &r.sink);
    if (r.rule)
        return r.rule->name;
    offer_profile(&r, c->profile);
    for (uint32_t i = c->tokens.start; i < c->tokens.end; i++) {
        offer_own(&r, i, names_role(c, i));
        names_claim_evidence(n, i, names_role(c, i), &r.sink);
    }
    offer_around(&r, c);
    for (int i = 0; i < SEEN_PARTS; i++)
        offer_part(&r, &NAMES_SEEN[i], &n->model->seen[i], seen);
    for (int side = 0; side < 2; side++)
        offer(&r, names_near_row(n, c, side), TEMPLATE_REASONS[T_NEAR_BEFORE + side]);
    return r.text;
}
