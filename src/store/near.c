/* Finding a quote that was cut, re-punctuated or slightly altered, among a million.
 *
 * First candidates, from the full-text index: quotes that share words with the question count for each by how rare it is.  A
 * word that more than COMMON quotes have tells little and costs much, so that such words are asked for three in a row. Then
 * the best candidates are compared with the question word by word. */
#include "store/db_p.h"

#include "base/hash.h"
#include "base/mem.h"
#include "store/words.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    LOOKED_UP = 64,    /* words of the question */
    COMMON = 4000,
    PHRASES = 12,      /* that are looked up */
    COMPARED = 300,    /* candidates */
    CELLS = 20000000,  /* of all comparisons: half a second at the most */
    SHORT = 5          /* a question of fewer words must be met more exactly */
};

static const double NEAR = 0.6, NEAR_IF_SHORT = 0.75;

typedef struct {
    int64_t quote; /* 0: a free slot */
    double weight;
} Candidate;

typedef struct {
    Store *store;
    Error *err;
    Arena arena;
    const char *text;
    Words asked;
    double all; /* quotes that there are */
    Candidate *slots;
    uint32_t count, room; /* a power of two */
} Search;

/* ---- candidates */

static Candidate *
slot_of(Search *s, int64_t quote)
{
    uint32_t at = (uint32_t)hash_mix((uint64_t)quote) & (s->room - 1);

    while (s->slots[at].quote && s->slots[at].quote != quote)
        at = (at + 1) & (s->room - 1);
    return &s->slots[at];
}

static void
grow(Search *s)
{
    Candidate *old = s->slots;
    uint32_t room = s->room;

    s->room = room ? 2 * room : 4096;
    s->slots = mem_zero(s->room, sizeof *s->slots);
    for (uint32_t i = 0; i < room; i++)
        if (old[i].quote)
            *slot_of(s, old[i].quote) = old[i];
    free(old);
}

static void
add_weight(Search *s, int64_t quote, double weight)
{
    Candidate *c;

    if (2 * s->count >= s->room)
        grow(s);
    c = slot_of(s, quote);
    s->count += c->quote == 0;
    c->quote = quote;
    c->weight += weight;
}

/* Look words up that stand in a row, and count what they are worth to each quote that has them.  False if they are too
 * common to be worth anything. */
static bool
look_up(Search *s, uint32_t first, uint32_t count)
{
    static const char SQL[] = "SELECT rowid FROM quotes_fts WHERE quotes_fts MATCH ? LIMIT ?";
    uint32_t start = s->asked.items[first].bytes.start, end = s->asked.items[first + count - 1].bytes.end, n = 0;
    int64_t found[COMMON + 1];
    Buf match = {0};
    sqlite3_stmt *q;

    match_string(&match, s->text + start, end - start);
    q = db_ask(s->store, s->err, SQL, "si", match.bytes, (int64_t)COMMON + 1);
    while (db_row(s->store, q, s->err))
        if (n <= COMMON)
            found[n++] = sqlite3_column_int64(q, 0);
    buf_close(&match);
    if (n > COMMON && count == 1)
        return false;
    for (uint32_t i = 0; i < n; i++)
        add_weight(s, found[i], log((s->all + 1) / n));
    return true;
}

/* Was this word looked up before, nearer to the beginning? */
static bool
is_repeated(const Search *s, uint32_t word)
{
    for (uint32_t i = 0; i < word; i++)
        if (s->asked.items[i].hash == s->asked.items[word].hash)
            return true;
    return false;
}

static void
gather(Search *s)
{
    uint32_t count = s->asked.count < LOOKED_UP ? s->asked.count : LOOKED_UP, phrases = 0;
    bool common[LOOKED_UP];

    look_up(s, 0, count < 12 ? count : 12); /* most that is asked was said so */
    for (uint32_t i = 0; i < count; i++)
        common[i] = !is_repeated(s, i) ? !look_up(s, i, 1) : true;
    for (uint32_t i = 0; i + 3 <= count && phrases < PHRASES; i++)
        if (common[i] && common[i + 1] && common[i + 2]) {
            look_up(s, i, 3);
            phrases++;
        }
}

