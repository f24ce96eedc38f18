/* Options: the ones that all subcommands share, and how a subcommand adds its own.
 *
 * One table entry serves for parsing and for --help, so that the two cannot differ.  */
#ifndef ONRECORD_CLI_OPTIONS_H
#define ONRECORD_CLI_OPTIONS_H

#include "batch/batch.h"
#include "cli/say.h"
#include "cli/terminal.h"
#include "engine/ruleset.h"
#include "graph/graph.h"
#include "input/input.h"

typedef enum { PROGRESS_AUTO, PROGRESS_ALWAYS, PROGRESS_NEVER } ProgressWish;

typedef struct {
    /* what to read */
    const char *const *inputs; /* what is left of argv; "-" is standard input */
    uint32_t input_count;
    InputOptions input;
    FieldName fields[16];
    char field_text[512]; /* what they point into */
    const char *rules[32]; /* folders of the user's rules */
    uint32_t rule_count;
    const char *language;
    /* what to write */
    GraphOptions graph;
    const char *output; /* NULL: standard output */
    const char *errors; /* a file for the articles that failed, or NULL */
    bool resume;
    Dedupe dedupe;
    ColorWish color;
    ProgressWish progress;
    bool quiet;
    uint32_t threads;
    /* for people who work on the rules */
    bool time;              /* say how long each stage took */
    const char *trace;      /* a phase */
    const char *stop_after; /* a stage */
} Options;

/* Groups of the shared options: a command names those that it understands. */
enum {
    OPTIONS_RULES = 1,  /* --rules --lang */
    OPTIONS_INPUT = 2,  /* --format --field --strict */
    OPTIONS_GRAPH = 4,  /* --offsets --no-text --quotes */
    OPTIONS_OUTPUT = 8, /* -o --resume */
    OPTIONS_BATCH = 16, /* -j --errors --progress --dedupe */
    OPTIONS_COLOR = 32, /* --color */
    OPTIONS_ALL = 128,  /* for the shared table alone */
    OPTIONS_TRACE = 64, /* --trace --stop-after --time */
    OPTIONS_FORMS = 256, /* --quotes alone */
    OPTIONS_READING = OPTIONS_RULES | OPTIONS_INPUT | OPTIONS_BATCH,
};

/* An option: `value` is what its argument is called in the help, NULL if it takes none. */
typedef struct {
    const char *name;
    char letter; /* 0: none */
    const char *value;
    const char *help;
} OptionSpec;

/* What a command has to say of itself.  `own` ends with a NULL name; `take` is called for each of them with its name
 * and argument, and says what is wrong with it in *err. */
typedef struct {
    const char *name;     /* "extract" */
    const char *synopsis; /* "INPUT..." */
    const char *about;    /* one paragraph, ends with a newline */
    const char *examples; /* lines, ends with a newline */
    uint32_t groups;
    const OptionSpec *own; /* may be NULL */
    bool (*take)(void *context, const char *name, const char *value, Error *err);
    bool needs_input; /* at least one INPUT */
    const char *status; /* what the exit status says; NULL: as of all commands that work on articles */
} CommandSpec;

typedef enum { OPTIONS_GO, OPTIONS_DONE, OPTIONS_WRONG } OptionsResult;

/* Parse; argv is put in order.  OPTIONS_DONE: help or the version was shown (exit with 0); OPTIONS_WRONG: what is wrong
 * was said (exit with 2).  `context` is handed to the command's `take`. */
OptionsResult options_parse(Options *options, const CommandSpec *command, void *context, int argc, char **argv);

/* Load the rules that the options ask for; NULL after saying what is wrong. */
RuleSet *options_rules(const Options *options);

#endif
