/* Names: that what is added up is what the evidence says piece by piece, and what the decision promises. */
#include "unit.h"

#include "stages/names.h"

static const char ARTICLE[] =
    "FERRY STAYS IN PORT\n\nPORT WENDLE, March 3 (Coast Wire) - Mayor Ada Quill of Port Wendle said the Harbour Trust was shut. "
    "Dr. Jean-Luc van der Berg, 53, of the University of Lower Example's School of Rivers, met Quill and the HT on Monday. "
    "\"Wendle waits,\" said Berg, who heads Quill & Sons Shipping Ltd. in Nairobi, Kenya.\n\nHarbour Trust (HT) spokesman "
    "Chun-hei Yiu told the U.S. Coast Guard that 3M and the Quill family had left.\n\nWENDLE\n\nQuill\n\n"
    "\xc3\x89lodie Qu\xc3\xa9r\xc3\xa9 of S\xc3\xa3o Exemplo beat Ada Quill 6-3 6-4.";

typedef struct {
    Sink sink;
    const Names *n;
    WeightRow sum;
    int best[NAME_TYPES]; /* the strongest piece for each type, in the second reading */
} Added;

static void
add(Sink *sink, Template template, const EvidenceValue *value)
{
    Added *a = (Added *)sink;
    WeightRow row = names_row(a->n, template, value);

    a->sum += row;
    for (int t = 0; t < NAME_TYPES && template != T_BIAS; t++)
        if (row[NAME_TYPES + t] > a->best[t])
            a->best[t] = row[NAME_TYPES + t];
}

static void
sums_agree(const Names *n)
{
    for (uint32_t i = 0; i < n->candidates.count; i++) {
        const Candidate *c = &n->candidates.items[i];
        Added a = {.sink = {add}, .n = n};
        names_evidence(n, c, true, &a.sink);
        for (int k = 0; k < WEIGHTS; k++)
            cr_assert_eq(a.sum[k], c->score[k], "tokens %u to %u, weight %d: the pieces say %d, the score %d", c->tokens.start,
                         c->tokens.end, k, a.sum[k], c->score[k]);
    }
}

/* No candidates of two segments share a token, and those of one stand in order. */
static void
segments_part(const Names *n)
{
    uint32_t at = 0, end = 0;

    for (uint32_t s = 0; s < n->segments.count; s++) {
        const Segment *segment = &n->segments.items[s];
        cr_assert_eq(segment->candidates.start, at);
        cr_assert(segment->candidates.end > at && segment->tokens.start >= end);
        for (; at < segment->candidates.end; at++) {
            Range r = n->candidates.items[at].tokens;
            cr_assert(r.start >= segment->tokens.start && r.start < r.end && r.end <= segment->tokens.end);
        }
        end = segment->tokens.end;
    }
    cr_assert_eq(at, n->candidates.count);
}

static void
labels_hold(const Names *n)
{
    uint32_t end = 0, claim = 0;

    for (uint32_t i = 0; i < n->candidates.count; i++) {
        const Candidate *c = &n->candidates.items[i];
        double all = 0;
        if (c->label[1] < 0)
            continue;
        cr_assert(c->tokens.start >= end, "two names share a token");
        end = c->tokens.end;
        for (int t = 0; t < NAME_TYPES; t++)
            all += (double)c->probability[t];
        cr_assert(all > 0 && all < 1.0001, "it is one thing at most: %f", all);
        cr_assert(c->probability[c->label[1]] > 0.1f, "what is taken is likely: %f", (double)c->probability[c->label[1]]);
        cr_assert_str_not_empty(names_reason(n, c, &claim));
    }
}

/* How many candidates there were. */
static uint32_t
read_and_check(World *w, const char *text)
{
    Names n;

    world_read(w, text, "sentences");
    names_read(&n, &w->a, w->rules, w->scratch, &w->arena);
    sums_agree(&n);
    segments_part(&n);
    labels_hold(&n);
    return n.candidates.count;
}

/* More than once, so that what is remembered of words is asked as well as what is worked out. */
Test(names, the_scores_are_what_the_evidence_says)
{
    World *w = world_ours();
    Buf text = {0};

    for (int round = 0; round < 2; round++) {
        cr_assert_gt(read_and_check(w, ARTICLE), 50);
        for (uint64_t seed = 1; seed <= 100; seed++) {
            text_noise(&text, seed * 1000);
            read_and_check(w, text.bytes);
        }
    }
    buf_close(&text);
    world_free(w);
}

/* The user's lists are a lexicon of their own, and his rules have weights of their own. */
Test(names, so_they_are_with_lists_and_rules_of_the_user)
{
    World *w = world_with("own.tsv", "# feature: org-head\n# case: capital\nWendle\nHarbour Trust\n", "own.rules",
                          "phase = names\nkind = token\nscope = sentence\n[own.berg]\nabout = Berg.\nmatch = (?<place> {\"Berg\"} )\n"
                          "weight = 20\n[own.quill]\nabout = Quill.\nmatch = (?<person> {\"Quill\"} )\nweight = -20\n",
                          NULL);

    read_and_check(w, "They met Berg and Wendle, and the Harbour Trust.");
    world_free(w);
}

/* A sentence of nothing but capitals, longer than any is let be. */
Test(names, a_run_without_end)
{
    World *w = world_ours();
    Buf text = {0};

    for (int i = 0; i < 3000; i++)
        buf_str(&text, i % 7 ? "Wendle " : "QUILL of ");
    read_and_check(w, text.bytes);
    buf_close(&text);
    world_free(w);
}
