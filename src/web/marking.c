#include "web/marking.h"

#include "text/utf8.h"
#include "web/html.h"

enum { LETTERS = 3, WORD_MOST = 64, WANTED_MOST = 32 };

/* ---- terms */

static void
add_term(Terms *t, size_t *used, const char *term, size_t len, bool begins)
{
    char *to = t->text + *used;

    if (t->count == TERMS_MOST || len == 0 || *used + len + 2 > sizeof t->text)
        return;
    memcpy(to, term, len);
    if (begins && term[len - 1] != '*')
        to[len++] = '*';
    to[len] = '\0';
    t->terms[t->count++] = to;
    *used += len + 1;
}

/* Quotation marks of any shape: the bytes of one, or 0. */
static size_t
mark_at(const char *text)
{
    static const char *const MARKS[] = {"\"", "\u201c", "\u201d", "\u201e", "\u00ab", "\u00bb"};

    for (size_t i = 0; i < sizeof MARKS / sizeof *MARKS; i++)
        if (strncmp(text, MARKS[i], strlen(MARKS[i])) == 0)
            return strlen(MARKS[i]);
    return 0;
}

void
terms_read(Terms *t, const char *words)
{
    size_t used = 0, mark, from;

    t->count = 0;
    while (words && *words) {
        if ((mark = mark_at(words)) > 0) {
            for (from = 0, words += mark; words[from] && mark_at(words + from) == 0;)
                from++;
            add_term(t, &used, words, from, false);
            words += from;
            words += mark_at(words);
            continue;
        }
        for (from = 0; words[from] && strchr(" \t\r\n", words[from]) == NULL && mark_at(words + from) == 0;)
            from++;
        add_term(t, &used, words, from, from >= LETTERS);
        words += from + (words[from] && strchr(" \t\r\n", words[from]) ? 1 : 0);
    }
}

/* ---- marking */

typedef struct {
    char folded[WORD_MOST];
    size_t len;
    bool begins;
} Wanted;

static bool
is_of_word(uint32_t cp)
{
    CharClass class = char_class(cp);

    return class == CHAR_LOWER || class == CHAR_UPPER || class == CHAR_LETTER || class == CHAR_DIGIT;
}

/* The next word of a text from *at: its bytes in *start and *end; false at the end. */
static bool
next_word(const char *text, size_t len, size_t *at, size_t *start, size_t *end)
{
    uint32_t size;

    while (*at < len && !is_of_word(utf8_next(text + *at, &size)))
        *at += size;
    *start = *at;
    while (*at < len && is_of_word(utf8_next(text + *at, &size)))
        *at += size;
    *end = *at;
    return *end > *start;
}

static uint32_t
read_wanted(Wanted wanted[WANTED_MOST], const char *words)
{
    Terms terms;
    uint32_t count = 0;

    terms_read(&terms, words);
    for (uint32_t i = 0; i < terms.count; i++) {
        size_t len = strlen(terms.terms[i]), at = 0, start, end;
        while (count < WANTED_MOST && next_word(terms.terms[i], len, &at, &start, &end)) {
            Wanted *w = &wanted[count];
            w->len = utf8_fold(terms.terms[i] + start, end - start, w->folded, sizeof w->folded);
            w->begins = terms.terms[i][end] == '*';
            count += w->len > 0;
        }
    }
    return count;
}

static bool
is_wanted(const Wanted *wanted, uint32_t count, const char *word, size_t len)
{
    char folded[4 * WORD_MOST];
    size_t n = utf8_fold(word, len, folded, sizeof folded);

    for (uint32_t i = 0; i < count; i++)
        if ((wanted[i].begins ? n >= wanted[i].len : n == wanted[i].len) && memcmp(folded, wanted[i].folded, wanted[i].len) == 0)
            return true;
    return false;
}

void
marking_put(Buf *out, const char *text, size_t len, const char *words)
{
    Wanted wanted[WANTED_MOST];
    uint32_t count = words ? read_wanted(wanted, words) : 0;
    size_t at = 0, from = 0, start, end, bad;

    if (count == 0 || !utf8_check(text, len, &bad)) {
        html_text_len(out, text, len);
        return;
    }
    while (next_word(text, len, &at, &start, &end))
        if (is_wanted(wanted, count, text + start, end - start)) {
            html_text_len(out, text + from, start - from);
            buf_str(out, "<mark>");
            html_text_len(out, text + start, end - start);
            buf_str(out, "</mark>");
            from = end;
        }
    html_text_len(out, text + from, len - from);
}
