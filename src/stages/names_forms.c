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
    uint32_t most = n->candidates.count + n->starts.count + 1, size = 64;

    while (size < most * 2)
        size *= 2;
    n->form_mask = size - 1;
    n->form_slots = arena_zero(n->arena, size * sizeof *n->form_slots);
    vec_reserve(n->arena, (void **)&n->forms.items, &n->forms.room, most, sizeof *n->forms.items);
    *vec_push(n->arena, &n->forms) = (Form){0};
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

/* The words that candidates begin with; gives back a row of bits of these tokens. */
static const uint64_t *
add_starts(Names *n, Sieve *sieve)
{
    const Token *tokens = n->a->tokens.items;
    uint64_t *starts = arena_zero(n->arena, n->a->tape_words * sizeof *starts);

    n->words = arena_zero(n->arena, (n->a->tokens.count + 1) * sizeof *n->words);
    for (uint32_t i = 0; i < n->starts.count; i++) {
        uint32_t token = n->starts.items[i].token, number = add_form(n, tokens[token].hash);
        sieve_add(sieve, tokens[token].hash);
        starts[token >> 6] |= 1ull << (token & 63);
        n->words[token] = number;
        note_use(&n->forms.items[number], &tokens[token]);
    }
    return starts;
}

/* How they are written in the rest of the article. */
static void
find_words(Names *n, const uint64_t *starts, const Sieve *sieve)
{
    const uint64_t *words = tape_row(n->a, F_WORD), *numbers = tape_row(n->a, F_NUMBER);

    for (uint32_t w = 0; w < n->a->tape_words; w++)
        for (uint64_t rest = (words[w] | numbers[w]) & ~starts[w]; rest; rest &= rest - 1) {
            uint32_t token = w * 64 + (uint32_t)__builtin_ctzll(rest), number;
            const Token *t = &n->a->tokens.items[token];
            if (sieve_may(sieve, t->hash) && (number = *slot_of(n, t->hash)) != 0) {
                n->words[token] = number;
                note_use(&n->forms.items[number], t);
            }
        }
}

/* ---- claims */

static bool
is_claimed_so(const Names *n, const Form *form, const Claim *claim)
{
    for (uint32_t i = form->claims; i; i = n->claimed_as[i].next) {
        const Claim *other = &n->claims.items[n->claimed_as[i].claim];
        if (other->rule == claim->rule && other->group == claim->group)
            return true;
    }
    return false;
}

/* Which claims were made on a form, anywhere in the article: of each rule's group the first, since only that one is evidence;
 * a form that is written a thousand times would otherwise be gone through a thousand times. */
static void
add_claims(Names *n)
{
    uint32_t count = 0;

    n->claimed_as = arena_alloc(n->arena, (n->claims.count + 1) * sizeof *n->claimed_as);
    for (uint32_t i = 0; i < n->claims.count; i++) {
        Form *form = names_form(n, names_form_hash(n->a, n->claims.items[i].tokens));
        if (form == NULL || is_claimed_so(n, form, &n->claims.items[i]))
            continue;
        n->claimed_as[++count] = (ClaimedAs){i, form->claims};
        form->claims = count;
    }
}

/* ---- all of it */

void
names_find_forms(Names *n, const uint64_t *hashes)
{
    Sieve sieve = {{0}};

    open_table(n);
    for (uint32_t i = 0; i < n->candidates.count; i++)
        n->candidates.items[i].form = add_form(n, hashes[i]);
    find_words(n, add_starts(n, &sieve), &sieve);
    add_claims(n);
}
