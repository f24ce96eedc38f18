#include "engine/features.h"

#include "base/hash.h"
#include "base/mem.h"
#include "engine/tape.h"

#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name;
    bool spans;
    float share;
} BUILTIN[F_BUILTIN] = {
    [F_CAP] = {"cap", false, 0.18f},
    [F_CAPS] = {"caps", false, 0.03f},
    [F_LOWER] = {"lower", false, 0.64f},
    [F_MIXED] = {"mixed", false, 0.004f},
    [F_INITIAL] = {"initial", false, 0.01f},
    [F_DOTTED] = {"dotted", false, 0.015f},
    [F_NUMBER] = {"number", false, 0.03f},
    [F_MARK] = {"mark", false, 0.14f},
    [F_WORD] = {"letters", false, 0.83f},
    [F_GLUED] = {"glued", false, 0.16f},
    [F_LINE_START] = {"line-start", false, 0.03f},
    [F_SENTENCE_START] = {"sentence-start", false, 0.045f},
    [F_SENTENCE_END] = {"sentence-end", false, 0.045f},
    [F_PARAGRAPH_START] = {"paragraph-start", false, 0.02f},
    [F_CAPITALS] = {"capitals", false, 0.01f},
    [F_HEADLINE] = {"headline", false, 0.01f},
    [F_BYLINE] = {"byline", false, 0.005f},
    [F_DATELINE] = {"dateline", false, 0.005f},
    [F_CAPTION] = {"caption", false, 0.005f},
    [F_BOILERPLATE] = {"boilerplate", false, 0.02f},
    [F_PERSON] = {"person", true, 0.05f},
    [F_ORGANIZATION] = {"organization", true, 0.04f},
    [F_PLACE] = {"place", true, 0.03f},
    [F_TITLE] = {"held-title", true, 0.02f},
    [F_HOLDER_TITLE] = {"title-phrase", true, 0.02f},
    [F_QUOTED] = {"quoted", true, 0.15f},
    [F_QUOTE_MARK] = {"quote-mark", false, 0.02f},
    [F_SOURCE] = {"source", true, 0.02f},
    [F_CUE] = {"cue", true, 0.01f},
    [F_REPORT] = {"report", true, 0.02f},
    [F_NOMINAL] = {"nominal", true, 0.03f},
};

/* The slot that holds the feature with this hash, or the empty one where it would be put. */
static uint16_t *
slot_of(const Features *f, uint64_t hash)
{
    uint32_t at = (uint32_t)hash & f->slot_mask;

    while (f->slots[at] != FEATURE_NONE && f->items[f->slots[at]].hash != hash)
        at = (at + 1) & f->slot_mask;
    return &f->slots[at];
}

static void
grow(Features *f)
{
    f->room = f->room ? f->room * 2 : 512;
    f->items = mem_grow(f->items, f->room * sizeof *f->items);
    f->slot_mask = f->room * 2 - 1;
    f->slots = mem_grow(f->slots, f->room * 2 * sizeof *f->slots);
    memset(f->slots, 0xff, f->room * 2 * sizeof *f->slots);
    for (uint32_t i = 0; i < f->count; i++)
        *slot_of(f, f->items[i].hash) = (uint16_t)i;
}

static uint16_t
add(Features *f, const char *name, size_t len, bool spans, float share)
{
    uint64_t hash = hash_bytes(name, len);

    if (f->count == f->room)
        grow(f);
    *slot_of(f, hash) = (uint16_t)f->count;
    f->items[f->count] = (Feature){mem_copy(name, len), hash, BIT_NONE, BIT_NONE, spans, share};
    return (uint16_t)f->count++;
}

void
features_init(Features *features)
{
    *features = (Features){0};
    for (int i = 0; i < F_BUILTIN; i++)
        add(features, BUILTIN[i].name, strlen(BUILTIN[i].name), BUILTIN[i].spans, BUILTIN[i].share);
    for (uint16_t i = 0; i < F_BUILTIN; i++)
        feature_place(features, i);
}

void
features_close(Features *features)
{
    for (uint32_t i = 0; i < features->count; i++)
        free(features->items[i].name);
    free(features->items);
    free(features->slots);
    *features = (Features){0};
}

uint16_t
feature_find(const Features *features, const char *name, size_t len)
{
    return *slot_of(features, hash_bytes(name, len));
}

uint16_t
feature_intern(Features *features, const char *name, size_t len)
{
    uint16_t found = feature_find(features, name, len);

    return found != FEATURE_NONE ? found : add(features, name, len, false, 0.01f);
}

bool
feature_place(Features *features, uint16_t feature)
{
    Feature *f = &features->items[feature];
    uint32_t at = features->bits, need = f->spans ? 2 : 1;

    if (f->begin != BIT_NONE)
        return true;
    if (at + need > TAPE_BITS)
        return false;
    f->begin = (uint16_t)at;
    if (need == 2)
        f->inside = (uint16_t)(at + 1);
    features->bits = at + need;
    return true;
}
