/* onrecord rules check: what is wrong with a folder of rules, before an article shows it.
 *
 * What cannot be loaded is refused by the loader, with its place.  The rest is found by holding the folder against ours:
 * a phase, key or group that none of our rules has is one that no stage reads. */
#include "cli/cli.h"
#include "cli/options.h"
#include "cli/rules_p.h"
#include "eval/rulegrowth.h"
#include "eval/ruletest.h"
#include "stages/names.h"

#include <stdarg.h>
#include <stdlib.h>
#include <sys/stat.h>

typedef struct {
    Options options;
    Terminal terminal;
    const RuleSet *ours;
    RuleSet *all; /* ours and the folder's */
    Scratch *scratch;
    const Rule *rule; /* the one that is looked at */
    uint32_t faults, rules;
    double slowest;
    const Rule *slowest_rule;
    Buf out;
} Check;

/* ---- saying what is wrong */

static void complain(Check *c, size_t line, const char *format, ...) __attribute__((format(printf, 3, 4)));

static void
complain(Check *c, size_t line, const char *format, ...)
{
    char text[1024];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    c->faults++;
    terminal_style(&c->out, &c->terminal, STYLE_BOLD);
    terminal_clean(&c->out, c->rule->path, strlen(c->rule->path));
    buf_printf(&c->out, ":%zu:", line);
    terminal_style(&c->out, &c->terminal, STYLE_NONE);
    buf_printf(&c->out, " %s: ", c->rule->name);
    terminal_clean(&c->out, text, strlen(text));
    buf_char(&c->out, '\n');
}

static void
add_name(Buf *names, const char *name)
{
    buf_printf(names, "%s%s", names->len ? ", " : "", name);
}

/* Is one of the names, which are joined by ", "? */
static bool
is_among(const Buf *names, const char *name)
{
    size_t len = strlen(name);

    for (const char *at = names->bytes; at && *at; at += strspn(at, ", ")) {
        size_t n = strcspn(at, ",");
        if (n == len && memcmp(at, name, len) == 0)
            return true;
        at += n;
    }
    return false;
}

/* ---- what no stage reads */

static bool
check_phase(Check *c)
{
    Buf names = {0};

    if (ruleset_phase(c->ours, c->rule->phase))
        return true;
    for (uint32_t i = 0; i < c->ours->phase_count; i++)
        add_name(&names, c->ours->phases[i].name);
    complain(c, c->rule->line, "no stage runs the phase %s; the phases are %s", c->rule->phase, names.bytes);
    buf_close(&names);
    return false;
}

static void
check_keys(Check *c)
{
    const Phase *phase = ruleset_phase(c->ours, c->rule->phase);
    Buf known = {0};

    buf_str(&known, "about, match, yes, no");
    if (strcmp(c->rule->phase, "names") == 0)
        add_name(&known, "weight");
    for (uint32_t i = 0; i < phase->count; i++)
        for (uint32_t k = 0; k < phase->rules[i]->key_count; k++)
            if (!is_among(&known, phase->rules[i]->keys[k].key))
                add_name(&known, phase->rules[i]->keys[k].key);
    for (uint32_t k = 0; k < c->rule->key_count; k++)
        if (!is_among(&known, c->rule->keys[k].key))
            complain(c, c->rule->line, "nothing reads the key %s; the keys of this phase are %s", c->rule->keys[k].key,
                     known.bytes);
    buf_close(&known);
}

static void
check_groups(Check *c)
{
    const Phase *phase = ruleset_phase(c->ours, c->rule->phase);
    bool needed = true; /* do all of ours have one? */
    Buf known = {0};

    for (uint32_t i = 0; i < phase->count; i++)
        needed = needed && phase->rules[i]->group_count > 0;
    for (uint32_t i = 0; i < phase->count; i++)
        for (uint32_t g = 0; g < phase->rules[i]->group_count; g++)
            if (!is_among(&known, phase->rules[i]->groups[g]))
                add_name(&known, phase->rules[i]->groups[g]);
    for (uint32_t g = 0; known.len && g < c->rule->group_count; g++)
        if (!is_among(&known, c->rule->groups[g]))
            complain(c, c->rule->match_line, "nothing reads the group %s; the groups of this phase are %s",
                     c->rule->groups[g], known.bytes);
    if (needed && c->rule->group_count == 0)
        complain(c, c->rule->match_line, "it has no named group (?<name> ...), so it finds nothing; the groups of this "
                                         "phase are %s", known.bytes);
    buf_close(&known);
}

/* ---- what the rule does */

static void
show_failure(void *context, const RuleFailure *f)
{
    Check *c = context;

    c->faults++;
    rules_show_failure(&c->out, &c->terminal, f);
}

static void
check_growth(Check *c)
{
    Growth growth = rulegrowth_measure(c->all, c->scratch, c->rule);

    if (growth.kind == GROWTH_FASTER)
        complain(c, c->rule->match_line, "its time grows faster than the text (4 times the text took %.0f times as long) on: %s",
                 growth.times, growth.text.bytes);
    else if (growth.kind == GROWTH_SPENT)
        complain(c, c->rule->match_line, "it tries so many ways that it is given up on: %s", growth.text.bytes);
    else if (growth.cost > c->slowest && c->rule->kind == RULE_TOKEN) {
        c->slowest = growth.cost;
        c->slowest_rule = c->rule;
    }
    buf_close(&growth.text);
}

