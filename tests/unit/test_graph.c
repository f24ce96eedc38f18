/* Offsets, the graph's ids and edges, and the writer held against a JSON parser. */
#include "unit.h"

#include "graph/escape.h"
#include "graph/graph.h"
#include "graph/offsets.h"
#include "text/utf8.h"

#include <jansson.h>

/* ---- offsets */

static void
offsets_agree(const char *text, size_t len)
{
    Arena arena;
    Offsets points, units, bytes;

    arena_init(&arena);
    offsets_open(&points, &arena, text, (uint32_t)len, OFFSETS_CODEPOINT);
    offsets_open(&units, &arena, text, (uint32_t)len, OFFSETS_UTF16);
    offsets_open(&bytes, &arena, text, (uint32_t)len, OFFSETS_BYTE);
    for (uint32_t at = 0; at <= len; at++) {
        if (at < len && ((unsigned char)text[at] & 0xc0) == 0x80)
            continue; /* inside a character */
        cr_assert_eq(offsets_at(&points, at), utf8_count(text, at), "at byte %u", at);
        cr_assert_eq(offsets_at(&units, at), utf8_count_utf16(text, at), "at byte %u", at);
        cr_assert_eq(offsets_at(&bytes, at), at);
    }
    arena_close(&arena);
}

Test(offsets, they_count_what_a_plain_count_counts)
{
    static const char *const pieces[] = {"a", "\xc3\xa9", "\xe2\x80\x9c", "\xf0\x9f\x9a\xa2"};
    Buf text = {0};

    offsets_agree("", 0);
    offsets_agree("plain", 5);
    /* every length around the size of a block, with characters of every length at its edge */
    for (int before = 50; before < 70; before++)
        for (int piece = 0; piece < 4; piece++) {
            buf_clear(&text);
            for (int i = 0; i < before; i++)
                buf_char(&text, 'x');
            for (int i = 0; i < 40; i++)
                buf_str(&text, pieces[(piece + i) % 4]);
            offsets_agree(text.bytes, text.len);
        }
    buf_close(&text);
}

/* ---- strings */

