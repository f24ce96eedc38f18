#include "stages/names_model.h"

#include "base/hash.h"
#include "base/mem.h"

#include <math.h>

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
    for (int t = 0; t < TEMPLATES; t++) {
        m->template_hash[t] = hash_bytes(template_name(t), strlen(template_name(t)));
        m->places[t] = weights_place(m->template_hash[t]);
    }
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
            m->features[f].of[role] = row_at(&rules->weights, m->template_hash[T_LIST + role], hash);
        m->whole_features[f] = row_at(&rules->weights, m->template_hash[T_SPAN_LIST], hash);
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
        tally_add(&s->tally, s->m->constants[value->number]);
}

static void
make_parts(const NamesModel *m, Arena *arena, const ProfilePart *parts, PartRows *rows, int count)
{
    for (int i = 0; i < count; i++) {
        uint32_t values = 1u << parts[i].bits;
        rows[i].sums = arena_alloc(arena, values * sizeof *rows[i].sums);
        rows[i].strongest = arena_alloc(arena, values * sizeof *rows[i].strongest);
        for (uint32_t value = 0; value < values; value++) {
            PartSink s = {{add_constant}, m, {{0}, {0}}};
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
    m->legal_form = ruleset_feature(rules, "org-suffix");
    m->ambiguous_form = ruleset_feature(rules, "org-suffix.amb");
    for (uint32_t r = 0; m->phase && r < m->phase->count; r++)
        groups += m->phase->rules[r]->group_count;
    m->features = arena_line(arena, rules->features.count * sizeof *m->features);
    m->whole_features = arena_alloc(arena, rules->features.count * sizeof *m->whole_features);
    m->claims = arena_alloc(arena, groups * sizeof *m->claims);
    m->claims_of = arena_zero(arena, (rules->files.rules.count + 1) * sizeof *m->claims_of);
    m->forms = arena_line(arena, FORMS * sizeof *m->forms);
    m->slope = rules->weights.count ? rules->weights.confidence[0] : 1;
    m->shift = rules->weights.count ? rules->weights.confidence[1] : 0;
    make_texts(m, &rules->weights);
    make_features(m, rules);
    make_claims(m, rules);
    make_parts(m, arena, NAMES_PROFILE, m->profile, PROFILE_PARTS);
    make_parts(m, arena, NAMES_SEEN, m->seen, SEEN_PARTS);
    return m;
}

/* ---- what else there is */

void
names_find_pattern(const Names *n, uint32_t pattern)
{
    NamesModel *m = n->model;
    uint32_t slot = pattern_slot(pattern);

    m->pattern[slot] = pattern;
    m->patterns[slot] = names_row(n, T_PATTERN, &(EvidenceValue){.kind = VALUE_PATTERN, .number = pattern});
}
