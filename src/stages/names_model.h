/* The weights as the decision adds them up: worked out once, kept in the scratch of a thread.
 *
 * The words of news come again and again, and so does what a candidate looks like; their sums are kept in tables that
 * forget (a later word takes the place of an earlier one), so that they stay small enough for the nearer caches. */
#ifndef ONRECORD_STAGES_NAMES_MODEL_H
#define ONRECORD_STAGES_NAMES_MODEL_H

#include "stages/names.h"

/* What something says of a token, by the token's role. */
typedef struct {
    WeightRow of[ROLES];
} RoleRows;

/* The last number of a form's row, which no weight uses: in the second reading no piece of it counts more for any type. */
enum { ROW_BOUND = 7 };

typedef struct {
    RoleRows token;  /* where a token bears the feature */
    WeightRow whole; /* where an entry of several words does, and the candidate is that */
} FeatureRows;

typedef struct {
    WeightRow token[INSIDE_ROLES]; /* inside the claim */
    WeightRow whole, elsewhere;
} ClaimRows;

/* A profile's sum, and of what is in it the strongest for each type in the second reading. */
typedef struct {
    WeightRow sum, top;
    uint64_t profile;
    bool seen; /* of names_seen_profile */
    uint8_t top_template[NAME_TYPES];
} ProfileRow;

/* A piece of what a token says by itself, for half of the roles: those of ROLE_ONLY and on, or of ROLE_BEFORE and on. */
enum { HALF_ROLES = ROLES / 2 };

typedef struct {
    const WeightRow *rows; /* HALF_ROLES of them */
    Template template;
    bool by_role;     /* the role is added to the template */
    uint16_t feature; /* or FEATURE_NONE */
} Piece;

enum { FORMS = 16384, PROFILES = 4096, FALLS = 2048 };

struct NamesModel {
    const Phase *phase;
    float slope, shift; /* of confidence, see Weights */
    uint64_t template_hash[TEMPLATES];
    uint64_t near_place[2][NAME_TYPES]; /* of T_NEAR_BEFORE, T_NEAR_AFTER and a type */
    WeightRow constants[CONSTANTS];
    RoleRows looks[LOOKS];
    FeatureRows *features;
    ClaimRows *claims;
    uint32_t *claims_of;  /* for each rule: its first group's among `claims` */
    double fall[FALLS];   /* e to the power of so many hundredths below zero */
    ProfileRow profiles[PROFILES];
    uint64_t form[FORMS]; /* what is in `forms`: the two lowest bits say which half, 0 for nothing */
    RoleRows *forms;      /* FORMS of them, each half in a cache line of its own */
};

/* The model of these rules, made when it is first asked for. */
NamesModel *names_model(const RuleSet *rules, Scratch *scratch);

static inline const ClaimRows *
claim_rows(const NamesModel *m, const Claim *c)
{
    return &m->claims[m->claims_of[c->rule->number] + c->group];
}

/* Find out what the sums of a segment's tokens are kept under, and those of its profiles, and tell the processor that they will be
 * looked up: the tables are larger than its nearer caches. */
void names_expect(Names *n, const Segment *segment);

/* The sums of what a token says by itself, in the roles that begin with ROLE_ONLY, or with ROLE_BEFORE.  They stand until the
 * next call. */
const WeightRow *names_inside_rows(const Names *n, uint32_t token);
const WeightRow *names_around_rows(const Names *n, uint32_t token);

/* Hand on the pieces of it one by one. */
void names_pieces(const Names *n, uint32_t token, Role from, void (*take)(void *to, const Piece *piece), void *to);

/* The sum of a profile's evidence; of a seen profile's.  It stands until the next call. */
const ProfileRow *names_profile_row(const Names *n, uint64_t profile, bool seen);

/* What the name next but one says, before (0) or behind (1) the candidate. */
WeightRow names_near_row(const Names *n, const Candidate *c, int side);

/* e to the power of -x hundredths; 0 where that is next to nothing. */
static inline double
model_fall(const NamesModel *m, int32_t x)
{
    return x < FALLS ? m->fall[x] : 0;
}

#endif
