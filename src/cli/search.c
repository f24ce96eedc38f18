/* onrecord search: the quotes of an archive. */
#include "cli/cli.h"
#include "cli/found.h"
#include "cli/options.h"

#include <stdlib.h>

enum { MOST = 100 };

typedef struct {
    Options options;
    StoreQuery query;
    bool cards, columns;
    Terminal terminal;
    Buf out;
} Command;

static bool
take_date(Command *c, const char *name, const char *value, Error *err)
{
    if (!store_is_date(value))
        return error_set(err, ERROR_USAGE, NULL, 0, 0, NULL, 0, "--%s %s: write it as 2024-03-31, 2024-03 or 2024", name, value);
    if (strcmp(name, "since") == 0)
        c->query.since = value;
    else
        c->query.until = value;
    return true;
}

static bool
take(void *context, const char *name, const char *value, Error *err)
{
    Command *c = context;

    if (strcmp(name, "speaker") == 0)
        c->query.speaker = value;
    else if (strcmp(name, "about") == 0)
        c->query.about = value;
    else if (strcmp(name, "org") == 0)
        c->query.organization = value;
    else if (strcmp(name, "cards") == 0)
        c->cards = true;
    else if (strcmp(name, "columns") == 0)
        c->columns = true;
    else if (strcmp(name, "limit") == 0) {
        char *end;
        unsigned long most = strtoul(value, &end, 10);
        if (*value == '\0' || *end || most < 1 || most > STORE_SIFTED)
            return error_set(err, ERROR_USAGE, NULL, 0, 0, NULL, 0, "--limit %s: it must be a number from 1 to %d", value,
                             STORE_SIFTED);
        c->query.most = (uint32_t)most;
    } else
        return take_date(c, name, value, err);
    return true;
}

static bool
show(const StoredQuote *q, void *context)
{
    Command *c = context;

    if (c->cards)
        found_card(&c->out, &c->terminal, q, NULL);
    else
        found_row(&c->out, q);
    fwrite(c->out.bytes, 1, c->out.len, stdout);
    buf_clear(&c->out);
    return true;
}

static void
say_count(const Command *c, uint32_t count)
{
    if (c->options.quiet)
        return;
    if (count == 0)
        say("no quote answers");
    else if (count == store_sifted(&c->query))
        say("%u quotes or more answer: these are of those that were stored last", count);
    else if (count > c->query.most)
        say("%u quotes answer; these are the newest %u (--limit N shows more)", count, c->query.most);
}

static bool
work(Command *c, Error *err)
{
    Store *store = store_open(c->options.inputs[0], STORE_READ, err);
    uint32_t count;
    bool ok;

    if (store == NULL)
        return false;
    c->terminal = terminal_look(stdout, c->options.color);
    if (!c->cards && !c->columns)
        c->cards = c->terminal.is_terminal;
    if (c->cards && c->terminal.width == 0)
        c->terminal.width = terminal_columns();
    c->query.words = c->options.inputs + 1;
    c->query.word_count = c->options.input_count - 1;
    if (!c->cards)
        puts(FOUND_COLUMNS);
    ok = store_search(store, &c->query, show, c, &count, err);
    if (ok)
        say_count(c, count);
    store_close(store);
    return ok;
}

int
cmd_search(int argc, char **argv)
{
    static const OptionSpec OWN[] = {
        {"speaker", 's', "NAME", "said by whoever has NAME in a name (beginnings of its words, in any case)"},
        {"about", 'a', "NAME", "in which somebody or something with NAME is named or referred to"},
        {"org", 0, "NAME", "said by an organization or place with NAME, or by whoever belongs to it or holds a title there"},
        {"since", 0, "DATE", "in articles of this day or later: 2024-03-31, 2024-03 or 2024"},
        {"until", 0, "DATE", "in articles of this day, month or year, or earlier"},
        {"limit", 'n', "N", "at most N quotes (default 100)"},
        {"cards", 0, NULL, "cards, even in a pipe (with --color always for less -R)"},
        {"columns", 0, NULL, "columns, even on a terminal"},
        {NULL, 0, NULL, NULL},
    };
    static const CommandSpec SPEC = {
        .name = "search",
        .synopsis = "DB [WORDS...]",
        .about = "The quotes of an archive that have all the WORDS, and of whom and what the options ask for; the newest\n"
                 "article first.  A word that ends in * is the beginning of one; several in one argument are a phrase.\n"
                 "On a terminal: cards.  In a pipe: a line of columns with tabs between for each quote, behind a line\n"
                 "with their names.\n",
        .examples = "  onrecord search news.db --speaker okafor                what Okafor said\n"
                    "  onrecord search news.db --org \"transport ministry\" rail*\n"
                    "  onrecord search news.db --about huawei --since 2024 \"join hands\"\n"
                    "  onrecord search news.db gates | cut -f2,7\n",
        .groups = OPTIONS_COLOR,
        .own = OWN,
        .take = take,
    };
    Command c = {.query.most = MOST};
    Error err = {0};

    switch (options_parse(&c.options, &SPEC, &c, argc, argv)) {
    case OPTIONS_DONE: return STATUS_OK;
    case OPTIONS_WRONG: return STATUS_NOTHING;
    case OPTIONS_GO: break;
    }
    if (c.options.input_count == 0) {
        say("name the archive: onrecord search DB [WORDS...]");
        return STATUS_NOTHING;
    }
    if (work(&c, &err)) {
        buf_close(&c.out);
        return STATUS_OK;
    }
    buf_close(&c.out);
    say_error(&err);
    return STATUS_NOTHING;
}
