/* A recursive descent over the pattern's text that writes the PCRE2 pattern as it goes.  Each part also returns what is
 * known of it: how many tokens it takes, and which tokens can stand at its beginning; from these the compiler
 * chooses where a rule is tried (its triggers).
 *
 * A test of one token is kept as alternatives of conjunctions of *byte tests*: a byte of the record and the set of
 * values that it may have. */
#include "engine/tokenrule.h"

#include "base/hash.h"
#include "base/mem.h"
#include "engine/tape.h"
#include "text/tokens.h"

#include <stdio.h>
#include <stdlib.h>

#define WORD_SHARE 0.004f /* a guess, as for features */

enum { LENGTH_MANY = 1 << 20, TESTS = 16, ALTERNATIVES = 24, DEPTH = 40, CANDIDATES = 8 };

/* ---- words */

void
rulewords_init(RuleWords *words)
{
    words->mask = 4095;
    words->count = 0;
    words->hashes = mem_zero(words->mask + 1, sizeof *words->hashes);
    words->numbers = mem_zero(words->mask + 1, sizeof *words->numbers);
}

void
rulewords_close(RuleWords *words)
{
    free(words->hashes);
    free(words->numbers);
    *words = (RuleWords){0};
}

static void
rulewords_put(RuleWords *words, uint64_t hash, uint16_t number)
{
    uint32_t at = (uint32_t)hash & words->mask;

    while (words->hashes[at])
        at = (at + 1) & words->mask;
    words->hashes[at] = hash;
    words->numbers[at] = number;
}

static uint16_t
rulewords_intern(RuleWords *words, uint64_t hash)
{
    uint16_t found = rulewords_find(words, hash);

    if (found)
        return found;
    if (words->count * 2 > words->mask) {
        RuleWords wider = {.mask = words->mask * 2 + 1, .count = words->count};
        wider.hashes = mem_zero((size_t)wider.mask + 1, sizeof *wider.hashes);
        wider.numbers = mem_zero((size_t)wider.mask + 1, sizeof *wider.numbers);
        for (uint32_t i = 0; i <= words->mask; i++)
            if (words->hashes[i])
                rulewords_put(&wider, words->hashes[i], words->numbers[i]);
        free(words->hashes);
        free(words->numbers);
        *words = wider;
    }
    rulewords_put(words, hash, (uint16_t)++words->count);
    return (uint16_t)words->count;
}

/* ---- tests of one token */

typedef struct {
    uint8_t byte;
    uint64_t values[4]; /* 256 bits */
} ByteTest;

typedef struct {
    ByteTest tests[TESTS];
    uint8_t count;
    TriggerSet trigger; /* the rarest thing that it asks for */
} Conjunction;

typedef struct {
    Conjunction *items;
    uint32_t count;
} TokenTest;

typedef struct {
    int offset; /* tokens from the part's beginning */
    TriggerSet set;
} Candidate;

/* What is known of a part. */
typedef struct {
    int least, most;  /* tokens */
    TriggerSet first; /* what its first token bears, if it takes any */
    TriggerSet needs[NEEDS_MAX]; /* one of each set stands somewhere in every match; the rarest sets, rarest first */
    Candidate candidates[CANDIDATES];
    int candidate_count;
} Part;

typedef struct {
    Rule *rule;
    const RuleFiles *files;
    Features *features;
    RuleWords *words;
    Arena arena;
    Buf *out;
    Error *err;
    /* where it reads */
    const char *path, *text;
    size_t at, len, line, column;
    int depth;
} Compiler;

