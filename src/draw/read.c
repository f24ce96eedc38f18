#include "draw/picture.h"

#include <jansson.h>
#include <string.h>

enum { ENOUGH = 1200 }; /* bytes of a text: nobody reads more in a picture */

static bool
bad(Error *err, const char *what)
{
    return error_set(err, ERROR_INPUT, NULL, 0, 0, NULL, 0, "the graph cannot be drawn: %s", what);
}

/* The beginning of a string, up to the end of a character; "" where there is none.  A NUL would end it: it becomes a control that
 * is cleaned away as such. */
static const char *
text_of(Arena *arena, const json_t *value)
{
    const char *text = json_is_string(value) ? json_string_value(value) : "";
    size_t len = json_is_string(value) ? json_string_length(value) : 0;
    char *copy;

    if (len > ENOUGH)
        for (len = ENOUGH; len && ((unsigned char)text[len] & 0xc0) == 0x80;)
            len--;
    copy = arena_copy(arena, text, len);
    for (size_t i = 0; i < len; i++)
        if (copy[i] == '\0')
            copy[i] = '\1';
    return copy;
}

/* ---- nodes */

static DrawKind
kind_of(const char *type)
{
    static const char *const TYPES[DRAW_KINDS] = {"person", "organization", "place", "title", "quote"};
    int kind = 0;

    while (kind < DRAW_KINDS && strcmp(type, TYPES[kind]) != 0)
        kind++;
    return (DrawKind)kind;
}

static bool
read_node(Picture *p, const json_t *node, json_t *numbers, Error *err)
{
    const json_t *id = json_object_get(node, "id"), *type = json_object_get(node, "type");
    const char *form = json_string_value(json_object_get(node, "form"));
    DrawKind kind = json_is_string(type) ? kind_of(json_string_value(type)) : DRAW_KINDS;
    const json_t *text = json_object_get(node, kind == DRAW_QUOTE ? "text" : "name");

    if (!json_is_string(id) || kind == DRAW_KINDS || !json_is_string(text))
        return bad(err, "a node has no id, no known type, or no name");
    if (json_object_get(numbers, json_string_value(id)))
        return bad(err, "two of its nodes have the same id");
    json_object_set_new(numbers, json_string_value(id), json_integer((json_int_t)p->nodes.count + 1));
    *vec_push(p->arena, &p->nodes) = (Node){.kind = kind, .id = text_of(p->arena, id), .text = text_of(p->arena, text),
                                            .named = !json_is_false(json_object_get(node, "named")),
                                            .direct = form && strcmp(form, "direct") == 0,
                                            .honorific = json_is_true(json_object_get(node, "honorific"))};
    return true;
}

/* ---- links */

static uint32_t
end_of(const json_t *edge, const char *key, const json_t *numbers)
{
    const char *id = json_string_value(json_object_get(edge, key));

    return id ? (uint32_t)json_integer_value(json_object_get(numbers, id)) : 0;
}

static bool
read_link(Picture *p, const json_t *edge, const json_t *numbers, Error *err)
{
    const char *type = json_string_value(json_object_get(edge, "type"));
    const json_t *role = json_object_get(edge, "role");
    uint32_t source = end_of(edge, "source", numbers), target = end_of(edge, "target", numbers);
    int kind = 0;

    while (type && kind < EDGE_KINDS && strcmp(type, edge_name((EdgeKind)kind)) != 0)
        kind++;
    if (type == NULL || kind == EDGE_KINDS || source == 0 || target == 0)
        return bad(err, "an edge is of no known type, or goes to no node");
    if (json_is_true(json_object_get(edge, "negated")) || json_is_true(json_object_get(edge, "hypothetical")))
        return true; /* a line would say that it is so */
    *vec_push(p->arena, &p->links) = (Link){.kind = (EdgeKind)kind, .source = source - 1, .target = target - 1,
                                            .former = json_is_true(json_object_get(edge, "former")),
                                            .role = json_is_string(role) ? text_of(p->arena, role) : NULL};
    return true;
}

static bool
read_all(Picture *p, const json_t *root, json_t *numbers, Error *err)
{
    const json_t *graph = json_object_get(root, "graph"), *headline = json_object_get(graph, "headline");
    const json_t *nodes = json_object_get(root, "nodes"), *edges = json_object_get(root, "edges");
    const char *schema = json_string_value(json_object_get(root, "schema"));
    size_t i;
    json_t *item;

    if (schema == NULL || strcmp(schema, "onrecord/1") != 0)
        return bad(err, "its schema is not onrecord/1");
    if (!json_is_object(graph) || !json_is_array(nodes) || !json_is_array(edges))
        return bad(err, "it has no graph, no nodes or no edges");
    p->title = text_of(p->arena, json_is_string(headline) ? headline : json_object_get(graph, "id"));
    json_array_foreach(nodes, i, item)
        if (!read_node(p, item, numbers, err))
            return false;
    json_array_foreach(edges, i, item)
        if (!read_link(p, item, numbers, err))
            return false;
    return true;
}

bool
picture_read(Picture *p, const char *json, size_t len, Error *err)
{
    json_error_t why;
    json_t *root = json_loadb(json, len, JSON_ALLOW_NUL, &why), *numbers = json_object();
    bool ok = root ? read_all(p, root, numbers, err) : bad(err, why.text);

    json_decref(numbers);
    json_decref(root);
    return ok;
}
