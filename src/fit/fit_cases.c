/* Annotated articles as the fit takes them: every candidate a case, its evidence as numbers. */
#include "base/hash.h"
#include "base/mem.h"
#include "base/vec.h"
#include "fit/fit_p.h"
#include "pipeline.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>

/* ---- evidence by number */

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

static bool
is_spelling(Template template)
{
    return template < T_WORD + INSIDE_ROLES || template == T_SUFFIX || template == T_PREFIX || template == T_LAST_SUFFIX;
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
        d->items[number].spelling = is_spelling(template);
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
        if (template == T_SPAN_RULE)
            for (int t = 0; t < NAME_TYPES; t++)
                d->items[number].stated[t] = names_stated_weight(value->rule, value->number, t);
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

bool
fit_read(Fit *f, const char *path, Error *err)
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

bool
fit_prepare(const Fit *f, const GoldArticle *g, Article *a, Arena *arena, Names *n)
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
    CollectSink sink = {{collect}, f, n};
    GoldArticle *g = &f->articles[article];

    g->segment_from = f->segment_count;
    for (uint32_t s = 0; s < n->segments.count; s++) {
        Range r = n->segments.items[s].candidates;
        uint32_t base = n->segments.items[s].tokens.start;
        FitSegment *segment = PUSH(f->segments, f->segment_count, f->segment_room);
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

void
fit_build_cases(Fit *f)
{
    Arena arena;
    uint32_t gold = 0;

    arena_init(&arena);
    for (uint32_t i = 0; i < f->article_count; i++) {
        Article a;
        Names n;
        gold += f->articles[i].gold_count;
        if (fit_prepare(f, &f->articles[i], &a, &arena, &n))
            add_cases(f, i, &n);
        arena_reset(&arena);
    }
    f->missed = gold - f->reached;
    arena_close(&arena);
}

void
fit_add_seen(Fit *f, const Names *n, const Candidate *c, Case *one)
{
    CollectSink sink = {{collect}, f, n};

    one->seen_from = (uint32_t)f->number_count;
    names_seen_evidence(n, c, &sink.sink);
    one->seen_to = (uint32_t)f->number_count;
}

void
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