static void
check_rule(Check *c, const Rule *rule)
{
    RuleTally tally = {0};

    c->rule = rule;
    c->rules++;
    if (!check_phase(c))
        return;
    check_keys(c);
    check_groups(c);
    ruletest_run(c->all, c->scratch, rule, show_failure, c, &tally);
    check_growth(c);
}

/* ---- lists */

/* Does a rule, or a weight, ask for the feature or for one of its tags? */
static bool
is_asked_for(const RuleSet *rules, const char *name)
{
    size_t len = strlen(name);

    for (uint32_t i = 0; i < rules->features.count; i++) {
        const Feature *f = &rules->features.items[i];
        if (strncmp(f->name, name, len) != 0 || (f->name[len] != '\0' && f->name[len] != '.'))
            continue;
        if (f->begin != BIT_NONE)
            return true;
        for (int t = 0; t < TEMPLATES; t++) {
            const char *template = template_name(t);
            WeightRow row;
            if (weights_find(&rules->weights, hash_bytes(template, strlen(template)), f->hash, &row))
                return true;
        }
    }
    return false;
}

static void
check_lists(Check *c)
{
    for (uint32_t i = c->ours->features.count; i < c->all->features.count; i++) {
        const char *name = c->all->features.items[i].name;
        if (strchr(name, '.') || is_asked_for(c->all, name))
            continue;
        c->faults++;
        buf_str(&c->out, "nothing asks for the feature ");
        terminal_clean(&c->out, name, strlen(name));
        buf_str(&c->out, " of your list: write a rule that does, or give the list a feature that is in use (onrecord "
                         "rules list --features)\n");
    }
}

/* ---- the whole */

static void
say_result(Check *c)
{
    uint32_t words = c->all->lexicon_count > 1 ? c->all->lexicons[1].word_count - 1 : 0;

    buf_printf(&c->out, "%u %s", c->rules, c->rules == 1 ? "rule" : "rules");
    if (words)
        buf_printf(&c->out, ", lists of %u %s", words, words == 1 ? "word" : "words");
    if (c->faults)
        buf_printf(&c->out, ": %u %s to mend\n", c->faults, c->faults == 1 ? "thing" : "things");
    else if (c->slowest_rule)
        buf_printf(&c->out, ": all well; the slowest, %s, takes %.0f ns for a token of the worst text\n",
                   c->slowest_rule->name, c->slowest);
    else
        buf_str(&c->out, ": all well\n");
}

static int
check_all(Check *c)
{
    bool folder = c->options.input_count > 0;

    c->scratch = scratch_new(c->all);
    for (uint32_t i = 0; i < c->all->files.rules.count; i++)
        if (!folder || c->all->files.rules.items[i]->own)
            check_rule(c, c->all->files.rules.items[i]);
    check_lists(c);
    scratch_free(c->scratch);
    if (folder && c->rules == 0 && c->all->lexicon_count < 2 && !c->all->own_weights) {
        say("%s: there are no rules (*.rules) and no lists (*.tsv) in it", c->options.inputs[0]);
        return STATUS_SOME;
    }
    say_result(c);
    return c->faults ? STATUS_SOME : STATUS_OK;
}

/* The folders of --rules, and those that are checked on top of them. */
static bool
load(Check *c)
{
    Options *o = &c->options;
    Error err = {0};
    struct stat st;

    if ((c->ours = options_rules(o)) == NULL)
        return false;
    for (uint32_t i = 0; i < o->input_count; i++) {
        if (stat(o->inputs[i], &st) != 0 || !S_ISDIR(st.st_mode)) {
            say("%s: there is no such folder", o->inputs[i]);
            return false;
        }
        if (o->rule_count == sizeof o->rules / sizeof *o->rules) {
            say("too many folders");
            return false;
        }
        o->rules[o->rule_count++] = o->inputs[i];
    }
    c->all = ruleset_load(o->rules, o->rule_count, &err);
    if (c->all == NULL)
        say_error(&err);
    return c->all != NULL;
}

int
rules_check(int argc, char **argv)
{
    static const CommandSpec SPEC = {
        .name = "rules check",
        .synopsis = "[DIR...]",
        .about = "Say what is wrong with a folder of rules and lists: with file, line, column and reason what cannot be\n"
                 "loaded; phases, keys, groups and features that nothing reads; examples that do not hold.  Every rule is\n"
                 "timed on long and hostile text, and refused if its time grows faster than the text.  Without DIR: our\n"
                 "own rules.  Exit status 1 if there is anything to mend.\n",
        .examples = "  onrecord rules check my-rules\n",
        .groups = OPTIONS_RULES | OPTIONS_COLOR,
    };
    Check c = {0};
    int status = STATUS_SOME;

    switch (options_parse(&c.options, &SPEC, &c, argc, argv)) {
    case OPTIONS_DONE: return STATUS_OK;
    case OPTIONS_WRONG: return STATUS_NOTHING;
    case OPTIONS_GO: break;
    }
    c.terminal = terminal_look(stdout, c.options.color);
    if (load(&c))
        status = check_all(&c);
    fwrite(c.out.bytes ? c.out.bytes : "", 1, c.out.len, stdout);
    buf_close(&c.out);
    ruleset_free(c.all);
    ruleset_free((RuleSet *)c.ours);
    return status;
}
