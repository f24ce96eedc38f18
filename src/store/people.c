/* Who is who over many articles.
 *
 * A person is known again only where two articles agree on more than a name: the full name (never a bare surname) and an
 * organization that the person belongs to or holds a title at; or the full name and a title, where not both articles name
 * organizations.  Sexes that differ keep people apart, and so does one article that has both.  What agreed is kept in
 * `traits`, and since all that an article says hangs on the appearance, one update takes a merge back.  Organizations and
 * places are known by their names, and an organization by what is short for its name where an article has both (WHO).  What has no name is known again nowhere.
 *
 * Names that agree by a short form may still be those of two people: "George W. Bush" and "George H. W. Bush" are both "George Bush" and both
 * president.  So the full names must not contradict each other either (names_conflict). */
#include "store/db_p.h"

#include <string.h>

/* What the article says of its people; names are there already. */
static bool
gather_traits(Store *s, int64_t article, Error *err)
{
    static const char TITLES[] =
        "INSERT OR IGNORE INTO traits (appearance_id, kind, key) SELECT p.id, 'title', t.key FROM appearances p "
        "JOIN holders h ON h.person_id = p.id JOIN titles t ON t.id = h.title_id AND NOT t.honorific "
        "WHERE p.article_id = ? AND p.type = 'person' AND t.key <> ''";
    static const char BODIES[] =
        "INSERT OR IGNORE INTO traits (appearance_id, kind, key) SELECT p.id, 'organization', b.key FROM appearances p "
        "JOIN holders h ON h.person_id = p.id JOIN bodies o ON o.title_id = h.title_id JOIN appearances b ON b.id = o.body_id "
        "WHERE p.article_id = ? AND p.type = 'person' AND b.named AND b.key <> ''";
    static const char AFFILIATIONS[] =
        "INSERT OR IGNORE INTO traits (appearance_id, kind, key) SELECT p.id, 'organization', b.key FROM appearances p "
        "JOIN links l ON l.source_id = p.id AND l.type = 'affiliated' JOIN appearances b ON b.id = l.target_id "
        "WHERE p.article_id = ? AND p.type = 'person' AND b.named AND b.key <> ''";

    return db_run(s, err, TITLES, "i", article) && db_run(s, err, BODIES, "i", article) &&
           db_run(s, err, AFFILIATIONS, "i", article);
}

/* ---- looking up */

enum { NAMESAKES = 16, TRAITS_MOST = 64 };

typedef struct {
    int64_t id;
    bool person, named;
    Buf key; /* its name for comparison */
} Appearance;

/* The names that an entity is known by are `kind` by kind in the index, so that each is found without passing over its traits. */
static bool
entity_conflicts(Store *s, int64_t entity, const char *key, Error *err)
{
    static const char SQL[] = "SELECT min(name) FROM identities WHERE entity_id = ? AND kind = ? AND name > ?";
    static const char *const KINDS[] = {"organization", "title"};
    Buf name = {0};
    bool conflict = false;

    for (int kind = 0; kind < 2 && !conflict; kind++) {
        sqlite3_stmt *q;
        buf_clear(&name);
        buf_str(&name, "");
        while (!conflict && db_row(s, q = db_ask(s, err, SQL, "iss", entity, KINDS[kind], name.bytes), err)) {
            const char *next = db_text(q, 0);
            if (next == NULL) {
                db_reset(q);
                break;
            }
            conflict = names_conflict(next, key);
            buf_clear(&name);
            buf_str(&name, next);
            db_reset(q);
        }
    }
    buf_close(&name);
    return conflict;
}

/* The entity that agrees best with a person's appearance; 0 if none does.  However many namesakes there are, only so many
 * are looked at. */
