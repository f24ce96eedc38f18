/* Candidates: runs of capitalised words with their links, what rules claim of them, and how the article writes them elsewhere. */
#include "base/hash.h"
#include "stages/names.h"
#include "stages/names_model.h"

enum { LINKS_MAX = 3 };

/* ---- candidates */

typedef struct {
    Names *n;
    const Token *tokens;
    uint64_t *capital, *never_first, *link, *particle, *listed, *dateline, *mark; /* a bit for each token, as the tape has it */
    uint32_t paragraph, reach; /* of what has been added: where its last candidate ends */
    uint32_t claim, hit;       /* the first claim and list entry that begin where it does, or behind it */
} Finder;

/* The tokens that bear one of two bits of the tape, and a word of none behind them. */
static uint64_t *
find_bits(const Names *n, uint16_t a, uint16_t b)
{
    uint32_t words = n->a->tape_words;
    uint64_t *found = arena_zero(n->arena, (words + 1) * sizeof *found);

    for (uint32_t i = 0; i < words && a != BIT_NONE; i++)
        found[i] = tape_row(n->a, a)[i];
    for (uint32_t i = 0; i < words && b != BIT_NONE; i++)
        found[i] |= tape_row(n->a, b)[i];
    return found;
}

static uint64_t *
find_feature(const Names *n, const char *name)
{
    uint16_t feature = ruleset_feature(n->rules, name);
    const Feature *f = feature == FEATURE_NONE ? NULL : &n->rules->features.items[feature];

    return f ? find_bits(n, f->begin, f->inside) : find_bits(n, BIT_NONE, BIT_NONE);
}

static bool
has(const uint64_t *bits, uint32_t i)
{
    return bits[i >> 6] >> (i & 63) & 1;
}

/* Begins with a capital, or is written in a way of its own. */
static bool
is_capital(const Finder *f, uint32_t i)
{
    return has(f->capital, i);
}

static bool
is_hyphen(const Finder *f, uint32_t i)
{
    const Token *t = &f->tokens[i];

    return t->shape == SHAPE_PUNCT && f->n->a->text[t->start] == '-' && t->end == t->start + 1;
}

static bool
may_start(const Finder *f, uint32_t i, uint32_t end)
{
    const Token *t = &f->tokens[i];

    if (is_capital(f, i))
        return !((t->flags & TOKEN_SENTENCE) && t->shape == SHAPE_CAP && has(f->never_first, i) && !has(f->listed, i));
    if (i + 1 >= end)
        return false;
    if (t->shape == SHAPE_NUMBER)
        return is_capital(f, i + 1);
    if (t->shape != SHAPE_LOWER || !has(f->particle, i))
        return false;
    return is_capital(f, i + 1) ||
           (i + 2 < end && is_capital(f, i + 2) && (is_hyphen(f, i + 1) || has(f->particle, i + 1)));
}

/* The small second half of a given name: "hei" of "Yiu Chun-hei". */
static bool
ends_hyphenated(const Finder *f, uint32_t i, uint32_t start)
{
    const Token *t = &f->tokens[i];

    return t->shape == SHAPE_LOWER && (t->flags & TOKEN_GLUED) && i >= start + 2 && is_hyphen(f, i - 1) &&
           (t[-1].flags & TOKEN_GLUED) && is_capital(f, i - 2);
}

/* The bracket behind a word in brackets: "Shiv Sena (UBT)". */
static bool
closes_word(const Finder *f, uint32_t i, uint32_t start)
{
    const char *text = f->n->a->text;

    return i >= start + 3 && text[f->tokens[i].start] == ')' && text[f->tokens[i - 2].start] == '(' && is_capital(f, i - 1);
}

/* What the lists have glued to the end of a name: "McDonald's", "Yahoo!". */
static bool
ends_listed(const Finder *f, uint32_t i, uint32_t start)
{
    return i > start && (f->tokens[i].flags & TOKEN_GLUED) && has(f->listed, i);
}

/* One of the two marks around a nickname of one or two words: Earvin "Magic" Johnson. */
static bool
is_nickname_mark(const Finder *f, uint32_t i, uint32_t start, uint32_t end)
{
    if (!has(f->mark, i) || i + 1 >= end || !is_capital(f, i - 1) || !is_capital(f, i + 1))
        return false;
    for (uint32_t words = 2; words <= 3; words++)
        if ((i + words + 1 < end && has(f->mark, i + words) && is_capital(f, i + words + 1)) || (i > start + words && has(f->mark, i - words)))
            return true;
    return false;
}

