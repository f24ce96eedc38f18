/* The fit: maximum likelihood of a semi-Markov conditional random field with FTRL-proximal steps (McMahan et al. 2013,
 * "Ad click prediction: a view from the trenches"), whose L1 penalty leaves most weights at zero.
 *
 * The second reading is fitted on what a first reading finds that was fitted on *other* articles (two halves), so that it
 * learns how far to trust one.  Everything runs in the order of the files: the same input gives the same weights. */
#include "fit/fit.h"

#include "base/hash.h"
#include "base/mem.h"
#include "base/vec.h"
#include "pipeline.h"
#include "stages/names.h"
#include "text/utf8.h"

#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>

/* ---- evidence by number */

typedef struct {
    uint64_t key;
    uint32_t count;
    uint32_t text; /* offset of "template\tvalue" in the texts */
    bool bad;      /* cannot be written in a line */
} Feat;

typedef struct {
    Feat *items;
    uint32_t count, room;
    uint32_t *slots, mask;
    Buf texts;
} Dictionary;

static uint32_t
dictionary_number(Dictionary *d, uint64_t key, bool *fresh)
{
    uint32_t at = (uint32_t)key & d->mask, number;

    for (; (number = d->slots[at]) != 0; at = (at + 1) & d->mask)
        if (d->items[number].key == key) {
            *fresh = false;
            return number;
        }
    if (d->count == d->room) {
        d->room = d->room ? d->room * 2 : 1 << 16;
        d->items = mem_grow(d->items, d->room * sizeof *d->items);
    }
    number = d->count++;
    d->items[number] = (Feat){.key = key};
    d->slots[at] = number;
    *fresh = true;
    if ((uint64_t)d->count * 2 > d->mask) {
        uint32_t mask = d->mask * 2 + 1;
        free(d->slots);
        d->slots = mem_zero((size_t)mask + 1, sizeof *d->slots);
        for (uint32_t i = 1; i < d->count; i++) {
            uint32_t slot = (uint32_t)d->items[i].key & mask;
            while (d->slots[slot])
                slot = (slot + 1) & mask;
            d->slots[slot] = i;
        }
        d->mask = mask;
    }
    return number;
}

/* ---- the data */

typedef struct {
    uint16_t start, end; /* tokens from the segment's beginning */
    int8_t gold;
    uint32_t from, to;       /* its evidence in `numbers` */
    uint32_t seen_from, seen_to; /* what the first reading adds */
} Case;

typedef struct {
    uint32_t from, to; /* cases */
    uint16_t length;
    uint32_t article;
} Segment;

typedef struct {
    char *text;
    size_t len;
    Span *gold; /* bytes */
    int8_t *types;
    uint32_t gold_count;
    uint32_t segment_from;
} GoldArticle;

typedef struct {
    const RuleSet *rules;
    const FitOptions *options;
    Scratch *scratch;
    Dictionary dictionary;
    GoldArticle *articles;
    uint32_t article_count, article_room;
    Case *cases;
    uint32_t case_count, case_room;
    Segment *segments;
    uint32_t segment_count, segment_room;
    uint32_t *numbers;
    size_t number_count, number_room;
    uint32_t reached, missed; /* gold names that are candidates, and those that are not */
} Fit;

typedef struct {
    Sink sink;
    Fit *fit;
    const Names *names;
} CollectSink;

static void
push_number(Fit *f, uint32_t number)
{
    if (f->number_count == f->number_room) {
        f->number_room = f->number_room ? f->number_room * 2 : 1 << 20;
        f->numbers = mem_grow(f->numbers, f->number_room * sizeof *f->numbers);
    }
    f->numbers[f->number_count++] = number;
}

static void
collect(Sink *sink, Template template, const EvidenceValue *value)
{
    CollectSink *s = (CollectSink *)sink;
    Dictionary *d = &s->fit->dictionary;
    bool fresh;
    uint32_t number = dictionary_number(d, evidence_key(s->names, template, value), &fresh);

    if (fresh) {
        size_t from = d->texts.len, bar;
        d->items[number].text = (uint32_t)from;
        buf_printf(&d->texts, "%s\t", template_name(template));
        bar = d->texts.len;
        evidence_text(s->names, value, &d->texts);
        for (size_t i = bar, bars = 0; i < d->texts.len; i++) {
            unsigned char c = (unsigned char)d->texts.bytes[i];
            bars += c == '|';
            if (c < 0x20 || (c == '|' && (bars > 1 || template < T_NEAR_BEFORE || template > T_NEAR_AFTER)))
                d->items[number].bad = true;
        }
        buf_char(&d->texts, '\0');
    }
    d->items[number].count++;
    push_number(s->fit, number);
}

