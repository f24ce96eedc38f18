#include "store/tables.h"

#include "store/db_p.h"
#include "text/utf8.h"

#include <stdio.h>
#include <string.h>

enum { PARTS_MOST = 5 };

/* A title that a person holds somewhere is one node, in however many articles it stands. */
#define OFFICE_JOINS                                                                                                   \
    "FROM titles t LEFT JOIN holders h ON h.title_id = t.id LEFT JOIN appearances p ON p.id = h.person_id "            \
    "LEFT JOIN bodies o ON o.title_id = t.id LEFT JOIN appearances b ON b.id = o.body_id WHERE NOT t.honorific "
#define BY_OFFICE "GROUP BY t.key, p.entity_id, b.entity_id "

#define LINK_EDGES                                                                                                     \
    "SELECT 'e' || s.entity_id, 'e' || d.entity_id, l.type, l.role, l.former, count(DISTINCT l.article_id), "          \
    "max(l.confidence), NULL FROM links l JOIN appearances s ON s.id = l.source_id "                                   \
    "JOIN appearances d ON d.id = l.target_id GROUP BY s.entity_id, d.entity_id, l.type, l.role, l.former ORDER BY min(l.id)"

#define ENTITY_NODES                                                                                                   \
    "SELECT 'e' || id, type, name, named, gender, articles, quotes, NULL, NULL, NULL, NULL, NULL, NULL "               \
    "FROM entity_counts ORDER BY id"

#define NODE_COLUMNS                                                                                                   \
    "id:t kind:t label:t named:b gender:t articles:i quotes:i form:t act:t negated:b hypothetical:b day:t article:t"
#define EDGE_COLUMNS "source:t target:t kind:t role:t former:b weight:r confidence:r article:t"

