/* Runs rules on an article: looks tokens up, writes the tape, tries rules where their triggers stand. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "base/mem.h"
#include "engine/ruleset.h"

#include <pcre2.h>
#include <stdlib.h>

enum { DEFAULT_LIMIT = 200000, STACK = 256 * 1024, AHEAD = 16 };

Scratch *
scratch_new(const RuleSet *rules)
{
    Scratch *s = mem_zero(1, sizeof *s);
    uint32_t count = rules->files.rules.count;

    s->data = pcre2_match_data_create(MATCH_GROUPS + 1, NULL);
    s->context = pcre2_match_context_create(NULL);
    s->stack = pcre2_jit_stack_create(32 * 1024, STACK, NULL);
    if (s->data == NULL || s->context == NULL)
        mem_alloc(SIZE_MAX / 2); /* ends in the one place where memory runs out */
    pcre2_jit_stack_assign(s->context, NULL, s->stack);
    s->next = mem_zero(count, sizeof *s->next);
    s->tries = mem_zero(count, sizeof *s->tries);
    s->hits = mem_zero(count, sizeof *s->hits);
    s->words = mem_zero(rules->words.count / 64 + 1, sizeof *s->words);
    s->set_sums = mem_zero(SET_SUMS + OWN_SUMS, sizeof *s->set_sums);
    arena_init(&s->arena);
    scratch_limit(s, DEFAULT_LIMIT);
    return s;
}

void
scratch_free(Scratch *s)
{
    if (s == NULL)
        return;
    pcre2_match_data_free(s->data);
    pcre2_match_context_free(s->context);
    pcre2_jit_stack_free(s->stack);
    free(s->next);
    free(s->tries);
    free(s->hits);
    free(s->words);
    free(s->set_sums);
    arena_close(&s->arena);
    free(s);
}

void
scratch_limit(Scratch *s, uint32_t steps)
{
    s->limit = steps;
    pcre2_set_match_limit(s->context, steps);
    pcre2_set_heap_limit(s->context, 64 * 1024);
}

/* ---- the tape */

/* "Inc" and "." become one token, if the list of abbreviations has the word as it is written. */
static void
merge_abbreviations(Article *a, const RuleSet *rules)
{
    uint16_t abbrev = ruleset_feature(rules, "abbrev");
    uint32_t kept = 0;

    for (uint32_t i = 0; i < a->tokens.count; i++) {
        Token *token = &a->tokens.items[i];
        Token *last = kept ? &a->tokens.items[kept - 1] : NULL;
        bool merges = false;
        if (last && (token->flags & TOKEN_GLUED) && token->end == token->start + 1 && a->text[token->start] == '.' &&
            !(last->flags & TOKEN_DOTTED) && last->shape != SHAPE_PUNCT) {
            for (uint32_t l = 0; l < rules->lexicon_count && !merges; l++) {
                const Lexicon *lex = &rules->lexicons[l];
                uint32_t word = lexicon_word(lex, last->hash);
                uint32_t set = lex->words[word].sets[token_written(last)];
                for (uint32_t c = lex->sets[set]; word && c < lex->sets[set + 1]; c++)
                    merges |= lex->codes[c] == abbrev;
            }
        }
        if (merges) {
            last->end = token->end;
            last->flags |= TOKEN_DOTTED;
        } else {
            a->tokens.items[kept++] = *token;
        }
    }
    a->tokens.count = kept;
}

static void
refit_paragraphs(Article *a)
{
    uint32_t paragraph = 0;

    for (uint32_t i = 0; i < a->tokens.count; i++) {
        if (a->tokens.items[i].flags & TOKEN_PARAGRAPH)
            a->paragraphs.items[paragraph++].tokens.start = i;
        a->paragraphs.items[paragraph - 1].tokens.end = i + 1;
    }
    a->paragraphs.count = paragraph;
}

