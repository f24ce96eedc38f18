/* Paragraphs: the article's tokens, and where a new paragraph begins among them. */
#include "text/tokens.h"

/* Is there a blank line between two tokens? */
static bool
blank_line_between(const Article *a, const Token *before, const Token *after)
{
    uint32_t lines = 0;

    for (uint32_t i = before->end; i < after->start; i++)
        lines += a->text[i] == '\n' || (a->text[i] == '\r' && (i + 1 >= a->len || a->text[i + 1] != '\n'));
    return lines > 1;
}

enum { PRINTED_COLUMN = 100 }; /* characters: no wrapped line is longer */

/* Are single line ends mere wrapping?  In wrapped text nearly all lines that are followed by another line of their
 * block are about as long as the longest, which is no longer than a terminal or a printed column. */
static bool
lines_are_wrapped(const Article *a)
{
    uint32_t lines = 0, full = 0, start, longest = 0, length;

    for (int pass = 0; pass < 2; pass++) {
        for (start = 0; start < a->len; start += length + 1) {
            const char *newline = memchr(a->text + start, '\n', a->len - start);
            uint32_t end = newline ? (uint32_t)(newline - a->text) : a->len;
            bool inner = end + 1 < a->len && a->text[end + 1] != '\n' && a->text[end + 1] != '\r' && end > start;
            length = end - start;
            if (length > PRINTED_COLUMN)
                return false;
            longest = length > longest ? length : longest;
            lines += pass && inner;
            full += pass && inner && length + 18 >= longest;
        }
    }
    return longest >= 40 && lines >= 3 && full * 10 >= lines * 8;
}

void
article_cut(Article *a)
{
    TokenVec tokens = {0};
    Paragraph *paragraph = NULL;
    bool wrapped;

    /* one token for about five bytes of news; a first guess that saves copies */
    vec_reserve(a->arena, (void **)&tokens.items, &tokens.room, a->len / 5 + 16, sizeof *tokens.items);
    tokens_cut(a->arena, a->text, a->len, &tokens);
    memcpy(&a->tokens, &tokens, sizeof tokens);
    wrapped = lines_are_wrapped(a);
    for (uint32_t i = 0; i < tokens.count; i++) {
        Token *token = &tokens.items[i];
        if (!(token->flags & TOKEN_LINE) || (i > 0 && wrapped && !blank_line_between(a, token - 1, token)))
            continue;
        token->flags |= TOKEN_PARAGRAPH;
        if (paragraph)
            paragraph->tokens.end = i;
        paragraph = vec_push(a->arena, &a->paragraphs);
        paragraph->tokens = (Range){i, tokens.count};
    }
}
