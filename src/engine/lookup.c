/* Looks the tokens of an article up in the word lists, and writes the tape. */
#include "engine/ruleset.h"

enum { AHEAD = 16 }; /* tokens further on that are asked for already */

/* What a lexicon has of each token. */
typedef struct {
    uint32_t *words, *sets, *nodes; /* nodes: where entries of several words go on; the sets are the article's */
} Looked;

static Looked
room_for(const Article *a, Scratch *scratch)
{
    size_t size = (a->tokens.count + 1) * sizeof(uint32_t);

    return (Looked){arena_alloc(&scratch->arena, size), arena_alloc(a->arena, size), arena_alloc(&scratch->arena, size)};
}

/* ---- words */

static KnownWord *
slot_of(const Scratch *scratch, uint64_t hash)
{
    return &scratch->known[hash & (KNOWN_WORDS - 1)];
}

static KnownWord
learn(const RuleSet *rules, uint64_t hash)
{
    KnownWord known = {.hash = hash, .rule_word = rulewords_find(&rules->words, hash)};

    if (rules->lexicon_count) {
        const Lexicon *lex = &rules->lexicons[0];
        known.word = lexicon_word(lex, hash);
        known.node = lex->words[known.word].node;
        memcpy(known.sets, lex->words[known.word].sets, sizeof known.sets);
    }
    return known;
}

static inline void
take(Token *token, uint32_t at, const KnownWord *known, const Looked *looked)
{
    token->word = known->word;
    token->rule_word = known->rule_word;
    looked->words[at] = known->word;
    looked->sets[at] = known->sets[token_written(token)];
    looked->nodes[at] = known->node;
}

/* The tables of our lexicon are larger than the processor's cache.  So what it says of the words met lately is kept, as
 * most words of a text are the same few thousand; and the others are looked up together, each asked for ahead. */
static Looked
find_words(Article *a, const RuleSet *rules, Scratch *scratch)
{
    Token *tokens = a->tokens.items;
    Looked looked = room_for(a, scratch);
    uint32_t *others = arena_alloc(&scratch->arena, (a->tokens.count + 1) * sizeof *others), count = 0;

    for (uint32_t i = 0; i < a->tokens.count; i++) {
        const KnownWord *known = slot_of(scratch, tokens[i].hash);
        if (i + AHEAD < a->tokens.count)
            __builtin_prefetch(slot_of(scratch, tokens[i + AHEAD].hash));
        take(&tokens[i], i, known, &looked);
        others[count] = i;
        count += known->hash != tokens[i].hash;
    }
    for (uint32_t k = 0; k < count; k++) {
        Token *token = &tokens[others[k]];
        KnownWord *known = slot_of(scratch, token->hash);
        if (rules->lexicon_count && k + AHEAD < count)
            lexicon_expect(&rules->lexicons[0], tokens[others[k + AHEAD]].hash, tokens[others[k + AHEAD / 2]].hash);
        if (known->hash != token->hash)
            *known = learn(rules, token->hash);
        take(token, others[k], known, &looked);
    }
    return looked;
}

/* The same for a user's lexicon, which is small. */
static Looked
find_users_words(const Article *a, const Lexicon *lex, Scratch *scratch)
{
    Looked looked = room_for(a, scratch);

    for (uint32_t i = 0; i < a->tokens.count; i++) {
        looked.words[i] = lexicon_word(lex, a->tokens.items[i].hash);
        looked.sets[i] = lex->words[looked.words[i]].sets[token_written(&a->tokens.items[i])];
        looked.nodes[i] = lex->words[looked.words[i]].node;
    }
    return looked;
}

/* ---- abbreviations */

static inline bool
is_stop(const Article *a, const Token *token)
{
    return token->shape == SHAPE_PUNCT && (token->flags & TOKEN_GLUED) && token->end == token->start + 1 &&
           a->text[token->start] == '.';
}

/* Is the word an abbreviation, as it is written, so that the full stop behind it is a part of it? */
static bool
takes_stop(const Article *a, const RuleSet *rules, const Looked *looked, uint32_t word, uint16_t abbrev)
{
    const Token *token = &a->tokens.items[word];

    if ((token->flags & TOKEN_DOTTED) || token->shape == SHAPE_PUNCT)
        return false;
    for (uint32_t l = 0; l < rules->lexicon_count; l++)
        if (lexicon_set_has(&rules->lexicons[l], looked[l].sets[word], abbrev))
            return true;
    return false;
}

/* The stops that are a part of the word before them; *count is how many. */
static uint32_t *
find_stops(const Article *a, const RuleSet *rules, Scratch *scratch, const Looked *looked, uint32_t *count)
{
    uint16_t abbrev = ruleset_feature(rules, "abbrev");
    uint32_t *stops = arena_alloc(&scratch->arena, (a->tokens.count + 1) * sizeof *stops);

    *count = 0;
    for (uint32_t i = 1; i < a->tokens.count; i++)
        if (is_stop(a, &a->tokens.items[i]) && takes_stop(a, rules, looked, i - 1, abbrev))
            stops[(*count)++] = i;
    return stops;
}