static void
shape_bits(Article *a, const RuleSet *rules, uint32_t i)
{
    static const BuiltinFeature SHAPES[] = {[SHAPE_LOWER] = F_LOWER,   [SHAPE_CAP] = F_CAP,
                                            [SHAPE_UPPER] = F_CAPS,    [SHAPE_MIXED] = F_MIXED,
                                            [SHAPE_NUMBER] = F_NUMBER, [SHAPE_PUNCT] = F_MARK};
    const Token *t = &a->tokens.items[i];
    const Feature *f = rules->features.items;

    tape_set(a, i, f[SHAPES[t->shape]].begin);
    if (t->flags & TOKEN_CAPITAL)
        tape_set(a, i, f[F_CAP].begin);
    if (t->shape <= SHAPE_MIXED)
        tape_set(a, i, f[F_WORD].begin);
    if (t->flags & TOKEN_INITIAL)
        tape_set(a, i, f[F_INITIAL].begin);
    if (t->flags & TOKEN_DOTTED)
        tape_set(a, i, f[F_DOTTED].begin);
    if (t->flags & TOKEN_GLUED)
        tape_set(a, i, f[F_GLUED].begin);
    if (t->flags & TOKEN_LINE)
        tape_set(a, i, f[F_LINE_START].begin);
    if (t->flags & TOKEN_PARAGRAPH)
        tape_set(a, i, f[F_PARAGRAPH_START].begin);
}

static void
add_record(uint8_t *into, const uint8_t *record)
{
    for (int i = 0; i < TAPE_WIDTH; i++)
        into[i] |= record[i];
}

void
ruleset_look_up(Article *a, const RuleSet *rules)
{
    merge_abbreviations(a, rules);
    refit_paragraphs(a);
    a->tape = arena_zero(a->arena, (size_t)a->tokens.count * TAPE_WIDTH + 1);
    for (uint32_t i = 0; i < a->tokens.count; i++) {
        Token *t = &a->tokens.items[i];
        uint8_t *record = tape_at(a, i);
        if (rules->lexicon_count && i + AHEAD < a->tokens.count)
            lexicon_expect(&rules->lexicons[0], a->tokens.items[i + AHEAD].hash, a->tokens.items[i + AHEAD / 2].hash);
        for (uint32_t l = 0; l < rules->lexicon_count; l++) {
            const Lexicon *lex = &rules->lexicons[l];
            uint32_t word = lexicon_word(lex, t->hash);
            if (l == 0)
                t->word = word;
            if (word)
                add_record(record, rules->records[l] + (size_t)lex->words[word].sets[token_written(t)] * TAPE_WIDTH);
        }
        t->rule_word = rulewords_find(&rules->words, t->hash);
        record[TAPE_WORD] = (uint8_t)(t->rule_word & 0xff);
        record[TAPE_WORD + 1] = (uint8_t)(t->rule_word >> 8);
        shape_bits(a, rules, i);
    }
    for (uint32_t l = 0; l < rules->lexicon_count; l++)
        for (uint32_t i = 0; i < a->tokens.count; i++) {
            uint32_t word = l == 0 ? a->tokens.items[i].word
                                   : lexicon_word(&rules->lexicons[l], a->tokens.items[i].hash);
            if (word && rules->lexicons[l].words[word].node)
                lexicon_walk(&rules->lexicons[l], a, i, word, (uint8_t)l);
        }
    for (uint32_t h = 0; h < a->hits.count; h++) {
        const ListHit *hit = &a->hits.items[h];
        add_record(tape_at(a, hit->tokens.start), rules->records[hit->lexicon] + (size_t)hit->set * TAPE_WIDTH);
        for (uint32_t i = hit->tokens.start + 1; i < hit->tokens.end; i++)
            add_record(tape_at(a, i), rules->inside[hit->lexicon] + (size_t)hit->set * TAPE_WIDTH);
    }
}

bool
token_has(const Article *a, const RuleSet *rules, uint32_t token, uint16_t feature)
{
    const Feature *f;

    if (feature == FEATURE_NONE)
        return false;
    f = &rules->features.items[feature];
    return tape_bit(a, token, f->begin) || tape_bit(a, token, f->inside);
}

void
tape_mark_one(Article *a, const RuleSet *rules, uint32_t token, uint16_t feature)
{
    tape_set(a, token, rules->features.items[feature].begin);
}

void
tape_mark(Article *a, const RuleSet *rules, Range tokens, uint16_t feature)
{
    const Feature *f = &rules->features.items[feature];

    for (uint32_t i = tokens.start; i < tokens.end; i++)
        tape_set(a, i, i == tokens.start ? f->begin : f->inside);
}

const char *
ruleset_attribute(const RuleSet *rules, const Article *a, Range tokens, const char *feature, const char *name)
{
    uint16_t number = ruleset_feature(rules, feature);

    for (uint32_t l = rules->lexicon_count; l-- > 0;) {
        const char *found = lexicon_attribute(&rules->lexicons[l], a->tokens.items + tokens.start,
                                              tokens.end - tokens.start, number, name);
        if (found)
            return found;
    }
    return NULL;
}

