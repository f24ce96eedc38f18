/* Learning: maximum likelihood of a semi-Markov conditional random field with FTRL-proximal steps (McMahan et al. 2013,
 * "Ad click prediction: a view from the trenches"), whose L1 penalty leaves most weights at zero.  A rule that states a weight of
 * its own is drawn to that one instead: what the corpora seldom show goes on counting as its author says.
 *
 * In a share of the sentences the fit does not see how the words of names are spelled.  Most names of an article that it has
 * never seen are spelled as none before, so it must learn to do with lists, rules and neighbours; left to itself it learns the
 * corpora's names by heart and gives the rest too little weight (Sutton, Sindelar and McCallum 2006, "Reducing weight
 * undertraining in structured discriminative learning").  Which sentences these are is drawn by lot, and one draw differs from
 * another by half a point of F1; so the fit is made for several draws, and the weights are the mean (Breiman 1996, "Bagging
 * predictors"). */
#include "base/hash.h"
#include "base/mem.h"
#include "fit/fit_p.h"

#include <math.h>
#include <stdlib.h>

static bool
is_hidden(const Learner *l, uint32_t number)
{
    return l->blind && l->fit->dictionary.items[number].spelling;
}

void
learner_score(const Learner *l, const Case *c, double *score)
{
    const uint32_t *numbers = l->fit->numbers;

    for (int t = 0; t < NAME_TYPES; t++)
        score[t] = 0;
    for (uint32_t i = c->from; i < c->to; i++)
        for (int t = 0; t < NAME_TYPES && !is_hidden(l, numbers[i]); t++)
            score[t] += (double)l->at[numbers[i]].w[t];
    for (uint32_t i = c->seen_from; l->second && i < c->seen_to; i++)
        for (int t = 0; t < NAME_TYPES; t++)
            score[t] += (double)l->at[numbers[i]].w[t];
}

static void
step(Learner *l, uint32_t number, int t, float gradient)
{
    enum { ALPHA_INVERSE = 10 };
    const FitOptions *o = l->fit->options;
    Coordinate *c = &l->at[number];
    float stated = l->fit->dictionary.items[number].stated[t], more, root;

    if (l->fit->dictionary.items[number].bad || l->fit->dictionary.items[number].count < o->least)
        return;
    more = c->n[t] + gradient * gradient;
    root = sqrtf(more);
    c->z[t] += gradient - (root - sqrtf(c->n[t])) * ALPHA_INVERSE * (c->w[t] - stated);
    c->n[t] = more;
    if (c->z[t] > -o->sparsity && c->z[t] < o->sparsity)
        c->w[t] = stated;
    else
        c->w[t] = stated - (c->z[t] - (c->z[t] > 0 ? o->sparsity : -o->sparsity)) / ((1 + root) * ALPHA_INVERSE + o->decay);
}

static double
log_add(double a, double b)
{
    double high = a > b ? a : b, low = a > b ? b : a;

    return low < high - 30 ? high : high + log1p(exp(low - high));
}

/* How likely each case of a sentence is to be a name of each type, by forward and backward sums; the sum over all ways in
 * *all.  False if the sentence is too long. */
bool
learner_posteriors(const Learner *l, const FitSegment *s, double (*scores)[NAME_TYPES], double (*likely)[NAME_TYPES], double *all)
{
    double forward[300], backward[300];
    const Case *cases = l->fit->cases + s->from;
    uint32_t count = s->to - s->from, at = 0;

    if (count > CASES_MAX || s->length >= 300)
        return false;
    for (uint32_t i = 0; i < count; i++)
        learner_score(l, &cases[i], scores[i]);
    for (uint32_t p = 0; p <= s->length; p++)
        forward[p] = p == 0 ? 0 : -1e30, backward[p] = p == s->length ? 0 : -1e30;
    for (uint32_t p = 0; p < s->length; p++) {
        forward[p + 1] = log_add(forward[p + 1], forward[p]);
        for (; at < count && cases[at].start == p; at++)
            for (int t = 0; t < NAME_TYPES; t++)
                forward[cases[at].end] = log_add(forward[cases[at].end], forward[p] + scores[at][t]);
    }
    at = count;
    for (uint32_t p = s->length; p-- > 0;) {
        backward[p] = log_add(backward[p], backward[p + 1]);
        for (; at > 0 && cases[at - 1].start == p; at--)
            for (int t = 0; t < NAME_TYPES; t++)
                backward[p] = log_add(backward[p], backward[cases[at - 1].end] + scores[at - 1][t]);
    }
    for (uint32_t i = 0; i < count; i++)
        for (int t = 0; t < NAME_TYPES; t++)
            likely[i][t] = exp(forward[cases[i].start] + scores[i][t] + backward[cases[i].end] - forward[s->length]);
    *all = forward[s->length];
    return true;
}

