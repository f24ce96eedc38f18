/* Clauses: what is said in the words of the article, with or without marked stretches in it.
 *
 * The rules say where a clause begins (phase `quote-contents`, tried at the cue) or that it stands before the report (phase
 * `quote-reports`, tried at the comma before it).  Where it ends is found here: at the sentence's end, or where a rule of
 * the phase `quote-stops` sees that another clause begins. */
#include "stages/quotes.h"

static bool
is_punct(const Finder *f, uint32_t token, const char *set)
{
    const Token *t = &f->a->tokens.items[token];
    char c = f->a->text[t->start];

    return t->shape == SHAPE_PUNCT && !(t->flags & TOKEN_DOTTED) && c != '\0' && strchr(set, c) != NULL;
}

static Range
trim(const Finder *f, Range r)
{
    while (r.start < r.end && is_punct(f, r.start, ",.;:-"))
        r.start++;
    while (r.end > r.start && is_punct(f, r.end - 1, ",.;:-"))
        r.end--;
    return r;
}

static bool
stops_at(Finder *f, const Trial *trial, Range paragraph, uint32_t token)
{
    Match m;

    if (!trial_first(trial, f->a, f->scratch, paragraph, token, &m))
        return false;
    *vec_push(f->a->arena, &f->a->matches) = m;
    return true;
}

/* Can a clause that is an object end at the token? */
static bool
may_end_object(const Finder *f, uint32_t token)
{
    return phrase_is(&f->phrases, f->object_stop, token) || tape_bit(f->a, token - 1, f->rules->features.items[F_QUOTE_MARK].begin);
}

/* Where the clause ends; from the token `object` on (NONE: never) it is no sentence but the object of its verb.  `more`: further stops, or
 * NULL. */
static uint32_t
clause_end(Finder *f, uint32_t start, uint32_t object, const Trial *more)
{
    const Article *a = f->a;
    uint32_t sentence = article_sentence_of(a, start), t = start;
    Range paragraph = a->paragraphs.items[a->sentences.items[sentence].paragraph].tokens;
    uint16_t ends = f->rules->features.items[F_SENTENCE_END].begin;
    uint32_t first = finder_piece_from(f, start), piece = first;
    bool opening = phrase_is(&f->phrases, f->opening, start); /* "that if it was late, he would go": up to the comma is no end */

    while (t < paragraph.end) {
        const Piece *p = piece < f->pieces.count ? &f->pieces.items[piece] : NULL;
        if (p && p->tokens.start <= t) { /* all that is marked belongs to it */
            if (t < p->tokens.end)
                t = p->tokens.end;
            piece++;
            if (t > start && tape_bit(a, t - 1, ends) && !a->marked.items[p->marked].closed)
                break;
            if (t < paragraph.end && a->marked.items[p->marked].closed) {
                bool stops = stops_at(f, &f->trials.stops, paragraph, t) || (more && stops_at(f, more, paragraph, t));
                t++;
                if (stops)
                    break;
                if (tape_bit(a, t - 1, ends) || (t < paragraph.end && (a->tokens.items[t].flags & TOKEN_SENTENCE)))
                    break;
            }
            continue;
        }
        if (opening && object == NONE && is_punct(f, t, ",")) {
            opening = false;
            t++;
            continue;
        }
        if (t > start && phrase_is(&f->phrases, f->stop_lead, t) && stops_at(f, &f->trials.stops, paragraph, t))
            break;
        if (t > start && t >= object && object != NONE && may_end_object(f, t) && stops_at(f, &f->trials.object_stops, paragraph, t))
            break;
        if (t > start && more && stops_at(f, more, paragraph, t))
            break;
        if (piece > first && phrase_is(&f->phrases, f->stop_lead, t) && stops_at(f, &f->trials.tail_stops, paragraph, t))
            break;
        t++;
        if (tape_bit(a, t - 1, ends))
            break;
    }
    return t;
}

