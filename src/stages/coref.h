/* What the parts of the coreference stage share: the discourse, which is what has been spoken of so far and where. */
#ifndef ONRECORD_STAGES_COREF_H
#define ONRECORD_STAGES_COREF_H

#include "engine/trial.h"
#include "stages/phrases.h"

/* An entity was mentioned here. */
typedef struct {
    uint32_t entity, mention, token, sentence, paragraph;
    bool first;   /* nobody was spoken of before it in its sentence */
    int8_t subject; /* stands where a sentence's subject stands; less than 0: not yet worked out, see coref_is_subject */
    bool quoted;  /* inside quotation marks */
} Seen;

/* A noun phrase's head and what it can be. */
typedef struct {
    uint32_t head;  /* token */
    EntityType type; /* of what it means; TYPE_NONE: no list knows */
    bool definite, plural, document, title;
} Nominal;

/* A held title under its head; a chain. */
typedef struct {
    uint64_t key;
    uint32_t title, next;
} HeldHead;

/* Whose the document of this kind is. */
typedef struct {
    uint64_t kind;
    uint32_t entity;
} Document;

enum { DOCUMENTS = 32 }; /* how many are kept */

/* Classes of bodies. */
enum { BODY_COMPANY = 1, BODY_STATE = 2, BODY_PARTY = 4, BODY_SCHOOL = 8, BODY_MEDIA = 16, BODY_TEAM = 32, BODY_GROUP = 64, BODY_SETS = 128 };

/* The rules of the stage, looked up once for all articles. */
typedef struct CorefRules {
    Question age;           /* the last word of "the 32-year-old" */
    Question author, maker; /* "of", "by", "from" between a document and whose it is; the latter two */
    Question issue;         /* "wrote", "released", before a document */
    Trial nominals;         /* at a sentence's beginning: subjects such as "The company" */
    Trial context;          /* at a title that has no body: it is a company's */
    Question apart;         /* what stands before a name that does not open its sentence */
    Question predicate;     /* a verb behind a subject */
} CorefRules;

typedef struct {
    Article *a;
    const RuleSet *rules;
    Scratch *scratch;
    Arena *arena;
    uint32_t *order; /* mentions but titles in text order, and which of them is looked at */
    uint32_t order_count, at;
    uint32_t *name_at;     /* for each token: the name that begins there, or NONE … */
    uint32_t *other_at;    /* … the pronoun or noun phrase */
    const CorefRules *ask;
    VEC(Document) documents;
    bool vague, document;  /* the last noun phrase is of no class that the lists know; means whose document it is */
    VEC(HeldHead) held;
    uint32_t *held_slots, held_mask, next_title;
    uint16_t *class_features;
    uint16_t *classes;     /* for each token: the classes of bodies that it tells, where that is worked out */
    VEC(Seen) seen;
    uint32_t *quote_of;    /* for each mention: a quote that it is the speaker of, or NONE */
    uint32_t sentence, paragraph; /* where the walk is */
    uint32_t fronted;      /* where the clause ends that stands before the sentence's own; 0: there is none */
    uint32_t last_speaker, last_speech, last_quote; /* entity, the sentence of its mention, and what it said; NONE at first */
    bool last_document;    /* a document said it */
    VEC(uint32_t) unnamed; /* entities made here */
    struct {
        uint16_t m, f, neutral, plural, first, second, relative, indef, possessive; /* pronoun.… */
        uint16_t det, definite, det_possessive, prep, aux, say, conj;
        uint16_t title, capital_title, person_noun, role, kin, org_noun, org_head, cue_noun, document, party;
        uint16_t plurals[6], male[5], female[5];
        uint16_t source, group, indefinite, former, deputy, party_name, nationality, country, calling, ask, subord, mid_adverb;
    } f;
} Coref;

/* The sign of the possessive: Smith's, Jones'. */
static inline bool
coref_owner_sign(const Article *a, uint32_t token)
{
    const Token *t = token < a->tokens.count ? &a->tokens.items[token] : NULL;

    return t && (t->flags & TOKEN_GLUED) &&
           (a->text[t->start] == '\'' || (t->end - t->start >= 3 && memcmp(a->text + t->start, "\xe2\x80\x99", 3) == 0));
}

