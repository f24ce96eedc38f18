/* What the stages promise each other, whatever the rules know: asked of texts of every kind, also of noise.  What they find
 * in English is shown by the rules' examples and by tests/cases. */
#include "unit.h"

static const char LONGER[] =
    "Ferry stays in port\n\nBy Ada Quill\n\nPORT WENDLE, March 3 (Coast Wire) - Mayor Ada Quill said the harbour was \"shut\". "
    "\xe2\x80\x9cIt is,\xe2\x80\x9d Quill said, \xe2\x80\x9cnot safe.\xe2\x80\x9d\n\nShe met Peter Marsh, chairman of Quill "
    "Shipping Ltd., in Nairobi.";

static const char *const TEXTS[] = {
    "",
    " \n\n ",
    LONGER,
    "\"We waited, he said.\n\n\"Nobody came. 'Not one,' she told us.\n\nQ: And then?\nA: We left.",
    "\xe2\x80\x9cOne \xe2\x80\x98two \xe2\x80\x9cthree\xe2\x80\x9d four\xe2\x80\x99 five,\xe2\x80\x9d said Dr. Cy Old.",
    "MAYOR SAYS HARBOUR IS SHUT\n\nHome\nNews\nSport\n\nADA QUILL: So it is.\n\n(Reporting by Peter Marsh)",
};

enum { TEXT_COUNT = sizeof TEXTS / sizeof *TEXTS };

/* Call a check on the fixed texts and on noise, with all stages run. */
static void
on_all(void (*check)(World *))
{
    World *w = world_ours();
    Buf text = {0};

    for (int i = 0; i < TEXT_COUNT; i++) {
        world_read(w, TEXTS[i], NULL);
        check(w);
    }
    for (uint64_t seed = 1; seed <= 200; seed++) {
        text_noise(&text, seed * 1000);
        world_read(w, text.bytes, NULL);
        check(w);
    }
    buf_close(&text);
    world_free(w);
}

static void
tokens_tile(World *w)
{
    uint32_t at = 0;

    for (uint32_t i = 0; i < w->a.tokens.count; i++) {
        const Token *t = &w->a.tokens.items[i];
        cr_assert(at <= t->start && t->start < t->end && t->end <= w->a.len, "token %u of %s", i, w->a.text);
        at = t->end;
    }
}

Test(stages, tokens_stand_in_order_and_do_not_overlap)
{
    on_all(tokens_tile);
}

static void
sentences_tile(World *w)
{
    uint32_t at = 0;

    for (uint32_t i = 0; i < w->a.sentences.count; i++) {
        const Sentence *s = &w->a.sentences.items[i];
        Range paragraph = w->a.paragraphs.items[s->paragraph].tokens;
        cr_assert_eq(s->tokens.start, at, "no token is between two sentences");
        cr_assert(range_contains(paragraph, s->tokens));
        at = s->tokens.end;
    }
    cr_assert_eq(at, w->a.tokens.count, "every token is in a sentence");
}

Test(stages, sentences_tile_the_paragraphs)
{
    on_all(sentences_tile);
}

static void
zones_apart(World *w)
{
    for (uint32_t i = 0; i < w->a.zones.count; i++) {
        const Zone *z = &w->a.zones.items[i];
        cr_assert(z->bytes.start < z->bytes.end && z->bytes.end <= w->a.len);
        cr_assert_not_null(z->rule);
        if (i)
            cr_assert_leq(w->a.zones.items[i - 1].bytes.end, z->bytes.start);
    }
}

Test(stages, zones_stand_in_order_and_do_not_overlap)
{
    on_all(zones_apart);
}

static void
marks_nest(World *w)
{
    for (uint32_t i = 0; i < w->a.marked.count; i++) {
        const Marked *m = &w->a.marked.items[i];
        cr_assert(m->bytes.start <= m->bytes.end && m->bytes.end <= w->a.len);
        cr_assert_leq(m->tokens.end, w->a.tokens.count);
        cr_assert(m->parent == NONE || m->parent < i, "what is around stands before what is in it");
        if (m->parent != NONE)
            cr_assert(range_contains(w->a.marked.items[m->parent].tokens, m->tokens));
        for (uint32_t j = i + 1; j < w->a.marked.count; j++) {
            Range other = w->a.marked.items[j].tokens;
            cr_assert(!range_overlaps(m->tokens, other) || range_contains(m->tokens, other) || range_contains(other, m->tokens),
                      "marked stretches cross: %s", w->a.text);
        }
    }
}

Test(stages, marked_stretches_nest)
{
    on_all(marks_nest);
}

static bool
in_boilerplate(const World *w, Span bytes)
{
    for (uint32_t i = 0; i < w->a.zones.count; i++)
        if (w->a.zones.items[i].kind == ZONE_BOILERPLATE && span_overlaps(w->a.zones.items[i].bytes, bytes))
            return true;
    return false;
}

