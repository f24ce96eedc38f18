/* Links: who belongs to what, and what lies where.
 *
 * Held titles give holds, at and affiliated; the rules of links.rules the rest (keys `edge`, `role`, groups `from` and `to`);
 * the names inside a quote its mentions.  A link that several rules find is one edge, with the surest rule. */
#include "base/hash.h"
#include "base/order.h"
#include "stages/lists.h"
#include "stages/stages.h"
#include "stages/told.h"

#include <stdlib.h>

static const float BY_CONTEXT = 0.75f; /* how sure a title's body is that the text spoke of before */

typedef struct {
    uint64_t key; /* of a place's name; 0: empty */
    uint32_t entity;
} PlaceSlot;

enum { PLACE_NAMES = 4 };

/* What a rule says of its links. */
typedef struct {
    EdgeKind kind; /* EDGE_KINDS: none that there is */
    float confidence;
    const char *role; /* or NULL */
    bool former, named;
    int from[3], to[5]; /* its groups, -1 where it has none: `from`, `also`, `third`; `to`, `beyond`, `farther`, `place`, `town` */
} LinkRule;

/* The rules of the stage, read once for all articles. */
typedef struct LinkRules {
    const Phase *links, *homes;
    LinkRule *says; /* what each says, by its number */
} LinkRules;

typedef struct {
    Article *a;
    const RuleSet *rules;
    Scratch *scratch;
    uint32_t *mention_at; /* for each token: a name that begins there, or NONE */
    uint32_t *slots;      /* hash table of edges: number + 1 */
    uint32_t mask, first; /* edges before `first` are none of ours */
    PlaceSlot *places; /* hash table of the places that the article names */
    uint32_t places_mask;
    const LinkRules *ask;
    uint16_t facility, building, country, nationality;
    TellingFeatures told;
} Linker;

/* ---- edges, each once */

static uint64_t
told_bits(Told told)
{
    return (uint64_t)told.former + 2u * told.negated + 4u * told.hypothetical + 8u * told.hearsay;
}

static uint64_t
edge_key(const Edge *e)
{
    return hash_pair(hash_pair((uint64_t)e->kind * 16 + told_bits(e->told), e->source), e->target);
}

static bool
same_edge(const Edge *x, const Edge *y)
{
    return x->kind == y->kind && x->source == y->source && x->target == y->target &&
           told_bits(x->told) == told_bits(y->told);
}

static void
grow(Linker *l)
{
    l->mask = l->mask * 2 + 1;
    l->slots = arena_zero(&l->scratch->arena, ((size_t)l->mask + 1) * sizeof *l->slots);
    for (uint32_t i = l->first; i < l->a->edges.count; i++) {
        uint32_t at = (uint32_t)edge_key(&l->a->edges.items[i]) & l->mask;
        while (l->slots[at])
            at = (at + 1) & l->mask;
        l->slots[at] = i + 1;
    }
}

static void
add_edge(Linker *l, Edge edge)
{
    uint32_t at;

    if (edge.source == NONE || edge.target == NONE || (edge.source == edge.target && edge.kind != EDGE_MENTIONS))
        return;
    if ((l->a->edges.count - l->first) * 2 >= l->mask)
        grow(l);
    for (at = (uint32_t)edge_key(&edge) & l->mask; l->slots[at]; at = (at + 1) & l->mask) {
        Edge *have = &l->a->edges.items[l->slots[at] - 1];
        if (same_edge(have, &edge)) {
            if (edge.confidence > have->confidence) {
                have->confidence = edge.confidence;
                have->rule = edge.rule;
            }
            if (have->role == NULL)
                have->role = edge.role;
            return;
        }
    }
    *vec_push(l->a->arena, &l->a->edges) = edge;
    l->slots[at] = l->a->edges.count;
}

/* ---- titles */

