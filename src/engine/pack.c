#include "engine/pack.h"

#include "base/mem.h"

static const char MAGIC[8] = "onrpack6";

/* Sections in the order in which they stand; each is its size in bytes (8 bytes), then its bytes, padded to 16. */
static void
section(Buf *out, const void *bytes, size_t size)
{
    uint64_t head[2] = {size, 0};

    buf_add(out, (const char *)head, sizeof head);
    buf_add(out, size ? bytes : "", size);
    while (out->len % 16)
        buf_char(out, '\0');
}

typedef struct {
    const unsigned char *bytes;
    size_t at, len;
    bool bad;
} Cursor;

static const void *
next(Cursor *c, size_t item, uint32_t *count)
{
    uint64_t size;
    const void *found;

    if (c->bad || c->at > c->len || c->len - c->at < 16) {
        c->bad = true;
        return NULL;
    }
    memcpy(&size, c->bytes + c->at, sizeof size);
    if (size > c->len - c->at - 16 || size % item) {
        c->bad = true;
        return NULL;
    }
    found = c->bytes + c->at + 16;
    *count = (uint32_t)(size / item);
    c->at += 16 + (size + 15) / 16 * 16;
    return found;
}

void
pack_write(Buf *out, const Lexicon *lex, const Features *features, const Weights *weights, const PackFile *files,
           uint32_t file_count)
{
    Buf names = {0}, texts = {0};

    for (uint32_t i = F_BUILTIN; i < features->count; i++) {
        buf_char(&names, features->items[i].spans ? '+' : '-');
        buf_add(&names, features->items[i].name, strlen(features->items[i].name) + 1);
    }
    for (uint32_t i = 0; i < file_count; i++) {
        buf_add(&texts, files[i].path, strlen(files[i].path) + 1);
        buf_add(&texts, files[i].text, files[i].len);
        buf_char(&texts, '\0');
    }
    buf_add(out, MAGIC, 8);
    buf_add(out, "\0\0\0\0\0\0\0\0", 8);
    section(out, lex->words, lex->word_count * sizeof *lex->words);
    section(out, lex->slots, ((size_t)lex->slot_mask + 1) * sizeof *lex->slots);
    section(out, lex->steps, ((size_t)lex->step_mask + 1) * sizeof *lex->steps);
    section(out, lex->step_sieve, ((size_t)lex->step_mask / STEPS_OF_SIEVE + 1) * sizeof *lex->step_sieve);
    section(out, lex->sets, ((size_t)lex->set_count + 1) * sizeof *lex->sets);
    section(out, lex->codes, lex->code_count * sizeof *lex->codes);
    section(out, lex->bearers, (size_t)lex->feature_count * lexicon_set_words(lex->set_count) * sizeof *lex->bearers);
    section(out, lex->attributes, ((size_t)lex->attribute_mask + 1) * sizeof *lex->attributes);
    section(out, lex->text, lex->text_len);
    section(out, weights->slots, weights->count ? ((size_t)weights->mask + 1) * sizeof *weights->slots : 0);
    section(out, weights->rows, weights->count ? (size_t)weights->count * sizeof *weights->rows : 0);
    section(out, weights->sieve, weights->count ? WEIGHTS_SIEVE : 0);
    section(out, weights->confidence, weights->count ? 2 * sizeof *weights->confidence : 0);
    section(out, names.bytes, names.len);
    section(out, texts.bytes, texts.len);
    buf_close(&names);
    buf_close(&texts);
}

bool
pack_view(Pack *pack, Features *features, const unsigned char *bytes, size_t len)
{
    Cursor c = {bytes, 16, len, false};
    Lexicon *lex = &pack->lexicon;
    Weights *w = &pack->weights;
    uint32_t n = 0, slots = 0, names_len = 0, texts_len = 0;
    const char *names, *texts;

    *pack = (Pack){0};
    if (len < 16 || memcmp(bytes, MAGIC, 8) != 0)
        return false;
    lex->words = next(&c, sizeof *lex->words, &lex->word_count);
    lex->slots = next(&c, sizeof *lex->slots, &slots);
    lex->slot_mask = slots - 1;
    lex->steps = next(&c, sizeof *lex->steps, &n);
    lex->step_mask = n - 1;
    lex->step_sieve = next(&c, sizeof *lex->step_sieve, &n);
    lex->sets = next(&c, sizeof *lex->sets, &n);
    lex->set_count = n - 1;
    lex->codes = next(&c, sizeof *lex->codes, &lex->code_count);
    lex->bearers = next(&c, sizeof *lex->bearers, &n);
    lex->feature_count = n / lexicon_set_words(lex->set_count);
    lex->attributes = next(&c, sizeof *lex->attributes, &n);
    lex->attribute_mask = n - 1;
    lex->text = next(&c, 1, &lex->text_len);
    w->slots = next(&c, sizeof *w->slots, &n);
    w->mask = n - 1;
    w->rows = next(&c, sizeof *w->rows, &n);
    w->count = n;
    w->sieve = next(&c, 1, &n);
    w->confidence = next(&c, sizeof *w->confidence, &n);
    names = next(&c, 1, &names_len);
    texts = next(&c, 1, &texts_len);
    if (c.bad)
        return false;
    for (const char *p = names; p < names + names_len; p += strlen(p) + 1) {
        uint16_t feature = feature_intern(features, p + 1, strlen(p + 1));
        features->items[feature].spans = *p == '+';
    }
    for (const char *p = texts; p < texts + texts_len; p += strlen(p) + 1) {
        PackFile file = {.path = p};
        p += strlen(p) + 1;
        file.text = p;
        file.len = strlen(p);
        pack->files = mem_grow(pack->files, (pack->file_count + 1) * sizeof file);
        pack->files[pack->file_count++] = file;
    }
    return true;
}
