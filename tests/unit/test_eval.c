/* Measuring: gold records, words of a text, scores that can be worked out by hand, the rules' own examples; and the fit. */
#include "unit.h"

#include "eval/gold.h"
#include "eval/points.h"
#include "eval/ruletest.h"
#include "eval/score.h"
#include "fit/fit.h"
#include "text/utf8.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* ---- gold */

#define TEXT "Caf\\u00e9 Ada Quill met Bob in Nairobi."
#define HEAD "{\"id\": \"a\", \"text\": \"" TEXT "\", "

static bool
gold_of(Gold *gold, Arena *arena, const char *line, Error *err)
{
    *err = (Error){0};
    return gold_read(gold, arena, "gold.jsonl", 7, line, strlen(line), err);
}

Test(gold, a_record_is_read)
{
    Gold gold;
    Arena arena;
    Error err;

    arena_init(&arena);
    cr_assert(gold_of(&gold, &arena, HEAD "\"layers\": [\"entities\"], \"entities\": [{\"start\": 5, \"end\": 14, \"type\": \"person\"}]}", &err),
              "%s", err.message);
    cr_assert_str_eq(gold.id, "a");
    cr_assert_eq(gold.length, 34);
    cr_assert_eq(gold.len, 35, "bytes");
    cr_assert(gold.layers[LAYER_ENTITIES] && !gold.layers[LAYER_QUOTES]);
    cr_assert_eq(gold.entities.count, 1);
    cr_assert(gold.entities.items[0].at.start == 5 && gold.entities.items[0].at.end == 14);
    cr_assert_eq(gold.entities.items[0].type, TYPE_PERSON);
    arena_close(&arena);
}

Test(gold, what_is_wrong_is_refused_with_its_line)
{
    static const char *const wrong[] = {
        "{", "[]", "{\"id\": \"a\"}",
        HEAD "\"layers\": [\"entities\"], \"entities\": [{\"start\": 5, \"end\": 35, \"type\": \"person\"}]}",
        HEAD "\"layers\": [\"entities\"], \"entities\": [{\"start\": -1, \"end\": 4, \"type\": \"person\"}]}",
        HEAD "\"layers\": [\"entities\"], \"entities\": [{\"start\": 9, \"end\": 4, \"type\": \"person\"}]}",
        HEAD "\"layers\": [\"entities\"], \"entities\": [{\"start\": \"5\", \"end\": 6, \"type\": \"person\"}]}",
    };
    Gold gold;
    Arena arena;
    Error err;

    arena_init(&arena);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        cr_assert_not(gold_of(&gold, &arena, wrong[i], &err), "this was taken: %s", wrong[i]);
        cr_assert_eq(err.line, 7);
        cr_assert_str_eq(err.path, "gold.jsonl");
    }
    arena_close(&arena);
}

/* ---- points */

Test(points, words_and_marked_stretches_by_code_point)
{
    static const char text[] = "Caf\xc3\xa9s, 3 of \xe2\x80\x9cthem all\xe2\x80\x9d.";
    World *w = world_ours();
    Points points;
    Buf out = {0};
    Indices words = {0};

    points_open(&points, w->rules, &w->arena, text, sizeof text - 1, true);
    cr_assert_eq(points.len, utf8_count(text, sizeof text - 1));
    cr_assert_eq(points.words.count, 5);
    points_put(&points, points.words.items[0], &out);
    cr_assert_str_eq(out.bytes, "Caf\xc3\xa9s");
    cr_assert_eq(points.marked.count, 1);
    points_words(&points, &w->arena, (Span){7, 10}, &words);
    cr_assert_eq(words.count, 2, "it touches `3` and `of`");
    cr_assert(words.items[0] == 1 && words.items[1] == 2);
    cr_assert(point_is_space(' ') && point_is_space(0xa0) && !point_is_space('x'));
    buf_close(&out);
    world_free(w);
}

/* ---- scores */

static double
figure(const json_t *figures, const char *path, const char *name)
{
    char part[64];
    const json_t *at = figures;

    for (const char *p = path; *p;) {
        size_t len = strcspn(p, ".");
        snprintf(part, sizeof part, "%.*s", (int)len, p);
        at = json_object_get(at, part);
        p += len + (p[len] == '.');
    }
    at = json_object_get(at, name);
    cr_assert(json_is_number(at), "there is no figure %s.%s in %s", path, name, json_dumps(figures, 0));
    return json_number_value(at);
}

