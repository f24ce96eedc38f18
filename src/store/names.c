#include "store/db_p.h"

#include "text/utf8.h"

#include <stdio.h>
#include <string.h>

static bool
is_word(CharClass class)
{
    return class != CHAR_OTHER && class != CHAR_SPACE;
}

/* The end of the word at `at`, and whether it counts. */
static size_t
pass_word(const char *name, size_t len, size_t at, bool *counts)
{
    uint32_t letters = 0, size;
    bool capital = false;

    for (; at < len; at += size) {
        CharClass class = char_class(utf8_next(name + at, &size));
        if (!is_word(class))
            break;
        if (letters == 0)
            capital = class == CHAR_UPPER || class == CHAR_LETTER;
        letters += class == CHAR_UPPER || class == CHAR_LETTER || class == CHAR_LOWER;
    }
    *counts = capital && letters > 1;
    return at;
}

const char *
name_key(Arena *arena, const char *name, size_t len, uint32_t *full)
{
    size_t room = 4 * len + 1, used = 0, at = 0; /* folding may lengthen a word, but what is left over is cut off */
    char *key = arena_alloc(arena, room + 1);
    uint32_t count = 0, size;

    while (at < len) {
        size_t end;
        bool counts;
        if (!is_word(char_class(utf8_next(name + at, &size)))) {
            at += size;
            continue;
        }
        end = pass_word(name, len, at, &counts);
        if (used && used < room)
            key[used++] = ' ';
        used += utf8_fold(name + at, end - at, key + used, room - used);
        count += counts;
        at = end;
    }
    key[used] = '\0';
    if (full)
        *full = count;
    return key;
}

/* ---- names that contradict each other */

enum { NAME_WORDS = 12 };

typedef struct {
    const char *words[NAME_WORDS]; /* that the other has not, or has otherwise */
    size_t lengths[NAME_WORDS];
    uint32_t count;
} NameWords;

static bool
is_letter(const char *word, size_t len)
{
    uint32_t size;

    return len > 0 && (utf8_next(word, &size), size == len);
}

static void
cut_name(const char *name, NameWords *out)
{
    for (out->count = 0; *name && out->count < NAME_WORDS; out->count++) {
        out->words[out->count] = name;
        out->lengths[out->count] = strcspn(name, " ");
        name += out->lengths[out->count];
        name += *name == ' ';
    }
}

/* The same word, or one of them the other's first letter. */
static bool
words_agree(const NameWords *a, uint32_t i, const NameWords *b, uint32_t j)
{
    size_t len = a->lengths[i] < b->lengths[j] ? a->lengths[i] : b->lengths[j];

    return memcmp(a->words[i], b->words[j], len) == 0 && (a->lengths[i] == b->lengths[j] || is_letter(a->words[i], len));
}

/* How many words of `a` have none in `b` that agrees, each taken once and in order. */
static uint32_t
count_alone(const NameWords *a, const NameWords *b)
{
    uint32_t alone = 0, from = 0;

    for (uint32_t i = 0; i < a->count; i++) {
        uint32_t j = from;
        while (j < b->count && !words_agree(a, i, b, j))
            j++;
        if (j < b->count)
            from = j + 1;
        else
            alone++;
    }
    return alone;
}

/* Is one of the words between the first and the last a letter? */
static bool
has_initial(const NameWords *n)
{
    for (uint32_t i = 1; i + 1 < n->count; i++)
        if (is_letter(n->words[i], n->lengths[i]))
            return true;
    return false;
}

bool
names_conflict(const char *a, const char *b)
{
    NameWords x, y;

    cut_name(a, &x);
    cut_name(b, &y);
    if (x.count == 0 || y.count == 0 || x.lengths[0] != y.lengths[0] || memcmp(x.words[0], y.words[0], x.lengths[0]) != 0)
        return false;
    if (count_alone(&x, &y) && count_alone(&y, &x))
        return true;
    return x.count > 2 && y.count > 2 && x.count != y.count && (has_initial(&x) || has_initial(&y));
}

/* ---- what is short for a name */

bool
name_is_short_for(const char *full, const char *shorter)
{
    size_t letters = 0, words = 0;

    if (strchr(shorter, ' ') != NULL)
        return false;
    for (const char *word = full; *word; word += strcspn(word, " "), word += *word == ' ') {
        words++;
        if (shorter[letters] && *word == shorter[letters])
            letters++;
    }
    return letters > 1 && shorter[letters] == '\0' && words < 2 * letters;
}

/* ---- days */

static bool
digits(const char *text, int count, int *value)
{
    *value = 0;
    for (int i = 0; i < count; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        *value = *value * 10 + (text[i] - '0');
    }
    return true;
}

bool
day_read(const char *text, char day[11])
{
    int year, month, date;
    const char *rest;

    if (!digits(text, 4, &year))
        return false;
    rest = text + 4 + (text[4] == '-');
    if (!digits(rest, 2, &month) || (text[4] == '-') != (rest[2] == '-'))
        return false;
    rest += 2 + (rest[2] == '-');
    if (!digits(rest, 2, &date) || (rest[2] >= '0' && rest[2] <= '9'))
        return false;
    if (month < 1 || month > 12 || date < 1 || date > 31)
        return false;
    snprintf(day, 11, "%04d-%02d-%02d", year, month, date);
    return true;
}
