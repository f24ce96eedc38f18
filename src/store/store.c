#include "store/store.h"

#include "base/hash.h"
#include "base/mem.h"
#include "store/db_p.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* What the head of the file says: that it is ours, and which schema it has. */
enum { APPLICATION = 0x6f6e7265 /* "onre" */, VERSION = 4 };

enum { PATIENCE = 20000 /* ms to wait for another program that writes */ };
enum { STEPS = 20000 /* of SQLite's machine, between looks at the clock */ };

extern const char store_schema[];

bool
store_is_database(const char *path)
{
    static const char MAGIC[] = "SQLite format 3";
    char head[sizeof MAGIC] = {0};
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    ssize_t n;

    if (fd < 0)
        return false;
    n = read(fd, head, sizeof head);
    close(fd);
    return n == sizeof head && memcmp(head, MAGIC, sizeof MAGIC) == 0;
}

/* A file that is not there yet, or empty, may become one. */
static bool
may_be_archive(const char *path)
{
    struct stat st;

    return stat(path, &st) != 0 || (S_ISREG(st.st_mode) && st.st_size == 0) || store_is_database(path);
}

static bool
refuse(Store *s, Error *err, const char *why)
{
    return error_set(err, ERROR_USAGE, s->path, 0, 0, NULL, 0, "%s", why);
}

/* A new archive is made in one transaction: killed here, it is an empty file, and made again. */
static bool
make_tables(Store *s, Error *err)
{
    char head[128];

    snprintf(head, sizeof head, "PRAGMA application_id = %d; PRAGMA user_version = %d;", APPLICATION, VERSION);
    return db_exec(s, "BEGIN IMMEDIATE", err) &&
           (db_number(s, 0, err, "SELECT count(*) FROM sqlite_schema", "") > 0 || /* another program was faster */
            (db_exec(s, store_schema, err) && db_exec(s, head, err))) &&
           db_exec(s, "COMMIT", err);
}

/* A schema is never changed in place: what an older archive lacks stands only in the articles. */
static bool
is_of_version(Store *s, Error *err)
{
    int64_t version = db_number(s, 0, err, "PRAGMA user_version", "");

    if (err->kind != ERROR_NONE || version == VERSION)
        return err->kind == ERROR_NONE;
    if (version > VERSION)
        return error_set(err, ERROR_USAGE, s->path, 0, 0, NULL, 0,
                         "a newer onrecord made it (its schema is number %lld, and this program knows %d): install that one to open it",
                         (long long)version, VERSION);
    return error_set(err, ERROR_USAGE, s->path, 0, 0, NULL, 0,
                     "an older onrecord made it (its schema is number %lld, and this program needs %d): store its articles anew, into "
                     "another file: onrecord store NEW.db INPUT...", (long long)version, VERSION);
}

/* Is it ours?  An empty file becomes an archive. */
static bool
look(Store *s, StoreMode mode, Error *err)
{
    int64_t tables = db_number(s, -1, err, "SELECT count(*) FROM sqlite_schema", "");

    if (tables < 0)
        return false;
    if (tables == 0 && mode != STORE_READ && !make_tables(s, err))
        return false;
    if (db_number(s, 0, err, "PRAGMA application_id", "") != APPLICATION)
        return refuse(s, err, "it is no archive of onrecord");
    return err->kind == ERROR_NONE && is_of_version(s, err);
}

/* ---- questions that take too long */

static double
clock_now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int
is_late(void *context)
{
    Store *s = context;

    s->late = s->late || (s->deadline > 0 && clock_now() > s->deadline);
    return s->late;
}

void
store_hurry(Store *s, double seconds)
{
    s->late = false;
    s->deadline = seconds > 0 ? clock_now() + seconds : 0;
    sqlite3_progress_handler(s->db, s->deadline > 0 ? STEPS : 0, is_late, s);
}

void
store_stop(Store *s)
{
    sqlite3_interrupt(s->db);
}

bool
store_was_late(const Store *s)
{
    return s->late;
}

uint64_t
store_state(const Store *s)
{
    struct stat st;

    if (stat(s->path, &st) != 0)
        return 0;
    return hash_mix((uint64_t)st.st_mtim.tv_sec ^ hash_mix((uint64_t)st.st_mtim.tv_nsec ^ hash_mix((uint64_t)st.st_size)));
}

/* ---- opening */

/* The file may come from anywhere: nobody rewrites its schema, and where nothing is to be written, functions that its views
 * may name are not run.  (Where something is, its own triggers must reach FTS5.) */
static bool
guard(Store *s, StoreMode mode, Error *err)
{
    sqlite3_extended_result_codes(s->db, 1);
    sqlite3_busy_timeout(s->db, PATIENCE);
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, mode != STORE_READ, NULL);
    return db_exec(s, "PRAGMA foreign_keys = ON; PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY;", err);
}

Store *
store_open(const char *path, StoreMode mode, Error *err)
{
    Store *s = mem_zero(1, sizeof *s);
    int flags = (mode == STORE_READ ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE) |
                SQLITE_OPEN_FULLMUTEX;

    s->path = mem_copy(mode == STORE_SCRATCH ? "" : path, mode == STORE_SCRATCH ? 0 : strlen(path));
    pthread_mutex_init(&s->lock, NULL);
    if (mode == STORE_READ && access(path, F_OK) != 0) {
        refuse(s, err, "there is no such archive");
        goto failed;
    }
    if (mode != STORE_SCRATCH && !may_be_archive(path)) {
        refuse(s, err, "it is no archive of onrecord");
        goto failed;
    }
    if (sqlite3_open_v2(s->path, &s->db, flags, NULL) != SQLITE_OK) {
        db_fail(s, err);
        goto failed;
    }
    if (guard(s, mode, err) && look(s, mode, err))
        return s;
failed:
    store_close(s);
    return NULL;
}

void
store_close(Store *s)
{
    if (s == NULL)
        return;
    for (uint32_t i = 0; i < s->count; i++)
        sqlite3_finalize(s->statements[i].statement);
    sqlite3_finalize(s->has);
    sqlite3_close(s->db);
    pthread_mutex_destroy(&s->lock);
    free(s->path);
    free(s);
}
