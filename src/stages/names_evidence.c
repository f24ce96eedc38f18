/* What speaks for and against a candidate.  The stage sums the weights of it, `fit` learns them, `explain` shows them.
 *
 * A template is a place to look at, a value what is seen there; together they are the key of a line of weights. */
#include "base/hash.h"
#include "stages/names.h"
#include "text/utf8.h"

const char *const TEMPLATE_REASONS[TEMPLATES] = {
    [T_ONLY_WORD] = "name.only.word", [T_FIRST_WORD] = "name.first.word", [T_INNER_WORD] = "name.inner.word",
    [T_LAST_WORD] = "name.last.word", [T_ONLY_SHAPE] = "name.only.shape", [T_FIRST_SHAPE] = "name.first.shape",
    [T_INNER_SHAPE] = "name.inner.shape", [T_LAST_SHAPE] = "name.last.shape", [T_ONLY_LIST] = "name.only.list",
    [T_FIRST_LIST] = "name.first.list", [T_INNER_LIST] = "name.inner.list", [T_LAST_LIST] = "name.last.list",
    [T_ONLY_RULE] = "name.only.rule", [T_FIRST_RULE] = "name.first.rule", [T_INNER_RULE] = "name.inner.rule",
    [T_LAST_RULE] = "name.last.rule", [T_SUFFIX] = "name.suffix", [T_PREFIX] = "name.prefix",
    [T_LAST_SUFFIX] = "name.last.suffix", [T_BEFORE_WORD] = "name.before.word",
    [T_BEFORE2_WORD] = "name.before2.word", [T_AFTER_WORD] = "name.after.word", [T_AFTER2_WORD] = "name.after2.word",
    [T_BEFORE_LIST] = "name.before.list", [T_AFTER_LIST] = "name.after.list", [T_BEFORE_SHAPE] = "name.before.shape",
    [T_AFTER_SHAPE] = "name.after.shape", [T_BEFORE2_LIST] = "name.before2.list",
    [T_AFTER2_LIST] = "name.after2.list", [T_BIAS] = "name.bias", [T_LENGTH] = "name.length",
    [T_PATTERN] = "name.pattern", [T_SPAN_LIST] = "name.whole.list", [T_SPAN_RULE] = "name.whole.rule",
    [T_RUN] = "name.run", [T_ZONE] = "name.zone", [T_POSITION] = "name.position", [T_LINKS] = "name.links",
    [T_ELSEWHERE_LOWER] = "name.elsewhere.lower", [T_ELSEWHERE_CAPITAL] = "name.elsewhere.capital",
    [T_ELSEWHERE_RULE] = "name.elsewhere.rule", [T_COUNT_FORM] = "name.count", [T_SEEN_SAME] = "name.seen.same",
    [T_SEEN_PART] = "name.seen.part", [T_SEEN_WHOLE] = "name.seen.whole", [T_SEEN_ACRONYM] = "name.seen.acronym",
    [T_NEAR_BEFORE] = "name.near.before", [T_NEAR_AFTER] = "name.near.after", [T_SEEN_TOKEN] = "name.seen.token",
};

enum { PATTERN_TOKENS = 5 };

static size_t pattern_text(uint32_t pattern, char *out);

static const char *const SHAPE_TEXTS[] = {"lower", "Cap", "CAPS", "mIxed", "number", "mark"};

uint64_t
evidence_key(const Names *n, Template template, const EvidenceValue *value)
{
    uint64_t key = n->template_hash[template];

    if (value->kind == VALUE_PATTERN) {
        char text[8 * PATTERN_TOKENS];
        return weight_key(key, hash_bytes(text, pattern_text(value->number, text)));
    }
    if (value->kind == VALUE_TEXT)
        return weight_key(key, hash_bytes(value->text, strlen(value->text)));
    if (value->kind == VALUE_WORD && value->text) /* two parts: "person|beat" */
        key = weight_key(key, hash_bytes(value->text, strlen(value->text)));
    return weight_key(key, value->hash);
}

/* Constant texts only: they are known by their address. */
static void
emit_text(Sink *sink, Template template, const char *text)
{
    sink->take(sink, template, &(EvidenceValue){.kind = VALUE_TEXT, .text = text});
}

