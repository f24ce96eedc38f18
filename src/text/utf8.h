/* UTF-8 at the door: checked once, repaired or refused; after that every stage may trust it. */
#ifndef ONRECORD_TEXT_UTF8_H
#define ONRECORD_TEXT_UTF8_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Is this well-formed UTF-8 (Unicode 15, table 3-7)?  If not, *bad is the byte offset of the first broken sequence. */
bool utf8_check(const char *text, size_t len, size_t *bad);

/* A copy in the arena in which each maximal broken part is U+FFFD (Unicode 15, 3.9, best practice).  *out_len is its
 * length in bytes and *repaired the number of replacements. */
char *utf8_repair(Arena *arena, const char *text, size_t len, size_t *out_len, size_t *repaired);

/* The code point at `text[0]`, and its length in bytes in *size.  The text must be checked and not empty. */
uint32_t utf8_next(const char *text, uint32_t *size);

/* The number of code points in checked text. */
size_t utf8_count(const char *text, size_t len);

/* The number of UTF-16 code units that checked text would have. */
size_t utf8_count_utf16(const char *text, size_t len);

/* Fold for comparison: lower case, no diacritics, straight quotation marks and plain hyphens (utf8proc: compatibility
 * decomposition, case folding, marks stripped; and the letters that have no decomposition: o slash, l stroke, d stroke).
 * Writes at most `room` bytes to `out` and returns the length; what does not fit is cut at a code point. */
size_t utf8_fold(const char *text, size_t len, char *out, size_t room);

typedef enum { CHAR_OTHER, CHAR_SPACE, CHAR_LOWER, CHAR_UPPER, CHAR_LETTER, CHAR_DIGIT, CHAR_MARK } CharClass;

/* The class of a code point; CHAR_LETTER is a letter without case. */
CharClass char_class_beyond_ascii(uint32_t cp);

/* Is it a control (C0, DEL, C1), or a mark that turns the direction of what follows or cannot be seen at all?  Such are not shown to
 * people. */
bool char_is_unsafe(uint32_t cp);

extern const uint8_t ASCII_CLASSES[128];

static inline CharClass
char_class(uint32_t cp)
{
    return cp < 0x80 ? (CharClass)ASCII_CLASSES[cp] : char_class_beyond_ascii(cp);
}

#endif
