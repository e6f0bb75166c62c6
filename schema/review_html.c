/* The reading side of a review page. Every text of the report passes through tolka_review_add_text(). */
#include "schema/review_int.h"

#include "base/utf8.h"
#include "schema/xml.h"

#include <string.h>

/* Marks of direction, and characters that show nothing. */
static bool is_sly(uint32_t code)
{
    return (code < 0x20 && code != '\n' && code != '\t') || (code >= 0x7F && code < 0xA0) || code == 0xAD ||
           code == 0x061C || (code >= 0x200B && code <= 0x200F) || (code >= 0x2028 && code <= 0x202E) ||
           (code >= 0x2060 && code <= 0x206F) || code == 0xFEFF || (code >= 0xE0000 && code <= 0xE0FFF);
}

bool tolka_review_is_changed(const char *text)
{
    const size_t length = text ? strlen(text) : 0;

    for (size_t at = 0; at < length;) {
        uint32_t code;

        at += tolka_utf8_decode(text + at, length - at, &code);
        if (is_sly(code) || code == '\r')
            return true;
    }
    return false;
}

void tolka_review_add_text(struct tolka_strbuf *out, const char *text)
{
    const size_t length = text ? strlen(text) : 0;
    struct tolka_strbuf plain = {0};

    if (!tolka_review_is_changed(text)) {
        tolka_xml_text(out, text);
        return;
    }
    for (size_t at = 0; at < length;) {
        char bytes[4];
        uint32_t code;

        at += tolka_utf8_decode(text + at, length - at, &code);
        tolka_strbuf_add(&plain, bytes,
                         tolka_utf8_encode(is_sly(code) || code == '\r' ? 0xFFFD : code, bytes));
    }
    tolka_xml_text(out, tolka_strbuf_text(&plain));
    out->failed = out->failed || plain.failed;
    tolka_strbuf_release(&plain);
}

/* The checked cell of a check that says that the report itself is wrong. */
static bool is_misprint(const struct tolka_table *table, int row, int column)
{
    for (size_t i = 0; i < table->check_count; i++) {
        const struct tolka_check *check = &table->checks[i];

        if (check->verdict == TOLKA_CHECK_MISPRINT && check->cell_count && check->cells[0].row == row &&
            check->cells[0].column == column)
            return true;
    }
    return false;
}

static const char *look_of(const struct tolka_table *table, int row, int column)
{
    const struct tolka_cell *cell = tolka_table_cell(table, row, column);

    if (cell->status != TOLKA_CELL_CORRECTED && is_misprint(table, row, column))
        return "misprint";
    return tolka_cell_status_name(cell->status);
}

/* Headings of figures stand over them. */
static bool is_figure(const struct tolka_table *table, int row, int column)
{
    if (row >= table->header_rows)
        return tolka_table_cell(table, row, column)->has_value;
    for (int r = table->header_rows; column > 0 && r < table->row_count; r++) {
        if (tolka_table_cell(table, r, column)->has_value)
            return true;
    }
    return false;
}

static void add_cell(struct tolka_strbuf *out, const struct tolka_table *table, size_t number, int row,
                     int column)
{
    const struct tolka_cell *cell = tolka_table_cell(table, row, column);
    const char *look = look_of(table, row, column);
    const char *tag = row < table->header_rows || (column == 0 && *cell->text) ? "th" : "td";
    const bool figure = is_figure(table, row, column), shown = strcmp(look, "read") != 0;

    tolka_strbuf_addf(out, "<%s id=\"c%zu-%d-%d\" tabindex=\"-1\"", tag, number, row, column);
    if (row < table->header_rows)
        tolka_strbuf_add_str(out, " scope=\"col\"");
    else if (tag[1] == 'h')
        tolka_strbuf_add_str(out, " scope=\"row\"");
    if (figure || shown)
        tolka_strbuf_addf(out, " class=\"%s%s%s\"", figure ? "n" : "", figure && shown ? " " : "",
                          shown ? look : "");
    tolka_strbuf_add_char(out, '>');
    tolka_review_add_text(out, cell->text);
    tolka_strbuf_addf(out, "</%s>", tag);
}

