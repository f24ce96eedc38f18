/* Reports: cues and whose they are.
 *
 * A cue is looked for where a verb of saying stands, and its subject is read outward from it, surest first: right before
 * it ("Smith has said"), behind it where marks or a sentence's beginning stand before ("…," said Smith), before an
 * apposition or a relative clause ("Smith, a nurse, said"; "people who know him say"), and at last the subject of the verb before or of the
 * sentence ("Smith stood up and said"). */
#include "stages/lists.h"
#include "stages/quotes.h"

enum { ASIDE = 32, BRACKETS = 10, RELATIVE = 14, COMMAS = 4, HEADS = 3 };

static char
first_char(const Finder *f, uint32_t token)
{
    return f->a->text[f->a->tokens.items[token].start];
}

static bool
is_mark(const Finder *f, uint32_t token, const char *set)
{
    const Token *t = &f->a->tokens.items[token];

    return t->shape == SHAPE_PUNCT && t->end - t->start <= 3 && strchr(set, f->a->text[t->start]) != NULL &&
           f->a->text[t->start] != '\0';
}

static bool
has_bit(const Finder *f, uint32_t token, BuiltinFeature feature)
{
    return tape_bit(f->a, token, f->rules->features.items[feature].begin);
}

bool
finder_is_dash(const Finder *f, uint32_t token)
{
    const Token *t = &f->a->tokens.items[token];

    return t->shape == SHAPE_PUNCT &&
           (t->end - t->start > 1 ? first_char(f, token) == '-' || memcmp(f->a->text + t->start, "\xe2\x80", 2) == 0
                                  : first_char(f, token) == '-' && !(t->flags & TOKEN_GLUED)) &&
           !has_bit(f, token, F_QUOTE_MARK);
}

static bool
is_break(const Finder *f, uint32_t token)
{
    return is_mark(f, token, ",") || finder_is_dash(f, token);
}

/* ---- cues */

static void
add_report(Finder *f, const Rule *rule, Range cue, const Sentence *sentence, const Piece *next)
{
    Report *r = vec_push(f->arena, &f->reports);

    *r = (Report){.cue = cue, .all = cue, .sentence = sentence->tokens, .paragraph = sentence->paragraph, .source = rule_get(rule, "source"), .quote = NONE,
                  .marks_ahead = next && next->tokens.start <= sentence->tokens.end + 1};
    r->subject.tokens.start = NONE;
    tape_mark(f->a, f->rules, cue, F_CUE);
    list_expect_attribute(f->a, f->rules, cue, f->features.say); /* its act, by whoever makes a quote of it */
}

/* Of the rules that see a cue in the same words the first one counts. */
static void
find_cues(Finder *f)
{
    Article *a = f->a;
    uint32_t from, to, end = 0, sentence = 0, piece = 0;

    phase_run(f->cues, a, f->rules, f->scratch, &from, &to);
    for (uint32_t i = from; i < to; i++) {
        const Match *m = &a->matches.items[i];
        Range cue;
        if (!match_group(m, rule_group(m->rule, "cue"), &cue) || cue.start < end)
            continue;
        while (a->sentences.items[sentence].tokens.end <= cue.start)
            sentence++;
        if (a->paragraphs.items[a->sentences.items[sentence].paragraph].zone == ZONE_BYLINE)
            continue;
        while (piece < f->pieces.count && f->pieces.items[piece].tokens.start < cue.end)
            piece++;
        add_report(f, m->rule, cue, &a->sentences.items[sentence], piece < f->pieces.count ? &f->pieces.items[piece] : NULL);
        end = cue.end;
    }
}

/* ---- subjects */

/* Leftward over what may stand between subject and verb. */
static uint32_t
skip_between(const Finder *f, uint32_t low, uint32_t t)
{
    while (t > low) {
        if (phrase_is(&f->phrases, f->between, t - 1))
            t--;
        else if (t < f->a->tokens.count && phrase_is(&f->phrases, f->day, t - 1) && phrase_is(&f->phrases, f->between, t))
            t--;
        else
            break;
    }
    return t;
}

