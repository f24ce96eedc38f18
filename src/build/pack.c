/* Compiles a folder of rules into the pack that is linked into the program.
 *
 *     onrecord-pack rules/en OUT.pack
 *
 * A part of the build, not of the program. */
#include "base/mem.h"
#include "engine/pack.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

typedef struct {
    Features features;
    LexBuilder *lists;
    Weights weights;
    PackFile *files;
    uint32_t file_count;
    Error err;
} Build;

static char *
read_whole(const char *path, size_t *len)
{
    FILE *file = fopen(path, "rb");
    Buf buf = {0};
    char block[65536];
    size_t n;

    if (file == NULL)
        return NULL;
    while ((n = fread(block, 1, sizeof block, file)) > 0)
        buf_add(&buf, block, n);
    fclose(file);
    buf_room(&buf, 1);
    *len = buf.len;
    buf.bytes[buf.len] = '\0';
    return buf.bytes;
}

static bool
has_end(const char *path, const char *end)
{
    size_t n = strlen(path), m = strlen(end);

    return n >= m && strcmp(path + n - m, end) == 0;
}

static bool
take_file(Build *b, const char *path)
{
    size_t len;
    char *text;
    bool ok = true;

    if (!has_end(path, ".tsv") && !has_end(path, ".rules"))
        return true;
    if ((text = read_whole(path, &len)) == NULL)
        return error_set(&b->err, ERROR_IO, path, 0, 0, NULL, 0, "%s", strerror(errno));
    if (has_end(path, ".rules")) { /* kept to the end */
        b->files = mem_grow(b->files, (b->file_count + 1) * sizeof *b->files);
        b->files[b->file_count++] = (PackFile){mem_copy(path, strlen(path)), text, len};
        return true;
    }
    if (has_end(path, "weights.tsv"))
        ok = weights_read(&b->weights, path, text, len, &b->err);
    else
        ok = lexbuilder_read(b->lists, path, text, len, &b->err);
    free(text);
    return ok;
}

static int
by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static bool
take_folder(Build *b, const char *dir)
{
    struct dirent **names;
    int count = scandir(dir, &names, NULL, by_name);
    bool ok = true;

    if (count < 0)
        return error_set(&b->err, ERROR_IO, dir, 0, 0, NULL, 0, "%s", strerror(errno));
    for (int i = 0; i < count; i++) {
        char path[4096];
        struct stat st;
        snprintf(path, sizeof path, "%s/%s", dir, names[i]->d_name);
        if (ok && names[i]->d_name[0] != '.' && stat(path, &st) == 0)
            ok = S_ISDIR(st.st_mode) ? take_folder(b, path) : take_file(b, path);
        free(names[i]);
    }
    free(names);
    return ok;
}

int
main(int argc, char **argv)
{
    Build b = {0};
    Lexicon lexicon;
    Buf out = {0};
    FILE *file;

    if (argc != 3) {
        fprintf(stderr, "usage: onrecord-pack RULES-FOLDER OUT\n");
        return 2;
    }
    features_init(&b.features);
    b.lists = lexbuilder_new(&b.features);
    if (!take_folder(&b, argv[1])) {
        error_print(&b.err, "onrecord-pack");
        return 1;
    }
    lexbuilder_finish(b.lists, &lexicon);
    pack_write(&out, &lexicon, &b.features, &b.weights, b.files, b.file_count);
    file = fopen(argv[2], "wb");
    if (file == NULL || fwrite(out.bytes, 1, out.len, file) != out.len || fclose(file) != 0) {
        fprintf(stderr, "onrecord-pack: %s: %s\n", argv[2], strerror(errno));
        return 1;
    }
    fprintf(stderr, "packed %u words, %u sets, %u features, %u weights, %u rule files: %zu bytes\n",
            lexicon.word_count, lexicon.set_count, b.features.count, b.weights.count,
            b.file_count, out.len);
    buf_close(&out);
    lexbuilder_free(b.lists);
    features_close(&b.features);
    weights_close(&b.weights);
    for (uint32_t i = 0; i < b.file_count; i++) {
        free((void *)b.files[i].path);
        free((void *)b.files[i].text);
    }
    free(b.files);
    return 0;
}
