/*
 * figures FILE [PAGES]: the figures that a report's own arithmetic confirms, and what it says is wrong. Build
 * it with
 *
 *     cc -o figures figures.c $(pkg-config --cflags --libs tolka)
 */
#include <stdio.h>
#include <string.h>
#include <tolka.h>

static void show_row(const struct tolka_report *report, size_t t, const struct tolka_table_info *table, int r)
{
    struct tolka_row_info row;
    struct tolka_cell_info label, cell;

    tolka_report_row(report, t, r, &row, sizeof row);
    tolka_report_cell(report, t, r, 0, &label, sizeof label);
    for (int c = 1; row.item && c < table->column_count; c++) {
        const char *unit;

        tolka_report_cell(report, t, r, c, &cell, sizeof cell);
        unit = tolka_unit_name(cell.unit);
        if (cell.has_value && cell.status == TOLKA_CELL_CONFIRMED)
            printf("%-24s %14.0f %-4s p. %d at %d,%d\n", row.item, cell.value, unit ? unit : "", cell.page,
                   cell.bbox[0], cell.bbox[1]);
    }
}

static void show_failed_check(const struct tolka_report *report, size_t t, size_t at)
{
    struct tolka_check_info check;

    tolka_report_check(report, t, at, &check, sizeof check);
    if (check.verdict != TOLKA_CHECK_HOLDS)
        printf("%s on page %d: %.0f is stated, %.0f would add up: a %s\n", check.rule, check.page,
               check.found, check.expected, tolka_verdict_name(check.verdict));
}

static void show_tables(const struct tolka_report *report)
{
    struct tolka_report_info info;
    struct tolka_table_info table;

    tolka_report_describe(report, &info, sizeof info);
    printf("%s, %s to %s\n", info.organisation ? info.organisation : "an organisation that it does not name",
           info.period_from ? info.period_from : "?", info.period_to ? info.period_to : "?");
    for (size_t t = 0; t < info.table_count; t++) {
        tolka_report_table(report, t, &table, sizeof table);
        for (int r = table.header_rows; r < table.row_count; r++)
            show_row(report, t, &table, r);
        for (size_t at = 0; at < table.check_count; at++)
            show_failed_check(report, t, at);
    }
}

int main(int argc, char **argv)
{
    struct tolka_context *context;
    struct tolka_report *report;
    char message[512];

    if (argc < 2)
        return 2;
    if (tolka_open(NULL, &context, message, sizeof message)) {
        fprintf(stderr, "%s\n", message);
        return 3;
    }
    if (tolka_convert_file(context, argv[1], argv[2], &report)) {
        fprintf(stderr, "%s\n", tolka_message(context));
        tolka_close(context);
        return 3;
    }
    show_tables(report);
    tolka_report_free(report);
    tolka_close(context);
    return 0;
}
