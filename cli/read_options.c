#include "cli/read_options.h"

#include "cli/cli.h"

#include <limits.h>
#include <string.h>
#include <unistd.h>

enum { DEFAULT_PAGE_TIMEOUT_S = 120, MAX_PAGE_TIMEOUT_S = 86400 };

static const char *const OCR_WORDS[] = {
    [TOLKA_OCR_AUTO] = "auto", [TOLKA_OCR_ALWAYS] = "always", [TOLKA_OCR_NEVER] = "never", NULL};

bool tolka_read_options_take(struct tolka_read_options *reading, int option, const char *value)
{
    switch (option) {
    case 'j':
        return tolka_cli_number(value, 1, TOLKA_MAX_JOBS, &reading->jobs);
    case TOLKA_OPTION_OCR:
        return tolka_cli_word(value, OCR_WORDS, &reading->ocr);
    case TOLKA_OPTION_RULES:
        if (reading->rule_dir_count == TOLKA_MAX_RULE_DIRS)
            return false;
        reading->rule_dirs[reading->rule_dir_count++] = value;
        return true;
    case TOLKA_OPTION_MODEL:
        reading->model = value;
        return true;
    case TOLKA_OPTION_NO_NORMALIZE:
        return reading->no_normalize = true;
    case TOLKA_OPTION_PAGE_TIMEOUT:
        return tolka_cli_number(value, 1, MAX_PAGE_TIMEOUT_S, &reading->page_timeout_s);
    default:
        return false;
    }
}

void tolka_read_options_complete(struct tolka_read_options *reading)
{
    const long processors = sysconf(_SC_NPROCESSORS_ONLN);

    if (!reading->jobs)
        reading->jobs = processors < 1 ? 1 : processors > TOLKA_MAX_JOBS ? TOLKA_MAX_JOBS : processors;
    if (!reading->page_timeout_s)
        reading->page_timeout_s = DEFAULT_PAGE_TIMEOUT_S;
}

const char *tolka_ocr_word(int ocr)
{
    return OCR_WORDS[ocr];
}

static enum tolka_status load_model(const struct tolka_read_options *reading, struct tolka_model **model,
                                    struct tolka_error *err)
{
    char path[PATH_MAX];

    if (reading->no_normalize)
        return TOLKA_OK;
    if (reading->model)
        return tolka_model_open(reading->model, model, err);
    if (!tolka_cli_find("normalize/data/sv.model", path, sizeof path))
        return tolka_error_set(err, TOLKA_ERR_IO,
                               "the language model sv.model is not where the program was installed; "
                               "name one with --model, or give --no-normalize");
    return tolka_model_open(path, model, err);
}

static enum tolka_status load_rules(const struct tolka_read_options *reading, struct tolka_rules **rules,
                                    struct tolka_error *err)
{
    const char *dirs[TOLKA_MAX_RULE_DIRS + 1];
    char path[PATH_MAX];

    if (!tolka_cli_find("schema/rules", path, sizeof path))
        return tolka_error_set(err, TOLKA_ERR_IO, "the rule files are not where the program was installed");
    dirs[0] = path;
    memcpy(dirs + 1, reading->rule_dirs, sizeof reading->rule_dirs);
    return tolka_rules_load(dirs, reading->rule_dir_count + 1, rules, err);
}

enum tolka_status tolka_tools_load(const struct tolka_read_options *reading, struct tolka_tools *tools,
                                   struct tolka_error *err)
{
    *tools = (struct tolka_tools){0};
    if (load_model(reading, &tools->model, err))
        return err->status;
    return load_rules(reading, &tools->rules, err);
}

void tolka_tools_release(struct tolka_tools *tools)
{
    tolka_rules_free(tools->rules);
    tolka_model_free(tools->model);
}
