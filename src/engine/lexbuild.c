/* Compiles word lists (the format is told in rules/README.md) into the arrays of a Lexicon.
 *
 * Words and entries gather feature codes while lists are read; at the end equal collections become one feature set.
 * Everything is numbered in the order of reading, so the same files give the same bytes. */
#include "base/hash.h"
#include "engine/lexbuild_p.h"
#include "text/utf8.h"

#include <stdlib.h>

static uint32_t intern_set(LexBuilder *b, const uint16_t *codes, uint32_t count);

LexBuilder *
lexbuilder_new(Features *features)
{
    LexBuilder *b = mem_zero(1, sizeof *b);
    const uint16_t none = 0;

    b->features = features;
    arena_init(&b->arena);
    b->slot_mask = (1u << 10) - 1;
    b->slots = mem_zero(b->slot_mask + 1, sizeof *b->slots);
    b->step_mask = (1u << 10) - 1;
    b->step_slots = mem_zero(b->step_mask + 1, sizeof *b->step_slots);
    b->set_mask = (1u << 10) - 1;
    b->set_slots = mem_zero(b->set_mask + 1, sizeof *b->set_slots);
    pool_push(&b->words, sizeof(LexWord), 1);
    pool_push(&b->nodes, sizeof(LexNode), 1);
    pool_push(&b->steps, sizeof(LexStep), 1);
    *(uint32_t *)pool_push(&b->sets, sizeof(uint32_t), 1) = 0;
    intern_set(b, &none, 0); /* set 0 is empty */
    return b;
}

void
lexbuilder_free(LexBuilder *b)
{
    if (b == NULL)
        return;
    arena_close(&b->arena);
    free(b->words.items);
    free(b->nodes.items);
    free(b->steps.items);
    free(b->sets.items);
    free(b->codes.items);
    free(b->attributes.items);
    free(b->attribute_table);
    free(b->text.items);
    free(b->slots);
    free(b->step_slots);
    free(b->set_slots);
    free(b->word_table);
    free(b->step_table);
    free(b->step_sieve);
    free(b->bearers);
    free(b);
}

/* An open hash table of numbers doubles when it is more than half full. */
static bool
is_crowded(uint32_t count, uint32_t mask)
{
    return (uint64_t)count * 2 > (uint64_t)mask + 1;
}

static void
place_word(uint32_t *slots, uint32_t mask, uint64_t hash, uint32_t number)
{
    uint32_t at = (uint32_t)hash & mask;

    while (slots[at])
        at = (at + 1) & mask;
    slots[at] = number;
}

static uint32_t
intern_word(LexBuilder *b, uint64_t hash)
{
    uint32_t at = (uint32_t)hash & b->slot_mask, word;
    LexWord *fresh;

    for (; (word = b->slots[at]) != 0; at = (at + 1) & b->slot_mask)
        if (WORDS(b)[word].hash == hash)
            return word;
    word = b->words.count;
    fresh = pool_push(&b->words, sizeof *fresh, 1);
    fresh->hash = hash;
    b->slots[at] = word;
    if (is_crowded(b->words.count, b->slot_mask)) {
        uint32_t mask = b->slot_mask * 2 + 1;
        free(b->slots);
        b->slots = mem_zero((size_t)mask + 1, sizeof *b->slots);
        for (uint32_t i = 1; i < b->words.count; i++)
            place_word(b->slots, mask, WORDS(b)[i].hash, i);
        b->slot_mask = mask;
    }
    return word;
}

static uint32_t
intern_step(LexBuilder *b, uint32_t from, uint32_t word)
{
    uint32_t at = (uint32_t)hash_pair(from, word) & b->step_mask, number;
    LexStep *fresh;

    for (; (number = b->step_slots[at]) != 0; at = (at + 1) & b->step_mask)
        if (STEPS(b)[number].from == from && STEPS(b)[number].word == word)
            return STEPS(b)[number].to;
    number = b->steps.count;
    fresh = pool_push(&b->steps, sizeof *fresh, 1);
    *fresh = (LexStep){.from = from, .word = word, .to = b->nodes.count};
    pool_push(&b->nodes, sizeof(LexNode), 1);
    b->step_slots[at] = number;
    if (is_crowded(b->steps.count, b->step_mask)) {
        uint32_t mask = b->step_mask * 2 + 1;
        free(b->step_slots);
        b->step_slots = mem_zero((size_t)mask + 1, sizeof *b->step_slots);
        for (uint32_t i = 1; i < b->steps.count; i++)
            place_word(b->step_slots, mask, hash_pair(STEPS(b)[i].from, STEPS(b)[i].word), i);
        b->step_mask = mask;
    }
    return b->nodes.count - 1;
}

