/* The Article: the one struct that travels.
 *
 * It holds the text and everything that is found in it.  Each stage reads what the stages before it left and adds one
 * layer of its own.  All that it points to lies in `arena` and dies with it.  Offsets are bytes of `text`
 * unless a comment says tokens; only the writers turn them into code points or UTF-16. */
#ifndef ONRECORD_TEXT_ARTICLE_H
#define ONRECORD_TEXT_ARTICLE_H

#include "base/span.h"
#include "base/vec.h"

#include <stddef.h>

enum {
    NONE = UINT32_MAX,       /* "no such item" wherever an index stands */
    TEXT_MAX = 1u << 30,     /* the longest text that is taken, in bytes */
};

/* ---- tokens */

typedef enum {
    SHAPE_LOWER, SHAPE_CAP, SHAPE_UPPER, SHAPE_MIXED,
    SHAPE_LETTERS, /* capitals each with its full stop: "U.S." */
    SHAPE_NUMBER, SHAPE_PUNCT,
    SHAPE_COUNT
} Shape;

enum {
    TOKEN_GLUED = 1,      /* no white space before it */
    TOKEN_LINE = 2,       /* the first of its line */
    TOKEN_PARAGRAPH = 4,  /* the first of its paragraph */
    TOKEN_SENTENCE = 8,   /* the first of its sentence */
    TOKEN_DOTTED = 16,    /* an abbreviation or initial that includes its full stop */
    TOKEN_INITIAL = 32,   /* one capital letter, with or without a full stop */
    TOKEN_CAPITAL = 64,   /* begins with a capital letter */
    TOKEN_NONASCII = 128,
};

typedef struct {
    uint32_t start, end; /* bytes */
    uint64_t hash;       /* of the folded form, see utf8_fold */
    uint32_t word;       /* its entry in the lexicon; 0 if it has none */
    uint16_t rule_word;  /* its number among the words that rules name; 0 if none does */
    uint8_t shape, flags;
} Token;

/* A word list's entry of several words found in the text. */
typedef struct {
    Range tokens;
    uint32_t set;    /* its feature set */
    uint8_t lexicon; /* which: 0 ours, 1 the user's */
} ListHit;

/* ---- the parts of the text */

typedef enum { ZONE_BODY, ZONE_HEADLINE, ZONE_BYLINE, ZONE_DATELINE, ZONE_CAPTION, ZONE_BOILERPLATE, ZONE_KINDS } ZoneKind;

typedef struct {
    Span bytes;
    ZoneKind kind;
    const char *rule;
} Zone;

typedef struct {
    Range tokens;
    ZoneKind zone; /* what it is; a dateline is a part of a body paragraph */
    bool capitals; /* written in capitals throughout */
} Paragraph;

typedef struct {
    Range tokens;
    uint32_t paragraph;
} Sentence;

/* What lies between a pair of quotation marks. */
typedef struct {
    Range tokens;      /* the marks themselves are tokens->start - 1 and tokens->end, where they are there */
    Span bytes;        /* without the marks */
    uint32_t parent;   /* index of the marked stretch that this one is nested in, or NONE */
    bool single;       /* in single marks */
    bool opened, closed; /* false where the mark is missing (runs on over a paragraph's end) */
    bool repaired;     /* never closed and never continued: cut at the paragraph's end */
} Marked;

/* ---- what is found */

typedef enum { TYPE_NONE, TYPE_PERSON, TYPE_ORGANIZATION, TYPE_PLACE, TYPE_TITLE, TYPE_COUNT } EntityType;
typedef enum { KIND_NAME, KIND_NOMINAL, KIND_PRONOUN } MentionKind;
typedef enum { GENDER_UNKNOWN, GENDER_MALE, GENDER_FEMALE } Gender;

typedef struct {
    Range tokens;
    Span bytes;
    EntityType type;
    MentionKind kind;
    uint32_t entity;   /* index in Article.entities, NONE until it is resolved */
    const char *rule;  /* the name of the rule that made it; lives as long as the rule set */
    float confidence;  /* in (0, 1] */
    EntityType second; /* the beaten type, for explain; TYPE_NONE if no other was near */
    float second_confidence;
} Mention;

/* How a title or link is told, where it is not simply told to be so. */
typedef struct {
    bool former;       /* that it is over */
    bool negated;      /* that it is not so */
    bool hypothetical; /* that it would, could or should be so, or under a condition */
    bool hearsay;      /* that it is rumoured or alleged */
} Told;

/* A title that a person holds, as the titles stage reads it.  Indices are of Article.mentions. */
typedef struct {
    uint32_t mention;  /* the title's own words */
    uint32_t holder;   /* NONE at first where a pronoun holds it: then coreference finds who that is */
    uint32_t pronoun;  /* its token, or NONE */
    uint32_t body;     /* the organization or place that it is held at, or NONE */
    bool indirect;     /* the body is told by a noun or pronoun, "the company", "its": it counts if that is known */
    Told told;
    bool honorific;    /* Mr., Dr., Sir: no office */
    const char *context; /* the rule by which the body is one that the text spoke of before, or NULL */
} HeldTitle;

typedef VEC(uint32_t) Indices;

