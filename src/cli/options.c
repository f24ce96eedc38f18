#include "cli/options.h"

#include "base/mem.h"
#include "cli/cli.h"
#include "onrecord.h"
#include "pipeline.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SPECS_MOST = 64, THREADS_MOST = 256, HELP_WIDTH = 100, HELP_COLUMN = 26 };

/* ---- the shared options */

typedef struct {
    OptionSpec spec;
    uint32_t group;
    bool (*set)(Options *, const char *value, Error *);
} Shared;

static bool
wrong(Error *err, const char *format, const char *value)
{
    char message[400];
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    snprintf(message, sizeof message, format, value);
#pragma GCC diagnostic pop
    return error_set(err, ERROR_USAGE, NULL, 0, 0, NULL, 0, "%s", message);
}

static bool
set_format(Options *o, const char *value, Error *err)
{
    if (strcmp(value, "auto") == 0) {
        o->input.format = NULL;
        return true;
    }
    o->input.format = input_format(value);
    if (o->input.format)
        return true;
    return error_set(err, ERROR_USAGE, NULL, 0, 0, NULL, 0, "--format %s: there is no such format; there are %s",
                     value, input_format_names());
}

static bool
set_field(Options *o, const char *value, Error *err)
{
    size_t used = 0, len = strlen(value);
    char *rest, *pair;
    bool ok = true;

    for (uint32_t i = 0; i < o->input.field_count; i++) /* behind those of an earlier --field */
        used = (size_t)(o->fields[i].name + strlen(o->fields[i].name) + 1 - o->field_text);
    if (used + len >= sizeof o->field_text)
        return wrong(err, "--field %s: too long", value);
    rest = memcpy(o->field_text + used, value, len + 1);
    while (ok && (pair = strsep(&rest, ",")) != NULL) {
        char *equals = strchr(pair, '=');
        if (equals == NULL || equals[1] == '\0') {
            ok = wrong(err, "--field %s: write it as text=body,id=uri: our name, =, the input's name", value);
            break;
        }
        *equals = '\0';
        if (!input_field_known(pair))
            ok = wrong(err,
                       "--field: there is no field %s; there are text, id, headline, byline, published, url, language",
                       pair);
        else if (o->input.field_count == sizeof o->fields / sizeof *o->fields)
            ok = wrong(err, "--field %s: too many fields", value);
        else
            o->fields[o->input.field_count++] = (FieldName){pair, equals + 1};
    }
    return ok;
}

static bool
set_strict(Options *o, const char *value, Error *err)
{
    (void)value;
    (void)err;
    o->input.strict = true;
    return true;
}

/* A whole number, for sizes with k, M or G behind it; false if it is none or not within its bounds. */
static bool
read_number(const char *value, bool is_size, uint64_t least, uint64_t most, uint64_t *number)
{
    static const char units[] = "kMG";
    const char *unit;
    char *end;

    errno = 0;
    *number = strtoull(value, &end, 10);
    unit = is_size && *end ? strchr(units, *end == 'K' ? 'k' : *end) : NULL;
    if (*value < '0' || *value > '9' || errno || *number > most)
        return false;
    if (unit)
        *number <<= 10 * (unit - units + 1);
    return (unit ? end[1] : *end) == '\0' && *number >= least && *number <= most;
}

static bool
set_max_article(Options *o, const char *value, Error *err)
{
    uint64_t size;

    if (!read_number(value, true, 1 << 10, TEXT_MAX, &size))
        return wrong(err, "--max-article %s: it must be a size from 1k to 1G", value);
    o->input.article_most = (size_t)size;
    return true;
}

static bool
set_max_depth(Options *o, const char *value, Error *err)
{
    uint64_t depth;

    if (!read_number(value, false, 1, INPUT_DEPTH_LIMIT, &depth))
        return wrong(err, "--max-depth %s: it must be a number from 1 to 64", value);
    o->input.depth_most = (uint32_t)depth;
    return true;
}