/* May a name end with a token that does not begin with a capital? */
static inline bool
ends_otherwise(const Finder *f, uint32_t i, uint32_t start)
{
    const Token *t = &f->tokens[i];

    if (i == start || (t->shape == SHAPE_LOWER && !(t->flags & TOKEN_GLUED)))
        return false;
    return t->shape == SHAPE_NUMBER || ends_hyphenated(f, i, start) || closes_word(f, i, start) || ends_listed(f, i, start);
}

/* Go to the claims and list entries of a token. */
static inline void
go_to(Finder *f, uint32_t token)
{
    const Names *n = f->n;

    while (f->claim < n->claims.count && n->claims.items[f->claim].tokens.start < token)
        f->claim++;
    while (f->hit < n->a->hits.count && n->a->hits.items[f->hit].tokens.start < token)
        f->hit++;
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
    n->starts++;
}

/* All candidates that begin at a token. */
static void
add_from(Finder *f, uint32_t start, uint32_t end)
{
    Names *n = f->n;
    bool dateline = has(f->dateline, start);
    uint32_t links = 0, count = 0, last = end - start < NAME_LONGEST ? end : start + NAME_LONGEST;
    uint64_t form = 0;
    Candidate *candidates;

    go_to(f, start);
    vec_reserve(n->arena, (void **)&n->candidates.items, &n->candidates.room, n->candidates.count + NAME_LONGEST, sizeof(Candidate));
    candidates = &n->candidates.items[n->candidates.count];
    for (uint32_t i = start; i < last && has(f->dateline, i) == dateline; i++) { /* "LIMA - Doe" */
        uint64_t hash = f->tokens[i].hash;
        form = i == start ? hash : hash_pair(form, hash); /* as names_form has it */
        if (is_capital(f, i) || ends_otherwise(f, i, start)) {
            candidates[count++] = (Candidate){
                .tokens = {start, i + 1}, .form = form, .claim = f->claim, .hit = f->hit, .label = {-1, -1}};
            links = 0;
        } else if (i > start && (++links > LINKS_MAX || !(has(f->link, i) || is_nickname_mark(f, i, start, end)))) {
            break;
        }
    }
    if (count)
        add_to_segment(f, start, count);
}

/* A candidate begins at a capital or at most two tokens before one. */
static void
search_sentence(Finder *f, Range sentence)
{
    for (uint32_t word = sentence.start >> 6; word <= (sentence.end - 1) >> 6; word++) {
        uint64_t here = f->capital[word], next = f->capital[word + 1];
        uint64_t near = here | here >> 1 | next << 63 | here >> 2 | next << 62;
        if (word == sentence.start >> 6)
            near &= ~0ull << (sentence.start & 63);
        for (; near; near &= near - 1) {
            uint32_t i = word * 64 + (uint32_t)__builtin_ctzll(near);
            if (i >= sentence.end)
                return;
            if (may_start(f, i, sentence.end))
                add_from(f, i, sentence.end);
        }
    }
}

static void
find_candidates(Names *n)
{
    const Article *a = n->a;
    Finder f = {.n = n,
                .tokens = a->tokens.items,
                .capital = find_bits(n, F_CAP, F_MIXED),
                .never_first = find_feature(n, "name-never-first"),
                .link = find_feature(n, "name-link"),
                .particle = find_feature(n, "particle"),
                .listed = find_feature(n, "org"),
                .dateline = find_bits(n, F_DATELINE, BIT_NONE),
                .mark = find_feature(n, "quote-mark")};

    vec_reserve(n->arena, (void **)&n->candidates.items, &n->candidates.room, a->tokens.count / 2, sizeof *n->candidates.items);
    vec_reserve(n->arena, (void **)&n->segments.items, &n->segments.room, a->tokens.count / 8, sizeof *n->segments.items);
    for (uint32_t s = 0; s < a->sentences.count; s++) {
        f.paragraph = a->sentences.items[s].paragraph;
        if (a->paragraphs.items[f.paragraph].zone != ZONE_BOILERPLATE)
            search_sentence(&f, a->sentences.items[s].tokens);
    }
}

