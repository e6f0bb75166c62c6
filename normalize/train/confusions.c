/*
 * Reads the table of misreadings: tab-separated lines `truth raw count`, '#' begins a comment. A misreading
 * of a marked letter is of the kind MARK, any other GENERAL; the scores are log shares within the kind.
 * tests/eval/count_confusions.py makes the table.
 */
#include "normalize/train/build.h"

#include "base/utf8.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_CONFUSIONS = 4096 };

struct row {
    struct tolka_confusion confusion;
    double count;
};

/* Latin-1, lower case; 0 when it is empty, too long or has other characters. */
static uint8_t to_latin(const char *text, size_t length, uint8_t *out)
{
    uint8_t used = 0;

    for (size_t at = 0; at < length;) {
        uint32_t code;

        at += tolka_utf8_decode(text + at, length - at, &code);
        if (code > 0xff || used == TOLKA_CONFUSION_MAX)
            return 0;
        out[used++] = tolka_latin_lower[code];
    }
    return used;
}

static bool parse_row(const char *line, struct row *row)
{
    const char *tab = strchr(line, '\t'), *second = tab ? strchr(tab + 1, '\t') : NULL;
    struct tolka_confusion *c = &row->confusion;

    memset(row, 0, sizeof *row);
    if (!tab || !second)
        return false;
    c->truth_length = to_latin(line, (size_t)(tab - line), c->truth);
    c->raw_length = to_latin(tab + 1, (size_t)(second - tab - 1), c->raw);
    row->count = strtod(second + 1, NULL);
    c->kind = TOLKA_DAMAGE_GENERAL;
    for (uint8_t i = 0; i < c->truth_length; i++)
        if (tolka_latin_is_marked(c->truth[i]))
            c->kind = TOLKA_DAMAGE_MARK;
    return c->truth_length && c->raw_length && row->count > 0;
}

static int compare_rows(const void *left, const void *right)
{
    const struct tolka_confusion *a = &((const struct row *)left)->confusion,
                                 *b = &((const struct row *)right)->confusion;
    int order = memcmp(a->raw, b->raw, sizeof a->raw);

    if (!order)
        order = a->raw_length - b->raw_length;
    return order ? order : memcmp(a->truth, b->truth, sizeof a->truth);
}

static enum tolka_status read_rows(const char *path, struct row *rows, size_t *count, struct tolka_error *err)
{
    FILE *file = fopen(path, "re");
    char *line = NULL;
    size_t room = 0, number = 0;
    enum tolka_status status = TOLKA_OK;

    if (!file)
        return tolka_error_set(err, TOLKA_ERR_IO, "%s: %s", path, strerror(errno));
    while (status == TOLKA_OK && getline(&line, &room, file) >= 0) {
        number++;
        if (line[0] == '#' || line[0] == '\n')
            continue;
        if (!parse_row(line, &rows[*count]))
            status =
                tolka_error_set(err, TOLKA_ERR_FORMAT, "%s:%zu: not `truth TAB raw TAB count`", path, number);
        else if (++*count == MAX_CONFUSIONS)
            status =
                tolka_error_set(err, TOLKA_ERR_LIMIT, "%s: more than %d misreadings", path, MAX_CONFUSIONS);
    }
    free(line);
    fclose(file);
    return status;
}

enum tolka_status tolka_build_confusions(struct tolka_build *build, const char *path, struct tolka_error *err)
{
    struct row *rows = calloc(MAX_CONFUSIONS, sizeof *rows);
    struct tolka_confusion *out = calloc(MAX_CONFUSIONS, sizeof *out);
    size_t count = 0;
    double sums[TOLKA_DAMAGE_KINDS] = {0};
    enum tolka_status status =
        rows && out ? TOLKA_OK : tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory");

    if (status == TOLKA_OK && path)
        status = read_rows(path, rows, &count, err);
    if (status != TOLKA_OK) {
        free(out);
        goto done;
    }
    qsort(rows, count, sizeof *rows, compare_rows);
    for (size_t i = 0; i < count; i++)
        sums[rows[i].confusion.kind] += rows[i].count;
    for (size_t i = 0; i < count; i++) {
        out[i] = rows[i].confusion;
        out[i].score = tolka_quantise(log(rows[i].count / sums[out[i].kind]));
    }
    build->sections[TOLKA_SECTION_CONFUSIONS] = (struct tolka_section_data){out, count * sizeof *out};
done:
    free(rows);
    return status;
}
