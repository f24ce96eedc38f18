/* The lexicon: all word lists, compiled into flat arrays.
 *
 * Ours is compiled when the program is built and linked in (engine/pack.h), so that nothing is parsed at start; a user's
 * lists are compiled at start by the same builder into a second lexicon that is asked as well.
 *
 * A word is known by the hash of its folded form.  What features it bears depends on how it is written (lower case,
 * capitalised, capitals, mixed): four feature sets, chosen by the token's shape.  Entries of several words form a trie over
 * words. */
#ifndef ONRECORD_ENGINE_LEXICON_H
#define ONRECORD_ENGINE_LEXICON_H

#include "base/error.h"
#include "base/hash.h"
#include "engine/features.h"
#include "text/tokens.h"

#include <assert.h>

enum { WRITTEN_LOWER, WRITTEN_CAP, WRITTEN_UPPER, WRITTEN_MIXED, WRITTEN_LETTERS, WRITTEN_WAYS };

typedef struct {
    uint64_t hash;
    uint64_t near;               /* lexicon_behind of each word that may stand second in an entry that begins with this one, and
                                    lexicon_before of each that such may begin with if this one is second */
    uint32_t node;               /* where entries of several words go on; 0: nowhere */
    uint16_t sets[WRITTEN_WAYS]; /* numbers of feature sets; 0 is the empty one */
} LexWord;

/* From a node of the trie over a word to another node. */
typedef struct {
    uint32_t from, word, to; /* from == 0: an empty slot; to == 0: no entry goes on */
    uint16_t sets[2];        /* what ends here: in any case; if capitalised */
} LexStep;

enum { LEX_SETS = UINT16_MAX }; /* the most feature sets */

typedef struct {
    uint64_t key; /* of the entry's words and the feature */
    uint32_t text; /* offset of "name=value\0name=value\0\0" */
    uint32_t taken; /* 0: an empty slot */
} LexAttribute;

typedef struct {
    const LexWord *words; /* [0] is unused */
    const uint32_t *slots; /* hash table of word numbers, each with some bits of its word's hash, see lexicon_slot_is */
    const LexStep *steps;  /* hash table */
    const uint64_t *step_sieve; /* two bits for each step: most word pairs are none, and this says so from the cache */
    const uint32_t *sets;  /* set i is codes[sets[i] .. sets[i + 1]) */
    const uint16_t *codes; /* feature numbers */
    const uint64_t *bearers; /* for each feature a row of bits: which sets have it */
    const LexAttribute *attributes; /* hash table */
    const char *text;
    uint32_t word_count, slot_mask, step_mask, set_count, code_count, feature_count, attribute_mask, text_len;
} Lexicon;

/* May a slot be that of the word with this hash?  The number of a word takes as many bits as the mask; the others are of its hash,
 * so that the slots alone say of most words that they are none of the lexicon. */
static inline bool
lexicon_slot_is(uint32_t slot, uint64_t hash, uint32_t mask)
{
    return (slot ^ (uint32_t)(hash >> 32)) <= mask;
}

/* The word with this hash, or 0. */
uint32_t lexicon_word(const Lexicon *lex, uint64_t hash);

/* Tell the processor what will be looked up soon, and what very soon: the tables are larger than its cache. */
static inline void
lexicon_expect(const Lexicon *lex, uint64_t soon, uint64_t very_soon)
{
    uint32_t mask = lex->slot_mask, at = (uint32_t)very_soon & mask;

    __builtin_prefetch(&lex->slots[(uint32_t)soon & mask]);
    while (lex->slots[at] && !lexicon_slot_is(lex->slots[at], very_soon, mask))
        at = (at + 1) & mask;
    __builtin_prefetch(&lex->words[lex->slots[at] & mask]);
}

/* One of 32 bits for a word: what may stand behind another is told by those of all that may, and what may stand before it. */
static inline uint64_t
lexicon_behind(uint64_t hash)
{
    return 1ull << (hash >> 59);
}

static inline uint64_t
lexicon_before(uint64_t hash)
{
    return 1ull << 32 << (hash >> 59);
}

/* May an entry begin with these two words?  Mostly it says no where none does, even of the most frequent words.  (No branch hangs on
 * it.) */
