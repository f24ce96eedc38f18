/* Names: candidates, their evidence, and the decision.  Shared by the stage, `explain` and `fit`. */
#ifndef ONRECORD_STAGES_NAMES_H
#define ONRECORD_STAGES_NAMES_H

#include "base/buf.h"
#include "engine/ruleset.h"

enum { NAME_TYPES = 3, NAME_LONGEST = 12 };

/* A piece of evidence: a template (what is looked at) and a value (what is seen there). */
typedef enum { VALUE_TEXT, VALUE_PATTERN, VALUE_WORD, VALUE_SUFFIX, VALUE_PREFIX, VALUE_FEATURE, VALUE_RULE } ValueKind;

typedef struct {
    ValueKind kind;
    uint64_t hash;     /* not of VALUE_TEXT, see evidence_key */
    const char *text;  /* VALUE_TEXT: a constant; VALUE_RULE: the group's name */
    uint32_t number;   /* token, or feature, or what pattern_text reads */
    const Rule *rule;
} EvidenceValue;

/* The templates; their names are in names_evidence.c. */
typedef enum {
    /* what a token is, by its place in the candidate */
    T_ONLY_WORD, T_FIRST_WORD, T_INNER_WORD, T_LAST_WORD,
    T_ONLY_SHAPE, T_FIRST_SHAPE, T_INNER_SHAPE, T_LAST_SHAPE,
    T_ONLY_LIST, T_FIRST_LIST, T_INNER_LIST, T_LAST_LIST,
    T_ONLY_RULE, T_FIRST_RULE, T_INNER_RULE, T_LAST_RULE,
    T_SUFFIX, T_PREFIX, T_LAST_SUFFIX,
    /* what stands around it */
    T_BEFORE_WORD, T_BEFORE2_WORD, T_AFTER_WORD, T_AFTER2_WORD,
    T_BEFORE_LIST, T_AFTER_LIST, T_BEFORE_SHAPE, T_AFTER_SHAPE, T_BEFORE2_LIST, T_AFTER2_LIST,
    /* the candidate as a whole */
    T_BIAS, T_LENGTH, T_PATTERN, T_SPAN_LIST, T_SPAN_RULE, T_RUN, T_ZONE, T_POSITION, T_LINKS,
    /* the article */
    T_ELSEWHERE_LOWER, T_ELSEWHERE_CAPITAL, T_ELSEWHERE_RULE, T_COUNT_FORM,
    /* what the first reading found */
    T_SEEN_SAME, T_SEEN_PART, T_SEEN_WHOLE, T_SEEN_ACRONYM, T_NEAR_BEFORE, T_NEAR_AFTER, T_SEEN_TOKEN,
    TEMPLATES
} Template;

extern const char *const TEMPLATE_REASONS[TEMPLATES]; /* "name.first.word" … */

/* "first.word" */
static inline const char *
template_name(Template template)
{
    return TEMPLATE_REASONS[template] + 5;
}

enum { PATTERN_IDS = 1 }; /* numbers of patterns stand for addresses where rows are remembered; no object lies so low */

enum { FIRST_SEEN_TEMPLATE = T_SEEN_SAME };

typedef struct Sink {
    void (*take)(struct Sink *, Template, const EvidenceValue *);
    /* a whole feature set at once; NULL: its features come one by one */
    void (*take_set)(struct Sink *, Template, uint32_t lexicon, uint32_t set);
} Sink;

/* A rule's claim that a span is of a type. */
typedef struct {
    Range tokens;
    const Rule *rule;
    const char *group;
    uint64_t hash; /* of rule and group */
} Claim;

typedef struct {
    uint64_t hash; /* 0: empty */
    uint32_t lower, capital; /* how often it stands in small letters; with a capital inside a sentence */
} WordCount;

typedef struct {
    uint64_t hash; /* of a form or of a word; 0: empty */
    uint16_t as[NAME_TYPES + 1];     /* labelled so; [3]: not labelled */
    uint16_t part[NAME_TYPES][3];    /* the first, an inner, the last part of a longer name of the type */
    uint16_t acronym;
} Seen;

typedef struct {
    Range tokens;
    uint32_t paragraph;
    uint32_t first_claim, first_hit; /* the first of those that begin with it */
    uint64_t form;
    uint64_t profile; /* see names_profile */
    float score[2][NAME_TYPES];
    float probability[NAME_TYPES];
    int8_t label; /* 0..2, or -1 */
} Candidate;

