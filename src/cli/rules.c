/* onrecord rules: the rules there are, their own examples, and a check of a rule folder.
 *
 * One idea: whoever writes a rule should never need to read C.  `list` shows what there is, `test` runs the examples
 * beside each rule, `check` says what is wrong with a folder before an article does. */
#include "base/mem.h"
#include "cli/cli.h"
#include "cli/options.h"
#include "cli/rules_p.h"
#include "eval/ruletest.h"
#include "pipeline.h"

#include <stdlib.h>

typedef struct {
    Options options;
    const char *phase; /* only the rules of this one; NULL: all */
    const char *rule;  /* only this one */
    bool features, stats;
    Terminal terminal;
    Buf out;
} Command;

static bool
take(void *context, const char *name, const char *value, Error *err)
{
    Command *c = context;

    (void)err;
    if (strcmp(name, "phase") == 0)
        c->phase = value;
    else if (strcmp(name, "rule") == 0)
        c->rule = value;
    else if (strcmp(name, "features") == 0)
        c->features = true;
    else if (strcmp(name, "stats") == 0)
        c->stats = true;
    return true;
}

static bool
is_chosen(const Command *c, const Rule *rule)
{
    return (c->phase == NULL || strcmp(c->phase, rule->phase) == 0) &&
           (c->rule == NULL || strcmp(c->rule, rule->name) == 0);
}

/* main sees to it whether all of it could be written. */
static int
flush(Command *c, int status)
{
    fwrite(c->out.bytes ? c->out.bytes : "", 1, c->out.len, stdout);
    buf_close(&c->out);
    return status;
}

static void
styled(Command *c, Style style, const char *text)
{
    terminal_style(&c->out, &c->terminal, style);
    terminal_clean(&c->out, text, strlen(text));
    terminal_style(&c->out, &c->terminal, STYLE_NONE);
}

static void
spaces(Buf *out, uint32_t count)
{
    while (count--)
        buf_char(out, ' ');
}

/* A field of a line of columns: one blank for white space, nothing that steers a terminal. */
static void
field(Command *c, const char *text, char end)
{
    terminal_clean(&c->out, text, strlen(text));
    buf_char(&c->out, end);
}

/* ---- rules list */

static void
group_names(const Rule *rule, Buf *out)
{
    for (uint32_t i = 0; i < rule->group_count; i++)
        buf_printf(out, "%s%s", i ? " " : "", rule->groups[i]);
}

static void
list_columns(Command *c, const Rule *rule)
{
    Buf groups = {0};

    group_names(rule, &groups);
    field(c, rule->name, '\t');
    field(c, rule->phase, '\t');
    field(c, rule->about, '\t');
    terminal_clean(&c->out, rule->path, strlen(rule->path));
    buf_printf(&c->out, ":%zu\t", rule->line);
    field(c, groups.bytes ? groups.bytes : "", '\n');
    buf_close(&groups);
}

static void
list_card(Command *c, const Rule *rule, uint32_t name_width)
{
    Buf where = {0};
    uint32_t width = terminal_width(rule->name, strlen(rule->name));

    buf_str(&c->out, "  ");
    styled(c, STYLE_BOLD, rule->name);
    spaces(&c->out, name_width > width ? name_width - width : 0);
    buf_str(&c->out, "  ");
    terminal_wrap(&c->out, rule->about, strlen(rule->about), c->terminal.width, name_width + 4, name_width + 4);
    buf_char(&c->out, '\n');
    spaces(&c->out, name_width + 4);
    buf_printf(&where, "%s:%zu  ", rule->path, rule->line);
    group_names(rule, &where);
    styled(c, STYLE_DIM, where.bytes);
    buf_char(&c->out, '\n');
    buf_close(&where);
}

static const char *
scope_name(const Phase *phase)
{
    static const char *const NAMES[] = {"sentence", "paragraph", "line"};

    return NAMES[phase->scope];
}