#define PUSH(array, count, room) /* one more item */                                                                   \
    ((count) == (room) ? ((room) = (room) ? (room) * 2 : 1024, (array) = mem_grow((array), (room) * sizeof *(array)))  \
                       : NULL,                                                                                         \
     (array)[(count)++] = (__typeof__(*(array))){0}, &(array)[(count) - 1])

/* ---- reading gold */

static int8_t
type_number(const char *name)
{
    for (int t = 0; name && t < NAME_TYPES; t++)
        if (strcmp(name, entity_type_name((EntityType)(TYPE_PERSON + t))) == 0)
            return (int8_t)t;
    return -1;
}

/* Byte offsets of code point offsets, which come in any order. */
static void
to_bytes(const char *text, size_t len, Span *spans, uint32_t count)
{
    uint32_t *offsets = mem_alloc((len + 2) * sizeof *offsets), points = 0;

    for (size_t i = 0; i < len; i++)
        if (((unsigned char)text[i] & 0xc0) != 0x80)
            offsets[points++] = (uint32_t)i;
    offsets[points] = (uint32_t)len;
    for (uint32_t i = 0; i < count; i++) {
        spans[i].start = offsets[spans[i].start < points ? spans[i].start : points];
        spans[i].end = offsets[spans[i].end < points ? spans[i].end : points];
    }
    free(offsets);
}

static bool
read_gold_line(Fit *f, const char *path, size_t number, const char *line, size_t len, Error *err)
{
    json_error_t why;
    json_t *root = json_loadb(line, len, JSON_ALLOW_NUL, &why), *entities, *entity;
    const char *text;
    GoldArticle *a;
    size_t i;

    if (root == NULL)
        return error_set(err, ERROR_INPUT, path, number, (size_t)why.column, NULL, 0, "%s", why.text);
    entities = json_object_get(root, "entities");
    text = json_string_value(json_object_get(root, "text"));
    if (text == NULL || !json_is_array(entities)) { /* a layer that is not there says nothing */
        json_decref(root);
        return true;
    }
    a = PUSH(f->articles, f->article_count, f->article_room);
    a->len = json_string_length(json_object_get(root, "text"));
    a->text = mem_copy(text, a->len);
    a->gold = mem_zero(json_array_size(entities), sizeof *a->gold);
    a->types = mem_zero(json_array_size(entities), sizeof *a->types);
    json_array_foreach(entities, i, entity) {
        int8_t type = type_number(json_string_value(json_object_get(entity, "type")));
        if (type < 0)
            continue;
        a->gold[a->gold_count] = (Span){(uint32_t)json_integer_value(json_object_get(entity, "start")),
                                        (uint32_t)json_integer_value(json_object_get(entity, "end"))};
        a->types[a->gold_count++] = type;
    }
    to_bytes(a->text, a->len, a->gold, a->gold_count);
    json_decref(root);
    return true;
}

static bool
read_gold(Fit *f, const char *path, Error *err)
{
    FILE *file = fopen(path, "rb");
    char *line = NULL;
    size_t room = 0, number = 0;
    ssize_t len;
    bool ok = true;

    if (file == NULL)
        return error_set(err, ERROR_IO, path, 0, 0, NULL, 0, "%s", strerror(errno));
    while (ok && (len = getline(&line, &room, file)) > 0)
        ok = read_gold_line(f, path, ++number, line, (size_t)len, err);
    free(line);
    fclose(file);
    return ok;
}

/* ---- from articles to cases */

static bool
prepare(Fit *f, GoldArticle *g, Article *a, Arena *arena, Names *n)
{
    Error err = {0};

    if (!article_open(a, arena, g->text, g->len, false, &err) ||
        !pipeline_run(a, f->rules, f->scratch, "sentences", NULL, NULL, &err))
        return false;
    names_prepare(n, a, f->rules, f->scratch, arena);
    return true;
}

static int8_t
gold_label(Fit *f, const GoldArticle *g, Span span)
{
    for (uint32_t i = 0; i < g->gold_count; i++)
        if (g->gold[i].start == span.start && g->gold[i].end == span.end) {
            f->reached++;
            return g->types[i];
        }
    return -1;
}

