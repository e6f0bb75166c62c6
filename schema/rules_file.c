/*
 * Rule files through libcyaml, which fills structs by a schema and refuses what the schema does not know. It
 * has no line numbers for values once loaded, so those are found again in the text when a message needs one.
 * Aliases are off: a few lines of them can stand for gigabytes.
 */
#include "schema/rules_file.h"

#include "base/utf8.h"

#include <cyaml/cyaml.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* No honest rule file comes near these. */
enum { FILE_BYTES = 1 << 20, STRING_BYTES = 4096, LIST_ENTRIES = 2000 };

#define TEXT(key, type, member) CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_POINTER, type, member, 1, STRING_BYTES)
#define TEXT_OPTIONAL(key, type, member)                                                                     \
    CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, type, member, 1, STRING_BYTES)
#define NUMBER_OPTIONAL(key, type, member) CYAML_FIELD_INT(key, CYAML_FLAG_OPTIONAL, type, member)
#define LIST_OPTIONAL(key, type, member, entry)                                                              \
    CYAML_FIELD_SEQUENCE(key, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, type, member, entry, 0, LIST_ENTRIES)
#define LIST(key, type, member, entry)                                                                       \
    CYAML_FIELD_SEQUENCE(key, CYAML_FLAG_POINTER, type, member, entry, 1, LIST_ENTRIES)
#define MAPPING(type, fields)                                                                                \
    {                                                                                                        \
        CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, type, fields)                                                \
    }

static const cyaml_schema_value_t text_entry = {
    CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char *, 1, STRING_BYTES),
};

