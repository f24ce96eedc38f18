#include "store/db_p.h"

#include "text/utf8.h"

#include <stdio.h>

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
