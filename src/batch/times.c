#include "batch/times.h"

#include <time.h>

static double
cpu_seconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

void
times_begin(Times *times)
{
    times->last = cpu_seconds();
}

void
times_mark(Times *times, double *part)
{
    double now = cpu_seconds();

    *part += now - times->last;
    times->last = now;
}

void
times_stage(const Stage *stage, void *context)
{
    Times *times = context;

    times_mark(times, &times->stages[stage - PIPELINE]);
}

void
times_article(Times *times, const Article *a)
{
    times->articles++;
    times->bytes += a->len;
    times->tokens += a->tokens.count;
}

void
times_add(Times *sum, const Times *more)
{
    sum->read += more->read;
    sum->write += more->write;
    for (int i = 0; i < STAGES_MOST; i++)
        sum->stages[i] += more->stages[i];
    sum->articles += more->articles;
    sum->bytes += more->bytes;
    sum->tokens += more->tokens;
}

static void
report_line(Buf *out, const Times *times, const char *name, double seconds, double whole)
{
    buf_printf(out, "%-12s %9.4f s %6.1f %% %9.1f MB/s\n", name, seconds, whole > 0 ? 100 * seconds / whole : 0,
               seconds > 0 ? (double)times->bytes / 1e6 / seconds : 0);
}

void
times_report(const Times *times, Buf *out)
{
    double whole = times->read + times->write;

    for (const Stage *stage = PIPELINE; stage->name; stage++)
        whole += times->stages[stage - PIPELINE];
    report_line(out, times, "read", times->read, whole);
    for (const Stage *stage = PIPELINE; stage->name; stage++)
        report_line(out, times, stage->name, times->stages[stage - PIPELINE], whole);
    report_line(out, times, "write", times->write, whole);
    report_line(out, times, "all", whole, whole);
    buf_printf(out, "%llu articles, %.2f MB of text, %llu tokens, %.0f tokens/s\n", (unsigned long long)times->articles,
               (double)times->bytes / 1e6, (unsigned long long)times->tokens,
               whole > 0 ? (double)times->tokens / whole : 0);
}