/* "Smith (D) said" */
static uint32_t
skip_brackets(const Finder *f, uint32_t low, uint32_t t)
{
    if (t <= low || !is_mark(f, t - 1, ")"))
        return t;
    for (uint32_t i = t - 1; i > low && t - i < BRACKETS; i--)
        if (is_mark(f, i - 1, "("))
            return i - 1;
    return t;
}

/* May a subject begin here?  Behind a preposition or a verb stands an object: "those who wrote to her said". */
static bool
stands_free(const Finder *f, uint32_t low, uint32_t start)
{
    const Phrases *p = &f->phrases;

    if (start <= low)
        return true;
    return !phrase_is(p, p->joiner, start - 1) && !(phrase_is(p, p->verb, start - 1) && !has_bit(f, start - 1, F_CUE));
}

/* Officials briefed on the matter said; those who wrote to her said. */
static bool
subject_over_clause(const Finder *f, uint32_t low, uint32_t end, Phrase *out)
{
    const Phrases *p = &f->phrases;
    Phrase found;

    for (uint32_t t = end; t > low + 1 && end - t < RELATIVE; t--) {
        if (is_break(f, t - 1) || has_bit(f, t - 1, F_QUOTE_MARK))
            break;
        if (phrase_is(p, p->relative, t - 1) || (phrase_is(p, p->verb, t - 1) && !has_bit(f, t - 1, F_CUE)))
            if (phrase_before(p, low, t - 1, &found) && found.kind != KIND_PRONOUN && stands_free(f, low, found.tokens.start)) {
                *out = found;
                return true;
            }
    }
    return false;
}

/* A plan critics say is late: of a phrase that begins as one thing and ends as several people the people are the subject. */
static void
cut_to_people(const Finder *f, Phrase *p)
{
    Range r = p->tokens;

    if (p->kind != KIND_NOMINAL || r.end < r.start + 3 || !phrase_is(&f->phrases, f->people, r.end - 1) || !phrase_is(&f->phrases, f->thing, r.end - 2))
        return;
    for (uint32_t t = r.end - 2; t-- > r.start && !phrase_is(&f->phrases, f->phrases.joiner, t);)
        if (phrase_is(&f->phrases, f->single, t))
            p->tokens.start = p->mention.start = r.end - 1;
}

static bool
subject_ending(const Finder *f, uint32_t low, uint32_t end, Phrase *out)
{
    end = skip_brackets(f, low, end);
    if (!phrase_before(&f->phrases, low, end, out)) /* "those who wrote said" */
        return false;
    if ((out->kind != KIND_PRONOUN || phrase_is(&f->phrases, f->phrases.either, out->tokens.start)) &&
        !stands_free(f, low, out->tokens.start)) {
        Phrase wider;
        if (subject_over_clause(f, low, out->tokens.start, &wider))
            *out = wider;
    }
    cut_to_people(f, out);
    return true;
}

/* Smith, a nurse from Ohio, said: the phrase before the comma that opens the aside.  The nearest name wins over the nearest phrase. */
static bool
subject_before_aside(const Finder *f, uint32_t low, uint32_t end, Phrase *out)
{
    uint32_t closer = end - 1, commas = 0;
    bool any = false, cue = false, dash = finder_is_dash(f, closer);

    if (!dash && closer > low && is_mark(f, closer - 1, ")") && subject_ending(f, low, closer, out)) /* Smith (D-Ohio), said */
        return true;
    for (uint32_t t = closer; t > low + 1 && closer - t < ASIDE && commas < COMMAS; t--) {
        Phrase found;
        if (has_bit(f, t - 1, F_QUOTE_MARK) && f->phrases.names[t - 1] == NONE) /* those in a name are no speech's */
            break;
        cue |= has_bit(f, t - 1, F_CUE);
        if (dash ? !finder_is_dash(f, t - 1) : !is_mark(f, t - 1, ","))
            continue;
        commas++;
        if (cue && !phrase_is(&f->phrases, f->phrases.relative, t)) /* a clause of its own, unless it is a relative one */
            break;
        if (t >= closer || !phrase_is(&f->phrases, f->aside, t) || !subject_ending(f, low, t - 1, &found))
            continue;
        if (!any || (out->kind != KIND_NAME && found.kind == KIND_NAME && stands_free(f, low, found.tokens.start)))
            *out = found;
        any = true;
        if (out->kind == KIND_NAME || dash)
            break;
    }
    return any;
}