static void
add_cases(Fit *f, uint32_t article, const Names *n)
{
    CollectSink sink = {{collect, NULL}, f, n};
    GoldArticle *g = &f->articles[article];

    g->segment_from = f->segment_count;
    for (uint32_t s = 0; s < n->segments.count; s++) {
        Range r = n->segments.items[s];
        uint32_t base = n->candidates.items[r.start].tokens.start;
        Segment *segment = PUSH(f->segments, f->segment_count, f->segment_room);
        segment->from = f->case_count;
        segment->article = article;
        for (uint32_t i = r.start; i < r.end; i++) {
            const Candidate *c = &n->candidates.items[i];
            Case *one = PUSH(f->cases, f->case_count, f->case_room);
            one->start = (uint16_t)(c->tokens.start - base);
            one->end = (uint16_t)(c->tokens.end - base);
            one->gold = gold_label(f, g, token_span(n->a, c->tokens));
            one->from = (uint32_t)f->number_count;
            names_evidence(n, c, false, &sink.sink);
            one->to = (uint32_t)f->number_count;
            if (one->end > segment->length)
                segment->length = one->end;
        }
        segment->to = f->case_count;
    }
}

static void
build_cases(Fit *f)
{
    Arena arena;
    uint32_t gold = 0;

    arena_init(&arena);
    for (uint32_t i = 0; i < f->article_count; i++) {
        Article a;
        Names n;
        gold += f->articles[i].gold_count;
        if (prepare(f, &f->articles[i], &a, &arena, &n))
            add_cases(f, i, &n);
        arena_reset(&arena);
    }
    f->missed = gold - f->reached;
    arena_close(&arena);
}

/* ---- learning */

typedef struct {
    float w[NAME_TYPES], z[NAME_TYPES], n[NAME_TYPES];
} Coordinate;

typedef struct {
    Fit *fit;
    Coordinate *at; /* by evidence number */
    bool second;
} Learner;

static void
score_case(const Learner *l, const Case *c, double *score)
{
    const uint32_t *numbers = l->fit->numbers;

    for (int t = 0; t < NAME_TYPES; t++)
        score[t] = 0;
    for (uint32_t i = c->from; i < c->to; i++)
        for (int t = 0; t < NAME_TYPES; t++)
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
    float more, root;

    if (l->fit->dictionary.items[number].bad || l->fit->dictionary.items[number].count < o->least)
        return;
    more = c->n[t] + gradient * gradient;
    root = sqrtf(more);
    c->z[t] += gradient - (root - sqrtf(c->n[t])) * ALPHA_INVERSE * c->w[t];
    c->n[t] = more;
    if (c->z[t] > -o->sparsity && c->z[t] < o->sparsity)
        c->w[t] = 0;
    else
        c->w[t] = -(c->z[t] - (c->z[t] > 0 ? o->sparsity : -o->sparsity)) / ((1 + root) * ALPHA_INVERSE + o->decay);
}

static double
log_add(double a, double b)
{
    double high = a > b ? a : b, low = a > b ? b : a;

    return low < high - 30 ? high : high + log1p(exp(low - high));
}

enum { CASES_MAX = 4096 };

/* How likely each case of a sentence is to be a name of each type, by forward and backward sums; the sum over all ways in
 * *all.  False if the sentence is too long. */
static bool
posteriors(const Learner *l, const Segment *s, double (*scores)[NAME_TYPES], double (*likely)[NAME_TYPES], double *all)
{
    double forward[300], backward[300];
    const Case *cases = l->fit->cases + s->from;
    uint32_t count = s->to - s->from, at = 0;

    if (count > CASES_MAX || s->length >= 300)
        return false;
    for (uint32_t i = 0; i < count; i++)
        score_case(l, &cases[i], scores[i]);
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
learn_segment(Learner *l, const Segment *s)
{
    double scores[CASES_MAX][NAME_TYPES], likely[CASES_MAX][NAME_TYPES], likelihood = 0, all;
    const Case *cases = l->fit->cases + s->from;

    if (!posteriors(l, s, scores, likely, &all))
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
                step(l, l->fit->numbers[k], t, gradient);
            for (uint32_t k = c->seen_from; l->second && k < c->seen_to; k++)
                step(l, l->fit->numbers[k], t, gradient);
        }
    return likelihood - all;
}

/* Fit on the segments whose article is in the half (0, 1), or all (-1).  Sentences are taken in an order that mixes
 * the corpora: a fixed stride over them. */
