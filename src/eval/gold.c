/* Reads gold records.  One idea: nothing is trusted; a span outside the text is a fault of the line, said with its
 * place, because a figure that was measured on less than the file is worse than none. */
#include "eval/gold.h"

#include "text/utf8.h"

#include <jansson.h>

const char *const LAYER_NAMES[LAYERS] = {"entities", "quotes", "relations", "clusters", "titles"};

typedef struct {
    Gold *gold;
    Arena *arena;
    const char *path;
    size_t line;
    Error *err;
} Reader;

static bool
fault(Reader *r, const char *what)
{
    return error_set(r->err, ERROR_INPUT, r->path, r->line, 0, NULL, 0, "no gold record: %s", what);
}

static const char *
copy_text(Reader *r, const json_t *value)
{
    return json_is_string(value) ? arena_copy(r->arena, json_string_value(value), json_string_length(value)) : NULL;
}

static bool
read_span(Reader *r, const json_t *start, const json_t *end, Span *out)
{
    json_int_t s = json_integer_value(start), e = json_integer_value(end);

    if (!json_is_integer(start) || !json_is_integer(end) || s < 0 || e < s || e > (json_int_t)r->gold->length)
        return fault(r, "a span is not inside the text");
    *out = (Span){(uint32_t)s, (uint32_t)e};
    return true;
}

/* [start, end] */
static bool
read_pair(Reader *r, const json_t *pair, Span *out)
{
    return read_span(r, json_array_get(pair, 0), json_array_get(pair, 1), out);
}

static bool
read_pairs(Reader *r, const json_t *list, Spans *out)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        Span at;
        if (!read_pair(r, json_array_get(list, i), &at))
            return false;
        *vec_push(r->arena, out) = at;
    }
    return true;
}

static bool
read_entities(Reader *r, const json_t *list)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *item = json_array_get(list, i);
        GoldEntity *e = vec_push(r->arena, &r->gold->entities);
        e->name = copy_text(r, json_object_get(item, "type"));
        if (!read_span(r, json_object_get(item, "start"), json_object_get(item, "end"), &e->at))
            return false;
        if (e->name == NULL)
            return fault(r, "an entity has no type");
        for (EntityType t = TYPE_PERSON; t <= TYPE_PLACE; t++)
            if (strcmp(e->name, entity_type_name(t)) == 0)
                e->type = t;
    }
    return true;
}

static bool
read_quotes(Reader *r, const json_t *list)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *item = json_array_get(list, i), *speaker = json_object_get(item, "speaker_name");
        const char *form = json_string_value(json_object_get(item, "form"));
        GoldQuote *q = vec_push(r->arena, &r->gold->quotes);
        bool known = false;
        for (QuoteForm f = FORM_DIRECT; form && f <= FORM_INDIRECT; f++)
            if (strcmp(form, form_name(f)) == 0) {
                q->form = f;
                known = true;
            }
        if (!known)
            return fault(r, "a quote's form is not direct, mixed or indirect");
        q->knows_speaker = speaker != NULL;
        q->speaker = copy_text(r, speaker);
        if (!read_pairs(r, json_object_get(item, "content"), &q->content) ||
            !read_pairs(r, json_object_get(item, "source"), &q->source))
            return false;
    }
    return true;
}

static bool
is_entity(const Reader *r, const json_t *number)
{
    return json_is_integer(number) && json_integer_value(number) >= 0 &&
           json_integer_value(number) < (json_int_t)r->gold->entities.count;
}

static bool
read_relations(Reader *r, const json_t *list)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *item = json_array_get(list, i), *head = json_object_get(item, "head"),
                     *tail = json_object_get(item, "tail");
        const char *kind = json_string_value(json_object_get(item, "type"));
        GoldRelation *g = vec_push(r->arena, &r->gold->relations);
        if (kind == NULL || !is_entity(r, head) || !is_entity(r, tail))
            return fault(r, "a relation has no type, or its ends are no entities");
        *g = (GoldRelation){EDGE_KINDS, (uint32_t)json_integer_value(head), (uint32_t)json_integer_value(tail)};
        for (EdgeKind k = EDGE_AFFILIATED; k <= EDGE_PART_OF; k++)
            if (strcmp(kind, edge_name(k)) == 0)
                g->kind = k;
    }
    return true;
}

static bool
read_clusters(Reader *r, const json_t *list)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *group = json_array_get(list, i);
        Indices *out = vec_push(r->arena, &r->gold->clusters);
        for (size_t j = 0; j < json_array_size(group); j++) {
            if (!is_entity(r, json_array_get(group, j)))
                return fault(r, "a cluster names what is no entity");
            *vec_push(r->arena, out) = (uint32_t)json_integer_value(json_array_get(group, j));
        }
    }
    return true;
}

static bool
read_titles(Reader *r, const json_t *list)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *item = json_array_get(list, i), *holder = json_object_get(item, "holder"),
                     *body = json_object_get(item, "org");
        GoldTitle *t = vec_push(r->arena, &r->gold->titles);
        t->holder = t->body = (Span){NONE, NONE};
        if (!read_pair(r, json_object_get(item, "title"), &t->title) ||
            (json_array_size(holder) && !read_pair(r, holder, &t->holder)) ||
            (json_array_size(body) && !read_pair(r, body, &t->body)))
            return false;
    }
    return true;
}

static bool
read_record(Reader *r, const json_t *record)
{
    const json_t *text = json_object_get(record, "text"), *layers = json_object_get(record, "layers");
    Gold *gold = r->gold;

    gold->id = copy_text(r, json_object_get(record, "id"));
    gold->text = copy_text(r, text);
    if (gold->id == NULL || gold->text == NULL || !json_is_array(layers))
        return fault(r, "it needs id, text and layers");
    gold->len = json_string_length(text);
    gold->length = (uint32_t)utf8_count(gold->text, gold->len);
    for (size_t i = 0; i < json_array_size(layers); i++) {
        const char *name = json_string_value(json_array_get(layers, i));
        for (int l = 0; l < LAYERS; l++)
            if (name && strcmp(name, LAYER_NAMES[l]) == 0)
                gold->layers[l] = true;
    }
    return read_entities(r, json_object_get(record, "entities")) && read_quotes(r, json_object_get(record, "quotes")) &&
           read_relations(r, json_object_get(record, "relations")) &&
           read_clusters(r, json_object_get(record, "clusters")) && read_titles(r, json_object_get(record, "titles"));
}

bool
gold_read(Gold *gold, Arena *arena, const char *path, size_t number, const char *line, size_t len, Error *err)
{
    Reader r = {gold, arena, path, number, err};
    json_error_t why;
    json_t *record = json_loadb(line, len, JSON_ALLOW_NUL, &why);
    bool ok;

    *gold = (Gold){0};
    if (record == NULL)
        return error_set(err, ERROR_INPUT, path, number, (size_t)(why.column > 0 ? why.column : 0), NULL, 0, "%s",
                         why.text);
    ok = read_record(&r, record);
    json_decref(record);
    return ok;
}
