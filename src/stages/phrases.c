#include "stages/phrases.h"

enum { WORDS = 12, PARTS = 5, DETERMINERS = 3, FIELD = 4 }; /* the longest run, the parts that prepositions join, "all of the", "and research" */

void
phrases_names(Phrases *p, const RuleSet *rules)
{
    p->pronoun = phrase_question(rules, "phrase.pronoun");
    p->determiner = phrase_question(rules, "phrase.determiner");
    p->word = phrase_question(rules, "phrase.word");
    p->noun = phrase_question(rules, "phrase.noun");
    p->verb = phrase_question(rules, "phrase.verb");
    p->parting = phrase_question(rules, "phrase.parting");
    p->office = phrase_question(rules, "phrase.office");
    p->joiner = phrase_question(rules, "phrase.joiner");
    p->link = phrase_question(rules, "phrase.link");
    p->owner = phrase_question(rules, "phrase.owner");
    p->opener = phrase_question(rules, "phrase.opener");
    p->relative = phrase_question(rules, "phrase.relative");
    p->honour = phrase_question(rules, "phrase.honour");
    p->after_noun = phrase_question(rules, "phrase.after-noun");
    p->both = phrase_question(rules, "phrase.both");
    p->either = phrase_question(rules, "phrase.either");
}

void
phrases_open(Phrases *p, Article *a, Scratch *scratch)
{
    p->a = a;
    p->scratch = scratch;
    p->names = arena_alloc(&scratch->arena, (a->tokens.count + 1) * sizeof *p->names);
    memset(p->names, 0xff, (a->tokens.count + 1) * sizeof *p->names); /* NONE */
    for (uint32_t i = 0; i < a->mentions.count; i++) {
        const Mention *m = &a->mentions.items[i];
        if (m->kind == KIND_NAME && m->type >= TYPE_PERSON && m->type <= TYPE_PLACE)
            for (uint32_t t = m->tokens.start; t < m->tokens.end; t++)
                p->names[t] = i;
    }
}

static Range
name_at(const Phrases *p, uint32_t token)
{
    return p->a->mentions.items[p->names[token]].tokens;
}

static bool
is_comma(const Phrases *p, uint32_t token)
{
    const Token *t = &p->a->tokens.items[token];

    return t->end - t->start == 1 && p->a->text[t->start] == ',';
}

static bool
is_part(const Phrases *p, uint32_t token)
{
    return p->names[token] != NONE || phrase_is(p, p->word, token);
}

/* "well-known", "Ohio-based": does the hyphen at the token make one word of its neighbours, whatever they are by themselves? */
static bool
is_compound(const Phrases *p, uint32_t hyphen, uint32_t high)
{
    const Token *t = &p->a->tokens.items[hyphen];

    return hyphen > 0 && hyphen + 1 < high && p->a->text[t->start] == '-' && phrase_is(p, p->link, hyphen) && (t[1].flags & TOKEN_GLUED) &&
           t[-1].shape != SHAPE_PUNCT && t[1].shape != SHAPE_PUNCT;
}

/* A phrase whose head, the last word of its first part, is a name is that name; any other stands for itself. */
static bool
finish(const Phrases *p, Range whole, uint32_t head_end, Phrase *out)
{
    uint32_t head = head_end - 1;

    while (head > whole.start && p->names[head] == NONE && phrase_is(p, p->honour, head)) /* Jane Doe KC */
        head--;
    if (p->names[head] == NONE)
        head = head_end - 1;
    out->tokens = out->mention = whole;
    out->kind = KIND_NOMINAL;
    if (p->names[head] != NONE) {
        out->kind = KIND_NAME;
        out->mention = name_at(p, head);
        return true;
    }
    return phrase_is(p, p->noun, head);
}

static bool
pronoun_at(const Phrases *p, uint32_t token, Phrase *out)
{
    if (!phrase_is(p, p->pronoun, token))
        return false;
    out->tokens = out->mention = (Range){token, token + 1};
    out->kind = KIND_PRONOUN;
    return true;
}

/* "Nurses carried lamps": does the verb at the token part the words behind it from a noun before? */
static bool
is_parting(const Phrases *p, uint32_t low, uint32_t verb)
{
    return verb > low && phrase_is(p, p->parting, verb) && (p->names[verb - 1] != NONE || phrase_is(p, p->noun, verb - 1));
}

/* Where the row of words that ends before `end` begins, its determiners included. */
static uint32_t
run_before(const Phrases *p, uint32_t low, uint32_t end)
{
    uint32_t t = end;

    for (int i = 0; i < WORDS && t > low; i++) {
        if (p->names[t - 1] != NONE && name_at(p, t - 1).start >= low && name_at(p, t - 1).start < t)
            t = name_at(p, t - 1).start;
        else if (phrase_is(p, p->word, t - 1) && !(t < end && is_parting(p, low, t - 1)))
            t--;
        else if (t < end && t > low + 1 && is_compound(p, t - 1, end))
            t -= 2;
        else if (t < end && t > low + 1 && (phrase_is(p, p->link, t - 1) || phrase_is(p, p->owner, t - 1)) &&
                 is_part(p, t - 2))
            t--;
        else
            break;
    }
    while (t < end && phrase_is(p, p->opener, t)) /* "Then officials" */
        t++;
    for (int i = 0; i < DETERMINERS && t > low && phrase_is(p, p->determiner, t - 1); i++)
        t--;
    return t;
}

