/*
 * One golden file a rule file (tests/golden/rules/NAME.txt): tables as text, the kind that each must get and
 * the item of each line. `== KIND | CAPTION` begins a table, `: a | b` is a line of its heading, `ITEM: a |
 * b` a line, with `-` for one that must not be known. Every table is classified twice: as written, and as a
 * recogniser without Swedish may read it. Run from the project's root.
 */
#include "base/strbuf.h"
#include "base/utf8.h"
#include "schema/rules_fold.h"
#include "tests/support/rule_tables.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { MAX_ROWS = 200, LINE_BYTES = 1000 };

struct golden {
    char kind[100], caption[LINE_BYTES];
    char items[MAX_ROWS][100];
    int row_count, header_rows;
    struct tolka_strbuf text;
};

static struct tolka_rules *rules;

static int load(void **state)
{
    (void)state;
    rules = rule_tables_load();
    return 0;
}

static int unload(void **state)
{
    (void)state;
    tolka_rules_free(rules);
    return 0;
}

/* Marks lost, m read as rn, l as I, and a space lost after a comma: what recognisers do to a label. */
static void damage(const char *text, struct tolka_strbuf *out)
{
    bool struck = false;

    while (*text) {
        uint32_t code;
        char bytes[4];

        text += tolka_utf8_decode(text, strlen(text), &code);
        if (code == 'm' && !struck) {
            tolka_strbuf_add_str(out, "rn");
            struck = true;
        } else {
            tolka_strbuf_add(out, bytes, tolka_utf8_encode(code == 'l' ? 'I' : tolka_fold_char(code), bytes));
        }
        if (code == ',' && *text == ' ')
            text++;
    }
}

/* The cells of a line with only the label damaged: figures are another matter. */
static void add_row(struct golden *golden, const char *cells, bool damaged)
{
    const size_t label = strcspn(cells, "|");
    char copy[LINE_BYTES];

    if (golden->text.length)
        tolka_strbuf_add_char(&golden->text, '\n');
    snprintf(copy, sizeof copy, "%.*s", (int)label, cells);
    if (damaged)
        damage(copy, &golden->text);
    else
        tolka_strbuf_add_str(&golden->text, copy);
    tolka_strbuf_add_str(&golden->text, cells + label);
}

static void take_line(struct golden *golden, const char *line, bool damaged)
{
    const size_t item = strcspn(line, ":");
    const char *cells = line + item + (line[item] == ':');

    assert_true(golden->row_count < MAX_ROWS);
    cells += strspn(cells, " ");
    golden->header_rows += item == 0;
    snprintf(golden->items[golden->row_count++], sizeof golden->items[0], "%.*s", (int)item, line);
    add_row(golden, cells, damaged);
}

/* Cells are parted by " | ", rule_tables_make() wants them bare. */
static char *bare_cells(const char *text)
{
    char *out = calloc(1, strlen(text) + 1), *to = out;

    for (; *text; text++) {
        if (*text == ' ' && (text[1] == '|' || text[1] == '\n' || !text[1] || (to > out && to[-1] == '|')))
            continue;
        *to++ = *text;
    }
    return out;
}

static void check_table(const struct golden *golden, const char *file)
{
    struct tolka_arena arena = {0};
    char *text = bare_cells(tolka_strbuf_text(&golden->text));
    struct tolka_table table =
        rule_tables_make(&arena, *golden->caption ? golden->caption : NULL, golden->header_rows, text);

    tolka_rules_classify(rules, &table, NULL);
    if (strcmp(table.kind, golden->kind) != 0)
        fail_msg("%s: \"%s\": wanted %s, got %s", file, golden->caption, golden->kind, table.kind);
    for (int row = golden->header_rows; row < golden->row_count; row++) {
        const char *item = table.rows[row].item ? table.rows[row].item : "-";

        if (strcmp(item, golden->items[row]) != 0)
            fail_msg("%s: %s: \"%s\": wanted %s, got %s", file, golden->caption,
                     tolka_table_cell(&table, row, 0)->text, golden->items[row], item);
    }
    free(text);
    tolka_arena_release(&arena);
}

static void finish(struct golden *golden, const char *file, int *count)
{
    if (golden->row_count > 0) {
        check_table(golden, file);
        (*count)++;
    }
    tolka_strbuf_release(&golden->text);
    *golden = (struct golden){0};
}

static void start(struct golden *golden, const char *line)
{
    const size_t kind = strcspn(line, " |");

    snprintf(golden->kind, sizeof golden->kind, "%.*s", (int)kind, line);
    line += strcspn(line, "|");
    line += *line == '|';
    snprintf(golden->caption, sizeof golden->caption, "%s", line + strspn(line, " "));
}

static void check_file(const char *file, bool damaged)
{
    static struct golden golden;
    char line[LINE_BYTES];
    FILE *in = fopen(file, "r");
    int count = 0;

    assert_non_null(in);
    while (fgets(line, sizeof line, in)) {
        line[strcspn(line, "\n")] = '\0';
        if (strncmp(line, "==", 2) == 0) {
            finish(&golden, file, &count);
            start(&golden, line + 3);
        } else if (*line && *line != '#') {
            take_line(&golden, line, damaged);
        }
    }
    finish(&golden, file, &count);
    fclose(in);
    assert_true(count >= 2);
}

static void check_all(bool damaged)
{
    DIR *folder = opendir("tests/golden/rules");
    struct dirent *entry;
    int files = 0;

    assert_non_null(folder);
    while ((entry = readdir(folder))) {
        char path[400];

        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "tests/golden/rules/%s", entry->d_name);
        check_file(path, damaged);
        files++;
    }
    closedir(folder);
    assert_true(files >= 14);
}

static void test_classify_golden_tables(void **state)
{
    (void)state;
    check_all(false);
}

static void test_classify_golden_tables_with_damaged_labels(void **state)
{
    (void)state;
    check_all(true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_classify_golden_tables),
        cmocka_unit_test(test_classify_golden_tables_with_damaged_labels),
    };

    return cmocka_run_group_tests_name("rule_files", tests, load, unload);
}
