/* The public header: a program that links the library, and what it may do wrong. */
#include "unit.h"

#include "onrecord.h"

#include <jansson.h>
#include <pthread.h>
#include <stdlib.h>

static const char TEXT[] = "\"It is late,\" Ada Quill said in Nairobi.";

static OnrecordRules *
rules_load(void)
{
    OnrecordError err;
    OnrecordRules *rules = onrecord_rules_load(NULL, 0, &err);

    cr_assert_not_null(rules, "%s", err.message);
    return rules;
}

Test(onrecord, a_text_becomes_a_graph)
{
    OnrecordRules *rules = rules_load();
    OnrecordWorker *worker = onrecord_worker_new(rules);
    OnrecordError err;
    size_t len;
    const char *json = onrecord_extract(worker, TEXT, sizeof TEXT - 1, "article-1", NULL, &len, &err);
    json_t *graph;

    cr_assert_not_null(json);
    cr_assert_eq(err.status, ONRECORD_OK);
    cr_assert_eq(strlen(json), len);
    graph = json_loads(json, JSON_REJECT_DUPLICATES, NULL);
    cr_assert_not_null(graph);
    cr_assert_str_eq(json_string_value(json_object_get(graph, "schema")), ONRECORD_SCHEMA);
    cr_assert_str_eq(json_string_value(json_object_get(json_object_get(graph, "graph"), "id")), "article-1");
    cr_assert_gt(json_array_size(json_object_get(graph, "nodes")), 2);
    json_decref(graph);
    onrecord_worker_free(worker);
    onrecord_rules_free(rules);
}

Test(onrecord, any_bytes_are_taken_unless_strict)
{
    OnrecordRules *rules = rules_load();
    OnrecordWorker *worker = onrecord_worker_new(rules);
    OnrecordOptions strict = {.strict = 1};
    OnrecordError err;

    cr_assert_not_null(onrecord_extract(worker, "a\0\xff", 3, NULL, NULL, NULL, NULL));
    cr_assert_not_null(onrecord_extract(worker, NULL, 0, NULL, NULL, NULL, &err));
    cr_assert_null(onrecord_extract(worker, "a\0\xff", 3, NULL, &strict, NULL, &err));
    cr_assert_eq(err.status, ONRECORD_BAD_INPUT);
    cr_assert(strstr(err.message, "byte 2"), "%s", err.message);
    cr_assert_not_null(onrecord_extract(worker, "a", 1, NULL, &strict, NULL, &err), "the next is taken");
    onrecord_worker_free(worker);
    onrecord_rules_free(rules);
}

Test(onrecord, wrong_calls_are_refused)
{
    OnrecordRules *rules = rules_load();
    OnrecordWorker *worker = onrecord_worker_new(rules);
    OnrecordOptions unit = {.offsets = (OnrecordOffsets)7}, forms = {.quotes = 64}, meta = {.meta = "{\"a\": 1}\n"},
                    list = {.meta = "[]"};
    OnrecordError err;

    cr_assert_null(onrecord_extract(worker, NULL, 5, NULL, NULL, NULL, &err));
    cr_assert_eq(err.status, ONRECORD_BAD_CALL);
    cr_assert_null(onrecord_extract(worker, "a", 1, NULL, &unit, NULL, &err));
    cr_assert_eq(err.status, ONRECORD_BAD_CALL);
    cr_assert_null(onrecord_extract(worker, "a", 1, NULL, &forms, NULL, &err));
    cr_assert_null(onrecord_extract(worker, "a", 1, NULL, &meta, NULL, &err));
    cr_assert_null(onrecord_extract(worker, "a", 1, NULL, &list, NULL, &err));
    onrecord_worker_free(worker);
    onrecord_rules_free(rules);
}

Test(onrecord, a_record_brings_its_own_fields)
{
    static const char record[] = "{\"id\": \"r\", \"headline\": \"H\", \"text\": \"Ada left.\"}";
    OnrecordRules *rules = rules_load();
    OnrecordWorker *worker = onrecord_worker_new(rules);
    OnrecordOptions options = {.headline = "other", .byline = "B", .no_text = 1};
    OnrecordError err;
    const char *json = onrecord_extract_record(worker, record, sizeof record - 1, "mine", &options, NULL, &err);

    cr_assert_not_null(json, "%s", err.message);
    cr_assert(strstr(json, "\"id\":\"r\"") && strstr(json, "\"headline\":\"H\"") && strstr(json, "\"byline\":\"B\""), "%s", json);
    cr_assert_null(strstr(json, "\"text\":\"Ada left.\""));
    cr_assert_null(onrecord_extract_record(worker, "{\"id\"", 5, "mine", NULL, NULL, &err));
    cr_assert_eq(err.status, ONRECORD_BAD_INPUT);
    onrecord_worker_free(worker);
    onrecord_rules_free(rules);
}

Test(onrecord, rules_that_cannot_be_loaded)
{
    const char *dirs[] = {"/no/such/folder"};
    OnrecordError err;

    cr_assert_null(onrecord_rules_load(dirs, 1, &err));
    cr_assert_eq(err.status, ONRECORD_IO);
    cr_assert_str_eq(err.path, "/no/such/folder");
    cr_assert_null(onrecord_rules_load(dirs, 1, NULL));
    onrecord_rules_free(NULL);
    onrecord_worker_free(NULL);
}

typedef struct {
    const OnrecordRules *rules;
    char *json;
} Job;

static void *
work(void *context)
{
    Job *job = context;
    OnrecordWorker *worker = onrecord_worker_new(job->rules);

    for (int i = 0; i < 20; i++) {
        const char *json = onrecord_extract(worker, TEXT, sizeof TEXT - 1, "a", NULL, NULL, NULL);
        if (i == 19)
            job->json = strdup(json);
    }
    onrecord_worker_free(worker);
    return NULL;
}

Test(onrecord, threads_share_rules)
{
    OnrecordRules *rules = rules_load();
    Job jobs[4];
    pthread_t threads[4];

    for (int i = 0; i < 4; i++) {
        jobs[i] = (Job){rules, NULL};
        cr_assert_eq(pthread_create(&threads[i], NULL, work, &jobs[i]), 0);
    }
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    for (int i = 0; i < 4; i++)
        cr_assert_str_eq(jobs[i].json, jobs[0].json);
    for (int i = 0; i < 4; i++)
        free(jobs[i].json);
    onrecord_rules_free(rules);
}
