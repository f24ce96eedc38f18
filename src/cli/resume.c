#include "cli/resume.h"

#include "base/hash.h"

#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static uint64_t
add(uint64_t print, const char *text)
{
    return hash_pair(print, text ? hash_bytes(text, strlen(text)) : 1);
}

uint64_t
resume_print(const Options *o)
{
    uint64_t print = hash_pair((uint64_t)o->graph.offsets << 8 | o->graph.forms, (uint64_t)o->graph.no_text << 1 | o->input.strict);

    for (uint32_t i = 0; i < o->input_count; i++) {
        struct stat st;
        print = add(print, o->inputs[i]);
        if (stat(o->inputs[i], &st) == 0 && S_ISREG(st.st_mode))
            print = hash_pair(print, hash_pair((uint64_t)st.st_size, (uint64_t)st.st_mtime));
    }
    for (uint32_t i = 0; i < o->input.field_count; i++)
        print = add(add(print, o->input.fields[i].field), o->input.fields[i].name);
    for (uint32_t i = 0; i < o->rule_count; i++)
        print = add(print, o->rules[i]);
    print = add(add(add(print, o->trace), o->stop_after), o->language);
    return hash_pair(print, (uint64_t)(uintptr_t)o->dedupe + (o->input.format ? 16 : 0));
}

static void
make_path(char *path, size_t room, const char *output, const char *ending)
{
    snprintf(path, room, "%s.part%s", output, ending);
}

bool
checkpoint_read(const char *output, Checkpoint *c)
{
    char path[4096];
    FILE *file;
    bool good;

    make_path(path, sizeof path, output, ".state");
    file = fopen(path, "re");
    if (file == NULL)
        return false;
    good = fscanf(file, "onrecord 1 %" SCNx64 " %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64 " end", &c->print, &c->records,
                  &c->output, &c->errors, &c->articles, &c->failed, &c->skipped) == 7;
    fclose(file);
    return good;
}

bool
checkpoint_write(const char *output, const Checkpoint *c)
{
    char path[4096], fresh[4096];
    FILE *file;
    bool good;

    make_path(path, sizeof path, output, ".state");
    make_path(fresh, sizeof fresh, output, ".state.new");
    file = fopen(fresh, "we");
    if (file == NULL)
        return false;
    good = fprintf(file, "onrecord 1 %" PRIx64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " end\n", c->print, c->records,
                   c->output, c->errors, c->articles, c->failed, c->skipped) > 0;
    good = fclose(file) == 0 && good;
    if (good)
        good = rename(fresh, path) == 0;
    if (!good)
        unlink(fresh);
    return good;
}

void
checkpoint_remove(const char *output)
{
    char path[4096];

    make_path(path, sizeof path, output, ".state");
    unlink(path);
    make_path(path, sizeof path, output, ".state.new");
    unlink(path);
}
