/* Questions to an archive.  Statements are put together from constants; what is asked for is bound. */
#include "store/db_p.h"

#include <stdio.h>
#include <string.h>

/* ---- words for FTS5 */

void
match_string(Buf *out, const char *text, size_t len)
{
    buf_char(out, '"');
    for (size_t i = 0; i < len; i++) {
        if (text[i] == '"')
            buf_char(out, '"');
        buf_char(out, text[i]);
    }
    buf_char(out, '"');
}

void
store_match_names(Buf *out, const char *name)
{
    while (*name) {
        size_t len = strcspn(name, " \t\n");
        if (len) {
            match_string(out, name, len);
            buf_str(out, "* ");
        }
        name += len + (name[len] != '\0');
    }
    if (out->len == 0)
        buf_str(out, "\"\"");
}

void
store_match_words(Buf *out, const char *const *words, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        size_t len = strlen(words[i]);
        bool begins = len > 1 && words[i][len - 1] == '*';
        match_string(out, words[i], len - begins);
        buf_str(out, begins ? "* " : " ");
    }
}

/* ---- entities */

/* What its articles say of an entity; by entity it is kept only with full names, so that one with a bare surname, which is in
 * one article alone, is asked for there. */
#define TRAITS_OF(kind)                                                                                                \
    "coalesce((SELECT group_concat(key, '; ') FROM (SELECT DISTINCT key FROM identities "                              \
    "WHERE entity_id = e.id AND kind = '" kind "')), (SELECT group_concat(t.key, '; ') FROM appearances p "              \
    "JOIN traits t ON t.appearance_id = p.id AND t.kind = '" kind "' WHERE p.entity_id = e.id AND e.type = 'person' "  \
    "AND e.articles = 1))"

#define ENTITY "SELECT e.id, e.type, e.name, e.gender, e.named, e.articles, e.quotes, " TRAITS_OF("title") ", " TRAITS_OF("organization")

static bool
give_entities(Store *s, sqlite3_stmt *q, StoreTakeEntity take, void *context, Error *err)
{
    while (db_row(s, q, err)) {
        StoredEntity e = {.id = sqlite3_column_int64(q, 0), .type = db_text(q, 1), .name = db_text(q, 2),
                          .gender = db_text(q, 3), .named = sqlite3_column_int(q, 4), .articles = sqlite3_column_int64(q, 5),
                          .quotes = sqlite3_column_int64(q, 6), .titles = db_text(q, 7), .bodies = db_text(q, 8)};
        if (!take(&e, context)) {
            db_reset(q);
            break;
        }
    }
    return err->kind == ERROR_NONE;
}

bool
store_entities(Store *s, const char *name, uint32_t most, StoreTakeEntity take, void *context, Error *err)
{
    static const char NAMED[] = ENTITY " FROM entity_counts e WHERE e.id IN (SELECT n.entity_id FROM names_fts f "
                                       "JOIN names n ON n.id = f.rowid WHERE names_fts MATCH ?) "
                                       "ORDER BY e.quotes DESC, e.articles DESC, e.id LIMIT ?";
    static const char ALL[] = ENTITY " FROM (SELECT id FROM entities WHERE named AND quotes > 0 ORDER BY quotes DESC, id LIMIT ?) m "
                                     "JOIN entity_counts e ON e.id = m.id ORDER BY e.quotes DESC, e.id";
    Buf match = {0};
    bool ok;

    if (name == NULL)
        return give_entities(s, db_ask(s, err, ALL, "i", (int64_t)most), take, context, err);
    store_match_names(&match, name);
    ok = give_entities(s, db_ask(s, err, NAMED, "si", match.bytes, (int64_t)most), take, context, err);
    buf_close(&match);
    return ok;
}