static void add_row(struct tolka_strbuf *out, const struct tolka_table *table, size_t number, int row)
{
    tolka_strbuf_addf(out, "<tr%s>",
                      table->rows[row].is_total   ? " class=\"total\""
                      : table->rows[row].is_group ? " class=\"group\""
                                                  : "");
    for (int c = 0; c < table->column_count; c++)
        add_cell(out, table, number, row, c);
    tolka_strbuf_add_str(out, "</tr>\n");
}

static void add_table(struct tolka_strbuf *out, const struct tolka_table *table, size_t number)
{
    tolka_strbuf_addf(out, "<section class=\"table\"><h3 id=\"h%zu\"><span data-w=\"kind_", number);
    tolka_review_add_text(out, table->kind);
    tolka_strbuf_add_str(out, "\">");
    tolka_review_add_text(out, table->kind);
    tolka_strbuf_add_str(out, "</span> <small>");
    if (table->caption)
        tolka_review_add_text(out, table->caption);
    tolka_strbuf_addf(
        out,
        "</small></h3>\n<div class=\"wide\"><table id=\"t%zu\" role=\"grid\" aria-labelledby=\"h%zu\">\n",
        number, number);
    if (table->header_rows > 0)
        tolka_strbuf_add_str(out, "<thead>\n");
    for (int r = 0; r < table->row_count; r++) {
        if (r == table->header_rows)
            tolka_strbuf_add_str(out, r ? "</thead>\n<tbody>\n" : "<tbody>\n");
        add_row(out, table, number, r);
    }
    tolka_strbuf_add_str(out, table->header_rows < table->row_count ? "</tbody>" : "</thead>");
    tolka_strbuf_addf(out, "</table></div>\n<div class=\"checks\" id=\"k%zu\"></div></section>\n", number);
}

/* The repaired words of a page, a place each; the script fills them from the data. */
static size_t count_words(const struct tolka_record *record, int page)
{
    size_t count = 0;

    for (size_t i = 0; i < record->correction_count; i++)
        count += record->corrections[i].page == page;
    return count;
}

static void add_page(struct tolka_strbuf *out, const struct tolka_record *record,
                     const struct tolka_page_summary *page)
{
    tolka_strbuf_addf(out,
                      "<section class=\"page\" id=\"p%d\" aria-labelledby=\"q%d\"><h2 id=\"q%d\"><span "
                      "data-w=\"page\">Sida</span> %d</h2>\n",
                      page->page, page->page, page->page, page->page);
    for (size_t t = 0; t < record->table_count; t++) {
        const struct tolka_table *table = &record->tables[t];

        if (table->page_count && table->pages[0] == page->page)
            add_table(out, table, t);
    }
    if (count_words(record, page->page))
        tolka_strbuf_addf(out, "<div class=\"words\" id=\"w%d\"></div>\n", page->page);
    tolka_strbuf_addf(out,
                      "<details><summary data-w=\"page_text\">Sidans text</summary><div class=\"text\" "
                      "role=\"group\" data-wl=\"page_text\" id=\"x%d\">",
                      page->page);
    tolka_review_add_text(out, page->text);
    tolka_strbuf_add_str(out, "</div></details></section>\n");
}

/* True when a page of the record begins with this table: a page that could not be read may have been its
 * first. */
static bool has_page(const struct tolka_record *record, const struct tolka_table *table)
{
    for (size_t i = 0; table->page_count && i < record->page_count; i++) {
        if (record->pages[i].page == table->pages[0])
            return true;
    }
    return false;
}

void tolka_review_add_reading(const struct tolka_record *record, struct tolka_strbuf *out)
{
    for (size_t i = 0; i < record->page_count; i++)
        add_page(out, record, &record->pages[i]);
    for (size_t t = 0; t < record->table_count; t++) {
        if (!has_page(record, &record->tables[t]))
            add_table(out, &record->tables[t], t);
    }
}
