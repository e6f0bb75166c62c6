/* tolka rules check --against: what of the rules is never met in a folder of reports. */
#include "cli/rules_against.h"

#include "cli/cli.h"
#include "cli/read_options.h"

#include "base/strbuf.h"
#include "ingest/pool.h"
#include "ingest/walk.h"
#include "schema/record_read.h"
#include "schema/rules_cover.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MAX_JSON_BYTES = 1 << 28 };

struct against {
    struct tolka_model *model;
    struct tolka_rules *rules;
    struct tolka_cover *cover;
    struct tolka_read_options reading; /* the defaults */
};

static bool ends_in(const char *path, const char *ending)
{
    const size_t length = strlen(path), tail = strlen(ending);

    return length > tail && strcmp(path + length - tail, ending) == 0;
}

/* All of a file; false when it cannot be read or is too long. */
static bool read_whole(const char *path, struct tolka_strbuf *out)
{
    FILE *in = fopen(path, "rb");
    char block[65536];
    size_t got;

    while (in && (got = fread(block, 1, sizeof block, in)) > 0 && out->length + got <= MAX_JSON_BYTES)
        tolka_strbuf_add(out, block, got);
    got = in && feof(in) && !ferror(in) && !out->failed;
    if (in)
        fclose(in);
    return got != 0;
}

/* Adds a JSON file; one that is no report of ours is left out. False when it is none. */
static bool add_json(struct against *against, const char *path, bool count)
{
    struct tolka_record record = {0};
    struct tolka_strbuf text = {0};
    struct tolka_error err = {0};
    const bool good = read_whole(path, &text) &&
                      !tolka_record_read_json(tolka_strbuf_text(&text), text.length, &record, &err);

    if (good && count)
        tolka_cover_add(against->cover, &record, true);
    tolka_record_release(&record);
    tolka_strbuf_release(&text);
    return good;
}

/* True when the file's JSON, "x.json" for "x.pdf", stands beside it. */
static bool has_json(struct against *against, const char *path)
{
    const char *dot = strrchr(path, '.');
    char *json = NULL;
    bool has = false;

    if (dot && !strchr(dot, '/') && asprintf(&json, "%.*s.json", (int)(dot - path), path) >= 0)
        has = access(json, R_OK) == 0 && add_json(against, json, false);
    free(json);
    return has;
}

static void convert(struct against *against, const char *path)
{
    const struct tolka_pipeline pipeline = {
        .model = against->model, .rules = against->rules, .ocr = TOLKA_OCR_AUTO};
    const struct tolka_pool_options pool = {.pipeline = &pipeline,
                                            .jobs = (int)against->reading.jobs,
                                            .page_timeout_s = (int)against->reading.page_timeout_s,
                                            .input_fd = -1};
    struct tolka_record record = {0};
    struct tolka_error err = {0};
    struct tolka_page *pages = NULL;
    size_t page_count = 0;

    if (tolka_pool_read(&pool, path, &pages, &page_count, &record, &err) ||
        tolka_pipeline_report(&pipeline, pages, page_count, &record, &err))
        tolka_cli_complain("%s", err.message);
    else
        tolka_cover_add(against->cover, &record, false);
    for (size_t i = 0; i < page_count; i++)
        tolka_page_release(&pages[i]);
    free(pages);
    tolka_record_release(&record);
}

static void add_folder(struct against *against, const char *folder)
{
    struct tolka_walk *walk = tolka_walk_new();
    struct tolka_walk_item item;
    struct tolka_error err = {0};

    if (!walk || tolka_walk_add(walk, folder, &err)) {
        tolka_cli_complain("out of memory");
    } else {
        while (tolka_walk_next(walk, &item, &err)) {
            if (item.kind == TOLKA_WALK_PROBLEM)
                tolka_cli_complain("%s: %s", item.path, item.message);
            else if (item.kind != TOLKA_WALK_FOLDER && ends_in(item.path, ".json"))
                add_json(against, item.path, true);
            else if (item.kind == TOLKA_WALK_FILE && !has_json(against, item.path))
                convert(against, item.path);
        }
    }
    tolka_walk_free(walk);
}

/* Without the model words stay as they were read, which the patterns forgive. */
static bool load(struct against *against, const char *shipped, const char *const *files, size_t count)
{
    struct tolka_error err = {0};
    char path[PATH_MAX];

    tolka_read_options_complete(&against->reading);
    if (tolka_cli_find("normalize/data/sv.model", path, sizeof path))
        tolka_model_open(path, &against->model, &err);
    if (tolka_rules_load_with(&shipped, 1, files, count, &against->rules, &err)) {
        tolka_cli_complain("%s", err.message);
        return false;
    }
    against->cover = tolka_cover_new(against->rules);
    return against->cover != NULL;
}

int tolka_rules_against(const char *shipped, const char *const *files, size_t file_count, const char *folder,
                        tolka_lint_report report, void *context)
{
    struct against against = {0};
    int unmet = -1;

    if (load(&against, shipped, files, file_count)) {
        add_folder(&against, folder);
        if (tolka_cover_count(against.cover) == 0)
            tolka_cli_complain("%s: no report could be read there", folder);
        else
            unmet = tolka_cover_report(against.cover, files, file_count, report, context);
    }
    tolka_cover_free(against.cover);
    tolka_rules_free(against.rules);
    tolka_model_free(against.model);
    return unmet;
}