/* Does who is seen there stand where a sentence's subject stands?  Nobody asks it of most, so it is worked out for whom it is asked of. */
bool coref_is_subject(const Coref *c, Seen *seen);

/* ---- coref_pronouns.c */

/* Does the name tell of something else: "the Doe campaign", "Doe's campaign", "a Doe-watcher"? */
bool coref_is_modifier(const Coref *c, const Mention *m);

/* Has the token that feature of pronouns? */
bool coref_is_pronoun(const Coref *c, uint32_t token, uint16_t feature);

/* Resolve a pronoun; returns its entity, a new unnamed one if it is nobody spoken of before. */
uint32_t coref_pronoun(Coref *c, uint32_t mention);

/* The person named whom the text was just about, as a pronoun would mean him or her in the place of the mention; or NONE. */
uint32_t coref_goes_on_about(const Coref *c, uint32_t mention, Gender gender);

/* Note whom a pronoun that opens the sentence means, if it is no mention. */
void coref_opening(Coref *c);

/* ---- coref_nominal.c */

/* Resolve a noun phrase; returns its entity, a new unnamed one if it is nobody spoken of before. */
uint32_t coref_nominal(Coref *c, uint32_t mention);

/* "the Times" where the text has spoken of the New York Times: the body whose name ends with the word, which is no name by itself; or NONE. */
uint32_t coref_body_ending(const Coref *c, uint32_t token);

/* The head of a noun phrase: its last word before a preposition, comma or relative clause. */
uint32_t coref_head(const Coref *c, Range tokens);

/* ---- coref_held.c */

/* The hash of a value that a list gives to the words, as a token of that word would have it; 0 if there is none. */
uint64_t coref_attribute_hash(const Coref *c, Range tokens, uint16_t feature, const char *name);

/* Note the titles that stand before the token. */
void held_note(Coref *c, uint32_t token);

/* Who holds a title of this head, of whom all is true that the phrase says; NONE if nobody does. */
uint32_t held_find(Coref *c, Range phrase, uint32_t head);

/* Whose title covers the head of the phrase itself; NONE if no one's. */
uint32_t held_in(const Coref *c, Range phrase, uint32_t head);

/* Who holds the title whose last word the token is; NONE if nobody does. */
uint32_t held_ending(const Coref *c, uint32_t token);

/* Join those who were not named at first with those whom a definite title names later. */
void held_adopt(Coref *c);

/* Give titles without a body that of which the text has just spoken, where rules say that such titles are a company's. */
void held_in_context(Coref *c);

/* Does the item stand among `count` others? */
static inline bool
is_among(const uint32_t *items, uint32_t count, uint32_t item)
{
    for (uint32_t i = 0; i < count; i++)
        if (items[i] == item)
            return true;
    return false;
}

/* ---- coref_documents.c */

/* Whose word a document is, or NONE. */
uint32_t documents_find(Coref *c, Range tokens, const Nominal *n);

/* ---- coref_bodies.c */

void bodies_open(Coref *c);

/* The body spoken of that the noun can mean, whose name shows the words before it; or NONE. */
uint32_t bodies_find(const Coref *c, Range before, uint32_t head);

/* Of the bodies seen lately that the noun can mean, the one that the text names most, and more than once; or NONE. */
uint32_t bodies_main(const Coref *c, uint32_t head);

/* The mention of the organization whose name bears a word, the last one before number `seen`, or NONE. */
uint32_t bodies_bearing(const Coref *c, uint32_t seen, uint64_t hash);

/* The classes that a noun for bodies tells, and those that a rule names. */
unsigned bodies_class_of(const Coref *c, uint32_t noun);
unsigned bodies_class_named(const Rule *rule);

/* How often the body of these classes is named that the text names most. */
uint32_t bodies_most_named(const Coref *c, unsigned wanted);

/* A mention of the one body of these classes that was spoken of just before; NONE if there is none, or two, or if it is named less
 * than `most` times: what is named in passing ("who came from Acme") is not whom the text is about. */
uint32_t bodies_before(const Coref *c, uint32_t seen, unsigned wanted, uint32_t most);

/* ---- coref_nominal.c */

/* A new entity that the text does not name, called as the mention is written. */
uint32_t coref_unnamed(Coref *c, uint32_t mention, EntityType type, bool plural, Gender gender);

#endif