static void
emit_word(const Names *n, Sink *sink, Template template, uint32_t token)
{
    sink->take(sink, template, &(EvidenceValue){VALUE_WORD, n->a->tokens.items[token].hash, NULL, token, NULL});
}

static void
emit_features(const Names *n, Sink *sink, Template template, uint32_t which, uint32_t set)
{
    const Lexicon *lex = &n->rules->lexicons[which];

    if (sink->take_set) {
        sink->take_set(sink, template, which, set);
        return;
    }
    for (uint32_t c = lex->sets[set]; c < lex->sets[set + 1]; c++)
        sink->take(sink, template,
             &(EvidenceValue){VALUE_FEATURE, n->rules->features.items[lex->codes[c]].hash, NULL, lex->codes[c], NULL});
}

/* The list features of one token, taken alone. */
static void
emit_lists(const Names *n, Sink *sink, Template template, uint32_t token)
{
    const Token *t = &n->a->tokens.items[token];

    for (uint32_t l = 0; l < n->rules->lexicon_count; l++) {
        const Lexicon *lex = &n->rules->lexicons[l];
        uint32_t word = l == 0 ? t->word : lexicon_word(lex, t->hash);
        if (word)
            emit_features(n, sink, template, l, lex->words[word].sets[token_written(t)]);
    }
}

static const char *
shape_text(const Token *t)
{
    if (t->flags & TOKEN_INITIAL)
        return t->flags & TOKEN_DOTTED ? "X." : "X";
    if (t->shape == SHAPE_UPPER && (t->flags & TOKEN_DOTTED))
        return "X.X.";
    if (t->shape == SHAPE_UPPER && t->end - t->start <= 5)
        return "CAPS5";
    return SHAPE_TEXTS[t->shape];
}

static void
emit_affix(const Names *n, Sink *sink, Template template, uint32_t token, ValueKind kind)
{
    const Token *t = &n->a->tokens.items[token];
    char fold[TOKEN_FOLD];
    size_t len;

    if (t->shape == SHAPE_PUNCT || t->shape == SHAPE_NUMBER || t->end - t->start < 4)
        return;
    len = token_fold(n->a->text, t, fold);
    if (len < 4)
        return;
    sink->take(sink, template,
         &(EvidenceValue){kind, hash_bytes(kind == VALUE_SUFFIX ? fold + len - 3 : fold, 3), NULL, token, NULL});
}

void
names_claim_evidence(const Names *n, uint32_t token, Role role, Sink *sink)
{
    for (uint32_t i = n->covered_from[token]; i < n->covered_from[token + 1]; i++) {
        const Claim *c = &n->claims.items[n->covering[i]];
        sink->take(sink, (Template)(T_ONLY_RULE + role), &(EvidenceValue){VALUE_RULE, c->hash, c->group, 0, c->rule});
    }
}

uint32_t
names_neighbour(const Names *n, uint32_t edge, Role role)
{
    const Article *a = n->a;
    const Token *t = a->tokens.items;
    uint32_t count = a->tokens.count;

    switch (role) {
    case ROLE_BEFORE:
        return edge == 0 || (t[edge].flags & TOKEN_PARAGRAPH) ? NONE : edge - 1;
    case ROLE_BEFORE2:
        return edge < 2 || ((t[edge].flags | t[edge - 1].flags) & TOKEN_PARAGRAPH) ? NONE : edge - 2;
    case ROLE_AFTER:
        return edge >= count || (t[edge].flags & TOKEN_PARAGRAPH) ? NONE : edge;
    case ROLE_AFTER2:
        return edge + 1 >= count || ((t[edge].flags | t[edge + 1].flags) & TOKEN_PARAGRAPH) ? NONE : edge + 1;
    default:
        return edge;
    }
}

void
names_edge_evidence(Role role, Sink *sink)
{
    if (role == ROLE_BEFORE)
        emit_text(sink, T_BEFORE_WORD, "^");
    else if (role == ROLE_AFTER)
        emit_text(sink, T_AFTER_WORD, "$");
}

