/* Tokens and paragraphs. */
#include "unit.h"

#include "base/hash.h"
#include "text/tokens.h"
#include "text/utf8.h"

static Arena arena;
static Article a;

static void
set_up(void)
{
    arena_init(&arena);
}

static void
tear_down(void)
{
    arena_close(&arena);
}

TestSuite(tokens, .init = set_up, .fini = tear_down);
TestSuite(paragraphs, .init = set_up, .fini = tear_down);

static void
cut(const char *text)
{
    a = (Article){.arena = &arena, .text = text, .len = (uint32_t)strlen(text)};
    article_cut(&a);
}

/* The tokens with bars between them. */
static const char *
bars(const char *text)
{
    Buf out = {0};
    const char *copy;

    cut(text);
    for (uint32_t i = 0; i < a.tokens.count; i++) {
        const Token *t = &a.tokens.items[i];
        buf_str(&out, i ? "|" : "");
        buf_add(&out, text + t->start, t->end - t->start);
    }
    copy = arena_copy(&arena, out.bytes ? out.bytes : "", out.len);
    buf_close(&out);
    return copy;
}

Test(tokens, words_and_marks)
{
    cr_assert_str_eq(bars("He said: \"No, never!\""), "He|said|:|\"|No|,|never|!|\"");
    cr_assert_str_eq(bars(""), "");
    cr_assert_str_eq(bars(" \n\t "), "");
    cr_assert_str_eq(bars("wait -- no... ok"), "wait|--|no|...|ok");
}

Test(tokens, hyphens_part_words)
{
    cr_assert_str_eq(bars("Jean-Luc the vice-president"), "Jean|-|Luc|the|vice|-|president");
}

Test(tokens, clitics_are_parted_and_names_are_not)
{
    cr_assert_str_eq(bars("Smith's son isn't O'Brien or D'Arcy"), "Smith|'s|son|isn|'t|O'Brien|or|D'Arcy");
    cr_assert_str_eq(bars("Smith’s They’ll"), "Smith|’s|They|’ll");
    cr_assert_str_eq(bars("the workers' union"), "the|workers|'|union");
}

Test(tokens, words_end_before_marks_of_all_kinds)
{
    cr_assert_str_eq(bars("“Yes.” ‘Perhaps,’ he said… or ‘no’ — or never–ever, at the very end"),
                     "“|Yes|.|”|‘|Perhaps|,|’|he|said|…|or|‘|no|’|—|or|never|–|ever|,|at|the|very|end");
    cr_assert_str_eq(bars("\"Yes.\" They've, they’re; the boys’ and girls' 7, 8: 9. 10% of 12–14 at the very end"),
                     "\"|Yes|.|\"|They|'ve|,|they|’re|;|the|boys|’|and|girls|'|7|,|8|:|9|.|10|%|of|12|–|14|at|the|very|end");
    cr_assert_str_eq(bars("1,2 3.5 4:30 5th 1990s O’Brien example.com d’Or at the very end"), "1,2|3.5|4:30|5th|1990s|O’Brien|example.com|d’Or|at|the|very|end");
}

Test(tokens, dotted_capitals_and_initials)
{
    cr_assert_str_eq(bars("the U.S. and J. K. Smith, J.Smith"), "the|U.S.|and|J.|K.|Smith|,|J.|Smith");
    cr_assert_str_eq(bars("I saw it."), "I|saw|it|.");
    cr_assert_str_eq(bars("at 9 a.m. today"), "at|9|a.m.|today");
}

Test(tokens, numbers_keep_their_marks)
{
    cr_assert_str_eq(bars("1,000 or 3.5 at 10:30."), "1,000|or|3.5|at|10:30|.");
    cr_assert_str_eq(bars("$5m"), "$|5m");
}

