#include "engine/machine.h"

#include "base/mem.h"
#include "base/vec.h"

#include <stdlib.h>

enum { LONGEST = 20000, NO_END = UINT16_MAX }; /* instructions; times */

typedef enum {
    OP_TEST,   /* a token that passes */
    OP_RUN,    /* `least` to `most` of them */
    OP_CHOICE, /* what follows or, if that fails, what stands at `to`; `lazy`: the other way round.  If it asks: what
                * follows begins with a token that passes; where there is none, it is not tried */
    OP_JUMP,   /* on at `to` */
    OP_SLOT,   /* note in a slot where it is */
    OP_ONWARD, /* nothing was taken since the slot was noted: out of the loop, to `to` */
    OP_BACK,   /* `least` tokens back */
    OP_PEEK, /* the token `least` tokens back (0: the next one) passes, or with `negative` does not; it is not taken */
    OP_LOOK, /* what stands before `to` matches here, or with `negative` does not; no token is taken.  If it asks: it
              * begins with a token, `least` tokens back, that passes */
    OP_ATOMIC, /* what stands before `to` matches, and gives nothing back */
    OP_START,
    OP_END, /* of the scope */
    OP_DONE
} Op;

/* Small, for there are many, and each is read seldom. */
typedef struct {
    uint8_t op, slot;
    uint8_t lazy : 1, possessive : 1, negative : 1;
    uint8_t asks : 1; /* it has a test; a run of any tokens has none */
    uint16_t row;     /* of the test */
    uint16_t to;
    uint16_t least, most; /* NO_END: without end */
} Instruction;

enum { LOOPS = 16, SLOTS = 2 * MATCH_GROUPS + LOOPS }; /* begin and end of each group; the others are for loops */

struct MachineCode {
    uint32_t groups;
    Instruction code[];
};

/* ---- compiling */

typedef struct {
    Arena *arena;
    const RowTests *asked;
    VEC(Instruction) code;
    uint32_t loops, groups;
    bool too_long;
} Maker;

/* Add an instruction that asks for a test, or NULL. */
static uint32_t
emit_test(Maker *m, Instruction instruction, const TokenTest *test)
{
    if (m->code.count == LONGEST) {
        m->too_long = true;
        return 0;
    }
    instruction.asks = test != NULL;
    instruction.row = test ? tests_row(m->asked, test) : 0;
    *vec_push(m->arena, &m->code) = instruction;
    return m->code.count - 1;
}

static uint32_t
emit(Maker *m, Instruction instruction)
{
    return emit_test(m, instruction, NULL);
}

/* A number of tokens, as an instruction holds it. */
static uint16_t
tokens(Maker *m, int count)
{
    m->too_long |= count >= NO_END;
    return (uint16_t)count;
}

/* The jump at `from` leads to what is emitted next. */
static void
land(Maker *m, uint32_t from)
{
    m->code.items[from].to = (uint16_t)m->code.count;
}

/* What every match asks of its first token, or NULL. */
static const TokenTest *
first_of(const Node *n)
{
    const TokenTest *first;

    switch (n->kind) {
    case NODE_TEST:
        return n->test;
    case NODE_SEQUENCE:
        first = first_of(n->a);
        return first || n->a->most > 0 ? first : first_of(n->b);
    case NODE_REPEAT:
        return n->times_least > 0 ? first_of(n->a) : NULL;
    case NODE_AHEAD:
        return n->negative ? NULL : first_of(n->a);
    case NODE_GROUP:
        return first_of(n->a);
    default:
        return NULL;
    }
}

/* `taken` NULL: it is not known what is tried. */
static uint32_t
emit_choice(Maker *m, const Node *taken, bool lazy)
{
    return emit_test(m, (Instruction){.op = OP_CHOICE, .lazy = lazy}, taken ? first_of(taken) : NULL);
}

static void compile(Maker *m, const Node *n);

typedef VEC(const Node *) Alternatives;

/* ((a | b) | c is a | b | c.) */
static void
gather_alternatives(Maker *m, const Node *n, Alternatives *all)
{
    if (n->kind == NODE_CHOICE) {
        gather_alternatives(m, n->a, all);
        gather_alternatives(m, n->b, all);
    } else {
        *vec_push(m->arena, all) = n;
    }
}

static void
compile_choice(Maker *m, const Node *n, void (*compile_one)(Maker *, const Node *))
{
    Alternatives all = {0};
    VEC(uint32_t) jumps = {0};

    gather_alternatives(m, n, &all);
    for (uint32_t i = 0; i + 1 < all.count; i++) {
        uint32_t choice = emit_choice(m, compile_one == compile ? all.items[i] : NULL, false);
        compile_one(m, all.items[i]);
        *vec_push(m->arena, &jumps) = emit(m, (Instruction){.op = OP_JUMP});
        land(m, choice);
    }
    compile_one(m, all.items[all.count - 1]);
    for (uint32_t i = 0; i < jumps.count; i++)
        land(m, jumps.items[i]);
}