/* Columns are written name:type, with the first letter of a type, in the order of the statements' columns. */
static const struct {
    const char *name, *columns, *parts[PARTS_MOST];
} TABLES[TABLE_COUNT] = {
    [TABLE_ARTICLES] = {"articles", "id:i name:t uri:t headline:t byline:t dateline:t published:t day:t language:t entities:i quotes:i",
                        {"SELECT id, name, uri, headline, byline, dateline, published, day, language, "
                         "(SELECT count(*) FROM appearances p WHERE p.article_id = a.id), "
                         "(SELECT count(*) FROM quotes q WHERE q.article_id = a.id) FROM articles a ORDER BY id"}},
    [TABLE_ENTITIES] = {"entities", "id:i type:t name:t named:b gender:t articles:i quotes:i other_names:t",
                        {"SELECT id, type, name, named, gender, articles, quotes, "
                         "(SELECT group_concat(n.name, '; ') FROM names n WHERE n.entity_id = c.id AND n.name <> c.name) "
                         "FROM entity_counts c ORDER BY id"}},
    [TABLE_APPEARANCES] = {"appearances", "id:i article_id:i node:t entity_id:i type:t name:t named:b plural:b gender:t",
                           {"SELECT id, article_id, node, entity_id, type, name, named, plural, gender FROM appearances ORDER BY id"}},
    [TABLE_OFFICES] = {"titles", "id:i article_id:i node:t title:t honorific:b person_id:i person:t body_id:i body:t former:b",
                       {"SELECT t.id, t.article_id, t.node, t.name, t.honorific, p.entity_id, p.name, b.entity_id, b.name, h.former FROM titles t "
                        "LEFT JOIN holders h ON h.title_id = t.id LEFT JOIN appearances p ON p.id = h.person_id "
                        "LEFT JOIN bodies o ON o.title_id = t.id LEFT JOIN appearances b ON b.id = o.body_id ORDER BY t.id, p.id, b.id"}},
    [TABLE_QUOTES] = {"quotes",
                      "id:i article_id:i day:t node:t form:t text:t speaker_id:i speaker:t speaker_type:t named:b speaker_text:t title:t organization:t "
                      "cue:t act:t rule:t confidence:r negated:b hypothetical:b repaired:b parent_id:i start:i end:i",
                      {"SELECT q.id, q.article_id, v.day, q.node, q.form, q.text, v.speaker_id, v.speaker, v.speaker_type, v.named, q.speaker_text, "
                       "v.title, v.organization, q.cue, q.act, q.rule, q.confidence, q.negated, q.hypothetical, q.repaired, q.parent_id, "
                       "(SELECT min(start) FROM spans s WHERE s.quote_id = q.id AND NOT s.quoted), "
                       "(SELECT max(\"end\") FROM spans s WHERE s.quote_id = q.id AND NOT s.quoted) "
                       "FROM quotes q JOIN quotations v ON v.id = q.id ORDER BY q.id"}},
    [TABLE_SUBJECTS] = {"subjects", "quote_id:i entity_id:i name:t",
                        {"SELECT u.quote_id, p.entity_id, p.name FROM subjects u JOIN appearances p ON p.id = u.subject_id "
                         "ORDER BY u.quote_id, u.subject_id"}},
    [TABLE_LINKS] = {"links", "id:i article_id:i type:t source_id:i source:t target_id:i target:t role:t former:b rule:t confidence:r",
                     {"SELECT l.id, l.article_id, l.type, s.entity_id, s.name, d.entity_id, d.name, l.role, l.former, l.rule, l.confidence "
                      "FROM links l JOIN appearances s ON s.id = l.source_id JOIN appearances d ON d.id = l.target_id ORDER BY l.id"}},
    [TABLE_MENTIONS] = {"mentions", "id:i article_id:i entity_id:i title_id:i start:i end:i text:t kind:t rule:t confidence:r",
                        {"SELECT m.id, m.article_id, p.entity_id, m.title_id, m.start, m.\"end\", m.text, m.kind, m.rule, m.confidence "
                         "FROM mentions m LEFT JOIN appearances p ON p.id = m.appearance_id ORDER BY m.id"}},
    [TABLE_NODES] = {"nodes", NODE_COLUMNS,
                     {ENTITY_NODES,
                      "SELECT 't' || min(t.id), 'title', t.name, NULL, NULL, count(DISTINCT t.article_id), NULL, NULL, NULL, NULL, NULL, NULL, "
                      "NULL " OFFICE_JOINS BY_OFFICE "ORDER BY min(t.id)",
                      "SELECT 'q' || q.id, 'quote', q.text, NULL, NULL, NULL, NULL, q.form, coalesce(q.act, q.cue), q.negated, q.hypothetical, "
                      "a.day, a.name FROM quotes q JOIN articles a ON a.id = q.article_id ORDER BY q.id"}},
    [TABLE_EDGES] = {"edges", EDGE_COLUMNS,
                     {"SELECT 'e' || p.entity_id, 't' || min(t.id), 'holds', NULL, max(h.former), count(DISTINCT t.article_id), max(h.confidence), "
                      "NULL " OFFICE_JOINS "AND p.id IS NOT NULL " BY_OFFICE "ORDER BY min(t.id)",
                      "SELECT 't' || min(t.id), 'e' || b.entity_id, 'at', NULL, max(o.former), count(DISTINCT t.article_id), max(o.confidence), "
                      "NULL " OFFICE_JOINS "AND b.id IS NOT NULL " BY_OFFICE "ORDER BY min(t.id)",
                      LINK_EDGES,
                      "SELECT 'e' || p.entity_id, 'q' || q.id, 'said', NULL, NULL, 1, q.confidence, a.name FROM quotes q "
                      "JOIN appearances p ON p.id = q.speaker_id JOIN articles a ON a.id = q.article_id ORDER BY q.id",
                      "SELECT 'q' || u.quote_id, 'e' || p.entity_id, 'mentions', NULL, NULL, 1, u.confidence, a.name FROM subjects u "
                      "JOIN appearances p ON p.id = u.subject_id JOIN articles a ON a.id = p.article_id ORDER BY u.quote_id, u.subject_id"}},
    [TABLE_ENTITY_NODES] = {"nodes", NODE_COLUMNS, {ENTITY_NODES}},
    [TABLE_ENTITY_EDGES] = {"edges", EDGE_COLUMNS,
                            {"SELECT 'e' || p.entity_id, 'e' || b.entity_id, 'holds', t.name, max(h.former), count(DISTINCT t.article_id), "
                             "max(h.confidence), NULL " OFFICE_JOINS "AND p.id IS NOT NULL AND b.id IS NOT NULL " BY_OFFICE "ORDER BY min(t.id)",
                             LINK_EDGES,
                             "SELECT 'e' || s.entity_id, 'e' || p.entity_id, 'speaks_of', NULL, NULL, count(*), max(u.confidence), NULL "
                             "FROM subjects u JOIN appearances p ON p.id = u.subject_id JOIN quotes q ON q.id = u.quote_id "
                             "JOIN appearances s ON s.id = q.speaker_id WHERE s.entity_id <> p.entity_id "
                             "GROUP BY s.entity_id, p.entity_id ORDER BY min(u.quote_id), p.entity_id"}},
};