Test(tokens, firms_addresses_and_handles)
{
    cr_assert_str_eq(bars("AT&T and Amazon.com by @ann #tag"), "AT&T|and|Amazon.com|by|@ann|#tag");
    cr_assert_str_eq(bars("fish&chips"), "fish|&|chips");
}

Test(tokens, accents_and_scripts)
{
    cr_assert_str_eq(bars("Jürgen e\xcc\x81t Москва"), "Jürgen|e\xcc\x81t|Москва");
    cr_assert_str_eq(bars("a\xc2\xa0" "b\xe2\x80\x8b" "c"), "a|b|c", "a hard and a zero-width space");
}

Test(tokens, every_byte_but_space_is_in_one_token)
{
    const char *text = "A “mixed” bag: 3½ naïve cats’ paws\n(§ 7) — ﬁn. \xf0\x9f\x98\x80!";
    uint32_t at = 0;

    cut(text);
    for (uint32_t i = 0; i < a.tokens.count; i++) {
        const Token *t = &a.tokens.items[i];
        cr_assert(t->start >= at && t->end > t->start && t->end <= a.len);
        for (; at < t->start; at++)
            cr_assert(strchr(" \n", text[at]), "a byte was passed over at %u", at);
        at = t->end;
    }
    cr_assert_eq(at, a.len);
}

static Token
only(const char *text)
{
    cut(text);
    cr_assert_eq(a.tokens.count, 1, "%s is %u tokens", text, a.tokens.count);
    return a.tokens.items[0];
}

Test(tokens, shapes)
{
    cr_assert_eq(only("word").shape, SHAPE_LOWER);
    cr_assert_eq(only("Word").shape, SHAPE_CAP);
    cr_assert_eq(only("WORD").shape, SHAPE_UPPER);
    cr_assert_eq(only("eBay").shape, SHAPE_MIXED);
    cr_assert_eq(only("McDonald").shape, SHAPE_MIXED);
    cr_assert_eq(only("1,200").shape, SHAPE_NUMBER);
    cr_assert_eq(only("5m").shape, SHAPE_NUMBER);
    cr_assert_eq(only("--").shape, SHAPE_PUNCT);
    cr_assert_eq(only("Élan").shape, SHAPE_CAP);
    cr_assert_eq(only("ÉLAN").shape, SHAPE_UPPER);
    cr_assert_eq(only("A").shape, SHAPE_CAP);
    cr_assert_eq(only("U.S.").shape, SHAPE_LETTERS);
}

Test(tokens, flags)
{
    cr_assert(only("J.").flags & TOKEN_INITIAL);
    cr_assert(only("J.").flags & TOKEN_DOTTED);
    cr_assert(only("McDonald").flags & TOKEN_CAPITAL);
    cr_assert_not(only("eBay").flags & TOKEN_CAPITAL);
    cr_assert(only("é").flags & TOKEN_NONASCII);
    cut("one, two\nthree");
    cr_assert(a.tokens.items[0].flags & TOKEN_LINE);
    cr_assert(a.tokens.items[1].flags & TOKEN_GLUED);
    cr_assert_not(a.tokens.items[2].flags & TOKEN_GLUED);
    cr_assert(a.tokens.items[3].flags & TOKEN_LINE);
}

Test(tokens, one_hash_for_all_ways_of_writing)
{
    static const char *const same[][2] = {{"Paris", "PARIS"}, {"Łódź", "lodz"}, {"U.S.", "US"}, {"“", "\""}, {"—", "–"}};

    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        cr_assert_eq(only(same[i][0]).hash, only(same[i][1]).hash, "%s and %s", same[i][0], same[i][1]);
    cr_assert_neq(only("Paris").hash, only("Pari").hash);
}