/* Take the items at `gone`, which are in order, out of an array. */
static void
close_up(void *items, size_t size, uint32_t total, const uint32_t *gone, uint32_t count)
{
    char *to = (char *)items + gone[0] * size;

    for (uint32_t i = 0; i < count; i++) {
        uint32_t from = gone[i] + 1, end = i + 1 < count ? gone[i + 1] : total;
        memmove(to, (char *)items + from * size, (end - from) * size);
        to += (end - from) * size;
    }
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
merge_abbreviations(Article *a, const RuleSet *rules, Scratch *scratch, Looked *looked)
{
    uint32_t count, *stops = find_stops(a, rules, scratch, looked, &count);

    if (count == 0)
        return;
    for (uint32_t i = 0; i < count; i++) {
        Token *word = &a->tokens.items[stops[i] - 1];
        word->end++;
        word->flags |= TOKEN_DOTTED;
    }
    refit_paragraphs(a, stops, count);
    for (uint32_t l = 0; l < rules->lexicon_count; l++) {
        close_up(looked[l].words, sizeof *looked[l].words, a->tokens.count, stops, count);
        close_up(looked[l].sets, sizeof *looked[l].sets, a->tokens.count, stops, count);
        close_up(looked[l].nodes, sizeof *looked[l].nodes, a->tokens.count, stops, count);
    }
    close_up(a->tokens.items, sizeof *a->tokens.items, a->tokens.count, stops, count);
    a->tokens.count -= count;
}

/* ---- the tape */

/* Which of up to 64 tokens have each shape and flag. */
typedef struct {
    uint64_t shapes[SHAPE_COUNT], flags[8];
} Block;

static Block
block_of(const Token *tokens, uint32_t count)
{
    enum { RARE = 0xff & ~(TOKEN_GLUED | TOKEN_CAPITAL) };
    Block block = {{0}, {0}};
    uint64_t glued = 0, capital = 0; /* these two come too often, and too seldom, to be guessed */

    for (uint32_t i = 0; i < count; i++) {
        uint32_t flags = tokens[i].flags;
        block.shapes[tokens[i].shape] |= 1ull << i;
        glued |= (uint64_t)(flags / TOKEN_GLUED & 1) << i;
        capital |= (uint64_t)(flags / TOKEN_CAPITAL & 1) << i;
        for (flags &= RARE; flags; flags &= flags - 1)
            block.flags[__builtin_ctz(flags)] |= 1ull << i;
    }
    block.flags[__builtin_ctz(TOKEN_GLUED)] = glued;
    block.flags[__builtin_ctz(TOKEN_CAPITAL)] = capital;
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

/* Tell the processor which sets will be looked up soon, and very soon. */
static inline void
expect_set(const SetBits *bits, uint32_t soon, uint32_t very_soon)
{
    __builtin_prefetch(&bits->from[soon]);
    __builtin_prefetch(&bits->bits[bits->from[very_soon]]);
}

/* The bits of a feature set, in the rows of `tape`, which has so many words in each. */
static inline void
set_features(uint64_t *tape, size_t words, const SetBits *bits, uint32_t set, uint32_t token)
{
    const uint16_t *at = bits->bits + bits->from[set], *end = bits->bits + bits->from[set + 1];
    uint64_t *column = tape + (token >> 6), bit = 1ull << (token & 63);

    for (; at < end; at += BITS_AT_ONCE)
        for (int i = 0; i < BITS_AT_ONCE; i++)
            column[at[i] * words] |= bit;
}

static void
write_tape(Article *a, const RuleSet *rules, const Looked *looked)
{
    tape_make(a, rules->features.bits, rules->words.count);
    write_shapes(a);
    for (uint32_t l = 0; l < rules->lexicon_count; l++) {
        const uint32_t *sets = looked[l].sets, count = a->tokens.count;
        const SetBits begins = rules->begins[l];
        uint64_t *tape = a->tape;
        size_t words = a->tape_words;
        for (uint32_t i = 0; i < count; i++) {
            if (i + AHEAD < count)
                expect_set(&begins, sets[i + AHEAD], sets[i + AHEAD / 2]);
            set_features(tape, words, &begins, sets[i], i);
        }
    }
}

/* ---- entries of several words */

static void
find_entries(Article *a, const RuleSet *rules, Scratch *scratch, const Looked *looked, uint32_t l)
{
    const Lexicon *lex = &rules->lexicons[l];
    uint32_t *starts = arena_alloc(&scratch->arena, (a->tokens.count + 1) * sizeof *starts), count = 0;

    for (uint32_t i = 0; i + 1 < a->tokens.count; i++) {
        starts[count] = i;
        count += lexicon_may_step(lex, looked->nodes[i], looked->words[i + 1]);
    }
    for (uint32_t i = 0; i < count; i++)
        lexicon_expect_step(lex, looked->nodes[starts[i]], looked->words[starts[i] + 1]);
    for (uint32_t i = 0; i < count; i++)
        lexicon_walk(lex, a, starts[i], looked->nodes[starts[i]], looked->words, (uint8_t)l);
}

static void
add_entries(Article *a, const RuleSet *rules)
{
    for (uint32_t h = 0; h < a->hits.count; h++) {
        const ListHit *hit = &a->hits.items[h];
        set_features(a->tape, a->tape_words, &rules->begins[hit->lexicon], hit->set, hit->tokens.start);
        for (uint32_t i = hit->tokens.start + 1; i < hit->tokens.end; i++)
            set_features(a->tape, a->tape_words, &rules->insides[hit->lexicon], hit->set, i);
    }
}

void
ruleset_look_up(Article *a, const RuleSet *rules, Scratch *scratch)
{
    Looked looked[LEXICONS];

    scratch_forget(scratch);
    looked[0] = find_words(a, rules, scratch);
    for (uint32_t l = 1; l < rules->lexicon_count; l++)
        looked[l] = find_users_words(a, &rules->lexicons[l], scratch);
    merge_abbreviations(a, rules, scratch, looked);
    a->word_sets = looked[0].sets;
    write_tape(a, rules, looked);
    for (uint32_t l = 0; l < rules->lexicon_count; l++)
        find_entries(a, rules, scratch, &looked[l], l);
    add_entries(a, rules);
}