/* Does the holder live where the title is held?  Rules tell which offices are held at home, and nobody lives in a building. */
static bool
is_home(const Linker *l, const HeldTitle *t)
{
    Range words = l->a->mentions.items[t->mention].tokens, place = l->a->mentions.items[t->body].tokens;
    Range seen = {words.start - (words.start > 0), words.end}; /* with the word before it */
    Match m;

    for (uint32_t i = place.start; i < place.end; i++)
        if (token_has(l->a, l->rules, i, l->facility) || list_has(l->a, l->rules, i, l->building))
            return false;
    for (uint32_t i = 0; l->ask->homes && i < l->ask->homes->count; i++)
        if (rule_try(l->ask->homes->rules[i], l->a, l->scratch, seen, words.start, &m))
            return true;
    return false;
}

typedef struct {
    uint64_t key; /* holder, wording and body; 0: empty */
    uint32_t entity;
} TitleSlot;

typedef struct {
    TitleSlot *slots;
    uint32_t mask;
} TitleTable;

static TitleSlot *
title_slot(const TitleTable *table, uint64_t key)
{
    uint32_t at = (uint32_t)key & table->mask;

    while (table->slots[at].key && table->slots[at].key != (key ? key : 1))
        at = (at + 1) & table->mask;
    table->slots[at].key = key ? key : 1;
    return &table->slots[at];
}

static uint64_t
words_hash(const Article *a, Range tokens)
{
    uint64_t hash = 0;

    for (uint32_t i = tokens.start; i < tokens.end; i++)
        if (a->tokens.items[i].shape != SHAPE_PUNCT)
            hash = hash_pair(hash, a->tokens.items[i].hash);
    return hash;
}

/* One title for a holder, wording and body; where no body is told, the one that was there. */
static uint32_t
title_entity(Linker *l, TitleTable *table, const HeldTitle *t)
{
    Article *a = l->a;
    const Mention *m = &a->mentions.items[t->mention];
    uint32_t holder = a->mentions.items[t->holder].entity, body = t->body == NONE ? NONE : a->mentions.items[t->body].entity;
    uint64_t any = hash_pair(words_hash(a, m->tokens), (uint64_t)holder * 2 + t->told.former);
    TitleSlot *bare = title_slot(table, any), *slot = bare;

    if (body != NONE)
        slot = title_slot(table, hash_pair(any, body));
    if (slot->entity == NONE) {
        Entity *e = vec_push(a->arena, &a->entities);
        *e = (Entity){.type = TYPE_TITLE, .name = article_words(a, m->bytes), .named = true};
        slot->entity = a->entities.count - 1;
        if (bare->entity == NONE)
            bare->entity = slot->entity;
    }
    return slot->entity;
}

/* Every held title gets its entity; those of a pronoun that stands for nobody named are no titles. */
static void
place_titles(Linker *l)
{
    Article *a = l->a;
    TitleTable table = {.mask = 15};

    while (table.mask < 4 * a->titles.count)
        table.mask = table.mask * 2 + 1;
    table.slots = arena_zero(&l->scratch->arena, ((size_t)table.mask + 1) * sizeof *table.slots);
    for (uint32_t i = 0; i <= table.mask; i++)
        table.slots[i].entity = NONE;
    for (uint32_t i = 0; i < a->titles.count; i++) {
        HeldTitle *t = &a->titles.items[i];
        uint32_t holder = a->mentions.items[t->holder].entity, e;
        Mention *m = &a->mentions.items[t->mention];
        if (holder == NONE || !a->entities.items[holder].named || a->entities.items[holder].type != TYPE_PERSON) {
            if (m->entity == NONE)
                m->type = TYPE_NONE;
        } else if (m->entity == NONE) { /* else it has another holder too */
            m->type = TYPE_TITLE;
            m->entity = e = title_entity(l, &table, t);
            *vec_push(a->arena, &a->entities.items[e].mentions) = t->mention;
        }
    }
}