/* Does a closing mark stand right before the cue, with or without a comma? */
static bool
has_mark_before(const Finder *f, const Report *r)
{
    uint32_t t = r->cue.start;

    while (t > 0 && t > r->cue.start - 2 && is_break(f, t - 1))
        t--;
    return t > 0 && has_bit(f, t - 1, F_QUOTE_MARK);
}

/* Doe, citing "a lack of time," said: the phrase before the comma that opens the aside in which the piece before the cue stands. */
static bool
subject_before_marked_aside(const Finder *f, const Report *r, Phrase *out)
{
    uint32_t i = finder_piece_from(f, r->cue.start), low = finder_sentence_start(f, r->sentence);
    uint32_t opener = i > 0 ? finder_outer(f, &f->pieces.items[i - 1]).start : low;

    for (uint32_t t = opener; t > low + 1 && opener - t < ASIDE && !has_bit(f, t - 1, F_QUOTE_MARK); t--)
        if (is_mark(f, t - 1, ","))
            return token_has(f->a, f->rules, t, f->features.ing) && subject_ending(f, low, t - 1, out);
    return false;
}

/* "…," said Smith; the mark before tells that the subject stands behind. */
static bool
subject_behind(const Finder *f, const Report *r, bool marked, Phrase *out)
{
    uint32_t t = r->cue.end, end = r->sentence.end;

    while (t < end && phrase_is(&f->phrases, f->between, t) && t < r->cue.end + 2)
        t++;
    if (!phrase_behind(&f->phrases, t, end, out))
        return false;
    t = out->tokens.end;
    if (t >= end || marked)
        return true;
    return !phrase_is(&f->phrases, f->between, t) && !phrase_is(&f->phrases, f->phrases.verb, t) && !has_bit(f, t, F_CUE);
}

/* Smith, a nurse from Ohio, said: where the sentence begins with a phrase that no verb follows, that phrase is the subject. */
static bool
subject_opening(const Finder *f, uint32_t low, uint32_t end, Phrase *out)
{
    uint32_t t = low;

    while (t < end && (phrase_is(&f->phrases, f->phrases.opener, t) || phrase_is(&f->phrases, f->stop_lead, t)))
        t++;
    if (t > low && phrase_is(&f->phrases, f->phrases.joiner, t - 1)) /* "At the college, a teacher, Jane Doe, said" */
        return false;
    return !phrase_is(&f->phrases, f->fragment, t) && phrase_behind(&f->phrases, t, end, out) && out->kind != KIND_PRONOUN && out->tokens.end + 1 < end &&
           is_break(f, out->tokens.end) && phrase_is(&f->phrases, f->aside, out->tokens.end + 1);
}

static bool
cue_is(const Finder *f, const Report *r, uint16_t feature)
{
    return token_has(f->a, f->rules, r->cue.start, feature);
}

/* Doctors and nurses said: the first of two is the subject's too. */
static uint32_t
first_of_two(const Finder *f, uint32_t low, uint32_t start)
{
    Phrase first;

    if (start < low + 2 || !phrase_is(&f->phrases, f->phrases.both, start - 1) || !phrase_before(&f->phrases, low, start - 1, &first) ||
        (first.tokens.start > low && !is_break(f, first.tokens.start - 1)))
        return start;
    return first.tokens.start;
}

/* "A sign above the stage says": nobody does. */
static bool
is_sign(const Finder *f, const Phrase *p)
{
    if (p->kind != KIND_NOMINAL)
        return false;
    for (uint32_t t = p->tokens.start; t < p->tokens.end && !phrase_is(&f->phrases, f->phrases.joiner, t); t++)
        if (phrase_is(&f->phrases, f->sign, t))
            return true;
    return false;
}

