/* The writer of the graph format: straight into a buffer, since a tree of nodes in memory costs thirty times as much.
 *
 * The order of the keys is fixed; numbers are written by hand, so that no locale can change them. */
#include "graph/escape.h"
#include "graph/offsets.h"

#include "base/hash.h"
#include "text/utf8.h"

/* One of the format's own words: short, and copied as a whole, so that nobody need measure it again. */
enum { WORD_MOST = 16, KINDS = KIND_PRONOUN + 1 };

typedef struct {
    char text[WORD_MOST];
    uint32_t len;
} Word;

/* A rule's name as it is written, kept, since a few rules make most of an article's graph.  Longer ones are copied from where they stand. */
enum { NAME_MOST = 48, NAMES_BITS = 8 };

typedef struct {
    const char *rule; /* where it stands */
    uint32_t len;
    char text[NAME_MOST + 4];
} RuleName;

typedef struct {
    Buf *out;
    const Graph *graph;
    const Article *a;
    Arena *arena;
    Offsets offsets;
    Word types[TYPE_COUNT], kinds[KINDS], edges[EDGE_KINDS];
    RuleName *names;   /* by where the rule's name stands in memory … */
    const char *known[1 << NAMES_BITS]; /* … and whose is kept there, or NULL */
} Writer;

/* ---- text */

/* Write some of the article's text, escaped.  Most of it is names of at most sixteen bytes, all of them plain: those are written without a branch for
 * their length, which cannot be foreseen. */
static char *
write_slice(const Writer *w, char *to, Span bytes)
{
    const char *begin = w->a->text + bytes.start;
    uint32_t len = bytes.end - bytes.start;

    if (len <= 16 && w->a->len - bytes.start >= 16) {
        uint64_t low = eight_bytes(begin), high = eight_bytes(begin + 8), in_low, in_high;
        first_of_sixteen(len, &in_low, &in_high);
        if (((special_bytes(low) & in_low) | (special_bytes(high) & in_high)) == 0) {
            put_eight(to, low);
            put_eight(to + 8, high);
            return to + len;
        }
    }
    return json_escape(to, begin, w->a->text + bytes.end);
}

/* Text from outside the article, such as a path: it need not be UTF-8. */
static void
put_outside(Writer *w, const char *text)
{
    size_t len = strlen(text), bad, repaired;

    if (!utf8_check(text, len, &bad))
        text = utf8_repair(w->arena, text, len, &len, &repaired);
    buf_json(w->out, text, len);
}

static Word
word_of(const char *text)
{
    Word word = {.len = (uint32_t)strnlen(text, WORD_MOST)};

    memcpy(word.text, text, word.len);
    return word;
}

/* Write a word, with room for WORD_MOST. */
static inline char *
write_word(char *to, const Word *word)
{
    memcpy(to, word->text, WORD_MOST);
    return to + word->len;
}

static void
put_slice(Writer *w, Span bytes)
{
    char *to = buf_give(w->out, (bytes.end - bytes.start) * (size_t)ESCAPED_MOST + 24);

    *to++ = '"';
    to = write_slice(w, to, bytes);
    *to++ = '"';
    buf_take(w->out, to);
}

/* Three decimals, fewer where they are zeros; never 0. */
static char *
write_confidence(char *to, float confidence)
{
    uint32_t thousandths = confidence < 1 ? (uint32_t)((double)(confidence * 1000) + 0.5) : 1000, tenth, hundredth, last;

    if (thousandths >= 1000)
        return WRITE(to, "1.0");
    if (thousandths < 1)
        thousandths = 1;
    tenth = thousandths / 100;
    hundredth = thousandths / 10 % 10;
    last = thousandths % 10;
    to = WRITE(to, "0.");
    to[0] = (char)('0' + tenth);
    to[1] = (char)('0' + hundredth);
    to[2] = (char)('0' + last);
    return to + 1 + ((hundredth | last) != 0) + (last != 0);
}

/* What is written of a rule beside its name, and of a place, needs no more. */
enum { RULE_ROOM = 48 + NAME_MOST, PLACE_ROOM = 64 };

static const RuleName NOBODYS;