bool
store_appearances(Store *s, int64_t entity, StoreTakeAppearance take, void *context, Error *err)
{
    static const char SQL[] =
        "SELECT p.id, a.day, a.name, a.headline, p.name, "
        "(SELECT group_concat(key, '; ') FROM traits t WHERE t.appearance_id = p.id AND t.kind = 'title'), "
        "(SELECT group_concat(key, '; ') FROM traits t WHERE t.appearance_id = p.id AND t.kind = 'organization'), "
        "(SELECT group_concat(t.kind || ': ' || t.key, '; ') FROM traits t WHERE t.appearance_id = p.id AND t.agreed "
        " UNION ALL SELECT 'name: ' || p.key WHERE p.type <> 'person' AND p.named "
        " AND EXISTS (SELECT 1 FROM appearances o WHERE o.entity_id = p.entity_id AND o.id < p.id) ORDER BY 1 DESC) "
        "FROM appearances p JOIN articles a ON a.id = p.article_id WHERE p.entity_id = ? ORDER BY p.id";
    sqlite3_stmt *q = db_ask(s, err, SQL, "i", entity);

    while (db_row(s, q, err)) {
        StoredAppearance p = {sqlite3_column_int64(q, 0), db_text(q, 1), db_text(q, 2), db_text(q, 3), db_text(q, 4),
                              db_text(q, 5), db_text(q, 6), db_text(q, 7)};
        if (!take(&p, context)) {
            db_reset(q);
            break;
        }
    }
    return err->kind == ERROR_NONE;
}

/* ---- quotes */

/* Text that the schema promises; empty where a file breaks the promise. */
static const char *
given(sqlite3_stmt *q, int column)
{
    const char *text = db_text(q, column);

    return text ? text : "";
}

/* Most quotes are of one piece, and the article need not be read for them. */
static void
read_shown(Store *s, int64_t quote, const char *text, Buf *shown, Error *err)
{
    static const char PIECES[] = "SELECT count(*) FROM spans WHERE quote_id = ? AND NOT quoted";
    static const char SQL[] =
        "SELECT substr(a.text, s.start + 1, s.\"end\" - s.start), substr(a.text, s.before + 1, max(0, s.start - s.before)) "
        "FROM (SELECT quote_id, number, start, \"end\", lag(\"end\", 1, start) OVER (ORDER BY number) AS before FROM spans "
        "WHERE quote_id = ? AND NOT quoted) s JOIN quotes q ON q.id = s.quote_id JOIN articles a ON a.id = q.article_id "
        "WHERE a.text IS NOT NULL ORDER BY s.number";

    if (db_number(s, 0, err, PIECES, "i", quote) > 1) {
        sqlite3_stmt *q = db_ask(s, err, SQL, "i", quote);
        while (db_row(s, q, err)) {
            const char *piece = given(q, 0), *gap = given(q, 1);
            shown_piece(shown, piece, strlen(piece), gap, strlen(gap));
        }
    }
    if (shown->len == 0)
        buf_str(shown, text);
    shown_end(shown);
}

bool
store_quote(Store *s, int64_t id, StoreTakeQuote take, void *context, Error *err)
{
    static const char SQL[] = "SELECT day, speaker, speaker_type, speaker_text, title, organization, act, form, text, node, "
                              "article, headline, uri, speaker_id, named, former, negated, hypothetical, article_id "
                              "FROM quotations WHERE id = ?";
    sqlite3_stmt *q = db_ask(s, err, SQL, "i", id);

    if (db_row(s, q, err)) {
        StoredQuote found = {.id = id, .day = db_text(q, 0), .speaker = db_text(q, 1), .speaker_type = db_text(q, 2),
                             .speaker_text = db_text(q, 3), .title = db_text(q, 4), .organization = db_text(q, 5),
                             .act = db_text(q, 6), .form = given(q, 7), .text = given(q, 8), .node = given(q, 9),
                             .article = given(q, 10), .headline = db_text(q, 11), .uri = db_text(q, 12),
                             .speaker_id = sqlite3_column_int64(q, 13),
                             .has_speaker = sqlite3_column_type(q, 13) != SQLITE_NULL, .named = sqlite3_column_int(q, 14),
                             .former = sqlite3_column_int(q, 15), .negated = sqlite3_column_int(q, 16),
                             .hypothetical = sqlite3_column_int(q, 17), .article_id = sqlite3_column_int64(q, 18)};
        Buf shown = {0};
        read_shown(s, id, found.text, &shown, err);
        found.shown = shown.bytes;
        take(&found, context);
        buf_close(&shown);
        db_reset(q);
    }
    return err->kind == ERROR_NONE;
}

/* The entities with such a name, or the one of this id. */
#define NAMED_LIKE(value) "(SELECT n.entity_id FROM names_fts f JOIN names n ON n.id = f.rowid WHERE names_fts MATCH " value ")"
#define THIS(value) "(" value ")"

#define SAID_BY(entities) " AND q.speaker_id IN (SELECT p.id FROM appearances p WHERE p.entity_id IN " entities ")"