static void
set_subject(const Finder *f, Report *r, const Phrase *subject, bool own)
{
    r->subject = *subject;
    r->idle |= is_sign(f, subject);
    r->own_subject = own;
    if (!own)
        return;
    if (subject->tokens.start < r->all.start)
        r->all.start = subject->tokens.start;
    if (subject->tokens.end > r->all.end)
        r->all.end = subject->tokens.end;
}

/* Does a verb follow, or what can stand between a subject and its verb? */
static bool
has_verb_behind(const Finder *f, uint32_t token, uint32_t end)
{
    const Phrases *p = &f->phrases;

    return token < end && (phrase_is(p, f->between, token) || phrase_is(p, p->verb, token) || phrase_is(p, p->relative, token) ||
                           has_bit(f, token, F_CUE));
}

/* Where the sentence's own words begin: behind its dateline. */
uint32_t
finder_sentence_start(const Finder *f, Range sentence)
{
    uint32_t t = sentence.start;

    while (t < sentence.end && has_bit(f, t, F_DATELINE))
        t++;
    while (t > sentence.start && t < sentence.end && finder_is_dash(f, t))
        t++;
    return t < sentence.end ? t : sentence.start;
}

bool
finder_sentence_subject(const Finder *f, uint32_t token, Phrase *out)
{
    const Phrases *p = &f->phrases;
    Range sentence = f->a->sentences.items[article_sentence_of(f->a, token)].tokens;
    uint32_t first = finder_sentence_start(f, sentence), heads = 0;
    bool any = false;

    for (uint32_t t = first; t < token && heads < HEADS; t++) {
        const Piece *inside = finder_piece_around(f, t);
        Phrase found;
        if (inside) {
            t = inside->tokens.end;
            continue;
        }
        if (t > first && !is_break(f, t - 1) && !has_bit(f, t - 1, F_QUOTE_MARK))
            continue;
        while (t < token && (phrase_is(p, p->opener, t) || phrase_is(p, f->stop_lead, t)) && !is_mark(f, t, ","))
            t++;
        heads++;
        if (!phrase_behind(p, t, token, &found))
            continue;
        if (!any || has_verb_behind(f, found.tokens.end, sentence.end))
            *out = found;
        if (has_verb_behind(f, found.tokens.end, sentence.end))
            return true;
        any = true;
    }
    return any;
}

static bool
is_relative(const Finder *f, const Phrase *p)
{
    return p->kind == KIND_PRONOUN && phrase_is(&f->phrases, f->phrases.relative, p->tokens.start);
}

/* "if she feared it" */
static bool
is_under_if(const Finder *f, const Report *r)
{
    uint32_t subject = r->subject.tokens.start;

    return subject > r->sentence.start && token_has(f->a, f->rules, subject - 1, f->features.cond);
}

bool
finder_can_say(const Finder *f, const Phrase *p)
{
    const uint16_t features[] = {f->features.person_noun, f->features.org_noun, f->features.org_head, f->features.cue_noun};

    if (p->kind != KIND_NOMINAL)
        return true;
    for (uint32_t t = p->tokens.start; t < p->tokens.end; t++)
        for (size_t i = 0; i < sizeof features / sizeof *features; i++)
            if (token_has(f->a, f->rules, t, features[i]))
                return true;
    return false;
}

/* The report before this one in the sentence whose subject it shares: the last one, but where a bare conjunction joins them, or it is a participle, the
 * last one with a strong verb ("Smith said his client accepted it but insisted"; "Smith said a boat was planned, adding"), and no participle's is a thing
 * that cannot speak. */
static const Report *
report_before(const Finder *f, uint32_t report)
{
    const Report *r = &f->reports.items[report], *last = NULL;
    uint32_t verb = skip_between(f, r->sentence.start, r->cue.start);
    bool joined = verb > r->sentence.start && !is_break(f, verb - 1);
    bool participle = cue_is(f, r, f->features.ing) && !cue_is(f, r, f->features.past);

    for (uint32_t i = report; i-- > 0 && f->reports.items[i].sentence.start == r->sentence.start;) {
        const Report *before = &f->reports.items[i];
        if (before->subject.tokens.start == NONE || before->source || is_under_if(f, before) || /* "asked by Smith if she feared it, laughed" */
            is_relative(f, &before->subject) || (before->relative && !joined)) /* "blocked a law that required it, saying" */
            continue;
        if (!(joined || participle) || before->cue.end + 1 == r->cue.start || /* "I laughed and said" */
            (cue_is(f, before, f->features.strong) && cue_is(f, before, f->features.that)))
            return before;
        if (last == NULL)
            last = before;
    }
    return last && participle && !finder_can_say(f, &last->subject) ? NULL : last;
}