static const RuleName *
rule_name(Writer *w, const char *rule)
{
    uint32_t at = (uint32_t)((uint64_t)(uintptr_t)rule * 0x9e3779b97f4a7c15u >> (64 - NAMES_BITS));
    RuleName *name = &w->names[at];

    if (rule && w->known[at] != rule) {
        w->known[at] = name->rule = rule;
        name->len = (uint32_t)strlen(rule);
        memcpy(name->text, rule, name->len < NAME_MOST ? name->len : NAME_MOST);
    }
    return rule ? name : &NOBODYS;
}

/* Write which rule made a thing, and how sure it is, with room for the name's length and RULE_ROOM.  (The names of rules are plain.) */
static char *
write_rule(char *to, const RuleName *name, float confidence)
{
    if (name->len) {
        to = WRITE(to, ",\"rule\":\"");
        if (name->len <= NAME_MOST)
            memcpy(to, name->text, NAME_MOST);
        else
            memcpy(to, name->rule, name->len);
        to += name->len;
        *to++ = '"';
    }
    return confidence > 0 ? write_confidence(WRITE(to, ",\"confidence\":"), confidence) : to;
}

static void
put_rule(Writer *w, const char *rule, float confidence)
{
    const RuleName *name = rule_name(w, rule);

    buf_take(w->out, write_rule(buf_give(w->out, name->len + RULE_ROOM), name, confidence));
}

/* {"start":1,"end":2 — the caller closes it */
static char *
write_place(const Writer *w, char *to, Span bytes)
{
    to = number_write(WRITE(to, "{\"start\":"), offsets_at(&w->offsets, bytes.start));
    return number_write(WRITE(to, ",\"end\":"), offsets_at(&w->offsets, bytes.end));
}

static void
put_place(Writer *w, Span bytes)
{
    buf_take(w->out, write_place(w, buf_give(w->out, PLACE_ROOM), bytes));
}

static void
put_spans(Writer *w, const Spans *spans)
{
    char *to = buf_give(w->out, spans->count * (PLACE_ROOM + 2) + 2);

    *to++ = '[';
    for (uint32_t i = 0; i < spans->count; i++) {
        if (i)
            *to++ = ',';
        to = write_place(w, to, spans->items[i]);
        *to++ = '}';
    }
    *to++ = ']';
    buf_take(w->out, to);
}

enum { ID_ROOM = 16 };

static char *
write_id(char *to, const GraphNode *node)
{
    *to++ = '"';
    *to++ = "etq"[node->kind];
    to = number_write(to, node->number);
    *to++ = '"';
    return to;
}

static void
put_id(Buf *out, const GraphNode *node)
{
    buf_take(out, write_id(buf_give(out, ID_ROOM), node));
}

/* ---- named nodes */

/* Most of a graph is mentions: each is written at one go. */
static void
put_mention(Writer *w, const Mention *m, bool first)
{
    const RuleName *rule = rule_name(w, m->rule);
    size_t room = (m->bytes.end - m->bytes.start) * ESCAPED_MOST + PLACE_ROOM + rule->len + RULE_ROOM + WORD_MOST + 32;
    char *to = buf_give(w->out, room);

    *to = ',';
    to = write_place(w, to + !first, m->bytes);
    to = write_slice(w, WRITE(to, ",\"text\":\""), m->bytes);
    to = write_word(WRITE(to, "\",\"kind\":\""), &w->kinds[m->kind]);
    *to++ = '"';
    to = write_rule(to, rule, m->confidence);
    *to++ = '}';
    buf_take(w->out, to);
}

static void
put_mentions(Writer *w, const GraphNode *node)
{
    PUT(w->out, ",\"mentions\":[");
    for (uint32_t i = 0; i < node->count; i++)
        put_mention(w, &w->a->mentions.items[w->graph->mentions[node->first + i]], i == 0);
    buf_char(w->out, ']');
}

/* Is it a name other than this one? */
static bool
is_alias(const Writer *w, const Mention *m, const char *name, size_t len)
{
    return m->kind == KIND_NAME &&
           (m->bytes.end - m->bytes.start != len || memcmp(w->a->text + m->bytes.start, name, len) != 0);
}

