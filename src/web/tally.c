/* The thread sleeps until somebody asks for counts that are not those of the archive as it is. */
#include "web/tally.h"

#include "base/mem.h"
#include "store/questions.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MOMENT = 2 /* seconds */ };

struct Tallies {
    Store *store;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t asked, counted;
    bool stale, ended;
    Tally *now;
    Error err; /* why there are none */
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
        Counted counted = {rows_number(&rows, 0), rows_number(&rows, 2), rows_number(&rows, 3)};
        for (int type = 0; type < TALLY_TYPES; type++)
            if (strcmp(rows_given(&rows, 1), TYPES[type]) == 0)
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
        add_share(t, &t->sources, (Share){.name = rows_given(&rows, 0), .quotes = rows_number(&rows, 1)});
    rows = store_ask(s, err, ASK_BY_FORM, "");
    while (rows_next(&rows))
        add_share(t, &t->forms, (Share){.name = rows_given(&rows, 0), .quotes = rows_number(&rows, 1)});
    rows = store_ask(s, err, ASK_BY_GENDER, "");
    while (rows_next(&rows))
        add_share(t, &t->genders,
                  (Share){.name = rows_given(&rows, 0), .quotes = rows_number(&rows, 1), .people = rows_number(&rows, 2)});
    rows = store_ask(s, err, ASK_BY_BODY, "i", (int64_t)10);
    while (rows_next(&rows))
        add_share(t, &t->bodies, (Share){.id = rows_number(&rows, 0), .name = rows_given(&rows, 1), .quotes = rows_number(&rows, 3)});
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
    count_totals(t, s, err);
    count_entities(t, s, err);
    count_shares(t, s, err);
    if (err->kind == ERROR_NONE)
        return t;
    discard(t);
    return NULL;
}

/* ---- the thread */

/* The lock is held. */
static void
let_go(Tallies *all, Tally *t)
{
    if (t && --t->users == 0 && t != all->now)
        discard(t);
}

static void
replace(Tallies *all, Tally *fresh, const Error *err)
{
    Tally *old = all->now;

    all->err = *err;
    if (fresh == NULL)
        return;
    fresh->users = 1; /* ours */
    all->now = fresh;
    let_go(all, old);
}

static void *
count_when_asked(void *context)
{
    Tallies *all = context;

    pthread_mutex_lock(&all->lock);
    while (!all->ended) {
        uint64_t state = store_state(all->store);
        Error err = {0};
        Tally *fresh;
        pthread_mutex_unlock(&all->lock);
        fresh = count_all(all->store, state, &err);
        pthread_mutex_lock(&all->lock);
        replace(all, fresh, &err);
        all->stale = false;
        pthread_cond_broadcast(&all->counted);
        while (!all->stale && !all->ended)
            pthread_cond_wait(&all->asked, &all->lock);
    }
    pthread_mutex_unlock(&all->lock);
    return NULL;
}

/* No signal is for the thread. */
static bool
start(Tallies *all, Error *err)
{
    sigset_t every, before;
    int failed;

    sigfillset(&every);
    pthread_sigmask(SIG_BLOCK, &every, &before);
    failed = pthread_create(&all->thread, NULL, count_when_asked, all);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return !failed || error_set(err, ERROR_IO, NULL, 0, 0, NULL, 0, "no thread can be started: %s", strerror(failed));
}

Tallies *
tallies_new(const char *path, Error *err)
{
    Tallies *all = mem_zero(1, sizeof *all);

    pthread_mutex_init(&all->lock, NULL);
    pthread_cond_init(&all->asked, NULL);
    pthread_cond_init(&all->counted, NULL);
    all->store = store_open(path, STORE_READ, err);
    if (all->store && start(all, err))
        return all;
    store_close(all->store);
    all->store = NULL;
    tallies_free(all);
    return NULL;
}

void
tallies_free(Tallies *all)
{
    if (all == NULL)
        return;
    if (all->store) {
        pthread_mutex_lock(&all->lock);
        all->ended = true;
        store_stop(all->store);
        pthread_cond_signal(&all->asked);
        pthread_mutex_unlock(&all->lock);
        pthread_join(all->thread, NULL);
        store_close(all->store);
    }
    if (all->now)
        discard(all->now);
    pthread_mutex_destroy(&all->lock);
    pthread_cond_destroy(&all->asked);
    pthread_cond_destroy(&all->counted);
    free(all);
}

/* ---- sharing */

const Tally *
tally_get(Tallies *all, Error *err)
{
    struct timespec end;
    Tally *t;

    clock_gettime(CLOCK_REALTIME, &end);
    end.tv_sec += MOMENT;
    pthread_mutex_lock(&all->lock);
    if (all->now && all->now->state != store_state(all->store)) {
        all->stale = true;
        pthread_cond_signal(&all->asked);
    }
    while ((all->now == NULL || all->stale) && all->err.kind == ERROR_NONE)
        if (pthread_cond_timedwait(&all->counted, &all->lock, &end) != 0)
            break;
    t = all->now;
    if (t)
        t->users++;
    else
        *err = all->err;
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
