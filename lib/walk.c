/* Walking a report: each call copies what the record holds into the caller's struct, as much of it as the
 * caller knows. */
#include "lib/lib_int.h"

#include <string.h>

/* Fills the caller's struct of `size` bytes from ours; NULL: there is no such thing, and it becomes all zero.
 */
static int fill(void *info, size_t size, const void *ours, size_t our_size)
{
    if (!info)
        return TOLKA_ERR_ARGUMENT;
    memset(info, 0, size);
    if (!ours)
        return TOLKA_ERR_ARGUMENT;
    memcpy(info, ours, size < our_size ? size : our_size);
    return TOLKA_OK;
}

#define FILL(info, size, ours) fill(info, size, &(ours), sizeof(ours))
#define MISSING(info, size) fill(info, size, NULL, 0)

static void copy_box(int to[4], struct tolka_box box)
{
    to[0] = box.x0;
    to[1] = box.y0;
    to[2] = box.x1;
    to[3] = box.y1;
}

static double to_double(struct tolka_decimal decimal)
{
    double value = (double)decimal.mantissa, divisor = 1;

    for (int i = 0; i < decimal.scale; i++)
        divisor *= 10;
    return value / divisor;
}

static const struct tolka_table *table_at(const struct tolka_report *report, size_t at)
{
    return report && at < report->record.table_count ? &report->record.tables[at] : NULL;
}

int tolka_report_describe(const struct tolka_report *report, struct tolka_report_info *info, size_t size)
{
    const struct tolka_record *r = report ? &report->record : NULL;

    if (!r)
        return MISSING(info, size);
    return FILL(info, size,
                ((struct tolka_report_info){.path = r->source.path,
                                            .sha256 = r->source.sha256,
                                            .bytes = r->source.bytes,
                                            .pages_in_file = r->source.pages,
                                            .kind = r->report.kind,
                                            .title = r->report.title,
                                            .organisation = r->report.organisation,
                                            .orgnr = r->report.orgnr,
                                            .dnr = r->report.dnr,
                                            .decided = r->report.decided,
                                            .period_from = r->report.period.from,
                                            .period_to = r->report.period.to,
                                            .page_count = r->page_count,
                                            .section_count = r->section_count,
                                            .table_count = r->table_count,
                                            .goal_count = r->goal_count,
                                            .signature_count = r->signature_count,
                                            .correction_count = r->correction_count,
                                            .problem_count = r->problems.count}));
}

int tolka_report_page(const struct tolka_report *report, size_t at, struct tolka_page_info *info, size_t size)
{
    const struct tolka_page_summary *p;

    if (!report || at >= report->record.page_count)
        return MISSING(info, size);
    p = &report->record.pages[at];
    return FILL(info, size,
                ((struct tolka_page_info){p->page, p->width, p->height, p->dpi, p->origin, p->rotation_deg,
                                          p->skew_deg, p->confidence, p->text}));
}

int tolka_report_section(const struct tolka_report *report, size_t at, struct tolka_section_info *info,
                         size_t size)
{
    const struct tolka_section *s;

    if (!report || at >= report->record.section_count)
        return MISSING(info, size);
    s = &report->record.sections[at];
    return FILL(info, size, ((struct tolka_section_info){s->level, s->number, s->title, s->page}));
}

int tolka_report_table(const struct tolka_report *report, size_t at, struct tolka_table_info *info,
                       size_t size)
{
    const struct tolka_table *t = table_at(report, at);
    struct tolka_table_info ours;

    if (!t)
        return MISSING(info, size);
    ours = (struct tolka_table_info){.id = t->id,
                                     .kind = t->kind,
                                     .caption = t->caption,
                                     .unit = t->unit,
                                     .page = t->page_count ? t->pages[0] : 0,
                                     .last_page = t->page_count ? t->pages[t->page_count - 1] : 0,
                                     .header_rows = t->header_rows,
                                     .row_count = t->row_count,
                                     .column_count = t->column_count,
                                     .check_count = t->check_count};
    copy_box(ours.bbox, t->box);
    return FILL(info, size, ours);
}

int tolka_report_column(const struct tolka_report *report, size_t table, int column,
                        struct tolka_column_info *info, size_t size)
{
    const struct tolka_table *t = table_at(report, table);
    const struct tolka_column *c;