static void
link_titles(Linker *l)
{
    const Article *a = l->a;

    place_titles(l);
    for (uint32_t i = 0; i < a->titles.count; i++) {
        const HeldTitle *t = &a->titles.items[i];
        const Mention *title = &a->mentions.items[t->mention];
        uint32_t holder = a->mentions.items[t->holder].entity;
        Edge edge = {.rule = title->rule, .confidence = title->confidence, .told = t->told};
        uint32_t body;
        if (title->entity == NONE)
            continue;
        edge.kind = EDGE_HOLDS;
        edge.source = holder;
        edge.target = title->entity;
        add_edge(l, edge);
        if (t->body == NONE || (body = a->mentions.items[t->body].entity) == NONE ||
            (t->indirect && !a->entities.items[body].named))
            continue;
        if (t->context) {
            edge.rule = t->context;
            edge.confidence *= BY_CONTEXT;
        }
        edge.kind = EDGE_AT;
        edge.source = title->entity;
        edge.target = body;
        add_edge(l, edge);
        edge.source = holder;
        edge.role = a->entities.items[title->entity].name;
        if (a->entities.items[body].type == TYPE_ORGANIZATION && a->entities.items[body].named) {
            edge.kind = EDGE_AFFILIATED;
            add_edge(l, edge);
        } else if (a->entities.items[body].type == TYPE_PLACE && a->mentions.items[t->body].kind == KIND_NAME &&
                   !t->told.negated && !t->told.hypothetical && is_home(l, t)) {
            edge.kind = EDGE_LIVES_IN;
            edge.role = NULL;
            edge.confidence *= 0.8f;
            add_edge(l, edge);
        }
    }
}

/* "a Huawei spokesman", "a spokesman for Huawei": who is not named belongs to the body that is named in the phrase. */
static void
link_nominals(Linker *l)
{
    Article *a = l->a;
    uint32_t count = a->mentions.count;

    for (uint32_t i = 0; i < count; i++) {
        const Mention *m = &a->mentions.items[i];
        uint32_t body = NONE;
        if (m->kind != KIND_NOMINAL || m->entity == NONE || a->entities.items[m->entity].type != TYPE_PERSON)
            continue;
        for (uint32_t t = m->tokens.start; t < m->tokens.end && body == NONE; t++) {
            uint32_t at = l->mention_at[t];
            if (at != NONE && a->mentions.items[at].kind == KIND_NAME &&
                a->mentions.items[at].type == TYPE_ORGANIZATION)
                body = a->mentions.items[at].entity;
        }
        if (body != NONE)
            add_edge(l, (Edge){.kind = EDGE_AFFILIATED, .source = m->entity, .target = body, .rule = m->rule,
                               .confidence = 0.8f});
    }
}

/* ---- rules */

static EdgeKind
kind_of(const Rule *rule)
{
    static const struct {
        const char *name;
        EdgeKind kind;
    } KINDS[] = {{"affiliated", EDGE_AFFILIATED}, {"based_in", EDGE_BASED_IN}, {"lives_in", EDGE_LIVES_IN},
                 {"part_of", EDGE_PART_OF}};
    const char *name = rule_get(rule, "edge");

    for (size_t k = 0; name && k < sizeof KINDS / sizeof *KINDS; k++)
        if (strcmp(name, KINDS[k].name) == 0)
            return KINDS[k].kind;
    return EDGE_KINDS;
}

static LinkRule
read_rule(const Rule *rule)
{
    const char *confidence = rule_get(rule, "confidence");

    return (LinkRule){.kind = kind_of(rule),
                      .confidence = confidence ? strtof(confidence, NULL) : 0.7f,
                      .role = rule_get(rule, "role"),
                      .former = rule_get(rule, "former") != NULL,
                      .named = rule_get(rule, "named") != NULL,
                      .from = {rule_group(rule, "from"), rule_group(rule, "also"), rule_group(rule, "third")},
                      .to = {rule_group(rule, "to"), rule_group(rule, "beyond"), rule_group(rule, "farther"), rule_group(rule, "place"),
                             rule_group(rule, "town")}};
}

