/* Entities: the names that mean one thing become one node.
 *
 * forms.h gathers the ways in which names are written and joins whole names; here each mention gets its entity.  A person
 * by one word ("Clinton", "Mrs. Clinton") is looked at mention by mention: it goes to the person whose name has that word,
 * whose sex agrees with the honorific, and who is the likeliest of them. */
#include "base/hash.h"
#include "stages/forms.h"
#include "stages/lists.h"
#include "stages/stages.h"

enum { CHAIN = 32, RECENT = 200 /* names that are looked back at */, KIN = 60 /* who is brought in as somebody's wife is not whom the surname alone means */ };

typedef struct {
    Forms forms;
    Article *a;
    const RuleSet *rules;
    Gender *said;      /* for each mention: the sex that its honorific or title tells */
    uint64_t *called;  /* for each mention: what it is called by, Dr., Senator, as a set of one bit by the word's number */
    uint32_t words;    /* how many such words there are */
    uint64_t *titles;  /* for each entity: all that it is called by in full, such sets joined */
    uint32_t *entity;  /* for each form: its entity, or NONE */
    uint32_t *weight;  /* for each entity: how often it is named in full */
    uint32_t *last;    /* for each entity: where it was named last, as a place in forms.order, + 1; 0: not yet */
    uint32_t room;     /* of the three */
} Joiner;

/* ---- sex and titles */

/* The bit of a word that people are called by: the words are numbered as they come, and beyond 64, which no article has that was
 * not written to have them, two may share a bit. */
static uint64_t
bit_of_word(Joiner *j, uint64_t word)
{
    uint32_t link = forms_find(&j->forms, KEY_CALLED, TYPE_TITLE, word);
    uint32_t number = link ? j->forms.links.items[link].form : j->words++; /* here the table holds numbers */

    if (link == 0)
        forms_put(&j->forms, KEY_CALLED, TYPE_TITLE, word, number);
    return 1ull << (number & 63);
}

static void
read_titles(Joiner *j, Scratch *scratch)
{
    static const char *const LISTS[2][3] = {{"honorific.m", "title.m", "title-capital.m"},
                                            {"honorific.f", "title.f", "title-capital.f"}};
    uint16_t feature[2][3];
    FeatureWanted wanted[6];
    const Article *a = j->a;

    j->said = arena_zero(j->forms.arena, ((size_t)a->mentions.count + 1) * sizeof *j->said);
    j->called = arena_zero(j->forms.arena, ((size_t)a->mentions.count + 1) * sizeof *j->called);
    for (int g = 0; g < 2; g++)
        for (int k = 0; k < 3; k++)
            wanted[g * 3 + k] = (FeatureWanted){LISTS[g][k], &feature[g][k]};
    list_features(j->rules, scratch, ASKED_CALLED, wanted, 6);
    for (uint32_t i = 0; i < a->titles.count; i++) {
        const HeldTitle *t = &a->titles.items[i];
        Range r = a->mentions.items[t->mention].tokens;
        if (t->holder == NONE)
            continue;
        j->called[t->holder] |= bit_of_word(j, a->tokens.items[r.end - 1].hash);
        for (uint32_t token = r.start; token < r.end; token++)
            for (int g = 0; g < 2; g++)
                for (int k = t->honorific || r.end - r.start == 1 ? 0 : 1; k < 3; k++) /* a chief executive is no chief */
                    if (list_has(a, j->rules, token, feature[g][k]))
                        j->said[t->holder] = g ? GENDER_FEMALE : GENDER_MALE;
    }
}

/* What the lists tell of a public figure, or the given name, if it is borne by one sex only. */
static Gender
gender_of_name(const Joiner *j, const NameForm *form)
{
    Range tokens = j->a->mentions.items[form->mention].tokens;
    uint32_t given = form_part(&j->forms, form, 0)->token;
    bool m = list_holds(j->a, j->rules, tokens, j->forms.f.public_m), f = list_holds(j->a, j->rules, tokens, j->forms.f.public_f);

    if (!m && !f) {
        m = list_has(j->a, j->rules, given, j->forms.f.given_m);
        f = list_has(j->a, j->rules, given, j->forms.f.given_f);
    }
    return m == f ? GENDER_UNKNOWN : m ? GENDER_MALE : GENDER_FEMALE;
}

