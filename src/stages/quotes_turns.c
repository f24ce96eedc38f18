/* Interviews and transcripts: paragraphs that begin with who speaks and a colon.
 *
 * One such paragraph may be anything ("Price: 12 euros"); several, of which a speaker comes again, are a conversation. */
#include "stages/quotes.h"

enum {
    FIRST_WORDS = 10,
    FEWEST = 3,
    ROUND = 8,   /* how far off a speaker may come again, in turns */
    NAMED = 256, /* among so many mentions, from the article's beginning on, is whom a label means */
};

typedef struct {
    const Rule *rule;
    Range source, cue, content;
    uint32_t paragraph;
} Turn;

typedef VEC(Turn) Turns;

static char
first_char(const Finder *f, uint32_t token)
{
    return f->a->text[f->a->tokens.items[token].start];
}

static bool
has_colon(const Finder *f, Range paragraph)
{
    uint32_t end = paragraph.end - paragraph.start > FIRST_WORDS ? paragraph.start + FIRST_WORDS : paragraph.end;

    for (uint32_t t = paragraph.start + 1; t < end; t++)
        if (first_char(f, t) == ':')
            return true;
    return false;
}

static void
find_turn(Finder *f, uint32_t number, Turns *turns)
{
    Range paragraph = f->a->paragraphs.items[number].tokens;
    Turn turn = {.paragraph = number};
    Match m;

    for (uint32_t next = 0; trial_next(&f->trials.turns, &next, f->a, f->scratch, paragraph, paragraph.start, &m);)
        if (match_group(&m, rule_group(m.rule, "source"), &turn.source) &&
            match_group(&m, rule_group(m.rule, "cue"), &turn.cue) &&
            match_group(&m, rule_group(m.rule, "content"), &turn.content)) {
            *vec_push(f->a->arena, &f->a->matches) = m;
            turn.rule = m.rule;
            *vec_push(f->arena, turns) = turn;
            return;
        }
}

/* Does the turn's speaker come again, before or behind it? */
static bool
comes_again(const Finder *f, const Turns *turns, uint32_t turn)
{
    const Token *tokens = f->a->tokens.items;
    uint32_t from = turn > ROUND ? turn - ROUND : 0;

    for (uint32_t i = from; i < turns->count && i <= turn + ROUND; i++)
        if (i != turn && tokens[turns->items[i].source.end - 1].hash == tokens[turns->items[turn].source.end - 1].hash)
            return true;
    return false;
}

static bool
is_conversation(const Finder *f, const Turns *turns)
{
    for (uint32_t i = 0; turns->count >= FEWEST && i < turns->count; i++)
        if (comes_again(f, turns, i))
            return true;
    return false;
}

/* "Interview: …" over a conversation: what comes once and is no name, or a place's, is a heading. */
static bool
is_heading(const Finder *f, const Turns *turns, uint32_t turn)
{
    uint32_t name = f->phrases.names[turns->items[turn].source.end - 1];

    return (name == NONE || f->a->mentions.items[name].type == TYPE_PLACE) && !comes_again(f, turns, turn);
}

static void
read_subject(const Finder *f, const Turn *turn, Phrase *out)
{
    uint32_t name = f->phrases.names[turn->source.end - 1];

    out->tokens = out->mention = turn->source;
    out->kind = KIND_NOMINAL;
    if (name != NONE) {
        out->kind = KIND_NAME;
        out->mention = f->a->mentions.items[name].tokens;
    }
}

/* Whom the article introduces before the first turn: the person named there most often, of several the first. */
static uint32_t
find_guest(const Finder *f, uint32_t first_turn)
{
    Article *a = f->a;
    uint32_t *counts = arena_zero(f->arena, ((size_t)a->entities.count + 1) * sizeof *counts), best = NONE;

    for (uint32_t i = 0; i < a->mentions.count; i++) {
        const Mention *m = &a->mentions.items[i];
        const Paragraph *p = &a->paragraphs.items[article_paragraph_of(a, m->tokens.start)];
        if (m->tokens.start >= first_turn || m->type != TYPE_PERSON || m->kind != KIND_NAME || m->entity == NONE || p->zone == ZONE_BYLINE)
            continue;
        counts[m->entity]++;
        if (best == NONE || counts[m->entity] > counts[best])
            best = m->entity;
    }
    return best;
}

/* "MA THIDA" over her turns is Ma Thida, and "DOE" is Jane Doe: the person whose name ends with the words of the label. */
static uint32_t
find_labelled(const Finder *f, Range label)
{
    const Article *a = f->a;

    for (uint32_t i = 0; i < a->mentions.count && i < NAMED; i++) {
        const Mention *m = &a->mentions.items[i];
        uint32_t size = label.end - label.start, same = 0;
        if (m->type != TYPE_PERSON || m->kind != KIND_NAME || m->entity == NONE || m->tokens.end - m->tokens.start < size)
            continue;
        while (same < size && a->tokens.items[m->tokens.end - 1 - same].hash == a->tokens.items[label.end - 1 - same].hash)
            same++;
        if (same == size)
            return m->entity;
    }
    return NONE;
}

/* Is the label the first letters of the name's words, one each? */
static bool
are_initials(const Article *a, Range label, Range name)
{
    const Token *l = &a->tokens.items[label.start];

    if (label.end != label.start + 1 || name.end - name.start < 2 || l->end - l->start != name.end - name.start)
        return false;
    for (uint32_t i = 0; i < name.end - name.start; i++)
        if (a->text[l->start + i] != a->text[a->tokens.items[name.start + i].start])
            return false;
    return true;
}

