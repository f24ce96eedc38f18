#include "stages/forms.h"

#include "base/hash.h"
#include "base/order.h"
#include "stages/lists.h"
#include "text/utf8.h"

/* ---- the table */

enum { KEYS_OF_NAME = 4 }; /* room that the table has at first for each name, so that it is seldom made wider, and keys seldom meet */

static uint64_t
key_of(KeyKind kind, EntityType type, uint64_t hash)
{
    uint64_t key = hash_pair(hash, (uint64_t)kind * TYPE_COUNT + type);

    return key ? key : 1;
}

static uint32_t
slot_of(const Forms *f, uint64_t key)
{
    uint32_t at = (uint32_t)key & f->mask;

    while (f->keys[at] && f->keys[at] != key)
        at = (at + 1) & f->mask;
    return at;
}

static void
widen(Forms *f)
{
    Forms old = *f;

    f->mask = f->mask * 2 + 1;
    f->keys = arena_zero(f->arena, ((size_t)f->mask + 1) * sizeof *f->keys);
    f->heads = arena_zero(f->arena, ((size_t)f->mask + 1) * sizeof *f->heads);
    for (uint32_t i = 0; i <= old.mask; i++)
        if (old.keys[i]) {
            uint32_t at = slot_of(f, old.keys[i]);
            f->keys[at] = old.keys[i];
            f->heads[at] = old.heads[i];
        }
}

uint32_t
forms_find(const Forms *f, KeyKind kind, EntityType type, uint64_t hash)
{
    uint32_t at = slot_of(f, key_of(kind, type, hash));

    return f->keys[at] ? f->heads[at] : 0;
}

void
forms_put(Forms *f, KeyKind kind, EntityType type, uint64_t hash, uint32_t form)
{
    uint64_t key = key_of(kind, type, hash);
    uint32_t at;

    if (f->used * 2 > f->mask)
        widen(f);
    at = slot_of(f, key);
    if (f->keys[at] == 0) {
        f->keys[at] = key;
        f->used++;
    } else if (f->links.items[f->heads[at]].form == form) {
        return;
    }
    *vec_push(f->arena, &f->links) = (FormLink){form, f->heads[at]};
    f->heads[at] = f->links.count - 1;
}

uint32_t
forms_root(const Forms *f, uint32_t form)
{
    while (f->forms.items[form].root != form)
        form = f->forms.items[form].root;
    return form;
}

/* ---- gathering */

/* Is it a word that says nothing of who is meant: an article, "of", "and"? */
static bool
is_filler(const Forms *f, uint32_t token)
{
    const Token *t = &f->a->tokens.items[token];

    if (t->shape == SHAPE_PUNCT || t->end - t->start == 0)
        return true;
    if (f->a->text[t->start] == '\'' || t->end - t->start > 5)
        return false;
    return token_has(f->a, f->rules, token, f->f.det) ||
           (!(t->flags & TOKEN_CAPITAL) &&
            (token_has(f->a, f->rules, token, f->f.prep) || token_has(f->a, f->rules, token, f->f.conj)));
}

static bool
is_clitic(const Forms *f, uint32_t token)
{
    const Token *t = &f->a->tokens.items[token];

    return (t->flags & TOKEN_GLUED) && t->end - t->start <= 4 &&
           (f->a->text[t->start] == '\'' || (unsigned char)f->a->text[t->start] == 0xe2);
}

/* The tokens of a name without its suffix (Ltd., Jr.), article and possessive. */
static Range
bare(const Forms *f, const Mention *m, uint64_t *suffix)
{
    Range r = m->tokens;

    *suffix = 0;
    while (r.end - r.start > 1 && is_clitic(f, r.end - 1))
        r.end--;
    while (r.end - r.start > 1) {
        const Token *t = &f->a->tokens.items[r.end - 1];
        if (t->shape == SHAPE_PUNCT) {
            r.end--;
        } else if (m->type == TYPE_PERSON && token_has(f->a, f->rules, r.end - 1, f->f.suffix)) {
            if (list_has(f->a, f->rules, r.end - 1, f->f.generation))
                *suffix = t->hash;
            r.end--;
        } else if (m->type == TYPE_ORGANIZATION && token_has(f->a, f->rules, r.end - 1, f->f.org_suffix)) {
            r.end--;
        } else {
            break;
        }
    }
    return r;
}

