#include "input/walk.h"

#include "base/mem.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void
push(Walk *walk, char *path, bool given)
{
    if (walk->count == walk->room) {
        walk->room = walk->room ? walk->room * 2 : 64;
        walk->places = mem_grow(walk->places, walk->room * sizeof *walk->places);
    }
    walk->places[walk->count++] = (Place){path, given};
}

void
walk_open(Walk *walk, const char *const *paths, uint32_t count, const char *const written[WRITTEN])
{
    *walk = (Walk){.written = written};
    for (uint32_t i = count; i-- > 0;)
        push(walk, mem_copy(paths[i], strlen(paths[i])), true);
}

void
walk_close(Walk *walk)
{
    for (uint32_t i = 0; i < walk->count; i++)
        free(walk->places[i].path);
    free(walk->places);
}

static int
by_name_backwards(const struct dirent **a, const struct dirent **b)
{
    return -strcmp((*a)->d_name, (*b)->d_name);
}

static int
not_hidden(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

/* Put what is in a folder on the pile, the first name on top. */
static bool
expand(Walk *walk, const char *dir, Error *err)
{
    struct dirent **names;
    size_t len = strlen(dir);
    int count = scandir(dir, &names, not_hidden, by_name_backwards);

    if (count < 0)
        return error_set(err, ERROR_IO, dir, 0, 0, NULL, 0, "the folder cannot be read: %s", strerror(errno));
    while (len > 1 && dir[len - 1] == '/')
        len--;
    for (int i = 0; i < count; i++) {
        size_t name = strlen(names[i]->d_name);
        char *path = mem_alloc(len + name + 2);
        memcpy(path, dir, len);
        path[len] = '/';
        memcpy(path + len + (dir[len - 1] != '/'), names[i]->d_name, name + 1);
        push(walk, path, false);
        free(names[i]);
    }
    free(names);
    return true;
}

static const char *
name_of(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

static bool
folder_stat(const char *path, struct stat *st)
{
    char *folder = name_of(path) > path ? mem_copy(path, (size_t)(name_of(path) - path)) : mem_copy(".", 1);
    bool good = stat(folder, st) == 0;

    free(folder);
    return good;
}

/* Is it the file that is written at `written`, or lies beside it meanwhile? */
static bool
is_written_at(const char *path, const char *written)
{
    static const char *const endings[] = {"", ".part", ".part.state", ".part.state.new"};
    const char *name = name_of(path);
    size_t len = strlen(name_of(written));
    struct stat a, b;
    bool same = false;

    if (strncmp(name, name_of(written), len) != 0)
        return false;
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        same = same || strcmp(name + len, endings[i]) == 0;
    return same && folder_stat(path, &a) && folder_stat(written, &b) && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

static bool
is_written(const Walk *walk, const Place *place)
{
    for (int i = 0; i < WRITTEN; i++)
        if (!place->given && walk->written[i] && is_written_at(place->path, walk->written[i]))
            return true;
    return false;
}

/* Open a place: its descriptor, or -1 if it is a folder, nothing to be read, or a fault. */
static int
open_place(Walk *walk, const Place *place, Error *err)
{
    struct stat st, link;
    int fd;

    if (place->given && strcmp(place->path, "-") == 0)
        return STDIN_FILENO;
    if (stat(place->path, &st) != 0) {
        error_set(err, ERROR_IO, place->path, 0, 0, NULL, 0, "it cannot be opened: %s", strerror(errno));
        return -1;
    }
    if (S_ISDIR(st.st_mode)) { /* a link to a folder inside a folder could lead round in a circle */
        if (place->given || (lstat(place->path, &link) == 0 && !S_ISLNK(link.st_mode)))
            expand(walk, place->path, err);
        return -1;
    }
    if (!place->given && (!S_ISREG(st.st_mode) || is_written(walk, place)))
        return -1;
    if ((fd = open(place->path, O_RDONLY | O_CLOEXEC)) < 0)
        error_set(err, ERROR_IO, place->path, 0, 0, NULL, 0, "it cannot be opened: %s", strerror(errno));
    else
        posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
    return fd;
}

bool
walk_next(Walk *walk, char **path, int *fd, Error *err)
{
    while (walk->count) {
        Place place = walk->places[--walk->count];
        *fd = open_place(walk, &place, err);
        if (*fd >= 0) {
            *path = place.path;
            return true;
        }
        free(place.path);
        if (err->kind != ERROR_NONE)
            break;
    }
    return false;
}