static bool
fault_at(Compiler *c, size_t at, const char *message, const char *detail)
{
    size_t line = c->line, start = 0, end;

    for (size_t i = 0; i < at && i < c->len; i++)
        if (c->text[i] == '\n') {
            line++;
            start = i + 1;
        }
    for (end = start; end < c->len && c->text[end] != '\n';)
        end++;
    size_t column = at - start + (line == c->line ? c->column : 1);
    /* the caret stands below the source line, whose first `column - 1` bytes we do not have on the first line */
    char shown[240];
    size_t pad = line == c->line ? c->column - 1 : 0, n = 0;
    while (n < pad && n < sizeof shown)
        shown[n++] = ' ';
    for (size_t i = start; i < end && n < sizeof shown; i++)
        shown[n++] = c->text[i];
    return error_set(c->err, ERROR_RULE, c->path, line, column, shown, n, message, detail);
}

static void
byte_test_any_of(ByteTest *test, uint8_t byte, uint8_t mask)
{
    *test = (ByteTest){.byte = byte};
    for (unsigned v = 0; v < 256; v++)
        if (v & mask)
            test->values[v >> 6] |= 1ull << (v & 63);
}

static void
byte_test_value(ByteTest *test, uint8_t byte, uint8_t value)
{
    *test = (ByteTest){.byte = byte};
    test->values[value >> 6] |= 1ull << (value & 63);
}

static TriggerSet
no_trigger(void)
{
    return (TriggerSet){.any = true, .share = 1};
}

static TriggerSet
union_of(const TriggerSet *a, const TriggerSet *b)
{
    TriggerSet out = *a;

    if (a->any || b->any)
        return no_trigger();
    for (int i = 0; i < b->count; i++) {
        bool known = false;
        for (int j = 0; j < a->count; j++)
            known |= a->items[j].word == b->items[i].word && a->items[j].number == b->items[i].number;
        if (known)
            continue;
        if (out.count == TRIGGERS_MAX)
            return no_trigger();
        out.items[out.count++] = b->items[i];
    }
    out.share = a->share + b->share;
    return out;
}

static void
forget_needs(Part *part)
{
    for (int i = 0; i < NEEDS_MAX; i++)
        part->needs[i] = no_trigger();
}

static Part
empty_part(void)
{
    Part part = {0};

    forget_needs(&part);
    return part;
}

static void
add_need(Part *part, const TriggerSet *need)
{
    for (int i = 0; i < NEEDS_MAX; i++)
        if (need->share < part->needs[i].share) {
            memmove(&part->needs[i + 1], &part->needs[i], (size_t)(NEEDS_MAX - 1 - i) * sizeof *part->needs);
            part->needs[i] = *need;
            return;
        }
}

static bool
conjunction_and(Conjunction *into, const Conjunction *other)
{
    for (int i = 0; i < other->count; i++) {
        int j = 0;
        while (j < into->count && into->tests[j].byte != other->tests[i].byte)
            j++;
        if (j < into->count) {
            for (int k = 0; k < 4; k++)
                into->tests[j].values[k] &= other->tests[i].values[k];
        } else {
            if (into->count == TESTS)
                return false;
            into->tests[into->count++] = other->tests[i];
        }
    }
    if (other->trigger.share < into->trigger.share)
        into->trigger = other->trigger;
    return true;
}

static bool
too_big(Compiler *c)
{
    return fault_at(c, c->at, "the test of this token has too many alternatives%s", "");
}

static bool
test_and(Compiler *c, TokenTest a, TokenTest b, TokenTest *out)
{
    out->count = 0;
    if (a.count * b.count > ALTERNATIVES)
        return too_big(c);
    out->items = arena_alloc(&c->arena, a.count * b.count * sizeof *out->items);
    for (uint32_t i = 0; i < a.count; i++)
        for (uint32_t j = 0; j < b.count; j++) {
            out->items[out->count] = a.items[i];
            if (!conjunction_and(&out->items[out->count++], &b.items[j]))
                return too_big(c);
        }
    return true;
}

