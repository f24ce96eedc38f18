/* Statements with bound parameters: what the files of this room share.
 *
 * The letters of `types` say what follows:  i int64_t   r double   s const char * (NULL: null)   j json_t * of a string
 * (NULL or anything else: null; a NUL in it becomes U+FFFD, which keeps every offset). */
#ifndef ONRECORD_STORE_DB_P_H
#define ONRECORD_STORE_DB_P_H

#include "store/store.h"
#include "text/article.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stdarg.h>

enum { STATEMENTS_MOST = 128 };

struct Store {
    sqlite3 *db;
    char *path;
    struct {
        const char *sql; /* known by its address: a constant of the program */
        sqlite3_stmt *statement;
    } statements[STATEMENTS_MOST];
    uint32_t count;

    double deadline; /* by the clock that never goes back; 0: none */
    bool late;

    /* adding */
    sqlite3_stmt *has; /* under `lock`: workers ask */
    pthread_mutex_t lock;
    uint32_t waiting; /* articles since the last commit */
    double begun;     /* when the first of them came */
    bool open;        /* a transaction is */
};

/* Fill *err from the database's; false. */
bool db_fail(Store *store, Error *err);

/* A statement, ready to be bound: prepared once and then kept.  `sql` must be a constant.  NULL with *err. */
sqlite3_stmt *db_statement(Store *store, const char *sql, Error *err);

/* The same with its parameters bound. */
sqlite3_stmt *db_ask(Store *store, Error *err, const char *sql, const char *types, ...);
sqlite3_stmt *db_ask_list(Store *store, Error *err, const char *sql, const char *types, va_list *args);

/* Step: true if there is a row.  At the end, or on a fault (with *err), the statement is reset. */
bool db_row(Store *store, sqlite3_stmt *statement, Error *err);

/* End a statement before its last row. */
void db_reset(sqlite3_stmt *statement);

/* Run a statement that gives no rows; false with *err. */
bool db_run(Store *store, Error *err, const char *sql, const char *types, ...);

/* The number in the first row's first column; `otherwise` if there is no row (or it is null), or with *err. */
int64_t db_number(Store *store, int64_t otherwise, Error *err, const char *sql, const char *types, ...);

/* Statements without parameters; false with *err. */
bool db_exec(Store *store, const char *sql, Error *err);

/* A column as text that lives until the next row; NULL for null. */
const char *db_text(sqlite3_stmt *statement, int column);

/* ---- find.c: words for FTS5 */

/* Append a string of FTS5: whatever stands in it is words, and no operator. */
void match_string(Buf *out, const char *text, size_t len);

/* ---- people.c */

/* Give each appearance of an article its entity. */
bool people_join(Store *store, int64_t article, Error *err);

/* ---- names.c */

/* The form in which names are compared: words of letters and digits, folded, a blank between.  *full (may be NULL) is the
 * number of words that can tell one person from another: of two letters or more and with a capital, where the script
 * has capitals.  In the arena. */
const char *name_key(Arena *arena, const char *name, size_t len, uint32_t *full);

/* Do two such forms contradict each other, though both people go by the same short form?  "george w bush" and "george h w bush" do, "john
 * doe jr" and "john doe sr" too; "ann marie doe" and "ann doe" do not, nor "a b doe" and "anna beth doe".  Where the first words differ, one may
 * be a name for friends, and nothing is said. */
bool names_conflict(const char *a, const char *b);

/* Is one such form made of first letters of the other's words, in their order?  "who" is short for "world health organization"; words may
 * be left out ("bank of england", "be"), but not half of them. */
bool name_is_short_for(const char *full, const char *shorter);

/* A day as YYYY-MM-DD from a date or time that begins so, or with YYYYMMDD; false if it does not. */
bool day_read(const char *text, char day[11]);

#endif