void
names_own_evidence(const Names *n, uint32_t token, Role role, Sink *sink)
{
    static const struct {
        Template word, shape, list; /* TEMPLATES: not looked at */
    } LOOKS[ROLES] = {
        [ROLE_ONLY] = {T_ONLY_WORD, T_ONLY_SHAPE, T_ONLY_LIST},
        [ROLE_FIRST] = {T_FIRST_WORD, T_FIRST_SHAPE, T_FIRST_LIST},
        [ROLE_INNER] = {T_INNER_WORD, T_INNER_SHAPE, T_INNER_LIST},
        [ROLE_LAST] = {T_LAST_WORD, T_LAST_SHAPE, T_LAST_LIST},
        [ROLE_BEFORE] = {T_BEFORE_WORD, T_BEFORE_SHAPE, T_BEFORE_LIST},
        [ROLE_BEFORE2] = {T_BEFORE2_WORD, TEMPLATES, T_BEFORE2_LIST},
        [ROLE_AFTER] = {T_AFTER_WORD, T_AFTER_SHAPE, T_AFTER_LIST},
        [ROLE_AFTER2] = {T_AFTER2_WORD, TEMPLATES, T_AFTER2_LIST},
    };

    if (role == ROLE_ANY) {
        emit_affix(n, sink, T_SUFFIX, token, VALUE_SUFFIX);
        emit_affix(n, sink, T_PREFIX, token, VALUE_PREFIX);
        return;
    }
    emit_word(n, sink, LOOKS[role].word, token);
    if (LOOKS[role].shape != TEMPLATES)
        emit_text(sink, LOOKS[role].shape, shape_text(&n->a->tokens.items[token]));
    emit_lists(n, sink, LOOKS[role].list, token);
    if (role == ROLE_LAST || role == ROLE_ONLY)
        emit_affix(n, sink, T_LAST_SUFFIX, token, VALUE_SUFFIX);
}

/* How a token looks in a pattern. */
static unsigned
pattern_shape(const Token *t)
{
    if (t->shape == SHAPE_LOWER || t->shape == SHAPE_PUNCT)
        return 1;
    if (t->flags & TOKEN_INITIAL)
        return t->flags & TOKEN_DOTTED ? 2 : 3;
    if (t->shape == SHAPE_UPPER && (t->flags & TOKEN_DOTTED))
        return 4;
    if (t->shape == SHAPE_UPPER)
        return t->end - t->start <= 5 ? 5 : 6;
    return t->shape == SHAPE_CAP ? 7 : t->shape == SHAPE_MIXED ? 8 : 9;
}

/* Read a pattern, four bits for each token, the first lowest, as text: "Cap - Cap".  Its length. */
static size_t
pattern_text(uint32_t pattern, char *out)
{
    static const char *const TEXTS[] = {"", "-", "X.", "X", "X.X.", "CAPS5", "CAPS", "Cap", "mIxed", "number"};
    size_t len = 0;

    for (; pattern; pattern >>= 4) {
        const char *text = TEXTS[pattern & 15];
        size_t n = strlen(text);
        if (len)
            out[len++] = ' ';
        memcpy(out + len, text, n);
        len += n;
    }
    return len;
}

static bool
is_capital(const Names *n, uint32_t token)
{
    return n->a->tokens.items[token].flags & TOKEN_CAPITAL;
}

static const WordCount *
count_of(const Names *n, uint64_t hash)
{
    uint32_t at = (uint32_t)hash & n->words_mask;

    for (; n->words[at].hash; at = (at + 1) & n->words_mask)
        if (n->words[at].hash == hash)
            return &n->words[at];
    return NULL;
}

/* ---- the profile */

/* What a candidate looks like from afar, in one number: few differ, so that what they say together is summed once
 * (sum_profile in names.c).  From the lowest bit: length 3, several links 2, run 3, capital paragraph 1, zone 3, opens a
 * sentence 1, alone on its line 1, glued before 1, glued behind 1, its first word also stands in small letters 1, with a
 * capital inside a sentence 1, and the pattern from bit 32. */
enum {
    PROFILE_LENGTH = 0, PROFILE_LINKS = 3, PROFILE_RUN = 5, PROFILE_CAPITALS = 8, PROFILE_ZONE = 9, PROFILE_OPENS = 12,
    PROFILE_ALONE, PROFILE_GLUED_BEFORE, PROFILE_GLUED_BEHIND, PROFILE_LOWER, PROFILE_CAPITAL, PROFILE_PATTERN = 32
};

