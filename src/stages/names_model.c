#include "stages/names_model.h"

#include "base/hash.h"
#include "base/mem.h"

#include <math.h>

enum { CACHE_LINE = 64 };

/* ---- sums */

/* A sum of pieces, of each number the most that one of them counts, and the first that counts so. */
typedef struct {
    WeightRow sum, top, piece;
} Tally;

static inline void
tally_add(Tally *t, WeightRow row, uint32_t piece)
{
    WeightRow more = row > t->top;
    int16_t number = (int16_t)(piece < STRONGEST_PIECES ? piece : STRONGEST_PIECES);

    weights_add(&t->sum, row);
    t->top = (row & more) | (t->top & ~more);
    t->piece = (number & more) | (t->piece & ~more);
}

static Strongest
tally_strongest(const Tally *t)
{
    int best = 0;
    int16_t piece;

    for (int type = 1; type < NAME_TYPES; type++)
        best = t->top[NAME_TYPES + type] > t->top[NAME_TYPES + best] ? type : best;
    piece = t->piece[NAME_TYPES + best];
    return (Strongest){t->top[NAME_TYPES + best], piece < STRONGEST_PIECES ? (int16_t)(best * STRONGEST_PIECES + piece) : -1};
}

/* ---- making it */

static WeightRow
row_at(const Weights *weights, uint64_t place_hash, uint64_t value_hash)
{
    WeightRow row;

    weights_find(weights, place_hash, value_hash, &row);
    return row;
}

static WeightRow
text_row(const NamesModel *m, const Weights *weights, Template template, const char *text)
{
    return row_at(weights, m->template_hash[template], hash_bytes(text, strlen(text)));
}

static void
make_texts(NamesModel *m, const Weights *weights)
{
    for (int t = 0; t < TEMPLATES; t++)
        m->template_hash[t] = hash_bytes(template_name(t), strlen(template_name(t)));
    for (int t = 0; t < NAME_TYPES; t++) {
        const char *type = entity_type_name(NAME_TYPE[t]);
        for (int side = 0; side < 2; side++)
            m->near_place[side][t] = weight_key(m->template_hash[T_NEAR_BEFORE + side], hash_bytes(type, strlen(type)));
    }
    for (int c = 0; c < CONSTANTS; c++)
        m->constants[c] = text_row(m, weights, NAMES_CONSTANTS[c].template, NAMES_CONSTANTS[c].text);
    for (int look = 0; look < LOOKS; look++)
        for (int role = 0; role < SHAPE_ROLES; role++)
            m->looks[look].of[role] = text_row(m, weights, T_SHAPE + role, names_look_text(look));
    for (int i = 0; i < FALLS; i++)
        m->fall[i] = exp(-(double)i / WEIGHT_UNIT);
}

static void
make_features(NamesModel *m, const RuleSet *rules)
{
    for (uint32_t f = 0; f < rules->features.count; f++) {
        uint64_t hash = rules->features.items[f].hash;
        for (int role = 0; role < ROLES; role++)
            m->features[f].token.of[role] = row_at(&rules->weights, m->template_hash[T_LIST + role], hash);
        m->features[f].whole = row_at(&rules->weights, m->template_hash[T_SPAN_LIST], hash);
    }
}

float
names_stated_weight(const Rule *rule, uint32_t group, int label)
{
    return strcmp(rule->groups[group], entity_type_name(NAME_TYPE[label])) == 0 ? rule->weight : 0;
}

/* What the weights do not know. */
static WeightRow
unfitted_row(const Rule *rule, uint32_t group)
{
    WeightRow row = {0};

    for (int t = 0; t < NAME_TYPES; t++)
        row[t] = row[NAME_TYPES + t] = weight_units(names_stated_weight(rule, group, t));
    return row;
}

static void
make_claims(NamesModel *m, const RuleSet *rules)
{
    ClaimRows *next = m->claims;

    for (uint32_t r = 0; m->phase && r < m->phase->count; r++) {
        const Rule *rule = m->phase->rules[r];
        m->claims_of[rule->number] = (uint32_t)(next - m->claims);
        for (uint32_t g = 0; g < rule->group_count; g++, next++) {
            uint64_t hash = rule->group_hash[g];
            for (int role = 0; role < INSIDE_ROLES; role++)
                next->token[role] = row_at(&rules->weights, m->template_hash[T_RULE + role], hash);
            next->elsewhere = row_at(&rules->weights, m->template_hash[T_ELSEWHERE_RULE], hash);
            if (!weights_find(&rules->weights, m->template_hash[T_SPAN_RULE], hash, &next->whole))
                next->whole = unfitted_row(rule, g);
        }
    }
}

typedef struct {
    Sink sink;
    const NamesModel *m;
    Tally tally;
} PartSink;

