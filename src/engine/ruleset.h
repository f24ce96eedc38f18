/* The RuleSet: word lists, rules and weights, loaded once, then only read and shared by all threads.
 * Scratch: what one thread writes while it matches. */
#ifndef ONRECORD_ENGINE_RULESET_H
#define ONRECORD_ENGINE_RULESET_H

#include "engine/lexicon.h"
#include "engine/pack.h"
#include "engine/machine.h"
#include "engine/tape.h"
#include "engine/tokenrule.h"
#include "engine/window.h"

#include <stdio.h>

/* Rules that run together. */
typedef struct {
    const char *name;
    uint64_t hash; /* of the name */
    uint32_t number;
    RuleKind kind;
    RuleScope scope;
    Rule **rules; /* in their total order */
    uint32_t count;
    Prefilter filter;
} Phase;

enum { LEXICONS = 2 };

/* How many bits of a set are written at once.  Each set is filled up to such groups, so that the processor guesses better when
 * its last bit has come. */
enum { BITS_AT_ONCE = 4 };

/* The bits on the tape of each feature set, some of them twice: where in `bits` they begin and how many they are, both counted in
 * groups of BITS_AT_ONCE, as one number. */
typedef struct {
    uint32_t *of;
    uint16_t *bits;
} SetBits;

enum { SETBITS_COUNT = 9 }; /* bits of that number that count: a set has at most all bits of the tape */

static inline uint32_t
setbits_pack(uint32_t from, uint32_t count)
{
    return from / BITS_AT_ONCE << SETBITS_COUNT | count / BITS_AT_ONCE;
}

static inline size_t
setbits_from(uint32_t of)
{
    return (size_t)(of >> SETBITS_COUNT) * BITS_AT_ONCE;
}

/* What is left of them without the first group. */
static inline uint32_t
setbits_rest(uint32_t of)
{
    return of + (1u << SETBITS_COUNT) - 1;
}

static inline bool
setbits_is_empty(uint32_t of)
{
    return of << (32 - SETBITS_COUNT) == 0;
}

typedef struct {
    Arena arena;
    Features features;
    Pack pack;
    LexBuilder *user; /* owns the user's lexicon; NULL if there is none */
    Lexicon lexicons[LEXICONS];
    uint32_t lexicon_count;
    SetBits begins[LEXICONS]; /* of each feature set: the bits that a first token bears … */
    SetBits insides[LEXICONS];  /* … and those of the tokens inside a longer entry */
    const char **list_reasons; /* for each feature "list." and its name */
    RuleWords words;
    Weights weights;
    bool own_weights; /* read from a user's folder */
    RuleFiles files;
    uint32_t *rule_slots; /* hash table of the rules by name: a rule's number and 1; 0 is an empty slot */
    uint32_t rule_mask;
    RowTests tests;
    Phase *phases;
    uint32_t phase_count;
} RuleSet;

/* A rule, and where it may match in a window. */
typedef struct {
    const Rule *rule;
    TokenBits at;
    bool sure; /* by its tree */
} MayMatch;

/* What the rules and our lexicon have of a word that was met lately, as it was written. */
typedef struct {
    uint64_t key;
    uint64_t near; /* LexWord.near */
    uint32_t word, node, bits;
    uint16_t set, rule_word;
} KnownWord;

static_assert(sizeof(KnownWord) == 32, "two of them fill a line of the cache");

enum { KNOWN_WORDS = 8192, ASKED_LISTS = 8 };

typedef struct Scratch {
    struct pcre2_real_match_data_8 *data;
    struct pcre2_real_match_context_8 *context;
    struct pcre2_real_jit_stack_8 *stack;
    KnownWord *known; /* KNOWN_WORDS of them, each in one of the two places that its hash says */
    Machine machine;
    Rows rows;
    Windows windows;
    MayMatch *found;   /* for each window: which rules match there, and where … */
    uint32_t most_rules; /* … as many as the largest phase has … */
    uint32_t found_count[WINDOWS]; /* … and how many are found */
    uint32_t *next;  /* for each rule: the first token where it may match again */
    uint64_t *tries; /* for each rule, for `rules --stats` */
    uint64_t *hits;
    uint64_t *nanoseconds; /* the time that each took; NULL unless it is asked for */
    uint32_t limit; /* of matching steps for one try */
    Arena arena;    /* for what a stage needs while it runs; reset by the stage */
    Arena lasting;  /* for what a stage works out once and keeps */
    uint16_t *asked[ASKED_LISTS]; /* numbers of the features that stages ask for, likewise: stages/lists.h */
    struct NamesModel *names; /* that of the stage `names`, NULL until it has run */
    struct Finder *quotes;    /* the rules and features of the stage `quotes`, likewise */
    struct TitleQuestions *titles; /* those of the stage `titles`, likewise */
    struct TitleRules *ties;       /* … and those that tie them to their holders */
    struct ZoneRules *zones;       /* those of the zones */
    struct LinkRules *links;  /* those of the stage `links`, likewise */
    struct CorefRules *coref; /* those of the stage `coreference`, likewise */
} Scratch;

