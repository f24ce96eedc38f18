/* Finding the parts of quotes: cues, the noun phrases that could be sources, and the claims of the rules.
 *
 * Only sentences that have a cue or a quotation mark in their paragraph are looked at closely; most of a page is never
 * parsed for subjects at all. */
#include "stages/quotes.h"

#include <stdlib.h>

static int
compare_claims(const void *a, const void *b)
{
    const Match *x = a, *y = b;

    if (x->tokens.start != y->tokens.start)
        return x->tokens.start < y->tokens.start ? -1 : 1;
    if (x->tokens.end != y->tokens.end)
        return x->tokens.end > y->tokens.end ? -1 : 1;
    return x->rule->number < y->rule->number ? -1 : x->rule->number > y->rule->number;
}

/* Longest first from the left; what overlaps an earlier one is out. */
static void
sort_matches(Article *a, uint32_t from)
{
    if (a->matches.count > from)
        qsort(a->matches.items + from, a->matches.count - from, sizeof(Match), compare_claims);
}

static void
find_cues(Finder *f, bool *busy)
{
    Article *a = f->a;
    uint32_t from, to, end = 0;

    phase_run(ruleset_phase(f->rules, "quote-cues"), a, f->rules, f->scratch, &from, &to);
    sort_matches(a, from);
    for (uint32_t i = from; i < to; i++) {
        const Match *m = &a->matches.items[i];
        Range cue;
        if (!match_group(m, rule_group(m->rule, "cue"), &cue) || cue.start < end)
            continue;
        tape_mark(a, f->rules, cue, F_CUE);
        busy[article_sentence_of(a, cue.start)] = true;
        end = cue.end;
    }
    a->matches.count = from;
}

static bool
read_source(const Match *m, Source *out)
{
    static const struct {
        const char *group;
        MentionKind kind;
    } GROUPS[] = {{"name", KIND_NAME}, {"pronoun", KIND_PRONOUN}, {"nominal", KIND_NOMINAL}};

    for (size_t i = 0; i < sizeof GROUPS / sizeof *GROUPS; i++)
        if (match_group(m, rule_group(m->rule, GROUPS[i].group), &out->mention)) {
            out->kind = GROUPS[i].kind;
            out->tokens = m->tokens;
            out->rule = m->rule;
            return true;
        }
    return false;
}

static void
take_sources(Finder *f, uint32_t from)
{
    Article *a = f->a;
    uint32_t end = 0;

    sort_matches(a, from);
    for (uint32_t i = from; i < a->matches.count; i++) {
        Source source;
        if (!read_source(&a->matches.items[i], &source) || source.tokens.start < end)
            continue;
        *vec_push(f->arena, &f->sources) = source;
        tape_mark(a, f->rules, source.tokens, F_SOURCE);
        end = source.tokens.end;
    }
    a->matches.count = from;
}

/* In each busy sentence, between the marked stretches. */
static void
find_sources(Finder *f, const bool *busy)
{
    Article *a = f->a;
    const Phase *phase = ruleset_phase(f->rules, "quote-sources");
    uint32_t piece = 0;

    for (uint32_t s = 0; phase && s < a->sentences.count; s++) {
        uint32_t from = a->matches.count, at = a->sentences.items[s].tokens.start, end = a->sentences.items[s].tokens.end;
        if (!busy[s])
            continue;
        while (at < end) {
            uint32_t stop = end, next = end;
            while (piece < f->pieces.count && f->pieces.items[piece].tokens.end <= at)
                piece++;
            if (piece < f->pieces.count && f->pieces.items[piece].tokens.start < end) {
                stop = f->pieces.items[piece].tokens.start;
                next = f->pieces.items[piece].tokens.end;
            }
            if (stop > at)
                phase_run_on(phase, a, f->scratch, (Range){at, stop});
            at = next > stop ? next : stop + 1;
        }
        take_sources(f, from);
    }
}

static void
find_pieces(Finder *f)
{
    Article *a = f->a;
    uint32_t paragraph = 0;

    for (uint32_t i = 0; i < a->marked.count; i++) {
        const Marked *m = &a->marked.items[i];
        if (m->parent != NONE)
            continue;
        while (paragraph + 1 < a->paragraphs.count && a->paragraphs.items[paragraph].tokens.end <= m->tokens.start)
            paragraph++;
        *vec_push(f->arena, &f->pieces) = (Piece){m->tokens, i, paragraph, NONE, NONE};
    }
}