/* "protesters in Kisumu, Mombasa and Eldoret": where the row of names begins whose last one begins at `last`, if all are of one
 * type and a preposition hangs them on a noun; else `last`. */
static uint32_t
names_before(const Phrases *p, uint32_t low, uint32_t last)
{
    uint32_t t = last;
    EntityType type;

    if (t < low + 4 || p->names[t] == NONE || !phrase_is(p, p->both, t - 1) || p->names[t - 2] == NONE)
        return last;
    type = p->a->mentions.items[p->names[t]].type;
    while (t >= low + 4 && p->names[t - 2] != NONE && (phrase_is(p, p->both, t - 1) || is_comma(p, t - 1)) &&
           p->a->mentions.items[p->names[t - 2]].type == type && name_at(p, t - 2).start > low + 1)
        t = name_at(p, t - 2).start;
    return phrase_is(p, p->joiner, t - 1) && phrase_is(p, p->noun, t - 2) ? t : last;
}

bool
phrase_before(const Phrases *p, uint32_t low, uint32_t end, Phrase *out)
{
    uint32_t start = end, part_end = end, head_end = end;

    if (end <= low)
        return false;
    if (pronoun_at(p, end - 1, out))
        return true;
    for (int part = 0; part < PARTS; part++) {
        uint32_t from;
        if (part > 0 && part_end > low + 1 && phrase_is(p, p->after_noun, part_end - 1)) /* a person close to */
            part_end--;
        from = run_before(p, low, part_end);
        if (from >= part_end || !(p->names[part_end - 1] != NONE || phrase_is(p, p->noun, part_end - 1)))
            break;
        start = names_before(p, low, from);
        head_end = part_end;
        if (start < low + 2 || !phrase_is(p, p->joiner, start - 1))
            break;
        part_end = start - 1;
    }
    return start < end && finish(p, (Range){start, end}, head_end, out);
}

/* "the policy and research director": do the words behind "and" end in an office, and what stands before it is none? */
static bool
is_field_of_office(const Phrases *p, uint32_t both, uint32_t high)
{
    if (!phrase_is(p, p->both, both) || phrase_is(p, p->office, both - 1) ||
        (p->names[both - 1] != NONE && p->a->mentions.items[p->names[both - 1]].type == TYPE_PERSON))
        return false;
    for (uint32_t t = both + 1; t < high && t <= both + FIELD && is_part(p, t); t++)
        if (p->names[t] == NONE && phrase_is(p, p->office, t))
            return t > both + 1;
    return false;
}

/* Where the row of words from `start` ends: before a verb that stands behind a noun, and behind a person's name. */
static uint32_t
run_behind(const Phrases *p, uint32_t start, uint32_t high)
{
    uint32_t t = start;
    bool noun = false;

    for (int i = 0; i < DETERMINERS && t < high && phrase_is(p, p->determiner, t); i++)
        t++;
    for (int i = 0; i < WORDS && t < high; i++) {
        bool whole = p->names[t] != NONE && name_at(p, t).start <= t && name_at(p, t).end <= high;
        if (whole) {
            t = name_at(p, t).end;
            noun = true;
        } else if (is_compound(p, t + 1, high)) {
            t += 3;
            noun |= phrase_is(p, p->noun, t - 1);
        } else if (t > start && is_compound(p, t, high)) {
            t += 2;
        } else if (phrase_is(p, p->word, t) && !(noun && phrase_is(p, p->verb, t))) {
            noun |= phrase_is(p, p->noun, t);
            t++;
        } else if (noun && t + 2 < high && is_field_of_office(p, t, high)) {
            t++;
        } else if (noun && t + 1 < high && (phrase_is(p, p->link, t) || phrase_is(p, p->owner, t)) && is_part(p, t + 1)) {
            t++;
        } else {
            break;
        }
    }
    return t;
}

bool
phrase_behind(const Phrases *p, uint32_t start, uint32_t high, Phrase *out)
{
    uint32_t end, head_end;

    if (start >= high)
        return false;
    /* "several" is a pronoun, "several nurses" is not */
    if (!(start + 1 < high && phrase_is(p, p->determiner, start) && phrase_is(p, p->noun, start + 1) && is_part(p, start + 1)) &&
        pronoun_at(p, start, out))
        return true;
    head_end = end = run_behind(p, start, high);
    if (end == start)
        return false;
    for (int part = 1; part < PARTS && p->names[head_end - 1] == NONE; part++) {
        uint32_t joiner = end + 1 < high && phrase_is(p, p->after_noun, end) ? end + 1 : end, to; /* a person close to */
        if (joiner + 1 >= high || !phrase_is(p, p->joiner, joiner))
            break;
        to = run_behind(p, joiner + 1, high);
        if (to == joiner + 1 || !(p->names[to - 1] != NONE || phrase_is(p, p->noun, to - 1)))
            break;
        end = to;
    }
    return finish(p, (Range){start, end}, head_end, out);
}
