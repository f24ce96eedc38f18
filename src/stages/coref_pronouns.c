/* Pronouns: whom "he", "she", "it", "they" and "who" mean.
 *
 * Each goes to the entity with the best score among those seen that it agrees with: near, subject of its sentence, last speaker. */
#include "stages/coref.h"
#include "stages/lists.h"

enum {
    LOOK = 60,      /* mentions that are looked back at */
    WINDOW = 5,     /* sentences */
    LEAST = 30,     /* a lower score is no evidence */
};

enum { OTHERS = 16, CLAUSE = 12, OFTEN = 6, FRONTED = 8 };

typedef struct {
    bool speaks;       /* it is the speaker of a quote */
    bool answers;      /* … and what was said last was a question */
    uint32_t sentence; /* where it stands, or where the quote before it begins that it is the speaker of */
    uint32_t others[OTHERS], other_count; /* who is named so near that the pronoun means somebody else */
    bool plural, person, thing, named;
    Gender gender;
} Wanted;

static void
add_other(const Coref *c, Wanted *w, uint32_t mention)
{
    const Mention *m = &c->a->mentions.items[mention];

    if (m->kind == KIND_NAME && m->type == TYPE_PERSON && m->entity != NONE && w->other_count < OTHERS)
        w->others[w->other_count++] = m->entity;
}

/* "He said Putin has been a leader": he is not Putin.  "Jane Doe has nobody like that," he said: nor does one call oneself by
 * name. */
static void
find_others(const Coref *c, Wanted *w, uint32_t number)
{
    const Article *a = c->a;
    const Mention *m = &a->mentions.items[number];
    uint32_t end = a->sentences.items[c->sentence].tokens.end;

    for (uint32_t i = c->at + 1; i < c->order_count && a->mentions.items[c->order[i]].tokens.start < end &&
                                 a->mentions.items[c->order[i]].tokens.start <= m->tokens.end + CLAUSE; i++)
        add_other(c, w, c->order[i]);
    if (c->quote_of[number] == NONE)
        return;
    for (uint32_t s = 0; s < a->quotes.items[c->quote_of[number]].spans.count && w->other_count < OTHERS; s++) {
        Span span = a->quotes.items[c->quote_of[number]].spans.items[s];
        uint32_t low = 0, high = c->order_count;
        while (low < high) {
            uint32_t middle = low + (high - low) / 2;
            if (a->mentions.items[c->order[middle]].bytes.start < span.start)
                low = middle + 1;
            else
                high = middle;
        }
        for (uint32_t k = low; k < c->order_count && k < low + LOOK && a->mentions.items[c->order[k]].bytes.start < span.end; k++)
            add_other(c, w, c->order[k]);
    }
}

/* "It is late. Nobody came. We left," he said: what he said himself does not part him from the sentence that tells of him. */
static uint32_t
said_from(const Coref *c, uint32_t number)
{
    const Quote *q = c->quote_of[number] == NONE ? NULL : &c->a->quotes.items[c->quote_of[number]];
    uint32_t at = c->sentence;

    if (q == NULL || q->spans.count == 0 || q->form != FORM_DIRECT)
        return at;
    while (at > 0 && c->a->tokens.items[c->a->sentences.items[at].tokens.start].start > q->spans.items[0].start)
        at--;
    return at;
}

static bool
agrees(const Wanted *w, const Entity *e)
{
    if (w->person)
        return e->type == TYPE_PERSON && !e->plural && (e->gender == GENDER_UNKNOWN || w->gender == GENDER_UNKNOWN || w->gender == e->gender) && (e->named || !w->named);
    if (w->thing)
        return (e->type == TYPE_ORGANIZATION || e->type == TYPE_PLACE) && !e->plural;
    return e->plural || e->type == TYPE_ORGANIZATION;
}

bool
coref_is_modifier(const Coref *c, const Mention *m)
{
    const Article *a = c->a;
    uint32_t next = m->tokens.end + (coref_owner_sign(a, m->tokens.end) ? 1 : 0);

    return m->kind == KIND_NAME && next < a->tokens.count &&
           (token_has(a, c->rules, next, c->f.org_noun) ||
            ((a->tokens.items[next].flags & TOKEN_GLUED) && a->text[a->tokens.items[next].start] == '-'));
}

