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

static inline bool
is_capital(const Names *n, uint32_t token)
{
    return n->a->tokens.items[token].flags & TOKEN_CAPITAL;
}

/* What is said of all candidates that start with a token. */
static inline uint64_t
beginning(const Names *n, uint32_t start)
{
    const Token *t = &n->a->tokens.items[start];
    const WordUse *word = names_word_use(n, t->hash);
    bool opens = t->flags & TOKEN_SENTENCE;

    return (uint64_t)opens << PROFILE_OPENS | (uint64_t)(start > 0 && (t->flags & TOKEN_GLUED)) << PROFILE_GLUED_BEFORE |
           (uint64_t)word->lower << PROFILE_LOWER | (uint64_t)(opens && word->capital) << PROFILE_CAPITAL;
}

/* What is said of all that end before a token; `left`: a capital stands before them. */
static inline uint64_t
ending(const Names *n, const Paragraph *paragraph, Range r, bool left)
{
    const Token *t = &n->a->tokens.items[r.end];
    bool ends = r.end == paragraph->tokens.end, right = !ends && (t->flags & TOKEN_CAPITAL);
    bool glued = r.end < n->a->tokens.count && (t->flags & TOKEN_GLUED) && t->shape != SHAPE_PUNCT;
    uint64_t run = left ? right ? RUN_INSIDE : RUN_END : right ? RUN_BEGINNING : r.end - r.start == 1 ? RUN_ONE : RUN_ALL;

    return run << PROFILE_RUN | (uint64_t)(ends && r.start == paragraph->tokens.start) << PROFILE_ALONE |
           (uint64_t)glued << PROFILE_GLUED_BEHIND;
}

/* A segment's candidates are gone through by start and end, so that each token is looked at as few times as may be. */
void
names_profile(Names *n, const Segment *segment)
{
    const Paragraph *paragraph = &n->a->paragraphs.items[segment->paragraph];
    uint64_t around = (uint64_t)paragraph->capitals << PROFILE_CAPITALS | (uint64_t)paragraph->zone << PROFILE_ZONE;
    Candidate *c = &n->candidates.items[segment->candidates.start], *end = &n->candidates.items[segment->candidates.end];

    while (c < end) {
        uint32_t start = c->tokens.start, at = start;
        bool left = start > paragraph->tokens.start && is_capital(n, start - 1);
        uint64_t begin = around | beginning(n, start), links = 0, pattern = 0;
        for (; c < end && c->tokens.start == start; c++) {
            uint64_t length = c->tokens.end - start;
            for (; at < c->tokens.end; at++) {
                Look look = names_look(&n->a->tokens.items[at]);
                look = look < LOOK_LOWER ? LOOK_LOWER : look;
                links += look == LOOK_LOWER;
                pattern |= (uint64_t)look << 4 * (at - start);
            }
            c->profile = begin | ending(n, paragraph, c->tokens, left) | (length < 7 ? length : 7) << PROFILE_LENGTH;
            if (length == 1)
                c->profile |= 1 << PROFILE_ONE;
            else
                c->profile |= (links < 2 ? links : 2) << PROFILE_LINKS | (length <= PATTERN_TOKENS ? pattern << PROFILE_PATTERN : 0);
        }
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
