/* Whoever comes first counts, under the lock, so that many who come at once do not all count. */
#include "web/tally.h"

#include "base/mem.h"
#include "store/questions.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct Tallies {
    pthread_mutex_t lock;
    Tally *now;
};

static const char *const TYPES[TALLY_TYPES] = {"person", "organization", "place"};

const char *
tally_type_name(TallyType type)
{
    return TYPES[type];
}

static const char *
copy(Tally *t, const char *text)
{
    return text ? arena_copy(&t->arena, text, strlen(text)) : NULL;
}

/* ---- counting */

static void
count_totals(Tally *t, Store *s, Error *err)
{
    StoreRows rows = store_ask(s, err, ASK_TOTALS, "");

    while (rows_next(&rows)) {
        t->articles = rows_number(&rows, 0);
        t->quotes = rows_number(&rows, 1);
        t->since = copy(t, rows_text(&rows, 2));
        t->until = copy(t, rows_text(&rows, 3));
    }
}

static void
add_counted(Tally *t, TallyType type, Counted counted)
{
    uint32_t *room = &t->entities[type].room;

    if (t->entities[type].count == *room) {
        *room = *room ? 2 * *room : 256;
        t->entities[type].items = mem_grow(t->entities[type].items, *room * sizeof(Counted));
    }
    t->entities[type].items[t->entities[type].count++] = counted;
}

static void
count_entities(Tally *t, Store *s, Error *err)
{
    StoreRows rows = store_ask(s, err, ASK_COUNTS, "");

    while (rows_next(&rows)) {
        Counted counted = {rows_number(&rows, 0), rows_number(&rows, 3), rows_number(&rows, 4)};
        for (int type = 0; type < TALLY_TYPES; type++)
            if (strcmp(rows_text(&rows, 1), TYPES[type]) == 0)
                add_counted(t, (TallyType)type, counted);
    }
}

static void
add_share(Tally *t, Shares *shares, Share share)
{
    if (shares->count == sizeof shares->shares / sizeof *shares->shares)
        return;
    share.name = copy(t, share.name);
    shares->shares[shares->count++] = share;
}

static void
count_shares(Tally *t, Store *s, Error *err)
{
    StoreRows rows = store_ask(s, err, ASK_BY_SOURCE, "");

    while (rows_next(&rows))
        add_share(t, &t->sources, (Share){.name = rows_text(&rows, 0), .quotes = rows_number(&rows, 1)});
    rows = store_ask(s, err, ASK_BY_FORM, "");
    while (rows_next(&rows))
        add_share(t, &t->forms, (Share){.name = rows_text(&rows, 0), .quotes = rows_number(&rows, 1)});
    rows = store_ask(s, err, ASK_BY_GENDER, "");
    while (rows_next(&rows))
        add_share(t, &t->genders,
                  (Share){.name = rows_text(&rows, 0), .quotes = rows_number(&rows, 1), .people = rows_number(&rows, 2)});
    rows = store_ask(s, err, ASK_BY_BODY, "i", (int64_t)10);
    while (rows_next(&rows))
        add_share(t, &t->bodies, (Share){.id = rows_number(&rows, 0), .name = rows_text(&rows, 1), .quotes = rows_number(&rows, 3)});
}

static void
discard(Tally *t)
{
    for (int type = 0; type < TALLY_TYPES; type++)
        free(t->entities[type].items);
    arena_close(&t->arena);
    free(t);
}

static Tally *
count_all(Store *s, uint64_t state, Error *err)
{
    Tally *t = mem_zero(1, sizeof *t);

    arena_init(&t->arena);
    t->state = state;
    store_hurry(s, 0); /* it must be done once, however long it takes */
    count_totals(t, s, err);
    count_entities(t, s, err);
    count_shares(t, s, err);
    if (err->kind == ERROR_NONE)
        return t;
    discard(t);
    return NULL;
}

/* ---- sharing */

Tallies *
tallies_new(void)
{
    Tallies *all = mem_zero(1, sizeof *all);

    pthread_mutex_init(&all->lock, NULL);
    return all;
}

/* The lock is held. */
static void
let_go(Tallies *all, Tally *t)
{
    if (t && --t->users == 0 && t != all->now)
        discard(t);
}

const Tally *
tally_get(Tallies *all, Store *s, Error *err)
{
    uint64_t state = store_state(s);
    Tally *t, *old;

    pthread_mutex_lock(&all->lock);
    old = all->now;
    if ((old == NULL || old->state != state) && (t = count_all(s, state, err)) != NULL) {
        t->users = 1; /* ours */
        all->now = t;
        let_go(all, old);
    }
    t = err->kind == ERROR_NONE ? all->now : NULL;
    if (t)
        t->users++;
    pthread_mutex_unlock(&all->lock);
    return t;
}

void
tally_release(Tallies *all, const Tally *tally)
{
    pthread_mutex_lock(&all->lock);
    let_go(all, (Tally *)tally);
    pthread_mutex_unlock(&all->lock);
}

void
tallies_free(Tallies *all)
{
    if (all == NULL)
        return;
    if (all->now)
        discard(all->now);
    pthread_mutex_destroy(&all->lock);
    free(all);
}
