/* Scores quotes: their content by words, one to one; their speakers; and the words inside quotation marks. */
#include "eval/score_p.h"

#include <stdlib.h>

enum { FORMS = FORM_INDIRECT + 1 };
static const double MATCH = 0.8; /* the F1 of the words from which a found quote is a gold quote */

/* A gold quote that has words at all. */
typedef struct {
    const GoldQuote *quote;
    Indices words;
    double best;        /* the best F1 of any found quote */
    uint32_t pair;      /* the found quote that it is, or NONE */
    bool right;         /* and its speaker is right */
} Wanted;

typedef struct {
    Scoring *s;
    VEC(Wanted) wanted;
    uint32_t *pair; /* of each found quote: the gold quote, or NONE */
    double *near;   /* of each found quote: the best F1 */
} Quotes;

static int
compare_indices(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return x < y ? -1 : x > y;
}

/* The words that spans touch, in order, each once. */
static Indices
words_of(Scoring *s, const Spans *spans)
{
    Indices out = {0};
    uint32_t kept = 0;

    for (uint32_t i = 0; i < spans->count; i++)
        points_words(&s->points, s->arena, spans->items[i], &out);
    if (out.count)
        qsort(out.items, out.count, sizeof *out.items, compare_indices);
    for (uint32_t i = 0; i < out.count; i++)
        if (kept == 0 || out.items[kept - 1] != out.items[i])
            out.items[kept++] = out.items[i];
    out.count = kept;
    return out;
}

static uint32_t
count_shared(const Indices *a, const Indices *b)
{
    uint32_t shared = 0;

    for (uint32_t i = 0, j = 0; i < a->count && j < b->count;) {
        shared += a->items[i] == b->items[j];
        if (a->items[i] <= b->items[j])
            i += 1, j += a->items[i - 1] == b->items[j];
        else
            j++;
    }
    return shared;
}

static bool
is_right_speaker(const Wanted *w, const FoundQuote *found)
{
    for (uint32_t i = 0; found->speaker.start != NONE && i < w->quote->source.count; i++)
        if (span_common(found->speaker, w->quote->source.items[i]))
            return true;
    return false;
}

static void
match_content(Quotes *q)
{
    Scoring *s = q->s;
    Pairs pairs = {0};

    for (uint32_t i = 0; i < q->wanted.count; i++)
        for (uint32_t j = 0; j < s->quotes.count; j++) {
            Wanted *w = &q->wanted.items[i];
            const Indices *words = &s->quotes.items[j].words;
            uint32_t shared = count_shared(&w->words, words);
            double f1 = shared ? 2.0 * shared / (w->words.count + words->count) : 0;
            w->best = f1 > w->best ? f1 : w->best;
            q->near[j] = f1 > q->near[j] ? f1 : q->near[j];
            if (f1 >= MATCH)
                *vec_push(s->arena, &pairs) = (Pair){f1, i, j};
        }
    pairs_choose(&pairs, s->arena, q->wanted.count, s->quotes.count);
    for (uint32_t i = 0; i < pairs.count; i++) {
        Wanted *w = &q->wanted.items[pairs.items[i].gold];
        w->pair = pairs.items[i].found;
        w->right = is_right_speaker(w, &s->quotes.items[w->pair]);
        q->pair[w->pair] = pairs.items[i].gold;
    }
}

/* ---- the speaker's name */

static bool
has_hash(const Hashes *list, uint64_t hash)
{
    for (uint32_t i = 0; i < list->count; i++)
        if (list->items[i] == hash)
            return true;
    return false;
}

/* Is this form the wanted name, or a part of it that has its last word? */
static bool
is_name(Scoring *s, const char *form, size_t len, const Hashes *wanted)
{
    Hashes got = {0};
    bool same, part;

    points_name(s->scorer->rules, s->arena, form, len, &got);
    same = got.count == wanted->count && got.count > 0;
    part = got.count > 0 && wanted->count > 0 && has_hash(&got, wanted->items[wanted->count - 1]);
    for (uint32_t i = 0; i < got.count; i++) {
        same = same && got.items[i] == wanted->items[i];
        part = part && has_hash(wanted, got.items[i]);
    }
    return same || part;
}

