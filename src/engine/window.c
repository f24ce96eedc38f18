#include "engine/window.h"

#include "base/mem.h"
#include "engine/pattern.h"

#include <stdlib.h>

/* ---- room */

void
windows_init(Windows *ws, Rows *rows, uint32_t looks)
{
    *ws = (Windows){.rows = rows};
    for (uint32_t i = 0; i < WINDOWS; i++)
        ws->items[i] = (Window){.rows = rows,
                                .scopes = mem_zero(WINDOW_TOKENS, sizeof *ws->items[i].scopes),
                                .seen = mem_zero(looks + 1, sizeof *ws->items[i].seen),
                                .looked = mem_zero(looks + 1, sizeof *ws->items[i].looked)};
}

void
windows_close(Windows *ws)
{
    for (uint32_t i = 0; i < WINDOWS; i++) {
        free(ws->items[i].scopes);
        free(ws->items[i].seen);
        free(ws->items[i].looked);
    }
    *ws = (Windows){0};
}

/* ---- opening */

/* The window's part of a row. */
static inline TokenBits
window_bits(const Window *w, const uint64_t *row)
{
    TokenBits bits;

    memcpy(&bits, (const char *)row + w->offset, sizeof bits);
    return bits;
}

/* Who passes the test that has this row. */
static inline TokenBits
passing(const Window *w, uint16_t row)
{
    return window_bits(w, rows_of(w->rows, row));
}

/* The tokens of a range, which lies in the window and is not empty. */
static TokenBits
range_bits(uint32_t from, uint32_t to)
{
    return (~(TokenBits)0 >> (WINDOW_TOKENS - (to - from))) << from;
}

static void
begin_at(Windows *ws, Window *w, uint32_t token)
{
    w->base = token & ~7u;
    w->offset = (w->base - ws->rows->from * 64) / 8;
    w->first = w->last = w->accept = 0;
    w->runs_on = false;
    memset(w->looked, 0, ws->filter->look_count * sizeof *w->looked);
}

/* Which tokens are of one scope with those behind them. */
static void
join_tokens(Window *w)
{
    w->joined[0] = w->inside & ~w->last;
    for (uint32_t i = 1; i < SCOPE_STEPS; i++)
        w->joined[i] = w->joined[i - 1] & w->joined[i - 1] >> (1 << (i - 1));
}

/* The next window has no scopes yet. */
static void
leave_next(Windows *ws)
{
    if (ws->count < WINDOWS)
        ws->items[ws->count].scope_count = 0;
}

void
windows_open(Windows *ws)
{
    Window *w = &ws->items[ws->count++];

    begin_at(ws, w, w->scopes[0].start);
    for (uint32_t i = 0; i < w->scope_count; i++) {
        Range scope = w->scopes[i];
        w->first |= bit_at(scope.start - w->base);
        w->last |= bit_at(scope.end - 1 - w->base);
        if (scope.start > w->base)
            w->last |= bit_at(scope.start - 1 - w->base);
        w->accept |= range_bits(scope.start - w->base, scope.end - w->base);
    }
    w->inside = w->accept;
    join_tokens(w);
    leave_next(ws);
}

uint32_t
windows_part_from(Range scope, Range accept)
{
    enum { SEEN_BEHIND = 16 };

    return accept.start - scope.start > SEEN_BEHIND ? accept.start - SEEN_BEHIND : scope.start;
}

void
windows_open_part(Windows *ws, Range scope, Range accept)
{
    Window *w = &ws->items[ws->count++];

    begin_at(ws, w, windows_part_from(scope, accept));
    w->scopes[0] = scope;
    w->scope_count = 1;
    if (scope.start >= w->base) {
        w->first = bit_at(scope.start - w->base);
        if (scope.start > w->base)
            w->last = bit_at(scope.start - 1 - w->base);
    }
    if (scope.end <= w->base + WINDOW_TOKENS)
        w->last |= bit_at(scope.end - 1 - w->base);
    else
        w->runs_on = true;
    w->accept = range_bits(accept.start - w->base, accept.end - w->base);
    w->inside = range_bits(scope.start > w->base ? scope.start - w->base : 0,
                           w->runs_on ? WINDOW_TOKENS : scope.end - w->base);
    ws->run_on |= w->runs_on;
    join_tokens(w);
    leave_next(ws);
}

/* ---- running a tree */

static const Where NOWHERE, EVERYWHERE = {~(TokenBits)0, ~(TokenBits)0};

static inline bool
is_nowhere(const Where *where)
{
    return (where->at | where->end) == 0;
}

/* The tokens behind which the rest matches.  `unsure`: what to take where the window ends before the scope does. */
static inline TokenBits
behind(const Window *w, const Where *rest, bool unsure)
{
    TokenBits next = rest->at >> 1;

    if (w->runs_on && unsure)
        next |= bit_at(WINDOW_TOKENS - 1);
    return (next & ~w->last) | (rest->end & w->last);
}

