/* A recursive descent over the pattern's text, which builds the tree. */
#include "engine/tokenrule.h"

#include "engine/pattern.h"
#include "text/tokens.h"

enum { DEPTH = 40, NAME_SHOWN = 80 };

typedef struct {
    Rule *rule;
    const RuleFiles *files;
    Features *features;
    RuleWords *words;
    Arena *keep; /* for the tree */
    Arena pass;  /* for what is needed while the rule is compiled */
    Error *err;
    /* where it reads */
    const char *path, *text;
    size_t at, len, line, column;
    int depth, deepest;
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

static const char *
shown_name(Compiler *c, const char *name, size_t len)
{
    return arena_copy(&c->pass, name, len < NAME_SHOWN ? len : NAME_SHOWN);
}

static bool
parse_feature(Compiler *c, const char *name, size_t len, bool begin, bool inside, const TokenTest **out)
{
    const Feature *f;
    uint16_t number = feature_find(c->features, name, len);

    if (number == FEATURE_NONE)
        return fault_at(c, c->at, "there is no feature %s: no list gives it and no stage makes it", shown_name(c, name, len));
    if (!feature_place(c->features, number))
        return fault_at(c, c->at, "the rules ask for more features than the tape has room for, %s is the first too many",
                        shown_name(c, name, len));
    f = &c->features->items[number];
    *out = test_bits(c->keep, begin ? f->begin : BIT_NONE, inside ? f->inside : BIT_NONE, f->share);
    return true;
}

static const TokenTest *
word_test(Compiler *c, uint64_t hash)
{
    uint16_t word = rulewords_intern(c->words, hash);

    return test_words(c->keep, &word, 1, c->words->often);
}

/* ---- reading */

static bool parse_alternatives(Compiler *c, Node **node, char closer);

static bool
is_space(char ch)
{
    return ch == ' ' || ch == '\n' || ch == '\t' || ch == '\r';
}

static void
skip_space(Compiler *c)
{
    while (c->at < c->len && is_space(c->text[c->at]))
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
    tokens_cut(&c->pass, open, (uint32_t)len, words);
    if (words->count == 0)
        return fault_at(c, c->at, "there is no word between the marks%s", "");
    c->at += len + 2;
    return true;
}

/* One level deeper.  False if that is too deep. */
static bool
enter(Compiler *c)
{
    c->depth++;
    c->deepest = c->depth > c->deepest ? c->depth : c->deepest;
    return c->depth <= DEPTH;
}

static bool parse_test_or(Compiler *c, const TokenTest **out);

static bool
parse_test_atom(Compiler *c, const TokenTest **out)
{
    size_t len;

    skip_space(c);
    if (c->at >= c->len)
        return fault_at(c, c->at, "the brace is not closed%s", "");
    if (!enter(c))
        return fault_at(c, c->at, "nested too deep%s", "");
    if (c->text[c->at] == '!') {
        const TokenTest *inner;
        c->at++;
        if (!parse_test_atom(c, &inner))
            return false;
        *out = test_not(c->keep, inner);
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
        *out = word_test(c, words.items[0].hash);
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
        if (!parse_feature(c, c->text + name, len, !inside, !begin, out))
            return false;
        c->at = end;
    } else {
        return fault_at(c, c->at, "expected a feature, a \"word\", ! or (%s", "");
    }
    c->depth--;
    return true;
}

static bool
parse_test_and(Compiler *c, const TokenTest **out)
{
    const TokenTest *more;

    if (!parse_test_atom(c, out))
        return false;
    for (skip_space(c); c->at < c->len && c->text[c->at] == '&'; skip_space(c)) {
        c->at++;
        if (!parse_test_atom(c, &more))
            return false;
        *out = test_and(c->keep, *out, more);
    }
    return true;
}

/* The words among the alternatives become one test. */
static bool
parse_test_or(Compiler *c, const TokenTest **out)
{
    VEC(uint16_t) words = {0};
    const TokenTest *one;

    for (*out = NULL;; c->at++) {
        if (!parse_test_and(c, &one))
            return false;
        if (one->kind == TEST_WORDS)
            for (uint32_t i = 0; i < one->word_span; i++) {
                if (test_has_word(one, (uint16_t)(one->first_word + i)))
                    *vec_push(&c->pass, &words) = (uint16_t)(one->first_word + i);
            }
        else
            *out = *out ? test_or(c->keep, *out, one) : one;
        skip_space(c);
        if (c->at >= c->len || c->text[c->at] != '|')
            break;
    }
    if (words.count) {
        one = test_words(c->keep, words.items, words.count, c->words->often);
        *out = *out ? test_or(c->keep, *out, one) : one;
    }
    return true;
}

static bool
parse_braces(Compiler *c, Node **node)
{
    const TokenTest *test;

    c->at++;
    if (!parse_test_or(c, &test))
        return false;
    skip_space(c);
    if (c->at >= c->len || c->text[c->at] != '}')
        return fault_at(c, c->at, "expected }, & or |%s", "");
    c->at++;
    *node = node_test(c->keep, test);
    return true;
}

/* "word word": one token each. */
static bool
parse_quoted(Compiler *c, Node **node)
{
    TokenVec words = {0};

    *node = NULL;
    if (!parse_words(c, &words))
        return false;
    for (uint32_t i = 0; i < words.count; i++)
        *node = node_sequence(c->keep, *node, node_test(c->keep, word_test(c, words.items[i].hash)));
    return true;
}

/* <f>: begin inside*+ */
static bool
parse_whole(Compiler *c, Node **node)
{
    size_t len, start;
    const TokenTest *begin, *inside;

    c->at++;
    len = name_length(c);
    start = c->at;
    if (len == 0 || start + len >= c->len || c->text[start + len] != '>')
        return fault_at(c, start, "expected a feature's name and >%s", "");
    if (!parse_feature(c, c->text + start, len, true, false, &begin))
        return false;
    *node = node_test(c->keep, begin);
    if (c->features->items[feature_find(c->features, c->text + start, len)].inside != BIT_NONE) {
        if (!parse_feature(c, c->text + start, len, false, true, &inside))
            return false;
        *node = node_sequence(c->keep, *node,
                              node_repeat(c->keep, node_test(c->keep, inside), 0, REPEAT_MANY, REPEAT_POSSESSIVE));
    }
    c->at = start + len + 1;
    return true;
}

/* Read a fragment's own text.  Its tree is kept for whoever uses it next, unless it names groups, which are the rule's. */
static bool
read_fragment(Compiler *c, Fragment *fragment, Node **node)
{
    Compiler outer = *c;
    uint32_t groups = c->rule->group_count;
    bool ok;

    c->path = fragment->path;
    c->text = fragment->text;
    c->len = strlen(fragment->text);
    c->line = fragment->line;
    c->column = fragment->column;
    c->at = 0;
    c->deepest = c->depth;
    ok = parse_alternatives(c, node, '\0');
    if (ok && c->rule->group_count == groups) {
        fragment->node = *node;
        fragment->deepest = c->deepest - c->depth;
    }
    c->path = outer.path;
    c->text = outer.text;
    c->len = outer.len;
    c->line = outer.line;
    c->column = outer.column;
    c->deepest = c->deepest > outer.deepest ? c->deepest : outer.deepest;
    return ok;
}

static bool
parse_fragment(Compiler *c, Node **node)
{
    size_t len, start = ++c->at;
    Fragment *fragment;
    int depth = c->depth;

    len = name_length(c);
    while (len && c->text[start + len - 1] == '.') /* "$name." is a fragment and any token */
        len--;
    fragment = rulefile_fragment(c->files, c->text + start, len);
    if (fragment == NULL)
        return fault_at(c, start, "no fragment of this name is defined%s", "");
    if (!enter(c) || c->depth + fragment->deepest > DEPTH)
        return fault_at(c, start, "fragments nested too deep: does one use itself?%s", "");
    if (fragment->node)
        *node = fragment->node;
    else if (!read_fragment(c, fragment, node))
        return false;
    c->deepest = c->depth + fragment->deepest > c->deepest ? c->depth + fragment->deepest : c->deepest;
    c->depth = depth;
    c->at = start + len;
    return true;
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
    c->at = start + len + 1;
    return true;
}

static bool
has_fixed_lengths(const Node *node)
{
    return node->kind == NODE_CHOICE ? has_fixed_lengths(node->a) && has_fixed_lengths(node->b) : node->least == node->most;
}

static bool
parse_group(Compiler *c, Node **node)
{
    static const struct {
        const char *opener;
        PatternKind kind; /* NODE_NOTHING: a plain group */
        bool negative, atomic;
    } KINDS[] = {{"(?:", NODE_NOTHING, false, false}, {"(?>", NODE_NOTHING, false, true},
                 {"(?=", NODE_AHEAD, false, false},   {"(?!", NODE_AHEAD, true, false},
                 {"(?<=", NODE_BEHIND, false, false}, {"(?<!", NODE_BEHIND, true, false}};
    enum { KIND_COUNT = sizeof KINDS / sizeof *KINDS };
    size_t opened = c->at, kind = 0;
    int group = -1;

    if (!enter(c))
        return fault_at(c, c->at, "nested too deep%s", "");
    while (kind < KIND_COUNT && !starts(c, KINDS[kind].opener))
        kind++;
    if (kind < KIND_COUNT) {
        c->at += strlen(KINDS[kind].opener);
    } else if (starts(c, "(?<")) {
        group = (int)c->rule->group_count;
        if (!parse_named_group(c))
            return false;
    } else {
        if (starts(c, "(?") || starts(c, "(*"))
            return fault_at(c, c->at, "groups are ( ), (?: ), (?> ), (?<name> ), (?= ), (?! ), (?<= ) and (?<! )%s", "");
        c->at++;
    }
    if (!parse_alternatives(c, node, ')'))
        return false;
    if (c->at >= c->len || c->text[c->at] != ')')
        return fault_at(c, opened, "this parenthesis is not closed%s", "");
    c->at++;
    if (group >= 0)
        *node = node_group(c->keep, *node, (uint8_t)group);
    else if (kind < KIND_COUNT && KINDS[kind].kind == NODE_BEHIND && !has_fixed_lengths(*node))
        return fault_at(c, opened, "a lookbehind sees a fixed number of tokens, in each of its alternatives%s", "");
    else if (kind < KIND_COUNT && KINDS[kind].kind != NODE_NOTHING)
        *node = node_look(c->keep, KINDS[kind].kind, *node, KINDS[kind].negative);
    else if (kind < KIND_COUNT && KINDS[kind].atomic)
        *node = node_repeat(c->keep, *node, 1, 1, REPEAT_POSSESSIVE);
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

/* * + ? {n} {n,} {n,m}, and ? or + behind them. */
static bool
parse_quantifier(Compiler *c, Node **node)
{
    int least = 1, most = 1;
    RepeatManner manner = REPEAT_GREEDY;
    size_t start = c->at;

    if (c->at >= c->len)
        return true;
    if (c->text[c->at] == '*') {
        least = 0;
        most = REPEAT_MANY;
        c->at++;
    } else if (c->text[c->at] == '+') {
        most = REPEAT_MANY;
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
                most = REPEAT_MANY;
        }
        if (c->at >= c->len || c->text[c->at] != '}' || (most < least))
            return fault_at(c, start, "a quantifier is {n}, {n,} or {n,m}%s", "");
        c->at++;
    } else {
        return true;
    }
    if (c->at < c->len && (c->text[c->at] == '?' || c->text[c->at] == '+'))
        manner = c->text[c->at++] == '+' ? REPEAT_POSSESSIVE : REPEAT_LAZY;
    *node = node_repeat(c->keep, *node, least, most, manner);
    return true;
}

static bool
parse_item(Compiler *c, Node **node)
{
    char ch = c->text[c->at];
    bool ok;

    if (ch == '{')
        ok = parse_braces(c, node);
    else if (ch == '"')
        ok = parse_quoted(c, node);
    else if (ch == '<')
        ok = parse_whole(c, node);
    else if (ch == '(')
        ok = parse_group(c, node);
    else if (ch == '$' && c->at + 1 < c->len && is_name_char(c->text[c->at + 1]))
        ok = parse_fragment(c, node);
    else if (ch == '^' || ch == '$') {
        *node = node_plain(c->keep, ch == '^' ? NODE_START : NODE_END);
        c->at++;
        return true;
    } else if (ch == '.') {
        *node = node_test(c->keep, test_any(c->keep));
        c->at++;
        ok = true;
    } else
        return fault_at(c, c->at, "expected {feature}, \"word\", <whole>, $fragment, a group, . ^ or $%s", "");
    return ok && parse_quantifier(c, node);
}

static bool
parse_sequence(Compiler *c, Node **node, char closer)
{
    *node = NULL;
    for (skip_space(c); c->at < c->len && c->text[c->at] != '|' && c->text[c->at] != closer; skip_space(c)) {
        Node *item;
        if (c->text[c->at] == ')')
            return fault_at(c, c->at, "a parenthesis too many%s", "");
        if (!parse_item(c, &item))
            return false;
        *node = node_sequence(c->keep, *node, item);
    }
    if (*node == NULL)
        *node = node_plain(c->keep, NODE_NOTHING);
    return true;
}

static bool
parse_alternatives(Compiler *c, Node **node, char closer)
{
    Node *more;

    if (!parse_sequence(c, node, closer))
        return false;
    while (c->at < c->len && c->text[c->at] == '|') {
        c->at++;
        if (!parse_sequence(c, &more, closer))
            return false;
        *node = node_choice(c->keep, *node, more);
    }
    return true;
}

bool
tokenrule_compile(Rule *rule, const RuleFiles *files, Features *features, RuleWords *words, Error *err)
{
    Compiler c = {.rule = rule, .files = files, .features = features, .words = words, .keep = files->arena,
                  .err = err, .path = rule->path, .text = rule->match, .len = strlen(rule->match),
                  .line = rule->match_line, .column = rule->match_column};
    bool ok;

    arena_init(&c.pass);
    rule->group_count = 0;
    ok = parse_alternatives(&c, &rule->node, '\0');
    if (ok && c.at < c.len)
        ok = fault_at(&c, c.at, "a parenthesis too many%s", "");
    if (ok && rule->node->least == 0)
        ok = fault_at(&c, 0, "the rule could match nothing at all%s", "");
    arena_close(&c.pass);
    return ok;
}