static bool
test_or(Compiler *c, TokenTest a, TokenTest b, TokenTest *out)
{
    out->items = arena_alloc(&c->arena, (a.count + b.count) * sizeof *out->items);
    out->count = 0;
    for (uint32_t i = 0; i < a.count; i++)
        out->items[out->count++] = a.items[i];
    for (uint32_t i = 0; i < b.count; i++) {
        Conjunction *with = NULL;
        /* two single tests of the same byte become one class */
        for (uint32_t j = 0; j < out->count && b.items[i].count == 1; j++)
            if (out->items[j].count == 1 && out->items[j].tests[0].byte == b.items[i].tests[0].byte)
                with = &out->items[j];
        if (with) {
            for (int k = 0; k < 4; k++)
                with->tests[0].values[k] |= b.items[i].tests[0].values[k];
            with->trigger = union_of(&with->trigger, &b.items[i].trigger);
        } else {
            out->items[out->count++] = b.items[i];
        }
    }
    return out->count <= ALTERNATIVES || too_big(c);
}

static bool
test_not(Compiler *c, TokenTest a, TokenTest *out)
{
    *out = (TokenTest){arena_zero(&c->arena, sizeof(Conjunction)), 1};
    out->items[0].trigger = no_trigger();
    for (uint32_t i = 0; i < a.count; i++) {
        TokenTest none = {arena_zero(&c->arena, TESTS * sizeof(Conjunction)), 0};
        for (int j = 0; j < a.items[i].count; j++) {
            Conjunction *one = &none.items[none.count++];
            one->count = 1;
            one->trigger = no_trigger();
            one->tests[0] = a.items[i].tests[j];
            for (int k = 0; k < 4; k++)
                one->tests[0].values[k] = ~one->tests[0].values[k];
        }
        if (!test_and(c, *out, none, out))
            return false;
    }
    return true;
}

static bool
test_feature(Compiler *c, const char *name, size_t len, bool begin_only, bool inside_only, TokenTest *out)
{
    char shown[96];
    uint16_t number = feature_find(c->features, name, len);
    const Feature *f;
    Conjunction *one;
    uint8_t mask = 0;

    snprintf(shown, sizeof shown, "%.*s", (int)(len < 80 ? len : 80), name);
    if (number == FEATURE_NONE)
        return fault_at(c, c->at, "there is no feature %s: no list gives it and no stage makes it", shown);
    if (!feature_place(c->features, number))
        return fault_at(c, c->at, "the rules ask for more features than the tape has room for, %s is the first too many",
                        shown);
    f = &c->features->items[number];
    one = arena_zero(&c->arena, sizeof *one);
    one->count = 1;
    if (!inside_only) {
        mask |= (uint8_t)(1u << (f->begin & 7));
        one->trigger.items[one->trigger.count++] = (Trigger){false, f->begin};
    }
    if (!begin_only && f->inside != BIT_NONE) {
        mask |= (uint8_t)(1u << (f->inside & 7));
        one->trigger.items[one->trigger.count++] = (Trigger){false, f->inside};
    }
    one->trigger.share = f->share;
    byte_test_any_of(&one->tests[0], (uint8_t)(f->begin >> 3), mask);
    *out = (TokenTest){one, 1};
    return true;
}

static void
test_word(Compiler *c, uint64_t hash, TokenTest *out)
{
    uint16_t number = rulewords_intern(c->words, hash);
    Conjunction *one = arena_zero(&c->arena, sizeof *one);

    one->count = 2;
    byte_test_value(&one->tests[0], TAPE_WORD, (uint8_t)(number & 0xff));
    byte_test_value(&one->tests[1], TAPE_WORD + 1, (uint8_t)(number >> 8));
    one->trigger.items[one->trigger.count++] = (Trigger){true, number};
    one->trigger.share = WORD_SHARE;
    *out = (TokenTest){one, 1};
}

/* ---- writing */

static void
write_byte(Buf *out, unsigned value)
{
    static const char HEX[] = "0123456789abcdef";

    buf_add(out, (char[]){'\\', 'x', HEX[value >> 4], HEX[value & 15]}, 4);
}

