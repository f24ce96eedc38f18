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

/* Which of the tokens' looks are the pattern of a name of so many tokens. */
static const uint32_t PATTERN_OF[NAME_LONGEST + 1] = {[2] = 0xff, [3] = 0xfff, [4] = 0xffff, [5] = 0xfffff};

/* What is seen of the tokens from a candidate's first on. */
typedef struct {
    uint64_t capital, joined; /* a bit for each: begins with a capital, and is of the paragraph; is a word without white space before it */
    uint32_t all;             /* how many tokens are all of its paragraph; NONE if this is not the first */
    uint64_t begin;           /* what is said of all candidates that begin here */
    bool left;                /* a capital stands before it */
} View;

static inline View
view_from(const Names *n, Range paragraph, uint32_t start)
{
    const uint64_t *capital = tape_row(n->a, F_CAP), *glued = tape_row(n->a, F_GLUED), *opening = tape_row(n->a, F_SENTENCE_START);
    const Form *word = &n->forms.items[n->words[start]];
    uint64_t opens = bits_have(opening, start), rest = paragraph.end - start;
    View v = {.joined = bits_from(glued, start) & ~bits_from(tape_row(n->a, F_MARK), start),
              .capital = bits_from(capital, start) & (rest < 64 ? (1ull << rest) - 1 : ~0ull),
              .all = start == paragraph.start ? (uint32_t)rest : NONE,
              .left = start > paragraph.start && bits_have(capital, start - 1)};

    v.begin = opens << PROFILE_OPENS | (uint64_t)(start > 0 && bits_have(glued, start)) << PROFILE_GLUED_BEFORE |
              (uint64_t)word->lower << PROFILE_LOWER | (opens & word->capital) << PROFILE_CAPITAL;
    return v;
}

/* What is said of one of so many tokens, which look so. */
static inline uint64_t
profile_of(const View *v, uint32_t length, uint32_t pattern, uint32_t links)
{
    static const uint8_t RUNS[2][2][2] = {{{RUN_ALL, RUN_BEGINNING}, {RUN_END, RUN_INSIDE}},
                                          {{RUN_ONE, RUN_BEGINNING}, {RUN_END, RUN_INSIDE}}}; /* one; a capital before; behind */
    bool one = length == 1;

    return v->begin | (v->joined >> length & 1) << PROFILE_GLUED_BEHIND | (uint64_t)(length == v->all) << PROFILE_ALONE |
           (uint64_t)one << PROFILE_ONE | (length < 7 ? length : 7) << PROFILE_LENGTH | (links < 2 ? links : 2) << PROFILE_LINKS |
           (uint64_t)RUNS[one][v->left][v->capital >> length & 1] << PROFILE_RUN |
           (uint64_t)(pattern & PATTERN_OF[length]) << PROFILE_PATTERN;
}

void
names_profile(Names *n, const Segment *segment)
{
    const Paragraph *paragraph = &n->a->paragraphs.items[segment->paragraph];
    uint64_t around = (uint64_t)paragraph->capitals << PROFILE_CAPITALS | (uint64_t)paragraph->zone << PROFILE_ZONE;
    uint32_t base = segment->tokens.start, count = segment->tokens.end - base;
    Candidate *c = &n->candidates.items[segment->candidates.start], *end = &n->candidates.items[segment->candidates.end];
    Looks looks;

    if (count == 1) {
        View v = view_from(n, paragraph->tokens, base);
        c->profile = around | profile_of(&v, 1, 0, 0);
        return;
    }
    look_at(&looks, &n->a->tokens.items[base], count);
    while (c < end) {
        uint32_t start = c->tokens.start;
        View v = view_from(n, paragraph->tokens, start);
        for (uint32_t lengths = n->beginnings[start].lengths; lengths; lengths &= lengths - 1, c++) {
            uint32_t length = (uint32_t)__builtin_ctz(lengths);
            c->profile = around | profile_of(&v, length, looks.pattern[start - base],
                                             looks.links[start - base] - (uint32_t)looks.links[start - base + length]);
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
