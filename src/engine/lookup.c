/* Looks the tokens of an article up in the word lists, and writes the tape. */
#include "engine/ruleset.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum { AHEAD = 32 }; /* tokens further on that are asked for already */

/* A token where entries of several words may begin, and where its word goes on in the trie. */
typedef struct {
    uint32_t token, node;
} Start;

/* What a lexicon has of each token. */
typedef struct {
    uint32_t *words, *nodes;
    uint64_t *near;
    uint16_t *sets;
    uint32_t *bits; /* of the sets: SetBits.of */
    uint32_t *stops, stop_count; /* of our lexicon: the tokens that may be an abbreviation's full stop */
} Looked;

/* The article keeps the sets. */
static Looked
room_for(const Article *a, Scratch *scratch)
{
    size_t count = a->tokens.count + 1;

    return (Looked){
        .words = arena_alloc(&scratch->arena, count * sizeof(uint32_t)),
        .nodes = arena_alloc(&scratch->arena, count * sizeof(uint32_t)),
        .near = arena_alloc(&scratch->arena, count * sizeof(uint64_t)),
        .sets = arena_alloc(a->arena, count * sizeof(uint16_t)),
        .bits = arena_zero(&scratch->arena, (count + AHEAD) * sizeof(uint32_t)),
    };
}

/* ---- words met lately
 *
 * The tables of our lexicon are larger than the processor's cache.  So what it and the rules say of the words met lately is kept, as
 * most words of a text are the same few thousand, a line of the cache for every two of them; the others are looked up together, each
 * asked for ahead. */

/* A word as it is written. */
static inline uint64_t
known_key(const Token *token)
{
    return token->hash ^ token->shape;
}

static inline KnownWord *
known_pair(const Scratch *scratch, uint64_t key)
{
    return &scratch->known[key >> 32 & (KNOWN_WORDS - 2)];
}

/* Where the token's word is kept, if it is; else where another one is. */
static inline KnownWord *
known_place(const Scratch *scratch, uint64_t key)
{
    KnownWord *pair = known_pair(scratch, key);

    return &pair[pair[1].key == key];
}

/* Keep a word in the place of the one of its pair that was met first. */
static KnownWord *
learn(const RuleSet *rules, Scratch *scratch, const Token *token)
{
    uint64_t key = known_key(token);
    KnownWord *pair = known_pair(scratch, key), fresh = {.key = key, .rule_word = rulewords_find(&rules->words, token->hash)};

    if (rules->lexicon_count) {
        const Lexicon *lex = &rules->lexicons[0];
        const LexWord *word = &lex->words[fresh.word = lexicon_word(lex, token->hash)];
        fresh.node = word->node;
        fresh.near = word->near;
        fresh.set = word->sets[token_written(token)];
        fresh.bits = rules->begins[0].of[fresh.set];
    }
    pair[1] = pair[0];
    pair[0] = fresh;
    return pair;
}

static inline const KnownWord *
known_word(const RuleSet *rules, Scratch *scratch, const Token *token)
{
    const KnownWord *known = known_place(scratch, known_key(token));

    return known->key == known_key(token) ? known : learn(rules, scratch, token);
}

static inline void
take(Token *token, const Looked *looked, uint32_t at, const KnownWord *known)
{
    token->word = looked->words[at] = known->word;
    token->rule_word = known->rule_word;
    looked->nodes[at] = known->node;
    looked->near[at] = known->near;
    looked->sets[at] = known->set;
    looked->bits[at] = known->bits;
}

