/* Forms: what is written alike, but for its case, is looked up once; all that the article says of it lies there, and candidates
 * know their form by its number. */
#include "base/hash.h"
#include "stages/names.h"

uint64_t
names_form_hash(const Article *a, Range r)
{
    uint64_t form = a->tokens.items[r.start].hash;

    for (uint32_t i = r.start + 1; i < r.end; i++)
        form = hash_pair(form, a->tokens.items[i].hash);
    return form;
}

/* ---- the table */

static inline uint32_t *
slot_of(const Names *n, uint64_t hash)
{
    uint32_t at = (uint32_t)hash & n->form_mask;

    while (n->form_slots[at] && n->forms.items[n->form_slots[at]].hash != hash)
        at = (at + 1) & n->form_mask;
    return &n->form_slots[at];
}

/* The number of the form with a hash, which is added if it is new. */
static inline uint32_t
add_form(Names *n, uint64_t hash)
{
    uint32_t *slot = slot_of(n, hash);

    if (*slot == 0) {
        *slot = n->forms.count;
        n->forms.items[n->forms.count++] = (Form){.hash = hash};
    }
    return *slot;
}

Form *
names_form(const Names *n, uint64_t hash)
{
    uint32_t number = *slot_of(n, hash);

    return number ? &n->forms.items[number] : NULL;
}

static void
open_table(Names *n)
{
    uint32_t most = n->candidates.count + n->begin_count + 1, size = 64;

    while (size < most * 2)
        size *= 2;
    n->form_mask = size - 1;
    n->form_slots = arena_zero(n->arena, size * sizeof *n->form_slots);
    n->forms.items = arena_line(n->arena, most * sizeof *n->forms.items);
    n->forms.items[0] = (Form){0};
    n->forms.count = 1;
}

/* ---- words */

/* Which hashes may be those of words that candidates begin with: most are not, and this says so from the nearest cache. */
typedef struct {
    uint64_t bits[64];
} Sieve;

static inline void
sieve_add(Sieve *s, uint64_t hash)
{
    s->bits[hash >> 58] |= 1ull << (hash >> 52 & 63);
}

static inline bool
sieve_may(const Sieve *s, uint64_t hash)
{
    return s->bits[hash >> 58] >> (hash >> 52 & 63) & 1;
}

static inline void
note_use(Form *form, const Token *t)
{
    form->lower |= t->shape == SHAPE_LOWER;
    form->capital |= (t->flags & TOKEN_CAPITAL) && !(t->flags & TOKEN_SENTENCE);
}

/* A word that candidates begin with, and its form. */
static inline void
add_word(Names *n, uint32_t token, Sieve *sieve)
{
    const Token *t = &n->a->tokens.items[token];
    uint32_t form = add_form(n, t->hash);

    sieve_add(sieve, t->hash);
    n->words[token] = form;
    note_use(&n->forms.items[form], t);
}

/* The other tokens that may be such words.  (No branch hangs on it.) */
static uint32_t *
find_others(const Names *n, const Sieve *sieve, uint32_t *count)
{
    const uint64_t *words = tape_row(n->a, F_WORD), *numbers = tape_row(n->a, F_NUMBER);
    uint32_t *others = arena_alloc(n->arena, (n->a->tokens.count + 1) * sizeof *others);

    *count = 0;
    for (uint32_t w = 0; w < n->a->tape_words; w++)
        for (uint64_t rest = (words[w] | numbers[w]) & ~n->begins[w]; rest; rest &= rest - 1) {
            uint32_t token = w * 64 + (uint32_t)__builtin_ctzll(rest);
            others[*count] = token;
            *count += sieve_may(sieve, n->a->tokens.items[token].hash);
        }
    return others;
}

/* How they are written in the rest of the article. */
static void
find_words(Names *n, const Sieve *sieve)
{
    uint32_t count, *others = find_others(n, sieve, &count);

    for (uint32_t i = 0; i < count; i++) {
        const Token *t = &n->a->tokens.items[others[i]];
        uint32_t number = *slot_of(n, t->hash);
        if (number) {
            n->words[others[i]] = number;
            note_use(&n->forms.items[number], t);
        }
    }
}

/* ---- all of it */

/* The forms of the words that candidates begin with, and of the candidates; those of single words are the words'. */
static void
add_forms(Names *n, const uint64_t *hashes, Sieve *sieve)
{
    for (uint32_t w = 0; w < n->a->tape_words; w++)
        for (uint64_t rest = n->begins[w]; rest; rest &= rest - 1)
            add_word(n, w * 64 + (uint32_t)__builtin_ctzll(rest), sieve);
    for (uint32_t i = 0; i < n->candidates.count; i++)
        n->candidates.items[i].form = add_form(n, hashes[i]);
}

void
names_find_forms(Names *n, const uint64_t *hashes)
{
    Sieve sieve = {{0}};

    open_table(n);
    n->words = arena_zero(n->arena, (n->a->tokens.count + 1) * sizeof *n->words);
    add_forms(n, hashes, &sieve);
    find_words(n, &sieve);
}
