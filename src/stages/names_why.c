/* Why a name is a name: the stage's own reading once more, with its evidence kept. */
#include "stages/names.h"

#include <stdlib.h>

void
names_why_open(NamesWhy *why, Article *a, const RuleSet *rules, Arena *arena)
{
    why->scratch = scratch_new(rules);
    names_read(&why->names, a, rules, why->scratch, arena);
}

void
names_why_close(NamesWhy *why)
{
    scratch_free(why->scratch);
}

typedef struct {
    Sink sink;
    const Names *n;
    int type;
    NameWhy *out;
} ReasonSink;

static void
take_reason(Sink *sink, Template template, const EvidenceValue *value)
{
    ReasonSink *s = (ReasonSink *)sink;
    int weight = names_row(s->n, template, value)[NAME_TYPES + s->type];
    Buf text = {0};

    if (weight == 0)
        return;
    evidence_text(s->n, value, &text);
    *vec_push(s->n->arena, &s->out->reasons) =
        (NameReason){template_name(template), arena_copy(s->n->arena, text.bytes ? text.bytes : "", text.len),
                     value->kind == VALUE_RULE ? value->rule : NULL, (float)weight / WEIGHT_UNIT};
    buf_close(&text);
}

static float
size_of(float x)
{
    return x < 0 ? -x : x;
}

static int
compare_reasons(const void *a, const void *b)
{
    const NameReason *x = a, *y = b;
    float dx = size_of(x->weight), dy = size_of(y->weight);
    int order = strcmp(x->template, y->template);

    return dx > dy ? -1 : dx < dy ? 1 : order ? order : strcmp(x->value, y->value);
}

static int
best_type(const Candidate *c)
{
    int best = 0;

    for (int t = 1; t < NAME_TYPES; t++)
        best = c->score[NAME_TYPES + t] > c->score[NAME_TYPES + best] ? t : best;
    return best;
}

static int
best_score(const Candidate *c)
{
    return c->score[NAME_TYPES + best_type(c)];
}

static void
explain(NamesWhy *why, uint32_t index, NameWhy *out)
{
    const Candidate *c = &why->names.candidates.items[index];
    int type = c->label[1] >= 0 ? c->label[1] : best_type(c);
    ReasonSink s = {{take_reason}, &why->names, type, out};

    *out = (NameWhy){.tokens = c->tokens, .type = NAME_TYPE[type], .taken = c->label[1] >= 0};
    memcpy(out->probability, c->probability, sizeof out->probability);
    for (int t = 0; t < NAME_TYPES; t++)
        out->score[t] = (float)c->score[NAME_TYPES + t] / WEIGHT_UNIT;
    names_evidence(&why->names, c, true, &s.sink);
    if (out->reasons.count)
        qsort(out->reasons.items, out->reasons.count, sizeof *out->reasons.items, compare_reasons);
}

/* The first candidate that begins at a token or behind it. */
static uint32_t
first_from(const Names *n, uint32_t token)
{
    uint32_t low = 0, high = n->candidates.count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (n->candidates.items[middle].tokens.start < token)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool
names_why(NamesWhy *why, Range tokens, NameWhy *out)
{
    const Names *n = &why->names;

    for (uint32_t i = first_from(n, tokens.start); i < n->candidates.count; i++) {
        const Candidate *c = &n->candidates.items[i];
        if (c->tokens.start != tokens.start)
            break;
        if (c->tokens.end == tokens.end && c->label[1] >= 0) {
            explain(why, i, out);
            return true;
        }
    }
    return false;
}

bool
names_why_at(NamesWhy *why, uint32_t token, NameWhy *out)
{
    const Names *n = &why->names;
    uint32_t best = NONE, from = first_from(n, token >= NAME_LONGEST ? token - NAME_LONGEST + 1 : 0);

    for (uint32_t i = from; i < n->candidates.count && n->candidates.items[i].tokens.start <= token; i++) {
        const Candidate *c = &n->candidates.items[i], *b = best == NONE ? NULL : &n->candidates.items[best];
        if (c->tokens.end > token && (b == NULL || best_score(c) > best_score(b)))
            best = i;
    }
    if (best != NONE)
        explain(why, best, out);
    return best != NONE;
}
