/* Bodies by their class: "the company" is no party and no ministry.
 *
 * The lists tell the class of many names (Ltd., a bank, a party), and of nouns that stand for names.  The body that a noun
 * means is one spoken of that can be of its class: the likeliest by how near, how often and in what place it was named. */
#include "stages/coref.h"
#include "stages/lists.h"

enum { LOOK = 80, FAR = 12, LEAST = 20, NEAR = 2 };

/* Features that tell a class, of names and of nouns. */
static const struct {
    const char *feature;
    unsigned classes;
} CLASSES[] = {
    {"org.company", BODY_COMPANY},      {"org.bank", BODY_COMPANY},         {"org-suffix.company", BODY_COMPANY},
    {"org-head.company", BODY_COMPANY}, {"org-noun.company", BODY_COMPANY}, {"org.government", BODY_STATE},
    {"org.court", BODY_STATE},          {"org.military", BODY_STATE},       {"org.police", BODY_STATE},
    {"org.agency", BODY_STATE},         {"org-head.government", BODY_STATE}, {"org-noun.government", BODY_STATE},
    {"org.party", BODY_PARTY},          {"org-noun.party", BODY_PARTY},     {"org.university", BODY_SCHOOL},
    {"org.school", BODY_SCHOOL},        {"org-noun.school", BODY_SCHOOL},   {"media", BODY_MEDIA},
    {"org-head.media", BODY_MEDIA},     {"org-noun.media", BODY_MEDIA},     {"org-head.team", BODY_TEAM},
    {"team", BODY_TEAM},                {"org.sport", BODY_TEAM},
    {"org-noun.team", BODY_TEAM},       {"org.group", BODY_GROUP},          {"org.ngo", BODY_GROUP},
    {"org.union", BODY_GROUP},          {"org-noun.group", BODY_GROUP},
    {"org-head.group", BODY_GROUP},
};

enum { CLASS_COUNT = sizeof CLASSES / sizeof *CLASSES };

void
bodies_open(Coref *c)
{
    FeatureWanted wanted[CLASS_COUNT];

    c->class_features = arena_alloc(c->arena, CLASS_COUNT * sizeof *c->class_features);
    for (size_t i = 0; i < CLASS_COUNT; i++)
        wanted[i] = (FeatureWanted){CLASSES[i].feature, &c->class_features[i]};
    list_features(c->rules, c->scratch, ASKED_BODIES, wanted, CLASS_COUNT);
    c->classes = arena_zero(c->arena, ((size_t)c->a->tokens.count + 1) * sizeof *c->classes);
}

/* The classes that a word tells; the heads of a few names are asked for again and again. */
static unsigned
classes_of(const Coref *c, uint32_t token)
{
    enum { KNOWN = 1 << 15 };
    unsigned classes = c->classes[token];

    if (classes & KNOWN)
        return classes & ~KNOWN;
    for (size_t k = 0; k < CLASS_COUNT; k++)
        if (token_has(c->a, c->rules, token, c->class_features[k]) || list_has(c->a, c->rules, token, c->class_features[k]))
            classes |= CLASSES[k].classes;
    c->classes[token] = (uint16_t)(classes | KNOWN);
    return classes;
}

/* By the heads of its names: Temple University is no temple. */
static unsigned
classes_of_entity(const Coref *c, const Entity *e)
{
    unsigned classes = 0;

    for (uint32_t i = 0; i < e->mentions.count && i < 4; i++)
        if (c->a->mentions.items[e->mentions.items[i]].kind == KIND_NAME)
            classes |= classes_of(c, coref_head(c, c->a->mentions.items[e->mentions.items[i]].tokens));
    return classes;
}

/* Does the body's name show its class: "the bank" and Deutsche Bank? */
static bool
bears_word(const Coref *c, const Entity *e, uint64_t hash)
{
    for (uint32_t i = 0; i < e->mentions.count && i < 4; i++) {
        Range r = c->a->mentions.items[e->mentions.items[i]].tokens;
        for (uint32_t k = r.start; k < r.end; k++)
            if (c->a->tokens.items[k].hash == hash)
                return true;
    }
    return false;
}

static int
score(const Coref *c, const Entity *e, Seen *s, unsigned wanted, uint64_t head, bool strict)
{
    unsigned classes = classes_of_entity(c, e);
    int value = 60 - 8 * (int)(c->sentence - s->sentence);

    if (bears_word(c, e, head))
        value += 60;
    else if (classes & wanted)
        value += 25;
    else if (classes || strict)
        return 0;
    value += coref_is_subject(c, s) ? 12 : 0;
    value -= s->quoted ? 20 : 0;
    return value + 4 * (e->mentions.count > 6 ? 6 : (int)e->mentions.count);
}

