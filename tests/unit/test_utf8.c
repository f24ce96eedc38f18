/* UTF-8 at the door: checking, repairing, counting, folding, classes. */
#include "unit.h"

#include "text/utf8.h"

static size_t
first_bad(const char *text, size_t len)
{
    size_t bad = 0;

    cr_assert_not(utf8_check(text, len, &bad), "this was taken as UTF-8");
    return bad;
}

#define BAD_AT(literal) first_bad(literal, sizeof(literal) - 1)

Test(utf8, well_formed_text_is_taken)
{
    static const char *const good[] = {"", "a", "\x7f", "caf\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80", "\xed\x9f\xbf",
                                       "\xee\x80\x80", "\xf4\x8f\xbf\xbf", "\xc2\x80", "\xe0\xa0\x80", "\xf0\x90\x80\x80",
                                       "eight bytes of ASCII and more \xc3\xa9"};
    size_t bad;

    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        cr_assert(utf8_check(good[i], strlen(good[i]), &bad), "number %zu is refused at %zu", i, bad);
    cr_assert(utf8_check("a\0b", 3, &bad), "NUL is a character like any other");
}

Test(utf8, each_kind_of_broken_text_with_its_place)
{
    cr_assert_eq(BAD_AT("ab\x80"), 2, "a continuation byte alone");
    cr_assert_eq(BAD_AT("\xc0\xaf"), 0, "an overlong slash");
    cr_assert_eq(BAD_AT("\xc1\xbf"), 0, "an overlong DEL");
    cr_assert_eq(BAD_AT("a\xe0\x9f\xbf"), 1, "three bytes that are overlong");
    cr_assert_eq(BAD_AT("\xf0\x8f\xbf\xbf"), 0, "four bytes that are overlong");
    cr_assert_eq(BAD_AT("12345678\xed\xa0\x80"), 8, "half a surrogate pair");
    cr_assert_eq(BAD_AT("\xf4\x90\x80\x80"), 0, "beyond U+10FFFF");
    cr_assert_eq(BAD_AT("\xf5\x80\x80\x80"), 0, "a lead that is none");
    cr_assert_eq(BAD_AT("\xff"), 0);
    cr_assert_eq(BAD_AT("x\xc3"), 1, "cut after one of two");
    cr_assert_eq(BAD_AT("x\xe2\x82"), 1, "cut after two of three");
    cr_assert_eq(BAD_AT("x\xf0\x9f\x98"), 1, "cut after three of four");
    cr_assert_eq(BAD_AT("x\xe2\x41\x41"), 1, "a letter where a continuation should be");
}

Test(utf8, text_of_many_bytes_at_once_ends_where_it_ends)
{
    char text[100];
    size_t bad;

    for (size_t len = 0; len < sizeof text - 4; len++) {
        memset(text, 'a', sizeof text);
        text[len] = '\x80'; /* behind the text */
        cr_assert(utf8_check(text, len, &bad), "%zu bytes are refused", len);
        memcpy(text + len, "\xf0\x9f\x98\x80", 4);
        cr_assert(utf8_check(text, len + 4, &bad), "a character behind %zu bytes is refused", len);
        cr_assert_eq(first_bad(text, len + 3), len, "cut behind %zu bytes", len);
    }
}

Test(utf8, broken_at_every_place_of_a_word_of_eight)
{
    for (size_t at = 0; at < 24; at++) {
        char text[] = "abcdefghijklmnopqrstuvwx";
        text[at] = '\xff';
        cr_assert_eq(first_bad(text, 24), at);
    }
}

static void
repairs(const char *text, size_t len, const char *wanted, size_t faults)
{
    Arena arena;
    size_t out_len, repaired, bad;
    char *out;

    arena_init(&arena);
    out = utf8_repair(&arena, text, len, &out_len, &repaired);
    cr_assert_str_eq(out, wanted);
    cr_assert_eq(out_len, strlen(wanted));
    cr_assert_eq(repaired, faults);
    cr_assert(utf8_check(out, out_len, &bad));
    arena_close(&arena);
}

#define REPAIRS(literal, wanted, faults) repairs(literal, sizeof(literal) - 1, wanted, faults)
#define FFFD "\xef\xbf\xbd"