typedef struct {
    Article *a;
    const RuleSet *rules;
    Arena *arena;
    VEC(Candidate) candidates; /* by sentence, start, end */
    VEC(Range) segments;       /* of candidates: one for each sentence that has any */
    VEC(Claim) claims;         /* by start */
    uint32_t *covered_from;    /* for each token: where in `covering` the claims that cover it begin */
    uint32_t *covering;        /* numbers of claims */
    WordCount *words;
    uint32_t words_mask;
    Seen *seen;                /* after the first reading */
    uint32_t seen_mask;
    uint64_t *template_hash;
    SetSum *set_sums, *own_sums;
    uint16_t never_first;
    Claim *elsewhere;          /* claims by form, sorted */
    uint32_t elsewhere_count;
    uint64_t *elsewhere_form;
    uint64_t elsewhere_sieve[64]; /* bits of the forms that are there */
    const float *sureness;     /* the weights' line on confidence, NULL if there is none */
    RowMemo *row_memos;
    TopReason *top_reasons;
    int8_t *near;              /* for each token: the label of the first reading's name there, -1 none */
} Names;

/* Find candidates and what is needed to weigh them.  Everything lies in `arena`. */
void names_prepare(Names *n, Article *a, const RuleSet *rules, Scratch *scratch, Arena *arena);

/* All evidence for a candidate, first-reading templates or, with `second`, the ones that need the first reading. */
void names_evidence(const Names *n, const Candidate *c, bool second, Sink *sink);

/* The parts of it that the decision caches for a token. */
typedef enum {
    ROLE_ONLY, ROLE_FIRST, ROLE_INNER, ROLE_LAST, /* its place in the candidate */
    ROLE_ANY,                                     /* wherever in it */
    ROLE_BEFORE, ROLE_BEFORE2, ROLE_AFTER, ROLE_AFTER2, /* around it */
    ROLES
} Role;

/* The role of a token in a candidate. */
static inline Role
names_role(const Candidate *c, uint32_t token)
{
    if (c->tokens.end - c->tokens.start == 1)
        return ROLE_ONLY;
    return token == c->tokens.start ? ROLE_FIRST : token + 1 == c->tokens.end ? ROLE_LAST : ROLE_INNER;
}

/* The token that stands in a role for the candidate that begins, or ends, at a token; NONE beyond the paragraph. */
uint32_t names_neighbour(const Names *n, uint32_t edge, Role role);

/* What the token says in the role by itself: the same wherever it is written so. */
void names_own_evidence(const Names *n, uint32_t token, Role role, Sink *sink);

/* What rules claim of a token in the candidate. */
void names_claim_evidence(const Names *n, uint32_t token, Role role, Sink *sink);

/* What stands beyond the paragraph's ends. */
void names_edge_evidence(Role role, Sink *sink);

/* What a candidate looks like from afar (length, shapes, place in its run and paragraph) in one number; what that says; and
 * what lists and rules say of it as a whole.  names_span_evidence is both. */
uint64_t names_profile(const Names *n, const Candidate *c);
void names_profile_evidence(uint64_t profile, Sink *sink);
void names_whole_evidence(const Names *n, const Candidate *c, Sink *sink);
void names_span_evidence(const Names *n, const Candidate *c, Sink *sink);
void names_seen_evidence(const Names *n, const Candidate *c, Sink *sink);

/* Give every candidate its scores of the first (0) or second (1) reading. */
void names_score(Names *n, int reading);

/* The best non-overlapping labels for the scores of a reading; sets label and, if asked, probability. */
void names_decide(Names *n, int reading, bool probabilities);

/* Remember what the first reading found, for the second. */
void names_remember(Names *n);

/* The key of a piece of evidence among the weights. */
uint64_t evidence_key(const Names *n, Template template, const EvidenceValue *value);

/* The name and value of a piece of evidence, as in the weights file: "first.word" and "bank". */
void evidence_text(const Names *n, const EvidenceValue *value, Buf *out);

/* The weights of a piece of evidence, WEIGHTS_ROW of them, or NULL if it counts nothing. */
const float *names_row(const Names *n, Template template, const EvidenceValue *value);

extern const EntityType NAME_TYPE[NAME_TYPES];

/* ---- why: names_why.c */

/* Everything that was weighed, read once more as the stage reads it. */
typedef struct {
    Names names;
    Scratch *scratch;
    int8_t *first; /* for each candidate: how the first reading labelled it */
} NamesWhy;

typedef struct {
    const char *template, *value;
    const Rule *rule; /* whose claim it is, or NULL */
    float weight;     /* for the type that is explained */
} NameReason;

/* A candidate and what spoke for and against it, strongest first; in the arena of the NamesWhy. */
typedef struct {
    Range tokens;
    EntityType type;  /* what it is, or would best have been */
    bool taken;       /* is it a name? */
    float probability[NAME_TYPES], score[NAME_TYPES];
    VEC(NameReason) reasons;
} NameWhy;

/* The article must stand as it does before the stage: its sentences known, and nothing behind them. */
void names_why_open(NamesWhy *why, Article *a, const RuleSet *rules, Arena *arena);
void names_why_close(NamesWhy *why);

/* Explain the name that these tokens are; false if they are none. */
bool names_why(NamesWhy *why, Range tokens, NameWhy *out);

/* Explain the most likely of the candidates that hold a token; false if there are none. */
bool names_why_at(NamesWhy *why, uint32_t token, NameWhy *out);

#endif