static void
learn(Learner *l, int half, uint32_t epochs, const char *what)
{
    Fit *f = l->fit;
    uint32_t count = f->segment_count, stride = 7919;

    while (count % stride == 0)
        stride += 2;
    for (uint32_t epoch = 0; epoch < epochs; epoch++) {
        double likelihood = 0;
        for (uint32_t i = 0, at = 0; i < count; i++, at = (at + stride) % count) {
            const Segment *s = &f->segments[at];
            if (half < 0 || (int)(s->article & 1) == half)
                likelihood += learn_segment(l, s);
        }
        if (f->options->log)
            fprintf(f->options->log, "%s, pass %u of %u: log-likelihood %.1f\n", what, epoch + 1, epochs, likelihood);
    }
}

static Learner
learner_new(Fit *f, bool second)
{
    return (Learner){f, mem_zero(f->dictionary.count + 65536, sizeof(Coordinate)), second};
}

/* ---- the second reading */

/* Label an article's candidates with a first reading and gather what the second will see. */
static void
add_seen(Fit *f, const Learner *first, uint32_t article, Names *n)
{
    CollectSink sink = {{collect, NULL}, f, n};
    const Segment *segment = f->segments + f->articles[article].segment_from;

    for (uint32_t s = 0; s < n->segments.count; s++, segment++)
        for (uint32_t i = n->segments.items[s].start, k = segment->from; i < n->segments.items[s].end; i++, k++) {
            double score[NAME_TYPES];
            score_case(first, &f->cases[k], score);
            for (int t = 0; t < NAME_TYPES; t++)
                n->candidates.items[i].score[0][t] = (float)score[t];
        }
    names_decide(n, 0, false);
    names_remember(n);
    segment = f->segments + f->articles[article].segment_from;
    for (uint32_t s = 0; s < n->segments.count; s++, segment++)
        for (uint32_t i = n->segments.items[s].start, k = segment->from; i < n->segments.items[s].end; i++, k++) {
            f->cases[k].seen_from = (uint32_t)f->number_count;
            names_seen_evidence(n, &n->candidates.items[i], &sink.sink);
            f->cases[k].seen_to = (uint32_t)f->number_count;
        }
}

static void
build_second(Fit *f)
{
    Arena arena;
    Learner halves[2];

    for (int half = 0; half < 2; half++) {
        halves[half] = learner_new(f, false);
        learn(&halves[half], half, f->options->epochs / 2 + 1, half ? "first reading, odd half" : "first reading, even half");
    }
    arena_init(&arena);
    for (uint32_t i = 0; i < f->article_count; i++) {
        Article a;
        Names n;
        if (prepare(f, &f->articles[i], &a, &arena, &n))
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
add_trials(const Learner *l, const Segment *s, Trials *trials)
{
    double scores[CASES_MAX][NAME_TYPES], likely[CASES_MAX][NAME_TYPES], all;
    const Case *cases = l->fit->cases + s->from;

    if (!posteriors(l, s, scores, likely, &all))
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
        Learner l = learner_new(f, true);
        learn(&l, half, f->options->epochs / 2 + 1, half ? "second reading, odd half" : "second reading, even half");
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

static void
fit_close(Fit *f)
{
    for (uint32_t i = 0; i < f->article_count; i++) {
        free(f->articles[i].text);
        free(f->articles[i].gold);
        free(f->articles[i].types);
    }
    free(f->articles);
    free(f->cases);
    free(f->segments);
    free(f->numbers);
    free(f->dictionary.items);
    free(f->dictionary.slots);
    buf_close(&f->dictionary.texts);
    scratch_free(f->scratch);
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
        ok = read_gold(&f, gold[i], err);
    if (ok) {
        build_cases(&f);
        if (options->log)
            fprintf(options->log, "%u articles, %u candidates, %u pieces of evidence; of %u names %u are no candidates\n",
                    f.article_count, f.case_count, f.dictionary.count, f.reached + f.missed, f.missed);
        if (f.segment_count == 0)
            ok = error_set(err, ERROR_INPUT, gold_count ? gold[0] : NULL, 0, 0, NULL, 0,
                           "no annotated names: the records need \"text\" and \"entities\"");
    }
    if (ok) {
        build_second(&f);
        first = learner_new(&f, false);
        learn(&first, -1, options->epochs, "first reading");
        second = learner_new(&f, true);
        learn(&second, -1, options->epochs, "second reading");
        ok = write_weights(&f, &first, &second, measure_sureness(&f), out) ||
             error_set(err, ERROR_IO, NULL, 0, 0, NULL, 0, "the weights could not be written: %s", strerror(errno));
        free(first.at);
        free(second.at);
    }
    fit_close(&f);
    return ok;
}
