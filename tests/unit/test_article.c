/* The article: slices, mentions, notes, and which token, sentence or paragraph holds a place. */
#include "unit.h"

static const char TEXT[] = "Ada left. Bob stayed.\n\nCaf\xc3\xa9s closed.";

static World *
cut(void)
{
    World *w = world_ours();

    world_read(w, TEXT, "sentences");
    return w;
}

Test(article, a_slice_is_a_copy_of_its_own)
{
    World *w = cut();
    char *slice = article_slice(&w->a, world_find(w, "Caf\xc3\xa9s"));

    cr_assert_str_eq(slice, "Caf\xc3\xa9s");
    slice[0] = 'x';
    cr_assert_str_eq(world_slice(w, world_find(w, "Caf\xc3\xa9s")), "Caf\xc3\xa9s");
    cr_assert_str_eq(article_slice(&w->a, (Span){4, 4}), "");
    world_free(w);
}

Test(article, words_are_on_one_line)
{
    World *w = world_ours();

    world_read(w, "the harbour\n  \tmaster", "tokens");
    cr_assert_str_eq(article_words(&w->a, (Span){0, w->a.len}), "the harbour master");
    world_free(w);
}

Test(article, the_token_at_a_place_holds_it_or_follows_it)
{
    World *w = cut();
    uint32_t bob = article_token_at(&w->a, world_find(w, "Bob").start);

    cr_assert_str_eq(world_words(w, (Range){bob, bob + 1}), "Bob");
    cr_assert_eq(article_token_at(&w->a, world_find(w, "Bob").start + 2), bob);
    cr_assert_eq(article_token_at(&w->a, world_find(w, "Bob").start - 1), bob, "a space belongs to what follows");
    cr_assert_eq(article_token_at(&w->a, 0), 0);
    cr_assert_eq(article_token_at(&w->a, w->a.len), w->a.tokens.count);
    world_free(w);
}

Test(article, every_token_is_in_the_sentence_and_paragraph_that_hold_it)
{
    World *w = cut();

    cr_assert_eq(w->a.paragraphs.count, 2);
    for (uint32_t t = 0; t < w->a.tokens.count; t++) {
        Range paragraph = w->a.paragraphs.items[article_paragraph_of(&w->a, t)].tokens;
        Range sentence = w->a.sentences.items[article_sentence_of(&w->a, t)].tokens;
        cr_assert(paragraph.start <= t && t < paragraph.end, "token %u", t);
        cr_assert(sentence.start <= t && t < sentence.end, "token %u", t);
    }
    world_free(w);
}

Test(article, a_mention_covers_its_tokens)
{
    World *w = cut();
    uint32_t index = article_mention(&w->a, (Range){3, 5}, TYPE_PERSON, KIND_NAME, "a.rule", 0.5f);
    const Mention *m = &w->a.mentions.items[index];

    cr_assert_str_eq(world_slice(w, m->bytes), "Bob stayed");
    cr_assert_eq(m->entity, NONE);
    cr_assert(m->type == TYPE_PERSON && m->kind == KIND_NAME && m->confidence == 0.5f);
    world_free(w);
}

Test(article, notes_are_kept_only_if_somebody_asks_why)
{
    World *w = cut();

    article_note(&w->a, "names", (Span){0, 3}, "number %d", 7);
    cr_assert_eq(w->a.notes.count, 0);
    w->a.explain = true;
    article_note(&w->a, "names", (Span){0, 3}, "number %d", 7);
    cr_assert_eq(w->a.notes.count, 1);
    cr_assert_str_eq(w->a.notes.items[0].text, "number 7");
    world_free(w);
}

Test(article, names_are_those_of_the_format)
{
    cr_assert_str_eq(entity_type_name(TYPE_ORGANIZATION), "organization");
    cr_assert_str_eq(zone_name(ZONE_BOILERPLATE), "boilerplate");
    cr_assert_str_eq(edge_name(EDGE_BASED_IN), "based_in");
    cr_assert_str_eq(edge_name(EDGE_MENTIONS), "mentions");
    cr_assert_str_eq(form_name(FORM_INDIRECT), "indirect");
    cr_assert_str_eq(mention_kind_name(KIND_PRONOUN), "pronoun");
}

/* ---- the door */

Test(pipeline, broken_text_is_repaired_or_refused_with_its_place)
{
    Arena arena;
    Article a;
    Error err = {0};

    arena_init(&arena);
    cr_assert(article_open(&a, &arena, "ab\xff" "c", 4, false, &err));
    cr_assert_eq(a.len, 6);
    cr_assert_eq(memcmp(a.text, "ab\xef\xbf\xbd" "c", 6), 0);
    cr_assert_not(article_open(&a, &arena, "ab\xff" "c", 4, true, &err));
    cr_assert_eq(err.kind, ERROR_INPUT);
    cr_assert(strstr(err.message, "byte 2"), "%s", err.message);
    arena_close(&arena);
}

static void
count_stage(const Stage *stage, void *context)
{
    const char **last = context;

    *last = stage->name;
}

Test(pipeline, it_stops_after_the_stage_that_is_named)
{
    World *w = world_ours();
    const char *last = NULL;
    Error err = {0};

    for (const Stage *stage = PIPELINE; stage->name; stage++) {
        arena_reset(&w->arena);
        cr_assert(article_open(&w->a, &w->arena, TEXT, sizeof TEXT - 1, false, &err));
        cr_assert(pipeline_run(&w->a, w->rules, w->scratch, stage->name, count_stage, &last, &err));
        cr_assert_str_eq(last, stage->name);
    }
    world_free(w);
}
