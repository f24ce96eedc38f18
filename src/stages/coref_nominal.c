/* Noun phrases: "the spokesman", "a Huawei spokesman", "officials", "the company", "the report".
 *
 * An indefinite one brings a new entity that the text does not name.  A definite one goes back to somebody: the person in
 * apposition, a person who holds that title, an unnamed one with the same head, a body of that class; or else it is new
 * too. */
#include "base/hash.h"
#include "stages/coref.h"
#include "stages/lists.h"

enum { UNNAMED = 48, BODIES = 200 };

/* ---- what the phrase is */

uint32_t
coref_head(const Coref *c, Range tokens)
{
    const Article *a = c->a;
    uint32_t head = tokens.start;

    for (uint32_t i = tokens.start; i < tokens.end; i++) {
        const Token *t = &a->tokens.items[i];
        if (i > tokens.start && t->shape != SHAPE_PUNCT && !(t->flags & TOKEN_CAPITAL) &&
            (token_has(a, c->rules, i, c->f.prep) || list_has(a, c->rules, i, c->f.relative)))
            break;
        if (t->shape == SHAPE_PUNCT && (t->end - t->start != 1 || a->text[t->start] != '-') && i > tokens.start &&
            !(t->flags & TOKEN_GLUED && a->text[t->start] != ','))
            break;
        if (t->shape != SHAPE_PUNCT && !(t->flags & TOKEN_GLUED && t->end - t->start <= 4 && a->text[t->start] == '\''))
            head = i;
    }
    return head;
}

static bool
is_person_word(const Coref *c, uint32_t token)
{
    return token_has(c->a, c->rules, token, c->f.person_noun) || token_has(c->a, c->rules, token, c->f.title) ||
           token_has(c->a, c->rules, token, c->f.capital_title) || token_has(c->a, c->rules, token, c->f.role) ||
           token_has(c->a, c->rules, token, c->f.kin) || token_has(c->a, c->rules, token, c->f.calling);
}

/* "The Ohio senator and former mayor said": the second of two that are one. */
static bool
is_joined(const Coref *c, uint32_t token)
{
    return token > 1 && token_has(c->a, c->rules, token - 1, c->f.conj) && is_person_word(c, token - 2) &&
           !token_has(c->a, c->rules, token, c->f.det);
}

static Nominal
read_nominal(const Coref *c, Range tokens)
{
    const Article *a = c->a;
    Nominal n = {.head = coref_head(c, tokens)};

    n.definite = list_has(a, c->rules, tokens.start, c->f.definite);
    n.document = token_has(a, c->rules, n.head, c->f.document);
    n.title = token_has(a, c->rules, n.head, c->f.title) || token_has(a, c->rules, n.head, c->f.capital_title);
    for (int i = 0; i < 6; i++)
        n.plural |= list_has(a, c->rules, n.head, c->f.plurals[i]);
    n.definite |= !n.plural && is_joined(c, tokens.start);
    if (is_person_word(c, n.head) || question_holds(c->ask->age, a, c->scratch, n.head))
        n.type = TYPE_PERSON;
    if (token_has(a, c->rules, n.head, c->f.org_noun) || n.document || token_has(a, c->rules, n.head, c->f.cue_noun))
        n.type = n.type == TYPE_PERSON && !n.document ? TYPE_PERSON : TYPE_ORGANIZATION;
    return n;
}

static Gender
gender_of(const Coref *c, uint32_t head)
{
    for (int i = 0; i < 5; i++) {
        if (list_has(c->a, c->rules, head, c->f.male[i]))
            return GENDER_MALE;
        if (list_has(c->a, c->rules, head, c->f.female[i]))
            return GENDER_FEMALE;
    }
    return GENDER_UNKNOWN;
}

static uint64_t
head_hash(const Coref *c, uint32_t token)
{
    return c->a->tokens.items[token].hash;
}

/* ---- unnamed entities */

uint32_t
coref_unnamed(Coref *c, uint32_t mention, EntityType type, bool plural, Gender gender)
{
    Entity *e = vec_push(c->a->arena, &c->a->entities);

    e->type = type;
    e->plural = plural;
    e->gender = gender;
    e->name = article_words(c->a, c->a->mentions.items[mention].bytes);
    *vec_push(c->arena, &c->unnamed) = c->a->entities.count - 1;
    return c->a->entities.count - 1;
}

static uint64_t
words_hash(const Coref *c, Range tokens)
{
    uint64_t hash = 0;

    for (uint32_t i = tokens.start; i < tokens.end; i++)
        if (!token_has(c->a, c->rules, i, c->f.det))
            hash = hash_pair(hash, c->a->tokens.items[i].hash);
    return hash;
}