enum { RUN_ONE, RUN_ALL, RUN_BEGINNING, RUN_END, RUN_INSIDE };

/* The shapes of the candidate's tokens, if it is not long, and how many links it has. */
static uint64_t
pattern_profile(const Names *n, Range r)
{
    uint64_t links = 0, pattern = 0;

    for (uint32_t i = r.start; i < r.end; i++) {
        unsigned shape = pattern_shape(&n->a->tokens.items[i]);
        links += shape == 1;
        if (i - r.start < PATTERN_TOKENS)
            pattern |= (uint64_t)shape << 4 * (i - r.start);
    }
    if (r.end - r.start > PATTERN_TOKENS)
        pattern = 0;
    return (links < 2 ? links : 2) << PROFILE_LINKS | pattern << PROFILE_PATTERN;
}

uint64_t
names_profile(const Names *n, const Candidate *c)
{
    const Token *t = n->a->tokens.items;
    Range r = c->tokens;
    const Paragraph *paragraph = &n->a->paragraphs.items[c->paragraph];
    const WordCount *first = count_of(n, t[r.start].hash);
    bool left = r.start > paragraph->tokens.start && is_capital(n, r.start - 1);
    bool right = r.end < paragraph->tokens.end && is_capital(n, r.end);
    bool alone = paragraph->tokens.start == r.start && paragraph->tokens.end == r.end;
    uint64_t len = r.end - r.start, run = left ? right ? RUN_INSIDE : RUN_END : right ? RUN_BEGINNING : len == 1 ? RUN_ONE : RUN_ALL;
    bool glued_behind = r.end < n->a->tokens.count && (t[r.end].flags & TOKEN_GLUED) && t[r.end].shape != SHAPE_PUNCT;
    uint64_t profile = (len < 7 ? len : 7) << PROFILE_LENGTH | run << PROFILE_RUN |
                       (uint64_t)paragraph->capitals << PROFILE_CAPITALS | (uint64_t)paragraph->zone << PROFILE_ZONE |
                       (uint64_t)((t[r.start].flags & TOKEN_SENTENCE) != 0) << PROFILE_OPENS |
                       (uint64_t)alone << PROFILE_ALONE |
                       (uint64_t)(r.start > 0 && (t[r.start].flags & TOKEN_GLUED)) << PROFILE_GLUED_BEFORE |
                       (uint64_t)glued_behind << PROFILE_GLUED_BEHIND |
                       (uint64_t)(first && first->lower) << PROFILE_LOWER |
                       (uint64_t)(first && first->capital) << PROFILE_CAPITAL;

    return len > 1 ? profile | pattern_profile(n, r) : profile;
}

void
names_profile_evidence(uint64_t profile, Sink *sink)
{
    static const char *const LENGTHS[] = {"0", "1", "2", "3", "4", "5", "6", "7"}, *const LINKS[] = {"0", "1", "2"},
                            *const RUNS[] = {"one", "all", "beginning", "end", "inside"};
    static const char *const ZONES[2][ZONE_KINDS][2] = {
        {{"body several", "body one"}, {"headline several", "headline one"}, {"byline several", "byline one"},
         {"dateline several", "dateline one"}, {"caption several", "caption one"}, {"furniture", "furniture"}},
        {{"capitals body several", "capitals body one"}, {"capitals headline several", "capitals headline one"},
         {"capitals byline several", "capitals byline one"}, {"capitals dateline several", "capitals dateline one"},
         {"capitals caption several", "capitals caption one"}, {"furniture", "furniture"}}};
    uint32_t length = profile >> PROFILE_LENGTH & 7, pattern = (uint32_t)(profile >> PROFILE_PATTERN);
    bool one = length == 1, opens = profile >> PROFILE_OPENS & 1;

    emit_text(sink, T_BIAS, "all");
    emit_text(sink, T_LENGTH, LENGTHS[length]);
    if (pattern)
        sink->take(sink, T_PATTERN, &(EvidenceValue){.kind = VALUE_PATTERN, .number = pattern});
    if (!one)
        emit_text(sink, T_LINKS, LINKS[profile >> PROFILE_LINKS & 3]);
    emit_text(sink, T_RUN, RUNS[profile >> PROFILE_RUN & 7]);
    emit_text(sink, T_ZONE, ZONES[profile >> PROFILE_CAPITALS & 1][profile >> PROFILE_ZONE & 7][one]);
    if (opens)
        emit_text(sink, T_POSITION, profile >> PROFILE_ALONE & 1 ? "line" : one ? "opens one" : "opens several");
    if (profile >> PROFILE_GLUED_BEFORE & 1)
        emit_text(sink, T_POSITION, "glued before");
    if (profile >> PROFILE_GLUED_BEHIND & 1)
        emit_text(sink, T_POSITION, "glued behind");
    if (profile >> PROFILE_LOWER & 1)
        emit_text(sink, T_ELSEWHERE_LOWER, opens ? one ? "opening one" : "opening several" : one ? "one" : "several");
    if (opens)
        emit_text(sink, T_ELSEWHERE_CAPITAL,
                  profile >> PROFILE_CAPITAL & 1 ? one ? "one" : "several" : one ? "never one" : "never several");
}

