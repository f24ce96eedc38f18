/* Where can a rule match at all?  Worked out for all tokens of a window at once, with a bit for each.
 *
 * A rule's tree is run over the rows of the tape
 * backwards, from its end to its beginning: where the rest of the pattern matches is a set of tokens, a test is
 * an AND with a shift, alternatives are an OR, a repetition is done until nothing changes.  What comes out is
 * where the rule matches (or, where the tree gives nothing back once it has matched, where it may); only there its
 * program is run, for the groups.  (Cameron and others 2014, "Bitwise data parallelism in regular expression matching".)
 *
 * A window is whole scopes of up to 128 tokens together, so that nothing needs to be carried from one to the next; only a
 * scope that is longer than that is seen through windows that overlap. */
#ifndef ONRECORD_ENGINE_PREFILTER_H
#define ONRECORD_ENGINE_PREFILTER_H

#include "engine/rule.h"

enum { WINDOW_TOKENS = 128 };

/* A set of the tokens of a window: the lowest bit is its first token. */
__extension__ typedef unsigned __int128 TokenBits;

static inline TokenBits
bit_at(uint32_t token)
{
    return (TokenBits)1 << token;
}

/* Take the lowest bit out of a set that is not empty; its number. */
static inline uint32_t
bits_next(TokenBits *bits)
{
    uint64_t low = (uint64_t)*bits;
    uint32_t at = low ? (uint32_t)__builtin_ctzll(low) : 64 + (uint32_t)__builtin_ctzll((uint64_t)(*bits >> 64));

    *bits &= *bits - 1;
    return at;
}

/* A part of a rule's tree, laid out for running: parts that belong to one stand behind it, those of a sequence from right to
 * left, as they are run. */
typedef struct {
    uint8_t kind;   /* a NodeKind */
    bool negative, sticky;
    uint8_t length; /* of an alternative of a look behind: its tokens */
    uint16_t number; /* of the test, or the look */
    uint16_t size;  /* how many steps it is, with all that belong to it */
    uint16_t times_least, times_more; /* of a repetition; times_more is WINDOW_TOKENS where there is no end */
} Step;

/* What the rules of a phase ask of tokens, each once. */
typedef struct {
    const Step *steps;
    const struct Test **tests;
    uint32_t test_count;
    uint32_t look_count;      /* looks ahead and behind that differ */
    uint16_t *word_row; /* for each rule word: its row among the words of this phase, from 1; 0: not asked for */
    uint32_t word_count;
} Prefilter;

/* Where the rest of a pattern matches. */
typedef struct {
    TokenBits at;  /* before this token */
    TokenBits end; /* behind this token, the last of its scope */
} Where;

/* One window.  A test is worked out when it is first asked for, then for a *stretch* of many windows at once, in loops that
 * the compiler can make wide. */
typedef struct {
    const Prefilter *filter;
    const Article *a;
    uint32_t base;      /* its first token, a multiple of 8 */
    TokenBits first, last; /* the first and the last tokens of scopes */
    TokenBits accept;   /* where a match may begin */
    bool runs_on;       /* the scope goes on behind the window */
    Where *seen;        /* for each look: what is seen … */
    bool *looked;       /* … if that is worked out for this window */
    const uint64_t **rows; /* for each test who passes, from `from` on; NULL: not worked out in this stretch */
    uint64_t *tests;    /* for each test room for a row of STRETCH_WORDS */
    uint64_t *words;    /* the same for each word of the phase */
    uint32_t from, to;  /* the stretch, in words of the tape's rows; to == 0: none */
    uint32_t end;       /* no token from here on is looked at in this run */
} Window;

enum { STRETCH_WORDS = 20 };

/* Number the tests of the rules (token rules of one phase, compiled) and choose their needs.  Everything lies in the arena. */
void prefilter_make(Prefilter *filter, Rule *const *rules, uint32_t count, uint32_t rule_words, Arena *arena);

/* Room for windows over any of the filters; free with window_close. */
void window_init(Window *w, const Prefilter *const *filters, uint32_t count);
void window_close(Window *w);

/* Begin a run of one filter over an article's tokens up to `end`.  */
void window_start(Window *w, const Prefilter *filter, const Article *a, uint32_t end);

/* Look at the scopes (in order, fit for window_holds). */
void window_open(Window *w, const Range *scopes, uint32_t count);

/* Can scopes from `start` to `end` be looked at together? */
static inline bool
window_holds(uint32_t start, uint32_t end)
{
    return end - (start & ~7u) <= WINDOW_TOKENS;
}

/* Look at a part of one long scope: matches may begin at the tokens of `accept`, at most half a window. */
void window_open_part(Window *w, Range scope, Range accept);

/* The tokens of the window where the rule may match. */
TokenBits window_find(Window *w, const Rule *rule);

#endif