static const uint16_t *
set_codes(const LexBuilder *b, uint32_t set, uint32_t *count)
{
    const uint32_t *sets = b->sets.items;

    *count = sets[set + 1] - sets[set];
    return (uint16_t *)b->codes.items + sets[set];
}

static uint32_t
intern_set(LexBuilder *b, const uint16_t *codes, uint32_t count)
{
    uint64_t hash = count ? hash_bytes((const char *)codes, count * sizeof *codes) : 1;
    uint32_t at = (uint32_t)hash & b->set_mask, number;

    for (; (number = b->set_slots[at]) != 0; at = (at + 1) & b->set_mask) {
        uint32_t n;
        const uint16_t *have = set_codes(b, number - 1, &n);
        if (n == count && (n == 0 || memcmp(have, codes, n * sizeof *codes) == 0))
            return number - 1;
    }
    if (count)
        memcpy(pool_push(&b->codes, sizeof *codes, count), codes, count * sizeof *codes);
    *(uint32_t *)pool_push(&b->sets, sizeof(uint32_t), 1) = b->codes.count;
    number = b->sets.count - 2;
    b->set_slots[at] = number + 1;
    if (is_crowded(b->sets.count, b->set_mask)) {
        uint32_t mask = b->set_mask * 2 + 1;
        free(b->set_slots);
        b->set_slots = mem_zero((size_t)mask + 1, sizeof *b->set_slots);
        for (uint32_t i = 0; i + 1 < b->sets.count; i++) {
            uint32_t n;
            const uint16_t *have = set_codes(b, i, &n);
            place_word(b->set_slots, mask, n ? hash_bytes((const char *)have, n * sizeof *have) : 1, i + 1);
        }
        b->set_mask = mask;
    }
    return number;
}

/* The set `set` with the codes of `more` (sorted) added. */
static uint32_t
widen_set(LexBuilder *b, uint32_t set, const uint16_t *more, uint32_t more_count)
{
    uint32_t count, n = 0, i = 0, j = 0;
    const uint16_t *have = set_codes(b, set, &count);
    uint16_t merged[512];

    while ((i < count || j < more_count) && n < 512) {
        if (j == more_count || (i < count && have[i] < more[j])) {
            merged[n++] = have[i++];
        } else if (i < count && have[i] == more[j]) {
            merged[n++] = have[i++];
            j++;
        } else {
            merged[n++] = more[j++];
        }
    }
    return intern_set(b, merged, n);
}

/* ---- one list file */

typedef enum { CASE_CAPITAL, CASE_ANY, CASE_EXACT } ListCase;

typedef struct {
    LexBuilder *b;
    const char *path;
    size_t line;
    char feature[64];
    ListCase casing;
    Error *err;
} ListReader;

static bool
list_error(ListReader *r, size_t column, const char *line, size_t len, const char *message)
{
    return error_set(r->err, ERROR_RULE, r->path, r->line, column, line, len, "%s", message);
}

static bool
is_name(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (!((text[i] >= 'a' && text[i] <= 'z') || (text[i] >= '0' && text[i] <= '9') || text[i] == '-' ||
              text[i] == '.'))
            return false;
    return len > 0;
}

static bool
header_value(const char *line, size_t len, const char *key, const char **value, size_t *value_len)
{
    size_t key_len = strlen(key), at = 1;

    while (at < len && line[at] == ' ')
        at++;
    if (len - at <= key_len || memcmp(line + at, key, key_len) != 0 || line[at + key_len] != ':')
        return false;
    at += key_len + 1;
    while (at < len && line[at] == ' ')
        at++;
    *value = line + at;
    *value_len = 0;
    while (at + *value_len < len && line[at + *value_len] != ' ' && line[at + *value_len] != '\t')
        ++*value_len;
    return true;
}