/* The words of all tokens, and the full stops.  (No branch hangs on which are known.  The others are written over once they are.) */
static Looked
find_words(Article *a, const RuleSet *rules, Scratch *scratch)
{
    Token *tokens = a->tokens.items;
    uint64_t stop = hash_bytes(".", 1);
    uint32_t *others = arena_alloc(&scratch->arena, (a->tokens.count + 1) * sizeof *others), count = 0;
    Looked looked = room_for(a, scratch);

    looked.stops = arena_alloc(&scratch->arena, (a->tokens.count + 1) * sizeof *looked.stops);
    if (scratch->known == NULL) {
        scratch->known = arena_line(&scratch->lasting, KNOWN_WORDS * sizeof *scratch->known);
        memset(scratch->known, 0, KNOWN_WORDS * sizeof *scratch->known);
    }
    for (uint32_t i = 0; i < a->tokens.count; i++) {
        uint64_t key = known_key(&tokens[i]);
        const KnownWord *known = known_place(scratch, key);
        if (i + AHEAD < a->tokens.count)
            __builtin_prefetch(known_pair(scratch, known_key(&tokens[i + AHEAD])));
        take(&tokens[i], &looked, i, known);
        others[count] = i;
        count += known->key != key;
        looked.stops[looked.stop_count] = i;
        looked.stop_count += (tokens[i].hash == stop) & (i != 0) & ((tokens[i].flags & TOKEN_GLUED) != 0);
    }
    for (uint32_t k = 0; k < count; k++) {
        if (rules->lexicon_count && k + AHEAD < count)
            lexicon_expect(&rules->lexicons[0], tokens[others[k + AHEAD]].hash, tokens[others[k + AHEAD / 2]].hash);
        take(&tokens[others[k]], &looked, others[k], known_word(rules, scratch, &tokens[others[k]]));
    }
    return looked;
}

/* The same for a user's lexicon, which is small. */
static Looked
find_users_words(const Article *a, const Lexicon *lex, const SetBits *begins, Scratch *scratch)
{
    const Token *tokens = a->tokens.items;
    Looked looked = room_for(a, scratch);

    for (uint32_t i = 0; i < a->tokens.count; i++) {
        const LexWord *word = &lex->words[looked.words[i] = lexicon_word(lex, tokens[i].hash)];
        looked.nodes[i] = word->node;
        looked.near[i] = word->near;
        looked.sets[i] = word->sets[token_written(&tokens[i])];
        looked.bits[i] = begins->of[looked.sets[i]];
    }
    return looked;
}

/* ---- abbreviations */

/* Is the word an abbreviation, as it is written, so that the full stop behind it is a part of it? */
static bool
takes_stop(const RuleSet *rules, const Looked *looked, const Token *token, uint32_t at, uint16_t abbrev)
{
    if ((token->flags & TOKEN_DOTTED) || token->shape == SHAPE_PUNCT)
        return false;
    for (uint32_t l = 0; l < rules->lexicon_count; l++)
        if (lexicon_set_has(&rules->lexicons[l], looked[l].sets[at], abbrev))
            return true;
    return false;
}

/* Keep of the stops those that are a part of the word before them; how many there are. */
static uint32_t
keep_stops(const Article *a, const RuleSet *rules, const Looked *looked)
{
    uint16_t abbrev = ruleset_feature(rules, "abbrev");
    uint32_t *stops = looked->stops, count = 0;

    for (uint32_t k = 0; k < looked->stop_count; k++) {
        uint32_t stop = stops[k];
        stops[count] = stop;
        count += takes_stop(rules, looked, &a->tokens.items[stop - 1], stop - 1, abbrev);
    }
    return count;
}

/* Take the items at `gone`, which are in order, out. */
static void
close_up(void *items, size_t size, uint32_t all, const uint32_t *gone, uint32_t count)
{
    char *to = (char *)items + gone[0] * size;

    for (uint32_t i = 0; i < count; i++) {
        uint32_t from = gone[i] + 1, end = i + 1 < count ? gone[i + 1] : all;
        memmove(to, (char *)items + from * size, (end - from) * size);
        to += (end - from) * size;
    }
}

static void
close_up_looked(const Looked *looked, uint32_t all, const uint32_t *gone, uint32_t count)
{
    close_up(looked->words, sizeof *looked->words, all, gone, count);
    close_up(looked->nodes, sizeof *looked->nodes, all, gone, count);
    close_up(looked->near, sizeof *looked->near, all, gone, count);
    close_up(looked->sets, sizeof *looked->sets, all, gone, count);
    close_up(looked->bits, sizeof *looked->bits, all, gone, count);
}

static void
refit_paragraphs(Article *a, const uint32_t *gone, uint32_t count)
{
    uint32_t before = 0;

    for (uint32_t p = 0; p < a->paragraphs.count; p++) {
        Range *r = &a->paragraphs.items[p].tokens;
        r->start -= before;
        while (before < count && gone[before] < r->end)
            before++;
        r->end -= before;
    }
}

