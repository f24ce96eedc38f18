/* The long way to cut a token of any kind: where it ends, how it is written and how it is folded, told character by character. */
#include "text/tokens_p.h"

#include "base/hash.h"

Char
token_char(const Source *s, uint32_t at)
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
    Char first = token_char(s, at);

    for (;;) {
        Char letter = token_char(s, end);
        if (!is_letter(letter) || end + letter.size >= s->len)
            break;
        if (s->text[end + letter.size] != '.') {
            /* "U.S" with its last stop missing */
            if (letters > 0 && !is_word(token_char(s, end + letter.size)))
                return end + letter.size;
            break;
        }
        end += letter.size + 1;
        letters++;
    }
    if (letters == 0 || (letters == 1 && first.class != CHAR_UPPER))
        return at;
    if (is_word(token_char(s, end))) /* "J.Smith" is an initial and a word; "e.g.text" is neither */
        return letters == 1 && token_char(s, end).class == CHAR_UPPER ? end : letters > 1 ? end : at;
    return end;
}

/* May the word that ends at the apostrophe `at` go on behind it? */
static bool
joins_at_apostrophe(const Source *s, uint32_t word, uint32_t at, uint32_t behind)
{
    uint32_t letters = 0, end = behind, size = 0;

    utf8_next(s->text + word, &size);
    if (!is_letter(token_char(s, behind)))
        return false;
    for (Char c = token_char(s, end); is_letter(c) && letters < 3; c = token_char(s, end)) {
        end += c.size;
        letters++;
    }
    if (letters >= 3)
        return true;
    return token_char(s, behind).class == CHAR_UPPER && (letters > 1 || word + size == at);
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
        c = token_char(s, at);
        if (c.cp == ' ')
            return at;
        if (is_word(c)) {
            at += c.size;
            continue;
        }
        if (c.size == 0 || at == start)
            return at;
        next = token_char(s, at + c.size);
        if (is_apostrophe(c) && joins_at_apostrophe(s, start, at, at + c.size)) {
            at += c.size;
        } else if (c.cp == '&' && next.class == CHAR_UPPER && token_char(s, start).class == CHAR_UPPER) {
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

    for (Char c = token_char(s, end); is_letter(c); c = token_char(s, end)) {
        end += c.size;
        letters++;
    }
    return letters == 1 || letters == 2 ? end : at;
}

static uint32_t
mark_end(const Source *s, uint32_t at, Char c)
{
    uint32_t end = at + c.size;

    if ((c.cp == '@' || c.cp == '#') && is_letter(token_char(s, end)))
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

void
token_finish(const Source *s, Token *token)
{
    char fold[TOKEN_FOLD];

    set_shape(s, token);
    token->hash = hash_bytes(fold, token_fold(s->text, token, fold));
}

uint32_t
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