/* ---- lists and rules */

static void
emit_elsewhere(const Names *n, Sink *sink, const Candidate *c)
{
    if (n->elsewhere_sieve[c->form >> 58] >> (c->form >> 52 & 63) & 1) {
        uint32_t low = 0, high = n->elsewhere_count;
        while (low < high) {
            uint32_t middle = low + (high - low) / 2;
            if (n->elsewhere_form[middle] < c->form)
                low = middle + 1;
            else
                high = middle;
        }
        for (; low < n->elsewhere_count && n->elsewhere_form[low] == c->form; low++) {
            const Claim *claim = &n->elsewhere[low];
            if (claim->tokens.start != c->tokens.start)
                sink->take(sink, T_ELSEWHERE_RULE,
                           &(EvidenceValue){VALUE_RULE, claim->hash, claim->group, 0, claim->rule});
        }
    }
}

void
names_whole_evidence(const Names *n, const Candidate *c, Sink *sink)
{
    const Article *a = n->a;
    Range r = c->tokens;

    for (uint32_t h = c->first_hit; h < a->hits.count && a->hits.items[h].tokens.start == r.start; h++)
        if (a->hits.items[h].tokens.end == r.end)
            emit_features(n, sink, T_SPAN_LIST, a->hits.items[h].lexicon, a->hits.items[h].set);
    for (uint32_t i = c->first_claim; i < n->claims.count && n->claims.items[i].tokens.start == r.start; i++) {
        const Claim *claim = &n->claims.items[i];
        if (claim->tokens.end == r.end)
            sink->take(sink, T_SPAN_RULE, &(EvidenceValue){VALUE_RULE, claim->hash, claim->group, 0, claim->rule});
    }
    emit_elsewhere(n, sink, c);
}

void
names_span_evidence(const Names *n, const Candidate *c, Sink *sink)
{
    names_profile_evidence(c->profile, sink);
    names_whole_evidence(n, c, sink);
}

/* ---- what the first reading found */

static const Seen *
seen_of(const Names *n, uint64_t hash)
{
    uint32_t at = (uint32_t)hash & n->seen_mask;

    for (; n->seen[at].hash; at = (at + 1) & n->seen_mask)
        if (n->seen[at].hash == hash)
            return &n->seen[at];
    return NULL;
}

static int
best_of(const uint16_t *counts, int many, bool *sure)
{
    int best = 0;
    uint32_t total = 0;

    for (int i = 0; i < many; i++) {
        total += counts[i];
        if (counts[i] > counts[best])
            best = i;
    }
    *sure = counts[best] * 5u >= total * 4u;
    return total ? best : -1;
}

static const char *const TYPE_TEXTS[NAME_TYPES] = {"person", "organization", "place"};

/* A name at the token `at`, and the word between it and the candidate. */
static void
emit_neighbour(const Names *n, Sink *sink, Template template, int64_t at, int64_t between)
{
    if (at < 0 || at >= n->a->tokens.count || n->near[at] < 0)
        return;
    sink->take(sink, template,
         &(EvidenceValue){VALUE_WORD, n->a->tokens.items[between].hash, TYPE_TEXTS[n->near[at]], (uint32_t)between,
                          NULL});
}

