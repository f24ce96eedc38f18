#include "text/tokens.h"

#include "base/hash.h"
#include "text/tokens_p.h"

enum { CLITIC_ALONE = 5 }; /* a text this short that begins with an apostrophe is a clitic of a list or a rule */

/* ---- what most tokens are: plain words, and marks that stand alone; each is finished as it is found */

/* What a byte is, to a token that begins with it or ends before it. */
enum {
    BYTE_LOWER = 1,
    BYTE_UPPER = 2,
    BYTE_LETTER = BYTE_LOWER | BYTE_UPPER,
    BYTE_SPACE = 4,
    BYTE_LINE_END = 8,
    BYTE_MARK = 16,       /* a token whatever stands behind it, unless that is the same */
    BYTE_ENDS_WORD = 32,  /* ends letters' word, whatever stands behind it */
    BYTE_DIGIT = 64,
    BYTE_BEYOND = 128,    /* no ASCII */
};

static const uint8_t BYTES[256] = {
    ['a' ... 'z'] = BYTE_LOWER,
    ['A' ... 'Z'] = BYTE_UPPER,
    ['0' ... '9'] = BYTE_DIGIT,
    [0x80 ... 0xff] = BYTE_BEYOND,
    [' '] = BYTE_SPACE | BYTE_ENDS_WORD,
    ['\t'] = BYTE_SPACE | BYTE_ENDS_WORD,
    ['\n'] = BYTE_SPACE | BYTE_LINE_END | BYTE_ENDS_WORD,
    ['\r'] = BYTE_SPACE | BYTE_LINE_END | BYTE_ENDS_WORD,
    [','] = BYTE_MARK | BYTE_ENDS_WORD,
    [';'] = BYTE_MARK | BYTE_ENDS_WORD,
    [':'] = BYTE_MARK | BYTE_ENDS_WORD,
    ['?'] = BYTE_MARK | BYTE_ENDS_WORD,
    ['!'] = BYTE_MARK | BYTE_ENDS_WORD,
    ['"'] = BYTE_MARK | BYTE_ENDS_WORD,
    [')'] = BYTE_MARK | BYTE_ENDS_WORD,
    ['-'] = BYTE_MARK | BYTE_ENDS_WORD,
    ['.'] = BYTE_MARK,
    ['('] = BYTE_MARK | BYTE_ENDS_WORD,
    ['['] = BYTE_MARK | BYTE_ENDS_WORD,
    [']'] = BYTE_MARK | BYTE_ENDS_WORD,
    ['/'] = BYTE_MARK | BYTE_ENDS_WORD,
    ['$'] = BYTE_MARK | BYTE_ENDS_WORD,
    ['%'] = BYTE_MARK | BYTE_ENDS_WORD,
    ['&'] = BYTE_MARK,
};

static inline uint8_t
byte_at(const Source *s, uint32_t at)
{
    return BYTES[(unsigned char)s->text[at]];
}

/* The character at `at`; a blank at the end. */
static inline char
char_behind(const Source *s, uint32_t at)
{
    return at < s->len ? s->text[at] : ' ';
}

/* The hash of letters made small, as hash_bytes has it. */
static inline uint64_t
hash_of_letters(const Source *s, uint32_t at, uint32_t count)
{
    uint64_t hash = hash_start(count);

    for (; count >= 8; at += 8, count -= 8)
        hash = hash_step(hash, eight_bytes(s->text + at) | EIGHT(0x20));
    return count ? hash_step(hash, (first_bytes(s->text + at, s->len - at) | EIGHT(0x20)) << 8 * (8 - count)) : hash;
}

/* Is this one of the apostrophes of typography; is it another character from U+2000 to U+203F (quotation marks, dashes, blanks), which all
 * end words? */
static inline bool
is_apostrophe_beyond(const char *text)
{
    return (unsigned char)text[0] == 0xe2 && (unsigned char)text[1] == 0x80 && ((unsigned char)text[2] | 1) == 0x99;
}

