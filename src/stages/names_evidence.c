/* What speaks for and against a candidate, piece by piece: `fit` learns the weights of it, `explain` shows them, a name's reason
 * is the strongest.  The stage adds the same weights up from sums (names_model.c, names_score.c).
 *
 * A template is a place to look at, a value what is seen there; together they are the key of a line of weights. */
#include "base/hash.h"
#include "stages/names.h"
#include "stages/names_model.h"
#include "text/utf8.h"

#define BY_ROLE(what) "name.only." what, "name.first." what, "name.inner." what, "name.last." what
#define AROUND(what) "name.before." what, "name.after." what
#define FURTHER(what) "name.before2." what, "name.after2." what

const char *const TEMPLATE_REASONS[TEMPLATES] = {
    BY_ROLE("word"), AROUND("word"), FURTHER("word"), BY_ROLE("list"), AROUND("list"), FURTHER("list"),
    BY_ROLE("shape"), AROUND("shape"), BY_ROLE("rule"),
    [T_SUFFIX] = "name.suffix", [T_PREFIX] = "name.prefix", [T_LAST_SUFFIX] = "name.last.suffix", [T_BIAS] = "name.bias",
    [T_LENGTH] = "name.length", [T_PATTERN] = "name.pattern", [T_SPAN_LIST] = "name.whole.list",
    [T_SPAN_RULE] = "name.whole.rule", [T_RUN] = "name.run", [T_ZONE] = "name.zone", [T_POSITION] = "name.position",
    [T_LINKS] = "name.links", [T_ELSEWHERE_LOWER] = "name.elsewhere.lower",
    [T_ELSEWHERE_CAPITAL] = "name.elsewhere.capital", [T_ELSEWHERE_RULE] = "name.elsewhere.rule",
    [T_SEEN_SAME] = "name.seen.same", [T_SEEN_PART] = "name.seen.part", [T_SEEN_WHOLE] = "name.seen.whole",
    [T_SEEN_ACRONYM] = "name.seen.acronym", [T_NEAR_BEFORE] = "name.near.before", [T_NEAR_AFTER] = "name.near.after",
    [T_SEEN_TOKEN] = "name.seen.token",
};

#define PARTS(from, template) \
    [from] = {template, "person first"},           [from + 1] = {template, "person inner"}, \
    [from + 2] = {template, "person last"},        [from + 3] = {template, "organization first"}, \
    [from + 4] = {template, "organization inner"}, [from + 5] = {template, "organization last"}, \
    [from + 6] = {template, "place first"},        [from + 7] = {template, "place inner"}, \
    [from + 8] = {template, "place last"}

