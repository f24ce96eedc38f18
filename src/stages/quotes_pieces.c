/* Pieces: the outermost stretches between marks, and what their looks tell. */
#include "stages/quotes.h"

enum { SPEECH_WORDS = 4 };

/* Is it the name of a work?  A rule's group `work` is all that stands between the marks. */
static bool
is_work(Finder *f, Range tokens, uint32_t paragraph)
{
    Match m;

    if (tokens.start == 0 || !trial_first(&f->trials.works, f->a, f->scratch, f->a->paragraphs.items[paragraph].tokens, tokens.start, &m))
        return false;
    *vec_push(f->a->arena, &f->a->matches) = m;
    return true;
}

/* Jane "Janie" Doe: does it stand inside a name? */
static bool
is_nickname(const Finder *f, Range tokens)
{
    uint32_t name = tokens.start ? f->phrases.names[tokens.start - 1] : NONE;

    return name != NONE && tokens.end < f->a->mentions.items[name].tokens.end;
}

/* Where the pieces begin is asked for some twenty times for each of them. */
static void
index_pieces(Finder *f)
{
    uint32_t token = 0, all = f->a->tokens.count + 1;

    f->piece_from = arena_alloc(f->arena, all * sizeof *f->piece_from);
    for (uint32_t i = 0; i <= f->pieces.count; i++) {
        uint32_t end = i < f->pieces.count ? f->pieces.items[i].tokens.start + 1 : all;
        for (uint32_t *from = f->piece_from; token < end; token++)
            from[token] = i;
    }
}

void
finder_pieces(Finder *f)
{
    Article *a = f->a;
    uint32_t paragraph = 0;

    for (uint32_t i = 0; i < a->marked.count; i++) {
        const Marked *m = &a->marked.items[i];
        if (m->parent != NONE || is_nickname(f, m->tokens))
            continue;
        while (paragraph + 1 < a->paragraphs.count && a->paragraphs.items[paragraph].tokens.end <= m->tokens.start)
            paragraph++;
        *vec_push(f->arena, &f->pieces) = (Piece){m->tokens, i, paragraph, NONE, is_work(f, m->tokens, paragraph)};
    }
    index_pieces(f);
}

uint32_t
finder_piece_at(const Finder *f, uint32_t token)
{
    uint32_t at = finder_piece_from(f, token);

    return at < f->pieces.count && f->pieces.items[at].tokens.start == token ? at : NONE;
}

const Piece *
finder_piece_around(const Finder *f, uint32_t token)
{
    uint32_t i = finder_piece_from(f, token + 1);

    return i > 0 && token < f->pieces.items[i - 1].tokens.end ? &f->pieces.items[i - 1] : NULL;
}

Range
finder_outer(const Finder *f, const Piece *p)
{
    const Marked *m = &f->a->marked.items[p->marked];

    return (Range){p->tokens.start - (m->opened ? 1 : 0), p->tokens.end + (m->closed ? 1 : 0)};
}

static bool
is_one_of(char c, const char *set)
{
    return c != '\0' && strchr(set, c) != NULL;
}

static Range
paragraph_of(const Finder *f, const Piece *p)
{
    return f->a->paragraphs.items[p->paragraph].tokens;
}

static char
first_char(const Finder *f, uint32_t token)
{
    return f->a->text[f->a->tokens.items[token].start];
}

static char
last_char(const Finder *f, uint32_t token)
{
    return f->a->text[f->a->tokens.items[token].end - 1];
}

bool
finder_begins_like_speech(const Finder *f, const Piece *p)
{
    const Token *t = &f->a->tokens.items[p->tokens.start];

    return (t->flags & TOKEN_CAPITAL) || t->shape == SHAPE_NUMBER || t->shape == SHAPE_PUNCT;
}

bool
finder_ends_like_speech(const Finder *f, const Piece *p)
{
    uint32_t t = p->tokens.end;

    if (!f->a->marked.items[p->marked].closed)
        return true;
    while (t > p->tokens.start + 1 && (tape_bit(f->a, t - 1, f->rules->features.items[F_QUOTE_MARK].begin) || is_one_of(last_char(f, t - 1), ")]")))
        t--;
    return is_one_of(last_char(f, t - 1), ".?!,");
}