/* The subject of a verb of saying before in the sentence, relative clauses left out, or the sentence's own. */
static bool
subject_carried(const Finder *f, uint32_t report, Phrase *out)
{
    const Report *before = report_before(f, report);

    if (before == NULL)
        return finder_sentence_subject(f, f->reports.items[report].cue.start, out);
    *out = before->subject;
    return true;
}

/* Smith's bold claim that it was late; his claim that it was late. */
static bool
owner_before(const Finder *f, uint32_t low, uint32_t end, Phrase *out)
{
    uint32_t t = end;

    while (t > low && t + 2 > end && phrase_is(&f->phrases, f->phrases.word, t - 1))
        t--;
    if (t > low && phrase_is(&f->phrases, f->phrases.owner, t - 1))
        return phrase_before(&f->phrases, low, t - 1, out);
    if (t == low || !token_has(f->a, f->rules, t - 1, f->features.possessive))
        return false;
    *out = (Phrase){{t - 1, t}, {t - 1, t}, KIND_PRONOUN};
    return true;
}

/* "video of Smith saying": a person's name right before the participle. */
static bool
named_before(const Finder *f, uint32_t end, Phrase *out)
{
    const Article *a = f->a;
    uint32_t name = end ? f->phrases.names[end - 1] : NONE;

    if (name == NONE || a->mentions.items[name].type != TYPE_PERSON)
        return false;
    *out = (Phrase){a->mentions.items[name].tokens, a->mentions.items[name].tokens, KIND_NAME};
    return true;
}

/* Smith sent a note saying; Smith posted a video that said: what stands between two verbs is the first one's object, and its subject
 * is who speaks. */
static bool
sender(const Finder *f, uint32_t low, const Phrase *object, Phrase *out)
{
    const Phrases *p = &f->phrases;
    uint32_t t = object->tokens.start;

    while (t > low + 2 && phrase_is(p, f->particle, t - 1)) /* "sent out a note" */
        t--;
    if (t < low + 2 || object->kind == KIND_PRONOUN || !(phrase_is(p, p->verb, t - 1) || has_bit(f, t - 1, F_CUE)))
        return false;
    return phrase_before(p, low, skip_between(f, low, t - 1), out);
}

/* Noting that it was late, Smith left: the subject of the main clause, behind the comma that ends the participle's. */
static bool
subject_of_main(const Finder *f, const Report *r, Phrase *out)
{
    for (uint32_t t = r->cue.end; t + 1 < r->sentence.end; t++) {
        uint32_t next = has_bit(f, t + 1, F_QUOTE_MARK) ? t + 2 : t + 1;
        if (is_mark(f, t, ",") && phrase_behind(&f->phrases, next, r->sentence.end, out) && !is_relative(f, out) &&
            has_verb_behind(f, out->tokens.end, r->sentence.end))
            return true;
    }
    return false;
}

/* "Rovers 3-1 United": a result, and nobody speaks. */
static bool
has_number(const Finder *f, Range words)
{
    for (uint32_t t = words.start; t < words.end; t++)
        if (f->a->tokens.items[t].shape == SHAPE_NUMBER)
            return true;
    return false;
}

