/* Candidates: runs of capitalised words with their links. */
#include "base/hash.h"
#include "stages/names.h"
#include "stages/names_model.h"

enum { LINKS_MAX = 3 };

/* ---- candidates */

/* What decides where candidates begin and end, as rows of a bit for each token, like those of the tape. */
typedef struct {
    Names *n;
    const Token *tokens;
    const uint64_t *opens;     /* opens a sentence */
    const uint64_t *number, *lower, *glued, *punct; /* how it is written */
    uint64_t *capital;         /* begins with a capital, or is written in a way of its own */
    uint64_t *inner;           /* the same inside a sentence */
    uint64_t *particle, *mark; /* by the lists; a quotation mark */
    uint64_t *starts;          /* a name may begin here … */
    uint64_t *ends, *closers;  /* … or end, if it began before this token; with these only if it has two tokens before the one before */
    uint64_t *links, *nicks;   /* may stand inside a name; may do so if it is one of the marks around a nickname */
    uint64_t *stops, *far;     /* no name goes on from the token before, or none that began before the last LINKS_MAX: see find_stops */
    uint64_t *begins;          /* Names.begins */
    bool some_closers, some_nicks;
    uint32_t paragraph, reach; /* of what has been added: where its last candidate ends */
    VEC(uint64_t) hashes;      /* of the candidates' forms */
} Finder;

static uint64_t *
new_row(const Names *n)
{
    return arena_zero(n->arena, (n->a->tape_words + 1) * sizeof(uint64_t));
}

/* The tokens that bear one of two bits of the tape. */
static uint64_t *
find_bits(const Names *n, uint16_t a, uint16_t b)
{
    uint64_t *found = new_row(n);

    for (uint32_t i = 0; i < n->a->tape_words && a != BIT_NONE; i++)
        found[i] = tape_row(n->a, a)[i];
    for (uint32_t i = 0; i < n->a->tape_words && b != BIT_NONE; i++)
        found[i] |= tape_row(n->a, b)[i];
    return found;
}

static uint64_t *
find_feature(const Names *n, const char *name)
{
    uint16_t feature = ruleset_feature(n->rules, name);
    const Feature *f = feature == FEATURE_NONE ? NULL : &n->rules->features.items[feature];

    return f ? find_bits(n, f->begin, f->inside) : new_row(n);
}

static bool
is_hyphen(const Finder *f, uint32_t i)
{
    const Token *t = &f->tokens[i];

    return t->shape == SHAPE_PUNCT && f->n->a->text[t->start] == '-' && t->end == t->start + 1;
}

/* The particle of "al-Wendle". */
static bool
precedes_hyphen(const Finder *f, uint32_t i)
{
    return is_hyphen(f, i + 1);
}

/* The small second half of a given name: "hei" of "Yiu Chun-hei". */
static bool
follows_hyphen(const Finder *f, uint32_t i)
{
    return is_hyphen(f, i - 1);
}

/* The bracket behind a word in brackets: "Shiv Sena (UBT)". */
static bool
closes_word(const Finder *f, uint32_t i)
{
    const char *text = f->n->a->text;

    return text[f->tokens[i].start] == ')' && text[f->tokens[i - 2].start] == '(';
}

/* Those of a word's bits for which the token is such. */
static inline uint64_t
which_are(const Finder *f, uint32_t word, uint64_t bits, bool (*such)(const Finder *f, uint32_t token))
{
    uint64_t found = 0;

    for (; bits; bits &= bits - 1)
        if (such(f, word * 64 + (uint32_t)__builtin_ctzll(bits)))
            found |= bits & -bits;
    return found;
}

/* What begins small: "3M", "van Berg", "van der Berg", "al-Berg". */
static inline uint64_t
small_starts(const Finder *f, uint32_t w)
{
    uint64_t next = bits_behind(f->inner, w, 1), next_but_one = bits_behind(f->inner, w, 2) & ~bits_behind(f->opens, w, 1);
    uint64_t particle = f->particle[w] & f->lower[w], far = particle & ~next & next_but_one, two = far & bits_behind(f->particle, w, 1);

    return ((f->number[w] | particle) & next) | two | which_are(f, w, far & ~two, precedes_hyphen);
}

