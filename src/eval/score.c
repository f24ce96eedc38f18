/* The scorer's frame: an article's graph in code points, the figures by path, and how they are shown.
 * One idea: a figure is a path and four sums, so that a layer needs nothing but its definition. */
#include "eval/score_p.h"

#include "graph/offsets.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>

enum { CONTEXT = 60, LONG = 240, LONG_END = 118, ERROR_KINDS_MOST = 32 };

void
scorer_init(Scorer *scorer, const RuleSet *rules, bool keep_errors)
{
    *scorer = (Scorer){.rules = rules, .keep_errors = keep_errors};
    arena_init(&scorer->arena);
}

void
scorer_close(Scorer *scorer)
{
    arena_close(&scorer->arena);
}

/* ---- figures */

static Figure *
figure(Scorer *scorer, const char *path, bool share)
{
    Figure *f;

    for (uint32_t i = 0; i < scorer->figures.count; i++)
        if (scorer->figures.items[i].share == share && strcmp(scorer->figures.items[i].path, path) == 0)
            return &scorer->figures.items[i];
    f = vec_push(&scorer->arena, &scorer->figures);
    *f = (Figure){.path = arena_copy(&scorer->arena, path, strlen(path)), .share = share};
    return f;
}

void
score_tally(Scorer *scorer, const double counts[4], const char *format, ...)
{
    char path[80];
    va_list args;
    Figure *f;

    va_start(args, format);
    vsnprintf(path, sizeof path, format, args);
    va_end(args);
    f = figure(scorer, path, false);
    f->found_hits += counts[0];
    f->found += counts[1];
    f->gold_hits += counts[2];
    f->gold += counts[3];
}

void
score_share(Scorer *scorer, double value, double of, const char *format, ...)
{
    char path[80];
    va_list args;
    Figure *f;

    va_start(args, format);
    vsnprintf(path, sizeof path, format, args);
    va_end(args);
    f = figure(scorer, path, true);
    f->gold_hits += value;
    f->gold += of;
}

void
score_trust(Scorer *scorer, Trust trust, float confidence, bool right)
{
    Tenth *tenth = &scorer->trust[trust][confidence <= 0 ? 0 : confidence >= 1 ? 9 : (int)(confidence * 10)];

    tenth->found++;
    tenth->right += right;
    tenth->confidence += (double)confidence;
}

static json_t *
number(double x)
{
    return x == (double)(json_int_t)x ? json_integer((json_int_t)x) : json_real(x);
}

/* hits / of, or null where there is nothing to divide by */
static json_t *
ratio(double hits, double of)
{
    return of > 0 ? json_real(hits / of) : json_null();
}

static json_t *
figure_json(const Figure *f)
{
    json_t *out = json_object();
    double p = f->found > 0 ? f->found_hits / f->found : -1, r = f->gold > 0 ? f->gold_hits / f->gold : -1;

    if (f->share) {
        json_object_set_new(out, "value", ratio(f->gold_hits, f->gold));
        json_object_set_new(out, "sum", number(f->gold_hits));
        json_object_set_new(out, "of", number(f->gold));
        return out;
    }
    json_object_set_new(out, "precision", ratio(f->found_hits, f->found));
    json_object_set_new(out, "recall", ratio(f->gold_hits, f->gold));
    json_object_set_new(out, "f1", p < 0 || r < 0 ? json_null() : json_real(p + r > 0 ? 2 * p * r / (p + r) : 0));
    json_object_set_new(out, "predicted", number(f->found));
    json_object_set_new(out, "gold", number(f->gold));
    json_object_set_new(out, "predicted_hits", number(f->found_hits));
    json_object_set_new(out, "gold_hits", number(f->gold_hits));
    return out;
}

static void
place_figure(json_t *root, const Figure *f)
{
    const char *part = f->path, *dot;
    json_t *at = root;

    for (; (dot = strchr(part, '.')) != NULL; part = dot + 1) {
        json_t *next = json_object_getn(at, part, (size_t)(dot - part));
        if (next == NULL) {
            next = json_object();
            json_object_setn_new(at, part, (size_t)(dot - part), next);
        }
        at = next;
    }
    json_object_set_new(at, part, figure_json(f));
}