/* Does the body's name show all that the phrase says before its head: "the appeals court" and Court of Appeals? */
static bool
bears_words(const Coref *c, const Entity *e, Range words)
{
    for (uint32_t i = words.start; i < words.end; i++)
        if (!bears_word(c, e, c->a->tokens.items[i].hash))
            return false;
    return true;
}

uint32_t
bodies_find(const Coref *c, Range before, uint32_t head)
{
    unsigned wanted = classes_of(c, head);
    bool strict = token_has(c->a, c->rules, head, c->f.document) || list_has(c->a, c->rules, head, c->f.group); /* is as well something else */
    uint32_t best = NONE;
    int best_value = LEAST;

    for (uint32_t i = c->seen.count, looked = 0; i-- > 0 && looked < LOOK; looked++) {
        Seen *s = &c->seen.items[i];
        const Entity *e = &c->a->entities.items[s->entity];
        int value;
        if (c->sentence - s->sentence > FAR)
            break;
        if (e->type != TYPE_ORGANIZATION || !e->named || !bears_words(c, e, before))
            continue;
        value = score(c, e, s, wanted, c->a->tokens.items[head].hash, strict);
        if (value > best_value) {
            best = s->entity;
            best_value = value;
        }
    }
    return best;
}

/* Of one of the classes; a company can be of none that the lists know. */
static bool
may_be(const Coref *c, const Entity *e, unsigned wanted)
{
    unsigned classes;

    if (e->type != TYPE_ORGANIZATION || !e->named)
        return false;
    classes = classes_of_entity(c, e);
    return (classes & wanted) != 0 || (classes == 0 && (wanted & BODY_COMPANY));
}

uint32_t
bodies_main(const Coref *c, uint32_t head)
{
    unsigned wanted = classes_of(c, head);
    uint32_t main = NONE, most = 1; /* what is named once is not what the text is about */

    for (uint32_t i = c->seen.count, looked = 0; i-- > 0 && looked < LOOK; looked++) {
        uint32_t entity = c->seen.items[i].entity, count = c->a->entities.items[entity].mentions.count;
        if (count < most || entity == main || !may_be(c, &c->a->entities.items[entity], wanted))
            continue;
        main = count > most ? entity : NONE;
        most = count;
    }
    return main;
}

uint32_t
bodies_bearing(const Coref *c, uint32_t seen, uint64_t hash)
{
    for (uint32_t i = seen, looked = 0; i-- > 0 && looked < LOOK && c->seen.items[seen].sentence - c->seen.items[i].sentence <= FAR; looked++) {
        const Entity *e = &c->a->entities.items[c->seen.items[i].entity];
        if (e->type == TYPE_ORGANIZATION && e->named && bears_word(c, e, hash))
            return c->seen.items[i].mention;
    }
    return NONE;
}

unsigned
bodies_class_of(const Coref *c, uint32_t noun)
{
    return classes_of(c, noun);
}

unsigned
bodies_class_named(const Rule *rule)
{
    static const struct {
        const char *name;
        unsigned classes;
    } NAMED[] = {{"company", BODY_COMPANY}, {"state", BODY_STATE}, {"party", BODY_PARTY}, {"school", BODY_SCHOOL},
                 {"media", BODY_MEDIA},     {"team", BODY_TEAM},   {"group", BODY_GROUP}};
    unsigned classes = 0;

    for (size_t i = 0; i < sizeof NAMED / sizeof *NAMED; i++)
        if (rule_has(rule, "class", NAMED[i].name))
            classes |= NAMED[i].classes;
    return classes;
}

uint32_t
bodies_most_named(const Coref *c, unsigned wanted)
{
    uint32_t most = 0;

    for (uint32_t i = 0; i < c->a->entities.count; i++)
        if (c->a->entities.items[i].mentions.count > most && may_be(c, &c->a->entities.items[i], wanted))
            most = c->a->entities.items[i].mentions.count;
    return most;
}

uint32_t
bodies_before(const Coref *c, uint32_t seen, unsigned wanted, uint32_t most)
{
    uint32_t sentence = c->seen.items[seen].sentence, found = NONE, entity = NONE;

    for (uint32_t i = seen, looked = 0; i-- > 0 && looked < LOOK && sentence - c->seen.items[i].sentence <= NEAR; looked++) {
        const Seen *s = &c->seen.items[i];
        const Entity *e = &c->a->entities.items[s->entity];
        if (s->entity == entity || !may_be(c, e, wanted))
            continue;
        if (found != NONE)
            return NONE; /* of two, neither */
        found = s->mention;
        entity = s->entity;
    }
    return found != NONE && c->a->entities.items[entity].mentions.count == most ? found : NONE;
}
