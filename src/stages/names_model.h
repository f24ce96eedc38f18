/* The weights as the decision adds them up: worked out once, kept in the scratch of a thread.
 *
 * The words of news come again and again, and so do patterns of names; their sums are kept in tables that forget (a later word
 * takes the place of an earlier one), so that they stay small enough for the nearer caches. */
#ifndef ONRECORD_STAGES_NAMES_MODEL_H
#define ONRECORD_STAGES_NAMES_MODEL_H

#include "stages/names.h"

/* The most that a piece of a sum counts for any type in the second reading, and the first type that it is for. */
typedef struct {
    int16_t weight, type;
} Strongest;

/* A sum of pieces, and of each number the most that one of them counts. */
typedef struct {
    WeightRow sum, top;
} Tally;

static inline void
tally_add(Tally *t, WeightRow row)
{
    weights_add(&t->sum, row);
    t->top = weights_most(t->top, row);
}

/* The first of the types that have the most, and how much it is.  (No branch hangs on which it is.) */
static inline int
most_of_types(const int16_t *numbers, int32_t *most)
{
    int32_t first = numbers[0] * 4 + 2, second = numbers[1] * 4 + 1, third = numbers[2] * 4;

    first = first > second ? first : second;
    first = first > third ? first : third;
    *most = first >> 2;
    return 2 - (first & 3);
}

static inline Strongest
tally_strongest(const Tally *t)
{
    int32_t most, type = most_of_types((const int16_t *)&t->top + NAME_TYPES, &most);

    return (Strongest){(int16_t)most, (int16_t)type};
}

/* The last numbers of a form's row, which no weight uses, are a Strongest. */
enum { ROW_STRONGEST = 6 };

static inline Strongest
row_strongest(WeightRow row)
{
    return (Strongest){row[ROW_STRONGEST], row[ROW_STRONGEST + 1]};
}

typedef struct {
    WeightRow token[INSIDE_ROLES]; /* inside the claim */
    WeightRow whole, elsewhere;
} ClaimRows;

/* What each value of a part of a profile says. */
typedef struct {
    WeightRow *sums;
    Strongest *strongest;
} PartRows;

/* A piece of what a token says by itself, for half of the roles: those of ROLE_ONLY and on, or of ROLE_BEFORE and on. */
enum { HALF_ROLES = ROLES / 2 };

typedef struct {
    const WeightRow *rows; /* HALF_ROLES of them */
    uint32_t number;       /* for the first of the roles: a template, or TEMPLATES and a feature */
    uint32_t step;         /* to the next role's: 1 if each has a template of its own, else 0 */
} Piece;

/* A form whose sums are kept, in one number: the upper bits of its key, below them the last bits of the number of the article
 * that asked for it last (no other form of the same article takes its place), lowest which halves are worked out.  0: none. */
typedef uint64_t KeptForm;

enum { KEPT_INSIDE = 1, KEPT_AROUND = 2, KEPT = KEPT_INSIDE | KEPT_AROUND, KEPT_ARTICLE = 2, FORM_BITS = 14 };

enum { KEPT_BY = (1 << FORM_BITS) - (1 << KEPT_ARTICLE) }; /* the bits of the article's number */

enum { FORMS = 1 << FORM_BITS, PATTERNS = 1024, NEARS = 512, FALLS = 2048 };

/* What a word between two names says of the second: kept, as it is mostly one of a few. */
typedef struct {
    uint64_t key; /* of the word, the side and the first name's type */
    WeightRow row;
} KeptNear;