/* "…; a sister, Jane Doe; and two sons": one of a list is not whom the text goes on about. */
static bool
is_listed(const Coref *c, const Mention *m)
{
    return m->tokens.end < c->a->tokens.count && c->a->text[c->a->tokens.items[m->tokens.end].start] == ';';
}

static int
score_seen(const Coref *c, const Wanted *w, Seen *s, uint32_t token)
{
    const Entity *e = &c->a->entities.items[s->entity];
    const Mention *m = &c->a->mentions.items[s->mention];
    uint32_t away = w->sentence > s->sentence ? w->sentence - s->sentence : 0;
    int score = 100 - 18 * (int)away;

    score += coref_is_subject(c, s) ? 25 : 0;
    score += s->paragraph == c->paragraph ? 8 : 0;
    score += w->person && w->gender != GENDER_UNKNOWN && e->gender == w->gender ? 25 : 0;
    score += s->first ? 12 : 0;
    score -= w->person && !e->named ? 25 : 0;
    score += w->person && w->gender != GENDER_UNKNOWN && e->gender == GENDER_UNKNOWN && e->lean ? (e->lean == w->gender ? 15 : -45) : 0;
    score -= is_among(w->others, w->other_count, s->entity) ? 70 : 0;
    score -= s->quoted ? 30 : 0;
    score -= coref_is_modifier(c, m) ? 30 : coref_owner_sign(c->a, m->tokens.end) ? 3 : 0;
    score -= e->type == TYPE_PLACE ? (w->speaks ? 60 : 30) : 0;
    if (w->named)
        score += 3 * (int)(e->mentions.count < OFTEN ? e->mentions.count : OFTEN); /* by other words than a name or pronoun one calls whom the text is about */
    else
        score += w->speaks && w->person && away == 1 && e->named && e->mentions.items[0] == s->mention && !is_listed(c, m) ? 25 : 0; /* who has just been brought in */
    score -= (int)(token - s->token) / 20;
    score -= w->answers && s->entity == c->last_speaker ? 20 : 0;
    if (w->speaks && s->entity == c->last_speaker && !w->answers && w->sentence <= c->last_speech + WINDOW)
        score += w->named ? 10 : w->person ? (w->sentence <= c->last_speech + 1 ? 35 : 15) : 20;
    return score;
}

static uint32_t
best_seen(const Coref *c, const Wanted *w, uint32_t token)
{
    uint32_t best = NONE, window = w->person ? WINDOW : 2;
    int best_score = LEAST - 1;

    for (uint32_t i = c->seen.count, looked = 0; i-- > 0 && looked < LOOK; looked++) {
        Seen *s = &c->seen.items[i];
        int score;
        if (w->sentence > s->sentence + window)
            break;
        if (!agrees(w, &c->a->entities.items[s->entity]))
            continue;
        score = score_seen(c, w, s, token);
        if (score > best_score) {
            best = s->entity;
            best_score = score;
        }
    }
    return best;
}

/* What is wanted of a mention: does it speak, and was what was said last a question, whose answer is another's? */
static Wanted
wanted(const Coref *c, uint32_t number)
{
    Wanted w = {.speaks = c->quote_of[number] != NONE, .sentence = c->sentence};
    Span cue = w.speaks && c->last_quote != NONE ? c->a->quotes.items[c->last_quote].cue : (Span){0, 0};

    w.answers = cue.end > cue.start && token_has(c->a, c->rules, article_token_at(c->a, cue.start), c->f.ask);
    return w;
}

/* "Jane Doe said that the candidate erred": the candidate is not Doe. */
static void
add_teller(const Coref *c, Wanted *w, uint32_t number)
{
    const Mention *m = &c->a->mentions.items[number];
    const Quote *q = c->last_quote == NONE ? NULL : &c->a->quotes.items[c->last_quote];

    for (uint32_t i = 0; q && i < q->spans.count && w->other_count < OTHERS; i++)
        if (q->spans.items[i].start <= m->bytes.start && m->bytes.end <= q->spans.items[i].end)
            w->others[w->other_count++] = c->last_speaker;
}

uint32_t
coref_goes_on_about(const Coref *c, uint32_t mention, Gender gender)
{
    Wanted w = wanted(c, mention);

    w.person = w.named = true;
    w.gender = gender;
    find_others(c, &w, mention);
    add_teller(c, &w, mention);
    w.sentence = said_from(c, mention);
    return best_seen(c, &w, c->a->mentions.items[mention].tokens.start);
}

