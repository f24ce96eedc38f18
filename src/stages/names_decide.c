/* The decision: the best non-overlapping labelling of each segment by dynamic programming, and from the same sums how likely
 * each of its names is (a semi-Markov conditional random field: Sarawagi and Cohen 2004). */
#include "stages/names.h"
#include "stages/names_model.h"

/* A name that is as likely as not is worth more found than missed: F1 is best a little below even odds. */
enum { LEAN = 40 }; /* hundredths */

/* On the best way there may be a name that hardly any other way has: it was taken for want of a better. */
static const float UNLIKELY = 0.34f;

/* What scores less than this has no share in the probability that would show. */
enum { HOPELESS = -900 };

typedef struct {
    int32_t best;
    uint32_t from; /* candidate that ends here on the best way, or NONE */
} Way;

/* A candidate that is worth more than no name, and so may be on the best way. */
typedef struct {
    uint32_t candidate;
    int32_t gain;
} Hopeful;

/* Room for a segment; places are counted from its first token. */
typedef struct {
    Way ways[SEGMENT_LONGEST + 1];
    double forward[SEGMENT_LONGEST + 1], backward[SEGMENT_LONGEST + 1];
    double none[SEGMENT_LONGEST];   /* the weight of "no name here" */
    double *weight;                 /* of each candidate, as any type */
    Hopeful *hopeful;
    uint32_t hopeful_count;
} Table;

/* A candidate's scores in a reading. */
static inline const int16_t *
scores_of(const Candidate *c, int reading)
{
    return (const int16_t *)&c->score + reading * NAME_TYPES;
}

static inline int32_t
best_score(const int16_t *score)
{
    int32_t best = score[0] > score[1] ? score[0] : score[1];

    return best > score[2] ? best : score[2];
}

static void
find_hopeful(const Names *n, const Segment *segment, int reading, Table *table)
{
    Hopeful *next = table->hopeful;

    for (uint32_t i = segment->candidates.start; i < segment->candidates.end; i++) {
        int32_t gain = best_score(scores_of(&n->candidates.items[i], reading)) + LEAN;
        *next = (Hopeful){i, gain};
        next += gain > 0;
    }
    table->hopeful_count = (uint32_t)(next - table->hopeful);
}

/* The best way to each place. */
static void
find_ways(const Names *n, const Segment *segment, Table *table)
{
    uint32_t base = segment->tokens.start, length = segment->tokens.end - base, p = 0;
    Way *ways = table->ways;

    for (uint32_t i = 0; i <= length; i++)
        ways[i] = (Way){0, NONE};
    for (uint32_t i = 0; i < table->hopeful_count; i++) {
        const Hopeful *h = &table->hopeful[i];
        Range r = n->candidates.items[h->candidate].tokens;
        Way *there = &ways[r.end - base];
        for (; p < r.start - base; p++)
            if (ways[p].best >= ways[p + 1].best)
                ways[p + 1] = (Way){ways[p].best, NONE};
        if (ways[p].best + h->gain > there->best)
            *there = (Way){ways[p].best + h->gain, h->candidate};
    }
    for (; p < length; p++)
        if (ways[p].best >= ways[p + 1].best)
            ways[p + 1] = (Way){ways[p].best, NONE};
}

static inline void
take_name(Names *n, uint32_t number, int reading)
{
    Candidate *c = &n->candidates.items[number];
    int32_t most;

    c->label[reading] = (int8_t)most_of_types(scores_of(c, reading), &most);
    n->taken.items[n->taken.count++] = number;
}

/* Take the names on the best way, in order. */
static void
take_best(Names *n, const Segment *segment, int reading, const Way *ways)
{
    uint32_t base = segment->tokens.start, first = n->taken.count, last;
    uint32_t *taken = n->taken.items;

    for (uint32_t p = segment->tokens.end - base; p > 0;) {
        const Way *w = &ways[p];
        if (w->from == NONE) {
            p--;
        } else {
            take_name(n, w->from, reading);
            p = n->candidates.items[w->from].tokens.start - base;
        }
    }
    for (last = n->taken.count; first + 1 < last; first++) { /* they were found from behind */
        uint32_t other = taken[--last];
        taken[last] = taken[first];
        taken[first] = other;
    }
}

/* What each type weighs beside the best way that leads where the candidate does; gives back the sum. */
static inline double
set_weights(const NamesModel *m, const int16_t *score, int32_t best, double *weight)
{
    for (int t = 0; t < NAME_TYPES; t++)
        weight[t] = model_fall(m, (uint32_t)(best - score[t]) | -(uint32_t)(score[t] <= HOPELESS)); /* no branch hangs on it */
    return weight[0] + weight[1] + weight[2];
}

/* How far the best way rises over a candidate of a segment that begins at `base`. */
static inline int32_t
rise(const Way *ways, const Candidate *c, uint32_t base)
{
    return ways[c->tokens.end - base].best - ways[c->tokens.start - base].best;
}

