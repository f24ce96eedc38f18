#include "text/article.h"

#include <stdarg.h>
#include <stdio.h>

char *
article_slice(Article *a, Span bytes)
{
    return arena_copy(a->arena, a->text + bytes.start, bytes.end - bytes.start);
}

const char *
article_words(Article *a, Span bytes)
{
    char *text = arena_alloc(a->arena, bytes.end - bytes.start + 1), *to = text;

    for (const char *from = a->text + bytes.start, *end = a->text + bytes.end; from < end && *from; from++)
        if (*from == '\n' || *from == '\r' || *from == '\t' || *from == ' ') {
            if (to > text && to[-1] != ' ')
                *to++ = ' ';
        } else {
            *to++ = *from;
        }
    *to = '\0';
    return text;
}

uint32_t
article_mention(Article *a, Range tokens, EntityType type, MentionKind kind, const char *rule, float confidence)
{
    Mention *m = vec_push(a->arena, &a->mentions);

    m->tokens = tokens;
    m->bytes = token_span(a, tokens);
    m->type = type;
    m->kind = kind;
    m->entity = NONE;
    m->rule = rule;
    m->confidence = confidence;
    return a->mentions.count - 1;
}

void
article_note(Article *a, const char *stage, Span bytes, const char *format, ...)
{
    va_list args;
    int len;
    char *text;
    Note *note;

    if (!a->explain)
        return;
    va_start(args, format);
    len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    text = arena_alloc(a->arena, (size_t)len + 1);
    va_start(args, format);
    vsnprintf(text, (size_t)len + 1, format, args);
    va_end(args);
    note = vec_push(a->arena, &a->notes);
    *note = (Note){bytes, stage, text};
}

uint32_t
article_token_at(const Article *a, uint32_t at)
{
    uint32_t low = 0, high = a->tokens.count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (a->tokens.items[middle].end <= at)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

uint32_t
article_paragraph_of(const Article *a, uint32_t token)
{
    uint32_t low = 0, high = a->paragraphs.count;

    while (low + 1 < high) {
        uint32_t middle = low + (high - low) / 2;
        if (a->paragraphs.items[middle].tokens.start <= token)
            low = middle;
        else
            high = middle;
    }
    return low;
}

uint32_t
article_sentence_of(const Article *a, uint32_t token)
{
    uint32_t low = 0, high = a->sentences.count;

    while (low + 1 < high) {
        uint32_t middle = low + (high - low) / 2;
        if (a->sentences.items[middle].tokens.start <= token)
            low = middle;
        else
            high = middle;
    }
    return low;
}

const char *
entity_type_name(EntityType type)
{
    static const char *const names[] = {"none", "person", "organization", "place", "title"};
    return names[type];
}

const char *
zone_name(ZoneKind kind)
{
    static const char *const names[] = {"body", "headline", "byline", "dateline", "caption", "boilerplate"};
    return names[kind];
}

const char *
edge_name(EdgeKind kind)
{
    static const char *const names[] = {"said",     "holds",    "at",      "affiliated",
                                        "based_in", "lives_in", "part_of", "mentions"};
    return names[kind];
}

const char *
form_name(QuoteForm form)
{
    static const char *const names[] = {"direct", "mixed", "indirect"};
    return names[form];
}

const char *
mention_kind_name(MentionKind kind)
{
    static const char *const names[] = {"name", "nominal", "pronoun"};
    return names[kind];
}