static const LinkRules *
link_rules(const RuleSet *rules, Scratch *scratch)
{
    LinkRules *ask = scratch->links;
    if (ask)
        return ask;
    scratch->links = ask = arena_zero(&scratch->lasting, sizeof *ask);
    ask->homes = ruleset_phase(rules, "title-homes");
    ask->links = ruleset_phase(rules, "links");
    ask->says = arena_zero(&scratch->lasting, (rules->files.rules.count + 1) * sizeof *ask->says);
    for (uint32_t i = 0; ask->links && i < ask->links->count; i++)
        ask->says[ask->links->rules[i]->number] = read_rule(ask->links->rules[i]);
    return ask;
}

/* ---- places inside names: "the French Senate", "the University of Paris" */

/* What a place is told by: the country of "France" and "French", else the words themselves. */
static uint64_t
place_key(const Linker *l, Range words)
{
    const char *code = list_attribute(l->a, l->rules, words, l->country, "iso");

    if (code == NULL)
        code = list_attribute(l->a, l->rules, words, l->nationality, "country");
    return code ? hash_bytes(code, strlen(code)) : words_hash(l->a, words);
}

/* The places that the article names, each by its first names, in a table that is made when it is first asked for. */
static void
note_places(Linker *l)
{
    const Article *a = l->a;
    uint32_t count = 0;

    for (uint32_t i = 0; i < a->entities.count; i++)
        count += a->entities.items[i].type == TYPE_PLACE && a->entities.items[i].named;
    for (l->places_mask = 15; l->places_mask < 2 * PLACE_NAMES * count;)
        l->places_mask = l->places_mask * 2 + 1;
    l->places = arena_zero(&l->scratch->arena, ((size_t)l->places_mask + 1) * sizeof *l->places);
    for (uint32_t i = 0; i < a->entities.count; i++) {
        const Entity *e = &a->entities.items[i];
        for (uint32_t k = 0; e->type == TYPE_PLACE && e->named && k < e->mentions.count && k < PLACE_NAMES; k++) {
            const Mention *m = &a->mentions.items[e->mentions.items[k]];
            uint64_t key = place_key(l, m->tokens);
            uint32_t at = (uint32_t)key & l->places_mask;
            if (m->kind != KIND_NAME)
                continue;
            while (l->places[at].key && l->places[at].key != key)
                at = (at + 1) & l->places_mask;
            if (l->places[at].key == 0)
                l->places[at] = (PlaceSlot){key, i};
        }
    }
}

static uint32_t
named_place(Linker *l, Range words)
{
    uint64_t key = place_key(l, words);
    uint32_t at;

    if (l->places == NULL)
        note_places(l);
    for (at = (uint32_t)key & l->places_mask; l->places[at].key; at = (at + 1) & l->places_mask)
        if (l->places[at].key == key)
            return l->places[at].entity;
    return NONE;
}

/* ---- from match to edge */

/* `named`: no mention, but the place that these words of a name mean. */
static uint32_t
entity_of_group(Linker *l, const Match *m, int group, bool named)
{
    Range r;
    uint32_t at;

    if (!match_group(m, group, &r))
        return NONE;
    if (named)
        return named_place(l, r);
    return (at = l->mention_at[r.start]) == NONE ? NONE : l->a->mentions.items[at].entity;
}

/* Where the two ends stand. */
static Ends
link_ends(const Match *m, const LinkRule *rule)
{
    const int groups[] = {rule->from[0], rule->to[0], rule->to[3], rule->to[4]};
    Ends ends = {{NONE, NONE}, {NONE, NONE}};

    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++) {
        Range r;
        if (!match_group(m, groups[i], &r))
            continue;
        if (ends.first.start == NONE)
            ends.first = r;
        else if (r.start < ends.first.start)
            ends = (Ends){r, ends.first};
        else if (ends.second.start == NONE)
            ends.second = r;
    }
    return ends;
}

