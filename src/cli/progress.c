#include "cli/progress.h"

#include <fts.h>
#include <sys/stat.h>
#include <time.h>

enum {
    LOG_SECONDS = 60,    /* between lines that stay */
    WALKED_MOST = 200000 /* files whose sizes are asked for */
};

static const double DRAW_SECONDS = 0.2;

static double
now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC_COARSE, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* ---- how much there is */

/* What lies under a path, as it will be read; false if that cannot be told. */
static bool
add_size(const char *path, uint64_t *size)
{
    char copy[4096], *const paths[] = {copy, NULL};
    int walked = 0;
    FTSENT *entry;
    FTS *tree;

    if (strcmp(path, "-") == 0 || (size_t)snprintf(copy, sizeof copy, "%s", path) >= sizeof copy ||
        (tree = fts_open(paths, FTS_COMFOLLOW | FTS_PHYSICAL | FTS_NOCHDIR, NULL)) == NULL)
        return false;
    while ((entry = fts_read(tree)) != NULL && walked++ < WALKED_MOST) {
        if (entry->fts_level > 0 && entry->fts_name[0] == '.')
            fts_set(tree, entry, FTS_SKIP);
        else if (entry->fts_info == FTS_F)
            *size += (uint64_t)entry->fts_statp->st_size;
        else if (entry->fts_level == 0 && entry->fts_info == FTS_DEFAULT) /* a pipe */
            walked = WALKED_MOST;
    }
    fts_close(tree);
    return walked < WALKED_MOST;
}

static uint64_t
size_of_inputs(const Options *o)
{
    uint64_t size = 0;

    for (uint32_t i = 0; i < o->input_count; i++)
        if (!add_size(o->inputs[i], &size))
            return 0;
    return size;
}

void
progress_begin(Progress *p, const Options *o, bool elsewhere)
{
    *p = (Progress){.terminal = terminal_look(stderr, COLOR_AUTO)};
    p->wanted = o->progress == PROGRESS_ALWAYS ||
                (o->progress == PROGRESS_AUTO && !o->quiet && p->terminal.is_terminal &&
                 (o->output || elsewhere || !terminal_look(stdout, COLOR_AUTO).is_terminal));
    if (!p->wanted)
        return;
    p->begun = p->shown = now();
    p->all = size_of_inputs(o);
}

/* ---- what is shown */

static uint64_t
articles_of(const BatchCount *c)
{
    return c->written + c->failed + c->duplicates + c->unread;
}

static void
add_time(Buf *out, double seconds)
{
    unsigned long long s = (unsigned long long)(seconds + 0.5);

    if (s >= 3600)
        buf_printf(out, "%llu:%02llu:%02llu", s / 3600, s / 60 % 60, s % 60);
    else
        buf_printf(out, "%llu:%02llu", s / 60, s % 60);
}

void
progress_line(Buf *out, const Progress *p, const BatchCount *c, double seconds)
{
    double done = (double)c->bytes_done, new = (double)(c->bytes_done - p->first.bytes_done);

    buf_printf(out, "%llu articles, %llu failed, %.1f", (unsigned long long)articles_of(c), (unsigned long long)c->failed, done / 1e6);
    if (p->all)
        buf_printf(out, " of %.1f MB (%.0f %%)", (double)p->all / 1e6, done < (double)p->all ? 100 * done / (double)p->all : 100);
    else
        buf_str(out, " MB");
    buf_printf(out, ", %.1f MB of text/s", seconds > 0 ? (double)(c->text - p->first.text) / 1e6 / seconds : 0);
    if (p->all && new > 0 && done < (double)p->all) {
        buf_str(out, ", ");
        add_time(out, ((double)p->all - done) * seconds / new);
        buf_str(out, " left");
    }
}

/* What an earlier run did says nothing of how fast this one is. */
static void
begin_anew(Progress *p, const BatchCount *c, double at)
{
    p->first = *c;
    p->begun = at;
}

void
progress_show(Progress *p, const BatchCount *c, bool last)
{
    double at;
    Buf line = {0};

    if (!p->wanted)
        return;
    at = now();
    if (c->records == p->first.records && !last)
        begin_anew(p, c, at);
    if (!last && at - p->shown < (p->terminal.is_terminal ? DRAW_SECONDS : LOG_SECONDS))
        return;
    p->shown = at;
    progress_line(&line, p, c, at - p->begun);
    if (p->terminal.is_terminal)
        fprintf(stderr, "\r\x1b[K%.*s%s", (int)terminal_fit(line.bytes, line.len, p->terminal.width ? p->terminal.width - 1 : 79, NULL), line.bytes, last ? "\n" : "");
    else
        fprintf(stderr, "%s\n", line.bytes);
    fflush(stderr);
    p->drawn = !last;
    buf_close(&line);
}

void
progress_clear(Progress *p)
{
    if (p->drawn && p->terminal.is_terminal)
        fputs("\r\x1b[K", stderr);
    p->drawn = false;
}