const ConstantValue NAMES_CONSTANTS[CONSTANTS] = {
    [C_BIAS] = {T_BIAS, "all"},
    [C_EDGE_BEFORE] = {T_WORD + ROLE_BEFORE, "^"},
    [C_EDGE_AFTER] = {T_WORD + ROLE_AFTER, "$"},
    [C_LENGTH] = {T_LENGTH, "0"}, {T_LENGTH, "1"}, {T_LENGTH, "2"}, {T_LENGTH, "3"},
                 {T_LENGTH, "4"}, {T_LENGTH, "5"}, {T_LENGTH, "6"}, {T_LENGTH, "7"},
    [C_LINKS] = {T_LINKS, "0"}, {T_LINKS, "1"}, {T_LINKS, "2"},
    [C_RUN] = {T_RUN, "one"}, {T_RUN, "all"}, {T_RUN, "beginning"}, {T_RUN, "end"}, {T_RUN, "inside"},
    [C_ZONE] = {T_ZONE, "body several"}, {T_ZONE, "body one"}, {T_ZONE, "headline several"}, {T_ZONE, "headline one"},
               {T_ZONE, "byline several"}, {T_ZONE, "byline one"}, {T_ZONE, "dateline several"}, {T_ZONE, "dateline one"},
               {T_ZONE, "caption several"}, {T_ZONE, "caption one"}, {T_ZONE, "furniture"}, {T_ZONE, "furniture"},
               {T_ZONE, "capitals body several"}, {T_ZONE, "capitals body one"}, {T_ZONE, "capitals headline several"},
               {T_ZONE, "capitals headline one"}, {T_ZONE, "capitals byline several"}, {T_ZONE, "capitals byline one"},
               {T_ZONE, "capitals dateline several"}, {T_ZONE, "capitals dateline one"}, {T_ZONE, "capitals caption several"},
               {T_ZONE, "capitals caption one"}, {T_ZONE, "furniture"}, {T_ZONE, "furniture"},
    [C_POSITION] = {T_POSITION, "opens several"}, {T_POSITION, "opens one"}, {T_POSITION, "line"},
    [C_GLUED_BEFORE] = {T_POSITION, "glued before"},
    [C_GLUED_BEHIND] = {T_POSITION, "glued behind"},
    [C_LOWER] = {T_ELSEWHERE_LOWER, "several"}, {T_ELSEWHERE_LOWER, "one"},
                {T_ELSEWHERE_LOWER, "opening several"}, {T_ELSEWHERE_LOWER, "opening one"},
    [C_CAPITAL] = {T_ELSEWHERE_CAPITAL, "several"}, {T_ELSEWHERE_CAPITAL, "one"},
                  {T_ELSEWHERE_CAPITAL, "never several"}, {T_ELSEWHERE_CAPITAL, "never one"},
    [C_SEEN_SAME] = {T_SEEN_SAME, "person mixed"}, {T_SEEN_SAME, "person"}, {T_SEEN_SAME, "organization mixed"},
                    {T_SEEN_SAME, "organization"}, {T_SEEN_SAME, "place mixed"}, {T_SEEN_SAME, "place"},
                    {T_SEEN_SAME, "nothing mixed"}, {T_SEEN_SAME, "nothing"},
    PARTS(C_SEEN_PART, T_SEEN_PART),
    PARTS(C_SEEN_TOKEN, T_SEEN_TOKEN),
    [C_SEEN_WHOLE] = {T_SEEN_WHOLE, "person"}, {T_SEEN_WHOLE, "organization"}, {T_SEEN_WHOLE, "place"},
                     {T_SEEN_WHOLE, "nothing one"}, {T_SEEN_WHOLE, "nothing several"},
    [C_SEEN_ACRONYM] = {T_SEEN_ACRONYM, "organization"},
};

/* The place and the value whose hashes are the key of a piece of evidence. */
static uint64_t
value_hash(const EvidenceValue *value)
{
    char text[PATTERN_ROOM];

    if (value->kind == VALUE_PATTERN)
        return hash_bytes(text, names_pattern_text(value->number, text));
    return value->kind == VALUE_TEXT ? hash_bytes(value->text, strlen(value->text)) : value->hash;
}

static uint64_t
place_hash(const Names *n, Template template, const EvidenceValue *value)
{
    uint64_t place = n->model->template_hash[template];

    if (value->kind == VALUE_WORD && value->text) /* two parts: "person|beat" */
        place = weight_key(place, hash_bytes(value->text, strlen(value->text)));
    return place;
}

uint64_t
evidence_key(const Names *n, Template template, const EvidenceValue *value)
{
    return weight_key(place_hash(n, template, value), value_hash(value));
}

static WeightRow
text_row(const NamesModel *m, Template template, uint32_t number)
{
    return template >= T_SHAPE && template < T_SHAPE + SHAPE_ROLES ? m->looks[number].of[template - T_SHAPE] : m->constants[number];
}

static WeightRow
feature_row(const NamesModel *m, Template template, uint32_t feature)
{
    return template == T_SPAN_LIST ? m->whole_features[feature] : m->features[feature].of[template - T_LIST];
}

static WeightRow
claim_row(const ClaimRows *rows, Template template)
{
    return template == T_SPAN_RULE ? rows->whole : template == T_ELSEWHERE_RULE ? rows->elsewhere : rows->token[template - T_RULE];
}

WeightRow
names_row(const Names *n, Template template, const EvidenceValue *value)
{
    const NamesModel *m = n->model;
    WeightRow row;

    if (value->kind == VALUE_TEXT)
        return text_row(m, template, value->number);
    if (value->kind == VALUE_FEATURE)
        return feature_row(m, template, value->number);
    if (value->kind == VALUE_RULE)
        return claim_row(&m->claims[m->claims_of[value->rule->number] + value->number], template);
    weights_find(&n->rules->weights, place_hash(n, template, value), value_hash(value), &row);
    return row;
}

