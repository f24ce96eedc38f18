/* Arena, buffer, growable array, order, span, error. */
#include "unit.h"

#include "base/buf.h"
#include "base/hash.h"
#include "base/order.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* ---- arena */

Test(arena, blocks_are_aligned_and_apart)
{
    Arena arena;
    char *blocks[200];

    arena_init(&arena);
    for (size_t i = 0; i < 200; i++) {
        blocks[i] = arena_alloc(&arena, i * 37);
        cr_assert_eq((uintptr_t)blocks[i] % 16, 0);
        memset(blocks[i], (int)i, i * 37);
    }
    for (size_t i = 1; i < 200; i++)
        cr_assert(blocks[i][0] == (char)i && blocks[i][i * 37 - 1] == (char)i, "block %zu was written over", i);
    arena_close(&arena);
}

Test(arena, a_block_larger_than_a_chunk)
{
    Arena arena;
    char *small, *large;

    arena_init(&arena);
    small = arena_copy(&arena, "small", 5);
    large = arena_zero(&arena, 3 * 1024 * 1024);
    cr_assert_eq(large[3 * 1024 * 1024 - 1], 0);
    large[0] = 'x';
    cr_assert_str_eq(small, "small");
    arena_close(&arena);
}

Test(arena, reset_reuses_memory)
{
    Arena arena;
    void *first;

    arena_init(&arena);
    first = arena_alloc(&arena, 1000);
    for (int i = 0; i < 1000; i++)
        arena_alloc(&arena, 1000);
    arena_reset(&arena);
    cr_assert_eq(arena_alloc(&arena, 1000), first);
    arena_close(&arena);
}

Test(arena, reset_gives_back_what_is_unusually_large)
{
    Arena arena;
    size_t kept = 0;

    arena_init(&arena);
    arena_alloc(&arena, 100);
    arena_alloc(&arena, 64 * 1024 * 1024);
    arena_reset(&arena);
    for (ArenaChunk *chunk = arena.first; chunk; kept++)
        chunk = *(ArenaChunk **)chunk; /* `next` is its first field */
    cr_assert_eq(kept, 1);
    arena_close(&arena);
}

Test(arena, zero_after_reset_is_clear)
{
    Arena arena;

    arena_init(&arena);
    memset(arena_alloc(&arena, 500), 0xff, 500);
    arena_reset(&arena);
    for (const char *p = arena_zero(&arena, 500), *end = p + 500; p < end; p++)
        cr_assert_eq(*p, 0);
    arena_close(&arena);
}

Test(arena, copy_and_print)
{
    Arena arena;
    char *copy;

    arena_init(&arena);
    copy = arena_copy(&arena, "a\0b", 3);
    cr_assert(memcmp(copy, "a\0b", 4) == 0, "a copy keeps NUL and ends with one");
    cr_assert_str_eq(arena_copy(&arena, NULL, 0), "");
    cr_assert_str_eq(arena_printf(&arena, "%d of %s", 3, "four"), "3 of four");
    arena_close(&arena);
}

/* ---- buffer */

Test(arena, a_block_grows_in_place_if_it_is_the_last)
{
    Arena arena;
    char *block, *other;

    arena_init(&arena);
    block = memset(arena_grow(&arena, NULL, 0, 100), 'x', 100);
    cr_assert_eq(arena_grow(&arena, block, 100, 5000), block, "nothing stands behind it");
    other = memset(arena_alloc(&arena, 10), 'y', 10);
    cr_assert(other >= block + 5000);
    cr_assert_neq(arena_grow(&arena, block, 5000, 9000), block, "the other one does");
    block = arena_grow(&arena, other, 10, 1024 * 1024);
    cr_assert_eq(block[0], 'y', "a chunk has no room for it");
    cr_assert_eq(block[9], 'y');
    cr_assert_str_eq(arena_join(&arena, "one", " ", "two"), "one two");
    arena_close(&arena);
}

Test(buf, grows_and_ends_with_nul)
{
    Buf buf = {0};

    for (int i = 0; i < 5000; i++) {
        buf_char(&buf, (char)('a' + i % 26));
        cr_assert_eq(buf.bytes[buf.len], '\0');
    }
    cr_assert_eq(buf.len, 5000);
    cr_assert_eq(buf.bytes[4999], (char)('a' + 4999 % 26));
    buf_clear(&buf);
    cr_assert_eq(buf.len, 0);
    cr_assert_str_eq(buf.bytes, "");
    buf_close(&buf);
    cr_assert_null(buf.bytes);
}

