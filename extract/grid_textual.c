/* Tables of text alone. */
#include "extract/grid_internal.h"

bool grid_find_textual(struct grid_search *search)
{
    (void)search;
    return true;
}
