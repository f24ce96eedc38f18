/* The fit: a first and a second reading, how far to trust them, and the file of weights.
 *
 * The second reading is fitted on what a first reading finds that was fitted on *other* articles (two halves), so that it
 * learns how far to trust one.  Everything runs in the order of the files: the same input gives the same weights. */
#include "fit/fit.h"

#include "base/mem.h"
#include "base/vec.h"
#include "fit/fit_p.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

/* ---- the second reading */

/* Label an article's candidates with a first reading and gather what the second will see. */
static void
add_seen(Fit *f, const Learner *first, uint32_t article, Names *n)
{
    const FitSegment *segment = f->segments + f->articles[article].segment_from;

    for (uint32_t s = 0; s < n->segments.count; s++, segment++)
        for (uint32_t i = n->segments.items[s].candidates.start, k = segment->from; k < segment->to; i++, k++) {
            double score[NAME_TYPES];
            learner_score(first, &f->cases[k], score);
            for (int t = 0; t < NAME_TYPES; t++)
                n->candidates.items[i].score[t] = weight_units((float)(score[t] > 300 ? 300 : score[t] < -300 ? -300 : score[t]));
        }
    names_decide(n, 0);
    names_remember(n);
    segment = f->segments + f->articles[article].segment_from;
    for (uint32_t s = 0; s < n->segments.count; s++, segment++)
        for (uint32_t i = n->segments.items[s].candidates.start, k = segment->from; k < segment->to; i++, k++)
            fit_add_seen(f, n, &n->candidates.items[i], &f->cases[k]);
}

static void
build_second(Fit *f)
{
    Arena arena;
    Learner halves[2];

    for (int half = 0; half < 2; half++)
        halves[half] = learner_learn(f, false, half, f->options->epochs / 2 + 1, half ? "first reading, odd half" : "first reading, even half");
    arena_init(&arena);
    for (uint32_t i = 0; i < f->article_count; i++) {
        Article a;
        Names n;
        if (fit_prepare(f, &f->articles[i], &a, &arena, &n))
            add_seen(f, &halves[!(i & 1)], i, &n);
        arena_reset(&arena);
    }
    arena_close(&arena);
    free(halves[0].at);
    free(halves[1].at);
}

/* ---- confidence */

/* What a model says of articles that it has not seen is a little too sure.  How much is found out by halves: the odds that the
 * one half's model gives to names of the other are raised to a power, and shifted, so that they are borne out (Platt 1999). */
typedef struct {
    double slope, shift;
} Sureness;

typedef struct {
    VEC(double) odds; /* logarithms of odds */
    VEC(bool) right;
    Arena arena;
} Trials;

static void
add_trials(const Learner *l, const FitSegment *s, Trials *trials)
{
    double scores[CASES_MAX][NAME_TYPES], likely[CASES_MAX][NAME_TYPES], all;
    const Case *cases = l->fit->cases + s->from;

    if (!learner_posteriors(l, s, scores, likely, &all))
        return;
    for (uint32_t i = 0; i < s->to - s->from; i++)
        for (int t = 0; t < NAME_TYPES; t++) {
            double p = likely[i][t];
            if (p < 0.35) /* would not be given, see LEAN in stages/names.c */
                continue;
            p = p > 0.999 ? 0.999 : p;
            *vec_push(&trials->arena, &trials->odds) = log(p / (1 - p));
            *vec_push(&trials->arena, &trials->right) = cases[i].gold == t;
        }
}

/* The logistic regression of right on odds, by Newton's method. */
static Sureness
find_sureness(const Trials *trials)
{
    Sureness s = {1, 0};

    for (int round = 0; round < 25; round++) {
        double g0 = 0, g1 = 0, h00 = 1e-6, h01 = 0, h11 = 1e-6, det;
        for (uint32_t i = 0; i < trials->odds.count; i++) {
            double x = trials->odds.items[i], p = 1 / (1 + exp(-(s.slope * x + s.shift))), w = p * (1 - p);
            double miss = trials->right.items[i] - p;
            g0 += miss;
            g1 += miss * x;
            h00 += w;
            h01 += w * x;
            h11 += w * x * x;
        }
        det = h00 * h11 - h01 * h01;
        if (det < 1e-9)
            break;
        s.shift += (h11 * g0 - h01 * g1) / det;
        s.slope += (h00 * g1 - h01 * g0) / det;
    }
    return s;
}

