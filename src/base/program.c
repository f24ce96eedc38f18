#include "base/program.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static bool
fail(const Program *p, Error *err, const char *what)
{
    return error_set(err, ERROR_IO, NULL, 0, 0, NULL, 0, "the program %s %s", p->argv[0], what);
}

static long
milliseconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Start it with one end of a socket as its standard input and output: to write to a socket raises no signal if it has gone. */
static int
start(const Program *p, int end, pid_t *pid)
{
    const char *path = getenv("PATH");
    Buf search = {0};
    char *env[] = {NULL, (char[]){"LC_ALL=C.UTF-8"}, NULL};
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    sigset_t pipe;
    int failed;

    buf_printf(&search, "PATH=%s", path ? path : "/usr/local/bin:/usr/bin:/bin");
    env[0] = search.bytes;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_adddup2(&files, end, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&files, end, STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawnattr_init(&attributes);
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    posix_spawnattr_setsigdefault(&attributes, &pipe);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
    failed = posix_spawnp(pid, p->argv[0], &files, &attributes, (char *const *)p->argv, env);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
    buf_close(&search);
    return failed;
}

static void
limit(const Program *p, pid_t pid)
{
    struct rlimit seconds = {p->seconds, p->seconds + 1}, memory = {p->memory, p->memory}, none = {0, 0};

    prlimit(pid, RLIMIT_CPU, &seconds, NULL);
    prlimit(pid, RLIMIT_AS, &memory, NULL);
    prlimit(pid, RLIMIT_CORE, &none, NULL);
}

/* Hand over what waits and take what comes, until it closes its end.  False if it went beyond a limit. */
static bool
talk(const Program *p, int fd, const char *in, size_t len, Buf *out)
{
    long until = milliseconds() + (long)p->seconds * 1500;
    size_t begun = out->len;
    char piece[65536];

    if (len == 0)
        shutdown(fd, SHUT_WR);
    for (;;) {
        struct pollfd ready = {fd, (short)(POLLIN | (len ? POLLOUT : 0)), 0};
        long left = until - milliseconds();
        ssize_t n;
        if (left <= 0 || out->len - begun > p->output)
            return false;
        if (poll(&ready, 1, (int)left) <= 0)
            continue;
        if (len && (ready.revents & POLLOUT)) {
            n = send(fd, in, len, MSG_NOSIGNAL | MSG_DONTWAIT);
            if (n < 0 && errno != EAGAIN && errno != EINTR)
                n = (ssize_t)len; /* it wants no more: its exit status will say why */
            in += n > 0 ? n : 0;
            len -= n > 0 ? (size_t)n : 0;
            if (len == 0)
                shutdown(fd, SHUT_WR);
        }
        if (ready.revents & (POLLIN | POLLHUP | POLLERR)) {
            n = recv(fd, piece, sizeof piece, MSG_DONTWAIT);
            if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
                return true;
            buf_add(out, piece, n > 0 ? (size_t)n : 0);
        }
    }
}

bool
program_run(const Program *p, const char *in, size_t len, Buf *out, Error *err)
{
    int ends[2], status, failed;
    bool within;
    pid_t pid;

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return fail(p, err, "cannot be started: there are too many open files");
    failed = start(p, ends[1], &pid);
    close(ends[1]);
    if (failed) {
        close(ends[0]);
        return error_set(err, ERROR_IO, NULL, 0, 0, NULL, 0, "the program %s cannot be run: %s; Debian has it in the package %s",
                         p->argv[0], strerror(failed), p->package);
    }
    limit(p, pid);
    within = talk(p, ends[0], in, len, out);
    close(ends[0]);
    if (!within)
        kill(pid, SIGKILL);
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    if (!within || (WIFSIGNALED(status) && (WTERMSIG(status) == SIGXCPU || WTERMSIG(status) == SIGKILL)))
        return fail(p, err, "took too long");
    return (WIFEXITED(status) && WEXITSTATUS(status) == 0) || fail(p, err, "failed");
}