/* The bias is a part of the sum, but no reason. */
static void
add_constant(Sink *sink, Template template, const EvidenceValue *value)
{
    PartSink *s = (PartSink *)sink;

    if (template == T_BIAS)
        weights_add(&s->tally.sum, s->m->constants[value->number]);
    else
        tally_add(&s->tally, s->m->constants[value->number], template);
}

static void
make_parts(const NamesModel *m, Arena *arena, const ProfilePart *parts, PartRows *rows, int count)
{
    for (int i = 0; i < count; i++) {
        uint32_t values = 1u << parts[i].bits;
        rows[i].sums = arena_alloc(arena, values * sizeof *rows[i].sums);
        rows[i].strongest = arena_alloc(arena, values * sizeof *rows[i].strongest);
        for (uint32_t value = 0; value < values; value++) {
            PartSink s = {{add_constant}, m, {{0}, {0}, {0}}};
            parts[i].evidence(value, &s.sink);
            rows[i].sums[value] = s.tally.sum;
            rows[i].strongest[value] = tally_strongest(&s.tally);
        }
    }
}

NamesModel *
names_model(const RuleSet *rules, Scratch *scratch)
{
    Arena *arena = &scratch->lasting;
    NamesModel *m = scratch->names;
    uint32_t groups = 0;

    if (m)
        return m;
    scratch->names = m = arena_zero(arena, sizeof *m);
    m->phase = ruleset_phase(rules, "names");
    for (uint32_t r = 0; m->phase && r < m->phase->count; r++)
        groups += m->phase->rules[r]->group_count;
    m->features = arena_alloc(arena, rules->features.count * sizeof *m->features);
    m->claims = arena_alloc(arena, groups * sizeof *m->claims);
    m->claims_of = arena_zero(arena, (rules->files.rules.count + 1) * sizeof *m->claims_of);
    m->forms = arena_alloc(arena, FORMS * sizeof *m->forms + CACHE_LINE);
    m->forms = (RoleRows *)(((uintptr_t)m->forms + CACHE_LINE - 1) / CACHE_LINE * CACHE_LINE);
    m->slope = rules->weights.count ? rules->weights.confidence[0] : 1;
    m->shift = rules->weights.count ? rules->weights.confidence[1] : 0;
    make_texts(m, &rules->weights);
    make_features(m, rules);
    make_claims(m, rules);
    make_parts(m, arena, NAMES_PROFILE, m->profile, PROFILE_PARTS);
    make_parts(m, arena, NAMES_SEEN, m->seen, SEEN_PARTS);
    return m;
}

/* ---- what a token says by itself */

enum { KEPT_INSIDE = 1, KEPT_AROUND = 2, KEPT = KEPT_INSIDE | KEPT_AROUND };

/* Tokens that are written alike are known by this.  Its two lowest bits are 0. */
static uint64_t
form_key(const Token *t)
{
    uint64_t written = (uint64_t)names_look(t) | (uint64_t)t->shape << 4 | (uint64_t)names_has_affixes(t) << 7;

    return (t->hash ^ written * 0x9e3779b97f4a7c15u) << 2;
}

static uint32_t
form_slot(uint64_t key)
{
    return (uint32_t)(key >> 2) & (FORMS - 1);
}

void
names_expect(Names *n, const Segment *segment)
{
    NamesModel *m = n->model;
    uint32_t from = segment->tokens.start < 2 ? 0 : segment->tokens.start - 2;
    uint32_t to = segment->tokens.end + 2 < n->a->tokens.count ? segment->tokens.end + 2 : n->a->tokens.count;

    for (uint32_t t = from; t < to; t++) {
        n->forms[t] = form_key(&n->a->tokens.items[t]);
        __builtin_prefetch(&m->form[form_slot(n->forms[t])]);
        __builtin_prefetch(&m->forms[form_slot(n->forms[t])].of[ROLE_ONLY]);
        __builtin_prefetch(&m->forms[form_slot(n->forms[t])].of[ROLE_BEFORE]);
    }
}

static inline void
take_features(const Names *n, const Token *t, Role from, void (*take)(void *to, const Piece *piece), void *to)
{
    for (uint32_t l = 0; l < n->rules->lexicon_count; l++) {
        const Lexicon *lex = &n->rules->lexicons[l];
        uint32_t word = l == 0 ? t->word : lexicon_word(lex, t->hash);
        uint32_t set = word ? lex->words[word].sets[token_written(t)] : 0;
        for (uint32_t c = lex->sets[set]; c < lex->sets[set + 1]; c++)
            take(to, &(Piece){&n->model->features[lex->codes[c]].token.of[from], T_LIST, true, lex->codes[c]});
    }
}

/* The rows of a value at several places: 0 where there is none. */
static inline void
find_rows(const Weights *weights, uint64_t value, const uint64_t *places, uint32_t count, WeightRow *rows)
{
    const WeightRow *row, *first = weights_of(weights, value, &row);

    memset(rows, 0, count * sizeof *rows);
    while (row > first) {
        row--;
        for (uint32_t i = 0; i < count; i++)
            if (weights_place(*row) == (uint32_t)(places[i] >> 32))
                rows[i] = weights_only(*row);
    }
}