/* The subject of the sentence that the cue stands in: its first source outside marks, or the one behind the comma if it
 * begins with a preposition ("In Iowa, Smith …"). */
static Range
subject_of(const Finder *f, uint32_t cue)
{
    const Article *a = f->a;
    Range sentence = a->sentences.items[article_sentence_of(a, cue)].tokens, found = {NONE, NONE};
    bool late = token_has(a, f->rules, sentence.start, f->prep);
    uint32_t low = 0, high = f->sources.count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (f->sources.items[middle].tokens.start < sentence.start)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < f->sources.count && f->sources.items[low].tokens.end <= cue; low++) {
        Range r = f->sources.items[low].tokens;
        if (found.start == NONE)
            found = r;
        if (!late)
            break;
        if (r.start > sentence.start && a->text[a->tokens.items[r.start - 1].start] == ',') {
            found = r;
            break;
        }
    }
    return found;
}

/* Each cue's subject, by the rules in their order, then the nearest. */
static void
find_subjects(Finder *f)
{
    Article *a = f->a;
    uint32_t from, to;
    const Rule **by = arena_zero(f->arena, (a->tokens.count + 1) * sizeof *by);

    phase_run(ruleset_phase(f->rules, "quote-subjects"), a, f->rules, f->scratch, &from, &to);
    for (uint32_t i = from; i < to; i++) {
        const Match *m = &a->matches.items[i];
        Range cue, source;
        if (!match_group(m, rule_group(m->rule, "cue"), &cue) || (by[cue.start] && by[cue.start]->number < m->rule->number))
            continue;
        if (!match_group(m, rule_group(m->rule, "source"), &source))
            source = subject_of(f, cue.start);
        by[cue.start] = m->rule;
        f->subjects[cue.start] = source;
    }
    a->matches.count = from;
}

/* Is the token between marks, but not the first there? */
static bool
is_inside_piece(const Finder *f, uint32_t token)
{
    uint32_t i = finder_piece_from(f, token + 1);

    return i > 0 && f->pieces.items[i - 1].tokens.start < token && token < f->pieces.items[i - 1].tokens.end;
}

static void
add_claim(Finder *f, const Match *m)
{
    Claim claim = {.rule = m->rule, .piece = NONE};
    const char *source = rule_get(m->rule, "source"), *content = rule_get(m->rule, "content");
    Range quote;

    claim.source = claim.cue = claim.content = claim.before = (Range){NONE, NONE};
    match_group(m, rule_group(m->rule, "source"), &claim.source);
    match_group(m, rule_group(m->rule, "cue"), &claim.cue);
    match_group(m, rule_group(m->rule, "content"), &claim.content);
    if (match_group(m, rule_group(m->rule, "quote"), &quote) && (claim.piece = finder_piece_at(f, quote.start)) == NONE)
        return;
    if (source && strcmp(source, "subject") == 0)
        claim.source = f->subjects[claim.cue.start].start != NONE ? f->subjects[claim.cue.start]
                                                                   : subject_of(f, claim.cue.start);
    if (content) { /* before, around */
        claim.before.start = f->a->sentences.items[article_sentence_of(f->a, m->tokens.start)].tokens.start;
        claim.before.end = m->tokens.start;
        if (claim.before.start >= claim.before.end || is_inside_piece(f, claim.before.start))
            return;
        if (strcmp(content, "before") == 0) {
            claim.content = claim.before;
            claim.before = (Range){NONE, NONE};
        }
    }
    if (claim.piece != NONE || claim.content.start != NONE)
        *vec_push(f->arena, &f->claims) = claim;
}

