/* Writing HTML: whatever comes from an archive or a request goes through these, and so stays text. */
#ifndef ONRECORD_WEB_HTML_H
#define ONRECORD_WEB_HTML_H

#include "base/buf.h"

#include <stdbool.h>

/* Append text, escaped for the content of an element and for an attribute in double quotes.  Control characters, which HTML
 * cannot hold, and those that turn the direction of writing become U+FFFD.  NULL is nothing. */
void html_text(Buf *out, const char *text);
void html_text_len(Buf *out, const char *text, size_t len);

/* Append a piece of markup in which each % is replaced by the next of these strings, escaped; the list ends with NULL, and so
 * no string of it may be NULL.  There is no other way to write a percent sign but &#37;. */
void html_put(Buf *out, const char *markup, ...) __attribute__((sentinel));

/* Append text as a value in the query of a URL. */
void html_url(Buf *out, const char *text);

/* Append a number with a thin space between each three digits: 12 345. */
void html_number(Buf *out, int64_t number);

/* "1 quote", "2 quotes": the word takes an s where the number is not 1. */
void html_count(Buf *out, int64_t number, const char *word);

/* Append a day, 2024-03-01, as <time> in words: 1 March 2024.  What is no day is given as it is; NULL is nothing. */
void html_day(Buf *out, const char *day);

/* Is it an address that may be linked to: http or https? */
bool html_is_web_address(const char *url);

#endif
