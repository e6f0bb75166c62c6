/* Loading of rule folders and the small look-ups; rules_file.c parses, rules_build.c compiles. */
#include "schema/hash.h"
#include "schema/rules_internal.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_FILES = 500 };

static bool is_rule_file(const char *name)
{
    size_t length = strlen(name);

    return length > 5 && name[0] != '.' && !strcmp(name + length - 5, ".yaml");
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The sorted names of the rule files in `dir`, in `arena`: the order must not hang on the file system. */
static enum tolka_status list_folder(const char *dir, struct tolka_arena *arena, char ***names, size_t *count,
                                     struct tolka_error *err)
{
    size_t capacity = 0;
    struct dirent *entry;
    enum tolka_status status = TOLKA_OK;
    DIR *open_dir = opendir(dir);

    *names = NULL;
    *count = 0;
    if (!open_dir)
        return tolka_error_set(err, TOLKA_ERR_IO, "%s: %s", dir, strerror(errno));
    while (!status && (entry = readdir(open_dir))) {
        char **grown;

        if (!is_rule_file(entry->d_name))
            continue;
        grown =
            *count < MAX_FILES ? tolka_arena_grow(arena, *names, *count, &capacity, sizeof(*grown)) : NULL;
        if (!grown) {
            status = tolka_error_set(err, TOLKA_ERR_LIMIT, "%s: too many rule files", dir);
            break;
        }
        *names = grown;
        grown[*count] = tolka_arena_printf(arena, "%s/%s", dir, entry->d_name);
        if (!grown[(*count)++])
            status = tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory");
    }
    closedir(open_dir);
    if (!status && *count > 1)
        qsort(*names, *count, sizeof(**names), by_name);
    return status;
}

static enum tolka_status read_file(struct tolka_rules *rules, const char *path, int folder,
                                   struct tolka_error *err)
{
    struct tolka_rules_file *grown = tolka_arena_grow(&rules->arena, rules->files, rules->file_count,
                                                      &rules->file_capacity, sizeof(*grown));

    if (!grown)
        return tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory");
    rules->files = grown;
    grown[rules->file_count] = (struct tolka_rules_file){.folder = folder};
    return tolka_rules_file_read(path, &grown[rules->file_count++], err);
}

static enum tolka_status read_folder(struct tolka_rules *rules, const char *dir, int folder,
                                     struct tolka_error *err)
{
    char **names;
    size_t count;
    enum tolka_status status = list_folder(dir, &rules->arena, &names, &count, err);

    for (size_t i = 0; !status && i < count; i++)
        status = read_file(rules, names[i], folder, err);
    return status;
}

static void drop_last_file(struct tolka_rules *rules)
{
    tolka_rules_file_release(&rules->files[--rules->file_count]);
}

/* A file that cannot be read is reported and left out. */
static enum tolka_status read_or_report(struct tolka_rules *rules, const char *path, int folder,
                                        tolka_lint_report report, void *context, int *findings)
{
    struct tolka_error err = {0};
    enum tolka_status status = read_file(rules, path, folder, &err);

    if (status == TOLKA_ERR_MEMORY)
        return status;
    if (status) {
        drop_last_file(rules);
        report(context, err.message);
        (*findings)++;
    }
    return TOLKA_OK;
}

enum tolka_status tolka_rules_read_all(struct tolka_rules *rules, const char *const *dirs, size_t dir_count,
                                       const char *const *files, size_t file_count, tolka_lint_report report,
                                       void *context, int *findings)
{
    enum tolka_status status = TOLKA_OK;

    for (size_t i = 0; !status && i < dir_count; i++) {
        struct tolka_error err = {0};
        char **names;
        size_t count;

        if (list_folder(dirs[i], &rules->arena, &names, &count, &err)) {
            report(context, err.message);
            (*findings)++;
            continue;
        }
        for (size_t k = 0; !status && k < count; k++)
            status = read_or_report(rules, names[k], (int)i, report, context, findings);
    }
    for (size_t i = 0; !status && i < file_count; i++)
        status = read_or_report(rules, files[i], (int)(dir_count + i), report, context, findings);
    return status;
}

/* Over the digests of the files in order: names and places of the files do not count. */
static enum tolka_status digest_files(struct tolka_rules *rules, struct tolka_error *err)
{
    char *all = tolka_arena_alloc(&rules->arena, rules->file_count * 64 + 1);
    enum tolka_status status = TOLKA_OK;

    if (!all)
        return tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory");
    for (size_t i = 0; !status && i < rules->file_count; i++) {
        char one[65];

        status = tolka_sha256_hex(rules->files[i].text, rules->files[i].length, one);
        memcpy(all + 64 * i, one, 64);
    }
    if (!status)
        status = tolka_sha256_hex(all, rules->file_count * 64, rules->sha256);
    return status ? tolka_error_set(err, status, "the digest library refused") : TOLKA_OK;
}

enum tolka_status tolka_rules_load(const char *const *dirs, size_t dir_count, struct tolka_rules **out,
                                   struct tolka_error *err)
{
    return tolka_rules_load_with(dirs, dir_count, NULL, 0, out, err);
}

enum tolka_status tolka_rules_load_with(const char *const *dirs, size_t dir_count, const char *const *files,
                                        size_t file_count, struct tolka_rules **out, struct tolka_error *err)
{
    struct tolka_rules *rules = calloc(1, sizeof(*rules));
    enum tolka_status status = TOLKA_OK;

    *out = NULL;
    if (!rules)
        return tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory");
    for (size_t i = 0; !status && i < dir_count; i++)
        status = read_folder(rules, dirs[i], (int)i, err);
    for (size_t i = 0; !status && i < file_count; i++)
        status = read_file(rules, files[i], (int)(dir_count + i), err);
    if (!status)
        status = tolka_rules_build(rules, err);
    if (!status)
        status = digest_files(rules, err);
    if (status) {
        tolka_rules_free(rules);
        return status;
    }
    *out = rules;
    return TOLKA_OK;
}

void tolka_rules_free(struct tolka_rules *rules)
{
    if (!rules)
        return;
    for (size_t i = 0; i < rules->pattern_count; i++)
        tolka_pattern_free(rules->patterns[i]);
    for (size_t i = 0; i < rules->file_count; i++)
        tolka_rules_file_release(&rules->files[i]);
    tolka_arena_release(&rules->arena);
    free(rules);
}

const char *tolka_rules_sha256(const struct tolka_rules *rules)
{
    return rules->sha256;
}

const struct tolka_kind *tolka_rules_kind_lookup(const struct tolka_rules *rules, const char *name)
{
    for (size_t i = 0; i < rules->kind_count; i++)
        if (!strcmp(rules->kinds[i].name, name))
            return &rules->kinds[i];
    return NULL;
}

const struct tolka_rule_sum *tolka_rules_sums(const struct tolka_rules *rules, const char *kind,
                                              size_t *count)
{
    const struct tolka_kind *found = tolka_rules_kind_lookup(rules, kind);

    *count = found ? found->sum_count : 0;
    return found ? found->sums : NULL;
}

const struct tolka_rule_link *tolka_rules_links(const struct tolka_rules *rules, size_t *count)
{
    *count = rules->link_count;
    return rules->links;
}

bool tolka_tight_matches(const struct tolka_pattern *pattern, struct tolka_matcher *matcher, const char *text)
{
    char tight[TOLKA_TIGHT_BYTES];
    size_t length;

    if (!pattern || !text)
        return false;
    length = tolka_fold_tight(text, tight);
    return length > 0 && tolka_pattern_find(pattern, matcher, tight, length, 0, NULL);
}

bool tolka_rules_is_total_label(const struct tolka_rules *rules, const char *label)
{
    struct tolka_matcher *matcher = tolka_matcher_new();
    bool total = tolka_tight_matches(rules->totals, matcher, label);

    tolka_matcher_free(matcher);
    return total;
}