/* ---- comparing */

static int
compare_candidates(const void *a, const void *b)
{
    const Candidate *x = a, *y = b;

    if (x->weight != y->weight)
        return x->weight > y->weight ? -1 : 1;
    return x->quote < y->quote ? -1 : x->quote > y->quote;
}

static int
compare_near(const void *a, const void *b)
{
    const StoredNear *x = a, *y = b;

    if (x->near != y->near)
        return x->near > y->near ? -1 : 1;
    return x->quote < y->quote ? -1 : x->quote > y->quote;
}

/* How near a quote comes.  One that is shorter than the question must have half of it, and is worth as much less. */
static double
nearness(Search *s, int64_t quote, uint64_t *cells)
{
    static const char SQL[] = "SELECT text FROM quotes WHERE id = ?";
    sqlite3_stmt *q = db_ask(s->store, s->err, SQL, "i", quote);
    Words found = {0};
    Arena arena;
    double near = 0;

    if (!db_row(s->store, q, s->err))
        return 0;
    arena_init(&arena);
    words_cut(&arena, db_text(q, 0), (size_t)sqlite3_column_bytes(q, 0), STORE_WORDS_MOST, &found);
    db_reset(q);
    *cells += (uint64_t)found.count * s->asked.count;
    if (2 * found.count >= s->asked.count)
        near = words_compare(&arena, &s->asked, &found, NULL);
    if (found.count < s->asked.count) /* what was asked beyond it was not said in it */
        near *= 0.5 + 0.5 * (double)found.count / (double)s->asked.count;
    arena_close(&arena);
    return near;
}

static void
compare_all(Search *s, StoredNear near[STORE_NEAR_MOST], uint32_t *count)
{
    double least = s->asked.count < SHORT ? NEAR_IF_SHORT : NEAR;
    StoredNear *all = arena_alloc(&s->arena, COMPARED * sizeof *all);
    uint32_t used = 0, kept = 0;
    uint64_t cells = 0;

    for (uint32_t i = 0; i < s->room; i++)
        if (s->slots[i].quote)
            s->slots[used++] = s->slots[i];
    if (used)
        qsort(s->slots, used, sizeof *s->slots, compare_candidates);
    for (uint32_t i = 0; i < used && i < COMPARED && cells < CELLS; i++) {
        double value = nearness(s, s->slots[i].quote, &cells);
        if (value >= least)
            all[kept++] = (StoredNear){s->slots[i].quote, value};
    }
    if (kept)
        qsort(all, kept, sizeof *all, compare_near);
    *count = kept < STORE_NEAR_MOST ? kept : STORE_NEAR_MOST;
    memcpy(near, all, *count * sizeof *near);
}

bool
store_near(Store *store, const char *words, size_t len, StoredNear near[STORE_NEAR_MOST], uint32_t *count, Error *err)
{
    static const char ALL[] = "SELECT max(id) FROM quotes";
    Search s = {.store = store, .err = err, .text = words};

    *count = 0;
    arena_init(&s.arena);
    words_cut(&s.arena, words, len, STORE_ASKED_MOST, &s.asked);
    s.all = (double)db_number(store, 0, err, ALL, "");
    if (s.asked.count) {
        gather(&s);
        compare_all(&s, near, count);
    }
    free(s.slots);
    arena_close(&s.arena);
    return err->kind == ERROR_NONE;
}

bool
store_said_by(Store *store, int64_t quote, const char *name, Error *err)
{
    static const char SQL[] = "SELECT 1 FROM quotes q JOIN appearances p ON p.id = q.speaker_id WHERE q.id = ? AND p.entity_id "
                              "IN (SELECT n.entity_id FROM names_fts f JOIN names n ON n.id = f.rowid WHERE names_fts MATCH ?)";
    Buf match = {0};
    bool found;

    store_match_names(&match, name);
    found = db_number(store, 0, err, SQL, "is", quote, match.bytes) == 1;
    buf_close(&match);
    return found;
}
