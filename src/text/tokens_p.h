/* The long way to cut a token, for tokens.c, which knows a quicker one for most. */
#ifndef ONRECORD_TEXT_TOKENS_P_H
#define ONRECORD_TEXT_TOKENS_P_H

#include "text/tokens.h"
#include "text/utf8.h"

typedef struct {
    const char *text;
    uint32_t len;
} Source;

typedef struct {
    CharClass class;
    uint32_t cp, size;
} Char;

/* The character at `at`: white space of no size at the end. */
Char token_char(const Source *s, uint32_t at);

/* The end of the token at `at`, which begins with c and is no plain word.  `clitic`: it may be one. */
uint32_t token_end(const Source *s, uint32_t at, Char c, bool clitic, uint8_t *flags);

/* Set shape, flags and hash of a token whose start and end are known. */
void token_finish(const Source *s, Token *token);

#endif