/* ---- matching */

static void
try_rule(const Rule *rule, Article *a, Scratch *s, Range scope, uint32_t start)
{
    const PCRE2_SIZE *ovector;
    uint32_t base = scope.start;
    Match *match;
    int found;

    if (start < s->next[rule->number])
        return;
    s->tries[rule->number]++;
    found = (rule->jit ? pcre2_jit_match : pcre2_match)(
        rule->code, (PCRE2_SPTR)tape_at(a, base), (PCRE2_SIZE)(scope.end - base) * TAPE_WIDTH,
        (PCRE2_SIZE)(start - base) * TAPE_WIDTH, rule->jit ? 0 : PCRE2_NO_UTF_CHECK, s->data, s->context);
    if (found == PCRE2_ERROR_NOMATCH)
        return;
    if (found < 0) { /* a limit: counted, and the rule does not match here */
        a->spent++;
        return;
    }
    s->hits[rule->number]++;
    ovector = pcre2_get_ovector_pointer(s->data);
    match = vec_push(a->arena, &a->matches);
    match->rule = rule;
    match->tokens = (Range){base + (uint32_t)(ovector[0] / TAPE_WIDTH), base + (uint32_t)(ovector[1] / TAPE_WIDTH)};
    for (uint32_t i = 0; i < MATCH_GROUPS; i++) {
        match->groups[i] = (Range){NONE, NONE};
        if (i < rule->group_count && (int)i + 1 < found && ovector[2 * i + 2] != PCRE2_UNSET &&
            ovector[2 * i + 3] > ovector[2 * i + 2])
            match->groups[i] = (Range){base + (uint32_t)(ovector[2 * i + 2] / TAPE_WIDTH),
                                       base + (uint32_t)(ovector[2 * i + 3] / TAPE_WIDTH)};
    }
    s->next[rule->number] = match->tokens.end > start ? match->tokens.end : start + 1;
}

static void
try_list(Rule *const *rules, uint32_t count, Article *a, Scratch *s, Range scope, uint32_t token)
{
    for (uint32_t i = 0; i < count; i++) {
        int64_t start = (int64_t)token - rules[i]->trigger_offset;
        if (start >= scope.start && start < scope.end)
            try_rule(rules[i], a, s, scope, (uint32_t)start);
    }
}

static bool
has_one_of(const TriggerSet *needs, const uint8_t *features, const uint64_t *words)
{
    for (int i = 0; i < needs->count; i++) {
        uint16_t n = needs->items[i].number;
        if (needs->items[i].word ? words[n >> 6] >> (n & 63) & 1 : features[n >> 3] >> (n & 7) & 1)
            return true;
    }
    return false;
}

/* What a scope holds. */
typedef struct {
    uint64_t features[TAPE_WIDTH / 8];
    const uint64_t *words;
} Holdings;

/* Let rules be tried in the scope whose other needs are there too. */
static void
enable(Rule *const *rules, uint32_t count, Scratch *s, Range scope, const Holdings *h)
{
    for (uint32_t r = 0; r < count; r++) {
        const Rule *rule = rules[r];
        bool possible = s->next[rule->number] == scope.end;
        for (int i = 1; possible && i < NEEDS_MAX && !rule->needs[i].any; i++)
            possible = has_one_of(&rule->needs[i], (const uint8_t *)h->features, h->words);
        if (possible)
            s->next[rule->number] = scope.start;
    }
}

/* At first every rule is told that it may go on behind the scope only; then those are let in for which it has what
 * they need. */
