/* How familiar a text is: no context, no repair, only whether its words exist as they stand. */
#include "normalize/repair.h"

#include <string.h>

enum { LEAST_LETTERS = 3 }; /* shorter words exist by chance */

void tolka_normalize_count_known(const struct tolka_model *model, const char *text, size_t *known,
                                 size_t *words)
{
    const size_t length = strlen(text);
    struct tolka_item item = {0};

    for (size_t at = 0; tolka_piece_next(text, length, &at, &item.piece);) {
        if (item.piece.kind != TOLKA_PIECE_WORD || item.piece.size < LEAST_LETTERS)
            continue;
        tolka_repair_lookup(model, &item);
        *known += item.exact || tolka_model_has_form(model, item.piece.raw, item.piece.size);
        *words += 1;
    }
}