    if (!t || column < 0 || column >= t->column_count)
        return MISSING(info, size);
    c = &t->columns[column];
    return FILL(info, size, ((struct tolka_column_info){c->label, c->period.from, c->period.to, c->unit}));
}

int tolka_report_row(const struct tolka_report *report, size_t table, int row, struct tolka_row_info *info,
                     size_t size)
{
    const struct tolka_table *t = table_at(report, table);

    if (!t || row < 0 || row >= t->row_count)
        return MISSING(info, size);
    return FILL(info, size,
                ((struct tolka_row_info){t->rows[row].item, t->rows[row].is_total, t->rows[row].is_group}));
}

int tolka_report_cell(const struct tolka_report *report, size_t table, int row, int column,
                      struct tolka_cell_info *info, size_t size)
{
    const struct tolka_table *t = table_at(report, table);
    const struct tolka_cell *c;
    struct tolka_cell_info ours;

    if (!t || row < 0 || row >= t->row_count || column < 0 || column >= t->column_count)
        return MISSING(info, size);
    c = tolka_table_cell(t, row, column);
    ours = (struct tolka_cell_info){.text = c->text,
                                    .raw = c->raw,
                                    .has_value = c->has_value,
                                    .unit = c->unit,
                                    .page = c->page,
                                    .confidence = c->confidence,
                                    .status = c->status};
    if (c->has_value) {
        ours.value = to_double(c->value);
        ours.mantissa = c->value.mantissa;
        ours.scale = c->value.scale;
    }
    copy_box(ours.bbox, c->box);
    return FILL(info, size, ours);
}

static const struct tolka_check *check_at(const struct tolka_report *report, size_t table, size_t at)
{
    const struct tolka_table *t = table_at(report, table);

    return t && at < t->check_count ? &t->checks[at] : NULL;
}

int tolka_report_check(const struct tolka_report *report, size_t table, size_t at,
                       struct tolka_check_info *info, size_t size)
{
    const struct tolka_check *c = check_at(report, table, at);

    if (!c)
        return MISSING(info, size);
    return FILL(info, size,
                ((struct tolka_check_info){c->rule, c->page, c->cell_count, to_double(c->expected),
                                           to_double(c->found), to_double(c->off), c->verdict}));
}

int tolka_report_check_cell(const struct tolka_report *report, size_t table, size_t check, size_t at,
                            int *row, int *column)
{
    const struct tolka_check *c = check_at(report, table, check);

    if (!c || at >= c->cell_count || !row || !column)
        return TOLKA_ERR_ARGUMENT;
    *row = c->cells[at].row;
    *column = c->cells[at].column;
    return TOLKA_OK;
}

int tolka_report_goal(const struct tolka_report *report, size_t at, struct tolka_goal_info *info, size_t size)
{
    const struct tolka_goal *g;

    if (!report || at >= report->record.goal_count)
        return MISSING(info, size);
    g = &report->record.goals[at];
    return FILL(
        info, size,
        ((struct tolka_goal_info){g->goal, g->activity, g->assessment, g->fulfilment, g->page, g->table}));
}

int tolka_report_signature(const struct tolka_report *report, size_t at, struct tolka_signature_info *info,
                           size_t size)
{
    const struct tolka_signature *s;

    if (!report || at >= report->record.signature_count)
        return MISSING(info, size);
    s = &report->record.signatures[at];
    return FILL(info, size, ((struct tolka_signature_info){s->name, s->role, s->place, s->page}));
}

int tolka_report_correction(const struct tolka_report *report, size_t at, struct tolka_correction_info *info,
                            size_t size)
{
    const struct tolka_correction *c;
    struct tolka_correction_info ours;

    if (!report || at >= report->record.correction_count)
        return MISSING(info, size);
    c = &report->record.corrections[at];
    ours = (struct tolka_correction_info){
        .page = c->page, .from = c->from, .to = c->to, .confidence = c->confidence, .reason = c->reason};
    copy_box(ours.bbox, c->box);
    return FILL(info, size, ours);
}

int tolka_report_problem(const struct tolka_report *report, size_t at, struct tolka_problem_info *info,
                         size_t size)
{
    const struct tolka_diag *p;

    if (!report || at >= report->record.problems.count)
        return MISSING(info, size);
    p = &report->record.problems.items[at];
    return FILL(info, size, ((struct tolka_problem_info){p->page, p->code, p->message}));
}
