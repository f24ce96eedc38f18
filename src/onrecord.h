/* onrecord: who is in a news article, and who said what.  The library's one public header.
 *
 *     OnrecordError err = {0};
 *     OnrecordRules *rules = onrecord_rules_load(NULL, 0, &err);       // once
 *     OnrecordWorker *worker = onrecord_worker_new(rules);             // once for each thread
 *     size_t len;
 *     const char *json = onrecord_extract(worker, text, text_len, "article-1", NULL, &len, &err);
 *     if (json == NULL)
 *         fprintf(stderr, "%s\n", err.message);
 *     onrecord_worker_free(worker);
 *     onrecord_rules_free(rules);                                      // after the last worker
 *
 * Who owns what.  The caller frees what a function that ends in _load or _new returns, with the _free of the same name.
 * Every pointer that is handed in is borrowed for the time of the call alone, but for the rules, which must outlive
 * their workers.  The JSON belongs to the worker: it is there until the worker's next call or its end.
 *
 * Threads.  Rules are never changed once they are loaded, so any number of threads may share them; a worker is for one
 * thread at a time.  The library writes to no stream, installs no handlers and reads no environment.  It ends the
 * process in one case alone, when memory runs out, and that too can be changed: onrecord_on_exhausted. */
#ifndef ONRECORD_H
#define ONRECORD_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#define ONRECORD_VERSION "1.0.0"
#define ONRECORD_SCHEMA "onrecord/1"

/* The version of the library that is linked, as ONRECORD_VERSION is that of the header. */
const char *onrecord_version(void);

typedef struct OnrecordRules OnrecordRules;   /* rules, word lists and weights */
typedef struct OnrecordWorker OnrecordWorker; /* what one thread needs to work */

typedef enum {
    ONRECORD_OK,
    ONRECORD_BAD_RULES, /* a rule or list is wrong: path, line and column say where */
    ONRECORD_BAD_INPUT, /* this article cannot be taken; the next may be */
    ONRECORD_BAD_CALL,  /* an argument is wrong */
    ONRECORD_IO         /* a file could not be read */
} OnrecordStatus;

typedef struct {
    OnrecordStatus status;
    char path[512];      /* empty where there is none */
    size_t line, column; /* from 1; 0 where there is none */
    char message[512];
} OnrecordError;

typedef enum { ONRECORD_CODEPOINT, ONRECORD_BYTE, ONRECORD_UTF16 } OnrecordOffsets;

enum { ONRECORD_DIRECT = 1, ONRECORD_MIXED = 2, ONRECORD_INDIRECT = 4 };

/* All zero is a good set of options.  Strings are UTF-8 and may be NULL. */
typedef struct {
    OnrecordOffsets offsets; /* what offsets in the result count */
    int no_text;             /* leave graph.text out */
    unsigned quotes;         /* only these forms (ONRECORD_DIRECT | …); 0: all */
    int strict;              /* refuse broken UTF-8; else each broken part becomes U+FFFD in graph.text */

    /* what is known of the article; passed on in the graph */
    const char *uri, *headline, *byline, *published, *language;
    const char *meta; /* a JSON object, on one line */
} OnrecordOptions;

/* Load the rules that are built in and, over them, those of `count` folders (files *.rules, *.tsv).  NULL on a fault;
 * then *err (which may be NULL) says what and where. */
OnrecordRules *onrecord_rules_load(const char *const *dirs, size_t count, OnrecordError *err);
void onrecord_rules_free(OnrecordRules *rules);

OnrecordWorker *onrecord_worker_new(const OnrecordRules *rules);
void onrecord_worker_free(OnrecordWorker *worker);

/* The graph of one article as a line of JSON without the newline, NUL-terminated; *out_len (may be NULL) is its length.
 * `text` need not be NUL-terminated and may hold any bytes.  `id` becomes graph.id; `options` may be NULL.  NULL on a
 * fault, with *err (which may be NULL). */
const char *onrecord_extract(OnrecordWorker *worker, const char *text, size_t len, const char *id,
                             const OnrecordOptions *options, size_t *out_len, OnrecordError *err);

/* The same for a record of a JSON Lines file: an object with `text` and, if it has them, `id`, `headline` and the rest,
 * which go before those of the options.  `id` is for a record without one. */
const char *onrecord_extract_record(OnrecordWorker *worker, const char *record, size_t len, const char *id,
                                    const OnrecordOptions *options, size_t *out_len, OnrecordError *err);

/* What to do when memory runs out; it must not return.  Set it before any thread starts; NULL: a message, and exit. */
void onrecord_on_exhausted(void (*handler)(size_t size));

#ifdef __cplusplus
}
#endif

#endif