static bool
read_header(ListReader *r, const char *line, size_t len)
{
    const char *value;
    size_t n;

    if (header_value(line, len, "feature", &value, &n)) {
        if (!is_name(value, n) || n >= sizeof r->feature)
            return list_error(r, (size_t)(value - line) + 1, line, len, "a feature name has a-z, 0-9 and hyphens only");
        memcpy(r->feature, value, n);
        r->feature[n] = '\0';
    } else if (header_value(line, len, "case", &value, &n)) {
        if (n == 7 && memcmp(value, "capital", 7) == 0)
            r->casing = CASE_CAPITAL;
        else if (n == 3 && memcmp(value, "any", 3) == 0)
            r->casing = CASE_ANY;
        else if (n == 5 && memcmp(value, "exact", 5) == 0)
            r->casing = CASE_EXACT;
        else
            return list_error(r, (size_t)(value - line) + 1, line, len, "case is one of: capital, any, exact");
    }
    return true;
}

static int
compare_codes(const void *a, const void *b)
{
    return *(const uint16_t *)a - *(const uint16_t *)b;
}

/* Read the tags behind the surface: features into codes, attributes into *attributes ("a=b\0c=d\0"). */
static bool
read_tags(ListReader *r, const char *line, size_t len, size_t at, uint16_t *codes, uint32_t *count, char *attributes,
          size_t *attributes_len)
{
    char name[160];
    size_t base = strlen(r->feature);

    *count = 0;
    *attributes_len = 0;
    codes[(*count)++] = feature_intern(r->b->features, r->feature, base);
    while (at < len) {
        size_t end = ++at;
        while (end < len && line[end] != '\t')
            end++;
        const char *equals = memchr(line + at, '=', end - at);
        if (end == at)
            return list_error(r, at + 1, line, len, "an empty tag");
        if (equals) {
            if (*attributes_len + (end - at) + 2 > 1024)
                return list_error(r, at + 1, line, len, "the attributes are too long");
            memcpy(attributes + *attributes_len, line + at, end - at);
            *attributes_len += end - at;
            attributes[(*attributes_len)++] = '\0';
        } else {
            if (!is_name(line + at, end - at) || end - at > 60)
                return list_error(r, at + 1, line, len, "a tag has a-z, 0-9 and hyphens only");
            if (*count >= 24)
                return list_error(r, at + 1, line, len, "more than 23 tags");
            memcpy(name, r->feature, base);
            name[base] = '.';
            memcpy(name + base + 1, line + at, end - at);
            codes[(*count)++] = feature_intern(r->b->features, name, base + 1 + (end - at));
        }
        at = end;
    }
    qsort(codes, *count, sizeof *codes, compare_codes);
    if (r->b->features->count >= FEATURE_NONE)
        return list_error(r, 1, line, len, "too many features");
    return true;
}

/* Which ways of writing does an entry of one word hold for? */
static unsigned
ways_of(const Token *token, ListCase casing)
{
    enum { LOWER = 1 << WRITTEN_LOWER, CAP = 1 << WRITTEN_CAP, UPPER = 1 << WRITTEN_UPPER, MIXED = 1 << WRITTEN_MIXED,
           LETTERS = 1 << WRITTEN_LETTERS };
    /* "US" is also "U.S."; but "S.R." is neither "Sr" nor "I.T." "it" */
    unsigned spelled = token->shape == SHAPE_UPPER || token->shape == SHAPE_LETTERS ? LETTERS : 0;

    if (casing == CASE_ANY || token->shape == SHAPE_NUMBER)
        return LOWER | CAP | UPPER | MIXED | spelled;
    if (casing == CASE_EXACT)
        return spelled ? UPPER | LETTERS : 1u << token_written(token);
    if (spelled && token->end - token->start <= 5 + (token->shape == SHAPE_LETTERS ? 5 : 0))
        return UPPER | LETTERS;
    return CAP | UPPER | MIXED | spelled;
}

