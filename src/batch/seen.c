#include "batch/seen.h"

#include "base/mem.h"

#include <stdlib.h>

static bool
put(Seen *s, uint64_t hash)
{
    uint64_t at = hash & (s->room - 1);

    while (s->slots[at] && s->slots[at] != hash)
        at = (at + 1) & (s->room - 1);
    if (s->slots[at])
        return false;
    s->slots[at] = hash;
    s->count++;
    return true;
}

static void
grow(Seen *s)
{
    Seen bigger = {mem_zero(s->room ? s->room * 2 : 1024, sizeof *s->slots), 0, s->room ? s->room * 2 : 1024};

    for (uint64_t i = 0; i < s->room; i++)
        if (s->slots[i])
            put(&bigger, s->slots[i]);
    free(s->slots);
    *s = bigger;
}

bool
seen_add(Seen *s, uint64_t hash)
{
    if (s->count * 2 >= s->room)
        grow(s);
    return put(s, hash ? hash : 1);
}

void
seen_close(Seen *s)
{
    free(s->slots);
    *s = (Seen){0};
}
