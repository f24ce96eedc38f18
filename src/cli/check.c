/* onrecord check: did anyone say this? */
#include "cli/cli.h"
#include "cli/found.h"
#include "cli/options.h"
#include "store/words.h"
#include "text/utf8.h"

enum { STATUS_NOBODY = 1, WIDEST = 100, INDENT = 6 };

typedef struct {
    Options options;
    const char *speaker;
    bool cards, columns;
    Terminal terminal;
    Store *store;
    Arena arena;
    const char *text; /* what is asked, checked */
    size_t len;
    Words asked;
    Buf out;
    /* of what was found */
    double near;
    bool said;          /* by the speaker that is asked for */
    char first_day[11]; /* of the earliest article with a day */
    char *first;        /* that article, in the arena */
    char *speakers[2];  /* the first speaker, and one who differs */
    uint32_t hits;
} Command;

static bool
take(void *context, const char *name, const char *value, Error *err)
{
    Command *c = context;

    (void)err;
    if (strcmp(name, "speaker") == 0)
        c->speaker = value;
    else if (strcmp(name, "cards") == 0)
        c->cards = true;
    else
        c->columns = true;
    return true;
}

/* ---- the difference */

/* [-asked-] {+found+}, as wdiff shows it; on a terminal in colours too.  What is beyond the ends of what was asked is left as it
 * stands, dimmed. */
static void
put_difference(Command *c, const StoredQuote *q, Buf *out)
{
    static const struct {
        const char *open, *close;
        Style style;
    } LOOKS[] = {[STEP_SAME] = {"", "", STYLE_BOLD}, [STEP_ASKED] = {"[-", "-]", STYLE_ERROR},
                 [STEP_FOUND] = {"{+", "+}", STYLE_ORGANIZATION}, [STEP_OUTSIDE] = {"", "", STYLE_DIM}};
    uint32_t width = c->cards ? c->terminal.width < WIDEST ? c->terminal.width : WIDEST : UINT32_MAX;
    uint32_t at = INDENT + (q->act ? terminal_width(q->act, strlen(q->act)) : 0);
    Words words = {0};
    WordSteps steps = {0};
    StepKind last = STEP_SAME;

    words_cut(&c->arena, q->text, strlen(q->text), STORE_WORDS_MOST, &words);
    words_compare(&c->arena, &c->asked, &words, &steps);
    for (uint32_t i = 0; i < steps.count; i++) {
        const WordStep *step = &steps.items[i];
        /* where the article has less, what lies outside was asked and not found */
        StepKind kind = step->kind == STEP_OUTSIDE && words.count < c->asked.count ? STEP_ASKED : step->kind;
        bool of_asked = kind == STEP_ASKED;
        Span s = of_asked ? c->asked.items[step->asked].bytes : words.items[step->found].bytes;
        const char *word = (of_asked ? c->text : q->text) + s.start;
        uint32_t needs = terminal_width(word, s.end - s.start) + 5; /* with marks and a blank */
        if (i && kind != last)
            buf_str(out, LOOKS[last].close);
        if (i && kind != last)
            terminal_style(out, &c->terminal, STYLE_NONE);
        if (i)
            buf_str(out, width != UINT32_MAX && at + needs > width ? "\n      " : " ");
        at = at + needs > width ? INDENT + needs : at + needs - (kind == last ? 4 : 0);
        if (i == 0 || kind != last) {
            terminal_style(out, &c->terminal, LOOKS[kind].style);
            buf_str(out, LOOKS[kind].open);
        }
        terminal_clean(out, word, s.end - s.start);
        last = kind;
    }
    if (steps.count) {
        buf_str(out, LOOKS[last].close);
        terminal_style(out, &c->terminal, STYLE_NONE);
    }
}

/* ---- what was found */

static const char *
speaker_of(const StoredQuote *q)
{
    return q->speaker ? q->speaker : q->speaker_text ? q->speaker_text : "nobody";
}

static void
note(Command *c, const StoredQuote *q)
{
    const char *speaker = speaker_of(q);

    if (q->day && (c->first == NULL || strcmp(q->day, c->first_day) < 0)) {
        snprintf(c->first_day, sizeof c->first_day, "%s", q->day);
        c->first = arena_copy(&c->arena, q->article, strlen(q->article));
    }
    if (c->speakers[0] == NULL)
        c->speakers[0] = arena_copy(&c->arena, speaker, strlen(speaker));
    else if (c->speakers[1] == NULL && strcmp(c->speakers[0], speaker) != 0)
        c->speakers[1] = arena_copy(&c->arena, speaker, strlen(speaker));
    c->hits++;
}

