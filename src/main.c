/* onrecord: which subcommand, and nothing else. */
#include "cli/cli.h"
#include "cli/options.h"

#include <signal.h>
#include <stdlib.h>

typedef struct {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *does;
} Command;

/* A command that is not linked in is not offered. */
#pragma weak cmd_quotes
#pragma weak cmd_explain
#pragma weak cmd_rules
#pragma weak cmd_eval
#pragma weak cmd_fit

static const Command COMMANDS[] = {
    {"extract", cmd_extract, "the graph of each article: names, titles, quotes and who said them (the default)"},
    {"quotes", cmd_quotes, "who said what, for people to read"},
    {"explain", cmd_explain, "why: the rules and the evidence behind each decision"},
    {"rules", cmd_rules, "the rules there are; run their own examples; check a folder of rules"},
    {"eval", cmd_eval, "precision, recall and F1 against annotated articles"},
    {"fit", cmd_fit, "fit the weights of the rules to annotated articles"},
};

enum { COMMAND_COUNT = sizeof COMMANDS / sizeof *COMMANDS };

static void
show_help(FILE *out)
{
    fputs("usage: onrecord [COMMAND] [OPTION...] INPUT...\n\n"
          "Reads news articles and says who is in them and who said what, by rules that can be read and changed.\n\n"
          "commands:\n",
          out);
    for (int i = 0; i < COMMAND_COUNT; i++)
        if (COMMANDS[i].run)
            fprintf(out, "  %-10s %s\n", COMMANDS[i].name, COMMANDS[i].does);
    fputs("\nonrecord COMMAND --help shows the options and examples of a command.\n\n"
          "examples:\n"
          "  onrecord article.txt                 the same as: onrecord extract article.txt\n"
          "  onrecord extract -o graphs.jsonl DIR every article of a folder\n\n"
          "exit status: 0 all well, 1 some articles failed (the rest is there), 2 wrong use or nothing could be done\n",
          out);
}

/* Standard output is buffered by the C library where help and reports are printed: a full disk shows only here. */
static int
checked(int status)
{
    if (fflush(stdout) != 0 || ferror(stdout)) {
        say("standard output could not be written");
        return STATUS_NOTHING;
    }
    return status;
}

int
main(int argc, char **argv)
{
    signal(SIGPIPE, SIG_IGN); /* a closed pipe is an error of writing, and is seen there */
    if (argc < 2) {
        show_help(stderr);
        return STATUS_NOTHING;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0) {
        show_help(stdout);
        return checked(STATUS_OK);
    }
    for (int i = 0; i < COMMAND_COUNT; i++)
        if (COMMANDS[i].run && strcmp(argv[1], COMMANDS[i].name) == 0)
            return checked(COMMANDS[i].run(argc - 1, argv + 1));
    return checked(cmd_extract(argc, argv));
}