static Sureness
measure_sureness(Fit *f)
{
    Trials trials = {0};
    Sureness found;

    arena_init(&trials.arena);
    for (int half = 0; half < 2; half++) {
        Learner l = learner_learn(f, true, half, f->options->epochs / 2 + 1, half ? "second reading, odd half" : "second reading, even half");
        for (uint32_t i = 0; i < f->segment_count; i++)
            if ((int)(f->segments[i].article & 1) != half)
                add_trials(&l, &f->segments[i], &trials);
        free(l.at);
    }
    found = trials.odds.count > 100 ? find_sureness(&trials) : (Sureness){1, 0};
    arena_close(&trials.arena);
    return found;
}

/* ---- writing */

static int
compare_texts(const void *a, const void *b, void *dictionary)
{
    const Dictionary *d = dictionary;

    return strcmp(d->texts.bytes + d->items[*(const uint32_t *)a].text,
                  d->texts.bytes + d->items[*(const uint32_t *)b].text);
}

static bool
is_worth_a_line(const float *w)
{
    for (int t = 0; t < NAME_TYPES; t++)
        if (w[t] >= 0.02f || w[t] <= -0.02f)
            return true;
    return false;
}

static bool
is_claim(const char *text)
{
    size_t len = strlen(template_name(T_SPAN_RULE));

    return strncmp(text, template_name(T_SPAN_RULE), len) == 0 && text[len] == '\t';
}

static bool
write_weights(const Fit *f, const Learner *first, const Learner *second, Sureness sure, FILE *out)
{
    const Dictionary *d = &f->dictionary;
    uint32_t *order = mem_alloc(d->count * sizeof *order), count = 0;

    /* a claim keeps its line even if it is worth nothing: without one the rule would go on with its own weight */
    for (uint32_t i = 1; i < d->count; i++)
        if (is_worth_a_line(first->at[i].w) || is_worth_a_line(second->at[i].w) ||
            is_claim(d->texts.bytes + d->items[i].text))
            order[count++] = i;
    qsort_r(order, count, sizeof *order, compare_texts, (void *)d);
    fprintf(out, "# Weights of the evidence for names, fitted by `onrecord fit`; see rules/README.md.\n"
                 "# template TAB value TAB person organization place (first reading) person organization place (second)\n"
                 "# (confidence: the logarithm of its odds, times the first number, plus the second)\n");
    fprintf(out, "confidence\todds\t%.3f %.3f 0 0 0 0\n", sure.slope, sure.shift);
    for (uint32_t i = 0; i < count; i++) {
        const float *a = first->at[order[i]].w, *b = second->at[order[i]].w;
        fprintf(out, "%s\t%.2f %.2f %.2f %.2f %.2f %.2f\n", d->texts.bytes + d->items[order[i]].text, (double)a[0],
                (double)a[1], (double)a[2], (double)b[0], (double)b[1], (double)b[2]);
    }
    free(order);
    return ferror(out) == 0;
}

bool
fit_names(const RuleSet *rules, const char *const *gold, uint32_t gold_count, const FitOptions *options, FILE *out,
          Error *err)
{
    Fit f = {.rules = rules, .options = options, .scratch = scratch_new(rules)};
    Learner first, second;
    bool ok = true;

    f.dictionary.mask = (1u << 18) - 1;
    f.dictionary.slots = mem_zero(f.dictionary.mask + 1, sizeof *f.dictionary.slots);
    f.dictionary.items = mem_zero(1 << 16, sizeof *f.dictionary.items);
    f.dictionary.room = 1 << 16;
    f.dictionary.count = 1;
    for (uint32_t i = 0; ok && i < gold_count; i++)
        ok = fit_read(&f, gold[i], err);
    if (ok) {
        fit_build_cases(&f);
        if (options->log)
            fprintf(options->log, "%u articles, %u candidates, %u pieces of evidence; of %u names %u are no candidates\n",
                    f.article_count, f.case_count, f.dictionary.count, f.reached + f.missed, f.missed);
        if (f.segment_count == 0)
            ok = error_set(err, ERROR_INPUT, gold_count ? gold[0] : NULL, 0, 0, NULL, 0,
                           "no annotated names: the records need \"text\" and \"entities\"");
    }
    if (ok) {
        build_second(&f);
        first = learner_learn(&f, false, -1, options->epochs, "first reading");
        second = learner_learn(&f, true, -1, options->epochs, "second reading");
        ok = write_weights(&f, &first, &second, measure_sureness(&f), out) ||
             error_set(err, ERROR_IO, NULL, 0, 0, NULL, 0, "the weights could not be written: %s", strerror(errno));
        free(first.at);
        free(second.at);
    }
    fit_close(&f);
    return ok;
}