void
names_seen_evidence(const Names *n, const Candidate *c, Sink *sink)
{
    static const char *const SAME[4][2] = {{"person mixed", "person"}, {"organization mixed", "organization"},
                                           {"place mixed", "place"},   {"nothing mixed", "nothing"}};
    static const char *const PARTS[NAME_TYPES][3] = {{"person first", "person inner", "person last"},
                                                     {"organization first", "organization inner", "organization last"},
                                                     {"place first", "place inner", "place last"}};
    const Seen *same = seen_of(n, c->form);
    bool sure, one = c->tokens.end - c->tokens.start == 1;
    int type;

    if (same) {
        uint16_t others[4];
        memcpy(others, same->as, sizeof others);
        others[c->label < 0 ? 3 : c->label]--; /* what it was itself read as is no news */
        if ((type = best_of(others, 4, &sure)) >= 0)
            emit_text(sink, T_SEEN_SAME, SAME[type][sure]);
        for (int t = 0; t < NAME_TYPES; t++)
            for (int p = 0; p < 3; p++)
                if (same->part[t][p])
                    emit_text(sink, T_SEEN_PART, PARTS[t][p]);
        if (same->acronym && one)
            emit_text(sink, T_SEEN_ACRONYM, "organization");
    }
    emit_text(sink, T_SEEN_WHOLE,
              c->label < 0 ? one ? "nothing one" : "nothing several"
                           : TYPE_TEXTS[c->label]);
    for (uint32_t i = c->tokens.start; !one && i < c->tokens.end; i++) {
        const Seen *word = seen_of(n, n->a->tokens.items[i].hash);
        int place = i == c->tokens.start ? 0 : i + 1 == c->tokens.end ? 2 : 1;
        if (word == NULL || place == 1)
            continue;
        for (int t = 0; t < NAME_TYPES; t++)
            if (word->as[t])
                emit_text(sink, T_SEEN_TOKEN, PARTS[t][place]);
    }
    emit_neighbour(n, sink, T_NEAR_BEFORE, (int64_t)c->tokens.start - 2, (int64_t)c->tokens.start - 1);
    emit_neighbour(n, sink, T_NEAR_AFTER, (int64_t)c->tokens.end + 1, (int64_t)c->tokens.end);
}

static void
inside_evidence(const Names *n, uint32_t token, Role role, Sink *sink)
{
    names_own_evidence(n, token, role, sink);
    names_claim_evidence(n, token, role, sink);
    names_own_evidence(n, token, ROLE_ANY, sink);
}

void
names_evidence(const Names *n, const Candidate *c, bool second, Sink *sink)
{
    uint32_t first = c->tokens.start, last = c->tokens.end - 1;

    for (uint32_t i = first; i <= last; i++)
        inside_evidence(n, i, names_role(c, i), sink);
    for (Role role = ROLE_BEFORE; role <= ROLE_AFTER2; role++) {
        uint32_t token = names_neighbour(n, role <= ROLE_BEFORE2 ? first : last + 1, role);
        if (token == NONE)
            names_edge_evidence(role, sink);
        else
            names_own_evidence(n, token, role, sink);
    }
    names_span_evidence(n, c, sink);
    if (second)
        names_seen_evidence(n, c, sink);
}

void
evidence_text(const Names *n, const EvidenceValue *v, Buf *out)
{
    char fold[TOKEN_FOLD];
    size_t len;

    switch (v->kind) {
    case VALUE_TEXT:
        buf_str(out, v->text);
        return;
    case VALUE_PATTERN: {
        char text[8 * PATTERN_TOKENS];
        buf_add(out, text, pattern_text(v->number, text));
        return;
    }
    case VALUE_FEATURE:
        buf_str(out, n->rules->features.items[v->number].name);
        return;
    case VALUE_RULE:
        buf_str(out, v->rule->name);
        buf_char(out, ' ');
        buf_str(out, v->text);
        return;
    case VALUE_WORD:
    case VALUE_SUFFIX:
    case VALUE_PREFIX:
        if (v->kind == VALUE_WORD && v->text)
            buf_printf(out, "%s|", v->text);
        len = token_fold(n->a->text, &n->a->tokens.items[v->number], fold);
        if (v->kind == VALUE_SUFFIX)
            buf_add(out, fold + len - 3, 3);
        else
            buf_add(out, fold, v->kind == VALUE_PREFIX ? 3 : len);
    }
}