static void
mentions_hold(World *w)
{
    for (uint32_t i = 0; i < w->a.mentions.count; i++) {
        const Mention *m = &w->a.mentions.items[i];
        Span bytes = token_span(&w->a, m->tokens);
        cr_assert(bytes.start == m->bytes.start && bytes.end == m->bytes.end, "a mention is whole tokens");
        cr_assert(m->confidence > 0 && m->confidence <= 1);
        cr_assert(m->rule && *m->rule);
        cr_assert(m->entity == NONE || m->entity < w->a.entities.count);
        cr_assert_not(in_boilerplate(w, m->bytes), "\"%s\" in boilerplate of: %s", world_slice(w, m->bytes), w->a.text);
    }
}

Test(stages, a_mention_is_whole_tokens_has_a_rule_and_is_not_in_boilerplate)
{
    on_all(mentions_hold);
}

/* Person, organization and place never share a word, and a title is no part of a name. */
static void
names_apart(World *w)
{
    for (uint32_t i = 0; i < w->a.mentions.count; i++)
        for (uint32_t j = i + 1; j < w->a.mentions.count; j++) {
            const Mention *a = &w->a.mentions.items[i], *b = &w->a.mentions.items[j];
            if (a->kind == KIND_NAME && b->kind == KIND_NAME && a->type != TYPE_TITLE && b->type != TYPE_TITLE)
                cr_assert_not(range_overlaps(a->tokens, b->tokens), "\"%s\" and \"%s\"", world_slice(w, a->bytes),
                              world_slice(w, b->bytes));
        }
}

Test(stages, names_do_not_overlap)
{
    on_all(names_apart);
}

static void
entities_hold(World *w)
{
    for (uint32_t e = 0; e < w->a.entities.count; e++) {
        const Entity *entity = &w->a.entities.items[e];
        cr_assert(entity->name && *entity->name);
        cr_assert_gt(entity->mentions.count, 0);
        for (uint32_t i = 0; i < entity->mentions.count; i++) {
            cr_assert_eq(w->a.mentions.items[entity->mentions.items[i]].entity, e, "entity and mention know each other");
            cr_assert(i == 0 || entity->mentions.items[i - 1] != entity->mentions.items[i]);
        }
    }
}

Test(stages, an_entity_has_mentions_and_they_know_it)
{
    on_all(entities_hold);
}

static void
quotes_hold(World *w)
{
    for (uint32_t i = 0; i < w->a.quotes.count; i++) {
        const Quote *q = &w->a.quotes.items[i];
        cr_assert_gt(q->spans.count, 0);
        for (uint32_t s = 0; s < q->spans.count; s++) {
            Span piece = q->spans.items[s];
            cr_assert(piece.start < piece.end && piece.end <= w->a.len);
            cr_assert(s == 0 || q->spans.items[s - 1].end <= piece.start, "pieces stand in order: %s", w->a.text);
            cr_assert(q->cue.start == q->cue.end || !span_overlaps(piece, q->cue), "the cue is no part of it: %s", w->a.text);
        }
        cr_assert(q->speaker == NONE || q->speaker < w->a.mentions.count);
        cr_assert(q->parent == NONE || q->parent < w->a.quotes.count);
        cr_assert(q->confidence > 0 && q->confidence <= 1);
    }
}

Test(stages, a_quote_is_pieces_in_order_without_its_cue)
{
    on_all(quotes_hold);
}

static void
edges_hold(World *w)
{
    for (uint32_t i = 0; i < w->a.edges.count; i++) {
        const Edge *e = &w->a.edges.items[i];
        cr_assert_lt(e->source, e->kind == EDGE_MENTIONS ? w->a.quotes.count : w->a.entities.count);
        cr_assert_lt(e->target, e->kind == EDGE_SAID ? w->a.quotes.count : w->a.entities.count);
        cr_assert(e->kind == EDGE_MENTIONS || e->kind == EDGE_SAID || e->source != e->target);
        cr_assert(e->rule && e->confidence > 0 && e->confidence <= 1);
    }
}

Test(stages, an_edge_joins_what_there_is)
{
    on_all(edges_hold);
}

/* A text leaves nothing behind in the scratch that would change the next. */
Test(stages, what_was_read_before_changes_nothing)
{
    World *w = world_ours();
    uint32_t mentions[TEXT_COUNT], quotes[TEXT_COUNT];

    for (int round = 0; round < 3; round++)
        for (int k = 0; k < TEXT_COUNT; k++) {
            int i = round == 1 ? TEXT_COUNT - 1 - k : k;
            world_read(w, TEXTS[i], NULL);
            cr_assert(round == 0 || (mentions[i] == w->a.mentions.count && quotes[i] == w->a.quotes.count), "text %d", i);
            mentions[i] = w->a.mentions.count;
            quotes[i] = w->a.quotes.count;
        }
    world_free(w);
}
