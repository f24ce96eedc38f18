/* Character sets: what is declared, what is found, what is left alone. */
#include "unit.h"

#include "input/charset.h"

static Arena arena;

static void
begin(void)
{
    arena_init(&arena);
}

static void
end(void)
{
    arena_close(&arena);
}

static void
decodes(const char *bytes, size_t len, const char *declared, const char *wanted)
{
    Decoded got = charset_decode(&arena, bytes, len, declared, false);

    cr_assert(got.len == strlen(wanted) && memcmp(got.text, wanted, got.len) == 0, "wanted %s, got %.*s", wanted, (int)got.len, got.text);
}

#define DECODES(bytes, declared, wanted) decodes(bytes, sizeof(bytes) - 1, declared, wanted)

TestSuite(charset, .init = begin, .fini = end);

Test(charset, utf8_is_left_alone_whatever_is_declared)
{
    DECODES("", NULL, "");
    DECODES("caf\xc3\xa9", NULL, "caf\xc3\xa9");
    DECODES("caf\xc3\xa9", "iso-8859-1", "caf\xc3\xa9");
    DECODES("\xef\xbb\xbf" "caf\xc3\xa9", "windows-1252", "caf\xc3\xa9");
}

Test(charset, utf16_with_and_without_a_mark)
{
    DECODES("\xff\xfe" "A\0\xe9\0", NULL, "A\xc3\xa9");
    DECODES("\xfe\xff" "\0A\0\xe9", NULL, "A\xc3\xa9");
    DECODES("H\0a\0r\0b\0o\0u\0r\0", NULL, "Harbour");
    DECODES("\0H\0a\0r\0b\0o\0u\0r", NULL, "Harbour");
}

Test(charset, utf32_with_and_without_a_mark)
{
    DECODES("\xff\xfe\0\0" "A\0\0\0\xe9\0\0\0", NULL, "A\xc3\xa9");
    DECODES("\0\0\xfe\xff" "\0\0\0A\0\0\0\xe9", NULL, "A\xc3\xa9");
    DECODES("H\0\0\0i\0\0\0\x1c\x20\0\0", NULL, "Hi\xe2\x80\x9c");
    DECODES("\0\0\0H\0\0\0i\0\0\x20\x1c", NULL, "Hi\xe2\x80\x9c");
}

Test(charset, half_a_character_costs_no_other)
{
    DECODES("\xff\xfe" "A\0\0\xd8" "B\0" "C\0", NULL, "A\xef\xbf\xbd" "BC");
    DECODES("\xff\xfe" "A\0B", NULL, "A\xef\xbf\xbd");
    DECODES("\xff\xfe\0\0" "A\0\0\0" "\0\0\x11\0" "B\0\0\0", NULL, "A\xef\xbf\xbd" "B");
}

Test(charset, what_is_declared_is_believed)
{
    DECODES("\xe9" "a", "windows-1258", "\xc3\xa9" "a");
    DECODES("a\xe9", "windows-1258", "a\xc3\xa9"); /* a mark might follow, and the last character waits for it */
    DECODES("\x1b$B$\"\x1b(B", "csISO2022JP", "\xe3\x81\x82");
    DECODES("\x93" "caf\xe9\x94", "iso-8859-1", "\xe2\x80\x9c" "caf\xc3\xa9\xe2\x80\x9d");
    DECODES("\xa4", "ISO-8859-15", "\xe2\x82\xac");
    DECODES("\xf2\xe5", "koi8-r", "\xd0\xa0\xd0\x95");
    DECODES("\x82\xa0", "Shift_JIS", "\xe3\x81\x82");
    DECODES("caf\xe9", "no-such-set", "caf\xc3\xa9");
}

Test(charset, what_is_not_declared_is_found)
{
    DECODES("He said \x93yes\x94 at the caf\xe9.", NULL, "He said \xe2\x80\x9cyes\xe2\x80\x9d at the caf\xc3\xa9.");
    DECODES("\xcc\xfd\xf0 \xe3\xee\xf0\xee\xe4\xe0 \xf1\xea\xe0\xe7\xe0\xeb, \xf7\xf2\xee \xe3\xe0\xe2\xe0\xed\xfc \xe7\xe0\xea\xf0\xfb\xf2\xe0.", NULL,
            "\xd0\x9c\xd1\x8d\xd1\x80 \xd0\xb3\xd0\xbe\xd1\x80\xd0\xbe\xd0\xb4\xd0\xb0 \xd1\x81\xd0\xba\xd0\xb0\xd0\xb7\xd0\xb0\xd0\xbb, "
            "\xd1\x87\xd1\x82\xd0\xbe \xd0\xb3\xd0\xb0\xd0\xb2\xd0\xb0\xd0\xbd\xd1\x8c \xd0\xb7\xd0\xb0\xd0\xba\xd1\x80\xd1\x8b\xd1\x82\xd0\xb0.");
}

Test(charset, utf8_with_a_fault_stays_utf8)
{
    DECODES("caf\xc3\xa9 caf\xc3\xa9 \xff", NULL, "caf\xc3\xa9 caf\xc3\xa9 \xff");
    DECODES("caf\xe2\x80", NULL, "caf\xe2\x80");
}

Test(charset, declarations_in_the_page)
{
    static const char *const pages[][2] = {
        {"<html><meta charset=\"koi8-r\">", "koi8-r"},
        {"<META name=a><meta http-equiv=Content-Type content='text/html; charset=ISO-8859-2'>", "ISO-8859-2"},
        {"<?xml version='1.0' encoding='Shift_JIS'?>", "Shift_JIS"},
        {"<p>charset=no", NULL},
        {"", NULL},
    };

    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        const char *got = charset_declared(&arena, pages[i][0], strlen(pages[i][0]));
        cr_assert(pages[i][1] ? got && strcmp(got, pages[i][1]) == 0 : got == NULL, "%s gives %s", pages[i][0], got ? got : "nothing");
    }
}

Test(charset, mojibake_is_counted)
{
    const char *good = "It\xe2\x80\x99s a caf\xc3\xa9.", *bad = "It\xc3\xa2\xe2\x82\xac\xe2\x84\xa2s a caf\xc3\x83\xc2\xa9.";

    cr_assert_eq(charset_mojibake(good, strlen(good)), 0);
    cr_assert_eq(charset_mojibake(bad, strlen(bad)), 2);
}
