/* What a token says by itself: the sums of it for each role, kept for every way that words are written.
 *
 * Half of the words that an article asks for were never asked for before, and what is known of a word lies in tables that are too
 * large for the nearer caches.  So all that an article needs is worked out at once, step by step: what is fetched from memory in
 * one step is looked at in the next. */
#include "base/hash.h"
#include "stages/names.h"
#include "stages/names_model.h"

/* ---- the pieces */

/* The rows of a word, or of its first or last three letters, in the weights. */
typedef struct {
    uint64_t value;
    const WeightRow *from, *to;
} ValueRows;

enum { VALUE_OF_WORD, VALUE_OF_PREFIX, VALUE_OF_SUFFIX, VALUES };

/* What is needed to hand on a token's pieces for half of the roles. */
typedef struct {
    uint32_t token;
    Role from;
    uint32_t count; /* of values: one, or all if the affixes may say something */
    ValueRows values[VALUES];
} Inquiry;

static inline void
open_inquiry(const Names *n, Inquiry *q, uint32_t token, Role from)
{
    bool affixes = from == ROLE_ONLY &&
                   names_affixes(n, token, &q->values[VALUE_OF_PREFIX].value, &q->values[VALUE_OF_SUFFIX].value);

    q->token = token;
    q->from = from;
    q->count = affixes ? VALUES : 1;
    q->values[VALUE_OF_WORD].value = n->a->tokens.items[token].hash;
    for (uint32_t i = 0; i < q->count; i++)
        weights_expect(&n->rules->weights, q->values[i].value);
}

static inline void
find_values(const Names *n, Inquiry *q)
{
    for (uint32_t i = 0; i < q->count; i++) {
        q->values[i].from = weights_of(&n->rules->weights, q->values[i].value, &q->values[i].to);
        __builtin_prefetch(q->values[i].from);
    }
}

/* The rows of a value at several places: 0 where there is none. */
static inline void
rows_at(const ValueRows *value, const uint64_t *places, uint32_t count, WeightRow *rows)
{
    const WeightRow *row = value->to;

    memset(rows, 0, count * sizeof *rows);
    while (row > value->from) {
        row--;
        for (uint32_t i = 0; i < count; i++)
            if (weights_place(*row) == (uint32_t)(places[i] >> 32))
                rows[i] = weights_only(*row);
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
            take(to, &(Piece){&n->model->features[lex->codes[c]].token.of[from], TEMPLATES + (uint32_t)lex->codes[c], 0});
    }
}

static inline void
take_affixes(const Names *n, const Inquiry *q, void (*take)(void *to, const Piece *piece), void *to)
{
    const uint64_t *places = n->model->template_hash;
    WeightRow prefix, suffix[2];

    rows_at(&q->values[VALUE_OF_PREFIX], &places[T_PREFIX], 1, &prefix);
    rows_at(&q->values[VALUE_OF_SUFFIX], (uint64_t[]){places[T_LAST_SUFFIX], places[T_SUFFIX]}, 2, suffix);
    take(to, &(Piece){(WeightRow[HALF_ROLES]){[ROLE_ONLY] = suffix[0], [ROLE_LAST] = suffix[0]}, T_LAST_SUFFIX, 0});
    take(to, &(Piece){(WeightRow[HALF_ROLES]){suffix[1], suffix[1], suffix[1], suffix[1]}, T_SUFFIX, 0});
    take(to, &(Piece){(WeightRow[HALF_ROLES]){prefix, prefix, prefix, prefix}, T_PREFIX, 0});
}

/* The same as names_own_evidence, for half of the roles at once. */
static inline void
each_piece(const Names *n, const Inquiry *q, void (*take)(void *to, const Piece *piece), void *to)
{
    const NamesModel *m = n->model;
    const Token *t = &n->a->tokens.items[q->token];
    WeightRow word[HALF_ROLES];

    rows_at(&q->values[VALUE_OF_WORD], &m->template_hash[T_WORD + q->from], HALF_ROLES, word);
    take(to, &(Piece){word, T_WORD + q->from, 1});
    take(to, &(Piece){&m->looks[names_look(t)].of[q->from], T_SHAPE + q->from, 1});
    take_features(n, t, q->from, take, to);
    if (q->count == VALUES)
        take_affixes(n, q, take, to);
}

void
names_pieces(const Names *n, uint32_t token, Role from, void (*take)(void *to, const Piece *piece), void *to)
{
    Inquiry q;

    open_inquiry(n, &q, token, from);
    find_values(n, &q);
    each_piece(n, &q, take, to);
}

/* ---- their sums */

static inline void
add_piece(void *to, const Piece *piece)
{
    Tally *of = to;

    for (uint32_t i = 0; i < HALF_ROLES; i++)
        tally_add(&of[i], piece->rows[i], piece->number + i * piece->step);
}

static void
sum_pieces(const Names *n, const Inquiry *q, WeightRow *rows)
{
    Tally of[HALF_ROLES] = {0};

    each_piece(n, q, add_piece, of);
    for (int i = 0; i < HALF_ROLES; i++) {
        Strongest strongest = tally_strongest(&of[i]);
        rows[i] = of[i].sum;
        rows[i][ROW_STRONGEST] = strongest.weight;
        rows[i][ROW_STRONGEST + 1] = strongest.what;
    }
}