/* ---- columns */

void
store_table(StoreTable table, StoreTableSpec *spec)
{
    char *rest = spec->names, *column;

    spec->name = TABLES[table].name;
    spec->count = 0;
    snprintf(spec->names, sizeof spec->names, "%s", TABLES[table].columns);
    while ((column = strsep(&rest, " ")) != NULL && spec->count < COLUMNS_MOST) {
        char *colon = strchr(column, ':');
        ColumnType type = colon[1] == 't' ? COLUMN_TEXT : colon[1] == 'i' ? COLUMN_INTEGER : colon[1] == 'r' ? COLUMN_REAL : COLUMN_BOOLEAN;
        *colon = '\0';
        spec->columns[spec->count++] = (StoreColumn){column, type};
    }
}

/* ---- rows */

/* The file may come from anywhere: a text in it need not be UTF-8. */
static void
read_text(StoreValue *value, sqlite3_stmt *q, int column, Arena *arena)
{
    size_t bad, repaired;

    value->text = db_text(q, column);
    value->len = (size_t)sqlite3_column_bytes(q, column);
    if (!utf8_check(value->text, value->len, &bad))
        value->text = utf8_repair(arena, value->text, value->len, &value->len, &repaired);
}

static void
read_value(StoreValue *value, sqlite3_stmt *q, int column, ColumnType type, Arena *arena)
{
    *value = (StoreValue){.null = sqlite3_column_type(q, column) == SQLITE_NULL};
    if (value->null)
        return;
    switch (type) {
    case COLUMN_TEXT: read_text(value, q, column, arena); break;
    case COLUMN_REAL: value->real = sqlite3_column_double(q, column); break;
    case COLUMN_INTEGER: value->integer = sqlite3_column_int64(q, column); break;
    case COLUMN_BOOLEAN: value->integer = sqlite3_column_int64(q, column) != 0; break;
    }
}

static bool
give_rows(Store *s, const char *sql, const StoreTableSpec *spec, Arena *arena, StoreTakeRow take, void *context, Error *err)
{
    sqlite3_stmt *q = db_ask(s, err, sql, "");
    StoreValue values[COLUMNS_MOST];

    while (db_row(s, q, err)) {
        arena_reset(arena);
        for (uint32_t i = 0; i < spec->count; i++)
            read_value(&values[i], q, (int)i, spec->columns[i].type, arena);
        if (!take(values, context, err)) {
            db_reset(q);
            return false;
        }
    }
    return err->kind == ERROR_NONE;
}

bool
store_rows(Store *s, StoreTable table, StoreTakeRow take, void *context, Error *err)
{
    StoreTableSpec spec;
    Arena arena;
    bool ok = true;

    store_table(table, &spec);
    arena_init(&arena);
    for (int i = 0; ok && i < PARTS_MOST && TABLES[table].parts[i]; i++)
        ok = give_rows(s, TABLES[table].parts[i], &spec, &arena, take, context, err);
    arena_close(&arena);
    return ok;
}
