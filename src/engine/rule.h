/* Rules as the stages see them. */
#ifndef ONRECORD_ENGINE_RULE_H
#define ONRECORD_ENGINE_RULE_H

#include "base/error.h"
#include "text/article.h"

#include <string.h>

typedef enum { RULE_TOKEN, RULE_CHARACTER } RuleKind;
typedef enum { SCOPE_SENTENCE, SCOPE_PARAGRAPH, SCOPE_LINE } RuleScope;

/* A line of a rule's own examples. */
typedef struct {
    bool must;        /* yes or no */
    const char *text; /* with [brackets] around what its first group must be */
    size_t line;
} RuleExample;

enum { ANCHORS_MAX = 4, NEEDS_MAX = 4 + ANCHORS_MAX, NEED_AHEAD = INT8_MIN };

/* What every match asks of the token that stands so far behind its first one (less than 0: before it), which is an *anchor*; or of some
 * token of its scope from its first one on. */
typedef struct {
    const struct TokenTest *test;
    int8_t distance; /* or NEED_AHEAD */
} Need;

/* The same as it is looked at. */
typedef struct {
    uint16_t row; /* of those who pass */
    int8_t distance;
} NeedRow;

/* Its first fields are what is read of every rule in every article: they stand together in one line of the processor's cache. */
struct Rule {
    uint32_t number; /* its place in the total order */
    uint32_t steps;  /* where the tree, laid out for running, begins among its phase's steps */
    struct MachineCode *program; /* the pattern as a program, see machine.h */
    uint32_t need_count;
    NeedRow need_rows[NEEDS_MAX];

    const char *name;  /* "person.after-title" */
    const char *about; /* what it is about, one line */
    const char *phase;
    const char *path;  /* of its file */
    size_t line;
    RuleKind kind;
    RuleScope scope;
    uint64_t hash;     /* of its name */
    bool own;          /* read from a user's folder */
    float weight;      /* phase names: what its claim counts where no weight is fitted to it */

    const char *match; /* the pattern as written, and where it stands */
    size_t match_line, match_column;

    struct pcre2_real_code_8 *code; /* of a character rule */
    const char *groups[MATCH_GROUPS]; /* names of the groups, NULL beyond the last */
    uint64_t group_key[MATCH_GROUPS]; /* their names: see name_bytes */
    uint64_t group_hash[MATCH_GROUPS]; /* of "rule group" */
    uint32_t group_count;
    struct Node *node; /* a token rule's pattern as a tree, see pattern.h */
    uint16_t row;      /* if that is one {token}: of those who pass */
    Need needs[NEEDS_MAX]; /* the rarest first */

    const uint64_t *needed;    /* a character rule's key `needs` or `begins`: a bit for each rule word, or NULL if it needs none */
    bool begins;               /* the needed word must be the first */

    struct {
        const char *key, *value;
    } keys[12]; /* the other keys, as written */
    uint32_t key_count;
    const RuleExample *examples;
    uint32_t example_count;
};

/* A name's first eight bytes as a number, which the compiler works out of a name that it sees. */
static inline uint64_t
name_bytes(const char *name)
{
    uint64_t key = 0;
    size_t len = strlen(name);

    memcpy(&key, name, len < sizeof key ? len : sizeof key);
    return key;
}

/* The value of another key of the rule, or NULL. */
const char *rule_get(const Rule *rule, const char *key);

/* The number of a group by name, or -1. */
static inline int
rule_group(const Rule *rule, const char *name)
{
    uint64_t key = name_bytes(name);

    for (uint32_t i = 0; i < rule->group_count; i++)
        if (rule->group_key[i] == key && (strlen(name) < sizeof key || strcmp(rule->groups[i], name) == 0))
            return (int)i;
    return -1;
}

/* Is the rule's key a list of words that holds `word`? */
bool rule_has(const Rule *rule, const char *key, const char *word);

/* The tokens of a match's group; false if the group is not in the rule or took no part. */
static inline bool
match_group(const Match *m, int group, Range *out)
{
    if (group < 0 || m->groups[group].start == NONE)
        return false;
    *out = m->groups[group];
    return true;
}

#endif