static const char *const TRUST_NAMES_OF[TRUSTS] = {"names", "quotes", "relations"};

/* The tenths that have anything, and `error`: how far confidence and truth are apart, on average over what was found. */
static json_t *
trust_json(const Tenth tenths[10])
{
    json_t *out = json_object(), *rows = json_array();
    double error = 0, found = 0;

    for (int i = 0; i < 10; i++) {
        const Tenth *t = &tenths[i];
        json_t *row;
        if (t->found == 0)
            continue;
        row = json_object();
        json_object_set_new(row, "from", json_real(i / 10.0));
        json_object_set_new(row, "found", json_integer(t->found));
        json_object_set_new(row, "confidence", json_real(t->confidence / t->found));
        json_object_set_new(row, "right", json_real((double)t->right / t->found));
        json_array_append_new(rows, row);
        error += fabs(t->confidence - t->right);
        found += t->found;
    }
    json_object_set_new(out, "tenths", rows);
    json_object_set_new(out, "error", ratio(error, found));
    return out;
}

static json_t *
trusts_json(const Scorer *scorer)
{
    json_t *out = json_object();

    for (int t = 0; t < TRUSTS; t++)
        for (int i = 0; i < 10; i++)
            if (scorer->trust[t][i].found && json_object_get(out, TRUST_NAMES_OF[t]) == NULL)
                json_object_set_new(out, TRUST_NAMES_OF[t], trust_json(scorer->trust[t]));
    return out;
}

json_t *
scorer_figures(const Scorer *scorer)
{
    json_t *root = json_object();

    json_object_set_new(root, "articles", json_integer(scorer->articles));
    json_object_set_new(root, "articles_without_prediction", json_integer(scorer->missing));
    for (int shares = 0; shares < 2; shares++)
        for (uint32_t i = 0; i < scorer->figures.count; i++)
            if (scorer->figures.items[i].share == (bool)shares)
                place_figure(root, &scorer->figures.items[i]);
    json_object_set_new(root, "confidence", trusts_json(scorer));
    return root;
}

static void
put_percent(Buf *out, const json_t *value)
{
    if (json_is_number(value))
        buf_printf(out, "%6.2f", 100 * json_number_value(value));
    else
        buf_str(out, "     -");
}

static void
report_walk(const char *path, const json_t *node, Buf *out)
{
    const json_t *f1 = json_object_get(node, "f1"), *value = json_object_get(node, "value");
    const char *key;
    json_t *child;

    if (f1) {
        buf_printf(out, "%-34s P ", path);
        put_percent(out, json_object_get(node, "precision"));
        buf_str(out, "  R ");
        put_percent(out, json_object_get(node, "recall"));
        buf_str(out, "  F1 ");
        put_percent(out, f1);
        buf_printf(out, "  predicted %g, gold %g\n", json_number_value(json_object_get(node, "predicted")),
                   json_number_value(json_object_get(node, "gold")));
    } else if (value) {
        buf_printf(out, "%-34s   ", path);
        put_percent(out, value);
        buf_printf(out, "  of %g\n", json_number_value(json_object_get(node, "of")));
    } else {
        json_object_foreach ((json_t *)node, key, child) {
            char longer[128];
            snprintf(longer, sizeof longer, "%s.%s", path, key);
            report_walk(longer, child, out);
        }
    }
}

static void
report_trust(const json_t *trusts, Buf *out)
{
    const char *name;
    json_t *trust, *row;
    size_t i;

    if (json_object_size(trusts) == 0)
        return;
    buf_str(out, "\nconfidence             found    said   right\n");
    json_object_foreach ((json_t *)trusts, name, trust) {
        json_array_foreach (json_object_get(trust, "tenths"), i, row) {
            double from = json_real_value(json_object_get(row, "from"));
            buf_printf(out, "%-10s %.1f - %.1f %7d  ", name, from, from + 0.1,
                       (int)json_integer_value(json_object_get(row, "found")));
            put_percent(out, json_object_get(row, "confidence"));
            buf_str(out, "  ");
            put_percent(out, json_object_get(row, "right"));
            buf_char(out, '\n');
        }
        buf_printf(out, "%-10s apart on average", name);
        put_percent(out, json_object_get(trust, "error"));
        buf_char(out, '\n');
    }
}