static void
add_entry(ListReader *r, const Token *tokens, uint32_t count, const uint16_t *codes, uint32_t code_count)
{
    LexBuilder *b = r->b;
    uint32_t word = intern_word(b, tokens[0].hash), node;

    if (count == 1) {
        unsigned ways = ways_of(&tokens[0], r->casing);
        for (int way = 0; way < WRITTEN_WAYS; way++)
            if (ways >> way & 1) {
                uint32_t set = widen_set(b, WORDS(b)[word].sets[way], codes, code_count);
                WORDS(b)[word].sets[way] = (uint16_t)set;
            }
        return;
    }
    if (WORDS(b)[word].node == 0) {
        WORDS(b)[word].node = b->nodes.count;
        pool_push(&b->nodes, sizeof(LexNode), 1);
    }
    node = WORDS(b)[word].node;
    for (uint32_t i = 1; i < count; i++)
        node = intern_step(b, node, intern_word(b, tokens[i].hash));
    for (uint32_t i = 0; i < code_count; i++)
        b->features->items[codes[i]].spans = true;
    int way = r->casing == CASE_ANY || !(tokens[0].flags & TOKEN_CAPITAL) ? 0 : 1;
    uint32_t set = widen_set(b, NODES(b)[node].sets[way], codes, code_count);
    NODES(b)[node].sets[way] = (uint16_t)set;
}

static void
add_attributes(ListReader *r, const Token *tokens, uint32_t count, const char *text, size_t len)
{
    LexBuilder *b = r->b;
    uint64_t key = feature_intern(b->features, r->feature, strlen(r->feature));
    LexAttribute *attribute;

    if (len == 0)
        return;
    for (uint32_t i = 0; i < count; i++)
        key = hash_pair(key, tokens[i].hash);
    attribute = pool_push(&b->attributes, sizeof *attribute, 1);
    *attribute = (LexAttribute){key, b->text.count, true};
    memcpy(pool_push(&b->text, 1, (uint32_t)len + 1), text, len);
}

/* A full stop behind a word does not count: the tokens of a text hold it (Inc., Gov.) or not, by its own lights. */
static uint32_t
drop_stops(Token *tokens, uint32_t count, const char *text)
{
    uint32_t kept = 0;

    for (uint32_t i = 0; i < count; i++)
        if (!(i > 0 && (tokens[i].flags & TOKEN_GLUED) && tokens[i].end == tokens[i].start + 1 &&
              text[tokens[i].start] == '.'))
            tokens[kept++] = tokens[i];
    return kept;
}

static bool
read_entry(ListReader *r, const char *line, size_t len)
{
    const char *tab = memchr(line, '\t', len);
    size_t surface = tab ? (size_t)(tab - line) : len, bad, attributes_len;
    uint16_t codes[24];
    uint32_t code_count, count;
    char attributes[1024];
    TokenVec tokens = {0};

    if (r->feature[0] == '\0')
        return list_error(r, 1, line, len, "an entry before the header line \"# feature: NAME\"");
    if (surface == 0 || line[0] == ' ' || line[surface - 1] == ' ')
        return list_error(r, 1, line, len, "an entry begins with its words, without spaces around them");
    if (!utf8_check(line, len, &bad))
        return list_error(r, bad + 1, line, len, "this is not UTF-8");
    arena_reset(&r->b->arena);
    tokens_cut(&r->b->arena, line, (uint32_t)surface, &tokens);
    count = drop_stops(tokens.items, tokens.count, line);
    if (count == 0 || count > 16)
        return list_error(r, 1, line, len, "an entry has 1 to 16 words");
    if (!read_tags(r, line, len, surface, codes, &code_count, attributes, &attributes_len))
        return false;
    add_entry(r, tokens.items, count, codes, code_count);
    if (r->b->sets.count > LEX_SETS)
        return list_error(r, 1, line, len, "the words bear too many different collections of features");
    add_attributes(r, tokens.items, count, attributes, attributes_len);
    return true;
}

bool
lexbuilder_read(LexBuilder *b, const char *path, const char *bytes, size_t len, Error *err)
{
    ListReader r = {.b = b, .path = path, .err = err};
    size_t at = 0;

    while (at < len) {
        const char *line = bytes + at, *newline = memchr(line, '\n', len - at);
        size_t n = newline ? (size_t)(newline - line) : len - at;
        at += n + 1;
        r.line++;
        if (n && line[n - 1] == '\r')
            n--;
        if (n == 0)
            continue;
        if (line[0] == '#' && (n == 1 || line[1] == ' ') ? !read_header(&r, line, n) : !read_entry(&r, line, n))
            return false;
    }
    if (r.feature[0] == '\0')
        return error_set(err, ERROR_RULE, path, 1, 1, NULL, 0, "the list has no header line \"# feature: NAME\"");
    return true;
}
