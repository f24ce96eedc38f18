/* What the first reading of an article found, remembered for the second: the same form, the longer form, the long form of an
 * acronym, the names next to a candidate. */
#include "base/hash.h"
#include "stages/names.h"
#include "stages/names_model.h"

/* ---- remembering */

static uint32_t *
seen_slot(const Names *n, uint64_t hash)
{
    uint32_t at = (uint32_t)hash & n->seen_mask;

    while (n->seen_slots[at] && n->seen[n->seen_slots[at] - 1].hash != hash)
        at = (at + 1) & n->seen_mask;
    return &n->seen_slots[at];
}

/* What is remembered of a form or a word, or NULL. */
static Seen *
seen_of(const Names *n, uint64_t hash)
{
    uint32_t place = sieve_may(&n->seen_sieve, hash) ? *seen_slot(n, hash) : 0;

    return place ? &n->seen[place - 1] : NULL;
}

static Seen *
remember(Names *n, uint64_t hash)
{
    uint32_t *slot = seen_slot(n, hash);

    if (*slot == 0) {
        n->seen[n->seen_count] = (Seen){.hash = hash};
        *slot = ++n->seen_count;
        sieve_add(&n->seen_sieve, hash);
    }
    return &n->seen[*slot - 1];
}

static void
remember_acronym(Names *n, Range r)
{
    char initials[NAME_LONGEST + 1];
    size_t len = 0;

    for (uint32_t i = r.start; i < r.end; i++) {
        const Token *t = &n->a->tokens.items[i];
        unsigned char c = (unsigned char)n->a->text[t->start];
        if ((t->flags & TOKEN_CAPITAL) && c >= 'A' && c <= 'Z')
            initials[len++] = (char)(c + 32);
    }
    if (len >= 2)
        remember(n, hash_bytes(initials, len))->acronym++;
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
        remember(n, names_form(n->a, (Range){r.start, end}))->as[label]++;
}

/* Which part of a longer name of a type a form is; see SEEN_PART. */
enum { PART_FIRST, PART_INNER, PART_LAST, PARTS };

static void
remember_part(Names *n, uint64_t hash, int label, int part)
{
    remember(n, hash)->parts |= (uint16_t)(1u << (PARTS * label + part));
}

static void
remember_name(Names *n, const Candidate *c)
{
    Range r = c->tokens;
    int label = c->label[0];

    remember(n, c->form)->as[label]++;
    for (uint32_t i = r.start; i < r.end; i++)
        n->near[i] = (int8_t)label;
    if (r.end - r.start == 1)
        return;
    for (uint32_t i = r.start; i < r.end; i++) {
        const Token *t = &n->a->tokens.items[i];
        if (t->shape != SHAPE_PUNCT && t->shape != SHAPE_LOWER)
            remember_part(n, t->hash, label, i == r.start ? PART_FIRST : i + 1 == r.end ? PART_LAST : PART_INNER);
    }
    for (uint32_t i = r.start + 2; i < r.end; i++)
        remember_part(n, names_form(n->a, (Range){r.start, i}), label, PART_FIRST);
    for (uint32_t i = r.start + 1; i + 1 < r.end; i++)
        remember_part(n, names_form(n->a, (Range){i, r.end}), label, PART_LAST);
    if (NAME_TYPE[label] == TYPE_ORGANIZATION) {
        remember_acronym(n, r);
        remember_without_form(n, r, label);
    }
}

/* How often remember_name may remember something. */
static uint32_t
things_in(Range r)
{
    return r.end - r.start == 1 ? 1 : 3 * (r.end - r.start) - 1;
}

/* Read as nothing: no name, and no part of one. */
static bool
stands_free(const Names *n, const Candidate *c)
{
    for (uint32_t t = c->tokens.start; t < c->tokens.end; t++)
        if (n->near[t] >= 0)
            return false;
    return true;
}

/* A remembered form that stands free here. */
static void
remember_nothing(Names *n, const Candidate *c)
{
    Seen *seen = c->label[0] < 0 ? seen_of(n, c->form) : NULL;

    if (seen && stands_free(n, c))
        seen->as[NAME_TYPES]++;
}

