/* The scores of the candidates: the same evidence that names_evidence.c names, added up.
 *
 * A candidate is worth what its profile says, what its tokens say in their places, what stands before and behind it, and what
 * lists and rules say of it as a whole.  Each token of a segment is looked at once: what it says of candidates that begin with it,
 * and of such that end with it, takes in what stands around and the running sum of what lies within; so that each candidate is a
 * few additions, and no branch hangs on how many there are or how long they are. */
#include "base/hash.h"
#include "stages/names.h"
#include "stages/names_model.h"

/* Sums that may run over, as only unsigned numbers may; their differences are right all the same. */
typedef uint16_t RunningRow __attribute__((vector_size(sizeof(WeightRow))));

/* What a token says of the candidates that begin with it, and that end with it: of those that are this token alone [0], and of
 * those of several tokens [1].  The latter are relative to the sum of all tokens before, each as an inner one. */
typedef struct {
    RunningRow begin[2], end[2];
} Edges;

static_assert(sizeof(Edges) == INSIDE_ROLES * sizeof(WeightRow), "a token's own rows become its edges where they lie");

/* What a token says by itself, by its role, and what it says as an edge. */
typedef union {
    WeightRow own[INSIDE_ROLES];
    Edges edges;
} Said;

/* What stands before a candidate that begins with a token. */
static inline WeightRow
sum_before(const Names *n, const Token *tokens, uint32_t start)
{
    WeightRow sum;

    if (tokens[start].flags & TOKEN_PARAGRAPH)
        return n->model->constants[C_EDGE_BEFORE];
    sum = n->rows[start - 1]->of[ROLE_BEFORE];
    if (!(tokens[start - 1].flags & TOKEN_PARAGRAPH))
        weights_add(&sum, n->rows[start - 2]->of[ROLE_BEFORE2]);
    return sum;
}

/* What stands behind a candidate that ends before a token. */
static inline WeightRow
sum_behind(const Names *n, const Token *tokens, uint32_t end)
{
    uint32_t count = n->a->tokens.count;
    WeightRow sum;

    if (end == count || (tokens[end].flags & TOKEN_PARAGRAPH))
        return n->model->constants[C_EDGE_AFTER];
    sum = n->rows[end]->of[ROLE_AFTER];
    if (end + 1 < count && !(tokens[end + 1].flags & TOKEN_PARAGRAPH))
        weights_add(&sum, n->rows[end + 1]->of[ROLE_AFTER2]);
    return sum;
}

/* ---- what tokens say */

/* All tokens of segments side by side; [0] is for those outside. */
static Said *
lay_out_tokens(const Names *n)
{
    Said *said = arena_line(n->arena, n->place_count * sizeof *said), *next = said;

    *next++ = (Said){0};
    for (uint32_t w = 0; w < n->a->tape_words; w++)
        for (uint64_t rest = n->inside[w]; rest; rest &= rest - 1, next++)
            memcpy(next->own, n->rows[w * 64 + (uint32_t)__builtin_ctzll(rest)], sizeof next->own);
    return said;
}

/* What claims say of the tokens inside them. */
static void
add_claims(const Names *n, Said *said)
{
    for (uint32_t i = 0; i < n->claims.count; i++) {
        const Claim *c = &n->claims.items[i];
        const ClaimRows *rows = claim_rows(n->model, c);
        for (uint32_t t = c->tokens.start; t < c->tokens.end; t++)
            for (int role = 0; role < INSIDE_ROLES; role++)
                weights_add(&said[n->places[t]].own[role], rows->token[role]);
    }
}

static void
make_edges(const Names *n, Said *said)
{
    const Token *tokens = n->a->tokens.items;
    RunningRow within = {0};

    for (uint32_t w = 0; w < n->a->tape_words; w++)
        for (uint64_t rest = n->inside[w]; rest; rest &= rest - 1) {
            uint32_t t = w * 64 + (uint32_t)__builtin_ctzll(rest);
            const WeightRow *own = (++said)->own;
            RunningRow before = (RunningRow)sum_before(n, tokens, t), behind = (RunningRow)sum_behind(n, tokens, t + 1);
            RunningRow only = (RunningRow)own[ROLE_ONLY], first = (RunningRow)own[ROLE_FIRST], last = (RunningRow)own[ROLE_LAST],
                       next = within + (RunningRow)own[ROLE_INNER];
            said->edges = (Edges){{before + only, before + first - next}, {behind, behind + last + within}};
            within = next;
        }
}

/* ---- what candidates are worth */

/* What rules say of the same form in other places. */
static inline WeightRow
sum_elsewhere(const Names *n, const Candidate *c)
{
    const Form *form = &n->forms.items[c->form];
    WeightRow sum = {0};

    if (c->claim == 0)
        return form->elsewhere;
    for (uint32_t i = form->claims; i; i = n->claimed_as[i].next) {
        const Claim *claim = &n->claims.items[n->claimed_as[i].claim];
        if (claim->tokens.start != c->tokens.start)
            weights_add(&sum, claim_rows(n->model, claim)->elsewhere);
    }
    return sum;
}

/* What lists and rules say of a candidate as a whole its score has already. */
void
names_score(Names *n)
{
    Said *said = lay_out_tokens(n);

    add_claims(n, said);
    make_edges(n, said);
    for (uint32_t i = 0; i < n->candidates.count; i++) {
        Candidate *c = &n->candidates.items[i];
        bool several = c->tokens.end - c->tokens.start > 1;
        RunningRow edges = said[n->places[c->tokens.start]].edges.begin[several] + said[n->places[c->tokens.end - 1]].edges.end[several];
        c->score += names_profile_sum(n, c->profile) + sum_elsewhere(n, c) + (WeightRow)edges;
    }
}