/* From each of the one side's groups to each of the other's. */
static void
link_match(Linker *l, const Match *m)
{
    const LinkRule *rule = &l->ask->says[m->rule->number];
    Edge edge = {.kind = rule->kind, .rule = m->rule->name, .confidence = rule->confidence, .role = rule->role};
    Ends ends = link_ends(m, rule);

    if (rule->kind == EDGE_KINDS || ends.second.start == NONE) /* a rule of somebody's own may leave one out */
        return;
    edge.told = told_between(&l->told, l->a, l->rules, ends, m->tokens.start);
    edge.told.former |= rule->former;
    for (size_t f = 0; f < sizeof rule->from / sizeof *rule->from; f++) {
        edge.source = entity_of_group(l, m, rule->from[f], false);
        for (size_t t = 0; edge.source != NONE && t < sizeof rule->to / sizeof *rule->to; t++) {
            edge.target = entity_of_group(l, m, rule->to[t], t == 0 && rule->named);
            add_edge(l, edge);
        }
    }
}

static void
link_by_rules(Linker *l)
{
    uint32_t from, to;

    phase_run(l->ask->links, l->a, l->rules, l->scratch, &from, &to);
    for (uint32_t i = from; i < to; i++)
        link_match(l, &l->a->matches.items[i]);
}

/* ---- what quotes mention */

static void
link_quotes(Linker *l)
{
    const Article *a = l->a;
    uint64_t *names = arena_alloc(&l->scratch->arena, ((size_t)a->mentions.count + 1) * sizeof *names);
    uint32_t n = 0;

    for (uint32_t i = 0; i < a->mentions.count; i++)
        if (a->mentions.items[i].kind == KIND_NAME && a->mentions.items[i].type != TYPE_TITLE)
            names[n++] = order_key(a->mentions.items[i].bytes.start, i);
    order_sort(names, n, &l->scratch->arena);
    for (uint32_t q = 0; q < a->quotes.count; q++)
        for (uint32_t s = 0; s < a->quotes.items[q].spans.count; s++) {
            Span span = a->quotes.items[q].spans.items[s];
            for (uint32_t i = order_from(names, n, span.start); i < n && order_place(names[i]) < span.end; i++) {
                const Mention *m = &a->mentions.items[order_number(names[i])];
                if (m->bytes.end <= span.end)
                    add_edge(l, (Edge){.kind = EDGE_MENTIONS, .source = q, .target = m->entity, .rule = m->rule,
                                       .confidence = m->confidence});
            }
        }
}

static void
find_features(Linker *l)
{
    const FeatureWanted FEATURES[] = {{"place-head.facility", &l->facility},
                                      {"place-hand.facility", &l->building},
                                      {"country", &l->country},
                                      {"nationality", &l->nationality}};

    list_features(l->rules, l->scratch, ASKED_LINKS, FEATURES, sizeof FEATURES / sizeof *FEATURES);
}

bool
links_run(Article *a, const RuleSet *rules, Scratch *scratch, Error *err)
{
    Linker l = {.a = a, .rules = rules, .scratch = scratch, .mask = 63, .first = a->edges.count};

    (void)err;
    if (a->mentions.count == 0)
        return true;
    l.slots = arena_zero(&scratch->arena, ((size_t)l.mask + 1) * sizeof *l.slots);
    l.mention_at = arena_alloc(&scratch->arena, ((size_t)a->tokens.count + 1) * sizeof *l.mention_at);
    memset(l.mention_at, 0xff, ((size_t)a->tokens.count + 1) * sizeof *l.mention_at);
    for (uint32_t i = 0; i < a->mentions.count; i++)
        if (a->mentions.items[i].kind == KIND_NAME && a->mentions.items[i].type != TYPE_TITLE)
            l.mention_at[a->mentions.items[i].tokens.start] = i;
    told_open(&l.told, rules, scratch);
    l.ask = link_rules(rules, scratch);
    find_features(&l);
    link_titles(&l);
    link_nominals(&l);
    link_by_rules(&l);
    link_quotes(&l);
    return true;
}