static void
list_rules(Command *c, const RuleSet *rules)
{
    if (!c->terminal.is_terminal) {
        buf_str(&c->out, "rule\tphase\tabout\tplace\tgroups\n");
        for (uint32_t i = 0; i < rules->files.rules.count; i++)
            if (is_chosen(c, rules->files.rules.items[i]))
                list_columns(c, rules->files.rules.items[i]);
        return;
    }
    for (uint32_t p = 0; p < rules->phase_count; p++) {
        const Phase *phase = &rules->phases[p];
        uint32_t width = 0;
        if (c->phase && strcmp(c->phase, phase->name) != 0)
            continue;
        for (uint32_t i = 0; i < phase->count; i++)
            if (terminal_width(phase->rules[i]->name, strlen(phase->rules[i]->name)) > width)
                width = terminal_width(phase->rules[i]->name, strlen(phase->rules[i]->name));
        styled(c, STYLE_TITLE, phase->name);
        buf_printf(&c->out, ": %u %s over each %s\n", phase->count, phase->count == 1 ? "rule" : "rules",
                   scope_name(phase));
        for (uint32_t i = 0; i < phase->count; i++)
            if (is_chosen(c, phase->rules[i]))
                list_card(c, phase->rules[i], width);
        buf_char(&c->out, '\n');
    }
}

static int
compare_features(const void *a, const void *b)
{
    const Feature *const *x = a, *const *y = b;

    return strcmp((*x)->name, (*y)->name);
}

static const char *
feature_origin(uint32_t number)
{
    return number <= F_LAST_OF_POSITION ? "text" : number < F_BUILTIN ? "stage" : "list";
}

/* Only features that a rule or stage asks for have a place on the tape. */
static void
list_features(Command *c, const RuleSet *rules)
{
    uint32_t count = rules->features.count, width = 0;
    const Feature *all = rules->features.items, **order = mem_alloc((count + 1) * sizeof *order);

    for (uint32_t i = 0; i < count; i++) {
        uint32_t mine = terminal_width(all[i].name, strlen(all[i].name));
        order[i] = &all[i];
        width = mine > width ? mine : width;
    }
    qsort(order, count, sizeof *order, compare_features);
    if (!c->terminal.is_terminal)
        buf_str(&c->out, "feature\tfrom\tused\tcovers\n");
    for (uint32_t i = 0; i < count; i++) {
        const Feature *f = order[i];
        const char *from = feature_origin((uint32_t)(f - all)), *used = f->begin != BIT_NONE ? "used" : "unused",
                   *covers = f->spans ? "words" : "word";
        if (c->terminal.is_terminal) {
            styled(c, f->begin != BIT_NONE ? STYLE_BOLD : STYLE_DIM, f->name);
            spaces(&c->out, width - terminal_width(f->name, strlen(f->name)));
            buf_printf(&c->out, "  %-5s  %-6s  %s\n", from, used, covers);
        } else {
            buf_printf(&c->out, "%s\t%s\t%s\t%s\n", f->name, from, used, covers);
        }
    }
    free(order);
}

/* Every article through the pipeline, on one thread: the scratch counts. */
static bool
run_inputs(Command *c, const RuleSet *rules, Scratch *scratch)
{
    Input *input = input_open(c->options.inputs, c->options.input_count, &c->options.input);
    RawRecord raw = {0};
    Arena arena;
    InputResult result;
    Error err = {0};
    bool ok = true;

    arena_init(&arena);
    while ((result = input_next(input, &raw, &err)) != INPUT_END) {
        Reading reading = {&c->options.input, rules, scratch, &arena};
        Record record = {0};
        Article a;
        bool good = result == INPUT_RECORD && input_read(&raw, &reading, &record, &err) &&
                    input_article(&a, &arena, &record, &c->options.input, &err) &&
                    pipeline_run(&a, rules, scratch, NULL, NULL, NULL, &err);
        if (!good)
            say_error(&err);
        ok = ok && good;
        err = (Error){0};
        arena_reset(&arena);
    }
    input_raw_close(&raw);
    input_close(input);
    arena_close(&arena);
    return ok;
}

