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

/* What is said of all candidates that start with a token. */
static inline uint64_t
beginning(const Names *n, uint32_t start)
{
    const Token *t = &n->a->tokens.items[start];
    const Form *word = &n->forms.items[n->words[start]];
    bool opens = t->flags & TOKEN_SENTENCE;

    return (uint64_t)opens << PROFILE_OPENS | (uint64_t)(start > 0 && (t->flags & TOKEN_GLUED)) << PROFILE_GLUED_BEFORE |
           (uint64_t)word->lower << PROFILE_LOWER | (uint64_t)(opens && word->capital) << PROFILE_CAPITAL;
}

/* What is said of all that end before a token, but for their run. */
static inline uint64_t
ending(const Names *n, uint32_t end)
{
    const Token *t = &n->a->tokens.items[end];

    return (uint64_t)(end < n->a->tokens.count && (t->flags & TOKEN_GLUED) && t->shape != SHAPE_PUNCT) << PROFILE_GLUED_BEHIND;
}

/* A segment's tokens as its candidates ask for them. */
typedef struct {
    uint32_t pattern[SEGMENT_LONGEST]; /* how they look from here on */
    uint16_t links[SEGMENT_LONGEST + 1]; /* how many links there are from here on */
} Looks;

static inline void
look_at(Looks *looks, const Token *tokens, uint32_t count)
{
    uint32_t pattern = 0;
    uint16_t links = 0;

    looks->links[count] = 0;
    for (uint32_t i = count; i-- > 0;) {
        Look look = names_look(&tokens[i]);
        look = look < LOOK_LOWER ? LOOK_LOWER : look;
        looks->pattern[i] = pattern = (pattern << 4 | look) & ((1u << 4 * PATTERN_TOKENS) - 1);
        looks->links[i] = links += look == LOOK_LOWER;
    }
}

/* What several tokens look like, counted from the segment's first. */
static inline uint64_t
profile_several(const Looks *looks, uint32_t start, uint32_t end)
{
    uint64_t length = end - start, links = looks->links[start] - looks->links[end];
    uint64_t pattern = length <= PATTERN_TOKENS ? looks->pattern[start] & ((1ull << 4 * length) - 1) : 0;

    return (links < 2 ? links : 2) << PROFILE_LINKS | pattern << PROFILE_PATTERN;
}

void
names_profile(Names *n, const Segment *segment)
{
    static const uint8_t RUNS[2][2] = {{RUN_ALL, RUN_BEGINNING}, {RUN_END, RUN_INSIDE}}; /* a capital before; behind */
    const Token *tokens = n->a->tokens.items;
    const Paragraph *paragraph = &n->a->paragraphs.items[segment->paragraph];
    uint64_t around = (uint64_t)paragraph->capitals << PROFILE_CAPITALS | (uint64_t)paragraph->zone << PROFILE_ZONE, begin = 0;
    uint32_t base = segment->tokens.start, start = NONE;
    bool left = false;
    Looks looks;

    look_at(&looks, &tokens[base], segment->tokens.end - base);
    for (uint32_t i = segment->candidates.start; i < segment->candidates.end; i++) {
        Candidate *c = &n->candidates.items[i];
        uint32_t end = c->tokens.end, length = end - c->tokens.start;
        bool last = end == paragraph->tokens.end, right = !last && (tokens[end].flags & TOKEN_CAPITAL);
        if (c->tokens.start != start) {
            start = c->tokens.start;
            left = start > paragraph->tokens.start && (tokens[start - 1].flags & TOKEN_CAPITAL);
            begin = around | beginning(n, start);
        }
        c->profile = begin | ending(n, end) | (uint64_t)(last && start == paragraph->tokens.start) << PROFILE_ALONE;
        if (length == 1)
            c->profile |= 1 << PROFILE_LENGTH | 1 << PROFILE_ONE | (left || right ? RUNS[left][right] : RUN_ONE) << PROFILE_RUN;
        else
            c->profile |= profile_several(&looks, start - base, end - base) | (uint64_t)(length < 7 ? length : 7) << PROFILE_LENGTH |
                          (uint64_t)RUNS[left][right] << PROFILE_RUN;
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
