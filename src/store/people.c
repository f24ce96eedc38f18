/* Who is who over many articles.
 *
 * A person is known again only where two articles agree on more than a name: the full name (never a bare surname) and an
 * organization that the person belongs to or holds a title at; or the full name and a title, where not both articles name
 * organizations.  Sexes that differ keep people apart, and so does one article that has both.  What agreed is kept in
 * `traits`, and since all that an article says hangs on the appearance, one update takes a merge back.  Organizations and
 * places are known by their names.  What has no name is known again nowhere. */
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

typedef struct {
    int64_t id;
    bool person, named;
} Appearance;

/* The entity that agrees best with a person's appearance; 0 if none does.  However many namesakes there are, only so many
 * are looked at. */
static int64_t
find_person(Store *s, int64_t appearance, int64_t article, Error *err)
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
        "  OR NOT EXISTS (SELECT 1 FROM traits n JOIN identities i ON i.entity_id = m.entity_id AND i.name = n.key"
        "                 AND i.kind = 'organization' WHERE n.appearance_id = ?1 AND n.kind = 'name') "
        "ORDER BY count(DISTINCT CASE m.kind WHEN 'organization' THEN m.key END) DESC, count(DISTINCT m.key) DESC, "
        "m.entity_id LIMIT 1";

    return db_number(s, 0, err, SQL, "ii", appearance, article);
}

static int64_t
find_by_name(Store *s, int64_t appearance, Error *err)
{
    static const char SQL[] = "SELECT i.entity_id FROM appearances p JOIN identities i ON i.name = p.key AND i.kind = 'type' "
                              "AND i.key = p.type WHERE p.id = ? AND p.key <> '' LIMIT 1";

    return db_number(s, 0, err, SQL, "i", appearance);
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
                                 "JOIN traits t ON t.appearance_id = p.id AND t.kind <> 'name' WHERE p.id = ?";
    static const char TYPE[] = "INSERT OR IGNORE INTO identities (name, kind, key, entity_id) SELECT key, 'type', type, "
                               "entity_id FROM appearances WHERE id = ? AND named AND key <> '' AND type <> 'person'";

    return db_run(s, err, NAME, "i", appearance) && db_run(s, err, NAMES, "i", appearance) &&
           db_run(s, err, TRAITS, "i", appearance) && db_run(s, err, TYPE, "i", appearance);
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
    int64_t entity = !p->named ? 0 : p->person ? find_person(s, p->id, article, err) : find_by_name(s, p->id, err);

    if (err->kind != ERROR_NONE)
        return false;
    if (entity ? !note_evidence(s, p->id, entity, err) : !make_entity(s, p->id, &entity, err))
        return false;
    return set_entity(s, p->id, entity, err);
}

static bool
next_appearance(Store *s, int64_t article, int64_t after, Appearance *p, Error *err)
{
    static const char SQL[] = "SELECT id, type = 'person', named FROM appearances WHERE article_id = ? AND id > ? "
                              "ORDER BY id LIMIT 1";
    sqlite3_stmt *q = db_ask(s, err, SQL, "ii", article, after);

    if (!db_row(s, q, err))
        return false;
    *p = (Appearance){sqlite3_column_int64(q, 0), sqlite3_column_int(q, 1), sqlite3_column_int(q, 2)};
    db_reset(q);
    return true;
}

bool
people_join(Store *s, int64_t article, Error *err)
{
    Appearance p = {0};

    if (!gather_traits(s, article, err))
        return false;
    while (next_appearance(s, article, p.id, &p, err))
        if (!join(s, &p, article, err))
            return false;
    return err->kind == ERROR_NONE;
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
