#include "store/db_p.h"

#include "base/mem.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

bool
db_fail(Store *s, Error *err)
{
    return error_set(err, ERROR_IO, s->path, 0, 0, NULL, 0, "the archive: %s", sqlite3_errmsg(s->db));
}

sqlite3_stmt *
db_statement(Store *s, const char *sql, Error *err)
{
    sqlite3_stmt *statement;

    for (uint32_t i = 0; i < s->count; i++)
        if (s->statements[i].sql == sql)
            return s->statements[i].statement;
    if (sqlite3_prepare_v3(s->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL) != SQLITE_OK) {
        db_fail(s, err);
        return NULL;
    }
    if (s->count == STATEMENTS_MOST)
        abort(); /* the program has that many statements: make the table larger */
    s->statements[s->count].sql = sql;
    s->statements[s->count++].statement = statement;
    return statement;
}

/* ---- parameters */

/* Most strings have no NUL and are bound where they lie: the statement is done before they go. */
static int
bind_json(sqlite3_stmt *statement, int at, const json_t *value)
{
    const char *text = json_string_value(value), *nul;
    size_t len = json_string_length(value);
    Buf clean = {0};

    if (text == NULL)
        return sqlite3_bind_null(statement, at);
    if (memchr(text, '\0', len) == NULL)
        return sqlite3_bind_text64(statement, at, text, len, SQLITE_STATIC, SQLITE_UTF8);
    while ((nul = memchr(text, '\0', len)) != NULL) {
        buf_add(&clean, text, (size_t)(nul - text));
        buf_str(&clean, "\uFFFD");
        len -= (size_t)(nul - text) + 1;
        text = nul + 1;
    }
    buf_add(&clean, text, len);
    return sqlite3_bind_text64(statement, at, clean.bytes, clean.len, free, SQLITE_UTF8);
}

static int
bind_next(sqlite3_stmt *statement, int at, char type, va_list *args)
{
    switch (type) {
    case 'i': return sqlite3_bind_int64(statement, at, va_arg(*args, int64_t));
    case 'r': return sqlite3_bind_double(statement, at, va_arg(*args, double));
    case 'j': return bind_json(statement, at, va_arg(*args, const json_t *));
    default: return sqlite3_bind_text(statement, at, va_arg(*args, const char *), -1, SQLITE_STATIC);
    }
}

sqlite3_stmt *
db_ask_list(Store *s, Error *err, const char *sql, const char *types, va_list *args)
{
    sqlite3_stmt *statement = db_statement(s, sql, err);

    for (int i = 0; statement && types[i]; i++)
        if (bind_next(statement, i + 1, types[i], args) != SQLITE_OK) {
            db_fail(s, err);
            db_reset(statement);
            return NULL;
        }
    return statement;
}

sqlite3_stmt *
db_ask(Store *s, Error *err, const char *sql, const char *types, ...)
{
    sqlite3_stmt *statement;
    va_list args;

    va_start(args, types);
    statement = db_ask_list(s, err, sql, types, &args);
    va_end(args);
    return statement;
}

/* ---- running */

void
db_reset(sqlite3_stmt *statement)
{
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
}

bool
db_row(Store *s, sqlite3_stmt *statement, Error *err)
{
    int result;

    if (statement == NULL)
        return false;
    result = sqlite3_step(statement);
    if (result == SQLITE_ROW)
        return true;
    if (result != SQLITE_DONE)
        db_fail(s, err);
    db_reset(statement);
    return false;
}

const char *
db_text(sqlite3_stmt *statement, int column)
{
    return (const char *)sqlite3_column_text(statement, column);
}

bool
db_run(Store *s, Error *err, const char *sql, const char *types, ...)
{
    Error mine = {0};
    sqlite3_stmt *statement;
    va_list args;

    va_start(args, types);
    statement = db_ask_list(s, &mine, sql, types, &args);
    va_end(args);
    while (db_row(s, statement, &mine))
        ;
    if (mine.kind == ERROR_NONE)
        return true;
    if (err->kind == ERROR_NONE)
        *err = mine;
    return false;
}

int64_t
db_number(Store *s, int64_t otherwise, Error *err, const char *sql, const char *types, ...)
{
    int64_t number = otherwise;
    sqlite3_stmt *statement;
    va_list args;

    va_start(args, types);
    statement = db_ask_list(s, err, sql, types, &args);
    va_end(args);
    if (db_row(s, statement, err)) {
        if (sqlite3_column_type(statement, 0) != SQLITE_NULL)
            number = sqlite3_column_int64(statement, 0);
        db_reset(statement);
    }
    return number;
}

bool
db_exec(Store *s, const char *sql, Error *err)
{
    return sqlite3_exec(s->db, sql, NULL, NULL, NULL) == SQLITE_OK || db_fail(s, err);
}
