/* An archive: articles with all that was found in them, in one SQLite file.  The only room that knows SQLite.
 *
 * Everything that comes from an article is hostile: values reach SQL as bound parameters, words reach FTS5 as quoted
 * strings, and nothing is built into a statement's text.  schema.sql says what lies where. */
#ifndef ONRECORD_STORE_STORE_H
#define ONRECORD_STORE_STORE_H

#include "base/buf.h"
#include "base/error.h"

#include <stdint.h>

typedef struct Store Store;

typedef enum {
    STORE_READ,    /* it must be there */
    STORE_WRITE,   /* it is made if it is not there */
    STORE_SCRATCH, /* one without a name, which goes when it is closed; `path` means nothing */
} StoreMode;

/* Open an archive; NULL with *err.  A file that is something else is left alone. */
Store *store_open(const char *path, StoreMode mode, Error *err);

/* Close it.  What was not committed is lost. */
void store_close(Store *store);

/* From now on end a question that is not answered `seconds` after this call, with *err; 0: never.  Call it before each. */
void store_hurry(Store *store, double seconds);

/* End whatever is being asked now, from another thread: it ends with *err. */
void store_stop(Store *store);

/* Did the last question end for that reason? */
bool store_was_late(const Store *store);

/* A number that is another one when the archive has changed, by whichever program. */
uint64_t store_state(const Store *store);

/* Is the file an SQLite database?  (Then it may be an archive.) */
bool store_is_database(const char *path);

/* ---- adding: add.c */

/* Is this article there already: this text under this id?  May be called from any thread. */
bool store_has(Store *store, const char *id, const char *text, size_t len);

/* Add a graph, as JSON; *added is false if it is there already.  False with *err: of kind ERROR_INPUT if the graph is
 * wrong (then nothing of it was stored, and the next may be added).  The work is committed now and then, always between
 * two articles. */
bool store_add(Store *store, const char *json, size_t len, bool *added, Error *err);

/* Make what was added so far last. */
bool store_commit(Store *store, Error *err);

/* ---- people: people.c */

/* Undo a merge: the appearance becomes an entity of its own, *entity.  False with *err. */
bool store_split(Store *store, int64_t appearance, int64_t *entity, Error *err);

/* ---- asking: find.c.  Strings live until the call of `take` returns; NULL where the archive has nothing.  A `take` that
 * returns false ends the asking.  All of these: false with *err. */

typedef struct {
    int64_t id, articles, quotes;
    const char *type, *name, *gender;
    bool named;
    const char *titles, *bodies; /* of people: all that articles give them, with "; " between */
} StoredEntity;

typedef bool (*StoreTakeEntity)(const StoredEntity *entity, void *context);

/* The entities with a name in which words begin as those of `name` do (NULL: all), the most quoted first. */
bool store_entities(Store *store, const char *name, uint32_t most, StoreTakeEntity take, void *context, Error *err);

/* An entity as one article has it, and why it was joined to the others: "name: …; title: …". */
typedef struct {
    int64_t id;
    const char *day, *article, *headline, *name, *titles, *bodies, *evidence;
} StoredAppearance;

typedef bool (*StoreTakeAppearance)(const StoredAppearance *appearance, void *context);

bool store_appearances(Store *store, int64_t entity, StoreTakeAppearance take, void *context, Error *err);

typedef struct {
    int64_t id, article_id, speaker_id; /* the speaker's: of the entity; 0: none is known */
    const char *day, *speaker, *speaker_type, *speaker_text, *title, *organization, *act, *form, *text, *node, *article,
        *headline, *uri;
    const char *shown; /* its text for people, see shown_piece */
    bool has_speaker, named, former, negated, hypothetical;
} StoredQuote;

typedef bool (*StoreTakeQuote)(const StoredQuote *quote, void *context);

typedef struct {
    const char *const *words; /* all of them; a word with blanks in it is a phrase, one that ends in * a beginning */
    uint32_t word_count;
    const char *speaker, *about, *organization; /* beginnings of words of a name; NULL: any */
    int64_t speaker_id, about_id, organization_id; /* the same by the entity; 0: any */
    const char *since, *until;                  /* see store_is_date; to the end of that year, month or day */
    uint32_t skip, most;                        /* pass over so many, and give so many */
} StoreQuery;

/* Of more quotes than so many that answer, those that were stored last are put in order: STORE_SIFTED, or fewer if no more are to be given. */
enum { STORE_SIFTED = 20000 };
uint32_t store_sifted(const StoreQuery *query);

/* YYYY, YYYY-MM or YYYY-MM-DD. */
bool store_is_date(const char *text);

/* The quotes that answer, the newest article first; *count (may be NULL) is how many there are, up to store_sifted. */
bool store_search(Store *store, const StoreQuery *query, StoreTakeQuote take, void *context, uint32_t *count, Error *err);

/* What a question with a match of FTS5 takes: all of these words, as a StoreQuery has them; or names in which words begin so. */
void store_match_words(Buf *out, const char *const *words, uint32_t count);
void store_match_names(Buf *out, const char *name);

/* A quote for people, piece by piece: "…" stands where words of the article lie between two pieces (`gap`), a blank where none
 * do, and no comma that only leads over to the word of saying.  shown_end when all pieces are there. */
void shown_piece(Buf *out, const char *piece, size_t len, const char *gap, size_t gap_len);
void shown_end(Buf *out);

/* One quote by its id. */
bool store_quote(Store *store, int64_t id, StoreTakeQuote take, void *context, Error *err);

/* ---- graphs again: graph.c */

/* Append an article as a graph of the format onrecord/1, without the newline: all that was stored of it.  False
 * with *err, which is of kind ERROR_USAGE if there is no such article. */
bool store_graph(Store *store, int64_t article, bool no_text, Buf *out, Error *err);

typedef bool (*StoreTakeArticle)(int64_t article, void *context, Error *err);

/* Every article, in the order in which they were stored, until `take` returns false (with *err). */
bool store_articles(Store *store, StoreTakeArticle take, void *context, Error *err);

/* ---- did anyone say this? near.c */

typedef struct {
    int64_t quote;
    double near; /* see words_compare; 1: word for word, or a piece of it */
} StoredNear;

enum {
    STORE_NEAR_MOST = 50,
    STORE_ASKED_MOST = 400, /* words that are asked for and */
    STORE_WORDS_MOST = 4000 /* words of a quote, that are compared */
};

/* The quotes that come near to these words, the nearest first; *count is how many, at most STORE_NEAR_MOST. */
bool store_near(Store *store, const char *words, size_t len, StoredNear near[STORE_NEAR_MOST], uint32_t *count, Error *err);

/* Is the quote's speaker an entity with a name in which words begin as those of `name` do? */
bool store_said_by(Store *store, int64_t quote, const char *name, Error *err);

#endif