/* "Inc" and "." become one token. */
static void
merge_abbreviations(Article *a, const RuleSet *rules, const Looked *looked)
{
    uint32_t count = keep_stops(a, rules, looked);
    const uint32_t *stops = looked->stops;

    if (count == 0)
        return;
    for (uint32_t i = 0; i < count; i++) {
        Token *word = &a->tokens.items[stops[i] - 1];
        word->end++;
        word->flags |= TOKEN_DOTTED;
    }
    refit_paragraphs(a, stops, count);
    for (uint32_t l = 0; l < rules->lexicon_count; l++)
        close_up_looked(&looked[l], a->tokens.count, stops, count);
    close_up(a->tokens.items, sizeof *a->tokens.items, a->tokens.count, stops, count);
    a->tokens.count -= count;
}

/* ---- the tape */

/* Which of up to 64 tokens have each shape and flag. */
typedef struct {
    uint64_t shapes[8], flags[8];
} Block;

static_assert(SHAPE_COUNT < 8, "a token that is not there has a shape of its own");

/* Add sixteen tokens from `at` on; of each its shape is the lower byte, its flags are the upper. */
static inline void
add_sixteen(Block *block, const uint16_t *tokens, uint32_t at)
{
#ifdef __SSE2__
    __m128i low = _mm_loadu_si128((const __m128i *)tokens), high = _mm_loadu_si128((const __m128i *)(tokens + 8));
    __m128i byte = _mm_set1_epi16(0xff), shapes = _mm_packus_epi16(_mm_and_si128(low, byte), _mm_and_si128(high, byte));
    __m128i flags = _mm_packus_epi16(_mm_srli_epi16(low, 8), _mm_srli_epi16(high, 8));

    for (int shape = 0; shape < SHAPE_COUNT; shape++)
        block->shapes[shape] |= (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(shapes, _mm_set1_epi8((char)shape))) << at;
    for (int flag = 7; flag >= 0; flag--, flags = _mm_add_epi8(flags, flags))
        block->flags[flag] |= (uint64_t)(uint32_t)_mm_movemask_epi8(flags) << at;
#else
    for (uint32_t i = 0; i < 16; i++) {
        block->shapes[tokens[i] & 0xff] |= 1ull << (at + i);
        for (int flag = 0; flag < 8; flag++)
            block->flags[flag] |= (uint64_t)(tokens[i] >> (8 + flag) & 1) << (at + i);
    }
#endif
}

static Block
block_of(const Token *tokens, uint32_t count)
{
    Block block = {{0}, {0}};
    uint16_t written[64];

    for (uint32_t i = 0; i < count; i++)
        written[i] = (uint16_t)(tokens[i].shape | tokens[i].flags << 8);
    for (uint32_t i = count; i < 64; i++)
        written[i] = SHAPE_COUNT;
    for (uint32_t at = 0; at < 64; at += 16)
        add_sixteen(&block, written + at, at);
    return block;
}

static void
write_block(Article *a, uint32_t word, const Block *block)
{
    static const uint8_t SHAPES[] = {[SHAPE_LOWER] = F_LOWER, [SHAPE_CAP] = F_CAP,       [SHAPE_UPPER] = F_CAPS,
                                     [SHAPE_MIXED] = F_MIXED, [SHAPE_NUMBER] = F_NUMBER, [SHAPE_PUNCT] = F_MARK,
                                     [SHAPE_LETTERS] = F_CAPS};
    static const struct {
        uint8_t flag, feature;
    } FLAGS[] = {{TOKEN_CAPITAL, F_CAP}, {TOKEN_INITIAL, F_INITIAL},    {TOKEN_DOTTED, F_DOTTED},
                 {TOKEN_GLUED, F_GLUED}, {TOKEN_LINE, F_LINE_START}, {TOKEN_PARAGRAPH, F_PARAGRAPH_START}};

    for (uint32_t shape = 0; shape < SHAPE_COUNT; shape++) {
        tape_row(a, SHAPES[shape])[word] |= block->shapes[shape];
        if (shape != SHAPE_NUMBER && shape != SHAPE_PUNCT)
            tape_row(a, F_WORD)[word] |= block->shapes[shape];
    }
    for (size_t i = 0; i < sizeof FLAGS / sizeof *FLAGS; i++)
        tape_row(a, FLAGS[i].feature)[word] |= block->flags[__builtin_ctz(FLAGS[i].flag)];
}

/* The features of shape and position: the tape's first bits, see features_init. */
static void
write_shapes(Article *a)
{
    for (uint32_t start = 0; start < a->tokens.count; start += 64) {
        uint32_t left = a->tokens.count - start;
        Block block = block_of(a->tokens.items + start, left < 64 ? left : 64);
        write_block(a, start / 64, &block);
    }
}

