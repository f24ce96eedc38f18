/* Quotes: which stretches were said, by whose word, and in what words.
 *
 * First the reports are found: verbs of saying with their subjects.  Then each piece between marks goes to the report or colon
 * that a rule finds beside it: those are direct quotes.  Reports that are still free get the clause that they govern; with
 * pieces in it it is a mixed quote, without any an indirect one.  What is left between marks is joined to its
 * neighbour, taken for speech or dropped (quotes_join.c). */
#include "base/order.h"
#include "stages/quotes.h"

#include <stdlib.h>

/* ---- direct quotes */

/* The claim that a match beside a piece makes. */
static bool
read_claim(const Finder *f, const Match *m, Claim *claim)
{
    Range r;

    *claim = (Claim){.rule = m->rule, .report = NONE};
    claim->subject.tokens.start = NONE;
    if (match_group(m, rule_group(m->rule, "colon"), &r)) {
        claim->cue = r;
        finder_colon_subject(f, r.start, &claim->subject);
        return true;
    }
    if (match_group(m, rule_group(m->rule, "cue"), &r)) { /* no cue by itself, but beside a speech it is one */
        claim->cue = r;
        if (!match_group(m, rule_group(m->rule, "source"), &r))
            return false;
        return r.start < claim->cue.start ? phrase_before(&f->phrases, r.start, claim->cue.start, &claim->subject)
                                          : phrase_behind(&f->phrases, r.start, r.end, &claim->subject);
    }
    if (!match_group(m, rule_group(m->rule, "report"), &r) || (claim->report = f->report_at[r.start]) == NONE)
        return false;
    claim->cue = f->reports.items[claim->report].cue;
    claim->subject = f->reports.items[claim->report].subject;
    /* no list knows who: all between mark and cue is the subject */
    if (match_group(m, rule_group(m->rule, "source"), &r) &&
        (claim->subject.tokens.start == NONE || claim->subject.tokens.start < r.start)) {
        claim->subject.tokens = claim->subject.mention = r;
        claim->subject.kind = KIND_NOMINAL;
    }
    return true;
}

static bool
try_rules(Finder *f, const Trial *trial, Range scope, uint32_t token, bool (*fits)(const Finder *, const Match *, const Piece *),
          const Piece *piece, Claim *claim)
{
    Match m;

    for (uint32_t next = 0; trial_next(trial, &next, f->a, f->scratch, scope, token, &m);)
        if (fits(f, &m, piece) && read_claim(f, &m, claim)) {
            *vec_push(f->a->arena, &f->a->matches) = m;
            return true;
        }
    return false;
}

/* Does the sentence stop behind the report, or go on in something else than a clause of its own?  "…, said a nurse who had seen it", "…, Doe told the
 * others": whose words they are, and who heard them, is no such clause. */
static bool
ends_with_report(const Finder *f, const Match *m)
{
    uint32_t t = m->tokens.end;
    bool heard = token_has(f->a, f->rules, t - 1, f->features.hearer) && token_has(f->a, f->rules, t - 1, f->features.that);
    Phrase next;

    return t == f->a->tokens.count || (f->a->tokens.items[t].flags & TOKEN_SENTENCE) || f->a->tokens.items[t].shape == SHAPE_PUNCT || heard ||
           phrase_is(&f->phrases, f->phrases.relative, t) || !phrase_behind(&f->phrases, t, f->a->tokens.count, &next);
}

/* Does the report's subject stand behind the piece, and can its verb follow a clause?  "Smith, who has called it \"too late,\" said": there it does
 * not; "He said it was \"too late,\" the crowd applauded": that verb cannot. */
static bool
is_behind(const Finder *f, const Match *m, const Piece *p)
{
    const Report *report;
    Range r;

    if (!match_group(m, rule_group(m->rule, "report"), &r) || f->report_at[r.start] == NONE)
        return false;
    report = &f->reports.items[f->report_at[r.start]];
    return report->subject.tokens.start != NONE && report->subject.tokens.start >= p->tokens.end &&
           !(token_has(f->a, f->rules, report->cue.start, f->features.about) && !token_has(f->a, f->rules, report->cue.start, f->features.that));
}

/* Can the words from the sentence's beginning to the piece's end be a clause?  "On the station's \"Late Hour,\" Smith said …": there they are none.
 * Nor does it belong to what stands behind it if a verb of saying stands right before it. */
