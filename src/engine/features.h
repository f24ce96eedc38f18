/* Features: the names of what rules can ask of a token.
 *
 * A feature comes from the text itself (shape, position), from a word list (its `# feature:` and tags), or from an
 * earlier stage (person, title, quoted …).  Every feature has a number.  One that some rule asks for also has bits on the
 * tape: `begin`, and `inside` for what can be longer than one token. */
#ifndef ONRECORD_ENGINE_FEATURES_H
#define ONRECORD_ENGINE_FEATURES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The features that need no list.  Their names, in this order, are in features.c. */
typedef enum {
    F_CAP, F_CAPS, F_LOWER, F_MIXED, F_INITIAL, F_DOTTED, F_NUMBER, F_MARK, F_WORD, F_GLUED, F_LINE_START,
    F_SENTENCE_START, F_SENTENCE_END, F_PARAGRAPH_START,
    F_LAST_OF_SHAPE = F_PARAGRAPH_START,
    F_CAPITALS, F_HEADLINE, F_BYLINE, F_DATELINE, F_CAPTION, F_BOILERPLATE,
    F_LAST_OF_POSITION = F_BOILERPLATE,
    /* what stages leave */
    F_PERSON, F_ORGANIZATION, F_PLACE, F_TITLE, F_HOLDER_TITLE, F_QUOTED, F_QUOTE_MARK, F_SOURCE, F_CUE, F_REPORT, F_NOMINAL,
    F_BUILTIN
} BuiltinFeature;

enum { FEATURE_NONE = 0xffff, BIT_NONE = 0xffff };

/* The tape's first bits are theirs; 10 of them may span several tokens. */
enum { BUILTIN_BITS = F_BUILTIN + 10 };

/* May the bit change once the tokens are looked up?  What lists say stays. */
static inline bool
bit_changes(uint16_t bit)
{
    return bit >= F_SENTENCE_START && bit < BUILTIN_BITS;
}

typedef struct {
    char *name;
    uint64_t hash;         /* of the name */
    uint16_t begin, inside; /* bits on the tape, BIT_NONE if it has none */
    bool spans;            /* may cover several tokens */
    float share;           /* a guess: of all tokens of news, how many bear it; steers where rules are tried */
} Feature;

typedef struct {
    Feature *items;
    uint32_t count, room;
    uint16_t *slots; /* hash table of numbers, by name; FEATURE_NONE: an empty one */
    uint32_t slot_mask;
    uint32_t bits; /* how many bits of the tape are taken */
} Features;

/* The built-in features, which have the tape's first bits; those of shape each that of its own number. */
void features_init(Features *features);
void features_close(Features *features);

/* The number of a feature by name, or FEATURE_NONE. */
uint16_t feature_find(const Features *features, const char *name, size_t len);

/* The same, adding it if it is new. */
uint16_t feature_intern(Features *features, const char *name, size_t len);

/* Give the feature its bits on the tape.  False if the tape is full. */
bool feature_place(Features *features, uint16_t feature);

#endif
