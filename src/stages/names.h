/* Names: candidates, their evidence, and the decision.  Shared by the stage, `explain` and `fit`. */
#ifndef ONRECORD_STAGES_NAMES_H
#define ONRECORD_STAGES_NAMES_H

#include "base/buf.h"
#include "engine/ruleset.h"
#include "stages/names_bits.h"

enum { NAME_TYPES = 3, NAME_LONGEST = 12 };

extern const EntityType NAME_TYPE[NAME_TYPES];

/* A piece of evidence: a template (what is looked at) and a value (what is seen there). */
typedef enum { VALUE_TEXT, VALUE_PATTERN, VALUE_WORD, VALUE_SUFFIX, VALUE_PREFIX, VALUE_FEATURE, VALUE_RULE } ValueKind;

typedef struct {
    ValueKind kind;
    uint64_t hash;     /* not of VALUE_TEXT, see evidence_key */
    const char *text;  /* of VALUE_TEXT; VALUE_RULE: the group's name */
    uint32_t number;   /* token, feature, group, Constant, Look (where the template is of shapes), or what names_pattern_text reads */
    const Rule *rule;
} EvidenceValue;

/* What a token is to a candidate: a part of it, by its place, or one that stands around it. */
typedef enum {
    ROLE_ONLY, ROLE_FIRST, ROLE_INNER, ROLE_LAST,
    ROLE_BEFORE, ROLE_AFTER, ROLE_BEFORE2, ROLE_AFTER2, /* …2: one further */
    ROLES, INSIDE_ROLES = ROLE_BEFORE, SHAPE_ROLES = ROLE_BEFORE2
} Role;

