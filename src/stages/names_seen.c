/* What the first reading of an article found, remembered for the second: the same form, the longer form, the long form of an
 * acronym, the names next to a candidate. */
#include "base/hash.h"
#include "stages/names.h"
#include "stages/names_model.h"

/* ---- remembering */

/* Which part of a longer name of a type a form is; see SEEN_PART. */
enum { PART_FIRST, PART_INNER, PART_LAST, PARTS };

/* Nothing where no candidate has the form. */
static void
remember_as(Form *form, int label)
{
    if (form == NULL)
        return;
    form->seen = true;
    form->as[label]++;
    form->alone |= (uint8_t)(1u << PARTS * label);
}

static void
remember_part(Form *form, int label, int part)
{
    if (form == NULL)
        return;
    form->seen = true;
    form->parts |= (uint16_t)(1u << (PARTS * label + part));
}

static void
remember_acronym(Names *n, Range r)
{
    char initials[NAME_LONGEST + 1];
    size_t len = 0;
    Form *form;

    for (uint32_t i = r.start; i < r.end; i++) {
        const Token *t = &n->a->tokens.items[i];
        unsigned char c = (unsigned char)n->a->text[t->start];
        if ((t->flags & TOKEN_CAPITAL) && c >= 'A' && c <= 'Z')
            initials[len++] = (char)(c + 32);
    }
    form = len >= 2 ? names_form(n, hash_bytes(initials, len)) : NULL;
    if (form) {
        form->seen = true;
        form->acronym++;
    }
}

/* "Acme Oy" is also known as "Acme": a legal form is no part of what a company is called. */
static void
remember_without_form(Names *n, Range r, int label)
{
    const NamesModel *m = n->model;
    uint32_t end = r.end;

    while (end > r.start + 1 && token_has(n->a, n->rules, end - 1, m->legal_form) &&
           !token_has(n->a, n->rules, end - 1, m->ambiguous_form))
        end--;
    while (end > r.start + 1 && n->a->tokens.items[end - 1].shape == SHAPE_PUNCT)
        end--;
    if (end < r.end)
        remember_as(names_form(n, names_form_hash(n->a, (Range){r.start, end})), label);
}

/* The words of a longer name, and those at either end of it together. */
static void
remember_parts(Names *n, Range r, int label)
{
    for (uint32_t i = r.start; i < r.end; i++) {
        const Token *t = &n->a->tokens.items[i];
        if (n->words[i] && t->shape != SHAPE_PUNCT && t->shape != SHAPE_LOWER)
            remember_part(&n->forms.items[n->words[i]], label, i == r.start ? PART_FIRST : i + 1 == r.end ? PART_LAST : PART_INNER);
    }
    for (uint32_t i = r.start + 2; i < r.end; i++)
        remember_part(names_form(n, names_form_hash(n->a, (Range){r.start, i})), label, PART_FIRST);
    for (uint32_t i = r.start + 1; i + 1 < r.end; i++)
        remember_part(names_form(n, names_form_hash(n->a, (Range){i, r.end})), label, PART_LAST);
}

static void
remember_name(Names *n, const Candidate *c)
{
    Range r = c->tokens;
    int label = c->label[0];

    remember_as(&n->forms.items[c->form], label);
    for (uint32_t i = r.start; i < r.end; i++) {
        n->near[i] = (int8_t)label;
        bits_add(n->named, i);
    }
    if (r.end - r.start == 1)
        return;
    remember_parts(n, r, label);
    if (NAME_TYPE[label] == TYPE_ORGANIZATION) {
        remember_acronym(n, r);
        remember_without_form(n, r, label);
    }
}

/* Read as nothing: no name, and no part of one. */
static inline bool
stands_free(const Names *n, const Candidate *c)
{
    return (bits_from(n->named, c->tokens.start) & ((1u << (c->tokens.end - c->tokens.start)) - 1)) == 0;
}

/* A remembered form that stands free here. */
static inline void
remember_nothing(Names *n, const Candidate *c)
{
    Form *form = &n->forms.items[c->form];

    form->as[NAME_TYPES] += form->seen & stands_free(n, c);
}

void
names_remember(Names *n)
{
    uint32_t tokens = n->a->tokens.count;

    n->near = arena_alloc(n->arena, tokens + 2 * NEAR);
    memset(n->near, -1, tokens + 2 * NEAR);
    n->near += NEAR;
    n->named = arena_zero(n->arena, (n->a->tape_words + 1) * sizeof *n->named);
    for (uint32_t i = 0; i < n->taken.count; i++)
        remember_name(n, &n->candidates.items[n->taken.items[i]]);
    for (uint32_t i = 0; i < n->candidates.count; i++)
        remember_nothing(n, &n->candidates.items[i]);
}

/* ---- what it says */

/* From the lowest bit: how the same form was read (0: not at all, else 1 + 2 * label, and 1 more if sure) 4; of which names it is a
 * part, and which, 9; it is an acronym 1; how the candidate itself was read 3; which of its ends is a name by itself, 9. */
enum { SEEN_SAME = 0, SEEN_PART = 4, SEEN_ACRONYM = 13, SEEN_WHOLE = 14, SEEN_TOKEN = 17, SEEN_END = 26 };
enum { WHOLE_ONE = NAME_TYPES, WHOLE_SEVERAL };

/* How the same form was read in other places: what the candidate was itself read as is no news.  One that a name overlaps was
 * not counted at all. */