/* The texts of the name mentions, each once, less the name itself; from the first one on that is none.  A table of hashes keeps it
 * linear. */
static void
put_distinct(Writer *w, const GraphNode *node, uint32_t from, const char *name, size_t name_len)
{
    uint32_t room = 8, *table;
    const char *separator = "";

    while (room < node->count * 2)
        room *= 2;
    table = arena_zero(w->arena, room * sizeof *table); /* index of the mention, + 1 */
    for (uint32_t i = from; i < node->count; i++) {
        uint32_t index = w->graph->mentions[node->first + i], slot;
        const Mention *m = &w->a->mentions.items[index];
        const char *text = w->a->text + m->bytes.start;
        size_t len = m->bytes.end - m->bytes.start;
        if (!is_alias(w, m, name, name_len))
            continue;
        for (slot = (uint32_t)hash_bytes(text, len) & (room - 1); table[slot]; slot = (slot + 1) & (room - 1)) {
            Span other = w->a->mentions.items[table[slot] - 1].bytes;
            if (other.end - other.start == len && memcmp(w->a->text + other.start, text, len) == 0)
                break;
        }
        if (table[slot])
            continue;
        table[slot] = index + 1;
        buf_str(w->out, separator);
        separator = ",";
        put_slice(w, m->bytes);
    }
}

/* Most nodes have no other name. */
static void
put_aliases(Writer *w, const GraphNode *node, const char *name, size_t len)
{
    uint32_t i = 0;

    while (i < node->count && !is_alias(w, &w->a->mentions.items[w->graph->mentions[node->first + i]], name, len))
        i++;
    PUT(w->out, ",\"aliases\":[");
    if (i < node->count)
        put_distinct(w, node, i, name, len);
    buf_char(w->out, ']');
}

static void
put_traits(Writer *w, const Entity *e)
{
    if (e->plural)
        PUT(w->out, ",\"plural\":true");
    if (e->gender == GENDER_MALE)
        PUT(w->out, ",\"gender\":\"male\"");
    else if (e->gender == GENDER_FEMALE)
        PUT(w->out, ",\"gender\":\"female\"");
}

static void
put_named(Writer *w, const GraphNode *node)
{
    const Entity *e = node->lone ? NULL : &w->a->entities.items[node->item];
    const Mention *m = node->lone ? &w->a->mentions.items[node->item] : NULL;
    const char *name = graph_node_name(node, w->a, w->arena);
    size_t len = strlen(name);
    char *to = write_id(WRITE(buf_give(w->out, len * ESCAPED_MOST + ID_ROOM + WORD_MOST + 64), "{\"id\":"), node);

    to = write_word(WRITE(to, ",\"type\":\""), &w->types[e ? e->type : m->type]);
    to = json_escape(WRITE(to, "\",\"name\":\""), name, name + len);
    *to++ = '"';
    buf_take(w->out, to);
    if (node->kind == NODE_ENTITY) {
        if (e ? e->named : m->kind == KIND_NAME)
            PUT(w->out, ",\"named\":true");
        else
            PUT(w->out, ",\"named\":false");
        if (e)
            put_traits(w, e);
        put_aliases(w, node, name, len);
    }
    if (node->honorific)
        PUT(w->out, ",\"honorific\":true");
    put_mentions(w, node);
    buf_char(w->out, '}');
}

/* ---- quotes */

static void
put_quote_text(Writer *w, const Quote *q)
{
    buf_char(w->out, '"');
    for (uint32_t i = 0; i < q->spans.count; i++) {
        if (i)
            buf_char(w->out, ' ');
        buf_escaped(w->out, w->a->text + q->spans.items[i].start, q->spans.items[i].end - q->spans.items[i].start);
    }
    buf_char(w->out, '"');
}

static void
put_speaker(Writer *w, const Quote *q)
{
    const Mention *m;

    if (q->speaker >= w->a->mentions.count)
        return;
    m = &w->a->mentions.items[q->speaker];
    PUT(w->out, ",\"speaker\":");
    put_place(w, m->bytes);
    PUT(w->out, ",\"text\":");
    put_slice(w, m->bytes);
    PUT(w->out, ",\"kind\":\"");
    buf_take(w->out, write_word(buf_give(w->out, WORD_MOST), &w->kinds[m->kind]));
    PUT(w->out, "\"}");
}

