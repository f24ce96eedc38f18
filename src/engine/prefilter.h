/* Where can a rule match at all?  Worked out for all tokens of a window at once, with a bit for each.
 *
 * First a rule's needs are looked at: where do those of its anchors hold, in which scopes the others?  Where that leaves a
 * single token, the rule's program is run there at once (matcher.c).  If it leaves more, the tree is run over the rows of tests backwards, from its end to its beginning: where the rest of
 * the pattern matches is a set of tokens, a test is an AND with a shift, alternatives are an OR, a repetition is done
 * until nothing changes.  What comes out is where the rule matches (or, where the tree gives nothing back once it has
 * matched, where it may); only there its program is run, for the groups.  (Cameron and others 2014, "Bitwise data
 * parallelism in regular expression matching".)
 *
 * A window is whole scopes of up to 128 tokens together, so that nothing needs to be carried from one to the next; only
 * a scope that is longer than that is seen through windows that overlap. */
#ifndef ONRECORD_ENGINE_PREFILTER_H
#define ONRECORD_ENGINE_PREFILTER_H

#include "engine/rows.h"
#include "engine/rule.h"

enum { WINDOW_TOKENS = 128, WINDOW_SPAN = 3, SCOPE_STEPS = 7 }; /* … the words of a row that it may touch; its tokens are 2 to the power of this */

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

/* A part of a rule's tree, laid out for running: parts that belong to one stand behind it, those of a sequence from
 * right to left, as they are run. */
typedef struct {
    uint8_t kind; /* a PatternKind */
    bool negative, sticky;
    uint8_t length;                   /* of an alternative of a look behind: its tokens */
    uint16_t number;                  /* of the test, or the look */
    uint16_t size;                    /* how many steps it is, with all that belong to it */
    uint16_t times_least, times_more; /* of a repetition; times_more is WINDOW_TOKENS where there is no end */
} Step;

/* The rules of a phase. */
typedef struct {
    const Step *steps;
    uint32_t look_count; /* looks ahead and behind that differ */
} Prefilter;

/* Where the rest of a pattern matches. */
typedef struct {
    TokenBits at;  /* before this token */
    TokenBits end; /* behind this token, the last of its scope */
} Where;

/* One window. */
typedef struct {
    const Prefilter *filter;
    Rows *rows;
    const Article *a;
    uint32_t base;         /* its first token, a multiple of 8 … */
    uint32_t offset;       /* … and that token's byte in the rows */
    TokenBits first, last; /* the first and the last tokens of scopes */
    TokenBits inside;      /* the tokens of the scopes */
    TokenBits accept;      /* those where a match may begin */
    TokenBits joined[SCOPE_STEPS]; /* those that are of one scope with the next token, the two next, four, ... */
    bool runs_on;          /* the scope goes on behind the window */
    Where *seen;           /* for each look: what is seen … */
    bool *looked;          /* … if that is worked out for this window */
} Window;

/* Choose a token rule's needs, which lie in the arena, and ask all that it asks of tokens. */
void prefilter_ask(Rule *rule, RowTests *tests, Arena *arena);

/* The filter of the rules of one phase, when all rules have asked.  Everything lies in the arena. */
void prefilter_make(Prefilter *filter, Rule *const *rules, uint32_t count, const RowTests *tests, Arena *arena);

/* The first word of the rows that it touches. */
static inline uint32_t
window_word(const Window *w)
{
    return w->offset / 8;
}

/* Room for windows over filters of so many looks; free with window_close. */
void window_init(Window *w, uint32_t looks);
void window_close(Window *w);

/* Begin a run of a filter over an article's tokens, with the rows of the filter's tests. */
void window_start(Window *w, const Prefilter *filter, Rows *rows, const Article *a);

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

/* A rule that may match in the window's stretch. */
typedef struct {
    const Rule *rule;
    const Step *steps;
    const uint64_t *needs[NEEDS_MAX - ANCHORS_MAX]; /* the rows of those that are no anchors */
    uint32_t need_count;
    const uint64_t *anchored; /* the tokens of the stretch where all its anchors hold */
} LiveRule;

/* May the rule match anywhere in the stretch?  (Most lack a word that they need.)  If so, *live is filled, and
 * perhaps `anchored`, which has room for a row. */
bool window_lives(Window *w, const Rule *rule, LiveRule *live, uint64_t *anchored);

/* The tokens of the window where all anchors of the rule hold, if one of their scopes has all that it needs. */
TokenBits window_anchored(Window *w, const LiveRule *live);

/* The tokens of the window where the rule may match, by its tree; they are anchored. */
TokenBits window_find(Window *w, const LiveRule *live);

#endif