static bool
node_is_named(const Scoring *s, const GraphNode *node)
{
    return node->lone ? s->a->mentions.items[node->item].kind == KIND_NAME : s->a->entities.items[node->item].named;
}

/* Is the node that speaks the one whose name the gold gives?  Where it gives none, the node must be unnamed too. */
static bool
is_resolved(Scoring *s, const GoldQuote *gold, const FoundQuote *found)
{
    Hashes wanted = {0};

    if (gold->speaker)
        points_name(s->scorer->rules, s->arena, gold->speaker, strlen(gold->speaker), &wanted);
    for (uint32_t i = 0; i < found->nodes.count; i++) {
        const GraphNode *node = &s->graph.nodes.items[found->nodes.items[i]];
        const char *name = graph_node_name(node, s->a, s->arena);
        if (gold->speaker == NULL && node_is_named(s, node))
            return false;
        if (gold->speaker && is_name(s, name, strlen(name), &wanted))
            return true;
        for (uint32_t j = 0; gold->speaker && j < node->count; j++) {
            const Mention *m = &s->a->mentions.items[s->graph.mentions[node->first + j]];
            if (m->kind == KIND_NAME && is_name(s, s->a->text + m->bytes.start, m->bytes.end - m->bytes.start, &wanted))
                return true;
        }
    }
    return gold->speaker == NULL;
}

/* ---- figures */

static void
count_form(Quotes *q, uint32_t form)
{
    Scoring *s = q->s;
    Scorer *scorer = s->scorer;
    const char *name = form == FORMS ? "all" : form_name((QuoteForm)form);
    double content[4] = {0}, speaker[4] = {0};

    for (uint32_t j = 0; j < s->quotes.count; j++) {
        bool speaks = s->quotes.items[j].speaker.start != NONE;
        if (form != FORMS && s->quotes.items[j].quote->form != form)
            continue;
        content[0] += q->pair[j] != NONE;
        content[1]++;
        speaker[0] += speaks && q->pair[j] != NONE && q->wanted.items[q->pair[j]].right;
        speaker[1] += speaks;
    }
    for (uint32_t i = 0; i < q->wanted.count; i++) {
        const Wanted *w = &q->wanted.items[i];
        bool sourced = w->quote->source.count > 0;
        if (form != FORMS && w->quote->form != form)
            continue;
        content[2] += w->pair != NONE;
        content[3]++;
        speaker[2] += w->right;
        speaker[3] += sourced;
        score_share(scorer, w->best, 1, "quotes.token_f1.%s", name);
        if (sourced && w->pair != NONE)
            score_share(scorer, w->right, 1, "quotes.speaker.matched.%s", name);
    }
    score_tally(scorer, content, "quotes.content.%s", name);
    score_tally(scorer, speaker, "quotes.speaker.end_to_end.%s", name);
    for (uint32_t i = 0; i < q->wanted.count; i++) {
        const Wanted *w = &q->wanted.items[i];
        bool ok;
        if (!w->quote->knows_speaker || (form != FORMS && w->quote->form != form))
            continue;
        ok = w->pair != NONE && is_resolved(s, w->quote, &s->quotes.items[w->pair]);
        score_share(scorer, ok, 1, "quotes.resolved.all_gold.%s", name);
        if (w->pair != NONE)
            score_share(scorer, ok, 1, "quotes.resolved.matched.%s", name);
    }
}

/* Set the words of a quote that stand inside quotation marks. */
static void
set_marked(Scoring *s, QuoteForm form, const Indices *words, const Spans *content, bool *set)
{
    Indices inside = {0};

    if (form == FORM_INDIRECT)
        return;
    if (form == FORM_MIXED) {
        for (uint32_t i = 0; i < content->count; i++)
            for (uint32_t j = 0; j < s->points.marked.count; j++) {
                Span a = content->items[i], b = s->points.marked.items[j];
                if (span_common(a, b))
                    points_words(&s->points, s->arena,
                                 (Span){a.start > b.start ? a.start : b.start, a.end < b.end ? a.end : b.end}, &inside);
            }
        words = &inside;
    }
    for (uint32_t i = 0; i < words->count; i++)
        set[words->items[i]] = true;
}