static void
put_cue(Writer *w, const Quote *q)
{
    if (q->cue.start < q->cue.end) {
        PUT(w->out, ",\"cue\":");
        put_place(w, q->cue);
        PUT(w->out, ",\"text\":");
        put_slice(w, q->cue);
        buf_char(w->out, '}');
    }
    if (q->act) {
        PUT(w->out, ",\"act\":");
        buf_json(w->out, q->act, strlen(q->act));
    }
}

static void
put_quote(Writer *w, const GraphNode *node)
{
    const Quote *q = &w->a->quotes.items[node->item];
    uint32_t parent = q->parent < w->a->quotes.count ? w->graph->of_quote[q->parent] : NONE;

    PUT(w->out, "{\"id\":");
    put_id(w->out, node);
    PUT(w->out, ",\"type\":\"quote\",\"form\":\"");
    buf_str(w->out, form_name(q->form));
    PUT(w->out, "\",\"text\":");
    put_quote_text(w, q);
    PUT(w->out, ",\"spans\":");
    put_spans(w, &q->spans);
    if (q->quoted.count) {
        PUT(w->out, ",\"quoted\":");
        put_spans(w, &q->quoted);
    }
    put_speaker(w, q);
    put_cue(w, q);
    put_rule(w, q->rule, q->confidence);
    if (q->negated)
        PUT(w->out, ",\"negated\":true");
    if (q->hypothetical)
        PUT(w->out, ",\"hypothetical\":true");
    if (q->repaired)
        PUT(w->out, ",\"repaired\":true");
    if (parent != NONE && !w->graph->nodes.items[parent].hidden) {
        PUT(w->out, ",\"parent\":");
        put_id(w->out, &w->graph->nodes.items[parent]);
    }
    buf_char(w->out, '}');
}

/* ---- edges and the article */

static void
put_edge(Writer *w, const GraphEdge *e)
{
    const GraphNode *nodes = w->graph->nodes.items;
    const RuleName *rule = rule_name(w, e->rule);
    size_t role = e->role ? strlen(e->role) : 0;
    char *to = buf_give(w->out, 2 * ID_ROOM + WORD_MOST + role * ESCAPED_MOST + rule->len + RULE_ROOM + 128);

    to = write_id(WRITE(to, "{\"source\":"), &nodes[e->source]);
    to = write_id(WRITE(to, ",\"target\":"), &nodes[e->target]);
    to = write_word(WRITE(to, ",\"type\":\""), &w->edges[e->kind]);
    *to++ = '"';
    if (e->told.former)
        to = WRITE(to, ",\"former\":true");
    if (e->told.negated)
        to = WRITE(to, ",\"negated\":true");
    if (e->told.hypothetical)
        to = WRITE(to, ",\"hypothetical\":true");
    if (e->told.hearsay)
        to = WRITE(to, ",\"hearsay\":true");
    if (e->role) {
        to = json_escape(WRITE(to, ",\"role\":\""), e->role, e->role + role);
        *to++ = '"';
    }
    to = write_rule(to, rule, e->confidence);
    *to++ = '}';
    buf_take(w->out, to);
}

static bool
only_space(const Article *a, uint32_t from, uint32_t to)
{
    while (from < to) {
        uint32_t size, cp = utf8_next(a->text + from, &size);
        if (char_class(cp) != CHAR_SPACE)
            return false;
        from += size;
    }
    return true;
}

/* Neighbours of one kind with only space between them are one stretch. */
static void
put_zones(Writer *w)
{
    const Article *a = w->a;

    PUT(w->out, ",\"zones\":[");
    for (uint32_t i = 0; i < a->zones.count;) {
        ZoneKind kind = a->zones.items[i].kind;
        Span bytes = a->zones.items[i].bytes;
        if (i)
            buf_char(w->out, ',');
        while (++i < a->zones.count && a->zones.items[i].kind == kind &&
               only_space(a, bytes.end, a->zones.items[i].bytes.start))
            bytes.end = a->zones.items[i].bytes.end;
        PUT(w->out, "{\"type\":\"");
        buf_str(w->out, zone_name(kind));
        PUT(w->out, "\",\"start\":");
        buf_number(w->out, offsets_at(&w->offsets, bytes.start));
        PUT(w->out, ",\"end\":");
        buf_number(w->out, offsets_at(&w->offsets, bytes.end));
        buf_char(w->out, '}');
    }
    buf_char(w->out, ']');
}