static bool
show(const StoredQuote *q, void *context)
{
    Command *c = context;
    Buf difference = {0};

    note(c, q);
    put_difference(c, q, &difference);
    if (c->cards) {
        buf_printf(&c->out, "%3.0f %%%s\n", 100 * c->near, c->near == 1 ? ", word for word" : "");
        found_card(&c->out, &c->terminal, q, difference.bytes);
    } else {
        buf_printf(&c->out, "%.2f\t%s\t", c->near, difference.bytes ? difference.bytes : "");
        found_row(&c->out, q);
    }
    buf_close(&difference);
    return true;
}

static void
show_end(const Command *c)
{
    if (c->options.quiet)
        return;
    if (c->hits == 0)
        say("nothing in the archive comes near");
    if (c->first)
        say("the earliest: %s, %s", c->first_day, c->first);
    if (c->speakers[1])
        say("the articles do not agree on who said it: %s; %s", c->speakers[0], c->speakers[1]);
    if (c->hits && c->speaker && !c->said)
        say("none of these is given to %s", c->speaker);
}

static bool
check(Command *c, Error *err)
{
    StoredNear near[STORE_NEAR_MOST];
    uint32_t count;

    words_cut(&c->arena, c->text, c->len, STORE_ASKED_MOST, &c->asked);
    if (!store_near(c->store, c->text, c->len, near, &count, err))
        return false;
    if (!c->cards)
        printf("near\tdifference\t%s\n", FOUND_COLUMNS);
    for (uint32_t i = 0; i < count; i++) {
        c->near = near[i].near;
        if (!store_quote(c->store, near[i].quote, show, c, err))
            return false;
        c->said = c->said || (c->speaker && store_said_by(c->store, near[i].quote, c->speaker, err));
    }
    fwrite(c->out.bytes, 1, c->out.len, stdout);
    fflush(stdout);
    show_end(c);
    return err->kind == ERROR_NONE;
}

static void
look(Command *c)
{
    size_t repaired;

    c->terminal = terminal_look(stdout, c->options.color);
    if (!c->cards && !c->columns)
        c->cards = c->terminal.is_terminal;
    if (c->cards && c->terminal.width == 0)
        c->terminal.width = terminal_columns();
    c->text = utf8_repair(&c->arena, c->options.inputs[1], strlen(c->options.inputs[1]), &c->len, &repaired);
}

int
cmd_check(int argc, char **argv)
{
    static const OptionSpec OWN[] = {
        {"speaker", 's', "NAME", "did NAME say it? (beginnings of the words of a name, in any case)"},
        {"cards", 0, NULL, "cards, even in a pipe"},
        {"columns", 0, NULL, "columns, even on a terminal"},
        {NULL, 0, NULL, NULL},
    };
    static const CommandSpec SPEC = {
        .name = "check",
        .synopsis = "DB QUOTE",
        .about = "Did anyone say this?  The quotes of an archive that come near to QUOTE, the nearest first, though words were\n"
                 "cut, altered or punctuated in another way; the differences word by word, [-only in QUOTE-] and {+only in\n"
                 "the article+}; who is given as the speaker in each article; and the earliest.\n"
                 "The exit status is 0 where something comes near (with --speaker: of that speaker), 1 where nothing does.\n",
        .examples = "  onrecord check news.db \"the gates were locked within two years\"\n"
                    "  onrecord check news.db --speaker okafor \"the gates were closed within two years\"\n",
        .groups = OPTIONS_COLOR,
        .own = OWN,
        .take = take,
        .status = "0 something comes near, 1 nothing does, 2 wrong use or the archive cannot be read",
    };
    Command c = {0};
    Error err = {0};
    bool ok;

    switch (options_parse(&c.options, &SPEC, &c, argc, argv)) {
    case OPTIONS_DONE: return STATUS_OK;
    case OPTIONS_WRONG: return STATUS_NOTHING;
    case OPTIONS_GO: break;
    }
    if (c.options.input_count != 2) {
        say("name the archive and the words, in quotation marks: onrecord check DB \"QUOTE\"");
        return STATUS_NOTHING;
    }
    arena_init(&c.arena);
    look(&c);
    c.store = store_open(c.options.inputs[0], STORE_READ, &err);
    ok = c.store && check(&c, &err);
    store_close(c.store);
    buf_close(&c.out);
    arena_close(&c.arena);
    if (!ok) {
        say_error(&err);
        return STATUS_NOTHING;
    }
    return c.hits && (c.speaker == NULL || c.said) ? STATUS_OK : STATUS_NOBODY;
}