static void
write_class(Buf *out, const ByteTest *test)
{
    buf_char(out, '[');
    for (unsigned v = 0; v < 256;) {
        unsigned end;
        if (!(test->values[v >> 6] >> (v & 63) & 1)) {
            v++;
            continue;
        }
        for (end = v; end + 1 < 256 && (test->values[(end + 1) >> 6] >> ((end + 1) & 63) & 1);)
            end++;
        write_byte(out, v);
        if (end > v) {
            buf_char(out, '-');
            write_byte(out, end);
        }
        v = end + 1;
    }
    buf_char(out, ']');
}

static void
write_skip(Buf *out, unsigned bytes)
{
    if (bytes == 0)
        return;
    buf_char(out, '.');
    if (bytes > 1) {
        buf_char(out, '{');
        buf_number(out, bytes);
        buf_char(out, '}');
    }
}

static bool
is_empty_test(const ByteTest *test)
{
    return (test->values[0] | test->values[1] | test->values[2] | test->values[3]) == 0;
}

static void
write_record(Buf *out, const Conjunction *conj)
{
    unsigned at = 0;

    for (unsigned byte = 0; byte < TAPE_WIDTH; byte++)
        for (int i = 0; i < conj->count; i++)
            if (conj->tests[i].byte == byte) {
                write_skip(out, byte - at);
                if (is_empty_test(&conj->tests[i])) /* an empty class cannot be written; the dot keeps the width */
                    buf_str(out, "(*FAIL).");
                else
                    write_class(out, &conj->tests[i]);
                at = byte + 1;
            }
    write_skip(out, TAPE_WIDTH - at);
}

static void
write_test(Compiler *c, TokenTest test, Part *part)
{
    buf_str(c->out, "(?:");
    for (uint32_t i = 0; i < test.count; i++) {
        if (i)
            buf_char(c->out, '|');
        write_record(c->out, &test.items[i]);
    }
    buf_char(c->out, ')');
    *part = (Part){.least = 1, .most = 1, .first = test.items[0].trigger, .candidate_count = 1};
    for (uint32_t i = 1; i < test.count; i++)
        part->first = union_of(&part->first, &test.items[i].trigger);
    part->candidates[0].set = part->needs[0] = part->first;
    for (int i = 1; i < NEEDS_MAX; i++)
        part->needs[i] = no_trigger();
}

/* ---- reading */

static bool parse_alternatives(Compiler *c, Part *part, char closer);

static void
skip_space(Compiler *c)
{
    while (c->at < c->len && strchr(" \t\r\n", c->text[c->at]))
        c->at++;
}

static bool
is_name_char(char ch)
{
    return (ch >= 'a' && ch <= 'z') || (ch >= '0' && ch <= '9') || ch == '-' || ch == '.' || ch == '_';
}

static size_t
name_length(const Compiler *c)
{
    size_t n = 0;

    while (c->at + n < c->len && is_name_char(c->text[c->at + n]))
        n++;
    return n;
}

/* The words between quotation marks; c->at stands on the opening one. */
static bool
parse_words(Compiler *c, TokenVec *words)
{
    const char *open = c->text + c->at + 1;
    size_t len = 0;

    while (c->at + 1 + len < c->len && open[len] != '"' && open[len] != '\n')
        len++;
    /* "\"" is the quotation mark itself */
    if (len == 1 && open[0] == '\\' && c->at + 3 < c->len && open[1] == '"' && open[2] == '"') {
        open++;
        c->at++;
    }
    if (c->at + 1 + len >= c->len || open[len] != '"')
        return fault_at(c, c->at, "the words are not closed with \"%s", "");
    tokens_cut(&c->arena, open, (uint32_t)len, words);
    if (words->count > 1) { /* clitics and abbreviations are cut as in a text */
        uint32_t kept = 0;
        for (uint32_t i = 0; i < words->count; i++)
            words->items[kept++] = words->items[i];
        words->count = kept;
    }
    if (words->count == 0)
        return fault_at(c, c->at, "there is no word between the marks%s", "");
    c->at += len + 2;
    return true;
}