static inline bool
is_mark_beyond(const char *text)
{
    return (unsigned char)text[0] == 0xe2 && (unsigned char)text[1] == 0x80 && ((unsigned char)text[2] | 1) != 0x99;
}

/* How many letters are the small ones of a clitic before a blank: one or two; else 0. */
static inline uint32_t
clitic_letters(const char *text)
{
    if (BYTES[(unsigned char)text[0]] != BYTE_LOWER)
        return 0;
    return text[1] == ' ' ? 1 : BYTES[(unsigned char)text[1]] == BYTE_LOWER && text[2] == ' ' ? 2 : 0;
}

/* Does what stands behind an apostrophe say that the word before it has ended? */
static inline bool
ends_at_apostrophe(const char *behind)
{
    return (BYTES[(unsigned char)behind[0]] & (BYTE_LETTER | BYTE_BEYOND)) == 0 || clitic_letters(behind);
}

/* The same as is_plain_word, of what few words stand before. */
static bool
is_plain_before(uint32_t count, const char *behind)
{
    if (behind[0] == '.')
        return count > 1 && ((BYTES[(unsigned char)behind[1]] & (BYTE_LOWER | BYTE_BEYOND)) == 0 || is_mark_beyond(behind + 1));
    if (behind[0] == '\'')
        return ends_at_apostrophe(behind + 1);
    return is_mark_beyond(behind) || (is_apostrophe_beyond(behind) && ends_at_apostrophe(behind + 3));
}

/* Are so many letters a word, by what stands behind them alone?  If not so, word_end looks closer: "J." and "example.com"
 * are words with their stops. */
static inline bool
is_plain_word(uint32_t count, const char *behind)
{
    return (BYTES[(unsigned char)behind[0]] & BYTE_ENDS_WORD) || is_plain_before(count, behind);
}

enum { BEHIND_WORD = 6 }; /* bytes that it may look at */

/* What a word's letters are: is the first one a capital, is another, is one small? */
enum { FIRST_CAPITAL = 1, MORE_CAPITALS = 2, SOME_SMALL = 4 };

static inline void
set_word(Token *token, uint32_t end, uint64_t hash, uint32_t letters)
{
    static const struct {
        uint8_t shape, flags;
    } KINDS[] = {
        [SOME_SMALL] = {SHAPE_LOWER, 0},
        [FIRST_CAPITAL] = {SHAPE_CAP, TOKEN_CAPITAL | TOKEN_INITIAL},
        [FIRST_CAPITAL | SOME_SMALL] = {SHAPE_CAP, TOKEN_CAPITAL},
        [FIRST_CAPITAL | MORE_CAPITALS] = {SHAPE_UPPER, TOKEN_CAPITAL},
        [FIRST_CAPITAL | MORE_CAPITALS | SOME_SMALL] = {SHAPE_MIXED, TOKEN_CAPITAL},
        [MORE_CAPITALS | SOME_SMALL] = {SHAPE_MIXED, 0},
    };

    token->end = end;
    token->hash = hash;
    token->shape = KINDS[letters].shape;
    token->flags |= KINDS[letters].flags;
}

/* Letters at the beginning of eight bytes: made small, with what is behind them shifted out; and the bit 0x20 of each of them, where
 * it is a capital, and anyhow. */
typedef struct {
    uint32_t count;
    uint64_t small, capitals, all;
} Letters;

static inline Letters
letters_at(const char *text)
{
    uint64_t word = eight_bytes(text), small = word | EIGHT(0x20);
    uint32_t count = bytes_before(letter_bytes(small) ^ TOPS), beyond = 8 * (8 - count) & 63;
    uint64_t all = EIGHT(0x20) >> beyond;

    return (Letters){count, small << beyond, ~word & all, all};
}

static inline uint32_t
kind_of_letters(const Letters *l)
{
    return (uint32_t)(l->capitals >> 5 & 1) * FIRST_CAPITAL | (l->capitals > 0xff) * MORE_CAPITALS | (l->capitals != l->all) * SOME_SMALL;
}