/* ---- keeping them */

enum { KEPT_INSIDE = 1, KEPT_AROUND = 2, KEPT = KEPT_INSIDE | KEPT_AROUND };

static inline uint64_t
kept_half(Role from)
{
    return from == ROLE_ONLY ? KEPT_INSIDE : KEPT_AROUND;
}

/* Tokens that are written alike are known by this.  Its two lowest bits are 0. */
static uint64_t
form_key(const Token *t)
{
    uint64_t written = (uint64_t)names_look(t) | (uint64_t)t->shape << 4 | (uint64_t)names_has_affixes(t) << 7;

    return (t->hash ^ written * 0x9e3779b97f4a7c15u) << 2;
}

static inline uint32_t
form_slot(uint64_t key)
{
    return (uint32_t)(key >> 2) & (FORMS - 1);
}

/* Is half of a form kept?  If not, it is from now on, and the caller works it out. */
static inline bool
is_kept(NamesModel *m, uint64_t key, Role from)
{
    uint64_t *form = &m->form[form_slot(key)], half = kept_half(from);
    bool kept;

    if ((*form & ~(uint64_t)KEPT) != key)
        *form = key;
    kept = *form & half;
    *form |= half;
    return kept;
}

static inline const WeightRow *
form_rows(const Names *n, uint32_t token, Role from)
{
    WeightRow *rows = &n->model->forms[form_slot(n->forms[token])].of[from];

    if (!is_kept(n->model, n->forms[token], from)) {
        Inquiry q;
        open_inquiry(n, &q, token, from);
        find_values(n, &q);
        sum_pieces(n, &q, rows);
    }
    return rows;
}

const WeightRow *
names_inside_rows(const Names *n, uint32_t token)
{
    return form_rows(n, token, ROLE_ONLY);
}

const WeightRow *
names_around_rows(const Names *n, uint32_t token)
{
    return form_rows(n, token, ROLE_BEFORE);
}

/* ---- all that an article needs */

typedef struct {
    Names *n;
    VEC(Inquiry) open;
} Expecter;

/* A segment's tokens and those that may stand around a candidate. */
static Range
tokens_around(const Names *n, const Segment *segment)
{
    Range r = segment->tokens;
    uint32_t count = n->a->tokens.count;

    return (Range){r.start < 2 ? 0 : r.start - 2, r.end + 2 < count ? r.end + 2 : count};
}

static void
find_forms(Names *n, const Segment *segment)
{
    Range r = tokens_around(n, segment);
    NamesModel *m = n->model;

    for (uint32_t t = r.start; t < r.end; t++) {
        n->forms[t] = form_key(&n->a->tokens.items[t]);
        __builtin_prefetch(&m->form[form_slot(n->forms[t])]);
        __builtin_prefetch(&m->forms[form_slot(n->forms[t])].of[ROLE_ONLY]);
        __builtin_prefetch(&m->forms[form_slot(n->forms[t])].of[ROLE_BEFORE]);
    }
}

static void
inquire(Expecter *e, Range tokens, Role from)
{
    Names *n = e->n;

    for (uint32_t t = tokens.start; t < tokens.end; t++)
        if (!is_kept(n->model, n->forms[t], from)) {
            vec_reserve(n->arena, (void **)&e->open.items, &e->open.room, e->open.count + 1, sizeof *e->open.items);
            open_inquiry(n, &e->open.items[e->open.count++], t, from);
        }
}

/* What stands around a word by itself is asked for, but not the word as one that stands around another. */
static void
inquire_segment(Expecter *e, const Segment *segment)
{
    Range r = segment->tokens, around = tokens_around(e->n, segment);

    inquire(e, r, ROLE_ONLY);
    inquire(e, (Range){around.start, r.start}, ROLE_BEFORE);
    if (r.end - r.start > 1)
        inquire(e, r, ROLE_BEFORE);
    inquire(e, (Range){r.end, around.end}, ROLE_BEFORE);
}

/* Work out a form, unless another has taken its place. */
static void
settle(const Names *n, const Inquiry *q)
{
    uint64_t key = n->forms[q->token];
    uint32_t slot = form_slot(key);

    if ((n->model->form[slot] & ~(uint64_t)KEPT) == key)
        sum_pieces(n, q, &n->model->forms[slot].of[q->from]);
}

void
names_expect(Names *n)
{
    Expecter e = {n, {0}};

    n->forms = arena_alloc(n->arena, (n->a->tokens.count + 1) * sizeof *n->forms);
    for (uint32_t i = 0; i < n->segments.count; i++)
        find_forms(n, &n->segments.items[i]);
    for (uint32_t i = 0; i < n->segments.count; i++)
        inquire_segment(&e, &n->segments.items[i]);
    for (uint32_t i = 0; i < e.open.count; i++)
        find_values(n, &e.open.items[i]);
    for (uint32_t i = 0; i < e.open.count; i++)
        settle(n, &e.open.items[i]);
}