/* Any number of times.  Where a turn may take nothing, one that does is the last. */
static void
compile_loop(Maker *m, const Node *n)
{
    uint32_t choice = emit_choice(m, n->a, n->lazy), onward = choice;
    bool watched = n->a->least == 0;
    uint8_t slot = (uint8_t)(2 * MATCH_GROUPS + m->loops);

    if (watched && ++m->loops > LOOPS) {
        m->too_long = true;
        return;
    }
    if (watched)
        emit(m, (Instruction){.op = OP_SLOT, .slot = slot});
    compile(m, n->a);
    if (watched)
        onward = emit(m, (Instruction){.op = OP_ONWARD, .slot = slot});
    emit(m, (Instruction){.op = OP_JUMP, .to = (uint16_t)choice});
    land(m, onward);
    land(m, choice);
}

static void
compile_optional(Maker *m, const Node *n, int times)
{
    uint32_t choice;

    if (times == 0)
        return;
    choice = emit_choice(m, n->a, n->lazy);
    compile(m, n->a);
    if (!m->too_long)
        compile_optional(m, n, times - 1);
    land(m, choice);
}

static void
compile_repeat(Maker *m, const Node *n)
{
    uint32_t atomic = 0;

    if (n->a->kind == NODE_TEST) {
        emit_test(m,
                  (Instruction){.op = OP_RUN,
                                .least = tokens(m, n->times_least),
                                .most = n->times_most < NO_END ? (uint16_t)n->times_most : NO_END,
                                .lazy = n->lazy,
                                .possessive = n->sticky},
                  n->a->test->kind == TEST_ANY ? NULL : n->a->test);
        return;
    }
    if (n->sticky)
        atomic = emit(m, (Instruction){.op = OP_ATOMIC});
    for (int i = 0; i < n->times_least && !m->too_long; i++)
        compile(m, n->a);
    if (n->times_most == REPEAT_MANY)
        compile_loop(m, n);
    else
        compile_optional(m, n, n->times_most - n->times_least);
    if (n->sticky) {
        emit(m, (Instruction){.op = OP_DONE});
        land(m, atomic);
    }
}

/* Each alternative of a look behind goes back by its own length. */
static void
compile_behind(Maker *m, const Node *n)
{
    if (n->kind == NODE_CHOICE) {
        compile_choice(m, n, compile_behind);
    } else {
        emit(m, (Instruction){.op = OP_BACK, .least = tokens(m, n->least)});
        compile(m, n);
    }
}

static void
compile_look(Maker *m, const Node *n)
{
    Instruction look = {.op = n->a->kind == NODE_TEST ? OP_PEEK : OP_LOOK,
                        .negative = n->negative,
                        .least = n->kind == NODE_BEHIND ? tokens(m, n->a->least) : 0};
    uint32_t at;

    at = emit_test(m, look, first_of(n->a));
    if (look.op == OP_PEEK)
        return;
    if (n->kind == NODE_BEHIND)
        compile_behind(m, n->a);
    else
        compile(m, n->a);
    emit(m, (Instruction){.op = OP_DONE});
    land(m, at);
}

static void
compile(Maker *m, const Node *n)
{
    switch (n->kind) {
    case NODE_TEST:
        emit_test(m, (Instruction){.op = OP_TEST}, n->test);
        break;
    case NODE_SEQUENCE:
        compile(m, n->a);
        compile(m, n->b);
        break;
    case NODE_CHOICE:
        compile_choice(m, n, compile);
        break;
    case NODE_REPEAT:
        compile_repeat(m, n);
        break;
    case NODE_GROUP:
        m->groups = n->group >= m->groups ? n->group + 1u : m->groups;
        emit(m, (Instruction){.op = OP_SLOT, .slot = (uint8_t)(2 * n->group)});
        compile(m, n->a);
        emit(m, (Instruction){.op = OP_SLOT, .slot = (uint8_t)(2 * n->group + 1)});
        break;
    case NODE_AHEAD:
    case NODE_BEHIND:
        compile_look(m, n);
        break;
    case NODE_START:
        emit(m, (Instruction){.op = OP_START});
        break;
    case NODE_END:
        emit(m, (Instruction){.op = OP_END});
        break;
    case NODE_NOTHING:
        break;
    }
}

MachineCode *
machine_code(const Node *node, const RowTests *tests, Arena *arena)
{
    Maker m = {.asked = tests};
    Arena pass;
    MachineCode *p = NULL;

    arena_init(&pass);
    m.arena = &pass;
    compile(&m, node);
    emit(&m, (Instruction){.op = OP_DONE});
    if (!m.too_long) {
        p = arena_alloc(arena, sizeof *p + m.code.count * sizeof *p->code);
        p->groups = m.groups;
        memcpy(p->code, m.code.items, m.code.count * sizeof *p->code);
    }
    arena_close(&pass);
    return p;
}

