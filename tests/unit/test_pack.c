/* The pack: written, viewed again, and refused when it is damaged; the weights in it. */
#include "unit.h"

#include "base/mem.h"
#include "engine/pack.h"

#include <stdlib.h>

static const char LIST[] = "# feature: city\n# case: capital\nNairobi\thuge\tcountry=KE\nNew Ross\n";
static const char WEIGHTS_TEXT[] = "last.word\tford\t0.5 -1 2 0.25 0 1\nwhole.rule\ta.b|person\t3 0 0 3 0 0\n";
static const char RULES[] = "phase = ask\nkind = token\nscope = paragraph\n[ask.city]\nabout = A city.\nmatch = <city>\n";

/* A small pack, aligned to 16 as the linked one is; the caller frees it. */
static unsigned char *
make(size_t *len)
{
    Features features;
    LexBuilder *builder;
    Lexicon lexicon;
    Weights weights = {0};
    const PackFile file = {"own/ask.rules", RULES, sizeof RULES - 1};
    Error err = {0};
    Buf out = {0};
    unsigned char *pack;

    features_init(&features);
    builder = lexbuilder_new(&features);
    cr_assert(lexbuilder_read(builder, "cities.tsv", LIST, sizeof LIST - 1, &err));
    cr_assert(weights_read(&weights, "weights.tsv", WEIGHTS_TEXT, sizeof WEIGHTS_TEXT - 1, &err));
    lexbuilder_finish(builder, &lexicon);
    pack_write(&out, &lexicon, &features, &weights, &file, 1);
    pack = aligned_alloc(16, (out.len + 15) / 16 * 16);
    memcpy(pack, out.bytes, out.len);
    *len = out.len;
    buf_close(&out);
    weights_close(&weights);
    lexbuilder_free(builder);
    features_close(&features);
    return pack;
}

Test(pack, what_is_written_is_found_again)
{
    size_t len;
    unsigned char *bytes = make(&len);
    World w = {0};
    Error err = {0};

    w.rules = ruleset_load_pack(bytes, len, NULL, 0, &err);
    cr_assert_not_null(w.rules, "%s", err.message);
    w.scratch = scratch_new(w.rules);
    arena_init(&w.arena);
    world_read(&w, "From Nairobi to New Ross and back to New York by way of a village that has a long name", "tokens");
    cr_assert_str_eq(world_matches(&w, "ask"), "ask.city: Nairobi\nask.city: New Ross");
    cr_assert_str_eq(ruleset_attribute(w.rules, &w.a, (Range){1, 2}, "city", "country"), "KE");
    cr_assert_neq(ruleset_feature(w.rules, "city.huge"), FEATURE_NONE);
    cr_assert_str_eq(ruleset_rule(w.rules, "ask.city")->path, "own/ask.rules");
    scratch_free(w.scratch);
    ruleset_free(w.rules);
    arena_close(&w.arena);
    free(bytes);
}

Test(pack, the_same_input_gives_the_same_bytes)
{
    size_t len, again_len;
    unsigned char *bytes = make(&len), *again = make(&again_len);

    cr_assert_eq(len, again_len);
    cr_assert_eq(memcmp(bytes, again, len), 0);
    free(bytes);
    free(again);
}

Test(pack, a_cut_pack_is_refused_wherever_it_is_cut)
{
    size_t len;
    unsigned char *bytes = make(&len);

    for (size_t cut = 0; cut < len; cut = cut < len - 2000 && cut > 2000 ? cut + 509 : cut + 1) {
        /* a copy of its own, so that reading beyond it is seen */
        unsigned char *part = aligned_alloc(16, (cut + 16) / 16 * 16);
        unsigned char *exact = mem_alloc(cut);
        Features features;
        Pack pack;
        features_init(&features);
        memcpy(exact, bytes, cut);
        memcpy(part, bytes, cut);
        if (pack_view(&pack, &features, exact, cut)) {
            /* only what pads the last section may be missing */
            cr_assert_gt(cut + 16, len, "a pack of %zu bytes is taken at %zu", len, cut);
            free(pack.files);
        }
        features_close(&features);
        free(part);
        free(exact);
    }
    free(bytes);
}

Test(pack, another_version_is_refused)
{
    size_t len;
    unsigned char *bytes = make(&len);
    Error err = {0};

    bytes[7]++;
    cr_assert_null(ruleset_load_pack(bytes, len, NULL, 0, &err));
    cr_assert_eq(err.kind, ERROR_RULE);
    cr_assert(strstr(err.message, "damaged"));
    free(bytes);
}

/* ---- weights */

/* The row of `template TAB value`; `part` is the value's first part, or NULL. */
static bool
find(const Weights *w, const char *template, const char *part, const char *value, WeightRow *row)
{
    uint64_t place = hash_bytes(template, strlen(template));

    if (part)
        place = weight_key(place, hash_bytes(part, strlen(part)));
    return weights_find(w, place, hash_bytes(value, strlen(value)), row);
}