/* The same for a word of eight to fifteen letters, the first eight of which are these. */
static bool
cut_longer_word(const char *text, const Letters *first, Token *token)
{
    Letters more = letters_at(text + 8);
    uint32_t count = 8 + more.count, kind = kind_of_letters(first);
    uint64_t hash = hash_step(hash_start(count), first->small);

    if (more.count == 8 || !is_plain_word(count, text + count))
        return false;
    if (more.count) {
        hash = hash_step(hash, more.small);
        kind |= (more.capitals != 0) * MORE_CAPITALS | (more.capitals != more.all) * SOME_SMALL;
    }
    set_word(token, token->start + count, hash, kind);
    return true;
}

/* Cut a plain word of up to fifteen letters, looking at eight bytes at once.  False if there is none. */
static inline bool
cut_short_word(const Source *s, Token *token)
{
    const char *text = s->text + token->start;
    Letters letters;

    if (s->len - token->start < 15 + BEHIND_WORD)
        return false;
    letters = letters_at(text);
    if (letters.count == 8)
        return cut_longer_word(text, &letters, token);
    if (!is_plain_word(letters.count, text + letters.count))
        return false;
    set_word(token, token->start + letters.count, hash_step(hash_start(letters.count), letters.small), kind_of_letters(&letters));
    return true;
}

/* Finish a token that is letters only; `others` is what those behind the first are. */
static void
finish_letters(const Source *s, Token *token, uint8_t others)
{
    bool capital = byte_at(s, token->start) == BYTE_UPPER;

    set_word(token, token->end, hash_of_letters(s, token->start, token->end - token->start),
             (uint32_t)(capital * FIRST_CAPITAL | ((others & BYTE_UPPER) != 0) * MORE_CAPITALS |
                        (!capital || (others & BYTE_LOWER)) * SOME_SMALL));
}

/* Cut a mark; false if it is one of several. */
static inline bool
cut_mark(const Source *s, Token *token)
{
    char mark = s->text[token->start];

    token->end = token->start + 1;
    if (char_behind(s, token->end) == mark)
        return false;
    token->shape = SHAPE_PUNCT;
    token->hash = hash_bytes(&mark, 1);
    return true;
}

/* Cut what is so many bytes long and folded so. */
static inline void
set_folded(Token *token, uint32_t size, Shape shape, const char *fold, size_t len)
{
    token->end = token->start + size;
    token->shape = (uint8_t)shape;
    token->hash = hash_bytes(fold, len);
}

/* Cut an apostrophe of so many bytes: the clitic that it begins, if there may be one, or the mark that it is. */
static inline bool
cut_apostrophe(const Source *s, Token *token, uint32_t size, bool clitic)
{
    const char *behind = s->text + token->start + size;

    if (clitic && !ends_at_apostrophe(behind))
        return false;
    if (clitic && clitic_letters(behind)) {
        uint32_t letters = clitic_letters(behind);
        set_folded(token, size + letters, SHAPE_LOWER, (char[]){'\'', behind[0], behind[1]}, 1 + letters);
    } else if (size == 1 && behind[0] == '\'') {
        return false;
    } else {
        set_folded(token, size, SHAPE_PUNCT, "'", 1);
    }
    return true;
}

/* Cut a mark of typography; what it is folded to is special_fold's in utf8.c. */
static inline bool
cut_mark_beyond(const Source *s, Token *token, bool clitic)
{
    const char *text = s->text + token->start;
    bool cut = true;

    if (is_apostrophe_beyond(text))
        cut = cut_apostrophe(s, token, 3, clitic);
    else if (!is_mark_beyond(text))
        return false;
    else if (((unsigned char)text[2] | 1) == 0x9d) /* “ ” */
        set_folded(token, 3, SHAPE_PUNCT, "\"", 1);
    else if ((unsigned char)text[2] == 0x93 || (unsigned char)text[2] == 0x94) /* – — */
        set_folded(token, 3, SHAPE_PUNCT, "--", 2);
    else
        return false;
    token->flags |= cut ? TOKEN_NONASCII : 0;
    return cut;
}