void
scorer_report(const json_t *figures, Buf *out)
{
    buf_printf(out, "articles %d, without a prediction %d\n", (int)json_integer_value(json_object_get(figures, "articles")),
               (int)json_integer_value(json_object_get(figures, "articles_without_prediction")));
    for (int l = 0; l < LAYERS; l++)
        if (json_object_get(figures, LAYER_NAMES[l]))
            report_walk(LAYER_NAMES[l], json_object_get(figures, LAYER_NAMES[l]), out);
    report_trust(json_object_get(figures, "confidence"), out);
}

/* ---- errors */

static void
put_line(const Points *p, Span span, Buf *out)
{
    Buf raw = {0};

    points_put(p, span, &raw);
    buf_add(out, raw.bytes ? raw.bytes : "", raw.len);
    buf_close(&raw);
}

/* White space as one blank, line ends shown. */
static const char *
on_one_line(Arena *arena, const Buf *raw)
{
    Points p = {0};
    Buf out = {0};
    const char *copy;
    bool gap = false;

    points_open(&p, NULL, arena, raw->bytes ? raw->bytes : "", raw->len, false);
    for (uint32_t i = 0; i < p.len; i++) {
        if (p.at[i] == '\n') {
            buf_str(&out, gap ? "\u23ce " : " \u23ce ");
            gap = true;
        } else if (point_is_space(p.at[i])) {
            buf_str(&out, gap ? "" : " ");
            gap = true;
        } else {
            points_put(&p, (Span){i, i + 1}, &out);
            gap = false;
        }
    }
    copy = arena_copy(arena, out.bytes ? out.bytes : "", out.len);
    buf_close(&out);
    return copy;
}

void
score_error(Scoring *s, const char *kind, Span at, const Buf *note)
{
    const Points *p = &s->points;
    Arena *arena = &s->scorer->arena;
    Buf line = {0};
    const char *where;

    if (!s->scorer->keep_errors)
        return;
    put_line(p, (Span){at.start > CONTEXT ? at.start - CONTEXT : 0, at.start}, &line);
    buf_str(&line, "\u27e6");
    if (at.end - at.start > LONG) {
        put_line(p, (Span){at.start, at.start + LONG_END}, &line);
        buf_str(&line, " \u2026 ");
        put_line(p, (Span){at.end - LONG_END, at.end}, &line);
    } else {
        put_line(p, at, &line);
    }
    buf_str(&line, "\u27e7");
    put_line(p, (Span){at.end, at.end + CONTEXT < p->len ? at.end + CONTEXT : p->len}, &line);
    where = on_one_line(s->arena, &line);
    *vec_push(arena, &s->scorer->errors) =
        (ScoreError){kind, arena_copy(arena, s->gold->id, strlen(s->gold->id)),
                     note && note->len ? arena_printf(arena, "%s   [%s]", where, note->bytes)
                                       : arena_copy(arena, where, strlen(where))};
    buf_close(&line);
}

/* The errors of one kind, `limit` of them evenly over the articles. */
static void
sample_kind(const Scorer *scorer, const char *kind, uint32_t count, uint32_t limit, Buf *out)
{
    uint32_t seen = 0, shown = 0;

    buf_printf(out, "\n== %s: %u\n", kind, count);
    for (uint32_t i = 0; i < scorer->errors.count && shown < limit; i++) {
        const ScoreError *e = &scorer->errors.items[i];
        if (strcmp(e->kind, kind) != 0)
            continue;
        if (seen++ < (count > limit ? (uint32_t)((uint64_t)shown * count / limit) : shown))
            continue;
        buf_printf(out, "%s: %s\n", e->article, e->where);
        shown++;
    }
}

void
scorer_sample(const Scorer *scorer, uint32_t limit, const char *only, Buf *out)
{
    struct {
        const char *name;
        uint32_t count;
    } kinds[ERROR_KINDS_MOST];
    uint32_t known = 0;

    for (uint32_t i = 0, k; i < scorer->errors.count; i++) {
        const char *kind = scorer->errors.items[i].kind;
        for (k = 0; k < known && strcmp(kinds[k].name, kind) != 0; k++)
            ;
        if (k == ERROR_KINDS_MOST)
            continue;
        if (k == known) {
            kinds[known].name = kind;
            kinds[known++].count = 0;
        }
        kinds[k].count++;
    }
    for (uint32_t k = 0; k < known; k++)
        if (only == NULL || strstr(kinds[k].name, only))
            sample_kind(scorer, kinds[k].name, kinds[k].count, limit, out);
}