static void
emit_claim(Sink *sink, Template template, const Claim *c)
{
    sink->take(sink, template, &(EvidenceValue){VALUE_RULE, claim_hash(c), c->rule->groups[c->group], c->group, c->rule});
}

static void
emit_features(const Names *n, Sink *sink, Template template, uint32_t which, uint32_t set)
{
    const Lexicon *lex = &n->rules->lexicons[which];

    for (uint32_t c = lex->sets[set]; c < lex->sets[set + 1]; c++)
        sink->take(sink, template,
             &(EvidenceValue){VALUE_FEATURE, n->rules->features.items[lex->codes[c]].hash, NULL, lex->codes[c], NULL});
}

/* The list features of one token, taken alone. */
static void
emit_lists(const Names *n, Sink *sink, Template template, uint32_t token)
{
    const Token *t = &n->a->tokens.items[token];

    for (uint32_t l = 0; l < n->rules->lexicon_count; l++) {
        const Lexicon *lex = &n->rules->lexicons[l];
        uint32_t word = l == 0 ? t->word : lexicon_word(lex, t->hash);
        if (word)
            emit_features(n, sink, template, l, lex->words[word].sets[token_written(t)]);
    }
}

/* ---- tokens */

const char *
names_look_text(Look look)
{
    static const char *const TEXTS[LOOKS] = {"mark", "lower", "X.", "X", "X.X.", "CAPS5", "CAPS", "Cap", "mIxed", "number"};

    return TEXTS[look];
}

bool
names_affixes(const Names *n, uint32_t token, uint64_t *prefix, uint64_t *suffix)
{
    const Token *t = &n->a->tokens.items[token];
    char fold[TOKEN_FOLD];
    size_t len = names_has_affixes(t) ? token_fold(n->a->text, t, fold) : 0;

    if (len < 4)
        return false;
    *prefix = hash_bytes(fold, 3);
    *suffix = hash_bytes(fold + len - 3, 3);
    return true;
}

/* What the token says in the role by itself: the same wherever it is written so. */
static void
own_evidence(const Names *n, uint32_t token, Role role, Sink *sink)
{
    const Token *t = &n->a->tokens.items[token];
    uint64_t prefix, suffix;

    sink->take(sink, T_WORD + role, &(EvidenceValue){VALUE_WORD, t->hash, NULL, token, NULL});
    if (role < SHAPE_ROLES)
        sink->take(sink, T_SHAPE + role,
                   &(EvidenceValue){.kind = VALUE_TEXT, .text = names_look_text(names_look(t)), .number = names_look(t)});
    emit_lists(n, sink, T_LIST + role, token);
    if (role >= INSIDE_ROLES || !names_affixes(n, token, &prefix, &suffix))
        return;
    if (role == ROLE_LAST || role == ROLE_ONLY)
        sink->take(sink, T_LAST_SUFFIX, &(EvidenceValue){VALUE_SUFFIX, suffix, NULL, token, NULL});
    sink->take(sink, T_SUFFIX, &(EvidenceValue){VALUE_SUFFIX, suffix, NULL, token, NULL});
    sink->take(sink, T_PREFIX, &(EvidenceValue){VALUE_PREFIX, prefix, NULL, token, NULL});
}

/* What rules claim of a token; `from` is the first claim that may reach it. */
static void
claim_evidence(const Names *n, uint32_t token, Role role, uint32_t from, Sink *sink)
{
    for (uint32_t i = from; i < n->claims.count && n->claims.items[i].tokens.start <= token; i++)
        if (n->claims.items[i].tokens.end > token)
            emit_claim(sink, T_RULE + role, &n->claims.items[i]);
}