/* The names that the tokens of longer candidates are by themselves. */
static void
remember_words(Names *n, Range tokens)
{
    for (uint32_t t = tokens.start; t < tokens.end; t++) {
        const Seen *word = seen_of(n, n->a->tokens.items[t].hash);
        n->alone[t] = 0;
        for (int type = 0; word && type < NAME_TYPES; type++)
            n->alone[t] |= (uint8_t)((word->as[type] > 0) << PARTS * type);
    }
}

void
names_remember(Names *n)
{
    uint32_t size = 256, things = 0, tokens = n->a->tokens.count;

    for (uint32_t i = 0; i < n->candidates.count; i++)
        if (n->candidates.items[i].label[0] >= 0)
            things += things_in(n->candidates.items[i].tokens);
    while (size < things * 2)
        size *= 2;
    n->seen_mask = size - 1;
    n->seen_slots = arena_zero(n->arena, size * sizeof *n->seen_slots);
    n->seen = arena_alloc(n->arena, (things + 1) * sizeof *n->seen);
    n->near = arena_alloc(n->arena, tokens + 2 * NEAR);
    memset(n->near, -1, tokens + 2 * NEAR);
    n->near += NEAR;
    n->alone = arena_alloc(n->arena, tokens + 1);
    for (uint32_t i = 0; i < n->candidates.count; i++)
        if (n->candidates.items[i].label[0] >= 0)
            remember_name(n, &n->candidates.items[i]);
    for (uint32_t i = 0; i < n->candidates.count; i++)
        remember_nothing(n, &n->candidates.items[i]);
    for (uint32_t i = 0; i < n->segments.count; i++)
        if (n->segments.items[i].tokens.end - n->segments.items[i].tokens.start > 1)
            remember_words(n, n->segments.items[i].tokens);
}

/* ---- what it says */

/* From the lowest bit: how the same form was read (0: not at all, else 1 + 2 * label, and 1 more if sure) 4; of which names it is a
 * part, and which, 9; it is an acronym 1; how the candidate itself was read 3; which of its ends is a name by itself, 9. */
enum { SEEN_SAME = 0, SEEN_PART = 4, SEEN_ACRONYM = 13, SEEN_WHOLE = 14, SEEN_TOKEN = 17, SEEN_END = 26 };
enum { WHOLE_ONE = NAME_TYPES, WHOLE_SEVERAL };

/* How the same form was read in other places: what the candidate was itself read as is no news.  One that a name overlaps was
 * not counted at all. */
static uint64_t
same_profile(const Names *n, const Candidate *c, const Seen *same)
{
    uint32_t others[NAME_TYPES + 1], total = 0, best = 0;

    for (int i = 0; i <= NAME_TYPES; i++)
        total += others[i] = same->as[i];
    if (total == 0)
        return 0;
    if (c->label[0] >= 0 || stands_free(n, c)) {
        others[c->label[0] >= 0 ? c->label[0] : NAME_TYPES]--;
        total--;
    }
    for (uint32_t i = 1; i <= NAME_TYPES; i++)
        best = others[i] > others[best] ? i : best;
    return total ? 1 + 2 * best + (others[best] * 5 >= total * 4) : 0;
}

static inline uint64_t
seen_profile(const Names *n, const Candidate *c)
{
    const Seen *same = seen_of(n, c->form);
    bool one = c->tokens.end - c->tokens.start == 1;
    uint64_t profile = (uint64_t)(c->label[0] >= 0 ? c->label[0] : one ? WHOLE_ONE : WHOLE_SEVERAL) << SEEN_WHOLE;

    if (same)
        profile |= same_profile(n, c, same) << SEEN_SAME | (uint64_t)(same->acronym && one) << SEEN_ACRONYM |
                   (uint64_t)same->parts << SEEN_PART;
    if (!one)
        profile |= ((uint64_t)n->alone[c->tokens.start] << PART_FIRST | (uint64_t)n->alone[c->tokens.end - 1] << PART_LAST)
                   << SEEN_TOKEN;
    return profile;
}

uint64_t
names_seen_profile(const Names *n, const Candidate *c)
{
    return seen_profile(n, c);
}

void
names_score_seen(Names *n)
{
    uint32_t start = NONE;
    WeightRow before = {0};

    for (uint32_t i = 0; i < n->candidates.count; i++) {
        Candidate *c = &n->candidates.items[i];
        if (c->tokens.start != start) {
            start = c->tokens.start;
            before = names_near_row(n, c, 0);
        }
        c->score += names_seen_sum(n, seen_profile(n, c)) + before + names_near_row(n, c, 1);
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