/* A group of a set's bits, in the rows of `tape`, which has so many words in each. */
static inline void
set_group(uint64_t *tape, size_t words, const uint16_t *group, uint32_t token)
{
    uint64_t *column = tape + (token >> 6), bit = 1ull << (token & 63);

    for (int i = 0; i < BITS_AT_ONCE; i++)
        column[group[i] * words] |= bit;
}

/* The sets of all tokens: group by group, so that no branch hangs on how many there are of one set. */
static void
write_sets(Article *a, const SetBits *begins, const uint32_t *bits)
{
    uint64_t *tape = a->tape;
    size_t words = a->tape_words;
    uint32_t of = bits[0];

    for (uint32_t token = 0; token < a->tokens.count;) {
        uint32_t next = bits[token + 1];
        __builtin_prefetch(begins->bits + setbits_from(bits[token + AHEAD]));
        set_group(tape, words, begins->bits + setbits_from(of), token);
        of = setbits_rest(of);
        token += setbits_is_empty(of);
        of = setbits_is_empty(of) ? next : of;
    }
}

static void
write_set(Article *a, const SetBits *bits, uint32_t set, uint32_t token)
{
    for (uint32_t of = bits->of[set]; !setbits_is_empty(of); of = setbits_rest(of))
        set_group(a->tape, a->tape_words, bits->bits + setbits_from(of), token);
}

static void
write_tape(Article *a, const RuleSet *rules, const Looked *looked)
{
    tape_make(a, rules->features.bits, rules->words.count);
    write_shapes(a);
    for (uint32_t l = 0; l < rules->lexicon_count; l++)
        write_sets(a, &rules->begins[l], looked[l].bits);
}

/* ---- entries of several words */

/* The tokens where one may begin, by what may stand behind them.  No branch hangs on it. */
static Start *
find_starts(const Article *a, const Looked *looked, Scratch *scratch, uint32_t *count)
{
    const Token *tokens = a->tokens.items;
    Start *starts = arena_alloc(&scratch->arena, (a->tokens.count + 1) * sizeof *starts);

    *count = 0;
    for (uint32_t i = 0; i + 1 < a->tokens.count; i++) {
        starts[*count] = (Start){i, looked->nodes[i]};
        *count += lexicon_may_begin(looked->near[i], tokens[i].hash, looked->near[i + 1], tokens[i + 1].hash);
    }
    return starts;
}

static void
find_entries(Article *a, const RuleSet *rules, const Looked *looked, uint32_t l, Scratch *scratch)
{
    const Lexicon *lex = &rules->lexicons[l];
    uint32_t all, count = 0;
    Start *starts = find_starts(a, looked, scratch, &all);

    for (uint32_t i = 0; i < all; i++) {
        Start start = starts[i];
        starts[count] = start;
        count += lexicon_may_step(lex, start.node, looked->words[start.token + 1]);
    }
    for (uint32_t i = 0; i < count; i++)
        lexicon_expect_step(lex, starts[i].node, looked->words[starts[i].token + 1]);
    for (uint32_t i = 0; i < count; i++)
        lexicon_walk(lex, a, starts[i].token, starts[i].node, looked->words, (uint8_t)l);
}

static void
add_entries(Article *a, const RuleSet *rules)
{
    for (uint32_t h = 0; h < a->hits.count; h++) {
        const ListHit *hit = &a->hits.items[h];
        write_set(a, &rules->begins[hit->lexicon], hit->set, hit->tokens.start);
        for (uint32_t i = hit->tokens.start + 1; i < hit->tokens.end; i++)
            write_set(a, &rules->insides[hit->lexicon], hit->set, i);
    }
}

void
ruleset_look_up(Article *a, const RuleSet *rules, Scratch *scratch)
{
    Looked looked[LEXICONS];

    scratch_forget(scratch);
    looked[0] = find_words(a, rules, scratch);
    for (uint32_t l = 1; l < rules->lexicon_count; l++)
        looked[l] = find_users_words(a, &rules->lexicons[l], &rules->begins[l], scratch);
    merge_abbreviations(a, rules, looked);
    a->word_sets = looked[0].sets;
    write_tape(a, rules, looked);
    for (uint32_t l = 0; l < rules->lexicon_count; l++)
        find_entries(a, rules, &looked[l], l, scratch);
    add_entries(a, rules);
}