Test(buf, printf_longer_than_the_room)
{
    Buf buf = {0};
    char long_text[3001];

    memset(long_text, 'x', 3000);
    long_text[3000] = '\0';
    buf_str(&buf, "<");
    buf_printf(&buf, "%s|%d", long_text, -7);
    cr_assert_eq(buf.len, 3004);
    cr_assert_str_eq(buf.bytes + 3001, "|-7");
    buf_close(&buf);
}

Test(hash, the_product_is_the_same_by_halves)
{
    uint64_t a = 1, b = UINT64_MAX;

    cr_assert_eq(hash_product_by_halves(UINT64_MAX, UINT64_MAX), hash_product(UINT64_MAX, UINT64_MAX));
    for (int i = 0; i < 1000; i++) {
        cr_assert_eq(hash_product_by_halves(a, b), hash_product(a, b));
        a = hash_mix(a + b);
        b = hash_mix(a ^ (uint64_t)i);
    }
}

Test(hash, strings_of_every_length_differ)
{
    char text[33];
    uint64_t seen[33];

    memset(text, 'a', sizeof text);
    for (size_t n = 0; n < 33; n++) {
        seen[n] = hash_bytes(text, n);
        for (size_t i = 0; i < n; i++) {
            cr_assert_neq(seen[i], seen[n], "%zu and %zu", i, n);
            text[i] = 'b';
            cr_assert_neq(hash_bytes(text, n), seen[n], "byte %zu of %zu", i, n);
            text[i] = 'a';
        }
    }
}

Test(buf, numbers)
{
    Buf buf = {0};

    buf_number(&buf, 0);
    buf_char(&buf, ' ');
    buf_number(&buf, 1000000);
    buf_char(&buf, ' ');
    buf_number(&buf, UINT64_MAX);
    cr_assert_str_eq(buf.bytes, "0 1000000 18446744073709551615");
    for (uint64_t n = 1; n < 10000000000000000000u; n *= 10) /* around each number of digits */
        for (int by = -1; by <= 1; by++) {
            char text[24];
            buf_clear(&buf);
            buf_number(&buf, n + (uint64_t)by);
            snprintf(text, sizeof text, "%llu", (unsigned long long)(n + (uint64_t)by));
            cr_assert_str_eq(buf.bytes, text);
        }
    buf_close(&buf);
}

Test(buf, empty_pieces_and_nul)
{
    Buf buf = {0};

    buf_add(&buf, NULL, 0);
    cr_assert_str_eq(buf.bytes, "");
    buf_add(&buf, "a\0b", 3);
    cr_assert_eq(buf.len, 3);
    cr_assert_eq(buf.bytes[2], 'b');
    buf_close(&buf);
}

/* ---- growable arrays */

Test(vec, items_stay_when_it_grows)
{
    VEC(uint64_t) numbers = {0};
    Arena arena;

    arena_init(&arena);
    for (uint64_t i = 0; i < 10000; i++) {
        uint64_t *item = vec_push(&arena, &numbers);
        cr_assert_eq(*item, 0, "a fresh item is cleared");
        *item = i * i;
    }
    cr_assert_eq(numbers.count, 10000);
    for (uint64_t i = 0; i < 10000; i++)
        cr_assert_eq(numbers.items[i], i * i);
    arena_close(&arena);
}

Test(vec, a_push_after_a_pop_is_cleared)
{
    VEC(uint32_t) numbers = {0};
    Arena arena;

    arena_init(&arena);
    *vec_push(&arena, &numbers) = 7;
    numbers.count--;
    cr_assert_eq(*vec_push(&arena, &numbers), 0);
    arena_close(&arena);
}

/* ---- order */

static int
compare_keys(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return x < y ? -1 : x > y;
}

