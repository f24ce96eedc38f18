#include "text/tokens.h"

#include "base/hash.h"
#include "text/utf8.h"

enum { CLITIC_ALONE = 5 }; /* a text this short that begins with an apostrophe is a clitic of a list or a rule */

typedef struct {
    const char *text;
    uint32_t len;
} Source;

typedef struct {
    CharClass class;
    uint32_t cp, size;
} Char;

static Char
char_at(const Source *s, uint32_t at)
{
    Char c = {CHAR_SPACE, 0, 0};

    if (at >= s->len)
        return c;
    c.cp = utf8_next(s->text + at, &c.size);
    c.class = c.cp == 0xfeff || (c.cp >= 0x200b && c.cp <= 0x200f) ? CHAR_SPACE : char_class(c.cp);
    return c;
}

static bool
is_letter(Char c)
{
    return c.class == CHAR_LOWER || c.class == CHAR_UPPER || c.class == CHAR_LETTER;
}

static bool
is_word(Char c)
{
    return is_letter(c) || c.class == CHAR_DIGIT || c.class == CHAR_MARK;
}

static bool
is_apostrophe(Char c)
{
    return c.cp == '\'' || c.cp == 0x2019 || c.cp == 0x02bc || c.cp == 0x02bb || c.cp == 0x2018;
}

/* The end of a run of letters each with its full stop, "U.S." or "J."; `at` if there is none here. */
static uint32_t
dotted_end(const Source *s, uint32_t at)
{
    uint32_t end = at, letters = 0;
    Char first = char_at(s, at);

    for (;;) {
        Char letter = char_at(s, end);
        if (!is_letter(letter) || end + letter.size >= s->len)
            break;
        if (s->text[end + letter.size] != '.') {
            /* "U.S" with its last stop missing */
            if (letters > 0 && !is_word(char_at(s, end + letter.size)))
                return end + letter.size;
            break;
        }
        end += letter.size + 1;
        letters++;
    }
    if (letters == 0 || (letters == 1 && first.class != CHAR_UPPER))
        return at;
    if (is_word(char_at(s, end))) /* "J.Smith" is an initial and a word; "e.g.text" is neither */
        return letters == 1 && char_at(s, end).class == CHAR_UPPER ? end : letters > 1 ? end : at;
    return end;
}

/* May the word that ends at the apostrophe `at` go on behind it? */
static bool
joins_at_apostrophe(const Source *s, uint32_t word, uint32_t at, uint32_t behind)
{
    uint32_t letters = 0, end = behind, size = 0;

    utf8_next(s->text + word, &size);
    if (!is_letter(char_at(s, behind)))
        return false;
    for (Char c = char_at(s, end); is_letter(c) && letters < 3; c = char_at(s, end)) {
        end += c.size;
        letters++;
    }
    if (letters >= 3)
        return true;
    return char_at(s, behind).class == CHAR_UPPER && (letters > 1 || word + size == at);
}

static bool
ascii_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static uint32_t
word_end(const Source *s, uint32_t at)
{
    uint32_t start = at;

    for (;;) {
        Char c, next;
        while (at < s->len && (ascii_letter(s->text[at]) || (s->text[at] >= '0' && s->text[at] <= '9')))
            at++;
        c = char_at(s, at);
        if (c.cp == ' ')
            return at;
        if (is_word(c)) {
            at += c.size;
            continue;
        }
        if (c.size == 0 || at == start)
            return at;
        next = char_at(s, at + c.size);
        if (is_apostrophe(c) && joins_at_apostrophe(s, start, at, at + c.size)) {
            at += c.size;
        } else if (c.cp == '&' && next.class == CHAR_UPPER && char_at(s, start).class == CHAR_UPPER) {
            at += c.size;
        } else if ((c.cp == '.' || c.cp == ',' || c.cp == ':') && next.class == CHAR_DIGIT &&
                   s->text[at - 1] >= '0' && s->text[at - 1] <= '9') {
            at += c.size;
        } else if (c.cp == '.' && next.class == CHAR_LOWER && ascii_letter(s->text[at - 1])) {
            at += c.size;
        } else if (c.cp == '_' && is_word(next)) {
            at += c.size;
        } else {
            return at;
        }
    }
}

/* A clitic: an apostrophe glued to the word before it, and one or two letters. */
static uint32_t
clitic_end(const Source *s, uint32_t at, uint32_t size)
{
    uint32_t end = at + size, letters = 0;

    for (Char c = char_at(s, end); is_letter(c); c = char_at(s, end)) {
        end += c.size;
        letters++;
    }
    return letters == 1 || letters == 2 ? end : at;
}