static bool
set_max_expand(Options *o, const char *value, Error *err)
{
    return read_number(value, false, 1, UINT32_MAX, &o->input.expand_most) || wrong(err, "--max-expand %s: it must be a whole number", value);
}

static bool
set_rules(Options *o, const char *value, Error *err)
{
    if (o->rule_count == sizeof o->rules / sizeof *o->rules)
        return wrong(err, "--rules %s: too many folders", value);
    o->rules[o->rule_count++] = value;
    return true;
}

static bool
set_lang(Options *o, const char *value, Error *err)
{
    o->language = value;
    return strcmp(value, "en") == 0 || wrong(err, "--lang %s: there are rules for en alone", value);
}

static bool
set_offsets(Options *o, const char *value, Error *err)
{
    static const char *const names[] = {"codepoint", "byte", "utf16"};

    for (int i = 0; i < 3; i++)
        if (strcmp(value, names[i]) == 0) {
            o->graph.offsets = (OffsetUnit)i;
            return true;
        }
    return wrong(err, "--offsets %s: it must be codepoint, byte or utf16", value);
}

static bool
set_no_text(Options *o, const char *value, Error *err)
{
    (void)value;
    (void)err;
    o->graph.no_text = true;
    return true;
}

static bool
set_quotes(Options *o, const char *value, Error *err)
{
    char *copy = mem_copy(value, strlen(value)), *rest = copy, *name;
    bool ok = true;

    o->graph.forms = 0;
    while (ok && (name = strsep(&rest, ",")) != NULL) {
        bool known = false;
        for (int form = FORM_DIRECT; form <= FORM_INDIRECT; form++)
            if (strcmp(name, form_name((QuoteForm)form)) == 0) {
                o->graph.forms |= 1u << form;
                known = true;
            }
        ok = known || wrong(err, "--quotes: there is no form %s; there are direct, mixed and indirect", name);
    }
    free(copy);
    return ok;
}

static bool
set_output(Options *o, const char *value, Error *err)
{
    o->output = value;
    return *value || wrong(err, "-o needs the name of a file%s", "");
}

static bool
set_threads(Options *o, const char *value, Error *err)
{
    char *end;
    long number = strtol(value, &end, 10);

    if (*value == '\0' || *end || number < 1 || number > THREADS_MOST)
        return wrong(err, "-j %s: it must be a number from 1 to 256", value);
    o->threads = (uint32_t)number;
    return true;
}

static bool
set_errors(Options *o, const char *value, Error *err)
{
    (void)err;
    o->errors = value;
    return true;
}

static bool
set_resume(Options *o, const char *value, Error *err)
{
    (void)value;
    (void)err;
    o->resume = true;
    return true;
}

static bool
set_dedupe(Options *o, const char *value, Error *err)
{
    o->dedupe = strcmp(value, "id") == 0 ? DEDUPE_ID : strcmp(value, "text") == 0 ? DEDUPE_TEXT : DEDUPE_NOT;
    return o->dedupe != DEDUPE_NOT || wrong(err, "--dedupe %s: it must be id or text", value);
}

static bool
set_progress(Options *o, const char *value, Error *err)
{
    static const char *const names[] = {"auto", "always", "never"};

    for (int i = 0; i < 3; i++)
        if (strcmp(value, names[i]) == 0) {
            o->progress = (ProgressWish)i;
            return true;
        }
    return wrong(err, "--progress %s: it must be auto, always or never", value);
}

static bool
set_quiet(Options *o, const char *value, Error *err)
{
    (void)value;
    (void)err;
    o->quiet = true;
    return true;
}

static bool
set_color(Options *o, const char *value, Error *err)
{
    static const char *const names[] = {"auto", "always", "never"};

    for (int i = 0; i < 3; i++)
        if (strcmp(value, names[i]) == 0) {
            o->color = (ColorWish)i;
            return true;
        }
    return wrong(err, "--color %s: it must be auto, always or never", value);
}

