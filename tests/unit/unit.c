#include "unit.h"

#include "base/hash.h"
#include "base/mem.h"

#include <dirent.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void
folder_make(char *path, size_t room)
{
    const char *base = getenv("TMPDIR");

    snprintf(path, room, "%s/onrecord-unit-XXXXXX", base && strlen(base) < room - 24 ? base : "/tmp");
    cr_assert_not_null(mkdtemp(path), "no folder for the test's rules can be made");
}

static void
folder_write(const char *folder, const char *name, const char *text)
{
    char path[256];
    FILE *file;

    snprintf(path, sizeof path, "%s/%s", folder, name);
    file = fopen(path, "wb");
    cr_assert_not_null(file, "%s cannot be written", path);
    fputs(text, file);
    cr_assert_eq(fclose(file), 0);
}

static void
folder_remove(const char *folder)
{
    DIR *dir = opendir(folder);
    struct dirent *entry;
    char path[512];

    while (dir && (entry = readdir(dir)) != NULL)
        if (entry->d_name[0] != '.') {
            snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
            unlink(path);
        }
    if (dir)
        closedir(dir);
    rmdir(folder);
}

static void
folder_fill(const char *folder, const char *name, const char *text, va_list more)
{
    for (; name; name = va_arg(more, const char *), text = name ? va_arg(more, const char *) : NULL)
        folder_write(folder, name, text);
}

static World *
world_start(World *w, RuleSet *rules, const Error *err)
{
    cr_assert_not_null(rules, "%s:%zu:%zu: %s", err->path, err->line, err->column, err->message);
    w->rules = rules;
    w->scratch = scratch_new(rules);
    arena_init(&w->arena);
    return w;
}

World *
world_of(const char *name, const char *text, ...)
{
    World *w = mem_zero(1, sizeof *w);
    const char *dirs[] = {w->folder};
    Error err = {0};
    va_list more;

    folder_make(w->folder, sizeof w->folder);
    va_start(more, text);
    folder_fill(w->folder, name, text, more);
    va_end(more);
    return world_start(w, ruleset_load_pack(NULL, 0, dirs, 1, &err), &err);
}

World *
world_with(const char *name, const char *text, ...)
{
    World *w = mem_zero(1, sizeof *w);
    const char *dirs[] = {w->folder};
    Error err = {0};
    va_list more;

    folder_make(w->folder, sizeof w->folder);
    va_start(more, text);
    folder_fill(w->folder, name, text, more);
    va_end(more);
    return world_start(w, ruleset_load(dirs, 1, &err), &err);
}

World *
world_ours(void)
{
    World *w = mem_zero(1, sizeof *w);
    Error err = {0};

    return world_start(w, ruleset_load(NULL, 0, &err), &err);
}

void
world_free(World *w)
{
    scratch_free(w->scratch);
    ruleset_free(w->rules);
    arena_close(&w->arena);
    if (w->folder[0])
        folder_remove(w->folder);
    free(w);
}

void
world_read_bytes(World *w, const char *text, size_t len, const char *last)
{
    Error err = {0};
    char *copy;

    arena_reset(&w->arena);
    copy = arena_copy(&w->arena, text, len);
    cr_assert(article_open(&w->a, &w->arena, copy, len, false, &err), "%s", err.message);
    cr_assert(pipeline_run(&w->a, w->rules, w->scratch, last, NULL, NULL, &err), "%s", err.message);
}

void
world_read(World *w, const char *text, const char *last)
{
    world_read_bytes(w, text, strlen(text), last);
}

const char *
world_slice(World *w, Span bytes)
{
    cr_assert(bytes.start <= bytes.end && bytes.end <= w->a.len, "%u to %u of %u bytes", bytes.start, bytes.end,
              w->a.len);
    return article_slice(&w->a, bytes);
}

const char *
world_words(World *w, Range tokens)
{
    return range_empty(tokens) ? "" : world_slice(w, token_span(&w->a, tokens));
}

Span
world_find(const World *w, const char *part)
{
    const char *at = memmem(w->a.text, w->a.len, part, strlen(part));

    cr_assert_not_null(at, "the text has no \"%s\"", part);
    return (Span){(uint32_t)(at - w->a.text), (uint32_t)(at - w->a.text + (ptrdiff_t)strlen(part))};
}

const char *
world_matches(World *w, const char *phase)
{
    const Phase *found = ruleset_phase(w->rules, phase);
    uint32_t from, to;
    Buf out = {0};
    char *copy;

    cr_assert_not_null(found, "no rule is in the phase %s", phase);
    phase_run(found, &w->a, w->rules, w->scratch, &from, &to);
    for (uint32_t i = from; i < to; i++) {
        const Match *m = &w->a.matches.items[i];
        buf_printf(&out, "%s%s: %s", i > from ? "\n" : "", m->rule->name, world_words(w, m->tokens));
        for (uint32_t g = 0; g < m->rule->group_count; g++) {
            Range r;
            if (match_group(m, (int)g, &r))
                buf_printf(&out, " | %s=%s", m->rule->groups[g], world_words(w, r));
        }
    }
    copy = arena_copy(&w->arena, out.bytes ? out.bytes : "", out.len);
    buf_close(&out);
    return copy;
}

void
expect_refused(Error *err, const char *name, const char *text, ...)
{
    char folder[64], *base;
    const char *dirs[] = {folder};
    RuleSet *rules;
    va_list more;

    *err = (Error){0};
    folder_make(folder, sizeof folder);
    va_start(more, text);
    folder_fill(folder, name, text, more);
    va_end(more);
    rules = ruleset_load_pack(NULL, 0, dirs, 1, err);
    folder_remove(folder);
    cr_assert_null(rules, "this was taken:\n%s", text);
    cr_assert_eq(err->kind, ERROR_RULE, "%s", err->message);
    base = strrchr(err->path, '/'); /* the folder's name says nothing */
    if (base)
        memmove(err->path, base + 1, strlen(base));
}

void
text_noise(Buf *out, uint64_t seed)
{
    static const char *const pieces[] = {"Ada ", "Quill ", "said ", "\"", "'", ". ", ", ", "\n\n", "\n", "Mayor ", "of ", "the ",
                                         "\xe2\x80\x9c", "\xe2\x80\x9d", "\xe2\x80\x99s ", "told ", "Ltd. ", "she ", "who ", "(", ") ",
                                         "Nairobi ", "- ", ": ", "according to ", "3 ", "and "};

    buf_clear(out);
    for (int i = 0; i < 120; i++) {
        seed = hash_mix(seed + 1);
        buf_str(out, pieces[seed % (sizeof pieces / sizeof *pieces)]);
    }
}
