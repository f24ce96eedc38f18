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
    const WeightRow *first;
} ValueRows;

enum { VALUE_OF_WORD, VALUE_OF_PREFIX, VALUE_OF_SUFFIX, VALUES };

/* What is needed to hand on a token's pieces for half of the roles. */
typedef struct {
    uint32_t token;
    Role from;
    uint32_t set;    /* of features, in the first lexicon */
    WeightRow *sums; /* where they are to be kept, or NULL */
    uint32_t count;  /* of values: one, or all if the affixes may say something */
    ValueRows values[VALUES];
} Inquiry;

static inline void
open_inquiry(const Names *n, Inquiry *q, uint32_t token, Role from, WeightRow *sums)
{
    const Token *t = &n->a->tokens.items[token];
    bool affixes = from == ROLE_ONLY &&
                   names_affixes(n, token, &q->values[VALUE_OF_PREFIX].value, &q->values[VALUE_OF_SUFFIX].value);

    q->token = token;
    q->from = from;
    q->sums = sums;
    q->count = affixes ? VALUES : 1;
    q->values[VALUE_OF_WORD].value = t->hash;
    for (uint32_t i = 0; i < q->count; i++)
        weights_expect(&n->rules->weights, q->values[i].value);
    q->set = n->a->word_sets[token];
    if (n->rules->lexicon_count)
        __builtin_prefetch(&n->rules->lexicons[0].sets[q->set]);
}

/* The features of a word as one that is written like the token: a set of the lexicon. */
static inline uint32_t
set_of(const Lexicon *lex, uint32_t word, const Token *t)
{
    return word ? lex->words[word].sets[token_written(t)] : 0;
}

/* Of a value that has no weights. */
static const WeightRow NO_ROWS = {0, 0, 0, 0, 0, 0, -1, -1};

static inline void
find_values(const Names *n, Inquiry *q)
{
    for (uint32_t i = 0; i < q->count; i++) {
        const WeightRow *first = weights_of(&n->rules->weights, q->values[i].value);
        q->values[i].first = first ? first : &NO_ROWS;
        __builtin_prefetch(first);
    }
    if (n->rules->lexicon_count) {
        const Lexicon *lex = &n->rules->lexicons[0];
        __builtin_prefetch(&lex->codes[lex->sets[q->set]]);
    }
}

/* The rows of a value at several places: 0 where there is none.  (No branch hangs on it whether there is one.) */
static inline void
rows_at(const ValueRows *value, const WeightPlaces *places, uint32_t count, WeightRow *rows)
{
    memset(rows, 0, count * sizeof *rows);
    for (const WeightRow *row = value->first; row; row = weights_next(row))
        for (uint32_t i = 0; i < count; i++)
            rows[i] |= *row & (WeightRow)weights_are_of(*row, places[i]);
    for (uint32_t i = 0; i < count; i++)
        rows[i] = weights_only(rows[i]);
}

static inline void
take_affixes(const Names *n, const Inquiry *q, void (*take)(void *to, const Piece *piece), void *to)
{
    const WeightPlaces *places = n->model->places;
    WeightRow prefix, suffix[2];

    rows_at(&q->values[VALUE_OF_PREFIX], &places[T_PREFIX], 1, &prefix);
    rows_at(&q->values[VALUE_OF_SUFFIX], (WeightPlaces[]){places[T_LAST_SUFFIX], places[T_SUFFIX]}, 2, suffix);
    take(to, &(Piece){(WeightRow[HALF_ROLES]){[ROLE_ONLY] = suffix[0], [ROLE_LAST] = suffix[0]}, T_LAST_SUFFIX, 0});
    take(to, &(Piece){(WeightRow[HALF_ROLES]){suffix[1], suffix[1], suffix[1], suffix[1]}, T_SUFFIX, 0});
    take(to, &(Piece){(WeightRow[HALF_ROLES]){prefix, prefix, prefix, prefix}, T_PREFIX, 0});
}

static inline void
take_set(const Names *n, const Lexicon *lex, uint32_t set, Role from, void (*take)(void *to, const Piece *piece), void *to)
{
    for (uint32_t c = lex->sets[set]; c < lex->sets[set + 1]; c++)
        take(to, &(Piece){&n->model->features[lex->codes[c]].of[from], TEMPLATES + (uint32_t)lex->codes[c], 0});
}

/* What lists say of the word as it is written. */
static inline void
take_features(const Names *n, const Inquiry *q, void (*take)(void *to, const Piece *piece), void *to)
{
    const Token *t = &n->a->tokens.items[q->token];

    if (n->rules->lexicon_count)
        take_set(n, &n->rules->lexicons[0], q->set, q->from, take, to);
    for (uint32_t l = 1; l < n->rules->lexicon_count; l++) {
        const Lexicon *lex = &n->rules->lexicons[l];
        take_set(n, lex, set_of(lex, lexicon_word(lex, t->hash), t), q->from, take, to);
    }
}

/* The same as own_evidence in names_evidence.c, for half of the roles at once. */
static inline void
each_piece(const Names *n, const Inquiry *q, void (*take)(void *to, const Piece *piece), void *to)
{
    const NamesModel *m = n->model;
    const Token *t = &n->a->tokens.items[q->token];
    WeightRow word[HALF_ROLES];

    rows_at(&q->values[VALUE_OF_WORD], &m->places[T_WORD + q->from], HALF_ROLES, word);
    take(to, &(Piece){word, T_WORD + q->from, 1});
    take(to, &(Piece){&m->looks[names_look(t)].of[q->from], T_SHAPE + q->from, 1});
    take_features(n, q, take, to);
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
    uint64_t written = t->shape | (t->flags & (TOKEN_DOTTED | TOKEN_INITIAL)) | (uint64_t)(t->end - t->start) << 6;

    return (t->hash ^ written * 0x9e3779b97f4a7c15u) | 1ull << 63;
}

