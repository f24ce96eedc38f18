/* Looks the tokens of an article up in the word lists, and writes the tape. */
#include "engine/ruleset.h"

enum { AHEAD = 16 }; /* tokens further on that are asked for already */

/* What a lexicon has of each token. */
typedef struct {
    uint32_t *words, *sets, *nodes; /* nodes: where entries of several words go on */
} Looked;

static Looked
room_for(const Article *a, Scratch *scratch)
{
    size_t size = (a->tokens.count + 1) * sizeof(uint32_t);

    return (Looked){arena_alloc(&scratch->arena, size), arena_alloc(&scratch->arena, size), arena_alloc(&scratch->arena, size)};
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

/* Is the word an abbreviation, as it is written, and the full stop behind it a part of it? */
static bool
takes_stop(const Article *a, const RuleSet *rules, const Looked *looked, uint32_t at, const Token *last, const Token *stop,
           uint16_t abbrev)
{
    if (!(stop->flags & TOKEN_GLUED) || stop->end != stop->start + 1 || a->text[stop->start] != '.' ||
        (last->flags & TOKEN_DOTTED) || last->shape == SHAPE_PUNCT)
        return false;
    for (uint32_t l = 0; l < rules->lexicon_count; l++)
        if (lexicon_set_has(&rules->lexicons[l], looked[l].sets[at], abbrev))
            return true;
    return false;
}

/* "Inc" and "." become one token. */
static void
merge_abbreviations(Article *a, const RuleSet *rules, Looked *looked)
{
    uint16_t abbrev = ruleset_feature(rules, "abbrev");
    Token *tokens = a->tokens.items;
    uint32_t kept = 0;

    for (uint32_t i = 0; i < a->tokens.count; i++) {
        if (kept && takes_stop(a, rules, looked, kept - 1, &tokens[kept - 1], &tokens[i], abbrev)) {
            tokens[kept - 1].end = tokens[i].end;
            tokens[kept - 1].flags |= TOKEN_DOTTED;
            continue;
        }
        if (kept != i) {
            tokens[kept] = tokens[i];
            for (uint32_t l = 0; l < rules->lexicon_count; l++) {
                looked[l].words[kept] = looked[l].words[i];
                looked[l].sets[kept] = looked[l].sets[i];
                looked[l].nodes[kept] = looked[l].nodes[i];
            }
        }
        kept++;
    }
    a->tokens.count = kept;
}

static void
refit_paragraphs(Article *a)
{
    uint32_t paragraph = 0;

    for (uint32_t i = 0; i < a->tokens.count; i++) {
        if (a->tokens.items[i].flags & TOKEN_PARAGRAPH)
            a->paragraphs.items[paragraph++].tokens.start = i;
        a->paragraphs.items[paragraph - 1].tokens.end = i + 1;
    }
    a->paragraphs.count = paragraph;
}

/* The tokens' shapes and flags, of 64 at a time. */
typedef struct {
    uint8_t shapes[64]; /* a bit for the shape */
    uint8_t flags[64];
} Block;

/* A bit of each of 64 bytes. */
static uint64_t
column(const uint8_t *bytes, uint32_t bit)
{
    uint64_t all = 0, eight;

    for (uint32_t i = 0; i < 8; i++) {
        memcpy(&eight, bytes + 8 * i, 8);
        /* the product moves the lowest bit of each byte to its place in the highest byte */
        all |= ((eight >> bit & 0x0101010101010101u) * 0x0102040810204080u >> 56) << (8 * i);
    }
    return all;
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
        uint64_t bits = column(block->shapes, shape);
        tape_row(a, SHAPES[shape])[word] |= bits;
        if (shape != SHAPE_NUMBER && shape != SHAPE_PUNCT)
            tape_row(a, F_WORD)[word] |= bits;
    }
    for (size_t i = 0; i < sizeof FLAGS / sizeof *FLAGS; i++)
        tape_row(a, FLAGS[i].feature)[word] |= column(block->flags, (uint32_t)__builtin_ctz(FLAGS[i].flag));
}

/* The features of shape and position: the tape's first bits, see features_init. */
static void
write_shapes(Article *a)
{
    for (uint32_t start = 0; start < a->tokens.count; start += 64) {
        Block block = {{0}, {0}};
        for (uint32_t i = start; i < start + 64 && i < a->tokens.count; i++) {
            block.shapes[i - start] = (uint8_t)(1u << a->tokens.items[i].shape);
            block.flags[i - start] = a->tokens.items[i].flags;
        }
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

/* The bits of a feature set. */
static void
set_features(Article *a, const SetBits *bits, uint32_t set, uint32_t token)
{
    uint64_t *column_of = a->tape + (token >> 6), bit = 1ull << (token & 63);

    for (uint32_t i = bits->from[set]; i < bits->from[set + 1]; i++)
        column_of[(size_t)bits->bits[i] * a->tape_words] |= bit;
}

static void
write_tape(Article *a, const RuleSet *rules, const Looked *looked)
{
    tape_make(a, rules->features.bits, rules->words.count);
    write_shapes(a);
    for (uint32_t l = 0; l < rules->lexicon_count; l++) {
        const uint32_t *sets = looked[l].sets;
        for (uint32_t i = 0; i < a->tokens.count; i++) {
            if (i + AHEAD < a->tokens.count)
                expect_set(&rules->begins[l], sets[i + AHEAD], sets[i + AHEAD / 2]);
            set_features(a, &rules->begins[l], sets[i], i);
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
        set_features(a, &rules->begins[hit->lexicon], hit->set, hit->tokens.start);
        for (uint32_t i = hit->tokens.start + 1; i < hit->tokens.end; i++)
            set_features(a, &rules->insides[hit->lexicon], hit->set, i);
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
    merge_abbreviations(a, rules, looked);
    refit_paragraphs(a);
    write_tape(a, rules, looked);
    for (uint32_t l = 0; l < rules->lexicon_count; l++)
        find_entries(a, rules, scratch, &looked[l], l);
    add_entries(a, rules);
}