static void
find_subject(Finder *f, uint32_t report)
{
    Report *r = &f->reports.items[report];
    const Piece *inside = r->cue.start ? finder_piece_around(f, r->cue.start - 1) : NULL;
    uint32_t low = finder_sentence_start(f, r->sentence), t, i;
    Phrase subject, other;
    bool marked, breaks;

    /* the words before, back to the last quotation mark */
    i = finder_piece_from(f, r->cue.start);
    if (i > 0 && inside == NULL && finder_outer(f, &f->pieces.items[i - 1]).end > low)
        low = finder_outer(f, &f->pieces.items[i - 1]).end;
    if (r->source) {
        if (strcmp(r->source, "owner") == 0 && owner_before(f, low, r->cue.start, &subject))
            set_subject(f, r, &subject, true);
        if (strcmp(r->source, "agent") == 0 && phrase_behind(&f->phrases, r->cue.end + 1, r->sentence.end, &subject))
            set_subject(f, r, &subject, true);
        return;
    }
    if (cue_is(f, r, f->features.source_after)) {
        if (phrase_behind(&f->phrases, r->cue.end, r->sentence.end, &subject))
            set_subject(f, r, &subject, true);
        return;
    }
    if (is_mark(f, r->cue.start, ":")) { /* a name that stands alone before it */
        if (phrase_before(&f->phrases, low, r->cue.start, &subject) && subject.kind == KIND_NAME && subject.tokens.start == low &&
            !has_number(f, subject.tokens))
            set_subject(f, r, &subject, true);
        else
            r->idle = true;
        return;
    }
    if (cue_is(f, r, f->features.ing) && !cue_is(f, r, f->features.past)) {
        t = skip_between(f, low, r->cue.start); /* "a sign saying" */
        if (t == low && inside == NULL && low == finder_sentence_start(f, r->sentence) && subject_of_main(f, r, &subject))
            set_subject(f, r, &subject, false);
        else if (t > low && named_before(f, t, &subject))
            set_subject(f, r, &subject, true);
        else if (t > low && !is_break(f, t - 1) && subject_ending(f, low, t, &subject))
            set_subject(f, r, sender(f, low, &subject, &other) ? &other : &subject, true);
        else if (subject_carried(f, report, &subject))
            set_subject(f, r, &subject, false);
        return;
    }
    t = skip_between(f, low, r->cue.start);
    if (subject_ending(f, low, t, &subject)) {
        set_subject(f, r, &subject, true);
        r->all.start = first_of_two(f, low, r->all.start);
        return;
    }
    if (has_mark_before(f, r) && subject_before_marked_aside(f, r, &subject)) {
        set_subject(f, r, &subject, false);
        return;
    }
    breaks = t > low && is_break(f, t - 1);
    marked = t == low || (t > low && has_bit(f, t - 1, F_QUOTE_MARK)) || (t == low + 1 && breaks);
    if (breaks && subject_opening(f, low, t, &subject)) {
        set_subject(f, r, &subject, true);
        return;
    }
    if ((marked || (breaks && cue_is(f, r, f->features.that) && !cue_is(f, r, f->features.hearer))) && subject_behind(f, r, has_mark_before(f, r), &subject)) {
        set_subject(f, r, &subject, true);
        return;
    }
    if (breaks && subject_before_aside(f, low, t, &subject)) {
        set_subject(f, r, &subject, true);
        return;
    }
    if (t > low && phrase_is(&f->phrases, f->phrases.relative, t - 1)) { /* "a letter that says" */
        i = skip_between(f, low, t - 1); /* "a letter Friday that says" */
        r->idle = !phrase_before(&f->phrases, low, i, &subject) || !finder_can_say(f, &subject) || (i + 1 < t && subject.kind == KIND_PRONOUN);
        r->relative = true;
        if (!r->idle)
            set_subject(f, r, sender(f, low, &subject, &other) ? &other : &subject, true);
        return;
    }
    if (t > low && !phrase_is(&f->phrases, f->stop_lead, t - 1) && subject_over_clause(f, low, t, &subject)) {
        set_subject(f, r, &subject, true);
        return;
    }
    if (subject_carried(f, report, &subject))
        set_subject(f, r, &subject, false);
}

void
finder_reports(Finder *f)
{
    find_cues(f);
    for (uint32_t i = 0; i < f->reports.count; i++)
        find_subject(f, i);
    for (uint32_t i = 0; i < f->reports.count; i++) {
        const Report *r = &f->reports.items[i];
        f->report_at[r->cue.start] = i;
        if (f->report_at[r->all.start] == NONE)
            f->report_at[r->all.start] = i;
        tape_mark(f->a, f->rules, r->all, F_REPORT);
    }
}