static bool
is_clause_with_lead(const Finder *f, const Piece *p)
{
    uint32_t opener = finder_outer(f, p).start;
    Range sentence = f->a->sentences.items[article_sentence_of(f->a, opener)].tokens;
    uint32_t report = f->report_at[opener - 1];

    if (report != NONE && f->reports.items[report].cue.end == opener && !f->reports.items[report].idle &&
        !token_has(f->a, f->rules, opener - 1, f->features.think))
        return false;
    for (uint32_t t = sentence.start; t < p->tokens.end; t++)
        if (phrase_is(&f->phrases, t < opener ? f->finite : f->verbal, t))
            return true;
    return false;
}

/* He said: "It is late."  Does a report with its comma or colon, or without, stand right before the piece? */
static bool
is_opened(const Finder *f, uint32_t opener)
{
    for (uint32_t t = opener; t > 0 && t + 2 > opener; t--) {
        uint32_t report = f->report_at[t - 1];
        if (report != NONE)
            return f->reports.items[report].cue.end == t && !f->reports.items[report].idle;
        if (f->a->tokens.items[t - 1].shape != SHAPE_PUNCT)
            return false;
    }
    return false;
}

/* He said: "It is late." Doe said that it was dark.  There the sentence behind the piece has words of its own. */
static bool
is_next_sentence(const Finder *f, const Match *m, const Piece *p)
{
    Range r;

    return match_group(m, rule_group(m->rule, "report"), &r) && (f->a->tokens.items[r.start].flags & TOKEN_SENTENCE) &&
           is_opened(f, finder_outer(f, p).start);
}

/* A piece that begins its sentence is all speech.  Where words stand before it they must be speech too, and no clause may follow
 * the report.  Rules with `whole` want the piece to begin its sentence, rules with `speech` want it to look like speech by itself. */
static bool
fits_behind(const Finder *f, const Match *m, const Piece *p)
{
    if (rule_get(m->rule, "speech"))
        return finder_is_speech(f, p);
    if (is_next_sentence(f, m, p))
        return false;
    return finder_begins_sentence(f, p) ||
           (rule_get(m->rule, "whole") == NULL && ends_with_report(f, m) && is_behind(f, m, p) && is_clause_with_lead(f, p));
}

/* She said that he had but one thing to tell: "It is late."  There the piece belongs to the clause. */
static bool
fits_before(const Finder *f, const Match *m, const Piece *p)
{
    uint32_t opener = finder_outer(f, p).start;
    uint32_t low = f->a->sentences.items[article_sentence_of(f->a, opener - 1)].tokens.start;

    (void)m;
    for (uint32_t t = opener - 1; t > low; t--) {
        uint32_t report = f->report_at[t - 1];
        if (report != NONE && f->reports.items[report].quote == NONE && !f->reports.items[report].idle && !f->reports.items[report].source)
            return !token_has(f->a, f->rules, f->reports.items[report].cue.start, f->features.that);
    }
    return true;
}

static bool
fits_colon(const Finder *f, const Match *m, const Piece *p)
{
    (void)f, (void)m, (void)p;
    return true;
}

/* Words before the mark are part of what was said: from the sentence's start, or from the end of the last quote. */
static void
add_lead(Finder *f, uint32_t quote, uint32_t number)
{
    const Piece *p = &f->pieces.items[number];
    uint32_t opener = finder_outer(f, p).start;
    uint32_t start = finder_sentence_start(f, f->a->sentences.items[article_sentence_of(f->a, opener)].tokens);

    if (number > 0 && p[-1].tokens.end >= start && p[-1].paragraph == p->paragraph && p[-1].quote != NONE)
        return;
    if (start >= opener)
        return;
    f->a->quotes.items[quote].form = FORM_MIXED;
    finder_add_span(f, quote, (Range){start, finder_outer(f, p).end});
}

/* Oakes: 'No idea' if the bridge will open.  In a headline all behind the colon is what was said. */
static void
add_rest(Finder *f, uint32_t quote, const Piece *p)
{
    Range outer = finder_outer(f, p);
    uint32_t end = f->a->paragraphs.items[p->paragraph].tokens.end;

    if (outer.end + 1 >= end || !tape_bit(f->a, outer.start, f->rules->features.items[F_HEADLINE].begin) ||
        f->a->tokens.items[outer.end].shape == SHAPE_PUNCT)
        return;
    if (f->a->tokens.items[end - 1].shape == SHAPE_PUNCT && finder_piece_around(f, end - 2) == NULL)
        end--;
    f->a->quotes.items[quote].form = FORM_MIXED;
    finder_add_span(f, quote, (Range){outer.start, end});
}

