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
    WeightRow *sums; /* where they are to be kept, or NULL */
    uint32_t count;  /* of values: one, or all if the affixes may say something */
    ValueRows values[VALUES];
} Inquiry;

static inline void
open_inquiry(const Names *n, Inquiry *q, uint32_t token, Role from, WeightRow *sums)
{
    bool affixes = from == ROLE_ONLY &&
                   names_affixes(n, token, &q->values[VALUE_OF_PREFIX].value, &q->values[VALUE_OF_SUFFIX].value);

    q->token = token;
    q->from = from;
    q->sums = sums;
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

/* What lists say of the word as it is written. */
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

/* The same as own_evidence in names_evidence.c, for half of the roles at once. */
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

    open_inquiry(n, &q, token, from, NULL);
    find_values(n, &q);
    each_piece(n, &q, take, to);
}

/* ---- their sums */

static inline void
add_piece(void *to, const Piece *piece)
{
    Tally *of = to;

    for (uint32_t i = 0; i < HALF_ROLES; i++)
        tally_add(&of[i], piece->rows[i]);
}

static void
sum_pieces(const Names *n, const Inquiry *q)
{
    Tally of[HALF_ROLES] = {0};

    each_piece(n, q, add_piece, of);
    for (int i = 0; i < HALF_ROLES; i++) {
        Strongest strongest = tally_strongest(&of[i]);
        q->sums[i] = of[i].sum;
        q->sums[i][ROW_STRONGEST] = strongest.weight;
        q->sums[i][ROW_STRONGEST + 1] = strongest.type;
    }
}

/* ---- keeping them */

/* Tokens that are written alike are known by this, which is not 0: all that names_look and names_has_affixes ask is in it. */
static inline uint64_t
form_key(const Token *t)
{
    uint64_t length = t->end - t->start, written = t->shape | (t->flags & (TOKEN_DOTTED | TOKEN_INITIAL));

    return (t->hash ^ (written | (length <= LOOK_FEW) << 6 | (length >= AFFIX_LEAST) << 7) * 0x9e3779b97f4a7c15u) | 1ull << 63;
}

static inline uint32_t
form_slot(uint64_t key)
{
    return (uint32_t)key & (FORMS - 1);
}

/* ---- all that an article needs */

typedef struct {
    Names *n;
    VEC(Inquiry) open;
} Expecter;

static void
inquire(Expecter *e, uint32_t token, Role from, RoleRows *rows)
{
    vec_reserve(e->n->arena, (void **)&e->open.items, &e->open.room, e->open.count + 1, sizeof *e->open.items);
    open_inquiry(e->n, &e->open.items[e->open.count++], token, from, &rows->of[from]);
}

/* Room for a token's sums where another form of this article has its place. */
static RoleRows *
rows_apart(Arena *arena)
{
    return (RoleRows *)(((uintptr_t)arena_alloc(arena, sizeof(RoleRows) + CACHE_LINE) + CACHE_LINE - 1) / CACHE_LINE * CACHE_LINE);
}

/* Where the sums of a token are, of which some halves will be asked for, and whether they must be worked out. */
static inline void
find_rows(Expecter *e, uint32_t token, uint32_t wanted)
{
    NamesModel *m = e->n->model;
    uint64_t key = form_key(&e->n->a->tokens.items[token]);
    KeptForm *form = &m->form[form_slot(key)];
    RoleRows *rows = &m->forms[form_slot(key)];
    uint32_t missing = wanted;

    __builtin_prefetch(&rows->of[ROLE_ONLY]);
    __builtin_prefetch(&rows->of[ROLE_BEFORE]);
    if (form->key == key) {
        missing &= ~form->halves;
    } else if (form->article != m->article) {
        *form = (KeptForm){.key = key};
    } else {
        rows = rows_apart(e->n->arena);
        missing = KEPT;
    }
    e->n->rows[token] = rows;
    form->article = m->article;
    if (missing == 0)
        return;
    if (missing & KEPT_INSIDE)
        inquire(e, token, ROLE_ONLY, rows);
    if (missing & KEPT_AROUND)
        inquire(e, token, ROLE_BEFORE, rows);
    form->halves |= form->key == key ? missing : 0;
}

/* A segment's tokens and those that may stand around a candidate: what stands around a word by itself is asked for, but not
 * the word as one that stands around another. */
static void
find_segment_rows(Expecter *e, Range r)
{
    uint32_t count = e->n->a->tokens.count, end = r.end + 2 < count ? r.end + 2 : count;
    uint32_t inside = r.end - r.start > 1 ? KEPT : KEPT_INSIDE;

    for (uint32_t t = r.start < 2 ? 0 : r.start - 2; t < end; t++)
        find_rows(e, t, t < r.start || t >= r.end ? KEPT_AROUND : inside);
}

void
names_expect(Names *n)
{
    Expecter e = {.n = n};

    n->rows = arena_alloc(n->arena, (n->a->tokens.count + 1) * sizeof(RoleRows *));
    n->model->article++;
    vec_reserve(n->arena, (void **)&e.open.items, &e.open.room, n->segments.count * 2, sizeof *e.open.items);
    for (uint32_t i = 0; i < n->segments.count; i++)
        find_segment_rows(&e, n->segments.items[i].tokens);
    for (uint32_t i = 0; i < e.open.count; i++)
        find_values(n, &e.open.items[i]);
    for (uint32_t i = 0; i < e.open.count; i++)
        sum_pieces(n, &e.open.items[i]);
}
