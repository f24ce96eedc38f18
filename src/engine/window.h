/* Where can the rules of a phase match?  Worked out for all tokens of a window at once, with a bit for each.
 *
 * A *window* is whole scopes of up to 128 tokens together, so that nothing needs to be carried from one to the next; only
 * a scope that is longer than that is seen through windows that overlap.  As many windows as lie in one stretch of the rows
 * are open together, and rule after rule is looked for in all of them.
 *
 * First a rule's needs are looked at: where do its anchors hold, in which scopes is what else it needs ahead of them?  Where that leaves a
 * token or two of a window, the rule's program is run there at once (matcher.c).  If it leaves more, the tree is run over the rows
 * of tests backwards, from its end to its beginning: where the rest of the pattern matches is a set of tokens, a test is an AND
 * with a shift, alternatives are an OR, a repetition is done until nothing changes.  What comes out is where the rule matches
 * (or, where the tree gives nothing back once it has matched, where it may); only there its program is run, for the groups.
 * (Cameron and others 2014, "Bitwise data parallelism in regular expression matching".) */
#ifndef ONRECORD_ENGINE_WINDOW_H
#define ONRECORD_ENGINE_WINDOW_H

#include "engine/prefilter.h"
#include "engine/rows.h"

enum { WINDOWS = 16, SCOPE_STEPS = 7 }; /* open together, at most 32; a window's tokens are 2 to the power of this */

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

/* Where the rest of a pattern matches. */
typedef struct {
    TokenBits at;  /* before this token */
    TokenBits end; /* behind this token, the last of its scope */
} Where;

/* One window. */
typedef struct {
    Rows *rows;
    Range *scopes; /* which it looks at, in order; room for WINDOW_TOKENS */
    uint32_t scope_count;
    uint32_t base;         /* its first token, a multiple of 8 … */
    uint32_t offset;       /* … and that token's byte in the rows */
    bool runs_on;          /* the scope goes on behind the window */
    TokenBits first, last; /* the first and the last tokens of scopes */
    TokenBits inside;      /* the tokens of the scopes */
    TokenBits accept;      /* those where a match may begin */
    TokenBits joined[SCOPE_STEPS]; /* those that are of one scope with the next token, the two next, four, ... */
    Where *seen;           /* for each look: what is seen … */
    bool *looked;          /* … if that is worked out for this window */
} Window;

/* Those that are open, and what of the rule that is looked for was found in the stretch. */
typedef struct {
    Rows *rows;
    const Prefilter *filter; /* of the phase */
    Window items[WINDOWS];   /* the next one's scopes are gathered */
    uint32_t count;
    bool run_on; /* one of them does */

    const uint64_t *anchored; /* the tokens of the stretch where all anchors of the rule hold */
    uint64_t anchored_room[STRETCH_WORDS + BEYOND];
    const uint64_t *needs[NEEDS_MAX]; /* the rows of those needs that are no anchors */
    uint32_t need_count;
} Windows;

/* Room for windows over these rows and filters of so many looks; free with windows_close. */
void windows_init(Windows *ws, Rows *rows, uint32_t looks);
void windows_close(Windows *ws);

/* Begin anew, with no window, for the rules of one filter. */
static inline void
windows_start(Windows *ws, const Prefilter *filter)
{
    ws->filter = filter;
    ws->count = 0;
    ws->run_on = false;
    ws->items[0].scope_count = 0;
}

/* Can scopes from `start` to `end` be looked at together? */
static inline bool
window_holds(uint32_t start, uint32_t end)
{
    return end - (start & ~7u) <= WINDOW_TOKENS;
}

/* Are there scopes for a window that is not open yet? */
static inline bool
windows_gathered(const Windows *ws)
{
    return ws->count < WINDOWS && ws->items[ws->count].scope_count > 0;
}

/* One more scope for the next window. */
static inline void
windows_add(Windows *ws, Range scope)
{
    Window *w = &ws->items[ws->count];

    w->scopes[w->scope_count++] = scope;
}

/* Open the next window, for which scopes were gathered (in order, fit for window_holds; the rows reach the first). */
void windows_open(Windows *ws);

/* The token that the rows must reach for a part of a scope. */
uint32_t windows_part_from(Range scope, Range accept);

/* Open the next window on a part of one long scope: matches may begin at the tokens of `accept`, at most half a window. */
void windows_open_part(Windows *ws, Range scope, Range accept);

/* In which of the windows, a bit for each, do all anchors of the rule hold?  None, if the stretch lacks another thing that it needs. */
uint32_t windows_look(Windows *ws, const Rule *rule);

/* The window's tokens where all anchors hold of the rule that was looked for last, if one of their scopes has all that it needs. */
TokenBits windows_anchored(const Windows *ws, const Window *w);

/* The tokens of the window where the rule with these steps may match, by its tree; they are anchored. */
TokenBits window_find(Window *w, const Step *steps);

#endif
