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

Test(weights, rows_are_found_by_template_and_value)
{
    Weights w = {0};
    Error err = {0};
    const float *row;
    uint64_t key = hash_bytes("last.word", 9);

    cr_assert(weights_read(&w, "weights.tsv", WEIGHTS_TEXT, sizeof WEIGHTS_TEXT - 1, &err));
    cr_assert_eq(w.count, 2);
    row = weights_find(&w, weight_key(key, hash_bytes("ford", 4)));
    cr_assert_not_null(row);
    cr_assert(row[0] == 0.5f && row[1] == -1 && row[2] == 2 && row[3] == 0.25f && row[4] == 0 && row[5] == 1);
    key = weight_key(weight_key(hash_bytes("whole.rule", 10), hash_bytes("a.b", 3)), hash_bytes("person", 6));
    row = weights_find(&w, key);
    cr_assert_not_null(row, "a value of two parts");
    cr_assert_eq(row[0], 3);
    cr_assert_null(weights_find(&w, weight_key(hash_bytes("last.word", 9), hash_bytes("for", 3))));
    weights_close(&w);
    cr_assert_null(weights_find(&w, key), "no weights at all");
}

Test(weights, many_rows)
{
    Weights w = {0};
    Error err = {0};
    Buf text = {0};
    char value[16];

    for (int i = 0; i < 5000; i++)
        buf_printf(&text, "t\tv%d\t%d 0 0 0 0 0\n", i, i);
    cr_assert(weights_read(&w, "weights.tsv", text.bytes, text.len, &err));
    for (int i = 0; i < 5000; i++) {
        const float *row;
        snprintf(value, sizeof value, "v%d", i);
        row = weights_find(&w, weight_key(hash_bytes("t", 1), hash_bytes(value, strlen(value))));
        cr_assert_not_null(row);
        cr_assert_eq(row[0], i);
    }
    weights_close(&w);
    buf_close(&text);
}

static void
refused(const char *text, size_t line)
{
    Weights w = {0};
    Error err = {0};

    cr_assert_not(weights_read(&w, "weights.tsv", text, strlen(text), &err), "this was taken: %s", text);
    cr_assert_eq(err.line, line);
    cr_assert_str_eq(err.path, "weights.tsv");
    cr_assert(strstr(err.message, "template TAB value TAB 6 numbers"));
}

Test(weights, wrong_lines_are_refused)
{
    refused("t\tv\t1 2 3 4 5\n", 1);
    refused("t\tv\t1 2 3 4 5 6 7\n", 1);
    refused("# fine\n\nt\tv\t0 0 0 0 0 0\nt v 1 2 3 4 5 6\n", 4);
    refused("t\tv\t1 2 x 4 5 6\n", 1);
    refused("t\tv\n", 1);
}

Test(weights, a_folder_of_the_user_replaces_ours)
{
    World *w = world_of("r.rules", RULES, "l.tsv", LIST, "weights.tsv", WEIGHTS_TEXT, NULL);

    cr_assert(w->rules->own_weights);
    cr_assert_eq(w->rules->weights.count, 2);
    world_free(w);
}
