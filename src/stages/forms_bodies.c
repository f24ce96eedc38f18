/* Joins the forms of organizations and places: acronyms, words in another order (Defence Ministry, Ministry of Defence),
 * the beginning or end of a longer name (Huawei, Huawei Technologies; Senate, U.S. Senate). */
#include "base/hash.h"
#include "stages/forms.h"
#include "stages/lists.h"
#include "text/utf8.h"

enum { CHAIN = 64, LETTERS = 12 };

/* ---- acronyms */

static size_t
first_letter(const Forms *f, uint32_t token, char *out)
{
    const Token *t = &f->a->tokens.items[token];
    uint32_t size;

    utf8_next(f->a->text + t->start, &size);
    return utf8_fold(f->a->text + t->start, size, out, 4);
}

static void
put_initials(Forms *f, uint32_t number, Range tokens, bool all)
{
    const NameForm *form = &f->forms.items[number];
    char letters[LETTERS * 4 + 4];
    size_t n = 0, count = 0;

    if (all) {
        for (uint32_t i = tokens.start; i < tokens.end && count < LETTERS; i++)
            if (f->a->tokens.items[i].shape != SHAPE_PUNCT && !(f->a->tokens.items[i].flags & TOKEN_GLUED && f->a->text[f->a->tokens.items[i].start] == '\'')) {
                n += first_letter(f, i, letters + n);
                count++;
            }
    } else {
        for (; count < form->count && count < LETTERS; count++)
            n += first_letter(f, form_part(f, form, (uint32_t)count)->token, letters + n);
    }
    if (count >= 2 && count < LETTERS)
        forms_put(f, KEY_INITIALS, form->type, hash_bytes(letters, n), number);
}

/* "European Central Bank (ECB)": what stands in brackets behind a name may be looser than its initials, but it begins as
 * one of its words does, or is used again. */
static bool
is_bracketed(const Forms *f, const Mention *name, const Mention *acronym)
{
    const Article *a = f->a;
    uint32_t open = name->tokens.end, close = acronym->tokens.end;

    return acronym->tokens.start == open + 1 && close < a->tokens.count &&
           (a->text[a->tokens.items[open].start] == '(' || a->text[a->tokens.items[open].start] == '[') &&
           (a->text[a->tokens.items[close].start] == ')' || a->text[a->tokens.items[close].start] == ']');
}

static bool
begins_alike(const Forms *f, const NameForm *name, const NameForm *acronym)
{
    char x[4], y[4];
    size_t n = first_letter(f, form_part(f, acronym, 0)->token, x);

    for (uint32_t i = 0; i < name->count; i++)
        if (first_letter(f, form_part(f, name, i)->token, y) == n && memcmp(x, y, n) == 0)
            return true;
    return false;
}

static void
join_bracketed(Forms *f)
{
    for (uint32_t i = 0; i + 1 < f->order_count; i++) {
        const Mention *x = &f->a->mentions.items[f->order[i]], *y = &f->a->mentions.items[f->order[i + 1]];
        uint32_t fx = f->form_of[f->order[i]], fy = f->form_of[f->order[i + 1]];
        NameForm *one = &f->forms.items[fx], *two = &f->forms.items[fy];
        if (x->type != y->type || x->type == TYPE_PERSON || !is_bracketed(f, x, y))
            continue;
        if (two->capitals && one->count > 1 && two->root == fy && forms_root(f, fx) != fy &&
            (begins_alike(f, one, two) || two->uses > 1))
            two->root = fx;
        else if (one->capitals && two->count > 1 && one->root == fx && forms_root(f, fy) != fx)
            one->root = fy; /* CHP (Republican People's Party): letters of another language */
    }
}

/* ---- parts of longer names */

static bool
is_place_word(const Forms *f, uint32_t token)
{
    return token_has(f->a, f->rules, token, f->f.country) || token_has(f->a, f->rules, token, f->f.nationality) ||
           token_has(f->a, f->rules, token, f->f.state) || token_has(f->a, f->rules, token, f->f.city) ||
           token_has(f->a, f->rules, token, f->f.division);
}