/* One sentence: a step along the log-likelihood's gradient. */
static double
learn_segment(Learner *l, const FitSegment *s)
{
    double scores[CASES_MAX][NAME_TYPES], likely[CASES_MAX][NAME_TYPES], likelihood = 0, all;
    const Case *cases = l->fit->cases + s->from;

    if (!learner_posteriors(l, s, scores, likely, &all))
        return 0;
    for (uint32_t i = 0; i < s->to - s->from; i++)
        for (int t = 0; t < NAME_TYPES; t++) {
            const Case *c = &cases[i];
            float gradient = (float)(likely[i][t] - (c->gold == t));
            if (c->gold == t)
                likelihood += scores[i][t];
            if (gradient > -1e-4f && gradient < 1e-4f)
                continue;
            for (uint32_t k = c->from; k < c->to; k++)
                if (!is_hidden(l, l->fit->numbers[k]))
                    step(l, l->fit->numbers[k], t, gradient);
            for (uint32_t k = c->seen_from; l->second && k < c->seen_to; k++)
                step(l, l->fit->numbers[k], t, gradient);
        }
    return likelihood - all;
}

/* Is this the pass in which a sentence's spelling is hidden?  By lot, but the same lot each time. */
static bool
is_blind(const Learner *l, uint32_t epoch, uint32_t segment)
{
    return hash_pair(epoch + 1 + 1000 * l->draw, segment + 1) % 1000 < l->fit->options->blind * 1000;
}

/* Fit on the segments whose article is in the half (0, 1), or all (-1).  Sentences are taken in an order that mixes
 * the corpora: a fixed stride over them. */
static void
learn(Learner *l, int half, uint32_t epochs, const char *what)
{
    const Fit *f = l->fit;
    uint32_t count = f->segment_count, stride = 7919;

    while (count % stride == 0)
        stride += 2;
    for (uint32_t epoch = 0; epoch < epochs; epoch++) {
        double likelihood = 0;
        for (uint32_t i = 0, at = 0; i < count; i++, at = (at + stride) % count) {
            const FitSegment *s = &f->segments[at];
            if (half >= 0 && (int)(s->article & 1) != half)
                continue;
            l->blind = is_blind(l, epoch, at);
            likelihood += learn_segment(l, s);
        }
        l->blind = false;
        if (f->options->log)
            fprintf(f->options->log, "%s, draw %u of %u, pass %u of %u: log-likelihood %.1f\n", what, l->draw + 1,
                    f->options->draws, epoch + 1, epochs, likelihood);
    }
}

static Learner
start(const Fit *f, bool second, uint32_t draw)
{
    Learner l = {f, mem_zero(f->dictionary.count + 65536, sizeof(Coordinate)), second, false, draw};

    for (uint32_t i = 1; i < f->dictionary.count; i++)
        memcpy(l.at[i].w, f->dictionary.items[i].stated, sizeof l.at[i].w);
    return l;
}

Learner
learner_learn(const Fit *f, bool second, int half, uint32_t epochs, const char *what)
{
    uint32_t draws = f->options->draws;
    Learner mean = start(f, second, 0);

    learn(&mean, half, epochs, what);
    for (uint32_t draw = 1; draw < draws; draw++) {
        Learner l = start(f, second, draw);
        learn(&l, half, epochs, what);
        for (uint32_t i = 1; i < f->dictionary.count; i++)
            for (int t = 0; t < NAME_TYPES; t++)
                mean.at[i].w[t] += l.at[i].w[t];
        free(l.at);
    }
    for (uint32_t i = 1; i < f->dictionary.count; i++)
        for (int t = 0; t < NAME_TYPES; t++)
            mean.at[i].w[t] /= (float)draws;
    return mean;
}