Test(utf8, repair_replaces_each_maximal_part)
{
    REPAIRS("plain", "plain", 0);
    REPAIRS("a\xff" "b", "a" FFFD "b", 1);
    REPAIRS("\xe2\x82", FFFD, 1);
    REPAIRS("\xf0\x9f\x98" "x", FFFD "x", 1);
    REPAIRS("\xed\xa0\x80", FFFD FFFD FFFD, 3);
    REPAIRS("\xc0\xaf", FFFD FFFD, 2);
    /* the example of the Unicode standard, table 3-8 */
    REPAIRS("\x61\xf1\x80\x80\xe1\x80\xc2\x62\x80\x63\x80\xbf\x64", "a" FFFD FFFD FFFD "b" FFFD "c" FFFD FFFD "d", 6);
}

Test(utf8, repair_of_every_byte_alone)
{
    for (int byte = 0x80; byte < 0x100; byte++) {
        const char text[1] = {(char)byte};
        repairs(text, 1, FFFD, 1);
    }
}

Test(utf8, next_reads_one_to_four_bytes)
{
    uint32_t size;

    cr_assert_eq(utf8_next("a", &size), 'a');
    cr_assert_eq(size, 1);
    cr_assert_eq(utf8_next("\xc3\xa9", &size), 0xe9);
    cr_assert_eq(size, 2);
    cr_assert_eq(utf8_next("\xe2\x82\xac", &size), 0x20ac);
    cr_assert_eq(size, 3);
    cr_assert_eq(utf8_next("\xf0\x9f\x98\x80", &size), 0x1f600);
    cr_assert_eq(size, 4);
}

Test(utf8, counts)
{
    const char *text = "a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80";

    cr_assert_eq(utf8_count(text, strlen(text)), 4);
    cr_assert_eq(utf8_count_utf16(text, strlen(text)), 5);
    cr_assert_eq(utf8_count("", 0), 0);
}

static const char *
folded(const char *text)
{
    static char out[256];
    size_t n = utf8_fold(text, strlen(text), out, sizeof out - 1);

    out[n] = '\0';
    return out;
}

Test(utf8, fold_drops_case_and_diacritics)
{
    cr_assert_str_eq(folded("Mary"), "mary");
    cr_assert_str_eq(folded("JÜRGEN Åke Łódź Øystein Đoković"), "jurgen ake lodz oystein dokovic");
    cr_assert_str_eq(folded("Straße"), "strasse");
    cr_assert_str_eq(folded("e\xcc\x81"), "e", "a combining accent");
    cr_assert_str_eq(folded("\xef\xac\x81sh"), "fish", "a ligature");
}

Test(utf8, fold_makes_marks_plain)
{
    cr_assert_str_eq(folded("“x” „y‟ «z»"), "\"x\" \"y\" \"z\"");
    cr_assert_str_eq(folded("‘x’"), "'x'");
    cr_assert_str_eq(folded("a‐b – c — d…"), "a-b -- c -- d...");
}

Test(utf8, fold_is_cut_at_a_code_point)
{
    char out[8];
    size_t bad;

    for (size_t room = 0; room < 8; room++) {
        size_t n = utf8_fold("\xd0\x90\xd0\x91\xd0\x92", 6, out, room); /* three Cyrillic letters */
        cr_assert(n <= room);
        cr_assert(utf8_check(out, n, &bad), "half a letter with room for %zu", room);
    }
}

Test(utf8, fold_twice_is_fold_once)
{
    const char *words[] = {"ÉCOLE", "Ægir", "İstanbul", "ǅ", "ﬃ", "Ω", "ẞ"};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        char once[256];
        strcpy(once, folded(words[i]));
        cr_assert_str_eq(folded(once), once, "%s", words[i]);
    }
}

Test(utf8, classes)
{
    cr_assert_eq(char_class('a'), CHAR_LOWER);
    cr_assert_eq(char_class('Z'), CHAR_UPPER);
    cr_assert_eq(char_class('7'), CHAR_DIGIT);
    cr_assert_eq(char_class('\t'), CHAR_SPACE);
    cr_assert_eq(char_class('-'), CHAR_OTHER);
    cr_assert_eq(char_class(0), CHAR_OTHER);
    cr_assert_eq(char_class(0xe9), CHAR_LOWER);
    cr_assert_eq(char_class(0x416), CHAR_UPPER);
    cr_assert_eq(char_class(0x4e2d), CHAR_LETTER);
    cr_assert_eq(char_class(0x301), CHAR_MARK);
    cr_assert_eq(char_class(0xa0), CHAR_SPACE);
    cr_assert_eq(char_class(0x2028), CHAR_SPACE);
    cr_assert_eq(char_class(0x201c), CHAR_OTHER);
    cr_assert_eq(char_class(0x1f600), CHAR_OTHER);
}
