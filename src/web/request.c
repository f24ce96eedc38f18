#include "web/request.h"

#include "text/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int
hex(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Undo the percent code.  NULL if it is broken, or hides a NUL. */
static const char *
decode(Arena *arena, const char *text, size_t len, bool plus)
{
    char *raw = arena_alloc(arena, len + 1);
    size_t n = 0, repaired;

    for (size_t i = 0; i < len; i++) {
        char c = text[i];
        if (c == '%') {
            if (i + 2 >= len || hex(text[i + 1]) < 0 || hex(text[i + 2]) < 0)
                return NULL;
            c = (char)(hex(text[i + 1]) * 16 + hex(text[i + 2]));
            i += 2;
            if (c == '\0')
                return NULL;
        } else if (c == '+' && plus) {
            c = ' ';
        }
        raw[n++] = c;
    }
    return utf8_repair(arena, raw, n, &n, &repaired);
}

/* ---- the path */

/* A form is asked for by the ending of the path: /person/12.csv */
static WebForm
take_form(char *name)
{
    static const struct {
        const char *ending;
        WebForm form;
    } FORMS[] = {{".csv", FORM_CSV}, {".json", FORM_JSON}, {".svg", FORM_SVG}};
    size_t len = strlen(name);

    for (size_t i = 0; i < sizeof FORMS / sizeof *FORMS; i++) {
        size_t n = strlen(FORMS[i].ending);
        if (len > n && strcmp(name + len - n, FORMS[i].ending) == 0) {
            name[len - n] = '\0';
            return FORMS[i].form;
        }
    }
    return FORM_PAGE;
}

static int64_t
read_id(const char *name)
{
    int64_t id = 0;

    if (strlen(name) > 18 || *name == '0')
        return ID_NONE;
    for (; *name; name++) {
        if (*name < '0' || *name > '9')
            return ID_NONE;
        id = id * 10 + (*name - '0');
    }
    return id;
}

/* /view or /view/name, and nothing deeper. */
static bool
read_path(Request *r, Arena *arena, const char *path, size_t len)
{
    const char *slash;

    if (len == 0 || path[0] != '/')
        return false;
    slash = memchr(path + 1, '/', len - 1);
    if (slash) {
        char *name;
        size_t n = (size_t)(path + len - slash - 1);
        if (memchr(slash + 1, '/', n) != NULL || (r->name = decode(arena, slash + 1, n, false)) == NULL)
            return false;
        name = arena_copy(arena, r->name, strlen(r->name));
        r->form = take_form(name);
        r->name = name;
        r->view = arena_copy(arena, path + 1, (size_t)(slash - path - 1));
        r->id = read_id(name);
    } else {
        char *view = arena_copy(arena, path + 1, len - 1);
        r->form = take_form(view);
        r->view = view;
        r->name = "";
    }
    return true;
}

/* ---- the query */

static bool
read_parameter(Request *r, Arena *arena, const char *text, size_t len)
{
    const char *equals = memchr(text, '=', len), *key, *value;
    size_t name = equals ? (size_t)(equals - text) : len;

    if (len == 0)
        return true;
    key = decode(arena, text, name, true);
    value = equals ? decode(arena, equals + 1, len - name - 1, true) : "";
    if (r->parameter_count == PARAMETERS_MOST || key == NULL || value == NULL)
        return false;
    r->parameters[r->parameter_count].name = key;
    r->parameters[r->parameter_count++].value = value;
    return true;
}

static bool
read_query(Request *r, Arena *arena, const char *query)
{
    r->query = arena_copy(arena, query, strlen(query));
    while (*query) {
        size_t len = strcspn(query, "&");
        if (!read_parameter(r, arena, query, len))
            return false;
        query += len + (query[len] != '\0');
    }
    return true;
}

RequestResult
request_read(Request *r, Arena *arena, const char *target)
{
    size_t path = strcspn(target, "?");

    *r = (Request){.view = "", .name = "", .query = ""};
    if (strlen(target) > TARGET_MOST)
        return REQUEST_LONG;
    if (!read_path(r, arena, target, path) || (target[path] && !read_query(r, arena, target + path + 1)))
        return REQUEST_BAD;
    return REQUEST_OK;
}

const char *
request_get(const Request *r, const char *name)
{
    for (uint32_t i = 0; i < r->parameter_count; i++)
        if (strcmp(r->parameters[i].name, name) == 0) {
            const char *value = r->parameters[i].value;
            return value[strspn(value, " \t\r\n")] ? value : NULL;
        }
    return NULL;
}

int64_t
request_number(const Request *r, const char *name, int64_t most, int64_t otherwise)
{
    const char *value = request_get(r, name);
    int64_t number = value ? read_id(value) : 0;

    return number >= 1 && number <= most ? number : otherwise;
}

bool
request_host_is_ours(const char *host, uint16_t port)
{
    static const char *const NAMES[] = {"127.0.0.1", "localhost", "[::1]"};

    for (size_t i = 0; host && i < sizeof NAMES / sizeof *NAMES; i++) {
        char ours[32];
        snprintf(ours, sizeof ours, "%s:%u", NAMES[i], port);
        if (strcasecmp(host, ours) == 0 || (port == 80 && strcasecmp(host, NAMES[i]) == 0))
            return true;
    }
    return false;
}
