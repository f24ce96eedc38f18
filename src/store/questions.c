/* Every question is a constant; what is asked for is bound.  Columns are called what tables handed on shall call them. */
#include "store/questions.h"

#include "store/db_p.h"

/* What a speaker speaks for: a body where a title is held, or one that the speaker belongs to.  As rows (speaker, body) of
 * appearances. */
#define SPEAKS_FOR                                                                                                     \
    "(SELECT h.person_id AS speaker, o.body_id AS body FROM holders h JOIN bodies o ON o.title_id = h.title_id "       \
    "WHERE NOT h.former UNION SELECT source_id, target_id FROM links WHERE type = 'affiliated' AND NOT former)"

/* What an article is called where it has no headline: its file without the folders. */
#define CALLED "coalesce(a.headline, nullif(replace(a.name, rtrim(a.name, replace(a.name, '/', '')), ''), ''), a.name) AS headline"

#define ARTICLE_COLUMNS "a.id, a.day, " CALLED ", a.byline, a.name AS article, a.uri AS url"

static const char *const QUESTIONS[ASK_COUNT] = {
    [ASK_ARTICLE] = "SELECT id, name AS article, uri AS url, headline, byline, dateline, published, day, language, text "
                    "FROM articles WHERE id = ?",
    [ASK_PARTS] = "SELECT type, start, \"end\" FROM zones WHERE article_id = ? ORDER BY start, number",
    [ASK_MENTIONS] = "SELECT m.start, m.\"end\", coalesce(p.type, 'title') AS type, m.kind, p.entity_id AS entity, "
                     "coalesce(e.name, t.name) AS name, m.rule, m.confidence, p.named "
                     "FROM mentions m LEFT JOIN appearances p ON p.id = m.appearance_id LEFT JOIN entities e ON e.id = p.entity_id "
                     "LEFT JOIN titles t ON t.id = m.title_id WHERE m.article_id = ? ORDER BY m.start, m.\"end\" DESC, m.id",
    [ASK_SAID] = "SELECT q.id, q.node, q.form, q.text AS quote, s.entity_id AS speaker_id, e.name AS speaker, "
                 "e.type AS speaker_type, s.named, q.speaker_text, q.speaker_kind, q.speaker_start, q.speaker_end, q.cue, "
                 "q.cue_start, q.cue_end, q.act, q.rule, q.confidence, q.negated, q.hypothetical, q.repaired, s.id AS appearance "
                 "FROM quotes q LEFT JOIN appearances s ON s.id = q.speaker_id LEFT JOIN entities e ON e.id = s.entity_id "
                 "WHERE q.article_id = ? ORDER BY q.id",
    [ASK_PIECES] = "SELECT q.id, s.start, s.\"end\" FROM quotes q JOIN spans s ON s.quote_id = q.id AND NOT s.quoted "
                   "WHERE q.article_id = ? ORDER BY s.start, s.\"end\" DESC, q.id",
    [ASK_CAST] = "SELECT p.entity_id AS id, p.type, e.name, p.named, p.id AS appearance, "
                 "(SELECT count(*) FROM mentions m WHERE m.appearance_id = p.id) AS mentions, "
                 "(SELECT count(*) FROM quotes q WHERE q.speaker_id = p.id) AS quotes "
                 "FROM appearances p JOIN entities e ON e.id = p.entity_id WHERE p.article_id = ? "
                 "ORDER BY quotes DESC, mentions DESC, p.id",
    [ASK_OFFICES_IN] =
        "SELECT * FROM (SELECT p.id AS appearance, p.entity_id AS person_id, t.name AS title, b.entity_id AS body_id, e.name AS body, h.former, "
        "h.rule, t.honorific FROM appearances p JOIN holders h ON h.person_id = p.id JOIN titles t ON t.id = h.title_id "
        "LEFT JOIN bodies o ON o.title_id = t.id LEFT JOIN appearances b ON b.id = o.body_id "
        "LEFT JOIN entities e ON e.id = b.entity_id WHERE p.article_id = ?1 "
        "UNION ALL SELECT p.id, p.entity_id, NULL, b.entity_id, e.name, l.former, l.rule, 0 FROM links l "
        "JOIN appearances p ON p.id = l.source_id JOIN appearances b ON b.id = l.target_id JOIN entities e ON e.id = b.entity_id "
        "WHERE l.article_id = ?1 AND l.type = 'affiliated' AND NOT EXISTS (SELECT 1 FROM holders h JOIN bodies o "
        "ON o.title_id = h.title_id WHERE h.person_id = p.id AND o.body_id = l.target_id)) ORDER BY appearance, former, body_id IS NULL",
    [ASK_NEWEST] = "SELECT " ARTICLE_COLUMNS ", (SELECT count(*) FROM quotes q WHERE q.article_id = a.id) AS quotes "
                   "FROM (SELECT id FROM articles ORDER BY day DESC, id DESC LIMIT ?2 OFFSET ?1) n JOIN articles a ON a.id = n.id "
                   "ORDER BY a.day DESC, a.id DESC",
    [ASK_ARTICLES_WITH] =
        "SELECT " ARTICLE_COLUMNS ", (SELECT count(*) FROM quotes q WHERE q.article_id = a.id) AS quotes "
        "FROM (SELECT a.id FROM articles_fts f JOIN articles a ON a.id = f.rowid WHERE articles_fts MATCH ?1 "
        "ORDER BY a.day DESC, a.id DESC LIMIT ?3 OFFSET ?2) n JOIN articles a ON a.id = n.id ORDER BY a.day DESC, a.id DESC",
    [ASK_ARTICLES_OF] =
        "SELECT " ARTICLE_COLUMNS ", (SELECT count(*) FROM quotes q WHERE q.article_id = a.id) AS quotes FROM ("
        "SELECT d.id FROM (SELECT DISTINCT article_id FROM appearances WHERE entity_id = ?1) p CROSS JOIN articles d "
        "INDEXED BY articles_days ON d.id = p.article_id ORDER BY d.day DESC, d.id DESC LIMIT ?3 OFFSET ?2) n "
        "JOIN articles a ON a.id = n.id ORDER BY a.day DESC, a.id DESC",
    [ASK_ENTITY] = "SELECT id, type, name, named, gender, articles, quotes FROM entity_counts WHERE id = ?",
    [ASK_NAMES] = "SELECT name FROM names WHERE entity_id = ? ORDER BY id LIMIT 50",
    [ASK_OFFICES] =
        "SELECT g.title, g.body_id, e.name AS body, g.former, g.since, g.until, g.articles, g.article_id FROM ("
        "SELECT title, body_id, former, min(day) AS since, max(day) AS until, count(DISTINCT article_id) AS articles, "
        "min(article_id) AS article_id FROM ("
        "SELECT t.name AS title, t.key, b.entity_id AS body_id, h.former, a.day, p.article_id FROM appearances p "
        "CROSS JOIN articles a INDEXED BY articles_days ON a.id = p.article_id JOIN holders h ON h.person_id = p.id "
        "JOIN titles t ON t.id = h.title_id AND NOT t.honorific LEFT JOIN bodies o ON o.title_id = t.id "
        "LEFT JOIN appearances b ON b.id = o.body_id WHERE p.entity_id = ?1 "
        "UNION ALL SELECT NULL, '', b.entity_id, l.former, a.day, a.id FROM appearances p "
        "CROSS JOIN articles a INDEXED BY articles_days ON a.id = p.article_id "
        "JOIN links l ON l.source_id = p.id AND l.type = 'affiliated' JOIN appearances b ON b.id = l.target_id "
        "WHERE p.entity_id = ?1 AND NOT EXISTS (SELECT 1 FROM holders h JOIN bodies o ON o.title_id = h.title_id "
        "WHERE h.person_id = p.id AND o.body_id = l.target_id)) GROUP BY key, body_id, former "
        "ORDER BY until DESC, articles DESC, title LIMIT 200) g LEFT JOIN entities e ON e.id = g.body_id "
        "ORDER BY g.until DESC, g.articles DESC, g.title",
    [ASK_PEOPLE] =
        "SELECT person_id, person, title, former, count(DISTINCT article_id) AS articles, max(day) AS until FROM ("
        "SELECT p.entity_id AS person_id, e.name AS person, t.name AS title, t.key, h.former, a.id AS article_id, a.day "
        "FROM appearances b JOIN bodies o ON o.body_id = b.id JOIN holders h ON h.title_id = o.title_id "
        "JOIN titles t ON t.id = h.title_id JOIN appearances p ON p.id = h.person_id JOIN entities e ON e.id = p.entity_id "
        "JOIN articles a ON a.id = p.article_id WHERE b.entity_id = ?1 AND p.named "
        "UNION ALL SELECT p.entity_id, e.name, NULL, '', l.former, a.id, a.day FROM appearances b "
        "JOIN links l ON l.target_id = b.id AND l.type = 'affiliated' JOIN appearances p ON p.id = l.source_id "
        "JOIN entities e ON e.id = p.entity_id JOIN articles a ON a.id = p.article_id WHERE b.entity_id = ?1 AND p.named "
        "AND NOT EXISTS (SELECT 1 FROM holders h JOIN bodies o ON o.title_id = h.title_id WHERE h.person_id = p.id "
        "AND o.body_id = l.target_id)) GROUP BY person_id, key, former ORDER BY articles DESC, until DESC, person LIMIT 200",
    [ASK_LINKED] =
        "SELECT l.type, p.entity_id AS from_id, f.name AS from_name, f.type AS from_type, b.entity_id AS to_id, t.name AS to_name, "
        "t.type AS to_type, count(DISTINCT l.article_id) AS articles FROM ("
        "SELECT l.* FROM appearances p JOIN links l ON l.source_id = p.id WHERE p.entity_id = ?1 AND l.type <> 'affiliated' "
        "UNION SELECT l.* FROM appearances p JOIN links l ON l.target_id = p.id WHERE p.entity_id = ?1 AND l.type <> 'affiliated'"
        ") l JOIN appearances p ON p.id = l.source_id JOIN appearances b ON b.id = l.target_id "
        "JOIN entities f ON f.id = p.entity_id JOIN entities t ON t.id = b.entity_id WHERE f.named AND t.named "
        "GROUP BY l.type, from_id, to_id ORDER BY l.type, articles DESC, from_name, to_name LIMIT 200",
    [ASK_SPEAKS_ABOUT] =
        "SELECT s.entity_id AS id, e.name, e.type, count(*) AS quotes, max(a.day) AS latest FROM appearances p "
        "JOIN subjects u ON u.subject_id = p.id JOIN quotes q ON q.id = u.quote_id JOIN appearances s ON s.id = q.speaker_id "
        "JOIN entities e ON e.id = s.entity_id JOIN articles a ON a.id = q.article_id "
        "WHERE p.entity_id = ?1 AND s.entity_id <> ?1 AND s.named GROUP BY s.entity_id ORDER BY quotes DESC, latest DESC, id LIMIT 50",
    [ASK_SPOKEN_OF] =
        "SELECT p.entity_id AS id, e.name, e.type, count(*) AS quotes, max(a.day) AS latest FROM appearances s "
        "JOIN quotes q ON q.speaker_id = s.id JOIN subjects u ON u.quote_id = q.id JOIN appearances p ON p.id = u.subject_id "
        "JOIN entities e ON e.id = p.entity_id JOIN articles a ON a.id = q.article_id "
        "WHERE s.entity_id = ?1 AND p.entity_id <> ?1 AND p.named GROUP BY p.entity_id ORDER BY quotes DESC, latest DESC, id LIMIT 50",
    [ASK_JOINED] =
        "SELECT a.id AS article_id, a.day, " CALLED ", p.name, "
        "(SELECT group_concat(t.kind || ': ' || t.key, '; ') FROM traits t WHERE t.appearance_id = p.id AND t.agreed) AS agreed, "
        "p.id AS appearance FROM (SELECT p.id FROM appearances p CROSS JOIN articles d INDEXED BY articles_days ON d.id = p.article_id "
        "WHERE p.entity_id = ? ORDER BY d.day DESC, d.id DESC LIMIT 200) n JOIN appearances p ON p.id = n.id "
        "JOIN articles a ON a.id = p.article_id ORDER BY a.day DESC, a.id DESC",
    [ASK_ENTITIES_NAMED] =
        "SELECT e.id, e.type, e.name, e.gender, e.articles, e.quotes FROM entity_counts e WHERE e.id IN ("
        "SELECT n.entity_id FROM names_fts f JOIN names n ON n.id = f.rowid WHERE names_fts MATCH ?1) AND e.named "
        "AND (?2 IS NULL OR e.type = ?2) ORDER BY e.quotes DESC, e.articles DESC, e.id LIMIT ?4 OFFSET ?3",
    [ASK_COUNTS] = 
        "SELECT id, type, articles, quotes FROM entities WHERE named AND articles > 0 ORDER BY quotes DESC, articles DESC, id",
    [ASK_ENTITY_NAME] = "SELECT name, type, gender FROM entities WHERE id = ?",
    [ASK_TOTALS] =
        "SELECT (SELECT count(*) FROM articles) AS articles, (SELECT count(*) FROM quotes) AS quotes, "
        "(SELECT min(day) FROM articles) AS since, (SELECT max(day) FROM articles) AS until",
    [ASK_BY_SOURCE] =
        "SELECT source, quotes FROM (SELECT CASE WHEN named THEN 'named' ELSE 'not named' END AS source, sum(quotes) AS quotes "
        "FROM entities GROUP BY source UNION ALL SELECT 'nobody given', count(*) FROM quotes WHERE speaker_id IS NULL) "
        "WHERE quotes > 0 ORDER BY quotes DESC, source",
    [ASK_BY_FORM] = "SELECT form, count(*) AS quotes FROM quotes GROUP BY form ORDER BY quotes DESC",
    [ASK_BY_GENDER] =
        "SELECT coalesce(gender, 'not known') AS gender, sum(quotes) AS quotes, count(*) AS people FROM entities "
        "WHERE type = 'person' AND named AND quotes > 0 GROUP BY 1 ORDER BY 2 DESC",
    [ASK_BY_BODY] =
        "SELECT e.id, e.name, e.type, sum(s.quotes) AS quotes FROM (SELECT DISTINCT f.speaker, b.entity_id FROM " SPEAKS_FOR " f "
        "JOIN appearances b ON b.id = f.body) f JOIN appearances s ON s.id = f.speaker "
        "JOIN entities e ON e.id = f.entity_id AND e.named AND e.type = 'organization' "
        "GROUP BY e.id HAVING sum(s.quotes) > 0 ORDER BY quotes DESC, e.id LIMIT ?",
};

