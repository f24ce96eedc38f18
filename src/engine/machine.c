#include "engine/machine.h"

#include "base/mem.h"
#include "base/vec.h"

#include <stdlib.h>

enum { LONGEST = 20000 }; /* instructions */

typedef enum {
    OP_TEST,    /* a token that passes */
    OP_RUN,     /* `least` to `most` of them */
    OP_CHOICE,  /* what follows or, if that fails, what stands at `to`; `lazy`: the other way round */
    OP_JUMP,    /* on at `to` */
    OP_SLOT,    /* note in a slot where it is */
    OP_ONWARD,  /* nothing was taken since the slot was noted: out of the loop, to `to` */
    OP_BACK,    /* `least` tokens back */
    OP_LOOK,    /* what stands before `to` matches here, or with `negative` does not; no token is taken */
    OP_ATOMIC,  /* what stands before `to` matches, and gives nothing back */
    OP_START, OP_END, /* of the scope */
    OP_DONE
} Op;

typedef struct {
    uint8_t op, slot;
    bool lazy, possessive, negative;
    uint16_t number; /* of the test */
    uint32_t least, most, to;
    const TokenTest *test;
} Instruction;

enum { LOOPS = 16, SLOTS = 2 * MATCH_GROUPS + LOOPS }; /* begin and end of each group; the others are for loops */

struct MachineCode {
    uint32_t count;
    Instruction code[];
};

/* ---- compiling */

typedef struct {
    Arena *arena;
    VEC(Instruction) code;
    uint32_t loops;
    bool too_long;
} Maker;

static uint32_t
emit(Maker *m, Instruction instruction)
{
    if (m->code.count == LONGEST) {
        m->too_long = true;
        return 0;
    }
    *vec_push(m->arena, &m->code) = instruction;
    return m->code.count - 1;
}

/* The jump at `from` leads to what is emitted next. */
static void
land(Maker *m, uint32_t from)
{
    m->code.items[from].to = m->code.count;
}

static void compile(Maker *m, const Node *n);

static void
compile_choice(Maker *m, const Node *n)
{
    uint32_t choice = emit(m, (Instruction){.op = OP_CHOICE}), jump;

    compile(m, n->a);
    jump = emit(m, (Instruction){.op = OP_JUMP});
    land(m, choice);
    compile(m, n->b);
    land(m, jump);
}

/* Any number of times.  Where a turn may take nothing, one that does is the last. */
static void
compile_loop(Maker *m, const Node *n)
{
    uint32_t choice = emit(m, (Instruction){.op = OP_CHOICE, .lazy = n->lazy}), onward = choice;
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
    emit(m, (Instruction){.op = OP_JUMP, .to = choice});
    land(m, onward);
    land(m, choice);
}

static void
compile_optional(Maker *m, const Node *n, int times)
{
    uint32_t choice;

    if (times == 0)
        return;
    choice = emit(m, (Instruction){.op = OP_CHOICE, .lazy = n->lazy});
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
        emit(m, (Instruction){.op = OP_RUN, .test = n->a->test, .number = n->a->test->number, .least = (uint32_t)n->times_least, .most = (uint32_t)n->times_most,
                              .lazy = n->lazy, .possessive = n->sticky});
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
    uint32_t choice, jump;

    if (n->kind != NODE_CHOICE) {
        emit(m, (Instruction){.op = OP_BACK, .least = (uint32_t)n->least});
        compile(m, n);
        return;
    }
    choice = emit(m, (Instruction){.op = OP_CHOICE});
    compile_behind(m, n->a);
    jump = emit(m, (Instruction){.op = OP_JUMP});
    land(m, choice);
    compile_behind(m, n->b);
    land(m, jump);
}

static void
compile_look(Maker *m, const Node *n)
{
    uint32_t look = emit(m, (Instruction){.op = OP_LOOK, .negative = n->negative});

    if (n->kind == NODE_BEHIND)
        compile_behind(m, n->a);
    else
        compile(m, n->a);
    emit(m, (Instruction){.op = OP_DONE});
    land(m, look);
}

