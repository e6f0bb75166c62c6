#include "schema/record.h"

void tolka_record_release(struct tolka_record *record)
{
    struct tolka_arena arena = record->arena;

    tolka_arena_release(&arena);
    *record = (struct tolka_record){0};
}

bool tolka_check_fits(const struct tolka_record *record, const struct tolka_check *check)
{
    for (size_t i = 0; i < check->addend_count; i++) {
        const struct tolka_check_addend *at = &check->addends[i];

        if (at->table < 0 || (size_t)at->table >= record->table_count || at->row < 0 || at->column < 0 ||
            at->row >= record->tables[at->table].row_count ||
            at->column >= record->tables[at->table].column_count)
            return false;
    }
    return true;
}

const char *tolka_unit_name(enum tolka_unit unit)
{
    switch (unit) {
    case TOLKA_UNIT_SEK:
        return "SEK";
    case TOLKA_UNIT_KSEK:
        return "kSEK";
    case TOLKA_UNIT_MSEK:
        return "MSEK";
    case TOLKA_UNIT_PERCENT:
        return "percent";
    case TOLKA_UNIT_COUNT:
        return "count";
    case TOLKA_UNIT_NONE:
        break;
    }
    return NULL;
}

const char *tolka_cell_status_name(enum tolka_cell_status status)
{
    switch (status) {
    case TOLKA_CELL_CONFIRMED:
        return "confirmed";
    case TOLKA_CELL_REPAIRED:
        return "repaired";
    case TOLKA_CELL_DOUBTFUL:
        return "doubtful";
    case TOLKA_CELL_CORRECTED:
        return "corrected";
    case TOLKA_CELL_READ:
        break;
    }
    return "read";
}

const char *tolka_verdict_name(enum tolka_verdict verdict)
{
    switch (verdict) {
    case TOLKA_CHECK_MISREAD:
        return "misread";
    case TOLKA_CHECK_MISPRINT:
        return "misprint";
    case TOLKA_CHECK_HOLDS:
        break;
    }
    return "holds";
}
