/* "is not the mayor", "no longer works for", "would become", "if she is elected", "is said to own": the words of the lists
 * that change what a title or link is told to be.  They are looked for between its two ends, but not in an aside between
 * commas ("Jane Doe, who is not well, is the mayor"); where a verb joins the two, also right before them. */
#include "stages/told.h"

#include "stages/lists.h"

enum { BETWEEN = 16, BEFORE = 3 };

void
told_open(TellingFeatures *f, const RuleSet *rules, Scratch *scratch)
{
    const FeatureWanted wanted[] = {
        {"neg", &f->neg},         {"neg.over", &f->over},     {"neg.more", &f->more},
        {"aux.modal", &f->modal}, {"aux.future", &f->future}, {"subord.cond", &f->cond},
        {"hearsay", &f->hearsay}, {"aux", &f->aux},           {"mid-adverb", &f->adverb},
        {"honorific", &f->honorific}, {"word.past", &f->past}, {"word.pres", &f->pres},
    };

    list_features(rules, scratch, ASKED_TELLING, wanted, sizeof wanted / sizeof *wanted);
}

static void
read_token(const TellingFeatures *f, const Article *a, const RuleSet *rules, uint32_t token, Told *told)
{
    if (token_has(a, rules, token, f->over))
        told->former = true;
    else if (token_has(a, rules, token, f->neg) && !token_has(a, rules, token, f->more))
        told->negated = true;
    if (token_has(a, rules, token, f->modal) && !token_has(a, rules, token, f->future))
        told->hypothetical = true;
    if (token_has(a, rules, token, f->hearsay))
        told->hearsay = true;
}

static bool
is_comma(const Article *a, uint32_t token)
{
    return a->text[a->tokens.items[token].start] == ',';
}

/* Where the words behind the last aside begin, if an aside ends before `end`; else `from`. */
static uint32_t
comma_before(const Article *a, uint32_t from, uint32_t end)
{
    while (end > from && !is_comma(a, end - 1))
        end--;
    return end;
}

/* Reads the words between the two ends, the last first; is a verb among them? */
static bool
read_between(const TellingFeatures *f, const Article *a, const RuleSet *rules, uint32_t from, uint32_t at, Told *told)
{
    bool verb = false;

    for (uint32_t n = 0; at > from && n < BETWEEN; at--, n++) {
        uint32_t word = at - 1;
        if (is_comma(a, word)) {
            at = comma_before(a, from, word);
            if (at == from)
                break;
        } else {
            read_token(f, a, rules, word, told);
            verb |= token_has(a, rules, word, f->aux) || token_has(a, rules, word, f->past) || token_has(a, rules, word, f->pres);
        }
    }
    return verb;
}

Told
told_between(const TellingFeatures *f, const Article *a, const RuleSet *rules, Ends ends, uint32_t start)
{
    Told told = {0};
    bool verb_before = start < ends.first.start;
    uint32_t at = verb_before ? start : ends.first.start;

    if (!read_between(f, a, rules, ends.first.end, ends.second.start, &told) && !verb_before)
        return told;
    for (uint32_t n = 0; n < BEFORE && at > 0 && !(a->tokens.items[at].flags & TOKEN_SENTENCE); n++, at--) {
        if (token_has(a, rules, at - 1, f->cond))
            told.hypothetical = true;
        else if (verb_before && (token_has(a, rules, at - 1, f->aux) || token_has(a, rules, at - 1, f->neg)))
            read_token(f, a, rules, at - 1, &told);
        else if (!token_has(a, rules, at - 1, f->honorific) && !token_has(a, rules, at - 1, f->adverb))
            break;
    }
    return told;
}

bool
told_by_hearsay(const TellingFeatures *f, const Article *a, const RuleSet *rules, uint32_t start)
{
    return start > 0 && token_has(a, rules, start - 1, f->hearsay);
}
