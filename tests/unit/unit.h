/* What the unit tests share: folders of rules made for one test, and articles run through the pipeline.
 *
 *     World *w = world_of("a.rules", "phase = …", "b.tsv", "# feature: …", NULL);    our rules play no part
 *     world_read(w, "Ann left.", "sentences");
 *     world_free(w);
 *
 * Everything that a test makes it also gives back: the sanitized run fails on leaks. */
#ifndef ONRECORD_TESTS_UNIT_H
#define ONRECORD_TESTS_UNIT_H

#include "pipeline.h"

/* Criterion's reports must not depend on the -Wshadow of the house. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wshadow"
#include <criterion/criterion.h>
#pragma GCC diagnostic pop

typedef struct {
    RuleSet *rules;
    Scratch *scratch;
    Arena arena;
    Article a;
    char folder[64]; /* of the test's own rules; empty if there is none */
} World;

/* The rules of a folder with these files (pairs of name and text, then NULL) and nothing else; the test fails if they
 * do not load. */
World *world_of(const char *name, const char *text, ...) __attribute__((sentinel));

/* The rules of the program. */
World *world_ours(void);

/* The program's rules with a folder of the user's over them. */
World *world_with(const char *name, const char *text, ...) __attribute__((sentinel));

void world_free(World *w);

/* Run a text through the stages up to `last` (NULL: all); what was read before is forgotten. */
void world_read(World *w, const char *text, const char *last);
void world_read_bytes(World *w, const char *text, size_t len, const char *last);

/* The text of a stretch; it lives until the next world_read. */
const char *world_slice(World *w, Span bytes);
const char *world_words(World *w, Range tokens);

/* The bytes of the first `part` in the text; the test fails if there is none. */
Span world_find(const World *w, const char *part);

/* Run a phase over the article as it stands: "rule: matched text" a line, with " | group=text" for each group that
 * took part.  Lives until the next world_read. */
const char *world_matches(World *w, const char *phase);

/* Words, marks and line ends in no order that anybody would write; each seed gives others. */
void text_noise(Buf *out, uint64_t seed);

/* Load these files (as world_of) and expect a refusal: the error is filled. */
void expect_refused(Error *err, const char *name, const char *text, ...) __attribute__((sentinel));

#endif
