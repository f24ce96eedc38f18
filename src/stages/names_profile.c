/* Profiles: what a candidate looks like from afar, in one number.  It has parts of a few bits, so that what each value of each
 * says is summed once for all (make_parts in names_model.c). */
#include "stages/names.h"

/* From the lowest bit: length 3; several links 2, run 3, capital paragraph 1, zone 3; of one word 1; opens a
 * sentence 1, alone on its line 1, glued before 1, glued behind 1, its first word also stands in small letters 1, with a
 * capital inside a sentence 1; and the pattern.  What is asked only of those that open a sentence is 0 in the others. */
enum {
    PROFILE_LENGTH = 0, PROFILE_LINKS = 3, PROFILE_RUN = 5, PROFILE_CAPITALS = 8, PROFILE_ZONE = 9, PROFILE_ONE = 12, PROFILE_OPENS,
    PROFILE_ALONE, PROFILE_GLUED_BEFORE, PROFILE_GLUED_BEHIND, PROFILE_LOWER, PROFILE_CAPITAL, PROFILE_END
};

enum { RUN_ONE, RUN_ALL, RUN_BEGINNING, RUN_END, RUN_INSIDE };

enum { PATTERN_TOKENS = 5 };

/* A segment's candidates are gone through by start and end, so that each token is looked at as few times as may be. */
typedef struct {
    const Names *n;
    const Paragraph *paragraph;
    uint32_t start, end;    /* what has been looked at */
    uint64_t begin;         /* the bits that all candidates share that start here */
    bool left;              /* a capital stands before them */
    uint64_t links, pattern;
} Profiler;

static bool
is_capital(const Names *n, uint32_t token)
{
    return n->a->tokens.items[token].flags & TOKEN_CAPITAL;
}

static void
start_at(Profiler *p, uint32_t start)
{
    const Token *t = &p->n->a->tokens.items[start];
    const WordUse *word = names_word_use(p->n, t->hash);
    bool opens = t->flags & TOKEN_SENTENCE;

    p->start = p->end = start;
    p->links = p->pattern = 0;
    p->left = start > p->paragraph->tokens.start && is_capital(p->n, start - 1);
    p->begin = (uint64_t)p->paragraph->capitals << PROFILE_CAPITALS | (uint64_t)p->paragraph->zone << PROFILE_ZONE |
               (uint64_t)opens << PROFILE_OPENS |
               (uint64_t)(start > 0 && (t->flags & TOKEN_GLUED)) << PROFILE_GLUED_BEFORE |
               (uint64_t)word->lower << PROFILE_LOWER | (uint64_t)(opens && word->capital) << PROFILE_CAPITAL;
}

/* How the tokens look, if they are few, and how many links there are. */
static void
go_to_end(Profiler *p, uint32_t end)
{
    for (; p->end < end; p->end++) {
        Look look = names_look(&p->n->a->tokens.items[p->end]);
        uint32_t place = p->end - p->start;
        look = look < LOOK_LOWER ? LOOK_LOWER : look;
        p->links += look == LOOK_LOWER;
        p->pattern = place < PATTERN_TOKENS ? p->pattern | (uint64_t)look << 4 * place : 0;
    }
}

static uint64_t
profile_of(const Profiler *p, Range r)
{
    const Token *t = p->n->a->tokens.items;
    uint64_t length = r.end - r.start;
    bool right = r.end < p->paragraph->tokens.end && is_capital(p->n, r.end);
    bool alone = p->paragraph->tokens.end == r.end && p->paragraph->tokens.start == r.start;
    bool glued = r.end < p->n->a->tokens.count && (t[r.end].flags & TOKEN_GLUED) && t[r.end].shape != SHAPE_PUNCT;
    uint64_t run = p->left ? right ? RUN_INSIDE : RUN_END : right ? RUN_BEGINNING : length == 1 ? RUN_ONE : RUN_ALL;
    uint64_t profile = p->begin | (length < 7 ? length : 7) << PROFILE_LENGTH | run << PROFILE_RUN |
                       (uint64_t)alone << PROFILE_ALONE | (uint64_t)glued << PROFILE_GLUED_BEHIND;

    if (length == 1)
        return profile | 1 << PROFILE_ONE;
    return profile | (p->links < 2 ? p->links : 2) << PROFILE_LINKS | p->pattern << PROFILE_PATTERN;
}