/* Load the built-in rules of a language and, over them, those of the user's folders (files *.rules, *.tsv and
 * weights.tsv, in name order).  NULL on a fault, with *err.  Free with ruleset_free. */
RuleSet *ruleset_load(const char *const *dirs, uint32_t dir_count, Error *err);

/* The same from a given pack; NULL bytes: no built-in rules at all. */
RuleSet *ruleset_load_pack(const unsigned char *pack, size_t len, const char *const *dirs, uint32_t dir_count,
                           Error *err);
void ruleset_free(RuleSet *rules);

/* A feature's number, or FEATURE_NONE. */
uint16_t ruleset_feature(const RuleSet *rules, const char *name);

/* The phase of this name; NULL if no rule is in it. */
const Phase *ruleset_phase(const RuleSet *rules, const char *name);

/* A phase of one rule alone, in the arena of the rules: for whoever wants to know what that rule costs. */
const Phase *ruleset_lone_phase(RuleSet *rules, const Rule *rule);

/* The rule of this name, or NULL. */
const Rule *ruleset_rule(const RuleSet *rules, const char *name);

Scratch *scratch_new(const RuleSet *rules);
void scratch_free(Scratch *scratch);

/* Forget what was worked out of a tape: there is another, or its lists' features were changed. */
void scratch_forget(Scratch *scratch);

/* From now on take the time of every rule (that costs time itself). */
void scratch_time_rules(Scratch *scratch, const RuleSet *rules);

/* ---- on an article */

/* Look every token up, write the tape and gather a->hits: needs article_cut.  Merges abbreviations with their full
 * stops. */
void ruleset_look_up(Article *a, const RuleSet *rules, Scratch *scratch);

/* Does a token bear a feature, at its beginning or inside? */
bool token_has(const Article *a, const RuleSet *rules, uint32_t token, uint16_t feature);

/* Mark tokens with a feature of several tokens: the first as its beginning, the rest as inside.  Nothing if no rule
 * asks for the feature. */
void tape_mark(Article *a, const RuleSet *rules, Range tokens, uint16_t feature);
void tape_mark_one(Article *a, const RuleSet *rules, uint32_t token, uint16_t feature);

/* The value of an attribute of the list entry that these tokens are, from the user's list or ours; or NULL. */
const char *ruleset_attribute(const RuleSet *rules, const Article *a, Range tokens, const char *feature,
                              const char *name);

/* Run all rules of a phase over the tokens of `within` cut into the phase's scopes.  The matches are appended to
 * a->matches in text order (by start, then the rules' order); *from and *to are where they stand there.  A rule's
 * matches do not overlap each other. */
void phase_run(const Phase *phase, Article *a, const RuleSet *rules, Scratch *scratch, uint32_t *from, uint32_t *to);

/* Run a phase on one stretch of tokens as a single scope. */
void phase_run_on(const Phase *phase, Article *a, Scratch *scratch, Range scope);

/* Try one token rule at one place: its match must begin with the token `start` of the scope. */
bool rule_try(const Rule *rule, Article *a, Scratch *scratch, Range scope, uint32_t start, Match *match);

/* The same where all that the rule needs is known to be there, and the rows reach the place. */
bool rule_match(const Rule *rule, Article *a, Scratch *scratch, Range scope, uint32_t start, Match *match);

/* Does one of the tokens (or, if the rule says so, the first) have a word that the character rule needs?  If not, it need not be tried
 * on them. */
bool character_rule_may(const Rule *rule, const Article *a, Range tokens);

/* Try a character rule on a stretch of the text.  False if it does not match; else the groups' byte spans in
 * groups[0..group_count) (start == NONE where a group took no part) and the whole match in *whole. */
bool character_rule_find(const Rule *rule, Article *a, Scratch *scratch, Span within, Span *whole, Span *groups);

/* Set a match limit for one try; the default is 200,000 steps. */
void scratch_limit(Scratch *scratch, uint32_t steps);

#endif