static void
choose_rules(const Phase *phase, const Article *a, Scratch *s, Range scope)
{
    Holdings h = {{0}, s->words};

    for (uint32_t i = 0; i < phase->count; i++)
        s->next[phase->rules[i]->number] = scope.end;
    for (uint32_t i = scope.start; i < scope.end; i++) {
        const uint8_t *record = tape_at(a, i);
        uint16_t word = a->tokens.items[i].rule_word;
        for (uint32_t p = 0; p < phase->part_count; p++) {
            uint64_t part;
            memcpy(&part, record + 8 * phase->parts[p], 8);
            h.features[phase->parts[p]] |= part;
        }
        s->words[word >> 6] |= 1ull << (word & 63);
    }
    enable(phase->always, phase->always_count, s, scope, &h);
    for (uint32_t p = 0; p < phase->part_count; p++)
        for (uint64_t bits = h.features[phase->parts[p]] & phase->needs.mask[phase->parts[p]]; bits; bits &= bits - 1) {
            unsigned bit = phase->parts[p] * 64u + (unsigned)__builtin_ctzll(bits);
            enable(phase->needs.lists + phase->needs.by_bit[bit].first, phase->needs.by_bit[bit].count, s, scope, &h);
        }
    for (uint32_t i = scope.start; i < scope.end; i++) {
        uint16_t word = a->tokens.items[i].rule_word;
        if (word && phase->needs.by_word[word].count)
            enable(phase->needs.lists + phase->needs.by_word[word].first, phase->needs.by_word[word].count, s, scope,
                   &h);
    }
    for (uint32_t i = scope.start; i < scope.end; i++)
        s->words[a->tokens.items[i].rule_word >> 6] = 0;
}

void
phase_run_on(const Phase *phase, Article *a, Scratch *s, Range scope)
{
    const RuleIndex *index = &phase->triggers;

    choose_rules(phase, a, s, scope);
    for (uint32_t token = scope.start; token < scope.end; token++) {
        const uint8_t *record = tape_at(a, token);
        uint16_t word = a->tokens.items[token].rule_word;
        for (uint32_t p = 0; p < phase->part_count; p++) {
            uint64_t bits;
            memcpy(&bits, record + 8 * phase->parts[p], 8);
            for (bits &= index->mask[phase->parts[p]]; bits; bits &= bits - 1) {
                unsigned bit = phase->parts[p] * 64u + (unsigned)__builtin_ctzll(bits);
                try_list(index->lists + index->by_bit[bit].first, index->by_bit[bit].count, a, s, scope, token);
            }
        }
        if (word && index->by_word[word].count)
            try_list(index->lists + index->by_word[word].first, index->by_word[word].count, a, s, scope, token);
    }
}

static int
compare_matches(const void *a, const void *b)
{
    const Match *x = a, *y = b;

    if (x->tokens.start != y->tokens.start)
        return x->tokens.start < y->tokens.start ? -1 : 1;
    if (x->rule->number != y->rule->number)
        return x->rule->number < y->rule->number ? -1 : 1;
    return x->tokens.end < y->tokens.end ? -1 : x->tokens.end > y->tokens.end;
}

void
phase_run(const Phase *phase, Article *a, const RuleSet *rules, Scratch *s, uint32_t *from, uint32_t *to)
{
    (void)rules;
    *from = *to = a->matches.count;
    if (phase == NULL)
        return;
    if (phase->scope == SCOPE_SENTENCE) {
        for (uint32_t i = 0; i < a->sentences.count; i++)
            if (a->paragraphs.items[a->sentences.items[i].paragraph].zone != ZONE_BOILERPLATE)
                phase_run_on(phase, a, s, a->sentences.items[i].tokens);
    } else {
        for (uint32_t i = 0; i < a->paragraphs.count; i++)
            if (a->paragraphs.items[i].zone != ZONE_BOILERPLATE)
                phase_run_on(phase, a, s, a->paragraphs.items[i].tokens);
    }
    *to = a->matches.count;
    if (*to > *from) /* there may be no items at all */
        qsort(a->matches.items + *from, *to - *from, sizeof(Match), compare_matches);
}

bool
character_rule_find(const Rule *rule, Article *a, Scratch *s, Span within, Span *whole, Span *groups)
{
    const PCRE2_SIZE *ovector;
    int found;

    s->tries[rule->number]++;
    found = pcre2_match(rule->code, (PCRE2_SPTR)a->text + within.start, within.end - within.start, 0,
                        PCRE2_NO_UTF_CHECK, s->data, s->context);
    if (found < 0) {
        a->spent += found != PCRE2_ERROR_NOMATCH;
        return false;
    }
    s->hits[rule->number]++;
    ovector = pcre2_get_ovector_pointer(s->data);
    *whole = (Span){within.start + (uint32_t)ovector[0], within.start + (uint32_t)ovector[1]};
    for (uint32_t i = 0; i < rule->group_count; i++) {
        groups[i] = (Span){NONE, NONE};
        if ((int)i + 1 < found && ovector[2 * i + 2] != PCRE2_UNSET)
            groups[i] = (Span){within.start + (uint32_t)ovector[2 * i + 2], within.start + (uint32_t)ovector[2 * i + 3]};
    }
    return true;
}