/* The clause ends before a stretch that is another's words. */
static Range
cut_at_taken(const Finder *f, Range r)
{
    for (uint32_t i = finder_piece_from(f, r.start); i < f->pieces.count && f->pieces.items[i].tokens.start < r.end; i++)
        if (f->pieces.items[i].quote != NONE) {
            uint32_t opener = finder_outer(f, &f->pieces.items[i]).start;
            r.end = opener > r.start ? opener : r.start;
        }
    for (uint32_t t = r.start + 1; t < r.end; t++)
        if (f->taken[t] && !f->taken[r.start]) /* and before what joins that to it: "…, though its words" */
            r.end = token_has(f->a, f->rules, t - 1, f->features.subord) ? t - 1 : t;
    return r;
}

static bool
is_free(const Finder *f, Range r)
{
    return r.end <= r.start || memchr(f->taken + r.start, 1, r.end - r.start) == NULL;
}

static void
take(Finder *f, Range r)
{
    if (r.end > r.start)
        memset(f->taken + r.start, 1, r.end - r.start);
}

static uint32_t
pieces_in(const Finder *f, Range r)
{
    uint32_t first = finder_piece_from(f, r.start), i = first;

    while (i < f->pieces.count && f->pieces.items[i].tokens.start < r.end)
        i++;
    return i - first;
}

/* Is something marked in it that can be somebody's word? */
static bool
has_marked_words(const Finder *f, Range r)
{
    for (uint32_t i = finder_piece_from(f, r.start); i < f->pieces.count && f->pieces.items[i].tokens.start < r.end; i++)
        if (!f->pieces.items[i].work)
            return true;
    return false;
}

/* A stretch of the clause with the pieces in it; its end takes in the closing mark. */
static void
add_stretch(Finder *f, uint32_t quote, Range r)
{
    uint32_t first = finder_piece_from(f, r.start), i = first;

    for (; i < f->pieces.count && f->pieces.items[i].tokens.start < r.end; i++)
        finder_add_piece(f, quote, i);
    if (i > first && r.end == f->pieces.items[i - 1].tokens.end && f->a->marked.items[f->pieces.items[i - 1].marked].closed)
        r.end++;
    finder_add_span(f, quote, r);
}

/* Nothing but one piece? */
static bool
is_one_piece(const Finder *f, Range r)
{
    uint32_t first = finder_piece_from(f, r.start);

    return pieces_in(f, r) == 1 && f->pieces.items[first].tokens.start <= r.start + 1 &&
           f->pieces.items[first].tokens.end + 1 >= r.end;
}

/* Make the quote; false if the stretches cannot be it. */
static bool
make(Finder *f, const Claim *claim, Range before, Range content)
{
    bool has_before = before.start < before.end;
    uint32_t count, quote;

    content = trim(f, cut_at_taken(f, content));
    if (has_before)
        before = trim(f, before);
    count = pieces_in(f, content) + (has_before ? pieces_in(f, before) : 0);
    if (content.end < content.start + (count ? 1 : 2) || !is_free(f, content) || !is_free(f, before) ||
        (strcmp(claim->rule->phase, "quote-marked") == 0 && !has_marked_words(f, content)))
        return false;
    if (!has_before && is_one_piece(f, content)) {
        quote = finder_quote(f, claim, FORM_DIRECT);
        finder_add_piece(f, quote, finder_piece_from(f, content.start));
    } else {
        quote = finder_quote(f, claim, count ? FORM_MIXED : FORM_INDIRECT);
        if (has_before)
            add_stretch(f, quote, before);
        add_stretch(f, quote, content);
    }
    take(f, content);
    take(f, before);
    return true;
}

/* "When asked by Doe whether it was late, or very late": its first words tell that somebody was asked. */
static bool
opens_with_question(const Finder *f, Range r)
{
    for (uint32_t t = r.start; t < r.end && t < r.start + 2; t++)
        if (f->report_at[t] != NONE && f->reports.items[f->report_at[t]].source &&
            token_has(f->a, f->rules, f->reports.items[f->report_at[t]].cue.start, f->features.ask))
            return true;
    return false;
}

