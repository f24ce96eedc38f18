/* Looks the tokens of an article up in the word lists, and writes the tape. */
#include "engine/ruleset.h"

enum { AHEAD = 16 }; /* tokens further on that are asked for already */

static uint32_t
word_of(const RuleSet *rules, uint32_t lexicon, const Token *t)
{
    return lexicon == 0 ? t->word : lexicon_word(&rules->lexicons[lexicon], t->hash);
}

static uint32_t
set_of(const RuleSet *rules, uint32_t lexicon, uint32_t word, const Token *t)
{
    return rules->lexicons[lexicon].words[word].sets[token_written(t)];
}

/* Is the word an abbreviation, as it is written, and the full stop behind it a part of it? */
static bool
takes_stop(const Article *a, const RuleSet *rules, const Token *last, const Token *stop, uint16_t abbrev)
{
    if (!(stop->flags & TOKEN_GLUED) || stop->end != stop->start + 1 || a->text[stop->start] != '.' ||
        (last->flags & TOKEN_DOTTED) || last->shape == SHAPE_PUNCT)
        return false;
    for (uint32_t l = 0; l < rules->lexicon_count; l++) {
        uint32_t word = word_of(rules, l, last);
        if (word && lexicon_set_has(&rules->lexicons[l], set_of(rules, l, word, last), abbrev))
            return true;
    }
    return false;
}

/* "Inc" and "." become one token. */
static void
merge_abbreviations(Article *a, const RuleSet *rules)
{
    uint16_t abbrev = ruleset_feature(rules, "abbrev");
    Token *tokens = a->tokens.items;
    uint32_t kept = 0;

    for (uint32_t i = 0; i < a->tokens.count; i++) {
        if (kept && takes_stop(a, rules, &tokens[kept - 1], &tokens[i], abbrev)) {
            tokens[kept - 1].end = tokens[i].end;
            tokens[kept - 1].flags |= TOKEN_DOTTED;
        } else {
            if (kept != i)
                tokens[kept] = tokens[i];
            kept++;
        }
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
                                     [SHAPE_MIXED] = F_MIXED, [SHAPE_NUMBER] = F_NUMBER, [SHAPE_PUNCT] = F_MARK};
    static const struct {
        uint8_t flag, feature;
    } FLAGS[] = {{TOKEN_CAPITAL, F_CAP}, {TOKEN_INITIAL, F_INITIAL},    {TOKEN_DOTTED, F_DOTTED},
                 {TOKEN_GLUED, F_GLUED}, {TOKEN_LINE, F_LINE_START}, {TOKEN_PARAGRAPH, F_PARAGRAPH_START}};

    for (uint32_t shape = 0; shape < sizeof SHAPES; shape++) {
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

/* The tables of a lexicon are larger than the processor's cache.  So each of them is gone through for all tokens, and what
 * a token some places further on will need is asked for ahead. */

static void
find_words(Article *a, const RuleSet *rules)
{
    const Lexicon *lex = rules->lexicon_count ? &rules->lexicons[0] : NULL;
    Token *tokens = a->tokens.items;

    for (uint32_t i = 0; i < a->tokens.count; i++) {
        if (lex && i + AHEAD < a->tokens.count)
            lexicon_expect(lex, tokens[i + AHEAD].hash, tokens[i + AHEAD / 2].hash);
        tokens[i].word = lex ? lexicon_word(lex, tokens[i].hash) : 0;
        tokens[i].rule_word = rulewords_find(&rules->words, tokens[i].hash);
    }
}

/* Each token's feature set; 0, the empty one, where the lexicon does not have it. */
static uint32_t *
find_sets(const Article *a, const RuleSet *rules, Scratch *scratch, uint32_t l)
{
    uint32_t *sets = arena_alloc(&scratch->arena, (a->tokens.count + 1) * sizeof *sets);

    for (uint32_t i = 0; i < a->tokens.count; i++)
        sets[i] = set_of(rules, l, word_of(rules, l, &a->tokens.items[i]), &a->tokens.items[i]);
    return sets;
}

static void
write_tape(Article *a, const RuleSet *rules, Scratch *scratch)
{
    tape_make(a, rules->features.bits, rules->words.count);
    write_shapes(a);
    for (uint32_t l = 0; l < rules->lexicon_count; l++) {
        uint32_t *sets = find_sets(a, rules, scratch, l);
        for (uint32_t i = 0; i < a->tokens.count; i++) {
            if (i + AHEAD < a->tokens.count)
                expect_set(&rules->begins[l], sets[i + AHEAD], sets[i + AHEAD / 2]);
            set_features(a, &rules->begins[l], sets[i], i);
        }
    }
}

static void
find_entries(Article *a, const RuleSet *rules, Scratch *scratch, uint32_t l)
{
    const Lexicon *lex = &rules->lexicons[l];
    const Token *tokens = a->tokens.items;
    uint32_t *starts = arena_alloc(&scratch->arena, (a->tokens.count + 1) * sizeof *starts), count = 0, word;

    if (a->tokens.count == 0)
        return;
    word = word_of(rules, l, &tokens[0]);
    for (uint32_t i = 0; i + 1 < a->tokens.count; i++) {
        uint32_t next = word_of(rules, l, &tokens[i + 1]);
        starts[count] = i;
        count += lexicon_may_step(lex, lex->words[word].node, next);
        word = next;
    }
    for (uint32_t i = 0; i < count; i++)
        lexicon_expect_step(lex, lex->words[word_of(rules, l, &tokens[starts[i]])].node, word_of(rules, l, &tokens[starts[i] + 1]));
    for (uint32_t i = 0; i < count; i++)
        lexicon_walk(lex, a, starts[i], word_of(rules, l, &tokens[starts[i]]), (uint8_t)l);
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
    scratch_forget(scratch);
    find_words(a, rules);
    merge_abbreviations(a, rules);
    refit_paragraphs(a);
    write_tape(a, rules, scratch);
    for (uint32_t l = 0; l < rules->lexicon_count; l++)
        find_entries(a, rules, scratch, l);
    add_entries(a, rules);
}
