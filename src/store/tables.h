/* The archive as tables for other tools: what `export` writes and what can be downloaded.  Each has columns of a name and a type, and is
 * read row by row, so that an archive of any size goes through. */
#ifndef ONRECORD_STORE_TABLES_H
#define ONRECORD_STORE_TABLES_H

#include "store/store.h"

typedef enum {
    TABLE_ARTICLES,
    TABLE_ENTITIES,
    TABLE_APPEARANCES,
    TABLE_OFFICES,
    TABLE_QUOTES,
    TABLE_SUBJECTS,
    TABLE_LINKS,
    TABLE_MENTIONS,
    TABLE_FILES, /* those before are for a file each; these are the two halves of one graph: */
    TABLE_NODES = TABLE_FILES,
    TABLE_EDGES,
    TABLE_ENTITY_NODES, /* the same with people, organizations and places alone */
    TABLE_ENTITY_EDGES,
    TABLE_COUNT
} StoreTable;

typedef enum { COLUMN_TEXT, COLUMN_INTEGER, COLUMN_REAL, COLUMN_BOOLEAN } ColumnType;

enum { COLUMNS_MOST = 32 };

typedef struct {
    const char *name;
    ColumnType type;
} StoreColumn;

typedef struct {
    const char *name;
    uint32_t count;
    StoreColumn columns[COLUMNS_MOST];
    char names[512]; /* of the columns */
} StoreTableSpec;

/* What a table has.  The spec must stay where it is. */
void store_table(StoreTable table, StoreTableSpec *spec);

typedef struct {
    bool null;
    const char *text; /* COLUMN_TEXT: UTF-8, not NUL-terminated */
    size_t len;
    int64_t integer; /* COLUMN_INTEGER, COLUMN_BOOLEAN (0 or 1) */
    double real;     /* COLUMN_REAL */
} StoreValue;

/* Values stand in the order of the columns and live until the call returns. False with *err ends the reading. */
typedef bool (*StoreTakeRow)(const StoreValue *values, void *context, Error *err);

/* Every row, always in the same order. */
bool store_rows(Store *store, StoreTable table, StoreTakeRow take, void *context, Error *err);

#endif