static void
claim_piece(Finder *f, uint32_t number, bool (*before)(const Finder *, const Match *, const Piece *))
{
    Piece *p = &f->pieces.items[number];
    Range paragraph = f->a->paragraphs.items[p->paragraph].tokens, outer = finder_outer(f, p);
    uint32_t quote;
    Claim claim;

    if (p->work || finder_join_split(f, number))
        return;
    if (p->tokens.end < paragraph.end && try_rules(f, &f->trials.behind, paragraph, p->tokens.end, fits_behind, p, &claim)) {
        quote = claim.report == NONE ? NONE : f->reports.items[claim.report].quote;
        if (quote == NONE) {
            quote = finder_quote(f, &claim, FORM_DIRECT);
            if (!finder_begins_sentence(f, p))
                add_lead(f, quote, number);
        }
        finder_add_piece(f, quote, number);
    } else if (outer.start > paragraph.start &&
               try_rules(f, &f->trials.before, paragraph, outer.start - 1, before, p, &claim)) {
        quote = finder_quote(f, &claim, FORM_DIRECT);
        add_rest(f, quote, p);
        finder_add_piece(f, quote, number);
    }
}

/* ---- order */

static int
compare_ends(const void *a, const void *b)
{
    const Quote *x = a, *y = b;

    return x->spans.items[0].end < y->spans.items[0].end ? -1 : x->spans.items[0].end > y->spans.items[0].end;
}

static int
compare_spans(const void *a, const void *b)
{
    const Span *x = a, *y = b;

    return x->start < y->start ? -1 : x->start > y->start;
}

static bool
is_sorted(const void *items, uint32_t count, size_t size, int (*compare)(const void *, const void *))
{
    for (const char *at = items; count > 1; at += size, count--)
        if (compare(at, at + size) > 0)
            return false;
    return true;
}

static void
sort(void *items, uint32_t count, size_t size, int (*compare)(const void *, const void *))
{
    if (!is_sorted(items, count, size, compare))
        qsort(items, count, size, compare);
}

/* By their first words, in text order; then, of those that begin together, the shorter first. */
static void
sort_quotes(Article *a, Arena *arena)
{
    uint32_t count = a->quotes.count;
    uint64_t *keys = arena_alloc(arena, (count + 1) * sizeof *keys);
    Quote *quotes = a->quotes.items, *sorted = arena_alloc(arena, (count + 1) * sizeof *sorted);

    for (uint32_t i = 0; i < count; i++) {
        sort(quotes[i].spans.items, quotes[i].spans.count, sizeof(Span), compare_spans);
        keys[i] = order_key(quotes[i].spans.items[0].start, i);
    }
    order_sort(keys, count, arena);
    for (uint32_t i = 0; i < count; i++)
        sorted[i] = quotes[order_number(keys[i])];
    for (uint32_t i = 0, end; i < count; i = end) {
        for (end = i + 1; end < count && order_place(keys[end]) == order_place(keys[i]);)
            end++;
        sort(sorted + i, end - i, sizeof *sorted, compare_ends);
    }
    if (count)
        memcpy(quotes, sorted, count * sizeof *quotes);
}

/* ---- the stage */