uint32_t
names_neighbour(const Names *n, uint32_t edge, Role role)
{
    const Article *a = n->a;
    const Token *t = a->tokens.items;
    uint32_t count = a->tokens.count;

    switch (role) {
    case ROLE_BEFORE:
        return edge == 0 || (t[edge].flags & TOKEN_PARAGRAPH) ? NONE : edge - 1;
    case ROLE_BEFORE2:
        return edge < 2 || ((t[edge].flags | t[edge - 1].flags) & TOKEN_PARAGRAPH) ? NONE : edge - 2;
    case ROLE_AFTER:
        return edge >= count || (t[edge].flags & TOKEN_PARAGRAPH) ? NONE : edge;
    case ROLE_AFTER2:
        return edge + 1 >= count || ((t[edge].flags | t[edge + 1].flags) & TOKEN_PARAGRAPH) ? NONE : edge + 1;
    default:
        return edge;
    }
}

/* What stands around the candidate. */
static void
around_evidence(const Names *n, const Candidate *c, Sink *sink)
{
    static const Role AROUND_ROLES[] = {ROLE_BEFORE, ROLE_BEFORE2, ROLE_AFTER, ROLE_AFTER2};

    for (int i = 0; i < 4; i++) {
        Role role = AROUND_ROLES[i];
        uint32_t token = names_neighbour(n, i < 2 ? c->tokens.start : c->tokens.end, role);
        if (token != NONE)
            own_evidence(n, token, role, sink);
        else if (role < SHAPE_ROLES)
            names_emit(sink, role == ROLE_BEFORE ? C_EDGE_BEFORE : C_EDGE_AFTER);
    }
}

/* ---- lists and rules */

static void
whole_evidence(const Names *n, const Candidate *c, Sink *sink)
{
    const Article *a = n->a;
    Range r = c->tokens;

    for (uint32_t h = c->hit - 1; c->hit && h < a->hits.count && a->hits.items[h].tokens.start == r.start; h++)
        if (a->hits.items[h].tokens.end == r.end)
            emit_features(n, sink, T_SPAN_LIST, a->hits.items[h].lexicon, a->hits.items[h].set);
    for (uint32_t i = c->claim - 1; c->claim && i < n->claims.count && n->claims.items[i].tokens.start == r.start; i++)
        if (n->claims.items[i].tokens.end == r.end)
            emit_claim(sink, T_SPAN_RULE, &n->claims.items[i]);
    for (uint32_t i = n->forms.items[c->form].claims; i; i = n->claimed_as[i].next) {
        const Claim *claim = &n->claims.items[n->claimed_as[i].claim];
        if (claim->tokens.start != r.start)
            emit_claim(sink, T_ELSEWHERE_RULE, claim);
    }
}

/* ---- all of it */

void
names_evidence(const Names *n, const Candidate *c, bool second, Sink *sink)
{
    uint32_t claim = names_first_claim(n, c->tokens.start);

    for (uint32_t i = c->tokens.start; i < c->tokens.end; i++) {
        own_evidence(n, i, names_role(c, i), sink);
        claim_evidence(n, i, names_role(c, i), claim, sink);
    }
    around_evidence(n, c, sink);
    names_profile_evidence(c->profile, sink);
    whole_evidence(n, c, sink);
    if (second)
        names_seen_evidence(n, c, sink);
}

void
evidence_text(const Names *n, const EvidenceValue *v, Buf *out)
{
    char fold[TOKEN_FOLD];
    size_t len;

    switch (v->kind) {
    case VALUE_TEXT:
        buf_str(out, v->text);
        return;
    case VALUE_PATTERN: {
        char text[PATTERN_ROOM];
        buf_add(out, text, names_pattern_text(v->number, text));
        return;
    }
    case VALUE_FEATURE:
        buf_str(out, n->rules->features.items[v->number].name);
        return;
    case VALUE_RULE:
        buf_str(out, v->rule->name);
        buf_char(out, ' ');
        buf_str(out, v->text);
        return;
    case VALUE_WORD:
    case VALUE_SUFFIX:
    case VALUE_PREFIX:
        if (v->kind == VALUE_WORD && v->text)
            buf_printf(out, "%s|", v->text);
        len = token_fold(n->a->text, &n->a->tokens.items[v->number], fold);
        if (v->kind == VALUE_SUFFIX)
            buf_add(out, fold + len - 3, 3);
        else
            buf_add(out, fold, v->kind == VALUE_PREFIX ? 3 : len);
    }
}
