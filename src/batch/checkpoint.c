#include "batch/checkpoint.h"

#include "base/hash.h"
#include "base/mem.h"
#include "input/formats.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NUMBERS = 9 };

static uint64_t
add(uint64_t print, const char *text)
{
    return hash_pair(print, text ? hash_bytes(text, strlen(text)) : 1);
}

uint64_t
checkpoint_print(const Batch *batch)
{
    const InputOptions *input = batch->input;
    uint64_t print = hash_pair(batch->print, (uint64_t)batch->dedupe << 1 | input->strict);

    print = hash_pair(print, hash_pair(input->article_most, hash_pair(input->depth_most, input->expand_most)));

    for (uint32_t i = 0; i < batch->input_count; i++) {
        struct stat st;
        print = add(print, batch->inputs[i]);
        if (stat(batch->inputs[i], &st) == 0 && S_ISREG(st.st_mode))
            print = hash_pair(print, hash_pair((uint64_t)st.st_size, (uint64_t)st.st_mtime));
    }
    for (uint32_t i = 0; i < input->field_count; i++)
        print = add(add(print, input->fields[i].field), input->fields[i].name);
    return add(add(add(print, batch->stop_after), batch->language), input->format ? input->format->name : NULL);
}

/* ---- the file: a line of numbers, and a word that shows that it is whole */

/* The numbers as they stand there. */
static void
spread(Checkpoint *c, uint64_t *numbers[NUMBERS])
{
    uint64_t *all[NUMBERS] = {&c->records,       &c->trail,        &c->output,           &c->errors,      &c->count.written,
                              &c->count.failed, &c->count.duplicates, &c->count.unread, &c->count.records};

    memcpy(numbers, all, sizeof all);
}

/* Owned by the caller. */
static char *
beside(const char *output, const char *ending)
{
    char *path = mem_alloc(strlen(output) + strlen(ending) + 1);

    strcpy(path, output);
    return strcat(path, ending);
}

static char *
state_of(const char *output)
{
    return beside(output, ".part.state");
}

static char *
fresh_state_of(const char *output)
{
    return beside(output, ".part.state.new");
}

bool
checkpoint_read(const char *output, Checkpoint *c)
{
    char *path = state_of(output), end[4];
    uint64_t *numbers[NUMBERS];
    FILE *file = fopen(path, "re");
    bool good;

    free(path);
    if (file == NULL)
        return false;
    *c = (Checkpoint){0};
    spread(c, numbers);
    good = fscanf(file, "onrecord 3 %" SCNx64, &c->print) == 1;
    for (int i = 0; good && i < NUMBERS; i++)
        good = fscanf(file, " %" SCNu64, numbers[i]) == 1;
    good = good && fscanf(file, " %3s", end) == 1 && strcmp(end, "end") == 0;
    fclose(file);
    return good;
}

bool
checkpoint_write(const char *output, const Checkpoint *c)
{
    char *path = state_of(output), *fresh = fresh_state_of(output);
    uint64_t *numbers[NUMBERS];
    Checkpoint copy = *c;
    FILE *file = fopen(fresh, "we");
    bool good = file != NULL;

    spread(&copy, numbers);
    if (good) {
        fprintf(file, "onrecord 3 %" PRIx64, c->print);
        for (int i = 0; i < NUMBERS; i++)
            fprintf(file, " %" PRIu64, *numbers[i]);
        fputs(" end\n", file);
        good = !(ferror(file) | fclose(file)) && rename(fresh, path) == 0;
    }
    if (!good)
        unlink(fresh);
    free(path);
    free(fresh);
    return good;
}

void
checkpoint_remove(const char *output)
{
    char *path = state_of(output), *fresh = fresh_state_of(output);

    unlink(path);
    unlink(fresh);
    free(path);
    free(fresh);
}