/* As qsort has it, whether the keys come in one run, in a few, backwards or anyhow. */
Test(order, keys_are_sorted)
{
    enum { MOST = 300 };
    uint64_t keys[MOST], other[MOST];
    Arena arena;

    arena_init(&arena);
    for (uint32_t count = 0; count <= MOST; count++)
        for (uint32_t runs = 0; runs < 6; runs++) {
            for (uint32_t i = 0; i < count; i++)
                keys[i] = order_key(runs == 0   ? (uint32_t)hash_mix(i + count * 1000) % 50
                                    : runs == 5 ? count - i
                                                : i % (count / runs + 1), i);
            memcpy(other, keys, sizeof keys);
            order_sort(keys, count, &arena);
            qsort(other, count, sizeof *other, compare_keys);
            cr_assert_arr_eq(keys, other, count * sizeof *keys, "%u keys", count);
        }
    cr_assert_eq(order_place(order_key(7, 9)), 7);
    cr_assert_eq(order_number(order_key(7, 9)), 9);
    arena_close(&arena);
}

/* ---- spans */

Test(span, touching_is_not_overlapping)
{
    const Span a = {2, 5}, next = {5, 8}, inner = {3, 4}, across = {4, 6};

    cr_assert_not(span_overlaps(a, next));
    cr_assert(span_overlaps(a, across) && span_overlaps(across, a));
    cr_assert(span_contains(a, inner) && span_contains(a, a));
    cr_assert_not(span_contains(inner, a));
    cr_assert_not(span_contains(a, across));
    cr_assert(range_empty((Range){4, 4}));
    cr_assert_not(range_empty((Range){4, 5}));
}

/* ---- error */

Test(error, the_first_stays)
{
    Error err = {0};

    cr_assert_not(error_set(&err, ERROR_RULE, "a.rules", 3, 7, "match = x", 9, "bad %s", "rule"));
    cr_assert_not(error_set(&err, ERROR_IO, "b", 1, 1, NULL, 0, "an echo"));
    cr_assert_eq(err.kind, ERROR_RULE);
    cr_assert_str_eq(err.path, "a.rules");
    cr_assert_str_eq(err.message, "bad rule");
    cr_assert_str_eq(err.source, "match = x");
    cr_assert(err.line == 3 && err.column == 7);
}

Test(error, nothing_steers_the_terminal)
{
    Error err = {0};

    error_set(&err, ERROR_INPUT, "a\033[2Jb", 0, 0, "x\ty\033]0;z\007", 9, "n\no\177");
    cr_assert_str_eq(err.path, "a?[2Jb");
    cr_assert_str_eq(err.source, "x y?]0;z?");
    cr_assert_str_eq(err.message, "n?o?");
}

Test(error, long_texts_are_cut)
{
    Error err = {0};
    char *text = calloc(1, 5001);

    memset(text, 'x', 5000);
    error_set(&err, ERROR_INPUT, text, 1, 1, text, 5000, "%s", text);
    cr_assert_eq(strlen(err.path), sizeof err.path - 1);
    cr_assert_eq(strlen(err.message), sizeof err.message - 1);
    cr_assert_eq(strlen(err.source), sizeof err.source - 1);
    free(text);
}

/* What error_print writes. */
static void
printed(const Error *err, char *out, size_t room)
{
    FILE *file = tmpfile();
    int saved = dup(STDERR_FILENO);
    size_t len;

    cr_assert_not_null(file);
    fflush(stderr);
    dup2(fileno(file), STDERR_FILENO);
    error_print(err, "onrecord");
    fflush(stderr);
    dup2(saved, STDERR_FILENO);
    close(saved);
    rewind(file);
    len = fread(out, 1, room - 1, file);
    out[len] = '\0';
    fclose(file);
}

Test(error, print_shows_place_line_and_caret)
{
    Error err = {0};
    char out[512];

    error_set(&err, ERROR_RULE, "a.rules", 3, 9, "match = {caps}", 14, "no such thing");
    printed(&err, out, sizeof out);
    cr_assert_str_eq(out, "onrecord: a.rules:3:9: no such thing\n    match = {caps}\n            ^\n");
}

Test(error, print_without_place)
{
    Error err = {0};
    char out[512];

    error_set(&err, ERROR_USAGE, NULL, 0, 0, NULL, 0, "nothing to read");
    printed(&err, out, sizeof out);
    cr_assert_str_eq(out, "onrecord: nothing to read\n");
}