/* An organization says something itself, or by whoever holds a title there or belongs to it. */
#define SAID_FOR(entities)                                                                                          \
    " AND q.speaker_id IN (SELECT v.speaker_id FROM appearances p CROSS JOIN voices v ON v.body_id = p.id "         \
    "WHERE p.entity_id IN " entities ")"

#define SAID_OF(entities)                                                                                              \
    " AND q.id IN (SELECT u.quote_id FROM appearances p JOIN subjects u ON u.subject_id = p.id "                       \
    "WHERE p.entity_id IN " entities ")"

/* What can be asked for, in the order of the parameters: of the words, of who says it of whom, of the article. */
enum { WORDS, SPEAKER, BODY, ABOUT, SINCE, UNTIL, SPEAKER_ID, BODY_ID, ABOUT_ID, CONDITIONS };

static const char *const CONDITION[CONDITIONS] = {
    " AND EXISTS (SELECT 1 FROM quotes_fts WHERE quotes_fts MATCH ?1 AND rowid = q.id)",
    SAID_BY(NAMED_LIKE("?2")),
    SAID_FOR(NAMED_LIKE("?3")),
    SAID_OF(NAMED_LIKE("?4")),
    " AND a.day >= ?5",
    " AND a.day <= ?6",
    SAID_BY(THIS("?7")),
    SAID_FOR(THIS("?8")),
    SAID_OF(THIS("?9")),
};

/* A value that is asked for: text, or an id; neither: it is not asked for. */
typedef struct {
    const char *text;
    int64_t id;
} Asked;

static bool
is_asked(const Asked *value)
{
    return value->text || value->id;
}

static bool
is_of_article(int condition)
{
    return condition == SINCE || condition == UNTIL;
}

/* The ways to an answer, which differ in where they begin.  What a way needs of quotes and articles lies in indexes of their
 * own: to read a million rows with their texts would take seconds. */
typedef enum {
    FROM_WHO,   /* the quotes of whoever is asked for; the index of words is asked for each */
    FROM_WORDS, /* the quotes with the words, those that were stored last first */
    FROM_DAYS   /* the articles, the newest first */
} Way;

enum { FEW = 3000 /* quotes, for which the words are asked one by one: a tenth of a second */ };
enum { SIFTED_LEAST = 5000 /* a twentieth of a second, and some hundred pages */ };

uint32_t
store_sifted(const StoreQuery *query)
{
    uint64_t wanted = (uint64_t)query->skip + query->most;

    return wanted < SIFTED_LEAST ? SIFTED_LEAST : wanted > STORE_SIFTED ? STORE_SIFTED : (uint32_t)wanted;
}

/* The days are looked up of what is left in the end, but where they decide what is left. */
#define SIFTED "SELECT q.id FROM (SELECT q.id, q.article_id FROM "
#define DAYS " CROSS JOIN articles a INDEXED BY articles_days ON a.id = q.article_id"

static const char *const HEAD[] = {
    [FROM_WHO] = SIFTED "quotes q",
    [FROM_WORDS] = SIFTED "quotes_fts f CROSS JOIN quotes q INDEXED BY quotes_core ON q.id = f.rowid",
    [FROM_DAYS] = ("SELECT q.id FROM articles a INDEXED BY articles_by_day CROSS JOIN quotes q INDEXED BY quotes_by_article "
                   "ON q.article_id = a.id WHERE 1"),
};

static sqlite3_stmt *
prepare(Store *s, const Buf *sql, const Asked asked[CONDITIONS], Error *err)
{
    sqlite3_stmt *q = NULL;

    if (sqlite3_prepare_v2(s->db, sql->bytes, -1, &q, NULL) != SQLITE_OK)
        db_fail(s, err);
    for (int i = 0; q && i < CONDITIONS; i++)
        if (asked[i].text)
            sqlite3_bind_text(q, i + 1, asked[i].text, -1, SQLITE_STATIC);
        else if (asked[i].id)
            sqlite3_bind_int64(q, i + 1, asked[i].id);
    return q;
}

/* Are there no more than a few quotes of whoever is asked for? */
static bool
are_few(Store *s, const Asked asked[CONDITIONS], Error *err)
{
    Buf sql = {0};
    sqlite3_stmt *q;
    bool few;

    buf_str(&sql, "SELECT count(*) FROM (SELECT 1 FROM quotes q WHERE 1");
    for (int i = SPEAKER; i < CONDITIONS; i++)
        if (is_asked(&asked[i]) && !is_of_article(i))
            buf_str(&sql, CONDITION[i]);
    buf_printf(&sql, " LIMIT %d)", FEW + 1);
    q = prepare(s, &sql, asked, err);
    few = db_row(s, q, err) && sqlite3_column_int(q, 0) <= FEW;
    sqlite3_finalize(q);
    buf_close(&sql);
    return few;
}