/* An unnamed entity of before: with the same words, or, for a definite phrase, with the same head. */
static uint32_t
same_unnamed(const Coref *c, Range tokens, const Nominal *n)
{
    uint64_t words = words_hash(c, tokens);

    for (uint32_t i = c->unnamed.count, looked = 0; i-- > 0 && looked < UNNAMED; looked++) {
        uint32_t e = c->unnamed.items[i];
        const Indices *mentions = &c->a->entities.items[e].mentions;
        const Mention *first;
        if (mentions->count == 0)
            continue;
        first = &c->a->mentions.items[mentions->items[0]];
        if (first->kind != KIND_NOMINAL)
            continue;
        if (words_hash(c, first->tokens) == words)
            return e;
        if (n->definite && tokens.end == n->head + 1 && head_hash(c, coref_head(c, first->tokens)) == head_hash(c, n->head))
            return e;
    }
    return NONE;
}

/* ---- all of it */

uint32_t
coref_body_ending(const Coref *c, uint32_t token)
{
    const Article *a = c->a;

    if (!(a->tokens.items[token].flags & TOKEN_CAPITAL) || a->tokens.items[token].flags & TOKEN_SENTENCE || c->name_at[token] != NONE)
        return NONE;
    for (uint32_t i = c->seen.count, looked = 0; i-- > 0 && looked < BODIES; looked++) {
        const Mention *m = &a->mentions.items[c->seen.items[i].mention];
        if (m->kind == KIND_NAME && m->type == TYPE_ORGANIZATION && m->tokens.end > m->tokens.start + 1 &&
            a->tokens.items[m->tokens.end - 1].hash == a->tokens.items[token].hash)
            return m->entity;
    }
    return NONE;
}

/* "Head of the Harbour Board Jane Doe": the person whose name ends the phrase, behind a word of the title. */
static uint32_t
named_at_end(const Coref *c, Range tokens)
{
    const Article *a = c->a;

    for (uint32_t i = tokens.end; i-- > tokens.start + 1;) {
        const Mention *m = c->name_at[i] == NONE ? NULL : &a->mentions.items[c->name_at[i]];
        if (m == NULL)
            continue;
        return m->tokens.end == tokens.end && m->type == TYPE_PERSON && (a->tokens.items[i - 1].flags & TOKEN_CAPITAL) &&
                       !token_has(a, c->rules, i - 1, c->f.prep) && !token_has(a, c->rules, i - 1, c->f.conj)
                   ? m->entity
                   : NONE;
    }
    return NONE;
}

/* The phrase is a title and its holder's name ("Secretary of State Jane Doe"), or stands beside the name in apposition. */
static uint32_t
named_in(const Coref *c, Range tokens, uint32_t head)
{
    uint32_t held;

    for (uint32_t i = tokens.start; i <= head; i++) {
        const Mention *m = c->name_at[i] == NONE ? NULL : &c->a->mentions.items[c->name_at[i]];
        if (m && m->tokens.end == head + 1 && m->tokens.end == tokens.end)
            return m->entity;
    }
    held = held_in(c, tokens, head);
    return held != NONE ? held : named_at_end(c, tokens);
}

/* "Acme's former chief": a new source is brought in by an office that he has, not by one that he had. */
static bool
is_owned_former(const Coref *c, Range tokens, uint32_t head)
{
    uint32_t owner = c->name_at[tokens.start];
    uint32_t i = owner == NONE ? head : c->a->mentions.items[owner].tokens.end;

    if (i >= head || !coref_owner_sign(c->a, i))
        return false;
    while (++i < head)
        if (token_has(c->a, c->rules, i, c->f.former))
            return true;
    return false;
}

/* "The state's chief judge": the owner's, whom the text brings in so. */
static bool
is_owned(const Coref *c, Range tokens, uint32_t head)
{
    for (uint32_t i = tokens.start + 1; i <= head; i++)
        if (coref_owner_sign(c->a, i))
            return true;
    return false;
}

/* "The Harbour Leader": a name that begins with "the". */
static bool
is_called_so(const Coref *c, Range tokens, uint32_t head)
{
    return head > tokens.start + 1 && (c->a->tokens.items[head].flags & c->a->tokens.items[head - 1].flags & TOKEN_CAPITAL) &&
           !token_has(c->a, c->rules, head, c->f.calling);
}

/* "The nurse who called said": which nurse it is the clause says. */
static bool
is_told_apart(const Coref *c, Range tokens)
{
    return tokens.end < c->a->tokens.count && list_has(c->a, c->rules, tokens.end, c->f.relative);
}

/* "Jane Doe left. The Ohio businesswoman said …": who is called by something that the text has not said of anybody is whom it was just
 * about.  Not the sources of news, whom it brings in so ("the analyst"), nor whom a title alone names ("the president"), nor
 * what may be several people or a company ("the crowd", "the world's biggest producer"); but by what one is called again ("the striker"). */
static uint32_t
spoken_of(const Coref *c, uint32_t number, Range tokens, const Nominal *n)
{
    bool bare = tokens.end == n->head + 1 && n->head == tokens.start + 1;
    bool calling = bare && token_has(c->a, c->rules, n->head, c->f.calling);
    bool former = is_owned_former(c, tokens, n->head);

    if (!calling && ((list_has(c->a, c->rules, n->head, c->f.source) && !former) || (n->title && bare)))
        return NONE;
    if (list_has(c->a, c->rules, n->head, c->f.group) || token_has(c->a, c->rules, n->head, c->f.org_noun) ||
        (is_owned(c, tokens, n->head) && !former && !token_has(c->a, c->rules, n->head, c->f.calling)) || is_called_so(c, tokens, n->head) || is_told_apart(c, tokens))
        return NONE;
    return coref_goes_on_about(c, number, gender_of(c, n->head));
}