/* "JD" over her turns is Jane Doe, if nobody else of these letters is named. */
static uint32_t
find_initials(const Finder *f, Range label)
{
    const Article *a = f->a;
    uint32_t found = NONE;

    for (uint32_t i = 0; i < a->mentions.count && i < NAMED; i++) {
        const Mention *m = &a->mentions.items[i];
        if (m->type != TYPE_PERSON || m->kind != KIND_NAME || m->entity == NONE || m->entity == found || !are_initials(a, label, m->tokens))
            continue;
        if (found != NONE)
            return NONE;
        found = m->entity;
    }
    return found;
}

/* Whom a label that is no name of the text means. */
static uint32_t
find_meant(const Finder *f, Range label)
{
    uint32_t found = find_labelled(f, label);

    return found != NONE ? found : find_initials(f, label);
}

/* The label means somebody whom the text names elsewhere. */
static void
name_speaker(Finder *f, uint32_t quote, uint32_t guest)
{
    Article *a = f->a;
    uint32_t mention = a->quotes.items[quote].speaker;

    if (mention == NONE || guest == NONE || a->mentions.items[mention].entity != NONE)
        return;
    a->mentions.items[mention].entity = guest;
    *vec_push(a->arena, &a->entities.items[guest].mentions) = mention;
}

static void
add_words(Finder *f, uint32_t quote, Range words)
{
    for (uint32_t i = finder_piece_from(f, words.start); i < f->pieces.count && f->pieces.items[i].tokens.start < words.end; i++)
        finder_add_piece(f, quote, i);
    finder_add_span(f, quote, words);
    memset(f->taken + words.start, 1, words.end - words.start);
}

/* Is the paragraph a note ("(Laughter)"), between marks or not? */
static bool
is_note(const Finder *f, Range paragraph)
{
    uint32_t t = paragraph.start;

    if (t + 1 < paragraph.end && tape_bit(f->a, t, f->rules->features.items[F_QUOTE_MARK].begin))
        t++;
    return first_char(f, t) == '(';
}

/* "DOE: It is late.  A transcript that stands between marks: each turn is a piece, or begins one, and the paragraphs behind it that are pieces go on
 * with it. */
static void
make_marked_turn(Finder *f, const Turn *turn, const Turn *next, Claim *claim, Piece *around)
{
    const Paragraph *paragraphs = f->a->paragraphs.items;
    uint32_t quote = finder_quote(f, claim, FORM_DIRECT), piece = (uint32_t)(around - f->pieces.items);

    if (claim->subject.kind == KIND_NOMINAL)
        name_speaker(f, quote, find_meant(f, turn->source));

    finder_add_span(f, quote, (Range){turn->content.start, around->tokens.end});
    f->a->quotes.items[quote].repaired |= f->a->marked.items[around->marked].repaired;
    around->quote = quote;
    while (next && ++piece < f->pieces.count && f->pieces.items[piece].paragraph < next->paragraph) {
        const Piece *p = &f->pieces.items[piece];
        Range paragraph = paragraphs[p->paragraph].tokens;
        if (finder_outer(f, p).start != paragraph.start || finder_outer(f, p).end != paragraph.end)
            break;
        if (is_note(f, paragraph))
            f->pieces.items[piece].quote = quote; /* and no words of it */
        else
            finder_add_piece(f, quote, piece);
    }
}

/* All up to the next turn, but for notes; behind the last turn, its paragraph alone, and in a headline ("Doe: it was late") nothing else either. */
static void
make_turn(Finder *f, const Turn *turn, const Turn *next, uint32_t guest)
{
    const Paragraph *paragraphs = f->a->paragraphs.items;
    Claim claim = {.rule = turn->rule, .cue = turn->cue, .report = NONE};
    Range words = {turn->content.start, paragraphs[turn->paragraph].tokens.end};
    uint32_t first = finder_piece_from(f, words.start), quote;
    bool marked = first < f->pieces.count && f->pieces.items[first].tokens.start < words.end;

    read_subject(f, turn, &claim.subject);
    if (first > 0 && turn->content.start < f->pieces.items[first - 1].tokens.end) {
        make_marked_turn(f, turn, next, &claim, &f->pieces.items[first - 1]);
        return;
    }
    quote = finder_quote(f, &claim, marked ? FORM_MIXED : FORM_INDIRECT);
    if (claim.subject.kind == KIND_NOMINAL)
        name_speaker(f, quote, rule_get(turn->rule, "who") ? guest : find_meant(f, turn->source));
    add_words(f, quote, words);
    if (paragraphs[turn->paragraph].zone == ZONE_HEADLINE)
        return;
    for (uint32_t p = turn->paragraph + 1; next && p < next->paragraph; p++)
        if (paragraphs[p].zone == ZONE_BODY && !is_note(f, paragraphs[p].tokens))
            add_words(f, quote, paragraphs[p].tokens);
}

void
finder_turns(Finder *f)
{
    Turns turns = {0};
    uint32_t guest, first = 0;

    for (uint32_t p = 0; p < f->a->paragraphs.count; p++)
        if (f->a->paragraphs.items[p].zone != ZONE_BOILERPLATE && has_colon(f, f->a->paragraphs.items[p].tokens))
            find_turn(f, p, &turns);
    if (!is_conversation(f, &turns))
        return;
    while (!comes_again(f, &turns, first)) /* "Q&A: Jane Doe on bells" is a heading */
        first++;
    guest = find_guest(f, turns.items[first].source.start);
    for (uint32_t i = 0; i < turns.count; i++)
        if (!is_heading(f, &turns, i))
            make_turn(f, &turns.items[i], i + 1 < turns.count ? &turns.items[i + 1] : NULL, guest);
}