static bool
set_trace(Options *o, const char *value, Error *err)
{
    (void)err;
    o->trace = value;
    return true;
}

static bool
set_time(Options *o, const char *value, Error *err)
{
    (void)value;
    (void)err;
    o->time = true;
    return true;
}

static bool
set_stop_after(Options *o, const char *value, Error *err)
{
    Buf names = {0};

    o->stop_after = value;
    for (const Stage *stage = PIPELINE; stage->name; stage++) {
        if (strcmp(stage->name, value) == 0) {
            buf_close(&names);
            return true;
        }
        buf_printf(&names, "%s%s", names.len ? ", " : "", stage->name);
    }
    error_set(err, ERROR_USAGE, NULL, 0, 0, NULL, 0, "--stop-after %s: there is no such stage; there are %s", value,
              names.bytes);
    buf_close(&names);
    return false;
}

static const Shared SHARED[] = {
    {{"format", 'f', "FORMAT",
      "text, jsonl, html, warc (ARC too) or newsml (NewsML-G2, NITF, RSS, Atom); else each file is looked at (its content goes before its name)"},
     OPTIONS_INPUT, set_format},
    {{"field", 0, "A=B,...",
      "JSON Lines: the field that we call A (text, id, headline, byline, published, url, language) is called B"},
     OPTIONS_INPUT, set_field},
    {{"strict", 0, NULL,
      "refuse articles with broken UTF-8; else each broken part becomes U+FFFD"},
     OPTIONS_INPUT, set_strict},
    {{"max-article", 0, "SIZE", "refuse articles that are longer, as they lie in the input: 500k, 10M, 1G (default 16M); one takes some 170 times its size in memory"}, OPTIONS_INPUT, set_max_article},
    {{"max-depth", 0, "N", "how deep archives and compressed files may lie in each other; a .tar.gz is two (default 16)"}, OPTIONS_INPUT, set_max_depth},
    {{"max-expand", 0, "N", "stop reading a file that expands to 256 MB or more, and to more than N times its size (default 500)"},
     OPTIONS_INPUT, set_max_expand},
    {{"rules", 'r', "DIR",
      "add the rules and lists in DIR, or replace ours of the same name; may be given again"},
     OPTIONS_RULES, set_rules},
    {{"lang", 'l', "LANG", "the language of the rules: en"}, OPTIONS_RULES, set_lang},
    {{"offsets", 0, "UNIT",
      "what offsets count: codepoint (the default, as Python does), byte (of UTF-8) or utf16 (as JavaScript "
      "does)"},
     OPTIONS_GRAPH, set_offsets},
    {{"no-text", 0, NULL, "leave the article's text out of the graph"}, OPTIONS_GRAPH, set_no_text},
    {{"quotes", 0, "FORMS", "only these forms of quotes: direct,mixed,indirect"}, OPTIONS_GRAPH | OPTIONS_FORMS, set_quotes},
    {{"output", 'o', "FILE",
      "write to FILE, which takes its name only when all is there"},
     OPTIONS_OUTPUT, set_output},
    {{"jobs", 'j', "N",
      "work in N threads; the output is the same whatever N is (default: one for each processor)"},
     OPTIONS_BATCH, set_threads},
    {{"resume", 0, NULL, "go on with the run that was to write FILE and was interrupted; else begin"}, OPTIONS_OUTPUT, set_resume},
    {{"dedupe", 0, "BY", "pass over articles whose id or whose text (BY is id or text) came before"}, OPTIONS_BATCH, set_dedupe},
    {{"errors", 0, "FILE", "also write a JSON line for each article that failed: source, position, reason"}, OPTIONS_BATCH, set_errors},
    {{"progress", 0, "WHEN",
      "show how far it is: auto (on a terminal), always or never"},
     OPTIONS_BATCH, set_progress},
    {{"color", 0, "WHEN", "colours: auto (on a terminal), always or never"}, OPTIONS_COLOR, set_color},
    {{"trace", 0, "PHASE", "show where the rules of a phase fired, instead of the result"}, OPTIONS_TRACE, set_trace},
    {{"stop-after", 0, "STAGE",
      "show what is known after a stage, instead of the result"},
     OPTIONS_TRACE, set_stop_after},
    {{"time", 0, NULL, "say at the end, on standard error, how long each stage took (processor time) and how fast it was"},
     OPTIONS_TRACE, set_time},
    {{"quiet", 'q', NULL, "say nothing but errors that stop the work"}, OPTIONS_ALL, set_quiet},
    {{"help", 'h', NULL, "show this"}, OPTIONS_ALL, NULL},
    {{"version", 'V', NULL, "show the version"}, OPTIONS_ALL, NULL},
};