static inline uint64_t
same_profile(const Candidate *c, const Form *same, bool free)
{
    uint32_t total = 0, best = 0, of_best = 0;

    for (uint32_t i = 0; i <= NAME_TYPES; i++) {
        uint32_t own = i < NAME_TYPES ? (int)i == c->label[0] : free, others = (uint32_t)same->as[i] - own;
        total += others;
        best = others > of_best ? i : best;
        of_best = others > of_best ? others : of_best;
    }
    return (total != 0) * (1 + 2 * best + (of_best * 5 >= total * 4));
}

/* (Of a form that was not seen all is 0, so that no branch need hang on it.) */
static inline uint64_t
seen_profile(const Names *n, const Candidate *c)
{
    static const uint8_t WHOLE[NAME_TYPES + 1][2] = {{WHOLE_SEVERAL, WHOLE_ONE}, {0, 0}, {1, 1}, {2, 2}}; /* by label from -1 on; one word */
    const Form *same = &n->forms.items[c->form], *forms = n->forms.items;
    bool one = c->tokens.end - c->tokens.start == 1;
    uint64_t first = forms[n->words[c->tokens.start]].alone, last = forms[n->words[c->tokens.end - 1]].alone, if_several = (uint64_t)one - 1;

    return same_profile(c, same, same->seen & stands_free(n, c)) << SEEN_SAME | (uint64_t)same->parts << SEEN_PART |
           (uint64_t)((same->acronym != 0) & one) << SEEN_ACRONYM | (uint64_t)WHOLE[c->label[0] + 1][one] << SEEN_WHOLE |
           ((first << PART_FIRST | last << PART_LAST) & if_several) << SEEN_TOKEN;
}

uint64_t
names_seen_profile(const Names *n, const Candidate *c)
{
    return seen_profile(n, c);
}

/* What the names next but one say of the candidates that begin and end with a token. */
typedef struct {
    WeightRow begin, end;
} Near;

/* That of all tokens of segments, by their places. */
static const Near *
find_near(const Names *n)
{
    Near *near = arena_zero(n->arena, n->place_count * sizeof *near);

    for (uint32_t w = 0; w < n->a->tape_words; w++) {
        for (uint64_t rest = n->begins[w] & bits_before(n->named, w, NEAR); rest; rest &= rest - 1) {
            uint32_t t = w * 64 + (uint32_t)__builtin_ctzll(rest);
            near[n->places[t]].begin = names_near_word(n, 0, n->near[(int64_t)t - NEAR], t - 1);
        }
        for (uint64_t rest = n->inside[w] & bits_behind(n->named, w, NEAR); rest; rest &= rest - 1) {
            uint32_t t = w * 64 + (uint32_t)__builtin_ctzll(rest);
            near[n->places[t]].end = names_near_word(n, 1, n->near[t + NEAR], t + 1);
        }
    }
    return near;
}

void
names_score_seen(Names *n)
{
    const Near *near = find_near(n);

    for (uint32_t i = 0; i < n->candidates.count; i++) {
        Candidate *c = &n->candidates.items[i];
        c->score += names_seen_sum(n, seen_profile(n, c)) + near[n->places[c->tokens.start]].begin + near[n->places[c->tokens.end - 1]].end;
    }
}

static void
same_evidence(uint32_t value, Sink *sink)
{
    if (value)
        names_emit_of(sink, C_SEEN_SAME, value - 1, C_SEEN_PART);
}

static void
part_evidence(uint32_t value, Sink *sink)
{
    for (unsigned i = 0; i < NAME_TYPES * 3; i++)
        if (value >> i & 1)
            names_emit(sink, C_SEEN_PART + i);
}

/* Of the bits from SEEN_ACRONYM to SEEN_WHOLE. */
static void
whole_evidence(uint32_t value, Sink *sink)
{
    if (value & 1)
        names_emit(sink, C_SEEN_ACRONYM);
    names_emit_of(sink, C_SEEN_WHOLE, value >> 1, C_SEEN_ACRONYM);
}

static void
token_evidence(uint32_t value, Sink *sink)
{
    for (unsigned i = 0; i < NAME_TYPES * 3; i++)
        if (value >> i & 1)
            names_emit(sink, C_SEEN_TOKEN + i);
}

const ProfilePart NAMES_SEEN[SEEN_PARTS] = {
    {SEEN_SAME, SEEN_PART - SEEN_SAME, same_evidence},
    {SEEN_PART, SEEN_ACRONYM - SEEN_PART, part_evidence},
    {SEEN_ACRONYM, SEEN_TOKEN - SEEN_ACRONYM, whole_evidence},
    {SEEN_TOKEN, SEEN_END - SEEN_TOKEN, token_evidence},
};

void
names_seen_evidence(const Names *n, const Candidate *c, Sink *sink)
{
    uint64_t profile = names_seen_profile(n, c);

    for (int i = 0; i < SEEN_PARTS; i++)
        NAMES_SEEN[i].evidence(profile_part(&NAMES_SEEN[i], profile), sink);
    for (int side = 0; side < 2; side++) {
        uint32_t between;
        int label = names_near(n, c, side, &between);
        if (label >= 0)
            sink->take(sink, T_NEAR_BEFORE + side,
                       &(EvidenceValue){VALUE_WORD, n->a->tokens.items[between].hash, entity_type_name(NAME_TYPE[label]), between, NULL});
    }
}
