/* Joins the forms of persons' names: a form goes to a longer or earlier one that can be the same person's.  Two full names
 * that differ are never joined.  Names of one word are left to entities.c, which looks at each mention. */
#include "base/hash.h"
#include "stages/forms.h"
#include "stages/lists.h"
#include "text/utf8.h"

enum { CHAIN = 64, BESIDE = 5 }; /* forms that are looked at under one key */
enum { SHORT = 6, LONG = 8, LONGEST = 24 }; /* letters that a misspelt name must have, by one letter, by two, and at most */

/* ---- first names */

/* The hash of a nickname's long form; the word's own hash if it is none. */
static uint64_t
long_form(const Forms *f, const NamePart *p)
{
    const char *full = token_has(f->a, f->rules, p->token, f->f.nickname)
                           ? list_attribute(f->a, f->rules, (Range){p->token, p->token + 1}, f->f.nickname, "full")
                           : NULL;
    char fold[TOKEN_FOLD];

    return full ? hash_bytes(fold, utf8_fold(full, strlen(full), fold, sizeof fold)) : p->hash;
}

static size_t
folded(const Forms *f, const NamePart *p, char *out)
{
    return token_fold(f->a->text, &f->a->tokens.items[p->token], out);
}

/* Can two first names be one person's: the same, an initial of it, a nickname (Bill, William), its beginning (Alex,
 * Alexander)? */
static bool
firsts_agree(const Forms *f, const NamePart *x, const NamePart *y)
{
    char a[TOKEN_FOLD], b[TOKEN_FOLD];
    size_t n, m, least;
    uint64_t long_x, long_y;

    if (x->hash == y->hash)
        return true;
    n = folded(f, x, a);
    m = folded(f, y, b);
    least = n < m ? n : m;
    if (least == 0 || a[0] != b[0]) {
        if (x->initial || y->initial)
            return false;
    } else if (x->initial || y->initial || (least >= 3 && memcmp(a, b, least) == 0)) {
        return true;
    }
    long_x = long_form(f, x);
    long_y = long_form(f, y);
    return long_x == long_y || long_x == y->hash || x->hash == long_y;
}

/* ---- names that are misspelt */

/* Do two words differ in `most` letters or fewer: one more, one less or another?  Of the table of distances only the band is worked
 * out in which they can. */
static bool
slips_within(const char *a, size_t n, const char *b, size_t m, size_t most)
{
    size_t row[LONGEST + 2];

    for (size_t k = 0; k <= m + 1; k++)
        row[k] = k;
    for (size_t i = 1; i <= n; i++) {
        size_t from = i > most ? i - most : 1, to = i + most < m ? i + most : m;
        size_t corner = row[from - 1];
        row[from - 1] = from == 1 ? i : most + 1;
        for (size_t k = from; k <= to; k++) {
            size_t other = corner + (a[i - 1] != b[k - 1]), gap = (row[k] < row[k - 1] ? row[k] : row[k - 1]) + 1;
            corner = row[k];
            row[k] = other < gap ? other : gap;
        }
        row[to + 1] = most + 1;
    }
    return row[m] <= most;
}

bool
forms_misspelt(const Forms *f, const NamePart *word, const NamePart *surname)
{
    const Token *x = &f->a->tokens.items[word->token], *y = &f->a->tokens.items[surname->token];
    char a[TOKEN_FOLD], b[TOKEN_FOLD];
    size_t n, m, most;

    if (f->a->text[x->start] != f->a->text[y->start] || f->a->text[x->end - 1] != f->a->text[y->end - 1])
        return false; /* Petrov and Petrova are two */
    n = folded(f, word, a);
    m = folded(f, surname, b);
    most = n < LONG || m < LONG ? 1 : 2;
    return n >= SHORT && m >= SHORT && n <= LONGEST && m <= LONGEST && n <= m + most && m <= n + most &&
           slips_within(a, n, b, m, most) && !list_has(f->a, f->rules, word->token, f->f.surname) && !list_has(f->a, f->rules, word->token, f->f.given_m) &&
           !list_has(f->a, f->rules, word->token, f->f.given_f);
}

