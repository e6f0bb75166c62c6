/* Contexts: what conversions share. */
#include "lib/lib_int.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_RULE_DIRS = 64 };

const char *tolka_version(void)
{
    return TOLKA_VERSION;
}

struct tolka_shared *tolka_shared_hold(struct tolka_shared *shared)
{
    atomic_fetch_add(&shared->holders, 1);
    return shared;
}

void tolka_shared_drop(struct tolka_shared *shared)
{
    if (!shared || atomic_fetch_sub(&shared->holders, 1) > 1)
        return;
    tolka_rules_free(shared->rules);
    tolka_model_free(shared->model);
    free(shared);
}

/* The caller's struct may be shorter or longer than ours: what it does not have is 0, what we do not know
 * must be 0. */
static enum tolka_status take_options(const struct tolka_options *given, struct tolka_options *options,
                                      struct tolka_error *err)
{
    const unsigned char *bytes = (const unsigned char *)given;

    *options = (struct tolka_options){.size = sizeof *options};
    if (!given)
        return TOLKA_OK;
    if (given->size < sizeof given->size)
        return tolka_error_set(err, TOLKA_ERR_ARGUMENT, "the options' size is not set");
    for (size_t i = sizeof *options; i < given->size; i++) {
        if (bytes[i])
            return tolka_error_set(err, TOLKA_ERR_ARGUMENT,
                                   "an option is set that this version does not know");
    }
    memcpy(options, given, given->size < sizeof *options ? given->size : sizeof *options);
    if (options->jobs < 0 || options->jobs > TOLKA_LIB_MAX_JOBS)
        return tolka_error_set(err, TOLKA_ERR_ARGUMENT, "jobs must be 1 to %d", TOLKA_LIB_MAX_JOBS);
    if ((int)options->ocr < TOLKA_OCR_AUTO || (int)options->ocr > TOLKA_OCR_NEVER)
        return tolka_error_set(err, TOLKA_ERR_ARGUMENT, "no such mode of recognition: %d", (int)options->ocr);
    if (options->rule_dir_count > MAX_RULE_DIRS || (options->rule_dir_count && !options->rule_dirs))
        return tolka_error_set(err, TOLKA_ERR_ARGUMENT, "at most %d folders of rules", MAX_RULE_DIRS);
    return TOLKA_OK;
}

static enum tolka_status load(const struct tolka_options *options, struct tolka_shared *shared,
                              struct tolka_error *err)
{
    char data[PATH_MAX], model[PATH_MAX + 16], rules[PATH_MAX + 16];
    const char *dirs[MAX_RULE_DIRS + 1] = {rules};
    enum tolka_status status = TOLKA_OK;

    if (options->data_dir)
        snprintf(data, sizeof data, "%s", options->data_dir);
    else if (!tolka_data_find(data, sizeof data))
        return tolka_error_set(
            err, TOLKA_ERR_IO,
            "the folder share/tolka is not where the library was installed; name it as data_dir");
    snprintf(model, sizeof model, "%s/sv.model", data);
    snprintf(rules, sizeof rules, "%s/rules", data);
    for (size_t i = 0; i < options->rule_dir_count; i++)
        dirs[i + 1] = options->rule_dirs[i];
    if (!options->model || *options->model)
        status = tolka_model_open(options->model ? options->model : model, &shared->model, err);
    return status ? status : tolka_rules_load(dirs, options->rule_dir_count + 1, &shared->rules, err);
}

static enum tolka_status open_context(const struct tolka_options *given, struct tolka_context **out,
                                      struct tolka_error *err)
{
    struct tolka_options options;
    struct tolka_context *context;
    enum tolka_status status = take_options(given, &options, err);

    if (status)
        return status;
    context = calloc(1, sizeof *context);
    if (context)
        context->shared = calloc(1, sizeof *context->shared);
    if (!context || !context->shared) {
        free(context);
        return tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory");
    }
    atomic_init(&context->shared->holders, 1);
    status = load(&options, context->shared, err);
    if (status) {
        tolka_close(context);
        return status;
    }
    context->pipeline = (struct tolka_pipeline){
        .model = context->shared->model, .rules = context->shared->rules, .ocr = options.ocr};
    context->jobs = options.jobs ? options.jobs : 1;
    context->on_page = options.on_page;
    context->data = options.data;
    *out = context;
    return TOLKA_OK;
}

int tolka_open(const struct tolka_options *options, struct tolka_context **out, char *message,
               size_t message_size)
{
    struct tolka_error err = {0};
    enum tolka_status status;

    if (!out)
        return TOLKA_ERR_ARGUMENT;
    *out = NULL;
    status = open_context(options, out, &err);
    if (message && message_size)
        snprintf(message, message_size, "%s", err.message);
    return status;
}

void tolka_close(struct tolka_context *context)
{
    if (!context)
        return;
    for (int i = 0; i < TOLKA_LIB_MAX_JOBS; i++)
        tolka_recognizer_free(context->recognizers[i]);
    tolka_shared_drop(context->shared);
    free(context);
}

const char *tolka_message(const struct tolka_context *context)
{
    return context ? context->err.message : "";
}
