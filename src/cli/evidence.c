#include "cli/evidence.h"

#include <stdlib.h>

enum { SHOWN = 12 }; /* of the reasons; the rest is summed up */

/* What a template looks at; % is where its value stands. */
static const struct {
    const char *template, *words;
} WORDS[] = {
    {"only.word", "it is the word “%”"},
    {"first.word", "its first word is “%”"},
    {"inner.word", "a word inside it is “%”"},
    {"last.word", "its last word is “%”"},
    {"only.shape", "it is written %"},
    {"first.shape", "its first word is written %"},
    {"inner.shape", "a word inside it is written %"},
    {"last.shape", "its last word is written %"},
    {"only.list", "it stands in the list %"},
    {"first.list", "its first word stands in the list %"},
    {"inner.list", "a word inside it stands in the list %"},
    {"last.list", "its last word stands in the list %"},
    {"only.rule", "a rule claims its one word: %"},
    {"first.rule", "a rule claims its first word: %"},
    {"inner.rule", "a rule claims a word inside it: %"},
    {"last.rule", "a rule claims its last word: %"},
    {"suffix", "a word of it ends in -%"},
    {"prefix", "a word of it begins with %-"},
    {"last.suffix", "its last word ends in -%"},
    {"before.word", "before it stands “%”"},
    {"before2.word", "two words before it stands “%”"},
    {"after.word", "behind it stands “%”"},
    {"after2.word", "two words behind it stands “%”"},
    {"before.list", "the word before it stands in the list %"},
    {"before2.list", "the second word before it stands in the list %"},
    {"after.list", "the word behind it stands in the list %"},
    {"after2.list", "the second word behind it stands in the list %"},
    {"before.shape", "the word before it is written %"},
    {"after.shape", "the word behind it is written %"},
    {"bias", "it is a run of capitals at all"},
    {"length", "its length in words: %"},
    {"pattern", "it is written %"},
    {"links", "small words and marks inside it: %"},
    {"whole.list", "it stands in the list %"},
    {"whole.rule", "a rule claims it: %"},
    {"run", "where in a run of capitals it stands: %"},
    {"zone", "where in the article it stands: %"},
    {"position", "where in the sentence it stands: %"},
    {"elsewhere.lower", "its first word stands elsewhere with a small letter: %"},
    {"elsewhere.capital", "its first word stands inside other sentences with a capital: %"},
    {"elsewhere.rule", "a rule claims the same words elsewhere: %"},
    {"seen.same", "the first reading took the same words elsewhere for: %"},
    {"seen.part", "the first reading found it in a longer name, as a part: %"},
    {"seen.whole", "the first reading took it for: %"},
    {"seen.acronym", "its letters begin the words of a name: %"},
    {"seen.token", "the first reading found one of its words as a name: %"},
    {"near.before", "a name before it, and the word between: %"},
    {"near.after", "a name behind it, and the word between: %"},
};

static void
put_words(Buf *out, const NameReason *r)
{
    const char *words = "%", *hole;
    bool before = strcmp(r->template, "before.word") == 0, after = strcmp(r->template, "after.word") == 0;

    for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++)
        if (strcmp(WORDS[i].template, r->template) == 0)
            words = WORDS[i].words;
    if (before && strcmp(r->value, "^") == 0)
        words = "it begins a paragraph";
    if (after && strcmp(r->value, "$") == 0)
        words = "it ends a paragraph";
    hole = strchr(words, '%');
    if (hole == NULL) {
        buf_str(out, words);
        return;
    }
    buf_add(out, words, (size_t)(hole - words));
    terminal_clean(out, r->value, strlen(r->value));
    buf_str(out, hole + 1);
}

static void
put_reason(Buf *out, const Terminal *terminal, const NameReason *r)
{
    buf_printf(out, "      %+6.2f  ", (double)r->weight);
    put_words(out, r);
    terminal_style(out, terminal, STYLE_DIM);
    if (r->rule)
        buf_printf(out, " (%s:%zu)", r->rule->path, r->rule->line);
    buf_printf(out, "  [%s]", r->template);
    terminal_style(out, terminal, STYLE_NONE);
    buf_char(out, '\n');
}

/* Of what was not on the best way none were worked out. */
static void
put_chances(Buf *out, const NameWhy *why)
{
    float none = 1;

    if (why->probability[0] + why->probability[1] + why->probability[2] <= 0)
        return;
    buf_str(out, "    chances: ");
    for (int t = 0; t < NAME_TYPES; t++) {
        buf_printf(out, "%s %.3f, ", entity_type_name(NAME_TYPE[t]), (double)why->probability[t]);
        none -= why->probability[t];
    }
    buf_printf(out, "none of them, or a part of a longer name %.3f\n", none > 0 ? (double)none : 0);
}

void
evidence_put(Buf *out, const Terminal *terminal, const NameWhy *why)
{
    float rest = 0;

    put_chances(out, why);
    buf_printf(out, "    for (+) and against (-) a name of %s %s:\n", why->type == TYPE_ORGANIZATION ? "an" : "a",
               entity_type_name(why->type));
    for (uint32_t i = 0; i < why->reasons.count; i++) {
        if (i < SHOWN)
            put_reason(out, terminal, &why->reasons.items[i]);
        else
            rest += why->reasons.items[i].weight;
    }
    if (why->reasons.count > SHOWN)
        buf_printf(out, "      %+6.2f  %u weaker ones together\n", (double)rest, why->reasons.count - SHOWN);
    for (int t = 0; t < NAME_TYPES; t++)
        if (NAME_TYPE[t] == why->type)
            buf_printf(out, "      %+6.2f  in all\n", (double)why->score[t]);
}
