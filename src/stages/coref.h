/* What the parts of the coreference stage share: the discourse, which is what has been spoken of so far and where. */
#ifndef ONRECORD_STAGES_COREF_H
#define ONRECORD_STAGES_COREF_H

#include "engine/ruleset.h"

/* An entity was mentioned here. */
typedef struct {
    uint32_t entity, mention, token, sentence, paragraph;
    bool subject; /* stands where a sentence's subject stands */
    bool quoted;  /* inside quotation marks */
} Seen;

/* A noun phrase's head and what it can be. */
typedef struct {
    uint32_t head;  /* token */
    EntityType type; /* of what it means; TYPE_NONE: no list knows */
    bool definite, plural, document, title;
} Nominal;

typedef struct {
    Article *a;
    const RuleSet *rules;
    Arena *arena;
    VEC(Seen) seen;
    uint32_t *quote_of;    /* for each mention: a quote that it is the speaker of, or NONE */
    uint32_t sentence, paragraph; /* where the walk is */
    uint32_t last_speaker, last_speech; /* entity, and the sentence of its mention; NONE at first */
    VEC(uint32_t) unnamed; /* entities made here */
    struct {
        uint16_t m, f, neutral, plural, first, second, relative, indef, possessive; /* pronoun.… */
        uint16_t det, definite, det_possessive, prep, aux, say, past, pres, conj;
        uint16_t title, capital_title, person_noun, role, kin, org_noun, org_head, cue_noun, document, party;
        uint16_t plurals[6], male[4], female[4];
    } f;
} Coref;

/* ---- coref_nominal.c */

/* Resolve a noun phrase; returns its entity, a new unnamed one if it is nobody spoken of before. */
uint32_t coref_nominal(Coref *c, uint32_t mention);

/* A new entity that the text does not name, called as the mention is written. */
uint32_t coref_unnamed(Coref *c, uint32_t mention, EntityType type, bool plural, Gender gender);

#endif