/* A person's name counts as it is spelled most often: Qaddafi as Gaddafi. */
static uint64_t
spelled(const Forms *f, EntityType type, uint32_t token)
{
    const char *same = type == TYPE_PERSON && list_has(f->a, f->rules, token, f->f.spelling)
                           ? list_attribute(f->a, f->rules, (Range){token, token + 1}, f->f.spelling, "same")
                           : NULL;
    char fold[TOKEN_FOLD];

    return same ? hash_bytes(fold, utf8_fold(same, strlen(same), fold, sizeof fold)) : f->a->tokens.items[token].hash;
}

static void
add_parts(Forms *f, NameForm *form, Range tokens)
{
    form->first = f->parts.count;
    for (int pass = 0; pass < 2 && f->parts.count == form->first; pass++)
        for (uint32_t i = tokens.start; i < tokens.end; i++)
            if (pass || !is_filler(f, i)) {
                const Token *t = &f->a->tokens.items[i];
                *vec_push(f->arena, &f->parts) = (NamePart){spelled(f, form->type, i), i, (t->flags & (TOKEN_INITIAL | TOKEN_DOTTED)) != 0};
            }
    form->count = f->parts.count - form->first;
}

static uint64_t
text_hash(const char *text)
{
    return hash_bytes(text, strlen(text));
}

/* The country's code, if the lists know the name as a country's. */
static const char *
country_code(const Forms *f, const Mention *m)
{
    const char *code = NULL;

    if (m->type == TYPE_PLACE && token_has(f->a, f->rules, m->tokens.start, f->f.country))
        code = list_attribute(f->a, f->rules, m->tokens, f->f.country, "iso");
    if (m->type == TYPE_PLACE && code == NULL && token_has(f->a, f->rules, m->tokens.start, f->f.alias))
        code = list_attribute(f->a, f->rules, m->tokens, f->f.alias, "iso");
    return code;
}

/* Other names of one thing (Burma, Myanmar; GOP) are one form, if a list says so; so are those of a country or state, by
 * its code. */
static uint64_t
whole_hash(const Forms *f, const NameForm *form, const Mention *m, const char *country)
{
    uint64_t hash = form->suffix;
    const char *code = NULL;

    if (country)
        return text_hash(country);
    if (m->type != TYPE_PERSON && token_has(f->a, f->rules, m->tokens.start, f->f.alias))
        code = list_attribute(f->a, f->rules, m->tokens, f->f.alias, "same");
    if (code == NULL && m->type == TYPE_PLACE && token_has(f->a, f->rules, m->tokens.start, f->f.state))
        code = list_attribute(f->a, f->rules, m->tokens, f->f.state, "code");
    if (code)
        return hash_pair(text_hash(code), 1);
    for (uint32_t i = 0; i < form->count; i++)
        hash = hash_pair(hash, form_part(f, form, i)->hash);
    return hash;
}

static bool
looks_like_acronym(const Forms *f, const NameForm *form)
{
    const Token *t = &f->a->tokens.items[form_part(f, form, 0)->token];

    return form->count == 1 && (t->shape == SHAPE_UPPER || t->shape == SHAPE_LETTERS) && t->end - t->start >= 2 && t->end - t->start <= 12;
}

static void
add_mention(Forms *f, uint32_t number)
{
    const Mention *m = &f->a->mentions.items[number];
    NameForm form = {.type = m->type, .mention = number, .uses = 1, .apart = NONE};
    const char *country = country_code(f, m);
    uint32_t link, parts = f->parts.count;
    uint64_t hash;

    add_parts(f, &form, bare(f, m, &form.suffix));
    hash = whole_hash(f, &form, m, country);
    link = forms_find(f, KEY_WHOLE, m->type, hash);
    if (link) {
        f->parts.count = parts;
        f->form_of[number] = f->links.items[link].form;
        f->forms.items[f->form_of[number]].uses++;
        return;
    }
    form.root = f->forms.count;
    form.lone = form.type == TYPE_PERSON && form.count == 1;
    form.capitals = looks_like_acronym(f, &form);
    forms_put(f, KEY_WHOLE, m->type, hash, form.root);
    if (form.count <= 12)
        for (uint32_t i = 0; i < form.count; i++)
            forms_put(f, KEY_PART, m->type, form_part(f, &form, i)->hash, form.root);
    *vec_push(f->arena, &f->forms) = form;
    f->form_of[number] = form.root;
}