uint64_t
names_form(const Article *a, Range r)
{
    uint64_t form = a->tokens.items[r.start].hash;

    for (uint32_t i = r.start + 1; i < r.end; i++)
        form = hash_pair(form, a->tokens.items[i].hash);
    return form;
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

static ClaimedForm *
claimed_slot(const Names *n, uint64_t form)
{
    uint32_t at = (uint32_t)form & n->claimed_mask;

    while (n->claimed[at].form && n->claimed[at].form != form)
        at = (at + 1) & n->claimed_mask;
    return &n->claimed[at];
}

uint32_t
names_claimed(const Names *n, uint64_t form)
{
    return sieve_may(&n->claimed_sieve, form) ? claimed_slot(n, form)->claims : 0;
}

static bool
is_claimed_so(const Names *n, const ClaimedForm *form, const Claim *claim)
{
    for (uint32_t i = form->claims; i; i = n->claimed_as[i].next) {
        const Claim *other = &n->claims.items[n->claimed_as[i].claim];
        if (other->rule == claim->rule && other->group == claim->group)
            return true;
    }
    return false;
}

/* Which claims were made on a form, anywhere in the article: of each rule's group the first, since only that one is evidence;
 * a form that is written a thousand times would otherwise be gone through a thousand times. */
static void
gather_claimed(Names *n)
{
    uint32_t size = 64, count = 0;

    while (size < n->claims.count * 2)
        size *= 2;
    n->claimed_mask = size - 1;
    n->claimed = arena_zero(n->arena, size * sizeof *n->claimed);
    n->claimed_as = arena_alloc(n->arena, (n->claims.count + 1) * sizeof *n->claimed_as);
    for (uint32_t i = 0; i < n->claims.count; i++) {
        uint64_t hash = names_form(n->a, n->claims.items[i].tokens);
        ClaimedForm *form = claimed_slot(n, hash);
        if (is_claimed_so(n, form, &n->claims.items[i]))
            continue;
        n->claimed_as[++count] = (ClaimedAs){i, form->claims};
        *form = (ClaimedForm){hash, count};
        sieve_add(&n->claimed_sieve, hash);
    }
}

/* ---- words */

static WordUse *
word_slot(const Names *n, uint64_t hash)
{
    uint32_t at = (uint32_t)hash & n->words_mask;

    while (n->words[at].hash && n->words[at].hash != hash)
        at = (at + 1) & n->words_mask;
    return &n->words[at];
}

const WordUse *
names_word_use(const Names *n, uint64_t hash)
{
    return word_slot(n, hash);
}

/* How the candidates' first words are written in the rest of the article. */
static void
gather_words(Names *n)
{
    const Article *a = n->a;
    uint32_t size = 64, last = NONE;

    while (size < n->starts * 2)
        size *= 2;
    n->words_mask = size - 1;
    n->words = arena_zero(n->arena, size * sizeof *n->words);
    for (uint32_t i = 0; i < n->candidates.count; i++)
        if (n->candidates.items[i].tokens.start != last) {
            uint64_t hash = a->tokens.items[last = n->candidates.items[i].tokens.start].hash;
            word_slot(n, hash)->hash = hash;
            sieve_add(&n->word_sieve, hash);
        }
    for (uint32_t i = 0; i < a->tokens.count; i++) {
        const Token *t = &a->tokens.items[i];
        WordUse *word;
        if (!sieve_may(&n->word_sieve, t->hash) || (word = word_slot(n, t->hash))->hash == 0)
            continue;
        word->lower |= t->shape == SHAPE_LOWER;
        word->capital |= (t->flags & TOKEN_CAPITAL) && !(t->flags & TOKEN_SENTENCE) && t->shape != SHAPE_PUNCT;
    }
}

/* ---- all of it */

void
names_prepare(Names *n, Article *a, const RuleSet *rules, Scratch *scratch, Arena *arena)
{
    *n = (Names){.a = a, .rules = rules, .arena = arena};
    n->model = names_model(rules, scratch);
    gather_claims(n, scratch);
    gather_claimed(n);
    find_candidates(n);
    gather_words(n);
    for (uint32_t i = 0; i < n->segments.count; i++)
        names_profile(n, &n->segments.items[i]);
    names_expect(n);
}
