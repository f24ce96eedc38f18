/* onrecord quotes: who said what, for people to read.
 *
 * Two layouts of the same findings: cards on a terminal, columns in a pipe. */
#include "cli/articles.h"
#include "cli/cli.h"
#include "cli/said.h"

#include <stdatomic.h>

enum { WIDEST = 100, MARGIN = 2, CUE_MOST = 14, NARROW = 50 };

typedef struct {
    Options options;
    const char *speaker; /* only quotes of whoever has this in a name */
    bool cards, columns; /* asked for */
    Terminal terminal;
    atomic_uint quotes, articles; /* for the last line */
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

/* ---- columns */

/* What the reader of a row must know besides: "unnamed, negated". */
static void
put_notes(Buf *out, const Said *said)
{
    const struct {
        bool holds;
        const char *word;
    } NOTES[] = {{said->speaker != NONE && !said->named, "unnamed"},
                 {said->speaker == NONE, said->name ? "unresolved" : "unattributed"},
                 {said->former, "former"},
                 {said->quote->negated, "negated"},
                 {said->quote->hypothetical, "hypothetical"}};
    bool any = false;

    for (size_t i = 0; i < sizeof NOTES / sizeof *NOTES; i++)
        if (NOTES[i].holds) {
            buf_printf(out, "%s%s", any ? "," : "", NOTES[i].word);
            any = true;
        }
}

static void
put_row(Buf *out, const Article *a, const Said *said)
{
    static const SaidMarks BARE = {.open = "", .close = "", .gap = " \u2026 "};
    Buf words = {0};
    char id[16];

    graph_node_id(said->node, id);
    said_words(&words, a, said->quote, &BARE);
    terminal_column(out, said->name, '\t');
    terminal_column(out, said->title, '\t');
    terminal_column(out, said->body, '\t');
    terminal_column(out, said->quote->act ? said->quote->act : said->cue, '\t');
    terminal_column(out, form_name(said->quote->form), '\t');
    terminal_column(out, words.bytes, '\t');
    put_notes(out, said);
    buf_char(out, '\t');
    terminal_column(out, id, '\t');
    terminal_column(out, a->id, '\n');
    buf_close(&words);
}

/* ---- cards */

typedef struct {
    Buf *out;
    const Terminal *terminal;
    uint32_t width, at; /* columns: of the page, and where we are */
    uint32_t cue_width; /* of the column of cues; 0: they stand on lines of their own */
    uint32_t last;      /* the speaker's node of the card before; NONE: none */
    bool any;
} Page;

static void
page_pad(Page *p, uint32_t columns)
{
    for (; p->at < columns; p->at++)
        buf_char(p->out, ' ');
}

static void
page_text(Page *p, Style style, const char *text, uint32_t indent)
{
    if (style != STYLE_NONE)
        terminal_style(p->out, p->terminal, style);
    p->at = terminal_wrap(p->out, text, strlen(text), p->width, p->at, indent);
    if (style != STYLE_NONE)
        terminal_style(p->out, p->terminal, STYLE_NONE);
}

/* The same and a blank, which wrapping would leave off. */
static void
page_word(Page *p, Style style, const char *text, uint32_t indent)
{
    page_text(p, style, text, indent);
    buf_char(p->out, ' ');
    p->at++;
}

static void
page_line(Page *p)
{
    buf_char(p->out, '\n');
    p->at = 0;
}

static Style
style_of(const Said *said)
{
    if (said->name == NULL || !said->named)
        return STYLE_ITALIC;
    return said->type == TYPE_PERSON ? STYLE_PERSON : said->type == TYPE_ORGANIZATION ? STYLE_ORGANIZATION
         : said->type == TYPE_PLACE ? STYLE_PLACE : STYLE_BOLD;
}

/* Ada Example, former chief engineer, Example Rail */
static void
put_speaker(Page *p, const Said *said)
{
    enum { HANG = 2 * MARGIN };

    page_pad(p, MARGIN);
    page_text(p, style_of(said), said->name ? said->name : "Someone", HANG);
    if (said->name == NULL)
        page_text(p, STYLE_DIM, " (the text does not say who)", HANG);
    else if (said->speaker == NONE)
        page_text(p, STYLE_DIM, " (it is not clear who that is)", HANG);
    else if (!said->named)
        page_text(p, STYLE_DIM, " (not named)", HANG);
    if (said->title) {
        page_word(p, STYLE_NONE, said->former ? ", former" : ",", HANG);
        page_text(p, STYLE_TITLE, said->title, HANG);
    }
    if (said->body) {
        page_word(p, STYLE_NONE, ",", HANG);
        page_text(p, STYLE_NONE, said->body, HANG);
    }
    page_line(p);
}

/* The column of cues; a cue that is too long for it stands on a line of its own. */
static void
put_cue(Page *p, const Said *said)
{
    const char *cue = said->cue ? said->cue : said->quote->act ? said->quote->act : "";
    Buf clean = {0};

    terminal_clean(&clean, cue, strlen(cue));
    page_pad(p, 2 * MARGIN);
    page_text(p, STYLE_CUE, clean.bytes ? clean.bytes : "", 2 * MARGIN);
    if (*cue && (p->cue_width == 0 || terminal_width(clean.bytes, clean.len) > p->cue_width))
        page_line(p);
    buf_close(&clean);
}

static void
put_quote(Page *p, const Article *a, const Said *said)
{
    static const SaidMarks CURLY = {"\u201c", "\u201d", " \u2026 ", true}, PLAIN = {"\"", "\"", " ... ", true};
    uint32_t indent = 2 * MARGIN + (p->cue_width ? p->cue_width + MARGIN : MARGIN);
    Buf words = {0};
    char tail[32] = "  ";

    put_cue(p, said);
    page_pad(p, indent);
    if (said->quote->negated)
        page_word(p, STYLE_ERROR, "[not said]", indent);
    if (said->quote->hypothetical)
        page_word(p, STYLE_ERROR, "[hypothetical]", indent);
    said_words(&words, a, said->quote, p->terminal->utf8 ? &CURLY : &PLAIN);
    page_text(p, STYLE_NONE, words.bytes ? words.bytes : "", indent);
    graph_node_id(said->node, tail + 2);
    page_text(p, STYLE_DIM, tail, indent);
    page_line(p);
    buf_close(&words);
}

static void
put_card(Page *p, const Article *a, const Said *said)
{
    if (!p->any || said->speaker == NONE || said->speaker != p->last) {
        if (p->any)
            page_line(p);
        put_speaker(p, said);
    }
    p->any = true;
    p->last = said->speaker;
    put_quote(p, a, said);
}

static void
put_header(Page *p, const Article *a)
{
    const char *dot = p->terminal->utf8 ? " \u00b7 " : " - ";
    const char *parts[] = {a->byline, a->dateline, a->published, a->headline ? a->id : NULL};
    Buf line = {0};

    page_text(p, STYLE_BOLD, a->headline ? a->headline : a->id, 0);
    page_line(p);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (parts[i])
            buf_printf(&line, "%s%s", line.len ? dot : "", parts[i]);
    if (line.len) {
        page_text(p, STYLE_DIM, line.bytes, 0);
        page_line(p);
    }
    terminal_style(p->out, p->terminal, STYLE_DIM);
    for (uint32_t i = 0; i < p->width; i++)
        buf_str(p->out, p->terminal->utf8 ? "\u2500" : "-");
    terminal_style(p->out, p->terminal, STYLE_NONE);
    page_line(p);
    page_line(p);
    buf_close(&line);
}

/* ---- an article */

typedef VEC(Said) Saids;

static Saids
choose(const Command *c, const Sayings *s)
{
    Saids chosen = {0};
    Said said;

    for (uint32_t i = 0; i < s->graph.nodes.count; i++)
        if (sayings_get(s, i, &said) && (c->speaker == NULL || said_by(s, &said, c->speaker)))
            *vec_push(s->arena, &chosen) = said;
    return chosen;
}

static uint32_t
cue_column(const Page *p, const Saids *saids)
{
    uint32_t width = 4;

    if (p->width < NARROW)
        return 0;
    for (uint32_t i = 0; i < saids->count; i++) {
        const char *cue = saids->items[i].cue;
        uint32_t mine = cue ? terminal_width(cue, strlen(cue)) : 0;
        width = mine > width && mine <= CUE_MOST ? mine : width;
    }
    return width;
}

static void
add_count(Buf *line, const char *before, uint32_t count, const char *one, const char *many)
{
    buf_printf(line, "%s%u %s", before, count, count == 1 ? one : many);
}

/* 13 quotes (4 direct, 9 indirect) by 7 speakers, 2 of them not named; 1 without a speaker in the text */
static void
put_counts(Page *p, const Sayings *s, const Saids *saids)
{
    uint32_t forms[FORM_INDIRECT + 1] = {0}, speakers = 0, unnamed = 0, nobody = 0, before = 0;
    bool *seen = arena_zero(s->arena, s->graph.nodes.count + 1);
    Buf line = {0};

    for (uint32_t i = 0; i < saids->count; i++) {
        const Said *said = &saids->items[i];
        forms[said->quote->form]++;
        if (said->speaker == NONE) {
            nobody++;
        } else if (!seen[said->speaker]) {
            seen[said->speaker] = true;
            speakers++;
            unnamed += !said->named;
        }
    }
    add_count(&line, "", saids->count, "quote", "quotes");
    for (QuoteForm f = FORM_DIRECT; f <= FORM_INDIRECT; f++)
        if (forms[f])
            add_count(&line, before++ ? ", " : " (", forms[f], form_name(f), form_name(f));
    add_count(&line, ") by ", speakers, "speaker", "speakers");
    if (unnamed)
        buf_printf(&line, ", %u of them not named", unnamed);
    if (nobody)
        buf_printf(&line, "; for %u the text gives no speaker", nobody);
    page_line(p);
    page_text(p, STYLE_DIM, line.bytes, 0);
    buf_close(&line);
}

/* An article without any is shown too, unless somebody's quotes are looked for. */
static void
put_article(Command *c, Page *p, const Sayings *s, const Saids *saids)
{
    if (saids->count == 0 && c->speaker)
        return;
    put_header(p, s->a);
    for (uint32_t i = 0; i < saids->count; i++)
        put_card(p, s->a, &saids->items[i]);
    if (saids->count)
        put_counts(p, s, saids);
    else
        page_text(p, STYLE_DIM, "Nobody is quoted in it.", 0);
    buf_str(p->out, "\n\n");
}

static bool
make_quotes(Article *a, const RuleSet *rules, Arena *arena, Buf *out, void *context, Error *err)
{
    Command *c = context;
    Page page = {.out = out, .terminal = &c->terminal, .last = NONE};
    Saids saids;
    Sayings s;

    (void)rules;
    (void)err;
    sayings_open(&s, a, arena, &c->options.graph);
    saids = choose(c, &s);
    page.width = c->terminal.width < WIDEST ? c->terminal.width : WIDEST;
    page.cue_width = cue_column(&page, &saids);
    if (c->cards)
        put_article(c, &page, &s, &saids);
    else
        for (uint32_t i = 0; i < saids.count; i++)
            put_row(out, a, &saids.items[i]);
    atomic_fetch_add(&c->quotes, saids.count);
    atomic_fetch_add(&c->articles, 1);
    return true;
}

/* Cards on a terminal, columns elsewhere, if nothing else is asked for. */
static void
choose_layout(Command *c)
{
    c->terminal = terminal_look(stdout, c->options.color);
    if (!c->cards && !c->columns)
        c->cards = c->terminal.is_terminal;
    if (c->cards && c->terminal.width == 0)
        c->terminal.width = terminal_columns();
    if (!c->cards) {
        printf("speaker\ttitle\torganization\tact\tform\tquote\tnotes\tid\tarticle\n");
        fflush(stdout);
    }
}

int
cmd_quotes(int argc, char **argv)
{
    static const OptionSpec OWN[] = {
        {"speaker", 's', "NAME", "only the quotes of speakers with NAME in a name (in any case)"},
        {"cards", 0, NULL, "cards, even in a pipe (with --color always for less -R)"},
        {"columns", 0, NULL, "columns, even on a terminal"},
        {NULL, 0, NULL, NULL},
    };
    static const CommandSpec SPEC = {
        .name = "quotes",
        .synopsis = "INPUT...",
        .about =
            "Show who said what.  On a terminal: cards, by article and speaker, with what is quoted word for word in\n"
            "marks.  In a pipe: a line of columns with tabs between for each quote, behind a line with their names:\n"
            "\n"
            "  speaker       the fullest name in the article, or the words that stand for it (\"officials\")\n"
            "  title         the speaker's office\n"
            "  organization  where it is held, or whom the speaker belongs to\n"
            "  act           what kind of saying it was (said, asked, denied ...), or the verb itself\n"
            "  form          direct, mixed or indirect\n"
            "  quote         the words; \u2026 where something between its pieces is left out\n"
            "  notes         any of unnamed, unresolved, unattributed, former (the title), negated, hypothetical\n"
            "  id            of the quote in the article's graph, as explain --quote takes it\n"
            "  article       the article's id, or its file\n",
        .examples = "  onrecord quotes article.txt                       the quotes of one article\n"
                    "  onrecord quotes --speaker smith archive/          what anyone called Smith said\n"
                    "  onrecord quotes --quotes direct a.jsonl | cut -f1 | sort | uniq -c | sort -rn\n"
                    "  onrecord quotes --cards --color always archive/ | less -R\n",
        .groups = OPTIONS_READING | OPTIONS_FORMS | OPTIONS_COLOR,
        .own = OWN,
        .take = take,
        .needs_input = true,
    };
    Command c = {0};
    RuleSet *rules;
    int status;

    switch (options_parse(&c.options, &SPEC, &c, argc, argv)) {
    case OPTIONS_DONE: return STATUS_OK;
    case OPTIONS_WRONG: return STATUS_NOTHING;
    case OPTIONS_GO: break;
    }
    if ((rules = options_rules(&c.options)) == NULL)
        return STATUS_NOTHING;
    choose_layout(&c);
    status = articles_run(&c.options, (Batch){.rules = rules, .make = make_quotes, .context = &c});
    if (c.cards && atomic_load(&c.articles) > 1) {
        uint32_t quotes = atomic_load(&c.quotes);
        printf("%u %s in %u articles\n", quotes, quotes == 1 ? "quote" : "quotes", atomic_load(&c.articles));
    }
    ruleset_free(rules);
    return status;
}
