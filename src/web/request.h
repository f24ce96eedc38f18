/* What is asked for: a path, a form (page, table or JSON) and parameters, read off the target of a request. */
#ifndef ONRECORD_WEB_REQUEST_H
#define ONRECORD_WEB_REQUEST_H

#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>

enum { TARGET_MOST = 4096, PARAMETERS_MOST = 24, ID_NONE = 0 };

typedef enum { FORM_PAGE, FORM_CSV, FORM_JSON, FORM_SVG } WebForm;

typedef struct {
    const char *view; /* the first part of the path: "person"; "" for the start */
    const char *name; /* the second, as it is given: "12", "clause.that"; "" if there is none */
    int64_t id;       /* the same as a number, or ID_NONE */
    WebForm form;
    const char *query; /* as it was sent, without the ?; "" if there is none */
    struct {
        const char *name, *value;
    } parameters[PARAMETERS_MOST];
    uint32_t parameter_count;
} Request;

typedef enum { REQUEST_OK, REQUEST_BAD, REQUEST_LONG } RequestResult;

/* Read the target as it was sent: path and query, in the arena.  All text in it is made valid UTF-8 without NUL. */
RequestResult request_read(Request *request, Arena *arena, const char *target);

/* A parameter; NULL if it is not there or is blank. */
const char *request_get(const Request *request, const char *name);

/* A parameter that is a number from 1 to `most`; `otherwise` if it is none. */
int64_t request_number(const Request *request, const char *name, int64_t most, int64_t otherwise);

/* Is the value of a Host header this machine's own: 127.0.0.1, localhost or [::1] with this port?  A page of another site that
 * gave its own name our address (DNS rebinding) is known by it. */
bool request_host_is_ours(const char *host, uint16_t port);

#endif