/* "On Thursday, Smith said …"; "When asked, Smith said …": what stands before is no clause of its own, but the time or the occasion. */
static bool
is_occasion(const Finder *f, Range r, bool goes_on)
{
    bool joiner = !goes_on && phrase_is(&f->phrases, f->phrases.joiner, r.start);
    bool fragment = !goes_on && (phrase_is(&f->phrases, f->fragment, r.start) ||
                                 (r.start + 2 == r.end && phrase_is(&f->phrases, f->fragment, r.start + 1))); /* "Also speaking, Smith said" */

    if (opens_with_question(f, r))
        return true;
    if (!joiner && !fragment)
        return false;
    for (uint32_t t = r.start + 1; t < r.end; t++)
        if (is_punct(f, t, ",") || (joiner && phrase_is(&f->phrases, f->finite, t)))
            return false;
    return true;
}

/* A colon outside marks. */
static bool
is_colon(const Finder *f, uint32_t token)
{
    return is_punct(f, token, ":") && finder_piece_around(f, token) == NULL;
}

/* Where the bracket opens that closes at `closer`, "(LSE: ACME)"; the closer itself if that is not near. */
static uint32_t
bracket_start(const Finder *f, uint32_t low, uint32_t closer)
{
    enum { BRACKETED = 16 };

    for (uint32_t t = closer; t > low && closer - t < BRACKETED && !f->taken[t - 1]; t--)
        if (is_punct(f, t - 1, "("))
            return t - 1;
    return closer;
}

/* "Smith said it was late, though nobody came, according to the police": behind another report a subordinate clause of its own is
 * what is said.  Where it begins, or `low`. */
static uint32_t
subordinate_start(const Finder *f, const Report *r, uint32_t low)
{
    const Report *other = r;

    while (other > f->reports.items && other[-1].sentence.start == r->sentence.start && !(other < r && other->own_subject))
        other--;
    if (other == r || !other->own_subject)
        return low;
    for (uint32_t t = r->all.start; t > other->all.end + 1; t--)
        if (is_punct(f, t - 1, ",") && token_has(f->a, f->rules, t, f->features.subord) && finder_piece_around(f, t) == NULL)
            return t + 1;
    return low;
}

/* Where the clause before the report begins: behind the sentence's beginning, a colon or what is taken already. */
static uint32_t
clause_start(const Finder *f, const Report *r)
{
    uint32_t t = r->all.start, low = subordinate_start(f, r, finder_sentence_start(f, r->sentence));

    while (t > low && !f->taken[t - 1] && !is_colon(f, t - 1))
        t = is_punct(f, t - 1, ")") ? bracket_start(f, low, t - 1) : t - 1;
    return t;
}

/* "Late? It is not late" for all of us, Smith said: where the sentence begins inside marks that words follow, all between them belongs to it, and
 * what stands before them in their sentence. */
static uint32_t
over_marks(const Finder *f, uint32_t start, uint32_t end)
{
    const Piece *p = finder_piece_around(f, start);

    if (p == NULL || p->quote != NONE || p->work || finder_outer(f, p).end >= end)
        return start;
    return finder_sentence_start(f, f->a->sentences.items[article_sentence_of(f->a, finder_outer(f, p).start)].tokens);
}

/* Before he left, Smith said, "It is late.": what goes on behind the report is a speech of its own. */
static bool
begins_with_speech(const Finder *f, const Match *m, const Report *r)
{
    Range content;
    uint32_t piece;

    if (!match_group(m, rule_group(m->rule, "content"), &content))
        return false;
    piece = finder_piece_from(f, content.start);
    return piece < f->pieces.count && finder_outer(f, &f->pieces.items[piece]).start == content.start &&
           finder_begins_like_speech(f, &f->pieces.items[piece]) && finder_opens_speech(f, r->cue, &f->pieces.items[piece]);
}

/* "the court heard": a cue that has no subject, and needs none. */
static bool
is_heard(const Finder *f, const Report *r)
{
    return r->source && token_has(f->a, f->rules, r->cue.start, f->features.phrase);
}

/* Is it a verb that can stand behind what was said? */
static bool
can_follow(const Finder *f, const Report *r)
{
    return token_has(f->a, f->rules, r->cue.start, f->features.source_after) || is_heard(f, r) ||
           (token_has(f->a, f->rules, r->cue.start, f->features.that) && !token_has(f->a, f->rules, r->cue.start, f->features.think));
}