typedef struct {
    EntityType type;
    const char *name;  /* the fullest form, NUL-terminated */
    bool named;        /* false: the text never names it */
    bool plural;       /* several ("officials") */
    Gender gender;
    Gender lean;       /* what its name alone and the pronouns that seem to mean it say of its sex */
    Indices mentions;  /* indices in Article.mentions, in text order */
} Entity;

typedef enum { FORM_DIRECT, FORM_MIXED, FORM_INDIRECT } QuoteForm;

typedef VEC(Span) Spans;

typedef struct {
    QuoteForm form;
    Spans spans;         /* its pieces in reading order, bytes, without marks and cue */
    Spans quoted;        /* mixed: the parts inside marks */
    uint32_t speaker;    /* index of the mention that the attribution rests on, or NONE */
    Span cue;            /* empty if there is none */
    const char *act;     /* class of the cue (said, denied, asked …), or NULL */
    const char *rule;
    float confidence;
    bool repaired;       /* a mark was missing */
    bool negated, hypothetical;
    uint32_t parent;     /* the quote that this one is nested in, or NONE */
} Quote;

typedef enum {
    EDGE_SAID, EDGE_HOLDS, EDGE_AT, EDGE_AFFILIATED, EDGE_BASED_IN, EDGE_LIVES_IN, EDGE_PART_OF, EDGE_MENTIONS,
    EDGE_KINDS
} EdgeKind;

typedef struct {
    EdgeKind kind;
    uint32_t source, target; /* entities; but the target of SAID and the source of MENTIONS are quotes */
    const char *rule;
    float confidence;
    Told told;
    const char *role; /* AFFILIATED: which, or NULL */
} Edge;

/* One match of one rule: kept for every rule that fired, so that any decision can be explained. */
enum { MATCH_GROUPS = 8 };

typedef struct Rule Rule;

typedef struct {
    const Rule *rule;
    Range tokens;                /* the whole match */
    Range groups[MATCH_GROUPS];  /* by the rule's group numbers (rule_group); start == NONE if it took no part */
} Match;

/* A remark for `onrecord explain`: why a thing was, or was not, made. */
typedef struct {
    Span bytes;
    const char *stage;
    const char *text;
} Note;

typedef struct Article {
    Arena *arena;

    /* where it comes from; any may be NULL */
    const char *id, *uri, *headline, *byline, *dateline, *published, *language;
    const char *meta; /* fields passed on unchanged: a JSON object as text */
    const char *warning; /* what is doubtful in the text itself, or NULL */

    const char *text; /* valid UTF-8, not NUL-terminated */
    uint32_t len;     /* bytes */
    const Zone *layout; /* what the input says of each of its parts, in text order; NULL if it says nothing */
    uint32_t layout_count;

    VEC(Token) tokens;
    uint64_t *tape; /* the features of the tokens: for each bit a row of tape_words words, see engine/tape.h */
    uint32_t tape_words, tape_rows;
    uint16_t *word_sets; /* for each token the feature set of its word, as it is written, in our lexicon */
    uint32_t *word_from, *word_at; /* rule word w stands at the tokens word_at[word_from[w] .. word_from[w + 1]) */
    uint32_t rule_words; /* how many there are */
    uint32_t tape_version; /* another whenever a bit has changed */
    VEC(ListHit) hits; /* by start, longest last */
    VEC(Paragraph) paragraphs;
    VEC(Sentence) sentences;
    VEC(Zone) zones; /* in text order, not overlapping */
    VEC(Marked) marked;

    VEC(Mention) mentions;
    VEC(HeldTitle) titles; /* in text order; a title with several holders stands here several times */
    VEC(Entity) entities;
    VEC(Quote) quotes;
    VEC(Edge) edges;

    VEC(Match) matches;
    uint32_t spent;  /* matches that were given up at their limit */
    bool explain;    /* keep notes */
    VEC(Note) notes;
} Article;

static inline Span
token_span(const Article *a, Range r)
{
    return (Span){a->tokens.items[r.start].start, a->tokens.items[r.end - 1].end};
}

/* A NUL-terminated copy of a stretch of the text, in the article's arena. */
char *article_slice(Article *a, Span bytes);

/* The same with each run of white space as one blank. */
const char *article_words(Article *a, Span bytes);

/* Add a mention; returns its index.  `tokens` must not be empty. */
uint32_t article_mention(Article *a, Range tokens, EntityType type, MentionKind kind, const char *rule,
                         float confidence);

/* Note why, if explain is on; otherwise nothing. */
void article_note(Article *a, const char *stage, Span bytes, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* The token that holds or follows the byte offset `at`; tokens.count if there is none. */
uint32_t article_token_at(const Article *a, uint32_t at);

/* The paragraph, or sentence, that a token is in (its index). */
uint32_t article_paragraph_of(const Article *a, uint32_t token);
uint32_t article_sentence_of(const Article *a, uint32_t token);

const char *entity_type_name(EntityType type);
const char *zone_name(ZoneKind kind);
const char *edge_name(EdgeKind kind);
const char *form_name(QuoteForm form);
const char *mention_kind_name(MentionKind kind);

#endif
