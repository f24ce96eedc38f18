/* `onrecord fit`: learn the weights of the evidence for names from annotated articles. */
#include "cli/cli.h"
#include "cli/options.h"
#include "fit/fit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static bool
take(void *context, const char *name, const char *value, Error *err)
{
    FitOptions *fit = context;
    char *end;
    double number = strtod(value ? value : "", &end);

    if (value == NULL || end == value || *end != '\0' || number < 0 || number > 1000)
        return error_set(err, ERROR_USAGE, NULL, 0, 0, NULL, 0, "--%s takes a number from 0 to 1000", name);
    if (strcmp(name, "blind") == 0 && number > 1)
        return error_set(err, ERROR_USAGE, NULL, 0, 0, NULL, 0, "--blind takes a number from 0 to 1");
    if (strcmp(name, "passes") == 0)
        fit->epochs = number < 1 ? 1 : (uint32_t)number;
    else if (strcmp(name, "sparsity") == 0)
        fit->sparsity = (float)number;
    else if (strcmp(name, "decay") == 0)
        fit->decay = (float)number;
    else if (strcmp(name, "blind") == 0)
        fit->blind = (float)number;
    else if (strcmp(name, "draws") == 0)
        fit->draws = number < 1 ? 1 : (uint32_t)number;
    else
        fit->least = (uint32_t)number;
    return true;
}

/* The weights go to a new file first, so that a fit that is interrupted leaves the old ones whole. */
static bool
fit_into(const Options *o, const FitOptions *fit, const RuleSet *rules, const char *dir, Error *err)
{
    char path[4096], fresh[4096 + 8];
    FILE *out;
    bool ok;

    if (mkdir(dir, 0777) != 0 && errno != EEXIST)
        return error_set(err, ERROR_IO, dir, 0, 0, NULL, 0, "%s", strerror(errno));
    if (snprintf(path, sizeof path, "%s/weights.tsv", dir) >= (int)sizeof path)
        return error_set(err, ERROR_IO, NULL, 0, 0, NULL, 0, "the path of the folder is too long");
    snprintf(fresh, sizeof fresh, "%s.new", path);
    out = fopen(fresh, "w");
    if (out == NULL)
        return error_set(err, ERROR_IO, fresh, 0, 0, NULL, 0, "%s", strerror(errno));
    ok = fit_names(rules, o->inputs, o->input_count, fit, out, err);
    if (fclose(out) != 0 && ok)
        ok = error_set(err, ERROR_IO, fresh, 0, 0, NULL, 0, "%s", strerror(errno));
    if (ok && rename(fresh, path) != 0)
        ok = error_set(err, ERROR_IO, path, 0, 0, NULL, 0, "%s", strerror(errno));
    if (!ok)
        remove(fresh);
    else if (!o->quiet)
        say("wrote %s; use it with --rules %s", path, dir);
    return ok;
}

int
cmd_fit(int argc, char **argv)
{
    static const OptionSpec OWN[] = {
        {"passes", 0, "N", "how often the articles are gone through (default 10)"},
        {"sparsity", 0, "X", "how much evidence a weight needs to be kept (default 0.4)"},
        {"decay", 0, "X", "how strongly weights are drawn to zero (default 2)"},
        {"blind", 0, "X", "hide how names are spelled in this share of the sentences (default 0.5)"},
        {"draws", 0, "N", "fit so many times, hiding others each time, and take the mean (default 4)"},
        {"least", 0, "N", "leave out evidence that is seen fewer times (default 2)"},
        {0},
    };
    static const CommandSpec COMMAND = {
        .name = "fit",
        .synopsis = "GOLD.jsonl... -o DIR",
        .about = "Learn from annotated articles how much each piece of evidence for a name counts, and write the\n"
                 "weights as a list that people can read (DIR/weights.tsv). Rules and lists stay as they are.\n",
        .examples = "  onrecord fit our-articles.jsonl -o our-rules\n"
                    "  onrecord extract --rules our-rules archive.jsonl > graphs.jsonl\n",
        .groups = OPTIONS_RULES | OPTIONS_OUTPUT,
        .own = OWN,
        .take = take,
        .needs_input = true,
    };
    FitOptions fit = {.epochs = 10, .sparsity = 0.4f, .decay = 2, .blind = 0.5f, .draws = 4, .least = 2};
    Options options;
    OptionsResult result = options_parse(&options, &COMMAND, &fit, argc, argv);
    Error err = {0};
    RuleSet *rules;
    int status = STATUS_OK;

    if (result != OPTIONS_GO)
        return result == OPTIONS_DONE ? STATUS_OK : STATUS_NOTHING;
    if (options.output == NULL) {
        say("fit needs a folder for the weights: -o DIR");
        return STATUS_NOTHING;
    }
    if ((rules = options_rules(&options)) == NULL)
        return STATUS_NOTHING;
    fit.log = options.quiet ? NULL : stderr;
    if (!fit_into(&options, &fit, rules, options.output, &err)) {
        say_error(&err);
        status = STATUS_NOTHING;
    }
    ruleset_free(rules);
    return status;
}
