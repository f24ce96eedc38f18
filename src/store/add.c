/* A graph becomes rows: first the article, then its nodes, then its edges; last, each appearance gets its entity.
 *
 * The graph may come from anywhere, so that each thing in it is checked before it is believed: offsets lie in the text,
 * edges go to nodes of the right kind, ids stand once.  A graph that fails is undone as a whole. */
#include "store/db_p.h"

#include "base/mem.h"
#include "text/utf8.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    BATCH = 500,       /* articles in a transaction, at most */
    ALIASES_MOST = 16, /* by which a person is known again */
};
static const double BATCH_SECONDS = 2;

typedef struct {
    Store *store;
    Error *err;
    Arena arena;
    json_t *root, *graph, *nodes, *edges;
    int64_t article;
    /* by node id, which row it became: jansson's tables are safe against ids that are made to collide */
    json_t *appearances, *titles, *quotes;
    json_t *speakers; /* by quote id, the id of the node that said it */
    /* offsets */
    int64_t length;       /* of the text in the graph's unit; INT64_MAX where there is no text */
    uint32_t *codepoints; /* for each offset in that unit the same in code points; NULL where that is the unit */
} Adding;

static bool
bad(Adding *g, const char *what)
{
    return error_set(g->err, ERROR_INPUT, NULL, 0, 0, NULL, 0, "the graph cannot be stored: %s", what);
}

/* ---- offsets */

static void
map_offsets(Adding *g, const char *text, size_t len, bool utf16)
{
    uint32_t number = 0, size;

    g->length = (int64_t)(utf16 ? utf8_count_utf16(text, len) : len);
    g->codepoints = mem_alloc(((size_t)g->length + 1) * sizeof *g->codepoints);
    for (size_t at = 0, unit = 0; at < len; at += size, number++) {
        uint32_t units = utf8_next(text + at, &size) > 0xffff && utf16 ? 2 : utf16 ? 1 : size;
        for (uint32_t i = 0; i < units; i++)
            g->codepoints[unit++] = number;
    }
    g->codepoints[g->length] = number;
}

static bool
read_unit(Adding *g)
{
    const char *unit = json_string_value(json_object_get(g->graph, "offsets"));
    const json_t *text = json_object_get(g->graph, "text");
    size_t len = json_string_length(text);

    if (unit == NULL || (strcmp(unit, "codepoint") && strcmp(unit, "byte") && strcmp(unit, "utf16")))
        return bad(g, "it does not say what its offsets count");
    g->length = INT64_MAX;
    if (!json_is_string(text))
        return strcmp(unit, "codepoint") == 0 || bad(g, "without its text, its offsets must be of code points");
    if (len > TEXT_MAX)
        return bad(g, "its text is too long");
    if (strcmp(unit, "codepoint") == 0)
        g->length = (int64_t)utf8_count(json_string_value(text), len);
    else
        map_offsets(g, json_string_value(text), len, strcmp(unit, "utf16") == 0);
    return true;
}

/* The offsets of a place, in code points. */
static bool
read_place(Adding *g, const json_t *place, int64_t *start, int64_t *end)
{
    const json_t *from = json_object_get(place, "start"), *to = json_object_get(place, "end");

    *start = json_integer_value(from);
    *end = json_integer_value(to);
    if (!json_is_integer(from) || !json_is_integer(to) || *start < 0 || *end < *start || *end > g->length)
        return bad(g, "an offset lies outside of the text");
    if (g->codepoints) {
        *start = g->codepoints[*start];
        *end = g->codepoints[*end];
    }
    return true;
}

/* ---- nodes */

static const json_t *
get(const json_t *object, const char *key)
{
    return json_object_get(object, key);
}

static int64_t
flag(const json_t *object, const char *key)
{
    return json_is_true(get(object, key));
}

static double
confidence(const json_t *object)
{
    return json_number_value(get(object, "confidence"));
}

/* Remember the row that was added last as that of a node. */
static bool
note_row(Adding *g, json_t *rows, const char *id, int64_t *row)
{
    *row = sqlite3_last_insert_rowid(g->store->db);
    if (json_object_get(g->appearances, id) || json_object_get(g->titles, id) || json_object_get(g->quotes, id))
        return bad(g, "two of its nodes have the same id");
    json_object_set_new(rows, id, json_integer(*row));
    return true;
}

static int64_t
row_of(const json_t *rows, const char *id)
{
    return id ? json_integer_value(json_object_get(rows, id)) : 0;
}

