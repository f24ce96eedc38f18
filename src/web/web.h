/* An archive in a browser, on this machine alone; and articles as a page that stands in a file by itself.
 *
 * web.c answers a request and knows nothing of HTTP libraries; server.c is the only file that includes libmicrohttpd. */
#ifndef ONRECORD_WEB_WEB_H
#define ONRECORD_WEB_WEB_H

#include "base/buf.h"
#include "engine/ruleset.h"
#include "store/store.h"

typedef struct Web Web;

enum { WEB_STORES = 4 /* questions that are asked at once */ };

/* NULL with *err.  The rules explain what they made; they must outlive it. */
Web *web_new(const char *path, const RuleSet *rules, Error *err);
void web_free(Web *web);

/* What a browser sends. */
typedef struct {
    const char *method, *target;
    const char *host; /* NULL if there is none, or more than one */
    uint16_t port;    /* that we listen at */
} WebQuestion;

enum { WEB_HEADERS = 4 };

typedef struct {
    int status;
    Buf body;
    const char *type, *policy; /* Content-Type, Content-Security-Policy */
    struct {
        const char *name;
        char *value; /* owned */
    } headers[WEB_HEADERS];
    uint32_t header_count;
} WebAnswer;

/* May be called from any thread. */
void web_answer(Web *web, const WebQuestion *question, WebAnswer *answer);
void web_answer_close(WebAnswer *answer);

/* The headers that every answer bears, ending with a NULL name. */
typedef struct {
    const char *name, *value;
} WebHeader;

extern const WebHeader WEB_SAFETY[];

/* Serve until SIGINT or SIGTERM comes.  Port 0: any free one.  `ready` is told the address. */
bool web_serve(Web *web, uint16_t port, void (*ready)(const char *address), Error *err);

/* Append a page that stands alone, with all articles of an archive: no script, no address, nothing to fetch.  False with *err. */
bool web_report(Buf *out, Store *store, const RuleSet *rules, const char *title, Error *err);

#endif