/* Where names may begin and end. */
static void
find_edges(Finder *f)
{
    const Names *n = f->n;
    const uint64_t *shape_cap = tape_row(n->a, F_CAP), *caps = tape_row(n->a, F_CAPS), *mixed = tape_row(n->a, F_MIXED);
    uint64_t *never_first = find_feature(n, "name-never-first"), *listed = find_feature(n, "org");

    for (uint32_t w = 0; w < n->a->tape_words; w++)
        f->inner[w] = f->capital[w] & ~f->opens[w];
    for (uint32_t w = 0; w + 1 < n->a->tape_words; w++) {
        uint64_t no_start = f->opens[w] & shape_cap[w] & ~caps[w] & ~mixed[w] & never_first[w] & ~listed[w];
        uint64_t halves = f->lower[w] & f->glued[w] & bits_before(f->punct, w, 1) & bits_before(f->glued, w, 1) & bits_before(f->capital, w, 2);
        uint64_t ends = f->capital[w] | f->number[w] | (f->glued[w] & listed[w]) | which_are(f, w, halves, follows_hyphen);
        uint64_t closers = f->punct[w] & ~ends & bits_before(f->capital, w, 1) & bits_before(f->punct, w, 2);
        f->starts[w] = (f->capital[w] & ~no_start) | (small_starts(f, w) & ~f->capital[w]);
        f->closers[w] = which_are(f, w, closers, closes_word);
        f->ends[w] = ends | f->closers[w];
        f->nicks[w] = f->mark[w] & bits_before(f->capital, w, 1) & bits_behind(f->inner, w, 1) & ~f->ends[w] & ~f->links[w];
        f->some_closers |= f->closers[w] != 0;
        f->some_nicks |= f->nicks[w] != 0;
    }
}

/* No name goes on where a sentence begins, or a dateline begins or ends; to what can neither end it nor stand inside; and over more
 * than LINKS_MAX tokens in a row that cannot end it. */
static void
find_stops(Finder *f)
{
    const uint64_t *dateline = find_bits(f->n, F_DATELINE, BIT_NONE);

    for (uint32_t w = 0; w + 1 < f->n->a->tape_words; w++) {
        uint64_t near = f->ends[w];
        for (int by = 1; by <= LINKS_MAX; by++)
            near |= bits_before(f->ends, w, by);
        f->far[w] = ~near;
        f->stops[w] = f->opens[w] | (dateline[w] ^ bits_before(dateline, w, 1)) | ~(f->ends[w] | f->nicks[w] | f->links[w]);
    }
}

/* One of the two marks around a nickname of one or two words, which are in one sentence: Earvin "Magic" Johnson. */
static bool
is_nickname_mark(const Finder *f, uint32_t i, uint32_t start)
{
    uint64_t opens = bits_from(f->opens, i), mark = bits_from(f->mark, i), capital = bits_from(f->capital, i);

    for (uint32_t words = 2; words <= 3; words++) {
        bool closed = (mark >> words & 1) && (capital >> (words + 1) & 1) && (opens & ((2ull << (words + 1)) - 2)) == 0;
        if (closed || (i > start + words && bits_have(f->mark, i - words)))
            return true;
    }
    return false;
}

/* Candidates of some lengths were added that begin with a token; the last one ends before another. */
static inline void
note_beginning(Finder *f, uint32_t start, uint32_t lengths, uint32_t end)
{
    Names *n = f->n;
    uint32_t first = n->candidates.count;
    Segment *last;

    f->begins[start >> 6] |= 1ull << (start & 63);
    n->beginnings[start] = (Beginning){first, lengths};
    n->begin_count++;
    n->candidates.count += (uint32_t)__builtin_popcount(lengths);
    if (start >= f->reach)
        *vec_push(n->arena, &n->segments) = (Segment){.candidates = {first, first}, .tokens = {start, start}, .paragraph = f->paragraph};
    f->reach = end > f->reach ? end : f->reach;
    last = &n->segments.items[n->segments.count - 1];
    last->candidates.end = n->candidates.count;
    last->tokens.end = f->reach;
}

/* Where a name that begins at a token does not go on, as find_stops has it, but with other ends. */
static uint64_t
stops_beside(const Finder *f, uint32_t start, uint64_t ends)
{
    uint64_t others = ~ends & ~1ull, far = others;

    for (int by = 1; by <= LINKS_MAX; by++)
        far &= others << by;
    return far | (others & ~bits_from(f->nicks, start) & ~bits_from(f->links, start));
}

/* Where the candidates that begin at a token end: a bit for each length, bit 0 for that of one token. */
static inline uint64_t
ends_from(const Finder *f, uint32_t start)
{
    uint64_t ends = (bits_from(f->ends, start) & ~1ull) | bits_have(f->capital, start);
    uint64_t stops = 1ull << NAME_LONGEST | (bits_from(f->stops, start) & ~1ull) | (bits_from(f->far, start) & -2ull << LINKS_MAX);

    if (f->some_closers && bits_from(f->closers, start) & 6) {
        ends &= ~(bits_from(f->closers, start) & 6);
        stops |= stops_beside(f, start, ends);
    }
    if (f->some_nicks)
        for (uint64_t marks = bits_from(f->nicks, start) & ((stops & -stops) - 1) & ~1ull; marks; marks &= marks - 1)
            if (!is_nickname_mark(f, start + (uint32_t)__builtin_ctzll(marks), start))
                stops |= marks & -marks;
    return ends & ((stops & -stops) - 1);
}

