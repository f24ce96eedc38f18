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

/* ---- plain words, which most tokens are: their end, hash and shape in one walk */

/* A run of ASCII letters. */
typedef struct {
    uint32_t start, end, upper;
    uint64_t hash; /* of the run in small letters, not yet mixed */
} Run;

static Run
run_at(const Source *s, uint32_t at)
{
    Run run = {at, at, 0, HASH_START};

    for (; run.end < s->len && ascii_letter(s->text[run.end]); run.end++) {
        unsigned char c = (unsigned char)s->text[run.end];
        run.upper += c <= 'Z';
        run.hash = hash_step(run.hash, c | 0x20);
    }
    return run;
}

/* Is the run a word, by what stands behind it alone?  If not so, word_end looks closer. */
static bool
run_is_word(const Source *s, Run run)
{
    char next;

    if (run.start == run.end)
        return false;
    if (run.end == s->len)
        return true;
    switch (s->text[run.end]) {
    case ' ': case '\n': case ',': case ';': case ':': case '?': case '!': case '-': case '"': case ')':
        return true;
    case '.': /* "J." and "example.com" are words with their stops */
        next = run.end + 1 < s->len ? s->text[run.end + 1] : ' ';
        return run.end > run.start + 1 && (next == ' ' || next == '\n');
    default:
        return false;
    }
}

static void
finish_run(const Source *s, Token *token, Run run)
{
    uint32_t n = run.end - run.start;

    token->hash = hash_mix(run.hash);
    if (run.upper == 0) {
        token->shape = SHAPE_LOWER;
    } else if (s->text[run.start] <= 'Z') {
        token->flags |= TOKEN_CAPITAL | (n == 1 ? TOKEN_INITIAL : 0);
        token->shape = run.upper == 1 ? SHAPE_CAP : run.upper == n ? SHAPE_UPPER : SHAPE_MIXED;
    } else {
        token->shape = SHAPE_MIXED;
    }
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

void
tokens_cut(Arena *arena, const char *text, uint32_t len, TokenVec *tokens)
{
    const Source s = {text, len};
    uint32_t at = 0, last_end = 0;
    bool new_line = true;

    while (at < len) {
        Token token = {.start = at};
        Run run;

        if (text[at] == ' ') {
            at++;
            continue;
        }
        run = run_at(&s, at);
        if (run_is_word(&s, run)) {
            token.end = run.end;
        } else {
            Char c = char_at(&s, at);
            bool glued = at == last_end && tokens->count && !new_line;
            if (c.class == CHAR_SPACE) {
                new_line |= c.cp == '\n' || c.cp == '\r' || c.cp == 0x2028 || c.cp == 0x2029;
                at += c.size;
                continue;
            }
            token.end = token_end(&s, at, c, len <= CLITIC_ALONE || (glued && tokens->items[tokens->count - 1].shape != SHAPE_PUNCT),
                                  &token.flags);
        }
        token.flags |= new_line ? TOKEN_LINE : at == last_end ? TOKEN_GLUED : 0;
        if (token.end == run.end && run.end - run.start <= TOKEN_FOLD)
            finish_run(&s, &token, run);
        else
            finish(&s, &token);
        vec_reserve(arena, (void **)&tokens->items, &tokens->room, tokens->count + 1, sizeof token);
        tokens->items[tokens->count++] = token;
        at = last_end = token.end;
        new_line = false;
    }
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
        if ((token->flags & TOKEN_LINE) &&
            (i == 0 || !wrapped || blank_line_between(a, token - 1, token))) {
            token->flags |= TOKEN_PARAGRAPH;
            paragraph = vec_push(a->arena, &a->paragraphs);
            paragraph->tokens = (Range){i, i};
        }
        paragraph->tokens.end = i + 1;
    }
}