/* "Jane Doe, the harbour's pilot, said", where a sentence or its words behind a quote begin with the name. */
static uint32_t
named_beside(const Coref *c, Range tokens)
{
    const Article *a = c->a;
    const Seen *s = c->seen.count ? &c->seen.items[c->seen.count - 1] : NULL;
    const Mention *m = s ? &a->mentions.items[s->mention] : NULL;
    const Feature *mark = &c->rules->features.items[F_QUOTE_MARK];

    if (m == NULL || m->kind != KIND_NAME || m->type != TYPE_PERSON || m->tokens.end + 1 != tokens.start ||
        a->text[a->tokens.items[m->tokens.end].start] != ',')
        return NONE;
    return (a->tokens.items[m->tokens.start].flags & TOKEN_SENTENCE) || (m->tokens.start > 0 && tape_bit(a, m->tokens.start - 1, mark->begin))
               ? s->entity
               : NONE;
}

/* "the Oslo-based company", "the New York-listed group": all that is said of the body is a name and what that has to do with it. */
static bool
is_told_by_name(const Coref *c, Range tokens, uint32_t head)
{
    const Article *a = c->a;
    uint32_t first = tokens.start + 1, hyphen = first + 1;

    if (first < head && c->name_at[first] != NONE)
        hyphen = a->mentions.items[c->name_at[first]].tokens.end;
    return hyphen + 2 == head && a->tokens.items[first].flags & TOKEN_CAPITAL && a->text[a->tokens.items[hyphen].start] == '-';
}

/* "He and his wife, Jane, left", then "His wife said": whom the text has named beside that word for kin. */
static uint32_t
kin_named(const Coref *c, Range tokens, uint32_t head)
{
    const Article *a = c->a;

    if (!token_has(a, c->rules, head, c->f.kin) || list_has(a, c->rules, head, c->f.plurals[4]) || head != tokens.start + 1 || tokens.end != head + 1 || !list_has(a, c->rules, tokens.start, c->f.possessive))
        return NONE;
    for (uint32_t i = c->seen.count, looked = 0; i-- > 0 && looked < UNNAMED; looked++) {
        const Mention *m = &a->mentions.items[c->seen.items[i].mention];
        uint32_t kin = m->tokens.start;
        if (m->kind != KIND_NAME || m->type != TYPE_PERSON || kin < 3)
            continue;
        kin -= a->text[a->tokens.items[kin - 1].start] == ',' ? 2 : 1;
        if (a->tokens.items[kin].hash == a->tokens.items[head].hash)
            return c->seen.items[i].entity;
    }
    return NONE;
}

uint32_t
coref_nominal(Coref *c, uint32_t number)
{
    Range tokens = c->a->mentions.items[number].tokens;
    Nominal n = read_nominal(c, tokens);
    bool bare = tokens.end == n.head + 1 && n.head == tokens.start + 1; /* "the company", nothing more */
    uint32_t found = n.plural ? NONE : named_in(c, tokens, n.head);

    if (found == NONE && n.definite && n.type == TYPE_PERSON && !n.plural)
        found = named_beside(c, tokens);

    c->vague = n.type == TYPE_NONE;
    if (found == NONE && n.document && !n.plural)
        c->document = (found = documents_find(c, tokens, &n)) != NONE;
    if (found == NONE && n.definite && n.type == TYPE_PERSON && n.title && !n.plural)
        found = held_find(c, tokens, n.head);
    if (found == NONE && n.definite && !n.plural && tokens.end == n.head + 1 && token_has(c->a, c->rules, n.head, c->f.org_noun) &&
        (n.type == TYPE_ORGANIZATION || list_has(c->a, c->rules, n.head, c->f.group)) && !is_told_apart(c, tokens))
        found = bodies_find(c, (Range){tokens.start + 1, n.head}, n.head);
    if (found == NONE && n.definite && n.type == TYPE_ORGANIZATION && !n.plural && is_told_by_name(c, tokens, n.head))
        found = bodies_main(c, n.head);
    if (found == NONE && n.definite && bare)
        found = coref_body_ending(c, n.head);
    if (found == NONE)
        found = kin_named(c, tokens, n.head);
    if (found == NONE)
        found = same_unnamed(c, tokens, &n);
    if (found == NONE && (n.definite || is_owned_former(c, tokens, n.head)) && n.type == TYPE_PERSON && !n.plural)
        found = spoken_of(c, number, tokens, &n);
    if (found != NONE)
        return found;
    return coref_unnamed(c, number, n.type == TYPE_ORGANIZATION ? TYPE_ORGANIZATION : TYPE_PERSON, n.plural,
                         n.type == TYPE_PERSON && !n.plural ? gender_of(c, n.head) : GENDER_UNKNOWN);
}
