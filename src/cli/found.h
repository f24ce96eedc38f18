/* A quote of an archive, for people to read or as columns. */
#ifndef ONRECORD_CLI_FOUND_H
#define ONRECORD_CLI_FOUND_H

#include "cli/terminal.h"
#include "store/store.h"

/* day, speaker, title, organization, act, form, quote, notes, id, article: a line, tabs between. */
extern const char FOUND_COLUMNS[];
void found_row(Buf *out, const StoredQuote *q);

/* Whoever said it, how, the words, and where they stand: three lines or more and an empty one.  `words` (may be NULL) is
 * shown instead of the quote's own; it must be clean, and may have styles. */
void found_card(Buf *out, const Terminal *terminal, const StoredQuote *q, const char *words);

#endif