static void
count_marked(Quotes *q)
{
    Scoring *s = q->s;
    uint32_t count = s->points.words.count;
    bool *gold = arena_zero(s->arena, count + 1), *found = arena_zero(s->arena, count + 1);
    double counts[4] = {0};

    for (uint32_t i = 0; i < q->wanted.count; i++)
        set_marked(s, q->wanted.items[i].quote->form, &q->wanted.items[i].words, &q->wanted.items[i].quote->content, gold);
    for (uint32_t j = 0; j < s->quotes.count; j++)
        set_marked(s, s->quotes.items[j].quote->form, &s->quotes.items[j].words, &s->quotes.items[j].content, found);
    for (uint32_t w = 0; w < count; w++) {
        counts[0] += gold[w] && found[w];
        counts[1] += found[w];
        counts[3] += gold[w];
    }
    counts[2] = counts[0];
    score_tally(s->scorer, counts, "quotes.marked_words");
}

/* ---- errors */

static Span
hull_of(const Spans *spans)
{
    Span hull = spans->items[0];

    for (uint32_t i = 1; i < spans->count; i++)
        hull = span_hull(hull, spans->items[i]);
    return hull;
}

static void
speaker_error(Scoring *s, const Wanted *w)
{
    const Spans *source = &w->quote->source;
    Span got = s->quotes.items[w->pair].speaker;
    Buf note = {0};

    buf_str(&note, "gold \u201c");
    for (uint32_t i = 0; i < source->count; i++) {
        buf_str(&note, i ? " \u2026 " : "");
        points_put(&s->points, source->items[i], &note);
    }
    buf_str(&note, "\u201d, predicted ");
    if (got.start != NONE) {
        buf_str(&note, "\u201c");
        points_put(&s->points, got, &note);
        buf_str(&note, "\u201d");
    } else {
        buf_str(&note, "none");
    }
    score_error(s, "speaker, wrong", span_hull(hull_of(&w->quote->content), hull_of(source)), &note);
    buf_close(&note);
}

static void
quote_errors(Quotes *q)
{
    Scoring *s = q->s;
    Buf note = {0};

    for (uint32_t j = 0; j < s->quotes.count; j++) {
        const FoundQuote *f = &s->quotes.items[j];
        if (q->pair[j] != NONE || f->content.count == 0)
            continue;
        buf_clear(&note);
        buf_printf(&note, "%s, rule %s, best word F1 %.2f", form_name(f->quote->form),
                   f->quote->rule ? f->quote->rule : "-", q->near[j]);
        score_error(s, "quote, false positive", hull_of(&f->content), &note);
    }
    for (uint32_t i = 0; i < q->wanted.count; i++) {
        const Wanted *w = &q->wanted.items[i];
        if (w->pair == NONE) {
            buf_clear(&note);
            buf_printf(&note, "%s, best word F1 %.2f", form_name(w->quote->form), w->best);
            score_error(s, "quote, false negative", hull_of(&w->quote->content), &note);
        } else if (w->quote->source.count && !w->right) {
            speaker_error(s, w);
        }
    }
    buf_close(&note);
}

void
score_quotes(Scoring *s)
{
    Quotes q = {.s = s};

    q.pair = arena_alloc(s->arena, (s->quotes.count + 1) * sizeof *q.pair);
    q.near = arena_zero(s->arena, (s->quotes.count + 1) * sizeof *q.near);
    for (uint32_t j = 0; j < s->quotes.count; j++) {
        s->quotes.items[j].words = words_of(s, &s->quotes.items[j].content);
        q.pair[j] = NONE;
    }
    for (uint32_t i = 0; i < s->gold->quotes.count; i++) {
        Indices words = words_of(s, &s->gold->quotes.items[i].content);
        if (words.count)
            *vec_push(s->arena, &q.wanted) = (Wanted){&s->gold->quotes.items[i], words, 0, NONE, false};
    }
    match_content(&q);
    for (uint32_t form = 0; form <= FORMS; form++)
        count_form(&q, form);
    count_marked(&q);
    for (uint32_t j = 0; j < s->quotes.count; j++) {
        const Wanted *w = q.pair[j] == NONE ? NULL : &q.wanted.items[q.pair[j]];
        score_trust(s->scorer, TRUST_QUOTES, s->quotes.items[j].quote->confidence,
                    w && (w->right || w->quote->source.count == 0));
    }
    if (s->scorer->keep_errors)
        quote_errors(&q);
}
