/* From a request to an answer: what may be asked, which view it is, and what is said when something is wrong. */
#include "web/web.h"

#include "base/mem.h"
#include "web/assets.h"
#include "web/view.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static const double SECONDS = 4; /* for a question to the archive */

struct Web {
    Site site;
    char *name;
    pthread_mutex_t lock;
    pthread_cond_t given_back;
    Store *stores[WEB_STORES];
    bool taken[WEB_STORES];
};

/* Nothing told to other sites, no frame around us, no guess at what a file is. */
const WebHeader WEB_SAFETY[] = {
    {"X-Content-Type-Options", "nosniff"},
    {"X-Frame-Options", "DENY"},
    {"Referrer-Policy", "no-referrer"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Permissions-Policy", "camera=(), geolocation=(), microphone=()"},
    {"Cache-Control", "private, no-cache"},
    {NULL, NULL},
};

/* No script, style, picture or address but our own, and nothing inline; a picture by itself has its colours in it. */
static const char POLICY[] = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
                             "base-uri 'none'; frame-ancestors 'none'",
                  PICTURE_POLICY[] = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'";

/* ---- archives: one for each question that is asked at the same time */

static Store *
store_take(Web *web)
{
    Store *store = NULL;

    pthread_mutex_lock(&web->lock);
    while (store == NULL) {
        for (int i = 0; i < WEB_STORES && store == NULL; i++)
            if (!web->taken[i]) {
                web->taken[i] = true;
                store = web->stores[i];
            }
        if (store == NULL)
            pthread_cond_wait(&web->given_back, &web->lock);
    }
    pthread_mutex_unlock(&web->lock);
    return store;
}

static void
store_give_back(Web *web, Store *store)
{
    pthread_mutex_lock(&web->lock);
    for (int i = 0; i < WEB_STORES; i++)
        if (web->stores[i] == store)
            web->taken[i] = false;
    pthread_cond_signal(&web->given_back);
    pthread_mutex_unlock(&web->lock);
}

Web *
web_new(const char *path, const RuleSet *rules, Error *err)
{
    Web *web = mem_zero(1, sizeof *web);
    const char *slash = strrchr(path, '/');

    web->name = mem_copy(slash ? slash + 1 : path, strlen(slash ? slash + 1 : path));
    web->site = (Site){.name = web->name, .rules = rules};
    pthread_mutex_init(&web->lock, NULL);
    pthread_cond_init(&web->given_back, NULL);
    for (int i = 0; i < WEB_STORES; i++)
        if ((web->stores[i] = store_open(path, STORE_READ, err)) == NULL) {
            web_free(web);
            return NULL;
        }
    if ((web->site.tallies = tallies_new(path, err)) != NULL)
        return web;
    web_free(web);
    return NULL;
}

void
web_free(Web *web)
{
    if (web == NULL)
        return;
    for (int i = 0; i < WEB_STORES; i++)
        store_close(web->stores[i]);
    tallies_free(web->site.tallies);
    pthread_mutex_destroy(&web->lock);
    pthread_cond_destroy(&web->given_back);
    free(web->name);
    free(web);
}

/* ---- which view */

static const struct {
    const char *view;
    bool named; /* /view/name; else /view alone */
    void (*run)(View *);
} VIEWS[] = {
    {"", false, view_start},          {"archive", false, view_start},        {"search", false, view_search},
    {"check", false, view_check},     {"people", false, view_entities},      {"organizations", false, view_entities},
    {"places", false, view_entities}, {"articles", false, view_articles},    {"person", true, view_entity},
    {"organization", true, view_entity}, {"place", true, view_entity},       {"article", true, view_article},
    {"rule", true, view_rule},
};

static bool
send_asset(View *v, const char *target)
{
    for (const Asset *a = ASSETS; a->path; a++)
        if (strcmp(target, a->path) == 0) {
            v->type = a->type;
            buf_add(v->out, a->bytes, (size_t)(a->end - a->bytes));
            return true;
        }
    return false;
}

static void
run_view(Web *web, View *v)
{
    v->store = store_take(web);
    store_hurry(v->store, SECONDS);
    for (size_t i = 0; i < sizeof VIEWS / sizeof *VIEWS; i++)
        if (strcmp(VIEWS[i].view, v->request.view) == 0 && VIEWS[i].named == (v->request.name[0] != '\0')) {
            VIEWS[i].run(v);
            goto done;
        }
    page_fault(v, 404, "There is no such page", "The address may be mistyped.");
done:
    if (v->err.kind != ERROR_NONE && store_was_late(v->store))
        page_fault(v, 503, "That takes too long", "The archive is large for this question: ask for more words, or for a shorter time.");
    else if (v->err.kind != ERROR_NONE)
        page_fault(v, 500, "The archive could not be read", v->err.message);
    store_give_back(web, v->store);
}

/* ---- what may be asked */

static void
dispatch(Web *web, const WebQuestion *q, View *v)
{
    if (!request_host_is_ours(q->host, q->port)) {
        page_fault(v, 421, "Not here", "This archive answers at 127.0.0.1 and localhost only.");
        return;
    }
    if (strcmp(q->method, "GET") != 0 && strcmp(q->method, "HEAD") != 0) {
        page_fault(v, 405, "That cannot be done here", "This archive can be read, and nothing else.");
        return;
    }
    if (send_asset(v, q->target))
        return;
    switch (request_read(&v->request, v->arena, q->target)) {
    case REQUEST_LONG: page_fault(v, 414, "The address is too long", "Ask for fewer words."); break;
    case REQUEST_BAD: page_fault(v, 400, "The address is broken", "It may be mistyped."); break;
    case REQUEST_OK: run_view(web, v); break;
    }
}

static void
add_header(WebAnswer *answer, const char *name, const char *value)
{
    answer->headers[answer->header_count].name = name;
    answer->headers[answer->header_count++].value = mem_copy(value, strlen(value));
}

/* What a download is saved as: made of what we know to be plain. */
static const char *
file_name(const View *v)
{
    return arena_printf(v->arena, v->request.id ? "attachment; filename=\"%s-%lld.%s\"" : "attachment; filename=\"%s%.0lld.%s\"",
                        v->request.view[0] ? v->request.view : "archive", (long long)v->request.id,
                        v->request.form == FORM_CSV ? "csv" : v->request.form == FORM_JSON ? "json" : "svg");
}

void
web_answer(Web *web, const WebQuestion *q, WebAnswer *answer)
{
    Arena arena;
    View v = {.site = &web->site, .arena = &arena, .out = &answer->body, .status = 200, .type = "text/html; charset=utf-8",
              .request = {.view = "", .name = "", .query = ""}};

    *answer = (WebAnswer){0};
    arena_init(&arena);
    dispatch(web, q, &v);
    answer->status = v.status;
    answer->type = v.type;
    answer->policy = v.picture ? PICTURE_POLICY : POLICY;
    if (v.file)
        add_header(answer, "Content-Disposition", file_name(&v));
    if (v.location)
        add_header(answer, "Location", v.location);
    if (v.status == 405)
        add_header(answer, "Allow", "GET, HEAD");
    arena_close(&arena);
}

void
web_answer_close(WebAnswer *answer)
{
    for (uint32_t i = 0; i < answer->header_count; i++)
        free(answer->headers[i].value);
    buf_close(&answer->body);
}