/* Whom a name means that stands alone is hardly ever another: Thatcher is a woman unless the text says otherwise. */
static Gender
lean_of_name(const Joiner *j, Range name)
{
    if (name.end != name.start + 1)
        return GENDER_UNKNOWN;
    if (list_has(j->a, j->rules, name.start, j->forms.f.lone_m))
        return GENDER_MALE;
    return list_has(j->a, j->rules, name.start, j->forms.f.lone_f) ? GENDER_FEMALE : GENDER_UNKNOWN;
}

/* ---- making entities */

static uint32_t
new_entity(Joiner *j, EntityType type)
{
    Entity *e = vec_push(j->a->arena, &j->a->entities);
    uint32_t number = j->a->entities.count - 1;

    e->type = type;
    e->named = true;
    if (number >= j->room) {
        uint32_t room = j->room ? j->room * 2 : 64;
        uint32_t *weight = arena_zero(j->forms.arena, room * sizeof *weight);
        uint32_t *last = arena_zero(j->forms.arena, room * sizeof *last);
        uint64_t *titles = arena_zero(j->forms.arena, room * sizeof *titles);
        if (j->room) {
            memcpy(weight, j->weight, j->room * sizeof *weight);
            memcpy(last, j->last, j->room * sizeof *last);
            memcpy(titles, j->titles, j->room * sizeof *titles);
        }
        j->weight = weight;
        j->last = last;
        j->titles = titles;
        j->room = room;
    }
    return number;
}

static void
attach(Joiner *j, uint32_t mention, uint32_t entity)
{
    j->a->mentions.items[mention].entity = entity;
    *vec_push(j->a->arena, &j->a->entities.items[entity].mentions) = mention;
}

/* ---- persons by one word */

typedef struct {
    uint32_t entity;
    int score;
} Choice;

/* Which part of the full name is the word? */
static int
part_score(const Joiner *j, const NameForm *full, uint64_t hash)
{
    if (form_part(&j->forms, full, full->count - 1)->hash == hash)
        return 6;
    if (form_part(&j->forms, full, 0)->hash == hash)
        return token_has(j->a, j->rules, form_part(&j->forms, full, 0)->token, j->forms.f.asian) ? 6 : 3;
    return 4;
}

/* Of two that fit as well: who was named last, or, where neither was yet ("Lee" in a headline), who will be first. */
static bool
is_nearer(const Joiner *j, uint32_t e, uint32_t than)
{
    return than != NONE && (j->last[e] > j->last[than] || (j->last[e] == 0 && j->last[than] == 0 && e < than));
}

static uint32_t
choose_person(Joiner *j, const NameForm *lone, Gender said, uint64_t called, uint32_t place)
{
    const NamePart *word = form_part(&j->forms, lone, 0);
    uint32_t link = forms_find(&j->forms, KEY_PART, TYPE_PERSON, word->hash), best = NONE;
    int best_score = 0;

    for (int looked = 0; link && looked < CHAIN; link = j->forms.links.items[link].next, looked++) {
        const NameForm *full = &j->forms.forms.items[j->forms.links.items[link].form];
        uint32_t e;
        Gender sex;
        int score;
        if (full->count < 2 || (lone->suffix && full->suffix && lone->suffix != full->suffix))
            continue;
        e = j->entity[forms_root(&j->forms, j->forms.links.items[link].form)];
        sex = j->a->entities.items[e].gender;
        if (said && sex && said != sex)
            continue;
        score = part_score(j, full, word->hash) * 100 + (said && said == sex ? 250 : 0);
        score += called & j->titles[e] ? 200 : 0;
        score += j->last[e] && j->last[e] <= place ? 150 : 0;
        score += j->weight[e] > 9 ? 90 : (int)j->weight[e] * 10;
        score -= forms_kin_before(&j->forms, &j->a->mentions.items[full->mention]) ? KIN : 0;
        if (score > best_score || (score == best_score && is_nearer(j, e, best))) {
            best = e;
            best_score = score;
        }
    }
    return best;
}

/* Whom the text has named in full not long ago, if the word is that surname misspelt. */
static uint32_t
misspelt_person(const Joiner *j, const NameForm *lone, Gender said, uint32_t place)
{
    const Forms *f = &j->forms;

    for (uint32_t i = place; i > 0 && place - i < RECENT; i--) {
        uint32_t number = f->form_of[f->order[i - 1]], e;
        const NameForm *full = &f->forms.items[number];
        if (full->type != TYPE_PERSON || full->count < 2 ||
            !forms_misspelt(f, form_part(f, lone, 0), form_part(f, full, full->count - 1)))
            continue;
        e = j->a->mentions.items[f->order[i - 1]].entity;
        if (!said || !j->a->entities.items[e].gender || said == j->a->entities.items[e].gender)
            return e;
    }
    return NONE;
}

