#include "engine/anchors.h"

enum { AHEAD = 4, ITEMS = 64 }; /* tokens that are asked for; members of a sequence that are looked at */
#define COMMON 0.3f             /* what more tokens pass is no anchor: to look at it would cost more than it saves */

/* What a part of a pattern takes: the test of each of its first tokens, which passes all that may stand there (NULL: it
 * never takes so many); and how many it may take: a bit for each number, the highest for AHEAD and more. */
typedef struct {
    const TokenTest *at[AHEAD];
    uint32_t lengths;
} Taken;

static const Taken NOTHING = {{NULL}, 1};

static const TokenTest *
either(const TokenTest *a, const TokenTest *b, Arena *arena)
{
    if (a == NULL || b == NULL || a->hash == b->hash)
        return a ? a : b;
    return a->share + b->share < COMMON ? test_or(arena, a, b) : test_any(arena);
}

static const TokenTest *
both(const TokenTest *a, const TokenTest *b, Arena *arena)
{
    if (a->kind == TEST_ANY || b->kind == TEST_ANY || a->hash == b->hash)
        return a->kind == TEST_ANY ? b : a;
    return test_and(arena, a, b);
}

static Taken
one_or_other(Taken a, Taken b, Arena *arena)
{
    for (int i = 0; i < AHEAD; i++)
        a.at[i] = either(a.at[i], b.at[i], arena);
    a.lengths |= b.lengths;
    return a;
}

static Taken
one_then_other(Taken a, Taken b, Arena *arena)
{
    Taken whole = a;

    whole.lengths = 0;
    for (int length = 0; length <= AHEAD; length++) {
        if (!(a.lengths >> length & 1))
            continue;
        for (int i = length; i < AHEAD; i++)
            whole.at[i] = either(whole.at[i], b.at[i - length], arena);
        for (int more = 0; more <= AHEAD; more++)
            if (b.lengths >> more & 1)
                whole.lengths |= 1u << (length + more < AHEAD ? length + more : AHEAD);
    }
    return whole;
}

static Taken taken_by(const Node *n, Arena *arena);

static Taken
taken_by_repeat(const Node *n, Arena *arena)
{
    int least = n->times_least < AHEAD ? n->times_least : AHEAD, most = n->times_most < AHEAD ? n->times_most : AHEAD;
    Taken one = taken_by(n->a, arena), some = NOTHING, all = {{NULL}, least == 0};

    for (int i = 1; i <= most; i++) {
        some = one_then_other(one, some, arena);
        if (i >= least)
            all = one_or_other(all, some, arena);
    }
    return all;
}

/* Does every match take more than `i` tokens? */
static bool
always_takes(const Taken *t, int i)
{
    return (t->lengths & ((2u << i) - 1)) == 0;
}

/* What stands behind a look ahead must pass what that asks for. */
static Taken
looked_at(const Node *look, Taken rest, Arena *arena)
{
    Taken seen = taken_by(look->a, arena);

    if (look->negative && look->a->kind == NODE_TEST && rest.at[0])
        rest.at[0] = both(rest.at[0], test_not(arena, look->a->test), arena);
    for (int i = 0; !look->negative && i < AHEAD && rest.at[i] && always_takes(&seen, i); i++)
        rest.at[i] = both(rest.at[i], seen.at[i], arena);
    return rest;
}

/* The members of a sequence, of which each may be one; their number.  What finds no room is left out, from the end on.
 */
static uint32_t
members_of(const Node *n, const Node **members, uint32_t count)
{
    while (n && n->kind == NODE_GROUP)
        n = n->a;
    if (n && n->kind == NODE_SEQUENCE)
        return members_of(n->b, members, members_of(n->a, members, count));
    if (n && count < ITEMS)
        members[count++] = n;
    return count;
}

static Taken
taken_by_members(const Node *const *members, uint32_t count, Taken rest, Arena *arena)
{
    while (count-- > 0)
        rest = members[count]->kind == NODE_AHEAD ? looked_at(members[count], rest, arena)
                                                  : one_then_other(taken_by(members[count], arena), rest, arena);
    return rest;
}

static Taken
taken_by(const Node *n, Arena *arena)
{
    const Node *members[ITEMS];

    switch (n->kind) {
    case NODE_TEST:
        return (Taken){{n->test}, 2};
    case NODE_SEQUENCE:
    case NODE_GROUP:
        return taken_by_members(members, members_of(n, members, 0), NOTHING, arena);
    case NODE_CHOICE:
        return one_or_other(taken_by(n->a, arena), taken_by(n->b, arena), arena);
    case NODE_REPEAT:
        return taken_by_repeat(n, arena);
    default:
        return NOTHING;
    }
}

/* The same of a look behind, which sees the last of its tokens first.  Its alternatives may differ in length. */
static Taken
taken_before(const Node *n, Arena *arena)
{
    Taken taken, before = {{NULL}, 1};

    while (n->kind == NODE_GROUP)
        n = n->a;
    if (n->kind == NODE_CHOICE)
        return one_or_other(taken_before(n->a, arena), taken_before(n->b, arena), arena);
    if (n->least != n->most || n->most > AHEAD)
        return before;
    taken = taken_by(n, arena);
    before.lengths = 1u << n->most;
    for (int i = 0; i < n->most; i++)
        before.at[i] = taken.at[n->most - 1 - i];
    return before;
}

/* ---- the rule's */

static uint32_t
add(Need *anchors, uint32_t count, int distance, const TokenTest *test)
{
    uint32_t at = count;

    if (test->share >= COMMON)
        return count;
    while (at > 0 && anchors[at - 1].test->share > test->share)
        at--;
    if (at == ANCHORS_MAX)
        return count;
    count += count < ANCHORS_MAX;
    for (uint32_t i = count - 1; i > at; i--)
        anchors[i] = anchors[i - 1];
    anchors[at] = (Need){.test = test, .distance = (int8_t)distance};
    return count;
}

/* `way`: 1, or -1 if the first of the tokens is the one before the match and the others stand before that. */
static uint32_t
add_all(Need *anchors, uint32_t count, int way, const Taken *taken)
{
    for (int i = 0; i < AHEAD && always_takes(taken, i); i++)
        count = add(anchors, count, way > 0 ? i : -1 - i, taken->at[i]);
    return count;
}

uint32_t
anchors_find(const Node *node, Need *anchors, Arena *arena)
{
    const Node *members[ITEMS], *last;
    uint32_t all = members_of(node, members, 0), count = 0;
    Taken rest = NOTHING;

    for (uint32_t i = 0; i < all && (members[i]->kind == NODE_BEHIND || members[i]->kind == NODE_AHEAD); i++)
        if (members[i]->kind == NODE_BEHIND && !members[i]->negative) {
            Taken before = taken_before(members[i]->a, arena);
            count = add_all(anchors, count, -1, &before);
        }
    /* what a look at the end sees must stand there as if it were taken */
    last = all && all < ITEMS ? members[all - 1] : NULL;
    if (last && last->kind == NODE_AHEAD && !last->negative)
        rest = taken_by(last->a, arena);
    rest = taken_by_members(members, all, rest, arena);
    return add_all(anchors, count, 1, &rest);
}