static int64_t
find_person(Store *s, const Appearance *p, int64_t article, Error *err)
{
    static const char SQL[] =
        "SELECT m.entity_id FROM ("
        "  SELECT i.entity_id, i.kind, i.key FROM traits n"
        "  JOIN traits t ON t.appearance_id = n.appearance_id AND t.kind <> 'name'"
        "  JOIN identities i ON i.name = n.key AND i.kind = t.kind AND i.key = t.key"
        "  WHERE n.appearance_id = ?1 AND n.kind = 'name' LIMIT 1000) m "
        "JOIN entities e ON e.id = m.entity_id JOIN appearances p ON p.id = ?1 "
        "WHERE (e.gender IS NULL OR p.gender IS NULL OR e.gender = p.gender) "
        "AND NOT EXISTS (SELECT 1 FROM appearances o WHERE o.entity_id = e.id AND o.article_id = ?2) "
        "GROUP BY m.entity_id "
        "HAVING max(m.kind = 'organization')"
        "  OR NOT EXISTS (SELECT 1 FROM traits t WHERE t.appearance_id = ?1 AND t.kind = 'organization')"
        "  OR NOT EXISTS (SELECT 1 FROM identities i WHERE i.entity_id = m.entity_id AND i.kind = 'organization') "
        "ORDER BY count(DISTINCT CASE m.kind WHEN 'organization' THEN m.key END) DESC, count(DISTINCT m.key) DESC, "
        "m.entity_id LIMIT ?3";
    int64_t found[NAMESAKES], count = 0;
    sqlite3_stmt *q = db_ask(s, err, SQL, "iii", p->id, article, (int64_t)NAMESAKES);

    while (db_row(s, q, err))
        if (count < NAMESAKES)
            found[count++] = sqlite3_column_int64(q, 0);
    for (int64_t i = 0; i < count && err->kind == ERROR_NONE; i++)
        if (!entity_conflicts(s, found[i], p->key.bytes, err))
            return found[i];
    return 0;
}

/* An organization that an article calls by its full and its short name is known by the full one.  By a short one it is known too, unless that is short for
 * several: then it is the one that nobody gave a full name yet, if there is one.  Only so many are looked at. */
static int64_t
find_by_name(Store *s, int64_t appearance, Error *err)
{
    static const char FULL[] =
        "SELECT i.entity_id FROM appearances p JOIN traits n ON n.appearance_id = p.id AND n.kind = 'name' AND n.key LIKE '% %' "
        "JOIN identities i ON i.name = n.key AND i.kind = 'type' AND i.key = p.type WHERE p.id = ? LIMIT 1";
    static const char ANY[] =
        "SELECT entity_id, (SELECT count(*) FROM identities o WHERE o.entity_id = m.entity_id AND o.kind = 'type') AS names, "
        "EXISTS (SELECT 1 FROM traits t WHERE t.appearance_id = ?1 AND t.kind = 'name') FROM (SELECT i.entity_id FROM appearances p "
        "JOIN (SELECT key FROM appearances WHERE id = ?1 UNION SELECT key FROM traits WHERE appearance_id = ?1 AND kind = 'name') n "
        "JOIN identities i ON i.name = n.key AND i.kind = 'type' AND i.key = p.type WHERE p.id = ?1 AND n.key <> '' LIMIT ?2) m "
        "ORDER BY names, entity_id LIMIT 2";
    int64_t found = db_number(s, 0, err, FULL, "i", appearance);
    bool alone = false, full = false;
    sqlite3_stmt *q;

    if (found || err->kind != ERROR_NONE)
        return found;
    for (q = db_ask(s, err, ANY, "ii", appearance, (int64_t)NAMESAKES); db_row(s, q, err);) {
        if (found == 0) {
            found = sqlite3_column_int64(q, 0);
            alone = sqlite3_column_int64(q, 1) == 1;
            full = sqlite3_column_int(q, 2);
        } else if (!alone) {
            found = 0;
            db_reset(q);
            break;
        }
    }
    return full && !alone ? 0 : found;
}

/* ---- writing down */