/* How likely each name is: the sums over all ways (forward and backward) in which it stands, by all ways.  Sums are kept
 * relative to the best way to each place, so that they stay near one. */
static void
sum_forward(const Names *n, const Segment *segment, Table *table)
{
    const NamesModel *m = n->model;
    const Way *ways = table->ways;
    uint32_t base = segment->tokens.start, length = segment->tokens.end - base, p = 0;
    double *forward = table->forward, *none = table->none, *weight = table->weight, types[NAME_TYPES];

    memset(forward, 0, (length + 1) * sizeof *forward);
    for (uint32_t i = 0; i < length; i++)
        none[i] = model_fall(m, (uint32_t)(ways[i + 1].best - ways[i].best));
    forward[0] = 1;
    for (uint32_t i = segment->candidates.start; i < segment->candidates.end; i++) {
        const Candidate *c = &n->candidates.items[i];
        for (; p <= c->tokens.start - base; p++)
            forward[p + 1] += forward[p] * none[p];
        *weight = set_weights(m, scores_of(c, 1), rise(ways, c, base), types);
        forward[c->tokens.end - base] += forward[c->tokens.start - base] * *weight++;
    }
    for (; p < length; p++)
        forward[p + 1] += forward[p] * none[p];
}

static void
sum_backward(const Names *n, const Segment *segment, Table *table)
{
    uint32_t base = segment->tokens.start, p = segment->tokens.end - base, first = segment->candidates.start;
    double *backward = table->backward;

    backward[p] = 1;
    for (uint32_t i = segment->candidates.end; i-- > first;) {
        Range r = n->candidates.items[i].tokens;
        for (; p > r.start - base; p--)
            backward[p - 1] = backward[p] * table->none[p - 1];
        backward[p] += backward[r.end - base] * table->weight[i - first];
    }
}

/* Of the names that were taken in the segment, from `first` on; the unlikely ones are given up. */
static void
set_probabilities(Names *n, const Segment *segment, const Table *table, uint32_t first)
{
    uint32_t base = segment->tokens.start, kept = first;

    for (uint32_t i = first; i < n->taken.count; i++) {
        uint32_t number = n->taken.items[i];
        Candidate *c = &n->candidates.items[number];
        double weight[NAME_TYPES], around = table->forward[c->tokens.start - base] * table->backward[c->tokens.end - base] /
                        table->forward[segment->tokens.end - base];
        (void)set_weights(n->model, scores_of(c, 1), rise(table->ways, c, base), weight);
        for (int t = 0; t < NAME_TYPES; t++)
            c->probability[t] = (float)(around * weight[t]);
        if (c->probability[c->label[1]] < UNLIKELY)
            c->label[1] = -1;
        else
            n->taken.items[kept++] = number;
    }
    n->taken.count = kept;
}

/* The same for a candidate that shares its segment with no other, as most do. */
static inline void
decide_alone(Names *n, uint32_t number, int reading)
{
    Candidate *c = &n->candidates.items[number];
    const int16_t *score = scores_of(c, reading);
    int32_t best = best_score(score) + LEAN;
    double weight[NAME_TYPES], all;

    if (best <= 0)
        return;
    take_name(n, number, reading);
    if (reading == 0)
        return;
    all = set_weights(n->model, score, best, weight) + model_fall(n->model, (uint32_t)best);
    for (int t = 0; t < NAME_TYPES; t++)
        c->probability[t] = (float)(1 / all * weight[t]);
}

static inline void
decide(Names *n, const Segment *segment, int reading, Table *table)
{
    uint32_t first = n->taken.count;

    find_hopeful(n, segment, reading, table);
    if (table->hopeful_count == 0)
        return;
    if (reading == 0 && table->hopeful_count == 1) {
        take_name(n, table->hopeful->candidate, reading);
        return;
    }
    find_ways(n, segment, table);
    take_best(n, segment, reading, table->ways);
    if (reading == 1) {
        sum_forward(n, segment, table);
        sum_backward(n, segment, table);
        set_probabilities(n, segment, table, first);
    }
}

void
names_decide(Names *n, int reading)
{
    Table *table = arena_alloc(n->arena, sizeof *table);
    uint32_t most = 0;

    for (uint32_t i = 0; i < n->segments.count; i++) {
        Range r = n->segments.items[i].candidates;
        most = r.end - r.start > most ? r.end - r.start : most;
    }
    table->weight = arena_alloc(n->arena, (most + 1) * sizeof *table->weight);
    table->hopeful = arena_alloc(n->arena, (most + 1) * sizeof *table->hopeful);
    n->taken.count = 0;
    vec_reserve(n->arena, (void **)&n->taken.items, &n->taken.room, n->candidates.count + 1, sizeof *n->taken.items);
    for (uint32_t i = 0; i < n->segments.count; i++) {
        const Segment *segment = &n->segments.items[i];
        if (segment->candidates.end - segment->candidates.start == 1)
            decide_alone(n, segment->candidates.start, reading);
        else
            decide(n, segment, reading, table);
    }
}