/* Two gold names, one of them found exactly, one with another span, and one found that is none: all figures by hand. */
Test(score, names_are_counted_by_span_and_type)
{
    World *w = world_of("none.txt", "", NULL);
    Gold gold;
    Error err;
    Scorer scorer;
    json_t *figures;

    cr_assert(gold_of(&gold, &w->arena,
                      HEAD "\"layers\": [\"entities\"], \"entities\": [{\"start\": 5, \"end\": 14, \"type\": \"person\"}, "
                           "{\"start\": 26, \"end\": 33, \"type\": \"place\"}]}", &err), "%s", err.message);
    cr_assert(article_open(&w->a, &w->arena, gold.text, gold.len, false, &err));
    cr_assert(pipeline_run(&w->a, w->rules, w->scratch, "sentences", NULL, NULL, &err));
    article_mention(&w->a, (Range){1, 2}, TYPE_PERSON, KIND_NAME, "r", 1);  /* Ada: half of it */
    article_mention(&w->a, (Range){4, 5}, TYPE_PERSON, KIND_NAME, "r", 1);  /* Bob: not annotated */
    article_mention(&w->a, (Range){6, 7}, TYPE_PLACE, KIND_NAME, "r", 1);   /* Nairobi */
    scorer_init(&scorer, w->rules, true);
    scorer_article(&scorer, &gold, &w->a, &w->arena);
    figures = scorer_figures(&scorer);
    cr_assert_float_eq(figure(figures, "entities.exact.all", "precision"), 1.0 / 3, 0.001);
    cr_assert_float_eq(figure(figures, "entities.exact.all", "recall"), 0.5, 0.001);
    cr_assert_float_eq(figure(figures, "entities.exact.place", "f1"), 1, 0.001);
    cr_assert_float_eq(figure(figures, "entities.overlap.all", "recall"), 1, 0.001);
    json_decref(figures);
    scorer_close(&scorer);
    world_free(w);
}

Test(score, an_article_that_failed_is_missed_in_full)
{
    World *w = world_ours();
    Gold gold;
    Error err;
    Scorer scorer;
    json_t *figures;

    cr_assert(gold_of(&gold, &w->arena, HEAD "\"layers\": [\"entities\"], \"entities\": [{\"start\": 5, \"end\": 14, \"type\": \"person\"}]}", &err));
    scorer_init(&scorer, w->rules, false);
    scorer_article(&scorer, &gold, NULL, &w->arena);
    figures = scorer_figures(&scorer);
    cr_assert_eq(scorer.missing, 1);
    cr_assert_float_eq(figure(figures, "entities.exact.all", "recall"), 0, 0.01);
    json_decref(figures);
    scorer_close(&scorer);
    world_free(w);
}

/* ---- the rules' own examples */

static void
keep_failure(void *context, const RuleFailure *failure)
{
    Buf *out = context;

    buf_printf(out, "%zu %s|%s|%s\n", failure->line, failure->must ? "yes" : "no", failure->wanted ? failure->wanted : "",
               failure->found ? failure->found : "");
}

Test(ruletest, what_holds_and_what_does_not)
{
    World *w = world_of("a.rules",
                        "phase = names\nkind = token\nscope = sentence\n"
                        "[a]\nabout = x\nmatch = (?<name> {cap}+ ) \"said\"\n"
                        "yes = so [Ada Quill] said\n"   /* holds */
                        "yes = so Ada [Quill] said\n"   /* another span */
                        "yes = nobody said\n"           /* no match */
                        "no = nobody said\n"            /* holds */
                        "no = Ada said\n"               /* a match */
                        "[b]\nabout = no example\nmatch = {number}\n", NULL);
    RuleTally tally = {0};
    Buf out = {0};

    ruletest_run(w->rules, w->scratch, ruleset_rule(w->rules, "a"), keep_failure, &out, &tally);
    cr_assert(tally.passed == 2 && tally.failed == 3, "%u, %u: %s", tally.passed, tally.failed, out.bytes);
    cr_assert(strstr(out.bytes, "8 yes") == out.bytes && strstr(out.bytes, "\n9 yes") && strstr(out.bytes, "\n11 no"), "%s", out.bytes);
    tally = (RuleTally){0};
    ruletest_run(w->rules, w->scratch, ruleset_rule(w->rules, "b"), keep_failure, &out, &tally);
    cr_assert_eq(tally.failed, 1, "a rule without an example");
    buf_close(&out);
    world_free(w);
}

/* ---- the fit */

static char *
fitted(const World *w, const char *gold, size_t *len)
{
    FitOptions options = {.epochs = 2, .sparsity = 0.01f, .decay = 1, .blind = 0.5f, .draws = 2, .least = 1};
    char *bytes = NULL;
    FILE *out = open_memstream(&bytes, len);
    Error err = {0};

    cr_assert(fit_names(w->rules, &gold, 1, &options, out, &err), "%s", err.message);
    cr_assert_eq(fclose(out), 0);
    return bytes;
}

Test(fit, the_same_articles_give_the_same_weights_and_they_can_be_read)
{
    World *w = world_ours();
    size_t len, again_len;
    char *bytes = fitted(w, "corpora/gold.jsonl", &len), *again = fitted(w, "corpora/gold.jsonl", &again_len);
    Weights weights = {0};
    Error err = {0};

    cr_assert_eq(len, again_len);
    cr_assert_eq(memcmp(bytes, again, len), 0);
    cr_assert(weights_read(&weights, "weights.tsv", bytes, len, &err), "%s", err.message);
    cr_assert_gt(weights.count, 100);
    weights_close(&weights);
    free(bytes);
    free(again);
    world_free(w);
}

Test(fit, gold_that_is_not_there)
{
    World *w = world_ours();
    const char *gold = "/no/such/gold.jsonl";
    FitOptions options = {.epochs = 1, .draws = 1, .least = 1};
    FILE *out = tmpfile();
    Error err = {0};

    cr_assert_not(fit_names(w->rules, &gold, 1, &options, out, &err));
    cr_assert_eq(err.kind, ERROR_IO);
    fclose(out);
    world_free(w);
}