static void
compile(Maker *m, const Node *n)
{
    switch (n->kind) {
    case NODE_TEST:
        emit(m, (Instruction){.op = OP_TEST, .test = n->test, .number = n->test->number});
        break;
    case NODE_SEQUENCE:
        compile(m, n->a);
        compile(m, n->b);
        break;
    case NODE_CHOICE:
        compile_choice(m, n);
        break;
    case NODE_REPEAT:
        compile_repeat(m, n);
        break;
    case NODE_GROUP:
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
machine_code(const Node *node, Arena *arena)
{
    Maker m = {0};
    Arena pass;
    MachineCode *p = NULL;

    arena_init(&pass);
    m.arena = &pass;
    compile(&m, node);
    emit(&m, (Instruction){.op = OP_DONE});
    if (!m.too_long) {
        p = arena_alloc(arena, sizeof *p + m.code.count * sizeof *p->code);
        p->count = m.code.count;
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
    uint32_t left; /* how often it may still note a choice or go back */
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

static void
note(Run *r, uint32_t number, uint32_t way, uint32_t at, uint32_t limit)
{
    Machine *m = r->m;

    if (m->depth == m->room) {
        m->room = m->room ? m->room * 2 : 256;
        m->trail = mem_grow(m->trail, m->room * sizeof *m->trail);
    }
    m->trail[m->depth++] = (Trail){number * WAYS_TO_GO + way, at, limit};
}

static inline bool
passes(const Run *r, const Instruction *i, uint32_t token)
{
    return rows_pass(r->rows, r->a, token, i->number, i->test);
}

static uint32_t
number_of(const Run *r, const Instruction *i)
{
    return (uint32_t)(i - r->code);
}

/* Go back to the last choice above `bottom` that can be made otherwise; false if there is none. */
static bool
go_back(Run *r, uint32_t bottom, const Instruction **next, uint32_t *at)
{
    Machine *m = r->m;

    while (m->depth > bottom) {
        Trail *t = &m->trail[m->depth - 1];
        uint32_t number = t->what / WAYS_TO_GO, way = t->what % WAYS_TO_GO;
        const Instruction *i = &r->code[number];
        if (way == GIVE_SLOT)
            r->slots[number] = t->at;
        if (way == GIVE_SLOT || r->left == 0) {
            m->depth--;
            continue;
        }
        r->left--;
        if (way == GO_ON) {
            m->depth--;
            *next = i;
            *at = t->at;
            return true;
        }
        if (t->at != t->limit && (way == TAKE_LESS || passes(r, i, t->at))) {
            *next = i + 1;
            *at = t->at += way == TAKE_MORE ? 1 : UINT32_MAX;
            return true;
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
    if (i->test->kind == TEST_ANY)
        return most;
    while (n < most && passes(r, i, at + n))
        n++;
    return n;
}

static bool
take_run(Run *r, const Instruction *i, uint32_t *at)
{
    uint32_t most = r->scope.end - *at, taken = run_length(r, i, *at, i->lazy ? i->least : i->most);

    if (taken < i->least)
        return false;
    most = i->most < most ? i->most : most;
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

    if (!execute(r, i + 1, at, end))
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
    bool matches = execute_part(r, i, at, &end);

    if (matches && i->negative)
        go_back(r, bottom, &unused, &end); /* the slots */
    return matches != i->negative && r->left > 0;
}

/* One instruction; false if it fails here. */
static inline bool
do_one(Run *r, const Instruction **next, uint32_t *at)
{
    const Instruction *i = *next;

    *next = i + 1;
    switch ((Op)i->op) {
    case OP_TEST:
        if (*at >= r->scope.end || !passes(r, i, *at))
            return false;
        ++*at;
        return true;
    case OP_RUN:
        return take_run(r, i, at);
    case OP_CHOICE:
        if (r->left == 0)
            return false;
        r->left--;
        note(r, i->lazy ? number_of(r, i + 1) : i->to, GO_ON, *at, 0);
        if (i->lazy)
            *next = &r->code[i->to];
        return true;
    case OP_JUMP:
        *next = &r->code[i->to];
        return true;
    case OP_SLOT:
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
machine_run(const MachineCode *code, Machine *m, Rows *rows, const Article *a, Range scope, uint32_t start, uint32_t limit,
            Match *match)
{
    Run r = {.m = m, .rows = rows, .a = a, .code = code->code, .scope = scope, .left = limit};

    memset(r.slots, 0xff, sizeof r.slots); /* NONE */
    m->depth = 0;
    if (!execute(&r, code->code, start, &match->tokens.end))
        return r.left ? RUN_FAILS : RUN_SPENT;
    match->tokens.start = start;
    for (int g = 0; g < MATCH_GROUPS; g++) {
        Range group = {r.slots[2 * g], r.slots[2 * g + 1]};
        match->groups[g] = group.start == NONE || group.start == group.end ? (Range){NONE, NONE} : group;
    }
    return RUN_MATCHES;
}
