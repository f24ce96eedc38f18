#include "engine/rulefile.h"

#include "base/hash.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    RuleFiles *files;
    const char *path;
    Error *err;
    const char *text;
    size_t len, at, line; /* `line` counts lines that were read */
    const char *phase;
    RuleKind kind;
    RuleScope scope;
    Rule *rule; /* the one whose keys are read; NULL in the file's head */
    VEC(RuleExample) examples;
} Reader;

typedef struct {
    const char *text;
    size_t len, number;
} Line;

static bool
fault(const Reader *r, Line line, size_t column, const char *message, const char *detail)
{
    return error_set(r->err, ERROR_RULE, r->path, line.number, column, line.text, line.len, message, detail);
}

static bool
next_line(Reader *r, Line *out)
{
    const char *start = r->text + r->at, *newline;

    if (r->at >= r->len)
        return false;
    newline = memchr(start, '\n', r->len - r->at);
    out->text = start;
    out->len = newline ? (size_t)(newline - start) : r->len - r->at;
    out->number = ++r->line;
    r->at += out->len + 1;
    while (out->len && (start[out->len - 1] == ' ' || start[out->len - 1] == '\r' || start[out->len - 1] == '\t'))
        out->len--;
    return true;
}

static bool
is_space(char c)
{
    return c == ' ' || c == '\t';
}

/* The lines that go on with a value: indented, or empty before an indented one. */
static size_t
continued(Reader *r, const char *value, size_t len)
{
    while (r->at < r->len && is_space(r->text[r->at])) {
        Line more;
        next_line(r, &more);
        len = (size_t)(more.text + more.len - value);
    }
    return len;
}

static bool
is_rule_name(const char *s, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (!((s[i] >= 'a' && s[i] <= 'z') || (s[i] >= '0' && s[i] <= '9') || s[i] == '-' || s[i] == '.' || s[i] == '_'))
            return false;
    return len > 0;
}

static void
finish_rule(Reader *r)
{
    if (r->rule) {
        r->rule->examples = r->examples.items;
        r->rule->example_count = r->examples.count;
        memset(&r->examples, 0, sizeof r->examples);
    }
    r->rule = NULL;
}

static bool
check_rule(Reader *r, const Rule *rule)
{
    const char *shown;

    if (rule->match && rule->about)
        return true;
    shown = arena_join(r->files->arena, "[", rule->name, "]");
    return fault(r, (Line){shown, strlen(shown), rule->line}, 1,
                 rule->match ? "the rule %s has no line \"about = ...\" that says what it is for" : "the rule %s has no line \"match = ...\"",
                 rule->name);
}

static bool
start_rule(Reader *r, Line line)
{
    const char *end = memchr(line.text, ']', line.len);
    size_t len = end ? (size_t)(end - line.text) - 1 : 0;
    Rule *rule;

    if (r->rule && !check_rule(r, r->rule))
        return false;
    finish_rule(r);
    if (end == NULL || end != line.text + line.len - 1 || !is_rule_name(line.text + 1, len))
        return fault(r, line, 1, "a rule begins with [name], with a-z, 0-9, full stops and hyphens%s", "");
    if (r->phase == NULL)
        return fault(r, line, 1, "the file must say \"phase = ...\" before its first rule%s", "");
    rule = arena_line(r->files->arena, sizeof *rule);
    *rule = (Rule){0};
    rule->name = arena_copy(r->files->arena, line.text + 1, len);
    rule->hash = hash_bytes(rule->name, len);
    rule->own = r->files->own;
    rule->weight = r->files->own ? OWN_RULE_WEIGHT : 0;
    rule->path = r->path;
    rule->line = line.number;
    rule->phase = r->phase;
    rule->kind = r->kind;
    rule->scope = r->scope;
    r->rule = rule;
    for (uint32_t i = 0; i < r->files->rules.count; i++)
        if (r->files->rules.items[i]->hash == rule->hash && strcmp(r->files->rules.items[i]->name, rule->name) == 0) {
            if (strcmp(r->files->rules.items[i]->path, r->path) == 0)
                return fault(r, line, 2, "the rule %s was there before in this file", rule->name);
            rule->weight = r->files->rules.items[i]->weight; /* it stands in for one whose worth is known */
            r->files->rules.items[i] = rule;
            return true;
        }
    *vec_push(r->files->arena, &r->files->rules) = rule;
    return true;
}

static bool
head_key(Reader *r, Line line, const char *key, const char *value, size_t column)
{
    if (strcmp(key, "phase") == 0) {
        r->phase = value;
    } else if (strcmp(key, "uses") == 0) {
        *vec_push(r->files->arena, &r->files->uses) = value;
    } else if (strcmp(key, "often") == 0) {
        *vec_push(r->files->arena, &r->files->often) = value;
    } else if (strcmp(key, "kind") == 0) {
        if (strcmp(value, "token") != 0 && strcmp(value, "character") != 0)
            return fault(r, line, column, "kind is token or character, not %s", value);
        r->kind = value[0] == 't' ? RULE_TOKEN : RULE_CHARACTER;
    } else if (strcmp(key, "scope") == 0) {
        if (strcmp(value, "sentence") == 0)
            r->scope = SCOPE_SENTENCE;
        else if (strcmp(value, "paragraph") == 0)
            r->scope = SCOPE_PARAGRAPH;
        else if (strcmp(value, "line") == 0)
            r->scope = SCOPE_LINE;
        else
            return fault(r, line, column, "scope is sentence, paragraph or line, not %s", value);
    } else {
        return fault(r, line, 1, "before the first rule stand phase, kind, scope, uses, often and define; not %s", key);
    }
    return true;
}