static inline uint32_t
form_slot(uint64_t key)
{
    return (uint32_t)key & (FORMS - 1);
}

/* ---- all that an article needs */

/* A token that is asked for, and which halves are. */
typedef struct {
    uint64_t key;
    uint32_t token, halves;
} Wanted;

typedef struct {
    Names *n;
    Wanted *wanted;
    uint32_t count;
    VEC(Inquiry) open;
} Expecter;

/* Of a word of Names.inside those that stand around candidates: up to two before or behind one.  (A word that is a segment by itself is not
 * asked for as one that stands around another.) */
static inline uint64_t
tokens_around(const uint64_t *inside, uint32_t w)
{
    return bits_before(inside, w, 1) | bits_before(inside, w, 2) | bits_behind(inside, w, 1) | bits_behind(inside, w, 2);
}

/* The tokens of a word of the tape that there are. */
static inline uint64_t
tokens_there(const Article *a, uint32_t w)
{
    uint32_t left = a->tokens.count - w * 64;

    return left < 64 ? (1ull << left) - 1 : ~0ull;
}

/* They are fetched from memory by the time that all are found. */
static inline Wanted
want(const KeptForm *kept, const RoleRows *forms, const Token *tokens, uint32_t token, uint32_t halves)
{
    uint64_t key = form_key(&tokens[token]);
    const char *rows = (const char *)&forms[form_slot(key)];

    __builtin_prefetch(&kept[form_slot(key)]);
    __builtin_prefetch(rows + (~halves & KEPT_INSIDE) * sizeof(RoleRows) / 2);
    __builtin_prefetch(rows + (halves >> 1) * sizeof(RoleRows) / 2);
    return (Wanted){key, token, halves};
}

static void
find_wanted(Expecter *e)
{
    const Article *a = e->n->a;
    const Token *tokens = a->tokens.items;
    const KeptForm *kept = e->n->model->form;
    const RoleRows *forms = e->n->model->forms;
    const uint64_t *row = e->n->inside;
    Wanted *next = e->wanted = arena_alloc(e->n->arena, (a->tokens.count + 1) * sizeof *next);

    for (uint32_t w = 0; w * 64 < a->tokens.count; w++) {
        uint64_t inside = row[w], around = tokens_around(row, w) & tokens_there(a, w);
        for (uint64_t rest = inside | around; rest; rest &= rest - 1) {
            uint32_t bit = (uint32_t)__builtin_ctzll(rest), halves = (inside >> bit & 1) * KEPT_INSIDE | (around >> bit & 1) * KEPT_AROUND;
            *next++ = want(kept, forms, tokens, w * 64 + bit, halves);
        }
    }
    e->count = (uint32_t)(next - e->wanted);
}

static void
inquire(Expecter *e, uint32_t token, Role from, RoleRows *rows)
{
    vec_reserve(e->n->arena, (void **)&e->open.items, &e->open.room, e->open.count + 1, sizeof *e->open.items);
    open_inquiry(e->n, &e->open.items[e->open.count++], token, from, &rows->of[from]);
}

/* Find room for what is not kept, and what must be worked out for it. */
static RoleRows *
make_rows(Expecter *e, const Wanted *wanted, KeptForm *form, RoleRows *rows)
{
    NamesModel *m = e->n->model;
    uint64_t key = wanted->key;
    bool same = (*form ^ key) >> FORM_BITS == 0, apart = !same && ((*form ^ m->article) & KEPT_BY) == 0;
    uint32_t halves = same ? *form & KEPT : 0, missing = wanted->halves & ~halves;

    if (apart) {
        rows = arena_line(e->n->arena, sizeof *rows);
        missing = KEPT;
    } else {
        *form = key >> FORM_BITS << FORM_BITS | m->article | halves | missing;
    }
    if (missing & KEPT_INSIDE)
        inquire(e, wanted->token, ROLE_ONLY, rows);
    if (missing & KEPT_AROUND)
        inquire(e, wanted->token, ROLE_BEFORE, rows);
    return rows;
}

/* Where the sums of each token are.  Most are kept. */
static void
find_rows(Expecter *e)
{
    NamesModel *m = e->n->model;
    const RoleRows **rows = e->n->rows;
    KeptForm *kept = m->form, by = m->article;
    RoleRows *forms = m->forms;

    for (const Wanted *w = e->wanted, *end = w + e->count; w < end; w++) {
        uint32_t slot = form_slot(w->key);
        KeptForm form = kept[slot];
        if ((form ^ w->key) >> FORM_BITS | (w->halves & ~form)) {
            rows[w->token] = make_rows(e, w, &kept[slot], &forms[slot]);
        } else {
            kept[slot] = (form & ~(KeptForm)KEPT_BY) | by;
            rows[w->token] = &forms[slot];
        }
    }
}

void
names_expect(Names *n)
{
    Expecter e = {.n = n};

    n->rows = arena_alloc(n->arena, (n->a->tokens.count + 1) * sizeof *n->rows);
    n->model->article = (n->model->article + (1 << KEPT_ARTICLE)) & KEPT_BY;
    vec_reserve(n->arena, (void **)&e.open.items, &e.open.room, n->segments.count * 2, sizeof *e.open.items);
    find_wanted(&e);
    find_rows(&e);
    for (uint32_t i = 0; i < e.open.count; i++)
        find_values(n, &e.open.items[i]);
    for (uint32_t i = 0; i < e.open.count; i++)
        sum_pieces(n, &e.open.items[i]);
}