/* A person whom the text never names in full: one entity for each word and sex. */
static uint32_t
lone_person(Joiner *j, const NameForm *lone, Gender said, uint32_t place)
{
    uint64_t hash = form_part(&j->forms, lone, 0)->hash;
    uint32_t link = 0, e;

    for (int g = 0; g < 3 && link == 0; g++) /* the same sex, or one unknown */
        if ((Gender)g == said || said == GENDER_UNKNOWN || g == GENDER_UNKNOWN)
            link = forms_find(&j->forms, KEY_SET, TYPE_PERSON, hash_pair(hash, (uint64_t)g));
    if (link) {
        e = j->forms.links.items[link].form; /* here the table holds entities */
        if (j->a->entities.items[e].gender == GENDER_UNKNOWN)
            j->a->entities.items[e].gender = said;
        return e;
    }
    e = misspelt_person(j, lone, said, place);
    if (e == NONE) {
        e = new_entity(j, TYPE_PERSON);
        j->a->entities.items[e].gender = said;
    }
    forms_put(&j->forms, KEY_SET, TYPE_PERSON, hash_pair(hash, (uint64_t)said), e);
    return e;
}

/* ---- names */

/* An entity for every root, in the order of the first mention; full names learn their sex first. */
static void
make_roots(Joiner *j)
{
    Forms *f = &j->forms;

    j->entity = arena_alloc(f->arena, ((size_t)f->forms.count + 1) * sizeof *j->entity);
    memset(j->entity, 0xff, ((size_t)f->forms.count + 1) * sizeof *j->entity);
    for (uint32_t i = 0; i < f->order_count; i++) {
        uint32_t mention = f->order[i], form = f->form_of[mention], root = forms_root(f, form), e;
        if (f->forms.items[form].lone)
            continue;
        if (j->entity[root] == NONE)
            j->entity[root] = new_entity(j, f->forms.items[root].type);
        e = j->entity[root];
        j->weight[e]++;
        j->titles[e] |= j->called[mention];
        if (j->said[mention])
            j->a->entities.items[e].gender = j->said[mention];
        else if (f->forms.items[form].type == TYPE_PERSON && f->forms.items[form].mention == mention && /* the form's first */
                 j->a->entities.items[e].gender == GENDER_UNKNOWN)
            j->a->entities.items[e].gender = gender_of_name(j, &f->forms.items[form]);
    }
}

static void
place_mentions(Joiner *j)
{
    Forms *f = &j->forms;

    for (uint32_t i = 0; i < f->order_count; i++) {
        uint32_t mention = f->order[i];
        const NameForm *form = &f->forms.items[f->form_of[mention]];
        uint32_t e = NONE;
        if (form->lone) {
            e = choose_person(j, form, j->said[mention], j->called[mention], i);
            if (e == NONE)
                e = lone_person(j, form, j->said[mention], i);
            if (j->a->entities.items[e].gender == GENDER_UNKNOWN && j->a->entities.items[e].lean == GENDER_UNKNOWN)
                j->a->entities.items[e].lean = lean_of_name(j, j->a->mentions.items[mention].tokens);
        } else {
            e = j->entity[forms_root(f, f->form_of[mention])];
        }
        attach(j, mention, e);
        j->last[e] = i + 1;
    }
}

static bool
in_capitals(const Article *a, const Mention *m)
{
    uint32_t words = 0;

    for (uint32_t i = m->tokens.start; i < m->tokens.end; i++) {
        const Token *t = &a->tokens.items[i];
        if (t->shape != SHAPE_UPPER && t->shape != SHAPE_LETTERS && t->shape != SHAPE_PUNCT && !(t->flags & TOKEN_INITIAL))
            return false;
        words += t->shape == SHAPE_UPPER && t->end - t->start > 1;
    }
    return words > 0;
}

/* BEIJING as Beijing: a dateline's capitals are no part of the name. */
static const char *
in_small_letters(Joiner *j, const Mention *m)
{
    char *name = article_slice(j->a, m->bytes);

    for (uint32_t i = m->tokens.start; i < m->tokens.end; i++) {
        const Token *t = &j->a->tokens.items[i];
        if (!(t->flags & (TOKEN_DOTTED | TOKEN_NONASCII | TOKEN_INITIAL)))
            for (uint32_t at = t->start + 1; at < t->end; at++)
                if (name[at - m->bytes.start] >= 'A' && name[at - m->bytes.start] <= 'Z')
                    name[at - m->bytes.start] |= 0x20;
    }
    return name;
}

