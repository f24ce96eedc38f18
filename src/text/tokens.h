/* Tokens: words, numbers and marks, cut by character class alone.
 *
 * - A word is a run of letters, digits and marks.  A hyphen ends it; an apostrophe ends it unless what follows is a
 *   part of the name (O'Brien, Shi'ite), so that a clitic ('s, 'll) is a token of its own.
 * - Capital letters each with its full stop are one token (U.S.), a single one is an initial (J.).
 * - AT&T, Amazon.com, @name and #name are one token; 1,000 and 3.5 are one number.
 * - Any other character is a token; a run of the same mark (--, ..., '') is one.
 * The word lists are cut by the same function, so that they always fit the text. */
#ifndef ONRECORD_TEXT_TOKENS_H
#define ONRECORD_TEXT_TOKENS_H

#include "text/article.h"

enum { TOKEN_FOLD = 128 }; /* bytes of the folded form that count; a longer token is cut */

/* Cut `len` bytes of checked UTF-8 into tokens, which are appended to *tokens.  Sets start, end, hash, shape and
 * flags. */
typedef VEC(Token) TokenVec;
void tokens_cut(Arena *arena, const char *text, uint32_t len, TokenVec *tokens);

/* The folded form of a token's text into `out` (TOKEN_FOLD bytes); returns its length.  This is what is hashed:
 * full stops are dropped from dotted capitals, and from the end of an abbreviation. */
size_t token_fold(const char *text, const Token *token, char *out);

/* The article's tokens and paragraphs.  Paragraphs end at a blank line, or at every line end unless the lines are
 * plainly the wrapped lines of one paragraph. */
void article_cut(Article *a);

#endif