static inline void
join(Where *a, const Where *b)
{
    a->at |= b->at;
    a->end |= b->end;
}

static inline void
run_test(Window *w, uint16_t number, Where *rest, bool may)
{
    rest->at = behind(w, rest, may) & passing(w, number);
    rest->end = 0;
}

static void run(Window *w, const Step *s, Where *rest, bool may);

/* Zero to `times` tokens that pass, and then the rest. */
static void
run_tokens(const Window *w, TokenBits pass, int times, Where *rest, bool may)
{
    TokenBits inside = ~w->last & pass;
    Where from = {behind(w, rest, may) & pass, 0};

    for (int i = 0; i < times && from.at & ~rest->at; i++) {
        rest->at |= from.at;
        from.at = behind(w, &from, may) & inside;
    }
}

static void
run_repeat(Window *w, const Step *s, Where *rest, bool may)
{
    const Step *inner = s + 1;
    bool one = inner->kind == NODE_TEST;

    /* What must not give back: exact for a run of one test, which ends where no more tokens pass; else what may match is
     * what would match if it gave back, and what must match is nothing. */
    if (s->sticky && one && s->times_more == WINDOW_TOKENS) {
        rest->at &= ~passing(w, inner->number);
    } else if (s->sticky && !may) {
        *rest = NOWHERE;
        return;
    }
    if (~rest->at == 0 && ~rest->end == 0) {
        /* what may be left out here restricts nothing */
    } else if (one) {
        run_tokens(w, passing(w, inner->number), s->times_more, rest, may);
    } else {
        Where fresh = *rest;
        for (int i = 0; i < s->times_more; i++) {
            run(w, inner, &fresh, may);
            fresh = (Where){fresh.at & ~rest->at, fresh.end & ~rest->end};
            if (is_nowhere(&fresh))
                break;
            join(rest, &fresh);
        }
    }
    for (int i = 0; i < s->times_least; i++)
        run(w, inner, rest, may);
}

/* What a look behind sees from each place; each of its alternatives has a fixed length. */
static Where
see_behind(Window *w, const Step *s, bool may)
{
    Where seen = NOWHERE, one = EVERYWHERE;

    if (s->kind == NODE_CHOICE) {
        for (const Step *member = s + 1; member < s + s->size; member += member->size) {
            one = see_behind(w, member, may);
            join(&seen, &one);
        }
        return seen;
    }
    run(w, s, &one, may);
    for (int length = 0; length < s->length; length++)
        one = (Where){(one.at & ~w->last) << 1, one.at & w->last};
    return one;
}

/* What a look ahead or behind sees: the same whatever the rest is, so worked out once. */
static const Where *
see(Window *w, const Step *s, bool may)
{
    Where *seen = &w->seen[s->number];
    bool inner = may != s->negative;

    if (w->looked[s->number])
        return seen;
    w->looked[s->number] = true;
    if (s->kind == NODE_AHEAD) {
        *seen = EVERYWHERE;
        run(w, s + 1, seen, inner);
    } else {
        *seen = see_behind(w, s + 1, inner);
    }
    return seen;
}

static void
run_look(Window *w, const Step *s, Where *rest, bool may)
{
    const Where *seen = see(w, s, may);
    TokenBits flip = s->negative ? ~(TokenBits)0 : 0;

    rest->at &= seen->at ^ flip;
    rest->end &= seen->end ^ flip;
}

static void
run_choice(Window *w, const Step *s, Where *rest, bool may)
{
    Where any = NOWHERE, one;

    for (const Step *member = s + 1; member < s + s->size; member += member->size) {
        one = *rest;
        run(w, member, &one, may);
        join(&any, &one);
    }
    *rest = any;
}

/* Where s and then the rest match, in the place of the rest.  `may`: where they may match is wanted; else where they must. */
static void
run(Window *w, const Step *s, Where *rest, bool may)
{
    /* where the scope goes on behind the window, the rest may match there */
    if (is_nowhere(rest) && !(w->runs_on && may))
        return;
    switch (s->kind) {
    case NODE_TEST:
        run_test(w, s->number, rest, may);
        break;
    case NODE_SEQUENCE:
        for (const Step *one = s + 1; one < s + s->size; one += one->size) {
            if (one->kind == NODE_TEST)
                run_test(w, one->number, rest, may);
            else
                run(w, one, rest, may);
            if (is_nowhere(rest) && !(w->runs_on && may))
                return;
        }
        break;
    case NODE_CHOICE:
        run_choice(w, s, rest, may);
        break;
    case NODE_REPEAT:
        run_repeat(w, s, rest, may);
        break;
    case NODE_AHEAD:
    case NODE_BEHIND:
        run_look(w, s, rest, may);
        break;
    case NODE_START:
        *rest = (Where){rest->at & w->first, 0};
        break;
    case NODE_END:
        rest->at = 0;
        break;
    default:
        break;
    }
}

