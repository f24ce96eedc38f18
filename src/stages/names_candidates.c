/* Candidates: runs of capitalised words with their links, and what rules claim of them. */
#include "base/hash.h"
#include "stages/names.h"
#include "stages/names_bits.h"
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
    uint64_t *ends, *closers;  /* … or end, if it began before this token; if it has two tokens before the one before this one */
    uint64_t *links, *nicks;   /* may stand inside a name; may do so if it is one of the marks around a nickname */
    uint64_t *breaks;          /* no name goes on from the token before: a sentence begins, or a dateline begins or ends */
    uint32_t paragraph, reach; /* of what has been added: where its last candidate ends */
    Start at;                  /* where it stands among claims and list entries */
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

static void
find_places(Finder *f)
{
    const Names *n = f->n;
    const uint64_t *shape_cap = tape_row(n->a, F_CAP), *caps = tape_row(n->a, F_CAPS), *mixed = tape_row(n->a, F_MIXED);
    uint64_t *never_first = find_feature(n, "name-never-first"), *listed = find_feature(n, "org");
    uint64_t *dateline = find_bits(n, F_DATELINE, BIT_NONE);

    for (uint32_t w = 0; w < n->a->tape_words; w++)
        f->inner[w] = f->capital[w] & ~f->opens[w];
    for (uint32_t w = 0; w + 1 < n->a->tape_words; w++) {
        uint64_t no_start = f->opens[w] & shape_cap[w] & ~caps[w] & ~mixed[w] & never_first[w] & ~listed[w];
        uint64_t halves = f->lower[w] & f->glued[w] & bits_before(f->punct, w, 1) & bits_before(f->glued, w, 1) & bits_before(f->capital, w, 2);
        f->starts[w] = (f->capital[w] & ~no_start) | (small_starts(f, w) & ~f->capital[w]);
        f->ends[w] = f->capital[w] | f->number[w] | (f->glued[w] & listed[w]) | which_are(f, w, halves, follows_hyphen);
        f->closers[w] = which_are(f, w, f->punct[w] & bits_before(f->capital, w, 1) & bits_before(f->punct, w, 2), closes_word);
        f->nicks[w] = f->mark[w] & bits_before(f->capital, w, 1) & bits_behind(f->inner, w, 1) & ~f->links[w];
        f->breaks[w] = f->opens[w] | (dateline[w] ^ bits_before(dateline, w, 1));
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

/* Go to the claims and list entries of a token. */
static inline void
go_to(Finder *f, uint32_t token)
{
    const Names *n = f->n;
    Start *at = &f->at;

    at->token = token;
    while (at->reaching < n->claims.count && n->claims.items[at->reaching].tokens.start + NAME_LONGEST <= token)
        at->reaching++;
    while (at->claim < n->claims.count && n->claims.items[at->claim].tokens.start < token)
        at->claim++;
    while (at->hit < n->a->hits.count && n->a->hits.items[at->hit].tokens.start < token)
        at->hit++;
    *vec_push(n->arena, &f->n->starts) = *at;
}

/* Candidates were added that begin with a token. */
static void
add_to_segment(Finder *f, uint32_t start, uint32_t count)
{
    Names *n = f->n;
    Segment *last;

    if (start >= f->reach)
        *vec_push(n->arena, &n->segments) =
            (Segment){{n->candidates.count, n->candidates.count}, {start, start}, f->paragraph};
    n->candidates.count += count;
    last = &n->segments.items[n->segments.count - 1];
    if (n->candidates.items[n->candidates.count - 1].tokens.end > f->reach)
        f->reach = n->candidates.items[n->candidates.count - 1].tokens.end;
    last->candidates.end = n->candidates.count;
    last->tokens.end = f->reach;
}

/* Where the candidates that begin at a token end: a bit for each token from there on. */
static inline uint64_t
ends_from(const Finder *f, uint32_t start)
{
    uint64_t first = bits_have(f->capital, start), ends = (bits_from(f->ends, start) & ~1ull) | (bits_from(f->closers, start) & ~7ull);
    uint64_t others = ~ends & ~1ull, two = others & others >> 1, marks = bits_from(f->nicks, start) & others;
    uint64_t stops = 1ull << NAME_LONGEST | (bits_from(f->breaks, start) & ~1ull) | (two & two >> 2) << LINKS_MAX |
                     (others & ~marks & ~bits_from(f->links, start));

    for (marks &= (stops & -stops) - 1; marks; marks &= marks - 1)
        if (!is_nickname_mark(f, start + (uint32_t)__builtin_ctzll(marks), start))
            stops |= marks & -marks;
    return (first | ends) & ((stops & -stops) - 1);
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
    uint64_t ends = ends_from(f, start), hash = f->tokens[start].hash, *hashes;
    uint32_t count = 0;
    Candidate *candidates;

    if (ends == 0)
        return;
    go_to(f, start);
    reserve(f, n->candidates.count + NAME_LONGEST);
    candidates = &n->candidates.items[n->candidates.count];
    hashes = &f->hashes.items[n->candidates.count];
    for (uint32_t end = start + 1;; end++) {
        candidates[count] = (Candidate){.tokens = {start, end}, .start = n->starts.count - 1, .label = {-1, -1}};
        hashes[count] = hash;
        count += ends & 1;
        if ((ends >>= 1) == 0)
            break;
        hash = hash_pair(hash, f->tokens[end].hash); /* as names_form_hash has it */
    }
    add_to_segment(f, start, count);
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
                .breaks = new_row(n)};

    find_places(&f);
    reserve(&f, a->tokens.count / 2);
    vec_reserve(n->arena, (void **)&n->segments.items, &n->segments.room, a->tokens.count / 8, sizeof *n->segments.items);
    vec_reserve(n->arena, (void **)&n->starts.items, &n->starts.room, a->tokens.count / 4, sizeof *n->starts.items);
    for (f.paragraph = 0; f.paragraph < a->paragraphs.count; f.paragraph++)
        if (a->paragraphs.items[f.paragraph].zone != ZONE_BOILERPLATE)
            search_paragraph(&f, a->paragraphs.items[f.paragraph].tokens);
    names_find_forms(n, f.hashes.items);
}

/* ---- claims of rules */

static bool
stands_before(const Claim *x, const Claim *y)
{
    if (x->tokens.start != y->tokens.start)
        return x->tokens.start < y->tokens.start;
    if (x->tokens.end != y->tokens.end)
        return x->tokens.end < y->tokens.end;
    return claim_hash(x) < claim_hash(y);
}

/* Matches come in text order and a claim is near the beginning of its match: each goes up a little at most. */
static void
add_claim(Names *n, Claim claim)
{
    uint32_t at = n->claims.count;

    vec_reserve(n->arena, (void **)&n->claims.items, &n->claims.room, at + 1, sizeof claim);
    for (; at && stands_before(&claim, &n->claims.items[at - 1]); at--)
        n->claims.items[at] = n->claims.items[at - 1];
    n->claims.items[at] = claim;
    n->claims.count++;
}

static void
gather_claims(Names *n, Scratch *scratch)
{
    uint32_t from, to;

    phase_run(n->model->phase, n->a, n->rules, scratch, &from, &to);
    vec_reserve(n->arena, (void **)&n->claims.items, &n->claims.room, 2 * (to - from), sizeof *n->claims.items);
    for (uint32_t i = from; i < to; i++) {
        const Match *m = &n->a->matches.items[i];
        for (uint32_t g = 0; g < m->rule->group_count; g++)
            if (m->groups[g].start != NONE && m->groups[g].end - m->groups[g].start <= NAME_LONGEST)
                add_claim(n, (Claim){m->groups[g], m->rule, g});
    }
}

/* ---- all of it */

void
names_prepare(Names *n, Article *a, const RuleSet *rules, Scratch *scratch, Arena *arena)
{
    *n = (Names){.a = a, .rules = rules, .arena = arena};
    n->model = names_model(rules, scratch);
    gather_claims(n, scratch);
    find_candidates(n);
    for (uint32_t i = 0; i < n->segments.count; i++)
        names_profile(n, &n->segments.items[i]);
    names_expect(n);
}
