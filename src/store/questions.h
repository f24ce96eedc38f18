/* The questions behind the pages that show an archive: each is one statement, and its answer is a table. */
#ifndef ONRECORD_STORE_QUESTIONS_H
#define ONRECORD_STORE_QUESTIONS_H

#include "store/store.h"

/* What each takes stands behind it; what it gives, and in which order, in questions.c. */
typedef enum {
    /* an article */
    ASK_ARTICLE,        /* i article */
    ASK_PARTS,          /* i article: zones */
    ASK_MENTIONS,       /* i article */
    ASK_SAID,           /* i article: its quotes */
    ASK_PIECES,         /* i article: of the quotes, in text order */
    ASK_CAST,           /* i article: who and what is in it */
    ASK_OFFICES_IN,     /* i article: who holds which title where, and who belongs to what */
    ASK_NEWEST,         /* i skip, i most: articles */
    ASK_ARTICLES_WITH,  /* s match, i skip, i most: articles */
    ASK_ARTICLES_OF,    /* i entity, i skip, i most: articles */
    /* an entity */
    ASK_ENTITY,         /* i entity */
    ASK_NAMES,          /* i entity */
    ASK_OFFICES,        /* i person: titles and affiliations, each with its first and last day */
    ASK_PEOPLE,         /* i organization or place: who holds a title there or belongs to it */
    ASK_LINKED,         /* i entity: seats, homes, what is part of what */
    ASK_SPEAKS_ABOUT,   /* i entity: who speaks about it */
    ASK_SPOKEN_OF,      /* i entity: whom and what it speaks about */
    ASK_JOINED,         /* i entity: its appearances, and why they are one */
    ASK_ENTITIES_NAMED, /* s match, s type, i skip, i most */
    ASK_COUNTS,         /* nothing: every named entity with its articles and quotes, the most quoted first */
    ASK_ENTITY_NAME,    /* i entity */
    /* all of it */
    ASK_TOTALS,
    ASK_BY_SOURCE,      /* quotes: named, not named, nobody given */
    ASK_BY_FORM,
    ASK_BY_GENDER,      /* of named people */
    ASK_BY_BODY,        /* i most: of the organizations that speakers speak for */
    ASK_COUNT
} StoreQuestion;

/* An answer, row by row. */
typedef struct {
    Store *store;
    struct sqlite3_stmt *statement;
    Error *err;
} StoreRows;

/* Ask; `types` has a letter for each parameter that follows: i int64_t, s const char * (NULL: null).  An answer must be at its
 * end before the same question is asked again. */
StoreRows store_ask(Store *store, Error *err, StoreQuestion question, const char *types, ...);

/* The next row; false at the end, or with *err. */
bool rows_next(StoreRows *rows);

/* End an answer before its last row. */
void rows_end(StoreRows *rows);

/* A column of the row: text that lives until the next row (NULL: null), or a number (0: null). */
const char *rows_text(const StoreRows *rows, int column);
const char *rows_given(const StoreRows *rows, int column); /* text that the schema promises; empty where a file breaks the promise */
size_t rows_length(const StoreRows *rows, int column); /* of the text, in bytes */
int64_t rows_number(const StoreRows *rows, int column);
double rows_real(const StoreRows *rows, int column);

/* The columns: how many, what each is called, whether the row has a number there. */
int rows_columns(const StoreRows *rows);
const char *rows_name(const StoreRows *rows, int column);
bool rows_is_number(const StoreRows *rows, int column);

#endif