static const cyaml_schema_field_t evidence_fields[] = {
    TEXT("match", struct tolka_file_evidence, match),
    NUMBER_OPTIONAL("weight", struct tolka_file_evidence, weight),
    TEXT_OPTIONAL("where", struct tolka_file_evidence, where),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t evidence_entry = MAPPING(struct tolka_file_evidence, evidence_fields);

static const cyaml_schema_field_t pattern_fields[] = {
    TEXT("name", struct tolka_file_pattern, name),
    TEXT("match", struct tolka_file_pattern, match),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t pattern_entry = MAPPING(struct tolka_file_pattern, pattern_fields);

static const cyaml_schema_field_t column_fields[] = {
    TEXT("role", struct tolka_file_column, role),
    NUMBER_OPTIONAL("weight", struct tolka_file_column, weight),
    TEXT_OPTIONAL("cells", struct tolka_file_column, cells),
    CYAML_FIELD_BOOL("unlabelled", CYAML_FLAG_OPTIONAL, struct tolka_file_column, unlabelled),
    LIST_OPTIONAL("match", struct tolka_file_column, match, &text_entry),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t column_entry = MAPPING(struct tolka_file_column, column_fields);

static const cyaml_schema_field_t item_fields[] = {
    TEXT("item", struct tolka_file_item, item),
    TEXT_OPTIONAL("unit", struct tolka_file_item, unit),
    NUMBER_OPTIONAL("weight", struct tolka_file_item, weight),
    CYAML_FIELD_BOOL("total", CYAML_FLAG_OPTIONAL, struct tolka_file_item, total),
    LIST("labels", struct tolka_file_item, labels, &text_entry),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t item_entry = MAPPING(struct tolka_file_item, item_fields);

static const cyaml_schema_field_t sum_fields[] = {
    TEXT("name", struct tolka_file_sum, name),
    TEXT("total", struct tolka_file_sum, total),
    LIST("terms", struct tolka_file_sum, terms, &text_entry),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t sum_entry = MAPPING(struct tolka_file_sum, sum_fields);

static const cyaml_schema_field_t shape_fields[] = {
    TEXT("feature", struct tolka_file_shape, feature),
    TEXT_OPTIONAL("match", struct tolka_file_shape, match),
    CYAML_FIELD_INT_PTR("at_least", CYAML_FLAG_OPTIONAL, struct tolka_file_shape, at_least),
    CYAML_FIELD_INT_PTR("at_most", CYAML_FLAG_OPTIONAL, struct tolka_file_shape, at_most),
    NUMBER_OPTIONAL("weight", struct tolka_file_shape, weight),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t shape_entry = MAPPING(struct tolka_file_shape, shape_fields);

static const cyaml_schema_field_t kind_fields[] = {
    TEXT("kind", struct tolka_file_kind, kind),
    TEXT_OPTIONAL("unit", struct tolka_file_kind, unit),
    CYAML_FIELD_BOOL("money", CYAML_FLAG_OPTIONAL, struct tolka_file_kind, money),
    CYAML_FIELD_BOOL("replace", CYAML_FLAG_OPTIONAL, struct tolka_file_kind, replace),
    NUMBER_OPTIONAL("threshold", struct tolka_file_kind, threshold),
    LIST_OPTIONAL("include", struct tolka_file_kind, include, &text_entry),
    LIST_OPTIONAL("heading", struct tolka_file_kind, heading, &evidence_entry),
    LIST_OPTIONAL("columns", struct tolka_file_kind, columns, &column_entry),
    LIST_OPTIONAL("shape", struct tolka_file_kind, shape, &shape_entry),
    LIST_OPTIONAL("items", struct tolka_file_kind, items, &item_entry),
    LIST_OPTIONAL("sums", struct tolka_file_kind, sums, &sum_entry),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t kind_entry = MAPPING(struct tolka_file_kind, kind_fields);

static const cyaml_schema_field_t link_fields[] = {
    TEXT("name", struct tolka_file_link, name),
    TEXT("from", struct tolka_file_link, from),
    TEXT("to", struct tolka_file_link, to),
    NUMBER_OPTIONAL("sign", struct tolka_file_link, sign),
    NUMBER_OPTIONAL("year_shift", struct tolka_file_link, year_shift),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t link_entry = MAPPING(struct tolka_file_link, link_fields);

static const cyaml_schema_field_t report_fields[] = {
    TEXT("kind", struct tolka_file_report, kind),
    LIST("evidence", struct tolka_file_report, evidence, &evidence_entry),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t report_entry = MAPPING(struct tolka_file_report, report_fields);

static const cyaml_schema_field_t field_fields[] = {
    TEXT("field", struct tolka_file_field, field),
    TEXT("match", struct tolka_file_field, match),
    TEXT_OPTIONAL("where", struct tolka_file_field, where),
    NUMBER_OPTIONAL("weight", struct tolka_file_field, weight),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t field_entry = MAPPING(struct tolka_file_field, field_fields);

static const cyaml_schema_field_t phrase_fields[] = {
    TEXT("value", struct tolka_file_phrase, value),
    LIST("match", struct tolka_file_phrase, match, &text_entry),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t phrase_entry = MAPPING(struct tolka_file_phrase, phrase_fields);

static const cyaml_schema_field_t file_fields[] = {
    LIST_OPTIONAL("patterns", struct tolka_file_rules, patterns, &pattern_entry),
    LIST_OPTIONAL("columns", struct tolka_file_rules, columns, &column_entry),
    LIST_OPTIONAL("totals", struct tolka_file_rules, totals, &text_entry),
    LIST_OPTIONAL("kinds", struct tolka_file_rules, kinds, &kind_entry),
    LIST_OPTIONAL("links", struct tolka_file_rules, links, &link_entry),
    LIST_OPTIONAL("reports", struct tolka_file_rules, reports, &report_entry),
    LIST_OPTIONAL("fields", struct tolka_file_rules, fields, &field_entry),
    LIST_OPTIONAL("fulfilment", struct tolka_file_rules, fulfilment, &phrase_entry),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t file_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct tolka_file_rules, file_fields),
};

/* What libcyaml logs on its way out of a failure: the first line says what is wrong, a later one has the line
 * number. */
struct load_log {
    char reason[200];
    int line;
};

/* libcyaml gives the line where the mapping begins; the key itself tells more. */
static const char unexpected_key[] = "Unexpected key: ";

static void keep_log(cyaml_log_t level, void *context, const char *format, va_list args)
{
    struct load_log *log = context;
    char text[400];
    const char *at;

    (void)level;
    vsnprintf(text, sizeof(text), format, args);
    at = strstr(text, "line: ");
    if (at && !log->line)
        log->line = atoi(at + strlen("line: "));
    at = strncmp(text, "Load: ", 6) ? text : text + 6;
    if (!log->reason[0] && strncmp(at, "Backtrace", 9))
        snprintf(log->reason, sizeof(log->reason), "%.*s", (int)strcspn(at, "\r\n"), at);
}

static const cyaml_config_t *config_of(struct load_log *log, cyaml_config_t *config)
{
    *config = (cyaml_config_t){
        .log_fn = keep_log,
        .log_ctx = log,
        .mem_fn = cyaml_mem,
        .log_level = CYAML_LOG_ERROR,
        .flags = CYAML_CFG_NO_ALIAS,
    };
    return config;
}

static enum tolka_status read_text(const char *path, struct tolka_rules_file *file, struct tolka_error *err)
{
    FILE *in = fopen(path, "rb");
    enum tolka_status status = TOLKA_OK;

    if (!in)
        return tolka_error_set(err, TOLKA_ERR_IO, "%s: %s", path, strerror(errno));
    file->path = strdup(path);
    file->text = malloc(FILE_BYTES + 2);
    if (!file->path || !file->text) {
        status = tolka_error_set(err, TOLKA_ERR_MEMORY, "%s: out of memory", path);
    } else {
        file->length = fread(file->text, 1, FILE_BYTES + 1, in);
        file->text[file->length] = '\0';
        if (ferror(in))
            status = tolka_error_set(err, TOLKA_ERR_IO, "%s: %s", path, strerror(errno));
        else if (file->length > FILE_BYTES)
            status =
                tolka_error_set(err, TOLKA_ERR_LIMIT, "%s: a rule file may hold %d bytes", path, FILE_BYTES);
    }
    fclose(in);
    return status;
}

static int line_at(const char *text, size_t offset)
{
    int line = 1;

    for (size_t i = 0; i < offset && text[i]; i++)
        line += text[i] == '\n';
    return line;
}

static enum tolka_status check_text(const struct tolka_rules_file *file, struct tolka_error *err)
{
    size_t valid = tolka_utf8_valid_prefix(file->text, file->length);

    if (valid < file->length || memchr(file->text, '\0', file->length))
        return tolka_error_set(err, TOLKA_ERR_FORMAT, "%s:%d: not UTF-8 text", file->path,
                               line_at(file->text, valid));
    return TOLKA_OK;
}

enum tolka_status tolka_rules_file_read(const char *path, struct tolka_rules_file *file,
                                        struct tolka_error *err)
{
    struct load_log log = {0};
    cyaml_config_t config;
    cyaml_err_t code;
    enum tolka_status status = read_text(path, file, err);

    if (!status)
        status = check_text(file, err);
    if (status)
        return status;
    code = cyaml_load_data((const uint8_t *)file->text, file->length, config_of(&log, &config), &file_schema,
                           (cyaml_data_t **)&file->rules, NULL);
    if (code == CYAML_OK && file->rules)
        return TOLKA_OK;
    file->rules = NULL;
    if (code == CYAML_OK)
        return tolka_error_set(err, TOLKA_ERR_FORMAT, "%s:1: the file holds no rules", path);
    if (code == CYAML_ERR_OOM)
        return tolka_error_set(err, TOLKA_ERR_MEMORY, "%s: out of memory", path);
    if (!strncmp(log.reason, unexpected_key, strlen(unexpected_key)))
        log.line = tolka_rules_file_line(file, NULL, log.reason + strlen(unexpected_key));
    return tolka_error_set(err, TOLKA_ERR_FORMAT, "%s:%d: %s", path, log.line > 0 ? log.line : 1,
                           log.reason[0] ? log.reason : cyaml_strerror(code));
}

void tolka_rules_file_release(struct tolka_rules_file *file)
{
    struct load_log log = {0};
    cyaml_config_t config;

    if (file->rules)
        cyaml_free(config_of(&log, &config), &file_schema, file->rules, 0);
    free(file->path);
    free(file->text);
    *file = (struct tolka_rules_file){0};
}

/* Where `value` stands as a whole value: after a colon, a dash, a bracket, a comma or a quote, and before the
 * like of them. */
static const char *find_value(const char *text, const char *value)
{
    size_t length = strlen(value);

    /* NOLINTNEXTLINE(clang-analyzer-core.NonNullParamChecker): a file that was read has a text */
    for (const char *at = text; length && (at = strstr(at, value)); at++)
        if ((at == text || strchr(" \n:[{'\",-", at[-1])) &&
            (!at[length] || strchr(" :]'\",\r\n}", at[length])))
            return at;
    return NULL;
}

int tolka_rules_file_line(const struct tolka_rules_file *file, const char *after, const char *value)
{
    const char *start = after ? find_value(file->text, after) : file->text;
    const char *found = find_value(start ? start : file->text, value);

    return found ? line_at(file->text, (size_t)(found - file->text)) : 0;
}
