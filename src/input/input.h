/* Where articles come from.
 *
 * Reading has two halves, so that threads can share the work: an Input cuts records (raw bytes) from files, folders and
 * standard input one after the other; a record is then read (decoded) by whoever works on the article.  A format is one
 * table entry with these two functions, see Format in formats.h. */
#ifndef ONRECORD_INPUT_INPUT_H
#define ONRECORD_INPUT_INPUT_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "engine/ruleset.h"
#include "input/body.h"

typedef struct Input Input;
typedef struct Format Format;

/* A field of a record that stands under another name in the input: --field text=body. */
typedef struct {
    const char *field; /* ours: text, id, headline … */
    const char *name;  /* theirs */
} FieldName;

enum { WRITTEN = 2 }; /* the output, and the list of what failed */

typedef struct {
    const Format *format; /* NULL: detect */
    const FieldName *fields;
    uint32_t field_count;
    bool strict; /* refuse broken UTF-8 */
    const char *written[WRITTEN]; /* files that are being written: they are no input where they lie in a folder that is read; NULL: none */
    /* limits; 0: as below */
    size_t article_most;  /* bytes of a record, as it lies in the input and as it is unpacked */
    uint32_t depth_most;  /* archives and compressed files in each other */
    uint64_t expand_most; /* a file may expand to so many times its size */
} InputOptions;

enum {
    INPUT_ARTICLE_MOST = 16 << 20, /* all that is found in an article takes some 170 times its size */
    INPUT_DEPTH_MOST = 16, /* a .tar.gz is two */
    INPUT_DEPTH_LIMIT = 64, /* what depth_most may be */
    INPUT_EXPAND_MOST = 500
};

/* A record as it was cut.  The holder keeps it between calls, so that its buffer is used again. */
typedef struct {
    Buf bytes;            /* owned by the record: input_raw_close */
    const Format *format;
    Buf path_bytes;       /* owned too */
    const char *path;     /* as given; "-" is standard input */
    uint64_t line;        /* where it begins in the file; 0 where lines mean nothing */
    uint64_t number;      /* it is the Nth of its file, from 1 */
    Buf id, uri, date;    /* as the archive of a crawl gives them; owned, empty if it gives none */
    Buf charset;          /* that it was sent with */
    bool chunked;         /* it is as it was sent: in chunks … */
    Coding coding;        /* … and compressed */
    bool plain;           /* text, and no page */
    bool partial;         /* no more than a part of it was kept */
} RawRecord;

/* A record as it was read: everything lies in the arena, or in the raw record's bytes. */
typedef struct {
    const char *text;
    size_t len;
    const char *id;  /* never NULL */
    const char *uri; /* the rest may be NULL */
    const char *headline, *byline, *published, *language;
    const char *meta; /* a JSON object */
    const char *warning; /* what is doubtful in it */
    const Zone *zones; /* what the page says of its parts: all of the text, in its order; count 0 if it says nothing */
    uint32_t zone_count;
    bool checked; /* the text's UTF-8 is known to be sound */
} Record;

/* What reading needs. */
typedef struct {
    const InputOptions *options;
    const RuleSet *rules; /* those of the phase `page` tell a page's parts; may be NULL */
    Scratch *scratch;
    Arena *arena;
} Reading;

typedef enum { INPUT_RECORD, INPUT_FAULT, INPUT_END } InputResult;

/* The format of this name, or NULL. */
const Format *input_format(const char *name);

/* The names of all formats, "text|jsonl". */
const char *input_format_names(void);

/* Is this a field that a record may have (text, id …)? */
bool input_field_known(const char *field);

/* Read these paths in their order; `paths` and `options` are borrowed until input_close. */
Input *input_open(const char *const *paths, uint32_t count, const InputOptions *options);
void input_close(Input *input);

/* Cut the next record.  INPUT_FAULT: *err says what could not be opened or read, or, as ERROR_SKIP, what no reader is
 * for; go on by calling again (after emptying *err). */
InputResult input_next(Input *input, RawRecord *raw, Error *err);
void input_raw_close(RawRecord *raw);

/* How many bytes of files have been read so far, for showing progress. */
uint64_t input_done(const Input *input);

/* Read a record.  False on a fault, with path and line.  May change the raw bytes. */
bool input_read(RawRecord *raw, const Reading *reading, Record *record, Error *err);

/* Say in an error that knows no place where the record lies. */
void input_place(Error *err, const RawRecord *raw);

/* Give an empty article a record's text and fields.  False if the text is too long, or broken while strict. */
bool input_article(Article *a, Arena *arena, const Record *record, const InputOptions *options, Error *err);

#endif