static Way
choose_way(Store *s, const Asked asked[CONDITIONS], Error *err)
{
    bool who = false;

    for (int i = SPEAKER; i < CONDITIONS; i++)
        who = who || (is_asked(&asked[i]) && !is_of_article(i));
    if (!who)
        return is_asked(&asked[WORDS]) ? FROM_WORDS : FROM_DAYS;
    return !is_asked(&asked[WORDS]) || are_few(s, asked, err) ? FROM_WHO : FROM_WORDS;
}

static sqlite3_stmt *
prepare_search(Store *s, const Asked asked[CONDITIONS], uint32_t sifted, Error *err)
{
    Way way = choose_way(s, asked, err);
    sqlite3_stmt *q;
    Buf sql = {0};

    buf_str(&sql, HEAD[way]);
    if (way != FROM_DAYS) {
        if (is_asked(&asked[SINCE]) || is_asked(&asked[UNTIL]))
            buf_str(&sql, DAYS);
        buf_str(&sql, way == FROM_WORDS ? " WHERE quotes_fts MATCH ?1" : " WHERE 1");
    }
    for (int i = way == FROM_WHO ? WORDS : SPEAKER; i < CONDITIONS; i++)
        if (is_asked(&asked[i]))
            buf_str(&sql, CONDITION[i]);
    if (way == FROM_DAYS)
        buf_printf(&sql, " ORDER BY a.day DESC, q.id LIMIT %u", sifted);
    else
        buf_printf(&sql, " ORDER BY %s DESC LIMIT %u) q" DAYS " ORDER BY a.day DESC, q.id", way == FROM_WORDS ? "f.rowid" : "q.id", sifted);
    q = err->kind == ERROR_NONE ? prepare(s, &sql, asked, err) : NULL;
    buf_close(&sql);
    return q;
}

static bool
run_search(Store *s, sqlite3_stmt *q, const StoreQuery *query, StoreTakeQuote take, void *context, uint32_t *count, Error *err)
{
    uint32_t seen = 0;

    while (db_row(s, q, err))
        if (seen++ >= query->skip && seen - query->skip <= query->most &&
            !store_quote(s, sqlite3_column_int64(q, 0), take, context, err))
            break;
    if (count)
        *count = seen;
    return err->kind == ERROR_NONE;
}

bool
store_is_date(const char *text)
{
    static const char SHAPE[] = "0000-00-00";
    size_t len = strlen(text);

    if (len != 4 && len != 7 && len != 10)
        return false;
    for (size_t i = 0; i < len; i++)
        if (SHAPE[i] == '-' ? text[i] != '-' : text[i] < '0' || text[i] > '9')
            return false;
    return true;
}

bool
store_search(Store *s, const StoreQuery *query, StoreTakeQuote take, void *context, uint32_t *count, Error *err)
{
    const char *const names[] = {query->speaker, query->organization, query->about};
    char until[16]; /* a month or a year goes on to its end: no day sorts behind 99 */
    Asked asked[CONDITIONS] = {[SINCE] = {.text = query->since}, [UNTIL] = {.text = query->until ? until : NULL},
                               [SPEAKER_ID] = {.id = query->speaker_id}, [BODY_ID] = {.id = query->organization_id},
                               [ABOUT_ID] = {.id = query->about_id}};
    Buf match[ABOUT + 1] = {{0}};
    sqlite3_stmt *q;
    bool ok;

    if (query->until)
        snprintf(until, sizeof until, "%s%s", query->until, strlen(query->until) == 10 ? "" : "-99");
    if (query->word_count) {
        store_match_words(&match[WORDS], query->words, query->word_count);
        asked[WORDS].text = match[WORDS].bytes;
    }
    for (int i = SPEAKER; i <= ABOUT; i++)
        if (names[i - SPEAKER]) {
            store_match_names(&match[i], names[i - SPEAKER]);
            asked[i].text = match[i].bytes;
        }
    q = prepare_search(s, asked, store_sifted(query), err);
    ok = q && run_search(s, q, query, take, context, count, err);
    sqlite3_finalize(q);
    for (int i = WORDS; i <= ABOUT; i++)
        buf_close(&match[i]);
    return ok;
}
