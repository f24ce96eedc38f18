/* A token rule as a program for a small machine that backtracks: it says what a match takes and what its groups are.
 *
 * The pattern means what PCRE2 would make of it, with tokens for characters: alternatives in their order, quantifiers
 * greedy, lazy or possessive, look-around that gives nothing back.  (tests/unit/test_machine.c asks PCRE2 itself.) */
#ifndef ONRECORD_ENGINE_MACHINE_H
#define ONRECORD_ENGINE_MACHINE_H

#include "engine/rows.h"

typedef struct MachineCode MachineCode;

/* A choice that was made, to be made otherwise; or a slot's value before it was written. */
typedef struct {
    uint32_t what; /* which instruction, or slot, and how it goes on: see machine.c */
    uint32_t at;   /* the token where, or the slot's value */
    uint32_t limit; /* of a run: the last token that it may come to */
} Trail;

/* What a machine writes; one for each thread, cleared at first, closed with machine_close. */
typedef struct {
    Trail *trail;
    uint32_t depth, room;
} Machine;

void machine_close(Machine *m);

/* Compile a tree whose tests have their rows; NULL if the program would be too long. */
MachineCode *machine_code(const Node *node, const RowTests *tests, Arena *arena);

typedef enum { RUN_MATCHES, RUN_FAILS, RUN_SPENT } RunResult;

/* Does a match begin with the token `start` of the scope?  `rows` are those of the rule's phase.  Fills match->tokens and match->groups.  RUN_SPENT: it has gone
 * back more than `limit` times, and is given up. */
RunResult machine_run(const MachineCode *code, Machine *m, Rows *rows, const Article *a, Range scope, uint32_t start,
                      uint32_t limit, Match *match);

#endif
