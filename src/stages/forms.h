/* Forms: the different ways in which an article writes its names, and what each is made of.
 *
 * All mentions that are written alike (case, accents, full stops, articles and company suffixes aside) share one form; names
 * are joined form by form, so the work grows with the number of forms and not of mentions. */
#ifndef ONRECORD_STAGES_FORMS_H
#define ONRECORD_STAGES_FORMS_H

#include "engine/ruleset.h"

/* A significant word of a name. */
typedef struct {
    uint64_t hash;
    uint32_t token;
    bool initial;
} NamePart;

typedef struct {
    EntityType type;
    uint32_t first, count;  /* its parts, in Forms.parts */
    uint64_t suffix;        /* Jr., III: the hash of the word; 0 if there is none */
    uint32_t mention;       /* the first one, index in Article.mentions */
    uint32_t uses;          /* how many mentions */
    uint32_t root;          /* the form that it is joined to; itself if none */
    uint32_t apart;         /* a form beside which it is named as somebody else's, or NONE */
    bool lone;              /* a person by one word: joined mention by mention */
    bool capitals;          /* an acronym by its look: one word of 2 to 7 capitals */
} NameForm;

typedef struct {
    uint32_t form, next;
} FormLink;

typedef struct {
    Article *a;
    const RuleSet *rules;
    Arena *arena;
    VEC(NamePart) parts;
    VEC(NameForm) forms;
    VEC(FormLink) links; /* [0] is unused */
    uint64_t *keys;      /* hash table: (kind, hash) to the first link */
    uint32_t *heads;
    uint32_t mask, used;
    uint32_t *order;     /* name mentions in text order, titles left out */
    uint32_t order_count;
    uint32_t *form_of;   /* for each mention: its form, or NONE */
    struct {
        uint16_t suffix, org_suffix, generation, honorific, det, prep, conj, country, state, city, nationality, division,
            org_head, org_noun, given_m, given_f, public_m, public_f, lone_m, lone_f, surname, asian, place_head, alias, nickname, water, relief, org_first, land, spelling, kin, company_head;
    } f; /* numbers of features */
} Forms;

/* What a key of the table stands for. */
typedef enum { KEY_WHOLE, KEY_PART, KEY_SET, KEY_INITIALS, KEY_CALLED } KeyKind;

/* Gather the article's names into forms, each its own root; they lie in the scratch's arena. */
void forms_gather(Forms *forms, Article *a, const RuleSet *rules, Scratch *scratch);

/* The links of the forms of a type under a key; 0: none.  Follow .next. */
uint32_t forms_find(const Forms *forms, KeyKind kind, EntityType type, uint64_t hash);
void forms_put(Forms *forms, KeyKind kind, EntityType type, uint64_t hash, uint32_t form);

/* The form at the end of the chain of roots. */
uint32_t forms_root(const Forms *forms, uint32_t form);

static inline const NamePart *
form_part(const Forms *forms, const NameForm *form, uint32_t i)
{
    return &forms->parts.items[form->first + i];
}

/* Is a word of kin right before the mention, but for a comma: "his wife, Jane Doe"? */
bool forms_kin_before(const Forms *forms, const Mention *m);

/* Is a word that no list knows as a name the surname with a slip of a letter or two: "Buchtman" for Bauchtmann? */
bool forms_misspelt(const Forms *forms, const NamePart *word, const NamePart *surname);

/* Join the forms of persons, and those of organizations and places. */
void forms_join_people(Forms *forms);
void forms_join_bodies(Forms *forms);

#endif