/* The templates; their names are in names_evidence.c.  T_WORD + role, T_LIST + role … */
typedef enum {
    T_WORD, T_LIST = T_WORD + ROLES, T_SHAPE = T_LIST + ROLES, T_RULE = T_SHAPE + SHAPE_ROLES,
    T_SUFFIX = T_RULE + INSIDE_ROLES, T_PREFIX, T_LAST_SUFFIX,
    /* the candidate as a whole */
    T_BIAS, T_LENGTH, T_PATTERN, T_SPAN_LIST, T_SPAN_RULE, T_RUN, T_ZONE, T_POSITION, T_LINKS,
    /* the article */
    T_ELSEWHERE_LOWER, T_ELSEWHERE_CAPITAL, T_ELSEWHERE_RULE,
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

typedef struct Sink {
    void (*take)(struct Sink *, Template, const EvidenceValue *);
} Sink;

/* What is seen at a template whose values are few. */
typedef enum {
    C_BIAS, C_EDGE_BEFORE, C_EDGE_AFTER,
    C_LENGTH, C_LINKS = C_LENGTH + 8, C_RUN = C_LINKS + 3, /* + length, links, Run */
    C_ZONE = C_RUN + 5,                                    /* + 2 * ZoneKind, 1 more of one word; + 2 * ZONE_KINDS in capitals */
    C_POSITION = C_ZONE + 4 * ZONE_KINDS,                  /* + 0: opens with several words, 1: with one, 2: alone on its line */
    C_GLUED_BEFORE = C_POSITION + 3, C_GLUED_BEHIND,
    C_LOWER,                       /* + 1 of one word, + 2 where it opens */
    C_CAPITAL = C_LOWER + 4,       /* + 1 of one word, + 2 if never */
    C_SEEN_SAME = C_CAPITAL + 4,   /* + 2 * label, or 2 * NAME_TYPES; 1 more if sure */
    C_SEEN_PART = C_SEEN_SAME + 8, /* + 3 * label, + 0 for the first, 1 an inner, 2 the last */
    C_SEEN_TOKEN = C_SEEN_PART + 9, /* the same */
    C_SEEN_WHOLE = C_SEEN_TOKEN + 9, /* + label, or NAME_TYPES for one word, 1 more for several */
    C_SEEN_ACRONYM = C_SEEN_WHOLE + 5,
    CONSTANTS
} Constant;

typedef struct {
    Template template;
    const char *text;
} ConstantValue;

extern const ConstantValue NAMES_CONSTANTS[CONSTANTS];

/* Hand on a constant. */
static inline void
names_emit(Sink *sink, unsigned constant)
{
    const ConstantValue *c = &NAMES_CONSTANTS[constant];

    sink->take(sink, c->template, &(EvidenceValue){.kind = VALUE_TEXT, .text = c->text, .number = constant});
}

/* The same of the constants from `first` up to `end`, if there are so many. */
static inline void
names_emit_of(Sink *sink, unsigned first, uint64_t number, unsigned end)
{
    if (number < end - first)
        names_emit(sink, first + (unsigned)number);
}

/* A rule's claim that a span is of a type. */
typedef struct {
    Range tokens;
    const Rule *rule;
    uint32_t group;
    uint32_t rows; /* its own in NamesModel.claims */
} Claim;

static inline uint64_t
claim_hash(const Claim *c)
{
    return c->rule->group_hash[c->group];
}

/* What something says of a token, by the token's role. */
typedef struct {
    WeightRow of[ROLES];
} RoleRows;

typedef struct {
    uint32_t claim, next;
} ClaimedAs;

/* How some candidate, or the word that one begins with, is written (but for its case), and what the article says of all that is
 * written so.  Those of a single word are the word's. */
typedef struct {
    WeightRow elsewhere; /* what all of its claims say of the form in other places */
    uint64_t hash;
    uint32_t claims;     /* the first of the ClaimedAs, from 1: of each rule's group one */
    bool lower, capital; /* a word: stands in small letters; with a capital inside a sentence */
    bool seen;           /* the first reading found it, as a name or in one */
    uint8_t alone;       /* as which types, every third bit one */
    uint16_t as[NAME_TYPES + 1]; /* how often it was labelled so; [3]: not labelled */
    uint16_t parts;   /* a bit for each: the first, an inner, the last part of a longer name of the first type, of the second … */
    uint16_t acronym; /* of how many names */
    uint16_t count[NAME_TYPES]; /* how often the second reading labelled it so … */
    float sure[NAME_TYPES];     /* … and the sum of their probabilities */
} Form;

/* The candidates that begin with a token. */
typedef struct {
    uint32_t first;   /* their first */
    uint32_t lengths; /* bit 1: there is one of one token, bit 2: one of two … */
} Beginning;

typedef struct {
    WeightRow score;  /* hundredths: [t] in the first reading, [NAME_TYPES + t] in the second */
    Range tokens;
    uint64_t profile; /* see names_profile */
    uint32_t form;        /* in Names.forms */
    uint32_t claim, hit;  /* the first claim on just these tokens, and the first list entry that they are, from 1; 0: none */
    float probability[NAME_TYPES]; /* of what the second reading takes */
    int8_t label[2]; /* by the first and the second reading: 0..2, or -1 */
    bool agreed;     /* the second label is what other places of the form agree on */
} Candidate;

/* Candidates that hang together: no other overlaps them. */
typedef struct {
    Range candidates, tokens;
    uint32_t paragraph;
} Segment;

enum { SEGMENT_LONGEST = 256 }; /* tokens: a sentence is no longer, see sentences.c */

typedef struct NamesModel NamesModel;

typedef struct {
    Article *a;
    const RuleSet *rules;
    NamesModel *model;
    Arena *arena;
    VEC(Candidate) candidates; /* by start, end */
    VEC(Segment) segments;
    const uint64_t *begins;    /* the tokens that candidates begin with, as a row of bits … */
    Beginning *beginnings;     /* … and for each of them which do */
    uint32_t begin_count;
    VEC(Claim) claims;         /* by start, end */
    ClaimedAs *claimed_as;
    struct {
        Form *items;
        uint32_t count;
    } forms;                   /* [0] is none */
    uint32_t *form_slots;      /* hash table of their numbers; 0: empty */
    uint32_t form_mask;
    uint32_t *words;           /* for each token the form of its word, or 0 */
    const uint64_t *inside;    /* the tokens of segments, as a row of bits … */
    const uint32_t *places;    /* … and where each stands among all of them, from 1; 0 of the other tokens */
    uint32_t place_count;      /* how many there are, with 0 */
    const RoleRows **rows;     /* for each token in a segment and two around it, see names_expect: what it says by itself, summed */
    VEC(uint32_t) taken;       /* the candidates that the last reading took for names, in order */
    uint64_t *named;           /* the tokens of the first reading's names, as a row of bits */
    int8_t *near;              /* for each token and NEAR at either end: the label of the first reading's name there, -1 none */
} Names;

enum { NEAR = 2 };

/* ---- names_candidates.c */

/* Find candidates and what is needed to weigh them.  Everything lies in `arena`. */
void names_prepare(Names *n, Article *a, const RuleSet *rules, Scratch *scratch, Arena *arena);

/* The candidate that just these tokens are, or NULL. */
static inline Candidate *
names_candidate(const Names *n, Range tokens)
{
    const Beginning *b = &n->beginnings[tokens.start];
    uint32_t length = tokens.end - tokens.start;

    if (length > NAME_LONGEST || !bits_have(n->begins, tokens.start) || !(b->lengths >> length & 1))
        return NULL;
    return &n->candidates.items[b->first + (uint32_t)__builtin_popcount(b->lengths & ((1u << length) - 1))];
}

/* ---- names_claims.c */

/* Gather what rules claim, and put claims and list entries where they count. */
void names_gather_claims(Names *n, Scratch *scratch);
void names_place_claims(Names *n);

/* The first claim that may reach into a token. */
uint32_t names_first_claim(const Names *n, uint32_t token);

/* ---- names_forms.c */

/* Find the candidates' forms, and how the article writes them. */
void names_find_forms(Names *n, const uint64_t *hashes);

/* The form with a hash, or NULL: no candidate has it. */
Form *names_form(const Names *n, uint64_t hash);

/* The hash of a stretch's form: that of a single token is its own. */
uint64_t names_form_hash(const Article *a, Range tokens);

/* ---- names_evidence.c: all that speaks for and against a candidate, piece by piece */

/* All evidence, first-reading templates or, with `second`, also the ones that need the first reading. */
void names_evidence(const Names *n, const Candidate *c, bool second, Sink *sink);

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

/* How a token looks.  The numbers above LOOK_LOWER are also those of patterns. */
typedef enum {
    LOOK_MARK, LOOK_LOWER, LOOK_INITIAL_DOT, LOOK_INITIAL, LOOK_DOTTED, LOOK_CAPS5, LOOK_CAPS, LOOK_CAP, LOOK_MIXED, LOOK_NUMBER,
    LOOKS
} Look;

enum { LOOK_FEW = 5, AFFIX_LEAST = 4 }; /* bytes */

static inline Look
names_look(const Token *t)
{
    static const uint8_t LOOKS_OF[] = {[SHAPE_LOWER] = LOOK_LOWER, [SHAPE_CAP] = LOOK_CAP,       [SHAPE_UPPER] = LOOK_CAPS,
                                       [SHAPE_MIXED] = LOOK_MIXED, [SHAPE_NUMBER] = LOOK_NUMBER, [SHAPE_PUNCT] = LOOK_MARK,
                                       [SHAPE_LETTERS] = LOOK_DOTTED};

    if (t->flags & TOKEN_INITIAL)
        return t->flags & TOKEN_DOTTED ? LOOK_INITIAL_DOT : LOOK_INITIAL;
    if (t->shape == SHAPE_UPPER)
        return t->flags & TOKEN_DOTTED ? LOOK_DOTTED : t->end - t->start <= LOOK_FEW ? LOOK_CAPS5 : LOOK_CAPS;
    return LOOKS_OF[t->shape];
}

const char *names_look_text(Look look);

/* May the token's beginning and end say something?  If so, the hash of its first, or last, three letters. */
static inline bool
names_has_affixes(const Token *t)
{
    return t->shape != SHAPE_PUNCT && t->shape != SHAPE_NUMBER && t->end - t->start >= AFFIX_LEAST;
}

bool names_affixes(const Names *n, uint32_t token, uint64_t *prefix, uint64_t *suffix);

/* The key of a piece of evidence among the weights. */
uint64_t evidence_key(const Names *n, Template template, const EvidenceValue *value);

/* The name and value of a piece of evidence, as in the weights file: "first.word" and "bank". */
void evidence_text(const Names *n, const EvidenceValue *value, Buf *out);

/* The weights of a piece of evidence. */
WeightRow names_row(const Names *n, Template template, const EvidenceValue *value);

/* What a claim counts for a type (an index of NAME_TYPE) as long as no weight is fitted to it: what the rule says of itself. */
float names_stated_weight(const Rule *rule, uint32_t group, int label);

/* ---- names_profile.c */

/* What a candidate looks like from afar (length, looks, place in its run and paragraph) in one number, set for each; and what that
 * says. */
void names_profile(Names *n);
void names_profile_evidence(uint64_t profile, Sink *sink);

/* Some bits of a profile and what they say by themselves. */
typedef struct {
    uint8_t from, bits;
    void (*evidence)(uint32_t value, Sink *sink);
} ProfilePart;

static inline uint32_t
profile_part(const ProfilePart *part, uint64_t profile)
{
    return (uint32_t)(profile >> part->from) & ((1u << part->bits) - 1);
}

/* The parts of names_profile but for the pattern, and of names_seen_profile. */
enum { PROFILE_PARTS = 3, SEEN_PARTS = 4, PROFILE_PATTERN = 32 };

extern const ProfilePart NAMES_PROFILE[PROFILE_PARTS], NAMES_SEEN[SEEN_PARTS];

/* How the candidate's tokens look, four bits for each, the first lowest; 0 if it is one word, or more than five. */
static inline uint32_t
profile_pattern(uint64_t profile)
{
    return (uint32_t)(profile >> PROFILE_PATTERN);
}

/* Read a pattern (EvidenceValue.number) as text: "Cap - Cap".  Its length, less than PATTERN_ROOM. */
enum { PATTERN_ROOM = 40 };
size_t names_pattern_text(uint32_t pattern, char *out);

/* ---- names_agree.c */

/* Let the readings of one form agree where one is unsure. */
void names_agree(Names *n);

/* ---- names_score.c */

/* Give every candidate its scores of the first reading, and what is known of the second. */
void names_score(Names *n);

/* ---- names_decide.c */

/* The best non-overlapping labels for the scores of a reading (0 or 1); sets label and, in the second, probability. */
void names_decide(Names *n, int reading);

/* ---- names_seen.c */

/* Remember what the first reading found, for the second. */
void names_remember(Names *n);

/* What it says of a candidate's form and words in one number. */
uint64_t names_seen_profile(const Names *n, const Candidate *c);

/* The label of a name next but one before (0) or behind (1) a candidate, and the token between; -1 if there is none. */
static inline int
names_near(const Names *n, const Candidate *c, int side, uint32_t *between)
{
    *between = side == 0 ? c->tokens.start - 1 : c->tokens.end;
    return side == 0 ? (n->near + c->tokens.start)[-NEAR] : (n->near + c->tokens.end)[NEAR - 1];
}

/* Add it to the scores of the second reading. */
void names_score_seen(Names *n);

/* All that the first reading says. */
void names_seen_evidence(const Names *n, const Candidate *c, Sink *sink);

/* ---- names_reason.c */

/* The name of the rule, or list, or template that counted most for what the second reading took the candidate for.  Candidates are
 * asked for in order: `from` goes on to the first claim that may reach into this one. */
const char *names_reason(const Names *n, const Candidate *c, uint32_t *from);

/* ---- names.c */

/* All of the above in order: read the article twice. */
void names_read(Names *n, Article *a, const RuleSet *rules, Scratch *scratch, Arena *arena);

/* ---- why: names_why.c */

/* Everything that was weighed, read once more as the stage reads it. */
typedef struct {
    Names names;
    Scratch *scratch;
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