TokenBits
window_find(Window *w, const Step *steps)
{
    Where all = EVERYWHERE;

    run(w, steps, &all, true);
    return all.at & w->accept;
}

/* ---- a rule's needs */

/* The tokens of a set that stand `distance` tokens before one of the row (if it is less than 0, behind one): `to`, or the row itself;
 * NULL if there is none.  Beyond the stretch none is looked for. */
static const uint64_t *
keep_anchored(const Rows *r, const uint64_t *set, const uint64_t *row, int distance, uint64_t *to)
{
    RowPart any = {0}, both;
    uint64_t before = 0, one;

    if (distance == 0 && set == r->everybody)
        return row;
    if (distance == 0) {
        for (uint32_t k = 0; k < r->width; k += WIDE)
            any |= *row_part(to + k) = row_of(set + k) & row_of(row + k);
    } else if (distance > 0) {
        for (uint32_t k = 0; k < r->width; k += WIDE) {
            both = row_of(set + k) & (row_of(row + k) >> distance | row_of(row + k + 1) << (64 - distance));
            any |= both;
            *row_part(to + k) = both;
        }
    } else {
        for (uint32_t k = 0; k < r->width; k++) {
            one = set[k] & (row[k] << -distance | before >> (64 + distance));
            before = row[k];
            any[0] |= one;
            to[k] = one;
        }
    }
    return row_any(any) ? to : NULL;
}

/* Is there a row that the rule needs and nobody passes, as far as is known? */
static inline bool
lacks_a_need(const Rows *r, const Rule *rule)
{
    uint8_t some = 1;

    for (uint32_t i = 0; i < NEEDS_MAX; i++) /* those that there are not are of row 0, which may pass */
        some &= r->some[rule->need_rows[i].row];
    return !some;
}

/* In which windows a match may begin at one of the tokens. */
static inline uint32_t
windows_of(const Windows *ws, const uint64_t *row)
{
    uint32_t windows = 0;

    for (uint32_t i = 0; i < ws->count; i++)
        windows |= (uint32_t)((window_bits(&ws->items[i], row) & ws->items[i].accept) != 0) << i;
    return windows;
}

uint32_t
windows_look(Windows *ws, const Rule *rule)
{
    Rows *rows = ws->rows;
    const uint64_t *anchored = rows->everybody;

    ws->need_count = 0;
    if (!ws->run_on && lacks_a_need(rows, rule)) /* else it may stand behind the stretch */
        return 0;
    for (uint32_t i = 0; i < rule->need_count; i++) {
        const NeedRow *need = &rule->need_rows[i];
        const uint64_t *row = rows_of(rows, need->row);
        if (need->distance == NEED_AHEAD) {
            if (!ws->run_on && !rows->some[need->row])
                return 0;
            ws->needs[ws->need_count++] = row;
        } else {
            anchored = keep_anchored(rows, anchored, row, need->distance, ws->anchored_room);
            if (anchored == NULL)
                return 0;
        }
    }
    ws->anchored = anchored;
    return windows_of(ws, anchored);
}

/* The last tokens of those scopes that have one of the tokens.  (Adding ones to a scope's tokens carries into its last.) */
static inline TokenBits
scopes_with(const Window *w, TokenBits tokens)
{
    TokenBits inner = w->inside & ~w->last;

    tokens &= w->inside;
    return (((tokens & inner) + inner) | tokens) & w->last;
}

/* In each scope with one of these tokens: its first, and all behind that.  (Where the ones are added, a token that is no more a one was
 * passed by the carry.) */
static inline TokenBits
tokens_from(const Window *w, TokenBits tokens)
{
    TokenBits inner = w->inside & ~w->last;

    tokens &= w->inside;
    return (~((tokens & inner) + inner) & inner) | tokens | scopes_with(w, tokens);
}

/* All tokens of the scopes whose last ones these are.  (Filling by doubling steps.) */
static inline TokenBits
whole_scopes(const Window *w, TokenBits tokens)
{
    for (uint32_t i = 0; i < SCOPE_STEPS; i++)
        tokens |= tokens >> (1 << i) & w->joined[i];
    return tokens;
}

TokenBits
windows_anchored(const Windows *ws, const Window *w)
{
    TokenBits scopes, ahead, anchored = window_bits(w, ws->anchored) & w->accept;

    if (w->runs_on || ws->need_count == 0)
        return anchored;
    scopes = w->last;
    ahead = tokens_from(w, anchored);
    for (uint32_t i = 0; i < ws->need_count; i++)
        if ((scopes &= scopes_with(w, window_bits(w, ws->needs[i]) & ahead)) == 0)
            return 0;
    return anchored & whole_scopes(w, scopes);
}