static inline bool
lexicon_may_begin(uint64_t near, uint64_t hash, uint64_t next_near, uint64_t next_hash)
{
    return (near >> (next_hash >> 59)) & (next_near >> 32 >> (hash >> 59)) & 1;
}

/* The sieve has a word of bits for each so many slots of the steps. */
enum { STEPS_OF_SIEVE = 32 };

/* Which word a step's bits are in, and the bits. */
static inline uint32_t
lexicon_sieve_place(uint64_t step_hash, uint32_t step_mask)
{
    return (uint32_t)(step_hash >> 32) & step_mask / STEPS_OF_SIEVE;
}

static inline uint64_t
lexicon_sieve_bits(uint64_t step_hash)
{
    return 1ull << (step_hash >> 58) | 1ull << (step_hash >> 52 & 63);
}

/* May there be a step from a node, or from 0, over a word?  (No branch hangs on it: it is asked for many pairs of words.) */
static inline bool
lexicon_may_step(const Lexicon *lex, uint32_t node, uint32_t word)
{
    uint64_t hash = hash_pair(node, word), bits = lexicon_sieve_bits(hash);

    return (node != 0) & ((lex->step_sieve[lexicon_sieve_place(hash, lex->step_mask)] & bits) == bits);
}

/* Tell the processor that this step will be looked up. */
static inline void
lexicon_expect_step(const Lexicon *lex, uint32_t node, uint32_t word)
{
    __builtin_prefetch(&lex->steps[(uint32_t)hash_pair(node, word) & lex->step_mask]);
}

/* How many words a row of bits for the sets has. */
static inline uint32_t
lexicon_set_words(uint32_t set_count)
{
    return set_count / 64 + 1;
}

/* Has a feature set this feature? */
static inline bool
lexicon_set_has(const Lexicon *lex, uint32_t set, uint16_t feature)
{
    return feature < lex->feature_count &&
           (lex->bearers[(size_t)feature * lexicon_set_words(lex->set_count) + set / 64] >> (set & 63) & 1);
}

/* How a token is written: an index into LexWord.sets.  Shapes that are none of letters count as lower case. */
static inline uint32_t
token_written(const Token *token)
{
    static_assert((int)WRITTEN_LOWER == SHAPE_LOWER && (int)WRITTEN_CAP == SHAPE_CAP && (int)WRITTEN_UPPER == SHAPE_UPPER &&
                      (int)WRITTEN_MIXED == SHAPE_MIXED && (int)WRITTEN_LETTERS == SHAPE_LETTERS,
                  "the ways of writing are the first shapes");
    return token->shape < WRITTEN_WAYS ? token->shape : WRITTEN_LOWER;
}

/* Does the list entry of one word that a token is bear the feature, as the token is written? */
static inline bool
lexicon_bears(const Lexicon *lex, const Token *token, uint16_t feature)
{
    return lexicon_set_has(lex, lex->words[lexicon_word(lex, token->hash)].sets[token_written(token)], feature);
}

/* The entries of several words that begin at `token`, whose word goes on at `node`, longest last; appended to a->hits.
 * `words` are those of all tokens in this lexicon. */
void lexicon_walk(const Lexicon *lex, Article *a, uint32_t token, uint32_t node, const uint32_t *words, uint8_t which);

/* The value of an attribute (`lemma=say`) of the list entry that these tokens are, for one feature; NULL if there
 * is none.  `tokens` is consecutive. */
const char *lexicon_attribute(const Lexicon *lex, const Token *tokens, uint32_t count, uint16_t feature,
                              const char *name);

/* Tell the processor that this will be looked up. */
void lexicon_expect_attribute(const Lexicon *lex, const Token *tokens, uint32_t count, uint16_t feature);

/* ---- building */

typedef struct LexBuilder LexBuilder;

/* `features` is borrowed and grows. */
LexBuilder *lexbuilder_new(Features *features);

/* Read one list file's bytes.  False on a fault, with file, line and column in *err. */
bool lexbuilder_read(LexBuilder *b, const char *path, const char *bytes, size_t len, Error *err);

/* Finish: fills *lex, whose arrays belong to the builder.  Call lexbuilder_free when the lexicon is no longer used. */
void lexbuilder_finish(LexBuilder *b, Lexicon *lex);
void lexbuilder_free(LexBuilder *b);

#endif