static bool parse_test_or(Compiler *c, TokenTest *out);

static bool
parse_test_atom(Compiler *c, TokenTest *out)
{
    size_t len;

    skip_space(c);
    if (c->at >= c->len)
        return fault_at(c, c->at, "the brace is not closed%s", "");
    if (++c->depth > DEPTH)
        return fault_at(c, c->at, "nested too deep%s", "");
    if (c->text[c->at] == '!') {
        TokenTest inner;
        c->at++;
        if (!parse_test_atom(c, &inner) || !test_not(c, inner, out))
            return false;
    } else if (c->text[c->at] == '(') {
        c->at++;
        if (!parse_test_or(c, out))
            return false;
        skip_space(c);
        if (c->at >= c->len || c->text[c->at] != ')')
            return fault_at(c, c->at, "expected )%s", "");
        c->at++;
    } else if (c->text[c->at] == '"') {
        TokenVec words = {0};
        size_t at = c->at;
        if (!parse_words(c, &words))
            return false;
        if (words.count != 1)
            return fault_at(c, at, "inside braces stands one word at a time%s", "");
        test_word(c, words.items[0].hash, out);
    } else if ((len = name_length(c)) > 0) {
        bool begin = false, inside = false;
        size_t name = c->at;
        c->at += len;
        if (c->at < c->len && c->text[c->at] == ':') { /* {f:begin}, {f:inside} */
            c->at++;
            size_t n = name_length(c);
            begin = n == 5 && memcmp(c->text + c->at, "begin", 5) == 0;
            inside = n == 6 && memcmp(c->text + c->at, "inside", 6) == 0;
            if (!begin && !inside)
                return fault_at(c, c->at, "after the colon stands begin or inside%s", "");
            c->at += n;
        }
        size_t end = c->at;
        c->at = name;
        if (!test_feature(c, c->text + name, len, begin, inside, out))
            return false;
        c->at = end;
    } else {
        return fault_at(c, c->at, "expected a feature, a \"word\", ! or (%s", "");
    }
    c->depth--;
    return true;
}

static bool
parse_test_and(Compiler *c, TokenTest *out)
{
    if (!parse_test_atom(c, out))
        return false;
    for (skip_space(c); c->at < c->len && c->text[c->at] == '&'; skip_space(c)) {
        TokenTest more;
        c->at++;
        if (!parse_test_atom(c, &more) || !test_and(c, *out, more, out))
            return false;
    }
    return true;
}

static bool
parse_test_or(Compiler *c, TokenTest *out)
{
    if (!parse_test_and(c, out))
        return false;
    for (skip_space(c); c->at < c->len && c->text[c->at] == '|'; skip_space(c)) {
        TokenTest more;
        c->at++;
        if (!parse_test_and(c, &more) || !test_or(c, *out, more, out))
            return false;
    }
    return true;
}

static bool
parse_braces(Compiler *c, Part *part)
{
    TokenTest test;

    c->at++;
    if (!parse_test_or(c, &test))
        return false;
    skip_space(c);
    if (c->at >= c->len || c->text[c->at] != '}')
        return fault_at(c, c->at, "expected }, & or |%s", "");
    c->at++;
    write_test(c, test, part);
    return true;
}

/* "word word": one token each. */
static bool
parse_quoted(Compiler *c, Part *part)
{
    TokenVec words = {0};

    if (!parse_words(c, &words))
        return false;
    buf_str(c->out, "(?:");
    *part = empty_part();
    for (uint32_t i = 0; i < words.count; i++) {
        TokenTest test;
        Part one;
        test_word(c, words.items[i].hash, &test);
        write_test(c, test, &one);
        if (part->candidate_count < CANDIDATES)
            part->candidates[part->candidate_count++] = (Candidate){(int)i, one.first};
        if (i == 0)
            part->first = one.first;
        add_need(part, &one.first);
    }
    buf_char(c->out, ')');
    part->least = part->most = (int)words.count;
    return true;
}