/* What rules and features the stage asks for by name. */
static void
finder_names(Finder *f, const RuleSet *rules, Arena *arena)
{
    const struct {
        const char *rule;
        Question *question;
    } QUESTIONS[] = {
        {"phrase.between", &f->between}, {"phrase.day", &f->day}, {"phrase.aside", &f->aside},
        {"phrase.stop", &f->stop_lead}, {"phrase.object-stop", &f->object_stop}, {"phrase.sign", &f->sign}, {"phrase.maker", &f->maker},
        {"phrase.particle", &f->particle}, {"phrase.fragment", &f->fragment}, {"phrase.opening", &f->opening},
        {"phrase.finite", &f->finite}, {"phrase.verbal", &f->verbal}, {"phrase.single", &f->single}, {"phrase.people", &f->people}, {"phrase.thing", &f->thing}
    };
    const struct {
        const char *phase;
        Trial *trial;
    } TRIALS[] = {
        {"quote-works", &f->trials.works}, {"quote-nested", &f->trials.nested}, {"quote-turns", &f->trials.turns},
        {"quote-behind", &f->trials.behind}, {"quote-before", &f->trials.before}, {"quote-speech", &f->trials.speech},
        {"quote-reports", &f->trials.reports}, {"quote-contents", &f->trials.contents}, {"quote-marked", &f->trials.marked},
        {"quote-object-stops", &f->trials.object_stops}, {"quote-under-stops", &f->trials.under_stops},
        {"quote-relative-stops", &f->trials.relative_stops}, {"quote-tail-stops", &f->trials.tail_stops},
        {"quote-rest", &f->trials.rest}, {"quote-stops", &f->trials.stops}
    };

    phrases_names(&f->phrases, rules);
    for (size_t i = 0; i < sizeof QUESTIONS / sizeof *QUESTIONS; i++)
        *QUESTIONS[i].question = phrase_question(rules, QUESTIONS[i].rule);
    for (size_t i = 0; i < sizeof TRIALS / sizeof *TRIALS; i++)
        *TRIALS[i].trial = trial_of(ruleset_phase(rules, TRIALS[i].phase), arena);
    f->cues = ruleset_phase(rules, "quote-cues");
    f->block = ruleset_rule(rules, "quote.block");
    f->bare = ruleset_rule(rules, "quote.bare");
    f->features.say = ruleset_feature(rules, "say");
    f->features.ask = ruleset_feature(rules, "say.ask");
    f->features.about = ruleset_feature(rules, "say.about");
    f->features.pronoun = ruleset_feature(rules, "pronoun");
    f->features.ing = ruleset_feature(rules, "say.ing");
    f->features.past = ruleset_feature(rules, "say.past");
    f->features.that = ruleset_feature(rules, "say.that");
    f->features.strong = ruleset_feature(rules, "say.strong");
    f->features.think = ruleset_feature(rules, "say.think");
    f->features.cites = ruleset_feature(rules, "say.cites");
    f->features.hearer = ruleset_feature(rules, "say.obj");
    f->features.phrase = ruleset_feature(rules, "cue-phrase");
    f->features.source_after = ruleset_feature(rules, "cue-phrase.source-after");
    f->features.person_noun = ruleset_feature(rules, "person-noun");
    f->features.org_noun = ruleset_feature(rules, "org-noun");
    f->features.org_head = ruleset_feature(rules, "org-head");
    f->features.cue_noun = ruleset_feature(rules, "cue-noun.document");
    f->features.neg = ruleset_feature(rules, "neg");
    f->features.modal = ruleset_feature(rules, "aux.modal");
    f->features.possessive = ruleset_feature(rules, "pronoun.possessive");
    f->features.subord = ruleset_feature(rules, "subord");
    f->features.cond = ruleset_feature(rules, "subord.cond");
}

static void
finder_open(Finder *f, Article *a, const RuleSet *rules, Scratch *scratch)
{
    if (scratch->quotes == NULL)
        finder_names(scratch->quotes = arena_zero(&scratch->lasting, sizeof *scratch->quotes), rules, &scratch->lasting);
    *f = *scratch->quotes;
    f->a = a;
    f->rules = rules;
    f->scratch = scratch;
    f->arena = &scratch->arena;
    phrases_open(&f->phrases, a, scratch);
    f->taken = arena_zero(f->arena, a->tokens.count + 1);
    f->made = arena_alloc(f->arena, (a->tokens.count + 1) * sizeof *f->made);
    memset(f->made, 0xff, (a->tokens.count + 1) * sizeof *f->made); /* NONE */
    f->report_at = arena_alloc(f->arena, (a->tokens.count + 1) * sizeof *f->report_at);
    memset(f->report_at, 0xff, (a->tokens.count + 1) * sizeof *f->report_at); /* NONE */
    finder_pieces(f);
    finder_reports(f);
}

bool
quotes_run(Article *a, const RuleSet *rules, Scratch *scratch, Error *err)
{
    Finder f;

    (void)err;
    finder_open(&f, a, rules, scratch);
    finder_turns(&f);
    for (uint32_t i = 0; i < f.pieces.count; i++)
        if (f.pieces.items[i].quote == NONE)
            claim_piece(&f, i, fits_before);
    finder_blocks(&f);
    finder_clauses(&f);
    for (uint32_t i = 0; i < f.pieces.count; i++)
        if (f.pieces.items[i].quote == NONE)
            claim_piece(&f, i, fits_colon);
    finder_join(&f);
    finder_rest(&f);
    finder_nested(&f);
    sort_quotes(a, f.arena);
    finder_set_parents(a);
    return true;
}