StoreRows
store_ask(Store *s, Error *err, StoreQuestion question, const char *types, ...)
{
    StoreRows rows = {.store = s, .err = err};
    va_list args;

    va_start(args, types);
    rows.statement = db_ask_list(s, err, QUESTIONS[question], types, &args);
    va_end(args);
    return rows;
}

bool
rows_next(StoreRows *rows)
{
    bool more = db_row(rows->store, rows->statement, rows->err);

    if (!more)
        rows->statement = NULL;
    return more;
}

void
rows_end(StoreRows *rows)
{
    if (rows->statement)
        db_reset(rows->statement);
    rows->statement = NULL;
}

const char *
rows_text(const StoreRows *rows, int column)
{
    return db_text(rows->statement, column);
}

const char *
rows_given(const StoreRows *rows, int column)
{
    const char *text = rows_text(rows, column);

    return text ? text : "";
}

size_t
rows_length(const StoreRows *rows, int column)
{
    return (size_t)sqlite3_column_bytes(rows->statement, column);
}

int64_t
rows_number(const StoreRows *rows, int column)
{
    return sqlite3_column_int64(rows->statement, column);
}

double
rows_real(const StoreRows *rows, int column)
{
    return sqlite3_column_double(rows->statement, column);
}

int
rows_columns(const StoreRows *rows)
{
    return sqlite3_column_count(rows->statement);
}

const char *
rows_name(const StoreRows *rows, int column)
{
    return sqlite3_column_name(rows->statement, column);
}

bool
rows_is_number(const StoreRows *rows, int column)
{
    int type = sqlite3_column_type(rows->statement, column);

    return type == SQLITE_INTEGER || type == SQLITE_FLOAT;
}