static void
json_round(const char *bytes, size_t len)
{
    Buf out = {0};
    json_t *value;

    buf_json(&out, bytes, len);
    value = json_loadb(out.bytes, out.len, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
    cr_assert_not_null(value, "no JSON: %s", out.bytes);
    cr_assert_eq(json_string_length(value), len);
    cr_assert_eq(memcmp(json_string_value(value), bytes, len), 0, "%s", out.bytes);
    json_decref(value);
    buf_close(&out);
}

Test(writer, every_character_comes_back)
{
    char all[128];

    for (int c = 0; c < 128; c++)
        all[c] = (char)c;
    json_round(all, sizeof all);
    for (int c = 0; c < 128; c++)
        json_round(all + c, 1);
    json_round("", 0);
    json_round("Caf\xc3\xa9 \xf0\x9f\x9a\xa2 \xe2\x80\xa8 \xef\xbf\xbd", 18);
}

Test(writer, no_line_separator_is_written_as_itself)
{
    static const char *const pieces[] = {"\xe2\x80\xa8", "\xe2\x80\xa9", "\xe2\x80\x9c", "\xc3\xa8", "\xe3\x80\xa9", "x", "\""};
    Buf text = {0}, out = {0};

    for (int before = 0; before < 10; before++)
        for (int piece = 0; piece < 7; piece++) {
            buf_clear(&text);
            buf_clear(&out);
            for (int i = 0; i < before; i++)
                buf_char(&text, 'x');
            for (int i = 0; i < 9; i++)
                buf_str(&text, pieces[(piece + i) % 7]);
            json_round(text.bytes, text.len);
            buf_json(&out, text.bytes, text.len);
            cr_assert(strstr(out.bytes, "\xe2\x80\xa8") == NULL && strstr(out.bytes, "\xe2\x80\xa9") == NULL, "%s", out.bytes);
        }
    buf_close(&text);
    buf_close(&out);
}

/* ---- the graph */

static const char TEXT[] = "PORT WENDLE (Coast Wire) - Mayor Ada Quill met Peter Marsh, chairman of Quill Shipping Ltd., in Z\xc3\xbcrich.\n\n"
                           "\xe2\x80\x9cIt is \xf0\x9f\x9a\xa2 late,\xe2\x80\x9d Quill said. \"Peter Marsh \\ must go.\"\n\n"
                           "A sailor said that the harbour was shut. The plan was \"a gift\", Marsh said.";

static json_t *
written(World *w, const GraphOptions *options)
{
    Graph graph;
    Buf out = {0};
    json_error_t why;
    json_t *value;

    graph_build(&graph, &w->a, &w->arena, options);
    graph_write(&out, &graph, &w->a, &w->arena, options);
    cr_assert_null(memchr(out.bytes, '\n', out.len), "a graph is one line");
    value = json_loadb(out.bytes, out.len, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &why);
    cr_assert_not_null(value, "%s at %d: %s", why.text, why.position, out.bytes);
    buf_close(&out);
    return value;
}

static size_t
length_of(const json_t *graph, const char *key)
{
    return json_array_size(json_object_get(graph, key));
}

Test(writer, a_parser_reads_what_the_graph_holds)
{
    World *w = world_ours();
    Graph graph;
    json_t *value, *head;

    world_read(w, TEXT, NULL);
    w->a.id = "an \"id\"";
    w->a.meta = "{\"big\": 123456789012345678901234567890.50}";
    graph_build(&graph, &w->a, &w->arena, NULL);
    cr_assert_gt(graph.nodes.count, 5);
    cr_assert_gt(graph.edges.count, 3);
    value = written(w, NULL);
    head = json_object_get(value, "graph");
    cr_assert_eq(length_of(value, "nodes"), graph.nodes.count);
    cr_assert_eq(length_of(value, "edges"), graph.edges.count);
    cr_assert_str_eq(json_string_value(json_object_get(head, "id")), "an \"id\"");
    cr_assert_eq(json_string_length(json_object_get(head, "text")), sizeof TEXT - 1);
    cr_assert_str_eq(json_string_value(json_object_get(head, "text")), TEXT);
    cr_assert(json_is_object(json_object_get(head, "meta")));
    for (uint32_t i = 0; i < graph.nodes.count; i++) {
        const json_t *node = json_array_get(json_object_get(value, "nodes"), i);
        char id[16];
        graph_node_id(&graph.nodes.items[i], id);
        cr_assert_str_eq(json_string_value(json_object_get(node, "id")), id);
        cr_assert_eq(graph_node_by_id(&graph, id), i, "an id finds its node");
        if (graph.nodes.items[i].kind != NODE_QUOTE)
            cr_assert_str_eq(json_string_value(json_object_get(node, "name")),
                             graph_node_name(&graph.nodes.items[i], &w->a, &w->arena));
    }
    for (uint32_t i = 0; i < graph.edges.count; i++) {
        const json_t *edge = json_array_get(json_object_get(value, "edges"), i);
        char id[16];
        graph_node_id(&graph.nodes.items[graph.edges.items[i].source], id);
        cr_assert_str_eq(json_string_value(json_object_get(edge, "source")), id);
        cr_assert_str_eq(json_string_value(json_object_get(edge, "type")), edge_name(graph.edges.items[i].kind));
    }
    json_decref(value);
    world_free(w);
}

Test(writer, an_empty_article_is_a_graph_too)
{
    World *w = world_ours();
    json_t *value;

    world_read(w, "", NULL);
    w->a.id = "";
    value = written(w, NULL);
    cr_assert_eq(length_of(value, "nodes"), 0);
    cr_assert_eq(length_of(value, "edges"), 0);
    cr_assert_str_eq(json_string_value(json_object_get(json_object_get(value, "graph"), "text")), "");
    json_decref(value);
    world_free(w);
}

Test(graph, an_id_that_is_no_id)
{
    World *w = world_ours();
    Graph graph;

    world_read(w, TEXT, NULL);
    graph_build(&graph, &w->a, &w->arena, NULL);
    cr_assert_eq(graph_node_by_id(&graph, ""), NONE);
    cr_assert_eq(graph_node_by_id(&graph, "e"), NONE);
    cr_assert_eq(graph_node_by_id(&graph, "e0"), NONE);
    cr_assert_eq(graph_node_by_id(&graph, "e99999"), NONE);
    cr_assert_eq(graph_node_by_id(&graph, "x1"), NONE);
    world_free(w);
}

/* With some forms alone the quotes left keep their numbers, and no edge goes to one that is hidden. */
Test(graph, quotes_of_other_forms_are_hidden_and_keep_their_numbers)
{
    World *w = world_ours();
    GraphOptions indirect = {.forms = 1u << FORM_INDIRECT};
    Graph all, some;

    world_read(w, TEXT, NULL);
    graph_build(&all, &w->a, &w->arena, NULL);
    graph_build(&some, &w->a, &w->arena, &indirect);
    cr_assert_eq(all.nodes.count, some.nodes.count);
    cr_assert_lt(some.edges.count, all.edges.count);
    for (uint32_t i = 0; i < some.nodes.count; i++) {
        const GraphNode *node = &some.nodes.items[i];
        cr_assert_eq(node->number, all.nodes.items[i].number);
        cr_assert_eq(node->hidden, node->kind == NODE_QUOTE && w->a.quotes.items[node->item].form != FORM_INDIRECT);
    }
    for (uint32_t i = 0; i < some.edges.count; i++)
        cr_assert_not(some.nodes.items[some.edges.items[i].source].hidden || some.nodes.items[some.edges.items[i].target].hidden);
    world_free(w);
}

Test(graph, the_text_is_left_out_if_it_is_not_wanted)
{
    World *w = world_ours();
    GraphOptions bare = {.no_text = true};
    json_t *value;

    world_read(w, TEXT, NULL);
    w->a.id = "a";
    value = written(w, &bare);
    cr_assert_null(json_object_get(json_object_get(value, "graph"), "text"));
    json_decref(value);
    world_free(w);
}