/* A weaker one ("added") only by a rule that says so, or where marked words go on behind it. */
static bool
is_weak(const Finder *f, const Report *r)
{
    return !token_has(f->a, f->rules, r->cue.start, f->features.source_after) &&
           !token_has(f->a, f->rules, r->cue.start, f->features.strong) &&
           !token_has(f->a, f->rules, r->cue.start, f->features.cites) && !r->marks_ahead;
}

/* The plan, Smith said, was late: does the clause go on behind the report, in words that are no speech of their own? */
static bool
goes_on(const Finder *f, const Match *m)
{
    Range content;

    return match_group(m, rule_group(m->rule, "content"), &content) &&
           !tape_bit(f->a, content.start, f->rules->features.items[F_QUOTE_MARK].begin);
}

/* Smith said that it was late, he said, and dark: who spoke is told in the clause already. */
static bool
repeats_speaker(const Finder *f, const Report *r, Range before)
{
    if (r->subject.kind != KIND_PRONOUN)
        return false;
    for (uint32_t t = before.start; t < before.end; t++) {
        const Report *other = f->report_at[t] == NONE ? NULL : &f->reports.items[f->report_at[t]];
        if (other && other->own_subject && !other->idle && other->quote == NONE && other->source == NULL &&
            token_has(f->a, f->rules, other->cue.start, f->features.strong) && token_has(f->a, f->rules, other->cue.start, f->features.that) &&
            !token_has(f->a, f->rules, other->cue.start, f->features.think))
            return true;
    }
    return false;
}

/* It was late, Smith said; the plan, Smith said, was late. */
static bool
clause_before(Finder *f, Range paragraph, Claim *claim, const Report *r)
{
    Range before, content;
    bool weak;
    Match m;

    if (r->all.start <= r->sentence.start || !(r->own_subject || is_heard(f, r)) || !can_follow(f, r))
        return false;
    weak = is_weak(f, r);
    for (uint32_t next = 0; trial_next(&f->trials.reports, &next, f->a, f->scratch, paragraph, r->all.start - 1, &m);) {
        if (weak && rule_get(m.rule, "weak") == NULL)
            continue;
        before = (Range){clause_start(f, r), r->all.start - 1};
        before.start = over_marks(f, before.start, before.end);
        if (before.start >= before.end || is_occasion(f, before, goes_on(f, &m)) || (goes_on(f, &m) && repeats_speaker(f, r, before)) || finder_piece_around(f, before.start) != NULL || begins_with_speech(f, &m, r))
            continue;
        *vec_push(f->a->arena, &f->a->matches) = m;
        claim->rule = m.rule;
        if (!match_group(&m, rule_group(m.rule, "content"), &content))
            return make(f, claim, (Range){0, 0}, before);
        content.end = clause_end(f, content.start, NONE, NULL);
        return make(f, claim, before, content);
    }
    return false;
}

/* Smith said, "It is late." */
static bool
speech_behind(Finder *f, Range paragraph, Claim *claim)
{
    Range quote;
    Match m;

    for (uint32_t next = 0; trial_next(&f->trials.speech, &next, f->a, f->scratch, paragraph, claim->cue.start, &m);) {
        uint32_t piece;
        if (!match_group(&m, rule_group(m.rule, "quote"), &quote))
            continue;
        piece = finder_piece_at(f, quote.start);
        if (piece == NONE || f->pieces.items[piece].quote != NONE ||
            !(rule_get(m.rule, "any") || finder_opens_speech(f, claim->cue, &f->pieces.items[piece])))
            continue;
        *vec_push(f->a->arena, &f->a->matches) = m;
        claim->rule = m.rule;
        finder_add_piece(f, finder_quote(f, claim, FORM_DIRECT), piece);
        return true;
    }
    return false;
}

/* While Smith said that it was late, Doe went on; noting that it was late, Doe went on: is the report under a subordinator that begins its
 * sentence, or a participle that does? */
