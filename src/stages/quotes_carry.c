/* Whose speech is it that has no verb of saying beside it?  Sieves, the surest first: what introduces it with a colon, the name
 * set under or behind it ("-- Jane Doe"), whom it was so to ("To Doe, …"), the subject of the sentence before it in its paragraph. */
#include "stages/quotes.h"

enum { SIGNED = 14 }; /* the longest line, in tokens, that can be a signature */

static bool
is_char(const Finder *f, uint32_t token, char c)
{
    return f->a->text[f->a->tokens.items[token].start] == c;
}

/* The last report before the token in its sentence that has a subject and tells of words, not thoughts. */
static const Report *
report_before(const Finder *f, uint32_t token)
{
    uint32_t low = f->a->sentences.items[article_sentence_of(f->a, token)].tokens.start;

    for (uint32_t t = token; t > low; t--) {
        const Report *r = f->report_at[t - 1] == NONE ? NULL : &f->reports.items[f->report_at[t - 1]];
        if (r && r->subject.tokens.start != NONE && !token_has(f->a, f->rules, r->cue.start, f->features.think))
            return r;
    }
    return NULL;
}

/* "A lesson from Doe:": the name behind that word is meant. */
static bool
maker_before(const Finder *f, uint32_t colon, Phrase *out)
{
    const Article *a = f->a;
    uint32_t name = colon ? f->phrases.names[colon - 1] : NONE;

    if (name == NONE || a->mentions.items[name].type != TYPE_PERSON || a->mentions.items[name].tokens.start == 0 ||
        !phrase_is(&f->phrases, f->maker, a->mentions.items[name].tokens.start - 1))
        return false;
    *out = (Phrase){a->mentions.items[name].tokens, a->mentions.items[name].tokens, KIND_NAME};
    return true;
}

/* "More from Doe:", "-- Doe:": a name right before the colon, behind a dash or alone. */
static bool
names_itself(const Finder *f, uint32_t low, uint32_t colon, Phrase *out)
{
    Phrase found;

    if (maker_before(f, colon, out))
        return true;
    if (!phrase_before(&f->phrases, low, colon, &found) ||
        (found.tokens.start > low && !finder_is_dash(f, found.tokens.start - 1) && !phrase_is(&f->phrases, f->phrases.joiner, found.tokens.start - 1)))
        return false;
    *out = found;
    return found.tokens.start == low || found.kind == KIND_NAME;
}

bool
finder_colon_subject(const Finder *f, uint32_t colon, Phrase *out)
{
    uint32_t low = f->a->sentences.items[article_sentence_of(f->a, colon)].tokens.start;
    const Report *report;

    if (names_itself(f, low, colon, out))
        return true;
    report = report_before(f, colon);
    if (report) {
        *out = report->subject;
        return true;
    }
    return finder_sentence_subject(f, colon, out);
}

/* The paragraph before ends with a colon. */
static bool
introduced(const Finder *f, const Piece *p, Phrase *out)
{
    uint32_t start = finder_outer(f, p).start;

    return start > 0 && start == f->a->paragraphs.items[p->paragraph].tokens.start && is_char(f, start - 1, ':') &&
           finder_colon_subject(f, start - 1, out);
}

/* "…" -- Jane Doe, on its line or on the next; on its line a name alone signs, as the sentence may go on behind the dash. */
static bool
signature(const Finder *f, const Piece *p, Phrase *out)
{
    const Article *a = f->a;
    uint32_t end = finder_outer(f, p).end, paragraph = p->paragraph;
    Range line;

    if (end == a->paragraphs.items[paragraph].tokens.end)
        paragraph++;
    if (paragraph >= a->paragraphs.count)
        return false;
    line = a->paragraphs.items[paragraph].tokens;
    if (paragraph == p->paragraph)
        line.start = end;
    return line.end - line.start > 1 && line.end - line.start <= SIGNED && (finder_is_dash(f, line.start) || is_char(f, line.start, '-')) &&
           phrase_behind(&f->phrases, line.start + 1, line.end, out) && (paragraph > p->paragraph || out->kind == KIND_NAME);
}

bool
finder_is_signed(const Finder *f, const Piece *p)
{
    Phrase name;

    return signature(f, p, &name);
}

static bool
can_speak(const Finder *f, const Phrase *p)
{
    return p->kind == KIND_PRONOUN ||
           (p->kind == KIND_NAME && f->a->mentions.items[f->phrases.names[p->mention.start]].type == TYPE_PERSON);
}

/* To Doe, "it was late"; to her, "it was late": somebody right before the comma, behind a preposition that opens the
 * clause.  (In "it was left to Doe, 'a late hour'" it does not.) */
static bool
to_whom(const Finder *f, const Piece *p, Phrase *out)
{
    uint32_t start = finder_outer(f, p).start, comma, low;

    if (start == 0)
        return false;
    comma = start - 1;
    low = f->a->sentences.items[article_sentence_of(f->a, comma)].tokens.start;
    if (comma < low + 2 || !is_char(f, comma, ','))
        return false;
    if (phrase_is(&f->phrases, f->phrases.either, comma - 1))
        *out = (Phrase){{comma - 1, comma}, {comma - 1, comma}, KIND_PRONOUN};
    else if (!phrase_before(&f->phrases, low, comma, out) || !can_speak(f, out))
        return false;
    start = out->tokens.start;
    return start > low && phrase_is(&f->phrases, f->phrases.joiner, start - 1) && (start - 1 == low || phrase_is(&f->phrases, f->stop_lead, start - 2));
}

/* Doe was blunt. "It is late." */
static bool
subject_before(const Finder *f, const Piece *p, Phrase *out)
{
    uint32_t start = finder_outer(f, p).start;

    return start > f->a->paragraphs.items[p->paragraph].tokens.start && finder_sentence_subject(f, start - 1, out) && can_speak(f, out);
}

/* Doe had a question for them all. [paragraph] "Is it late?"  A paragraph that is nothing but speech, behind one without any: whom that one's last
 * sentence is about. */
static bool
paragraph_before(const Finder *f, const Piece *p, Phrase *out)
{
    const Article *a = f->a;
    Range outer = finder_outer(f, p), here = a->paragraphs.items[p->paragraph].tokens, before;
    const Report *report;

    if (p->paragraph == 0 || outer.start > here.start || outer.end < here.end ||
        a->paragraphs.items[p->paragraph - 1].zone != ZONE_BODY)
        return false;
    before = a->paragraphs.items[p->paragraph - 1].tokens;
    if (before.end == before.start || before.end > here.start)
        return false;
    report = report_before(f, before.end - 1);
    if (report && report->quote != NONE && token_has(a, f->rules, report->cue.start, f->features.ask)) /* the answer is another's */
        return false;
    if (report) {
        *out = report->subject;
        return true;
    }
    return finder_sentence_subject(f, before.end - 1, out) && can_speak(f, out);
}

bool
finder_carry(const Finder *f, const Piece *p, Phrase *out)
{
    return introduced(f, p, out) || signature(f, p, out) || to_whom(f, p, out) || subject_before(f, p, out) || paragraph_before(f, p, out);
}