static bool
add_mentions(Adding *g, const json_t *node, int64_t row, bool title)
{
    static const char OF_ENTITY[] = "INSERT INTO mentions (article_id, appearance_id, start, \"end\", text, kind, rule, "
                                    "confidence) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                      OF_TITLE[] = "INSERT INTO mentions (article_id, title_id, start, \"end\", text, kind, rule, "
                                   "confidence) VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
    size_t i;
    json_t *m;

    json_array_foreach(get(node, "mentions"), i, m) {
        int64_t start, end;
        if (!json_is_string(get(m, "text")) || !json_is_string(get(m, "kind")))
            return bad(g, "a mention has no text or no kind");
        if (!read_place(g, m, &start, &end) ||
            !db_run(g->store, g->err, title ? OF_TITLE : OF_ENTITY, "iiiijjjr", g->article, row, start, end, get(m, "text"),
                    get(m, "kind"), get(m, "rule"), confidence(m)))
            return false;
    }
    return true;
}

/* A name by which a person can be known again: of two words or more, so that no bare surname joins anybody. */
static bool
add_name_trait(Adding *g, const json_t *name, int64_t row)
{
    static const char SQL[] = "INSERT OR IGNORE INTO traits (appearance_id, kind, key) VALUES (?, 'name', ?)";
    uint32_t full;
    const char *key = name_key(&g->arena, json_string_value(name), json_string_length(name), &full);

    return full < 2 || db_run(g->store, g->err, SQL, "is", row, key);
}

/* The names of an organization by which it can be known again are its full name and what is short for it, where an article has both;
 * no other alias, since what is left of a name ("City Council") may be that of many. */
static bool
add_short_name(Adding *g, const json_t *name, const json_t *alias, int64_t row)
{
    static const char SQL[] = "INSERT OR IGNORE INTO traits (appearance_id, kind, key) VALUES (?, 'name', ?)";
    const char *full = name_key(&g->arena, json_string_value(name), json_string_length(name), NULL),
               *key = name_key(&g->arena, json_string_value(alias), json_string_length(alias), NULL);

    if (name_is_short_for(full, key) || name_is_short_for(key, full))
        return db_run(g->store, g->err, SQL, "is", row, key) && db_run(g->store, g->err, SQL, "is", row, full);
    return true;
}

static bool
add_name_traits(Adding *g, const json_t *node, int64_t row)
{
    const json_t *name = get(node, "name");
    bool person = strcmp(json_string_value(get(node, "type")), "person") == 0;
    json_t *alias;
    size_t i;

    if (!flag(node, "named") || strcmp(json_string_value(get(node, "type")), "place") == 0)
        return true;
    if (person && !add_name_trait(g, name, row))
        return false;
    json_array_foreach(get(node, "aliases"), i, alias) {
        if (i == ALIASES_MOST)
            break;
        if (json_is_string(alias) && !(person ? add_name_trait(g, alias, row) : add_short_name(g, name, alias, row)))
            return false;
    }
    return true;
}

static bool
add_entity(Adding *g, const json_t *node, const char *id)
{
    static const char SQL[] = "INSERT INTO appearances (article_id, node, type, name, key, named, plural, gender) "
                              "VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
    const json_t *name = get(node, "name");
    const char *type = json_string_value(get(node, "type"));
    const char *key = name_key(&g->arena, json_string_value(name), json_string_length(name), NULL);
    int64_t row;

    if (!db_run(g->store, g->err, SQL, "ijsjsiij", g->article, get(node, "id"), type, name, key, flag(node, "named"),
                flag(node, "plural"), get(node, "gender")) ||
        !note_row(g, g->appearances, id, &row))
        return false;
    return add_name_traits(g, node, row) && add_mentions(g, node, row, false);
}

static bool
add_title(Adding *g, const json_t *node, const char *id)
{
    static const char SQL[] = "INSERT INTO titles (article_id, node, name, key, honorific) VALUES (?, ?, ?, ?, ?)";
    const json_t *name = get(node, "name");
    int64_t row;

    return db_run(g->store, g->err, SQL, "ijjsi", g->article, get(node, "id"), name,
                  name_key(&g->arena, json_string_value(name), json_string_length(name), NULL), flag(node, "honorific")) &&
           note_row(g, g->titles, id, &row) && add_mentions(g, node, row, true);
}

static bool
add_spans(Adding *g, const json_t *list, int64_t quote, bool quoted)
{
    static const char SQL[] = "INSERT INTO spans (quote_id, quoted, number, start, \"end\") VALUES (?, ?, ?, ?, ?)";
    size_t i;
    json_t *span;

    json_array_foreach(list, i, span) {
        int64_t start, end;
        if (!read_place(g, span, &start, &end) ||
            !db_run(g->store, g->err, SQL, "iiiii", quote, (int64_t)quoted, (int64_t)i + 1, start, end))
            return false;
    }
    return true;
}

/* A place that may be missing, as two numbers that may be null. */
static bool
set_place(Adding *g, const json_t *place, int64_t quote, const char *sql)
{
    int64_t start, end;

    return !json_is_object(place) ||
           (read_place(g, place, &start, &end) && db_run(g->store, g->err, sql, "iii", start, end, quote));
}

static bool
add_quote(Adding *g, const json_t *node, const char *id)
{
    static const char SQL[] =
        "INSERT INTO quotes (article_id, node, form, text, speaker_id, speaker_text, speaker_kind, cue, act, rule, "
        "confidence, negated, hypothetical, repaired) VALUES (?, ?, ?, ?, nullif(?, 0), ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    static const char SPEAKER[] = "UPDATE quotes SET speaker_start = ?, speaker_end = ? WHERE id = ?";
    static const char CUE[] = "UPDATE quotes SET cue_start = ?, cue_end = ? WHERE id = ?";
    const json_t *speaker = get(node, "speaker"), *cue = get(node, "cue");
    int64_t row, said_by = row_of(g->appearances, json_string_value(json_object_get(g->speakers, id)));

    if (!json_is_string(get(node, "form")) || !json_is_string(get(node, "text")))
        return bad(g, "a quote has no form or no text");
    return db_run(g->store, g->err, SQL, "ijjjijjjjjriii", g->article, get(node, "id"), get(node, "form"),
                  get(node, "text"), said_by, get(speaker, "text"), get(speaker, "kind"), get(cue, "text"),
                  get(node, "act"), get(node, "rule"), confidence(node), flag(node, "negated"), flag(node, "hypothetical"),
                  flag(node, "repaired")) &&
           note_row(g, g->quotes, id, &row) && set_place(g, speaker, row, SPEAKER) && set_place(g, cue, row, CUE) &&
           add_spans(g, get(node, "spans"), row, false) && add_spans(g, get(node, "quoted"), row, true);
}

static bool
is_entity(const char *type)
{
    return strcmp(type, "person") == 0 || strcmp(type, "organization") == 0 || strcmp(type, "place") == 0;
}

/* The nodes that are quotes, or those that are not: what speaks must be there before what is said. */
static bool
add_nodes(Adding *g, bool quotes)
{
    size_t i;
    json_t *node;

    json_array_foreach(g->nodes, i, node) {
        const char *id = json_string_value(get(node, "id")), *type = json_string_value(get(node, "type"));
        if (id == NULL || type == NULL)
            return bad(g, "a node has no id or no type");
        if ((strcmp(type, "quote") == 0) != quotes)
            continue;
        if (!quotes && !json_is_string(get(node, "name")))
            return bad(g, "a node has no name");
        if (quotes ? !add_quote(g, node, id) : is_entity(type) ? !add_entity(g, node, id)
            : strcmp(type, "title") == 0 ? !add_title(g, node, id) : !bad(g, "a node is of no known type"))
            return false;
    }
    return true;
}

/* Which quote stands in which; both are there now. */
static bool
add_parents(Adding *g)
{
    static const char SQL[] = "UPDATE quotes SET parent_id = ? WHERE id = ?";
    size_t i;
    json_t *node;

    json_array_foreach(g->nodes, i, node) {
        const char *parent = json_string_value(get(node, "parent"));
        int64_t of = row_of(g->quotes, parent), child = row_of(g->quotes, json_string_value(get(node, "id")));
        if (of && child && !db_run(g->store, g->err, SQL, "ii", of, child))
            return false;
    }
    return true;
}

/* ---- edges */

static bool
note_speakers(Adding *g)
{
    size_t i;
    json_t *edge;

    json_array_foreach(g->edges, i, edge) {
        const char *type = json_string_value(get(edge, "type")), *target = json_string_value(get(edge, "target"));
        if (type == NULL || target == NULL || !json_is_string(get(edge, "source")))
            return bad(g, "an edge has no type or no end");
        if (strcmp(type, "said") == 0 && json_object_get(g->speakers, target) == NULL)
            json_object_set(g->speakers, target, json_object_get(edge, "source"));
    }
    return true;
}

/* From what to what an edge goes, and the statement that keeps it. */
typedef struct {
    const char *type;
    char source, target;   /* e, t or q */
    const char *types;     /* of as many of these parameters as the statement takes: */
    const char *statement; /* source, target, rule, confidence, former, article, type, role */
} EdgeSpec;

static const char LINK[] = "INSERT INTO links (source_id, target_id, rule, confidence, former, article_id, type, role) "
                           "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                  HOLDS[] = "INSERT OR IGNORE INTO holders (person_id, title_id, rule, confidence, former) "
                            "VALUES (?, ?, ?, ?, ?)",
                  AT[] = "INSERT OR IGNORE INTO bodies (title_id, body_id, rule, confidence, former) "
                         "VALUES (?, ?, ?, ?, ?)",
                  MENTIONS[] = "INSERT OR IGNORE INTO subjects (quote_id, subject_id, rule, confidence) "
                               "VALUES (?, ?, ?, ?)";

static const EdgeSpec EDGES[] = {
    {"holds", 'e', 't', "iijri", HOLDS},      {"at", 't', 'e', "iijri", AT},
    {"mentions", 'q', 'e', "iijr", MENTIONS}, {"affiliated", 'e', 'e', "iijriijj", LINK},
    {"based_in", 'e', 'e', "iijriijj", LINK}, {"lives_in", 'e', 'e', "iijriijj", LINK},
    {"part_of", 'e', 'e', "iijriijj", LINK},  {"said", 'e', 'q', "", NULL}, /* it is the quote's speaker_id */
};

static int64_t
end_of(const Adding *g, const json_t *edge, const char *key, char kind)
{
    const char *id = json_string_value(get(edge, key));

    return row_of(kind == 'e' ? g->appearances : kind == 't' ? g->titles : g->quotes, id);
}

static bool
add_edge(Adding *g, const json_t *edge)
{
    const json_t *type = get(edge, "type");

    for (size_t i = 0; i < sizeof EDGES / sizeof *EDGES; i++) {
        const EdgeSpec *spec = &EDGES[i];
        int64_t source, target;
        if (strcmp(json_string_value(type), spec->type) != 0)
            continue;
        source = end_of(g, edge, "source", spec->source);
        target = end_of(g, edge, "target", spec->target);
        if (source == 0 || target == 0)
            return bad(g, "an edge goes from or to a node that is not there, or is of another kind");
        if (flag(edge, "negated") || flag(edge, "hypothetical"))
            return true; /* an archive has what the texts say is so */
        return spec->statement == NULL ||
               db_run(g->store, g->err, spec->statement, spec->types, source, target, get(edge, "rule"), confidence(edge),
                      flag(edge, "former"), g->article, type, get(edge, "role"));
    }
    return bad(g, "an edge is of no known type");
}

static bool
add_edges(Adding *g)
{
    size_t i;
    json_t *edge;

    json_array_foreach(g->edges, i, edge)
        if (!add_edge(g, edge))
            return false;
    return true;
}

/* Who speaks for whom, from what was added. */
static bool
add_voices(Adding *g)
{
    static const char SQL[] =
        "INSERT OR IGNORE INTO voices (body_id, speaker_id) "
        "SELECT id, id FROM appearances WHERE article_id = ?1 AND type <> 'person' AND quotes > 0 UNION ALL "
        "SELECT l.target_id, p.id FROM links l JOIN appearances p ON p.id = l.source_id "
        "WHERE l.article_id = ?1 AND l.type = 'affiliated' AND p.quotes > 0 UNION ALL "
        "SELECT o.body_id, p.id FROM titles t JOIN bodies o ON o.title_id = t.id JOIN holders h ON h.title_id = t.id "
        "JOIN appearances p ON p.id = h.person_id WHERE t.article_id = ?1 AND p.quotes > 0";

    return db_run(g->store, g->err, SQL, "i", g->article);
}

/* ---- the article */

static const char HAS[] = "SELECT 1 FROM articles WHERE name = ?1 AND text IS ?2";

static bool
add_article(Adding *g)
{
    static const char SQL[] = "INSERT INTO articles (name, uri, headline, byline, dateline, published, day, language, text, "
                              "meta) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    const json_t *published = get(g->graph, "published"), *meta = get(g->graph, "meta");
    char *meta_text = json_is_object(meta) ? json_dumps(meta, JSON_COMPACT) : NULL, day[11];
    const char *given = json_string_value(published);
    bool ok = db_run(g->store, g->err, SQL, "jjjjjjsjjs", get(g->graph, "id"), get(g->graph, "uri"),
                     get(g->graph, "headline"), get(g->graph, "byline"), get(g->graph, "dateline"), published,
                     given && day_read(given, day) ? day : NULL, get(g->graph, "language"), get(g->graph, "text"), meta_text);

    free(meta_text);
    g->article = sqlite3_last_insert_rowid(g->store->db);
    return ok;
}

static bool
add_zones(Adding *g)
{
    static const char SQL[] = "INSERT INTO zones (article_id, number, type, start, \"end\") VALUES (?, ?, ?, ?, ?)";
    size_t i;
    json_t *zone;

    json_array_foreach(get(g->graph, "zones"), i, zone) {
        int64_t start, end;
        if (!json_is_string(get(zone, "type")))
            return bad(g, "a zone has no type");
        if (!read_place(g, zone, &start, &end) ||
            !db_run(g->store, g->err, SQL, "iijii", g->article, (int64_t)i + 1, get(zone, "type"), start, end))
            return false;
    }
    return true;
}

static bool
read_graph(Adding *g, const char *json, size_t len)
{
    json_error_t why;
    const char *schema;

    g->root = json_loadb(json, len, JSON_ALLOW_NUL, &why);
    if (g->root == NULL)
        return error_set(g->err, ERROR_INPUT, NULL, 0, 0, NULL, 0, "the graph cannot be stored: %s", why.text);
    g->graph = json_object_get(g->root, "graph");
    g->nodes = json_object_get(g->root, "nodes");
    g->edges = json_object_get(g->root, "edges");
    schema = json_string_value(get(g->root, "schema"));
    if (schema == NULL || strcmp(schema, "onrecord/1") != 0)
        return bad(g, "its schema is not onrecord/1");
    if (!json_is_object(g->graph) || !json_is_array(g->nodes) || !json_is_array(g->edges))
        return bad(g, "it has no graph, no nodes or no edges");
    if (!json_is_string(get(g->graph, "id")))
        return bad(g, "it has no id");
    return read_unit(g);
}

static bool
add_all(Adding *g)
{
    return add_article(g) && add_zones(g) && note_speakers(g) && add_nodes(g, false) && add_nodes(g, true) &&
           add_parents(g) && add_edges(g) && add_voices(g) && people_join(g->store, g->article, g->err);
}

static void
adding_close(Adding *g)
{
    json_decref(g->appearances);
    json_decref(g->titles);
    json_decref(g->quotes);
    json_decref(g->speakers);
    json_decref(g->root);
    free(g->codepoints);
    arena_close(&g->arena);
}

/* All of an article or nothing of it. */
static bool
add_whole(Adding *g)
{
    Error ignored = {0};

    if (!db_exec(g->store, "SAVEPOINT article", g->err))
        return false;
    if (add_all(g))
        return db_exec(g->store, "RELEASE article", g->err);
    db_exec(g->store, "ROLLBACK TO article", &ignored);
    db_exec(g->store, "RELEASE article", &ignored);
    return false;
}

/* ---- batches */

static double
now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static bool
begin(Store *s, Error *err)
{
    if (s->open)
        return true;
    if (!db_exec(s, "BEGIN IMMEDIATE", err))
        return false;
    s->open = true;
    s->begun = now();
    return true;
}

bool
store_commit(Store *s, Error *err)
{
    if (s->open && !db_exec(s, "COMMIT", err))
        return false;
    s->open = false;
    s->waiting = 0;
    return true;
}

bool
store_add(Store *s, const char *json, size_t len, bool *added, Error *err)
{
    Adding g = {.store = s, .err = err, .appearances = json_object(), .titles = json_object(), .quotes = json_object(),
                .speakers = json_object()};
    bool ok;

    *added = false;
    arena_init(&g.arena);
    ok = read_graph(&g, json, len) && begin(s, err);
    if (ok && !db_number(s, 0, err, HAS, "jj", get(g.graph, "id"), get(g.graph, "text")))
        *added = ok = err->kind == ERROR_NONE && add_whole(&g);
    adding_close(&g);
    if (ok && *added && (++s->waiting >= BATCH || now() - s->begun > BATCH_SECONDS))
        ok = store_commit(s, err);
    return ok;
}

bool
store_has(Store *s, const char *id, const char *text, size_t len)
{
    bool found = false;

    pthread_mutex_lock(&s->lock);
    if (s->has || sqlite3_prepare_v2(s->db, HAS, -1, &s->has, NULL) == SQLITE_OK) {
        sqlite3_bind_text(s->has, 1, id, -1, SQLITE_STATIC);
        sqlite3_bind_text64(s->has, 2, text, len, SQLITE_STATIC, SQLITE_UTF8);
        found = sqlite3_step(s->has) == SQLITE_ROW;
        db_reset(s->has);
    }
    pthread_mutex_unlock(&s->lock);
    return found;
}