enum { SHARED_COUNT = sizeof SHARED / sizeof *SHARED };

static bool
is_offered(const CommandSpec *command, const Shared *shared)
{
    for (const OptionSpec *own = command->own; own && own->name; own++)
        if (strcmp(own->name, shared->spec.name) == 0)
            return false; /* the command has one of its own */
    return (shared->group & OPTIONS_ALL) || (command->groups & shared->group);
}

/* ---- help */

static void
help_option(Buf *out, const OptionSpec *spec)
{
    Buf left = {0};
    uint32_t width;

    if (spec->letter)
        buf_printf(&left, "  -%c, --%s", spec->letter, spec->name);
    else
        buf_printf(&left, "      --%s", spec->name);
    if (spec->value)
        buf_printf(&left, " %s", spec->value);
    buf_add(out, left.bytes, left.len);
    width = (uint32_t)left.len;
    if (width + 2 > HELP_COLUMN) {
        buf_char(out, '\n');
        width = 0;
    }
    for (; width < HELP_COLUMN; width++)
        buf_char(out, ' ');
    terminal_wrap(out, spec->help, strlen(spec->help), HELP_WIDTH, HELP_COLUMN, HELP_COLUMN);
    buf_char(out, '\n');
    buf_close(&left);
}

static void
show_help(const CommandSpec *command)
{
    Buf out = {0};

    buf_printf(&out, "usage: onrecord %s [OPTION...] %s\n\n%s\n", command->name, command->synopsis, command->about);
    for (const OptionSpec *own = command->own; own && own->name; own++)
        help_option(&out, own);
    for (int i = 0; i < SHARED_COUNT; i++)
        if (is_offered(command, &SHARED[i]))
            help_option(&out, &SHARED[i].spec);
    if (command->groups & OPTIONS_INPUT)
        buf_str(&out, "\nINPUT is a file, a folder (read to the bottom, in name order; names that begin with a dot\n"
                      "are passed over) or - for standard input.  Compressed files and archives (gz, zst, xz, bz2,\n"
                      "tar, zip) are read as they are.\n");
    buf_printf(&out, "\nexamples:\n%s", command->examples);
    buf_printf(&out, "\nexit status: %s\n",
               command->status ? command->status
                               : "0 all well, 1 some articles failed (the rest is there), 2 wrong use or nothing\n"
                                 "could be done");
    fwrite(out.bytes, 1, out.len, stdout);
    buf_close(&out);
}

/* ---- parsing */

typedef struct {
    struct option options[SPECS_MOST + 1];
    char letters[3 * SPECS_MOST + 2];
    int count;
} Table;

enum { FIRST_KEY = 1000, FIRST_OWN = 2000 }; /* keys of SHARED[i] and of own[i] */

static void
table_add(Table *t, const OptionSpec *spec, int key)
{
    size_t len = strlen(t->letters);

    t->options[t->count++] = (struct option){spec->name, spec->value ? required_argument : no_argument, NULL, key};
    if (spec->letter) {
        t->letters[len++] = spec->letter;
        if (spec->value)
            t->letters[len++] = ':';
        t->letters[len] = '\0';
    }
}