static void
put_or_null(Writer *w, const char *key, const char *value)
{
    buf_str(w->out, key);
    if (value)
        put_outside(w, value);
    else
        PUT(w->out, "null");
}

/* As it was written, but for the line separators, which can only stand in strings there. */
static void
put_meta(Writer *w)
{
    const char *at = w->a->meta, *stop;

    PUT(w->out, ",\"meta\":");
    while ((stop = strstr(at, "\xe2\x80")) != NULL) {
        bool separates = stop[2] == '\xa8' || stop[2] == '\xa9';
        buf_add(w->out, at, (size_t)(stop - at) + 2);
        at = stop + 2;
        if (separates)
            buf_take(w->out, json_special(buf_give(w->out, ESCAPED_MOST), stop, at++));
    }
    buf_str(w->out, at);
}

static void
put_head(Writer *w, const GraphOptions *options)
{
    static const char *const units[] = {"codepoint", "byte", "utf16"};
    const Article *a = w->a;

    PUT(w->out, "{\"schema\":\"onrecord/1\",\"directed\":true,\"multigraph\":true,\"graph\":{");
    put_or_null(w, "\"id\":", a->id);
    if (a->uri)
        put_or_null(w, ",\"uri\":", a->uri);
    put_or_null(w, ",\"headline\":", a->headline);
    put_or_null(w, ",\"byline\":", a->byline);
    put_or_null(w, ",\"dateline\":", a->dateline);
    put_or_null(w, ",\"published\":", a->published);
    if (a->language)
        put_or_null(w, ",\"language\":", a->language);
    PUT(w->out, ",\"offsets\":\"");
    buf_str(w->out, units[w->offsets.unit]);
    buf_char(w->out, '"');
    put_zones(w);
    if (options == NULL || !options->no_text) {
        PUT(w->out, ",\"text\":");
        buf_json(w->out, a->text, a->len);
    }
    if (a->meta)
        put_meta(w);
    buf_char(w->out, '}');
}

/* Look the words up once. */
static void
learn_words(Writer *w)
{
    for (uint32_t i = 0; i < TYPE_COUNT; i++)
        w->types[i] = word_of(entity_type_name((EntityType)i));
    for (uint32_t i = 0; i < KINDS; i++)
        w->kinds[i] = word_of(mention_kind_name((MentionKind)i));
    for (uint32_t i = 0; i < EDGE_KINDS; i++)
        w->edges[i] = word_of(edge_name((EdgeKind)i));
}

void
graph_write(Buf *out, const Graph *graph, const Article *a, Arena *arena, const GraphOptions *options)
{
    Writer w;
    bool first = true;

    w.out = out;
    w.graph = graph;
    w.a = a;
    w.arena = arena;
    w.names = arena_alloc(arena, (1u << NAMES_BITS) * sizeof *w.names);
    memset(w.known, 0, sizeof w.known);
    learn_words(&w);
    offsets_open(&w.offsets, arena, a->text, a->len, options ? options->offsets : OFFSETS_CODEPOINT);
    buf_room(out, (options && options->no_text ? 0 : a->len) + 1024 + (size_t)graph->nodes.count * 256);
    put_head(&w, options);
    PUT(out, ",\"nodes\":[");
    for (uint32_t i = 0; i < graph->nodes.count; i++) {
        const GraphNode *node = &graph->nodes.items[i];
        if (node->hidden)
            continue;
        if (!first)
            buf_char(out, ',');
        first = false;
        if (node->kind == NODE_QUOTE)
            put_quote(&w, node);
        else
            put_named(&w, node);
    }
    PUT(out, "],\"edges\":[");
    for (uint32_t i = 0; i < graph->edges.count; i++) {
        if (i)
            buf_char(out, ',');
        put_edge(&w, &graph->edges.items[i]);
    }
    PUT(out, "]}");
}