static bool
make_entity(Store *s, int64_t appearance, int64_t *entity, Error *err)
{
    static const char SQL[] = "INSERT INTO entities (type, name, named, gender) SELECT type, name, named, gender "
                              "FROM appearances WHERE id = ?";

    if (!db_run(s, err, SQL, "i", appearance))
        return false;
    *entity = sqlite3_last_insert_rowid(s->db);
    return true;
}

/* What the appearance and its entity have in common, before the appearance adds to it. */
static bool
note_evidence(Store *s, int64_t appearance, int64_t entity, Error *err)
{
    static const char SQL[] =
        "UPDATE traits SET agreed = 1 WHERE appearance_id = ?1 AND CASE kind "
        "WHEN 'name' THEN EXISTS (SELECT 1 FROM identities i WHERE i.entity_id = ?2 AND i.name = traits.key) "
        "ELSE EXISTS (SELECT 1 FROM traits n JOIN identities i ON i.entity_id = ?2 AND i.name = n.key "
        "AND i.kind = traits.kind AND i.key = traits.key WHERE n.appearance_id = ?1 AND n.kind = 'name') END";
    static const char GENDER[] = "UPDATE entities SET gender = (SELECT gender FROM appearances WHERE id = ?1) "
                                 "WHERE id = ?2 AND gender IS NULL";

    return db_run(s, err, SQL, "ii", appearance, entity) && db_run(s, err, GENDER, "ii", appearance, entity);
}

/* What an appearance adds to its entity: names to search, and what the next one is looked up in. */
static bool
add_to_entity(Store *s, int64_t appearance, Error *err)
{
    static const char NAME[] = "INSERT OR IGNORE INTO names (entity_id, name) SELECT entity_id, name FROM appearances "
                               "WHERE id = ? AND named";
    static const char NAMES[] = "INSERT OR IGNORE INTO names (entity_id, name) SELECT p.entity_id, m.text FROM appearances p "
                                "JOIN mentions m ON m.appearance_id = p.id AND m.kind = 'name' WHERE p.id = ? AND p.named";
    static const char TRAITS[] = "INSERT OR IGNORE INTO identities (name, kind, key, entity_id) "
                                 "SELECT n.key, t.kind, t.key, p.entity_id FROM appearances p "
                                 "JOIN traits n ON n.appearance_id = p.id AND n.kind = 'name' "
                                 "JOIN (SELECT kind, key FROM traits WHERE appearance_id = ?1 AND kind <> 'name' LIMIT ?2) t "
                                 "WHERE p.id = ?1";
    static const char TYPE[] = "INSERT OR IGNORE INTO identities (name, kind, key, entity_id) SELECT key, 'type', type, "
                               "entity_id FROM appearances WHERE id = ?1 AND named AND key <> '' AND type <> 'person' UNION "
                               "SELECT n.key, 'type', p.type, p.entity_id FROM appearances p JOIN traits n ON n.appearance_id = p.id "
                               "AND n.kind = 'name' WHERE p.id = ?1 AND p.type = 'organization'";

    return db_run(s, err, NAME, "i", appearance) && db_run(s, err, NAMES, "i", appearance) &&
           db_run(s, err, TRAITS, "ii", appearance, (int64_t)TRAITS_MOST) && db_run(s, err, TYPE, "i", appearance);
}

static bool
set_entity(Store *s, int64_t appearance, int64_t entity, Error *err)
{
    static const char SQL[] = "UPDATE appearances SET entity_id = ?2 WHERE id = ?1";

    return db_run(s, err, SQL, "ii", appearance, entity) && add_to_entity(s, appearance, err);
}

static bool
join(Store *s, const Appearance *p, int64_t article, Error *err)
{
    int64_t entity = !p->named ? 0 : p->person ? find_person(s, p, article, err) : find_by_name(s, p->id, err);

    if (err->kind != ERROR_NONE)
        return false;
    if (entity ? !note_evidence(s, p->id, entity, err) : !make_entity(s, p->id, &entity, err))
        return false;
    return set_entity(s, p->id, entity, err);
}