/* Made of words such as Bank, Court, Group alone. */
static bool
is_generic(const Forms *f, const NameForm *form)
{
    for (uint32_t i = 0; i < form->count; i++) {
        uint32_t token = form_part(f, form, i)->token;
        if (!token_has(f->a, f->rules, token, f->f.org_head) && !token_has(f->a, f->rules, token, f->f.org_noun) &&
            !token_has(f->a, f->rules, token, f->f.place_head))
            return false;
    }
    return true;
}

static bool
same_parts(const Forms *f, const NameForm *small, const NameForm *big, uint32_t at)
{
    for (uint32_t i = 0; i < small->count; i++)
        if (form_part(f, small, i)->hash != form_part(f, big, at + i)->hash)
            return false;
    return true;
}

/* A word that a name of water or a mountain may leave off: the Hudson, the Hudson River. */
static bool
is_natural(const Forms *f, uint32_t token)
{
    return list_has(f->a, f->rules, token, f->f.water) || list_has(f->a, f->rules, token, f->f.relief);
}

/* Does `small` stand at the end of `big`, behind words that only say where ("Senate" of "U.S. Senate") or what sort of
 * body it is ("Scientology" of "Church of Scientology")? */
static bool
is_end_of(const Forms *f, const NameForm *small, const NameForm *big)
{
    uint32_t rest = big->count - small->count, first = form_part(f, big, 0)->token;

    if (rest == 1 && list_has(f->a, f->rules, first, f->f.org_first) && form_part(f, big, 1)->token > first + 1 &&
        !is_place_word(f, form_part(f, small, 0)->token) && !is_generic(f, small))
        return true;
    for (uint32_t i = 0; i < rest; i++)
        if (!is_place_word(f, form_part(f, big, i)->token))
            return false;
    return true;
}

/* Is it "the" and a generic word, "the Church", and the longer name begins or ends with that?  What is a body by itself does
 * not begin another one: the House, the House Oversight Committee. */
static bool
is_the_body(const Forms *f, const NameForm *small, const NameForm *big)
{
    uint32_t start = f->a->mentions.items[small->mention].tokens.start;

    if (small->count != 1 || start == 0 || !token_has(f->a, f->rules, start - 1, f->f.det) || !is_generic(f, small))
        return false;
    return (same_parts(f, small, big, 0) && !token_has(f->a, f->rules, start, f->f.alias)) ||
           same_parts(f, small, big, big->count - 1);
}

/* Is it a company by the one word behind: "Marlow Energy"?  Then "Marlow", where it is a body, is no town's team or council. */
static bool
is_company_of(const Forms *f, const NameForm *small, const NameForm *big)
{
    uint32_t first = form_part(f, small, 0)->token;

    return big->count == small->count + 1 && !token_has(f->a, f->rules, first, f->f.country) &&
           !token_has(f->a, f->rules, first, f->f.state) && list_has(f->a, f->rules, form_part(f, big, small->count)->token, f->f.company_head);
}

/* Is `small` a short form of `big`?  Its beginning ("Toyota" of "Toyota Motor"), unless that is a place's name or a
 * generic word; or its end. */
static bool
is_short_form(const Forms *f, const NameForm *small, const NameForm *big)
{
    bool begins = same_parts(f, small, big, 0);

    if (small->type == TYPE_PLACE)
        return begins && big->count == small->count + 1 && is_natural(f, form_part(f, big, small->count)->token);
    if (is_the_body(f, small, big))
        return true;
    if (begins)
        return !is_generic(f, small) && (small->count > 1 || !is_place_word(f, form_part(f, small, 0)->token) || is_company_of(f, small, big));
    return same_parts(f, small, big, big->count - small->count) && is_end_of(f, small, big);
}

