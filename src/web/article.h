/* An article as a page shows it: read from the archive once, then only read. */
#ifndef ONRECORD_WEB_ARTICLE_H
#define ONRECORD_WEB_ARTICLE_H

#include "web/view.h"

enum { TEXT_SHOWN = 1000000 /* code points */, MENTIONS_SHOWN = 200000, QUOTES_SHOWN = 20000, OFFICES_SHOWN = 20000 };

/* Where the text names or refers to something; bytes. */
typedef struct {
    Span bytes;
    const char *type, *kind, *name, *rule;
    int64_t entity; /* 0: it is a title */
    double confidence;
} ShownMention;

typedef struct {
    int64_t id, speaker_id, appearance; /* of the speaker; 0: none is known */
    const char *anchor;                 /* q3 */
    uint32_t number;                    /* from 1, in the order of the article */
    uint32_t pieces, seen;              /* of them, while the text is written */
    uint32_t first, last;               /* of them, by index */
    const char *form, *text, *speaker, *speaker_type, *speaker_text, *speaker_kind, *cue, *act, *rule;
    int64_t speaker_start, speaker_end;
    Span cue_bytes;
    double confidence;
    bool named, negated, hypothetical, repaired;
} ShownQuote;

typedef struct {
    Span bytes;
    uint32_t quote, next; /* indexes: next is of the same quote, if there is one */
} ShownPiece;

/* A title that a person holds, or what the person belongs to (title is NULL then). */
typedef struct {
    int64_t appearance, body_id;
    const char *title, *body, *rule;
    bool former, honorific;
} ShownOffice;

typedef struct {
    Span bytes;
    const char *type;
} ShownZone;

typedef struct {
    int64_t id;
    const char *name, *url, *headline, *byline, *dateline, *published, *day, *text;
    uint32_t len;       /* bytes of it that are shown */
    bool cut;           /* there is more */
    uint32_t *bytes_of; /* for each code point that is shown, and for the end: its byte */
    uint32_t codepoints;
    const char *prefix; /* of all anchors: several articles may stand in one file */
    VEC(ShownZone) zones;       /* by start */
    VEC(ShownMention) mentions; /* by start, the longer first */
    VEC(ShownQuote) quotes;
    VEC(ShownPiece) pieces;
    VEC(ShownOffice) offices; /* by appearance, what is over last */
} ShownArticle;

/* Read it; false if there is none of this id, or with v->err. */
bool article_read(View *v, int64_t id, ShownArticle *article);

/* The words of a quote for people: "…" where the article breaks it off. */
const char *article_shown(View *v, const ShownArticle *article, const ShownQuote *quote);

/* The office that says most of a speaker, or NULL. */
const ShownOffice *article_office(const ShownArticle *article, int64_t appearance);

/* Write the text as paragraphs, with everything marked that was found; `level` is that of its headline. */
void article_text(View *v, ShownArticle *article, int level);

/* Write the note on a quote: who said it, how it is told, and why it was found. */
void article_note_on(View *v, const ShownArticle *article, const ShownQuote *quote);

/* The article with all that stands around its text. */
void article_put(View *v, ShownArticle *article, int level);

/* What the marks in it mean. */
void article_legend(View *v);

#endif