static uint32_t
mark_end(const Source *s, uint32_t at, Char c)
{
    uint32_t end = at + c.size;

    if ((c.cp == '@' || c.cp == '#') && is_letter(char_at(s, end)))
        return word_end(s, end);
    if (c.cp == '-' || c.cp == '.' || c.cp == '`' || c.cp == '\'' || c.cp == '*' || c.cp == '=' || c.cp == '_' ||
        c.cp == '~')
        while (end < s->len && s->text[end] == s->text[at])
            end++;
    return end;
}

static void
set_shape(const Source *s, Token *token)
{
    uint32_t upper = 0, lower = 0, letters = 0, digits = 0, at = token->start;
    bool first_upper = false, seen = false;

    while (at < token->end) {
        uint32_t size, cp = utf8_next(s->text + at, &size);
        CharClass class = char_class(cp);
        if (size > 1)
            token->flags |= TOKEN_NONASCII;
        if (class == CHAR_UPPER) {
            first_upper |= !seen;
            upper++;
        } else if (class == CHAR_LOWER) {
            lower++;
        } else if (class == CHAR_DIGIT) {
            digits++;
        }
        if (class == CHAR_UPPER || class == CHAR_LOWER || class == CHAR_LETTER) {
            letters++;
            seen = true;
        } else if (class == CHAR_DIGIT) {
            seen = true;
        }
        at += size;
    }
    if (first_upper)
        token->flags |= TOKEN_CAPITAL;
    if (letters == 0)
        token->shape = digits ? SHAPE_NUMBER : SHAPE_PUNCT;
    else if (upper == 0)
        token->shape = digits && s->text[token->start] >= '0' && s->text[token->start] <= '9' ? SHAPE_NUMBER
                                                                                              : SHAPE_LOWER;
    else if (upper == 1 && letters == 1 && first_upper)
        token->shape = SHAPE_CAP;
    else if (lower == 0)
        token->shape = token->flags & TOKEN_DOTTED ? SHAPE_LETTERS : SHAPE_UPPER;
    else
        token->shape = first_upper && upper == 1 ? SHAPE_CAP : SHAPE_MIXED;
    if (letters == 1 && upper == 1 && digits == 0)
        token->flags |= TOKEN_INITIAL;
}

size_t
token_fold(const char *text, const Token *token, char *out)
{
    size_t n = utf8_fold(text + token->start, token->end - token->start, out, TOKEN_FOLD);

    if (token->flags & TOKEN_DOTTED) {
        size_t kept = 0;
        bool all = token->shape == SHAPE_LETTERS || token->shape == SHAPE_UPPER || (token->flags & TOKEN_INITIAL);
        if (all) {
            for (size_t i = 0; i < n; i++)
                if (out[i] != '.')
                    out[kept++] = out[i];
            n = kept;
        } else if (n > 1 && out[n - 1] == '.' && memchr(out, '.', n - 1) == NULL) {
            n--;
        }
    }
    return n;
}

static void
finish(const Source *s, Token *token)
{
    char fold[TOKEN_FOLD];

    set_shape(s, token);
    token->hash = hash_bytes(fold, token_fold(s->text, token, fold));
}

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
};