static void
table_fill(Table *t, const CommandSpec *command)
{
    memset(t, 0, sizeof *t);
    strcpy(t->letters, ":");
    for (int i = 0; command->own && command->own[i].name && t->count < SPECS_MOST; i++)
        table_add(t, &command->own[i], FIRST_OWN + i);
    for (int i = 0; i < SHARED_COUNT && t->count < SPECS_MOST; i++)
        if (is_offered(command, &SHARED[i]))
            table_add(t, &SHARED[i].spec, FIRST_KEY + i);
}

/* The key of a one-letter option. */
static int
key_of_letter(const CommandSpec *command, int letter)
{
    for (int i = 0; command->own && command->own[i].name; i++)
        if (command->own[i].letter == letter)
            return FIRST_OWN + i;
    for (int i = 0; i < SHARED_COUNT; i++)
        if (SHARED[i].spec.letter == letter && is_offered(command, &SHARED[i]))
            return FIRST_KEY + i;
    return 0;
}

static OptionsResult
usage_error(const CommandSpec *command, const Error *err)
{
    say_error(err);
    say("onrecord %s --help shows what there is", command->name);
    return OPTIONS_WRONG;
}

static OptionsResult
unknown(const CommandSpec *command, int found, char *const *argv)
{
    Error err = {0};
    const char *what = found == ':' ? "needs a value" : "is no option of this command";

    if (optopt && optopt < 256)
        error_set(&err, ERROR_USAGE, NULL, 0, 0, NULL, 0, "-%c %s", optopt, what);
    else
        error_set(&err, ERROR_USAGE, NULL, 0, 0, NULL, 0, "%s %s", argv[optind - 1], what);
    return usage_error(command, &err);
}

static bool
check_rules(Options *o, Error *err)
{
    for (uint32_t i = 0; i < o->rule_count; i++) {
        struct stat st;
        if (stat(o->rules[i], &st) != 0 || !S_ISDIR(st.st_mode))
            return wrong(err, "--rules %s: there is no such folder", o->rules[i]);
    }
    return true;
}

static void
defaults(Options *o)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);

    memset(o, 0, sizeof *o);
    o->language = "en";
    o->input.fields = o->fields;
    o->threads = processors < 1 ? 1 : processors > THREADS_MOST ? THREADS_MOST : (uint32_t)processors;
}

OptionsResult
options_parse(Options *o, const CommandSpec *command, void *context, int argc, char **argv)
{
    Table table;
    Error err = {0};
    int found;

    defaults(o);
    table_fill(&table, command);
    optind = 0;
    opterr = 0;
    while ((found = getopt_long(argc, argv, table.letters, table.options, NULL)) != -1) {
        bool ok;
        if (found == '?' || found == ':')
            return unknown(command, found, argv);
        if (found < FIRST_KEY)
            found = key_of_letter(command, found);
        if (found >= FIRST_OWN) {
            ok = command->take(context, command->own[found - FIRST_OWN].name, optarg, &err);
        } else if (strcmp(SHARED[found - FIRST_KEY].spec.name, "help") == 0) {
            show_help(command);
            return OPTIONS_DONE;
        } else if (strcmp(SHARED[found - FIRST_KEY].spec.name, "version") == 0) {
            puts("onrecord " ONRECORD_VERSION);
            return OPTIONS_DONE;
        } else {
            ok = SHARED[found - FIRST_KEY].set(o, optarg, &err);
        }
        if (!ok)
            return usage_error(command, &err);
    }
    o->inputs = (const char *const *)argv + optind;
    o->input_count = (uint32_t)(argc - optind);
    if (command->needs_input && o->input_count == 0)
        wrong(&err, "there is no INPUT; name a file or a folder, or - for standard input%s", "");
    else
        check_rules(o, &err);
    return err.kind == ERROR_NONE ? OPTIONS_GO : usage_error(command, &err);
}

RuleSet *
options_rules(const Options *o)
{
    Error err = {0};
    RuleSet *rules = ruleset_load(o->rules, o->rule_count, &err);

    if (rules == NULL)
        say_error(&err);
    return rules;
}