static bool
read_weight(Reader *r, Line line, const char *value, size_t column)
{
    char *end;
    float weight = strtof(value, &end);

    if (end == value || *end != '\0' || !(weight >= -WEIGHT_MOST && weight <= WEIGHT_MOST))
        return fault(r, line, column, "weight is a number from -20 to 20, not %s", value);
    r->rule->weight = weight;
    return true;
}

static bool
rule_key(Reader *r, Line line, const char *key, const char *value, size_t column)
{
    Rule *rule = r->rule;

    if (strcmp(key, "match") == 0) {
        if (rule->match)
            return fault(r, line, 1, "a second match in rule %s", rule->name);
        rule->match = value;
        rule->match_line = line.number;
        rule->match_column = column;
    } else if (strcmp(key, "about") == 0) {
        rule->about = value;
    } else if (strcmp(key, "yes") == 0 || strcmp(key, "no") == 0) {
        RuleExample *example = vec_push(r->files->arena, &r->examples);
        *example = (RuleExample){key[0] == 'y', value, line.number};
    } else if (strcmp(key, "weight") == 0) {
        return read_weight(r, line, value, column);
    } else if (rule->key_count < sizeof rule->keys / sizeof *rule->keys) {
        rule->keys[rule->key_count].key = key;
        rule->keys[rule->key_count++].value = value;
    } else {
        return fault(r, line, 1, "too many keys in rule %s", rule->name);
    }
    return true;
}

static bool
read_key(Reader *r, Line line)
{
    const char *equals = memchr(line.text, '=', line.len);
    const char *value;
    size_t key_len, value_len, column;
    char *key, *text;
    Arena *arena = r->files->arena;

    if (equals == NULL)
        return fault(r, line, 1, "expected [rule], key = value, or a line that begins with #%s", "");
    for (key_len = (size_t)(equals - line.text); key_len && is_space(line.text[key_len - 1]);)
        key_len--;
    for (value = equals + 1; value < line.text + line.len && is_space(*value);)
        value++;
    column = (size_t)(value - line.text) + 1;
    value_len = continued(r, value, (size_t)(line.text + line.len - value));
    key = arena_copy(arena, line.text, key_len);
    text = arena_copy(arena, value, value_len);
    if (strncmp(key, "define ", 7) == 0) {
        Fragment *fragment;
        if (r->rule)
            return fault(r, line, 1, "define stands before the first rule of the file%s", "");
        if (!is_rule_name(key + 7, strlen(key + 7)))
            return fault(r, line, 8, "a fragment's name has a-z, 0-9 and hyphens%s", "");
        for (uint32_t i = r->files->fragments_before; i < r->files->fragments.count; i++) {
            const Fragment *other = &r->files->fragments.items[i];
            if (strcmp(other->name, key + 7) == 0)
                return fault(r, line, 8, "a fragment of this name stands in %s already; give one of them another name",
                             arena_printf(arena, "%s:%u", other->path, (unsigned)other->line));
        }
        fragment = vec_push(arena, &r->files->fragments);
        *fragment = (Fragment){.name = key + 7, .text = text, .path = r->path, .line = line.number, .column = column};
        return true;
    }
    return r->rule ? rule_key(r, line, key, text, column) : head_key(r, line, key, text, column);
}

bool
rulefile_read(RuleFiles *files, const char *path, const char *text, size_t len, Error *err)
{
    Reader r = {.files = files, .path = arena_copy(files->arena, path, strlen(path)), .err = err, .text = text,
                .len = len};
    Line line;

    while (next_line(&r, &line)) {
        bool ok = true;
        if (line.len == 0 || line.text[0] == '#')
            continue;
        if (memchr(line.text, '\0', line.len))
            return fault(&r, line, 1, "a NUL byte%s", "");
        if (is_space(line.text[0]))
            ok = fault(&r, line, 1, "an indented line goes on with the value above it, but there is none%s", "");
        else if (line.text[0] == '[')
            ok = start_rule(&r, line);
        else
            ok = read_key(&r, line);
        if (!ok)
            return false;
    }
    if (r.rule && !check_rule(&r, r.rule))
        return false;
    finish_rule(&r);
    return true;
}

Fragment *
rulefile_fragment(const RuleFiles *files, const char *name, size_t len)
{
    for (uint32_t i = files->fragments.count; i-- > 0;)
        if (strncmp(files->fragments.items[i].name, name, len) == 0 && files->fragments.items[i].name[len] == '\0')
            return &files->fragments.items[i];
    return NULL;
}

const char *
rule_get(const Rule *rule, const char *key)
{
    for (uint32_t i = 0; i < rule->key_count; i++)
        if (strcmp(rule->keys[i].key, key) == 0)
            return rule->keys[i].value;
    return NULL;
}

bool
rule_has(const Rule *rule, const char *key, const char *word)
{
    const char *value = rule_get(rule, key);
    size_t len = strlen(word);

    while (value && *value) {
        size_t n = strcspn(value, " ");
        if (n == len && memcmp(value, word, len) == 0)
            return true;
        value += n;
        value += strspn(value, " ");
    }
    return false;
}