/* <f>: begin inside*+ */
static bool
parse_whole(Compiler *c, Part *part)
{
    size_t len, start;
    TokenTest begin, inside;
    Part rest;

    c->at++;
    len = name_length(c);
    start = c->at;
    if (len == 0 || start + len >= c->len || c->text[start + len] != '>')
        return fault_at(c, start, "expected a feature's name and >%s", "");
    if (!test_feature(c, c->text + start, len, true, false, &begin))
        return false;
    buf_str(c->out, "(?:");
    write_test(c, begin, part);
    if (c->features->items[feature_find(c->features, c->text + start, len)].inside != BIT_NONE) {
        if (!test_feature(c, c->text + start, len, false, true, &inside))
            return false;
        write_test(c, inside, &rest);
        buf_str(c->out, "*+");
        part->most = LENGTH_MANY;
    }
    buf_char(c->out, ')');
    c->at = start + len + 1;
    return true;
}

static bool
parse_fragment(Compiler *c, Part *part)
{
    size_t len, start = ++c->at;
    const Fragment *fragment;
    Compiler outer = *c;
    bool ok;

    len = name_length(c);
    while (len && c->text[start + len - 1] == '.') /* "$name." is a fragment and any token */
        len--;
    fragment = rulefile_fragment(c->files, c->text + start, len);
    if (fragment == NULL)
        return fault_at(c, start, "no fragment of this name is defined%s", "");
    if (c->depth > DEPTH)
        return fault_at(c, start, "fragments nested too deep: does one use itself?%s", "");
    c->path = fragment->path;
    c->text = fragment->text;
    c->len = strlen(fragment->text);
    c->line = fragment->line;
    c->column = fragment->column;
    c->at = 0;
    c->depth++;
    buf_str(c->out, "(?:");
    ok = parse_alternatives(c, part, '\0');
    buf_char(c->out, ')');
    c->path = outer.path;
    c->text = outer.text;
    c->len = outer.len;
    c->line = outer.line;
    c->column = outer.column;
    c->depth = outer.depth;
    c->at = start + len;
    return ok;
}

static bool
starts(const Compiler *c, const char *what)
{
    size_t n = strlen(what);

    return c->len - c->at >= n && memcmp(c->text + c->at, what, n) == 0;
}

static bool
parse_named_group(Compiler *c)
{
    size_t len, start;

    c->at += 3;
    start = c->at;
    len = name_length(c);
    if (len == 0 || start + len >= c->len || c->text[start + len] != '>')
        return fault_at(c, start, "a group is written (?<name> ... )%s", "");
    if (c->rule->group_count == MATCH_GROUPS)
        return fault_at(c, start, "a rule has at most 8 named groups%s", "");
    c->rule->groups[c->rule->group_count++] = arena_copy(c->files->arena, c->text + start, len);
    buf_char(c->out, '(');
    c->at = start + len + 1;
    return true;
}

