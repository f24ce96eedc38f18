/* HTTP over libmicrohttpd: threads that read requests, hand them to web.c and send what it answers.
 *
 * The socket is our own, so that it is bound to loopback and to nothing else, and so that we can say what is wrong
 * with a port.  What the library refuses by itself (broken requests, headers that do not end) it answers without us. */
#include "web/web.h"

#include "base/mem.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum {
    THREADS = WEB_STORES,
    CONNECTIONS = 256,
    CONNECTION_MEMORY = 32768, /* for the headers of a request: what is longer is refused */
    IDLE_SECONDS = 15,
    TARGET_KEPT = 8192
};

typedef struct {
    Web *web;
    uint16_t port;
} Server;

/* ---- one request */

/* The target as it was sent, before the library takes it apart.  A longer one than any view takes is cut, and refused for it. */
static void *
keep_target(void *context, const char *target, struct MHD_Connection *connection)
{
    (void)context;
    (void)connection;
    return mem_copy(target, strnlen(target, TARGET_KEPT));
}

/* The library need not read what we read ourselves. */
static size_t
leave_escaped(void *context, struct MHD_Connection *connection, char *text)
{
    (void)context;
    (void)connection;
    return strlen(text);
}

static void
drop_target(void *context, struct MHD_Connection *connection, void **state, enum MHD_RequestTerminationCode how)
{
    (void)context;
    (void)connection;
    (void)how;
    free(*state);
    *state = NULL;
}

typedef struct {
    const char *host;
    int count;
} Hosts;

static enum MHD_Result
see_header(void *context, enum MHD_ValueKind kind, const char *name, const char *value)
{
    Hosts *hosts = context;

    (void)kind;
    if (strcasecmp(name, "host") == 0) {
        hosts->host = value;
        hosts->count++;
    }
    return MHD_YES;
}

static enum MHD_Result
send_answer(struct MHD_Connection *connection, WebAnswer *answer)
{
    struct MHD_Response *response;
    enum MHD_Result result;

    response = MHD_create_response_from_buffer(answer->body.len, answer->body.bytes, MHD_RESPMEM_MUST_FREE);
    if (response == NULL)
        return MHD_NO;
    answer->body = (Buf){0}; /* the response owns it now */
    for (const WebHeader *h = WEB_SAFETY; h->name; h++)
        MHD_add_response_header(response, h->name, h->value);
    MHD_add_response_header(response, "Content-Type", answer->type);
    MHD_add_response_header(response, "Content-Security-Policy", answer->policy);
    for (uint32_t i = 0; i < answer->header_count; i++)
        MHD_add_response_header(response, answer->headers[i].name, answer->headers[i].value);
    result = MHD_queue_response(connection, (unsigned)answer->status, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result
handle(void *context, struct MHD_Connection *connection, const char *url, const char *method, const char *version, const char *upload,
       size_t *upload_size, void **state)
{
    const Server *server = context;
    Hosts hosts = {0};
    WebAnswer answer;
    enum MHD_Result result;

    (void)url;
    (void)version;
    (void)upload;
    (void)upload_size;
    MHD_get_connection_values(connection, MHD_HEADER_KIND, see_header, &hosts);
    web_answer(server->web, &(WebQuestion){method, *state ? *state : "", hosts.count == 1 ? hosts.host : NULL, server->port}, &answer);
    result = send_answer(connection, &answer);
    web_answer_close(&answer);
    return result;
}

/* ---- the socket */

static int
refuse(Error *err, int fd, uint16_t port)
{
    if (errno == EADDRINUSE)
        error_set(err, ERROR_USAGE, NULL, 0, 0, NULL, 0, "port %u is in use: another program has it, or this one runs already; --port 0 takes a free one", port);
    else if (errno == EACCES)
        error_set(err, ERROR_USAGE, NULL, 0, 0, NULL, 0, "port %u is for the system's own programs: take one from 1024 to 65535", port);
    else
        error_set(err, ERROR_IO, NULL, 0, 0, NULL, 0, "port %u cannot be opened: %s", port, strerror(errno));
    if (fd >= 0)
        close(fd);
    return -1;
}

static int
listen_at(uint16_t *port, Error *err)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(*port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), yes = 1;

    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) != 0 || bind(fd, (struct sockaddr *)&address, sizeof address) != 0 ||
        listen(fd, SOMAXCONN) != 0 || getsockname(fd, (struct sockaddr *)&address, &size) != 0)
        return refuse(err, fd, *port);
    *port = ntohs(address.sin_port);
    return fd;
}

/* What the library has to say of connections that broke is no news. */
static void
say_nothing(void *context, const char *format, va_list args)
{
    (void)context;
    (void)format;
    (void)args;
}

static struct MHD_Daemon *
start(Server *server, int fd)
{
    return MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ERROR_LOG, 0, NULL, NULL, handle, server,
                            MHD_OPTION_EXTERNAL_LOGGER, say_nothing, NULL, MHD_OPTION_LISTEN_SOCKET, (MHD_socket)fd,
                            MHD_OPTION_THREAD_POOL_SIZE, (unsigned)THREADS, MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS,
                            MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY, MHD_OPTION_CONNECTION_TIMEOUT,
                            (unsigned)IDLE_SECONDS, MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_URI_LOG_CALLBACK, keep_target, NULL,
                            MHD_OPTION_UNESCAPE_CALLBACK, leave_escaped, NULL, MHD_OPTION_NOTIFY_COMPLETED, drop_target, NULL, MHD_OPTION_END);
}

bool
web_serve(Web *web, uint16_t port, void (*ready)(const char *address), Error *err)
{
    Server server = {web, port};
    struct MHD_Daemon *daemon;
    char address[64];
    sigset_t ends;
    int fd = listen_at(&server.port, err), which;

    if (fd < 0)
        return false;
    sigemptyset(&ends);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &ends, NULL); /* before any thread starts, so that all wait for it here */
    if ((daemon = start(&server, fd)) == NULL) {
        close(fd);
        return error_set(err, ERROR_IO, NULL, 0, 0, NULL, 0, "the server cannot be started: %s", strerror(errno));
    }
    snprintf(address, sizeof address, "http://127.0.0.1:%u/", server.port);
    ready(address);
    sigwait(&ends, &which);
    MHD_stop_daemon(daemon);
    return true;
}