static bool
is_under(const Finder *f, const Claim *claim)
{
    uint32_t report = claim->report, start, sentence;

    if (report == NONE)
        return false;
    start = f->reports.items[report].all.start;
    sentence = finder_sentence_start(f, f->reports.items[report].sentence);
    if (start == sentence && token_has(f->a, f->rules, claim->cue.start, f->features.ing))
        return true;
    for (uint32_t t = sentence; t < start && t < sentence + 2; t++)
        if (token_has(f->a, f->rules, t, f->features.subord))
            return true;
    return false;
}

/* Doe, who said that it was late, left; the claim that it was late. */
static bool
is_inserted(const Finder *f, const Claim *claim)
{
    const Article *a = f->a;
    uint32_t subject = claim->subject.tokens.start;

    if (claim->report != NONE && f->reports.items[claim->report].source)
        return true;
    return subject != NONE && subject > 0 && claim->subject.kind == KIND_PRONOUN && phrase_is(&f->phrases, f->phrases.relative, subject) &&
           is_punct(f, subject - 1, ",") && !(a->tokens.items[subject].flags & TOKEN_SENTENCE);
}

static const Trial *
further_stops(const Finder *f, const Claim *claim)
{
    return is_under(f, claim) ? &f->trials.under_stops : is_inserted(f, claim) ? &f->trials.relative_stops : NULL;
}

/* From where on the clause is an object; of one that is a quote for its marked words, behind the first of them. */
static uint32_t
object_from(const Finder *f, const Trial *trial, const Rule *rule, uint32_t start)
{
    uint32_t piece = finder_piece_from(f, start);

    if (rule_get(rule, "content") == NULL)
        return NONE;
    return trial == &f->trials.marked && piece < f->pieces.count ? f->pieces.items[piece].tokens.end : start;
}

/* "Smith, host of \"Late Hours,\" said Doe was late": what is said does not tell who says it; then the sentence's subject does. */
static void
look_outside(const Finder *f, Claim *claim, Range content)
{
    Phrase subject;

    if (claim->subject.tokens.start >= content.start && claim->subject.tokens.start < content.end &&
        finder_sentence_subject(f, claim->cue.start, &subject) && finder_can_say(f, &subject))
        claim->subject = subject;
}

/* Smith said that it was late. */
static bool
clause_behind(Finder *f, const Trial *trial, Range paragraph, Claim *claim)
{
    Range content;
    Match m;

    for (uint32_t next = 0; trial_next(trial, &next, f->a, f->scratch, paragraph, claim->cue.start, &m);) {
        if (!match_group(&m, rule_group(m.rule, "content"), &content))
            continue;
        *vec_push(f->a->arena, &f->a->matches) = m;
        claim->rule = m.rule;
        if (content.end == content.start + 1) /* a rule may give the whole */
            content.end = clause_end(f, content.start, object_from(f, trial, m.rule, content.start), further_stops(f, claim));
        look_outside(f, claim, content);
        if (make(f, claim, (Range){0, 0}, content))
            return true;
    }
    return false;
}

void
finder_clauses(Finder *f)
{
    for (uint32_t i = 0; i < f->reports.count; i++) { /* what stands before is the whole of its sentence: first */
        const Report *r = &f->reports.items[i];
        Claim claim = {.subject = r->subject, .cue = r->cue, .report = i};
        if (r->quote == NONE && !r->idle)
            clause_before(f, f->a->paragraphs.items[r->paragraph].tokens, &claim, r);
    }
    for (uint32_t i = 0; i < f->reports.count; i++) {
        const Report *r = &f->reports.items[i];
        Claim claim = {.subject = r->subject, .cue = r->cue, .report = i};
        Range paragraph = f->a->paragraphs.items[r->paragraph].tokens;
        if (r->quote != NONE || r->idle || f->taken[r->cue.start] || (r->marks_ahead && speech_behind(f, paragraph, &claim)) ||
            clause_behind(f, &f->trials.contents, paragraph, &claim) || !r->marks_ahead)
            continue;
        clause_behind(f, &f->trials.marked, paragraph, &claim);
    }
}