static uint32_t
words_in(const Finder *f, Range r)
{
    uint32_t words = 0;

    for (uint32_t t = r.start; t < r.end; t++)
        words += f->a->tokens.items[t].shape != SHAPE_PUNCT;
    return words;
}

/* Is the sentence over where the piece begins? */
bool
finder_begins_sentence(const Finder *f, const Piece *p)
{
    const Article *a = f->a;
    uint32_t opener = finder_outer(f, p).start;
    char before;

    if (opener <= paragraph_of(f, p).start || (a->tokens.items[opener].flags & TOKEN_SENTENCE) ||
        (opener < p->tokens.start && (a->tokens.items[p->tokens.start].flags & TOKEN_SENTENCE)))
        return true;
    before = first_char(f, opener - 1);
    if (is_one_of(before, ":.-") || (finder_begins_like_speech(f, p) && (before == ',' || last_char(f, opener - 1) == '.')))
        return true;
    return (a->tokens.items[opener - 1].flags & TOKEN_SENTENCE) != 0; /* one word: "But …" */
}

/* But "it is late."  One word that joins it to what was said before, with or without a comma, stands at the sentence's beginning. */
static bool
has_joiner_before(const Finder *f, uint32_t start)
{
    const Token *tokens = f->a->tokens.items;
    uint32_t t = start > 1 && first_char(f, start - 1) == ',' ? start - 1 : start;

    return t > 0 && (tokens[t - 1].flags & TOKEN_SENTENCE) &&
           (phrase_is(&f->phrases, f->stop_lead, t - 1) || phrase_is(&f->phrases, f->phrases.opener, t - 1));
}

/* She shook her head. "No."  Is it all of its sentence, and not all of its paragraph, as a heading is?  Then a word is enough. */
static bool
is_whole_sentence(const Finder *f, const Piece *p)
{
    Range outer = finder_outer(f, p);

    return f->a->marked.items[p->marked].closed && outer.start > paragraph_of(f, p).start &&
           (f->a->tokens.items[outer.start].flags & TOKEN_SENTENCE) && is_one_of(last_char(f, p->tokens.end - 1), ".?!") &&
           (outer.end == paragraph_of(f, p).end || (f->a->tokens.items[outer.end].flags & TOKEN_SENTENCE));
}

/* "…" -- Jane Doe: with its speaker's name behind a dash it needs no full stop. */
static bool
is_signed_line(const Finder *f, const Piece *p)
{
    return finder_outer(f, p).start == paragraph_of(f, p).start && finder_is_signed(f, p);
}

bool
finder_is_speech(const Finder *f, const Piece *p)
{
    uint32_t start = finder_outer(f, p).start;
    bool sentence = start == paragraph_of(f, p).start || (f->a->tokens.items[start].flags & TOKEN_SENTENCE) ||
                    (start > 0 && last_char(f, start - 1) == ':') || has_joiner_before(f, start);

    return !p->work && (finder_begins_like_speech(f, p) || has_joiner_before(f, start)) && sentence &&
           (finder_ends_like_speech(f, p) || is_signed_line(f, p)) && (words_in(f, p->tokens) >= SPEECH_WORDS || is_whole_sentence(f, p));
}

/* Does the sentence end with the piece, or a clause begin behind it? */
static bool
ends_with_piece(const Finder *f, const Piece *p)
{
    const Article *a = f->a;
    uint32_t end = p->tokens.end;

    if (!a->marked.items[p->marked].closed || end + 1 >= paragraph_of(f, p).end)
        return true;
    if (a->tokens.items[end + 1].flags & TOKEN_SENTENCE)
        return true;
    return a->tokens.items[end + 1].shape == SHAPE_PUNCT && first_char(f, end + 1) != '-';
}

/* "said, …", "said: …", "told reporters …" open speech; "called it …" does not. */
bool
finder_opens_speech(const Finder *f, Range cue, const Piece *p)
{
    uint32_t opener = finder_outer(f, p).start, gap = opener - cue.end;
    char mark = opener > cue.end ? first_char(f, opener - 1) : ' ';
    bool opened = mark == ',' || mark == ':';

    if (p->work)
        return false;
    if (mark == ':')
        return true;
    if (!finder_begins_like_speech(f, p))
        return opened && gap <= 1 && ends_with_piece(f, p);
    return ends_with_piece(f, p) || ((opened || gap == 0) && p->tokens.end - p->tokens.start > 4 && finder_ends_like_speech(f, p));
}