static void
put_in_order(Forms *f)
{
    uint32_t n = 0;
    uint64_t *keys = arena_alloc(f->arena, ((size_t)f->a->mentions.count + 1) * sizeof *keys);

    for (uint32_t i = 0; i < f->a->mentions.count; i++) {
        const Mention *m = &f->a->mentions.items[i];
        if (m->kind == KIND_NAME && m->type >= TYPE_PERSON && m->type <= TYPE_PLACE)
            keys[n++] = order_key(m->tokens.start, i);
    }
    order_sort(keys, n, f->arena);
    f->order = arena_alloc(f->arena, ((size_t)n + 1) * sizeof *f->order);
    for (uint32_t i = 0; i < n; i++)
        f->order[i] = order_number(keys[i]);
    f->order_count = n;
}

static void
find_features(Forms *f, Scratch *scratch)
{
    const FeatureWanted FEATURES[] = {
        {"name-suffix", &f->f.suffix},   {"name-suffix.generation", &f->f.generation},
        {"org-suffix", &f->f.org_suffix}, {"honorific", &f->f.honorific}, {"det", &f->f.det},
        {"prep", &f->f.prep},            {"conj", &f->f.conj},           {"country", &f->f.country},
        {"us-state", &f->f.state},       {"city", &f->f.city},           {"nationality", &f->f.nationality},
        {"division", &f->f.division},    {"org-head", &f->f.org_head},   {"org-noun", &f->f.org_noun},
        {"given.m", &f->f.given_m},      {"given.f", &f->f.given_f},     {"public.m", &f->f.public_m},
        {"public.f", &f->f.public_f},   {"surname", &f->f.surname},
        {"mononym.m", &f->f.lone_m},     {"mononym.f", &f->f.lone_f},
        {"asian-surname", &f->f.asian},  {"place-head", &f->f.place_head},
        {"name-alias", &f->f.alias},     {"nickname", &f->f.nickname},   {"place-head.water", &f->f.water},
        {"place-head.relief", &f->f.relief}, {"org-head.first", &f->f.org_first}, {"place-noun.land", &f->f.land},
        {"name-spelling", &f->f.spelling}, {"kin", &f->f.kin},         {"org-head.company", &f->f.company_head},
    };

    list_features(f->rules, scratch, ASKED_FORMS, FEATURES, sizeof FEATURES / sizeof *FEATURES);
}

bool
forms_kin_before(const Forms *f, const Mention *m)
{
    uint32_t before = m->tokens.start;

    if (before > 1 && f->a->text[f->a->tokens.items[before - 1].start] == ',')
        before--;
    return before > 0 && list_has(f->a, f->rules, before - 1, f->f.kin);
}

void
forms_gather(Forms *f, Article *a, const RuleSet *rules, Scratch *scratch)
{
    Arena *arena = &scratch->arena;

    *f = (Forms){.a = a, .rules = rules, .arena = arena, .mask = 255};
    find_features(f, scratch);
    put_in_order(f);
    while (f->mask < KEYS_OF_NAME * f->order_count)
        f->mask = f->mask * 2 + 1;
    f->keys = arena_zero(arena, ((size_t)f->mask + 1) * sizeof *f->keys);
    f->heads = arena_zero(arena, ((size_t)f->mask + 1) * sizeof *f->heads);
    (void)vec_push(arena, &f->links);
    f->form_of = arena_alloc(arena, ((size_t)a->mentions.count + 1) * sizeof *f->form_of);
    memset(f->form_of, 0xff, ((size_t)a->mentions.count + 1) * sizeof *f->form_of);
    for (uint32_t i = 0; i < f->order_count; i++)
        add_mention(f, f->order[i]);
}