/* ---- who is named beside whom */

/* "George Bush and his son George W. Bush", "J. Doe and John Doe": the two are not one. */
static void
set_apart(Forms *f)
{
    const Article *a = f->a;

    for (uint32_t i = 0; i + 1 < f->order_count; i++) {
        const Mention *x = &a->mentions.items[f->order[i]], *y = &a->mentions.items[f->order[i + 1]];
        uint32_t one = f->form_of[f->order[i]], two = f->form_of[f->order[i + 1]];
        if (x->type != TYPE_PERSON || y->type != TYPE_PERSON || one == two || y->tokens.start > x->tokens.end + BESIDE)
            continue;
        if (!(y->tokens.start == x->tokens.end + 1 && token_has(a, f->rules, x->tokens.end, f->f.conj)) && !forms_kin_before(f, y))
            continue;
        f->forms.items[one].apart = two;
        f->forms.items[two].apart = one;
    }
}

/* ---- whole names */

/* Do the parts of `small` from..to stand in `big` in the same order?  An initial agrees with a word that it begins. */
static bool
stands_in(const Forms *f, const NameForm *small, uint32_t from, uint32_t to, const NameForm *big, uint32_t at, uint32_t end)
{
    for (; from < to; from++) {
        const NamePart *p = form_part(f, small, from);
        while (at < end && form_part(f, big, at)->hash != p->hash &&
               !((p->initial || form_part(f, big, at)->initial) && firsts_agree(f, p, form_part(f, big, at))))
            at++;
        if (at++ >= end)
            return false;
    }
    return true;
}

/* How well can `small` be another form of `big`, which has as many parts or more?  0: not at all. */
static int
agreement(const Forms *f, const NameForm *small, const NameForm *big)
{
    uint32_t n = small->count, m = big->count;

    if (small->suffix && big->suffix && small->suffix != big->suffix)
        return 0;
    if (form_part(f, small, n - 1)->hash == form_part(f, big, m - 1)->hash &&
        firsts_agree(f, form_part(f, small, 0), form_part(f, big, 0)) &&
        (n == 2 || stands_in(f, small, 1, n - 1, big, 1, m - 1) || stands_in(f, big, 1, m - 1, small, 1, n - 1)))
        return form_part(f, small, 0)->hash == form_part(f, big, 0)->hash ? 3 : 2;
    if (n == m && form_part(f, small, 0)->hash == form_part(f, big, 0)->hash &&
        (forms_misspelt(f, form_part(f, small, n - 1), form_part(f, big, m - 1)) ||
         forms_misspelt(f, form_part(f, big, m - 1), form_part(f, small, n - 1))))
        return 1;
    return m > n && stands_in(f, small, 0, n, big, 0, m) ? 1 : 0;
}

static void
join(Forms *f, uint32_t number)
{
    NameForm *form = &f->forms.items[number];
    uint32_t best = NONE;
    int best_score = 0, looked = 0;

    for (uint32_t i = 0; i < 2; i++) { /* forms with its last word, then with its first */
        const NamePart *p = form_part(f, form, i ? 0 : form->count - 1);
        uint32_t link = forms_find(f, KEY_PART, TYPE_PERSON, p->hash);
        for (; link && looked < CHAIN; link = f->links.items[link].next, looked++) {
            uint32_t other = f->links.items[link].form;
            const NameForm *big = &f->forms.items[other];
            int score;
            if (other == number || form->apart == other || big->apart == number || big->count < form->count || (big->count == form->count && other > number))
                continue;
            score = agreement(f, form, big);
            /* the nearest one before it; else the first behind it */
            if (score > best_score ||
                (score && score == best_score && (other < number ? best > number || other > best : other < best))) {
                best = other;
                best_score = score;
            }
        }
    }
    if (best != NONE)
        form->root = best;
}

void
forms_join_people(Forms *f)
{
    set_apart(f);
    for (uint32_t i = 0; i < f->forms.count; i++)
        if (f->forms.items[i].type == TYPE_PERSON && f->forms.items[i].count >= 2)
            join(f, i);
}