/* Have room for so many candidates. */
static inline void
reserve(Finder *f, uint32_t count)
{
    Names *n = f->n;

    vec_reserve(n->arena, (void **)&n->candidates.items, &n->candidates.room, count, sizeof *n->candidates.items);
    vec_reserve(n->arena, (void **)&f->hashes.items, &f->hashes.room, count, sizeof *f->hashes.items);
}

/* All candidates that begin at a token. */
static void
add_from(Finder *f, uint32_t start)
{
    Names *n = f->n;
    uint64_t ends = ends_from(f, start), rest = ends, hash = f->tokens[start].hash, *hashes;
    uint32_t end = start + 1;
    Candidate *next;

    if (ends == 0)
        return;
    reserve(f, n->candidates.count + NAME_LONGEST);
    next = &n->candidates.items[n->candidates.count];
    hashes = &f->hashes.items[n->candidates.count];
    for (;; end++) {
        *next = (Candidate){.tokens = {start, end}, .label = {-1, -1}};
        *hashes = hash;
        next += rest & 1;
        hashes += rest & 1;
        if ((rest >>= 1) == 0)
            break;
        hash = hash_pair(hash, f->tokens[end].hash); /* as names_form_hash has it */
    }
    note_beginning(f, start, (uint32_t)ends << 1, end);
}

static void
search_paragraph(Finder *f, Range tokens)
{
    for (uint32_t word = tokens.start >> 6; word * 64 < tokens.end; word++) {
        uint64_t starts = f->starts[word];
        if (word == tokens.start >> 6)
            starts &= ~0ull << (tokens.start & 63);
        if (word == tokens.end >> 6)
            starts &= ~(~0ull << (tokens.end & 63));
        for (; starts; starts &= starts - 1)
            add_from(f, word * 64 + (uint32_t)__builtin_ctzll(starts));
    }
}

static void
find_candidates(Names *n)
{
    const Article *a = n->a;
    Finder f = {.n = n,
                .tokens = a->tokens.items,
                .opens = tape_row(a, F_SENTENCE_START),
                .number = tape_row(a, F_NUMBER),
                .lower = tape_row(a, F_LOWER),
                .glued = tape_row(a, F_GLUED),
                .punct = tape_row(a, F_MARK),
                .capital = find_bits(n, F_CAP, F_MIXED),
                .inner = new_row(n),
                .particle = find_feature(n, "particle"),
                .mark = find_feature(n, "quote-mark"),
                .starts = new_row(n),
                .ends = new_row(n),
                .closers = new_row(n),
                .links = find_feature(n, "name-link"),
                .nicks = new_row(n),
                .stops = new_row(n),
                .far = new_row(n),
                .begins = new_row(n)};

    find_edges(&f);
    find_stops(&f);
    n->begins = f.begins;
    n->beginnings = arena_alloc(n->arena, (a->tokens.count + 1) * sizeof *n->beginnings);
    reserve(&f, a->tokens.count / 2);
    vec_reserve(n->arena, (void **)&n->segments.items, &n->segments.room, a->tokens.count / 8, sizeof *n->segments.items);
    for (f.paragraph = 0; f.paragraph < a->paragraphs.count; f.paragraph++)
        if (a->paragraphs.items[f.paragraph].zone != ZONE_BOILERPLATE)
            search_paragraph(&f, a->paragraphs.items[f.paragraph].tokens);
    names_find_forms(n, f.hashes.items);
}

/* ---- the tokens of segments */

static void
mark(uint64_t *row, Range tokens)
{
    for (uint32_t t = tokens.start; t < tokens.end; t = (t | 63) + 1) {
        uint32_t left = tokens.end - t;
        row[t >> 6] |= (left < 64 ? (1ull << left) - 1 : ~0ull) << (t & 63);
    }
}

static void
place_tokens(Names *n)
{
    uint64_t *inside = new_row(n);
    uint32_t *places = arena_zero(n->arena, (n->a->tokens.count + 1) * sizeof *places), count = 1;

    for (uint32_t i = 0; i < n->segments.count; i++)
        mark(inside, n->segments.items[i].tokens);
    for (uint32_t w = 0; w < n->a->tape_words; w++)
        for (uint64_t rest = inside[w]; rest; rest &= rest - 1)
            places[w * 64 + (uint32_t)__builtin_ctzll(rest)] = count++;
    n->inside = inside;
    n->places = places;
    n->place_count = count;
}

/* ---- all of it */

void
names_prepare(Names *n, Article *a, const RuleSet *rules, Scratch *scratch, Arena *arena)
{
    *n = (Names){.a = a, .rules = rules, .arena = arena};
    n->model = names_model(rules, scratch);
    names_gather_claims(n, scratch);
    find_candidates(n);
    place_tokens(n);
    names_place_claims(n);
    names_profile(n);
    names_expect(n);
}