/* ---- running */

typedef struct {
    Machine *m;
    Rows *rows;
    const Article *a;
    const Instruction *code;
    Range scope;
    uint32_t first, count; /* the tokens of the rows' stretch */
    uint32_t left;         /* how often it may still note a choice or go back */
    uint32_t parts;        /* that it is in, each run by itself */
    uint32_t slots[SLOTS];
} Run;

/* How an instruction goes on when what followed it has failed: the low bits of Trail.what. */
enum { GO_ON, TAKE_LESS, TAKE_MORE, GIVE_SLOT, WAYS_TO_GO = 4 };

void
machine_close(Machine *m)
{
    free(m->trail);
    *m = (Machine){0};
}

static inline void
note(Run *r, uint32_t number, uint32_t way, uint32_t at, uint32_t limit)
{
    Machine *m = r->m;

    if (__builtin_expect(m->depth == m->room, false)) {
        m->room = m->room ? m->room * 2 : 256;
        m->trail = mem_grow(m->trail, m->room * sizeof *m->trail);
    }
    m->trail[m->depth++] = (Trail){number * WAYS_TO_GO + way, at, limit};
}

static inline bool
passes(const Run *r, const Instruction *i, uint32_t token)
{
    uint32_t at = token - r->first;

    return at < r->count ? rows_of(r->rows, i->row)[at >> 6] >> (at & 63) & 1
                         : tests_pass(r->rows->tests, r->a, token, i->row);
}

static inline bool
next_passes(const Run *r, const Instruction *i, uint32_t at)
{
    return at < r->scope.end && passes(r, i, at);
}

/* Of an instruction that looks: does its token pass? */
static inline bool
seen_passes(const Run *r, const Instruction *i, uint32_t at)
{
    return at - r->scope.start >= i->least && next_passes(r, i, at - i->least);
}

static inline uint32_t
number_of(const Run *r, const Instruction *i)
{
    return (uint32_t)(i - r->code);
}

/* A run takes one token less, or more, and again as long as the token behind it does not pass what follows.  False if
 * it cannot. */
static bool
change_run(Run *r, const Instruction *i, Trail *t, bool more)
{
    bool test_follows = i[1].op == OP_TEST;

    for (; r->left > 0 && t->at != t->limit && (!more || !i->asks || passes(r, i, t->at)); r->left--) {
        t->at += more ? 1 : UINT32_MAX;
        if (!test_follows || next_passes(r, i + 1, t->at))
            return true;
    }
    return false;
}

/* Go back to the last choice above `bottom` that can be made otherwise; false if there is none. */
static inline bool
go_back(Run *r, uint32_t bottom, const Instruction **next, uint32_t *at)
{
    Machine *m = r->m;

    while (m->depth > bottom) {
        Trail *t = &m->trail[m->depth - 1];
        uint32_t number = t->what / WAYS_TO_GO, way = t->what % WAYS_TO_GO;
        const Instruction *i = &r->code[number];
        if (way == GIVE_SLOT) {
            r->slots[number] = t->at;
        } else if (r->left > 0) {
            r->left--;
            if (way == GO_ON) {
                m->depth--;
                *next = i;
                *at = t->at;
                return true;
            }
            if (change_run(r, i, t, way == TAKE_MORE)) {
                *next = i + 1;
                *at = t->at;
                return true;
            }
        }
        m->depth--;
    }
    return false;
}

/* Tokens from `at` on that pass, at most `most`. */
static uint32_t
run_length(const Run *r, const Instruction *i, uint32_t at, uint32_t most)
{
    uint32_t n = 0;

    most = most < r->scope.end - at ? most : r->scope.end - at;
    if (!i->asks)
        return most;
    while (n < most && at + n - r->first < r->count) { /* up to the end of a word of the row */
        uint32_t from = at + n - r->first, here = 64 - (from & 63);
        uint64_t fail = ~(rows_of(r->rows, i->row)[from >> 6] >> (from & 63));
        uint32_t pass = fail ? (uint32_t)__builtin_ctzll(fail) : 64;
        n += pass < here ? pass : here;
        if (pass < here)
            return n < most ? n : most;
    }
    while (n < most && passes(r, i, at + n))
        n++;
    return n < most ? n : most;
}

static inline uint32_t
most_of(const Instruction *i)
{
    return i->most == NO_END ? UINT32_MAX : i->most;
}