static bool
parse_group(Compiler *c, Part *part)
{
    static const struct {
        const char *opener;
        int kind; /* 0 plain, 1 ahead, 2 behind, 3 negative (either) */
    } KINDS[] = {{"(?:", 0}, {"(?>", 0}, {"(?=", 1}, {"(?<=", 2}, {"(?!", 3}, {"(?<!", 3}};
    size_t opened = c->at;
    int kind = 0;
    bool named = true;

    if (++c->depth > DEPTH)
        return fault_at(c, c->at, "nested too deep%s", "");
    for (size_t i = 0; i < sizeof KINDS / sizeof *KINDS; i++)
        if (starts(c, KINDS[i].opener)) {
            kind = KINDS[i].kind;
            buf_str(c->out, KINDS[i].opener);
            c->at += strlen(KINDS[i].opener);
            named = false;
            break;
        }
    if (named && starts(c, "(?<")) {
        if (!parse_named_group(c))
            return false;
    } else if (named) {
        if (starts(c, "(?") || starts(c, "(*"))
            return fault_at(c, c->at, "groups are ( ), (?: ), (?> ), (?<name> ), (?= ), (?! ), (?<= ) and (?<! )%s", "");
        buf_str(c->out, "(?:");
        c->at++;
    }
    if (!parse_alternatives(c, part, ')'))
        return false;
    if (c->at >= c->len || c->text[c->at] != ')')
        return fault_at(c, opened, "this parenthesis is not closed%s", "");
    c->at++;
    buf_char(c->out, ')');
    if (kind) {
        if (kind == 2 && part->least == part->most && part->candidate_count)
            for (int i = 0; i < part->candidate_count; i++)
                part->candidates[i].offset -= part->least;
        else if (kind != 1)
            part->candidate_count = 0;
        if (kind == 3)
            forget_needs(part);
        part->least = part->most = 0;
    }
    c->depth--;
    return true;
}

static bool
parse_number(Compiler *c, int *out)
{
    *out = 0;
    if (c->at >= c->len || c->text[c->at] < '0' || c->text[c->at] > '9')
        return false;
    while (c->at < c->len && c->text[c->at] >= '0' && c->text[c->at] <= '9' && *out < 1000)
        *out = *out * 10 + (c->text[c->at++] - '0');
    return true;
}

static int
times(int length, int count)
{
    return length >= LENGTH_MANY || count >= LENGTH_MANY ? (length && count ? LENGTH_MANY : 0) : length * count;
}

/* * + ? {n} {n,} {n,m}, and ? or + behind them. */
static bool
parse_quantifier(Compiler *c, Part *part)
{
    int least = 1, most = 1;
    size_t start = c->at;

    if (c->at >= c->len)
        return true;
    if (c->text[c->at] == '*') {
        least = 0;
        most = LENGTH_MANY;
        c->at++;
    } else if (c->text[c->at] == '+') {
        most = LENGTH_MANY;
        c->at++;
    } else if (c->text[c->at] == '?') {
        least = 0;
        c->at++;
    } else if (c->text[c->at] == '{' && c->at + 1 < c->len && c->text[c->at + 1] >= '0' && c->text[c->at + 1] <= '9') {
        c->at++;
        parse_number(c, &least);
        most = least;
        if (c->at < c->len && c->text[c->at] == ',') {
            c->at++;
            if (!parse_number(c, &most))
                most = LENGTH_MANY;
        }
        if (c->at >= c->len || c->text[c->at] != '}' || (most < least))
            return fault_at(c, start, "a quantifier is {n}, {n,} or {n,m}%s", "");
        c->at++;
    } else {
        return true;
    }
    if (c->at < c->len && (c->text[c->at] == '?' || c->text[c->at] == '+'))
        c->at++;
    buf_add(c->out, c->text + start, c->at - start);
    part->least = times(part->least, least);
    part->most = times(part->most, most);
    if (least == 0) {
        part->candidate_count = 0;
        forget_needs(part);
    }
    return true;
}

static bool
parse_item(Compiler *c, Part *part)
{
    char ch = c->text[c->at];
    bool ok;

    *part = empty_part();
    if (ch == '{')
        ok = parse_braces(c, part);
    else if (ch == '"')
        ok = parse_quoted(c, part);
    else if (ch == '<')
        ok = parse_whole(c, part);
    else if (ch == '(')
        ok = parse_group(c, part);
    else if (ch == '$' && c->at + 1 < c->len && is_name_char(c->text[c->at + 1]))
        ok = parse_fragment(c, part);
    else if (ch == '^' || ch == '$') {
        buf_str(c->out, ch == '^' ? "\\A" : "\\z");
        c->at++;
        return true;
    } else if (ch == '.') {
        buf_printf(c->out, "(?:.{%d})", TAPE_WIDTH);
        *part = empty_part();
        part->first = no_trigger();
        part->least = part->most = 1;
        c->at++;
        ok = true;
    } else
        return fault_at(c, c->at, "expected {feature}, \"word\", <whole>, $fragment, a group, . ^ or $%s", "");
    return ok && parse_quantifier(c, part);
}