static const uint8_t BYTES[256] = {
    ['a' ... 'z'] = BYTE_LOWER,
    ['A' ... 'Z'] = BYTE_UPPER,
    [' '] = BYTE_SPACE | BYTE_ENDS_WORD,
    ['\t'] = BYTE_SPACE,
    ['\n'] = BYTE_SPACE | BYTE_LINE_END | BYTE_ENDS_WORD,
    ['\r'] = BYTE_SPACE | BYTE_LINE_END,
    [','] = BYTE_MARK | BYTE_ENDS_WORD,
    [';'] = BYTE_MARK | BYTE_ENDS_WORD,
    [':'] = BYTE_MARK | BYTE_ENDS_WORD,
    ['?'] = BYTE_MARK | BYTE_ENDS_WORD,
    ['!'] = BYTE_MARK | BYTE_ENDS_WORD,
    ['"'] = BYTE_MARK | BYTE_ENDS_WORD,
    [')'] = BYTE_MARK | BYTE_ENDS_WORD,
    ['-'] = BYTE_MARK | BYTE_ENDS_WORD,
    ['.'] = BYTE_MARK,
    ['('] = BYTE_MARK,
    ['['] = BYTE_MARK,
    [']'] = BYTE_MARK,
    ['/'] = BYTE_MARK,
    ['$'] = BYTE_MARK,
    ['%'] = BYTE_MARK,
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

/* Are so many letters a word, by what stands behind them alone?  If not so, word_end looks closer: "J." and "example.com"
 * are words with their stops. */
static inline bool
is_plain_word(uint32_t count, const char *behind)
{
    if (BYTES[(unsigned char)behind[0]] & BYTE_ENDS_WORD)
        return true;
    if (behind[0] == '.')
        return count > 1 && (behind[1] == ' ' || behind[1] == '\n');
    return behind[0] == '\'' && BYTES[(unsigned char)behind[1]] == BYTE_LOWER && behind[2] == ' '; /* a clitic */
}

enum { BEHIND_WORD = 3 }; /* bytes that it may look at */

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

/* Cut a clitic of one small letter before a blank. */
static inline bool
cut_clitic(const Source *s, Token *token)
{
    const char *text = s->text + token->start;

    if (s->len - token->start < 3 || text[0] != '\'' || BYTES[(unsigned char)text[1]] != BYTE_LOWER || text[2] != ' ')
        return false;
    token->end = token->start + 2;
    token->shape = SHAPE_LOWER;
    token->hash = hash_bytes(text, 2);
    return true;
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

/* ---- cutting */

/* The end of the token at `at`, which begins with c and is no plain word. */
static uint32_t
token_end(const Source *s, uint32_t at, Char c, bool clitic, uint8_t *flags)
{
    uint32_t end = at;

    if (is_word(c)) {
        unsigned char next = at + c.size < s->len ? (unsigned char)s->text[at + c.size] : 0;
        if (next == '.' && is_letter(c) && (end = dotted_end(s, at)) > at)
            *flags |= TOKEN_DOTTED;
        else
            end = word_end(s, at);
    } else if (clitic && is_apostrophe(c)) {
        end = clitic_end(s, at, c.size);
    }
    return end > at ? end : mark_end(s, at, c);
}

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
        token->end = token_end(s, token->start, char_at(s, token->start), false, &token->flags);
    if (token->end == end && end - token->start <= TOKEN_FOLD)
        finish_letters(s, token, others);
    else
        finish(s, token);
}

/* Any other token; false if there is white space instead. */
static bool
cut_other(const Source *s, Token *token, bool clitic, bool *new_line)
{
    Char c = char_at(s, token->start);

    if (c.class == CHAR_SPACE) {
        *new_line |= c.cp == 0x2028 || c.cp == 0x2029;
        token->end = token->start + c.size;
        return false;
    }
    token->end = token_end(s, token->start, c, clitic || s->len <= CLITIC_ALONE, &token->flags);
    finish(s, token);
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
            if (!(clitic && cut_clitic(&s, token)) && !cut_other(&s, token, clitic, &new_line)) {
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

/* ---- paragraphs */

/* Is there a blank line between two tokens? */
static bool
blank_line_between(const Article *a, const Token *before, const Token *after)
{
    uint32_t lines = 0;

    for (uint32_t i = before->end; i < after->start; i++)
        lines += a->text[i] == '\n' || (a->text[i] == '\r' && (i + 1 >= a->len || a->text[i + 1] != '\n'));
    return lines > 1;
}

/* Are single line ends mere wrapping?  In wrapped text nearly all lines that are followed by another line of their
 * block are about as long as the longest, which is no longer than a terminal or a printed column. */
static bool
lines_are_wrapped(const Article *a)
{
    uint32_t lines = 0, full = 0, start, longest = 0, length;

    for (int pass = 0; pass < 2; pass++) {
        for (start = 0; start < a->len; start += length + 1) {
            const char *newline = memchr(a->text + start, '\n', a->len - start);
            uint32_t end = newline ? (uint32_t)(newline - a->text) : a->len;
            bool inner = end + 1 < a->len && a->text[end + 1] != '\n' && a->text[end + 1] != '\r' && end > start;
            length = end - start;
            if (pass == 0)
                longest = length > longest ? length : longest;
            lines += pass && inner;
            full += pass && inner && length + 18 >= longest;
        }
        if (longest > 100)
            return false;
    }
    return longest >= 40 && lines >= 3 && full * 10 >= lines * 8;
}

void
article_cut(Article *a)
{
    TokenVec tokens = {0};
    Paragraph *paragraph = NULL;
    bool wrapped;

    /* one token for about five bytes of news; a first guess that saves copies */
    vec_reserve(a->arena, (void **)&tokens.items, &tokens.room, a->len / 5 + 16, sizeof *tokens.items);
    tokens_cut(a->arena, a->text, a->len, &tokens);
    memcpy(&a->tokens, &tokens, sizeof tokens);
    wrapped = lines_are_wrapped(a);
    for (uint32_t i = 0; i < tokens.count; i++) {
        Token *token = &tokens.items[i];
        if (!(token->flags & TOKEN_LINE) || (i > 0 && wrapped && !blank_line_between(a, token - 1, token)))
            continue;
        token->flags |= TOKEN_PARAGRAPH;
        if (paragraph)
            paragraph->tokens.end = i;
        paragraph = vec_push(a->arena, &a->paragraphs);
        paragraph->tokens = (Range){i, tokens.count};
    }
}
