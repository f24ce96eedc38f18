#include "engine/weights.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

static const char CONFIDENCE[] = "confidence\todds\t";

/* A line while the others are read. */
typedef struct {
    uint64_t place, value;
    WeightRow row;
    uint32_t number;
} WeightLine;

static void
set_key(WeightLine *line, const char *template, size_t template_len, const char *value, size_t len)
{
    const char *end = value + len, *bar;

    line->place = hash_bytes(template, template_len);
    while ((bar = memchr(value, '|', (size_t)(end - value))) != NULL) {
        line->place = weight_key(line->place, hash_bytes(value, (size_t)(bar - value)));
        value = bar + 1;
    }
    line->value = hash_bytes(value, (size_t)(end - value));
}

static bool
read_numbers(const char *at, const char *end, float *numbers)
{
    char text[32];

    for (int i = 0; i < WEIGHTS; i++) {
        size_t n = 0;
        char *stop;
        while (at < end && *at == ' ')
            at++;
        while (at < end && *at != ' ' && n < sizeof text - 1)
            text[n++] = *at++;
        text[n] = '\0';
        numbers[i] = strtof(text, &stop);
        if (n == 0 || *stop != '\0')
            return false;
    }
    return at == end;
}

static bool
are_weights(const float *numbers)
{
    for (int i = 0; i < WEIGHTS; i++)
        if (!(numbers[i] >= -WEIGHT_LIMIT && numbers[i] <= WEIGHT_LIMIT)) /* nor what is no number */
            return false;
    return true;
}

static WeightRow
row_of(const float *numbers)
{
    WeightRow row = {0};

    for (int i = 0; i < WEIGHTS; i++)
        row[i] = weight_units(numbers[i]);
    return row;
}

/* Write what a row is of, and whether it is its value's last, as weights_are_of and weights_next read it. */
static void
set_place(WeightRow *row, uint64_t place, bool last)
{
    uint32_t mark = ((uint32_t)(place >> 32) & ~1u) | last;

    memcpy((char *)row + WEIGHTS * sizeof(int16_t), &mark, sizeof mark);
}

/* What is being read: room for a row from each line. */
typedef struct {
    WeightLine *lines;
    uint32_t count;
    float *confidence;
} Reading;

/* A line of weights.  What is wrong with it, or NULL. */
static const char *
read_line(Reading *r, const char *line, size_t n)
{
    const char *tab = memchr(line, '\t', n), *second = tab ? memchr(tab + 1, '\t', n - (size_t)(tab + 1 - line)) : NULL;
    float numbers[WEIGHTS];
    WeightLine *fresh = &r->lines[r->count];

    if (second == NULL || !read_numbers(second + 1, line + n, numbers))
        return "a line of weights is: template TAB value TAB 6 numbers";
    if (!are_weights(numbers))
        return "a weight is a number from -20 to 20";
    if (strncmp(line, CONFIDENCE, strlen(CONFIDENCE)) == 0) {
        memcpy(r->confidence, numbers, 2 * sizeof *numbers);
        return NULL;
    }
    set_key(fresh, line, (size_t)(tab - line), tab + 1, (size_t)(second - tab - 1));
    fresh->row = row_of(numbers);
    fresh->number = r->count++;
    return NULL;
}

/* The lines of a value together, in the order of their places. */
static int
compare_lines(const void *a, const void *b)
{
    const WeightLine *x = a, *y = b;

    if (x->value != y->value)
        return x->value < y->value ? -1 : 1;
    if (x->place != y->place)
        return x->place < y->place ? -1 : 1;
    return x->number < y->number ? -1 : 1;
}

/* Of lines for the same the first counts. */
static void
drop_repeated(Reading *r)
{
    uint32_t kept = 0;

    for (uint32_t i = 0; i < r->count; i++)
        if (kept == 0 || r->lines[i].value != r->lines[kept - 1].value || r->lines[i].place != r->lines[kept - 1].place)
            r->lines[kept++] = r->lines[i];
    r->count = kept;
}

static void
add_value(const Weights *w, WeightSlot *slots, uint8_t *sieve, uint64_t value, uint32_t first)
{
    uint32_t slot = (uint32_t)value & w->mask, bit = (uint32_t)(value >> 20) & (WEIGHTS_SIEVE * 8 - 1);

    while (slots[slot].first)
        slot = (slot + 1) & w->mask;
    slots[slot] = (WeightSlot){(uint32_t)(value >> 32), first};
    sieve[bit >> 3] |= (uint8_t)(1u << (bit & 7));
}

static void
make_tables(Weights *w, Reading *r)
{
    WeightRow *rows = mem_zero(r->count + 1, sizeof *rows);
    uint8_t *sieve = mem_zero(WEIGHTS_SIEVE, 1);
    WeightSlot *slots;
    uint32_t values = 0;

    if (r->count)
        qsort(r->lines, r->count, sizeof *r->lines, compare_lines);
    drop_repeated(r);
    for (uint32_t i = 0; i < r->count; i++) {
        bool last = i + 1 == r->count || r->lines[i + 1].value != r->lines[i].value;
        rows[i] = r->lines[i].row;
        set_place(&rows[i], r->lines[i].place, last);
        values += last;
    }
    for (w->mask = 15; w->mask < values * 2;)
        w->mask = w->mask * 2 + 1;
    slots = mem_zero((size_t)w->mask + 1, sizeof *slots);
    for (uint32_t i = 0; i < r->count; i++)
        if (i == 0 || r->lines[i].value != r->lines[i - 1].value)
            add_value(w, slots, sieve, r->lines[i].value, i + 1);
    w->slots = slots;
    w->rows = rows;
    w->sieve = sieve;
    w->count = r->count;
}

void
weights_close(Weights *weights)
{
    free((void *)weights->slots);
    free((void *)weights->rows);
    free((void *)weights->sieve);
    free((void *)weights->confidence);
    *weights = (Weights){0};
}

bool
weights_read(Weights *out, const char *path, const char *bytes, size_t len, Error *err)
{
    Reading r = {.confidence = mem_zero(2, sizeof *r.confidence)};
    size_t at = 0, lines = 1;
    bool ok = true;

    for (size_t i = 0; i < len; i++)
        lines += bytes[i] == '\n';
    r.lines = mem_alloc(lines * sizeof *r.lines);
    r.confidence[0] = 1;
    for (size_t number = 1; ok && at < len; number++) {
        const char *line = bytes + at, *newline = memchr(line, '\n', len - at), *fault;
        size_t n = newline ? (size_t)(newline - line) : len - at;

        at += n + 1;
        if (n && line[0] != '#' && (fault = read_line(&r, line, n)) != NULL)
            ok = error_set(err, ERROR_RULE, path, number, 1, line, n, "%s", fault);
    }
    *out = (Weights){.confidence = r.confidence};
    make_tables(out, &r);
    if (!ok)
        weights_close(out);
    free(r.lines);
    return ok;
}
