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

/* Which of the tokens' looks are the pattern of a name of so many tokens. */
static const uint32_t PATTERN_OF[NAME_LONGEST + 1] = {[2] = 0xff, [3] = 0xfff, [4] = 0xffff, [5] = 0xfffff};

/* What is seen of the tokens of segments from one of them on. */
typedef struct {
    uint64_t begin;           /* what is said of all candidates that begin here */
    uint32_t pattern;         /* how they look */
    uint32_t links;           /* how many links there are among all of them */
    uint32_t all;             /* how many tokens are all of its paragraph; NONE if this is not the first */
    uint16_t capital, joined; /* a bit for each: begins with a capital, and is of the paragraph; is a word without white space before it */
    bool left;                /* a capital stands before it */
} View;

static inline void
view_from(const Names *n, const Paragraph *paragraph, uint32_t start, const View *next, View *v)
{
    const uint64_t *capital = tape_row(n->a, F_CAP), *glued = tape_row(n->a, F_GLUED), *opening = tape_row(n->a, F_SENTENCE_START);
    const Form *word = &n->forms.items[n->words[start]];
    Look look = names_look(&n->a->tokens.items[start]), seen = look < LOOK_LOWER ? LOOK_LOWER : look;
    uint64_t opens = bits_have(opening, start), rest = paragraph->tokens.end - start;

    v->pattern = (next->pattern << 4 | seen) & ((1u << 4 * PATTERN_TOKENS) - 1);
    v->links = next->links + (seen == LOOK_LOWER);
    v->all = start == paragraph->tokens.start ? (uint32_t)rest : NONE;
    v->capital = (uint16_t)(bits_from(capital, start) & (rest < 64 ? (1ull << rest) - 1 : ~0ull));
    v->joined = (uint16_t)(bits_from(glued, start) & ~bits_from(tape_row(n->a, F_MARK), start));
    v->left = start > paragraph->tokens.start && bits_have(capital, start - 1);
    v->begin = (uint64_t)paragraph->capitals << PROFILE_CAPITALS | (uint64_t)paragraph->zone << PROFILE_ZONE | opens << PROFILE_OPENS |
               (uint64_t)(start > 0 && bits_have(glued, start)) << PROFILE_GLUED_BEFORE | (uint64_t)word->lower << PROFILE_LOWER |
               (opens & word->capital) << PROFILE_CAPITAL;
}

static_assert(NAME_LONGEST < 16, "a view tells of the token behind the longest name");

/* That of each by its place, from behind.  (What is seen of a candidate ends with its own tokens: the others of the view count nothing.) */
static const View *
look_at(const Names *n)
{
    View *views = arena_alloc(n->arena, (n->place_count + 1) * sizeof *views), *v = &views[n->place_count];
    const Paragraph *paragraphs = n->a->paragraphs.items;
    uint32_t behind = n->a->paragraphs.count; /* the token's paragraph */

    *v = (View){0};
    for (uint32_t w = n->a->tape_words; w-- > 0;)
        for (uint64_t rest = n->inside[w]; rest; v--) {
            uint32_t bit = 63 - (uint32_t)__builtin_clzll(rest), token = w * 64 + bit;
            rest ^= 1ull << bit;
            while (paragraphs[behind - 1].tokens.start > token)
                behind--;
            view_from(n, &paragraphs[behind - 1], token, v, v - 1);
        }
    return views;
}

/* What is said of one of so many tokens. */
static inline uint64_t
profile_of(const View *v, uint32_t length)
{
    static const uint8_t RUNS[2][2][2] = {{{RUN_ALL, RUN_BEGINNING}, {RUN_END, RUN_INSIDE}},
                                          {{RUN_ONE, RUN_BEGINNING}, {RUN_END, RUN_INSIDE}}}; /* one; a capital before; behind */
    uint32_t links = v->links - v[length].links;
    bool one = length == 1;

    return v->begin | (uint64_t)(v->joined >> length & 1) << PROFILE_GLUED_BEHIND | (uint64_t)(length == v->all) << PROFILE_ALONE |
           (uint64_t)one << PROFILE_ONE | (length < 7 ? length : 7) << PROFILE_LENGTH | (links < 2 ? links : 2) << PROFILE_LINKS |
           (uint64_t)RUNS[one][v->left][v->capital >> length & 1] << PROFILE_RUN |
           (uint64_t)(v->pattern & PATTERN_OF[length]) << PROFILE_PATTERN;
}

void
names_profile(Names *n)
{
    const View *views = look_at(n);

    for (uint32_t i = 0; i < n->candidates.count; i++) {
        Candidate *c = &n->candidates.items[i];
        c->profile = profile_of(&views[n->places[c->tokens.start]], c->tokens.end - c->tokens.start);
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
