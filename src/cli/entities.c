/* onrecord entities: who and what is in an archive, why several articles mean the same one, and how to take that back. */
#include "cli/cli.h"
#include "cli/options.h"
#include "cli/table.h"
#include "store/store.h"

#include <inttypes.h>
#include <stdlib.h>

enum { MOST = 50 };

typedef struct {
    Options options;
    int64_t id, split; /* 0: not asked for */
    Table table;
} Command;

static bool
take(void *context, const char *name, const char *value, Error *err)
{
    Command *c = context;
    char *end;
    long long number = strtoll(value, &end, 10);

    if (*value == '\0' || *end || number < 1)
        return error_set(err, ERROR_USAGE, NULL, 0, 0, NULL, 0, "--%s %s: it must be a number", name, value);
    *(strcmp(name, "id") == 0 ? &c->id : &c->split) = number;
    return true;
}

static bool
add_entity(const StoredEntity *e, void *context)
{
    Command *c = context;
    char id[32], articles[32], quotes[32];

    snprintf(id, sizeof id, "%" PRId64, e->id);
    snprintf(articles, sizeof articles, "%" PRId64, e->articles);
    snprintf(quotes, sizeof quotes, "%" PRId64, e->quotes);
    table_row(&c->table, (const char *const[]){id, e->type, e->name, articles, quotes, e->titles, e->bodies});
    return true;
}

static bool
add_appearance(const StoredAppearance *p, void *context)
{
    Command *c = context;
    char id[32];

    snprintf(id, sizeof id, "%" PRId64, p->id);
    table_row(&c->table, (const char *const[]){id, p->day, p->name, p->titles, p->bodies, p->evidence, p->article});
    return true;
}

static bool
show(Command *c, Store *store, Error *err)
{
    static const char *const ENTITIES[] = {"id", "type", "name", "articles", "quotes", "titles", "organizations"};
    static const char *const APPEARANCES[] = {"appearance", "day", "name", "titles", "organizations", "agreed", "article"};
    Terminal terminal = terminal_look(stdout, c->options.color);
    Buf name = {0}, out = {0};
    bool ok;

    for (uint32_t i = 1; i < c->options.input_count; i++)
        buf_printf(&name, "%s ", c->options.inputs[i]);
    table_open(&c->table, &terminal, c->id ? APPEARANCES : ENTITIES, 7);
    ok = c->id ? store_appearances(store, c->id, add_appearance, c, err)
               : store_entities(store, name.bytes, MOST, add_entity, c, err);
    table_show(&c->table, &out);
    if (ok)
        fwrite(out.bytes, 1, out.len, stdout);
    buf_close(&name);
    buf_close(&out);
    return ok;
}

static bool
work(Command *c, Error *err)
{
    Store *store = store_open(c->options.inputs[0], c->split ? STORE_WRITE : STORE_READ, err);
    int64_t entity;
    bool ok = store != NULL;

    if (ok && c->split) {
        ok = store_split(store, c->split, &entity, err);
        if (ok && !c->options.quiet)
            say("appearance %" PRId64 " is entity %" PRId64 " now", c->split, entity);
    } else if (ok) {
        ok = show(c, store, err);
    }
    store_close(store);
    return ok;
}

int
cmd_entities(int argc, char **argv)
{
    static const OptionSpec OWN[] = {
        {"id", 'i', "N", "every appearance of entity N, and what agreed when it was joined to the others"},
        {"split", 0, "N", "take a merge back: appearance N becomes an entity of its own"},
        {NULL, 0, NULL, NULL},
    };
    static const CommandSpec SPEC = {
        .name = "entities",
        .synopsis = "DB [NAME...]",
        .about = "The people, organizations and places of an archive: those with NAME in a name (beginnings of its words),\n"
                 "or else the most quoted; at most 50.  A person is one entry over several articles only where they agree\n"
                 "on the full name and on an organization, or on the full name and a title where not both give\n"
                 "organizations; what agreed is kept.\n",
        .examples = "  onrecord entities news.db                the most quoted\n"
                    "  onrecord entities news.db ann smi        Ann Smith, Annette Smiley ...\n"
                    "  onrecord entities news.db --id 12        why all these are the same one\n"
                    "  onrecord entities news.db --split 4711   this one is somebody else\n",
        .groups = OPTIONS_COLOR,
        .own = OWN,
        .take = take,
    };
    Command c = {0};
    Error err = {0};

    switch (options_parse(&c.options, &SPEC, &c, argc, argv)) {
    case OPTIONS_DONE: return STATUS_OK;
    case OPTIONS_WRONG: return STATUS_NOTHING;
    case OPTIONS_GO: break;
    }
    if (c.options.input_count == 0) {
        say("name the archive: onrecord entities DB [NAME...]");
        return STATUS_NOTHING;
    }
    if (work(&c, &err))
        return STATUS_OK;
    say_error(&err);
    return STATUS_NOTHING;
}