void
names_profile(Names *n, const Segment *segment)
{
    Profiler p = {.n = n, .paragraph = &n->a->paragraphs.items[segment->paragraph], .start = NONE};

    for (uint32_t i = segment->candidates.start; i < segment->candidates.end; i++) {
        Candidate *c = &n->candidates.items[i];
        if (c->tokens.start != p.start)
            start_at(&p, c->tokens.start);
        go_to_end(&p, c->tokens.end);
        c->profile = profile_of(&p, c->tokens);
    }
}

/* Read a pattern, four bits for each token, the first lowest, as text: "Cap - Cap".  Its length. */
size_t
names_pattern_text(uint32_t pattern, char *out)
{
    size_t len = 0;

    for (; pattern; pattern >>= 4) {
        const char *text = (pattern & 15) == LOOK_LOWER ? "-" : names_look_text(pattern & 15);
        size_t n = strlen(text);
        if (len)
            out[len++] = ' ';
        memcpy(out + len, text, n);
        len += n;
    }
    return len;
}

static void
length_evidence(uint32_t value, Sink *sink)
{
    names_emit(sink, C_BIAS);
    names_emit(sink, C_LENGTH + value);
}

/* Of the bits from PROFILE_LINKS to PROFILE_ONE. */
static void
place_evidence(uint32_t value, Sink *sink)
{
    uint64_t profile = (uint64_t)value << PROFILE_LINKS;
    bool one = profile >> PROFILE_ONE & 1, capitals = profile >> PROFILE_CAPITALS & 1;

    if (!one)
        names_emit_of(sink, C_LINKS, profile >> PROFILE_LINKS & 3, C_RUN);
    names_emit_of(sink, C_RUN, profile >> PROFILE_RUN & 7, C_ZONE);
    names_emit_of(sink, C_ZONE, 2 * (profile >> PROFILE_ZONE & 7) + one + 2 * ZONE_KINDS * capitals, C_POSITION);
}

/* Of the bits from PROFILE_ONE. */
static void
edge_evidence(uint32_t value, Sink *sink)
{
    uint64_t profile = (uint64_t)value << PROFILE_ONE;
    bool one = profile >> PROFILE_ONE & 1, opens = profile >> PROFILE_OPENS & 1;

    if (opens)
        names_emit(sink, C_POSITION + (profile >> PROFILE_ALONE & 1 ? 2 : one));
    if (profile >> PROFILE_GLUED_BEFORE & 1)
        names_emit(sink, C_GLUED_BEFORE);
    if (profile >> PROFILE_GLUED_BEHIND & 1)
        names_emit(sink, C_GLUED_BEHIND);
    if (profile >> PROFILE_LOWER & 1)
        names_emit(sink, C_LOWER + one + 2 * opens);
    if (opens)
        names_emit(sink, C_CAPITAL + one + 2 * !(profile >> PROFILE_CAPITAL & 1));
}

const ProfilePart NAMES_PROFILE[PROFILE_PARTS] = {
    {PROFILE_LENGTH, PROFILE_LINKS - PROFILE_LENGTH, length_evidence},
    {PROFILE_LINKS, PROFILE_ONE + 1 - PROFILE_LINKS, place_evidence},
    {PROFILE_ONE, PROFILE_END - PROFILE_ONE, edge_evidence},
};

void
names_profile_evidence(uint64_t profile, Sink *sink)
{
    for (int i = 0; i < PROFILE_PARTS; i++)
        NAMES_PROFILE[i].evidence(profile_part(&NAMES_PROFILE[i], profile), sink);
    if (profile_pattern(profile))
        sink->take(sink, T_PATTERN, &(EvidenceValue){.kind = VALUE_PATTERN, .number = profile_pattern(profile)});
}
