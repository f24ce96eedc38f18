/* onrecord serve: an archive in a browser. */
#include "cli/cli.h"
#include "cli/options.h"
#include "web/web.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

enum { PORT = 8420 };

typedef struct {
    Options options;
    uint16_t port;
} Command;

static bool
take(void *context, const char *name, const char *value, Error *err)
{
    Command *c = context;
    char *end;
    unsigned long port = strtoul(value, &end, 10);

    if (*value < '0' || *value > '9' || *end || port > 65535)
        return error_set(err, ERROR_USAGE, NULL, 0, 0, NULL, 0, "--%s %s: a port is a number from 1 to 65535, or 0 for any that is free", name, value);
    c->port = (uint16_t)port;
    return true;
}

/* The one line that the reader needs, on standard output. */
static void
show_address(const char *address)
{
    printf("%s\n", address);
    fflush(stdout);
    if (isatty(STDOUT_FILENO))
        say("open this address in a browser; Ctrl-C ends it");
}

static bool
serve(const Command *c, const RuleSet *rules, Error *err)
{
    const char *path = c->options.inputs[0];
    Web *web;
    bool ok;

    if (access(path, F_OK) != 0 && errno == ENOENT)
        return error_set(err, ERROR_USAGE, path, 0, 0, NULL, 0, "there is no such archive; make it with: onrecord store %s ARTICLES...", path);
    web = web_new(path, rules, err);
    ok = web && web_serve(web, c->port, show_address, err);
    web_free(web);
    return ok;
}

int
cmd_serve(int argc, char **argv)
{
    static const OptionSpec OWN[] = {
        {"port", 'p', "N", "listen at this port (default 8420; 0: any that is free)"},
        {NULL, 0, NULL, NULL},
    };
    static const CommandSpec SPEC = {
        .name = "serve",
        .synopsis = "DB",
        .about = "Show the archive DB in a browser: search, people, organizations, articles with what was found in them, and why.\n"
                 "The address is printed; it can be reached from this machine alone.  The archive is only read.  Ctrl-C ends it.\n",
        .examples = "  onrecord store news.db articles/     make an archive of a folder of articles\n"
                    "  onrecord serve news.db               and look at it: http://127.0.0.1:8420/\n"
                    "  onrecord serve news.db --port 9000\n",
        .groups = OPTIONS_RULES,
        .own = OWN,
        .take = take,
        .status = "0 it was ended, 2 wrong use, or the archive or the port cannot be opened",
    };
    Command c = {.port = PORT};
    RuleSet *rules = NULL;
    Error err = {0};
    bool ok = false;

    switch (options_parse(&c.options, &SPEC, &c, argc, argv)) {
    case OPTIONS_DONE: return STATUS_OK;
    case OPTIONS_WRONG: return STATUS_NOTHING;
    case OPTIONS_GO: break;
    }
    if (c.options.input_count != 1) {
        say("name the archive: onrecord serve DB");
        return STATUS_NOTHING;
    }
    if ((rules = options_rules(&c.options)) != NULL)
        ok = serve(&c, rules, &err);
    ruleset_free(rules);
    if (err.kind != ERROR_NONE)
        say_error(&err);
    return ok ? STATUS_OK : STATUS_NOTHING;
}
