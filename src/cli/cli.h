/* The subcommands.  Each gets its own argv (argv[0] is its name) and returns the exit status. */
#ifndef ONRECORD_CLI_CLI_H
#define ONRECORD_CLI_CLI_H

enum {
    STATUS_OK = 0,
    STATUS_SOME = 1,   /* some articles failed; the rest is there */
    STATUS_NOTHING = 2 /* wrong use, or nothing could be done */
};

int cmd_extract(int argc, char **argv);
int cmd_quotes(int argc, char **argv);
int cmd_explain(int argc, char **argv);
int cmd_rules(int argc, char **argv);
int cmd_eval(int argc, char **argv);
int cmd_fit(int argc, char **argv);
int cmd_store(int argc, char **argv);
int cmd_search(int argc, char **argv);
int cmd_check(int argc, char **argv);
int cmd_entities(int argc, char **argv);
int cmd_export(int argc, char **argv);
int cmd_draw(int argc, char **argv);
int cmd_serve(int argc, char **argv);
int cmd_report(int argc, char **argv);

#endif
