/*
 * first_look save FILE PAGES: as replay (whose main this is), but with no second look at anything: no sign is
 * told by its shape, and there is no second engine. tests/eval/symbols.py measures by it what second looks do
 * to figures.
 */
#include "extract/engine.h"
#include "extract/signs.h"

#include <string.h>

struct tolka_engine *__real_tolka_engine_new(const char *language);
struct tolka_engine *__wrap_tolka_engine_new(const char *language);
void __wrap_tolka_signs_settle(const struct tolka_picture *picture, struct tolka_page *page);

struct tolka_engine *__wrap_tolka_engine_new(const char *language)
{
    return strcmp(language, "eng") == 0 ? NULL : __real_tolka_engine_new(language);
}

void __wrap_tolka_signs_settle(const struct tolka_picture *picture, struct tolka_page *page)
{
    (void)picture;
    (void)page;
}