static int
list_stats(Command *c, const RuleSet *rules)
{
    Scratch *scratch = scratch_new(rules);
    bool ok;

    scratch_time_rules(scratch, rules);
    ok = run_inputs(c, rules, scratch);
    buf_str(&c->out, c->terminal.is_terminal ? "       hits       tries         ms  rule\n" : "hits\ttries\tms\trule\tplace\n");
    for (uint32_t i = 0; i < rules->files.rules.count; i++) {
        const Rule *rule = rules->files.rules.items[i];
        unsigned long long hits = scratch->hits[rule->number], tries = scratch->tries[rule->number];
        double ms = (double)scratch->nanoseconds[rule->number] / 1e6;
        if (!is_chosen(c, rule))
            continue;
        if (c->terminal.is_terminal) {
            buf_printf(&c->out, "%11llu %11llu %10.2f  ", hits, tries, ms);
            styled(c, hits ? STYLE_BOLD : STYLE_DIM, rule->name);
            buf_char(&c->out, '\n');
        } else {
            buf_printf(&c->out, "%llu\t%llu\t%.3f\t", hits, tries, ms);
            field(c, rule->name, '\t');
            terminal_clean(&c->out, rule->path, strlen(rule->path));
            buf_printf(&c->out, ":%zu\n", rule->line);
        }
    }
    scratch_free(scratch);
    return ok ? STATUS_OK : STATUS_SOME;
}

static const OptionSpec LIST_OWN[] = {
    {"phase", 'p', "NAME", "only the rules of this phase"},
    {"rule", 0, "NAME", "only this rule"},
    {"features", 0, NULL, "the features that rules can ask for, instead of the rules"},
    {"stats", 0, NULL, "run INPUT... and show each rule's hits, tries and time"},
    {NULL, 0, NULL, NULL},
};

static int
rules_list(int argc, char **argv)
{
    static const CommandSpec SPEC = {
        .name = "rules list",
        .synopsis = "[INPUT...]",
        .about = "List the rules: name, phase, what each is about, where it stands and its groups.  In a pipe the\n"
                 "columns are separated by tabs.\n",
        .examples = "  onrecord rules list --phase names\n  onrecord rules list --stats article.txt | sort -rn | head\n",
        .groups = OPTIONS_RULES | OPTIONS_INPUT | OPTIONS_COLOR,
        .own = LIST_OWN,
        .take = take,
    };
    Command c = {0};
    RuleSet *rules;
    int status = STATUS_OK;

    switch (options_parse(&c.options, &SPEC, &c, argc, argv)) {
    case OPTIONS_DONE: return STATUS_OK;
    case OPTIONS_WRONG: return STATUS_NOTHING;
    case OPTIONS_GO: break;
    }
    if (c.stats != (c.options.input_count > 0)) {
        say(c.stats ? "--stats needs at least one INPUT" : "INPUT is for --stats only");
        return STATUS_NOTHING;
    }
    if ((rules = options_rules(&c.options)) == NULL)
        return STATUS_NOTHING;
    c.terminal = terminal_look(stdout, c.options.color);
    if (c.phase && ruleset_phase(rules, c.phase) == NULL) {
        say("there is no phase %s", c.phase);
        status = STATUS_NOTHING;
    } else if (c.rule && ruleset_rule(rules, c.rule) == NULL) {
        say("there is no rule %s", c.rule);
        status = STATUS_NOTHING;
    } else if (c.features) {
        list_features(&c, rules);
    } else if (c.stats) {
        status = list_stats(&c, rules);
    } else {
        list_rules(&c, rules);
    }
    ruleset_free(rules);
    return flush(&c, status);
}

/* ---- rules test */

