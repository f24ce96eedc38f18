/* A view: what is asked for on its way to what is answered, and the pieces that all views are made of. */
#ifndef ONRECORD_WEB_VIEW_H
#define ONRECORD_WEB_VIEW_H

#include "engine/ruleset.h"
#include "store/questions.h"
#include "web/html.h"
#include "web/request.h"
#include "web/tally.h"

enum { PAGE_SIZE = 25, ROWS_MOST = 20000 /* in a table that is handed on */, PAGES_MOST = ROWS_MOST / PAGE_SIZE };

/* What all requests share. */
typedef struct {
    const char *name; /* of the archive, for people */
    const RuleSet *rules;
    Tallies *tallies;
} Site;

typedef struct {
    const Site *site;
    Request request;
    Arena *arena;
    Store *store;
    Error err;  /* what went wrong in the archive */
    bool alone; /* the page stands in a file by itself: nothing links to other pages */

    /* the answer */
    Buf *out;
    int status;
    const char *type;     /* of its content */
    const char *location; /* where to go instead, or NULL */
    bool file;            /* to be saved and not shown */
    bool picture;         /* it is an SVG image */
} View;

/* The views: each writes its page, table or JSON, as the request's form says. */
void view_start(View *v);
void view_search(View *v);
void view_check(View *v);
void view_entity(View *v);
void view_entities(View *v);
void view_articles(View *v);
void view_article(View *v);
void view_rule(View *v);

/* ---- pages: page.c */

/* The page from its beginning to the inside of <main>, and its end.  `title` is that of the window, `here` the part of the site. */
void page_open(View *v, const char *title, const char *here);
void page_close(View *v);

/* Say instead of the page what is wrong. */
void page_fault(View *v, int status, const char *title, const char *text);

/* Say instead of a table that it is being counted. */
void page_wait(View *v);

/* Links to the same view as CSV and JSON. */
void page_downloads(View *v);

/* Links to the other pages of a long answer; `page` from 1. */
void page_pager(View *v, int64_t page, int64_t pages);

/* The number of the page that is asked for, from 1. */
int64_t page_number(const View *v);

/* ---- pieces: pieces.c */

/* An entity's name as a link to its page; `type` is person, organization or place. */
void put_entity(View *v, const char *type, int64_t id, const char *name);

/* The path of an entity's page is /type/id. */
bool is_entity_type(const char *type);

/* A quote as an item of a list; the words of `marked` (may be NULL) are marked in it. */
typedef struct {
    bool no_speaker, no_article;
    const char *marked;
} QuoteLook;

void put_quote(View *v, const StoredQuote *q, const QuoteLook *look);

/* Quotation marks around what was said word for word; the text as the archive shows it. */
void put_said(Buf *out, const char *form, const char *text, const char *marked);

/* The anchor of a quote in its article: q3. */
void put_anchor(Buf *out, const char *node, int64_t quote);

/* Direct quote, partial quote or paraphrase: what people call the forms. */
const char *form_word(const char *form);

/* A rule's name as a link, and what it is about. */
void put_rule(View *v, const char *rule);

/* What an article is called: by its headline, or else by its file without the folders. */
const char *article_called(const char *headline, const char *name);

/* A link to an article by its headline. */
void put_article_link(View *v, int64_t id, const char *headline);

/* Articles as an item list: rows of ASK_NEWEST and the like; the number of items. */
int put_articles(View *v, StoreRows *rows);

/* A table of names with a bar for each: the numbers stand there as text. */
typedef struct {
    const char *name, *href; /* href may be NULL */
    int64_t count;
} Bar;

void put_bars(View *v, const char *caption, const char *of, const char *unit, const Bar *bars, uint32_t count);

/* ---- tables to hand on: records.c */

/* All rows as CSV (RFC 4180; what a spreadsheet would take for a formula is disarmed), with the columns' names first. */
void csv_rows(View *v, StoreRows rows);

/* Quotes in the same columns as JSON has them. */
void csv_quote_head(View *v);
void csv_quote(View *v, const StoredQuote *q);

/* Entities of a type with their counts, the most quoted first. */
void csv_counted_head(View *v);
void csv_counted(View *v, const Tally *tally, TallyType type);
void json_counted(View *v, const char *name, const Tally *tally, TallyType type);

/* How quotes divide. */
void json_shares(View *v, const char *name, const Shares *shares);

/* The JSON of a view: an object of tables. */
void json_open(View *v);
void json_rows(View *v, const char *name, StoreRows rows);
void json_array_open(View *v, const char *name);
void json_quote(View *v, const StoredQuote *q);

/* The same as a StoreTakeQuote, whose context is the View. */
bool csv_take_quote(const StoredQuote *q, void *view);
bool json_take_quote(const StoredQuote *q, void *view);
void json_array_close(View *v);
void json_close(View *v);

/* A search as CSV or JSON. */
void records_search(View *v, const StoreQuery *query);

#endif