static bool
take_run(Run *r, const Instruction *i, uint32_t *at)
{
    uint32_t most = r->scope.end - *at, taken = run_length(r, i, *at, i->lazy ? i->least : most_of(i));

    if (taken < i->least)
        return false;
    most = most_of(i) < most ? most_of(i) : most;
    if (i->lazy && taken < most)
        note(r, number_of(r, i), TAKE_MORE, *at + taken, *at + most);
    else if (!i->lazy && !i->possessive && taken > i->least)
        note(r, number_of(r, i), TAKE_LESS, *at + taken, *at + i->least);
    *at += taken;
    return true;
}

static bool execute(Run *r, const Instruction *i, uint32_t at, uint32_t *end);

/* What stands behind `i`, by itself; when it has matched, none of its choices is made otherwise. */
static bool
execute_part(Run *r, const Instruction *i, uint32_t at, uint32_t *end)
{
    uint32_t bottom = r->m->depth, kept = bottom;
    bool matches;

    r->parts++;
    matches = execute(r, i + 1, at, end);
    r->parts--;
    if (!matches)
        return false;
    for (uint32_t t = bottom; t < r->m->depth; t++)
        if (r->m->trail[t].what % WAYS_TO_GO == GIVE_SLOT)
            r->m->trail[kept++] = r->m->trail[t];
    r->m->depth = kept;
    return true;
}

static bool
look(Run *r, const Instruction *i, uint32_t at)
{
    uint32_t bottom = r->m->depth, end;
    const Instruction *unused;
    bool matches;

    if (i->asks && !seen_passes(r, i, at))
        return i->negative;
    matches = execute_part(r, i, at, &end);
    if (matches && i->negative)
        go_back(r, bottom, &unused, &end); /* the slots */
    return matches != i->negative && r->left > 0;
}

/* Of two ways the one that is tried first; the other is noted. */
static bool
choose(Run *r, const Instruction *i, uint32_t at, const Instruction **next)
{
    if (i->asks && !next_passes(r, i, at)) {
        *next = &r->code[i->to];
        return true;
    }
    if (r->left == 0)
        return false;
    r->left--;
    note(r, i->lazy ? number_of(r, i + 1) : i->to, GO_ON, at, 0);
    if (i->lazy)
        *next = &r->code[i->to];
    return true;
}

/* One instruction; false if it fails here. */
static inline bool
do_one(Run *r, const Instruction **next, uint32_t *at)
{
    const Instruction *i = *next;

    *next = i + 1;
    switch ((Op)i->op) {
    case OP_TEST:
        return next_passes(r, i, (*at)++);
    case OP_RUN:
        return take_run(r, i, at);
    case OP_CHOICE:
        return choose(r, i, *at, next);
    case OP_JUMP:
        *next = &r->code[i->to];
        return true;
    case OP_SLOT:
        if (r->m->depth > 0 || r->parts > 0) /* else there is nothing to go back to */
            note(r, i->slot, GIVE_SLOT, r->slots[i->slot], 0);
        r->slots[i->slot] = *at;
        return true;
    case OP_ONWARD:
        if (r->slots[i->slot] == *at)
            *next = &r->code[i->to];
        return true;
    case OP_BACK:
        if (*at - r->scope.start < i->least)
            return false;
        *at -= i->least;
        return true;
    case OP_PEEK:
        return seen_passes(r, i, *at) != i->negative;
    case OP_LOOK:
        *next = &r->code[i->to];
        return look(r, i, *at);
    case OP_ATOMIC:
        *next = &r->code[i->to];
        return execute_part(r, i, *at, at);
    case OP_START:
        return *at == r->scope.start;
    case OP_END:
        return *at == r->scope.end;
    case OP_DONE:
        break;
    }
    return true;
}

static bool
execute(Run *r, const Instruction *i, uint32_t at, uint32_t *end)
{
    uint32_t bottom = r->m->depth;

    while (i->op != OP_DONE)
        if (!do_one(r, &i, &at) && !go_back(r, bottom, &i, &at))
            return false;
    *end = at;
    return true;
}

RunResult
machine_run(const MachineCode *code, Machine *m, Rows *rows, const Article *a, Range scope, uint32_t start,
            uint32_t limit, Match *match)
{
    Run r = {.m = m,
             .rows = rows,
             .a = a,
             .code = code->code,
             .scope = scope,
             .first = rows->from * 64,
             .count = (rows->to - rows->from) * 64,
             .left = limit};

    memset(r.slots, 0xff, sizeof r.slots); /* NONE */
    m->depth = 0;
    if (!execute(&r, code->code, start, &match->tokens.end))
        return r.left ? RUN_FAILS : RUN_SPENT;
    match->tokens.start = start;
    memset(match->groups, 0xff, sizeof match->groups);
    for (uint32_t g = 0; g < code->groups; g++)
        if (r.slots[2 * g] != r.slots[2 * g + 1] && r.slots[2 * g] != NONE)
            match->groups[g] = (Range){r.slots[2 * g], r.slots[2 * g + 1]};
    return RUN_MATCHES;
}