static uint32_t
longer_form(const Forms *f, uint32_t number)
{
    const NameForm *form = &f->forms.items[number];
    uint32_t link = forms_find(f, KEY_PART, form->type, form_part(f, form, 0)->hash), best = NONE;

    for (int looked = 0; link && looked < CHAIN; link = f->links.items[link].next, looked++) {
        uint32_t other = f->links.items[link].form;
        const NameForm *big = &f->forms.items[other];
        if (big->count <= form->count || !is_short_form(f, form, big))
            continue;
        if (best != NONE && forms_root(f, best) != forms_root(f, other))
            return NONE; /* Bank of America or Bank of England? */
        best = other;
    }
    return best;
}

/* ---- all of it */

static uint64_t
set_hash(const Forms *f, const NameForm *form)
{
    uint64_t sum = form->count;

    for (uint32_t i = 0; i < form->count; i++)
        sum += hash_mix(form_part(f, form, i)->hash);
    return sum;
}

static void
put_keys(Forms *f, uint32_t number)
{
    const NameForm *form = &f->forms.items[number];

    if (form->count >= 2 && form->count <= LETTERS) {
        put_initials(f, number, f->a->mentions.items[form->mention].tokens, false);
        put_initials(f, number, f->a->mentions.items[form->mention].tokens, true);
        if (form->type == TYPE_ORGANIZATION)
            forms_put(f, KEY_SET, form->type, set_hash(f, form), number);
    }
}

static void
join(Forms *f, uint32_t number)
{
    NameForm *form = &f->forms.items[number];
    uint32_t link = 0, other = NONE;

    if (form->root != number)
        return;
    if (form->capitals)
        link = forms_find(f, KEY_INITIALS, form->type, form_part(f, form, 0)->hash);
    if (link == 0 && form->count >= 2 && form->type == TYPE_ORGANIZATION) {
        link = forms_find(f, KEY_SET, form->type, set_hash(f, form));
        while (link && f->links.items[link].next)
            link = f->links.items[link].next; /* the first of them */
    }
    if (link && f->links.items[link].form != number)
        other = f->links.items[link].form;
    else
        other = longer_form(f, number);
    if (other != NONE && forms_root(f, other) != number)
        form->root = other;
}

/* "Our Nation": the country that the text names most often, if it does so more than once. */
static void
join_lands(Forms *f)
{
    uint32_t best = NONE, uses = 1;

    for (uint32_t i = 0; i < f->forms.count; i++) {
        const NameForm *form = &f->forms.items[i];
        if (form->type == TYPE_PLACE && form->uses > uses && token_has(f->a, f->rules, form_part(f, form, 0)->token, f->f.country)) {
            best = i;
            uses = form->uses;
        }
    }
    for (uint32_t i = 0; best != NONE && i < f->forms.count; i++) {
        NameForm *form = &f->forms.items[i];
        if (form->type == TYPE_PLACE && form->count == 1 && form->root == i && i != forms_root(f, best) &&
            list_has(f->a, f->rules, form_part(f, form, 0)->token, f->f.land))
            form->root = best;
    }
}

void
forms_join_bodies(Forms *f)
{
    uint32_t first[LETTERS + 1], *next = arena_alloc(f->arena, ((size_t)f->forms.count + 1) * sizeof *next); /* those of a size */

    memset(first, 0xff, sizeof first);
    for (uint32_t i = f->forms.count; i-- > 0;)
        if (f->forms.items[i].type != TYPE_PERSON && f->forms.items[i].count <= LETTERS) {
            next[i] = first[f->forms.items[i].count];
            first[f->forms.items[i].count] = i;
        }
    for (uint32_t i = 0; i < f->forms.count; i++)
        if (f->forms.items[i].type != TYPE_PERSON)
            put_keys(f, i);
    join_bracketed(f);
    for (uint32_t size = LETTERS; size > 0; size--) /* long ones first */
        for (uint32_t i = first[size]; i != NONE; i = next[i])
            join(f, i);
    join_lands(f);
}
