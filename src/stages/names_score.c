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
    uint32_t base;
    WeightRow inside[SEGMENT_LONGEST][INSIDE_ROLES];
    WeightRow behind[SEGMENT_LONGEST];   /* what stands behind a candidate that ends with the token … */
    bool is_behind[SEGMENT_LONGEST];     /* … if that is known already */
} Bench;

/* What stands beside a candidate on the side of the two roles. */
static inline WeightRow
sum_beside(const Names *n, uint32_t edge, Role near_role, Role far_role, uint32_t beyond)
{
    uint32_t near = names_neighbour(n, edge, near_role), far = names_neighbour(n, edge, far_role);
    WeightRow sum = near == NONE ? n->model->constants[beyond] : weights_only(n->rows[near]->of[near_role]);

    if (far != NONE)
        weights_add(&sum, weights_only(n->rows[far]->of[far_role]));
    return sum;
}

static WeightRow
behind(const Names *n, Bench *b, uint32_t end)
{
    uint32_t last = end - 1 - b->base;

    if (!b->is_behind[last]) {
        b->is_behind[last] = true;
        b->behind[last] = sum_beside(n, end, ROLE_AFTER, ROLE_AFTER2, C_EDGE_AFTER);
    }
    return b->behind[last];
}

/* What the claims that reach into the segment say of its tokens. */
static void
add_claims(const Names *n, Bench *b, Range segment, uint32_t from)
{
    for (uint32_t i = from; i < n->claims.count && n->claims.items[i].tokens.start < segment.end; i++) {
        const Claim *c = &n->claims.items[i];
        const ClaimRows *rows = claim_rows(n->model, c);
        uint32_t start = c->tokens.start > segment.start ? c->tokens.start : segment.start;
        uint32_t end = c->tokens.end < segment.end ? c->tokens.end : segment.end;
        for (uint32_t t = start; t < end; t++)
            for (int role = 0; role < INSIDE_ROLES; role++)
                weights_add(&b->inside[t - b->base][role], rows->token[role]);
    }
}

static void
open_bench(const Names *n, Bench *b, const Segment *segment)
{
    Range r = segment->tokens;

    b->base = r.start;
    memset(b->is_behind, 0, r.end - r.start);
    for (uint32_t t = r.start; t < r.end; t++) {
        for (int role = 0; role < INSIDE_ROLES; role++)
            b->inside[t - r.start][role] = weights_only(n->rows[t]->of[role]);
    }
    add_claims(n, b, r, n->starts.items[n->candidates.items[segment->candidates.start].start].reaching);
}

static void
add_hit(const Names *n, const ListHit *hit, WeightRow *sum)
{
    const Lexicon *lex = &n->rules->lexicons[hit->lexicon];

    for (uint32_t c = lex->sets[hit->set]; c < lex->sets[hit->set + 1]; c++)
        weights_add(sum, n->model->whole_features[lex->codes[c]]);
}

/* Where the list entries and claims end that begin where a candidate does: a bit for each length. */
static inline uint32_t
whole_lengths(const Names *n, const Start *at)
{
    uint32_t lengths = 0, start = at->token;

    for (uint32_t i = at->hit; i < n->a->hits.count && n->a->hits.items[i].tokens.start == start; i++)
        if (n->a->hits.items[i].tokens.end - start <= NAME_LONGEST)
            lengths |= 1u << (n->a->hits.items[i].tokens.end - start);
    for (uint32_t i = at->claim; i < n->claims.count && n->claims.items[i].tokens.start == start; i++)
        lengths |= 1u << (n->claims.items[i].tokens.end - start);
    return lengths;
}

/* What lists and rules say of the candidate as a whole. */
static WeightRow
sum_whole(const Names *n, const Candidate *c)
{
    const Start *at = &n->starts.items[c->start];
    WeightRow sum = {0};

    for (uint32_t i = at->hit; i < n->a->hits.count && n->a->hits.items[i].tokens.start == c->tokens.start; i++)
        if (n->a->hits.items[i].tokens.end == c->tokens.end)
            add_hit(n, &n->a->hits.items[i], &sum);
    for (uint32_t i = at->claim; i < n->claims.count && n->claims.items[i].tokens.start == c->tokens.start; i++)
        if (n->claims.items[i].tokens.end == c->tokens.end)
            weights_add(&sum, claim_rows(n->model, &n->claims.items[i])->whole);
    return sum;
}

/* What rules say of the same form in other places. */
static inline WeightRow
sum_elsewhere(const Names *n, const Candidate *c)
{
    WeightRow sum = {0};

    for (uint32_t i = n->forms.items[c->form].claims; i; i = n->claimed_as[i].next) {
        const Claim *claim = &n->claims.items[n->claimed_as[i].claim];
        if (claim->tokens.start != c->tokens.start)
            weights_add(&sum, claim_rows(n->model, claim)->elsewhere);
    }
    return sum;
}

/* One word that no other candidate overlaps, as half of them are. */
static void
score_alone(const Names *n, Candidate *c)
{
    uint32_t token = c->tokens.start;
    const Start *at = &n->starts.items[c->start];
    WeightRow own = weights_only(n->rows[token]->of[ROLE_ONLY]);

    for (uint32_t i = at->reaching; i < n->claims.count && n->claims.items[i].tokens.start <= token; i++)
        if (n->claims.items[i].tokens.end > token)
            weights_add(&own, claim_rows(n->model, &n->claims.items[i])->token[ROLE_ONLY]);
    c->score = own + names_profile_sum(n, c->profile) + sum_elsewhere(n, c) +
               sum_beside(n, token, ROLE_BEFORE, ROLE_BEFORE2, C_EDGE_BEFORE) +
               sum_beside(n, token + 1, ROLE_AFTER, ROLE_AFTER2, C_EDGE_AFTER);
    if (whole_lengths(n, at) >> 1 & 1)
        c->score += sum_whole(n, c);
}

static void
score_segment(Names *n, Bench *b, const Segment *segment)
{
    uint32_t start = NONE, within = 0, wholes = 0;
    WeightRow before = {0}, begin = {0};

    open_bench(n, b, segment);
    for (uint32_t i = segment->candidates.start; i < segment->candidates.end; i++) {
        Candidate *c = &n->candidates.items[i];
        const WeightRow(*first)[INSIDE_ROLES] = &b->inside[c->tokens.start - b->base];
        if (c->tokens.start != start) {
            start = c->tokens.start;
            within = start + 1;
            before = sum_beside(n, start, ROLE_BEFORE, ROLE_BEFORE2, C_EDGE_BEFORE);
            begin = before + (*first)[ROLE_FIRST];
            wholes = whole_lengths(n, &n->starts.items[c->start]);
        }
        for (; within + 1 < c->tokens.end; within++)
            begin += b->inside[within - b->base][ROLE_INNER];
        c->score = names_profile_sum(n, c->profile) + sum_elsewhere(n, c) + behind(n, b, c->tokens.end);
        if (wholes >> (c->tokens.end - start) & 1)
            c->score += sum_whole(n, c);
        if (c->tokens.end - start == 1)
            c->score += before + (*first)[ROLE_ONLY];
        else
            c->score += begin + b->inside[c->tokens.end - 1 - b->base][ROLE_LAST];
    }
}

void
names_score(Names *n)
{
    Bench *b = arena_alloc(n->arena, sizeof *b);

    for (uint32_t i = 0; i < n->segments.count; i++) {
        const Segment *segment = &n->segments.items[i];
        if (segment->tokens.end - segment->tokens.start == 1)
            score_alone(n, &n->candidates.items[segment->candidates.start]);
        else
            score_segment(n, b, segment);
    }
}