void
rules_show_failure(Buf *out, const Terminal *terminal, const RuleFailure *f)
{
    terminal_style(out, terminal, STYLE_BOLD);
    terminal_clean(out, f->rule->path, strlen(f->rule->path));
    buf_printf(out, ":%zu:", f->line);
    terminal_style(out, terminal, STYLE_NONE);
    buf_printf(out, " %s: ", f->rule->name);
    if (f->example == NULL) {
        buf_str(out, "the rule has no example (a line \"yes = ...\")\n");
        return;
    }
    buf_str(out, f->must ? "yes = " : "no = ");
    terminal_clean(out, f->example, strlen(f->example));
    buf_str(out, "\n    wanted ");
    terminal_clean(out, f->wanted, strlen(f->wanted));
    buf_str(out, "\n    found  ");
    terminal_clean(out, f->found, strlen(f->found));
    buf_char(out, '\n');
}

static void
show_failure(void *context, const RuleFailure *f)
{
    Command *c = context;

    rules_show_failure(&c->out, &c->terminal, f);
}

static int
rules_test(int argc, char **argv)
{
    static const OptionSpec OWN[] = {
        {"phase", 'p', "NAME", "only the rules of this phase"},
        {"rule", 0, "NAME", "only this rule"},
        {NULL, 0, NULL, NULL},
    };
    static const CommandSpec SPEC = {
        .name = "rules test",
        .synopsis = "",
        .about = "Run the examples that stand beside each rule.  `yes = ...` must match, and [brackets] must be the\n"
                 "rule's first group, [name: ...] the group of that name; `no = ...` must not match.  With\n"
                 "--rules only those of its folders.  Exit status 1 if one does not hold.\n",
        .examples = "  onrecord rules test\n  onrecord rules test --rules my-rules --phase titles\n",
        .groups = OPTIONS_RULES | OPTIONS_COLOR,
        .own = OWN,
        .take = take,
    };
    Command c = {0};
    RuleTally tally = {0};
    RuleSet *rules;
    Scratch *scratch;

    switch (options_parse(&c.options, &SPEC, &c, argc, argv)) {
    case OPTIONS_DONE: return STATUS_OK;
    case OPTIONS_WRONG: return STATUS_NOTHING;
    case OPTIONS_GO: break;
    }
    if ((rules = options_rules(&c.options)) == NULL)
        return STATUS_NOTHING;
    c.terminal = terminal_look(stdout, c.options.color);
    scratch = scratch_new(rules);
    for (uint32_t i = 0; i < rules->files.rules.count; i++)
        if (is_chosen(&c, rules->files.rules.items[i]) && (rules->files.rules.items[i]->own || c.options.rule_count == 0))
            ruletest_run(rules, scratch, rules->files.rules.items[i], show_failure, &c, &tally);
    buf_printf(&c.out, "%u passed, %u failed\n", tally.passed, tally.failed);
    scratch_free(scratch);
    ruleset_free(rules);
    return flush(&c, tally.failed ? STATUS_SOME : STATUS_OK);
}

/* ---- rules */

int
cmd_rules(int argc, char **argv)
{
    static const struct {
        const char *name;
        int (*run)(int, char **);
    } COMMANDS[] = {{"list", rules_list}, {"test", rules_test}, {"check", rules_check}};
    static const CommandSpec SPEC = {
        .name = "rules",
        .synopsis = "list|test|check",
        .about = "The rules: `list` shows them, `test` runs their own examples, `check` says what is wrong with a\n"
                 "folder of rules.  Each has its own --help.\n",
        .examples = "  onrecord rules list\n  onrecord rules test\n  onrecord rules check my-rules\n",
    };
    Options options;

    for (size_t i = 0; argc > 1 && i < sizeof COMMANDS / sizeof *COMMANDS; i++)
        if (strcmp(argv[1], COMMANDS[i].name) == 0)
            return COMMANDS[i].run(argc - 1, argv + 1);
    switch (options_parse(&options, &SPEC, NULL, argc, argv)) {
    case OPTIONS_DONE: return STATUS_OK;
    case OPTIONS_WRONG: return STATUS_NOTHING;
    case OPTIONS_GO: break;
    }
    if (argc > 1)
        say("rules has the commands list, test and check, not %s", argv[1]);
    else
        say("say what to do with the rules: list, test or check (see onrecord rules --help)");
    return STATUS_NOTHING;
}