static void
find_claims(Finder *f, const bool *busy)
{
    Article *a = f->a;
    const Phase *phase = ruleset_phase(f->rules, "quotes");
    uint32_t sentence = 0, from = a->matches.count;

    for (uint32_t p = 0; phase && p < a->paragraphs.count; p++) {
        Range tokens = a->paragraphs.items[p].tokens;
        bool any = false;
        for (; sentence < a->sentences.count && a->sentences.items[sentence].tokens.start < tokens.end; sentence++)
            any |= busy[sentence];
        if (any)
            phase_run_on(phase, a, f->scratch, tokens);
    }
    for (uint32_t i = from; i < a->matches.count; i++)
        add_claim(f, &a->matches.items[i]);
}

/* Which sentences have marks in their paragraph, or begin as "According to" does. */
static void
mark_busy(Finder *f, bool *busy)
{
    Article *a = f->a;
    uint16_t phrase = ruleset_feature(f->rules, "cue-phrase.source-after");
    uint32_t piece = 0;

    for (uint32_t s = 0; s < a->sentences.count; s++) {
        const Sentence *sentence = &a->sentences.items[s];
        ZoneKind zone = a->paragraphs.items[sentence->paragraph].zone;
        if (zone == ZONE_BOILERPLATE || zone == ZONE_BYLINE) {
            busy[s] = false;
            continue;
        }
        while (piece < f->pieces.count && f->pieces.items[piece].paragraph < sentence->paragraph)
            piece++;
        if (piece < f->pieces.count && f->pieces.items[piece].paragraph == sentence->paragraph)
            busy[s] = true;
        for (uint32_t i = sentence->tokens.start; !busy[s] && i < sentence->tokens.end; i++)
            busy[s] = token_has(a, f->rules, i, phrase);
    }
}

void
finder_open(Finder *f, Article *a, const RuleSet *rules, Scratch *scratch)
{
    bool *busy;

    *f = (Finder){.a = a, .rules = rules, .scratch = scratch, .arena = &scratch->arena};
    f->person_noun = ruleset_feature(rules, "person-noun");
    f->org_noun = ruleset_feature(rules, "org-noun");
    f->org_head = ruleset_feature(rules, "org-head");
    f->cue_noun = ruleset_feature(rules, "cue-noun.document");
    f->neg = ruleset_feature(rules, "neg");
    f->modal = ruleset_feature(rules, "aux.modal");
    f->cond = ruleset_feature(rules, "subord.cond");
    f->say = ruleset_feature(rules, "say");
    f->prep = ruleset_feature(rules, "prep");
    f->cue_quote = arena_alloc(f->arena, (a->tokens.count + 1) * sizeof *f->cue_quote);
    f->names = arena_alloc(f->arena, (a->tokens.count + 1) * sizeof *f->names);
    f->subjects = arena_alloc(f->arena, (a->tokens.count + 1) * sizeof *f->subjects);
    for (uint32_t i = 0; i <= a->tokens.count; i++) {
        f->subjects[i] = (Range){NONE, NONE};
        f->cue_quote[i] = f->names[i] = NONE;
    }
    for (uint32_t i = 0; i < a->mentions.count; i++) {
        const Mention *m = &a->mentions.items[i];
        if (m->kind == KIND_NAME && m->type >= TYPE_PERSON && m->type <= TYPE_PLACE)
            for (uint32_t t = m->tokens.start; t < m->tokens.end; t++)
                f->names[t] = i;
    }
    busy = arena_zero(f->arena, (a->sentences.count + 1) * sizeof *busy);
    find_pieces(f);
    find_cues(f, busy);
    mark_busy(f, busy);
    find_sources(f, busy);
    find_subjects(f);
    find_claims(f, busy);
}

uint32_t
finder_piece_from(const Finder *f, uint32_t token)
{
    uint32_t low = 0, high = f->pieces.count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (f->pieces.items[middle].tokens.start < token)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

uint32_t
finder_piece_at(const Finder *f, uint32_t token)
{
    uint32_t at = finder_piece_from(f, token);

    return at < f->pieces.count && f->pieces.items[at].tokens.start == token ? at : NONE;
}

const Source *
finder_source_at(const Finder *f, uint32_t token)
{
    uint32_t low = 0, high = f->sources.count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (f->sources.items[middle].tokens.start < token)
            low = middle + 1;
        else
            high = middle;
    }
    return low < f->sources.count && f->sources.items[low].tokens.start == token ? &f->sources.items[low] : NULL;
}
