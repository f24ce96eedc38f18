/* The scores of the candidates: the same evidence that names_evidence.c names, added up.
 *
 * A candidate is worth what its profile says, what its tokens say in their places, what stands before and behind it, and what
 * lists and rules say of it as a whole.  Of a segment's tokens each is looked at once, and then each candidate is a few
 * additions: what begins it, what lies within, what ends it. */
#include "base/hash.h"
#include "stages/names.h"
#include "stages/names_model.h"

/* What is known of a segment's tokens, counted from its first. */
typedef struct {
    WeightRow inside[SEGMENT_LONGEST][INSIDE_ROLES];
    WeightRow within[SEGMENT_LONGEST + 1]; /* the sum of all before, each as an inner token */
    WeightRow behind[SEGMENT_LONGEST];     /* what stands behind a candidate that ends with the token */
} Bench;

/* What stands before a candidate that begins at a token, and behind one that ends before one. */
static inline WeightRow
sum_before(const Names *n, Range paragraph, uint32_t start)
{
    WeightRow sum = n->model->constants[C_EDGE_BEFORE];

    if (start > paragraph.start)
        sum = n->rows[start - 1]->of[ROLE_BEFORE];
    if (start > paragraph.start + 1)
        weights_add(&sum, n->rows[start - 2]->of[ROLE_BEFORE2]);
    return sum;
}

static inline WeightRow
sum_behind(const Names *n, Range paragraph, uint32_t end)
{
    WeightRow sum = n->model->constants[C_EDGE_AFTER];

    if (end < paragraph.end)
        sum = n->rows[end]->of[ROLE_AFTER];
    if (end + 1 < paragraph.end)
        weights_add(&sum, n->rows[end + 1]->of[ROLE_AFTER2]);
    return sum;
}

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

/* What is said of the candidate as a whole.  (What lists and rules say of it its score has already.) */
static inline WeightRow
sum_whole(const Names *n, const Candidate *c)
{
    return c->score + names_profile_sum(n, c->profile) + sum_elsewhere(n, c);
}

/* One word that no other candidate overlaps, as half of them are. */
static inline void
score_alone(const Names *n, const Segment *segment, Candidate *c)
{
    uint32_t token = c->tokens.start;
    Range paragraph = n->a->paragraphs.items[segment->paragraph].tokens;
    WeightRow own = n->rows[token]->of[ROLE_ONLY];

    for (uint32_t i = segment->claims; i < n->claims.count && n->claims.items[i].tokens.start <= token; i++)
        if (n->claims.items[i].tokens.end > token)
            weights_add(&own, claim_rows(n->model, &n->claims.items[i])->token[ROLE_ONLY]);
    c->score = sum_whole(n, c) + own + sum_before(n, paragraph, token) + sum_behind(n, paragraph, token + 1);
}

/* What the claims that reach into the segment say of its tokens. */
static void
add_claims(const Names *n, Bench *b, const Segment *s)
{
    Range r = s->tokens;

    for (uint32_t i = s->claims; i < n->claims.count && n->claims.items[i].tokens.start < r.end; i++) {
        const Claim *c = &n->claims.items[i];
        const ClaimRows *rows = claim_rows(n->model, c);
        uint32_t start = c->tokens.start > r.start ? c->tokens.start : r.start, end = c->tokens.end < r.end ? c->tokens.end : r.end;
        for (uint32_t t = start; t < end; t++)
            for (int role = 0; role < INSIDE_ROLES; role++)
                weights_add(&b->inside[t - r.start][role], rows->token[role]);
    }
}

static void
open_bench(const Names *n, Bench *b, const Segment *s, Range paragraph)
{
    uint32_t length = s->tokens.end - s->tokens.start;

    for (uint32_t t = 0; t < length; t++) {
        memcpy(b->inside[t], n->rows[s->tokens.start + t], sizeof b->inside[t]);
        b->behind[t] = sum_behind(n, paragraph, s->tokens.start + t + 1);
    }
    add_claims(n, b, s);
    b->within[0] = (WeightRow){0};
    for (uint32_t t = 0; t < length; t++)
        b->within[t + 1] = b->within[t] + b->inside[t][ROLE_INNER];
}

/* The candidates that begin with a token; `at` counts it in the segment. */
static inline Candidate *
score_from(const Names *n, const Bench *b, Candidate *c, uint32_t at, uint32_t lengths, WeightRow before)
{
    WeightRow begin = before + b->inside[at][ROLE_FIRST] - b->within[at + 1];

    if (lengths >> 1 & 1) {
        c->score = sum_whole(n, c) + before + b->inside[at][ROLE_ONLY] + b->behind[at];
        c++;
    }
    for (lengths >>= 2; lengths; lengths &= lengths - 1, c++) {
        uint32_t last = at + 1 + (uint32_t)__builtin_ctz(lengths);
        c->score = sum_whole(n, c) + begin + b->within[last] + b->inside[last][ROLE_LAST] + b->behind[last];
    }
    return c;
}

static void
score_segment(Names *n, Bench *b, const Segment *segment)
{
    Range paragraph = n->a->paragraphs.items[segment->paragraph].tokens;
    Candidate *c = &n->candidates.items[segment->candidates.start], *end = &n->candidates.items[segment->candidates.end];

    open_bench(n, b, segment, paragraph);
    while (c < end) {
        uint32_t start = c->tokens.start;
        c = score_from(n, b, c, start - segment->tokens.start, n->beginnings[start].lengths, sum_before(n, paragraph, start));
    }
}

void
names_score(Names *n)
{
    Bench *b = arena_alloc(n->arena, sizeof *b);

    for (uint32_t i = 0; i < n->segments.count; i++) {
        const Segment *segment = &n->segments.items[i];
        if (segment->tokens.end - segment->tokens.start == 1)
            score_alone(n, segment, &n->candidates.items[segment->candidates.start]);
        else
            score_segment(n, b, segment);
    }
}