static void
append(Part *whole, const Part *part, bool fixed)
{
    if (fixed)
        for (int i = 0; i < part->candidate_count && whole->candidate_count < CANDIDATES; i++) {
            Candidate *one = &whole->candidates[whole->candidate_count++];
            *one = part->candidates[i];
            one->offset += whole->least;
        }
    for (int i = 0; i < NEEDS_MAX; i++)
        add_need(whole, &part->needs[i]);
    whole->least += part->least;
    whole->most = part->most >= LENGTH_MANY || whole->most >= LENGTH_MANY ? LENGTH_MANY : whole->most + part->most;
}

static bool
parse_sequence(Compiler *c, Part *part, char closer)
{
    *part = empty_part();
    for (skip_space(c); c->at < c->len && c->text[c->at] != '|' && c->text[c->at] != closer; skip_space(c)) {
        Part item;
        bool fixed = part->least == part->most;
        if (c->text[c->at] == ')')
            return fault_at(c, c->at, "a parenthesis too many%s", "");
        if (!parse_item(c, &item))
            return false;
        /* as long as everything before it may be left out, a part can begin the sequence */
        if (part->least == 0 && item.most > 0)
            part->first = union_of(&part->first, &item.first);
        append(part, &item, fixed);
    }
    if (part->least > 0) {
        int at = part->candidate_count < CANDIDATES ? part->candidate_count++ : 0;
        part->candidates[at] = (Candidate){0, part->first};
    }
    return true;
}

static bool
parse_alternatives(Compiler *c, Part *part, char closer)
{
    Part more;

    if (!parse_sequence(c, part, closer))
        return false;
    while (c->at < c->len && c->text[c->at] == '|') {
        c->at++;
        buf_char(c->out, '|');
        if (!parse_sequence(c, &more, closer))
            return false;
        part->first = union_of(&part->first, &more.first);
        part->needs[0] = union_of(&part->needs[0], &more.needs[0]);
        for (int i = 1; i < NEEDS_MAX; i++)
            part->needs[i] = no_trigger();
        part->least = part->least < more.least ? part->least : more.least;
        part->most = part->most > more.most ? part->most : more.most;
        part->candidate_count = 0;
        if (part->least > 0)
            part->candidates[part->candidate_count++] = (Candidate){0, part->first};
    }
    return true;
}

bool
tokenrule_compile(Rule *rule, const RuleFiles *files, Features *features, RuleWords *words, Buf *pattern, Error *err)
{
    Compiler c = {.rule = rule, .files = files, .features = features, .words = words, .out = pattern, .err = err,
                  .path = rule->path, .text = rule->match, .len = strlen(rule->match), .line = rule->match_line,
                  .column = rule->match_column};
    Part part;
    bool ok;

    arena_init(&c.arena);
    rule->group_count = 0;
    ok = parse_alternatives(&c, &part, '\0');
    if (ok && c.at < c.len)
        ok = fault_at(&c, c.at, "a parenthesis too many%s", "");
    if (ok && part.least == 0)
        ok = fault_at(&c, 0, "the rule could match nothing at all%s", "");
    if (ok) {
        rule->triggers = no_trigger();
        for (int i = 0; i < part.candidate_count; i++)
            if (part.candidates[i].set.share < rule->triggers.share) {
                rule->triggers = part.candidates[i].set;
                rule->trigger_offset = part.candidates[i].offset;
            }
        memcpy(rule->needs, part.needs, sizeof rule->needs);
        if (rule->triggers.any)
            ok = fault_at(&c, 0, "nothing tells where to try this rule: let it begin with a feature or a word%s", "");
    }
    arena_close(&c.arena);
    return ok;
}
