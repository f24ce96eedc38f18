#include "pipeline.h"

#include "stages/stages.h"
#include "text/utf8.h"

const Stage PIPELINE[] = {
    {"tokens", tokens_run, "words, numbers and marks; their features from the lists on the tape"},
    {"zones", zones_run, "headline, byline, dateline, date, captions and the page's furniture"},
    {"marks", marks_run, "quotation marks paired, nested and repaired"},
    {"sentences", sentences_run, "where sentences end"},
    {"names", names_run, "people, organizations and places: rules propose, weights decide, the article agrees"},
    {"titles", titles_run, "offices, roles, ranks and honorifics, their holders and bodies"},
    {"entities", entities_run, "names of one thing joined: short forms, acronyms, surnames"},
    {"quotes", quotes_run, "direct, mixed and indirect quotes, their pieces joined, and who said each, as the text puts it"},
    {"coreference", coreference_run, "pronouns and nouns resolved; every speaker an entity"},
    {"links", links_run, "who belongs to what, and what lies where"},
    {NULL, NULL, NULL},
};

enum { TOKENS_OF_MATCH = 4 }; /* or a few more: so many tokens to a match of a rule */

bool
tokens_run(Article *a, const RuleSet *rules, Scratch *scratch, Error *err)
{
    (void)err;
    article_cut(a);
    ruleset_look_up(a, rules, scratch);
    vec_reserve(a->arena, (void **)&a->matches.items, &a->matches.room, a->tokens.count / TOKENS_OF_MATCH, sizeof *a->matches.items);
    return true;
}

bool
article_take(Article *a, Arena *arena, const char *text, size_t len, Error *err)
{
    *a = (Article){.arena = arena};
    if (len > TEXT_MAX)
        return error_set(err, ERROR_INPUT, NULL, 0, 0, NULL, 0, "the text is longer than %u bytes", TEXT_MAX);
    a->text = text;
    a->len = (uint32_t)len;
    return true;
}

bool
article_open(Article *a, Arena *arena, const char *text, size_t len, bool strict, Error *err)
{
    size_t bad, repaired;

    if (len <= TEXT_MAX && !utf8_check(text, len, &bad)) {
        if (strict) {
            *a = (Article){.arena = arena};
            return error_set(err, ERROR_INPUT, NULL, 0, 0, NULL, 0, "broken UTF-8 at byte %zu of the text", bad);
        }
        text = utf8_repair(arena, text, len, &len, &repaired);
    }
    return article_take(a, arena, text, len, err);
}

bool
pipeline_run(Article *a, const RuleSet *rules, Scratch *scratch, const char *last,
             void (*each)(const Stage *, void *), void *context, Error *err)
{
    for (const Stage *stage = PIPELINE; stage->name; stage++) {
        arena_reset(&scratch->arena);
        if (!stage->run(a, rules, scratch, err))
            return false;
        if (each)
            each(stage, context);
        if (last && strcmp(last, stage->name) == 0)
            break;
    }
    return true;
}