/* Cut a number of up to seven digits and nothing else. */
static inline bool
cut_number(const Source *s, Token *token)
{
    const char *text = s->text + token->start;
    uint32_t count = bytes_before(digit_bytes(eight_bytes(text)) ^ TOPS);
    uint8_t behind = BYTES[(unsigned char)text[count]], next = BYTES[(unsigned char)text[count + 1]];
    bool joins = text[count] == ',' || text[count] == ':' || text[count] == '.';

    if (count == 8 || !(joins ? (next & (BYTE_DIGIT | BYTE_BEYOND)) == 0 : (behind & BYTE_ENDS_WORD) != 0))
        return false;
    set_folded(token, count, SHAPE_NUMBER, text, count);
    return true;
}

/* Cut what is neither a word nor a mark that stands alone, as most such are. */
static inline bool
cut_quickly(const Source *s, Token *token, uint8_t byte, bool clitic)
{
    if (s->len - token->start < 8 + BEHIND_WORD)
        return false;
    if (byte & BYTE_BEYOND)
        return cut_mark_beyond(s, token, clitic);
    if (byte & BYTE_DIGIT)
        return cut_number(s, token);
    return s->text[token->start] == '\'' && cut_apostrophe(s, token, 1, clitic);
}

/* ---- cutting */

/* A token that begins with an ASCII letter. */
static void
cut_word(const Source *s, Token *token)
{
    uint32_t end = token->start + 1;
    uint8_t others = 0;

    for (uint8_t byte; end < s->len && ((byte = byte_at(s, end)) & BYTE_LETTER); end++)
        others |= byte;
    token->end = end;
    if (s->len - end < BEHIND_WORD || !is_plain_word(end - token->start, s->text + end))
        token->end = token_end(s, token->start, token_char(s, token->start), false, &token->flags);
    if (token->end == end && end - token->start <= TOKEN_FOLD)
        finish_letters(s, token, others);
    else
        token_finish(s, token);
}

/* Any other token; false if there is white space instead. */
static bool
cut_other(const Source *s, Token *token, bool clitic, bool *new_line)
{
    Char c = token_char(s, token->start);

    if (c.class == CHAR_SPACE) {
        *new_line |= c.cp == 0x2028 || c.cp == 0x2029;
        token->end = token->start + c.size;
        return false;
    }
    token->end = token_end(s, token->start, c, clitic || s->len <= CLITIC_ALONE, &token->flags);
    token_finish(s, token);
    return true;
}

void
tokens_cut(Arena *arena, const char *text, uint32_t len, TokenVec *tokens)
{
    const Source s = {text, len};
    TokenVec cut = *tokens;
    uint32_t at = 0;
    uint8_t stands = TOKEN_LINE; /* how the next token stands behind the last one */

    while (at < len) {
        uint8_t byte = byte_at(&s, at);
        Token *token;

        if (byte & BYTE_SPACE) {
            stands = byte & BYTE_LINE_END ? TOKEN_LINE : stands & TOKEN_LINE;
            at++;
            continue;
        }
        vec_reserve(arena, (void **)&cut.items, &cut.room, cut.count + 1, sizeof *token);
        token = &cut.items[cut.count];
        *token = (Token){.start = at, .flags = stands};
        if (byte & BYTE_LETTER) {
            if (!cut_short_word(&s, token))
                cut_word(&s, token);
        } else if (!(byte & BYTE_MARK) || !cut_mark(&s, token)) {
            bool clitic = (stands & TOKEN_GLUED) && cut.count && token[-1].shape != SHAPE_PUNCT, new_line = stands & TOKEN_LINE;
            if (!cut_quickly(&s, token, byte, clitic) && !cut_other(&s, token, clitic, &new_line)) {
                stands = new_line ? TOKEN_LINE : 0;
                at = token->end;
                continue;
            }
        }
        cut.count++;
        at = token->end;
        if (at < len) { /* most tokens stand before a blank: where the next one begins need not wait for it */
            if (__builtin_expect(text[at] == ' ', 1)) {
                at++;
                stands = 0;
            } else {
                stands = TOKEN_GLUED;
            }
        }
    }
    *tokens = cut;
}