/* "Our Nation" names no country. */
static bool
is_land(const Joiner *j, const NameForm *form)
{
    return form->type == TYPE_PLACE && form->count == 1 &&
           list_has(j->a, j->rules, form_part(&j->forms, form, 0)->token, j->forms.f.land);
}

/* How full a form is: the most words count, of these one that is not in capitals, of these the longest.  0 if it is no fuller than another. */
static uint32_t
fullness(const Joiner *j, const Mention *m, const NameForm *form, uint32_t than)
{
    uint32_t words = form->count, length = m->bytes.end - m->bytes.start, most = 2048 + (length > 2000 ? 2000 : length);

    if ((words > 100 ? 100 : words) * 4096 + most <= than)
        return 0; /* as most are: they are written like the first */
    words = is_land(j, form) ? 0 : words;
    for (uint32_t k = 0; k < form->count; k++)
        words -= form_part(&j->forms, form, k)->initial && words > 1;
    return (words > 100 ? 100 : words) * 4096 + most - (in_capitals(j->a, m) ? 2048 : 0);
}

/* The fullest form, of these the first. */
static void
name_entities(Joiner *j)
{
    for (uint32_t e = 0; e < j->a->entities.count; e++) {
        Entity *entity = &j->a->entities.items[e];
        const Mention *best = NULL;
        uint32_t best_score = 0;
        for (uint32_t i = 0; i < entity->mentions.count; i++) {
            const Mention *m = &j->a->mentions.items[entity->mentions.items[i]];
            const NameForm *form = &j->forms.forms.items[j->forms.form_of[entity->mentions.items[i]]];
            uint32_t score = fullness(j, m, form, best_score);
            if (best == NULL || score > best_score) {
                best = m;
                best_score = score;
            }
        }
        entity->name = best ? article_words(j->a, best->bytes) : "";
        if (best && best->type == TYPE_PLACE && in_capitals(j->a, best) &&
            tape_bit(j->a, best->tokens.start, j->rules->features.items[F_DATELINE].begin))
            entity->name = in_small_letters(j, best);
    }
}

/* ---- bodies that are told by an adjective */

/* "Chinese" in "Chinese Foreign Minister": China, if the text names it; else a body that has no name in the text. */
static uint32_t
adjective_entity(Joiner *j, const Mention *m)
{
    const char *code = ruleset_attribute(j->rules, j->a, m->tokens, "nationality", "country");
    uint64_t hash = 0;
    uint32_t link, e;

    if (code) {
        link = forms_find(&j->forms, KEY_WHOLE, TYPE_PLACE, hash_bytes(code, strlen(code)));
        if (link)
            return j->entity[forms_root(&j->forms, j->forms.links.items[link].form)];
    }
    for (uint32_t i = m->tokens.start; i < m->tokens.end; i++)
        hash = hash_pair(hash, j->a->tokens.items[i].hash);
    link = forms_find(&j->forms, KEY_SET, TYPE_TITLE, hash);
    if (link)
        return j->forms.links.items[link].form;
    e = new_entity(j, TYPE_ORGANIZATION); /* a land by its adjective is no place in the text */
    j->a->entities.items[e].named = false;
    j->a->entities.items[e].name = article_words(j->a, m->bytes);
    forms_put(&j->forms, KEY_SET, TYPE_TITLE, hash, e);
    return e;
}

static void
place_adjectives(Joiner *j)
{
    for (uint32_t i = 0; i < j->a->titles.count; i++) {
        uint32_t body = j->a->titles.items[i].body;
        if (body != NONE && !j->a->titles.items[i].indirect && j->a->mentions.items[body].entity == NONE) {
            uint32_t e = adjective_entity(j, &j->a->mentions.items[body]);
            j->a->mentions.items[body].type = j->a->entities.items[e].type;
            attach(j, body, e);
        }
    }
}

bool
entities_run(Article *a, const RuleSet *rules, Scratch *scratch, Error *err)
{
    Joiner j = {.a = a, .rules = rules};

    (void)err;
    forms_gather(&j.forms, a, rules, scratch);
    read_titles(&j, scratch);
    forms_join_people(&j.forms);
    forms_join_bodies(&j.forms);
    make_roots(&j);
    place_mentions(&j);
    name_entities(&j);
    place_adjectives(&j);
    return true;
}
