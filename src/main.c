/* onrecord: which subcommand, and nothing else. */
#include "cli/cli.h"
#include "cli/options.h"

#include <poll.h>
#include <signal.h>
#include <unistd.h>

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
#pragma weak cmd_store
#pragma weak cmd_entities
#pragma weak cmd_search
#pragma weak cmd_check
#pragma weak cmd_draw
#pragma weak cmd_export
#pragma weak cmd_serve
#pragma weak cmd_report

static const Command COMMANDS[] = {
    {"extract", cmd_extract, "the graph of each article: names, titles, quotes and who said them (the default)"},
    {"quotes", cmd_quotes, "who said what, for people to read"},
    {"store", cmd_store, "articles into an archive, one SQLite file"},
    {"search", cmd_search, "the quotes of an archive, by words, speaker, subject, organization and date"},
    {"check", cmd_check, "did anyone say this? the nearest quotes of an archive"},
    {"serve", cmd_serve, "an archive in a browser, on this machine only"},
    {"entities", cmd_entities, "the people, organizations and places of an archive, and why they are one"},
    {"export", cmd_export, "an archive or graphs for other tools: CSV, GraphML, GEXF, DOT, JSON Lines"},
    {"report", cmd_report, "articles as one page that stands alone and can be mailed"},
    {"draw", cmd_draw, "a picture of an article's graph"},
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

/* How many letters must be put in, left out or changed, and neighbours swapped, to make one word of the other. */
static int
distance(const char *a, const char *b)
{
    enum { LONGEST = 15 };
    int rows[LONGEST + 2][LONGEST + 2], n = (int)strlen(a), m = (int)strlen(b);

    if (n > LONGEST || m > LONGEST)
        return LONGEST;
    for (int i = 0; i <= n; i++)
        for (int j = 0; j <= m; j++) {
            int best = i == 0 ? j : j == 0 ? i : rows[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
            if (i && j && rows[i - 1][j] + 1 < best)
                best = rows[i - 1][j] + 1;
            if (i && j && rows[i][j - 1] + 1 < best)
                best = rows[i][j - 1] + 1;
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] && rows[i - 2][j - 2] + 1 < best)
                best = rows[i - 2][j - 2] + 1;
            rows[i][j] = best;
        }
    return rows[n][m];
}

/* The command that was meant by a word that is no file either, or NULL. */
static const Command *
meant(const char *word)
{
    const Command *best = NULL;
    int least = 3;

    if (word[0] == '-' || access(word, F_OK) == 0)
        return NULL;
    for (int i = 0; i < COMMAND_COUNT; i++)
        if (COMMANDS[i].run && distance(word, COMMANDS[i].name) < least) {
            least = distance(word, COMMANDS[i].name);
            best = &COMMANDS[i];
        }
    return best;
}

static const Command *
command_named(const char *name)
{
    for (int i = 0; i < COMMAND_COUNT; i++)
        if (COMMANDS[i].run && strcmp(name, COMMANDS[i].name) == 0)
            return &COMMANDS[i];
    return NULL;
}

/* Has whoever reads our standard output gone away? */
static bool
is_closed_pipe(void)
{
    struct pollfd out = {.fd = STDOUT_FILENO, .events = POLLOUT};

    return poll(&out, 1, 0) == 1 && (out.revents & POLLERR);
}

/* Standard output is buffered by the C library where help and reports are printed: a full disk shows only here.  A reader
 * that has seen enough is no news. */
static int
checked(int status)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return status;
    if (!is_closed_pipe())
        say("standard output could not be written; is the disk full?");
    return STATUS_NOTHING;
}

int
main(int argc, char **argv)
{
    const Command *command;

    signal(SIGPIPE, SIG_IGN); /* a closed pipe is an error of writing, and is seen there */
    if (argc < 2) {
        show_help(stderr);
        return STATUS_NOTHING;
    }
    if (strcmp(argv[1], "help") == 0 && argc > 2 && (command = command_named(argv[2])) != NULL)
        return checked(command->run(2, (char *[]){argv[2], (char[]){"--help"}, NULL}));
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0) {
        show_help(stdout);
        return checked(STATUS_OK);
    }
    if ((command = command_named(argv[1])) != NULL)
        return checked(command->run(argc - 1, argv + 1));
    if ((command = meant(argv[1])) != NULL) {
        say("%s: there is no such file and no such command; did you mean %s?", argv[1], command->name);
        return STATUS_NOTHING;
    }
    return checked(cmd_extract(argc, argv));
}