/* Is a common noun what the relative clause behind it is about: "voters who", "one adviser, who"? */
static bool
is_common_noun(const Coref *c, uint32_t token, bool comma)
{
    const Article *a = c->a;
    const Token *t = &a->tokens.items[token];

    if (t->shape == SHAPE_PUNCT || (t->flags & (TOKEN_CAPITAL | TOKEN_GLUED)))
        return false;
    if (comma)
        return token_has(a, c->rules, token, c->f.person_noun) || token_has(a, c->rules, token, c->f.title) ||
               token_has(a, c->rules, token, c->f.role) || token_has(a, c->rules, token, c->f.kin);
    return !token_has(a, c->rules, token, c->f.conj) && !token_has(a, c->rules, token, c->f.prep) &&
           !token_has(a, c->rules, token, c->f.say) && !token_has(a, c->rules, token, c->f.aux);
}

/* Is the noun in apposition to the person seen last: "Jane Doe, the old bank's lawyer, who"? */
static bool
is_apposition(const Coref *c, const Seen *s, uint32_t noun)
{
    const Article *a = c->a;
    uint32_t i = a->mentions.items[s->mention].tokens.end;

    if (a->entities.items[s->entity].type != TYPE_PERSON || i >= noun || noun - i > CLAUSE ||
        a->text[a->tokens.items[i].start] != ',')
        return false;
    for (int k = 0; k < 6; k++)
        if (list_has(a, c->rules, noun, c->f.plurals[k]))
            return false;
    while (++i < noun)
        if (a->text[a->tokens.items[i].start] == ',' || token_has(a, c->rules, i, c->f.say) || token_has(a, c->rules, i, c->f.aux))
            return false;
    return true;
}

/* The body or place right before "which", whose clause this is. */
static uint32_t
antecedent_of_which(const Coref *c, uint32_t token)
{
    const Seen *s = c->seen.count ? &c->seen.items[c->seen.count - 1] : NULL;
    EntityType type = s ? c->a->entities.items[s->entity].type : TYPE_NONE;

    return (type == TYPE_ORGANIZATION || type == TYPE_PLACE) && c->a->mentions.items[s->mention].tokens.end + 1 == token
               ? s->entity
               : NONE;
}

/* Whom the noun phrase means that ends right before the token; NONE if there is none. */
static uint32_t
phrase_ending(const Coref *c, uint32_t token)
{
    const Seen *s = c->seen.count ? &c->seen.items[c->seen.count - 1] : NULL;
    const Mention *m = s ? &c->a->mentions.items[s->mention] : NULL;

    return m && m->kind == KIND_NOMINAL && m->tokens.end == token ? s->entity : NONE;
}

/* "Jane Doe, who said", "Jane Doe, a lawyer who said": whom the words right before it mean; if those are a place, an age or
 * the like, the nearest person before it in the sentence. */
static uint32_t
antecedent_of_who(const Coref *c, uint32_t token)
{
    bool comma = token > 1 && c->a->tokens.items[token - 1].shape == SHAPE_PUNCT;
    uint32_t before = comma ? token - 2 : token - 1, holder;

    if (token == 0)
        return NONE;
    if ((holder = held_ending(c, before)) != NONE)
        return holder;
    if (!comma && (holder = phrase_ending(c, token)) != NONE)
        return holder;
    if (is_common_noun(c, before, comma)) {
        const Seen *s = c->seen.count ? &c->seen.items[c->seen.count - 1] : NULL;
        bool near = s && s->sentence == c->sentence && (c->a->mentions.items[s->mention].tokens.end == before + 1 ||
                                                        is_apposition(c, s, before));
        return near ? s->entity : NONE;
    }
    for (uint32_t i = c->seen.count, looked = 0; i-- > 0 && looked < 8; looked++) {
        const Seen *s = &c->seen.items[i];
        if (s->sentence != c->sentence)
            break;
        if (c->a->entities.items[s->entity].type == TYPE_PERSON && c->a->mentions.items[s->mention].tokens.end <= token)
            return s->entity;
    }
    return NONE;
}

bool
coref_is_pronoun(const Coref *c, uint32_t token, uint16_t feature)
{
    return list_has(c->a, c->rules, token, feature);
}