/* ---- pairs */

static int
compare_pairs(const void *a, const void *b)
{
    const Pair *x = a, *y = b;

    if (x->score != y->score)
        return x->score > y->score ? -1 : 1;
    if (x->gold != y->gold)
        return x->gold < y->gold ? -1 : 1;
    return x->found < y->found ? -1 : x->found > y->found;
}

void
pairs_choose(Pairs *pairs, Arena *arena, uint32_t gold_count, uint32_t found_count)
{
    bool *gold_used = arena_zero(arena, gold_count + 1), *found_used = arena_zero(arena, found_count + 1);
    uint32_t kept = 0;

    if (pairs->count)
        qsort(pairs->items, pairs->count, sizeof *pairs->items, compare_pairs);
    for (uint32_t i = 0; i < pairs->count; i++) {
        Pair p = pairs->items[i];
        if (gold_used[p.gold] || found_used[p.found])
            continue;
        gold_used[p.gold] = found_used[p.found] = true;
        pairs->items[kept++] = p;
    }
    pairs->count = kept;
}

/* ---- an article */

static Span
in_points(const Offsets *offsets, Span bytes)
{
    return (Span){offsets_at(offsets, bytes.start), offsets_at(offsets, bytes.end)};
}

static void
gather_quote(Scoring *s, const Offsets *offsets, uint32_t node)
{
    const Quote *q = &s->a->quotes.items[s->graph.nodes.items[node].item];
    FoundQuote *f = vec_push(s->arena, &s->quotes);

    f->quote = q;
    f->speaker = (Span){NONE, NONE};
    for (uint32_t i = 0; i < q->spans.count; i++)
        if (q->spans.items[i].start < q->spans.items[i].end)
            *vec_push(s->arena, &f->content) = in_points(offsets, q->spans.items[i]);
    if (q->speaker < s->a->mentions.count)
        f->speaker = in_points(offsets, s->a->mentions.items[q->speaker].bytes);
    for (uint32_t i = 0; i < s->graph.edges.count; i++)
        if (s->graph.edges.items[i].kind == EDGE_SAID && s->graph.edges.items[i].target == node)
            *vec_push(s->arena, &f->nodes) = s->graph.edges.items[i].source;
}

static void
gather(Scoring *s)
{
    Offsets offsets;

    graph_build(&s->graph, s->a, s->arena, NULL);
    offsets_open(&offsets, s->arena, s->a->text, s->a->len, OFFSETS_CODEPOINT);
    for (uint32_t n = 0; n < s->graph.nodes.count; n++) {
        const GraphNode *node = &s->graph.nodes.items[n];
        if (node->kind == NODE_QUOTE)
            gather_quote(s, &offsets, n);
        for (uint32_t i = 0; node->kind != NODE_QUOTE && i < node->count; i++) {
            const Mention *m = &s->a->mentions.items[s->graph.mentions[node->first + i]];
            EntityType type = node->lone ? m->type : s->a->entities.items[node->item].type;
            *vec_push(s->arena, &s->mentions) =
                (Found){in_points(&offsets, m->bytes), type, m->kind, n, m->rule ? m->rule : "-", m->confidence};
        }
    }
}

void
scorer_article(Scorer *scorer, const Gold *gold, const Article *a, Arena *arena)
{
    static void (*const SCORE[LAYERS])(Scoring *) = {score_entities, score_quotes, score_relations, score_clusters,
                                                     score_titles};
    Scoring s = {.scorer = scorer, .gold = gold, .a = a, .arena = arena};

    scorer->articles++;
    scorer->missing += a == NULL;
    points_open(&s.points, scorer->rules, arena, gold->text, gold->len, gold->layers[LAYER_QUOTES]);
    if (a)
        gather(&s);
    for (int l = 0; l < LAYERS; l++)
        if (gold->layers[l])
            SCORE[l](&s);
}
