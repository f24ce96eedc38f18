#include "engine/weights.h"

#include "base/mem.h"

#include <stdlib.h>

static uint64_t
value_key(const char *template, size_t template_len, const char *value, size_t len)
{
    uint64_t key = hash_bytes(template, template_len);
    const char *end = value + len;

    while (value <= end) {
        const char *bar = memchr(value, '|', (size_t)(end - value));
        const char *stop = bar ? bar : end;
        key = weight_key(key, hash_bytes(value, (size_t)(stop - value)));
        value = stop + 1;
    }
    return key;
}

static bool
read_row(const char *at, const char *end, float *row)
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
        row[i] = strtof(text, &stop);
        if (n == 0 || *stop != '\0')
            return false;
    }
    return at == end;
}

void
weights_close(Weights *weights)
{
    free((void *)weights->slots);
    free((void *)weights->rows);
    free((void *)weights->sieve);
    *weights = (Weights){0};
}

bool
weights_read(Weights *out, const char *path, const char *bytes, size_t len, Error *err)
{
    size_t lines = 1, at = 0, line_number = 0;
    uint32_t mask = 15, count = 0;
    WeightSlot *slots;
    float *rows;
    uint8_t *sieve = mem_zero(WEIGHTS_SIEVE, 1);

    for (size_t i = 0; i < len; i++)
        lines += bytes[i] == '\n';
    while (mask < lines * 2)
        mask = mask * 2 + 1;
    slots = mem_zero((size_t)mask + 1, sizeof *slots);
    rows = mem_zero((lines + 1) * WEIGHTS_ROW, sizeof *rows);
    while (at < len) {
        const char *line = bytes + at, *newline = memchr(line, '\n', len - at);
        size_t n = newline ? (size_t)(newline - line) : len - at;
        const char *tab, *second;
        uint64_t key;
        uint32_t slot;

        at += n + 1;
        line_number++;
        if (n == 0 || line[0] == '#')
            continue;
        tab = memchr(line, '\t', n);
        second = tab ? memchr(tab + 1, '\t', n - (size_t)(tab + 1 - line)) : NULL;
        if (second == NULL || !read_row(second + 1, line + n, rows + ((size_t)count + 1) * WEIGHTS_ROW)) {
            free(slots);
            free(rows);
            free(sieve);
            return error_set(err, ERROR_RULE, path, line_number, 1, line, n,
                             "a line of weights is: template TAB value TAB %d numbers", WEIGHTS);
        }
        key = value_key(line, (size_t)(tab - line), tab + 1, (size_t)(second - tab - 1));
        for (slot = (uint32_t)key & mask; slots[slot].row; slot = (slot + 1) & mask)
            ;
        slots[slot] = (WeightSlot){(uint32_t)(key >> 32), ++count};
        uint32_t bit = (uint32_t)(key >> 20) & (WEIGHTS_SIEVE * 8 - 1);
        sieve[bit >> 3] |= (uint8_t)(1u << (bit & 7));
    }
    *out = (Weights){slots, rows, sieve, mask, count};
    return true;
}