struct NamesModel {
    const Phase *phase;
    uint16_t legal_form, ambiguous_form; /* numbers of features */
    float slope, shift; /* of confidence, see Weights */
    uint64_t template_hash[TEMPLATES];
    WeightPlaces places[TEMPLATES]; /* their places among the weights */
    uint64_t near_place[2][NAME_TYPES]; /* of T_NEAR_BEFORE, T_NEAR_AFTER and a type */
    WeightRow constants[CONSTANTS];
    RoleRows looks[LOOKS];
    RoleRows *features;   /* where a token bears the feature: each half in a cache line of its own */
    WeightRow *whole_features; /* where an entry of several words does, and the candidate is that */
    ClaimRows *claims;
    uint32_t *claims_of;  /* for each rule: its first group's among `claims` */
    double fall[FALLS + 1]; /* e to the power of so many hundredths below zero; the last is 0 */
    PartRows profile[PROFILE_PARTS], seen[SEEN_PARTS];
    WeightRow patterns[PATTERNS];
    uint32_t pattern[PATTERNS]; /* what is in `patterns`, 0 for nothing */
    KeptNear near[NEARS];
    uint32_t article;     /* the number of this one, its last bits where a KeptForm has them */
    KeptForm form[FORMS]; /* what is in `forms` */
    RoleRows *forms;      /* FORMS of them, each half in a cache line of its own */
};

/* The model of these rules, made when it is first asked for. */
NamesModel *names_model(const RuleSet *rules, Scratch *scratch);

static inline const ClaimRows *
claim_rows(const NamesModel *m, const Claim *c)
{
    return &m->claims[c->rows];
}

/* ---- names_own.c */

/* Find the sums that the segments will ask for (Names.rows), and work out those that are not kept. */
void names_expect(Names *n);

/* Hand on the pieces of it one by one. */
void names_pieces(const Names *n, uint32_t token, Role from, void (*take)(void *to, const Piece *piece), void *to);

/* ---- names_model.c */

/* What a pattern says. */
void names_find_pattern(const Names *n, uint32_t pattern);

static inline uint32_t
pattern_slot(uint32_t pattern)
{
    return (pattern ^ pattern >> 8 ^ pattern >> 13) & (PATTERNS - 1);
}

static inline WeightRow
names_pattern_row(const Names *n, uint32_t pattern)
{
    if (n->model->pattern[pattern_slot(pattern)] != pattern)
        names_find_pattern(n, pattern);
    return n->model->patterns[pattern_slot(pattern)];
}

/* The sum of what a profile says, and a seen profile. */
static inline WeightRow
names_profile_sum(const Names *n, uint64_t profile)
{
    WeightRow sum = names_pattern_row(n, profile_pattern(profile));

    for (int i = 0; i < PROFILE_PARTS; i++)
        sum += n->model->profile[i].sums[profile_part(&NAMES_PROFILE[i], profile)];
    return sum;
}

static inline WeightRow
names_seen_sum(const Names *n, uint64_t profile)
{
    WeightRow sum = {0};

    for (int i = 0; i < SEEN_PARTS; i++)
        sum += n->model->seen[i].sums[profile_part(&NAMES_SEEN[i], profile)];
    return sum;
}

/* What a name of the first reading with this label says, before (0) or behind (1) the candidate, with one token between. */
static inline WeightRow
names_near_word(const Names *n, int side, int label, uint32_t between)
{
    uint64_t word = n->a->tokens.items[between].hash, key = n->model->near_place[side][label] ^ word;
    KeptNear *kept = &n->model->near[key >> 32 & (NEARS - 1)];

    if (kept->key != key) {
        *kept = (KeptNear){.key = key};
        weights_find(&n->rules->weights, n->model->near_place[side][label], word, &kept->row);
    }
    return kept->row;
}

/* What the name next but one says. */
static inline WeightRow
names_near_row(const Names *n, const Candidate *c, int side)
{
    uint32_t between;
    int label = names_near(n, c, side, &between);

    return label < 0 ? (WeightRow){0} : names_near_word(n, side, label, between);
}

/* e to the power of -x hundredths; 0 where that is next to nothing. */
static inline double
model_fall(const NamesModel *m, uint32_t x)
{
    return m->fall[x < FALLS ? x : FALLS];
}

#endif