Test(tokens, the_quick_way_and_the_long_way_agree)
{
    /* plain ASCII words, short numbers and the marks of typography are finished without a second walk */
    static const char *const words[] = {"a",       "Z",        "word",      "Word",     "WORD",      "wOrD",           "McDonald", "zebra", "harbour",
                                        "Harbours", "HARBOURS", "harboUrs", "quayside", "Quaysides", "QUAYSIDEMASTER", "eWord",    ",",     ".",
                                        "harboUrmaster", "Harbourmasters", "HARBOURMASTERSX", "harbourmasterships", "HarbourmasterS", "xHARBOURMASTER",
                                        "7",       "42",       "1234567",   "12345678", "“",         "”",              "–",        "—",     "…",
                                        "‘",       "’",        "'"};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        char fold[TOKEN_FOLD];
        Token t = only(words[i]), among;
        cr_assert_eq(t.hash, hash_bytes(fold, token_fold(words[i], &t, fold)), "%s", words[i]);
        cut(arena_printf(&arena, "%s and so on and on, as they say", words[i])); /* with bytes behind it */
        among = a.tokens.items[0];
        cr_assert(among.hash == t.hash && among.shape == t.shape && among.end == t.end, "%s", words[i]);
        cr_assert_eq(among.flags & ~TOKEN_LINE, t.flags & ~TOKEN_LINE, "%s", words[i]);
    }
    for (int curly = 0; curly < 2; curly++) {
        Token clitic;
        cut(curly ? "They’ll say, and it’s over at the very end" : "They'll say, and it's over at the very end");
        clitic = a.tokens.items[1];
        cr_assert(clitic.hash == only("'ll").hash && clitic.shape == SHAPE_LOWER && (clitic.flags == TOKEN_GLUED) != curly);
    }
}

Test(tokens, a_very_long_word_is_one_token)
{
    char *text = arena_alloc(&arena, 100001);

    memset(text, 'x', 100000);
    text[100000] = '\0';
    cr_assert_eq(only(text).end, 100000);
}

Test(tokens, find_by_offset)
{
    cut("ab cd, ef");
    cr_assert_eq(article_token_at(&a, 0), 0);
    cr_assert_eq(article_token_at(&a, 1), 0);
    cr_assert_eq(article_token_at(&a, 2), 1, "in the space: the next token");
    cr_assert_eq(article_token_at(&a, 5), 2);
    cr_assert_eq(article_token_at(&a, 9), a.tokens.count);
}

/* ---- paragraphs */

Test(paragraphs, blank_lines_part_them)
{
    cut("One.\n\nTwo\ntwo.\n \n\r\nThree.");
    cr_assert_eq(a.paragraphs.count, 4, "lines of a text that is not wrapped stand alone");
    cr_assert_eq(article_paragraph_of(&a, 0), 0);
    cr_assert_eq(article_paragraph_of(&a, a.tokens.count - 1), 3);
}

Test(paragraphs, wrapped_lines_are_one)
{
    cut("The ferry that was to carry the mayor and the whole band over the lake\n"
        "ran aground on Monday morning in thick fog near the northern shore, and\n"
        "the passengers, some of them with their instruments, had to be fetched\n"
        "by the boats of three fishermen, who asked for nothing but a little\n"
        "music.\n"
        "\n"
        "Nobody was hurt.");
    cr_assert_eq(a.paragraphs.count, 2);
}

Test(paragraphs, they_cover_all_tokens)
{
    uint32_t at = 0;

    cut("\n\n  A b c.\n\nD e.\n\n\n\nF\n");
    for (uint32_t i = 0; i < a.paragraphs.count; i++) {
        cr_assert_eq(a.paragraphs.items[i].tokens.start, at);
        at = a.paragraphs.items[i].tokens.end;
    }
    cr_assert_eq(at, a.tokens.count);
    cr_assert_eq(a.paragraphs.count, 3);
}

Test(paragraphs, old_line_ends)
{
    cut("One.\r\rTwo.");
    cr_assert_eq(a.paragraphs.count, 2);
    cut("One.\r\n\r\nTwo.");
    cr_assert_eq(a.paragraphs.count, 2);
}