Test(weights, rows_are_found_by_template_and_value)
{
    static const int16_t wanted[] = {50, -100, 200, 25, 0, 100, 0, 0};
    Weights w = {0};
    Error err = {0};
    WeightRow row;

    cr_assert(weights_read(&w, "weights.tsv", WEIGHTS_TEXT, sizeof WEIGHTS_TEXT - 1, &err));
    cr_assert_eq(w.count, 2);
    cr_assert(find(&w, "last.word", NULL, "ford", &row));
    cr_assert_eq(memcmp(&row, wanted, sizeof row), 0, "hundredths, and nothing else in the row");
    cr_assert(find(&w, "whole.rule", "a.b", "person", &row), "a value of two parts");
    cr_assert_eq(row[0], 300);
    cr_assert_not(find(&w, "last.word", NULL, "for", &row));
    cr_assert_not(find(&w, "first.word", NULL, "ford", &row), "the value at another place");
    cr_assert_not(find(&w, "whole.rule", NULL, "person", &row), "one part of two");
    cr_assert_eq(row[0], 0);
    weights_close(&w);
    cr_assert_not(find(&w, "last.word", NULL, "ford", &row), "no weights at all");
}

Test(weights, many_rows)
{
    Weights w = {0};
    Error err = {0};
    Buf text = {0};
    char value[16], template[16];

    for (int i = 0; i < 5000; i++)
        buf_printf(&text, "t%d\tv%d\t%d 0 0 0 0 0\n", i % 7, i / 7, i % 20);
    cr_assert(weights_read(&w, "weights.tsv", text.bytes, text.len, &err));
    cr_assert_eq(w.count, 5000);
    for (int i = 0; i < 5000; i++) {
        WeightRow row;
        snprintf(value, sizeof value, "v%d", i / 7);
        snprintf(template, sizeof template, "t%d", i % 7);
        cr_assert(find(&w, template, NULL, value, &row));
        cr_assert_eq(row[0], i % 20 * 100);
    }
    weights_close(&w);
    buf_close(&text);
}

Test(weights, the_line_of_confidence_is_no_evidence)
{
    static const char text[] = "confidence\todds\t0.827 -0.103 0 0 0 0\n";
    Weights w = {0};
    Error err = {0};

    cr_assert(weights_read(&w, "weights.tsv", text, sizeof text - 1, &err));
    cr_assert_eq(w.count, 0);
    cr_assert(w.confidence[0] == 0.827f && w.confidence[1] == -0.103f);
    weights_close(&w);
    cr_assert(weights_read(&w, "weights.tsv", WEIGHTS_TEXT, sizeof WEIGHTS_TEXT - 1, &err));
    cr_assert(w.confidence[0] == 1 && w.confidence[1] == 0, "what is not said changes nothing");
    weights_close(&w);
}

Test(weights, sums_stay_within_their_limit)
{
    WeightRow sum = {1990, -1990, 5, 0, 0, 0, 0, 0};

    weights_add(&sum, (WeightRow){100, -100, 100, 0, 0, 0, 0, 0});
    cr_assert(sum[0] == 2000 && sum[1] == -2000 && sum[2] == 105);
}

static void
refused(const char *text, size_t line, const char *message)
{
    Weights w = {0};
    Error err = {0};

    cr_assert_not(weights_read(&w, "weights.tsv", text, strlen(text), &err), "this was taken: %s", text);
    cr_assert_eq(err.line, line);
    cr_assert_str_eq(err.path, "weights.tsv");
    cr_assert(strstr(err.message, message), "%s", err.message);
}

Test(weights, wrong_lines_are_refused)
{
    static const char form[] = "template TAB value TAB 6 numbers", range[] = "from -20 to 20";

    refused("t\tv\t1 2 3 4 5\n", 1, form);
    refused("t\tv\t1 2 3 4 5 6 7\n", 1, form);
    refused("# fine\n\nt\tv\t0 0 0 0 0 0\nt v 1 2 3 4 5 6\n", 4, form);
    refused("t\tv\t1 2 x 4 5 6\n", 1, form);
    refused("t\tv\n", 1, form);
    refused("t\tv\t1 2 3 4 5 20.5\n", 1, range);
    refused("t\tv\t1 2 nan 4 5 6\n", 1, range);
}

Test(weights, a_folder_of_the_user_replaces_ours)
{
    World *w = world_of("r.rules", RULES, "l.tsv", LIST, "weights.tsv", WEIGHTS_TEXT, NULL);

    cr_assert(w->rules->own_weights);
    cr_assert_eq(w->rules->weights.count, 2);
    world_free(w);
}