static inline void
take_affixes(const Names *n, uint32_t token, void (*take)(void *to, const Piece *piece), void *to)
{
    const uint64_t *places = n->model->template_hash;
    uint64_t prefix_hash, suffix_hash;
    WeightRow prefix, suffix, last;

    if (!names_affixes(n, token, &prefix_hash, &suffix_hash))
        return;
    find_rows(&n->rules->weights, prefix_hash, &places[T_PREFIX], 1, &prefix);
    find_rows(&n->rules->weights, suffix_hash, &places[T_SUFFIX], 1, &suffix);
    find_rows(&n->rules->weights, suffix_hash, &places[T_LAST_SUFFIX], 1, &last);
    take(to, &(Piece){(WeightRow[HALF_ROLES]){[ROLE_ONLY] = last, [ROLE_LAST] = last}, T_LAST_SUFFIX, false, FEATURE_NONE});
    take(to, &(Piece){(WeightRow[HALF_ROLES]){suffix, suffix, suffix, suffix}, T_SUFFIX, false, FEATURE_NONE});
    take(to, &(Piece){(WeightRow[HALF_ROLES]){prefix, prefix, prefix, prefix}, T_PREFIX, false, FEATURE_NONE});
}

/* The same as names_own_evidence, for half of the roles at once. */
static inline void
each_piece(const Names *n, uint32_t token, Role from, void (*take)(void *to, const Piece *piece), void *to)
{
    const NamesModel *m = n->model;
    const Token *t = &n->a->tokens.items[token];
    WeightRow word[HALF_ROLES];

    find_rows(&n->rules->weights, t->hash, &m->template_hash[T_WORD + from], HALF_ROLES, word);
    take(to, &(Piece){word, T_WORD, true, FEATURE_NONE});
    take(to, &(Piece){&m->looks[names_look(t)].of[from], T_SHAPE, true, FEATURE_NONE});
    take_features(n, t, from, take, to);
    if (from == ROLE_ONLY)
        take_affixes(n, token, take, to);
}

void
names_pieces(const Names *n, uint32_t token, Role from, void (*take)(void *to, const Piece *piece), void *to)
{
    each_piece(n, token, from, take, to);
}

typedef struct {
    Tally of[HALF_ROLES];
    Role from;
} FormTally;

static inline void
add_piece(void *to, const Piece *piece)
{
    FormTally *f = to;

    for (int i = 0; i < HALF_ROLES; i++)
        tally_add(&f->of[i], piece->rows[i], piece_number(piece, f->from + (Role)i));
}

static void
sum_form(const Names *n, uint32_t token, Role from, WeightRow *rows)
{
    FormTally f = {.from = from};

    each_piece(n, token, from, add_piece, &f);
    for (int i = 0; i < HALF_ROLES; i++) {
        Strongest strongest = tally_strongest(&f.of[i]);
        rows[i] = f.of[i].sum;
        rows[i][ROW_STRONGEST] = strongest.weight;
        rows[i][ROW_STRONGEST + 1] = strongest.what;
    }
}

/* A half of a form's sums, which `kept` and `from` say. */
static inline const WeightRow *
form_rows(const Names *n, uint32_t token, Role from, uint64_t kept)
{
    NamesModel *m = n->model;
    uint64_t key = n->forms[token], *form = &m->form[form_slot(key)];
    WeightRow *rows = &m->forms[form_slot(key)].of[from];

    if ((*form & ~(uint64_t)KEPT) != key)
        *form = key;
    if (!(*form & kept)) {
        *form |= kept;
        sum_form(n, token, from, rows);
    }
    return rows;
}

const WeightRow *
names_inside_rows(const Names *n, uint32_t token)
{
    return form_rows(n, token, ROLE_ONLY, KEPT_INSIDE);
}

const WeightRow *
names_around_rows(const Names *n, uint32_t token)
{
    return form_rows(n, token, ROLE_BEFORE, KEPT_AROUND);
}

/* ---- what else there is */

WeightRow
names_pattern_row(const Names *n, uint32_t pattern)
{
    NamesModel *m = n->model;
    uint32_t slot = (pattern ^ pattern >> 8 ^ pattern >> 13) & (PATTERNS - 1);

    if (m->pattern[slot] != pattern) {
        m->pattern[slot] = pattern;
        m->patterns[slot] = names_row(n, T_PATTERN, &(EvidenceValue){.kind = VALUE_PATTERN, .number = pattern});
    }
    return m->patterns[slot];
}

WeightRow
names_near_row(const Names *n, const Candidate *c, int side)
{
    uint32_t between;
    int label = names_near(n, c, side, &between);

    return label < 0 ? (WeightRow){0} : row_at(&n->rules->weights, n->model->near_place[side][label], n->a->tokens.items[between].hash);
}