static bool
next_appearance(Store *s, int64_t article, int64_t after, Appearance *p, Error *err)
{
    static const char SQL[] = "SELECT id, type = 'person', named, key FROM appearances WHERE article_id = ? AND id > ? "
                              "ORDER BY id LIMIT 1";
    sqlite3_stmt *q = db_ask(s, err, SQL, "ii", article, after);

    if (!db_row(s, q, err))
        return false;
    p->id = sqlite3_column_int64(q, 0);
    p->person = sqlite3_column_int(q, 1);
    p->named = sqlite3_column_int(q, 2);
    buf_clear(&p->key);
    buf_str(&p->key, db_text(q, 3));
    db_reset(q);
    return true;
}

bool
people_join(Store *s, int64_t article, Error *err)
{
    Appearance p = {0};
    bool ok = gather_traits(s, article, err);

    while (ok && next_appearance(s, article, p.id, &p, err))
        ok = join(s, &p, article, err);
    buf_close(&p.key);
    return ok && err->kind == ERROR_NONE;
}

/* ---- undoing */

/* What is known of an entity by its appearances, once one of them has gone. */
static bool
rebuild(Store *s, int64_t entity, Error *err)
{
    static const char FORGET_NAMES[] = "DELETE FROM names WHERE entity_id = ?",
                      FORGET_IDENTITIES[] = "DELETE FROM identities WHERE entity_id = ?",
                      HEAD[] = "UPDATE entities SET name = (SELECT name FROM appearances WHERE entity_id = ?1 ORDER BY id), "
                               "gender = (SELECT max(gender) FROM appearances WHERE entity_id = ?1) WHERE id = ?1",
                      NEXT[] = "SELECT min(id) FROM appearances WHERE entity_id = ? AND id > ?";
    int64_t at = 0;

    if (!db_run(s, err, FORGET_NAMES, "i", entity) || !db_run(s, err, FORGET_IDENTITIES, "i", entity) ||
        !db_run(s, err, HEAD, "i", entity))
        return false;
    while ((at = db_number(s, 0, err, NEXT, "ii", entity, at)) != 0)
        if (!add_to_entity(s, at, err))
            return false;
    return err->kind == ERROR_NONE;
}

static bool
split(Store *s, int64_t appearance, int64_t *entity, Error *err)
{
    static const char OF[] = "SELECT entity_id FROM appearances WHERE id = ?",
                      COUNT[] = "SELECT count(*) FROM appearances WHERE entity_id = ?",
                      FORGET[] = "UPDATE traits SET agreed = 0 WHERE appearance_id = ?";
    int64_t from = db_number(s, 0, err, OF, "i", appearance);

    if (err->kind == ERROR_NONE && from == 0)
        return error_set(err, ERROR_USAGE, s->path, 0, 0, NULL, 0, "there is no appearance %lld", (long long)appearance);
    if (err->kind == ERROR_NONE && db_number(s, 0, err, COUNT, "i", from) < 2)
        return error_set(err, ERROR_USAGE, s->path, 0, 0, NULL, 0,
                         "appearance %lld is the only one of its entity: there is nothing to undo", (long long)appearance);
    return make_entity(s, appearance, entity, err) && db_run(s, err, FORGET, "i", appearance) &&
           set_entity(s, appearance, *entity, err) && rebuild(s, from, err);
}

bool
store_split(Store *s, int64_t appearance, int64_t *entity, Error *err)
{
    Error ignored = {0};

    if (!db_exec(s, "BEGIN IMMEDIATE", err))
        return false;
    if (split(s, appearance, entity, err) && db_exec(s, "COMMIT", err))
        return true;
    db_exec(s, "ROLLBACK", &ignored);
    return false;
}
