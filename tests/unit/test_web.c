/* What reaches a page stays text; what is asked for is read as it was meant, or refused. */
#include "unit.h"

#include "web/html.h"
#include "web/marking.h"
#include "web/request.h"
#include "web/web.h"

static void
expect_text(const char *text, const char *expected)
{
    Buf out = {0};

    buf_str(&out, "");
    html_text(&out, text);
    cr_expect_str_eq(out.bytes, expected);
    buf_close(&out);
}

Test(html, text_stays_text)
{
    expect_text("a < b & \"c\" > 'd'", "a &lt; b &amp; &quot;c&quot; &gt; &#39;d&#39;");
    expect_text("caf\u00e9", "caf\u00e9");
    expect_text("bell\x07" "back\x1b[2J\u202eevil\xc2\x85", "bell\uFFFD" "back\uFFFD[2J\uFFFD" "evil\uFFFD");
    expect_text("line\nend\r\ttab", "line\nend\n\ttab");
    expect_text("broken \xff\xfe", "broken ");
    expect_text(NULL, "");
}

Test(html, put_fills_the_holes_with_text)
{
    Buf out = {0};

    html_put(&out, "<a title=\"%\">%</a>", "\"onclick=x", "<b>", NULL);
    cr_expect_str_eq(out.bytes, "<a title=\"&quot;onclick=x\">&lt;b&gt;</a>");
    buf_close(&out);
}

Test(html, numbers_days_and_addresses)
{
    Buf out = {0};

    html_number(&out, 1234567);
    buf_char(&out, '|');
    html_number(&out, 1234);
    buf_char(&out, '|');
    html_count(&out, 1, "quote");
    buf_char(&out, '|');
    html_day(&out, "2024-03-01");
    buf_char(&out, '|');
    html_day(&out, "2024-13-01<");
    buf_char(&out, '|');
    html_url(&out, "a b/\u00e9&");
    cr_expect_str_eq(out.bytes, "1\u202f234\u202f567|1234|1 quote|<time datetime=\"2024-03-01\">1 March 2024</time>|2024-13-01&lt;|a+b%2F%C3%A9%26");
    buf_close(&out);
    cr_expect(html_is_web_address("https://example.org/"));
    cr_expect(!html_is_web_address("javascript:alert(1)"));
    cr_expect(!html_is_web_address("HTTPS-no"));
    cr_expect(!html_is_web_address(NULL));
}

/* ---- requests */

static Arena arena;

static void
setup(void)
{
    arena_init(&arena);
}

static void
teardown(void)
{
    arena_close(&arena);
}

TestSuite(request, .init = setup, .fini = teardown);

Test(request, path_form_and_parameters)
{
    Request r;

    cr_assert_eq(request_read(&r, &arena, "/person/12.csv?q=a+b%21&empty=&page=3"), REQUEST_OK);
    cr_expect_str_eq(r.view, "person");
    cr_expect_str_eq(r.name, "12");
    cr_expect_eq(r.id, 12);
    cr_expect_eq(r.form, FORM_CSV);
    cr_expect_str_eq(request_get(&r, "q"), "a b!");
    cr_expect_null(request_get(&r, "empty"));
    cr_expect_null(request_get(&r, "none"));
    cr_expect_eq(request_number(&r, "page", 10, 1), 3);
    cr_expect_eq(request_number(&r, "page", 2, 1), 1);
    cr_expect_eq(request_number(&r, "q", 10, 7), 7);
}

Test(request, other_targets)
{
    Request r;

    cr_assert_eq(request_read(&r, &arena, "/"), REQUEST_OK);
    cr_expect_str_eq(r.view, "");
    cr_expect_eq(r.form, FORM_PAGE);
    cr_assert_eq(request_read(&r, &arena, "/search.json"), REQUEST_OK);
    cr_expect_eq(r.form, FORM_JSON);
    cr_assert_eq(request_read(&r, &arena, "/rule/clause.that"), REQUEST_OK);
    cr_expect_str_eq(r.name, "clause.that");
    cr_assert_eq(request_read(&r, &arena, "/person/99999999999999999999"), REQUEST_OK);
    cr_expect_eq(r.id, ID_NONE);
    cr_assert_eq(request_read(&r, &arena, "/search?q=%ff"), REQUEST_OK);
    cr_expect_str_eq(request_get(&r, "q"), "\uFFFD");
}

Test(request, broken_targets_are_refused)
{
    static const char *const BROKEN[] = {"", "search", "/a/b/c", "/../etc/passwd", "/person/%00", "/search?q=%0", "/search?q=%zz", "/search?q=%00"};
    char longest[TARGET_MOST + 10] = "/search?q=";
    Request r;

    for (size_t i = 0; i < sizeof BROKEN / sizeof *BROKEN; i++)
        cr_expect_eq(request_read(&r, &arena, BROKEN[i]), REQUEST_BAD, "%s", BROKEN[i]);
    memset(longest + 10, 'a', sizeof longest - 11);
    longest[sizeof longest - 1] = '\0';
    cr_expect_eq(request_read(&r, &arena, longest), REQUEST_LONG);
}

Test(request, many_parameters_are_refused)
{
    Buf target = {0};
    Request r;

    buf_str(&target, "/search?a=b");
    for (int i = 0; i < PARAMETERS_MOST; i++)
        buf_str(&target, "&a=b");
    cr_expect_eq(request_read(&r, &arena, target.bytes), REQUEST_BAD);
    buf_close(&target);
}

Test(request, only_this_machine_is_the_host)
{
    cr_expect(request_host_is_ours("127.0.0.1:8420", 8420));
    cr_expect(request_host_is_ours("LocalHost:8420", 8420));
    cr_expect(!request_host_is_ours("localhost:8421", 8420));
    cr_expect(!request_host_is_ours("localhost", 8420));
    cr_expect(request_host_is_ours("localhost", 80));
    cr_expect(!request_host_is_ours("evil.example:8420", 8420));
    cr_expect(!request_host_is_ours("localhost.evil.example:8420", 8420));
    cr_expect(!request_host_is_ours("", 8420));
    cr_expect(!request_host_is_ours(NULL, 8420));
}

/* ---- words */

Test(marking, terms_are_beginnings_and_phrases)
{
    Terms t;

    terms_read(&t, " gate \u201cwere locked\u201d of \"in\" art* ");
    cr_assert_eq(t.count, 5u);
    cr_expect_str_eq(t.terms[0], "gate*");
    cr_expect_str_eq(t.terms[1], "were locked");
    cr_expect_str_eq(t.terms[2], "of");
    cr_expect_str_eq(t.terms[3], "in");
    cr_expect_str_eq(t.terms[4], "art*");
    terms_read(&t, "\"never closed");
    cr_assert_eq(t.count, 1u);
    cr_expect_str_eq(t.terms[0], "never closed");
    terms_read(&t, NULL);
    cr_expect_eq(t.count, 0u);
}

static void
expect_marked(const char *text, const char *words, const char *expected)
{
    Buf out = {0};

    marking_put(&out, text, strlen(text), words);
    cr_expect_str_eq(out.bytes, expected);
    buf_close(&out);
}

Test(marking, words_are_marked_whatever_their_case_and_accents)
{
    expect_marked("The Gates of the gate", "gate", "The <mark>Gates</mark> of the <mark>gate</mark>");
    expect_marked("of an offer", "of", "<mark>of</mark> an offer");
    expect_marked("Caf\u00e9s <b>", "cafe", "<mark>Caf\u00e9s</mark> &lt;b&gt;");
    expect_marked("x & y", NULL, "x &amp; y");
    expect_marked("x & y", "& < >", "x &amp; y");
}