uint32_t
coref_pronoun(Coref *c, uint32_t number)
{
    const Mention *m = &c->a->mentions.items[number];
    uint32_t token = m->tokens.start, found = NONE;
    Wanted w = wanted(c, number);

    if (coref_is_pronoun(c, token, c->f.m) || coref_is_pronoun(c, token, c->f.f)) {
        w.person = true;
        w.gender = coref_is_pronoun(c, token, c->f.m) ? GENDER_MALE : GENDER_FEMALE;
        find_others(c, &w, number);
        w.sentence = said_from(c, number);
        found = best_seen(c, &w, token);
        if (found == NONE)
            return coref_unnamed(c, number, TYPE_PERSON, false, w.gender);
        if (c->a->entities.items[found].lean == GENDER_UNKNOWN)
            c->a->entities.items[found].lean = w.gender;
        return found;
    }
    if (coref_is_pronoun(c, token, c->f.relative)) {
        w.thing = coref_is_pronoun(c, token, c->f.neutral);
        found = w.thing ? antecedent_of_which(c, token) : antecedent_of_who(c, token);
        return found != NONE ? found : coref_unnamed(c, number, w.thing ? TYPE_ORGANIZATION : TYPE_PERSON, false, GENDER_UNKNOWN);
    }
    w.thing = coref_is_pronoun(c, token, c->f.neutral);
    w.plural = coref_is_pronoun(c, token, c->f.plural);
    if (w.thing && w.speaks && c->last_document && c->sentence <= c->last_speech + 2)
        return c->last_speaker; /* "The letter said … It added …" */
    if ((w.thing || w.plural) && !coref_is_pronoun(c, token, c->f.indef))
        found = best_seen(c, &w, token);
    if (found != NONE)
        return found;
    return coref_unnamed(c, number, w.thing ? TYPE_ORGANIZATION : TYPE_PERSON, w.plural, GENDER_UNKNOWN);
}

/* "In the spring of 2019 she moved": the pronoun behind the phrase that opens the sentence, if nobody is named in that; else the first token. */
static uint32_t
behind_fronted(const Coref *c, uint32_t first)
{
    const Article *a = c->a;
    uint32_t end = a->sentences.items[c->sentence].tokens.end;

    if (!token_has(a, c->rules, first, c->f.prep))
        return first;
    for (uint32_t t = first + 1; t + 1 < end && t < first + FRONTED; t++) {
        if (c->name_at[t] != NONE && a->mentions.items[c->name_at[t]].type == TYPE_PERSON)
            break;
        if ((coref_is_pronoun(c, t, c->f.m) || coref_is_pronoun(c, t, c->f.f)) && question_holds(c->ask->predicate, a, c->scratch, t + 1))
            return t;
    }
    return first;
}

/* "She has faced many questions.": a pronoun that opens its sentence and is no mention, since nothing rests on it, still says whom the text goes on
 * about. */
void
coref_opening(Coref *c)
{
    const Article *a = c->a;
    uint32_t token = a->sentences.items[c->sentence].tokens.start, found;
    Wanted w;

    if (token < a->tokens.count && token_has(a, c->rules, token, c->f.conj))
        token++; /* "But she left." */
    if (token < a->tokens.count)
        token = behind_fronted(c, token);
    if (token >= a->tokens.count || c->other_at[token] != NONE || tape_bit(a, token, c->rules->features.items[F_QUOTED].begin) ||
        tape_bit(a, token, c->rules->features.items[F_QUOTED].inside) || tape_bit(a, token, c->rules->features.items[F_QUOTE_MARK].begin) ||
        !(coref_is_pronoun(c, token, c->f.m) || coref_is_pronoun(c, token, c->f.f)))
        return;
    w = (Wanted){.person = true, .sentence = c->sentence, .gender = coref_is_pronoun(c, token, c->f.m) ? GENDER_MALE : GENDER_FEMALE};
    found = best_seen(c, &w, token);
    for (uint32_t i = c->seen.count; found != NONE && i-- > 0;)
        if (c->seen.items[i].entity == found) {
            Seen again = c->seen.items[i];
            again.token = token;
            again.sentence = c->sentence;
            again.paragraph = a->sentences.items[c->sentence].paragraph;
            again.subject = again.first = true;
            again.quoted = false;
            *vec_push(c->arena, &c->seen) = again;
            return;
        }
}
